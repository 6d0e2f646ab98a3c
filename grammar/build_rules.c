/* Builders of rule sets, actions and tests. */
#include "grammar/build.h"

void slu_build_ruleset(struct slu_builder *builder, struct slu_span span, struct slu_word title,
                       struct slu_words events, bool complete) {
    slu_build_begin(builder, SLU_DECLARATION_RULESET, span, title);
    builder->open.as.ruleset = (struct slu_ruleset_syntax){.title = title, .events = events, .complete = complete};
}

/* Adds the rule, unless there was a mistake in it. */
static bool add_rule(struct slu_builder *builder, const struct slu_rule_syntax *rule) {
    struct slu_ruleset_syntax *ruleset = &builder->open.as.ruleset;
    slu_build_extend(builder, rule->span);
    if (builder->member_broken) {
        slu_build_drop_member(builder);
        return true;
    }
    return SLU_APPEND(builder, ruleset->rules, ruleset->rule_count, *rule);
}

bool slu_build_rule(struct slu_builder *builder, struct slu_span span, struct slu_word title, struct slu_rule_head head,
                    struct slu_actions actions) {
    const struct slu_rule_syntax rule = {
        .title = title,
        .when = head.when,
        .unless = head.unless,
        .allowances = head.allowances.items,
        .allowance_count = head.allowances.count,
        .actions = actions,
        .span = span,
    };
    return add_rule(builder, &rule);
}

bool slu_build_otherwise(struct slu_builder *builder, struct slu_span span, struct slu_span keyword,
                         struct slu_actions actions) {
    const struct slu_rule_syntax rule = {
        .title = {SLU_STRING("otherwise"), keyword}, .otherwise = true, .actions = actions, .span = span};
    return add_rule(builder, &rule);
}

struct slu_allowances slu_build_no_allowances(void) {
    return (struct slu_allowances){NULL, 0};
}

struct slu_allowance_syntax *slu_build_allowance(struct slu_builder *builder, struct slu_span span, double count,
                                                 double period, struct slu_word entity) {
    struct slu_allowance_syntax *allowance = SLU_NEW(builder->arena, struct slu_allowance_syntax);
    if (allowance != NULL) {
        *allowance = (struct slu_allowance_syntax){.count = count, .period = period, .entity = entity, .span = span};
    }
    return allowance;
}

bool slu_build_add_allowance(struct slu_builder *builder, struct slu_allowances *allowances,
                             const struct slu_allowance_syntax *allowance) {
    return SLU_APPEND(builder, allowances->items, allowances->count, *allowance);
}

/* ---- actions ---- */

struct slu_actions slu_build_no_actions(void) {
    return (struct slu_actions){NULL, 0};
}

bool slu_build_add_action(struct slu_builder *builder, struct slu_actions *actions, struct slu_action_syntax *action) {
    if (actions->count == 0) { /* most rules do one thing: it is an array of one already */
        *actions = (struct slu_actions){action, 1};
        return true;
    }
    return SLU_APPEND(builder, actions->items, actions->count, *action);
}

struct slu_action_syntax *slu_build_action_name(struct slu_builder *builder, enum slu_action_kind kind,
                                                struct slu_span span, struct slu_word name) {
    struct slu_action_syntax *action = SLU_NEW(builder->arena, struct slu_action_syntax);
    if (action != NULL) {
        *action = (struct slu_action_syntax){.kind = kind, .name = name, .span = span};
    }
    return action;
}

struct slu_action_syntax *slu_build_action_call(struct slu_builder *builder, enum slu_action_kind kind,
                                                struct slu_span span, struct slu_expression *call) {
    struct slu_word name = {call->text, slu_expression_text_span(call)};
    struct slu_argument *arguments = call->arguments;
    uint8_t count = call->argument_count;
    slu_arena_give_back(builder->arena, call, sizeof *call); /* the action is in place of it */
    struct slu_action_syntax *action = slu_build_action_name(builder, kind, span, name);
    if (action != NULL) {
        action->arguments = arguments;
        action->argument_count = count;
    }
    return action;
}

