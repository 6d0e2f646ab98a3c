/* The rules of both sides of a comparison, each as one case or several. */
#include "engine/prove/diff_parts.h"
#include "engine/prove/wording.h"

static uint32_t outcome_of(struct slu_comparison *comparison, const struct slu_model *model,
                           const struct slu_diff_case *taken) {
    const struct slu_bound_rule *bound = &model->rules[taken->rule];
    struct slu_buffer *key = &comparison->prover.scratch;
    slu_prover_clear_scratch(&comparison->prover);
    for (uint32_t i = 0; i < bound->action_count; i++) {
        slu_prove_write_action(key, model, &bound->actions[i]);
    }
    slu_diff_case_write(key, model, taken);
    if (bound->allowance_count > 0) { /* what it uses up goes by its title */
        slu_prove_write_text(key, bound->syntax->title.text);
    }
    uint32_t known = slu_map_find(&comparison->outcomes, slu_buffer_string(key));
    struct slu_string kept;
    if (known != SLU_MAP_NONE) {
        return known;
    }
    uint32_t number = comparison->outcomes.count + 1;
    if (!slu_arena_copy_string(&comparison->arena, slu_buffer_string(key), &kept) ||
        !slu_map_put(&comparison->outcomes, kept, number)) {
        return 0;
    }
    return number;
}

/* Most rules are the same on both sides, word by word, and are never asked about. */
const struct slu_rule_identity *slu_diff_identity(struct slu_comparison *comparison, const struct slu_diff_side *side,
                                                  uint32_t place) {
    const struct slu_model *model = side->program->model;
    const struct slu_diff_case *taken = &side->cases[place];
    struct slu_rule_identity *identity = &side->identities[taken->rule];
    if (taken->questions != NULL) {
        return &taken->identity;
    }
    if (identity->formula == 0) {
        identity->formula = slu_prove_rule(&comparison->prover, model, &model->rules[taken->rule]);
        identity->outcome = outcome_of(comparison, model, taken);
    }
    return identity;
}

static bool add_case(struct slu_comparison *comparison, struct slu_diff_side *side, struct slu_diff_case taken) {
    if (!SLU_RESERVE(&comparison->arena, side->cases, side->case_capacity, side->count)) {
        return false;
    }
    side->cases[side->count++] = taken;
    return true;
}

/* The rule's cases that can be, each with its share of the rule's events. */
static bool add_cases(struct slu_comparison *comparison, struct slu_diff_side *side, uint32_t rule) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    struct slu_diff_questions *questions = SLU_NEW(&comparison->arena, struct slu_diff_questions);
    struct slu_diff_case taken = {.rule = rule, .questions = questions};
    if (questions == NULL ||
        !slu_surroundings_ask(&comparison->surroundings, (uint32_t)(side - comparison->sides), rule, questions)) {
        return false;
    }
    comparison->blind = questions->reason == NULL ? comparison->blind : questions->reason;
    if (questions->count == 0) {
        taken.questions = NULL;
        return add_case(comparison, side, taken);
    }
    slu_formula whole = slu_prove_rule(&comparison->prover, side->program->model, &side->program->model->rules[rule]);
    for (; taken.answers < 1u << questions->count; taken.answers++) {
        slu_formula formula = whole;
        for (uint32_t i = 0; i < questions->count; i++) {
            slu_formula answer = questions->items[i].formula;
            formula = slu_formula_and2(formulas, formula, (taken.answers >> i & 1) != 0 ? answer : -answer);
        }
        taken.identity.formula = formula;
        taken.identity.outcome = outcome_of(comparison, side->program->model, &taken);
        if (formula != SLU_NEVER && !add_case(comparison, side, taken)) {
            return false;
        }
    }
    return true;
}

bool slu_diff_choose(struct slu_comparison *comparison, struct slu_diff_side *side, uint32_t ruleset) {
    const struct slu_model *model = side->program->model;
    side->ruleset = ruleset;
    side->count = 0;
    uint32_t first = ruleset == SLU_NO_INDEX ? 0 : model->rulesets[ruleset].first_rule;
    uint32_t end = ruleset == SLU_NO_INDEX ? 0 : first + model->rulesets[ruleset].rule_count;
    for (uint32_t i = first; i < end; i++) {
        bool added = comparison->same_wording ? add_case(comparison, side, (struct slu_diff_case){.rule = i})
                                              : add_cases(comparison, side, i);
        if (!added) {
            return false;
        }
    }
    side->keys = SLU_NEW_ARRAY(&comparison->arena, struct slu_rule_identity, side->count);
    return side->keys != NULL;
}

bool slu_diff_make_keys(struct slu_comparison *comparison) {
    struct slu_diff_side *before = &comparison->sides[0], *after = &comparison->sides[1];
    struct slu_map texts;
    slu_map_init(&texts, &comparison->arena);
    for (uint32_t i = 0; comparison->same_wording && i < before->count; i++) {
        if (!slu_map_put(&texts, slu_wording_of_rule(before->program->model, before->cases[i].rule), i)) {
            return false;
        }
    }
    for (uint32_t i = 0; comparison->same_wording && i < after->count; i++) {
        uint32_t other = slu_map_find(&texts, slu_wording_of_rule(after->program->model, after->cases[i].rule));
        if (other != SLU_MAP_NONE) {
            after->keys[i] = before->keys[other] = (struct slu_rule_identity){0, other + 1};
        }
    }
    for (uint32_t number = 0; number < 2; number++) {
        struct slu_diff_side *side = &comparison->sides[number];
        for (uint32_t i = 0; i < side->count; i++) {
            if (side->keys[i].outcome == 0) {
                side->keys[i] = *slu_diff_identity(comparison, side, i);
            }
        }
    }
    return true;
}
