/* Events that find no rule. First such that have every field that the rules
 * compare; then, field by field, such that lack one. */
#include "engine/prove/lint.h"

enum { GAPS_SHOWN = 3, NEAREST_SHOWN = 4 };

struct gaps {
    struct slu_prove_lint *lint;
    uint32_t ruleset;
    uint32_t *subjects; /* the fields compared */
    uint32_t subject_count;
    uint32_t *there, *lacking; /* per subject: the instance's roots that it is there, and that it is not */
    uint32_t found;
    struct slu_diagnostic *first; /* the finding about events that have all fields */
};

static bool is_number(const struct slu_expression *test, struct slu_string *field, double *number) {
    if (test->kind != SLU_EXPRESSION_LESS && test->kind != SLU_EXPRESSION_GREATER) {
        return false;
    }
    const struct slu_expression *left = test->items[0], *right = test->items[1];
    *field = left->text;
    *number = right->number;
    return left->kind == SLU_EXPRESSION_NAME && left->binding == SLU_BINDING_FIELD &&
           right->kind == SLU_EXPRESSION_NUMBER;
}

/* What a rule that almost takes the event still needs. */
static void note_need(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic, uint32_t rule,
                      const struct slu_part *part, bool advise) {
    struct slu_string written = slu_lint_written(lint, part->expression), title = slu_lint_title(lint, rule).text,
                      field;
    double number;
    const char *needs = part->is_unless ? "needs that it is not so: " : "needs ";
    if (advise && !part->is_unless && is_number(part->expression, &field, &number)) {
        const struct slu_witness_value *value = slu_witness_find(&lint->query.witness, field);
        if (value != NULL && value->number == number) {
            bool less = part->expression->kind == SLU_EXPRESSION_LESS;
            struct slu_string constant =
                slu_sources_slice(lint->diagnostics->sources, part->expression->items[1]->span);
            slu_diagnostics_note_at(lint->diagnostics, diagnostic, part->expression->span,
                                    "\"%.*s\" needs `%.*s`; did you mean `%s %.*s`?", (int)title.length, title.bytes,
                                    (int)written.length, written.bytes, less ? "<=" : ">=", (int)constant.length,
                                    constant.bytes);
            return;
        }
    }
    slu_diagnostics_note_at(lint->diagnostics, diagnostic, part->expression->span, "\"%.*s\" %s`%.*s`",
                            (int)title.length, title.bytes, needs, (int)written.length, written.bytes);
}

/* The only condition by which the rule fails; false when there are more, or none. */
static bool find_failing(struct slu_prove_lint *lint, uint32_t rule, struct slu_part *failing) {
    struct slu_parts parts;
    uint32_t count = 0;
    if (!slu_lint_parts(lint, rule, &parts)) {
        return false;
    }
    for (uint32_t i = 0; i < parts.count; i++) {
        if (slu_instance_value(lint->query.instance, parts.items[i].formula) < 0) {
            *failing = parts.items[i];
            count++;
        }
    }
    return count == 1;
}

/* The rules that fail by one condition only. Where `<` and `>` leave out the
 * same value, the advice is to widen `<`. */
static void note_nearest(struct gaps *gaps, struct slu_diagnostic *diagnostic) {
    const struct slu_bound_ruleset *ruleset = &gaps->lint->model->rulesets[gaps->ruleset];
    struct slu_part failing[NEAREST_SHOWN];
    uint32_t rules[NEAREST_SHOWN], count = 0;
    bool less = false;
    for (uint32_t i = 0; i < ruleset->rule_count && count < NEAREST_SHOWN; i++) {
        if (find_failing(gaps->lint, ruleset->first_rule + i, &failing[count])) {
            less = less || failing[count].expression->kind == SLU_EXPRESSION_LESS;
            rules[count++] = ruleset->first_rule + i;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        bool advise = !less || failing[i].expression->kind == SLU_EXPRESSION_LESS;
        note_need(gaps->lint, diagnostic, rules[i], &failing[i], advise);
    }
}

/* Rules out what the gap found relies on, so that it is not found again. */
static void rule_out(struct gaps *gaps, uint32_t missing) {
    struct slu_prove_lint *lint = gaps->lint;
    struct slu_instance *instance = lint->query.instance;
    int32_t *literals = SLU_NEW_ARRAY(&instance->arena, int32_t, (size_t)instance->needed_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; literals != NULL && i < instance->needed_count; i++) {
        uint32_t atom = instance->needed_atoms[i];
        if (lint->prover->atoms[atom].kind != SLU_ATOM_PRESENT || lint->prover->atoms[atom].subject == missing) {
            literals[count++] = instance->truth[atom] > 0 ? -(int32_t)atom - 1 : (int32_t)atom + 1;
        }
    }
    if (literals != NULL) {
        slu_instance_clause(instance, literals, count);
    }
    gaps->found++;
}

/* The first place where the condition names the field. */
static const struct slu_expression *first_use(const struct slu_model *model, const struct slu_expression *expression,
                                              struct slu_string field) {
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_FIELD) {
        return slu_string_equal(expression->text, field) ? expression : NULL;
    }
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE) {
        return first_use(model, model->defines[expression->index].condition, field);
    }
    const struct slu_expression *found = NULL;
    for (uint32_t i = 0; i < expression->item_count && found == NULL; i++) {
        found = first_use(model, expression->items[i], field);
    }
    for (uint32_t i = 0; i < expression->argument_count && found == NULL; i++) {
        found = first_use(model, expression->arguments[i].value, field);
    }
    return found;
}

