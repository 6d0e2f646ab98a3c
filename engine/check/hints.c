/* Hints: rules that do what they say and perhaps not what was meant.
 *
 * holds-when-missing. A negated comparison also holds for missing data. Said
 * for each such test of a `when` or a guard, unless
 *  - the same conjunction asks for the field in another way (`is known`, or any
 *    test that only holds when it is there), or a neighbour of the `or` asks
 *    whether it is missing: then the author has thought of it;
 *  - the field is a list: never missing; nor is a state with an initial value
 *    where its entity's id is known to be there;
 *  - it is a flag on its own (`not contact.spam`): "not so" is what is meant;
 *  - the negation comes from `unless`: a rule that goes ahead where the reason
 *    against it is not known to exist is what `unless` is for.
 *
 * author-not-tested. Text of a message, read on an event that customers,
 * teammates and bots cause alike, without asking who wrote it. */
#include "engine/check/checker.h"

struct hints {
    struct slu_checker *checker;
    /* Per field: how many of the conjunctions around know that it is there. */
    uint32_t *known;
    uint32_t steps_left; /* for one rule */
};

enum { STEPS_PER_RULE = 10000 };

/* ---- fields that may be missing ---- */

static bool can_be_missing(const struct slu_field *field) {
    if (field->type.type == SLU_TYPE_LIST || field->type.type == SLU_TYPE_MISSING) {
        return false;
    }
    return true;
}

/* State that starts with a value is missing only where nobody knows whose it is. */
static bool only_without_owner(const struct slu_field *field) {
    return field->origin == SLU_FIELD_STATE && field->initial != NULL && field->entity_id != SLU_NO_INDEX;
}

/* Calls back for each field whose absence makes the test false. */
typedef void each_field(struct hints *hints, uint32_t field, void *context);
static void for_fields(struct hints *hints, struct slu_expression *test, each_field *call, void *context) {
    const struct slu_model *model = hints->checker->model;
    struct slu_walk walk;
    slu_walk_start(&walk, &hints->checker->stack, test);
    for (const struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        bool is_field = at->kind == SLU_EXPRESSION_NAME && at->binding == SLU_BINDING_FIELD;
        if (is_field && can_be_missing(&model->fields[at->index]) && !slu_walk_has_fallback(&walk)) {
            call(hints, at->index, context);
        }
    }
}

static void add_known(struct hints *hints, uint32_t field, void *context) {
    const uint32_t *change = context;
    hints->known[field] += *change; /* unsigned wrap-around takes it back */
}

struct unknown_fields {
    uint32_t first, second; /* or SLU_NO_INDEX */
};

static void find_unknown(struct hints *hints, uint32_t field, void *context) {
    struct unknown_fields *unknown = context;
    const struct slu_field *read = &hints->checker->model->fields[field];
    if (hints->known[field] > 0 || field == unknown->first ||
        (only_without_owner(read) && hints->known[read->entity_id] > 0)) {
        return;
    }
    *(unknown->first == SLU_NO_INDEX ? &unknown->first : &unknown->second) = field;
}

/* ---- holds-when-missing ---- */

static bool is_comparison(const struct slu_expression *test) {
    return test->kind >= SLU_EXPRESSION_EQUAL && test->kind != SLU_EXPRESSION_KNOWN &&
           test->kind != SLU_EXPRESSION_MISSING;
}

/* `is not`, `is not one of`, `has none of`: negations by themselves. */
static bool is_negation(const struct slu_expression *test) {
    return test->kind == SLU_EXPRESSION_NOT_EQUAL || test->kind == SLU_EXPRESSION_NOT_ONE_OF ||
           test->kind == SLU_EXPRESSION_HAS_NONE;
}

/* `contact.spam is not true`, said at length. */
static bool is_flag_test(const struct slu_expression *test) {
    return test->item_count == 2 && test->items[1]->kind == SLU_EXPRESSION_FLAG && test->items[1]->number > 0;
}

/* Does the conjunct hold only when its fields are there? */
static bool requires_fields(const struct slu_conjunct *item) {
    const struct slu_expression *test = item->expression;
    if (test->kind == SLU_EXPRESSION_KNOWN || test->kind == SLU_EXPRESSION_MISSING) {
        return item->negated == (test->kind == SLU_EXPRESSION_MISSING);
    }
    return is_comparison(test) && item->negated == is_negation(test);
}

