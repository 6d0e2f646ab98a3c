/* Rules that could be left out, and rules whose tags exclude each other. */
#include "engine/prove/lint.h"

enum { SUFFIX_MAX = 64 /* rules between one and the next that does the same; past it, nothing is said */ };

/* ---- redundant rules ---- */

/* What the rule does, as a number: equal for rules that do the same. */
static uint32_t actions_number(struct slu_prove_lint *lint, struct slu_map *numbers, uint32_t rule) {
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    struct slu_buffer *key = &lint->prover->scratch;
    slu_buffer_clear(key);
    for (uint32_t i = 0; i < bound->action_count; i++) {
        slu_prove_write_action(key, lint->model, &bound->actions[i]);
    }
    uint32_t number = slu_map_find(numbers, slu_buffer_string(key));
    struct slu_string kept;
    if (number == SLU_MAP_NONE && !key->failed &&
        slu_arena_copy_string(lint->prover->arena, slu_buffer_string(key), &kept) &&
        slu_map_put(numbers, kept, numbers->count)) {
        number = numbers->count - 1;
    }
    return number;
}

/* Some rule undoes what this one, by its title, decided. */
static bool is_undone(const struct slu_prove_lint *lint, uint32_t rule) {
    for (uint32_t i = 0; i < lint->model->rules_count; i++) {
        for (uint32_t action = 0; action < lint->model->rules[i].action_count; action++) {
            const struct slu_bound_action *undo = &lint->model->rules[i].actions[action];
            if (undo->syntax->kind == SLU_ACTION_UNDO && undo->target == rule) {
                return true;
            }
        }
    }
    return false;
}

/* Something else hangs on which rule wins: what it used up, or an undo that names it. */
static bool is_told_apart(const struct slu_prove_lint *lint, uint32_t rule) {
    return lint->model->rules[rule].allowance_count > 0 || is_undone(lint, rule);
}

/* That, without the rule, one that does the same would be next: some later one
 * with the same actions matches and none in between does. */
static slu_formula same_next(struct slu_prove_lint *lint, uint32_t rule, uint32_t last, const uint32_t *actions) {
    struct slu_formulas *formulas = &lint->prover->formulas;
    slu_formula parts[SUFFIX_MAX + 1], alternatives[SUFFIX_MAX + 1];
    uint32_t part_count = 0, count = 0;
    for (uint32_t i = rule + 1; i <= last; i++) {
        slu_formula matches = lint->query.rules[i];
        if (actions[i] != actions[rule]) {
            parts[part_count++] = -matches;
            continue;
        }
        slu_formula before[SUFFIX_MAX + 1];
        for (uint32_t part = 0; part < part_count; part++) {
            before[part] = parts[part];
        }
        before[part_count] = matches;
        alternatives[count++] = slu_formula_and(formulas, before, part_count + 1);
    }
    return slu_formula_or(formulas, alternatives, count);
}

/* The last rule near by that could stand in for this one, or SLU_NO_INDEX. */
static uint32_t last_alike(const struct slu_prove_lint *lint, uint32_t rule, uint32_t end, const uint32_t *actions) {
    uint32_t last = SLU_NO_INDEX;
    for (uint32_t i = rule + 1; i < end && i - rule <= SUFFIX_MAX; i++) {
        if (actions[i] == actions[rule]) {
            if (is_told_apart(lint, i)) {
                break;
            }
            last = i;
        }
    }
    return last;
}

/* Names the rules up to `last` that do the same. */
static void give_alike(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic, uint32_t rule, uint32_t last,
                       const uint32_t *actions) {
    struct slu_string *because = SLU_NEW_ARRAY(lint->diagnostics->arena, struct slu_string, (size_t)last - rule);
    uint32_t count = 0;
    for (uint32_t i = rule + 1; i <= last && because != NULL; i++) {
        if (actions[i] == actions[rule]) {
            because[count++] = slu_lint_title(lint, i).text;
            slu_diagnostics_note_at(lint->diagnostics, diagnostic, slu_lint_title(lint, i).span,
                                    "\"%.*s\" has the same actions", (int)because[count - 1].length,
                                    because[count - 1].bytes);
        }
    }
    if (diagnostic != NULL) {
        diagnostic->because = because;
        diagnostic->because_count = count;
    }
}

