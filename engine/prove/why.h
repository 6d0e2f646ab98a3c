/* Why a rule did not win an event: the smallest change that would make it. */
#ifndef SLU_PROVE_WHY_H
#define SLU_PROVE_WHY_H

#include "engine/prove/witness.h"

enum slu_why_verdict {
    SLU_WHY_CHANGE, /* the changes make it win: the engine has confirmed it */
    SLU_WHY_NEVER,  /* proved: no event makes it win */
    SLU_WHY_UNDECIDED
};

enum slu_why_kind { SLU_WHY_KIND, SLU_WHY_FIELD, SLU_WHY_ALLOWANCE };
struct slu_why_change {
    enum slu_why_kind kind;
    struct slu_string name; /* KIND: the event's new kind; FIELD: its name; ALLOWANCE: the rule's title */
    const struct slu_field *field;
    const struct slu_witness_value *before, *after; /* FIELD; NULL: missing */
};

struct slu_prove_why {
    enum slu_why_verdict verdict;
    struct slu_why_change *changes;
    uint32_t change_count, change_capacity;
    struct slu_string event; /* the changed event, JSON in the product's own shape; state and look-ups left out */
    bool fewest;             /* proved: fewer changes do not do */
    bool at_this_time;       /* the clock is compared, and taken as it is */
    const char *reason;      /* UNDECIDED: why */
};

/* `event` did not make the rule win; it is borrowed, as the program, by what
 * *why holds on the arena. SLUICE_OK or SLUICE_NO_MEMORY. */
enum sluice_status slu_prove_why(const struct sluice_program *program, const struct slu_witness *event, uint32_t rule,
                                 const struct slu_prove_options *options, struct slu_arena *arena,
                                 struct slu_prove_why *why);

#endif