/* A finding stands at the ruleset's title, one about a missing field where that is first compared. */
static struct slu_span place_of(const struct gaps *gaps, uint32_t missing) {
    const struct slu_model *model = gaps->lint->model;
    const struct slu_bound_ruleset *ruleset = &model->rulesets[gaps->ruleset];
    for (uint32_t i = 0; missing != SLU_NO_INDEX && i < ruleset->rule_count; i++) {
        const struct slu_rule_syntax *rule = model->rules[ruleset->first_rule + i].syntax;
        struct slu_string name = gaps->lint->prover->subjects[missing].field->name.text;
        const struct slu_expression *use = rule->when == NULL ? NULL : first_use(model, rule->when, name);
        if (use == NULL && rule->unless != NULL) {
            use = first_use(model, rule->unless, name);
        }
        if (use != NULL) {
            return use->span;
        }
    }
    return ruleset->syntax->title.span;
}

static void report(struct gaps *gaps, uint32_t missing) {
    struct slu_prove_lint *lint = gaps->lint;
    const struct slu_ruleset_syntax *ruleset = lint->model->rulesets[gaps->ruleset].syntax;
    struct slu_string title = ruleset->title.text;
    if (missing == SLU_NO_INDEX && gaps->first != NULL) {
        struct slu_buffer event;
        slu_buffer_init(&event);
        slu_witness_write(&lint->query.witness, &event);
        slu_diagnostics_note(lint->diagnostics, gaps->first, "nor this one: %.*s", (int)event.length,
                             event.failed ? "" : event.bytes);
        note_nearest(gaps, gaps->first);
        slu_buffer_free(&event);
        return;
    }
    struct slu_diagnostic *diagnostic;
    if (missing == SLU_NO_INDEX) {
        diagnostic = slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_GAP, place_of(gaps, missing),
                                         "no rule of \"%.*s\" takes this event", (int)title.length, title.bytes);
        gaps->first = diagnostic;
    } else {
        struct slu_string name = lint->prover->subjects[missing].field->name.text;
        diagnostic = slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_GAP, place_of(gaps, missing),
                                         "no rule of \"%.*s\" takes this event, in which `%.*s` is missing",
                                         (int)title.length, title.bytes, (int)name.length, name.bytes);
    }
    if (!ruleset->complete) {
        slu_diagnostics_weigh(lint->diagnostics, diagnostic, SLU_SEVERITY_WARNING);
    }
    slu_lint_show_event(lint, diagnostic);
    if (missing == SLU_NO_INDEX) {
        note_nearest(gaps, diagnostic);
    }
}

static void report_undecided(struct gaps *gaps, const char *reason) {
    struct slu_prove_lint *lint = gaps->lint;
    const struct slu_word title = lint->model->rulesets[gaps->ruleset].syntax->title;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        lint->diagnostics, SLU_DIAGNOSTIC_UNDECIDED, title.span,
        "whether every event finds a rule of \"%.*s\" is not decided", (int)title.text.length, title.text.bytes);
    slu_diagnostics_note(lint->diagnostics, diagnostic, "%s", reason);
}

/* The engine said that no rule takes the event. Now for each rule why not, so
 * that what the gap relies on is known, and no other gap is hidden by it. */
static enum slu_verdict settle(struct gaps *gaps, const char **reason) {
    struct slu_query *query = &gaps->lint->query;
    const struct slu_bound_ruleset *ruleset = &gaps->lint->model->rulesets[gaps->ruleset];
    for (uint32_t i = ruleset->first_rule; i < ruleset->first_rule + ruleset->rule_count; i++) {
        if (query->excluded[i] != query->question) {
            slu_query_exclude(query, i);
        }
    }
    return slu_query_until(query, gaps->ruleset, SLU_REPLAY_NONE, SLU_NO_INDEX, reason);
}

