/* The quick JSON reader held against the one that explains. */
#ifndef SLU_TESTS_QUICK_ORACLE_H
#define SLU_TESTS_QUICK_ORACLE_H

#include "engine/base/string.h"

/* What is wanted of a document. */
enum quick_oracle_way { QUICK_ALL, QUICK_SOME, QUICK_OTHERS, QUICK_NOTHING, QUICK_WAYS };

/* NULL when both accept the text and read the same from it, or both refuse it;
 * else what differs. With every kernel that this processor runs; documents
 * remembered and not. */
const char *quick_oracle_difference(struct slu_string text, enum quick_oracle_way way);
/* Forgets the documents before, of which only so many are remembered. */
void quick_oracle_forget(void);

#endif
