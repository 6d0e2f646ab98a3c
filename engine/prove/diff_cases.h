/* A rule taken apart where the surroundings of two programs differ: its
 * events on which a guard stops an action, those on which a tag must go.
 * Within a case, what the rule does is the same on both sides. */
#ifndef SLU_PROVE_DIFF_CASES_H
#define SLU_PROVE_DIFF_CASES_H

#include "engine/prove/align.h"
#include "engine/prove/witness.h"

enum { SLU_DIFF_QUESTIONS = 4 /* for one rule */ };

struct slu_surroundings {
    struct slu_prover *prover;
    const struct slu_model *models[2];
    slu_formula *blocked[2]; /* per operation of each model: when it is stopped */
    uint8_t *guarded[2];     /* per operation: the other program stops it on other events */
    bool groups_differ;
};

/* Something that differs, and whether it holds. */
struct slu_diff_question {
    uint32_t operation;    /* is it stopped? SLU_NO_INDEX: about a tag */
    struct slu_string tag; /* folded: does the conversation carry it, */
    uint32_t giver;        /* and is this operation, which makes it go, not stopped? */
    bool counts;           /* on this side the answer changes what is done */
    slu_formula formula;
};

struct slu_diff_questions {
    struct slu_diff_question items[SLU_DIFF_QUESTIONS];
    uint32_t count;
    const char *reason; /* not NULL: it cannot be told apart, and why */
};

/* One of a rule's cases; where its surroundings are the same on both sides, it has one. */
struct slu_diff_case {
    uint32_t rule;                              /* of the program */
    const struct slu_diff_questions *questions; /* NULL: none */
    uint32_t answers;                           /* a bit for each */
    struct slu_rule_identity identity;          /* with questions only */
};

/* The answers that the engine gave, of which the decision tells. */
uint32_t slu_diff_case_answers(const struct slu_diff_case *taken, const struct slu_model *model,
                               const struct sluice_decision *decision, const struct slu_witness *witness,
                               struct slu_arena *arena);
/* Those that make a difference, by what they are about: they mean the same on both sides. */
void slu_diff_case_write(struct slu_buffer *out, const struct slu_model *model, const struct slu_diff_case *taken);

/* Compares guards and groups by meaning. False when out of memory. */
bool slu_surroundings_compare(struct slu_surroundings *surroundings, struct slu_instance *instance,
                              const struct slu_model *before, const struct slu_model *after);
/* What must be asked of the rule of that side, 0 or 1. False when out of memory. */
bool slu_surroundings_ask(struct slu_surroundings *surroundings, uint32_t side, uint32_t rule,
                          struct slu_diff_questions *questions);

#endif
