/* What the linter says of rules: which never win, and because of which others. */
#include "engine/prove/lint.h"

#include <string.h>

enum { BECAUSE_SHOWN = 4 };

void slu_lint_note_event(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic, const char *lead) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    slu_witness_write(&lint->query.witness, &text);
    size_t length = text.length;
    slu_buffer_add_text(&text, ", where ");
    slu_witness_write_facts(&lint->query.witness, &text);
    if (text.failed) {
        lint->diagnostics->failed = true;
    } else {
        bool facts = text.length > length + strlen(", where ");
        slu_diagnostics_note(lint->diagnostics, diagnostic, "%s%.*s", lead, (int)(facts ? text.length : length),
                             text.bytes);
    }
    slu_buffer_free(&text);
}

void slu_lint_show_event(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic) {
    struct slu_buffer text;
    if (diagnostic == NULL) {
        return;
    }
    slu_buffer_init(&text);
    slu_witness_write(&lint->query.witness, &text);
    if (text.failed || !slu_arena_copy_string(lint->diagnostics->arena, slu_buffer_string(&text), &diagnostic->event)) {
        lint->diagnostics->failed = true;
    } else {
        slu_lint_note_event(lint, diagnostic, "");
    }
    slu_buffer_free(&text);
}

struct slu_string slu_lint_written(struct slu_prove_lint *lint, const struct slu_expression *expression) {
    return slu_prove_one_line(lint->prover->arena, slu_sources_slice(lint->diagnostics->sources, expression->span));
}

/* ---- parts of conditions ---- */

static bool add_part(struct slu_prove_lint *lint, struct slu_parts *parts, const struct slu_expression *expression,
                     bool is_unless) {
    if (!SLU_RESERVE(lint->prover->arena, parts->items, parts->capacity, parts->count)) {
        return false;
    }
    slu_formula formula = slu_prove_condition(lint->prover, lint->model, expression);
    parts->items[parts->count++] = (struct slu_part){expression, is_unless ? -formula : formula, is_unless};
    return true;
}

bool slu_lint_parts(struct slu_prove_lint *lint, uint32_t rule, struct slu_parts *parts) {
    const struct slu_rule_syntax *syntax = lint->model->rules[rule].syntax;
    *parts = (struct slu_parts){0};
    const struct slu_expression *at = syntax->when;
    while (at != NULL && (at->kind == SLU_EXPRESSION_AND || at->kind == SLU_EXPRESSION_GROUP)) {
        if (at->kind == SLU_EXPRESSION_AND && !add_part(lint, parts, at->items[1], false)) {
            return false;
        }
        at = at->items[0];
    }
    if (at != NULL && !add_part(lint, parts, at, false)) {
        return false;
    }
    for (uint32_t i = 0; i < parts->count / 2; i++) {
        struct slu_part swapped = parts->items[i];
        parts->items[i] = parts->items[parts->count - 1 - i];
        parts->items[parts->count - 1 - i] = swapped;
    }
    return syntax->unless == NULL || add_part(lint, parts, syntax->unless, true);
}

struct presence {
    struct slu_prove_lint *lint;
    uint8_t *seen_nodes, *seen_subjects;
    uint32_t *subjects;
    uint32_t count, capacity;
    bool has_values, failed;
};

static void find_subjects(struct presence *presence, slu_formula formula) {
    struct slu_prover *prover = presence->lint->prover;
    uint32_t index = slu_formula_index(formula);
    const struct slu_formula_node *node = &prover->formulas.nodes[index];
    if (presence->seen_nodes[index] || presence->failed) {
        return;
    }
    presence->seen_nodes[index] = 1;
    for (uint32_t i = 0; i < node->child_count; i++) {
        find_subjects(presence, node->children[i]);
    }
    if (node->kind != SLU_FORMULA_ATOM) {
        return;
    }
    const struct slu_atom *atom = &prover->atoms[node->atom];
    presence->has_values = presence->has_values || atom->kind != SLU_ATOM_PRESENT;
    if (atom->kind != SLU_ATOM_PRESENT || presence->seen_subjects[atom->subject]) {
        return;
    }
    presence->seen_subjects[atom->subject] = 1;
    if (!SLU_RESERVE(prover->arena, presence->subjects, presence->capacity, presence->count)) {
        presence->failed = true;
        return;
    }
    presence->subjects[presence->count++] = atom->subject;
}

bool slu_lint_presence(struct slu_prove_lint *lint, const slu_formula *formulas, uint32_t count, uint32_t **subjects,
                       uint32_t *subject_count, bool *has_values) {
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    struct presence presence = {.lint = lint,
                                .seen_nodes = SLU_NEW_ARRAY(&scratch, uint8_t, lint->prover->formulas.count + 1),
                                .seen_subjects = SLU_NEW_ARRAY(&scratch, uint8_t, lint->prover->subject_count)};
    presence.failed = presence.seen_nodes == NULL || presence.seen_subjects == NULL;
    for (uint32_t i = 0; i < count && !presence.failed; i++) {
        find_subjects(&presence, formulas[i]);
    }
    slu_arena_free(&scratch);
    *subjects = presence.subjects;
    *subject_count = presence.count;
    *has_values = presence.has_values;
    if (presence.failed) {
        lint->diagnostics->failed = true; /* the scratch memory is gone, and with it what would tell */
    }
    return !presence.failed;
}

