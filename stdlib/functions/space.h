/* White space as Unicode has it (the property White_Space). */
#ifndef SLU_STDLIB_SPACE_H
#define SLU_STDLIB_SPACE_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

bool slu_is_space(uint32_t code_point);
/* The part of it without white space at its ends; borrowed. */
struct slu_string slu_trimmed(struct slu_string text);

#endif
