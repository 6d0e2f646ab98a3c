/* Guards that make a rule pointless, and guards that block nothing. */
#include "engine/prove/lint.h"

/* ---- actions that are always blocked ---- */

/* What is known of one action of a rule. */
struct blocking {
    bool always;      /* proved: whenever the rule wins, some guard blocks it */
    uint32_t *guards; /* which of them that needs, on the prover's arena */
    uint32_t count;
};

static slu_formula condition_of(struct slu_prove_lint *lint, uint32_t guard) {
    return slu_prove_condition(lint->prover, lint->model, lint->model->guards[guard].syntax->condition);
}

static bool blocks(const struct slu_prove_lint *lint, uint32_t guard, uint32_t operation) {
    return lint->query.program->guards[guard].blocks[operation];
}

/* The guards that the proof found needs; they carry tags above those of the rules. */
static void note_guards(struct slu_prove_lint *lint, struct blocking *blocking) {
    struct slu_instance *instance = lint->query.instance;
    slu_instance_minimize(instance);
    blocking->guards = SLU_NEW_ARRAY(lint->prover->arena, uint32_t, lint->model->guards_count);
    for (uint32_t i = 0; blocking->guards != NULL && i < instance->root_count; i++) {
        if (instance->roots[i].active && instance->roots[i].tag >= lint->model->rules_count) {
            blocking->guards[blocking->count++] = instance->roots[i].tag - lint->model->rules_count;
        }
    }
    blocking->always = blocking->count > 0;
}

/* Is there an event that the rule wins and on which no guard blocks the operation? */
static struct blocking find_blocking(struct slu_prove_lint *lint, uint32_t rule, uint32_t operation) {
    struct blocking blocking = {false, NULL, 0};
    struct slu_query *query = &lint->query;
    uint32_t masking = 0;
    const char *reason;
    slu_query_begin(query);
    slu_instance_require(query->instance, query->rules[rule], false, rule);
    for (uint32_t i = 0; i < lint->model->guards_count; i++) {
        if (blocks(lint, i, operation)) {
            slu_instance_require(query->instance, -condition_of(lint, i), true, lint->model->rules_count + i);
            masking++;
        }
    }
    if (masking > 0 &&
        slu_query_until(query, lint->model->rules[rule].ruleset, rule, SLU_NO_INDEX, &reason) == SLU_VERDICT_NO) {
        note_guards(lint, &blocking);
    }
    return blocking;
}

static void note_blocking(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic,
                          const struct blocking *blocking, struct slu_string action) {
    for (uint32_t i = 0; i < blocking->count; i++) {
        struct slu_word title = lint->model->guards[blocking->guards[i]].syntax->title;
        slu_diagnostics_note_at(lint->diagnostics, diagnostic, title.span, "\"%.*s\" blocks `%.*s`%s",
                                (int)title.text.length, title.text.bytes, (int)action.length, action.bytes,
                                blocking->count > 1 ? " on some of the events" : "");
    }
}

/* Where the rule asked for the same operation before: its answer is the same. */
static uint32_t first_alike(const struct slu_bound_rule *bound, uint32_t action) {
    uint32_t first = 0;
    while (first < action && (bound->actions[first].syntax->kind != SLU_ACTION_CALL ||
                              bound->actions[first].target != bound->actions[action].target)) {
        first++;
    }
    return first;
}

static void report_actions(struct slu_prove_lint *lint, const struct slu_bound_rule *bound,
                           const struct blocking *blocked) {
    for (uint32_t i = 0; i < bound->action_count; i++) {
        struct slu_word name = bound->actions[i].syntax->name;
        if (blocked[i].always) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_ALWAYS_BLOCKED, name.span,
                                    "this action is never taken: whenever the rule wins, %s",
                                    blocked[i].count == 1 ? "a guard blocks it" : "one of the guards blocks it");
            note_blocking(lint, diagnostic, &blocked[i], name.text);
        }
    }
}

static void report_rule(struct slu_prove_lint *lint, uint32_t rule, const struct blocking *blocked) {
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_ALWAYS_BLOCKED, slu_lint_title(lint, rule).span,
                            "this rule does nothing: whenever it wins, guards block everything that it asks for");
    for (uint32_t i = 0; i < bound->action_count; i++) {
        if (first_alike(bound, i) == i) {
            note_blocking(lint, diagnostic, &blocked[i], bound->actions[i].syntax->name.text);
        }
    }
}

static void check_rule(struct slu_prove_lint *lint, uint32_t rule) {
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    struct blocking *blocked = SLU_NEW_ARRAY(lint->prover->arena, struct blocking, bound->action_count);
    uint32_t count = 0;
    for (uint32_t i = 0; blocked != NULL && i < bound->action_count && !lint->prover->expired; i++) {
        uint32_t first = first_alike(bound, i);
        if (bound->actions[i].syntax->kind == SLU_ACTION_CALL) {
            blocked[i] = first < i ? blocked[first] : find_blocking(lint, rule, bound->actions[i].target);
        }
        count += blocked[i].always;
    }
    if (count == 0) {
        return;
    }
    if (count == bound->action_count) {
        report_rule(lint, rule, blocked);
    } else {
        report_actions(lint, bound, blocked);
    }
}

/* ---- guards that block nothing ---- */

