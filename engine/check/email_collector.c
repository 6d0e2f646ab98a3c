/* Intercom's e-mail collector exists only in chat messages on the web: a rule
 * that asks for its replies elsewhere never wins. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

/* Field, value, and what asking for it (or for anything else) means. */
enum meaning { COLLECTED, ELSEWHERE };
static const struct {
    const char *field, *value;
    bool other; /* any value but this one */
    enum meaning meaning;
} readings[] = {
    {"message.reply_type", "email collector", false, COLLECTED},
    {"message.channel", "chat", true, ELSEWHERE},
    {"message.platform", "web", true, ELSEWHERE},
};

enum { STEPS_PER_RULE = 10000 };

static bool same_text(struct slu_checker *checker, struct slu_string written, const char *value) {
    struct slu_string folded;
    return slu_unicode_fold_string(checker->arena, written, &folded) && slu_string_is(folded, value);
}

/* Does the literal, or each element of the list, have (`other`: not have) the value? */
static bool all_are(struct slu_checker *checker, const struct slu_expression *values, const char *value, bool other) {
    if (values->kind == SLU_EXPRESSION_TEXT) {
        return same_text(checker, values->text, value) != other;
    }
    if (values->kind == SLU_EXPRESSION_NAME && values->binding == SLU_BINDING_LIST) {
        values = checker->model->lists[values->index].elements;
    }
    if (values->kind != SLU_EXPRESSION_LIST || values->item_count == 0) {
        return false;
    }
    for (uint32_t i = 0; i < values->item_count; i++) {
        const struct slu_expression *item = values->items[i];
        if (item->kind != SLU_EXPRESSION_TEXT || same_text(checker, item->text, value) == other) {
            return false;
        }
    }
    return true;
}

/* `field is value`, `field is one of [values]`; or its negation, where only the
 * other values mean something. */
static bool asks(struct slu_checker *checker, const struct slu_conjunct *item, const char *field, const char *value,
                 bool other) {
    const struct slu_expression *test = item->expression;
    bool equal = test->kind == SLU_EXPRESSION_EQUAL || test->kind == SLU_EXPRESSION_ONE_OF;
    bool unequal = test->kind == SLU_EXPRESSION_NOT_EQUAL || test->kind == SLU_EXPRESSION_NOT_ONE_OF;
    if ((!equal && !unequal) || test->items[0]->kind != SLU_EXPRESSION_NAME ||
        !slu_string_is(test->items[0]->text, field)) {
        return false;
    }
    bool negated = item->negated != unequal;
    if (negated) {
        return other && all_are(checker, test->items[1], value, false);
    }
    return all_are(checker, test->items[1], value, other);
}

static void check_conjuncts(struct slu_checker *checker, const struct slu_conjuncts *conjuncts) {
    const struct slu_conjunct *found[ELSEWHERE + 1] = {NULL, NULL};
    for (uint32_t i = 0; i < conjuncts->count; i++) {
        for (size_t j = 0; j < sizeof readings / sizeof *readings; j++) {
            if (asks(checker, &conjuncts->items[i], readings[j].field, readings[j].value, readings[j].other)) {
                found[readings[j].meaning] = &conjuncts->items[i];
            }
        }
    }
    if (found[COLLECTED] == NULL || found[ELSEWHERE] == NULL) {
        return;
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_EMAIL_COLLECTOR, found[ELSEWHERE]->span,
                            "this rule never wins: the e-mail collector exists only in chat messages on the web");
    slu_diagnostics_note_at(checker->diagnostics, diagnostic, found[COLLECTED]->span,
                            "the e-mail collector is asked for here");
}

static void check_rule(struct slu_checker *checker, const struct slu_rule_syntax *rule) {
    struct slu_conjuncts conjuncts = {.checker = checker, .steps_left = STEPS_PER_RULE};
    struct slu_conjunct when = {.expression = rule->when, .span = rule->when->span};
    if (slu_conjuncts_add(&conjuncts, when)) {
        check_conjuncts(checker, &conjuncts);
    }
    slu_conjuncts_give_back(&conjuncts);
}

void slu_check_email_collector(struct slu_checker *checker) {
    const struct slu_model *model = checker->model;
    if (slu_map_find(&model->field_names, SLU_STRING("message.reply_type")) == SLU_MAP_NONE) {
        return;
    }
    for (uint32_t i = 0; i < model->rules_count && !checker->arena->failed; i++) {
        if (model->rules[i].syntax->when != NULL) {
            check_rule(checker, model->rules[i].syntax);
        }
    }
}