static bool asks_for_missing(const struct slu_conjunct *item) {
    const struct slu_expression *test = item->expression;
    return (test->kind == SLU_EXPRESSION_MISSING && !item->negated) ||
           (test->kind == SLU_EXPRESSION_KNOWN && item->negated);
}

static void hint_at(struct hints *hints, const struct slu_conjunct *item) {
    const struct slu_expression *test = item->expression;
    bool unresolved = test->item_count == 2 && test->items[1]->kind == SLU_EXPRESSION_NAME &&
                      test->items[1]->binding == SLU_BINDING_NONE; /* reported there */
    if (!is_comparison(test) || item->negated == is_negation(test) || is_flag_test(test) || unresolved) {
        return;
    }
    struct unknown_fields unknown = {SLU_NO_INDEX, SLU_NO_INDEX};
    for_fields(hints, item->expression, find_unknown, &unknown);
    if (unknown.first == SLU_NO_INDEX) {
        return;
    }
    struct slu_checker *checker = hints->checker;
    const struct slu_field *field = &checker->model->fields[unknown.first];
    struct slu_string name = field->name.text;
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_HOLDS_WHEN_MISSING, item->span,
                            "this also holds when `%.*s` is missing", SLU_SHOWN(name));
    if (only_without_owner(field)) {
        name = checker->model->fields[field->entity_id].name.text;
        slu_diagnostics_note(checker->diagnostics, diagnostic, "it is missing where the event has no `%.*s`",
                             SLU_SHOWN(name));
    }
    if (unknown.second != SLU_NO_INDEX) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "and when `%.*s` is",
                             SLU_SHOWN(checker->model->fields[unknown.second].name.text));
    }
    slu_diagnostics_note(checker->diagnostics, diagnostic, "add `and %.*s is known` to leave those events out",
                         SLU_SHOWN(name));
}

/* Marks (1) or unmarks (-1) what the conjuncts know. */
static void mark(struct hints *hints, const struct slu_conjuncts *conjuncts, uint32_t change,
                 bool wanted(const struct slu_conjunct *item)) {
    for (uint32_t i = 0; i < conjuncts->count; i++) {
        if (wanted(&conjuncts->items[i])) {
            for_fields(hints, conjuncts->items[i].expression, add_known, &change);
        }
    }
}

static bool take_apart(struct hints *hints, struct slu_conjunct from, struct slu_conjuncts *conjuncts) {
    *conjuncts = (struct slu_conjuncts){.checker = hints->checker, .steps_left = hints->steps_left};
    bool whole = slu_conjuncts_add(conjuncts, from);
    hints->steps_left = conjuncts->steps_left;
    return whole;
}

/* The branches of a disjunction: the conjuncts of its negation, negated back. */
static bool take_branches(struct hints *hints, struct slu_conjunct disjunction, struct slu_conjuncts *branches) {
    disjunction.negated = !disjunction.negated;
    if (!take_apart(hints, disjunction, branches)) {
        return false;
    }
    for (uint32_t i = 0; i < branches->count; i++) {
        branches->items[i].negated = !branches->items[i].negated;
    }
    return true;
}

static void hint_conjunction(struct hints *hints, struct slu_conjunct from, uint32_t depth);

/* Each branch is a conjunction of its own. */
static void hint_disjunction(struct hints *hints, struct slu_conjunct disjunction, uint32_t depth) {
    struct slu_conjuncts branches;
    if (take_branches(hints, disjunction, &branches)) {
        mark(hints, &branches, 1, asks_for_missing);
        for (uint32_t i = 0; i < branches.count; i++) {
            hint_conjunction(hints, branches.items[i], depth + 1);
        }
        mark(hints, &branches, UINT32_MAX, asks_for_missing);
    }
    slu_conjuncts_give_back(&branches);
}

