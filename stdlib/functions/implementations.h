/* The implementations that functions.def names, one prototype each. */
#ifndef SLU_STDLIB_IMPLEMENTATIONS_H
#define SLU_STDLIB_IMPLEMENTATIONS_H

#include "engine/base/value.h"

#define FUNCTION(name, word, result, parameters, implementation, description, example, gives)                          \
    struct slu_value implementation(const struct slu_value *arguments, double clock, struct slu_arena *arena,          \
                                    bool *failed);
#include "stdlib/functions.def"
#undef FUNCTION

#endif
