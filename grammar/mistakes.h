/* What the parser says about a token that does not fit. */
#ifndef SLU_GRAMMAR_MISTAKES_H
#define SLU_GRAMMAR_MISTAKES_H

#include "grammar/build.h"

/* Reports `current`, with everything that is allowed in its place by the names
 * of rules.y. Says nothing when the mistake follows from an earlier one. */
void slu_report_expected(struct slu_builder *builder, const char *const *expected, size_t count);

#endif