static bool has_exclusive_group(const struct slu_model *model) {
    for (uint32_t i = 0; i < model->groups_count; i++) {
        if (model->groups[i].exclusive) {
            return true;
        }
    }
    return false;
}

/* Can the action lead to the operation: as asked for, as what makes room in an
 * exclusive group, or as what reverses anything that was recorded? */
static bool leads_to(const struct slu_model *model, const struct slu_bound_action *action, uint32_t operation) {
    if (action->syntax->kind != SLU_ACTION_CALL) {
        return action->syntax->kind == SLU_ACTION_UNDO;
    }
    return action->target == operation ||
           (model->operations[action->target].inverse == operation && has_exclusive_group(model));
}

static bool asks_for_blocked(const struct slu_prove_lint *lint, uint32_t rule, uint32_t guard) {
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    for (uint32_t operation = 0; operation < lint->model->operations_count; operation++) {
        for (uint32_t i = 0; blocks(lint, guard, operation) && i < bound->action_count; i++) {
            if (leads_to(lint->model, &bound->actions[i], operation)) {
                return true;
            }
        }
    }
    return false;
}

/* Does it block all that the other one does? */
static bool covers(const struct slu_prove_lint *lint, uint32_t guard, uint32_t other) {
    for (uint32_t operation = 0; operation < lint->model->operations_count; operation++) {
        if (blocks(lint, other, operation) && !blocks(lint, guard, operation)) {
            return false;
        }
    }
    return true;
}

/* Proved: no event that the rule wins is one on which the guard is the first to block. */
static bool never_blocks(struct slu_prove_lint *lint, uint32_t guard, uint32_t rule, bool *earlier) {
    struct slu_query *query = &lint->query;
    const char *reason;
    slu_query_begin(query);
    slu_instance_require(query->instance, query->rules[rule], false, rule);
    slu_instance_require(query->instance, condition_of(lint, guard), false, rule);
    for (uint32_t i = 0; i < guard; i++) {
        if (covers(lint, i, guard)) {
            slu_instance_require(query->instance, -condition_of(lint, i), true, lint->model->rules_count + i);
        }
    }
    if (slu_query_until(query, lint->model->rules[rule].ruleset, rule, SLU_NO_INDEX, &reason) != SLU_VERDICT_NO) {
        return false;
    }
    struct blocking blocking = {false, NULL, 0};
    note_guards(lint, &blocking);
    for (uint32_t i = 0; i < blocking.count; i++) {
        earlier[blocking.guards[i]] = true;
    }
    return true;
}

static void report_idle(struct slu_prove_lint *lint, uint32_t guard, const bool *earlier) {
    bool any = false;
    for (uint32_t i = 0; i < guard; i++) {
        any = any || earlier[i];
    }
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        lint->diagnostics, SLU_DIAGNOSTIC_IDLE_GUARD, lint->model->guards[guard].syntax->title.span,
        any ? "this guard never blocks anything that is not blocked without it"
            : "this guard never blocks anything: whenever a rule asks for what it names, its condition does not hold");
    for (uint32_t i = 0; i < guard; i++) {
        if (earlier[i]) {
            struct slu_word title = lint->model->guards[i].syntax->title;
            slu_diagnostics_note_at(lint->diagnostics, diagnostic, title.span, "\"%.*s\" blocks it",
                                    (int)title.text.length, title.text.bytes);
        }
    }
}

static void check_guard(struct slu_prove_lint *lint, uint32_t guard) {
    struct slu_span span = lint->model->guards[guard].syntax->title.span;
    bool *earlier = SLU_NEW_ARRAY(lint->prover->arena, bool, lint->model->guards_count);
    bool asked = false;
    if (earlier == NULL) {
        return;
    }
    slu_query_begin(&lint->query);
    slu_instance_require(lint->query.instance, condition_of(lint, guard), false, 0);
    if (slu_instance_solve(lint->query.instance) == SLU_VERDICT_NO) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_IDLE_GUARD, span,
                                "this guard never blocks anything: its condition never holds");
        slu_diagnostics_weigh(lint->diagnostics, diagnostic, SLU_SEVERITY_WARNING);
        return;
    }
    for (uint32_t rule = 0; rule < lint->model->rules_count; rule++) {
        if (lint->reach[rule] == SLU_SHADOWED || lint->reach[rule] == SLU_CONTRADICTION ||
            !asks_for_blocked(lint, rule, guard)) {
            continue;
        }
        asked = true;
        if (lint->prover->expired || !never_blocks(lint, guard, rule, earlier)) {
            return;
        }
    }
    if (asked) {
        report_idle(lint, guard, earlier);
    } else {
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_IDLE_GUARD, span,
                            "this guard blocks nothing: no rule asks for an action that it names");
    }
}

void slu_lint_guards(struct slu_prove_lint *lint) {
    const struct slu_model *model = lint->model;
    for (uint32_t i = 0; i < model->guards_count && !lint->prover->expired; i++) {
        check_guard(lint, i);
    }
    for (uint32_t i = 0; model->guards_count > 0 && i < model->rules_count && !lint->prover->expired; i++) {
        if (lint->reach[i] == SLU_REACHED && model->rules[i].action_count > 0) {
            check_rule(lint, i);
        }
    }
}