/* Once the rule's allowance is spent, another one does the same: it limits nothing. */
static void check_spent(struct slu_prove_lint *lint, uint32_t rule, uint32_t last, const uint32_t *actions) {
    struct slu_instance *instance = lint->query.instance;
    slu_query_begin(&lint->query);
    slu_instance_require(instance, slu_prove_conditions(lint->prover, lint->model, &lint->model->rules[rule]), false,
                         rule);
    slu_instance_require(instance, -lint->query.rules[rule], false, rule);
    slu_instance_require(instance, -same_next(lint, rule, last, actions), false, rule);
    if (slu_instance_solve(instance) != SLU_VERDICT_NO) {
        return;
    }
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        lint->diagnostics, SLU_DIAGNOSTIC_IDLE_ALLOWANCE, lint->model->rules[rule].allowances[0].span,
        "this limits nothing: whenever it is spent, the same is done by %s",
        last == rule + 1 ? "the next rule" : "a later rule");
    give_alike(lint, diagnostic, rule, last, actions);
}

static void check_redundant(struct slu_prove_lint *lint, uint32_t rule, uint32_t end, const uint32_t *actions) {
    uint32_t last = last_alike(lint, rule, end, actions);
    if (last == SLU_NO_INDEX || is_undone(lint, rule)) {
        return;
    }
    if (lint->model->rules[rule].allowance_count > 0) {
        check_spent(lint, rule, last, actions);
        return;
    }
    slu_query_begin(&lint->query);
    slu_instance_require(lint->query.instance, lint->query.rules[rule], false, rule);
    slu_instance_require(lint->query.instance, -same_next(lint, rule, last, actions), false, rule);
    const char *reason;
    /* An event of the rule on which the next would do something else, or none would be next. */
    if (slu_query_until(&lint->query, lint->model->rules[rule].ruleset, rule, SLU_NO_INDEX, &reason) !=
        SLU_VERDICT_NO) {
        return;
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_REDUNDANT_RULE, slu_lint_title(lint, rule).span,
                            "without this rule, every event that it takes would be treated the same");
    give_alike(lint, diagnostic, rule, last, actions);
}

void slu_lint_redundant(struct slu_prove_lint *lint) {
    struct slu_map numbers;
    slu_map_init(&numbers, lint->prover->arena);
    uint32_t *actions = SLU_NEW_ARRAY(lint->prover->arena, uint32_t, lint->model->rules_count);
    if (actions == NULL) {
        return;
    }
    for (uint32_t i = 0; i < lint->model->rules_count; i++) {
        actions[i] = actions_number(lint, &numbers, i);
    }
    for (uint32_t i = 0; i < lint->model->rules_count && !lint->prover->expired; i++) {
        const struct slu_bound_ruleset *ruleset = &lint->model->rulesets[lint->model->rules[i].ruleset];
        if (lint->reach[i] == SLU_REACHED || lint->reach[i] == SLU_REACH_UNDECIDED) {
            check_redundant(lint, i, ruleset->first_rule + ruleset->rule_count, actions);
        }
    }
}

/* ---- tags of an exclusive group ---- */

/* A rule that puts a tag of an exclusive group on the conversation. */
struct tagging {
    uint32_t rule, group, member;
    struct slu_span span;
};

static bool is_same_text(struct slu_prove_lint *lint, struct slu_string left, struct slu_string right) {
    return slu_string_equal(slu_prove_folded(lint->prover, left), slu_prove_folded(lint->prover, right));
}

static bool find_member(struct slu_prove_lint *lint, struct slu_string tag, struct tagging *tagging) {
    for (uint32_t group = 0; group < lint->model->groups_count; group++) {
        const struct slu_tag_group *candidate = &lint->model->groups[group];
        for (uint32_t member = 0; candidate->exclusive && member < candidate->members.count; member++) {
            if (is_same_text(lint, candidate->members.items[member].text, tag)) {
                tagging->group = group;
                tagging->member = member;
                return true;
            }
        }
    }
    return false;
}

struct taggings {
    struct tagging *items;
    uint32_t count, capacity;
};

