/* Expected and decided, compared; and the difference in the words of the rules. */
#include "engine/decide/tests_parts.h"
#include "engine/decide/write.h"

static bool same_text(struct sluice_string left, struct sluice_string right) {
    return slu_string_equal(slu_string_take(left), slu_string_take(right));
}

/* Every argument that has a value is in the other action with the same value. */
static bool arguments_within(const struct sluice_action *inner, const struct sluice_action *outer) {
    for (size_t i = 0; i < inner->argument_count; i++) {
        const struct sluice_argument *argument = &inner->arguments[i];
        if (argument->value.type == SLUICE_MISSING) {
            continue;
        }
        const struct sluice_argument *other =
            slu_argument_find(outer->arguments, outer->argument_count, slu_string_take(argument->name));
        if (other == NULL || !slu_value_same(&argument->value, &other->value)) {
            return false;
        }
    }
    return true;
}

static bool cancelled_by(const struct sluice_action *action, struct sluice_string event) {
    for (size_t i = 0; i < action->unless_count; i++) {
        if (same_text(action->unless[i], event)) {
            return true;
        }
    }
    return false;
}

static bool same_delay(const struct sluice_action *left, const struct sluice_action *right) {
    bool same = left->delay == right->delay && left->unless_count == right->unless_count;
    for (size_t i = 0; same && i < left->unless_count; i++) {
        same = cancelled_by(right, left->unless[i]);
    }
    return same;
}

static bool same_action(const struct sluice_action *expected, const struct sluice_action *decided) {
    return expected->kind == decided->kind && same_text(expected->name, decided->name) &&
           (expected->blocked_by.length > 0) == (decided->blocked_by.length > 0) && same_delay(expected, decided) &&
           arguments_within(expected, decided) && arguments_within(decided, expected);
}

static bool same_actions(const struct slu_action_list *expected, const struct sluice_decision *decision) {
    bool same = expected->count == decision->action_count;
    for (size_t i = 0; same && i < expected->count; i++) {
        same = same_action(&expected->items[i], &decision->actions[i]);
    }
    return same;
}

/* ---- in words ---- */

static void add_quoted(struct slu_buffer *out, struct slu_string string) {
    struct sluice_value value = {.type = SLUICE_TEXT, .text = slu_string_give(string)};
    slu_value_write(&value, out);
}

static void add_expected(const struct slu_test_check *check, struct slu_buffer *out) {
    const struct slu_outcome *syntax = check->outcome->syntax;
    switch (syntax->kind) {
    case SLU_OUTCOME_RULE:
        slu_buffer_add_text(out, "rule ");
        add_quoted(out, syntax->rule.text);
        break;
    case SLU_OUTCOME_NONE:
        slu_buffer_add_text(out, "no rule");
        break;
    case SLU_OUTCOME_OTHERWISE:
        slu_buffer_add_text(out, "otherwise");
        break;
    }
    if (syntax->ruleset.text.length > 0) {
        slu_buffer_add_text(out, " in ");
        add_quoted(out, syntax->ruleset.text);
    }
}

static void add_decision(const struct sluice_decision *decision, struct slu_buffer *out) {
    if (decision->rule.bytes == NULL) {
        slu_buffer_add_text(out, "no rule");
    } else if (slu_string_is(slu_string_take(decision->rule), "otherwise")) {
        slu_buffer_add_text(out, "otherwise");
    } else {
        slu_buffer_add_text(out, "rule ");
        add_quoted(out, slu_string_take(decision->rule));
    }
    slu_buffer_add_text(out, " in ");
    add_quoted(out, slu_string_take(decision->ruleset));
}

static bool is_candidate(const struct slu_test_check *check, const struct sluice_decision *decision) {
    struct slu_string ruleset = check->outcome->syntax->ruleset.text;
    return ruleset.length == 0 || slu_string_equal(slu_string_take(decision->ruleset), ruleset);
}

