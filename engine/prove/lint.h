/* What the parts of the linter's proofs share; nothing else includes it. */
#ifndef SLU_PROVE_LINT_H
#define SLU_PROVE_LINT_H

#include "engine/prove/query.h"

/* An assertion about an action that the rule to explain asks for. */
struct slu_touched_assertion {
    struct slu_span span;
    const char *found; /* what was found of it, for people */
};

struct slu_prove_lint {
    struct slu_query query;
    struct slu_prover *prover;
    const struct slu_model *model;
    struct slu_diagnostics *diagnostics;
    const struct slu_prove_options *options;
    uint8_t *reach; /* per rule: enum slu_reach */
    struct slu_touched_assertion *touched;
    uint32_t touched_count, touched_capacity;
};

/* The event of the query's witness as a note behind `lead`; and also as what shows the finding. Accept NULL. */
void slu_lint_note_event(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic, const char *lead);
void slu_lint_show_event(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic);
/* "`a > 5`": the condition as written, on one line, cut where it is long; on the arena. */
struct slu_string slu_lint_written(struct slu_prove_lint *lint, const struct slu_expression *expression);
static inline struct slu_word slu_lint_title(const struct slu_prove_lint *lint, uint32_t rule) {
    return lint->model->rules[rule].syntax->title;
}

/* The parts of `when` (joined by `and`) and of `unless`: all must hold. */
struct slu_part {
    const struct slu_expression *expression;
    slu_formula formula;
    bool is_unless; /* the formula is its negation */
};
struct slu_parts {
    struct slu_part *items;
    uint32_t count, capacity;
};
bool slu_lint_parts(struct slu_prove_lint *lint, uint32_t rule, struct slu_parts *parts);
/* Every field that the formulas read: their PRESENT formulas, each once, on the
 * arena; *has_values: more is asked than whether they are there. */
bool slu_lint_presence(struct slu_prove_lint *lint, const slu_formula *formulas, uint32_t count, uint32_t **subjects,
                       uint32_t *subject_count, bool *has_values);

void slu_lint_conditions(struct slu_prove_lint *lint, uint32_t rule); /* contradiction is known */
void slu_lint_always(struct slu_prove_lint *lint, uint32_t rule);
void slu_lint_gaps(struct slu_prove_lint *lint, uint32_t ruleset);
void slu_lint_redundant(struct slu_prove_lint *lint);
void slu_lint_assertions(struct slu_prove_lint *lint);
void slu_lint_tags(struct slu_prove_lint *lint);
void slu_lint_guards(struct slu_prove_lint *lint);
void slu_lint_allowances(struct slu_prove_lint *lint);

#endif
