/* What tests show already. */
#include "engine/decide/convert.h"
#include "engine/decide/tests.h"
#include "engine/prove/cover_parts.h"

bool slu_cover_remember(struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                        const struct slu_witness *event, bool whole) {
    if (!SLU_RESERVE(&covering->arena, covering->shown, covering->shown_capacity, covering->shown_count)) {
        return false;
    }
    struct slu_cover_shown *shown = &covering->shown[covering->shown_count++];
    *shown = (struct slu_cover_shown){.ruleset = ruleset, .winner = winner, .whole = whole};
    return slu_situation_copy(event, &covering->arena, &shown->event);
}

static void note_decision(struct slu_covering *covering, const struct sluice_decision *decision,
                          const struct slu_witness *event) {
    const struct sluice_program *program = covering->program;
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        const struct slu_program_ruleset *ruleset = &program->rulesets[i];
        if (!slu_string_equal(ruleset->title, slu_string_take(decision->ruleset))) {
            continue;
        }
        uint32_t winner = SLU_REPLAY_NONE;
        for (uint32_t rule = ruleset->first_rule; rule < ruleset->first_rule + ruleset->rule_count; rule++) {
            if (slu_string_equal(program->rules[rule].title, slu_string_take(decision->rule))) {
                winner = rule;
            }
        }
        covering->failed = !slu_cover_remember(covering, i, winner, event, true) || covering->failed;
    }
}

static void note_step(void *context, const sluice_decider *decider, int64_t clock, const struct sluice_result *result) {
    struct slu_covering *covering = context;
    struct slu_witness event;
    if (!slu_situation_take(decider, covering->used_up, (double)clock, &covering->arena, &event)) {
        covering->failed = true;
        return;
    }
    for (size_t i = 0; i < result->count; i++) {
        note_decision(covering, &result->decisions[i], &event);
    }
}

bool slu_cover_note_tests(struct slu_covering *covering) {
    struct slu_test_observer observer = {note_step, covering};
    struct slu_test_run run;
    covering->used_up = SLU_NEW_ARRAY(&covering->arena, bool, (size_t)covering->program->allowance_count + 1);
    if (covering->used_up == NULL) {
        return false;
    }
    if (covering->cover->all) {
        return true;
    }
    return slu_tests_watch(covering->program, &covering->arena, &observer, &run) == SLUICE_OK && !covering->failed;
}

bool slu_cover_is_shown(struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                        const struct slu_witness *event, const struct slu_cover_value *value) {
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct slu_cover_shown *shown = &covering->shown[i];
        if (shown->ruleset != ruleset || shown->winner != winner) {
            continue;
        }
        if (value == NULL) {
            if (shown->whole) {
                return true;
            }
            continue;
        }
        const struct slu_witness_value *there = slu_witness_find(&shown->event, value->field->name.text);
        const struct slu_witness_value *wanted = slu_witness_find(event, value->field->name.text);
        bool alike = value->exact ? slu_situation_same(there, wanted)
                                  : (value->label != NULL || (there == NULL) == (wanted == NULL)) &&
                                        slu_situation_value(&covering->prover, &shown->event, value->test) ==
                                            slu_situation_value(&covering->prover, event, value->test);
        if (alike) {
            return true;
        }
    }
    return false;
}

bool slu_cover_is_allowance_shown(struct slu_covering *covering, uint32_t rule, uint32_t winner) {
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct slu_cover_shown *shown = &covering->shown[i];
        struct slu_witness fresh = shown->event;
        fresh.allowance_count = 0;
        if (shown->ruleset == covering->program->rules[rule].ruleset && shown->winner == winner &&
            slu_situation_value(&covering->prover, &fresh, covering->query.rules[rule]) > 0) {
            return true;
        }
    }
    return false;
}
