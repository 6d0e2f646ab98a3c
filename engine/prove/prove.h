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

/* An event that two programs decide differently. */
struct slu_prove_change {
    struct slu_string event;                      /* JSON, in the product's own shape */
    struct slu_string facts;                      /* state and look-ups it takes, for people; empty: none */
    struct slu_string ruleset;                    /* title */
    const struct sluice_decision *before, *after; /* NULL: there is no such ruleset for this event */
};

enum slu_difference {
    SLU_DIFFERENCE_NONE,  /* proved: every event is decided the same */
    SLU_DIFFERENCE_SHOWN, /* by the changes */
    SLU_DIFFERENCE_UNDECIDED
};

/* Rules by what became of them; one that is there on both sides goes by its title. */
struct slu_touched {
    uint32_t changed; /* other conditions, allowances or actions */
    uint32_t added, removed;
    uint32_t moved; /* to another place in its ruleset, the same otherwise */
};

struct slu_prove_diff {
    /* Called for each kind of change; what it is given is borrowed for the call. */
    void (*change)(void *context, const struct slu_prove_change *change);
    /* Called before the first event is decided: what the programs still lack for that is made there
     * (slu_compile_rest). False when out of memory. NULL: they lack nothing. */
    bool (*prepare)(void *context);
    void *context;
    enum slu_difference difference;
    uint32_t change_count;
    bool more; /* there may be further kinds of change */
    struct slu_touched touched;
    const char *reason; /* UNDECIDED: why */
};

/* Compares what two programs do with every event: the actions, not which rule
 * asks for them. SLUICE_OK or SLUICE_NO_MEMORY. */
enum sluice_status slu_prove_compare(const struct sluice_program *before, const struct sluice_program *after,
                                     const struct slu_prove_options *options, struct slu_prove_diff *diff);

#endif