/* ---- rules that never win ---- */

/* The checker has said already that the rule repeats another. */
static bool is_known_repetition(const struct slu_prove_lint *lint, uint32_t rule) {
    struct slu_span span = slu_lint_title(lint, rule).span;
    for (uint32_t i = 0; i < lint->diagnostics->count; i++) {
        const struct slu_diagnostic *item = &lint->diagnostics->items[i];
        if (item->code == SLU_DIAGNOSTIC_SAME_CONDITIONS && item->span.file == span.file &&
            item->span.start == span.start) {
            return true;
        }
    }
    return false;
}

/* An event of the rule that, of all the others, only `other` takes. */
static bool find_share(struct slu_prove_lint *lint, uint32_t rule, const struct slu_reach_answer *answer,
                       uint32_t other) {
    struct slu_query *query = &lint->query;
    const char *reason;
    slu_query_begin(query);
    slu_instance_require(query->instance, query->rules[rule], false, rule);
    slu_instance_require(query->instance, query->rules[other], false, other);
    for (uint32_t i = 0; i < answer->because_count; i++) {
        if (answer->because[i] != other) {
            slu_query_exclude(query, answer->because[i]);
        }
    }
    return slu_query_until(query, lint->model->rules[rule].ruleset, other, SLU_NO_INDEX, &reason) == SLU_VERDICT_YES;
}

static void note_thief(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic, uint32_t rule,
                       const struct slu_reach_answer *answer, uint32_t other) {
    struct slu_word title = slu_lint_title(lint, other);
    if (answer->because_count == 1 || answer->because_count > BECAUSE_SHOWN || !find_share(lint, rule, answer, other)) {
        slu_diagnostics_note_at(lint->diagnostics, diagnostic, title.span, "\"%.*s\" takes them",
                                (int)title.text.length, title.text.bytes);
        return;
    }
    struct slu_buffer event;
    slu_buffer_init(&event);
    slu_witness_write(&lint->query.witness, &event);
    if (event.failed) {
        lint->diagnostics->failed = true;
    } else {
        slu_diagnostics_note_at(lint->diagnostics, diagnostic, title.span, "\"%.*s\" takes %.*s",
                                (int)title.text.length, title.text.bytes, (int)event.length, event.bytes);
    }
    slu_buffer_free(&event);
}

static void give_because(struct slu_prove_lint *lint, struct slu_diagnostic *diagnostic,
                         const struct slu_reach_answer *answer) {
    struct slu_string *titles = SLU_NEW_ARRAY(lint->diagnostics->arena, struct slu_string, answer->because_count);
    if (titles == NULL) {
        lint->diagnostics->failed = true;
        return;
    }
    for (uint32_t i = 0; i < answer->because_count; i++) {
        titles[i] = slu_lint_title(lint, answer->because[i]).text;
    }
    diagnostic->because = titles;
    diagnostic->because_count = answer->because_count;
}

static void report_shadowed(struct slu_prove_lint *lint, uint32_t rule, const struct slu_reach_answer *answer) {
    struct slu_word title = slu_lint_title(lint, rule);
    bool otherwise = lint->model->rules[rule].syntax->otherwise;
    if (is_known_repetition(lint, rule)) {
        return;
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_UNREACHABLE_RULE, title.span,
                            otherwise ? "no event gets as far as `otherwise`"
                                      : "this rule can never win: every event that it would take goes to %s",
                            answer->because_count == 1 ? "an earlier one" : "earlier ones");
    if (diagnostic == NULL) {
        return;
    }
    if (otherwise) { /* it may stand there for the day when a rule above changes */
        slu_diagnostics_weigh(lint->diagnostics, diagnostic, SLU_SEVERITY_HINT);
    }
    give_because(lint, diagnostic, answer);
    for (uint32_t i = 0; i < answer->because_count && i < BECAUSE_SHOWN; i++) {
        note_thief(lint, diagnostic, rule, answer, answer->because[i]);
    }
    if (answer->because_count > BECAUSE_SHOWN) {
        slu_diagnostics_note(lint->diagnostics, diagnostic, "and %u more rules",
                             (unsigned)(answer->because_count - BECAUSE_SHOWN));
    }
}

/* ---- --explain ---- */

