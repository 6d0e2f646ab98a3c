/* Whether two programs say something in the same words. Then it means the same. */
#ifndef SLU_PROVE_WORDING_H
#define SLU_PROVE_WORDING_H

#include "engine/check/model.h"

#include <stdbool.h>

/* The text that the rule is written with, from its title to its last action. Borrowed from the sources. */
struct slu_string slu_wording_of_rule(const struct slu_model *model, uint32_t rule);

/* *same: all but the rules is written alike, up to empty lines, indents and
 * whole lines of comment. False when out of memory. */
bool slu_wording_same(const struct slu_model *before, const struct slu_model *after, bool *same);

#endif
