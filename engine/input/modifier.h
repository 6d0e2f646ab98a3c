/* What may stand after a path: `as plain text`, `is "open"`, `is one of [...]`, `is known`. */
#ifndef SLU_INPUT_MODIFIER_H
#define SLU_INPUT_MODIFIER_H

#include "engine/input/path.h"

/* `node` (NULL: missing) with the modifier applied. `is known` always gives a
 * flag; `is` gives one where there is something to compare: an array fulfils
 * it when one of its elements does. */
const struct slu_json *slu_modifier_apply(struct slu_reading *reading, const struct slu_modifier *modifier,
                                          const struct slu_json *node);
/* A text node on the arena that borrows the bytes; NULL when out of memory. */
const struct slu_json *slu_reading_text(struct slu_reading *reading, struct slu_string text);

#endif
