/* Assertions: proved, refuted by an event or a sequence of events, or undecided. */
#include "engine/prove/assertions.h"

#include <stdio.h>

void slu_assertion_doubt(struct slu_assertion_proof *proof, const char *reason, uint32_t rule) {
    if (proof->is_doubted) {
        return;
    }
    proof->is_doubted = true;
    proof->reason_rule = rule;
    if (reason != NULL) {
        proof->reason = slu_string_from(reason);
        return;
    }
    struct slu_buffer text;
    slu_buffer_init(&text);
    const struct slu_witness *witness = proof->pool_count > 0 ? &proof->pool[0].witness : NULL;
    if (witness != NULL) {
        slu_buffer_add_text(&text, "an event breaks it where ");
        size_t without = text.length;
        slu_witness_write_facts(witness, &text);
        if (text.length == without) {
            slu_buffer_clear(&text);
        }
    }
    if (text.length > 0) {
        slu_buffer_add_format(&text, ", and no sequence of up to %d events was found that leads there",
                              (int)SLU_SEQUENCE_EVENTS);
    } else {
        slu_buffer_add_text(&text, witness != NULL && witness->has_opaque
                                       ? "it hangs on something that is not reasoned about: a function, a "
                                         "calculation, a calendar, two fields compared with each other, or what "
                                         "raised events do"
                                       : "no event could be made that the engine confirms");
    }
    if (text.failed || !slu_arena_copy_string(proof->lint->prover->arena, slu_buffer_string(&text), &proof->reason)) {
        proof->lint->prover->arena->failed = true;
    }
    slu_buffer_free(&text);
}

/* ---- reports ---- */

static void note_events(struct slu_assertion_proof *proof, struct slu_diagnostic *diagnostic) {
    struct slu_diagnostics *diagnostics = proof->lint->diagnostics;
    struct slu_string *events = SLU_NEW_ARRAY(diagnostics->arena, struct slu_string, proof->shown_count);
    for (uint32_t i = 0; i < proof->shown_count && events != NULL && diagnostic != NULL; i++) {
        struct slu_string event = proof->shown[i].event, facts = proof->shown[i].facts;
        char number[16] = "";
        if (proof->shown_count > 1) {
            snprintf(number, sizeof number, "%u. ", (unsigned)(i + 1));
        }
        slu_diagnostics_note(diagnostics, diagnostic, "%s%.*s%s%.*s", number, (int)event.length, event.bytes,
                             facts.length > 0 ? ", where " : "", (int)facts.length,
                             facts.length > 0 ? facts.bytes : "");
        if (!slu_arena_copy_string(diagnostics->arena, event, &events[i])) {
            diagnostics->failed = true;
            return;
        }
    }
    if (events == NULL) {
        diagnostics->failed = true;
    } else if (diagnostic != NULL && proof->shown_count == 1) {
        diagnostic->event = events[0];
    } else if (diagnostic != NULL) {
        diagnostic->events = events;
        diagnostic->event_count = proof->shown_count;
    }
}

static void note_rule(struct slu_assertion_proof *proof, struct slu_diagnostic *diagnostic) {
    const struct slu_model *model = proof->lint->model;
    const struct slu_sequence *sequence = proof->sequence;
    uint32_t ruleset = slu_map_find(&model->ruleset_titles, sequence->ruleset);
    if (sequence->asked_count == 0 || sequence->rule.bytes == NULL || ruleset == SLU_MAP_NONE) {
        return;
    }
    const struct slu_bound_ruleset *rules = &model->rulesets[ruleset];
    for (uint32_t i = rules->first_rule; i < rules->first_rule + rules->rule_count; i++) {
        if (slu_string_equal(model->rules[i].syntax->title.text, sequence->rule)) {
            struct slu_string action = sequence->asked[sequence->asked_count - 1].action;
            bool otherwise = model->rules[i].syntax->otherwise;
            slu_diagnostics_note_at(proof->lint->diagnostics, diagnostic, model->rules[i].syntax->title.span,
                                    "%s%.*s%s asks for `%.*s`", otherwise ? "`" : "\"", (int)sequence->rule.length,
                                    sequence->rule.bytes, otherwise ? "`" : "\"", (int)action.length, action.bytes);
            return;
        }
    }
}