struct slu_action_syntax *slu_build_action_value(struct slu_builder *builder, enum slu_action_kind kind,
                                                 struct slu_span span, struct slu_word name,
                                                 struct slu_expression *value) {
    struct slu_action_syntax *action = slu_build_action_name(builder, kind, span, name);
    if (action == NULL) {
        return NULL;
    }
    action->arguments = slu_build_argument(builder, value, false);
    action->argument_count = 1;
    return action->arguments == NULL ? NULL : action;
}

void slu_build_delay(struct slu_action_syntax *action, struct slu_span span, double delay, struct slu_words unless) {
    action->delayed = true;
    action->delay = delay;
    action->unless = unless;
    action->span = span;
}

/* ---- tests ---- */

bool slu_build_step(struct slu_builder *builder, struct slu_span span, struct slu_word event) {
    struct slu_test_syntax *test = &builder->open.as.test;
    struct slu_step_syntax step = {.event = event, .span = span};
    slu_build_extend(builder, span);
    return SLU_APPEND(builder, test->steps, test->step_count, step);
}

/* The step being read, made to reach up to `end`; NULL before the first `given`. */
static struct slu_step_syntax *last_step(struct slu_builder *builder, struct slu_span end) {
    struct slu_test_syntax *test = &builder->open.as.test;
    slu_build_extend(builder, end);
    if (test->step_count == 0) {
        return NULL;
    }
    struct slu_step_syntax *step = &test->steps[test->step_count - 1];
    step->span = slu_span_join(step->span, end);
    return step;
}

void slu_build_step_time(struct slu_builder *builder, double time) {
    struct slu_step_syntax *step = last_step(builder, builder->open.span);
    step->has_time = true;
    step->time = time;
}

bool slu_build_given(struct slu_builder *builder, struct slu_word field, struct slu_expression *value) {
    struct slu_step_syntax *step = last_step(builder, value == NULL ? field.span : value->span);
    struct slu_given given = {field, value};
    return SLU_APPEND(builder, step->given, step->given_count, given);
}

struct slu_outcome *slu_build_outcome_of(struct slu_builder *builder, enum slu_outcome_kind kind, struct slu_span span,
                                         struct slu_word rule, struct slu_word ruleset) {
    struct slu_outcome *outcome = SLU_NEW(builder->arena, struct slu_outcome);
    if (outcome != NULL) {
        *outcome = (struct slu_outcome){.kind = kind, .rule = rule, .ruleset = ruleset, .span = span};
    }
    return outcome;
}

bool slu_build_outcome(struct slu_builder *builder, struct slu_span span, const struct slu_outcome *outcome) {
    struct slu_step_syntax *step = last_step(builder, span);
    if (step != NULL) {
        return SLU_APPEND(builder, step->outcomes, step->outcome_count, *outcome);
    }
    if (!builder->declaration_broken) {
        struct slu_diagnostic *diagnostic =
            slu_build_report(builder, SLU_DIAGNOSTIC_SYNTAX, span, "nothing is given before the first `expect`");
        slu_diagnostics_note(builder->diagnostics, diagnostic,
                             "begin with the event that happens, such as `given conversation.started`");
    }
    slu_build_break(builder);
    return true;
}

bool slu_build_expected(struct slu_builder *builder, struct slu_action_syntax *action, bool blocked) {
    struct slu_step_syntax *step = last_step(builder, action->span);
    if (step == NULL || step->outcome_count == 0) {
        return true; /* reported at the `expect` */
    }
    struct slu_outcome *outcome = &step->outcomes[step->outcome_count - 1];
    action->blocked = blocked;
    outcome->span = slu_span_join(outcome->span, action->span);
    return SLU_APPEND(builder, outcome->actions.items, outcome->actions.count, *action);
}