static void explain(struct slu_prove_lint *lint, uint32_t rule, const struct slu_reach_answer *answer) {
    struct slu_word title = slu_lint_title(lint, rule);
    if (lint->options->explain.length == 0 || !slu_string_equal(lint->options->explain, title.text)) {
        return;
    }
    struct slu_diagnostic *diagnostic = NULL;
    switch (answer->reach) {
    case SLU_REACHED:
        diagnostic = slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_EXPLANATION, title.span,
                                         "this rule can win; shown by an event");
        slu_lint_show_event(lint, diagnostic);
        break;
    case SLU_CONTRADICTION:
    case SLU_SHADOWED:
        diagnostic = slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_EXPLANATION, title.span,
                                         "this rule can never win; proved");
        break;
    case SLU_REACH_UNDECIDED:
        diagnostic = slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_UNDECIDED, title.span,
                                         "whether this rule can win is not decided");
        slu_diagnostics_note(lint->diagnostics, diagnostic, "%s", answer->reason);
        break;
    }
    for (uint32_t i = 0; i < lint->touched_count; i++) {
        slu_diagnostics_note_at(lint->diagnostics, diagnostic, lint->touched[i].span,
                                "the rule asks for what this is about; %s", lint->touched[i].found);
    }
}

static bool out_of_memory(const struct slu_prove_lint *lint) {
    return slu_prover_failed(lint->prover) || lint->query.instance->failed || lint->query.replay->no_memory ||
           lint->diagnostics->failed;
}

static void report_expired(struct slu_prove_lint *lint, uint32_t rule) {
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_UNDECIDED, slu_lint_title(lint, rule).span,
                            "nothing is proved from this rule on: the time for proofs was over");
    slu_diagnostics_note(lint->diagnostics, diagnostic, "no finding here does not mean that all is well");
}

/* False when it cannot go on. */
static bool lint_rule(struct slu_prove_lint *lint, uint32_t rule) {
    struct slu_reach_answer answer = slu_query_reach(&lint->query, rule);
    if (out_of_memory(lint)) {
        return false;
    }
    lint->reach[rule] = (uint8_t)answer.reach;
    explain(lint, rule, &answer);
    if (answer.reach == SLU_CONTRADICTION) {
        slu_lint_conditions(lint, rule);
    } else if (answer.reach == SLU_SHADOWED) {
        report_shadowed(lint, rule, &answer);
    }
    slu_lint_always(lint, rule);
    if (lint->prover->expired) {
        report_expired(lint, rule);
    }
    return !lint->prover->expired && !out_of_memory(lint);
}

static bool is_standard(const struct slu_prove_lint *lint, struct slu_span span) {
    return lint->diagnostics->sources->items[span.file].standard;
}

static void lint_all(struct slu_prove_lint *lint) {
    /* First what may be an error: only so many findings are kept. */
    slu_lint_assertions(lint);
    for (uint32_t i = 0; i < lint->model->rulesets_count && !out_of_memory(lint); i++) {
        const struct slu_ruleset_syntax *ruleset = lint->model->rulesets[i].syntax;
        if (ruleset->complete || (lint->options->all_gaps && !is_standard(lint, ruleset->title.span))) {
            slu_lint_gaps(lint, i);
        }
    }
    for (uint32_t i = 0; i < lint->model->rules_count; i++) {
        if (!is_standard(lint, slu_lint_title(lint, i).span) && !lint_rule(lint, i)) {
            return;
        }
    }
    if (!out_of_memory(lint)) {
        slu_lint_redundant(lint);
    }
    if (!out_of_memory(lint)) {
        slu_lint_tags(lint);
    }
    if (!out_of_memory(lint)) {
        slu_lint_guards(lint);
    }
    if (!out_of_memory(lint)) {
        slu_lint_allowances(lint);
    }
    if (lint->prover->expired && lint->model->rules_count > 0) {
        slu_diagnostics_add(
            lint->diagnostics, SLU_DIAGNOSTIC_UNDECIDED, slu_lint_title(lint, lint->model->rules_count - 1).span,
            "not all gaps, repeated actions, tags, guards and allowances were looked at: the time for proofs was over");
    }
}

enum sluice_status slu_prove_lint(const struct sluice_program *program, const struct slu_prove_options *options,
                                  struct slu_diagnostics *diagnostics) {
    struct slu_arena arena;
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_replay replay;
    slu_arena_init(&arena, 0);
    struct slu_prove_lint lint = {
        .prover = &prover, .model = program->model, .diagnostics = diagnostics, .options = options};
    bool fine = slu_prover_init(&prover, &arena, options);
    slu_instance_init(&instance, &prover);
    slu_replay_init(&replay, program, &arena);
    fine = fine && slu_query_init(&lint.query, &prover, &instance, &replay, program);
    lint.reach = SLU_NEW_ARRAY(&arena, uint8_t, program->rule_count);
    if (fine && lint.reach != NULL) {
        lint_all(&lint);
        fine = !out_of_memory(&lint);
    }
    slu_replay_free(&replay);
    slu_instance_free(&instance);
    slu_prover_free(&prover);
    slu_arena_free(&arena);
    slu_diagnostics_sort(diagnostics);
    return fine && lint.reach != NULL ? SLUICE_OK : SLUICE_NO_MEMORY;
}
