/* Our JSON reader held against jansson. */
#ifndef SLU_TESTS_JSON_ORACLE_H
#define SLU_TESTS_JSON_ORACLE_H

#include "engine/base/string.h"

/* NULL when both accept the text and read the same from it, or both refuse
 * it; else what differs. Our limits, and keys with NUL, which jansson does
 * not read, are no difference, nor NUL bytes outside of strings, which it loses. */
const char *json_oracle_difference(struct slu_string text);

#endif
