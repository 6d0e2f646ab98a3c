/* One question to the solver: formulas that must all hold. */
#ifndef SLU_PROVE_INSTANCE_H
#define SLU_PROVE_INSTANCE_H

#include "engine/prove/prover.h"
#include "engine/prove/sat.h"

enum slu_verdict {
    SLU_VERDICT_YES, /* there may be such an event: `truth` describes it */
    SLU_VERDICT_NO,  /* proved: there is none */
    SLU_VERDICT_UNDECIDED
};

/* A formula that must hold, while it is `active`. */
struct slu_root {
    slu_formula formula;
    int32_t selector; /* the variable that switches it on; 0: always */
    bool active;
    bool needed;  /* after NO: a part of why not */
    uint32_t tag; /* the caller's */
};

/* The constants of which a text equals at most one. */
struct slu_exclusion {
    uint32_t subject;
    enum slu_atom_kind kind;
    int32_t any;
};

/* The cuts of a subject that the instance has, in ascending order. */
struct slu_cuts {
    uint32_t subject;
    uint32_t *atoms;
    uint32_t count, capacity;
};

struct slu_found_text {
    uint32_t subject;
    struct slu_string text;
};

struct slu_instance {
    struct slu_prover *prover;
    const struct slu_sat_solver *sat;
    void *solver;
    struct slu_arena arena; /* what the question needs; reset by the next */
    int32_t *variables;     /* per node: its variable in generation `stamps[node]` */
    uint32_t *stamps;
    uint32_t node_capacity;
    uint32_t generation;
    int32_t variable_count;
    uint32_t *atoms; /* those in it */
    uint32_t atom_count, atom_capacity;
    struct slu_exclusion *exclusions;
    uint32_t exclusion_count, exclusion_capacity;
    struct slu_cuts *cuts;
    uint32_t cuts_count, cuts_capacity;
    struct slu_root *roots;
    uint32_t root_count, root_capacity;
    /* After YES: what is needed of the event, per atom: 1 true, -1 false, 0
     * does not matter. Any event like that makes every active root hold. */
    int8_t *truth;
    uint32_t truth_count;
    uint32_t *needed_atoms;
    uint32_t needed_count, needed_capacity;
    struct slu_found_text *texts;
    uint32_t text_count, text_capacity;
    const char *reason; /* UNDECIDED: why */
    bool failed;
};

void slu_instance_init(struct slu_instance *instance, struct slu_prover *prover);
void slu_instance_free(struct slu_instance *instance);
/* Begins the next question. */
void slu_instance_reset(struct slu_instance *instance);
/* Adds a root. Returns its index. */
uint32_t slu_instance_require(struct slu_instance *instance, slu_formula formula, bool optional, uint32_t tag);
enum slu_verdict slu_instance_solve(struct slu_instance *instance);
/* After NO: switches off optional roots that are not needed, one by one, until
 * every one left is. */
void slu_instance_minimize(struct slu_instance *instance);
/* Adds a clause over atoms (see slu_lemma) to this question only. */
void slu_instance_clause(struct slu_instance *instance, const int32_t *literals, uint32_t count);
/* What the formula is on every event like the one found: 1, -1, or 0 unknown. */
int slu_instance_value(const struct slu_instance *instance, slu_formula formula);
struct slu_string slu_instance_text(const struct slu_instance *instance, uint32_t subject, bool *is_there);

/* ---- justify.c ---- */

/* Fills `truth` from the solver's model: as little as makes the roots hold. */
bool slu_instance_justify(struct slu_instance *instance);

/* ---- theory.c ---- */

enum slu_theory_answer { SLU_THEORY_FINE, SLU_THEORY_CONFLICT, SLU_THEORY_GAVE_UP, SLU_THEORY_NO_MEMORY };
/* Are there texts and lists as `truth` wants them? CONFLICT: a lemma was learned. */
enum slu_theory_answer slu_instance_theory(struct slu_instance *instance);
/* A spelling of `written` that is none of the atoms' texts; false: there is none. */
bool slu_theory_spell(struct slu_prover *prover, struct slu_arena *arena, struct slu_string written,
                      const uint32_t *excluded, uint32_t excluded_count, struct slu_string *spelling);

#endif