/* What was decided instead, a line for each ruleset. */
static void add_decided(const struct slu_test_check *check, struct slu_buffer *out) {
    slu_buffer_add_text(out, "expected ");
    add_expected(check, out);
    bool any = false;
    for (size_t i = 0; i < check->result->count; i++) {
        if (is_candidate(check, &check->result->decisions[i])) {
            slu_buffer_add_text(out, any ? "\n         " : "\ndecided  ");
            add_decision(&check->result->decisions[i], out);
            any = true;
        }
    }
    if (!any) {
        bool named = check->outcome->syntax->ruleset.text.length > 0;
        slu_buffer_add_text(out, named ? "\ndecided  nothing: this ruleset did not see the event"
                                       : "\ndecided  nothing: no ruleset sees this event");
    }
}

static void add_list(const struct slu_test_check *check, const char *title, const struct sluice_action *actions,
                     size_t count, struct slu_buffer *out) {
    slu_buffer_add_text(out, title);
    for (size_t i = 0; i < count; i++) {
        slu_buffer_add_text(out, i > 0 ? "\n         " : "");
        slu_action_write(check->program, &actions[i], out);
    }
    slu_buffer_add_text(out, count == 0 ? "no action" : "");
}

static void add_difference(const struct slu_test_check *check, const struct sluice_decision *decision,
                           struct slu_buffer *out) {
    add_expected(check, out);
    slu_buffer_add_text(out, " decides, but does something else\n");
    add_list(check, "expected ", check->expected->items, check->expected->count, out);
    add_list(check, "\ndecided  ", decision->actions, decision->action_count, out);
}

static bool is_wanted(const struct slu_outcome *syntax, const struct sluice_decision *decision) {
    struct slu_string rule = slu_string_take(decision->rule);
    if (rule.bytes == NULL) {
        return false;
    }
    return syntax->kind == SLU_OUTCOME_OTHERWISE ? slu_string_is(rule, "otherwise")
                                                 : slu_string_equal(rule, syntax->rule.text);
}

/* The decision that the expectation speaks of: the first with the actions, else
 * the first of the rule, which may have decided for several raised events. */
static const struct sluice_decision *find_wanted(const struct slu_test_check *check, bool *same) {
    const struct sluice_decision *first = NULL;
    *same = false;
    for (size_t i = 0; i < check->result->count; i++) {
        const struct sluice_decision *decision = &check->result->decisions[i];
        if (!is_candidate(check, decision) || !is_wanted(check->outcome->syntax, decision)) {
            continue;
        }
        *same = check->outcome->action_count == 0 || same_actions(check->expected, decision);
        if (*same) {
            return decision;
        }
        first = first == NULL ? decision : first;
    }
    return first;
}

static bool none_decided(const struct slu_test_check *check) {
    for (size_t i = 0; i < check->result->count; i++) {
        if (is_candidate(check, &check->result->decisions[i]) && check->result->decisions[i].rule.bytes != NULL) {
            return false;
        }
    }
    return true;
}

static bool compare(const struct slu_test_check *check, struct slu_buffer *out) {
    if (check->outcome->syntax->kind == SLU_OUTCOME_NONE) {
        bool met = none_decided(check);
        if (!met) {
            add_decided(check, out);
        }
        return met;
    }
    bool same;
    const struct sluice_decision *decision = find_wanted(check, &same);
    if (decision == NULL) {
        add_decided(check, out);
    } else if (!same) {
        add_difference(check, decision, out);
    }
    return same;
}

enum sluice_status slu_test_compare(const struct slu_test_check *check, struct slu_arena *arena, bool *met,
                                    struct slu_string *text) {
    struct slu_buffer out;
    slu_buffer_init(&out);
    *met = compare(check, &out);
    bool kept = !out.failed && slu_arena_copy_string(arena, slu_buffer_string(&out), text);
    slu_buffer_free(&out);
    return kept ? SLUICE_OK : SLUICE_NO_MEMORY;
}