/* Without the fields of which only their presence was asked for, if that is a gap as well. */
static void shorten(struct gaps *gaps, uint32_t missing) {
    struct slu_query *query = &gaps->lint->query;
    const struct slu_instance *instance = query->instance;
    struct slu_witness whole = query->witness;
    struct slu_witness_value *kept =
        SLU_NEW_ARRAY(gaps->lint->prover->arena, struct slu_witness_value, whole.value_count);
    uint32_t count = 0;
    for (uint32_t i = 0; kept != NULL && i < whole.value_count; i++) {
        bool matters = false;
        for (uint32_t atom = 0; atom < instance->needed_count && !matters; atom++) {
            const struct slu_atom *needed = &gaps->lint->prover->atoms[instance->needed_atoms[atom]];
            const struct slu_subject *subject =
                needed->subject == SLU_NO_INDEX ? NULL : &gaps->lint->prover->subjects[needed->subject];
            matters = subject != NULL && needed->kind != SLU_ATOM_PRESENT &&
                      (subject->field == NULL ||
                       slu_string_equal(subject->field->name.text, whole.values[i].field->name.text));
        }
        if (matters) {
            kept[count++] = whole.values[i];
        }
    }
    if (kept == NULL || (missing == SLU_NO_INDEX && count == 0)) {
        return;
    }
    query->witness.values = kept;
    query->witness.value_count = count;
    if (!slu_replay_decide(query->replay, &query->witness) ||
        slu_replay_winner(query->replay, gaps->ruleset) != SLU_REPLAY_NONE) {
        query->witness = whole;
    }
}

/* Begins the one question that all searches of the ruleset share: what was
 * ruled out for one of them stays so for the next. */
static bool begin(struct gaps *gaps) {
    struct slu_query *query = &gaps->lint->query;
    struct slu_arena *arena = gaps->lint->prover->arena;
    gaps->there = SLU_NEW_ARRAY(arena, uint32_t, gaps->subject_count);
    gaps->lacking = SLU_NEW_ARRAY(arena, uint32_t, gaps->subject_count);
    if (gaps->there == NULL || gaps->lacking == NULL) {
        return false;
    }
    slu_query_begin(query);
    query->keeps_reasons = false;
    for (uint32_t i = 0; i < gaps->subject_count; i++) {
        slu_formula present = gaps->lint->prover->subjects[gaps->subjects[i]].present;
        gaps->there[i] = slu_instance_require(query->instance, present, true, 0);
        gaps->lacking[i] = slu_instance_require(query->instance, -present, true, 0);
    }
    return !query->instance->failed;
}

/* Looks for a gap in events that have all fields but `missing`, or, when not
 * `restricted`, in any that is not like one found before. */
static bool search(struct gaps *gaps, uint32_t missing, bool restricted) {
    struct slu_query *query = &gaps->lint->query;
    const char *reason = NULL;
    for (uint32_t i = 0; i < gaps->subject_count; i++) {
        bool lacks = gaps->subjects[i] == missing;
        query->instance->roots[gaps->there[i]].active = restricted && !lacks;
        query->instance->roots[gaps->lacking[i]].active = restricted && lacks;
    }
    enum slu_verdict verdict = slu_query_until(query, gaps->ruleset, SLU_REPLAY_NONE, SLU_NO_INDEX, &reason);
    if (verdict == SLU_VERDICT_YES) {
        verdict = settle(gaps, &reason);
    }
    switch (verdict) {
    case SLU_VERDICT_YES:
        shorten(gaps, missing);
        report(gaps, missing);
        rule_out(gaps, missing);
        return true;
    case SLU_VERDICT_UNDECIDED:
        report_undecided(gaps, reason);
        return false;
    case SLU_VERDICT_NO:
        break;
    }
    return false;
}

void slu_lint_gaps(struct slu_prove_lint *lint, uint32_t ruleset) {
    const struct slu_bound_ruleset *bound = &lint->model->rulesets[ruleset];
    struct gaps gaps = {.lint = lint, .ruleset = ruleset};
    bool has_values;
    if (!slu_lint_presence(lint, lint->query.rules + bound->first_rule, bound->rule_count, &gaps.subjects,
                           &gaps.subject_count, &has_values) ||
        !begin(&gaps)) {
        return;
    }
    while (gaps.found < GAPS_SHOWN && search(&gaps, SLU_NO_INDEX, true) && !lint->query.witness.has_opaque) {
    }
    for (uint32_t i = 0; i < gaps.subject_count && !lint->prover->expired; i++) {
        const struct slu_subject *subject = &lint->prover->subjects[gaps.subjects[i]];
        if (subject->kind == SLU_SUBJECT_FIELD) {
            search(&gaps, gaps.subjects[i], true);
        }
    }
    if (!lint->prover->expired) {
        search(&gaps, SLU_NO_INDEX, false); /* several fields are missing, or nothing was compared */
    }
}
