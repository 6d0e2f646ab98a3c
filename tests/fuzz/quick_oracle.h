/* The quick JSON reader held against the one that explains. */
#ifndef SLU_TESTS_QUICK_ORACLE_H
#define SLU_TESTS_QUICK_ORACLE_H

#include "engine/base/string.h"

/* NULL when both accept the text and read the same from it, or both refuse it;
 * else what differs. With every kernel that this processor runs; everything
 * wanted, parts of it, nothing; documents remembered and not. */
const char *quick_oracle_difference(struct slu_string text);

#endif
