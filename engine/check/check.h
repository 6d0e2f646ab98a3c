/* Names, types and hints: from trees to the checked model. */
#ifndef SLU_CHECK_CHECK_H
#define SLU_CHECK_CHECK_H

#include "engine/check/model.h"
#include "engine/include/sluice/sluice.h"
#include "engine/text/diagnostics.h"

/* Checks the trees together, in order (the standard ones first). Mistakes
 * become diagnostics; the model is whole only when there are no errors.
 * `advise`: warnings and hints are found as well. `read_zone` gives the TZif bytes of a time zone; see sluice.h. */
enum sluice_status slu_check(const struct slu_tree *trees, uint32_t tree_count, struct slu_sources *sources,
                             const struct sluice_host *host, bool advise, struct slu_arena *arena,
                             struct slu_diagnostics *diagnostics, struct slu_model *model);

#endif
