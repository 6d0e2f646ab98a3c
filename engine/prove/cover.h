/* Test events: one for each rule that can win, and one on each side of every
 * boundary of its conditions. */
#ifndef SLU_PROVE_COVER_H
#define SLU_PROVE_COVER_H

#include "engine/prove/query.h"
#include "engine/prove/situation.h"

/* Borrowed for the call in which it is given. */
struct slu_cover_test {
    uint32_t rule;   /* whose condition it is about */
    uint32_t winner; /* SLU_REPLAY_NONE: no rule */
    struct slu_string title;
    struct slu_string event; /* JSON, in the product's own shape, state and look-ups left out */
    struct slu_string text;  /* a `test` block; its layout is not the formatter's */
};

struct slu_prove_cover {
    bool all; /* also what the program's tests show already */
    void *context;
    void (*test)(void *context, const struct slu_cover_test *test);
    /* A rule without an event: reach is not SLU_REACHED. */
    void (*unreached)(void *context, uint32_t rule, const struct slu_reach_answer *answer);
    uint32_t known;  /* tests left out because there is one like them */
    uint32_t unsaid; /* left out because no steps of a test lead there */
};

/* SLUICE_OK or SLUICE_NO_MEMORY. Where the time is over, rules are unreached with that as the reason. */
enum sluice_status slu_prove_cover(const struct sluice_program *program, const struct slu_prove_options *options,
                                   struct slu_prove_cover *cover);

/* ---- between the parts ---- */

/* A value worth trying for a field. */
struct slu_cover_value {
    const struct slu_field *field;
    bool missing;
    struct slu_witness_value value;
    bool exact;        /* a test with another value of the same kind does not stand for it */
    slu_formula test;  /* the condition it is about */
    const char *label; /* of lists: "with" or "without" `part`; NULL: "is" the value */
    struct slu_string part;
};
struct slu_cover_values {
    struct slu_cover_value *items;
    uint32_t count, capacity;
};
/* The values on each side of the test's boundaries, on the arena. False when out of memory. */
bool slu_cover_values(struct slu_prover *prover, const struct slu_model *model, const struct slu_expression *test,
                      const struct slu_witness *base, struct slu_arena *arena, struct slu_cover_values *values);

/* A single test of a rule's conditions. */
struct slu_cover_condition {
    const struct slu_expression *test;
    bool alternative; /* the rule may win without it */
};
struct slu_cover_tests {
    struct slu_cover_condition *items;
    uint32_t count, capacity;
};
bool slu_cover_list(const struct slu_model *model, uint32_t rule, struct slu_arena *arena,
                    struct slu_cover_tests *tests);
/* `when` and `unless` of the rule with the test being what `by` says. */
slu_formula slu_cover_replaced(struct slu_prover *prover, const struct slu_model *model, uint32_t rule,
                               const struct slu_expression *test, slu_formula by);

#endif