/* `depth` bounds the recursion: conjunctions in disjunctions and so on. */
static void hint_conjunction(struct hints *hints, struct slu_conjunct from, uint32_t depth) {
    if (depth > SLU_LIMIT_NESTING) {
        return;
    }
    struct slu_conjuncts conjuncts;
    if (take_apart(hints, from, &conjuncts)) {
        mark(hints, &conjuncts, 1, requires_fields);
        for (uint32_t i = 0; i < conjuncts.count; i++) {
            if (slu_conjunct_is_disjunction(&conjuncts.items[i])) {
                hint_disjunction(hints, conjuncts.items[i], depth);
            } else {
                hint_at(hints, &conjuncts.items[i]);
            }
        }
        mark(hints, &conjuncts, UINT32_MAX, requires_fields);
    }
    slu_conjuncts_give_back(&conjuncts);
}

static void hint_condition(struct hints *hints, struct slu_expression *condition) {
    if (condition == NULL || slu_check_is_standard(hints->checker, condition->span)) {
        return;
    }
    hints->steps_left = STEPS_PER_RULE;
    hint_conjunction(hints, (struct slu_conjunct){.expression = condition, .span = condition->span}, 0);
}

/* ---- author-not-tested ---- */

/* Events whose message anyone may have written; those of a reply say who did. */
static const char *const events_by_anyone[] = {"conversation.assigned", "conversation.closed",  "conversation.read",
                                               "conversation.reopened", "conversation.snoozed", "conversation.tagged",
                                               "conversation.unsnoozed"};
static const char *const message_texts[] = {"message.body", "message.html", "message.subject"};
static const char *const authors[] = {"message.author", "message.author_id", "message.author_email",
                                      "message.author_name", "message.kind"};

static bool is_one_of(struct slu_string name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (slu_string_is(name, names[i])) {
            return true;
        }
    }
    return false;
}
#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof *(names))

static bool anyone_writes(const struct slu_model *model, const struct slu_bound_ruleset *ruleset) {
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (IS_ONE_OF(model->events[ruleset->events[i]].name.text, events_by_anyone)) {
            return true;
        }
    }
    return false;
}

/* What a rule's conditions read: the place of the first text, and whether they ask for the author. */
struct reading {
    const struct slu_expression *text;
    bool author;
};

static void read_condition(struct slu_checker *checker, struct slu_expression *condition, struct reading *reading) {
    struct slu_walk walk;
    slu_walk_start(&walk, &checker->stack, condition);
    for (const struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        if (at->kind != SLU_EXPRESSION_NAME) {
            continue;
        }
        if (at->binding == SLU_BINDING_DEFINE) {
            reading->author = true; /* it may ask; a hint must not be wrong */
        } else if (IS_ONE_OF(at->text, authors)) {
            reading->author = true;
        } else if (reading->text == NULL && IS_ONE_OF(at->text, message_texts)) {
            reading->text = at;
        }
    }
}

static void hint_author(struct slu_checker *checker, const struct slu_rule_syntax *rule) {
    struct reading reading = {0};
    read_condition(checker, rule->when, &reading);
    read_condition(checker, rule->unless, &reading);
    if (reading.text == NULL || reading.author) {
        return;
    }
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        checker->diagnostics, SLU_DIAGNOSTIC_AUTHOR_NOT_TESTED, reading.text->span,
        "here `%.*s` may be written by a customer, a teammate or a bot", SLU_SHOWN(reading.text->text));
    slu_diagnostics_note(checker->diagnostics, diagnostic, "add `and message.author is one of [\"lead\", \"user\"]`");
}

void slu_check_hints(struct slu_checker *checker) {
    const struct slu_model *model = checker->model;
    struct hints hints = {.checker = checker};
    hints.known = SLU_NEW_ARRAY(checker->arena, uint32_t, model->fields_count);
    if (hints.known == NULL) {
        return;
    }
    for (uint32_t i = 0; i < model->guards_count; i++) {
        hint_condition(&hints, model->guards[i].syntax->condition);
    }
    for (uint32_t i = 0; i < model->rulesets_count && !checker->arena->failed; i++) {
        const struct slu_bound_ruleset *ruleset = &model->rulesets[i];
        bool by_anyone = anyone_writes(model, ruleset);
        for (uint32_t j = 0; j < ruleset->rule_count; j++) {
            hint_condition(&hints, ruleset->syntax->rules[j].when);
            if (by_anyone) {
                hint_author(checker, &ruleset->syntax->rules[j]);
            }
        }
    }
}