static void report_broken(struct slu_assertion_proof *proof) {
    const struct slu_sequence *sequence = proof->sequence;
    struct slu_diagnostics *diagnostics = proof->lint->diagnostics;
    struct slu_span span = proof->assertion->span;
    const char *by = proof->shown_count > 1 ? "a sequence of events" : "an event";
    struct slu_diagnostic *diagnostic = NULL;
    switch (proof->assertion->kind) {
    case SLU_ASSERTION_NEVER:
        diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_BROKEN_ASSERTION, span,
                                         "the rules do not keep this: %s breaks it", by);
        break;
    case SLU_ASSERTION_AT_MOST:
        diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_BROKEN_ASSERTION, span,
                                         "the rules do not keep this: %s asks for it %u times", by,
                                         (unsigned)sequence->asked_count);
        break;
    case SLU_ASSERTION_ALWAYS_ONE:
        if (sequence->carried == 0) {
            diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_BROKEN_ASSERTION, span,
                                             "the rules do not keep this: after %s the conversation carries none of "
                                             "the group",
                                             by);
        } else {
            diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_BROKEN_ASSERTION, span,
                                             "the rules do not keep this: after %s the conversation carries \"%.*s\" "
                                             "and \"%.*s\"",
                                             by, (int)sequence->members[0].length, sequence->members[0].bytes,
                                             (int)sequence->members[1].length, sequence->members[1].bytes);
        }
        break;
    }
    note_rule(proof, diagnostic);
    note_events(proof, diagnostic);
}

static void report_undecided(struct slu_assertion_proof *proof) {
    struct slu_diagnostics *diagnostics = proof->lint->diagnostics;
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_UNDECIDED, proof->assertion->span,
                            "whether the rules keep this could be neither proved nor refuted");
    slu_diagnostics_weigh(diagnostics, diagnostic, SLU_SEVERITY_WARNING);
    if (proof->reason_rule == SLU_NO_INDEX) {
        slu_diagnostics_note(diagnostics, diagnostic, "%.*s", (int)proof->reason.length, proof->reason.bytes);
    } else {
        slu_diagnostics_note_at(diagnostics, diagnostic, slu_lint_title(proof->lint, proof->reason_rule).span, "%.*s",
                                (int)proof->reason.length, proof->reason.bytes);
    }
}

/* ---- --explain ---- */

/* Remembers the assertion where the rule to explain asks for what it is about. */
static void note_touched(struct slu_assertion_proof *proof) {
    struct slu_prove_lint *lint = proof->lint;
    bool touches = false;
    for (uint32_t i = 0; i < lint->model->rules_count && lint->options->explain.length > 0; i++) {
        struct slu_rule_asks asks;
        touches = touches || (slu_string_equal(slu_lint_title(lint, i).text, lint->options->explain) &&
                              slu_assertion_asks(proof, i, &asks));
    }
    if (touches && SLU_RESERVE(lint->prover->arena, lint->touched, lint->touched_capacity, lint->touched_count)) {
        lint->touched[lint->touched_count++] = (struct slu_touched_assertion){
            proof->assertion->span, proof->broken       ? "the rules do not keep it"
                                    : proof->is_doubted ? "whether the rules keep it is not decided"
                                                        : "the rules keep it (proved)"};
    }
}

/* ---- all of them ---- */

static void prove_one(struct slu_assertion_proof *proof) {
    static void (*const kinds[])(struct slu_assertion_proof *) = {
        [SLU_ASSERTION_NEVER] = slu_assertion_never,
        [SLU_ASSERTION_AT_MOST] = slu_assertion_at_most,
        [SLU_ASSERTION_ALWAYS_ONE] = slu_assertion_always_one,
    };
    if (proof->assertion->condition != NULL) {
        proof->condition = slu_prove_condition(proof->lint->prover, proof->lint->model, proof->assertion->condition);
    }
    if (slu_prover_expired(proof->lint->prover)) {
        slu_assertion_doubt(proof, "the time for proofs was over", SLU_NO_INDEX);
    } else {
        kinds[proof->assertion->kind](proof);
    }
}

void slu_lint_assertions(struct slu_prove_lint *lint) {
    struct slu_sequence sequence;
    struct slu_assertion_proof *proof = SLU_NEW(lint->prover->arena, struct slu_assertion_proof);
    uint8_t *in_pool = SLU_NEW_ARRAY(lint->prover->arena, uint8_t, lint->model->rules_count);
    if (lint->model->assertions_count == 0 || proof == NULL || in_pool == NULL) {
        return;
    }
    bool fine = slu_sequence_init(&sequence, lint->query.program);
    for (uint32_t i = 0; fine && i < lint->model->assertions_count; i++) {
        *proof = (struct slu_assertion_proof){.lint = lint,
                                              .sequence = &sequence,
                                              .number = i,
                                              .assertion = &lint->model->assertions[i],
                                              .condition = SLU_ALWAYS,
                                              .reason_rule = SLU_NO_INDEX,
                                              .in_pool = in_pool};
        prove_one(proof);
        note_touched(proof);
        fine = !sequence.no_memory && !lint->query.instance->failed && !lint->query.replay->no_memory &&
               !slu_prover_failed(lint->prover);
        if (fine && proof->broken) {
            report_broken(proof);
        } else if (fine && proof->is_doubted) {
            report_undecided(proof);
        }
    }
    lint->prover->arena->failed |= !fine;
    slu_sequence_free(&sequence);
}