static void add_action(struct slu_prove_lint *lint, uint32_t rule, const struct slu_bound_action *action,
                       struct taggings *taggings) {
    if (action->syntax->kind != SLU_ACTION_CALL || action->syntax->delayed) {
        return;
    }
    const struct slu_operation *operation = &lint->model->operations[action->target];
    /* What takes a tag away names one, too: only what can be taken back by another action puts it on. */
    if (operation->inverse == SLU_NO_INDEX) {
        return;
    }
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_argument *argument = action->arguments[i];
        struct tagging tagging = {.rule = rule};
        if (argument == NULL || !operation->takes[i].type.tag || argument->value->kind != SLU_EXPRESSION_TEXT ||
            !find_member(lint, argument->value->text, &tagging) ||
            !SLU_RESERVE(lint->prover->arena, taggings->items, taggings->capacity, taggings->count)) {
            continue;
        }
        tagging.span = argument->value->span;
        taggings->items[taggings->count++] = tagging;
    }
}

static bool listens(const struct slu_bound_ruleset *ruleset, uint32_t event) {
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (ruleset->events[i] == event) {
            return true;
        }
    }
    return false;
}

/* The first kind of event that both listen to, or SLU_NO_INDEX. */
static uint32_t shared_event(const struct slu_model *model, uint32_t first, uint32_t second) {
    const struct slu_bound_ruleset *ruleset = &model->rulesets[first];
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (listens(&model->rulesets[second], ruleset->events[i])) {
            return ruleset->events[i];
        }
    }
    return SLU_NO_INDEX;
}

static void report_conflict(struct slu_prove_lint *lint, const struct tagging *first, const struct tagging *second,
                            bool show) {
    const struct slu_tag_group *group = &lint->model->groups[first->group];
    struct slu_string name = group->name.text, one = group->members.items[first->member].text,
                      other = group->members.items[second->member].text, title = slu_lint_title(lint, first->rule).text;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        lint->diagnostics, SLU_DIAGNOSTIC_TAG_CONFLICT, second->span,
        "one event gets both \"%.*s\" and \"%.*s\", of which a conversation carries only one (group `%.*s`)",
        (int)one.length, one.bytes, (int)other.length, other.bytes, (int)name.length, name.bytes);
    slu_diagnostics_note_at(lint->diagnostics, diagnostic, first->span, "\"%.*s\" is put on by \"%.*s\"",
                            (int)one.length, one.bytes, (int)title.length, title.bytes);
    if (show) {
        slu_lint_show_event(lint, diagnostic);
    }
}

static void check_pair(struct slu_prove_lint *lint, const struct tagging *first, const struct tagging *second) {
    uint32_t left = lint->model->rules[first->rule].ruleset, right = lint->model->rules[second->rule].ruleset;
    if (first->group != second->group || first->member == second->member) {
        return;
    }
    if (first->rule == second->rule) {
        report_conflict(lint, first, second, false);
        return;
    }
    uint32_t event = left == right ? SLU_NO_INDEX : shared_event(lint->model, left, right);
    if (event == SLU_NO_INDEX || lint->reach[first->rule] == SLU_SHADOWED ||
        lint->reach[second->rule] == SLU_SHADOWED) {
        return;
    }
    slu_query_begin(&lint->query);
    slu_instance_require(lint->query.instance, lint->query.rules[first->rule], false, 0);
    slu_instance_require(lint->query.instance, lint->query.rules[second->rule], false, 0);
    if (slu_query_both(&lint->query, first->rule, second->rule, event) == SLU_VERDICT_YES) {
        report_conflict(lint, first, second, true);
    }
}

void slu_lint_tags(struct slu_prove_lint *lint) {
    struct taggings taggings = {0};
    for (uint32_t rule = 0; lint->model->groups_count > 0 && rule < lint->model->rules_count; rule++) {
        const struct slu_bound_rule *bound = &lint->model->rules[rule];
        for (uint32_t i = 0; i < bound->action_count; i++) {
            add_action(lint, rule, &bound->actions[i], &taggings);
        }
    }
    for (uint32_t i = 0; i < taggings.count; i++) {
        for (uint32_t j = i + 1; j < taggings.count && !lint->prover->expired; j++) {
            check_pair(lint, &taggings.items[i], &taggings.items[j]);
        }
    }
}
