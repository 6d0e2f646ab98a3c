/* The limits of limits.def as constants SLU_LIMIT_<NAME>. */
#ifndef SLU_BASE_LIMITS_H
#define SLU_BASE_LIMITS_H

enum {
#define LIMIT(name, value, meaning) SLU_LIMIT_##name = value,
#include "engine/base/limits.def"
#undef LIMIT
};

#endif
