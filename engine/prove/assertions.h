/* What the parts of the proofs about assertions share; nothing else includes it. */
#ifndef SLU_PROVE_ASSERTIONS_H
#define SLU_PROVE_ASSERTIONS_H

#include "engine/prove/lint.h"
#include "engine/prove/sequence.h"

/* Events at most in a sequence that is looked for (rates: as many as it takes, if more). */
enum { SLU_SEQUENCE_EVENTS = 4, SLU_POOL_EVENTS = 12, SLU_SHOWN_EVENTS = 32 };

/* An event of the pool, with the rule that it was made for, or SLU_NO_INDEX. */
struct slu_pool_event {
    struct slu_witness witness; /* kept */
    uint32_t rule;
    bool breaks; /* made so that it might break the assertion, not to lead there */
};

struct slu_shown_event {
    struct slu_string event, facts; /* on the prover's arena */
};

/* One assertion, and what is known of it. */
struct slu_assertion_proof {
    struct slu_prove_lint *lint;
    struct slu_sequence *sequence;
    uint32_t number;
    const struct slu_bound_assertion *assertion;
    slu_formula condition;
    bool is_doubted;
    struct slu_string reason; /* why it is not decided */
    uint32_t reason_rule;     /* which that is about, or SLU_NO_INDEX */
    /* Events that may take part in a sequence. */
    struct slu_pool_event pool[SLU_POOL_EVENTS];
    uint32_t pool_count;
    uint8_t *in_pool; /* per rule */
    /* The sequence that breaks it. */
    struct slu_shown_event shown[SLU_SHOWN_EVENTS];
    uint32_t shown_count;
    bool broken;
};

/* ---- assert_asks.c: which rules may ask for what a `never` is about ---- */

struct slu_rule_asks {
    slu_formula unblocked; /* when some of it is not blocked */
    uint32_t times;        /* how often the rule asks when it wins */
    bool repeated;         /* `each`: as often as a list has elements */
    bool indirect;         /* by undoing, or by making room in a group */
};
/* False: the rule never does. */
bool slu_assertion_asks(struct slu_assertion_proof *proof, uint32_t rule, struct slu_rule_asks *asks);
/* That nothing has happened yet: states are as declared, nothing is used up. */
slu_formula slu_assertion_fresh(struct slu_assertion_proof *proof);
/* Is there an event on which the rule wins and the formula holds? YES: it is the
 * query's witness. `fresh`: from nothing on. */
enum slu_verdict slu_assertion_reach(struct slu_assertion_proof *proof, uint32_t rule, slu_formula formula, bool fresh,
                                     const char **reason);

/* ---- assert_search.c: sequences of events ---- */

void slu_search_clear(struct slu_assertion_proof *proof);
/* Puts the query's witness into the pool, where there is room. */
void slu_search_add(struct slu_assertion_proof *proof, uint32_t rule, bool breaks);
/* Adds events that lead to what those of the pool need: states, allowances used up, decisions to undo. */
void slu_search_add_causes(struct slu_assertion_proof *proof);
/* Adds the same events about others, where allowances count by what the assertion does not. */
void slu_search_add_others(struct slu_assertion_proof *proof);
/* Looks for a sequence of the pool's events, at most so many, that breaks the
 * assertion; sets `broken` and `shown`. */
void slu_search_run(struct slu_assertion_proof *proof, uint32_t events);
/* The same, for what is asked for too often: each time the event that asks most, later where none does. */
void slu_search_run_rate(struct slu_assertion_proof *proof);

/* ---- the kinds of assertion: each sets `broken`, or doubts; else it is proved ---- */

void slu_assertion_never(struct slu_assertion_proof *proof);      /* assert_asks.c */
void slu_assertion_at_most(struct slu_assertion_proof *proof);    /* assert_rate.c */
void slu_assertion_always_one(struct slu_assertion_proof *proof); /* assert_group.c */

/* The reason for what is not decided: the first that is said counts. NULL: an
 * event of the pool would break it, and no sequence was found that leads there. */
void slu_assertion_doubt(struct slu_assertion_proof *proof, const char *reason, uint32_t rule);

#endif
