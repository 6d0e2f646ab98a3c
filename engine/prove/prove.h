/* Proofs about rules: what can and cannot happen, before any event arrives.
 *
 * Three verdicts: proved, shown by an event (replayed through the engine before
 * it is reported), undecided. Documented in docs/proofs.md. */
#ifndef SLU_PROVE_PROVE_H
#define SLU_PROVE_PROVE_H

#include "engine/code/program.h"
#include "engine/include/sluice/sluice.h"
#include "engine/text/diagnostics.h"

#include <stdbool.h>

struct slu_prove_options {
    /* Is the time over? NULL: there is no bound. Then what is left is undecided. */
    bool (*expired)(void *context);
    void *context;
    bool all_gaps;             /* also for rulesets that do not claim to be complete */
    struct slu_string explain; /* the title of a rule to explain, or empty */
};

/* Adds what can be proved or shown about the program to the diagnostics, which
 * are the compile's. SLUICE_OK or SLUICE_NO_MEMORY. */
enum sluice_status slu_prove_lint(const struct sluice_program *program, const struct slu_prove_options *options,
                                  struct slu_diagnostics *diagnostics);

#endif
