/* Test blocks: what is given exists and fits, what is expected could happen. */
#include "engine/check/checker.h"

static bool listens(const struct slu_bound_ruleset *ruleset, uint32_t event) {
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (ruleset->events[i] == event) {
            return true;
        }
    }
    return false;
}

/* ---- given ---- */

static void bind_given(struct slu_checker *checker, struct slu_bound_step *step) {
    const struct slu_step_syntax *syntax = step->syntax;
    step->given = SLU_NEW_ARRAY(checker->arena, struct slu_bound_given, syntax->given_count);
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; step->given != NULL && i < syntax->given_count; i++) {
        const struct slu_given *given = &syntax->given[i];
        if (given->value != NULL) {
            slu_check_operand(checker, given->value, SLU_LINK_REFUSED);
        }
        uint32_t field = slu_check_find_field(checker, given->field);
        if (field == SLU_NO_INDEX) {
            continue;
        }
        uint32_t first = slu_map_find(&seen, given->field.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "value for", given->field, syntax->given[first].field.span);
            continue;
        }
        (void)slu_map_put(&seen, given->field.text, i);
        if (given->value != NULL) {
            (void)slu_check_fits(checker, &checker->model->fields[field].type, given->value, given->field.text);
        }
        step->given[step->given_count++] = (struct slu_bound_given){field, given->value};
    }
}

/* ---- expected ---- */

/* The rule of that title: in the named ruleset, else the only one, else the
 * only one that listens to the event. */
static uint32_t find_rule(struct slu_checker *checker, const struct slu_bound_step *step,
                          const struct slu_outcome *outcome, uint32_t ruleset) {
    const struct slu_model *model = checker->model;
    uint32_t first = slu_map_find(&model->rule_titles, outcome->rule.text);
    if (first == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_RULE, outcome->rule);
        return SLU_NO_INDEX;
    }
    uint32_t listening = SLU_NO_INDEX;
    uint32_t listening_count = 0;
    for (uint32_t rule = first; rule != SLU_NO_INDEX; rule = checker->next_same_title[rule]) {
        if (model->rules[rule].ruleset == ruleset) {
            return rule;
        }
        if (listens(&model->rulesets[model->rules[rule].ruleset], step->event)) {
            listening = rule;
            listening_count++;
        }
    }
    if (ruleset != SLU_NO_INDEX) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, outcome->rule.span,
            "there is no rule \"%.*s\" in \"%.*s\"", SLU_SHOWN(outcome->rule.text), SLU_SHOWN(outcome->ruleset.text));
        slu_diagnostics_note_at(checker->diagnostics, diagnostic, model->rules[first].syntax->title.span,
                                "it is a rule of \"%.*s\"",
                                SLU_SHOWN(model->rulesets[model->rules[first].ruleset].syntax->title.text));
        return SLU_NO_INDEX;
    }
    if (checker->next_same_title[first] == SLU_NO_INDEX) {
        return first;
    }
    if (listening_count == 1) {
        return listening;
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_AMBIGUOUS_NAME, outcome->rule.span,
                            "several rulesets have a rule \"%.*s\"", SLU_SHOWN(outcome->rule.text));
    slu_diagnostics_note(checker->diagnostics, diagnostic, "say which one: rule \"%.*s\" in \"%.*s\"",
                         SLU_SHOWN(outcome->rule.text),
                         SLU_SHOWN(model->rulesets[model->rules[first].ruleset].syntax->title.text));
    return SLU_NO_INDEX;
}

static void check_has_otherwise(struct slu_checker *checker, const struct slu_outcome *outcome, uint32_t ruleset) {
    const struct slu_bound_ruleset *bound = &checker->model->rulesets[ruleset];
    for (uint32_t i = bound->syntax->rule_count; i > 0; i--) {
        if (bound->syntax->rules[i - 1].otherwise) {
            return;
        }
    }
    slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, outcome->ruleset.span,
                        "there is no `otherwise` in \"%.*s\"", SLU_SHOWN(outcome->ruleset.text));
}

static void bind_outcome(struct slu_checker *checker, const struct slu_bound_step *step,
                         const struct slu_outcome *syntax, struct slu_bound_outcome *outcome) {
    const struct slu_model *model = checker->model;
    *outcome = (struct slu_bound_outcome){.syntax = syntax, .rule = SLU_NO_INDEX, .ruleset = SLU_NO_INDEX};
    bool named = syntax->ruleset.text.bytes != NULL;
    if (named) {
        outcome->ruleset = slu_map_find(&model->ruleset_titles, syntax->ruleset.text);
        if (outcome->ruleset == SLU_MAP_NONE) {
            outcome->ruleset = SLU_NO_INDEX;
            slu_check_unknown(checker, SLU_NAME_RULESET, syntax->ruleset);
        } else if (syntax->kind == SLU_OUTCOME_OTHERWISE) {
            check_has_otherwise(checker, syntax, outcome->ruleset);
        }
    }
    if (syntax->kind == SLU_OUTCOME_RULE && (!named || outcome->ruleset != SLU_NO_INDEX)) {
        outcome->rule = find_rule(checker, step, syntax, outcome->ruleset);
        if (outcome->rule != SLU_NO_INDEX) {
            outcome->ruleset = model->rules[outcome->rule].ruleset;
        }
    }
    outcome->actions = slu_check_bind_actions(checker, &syntax->actions);
    outcome->action_count = outcome->actions != NULL ? syntax->actions.count : 0;
}

static void bind_step(struct slu_checker *checker, const struct slu_step_syntax *syntax, struct slu_bound_step *step) {
    step->syntax = syntax;
    step->event = slu_check_find_event(checker, syntax->event);
    bind_given(checker, step);
    step->outcomes = SLU_NEW_ARRAY(checker->arena, struct slu_bound_outcome, syntax->outcome_count);
    for (uint32_t i = 0; step->outcomes != NULL && i < syntax->outcome_count; i++) {
        bind_outcome(checker, step, &syntax->outcomes[i], &step->outcomes[step->outcome_count++]);
    }
}

void slu_check_tests(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->tests =
        SLU_NEW_ARRAY(checker->arena, struct slu_bound_test, slu_declarations_count(checker, SLU_DECLARATION_TEST));
    struct slu_map titles;
    slu_map_init(&titles, checker->arena);
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_TEST);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
        struct slu_word title = at->as.test.title;
        uint32_t first = slu_map_find(&titles, title.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "test", title, model->tests[first].title_span);
        } else {
            (void)slu_map_put(&titles, title.text, model->tests_count);
        }
        struct slu_bound_test *test = &model->tests[model->tests_count++];
        *test = (struct slu_bound_test){.syntax = &at->as.test, .title_span = title.span};
        test->steps = SLU_NEW_ARRAY(checker->arena, struct slu_bound_step, at->as.test.step_count);
        for (uint32_t i = 0; test->steps != NULL && i < at->as.test.step_count; i++) {
            bind_step(checker, &at->as.test.steps[i], &test->steps[test->step_count++]);
        }
    }
}
