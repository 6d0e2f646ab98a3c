#include "engine/decide/tests.h"

#include "engine/decide/store.h"
#include "engine/decide/tests_parts.h"

#include <stdio.h>
#include <string.h>

struct running {
    const sluice_program *program;
    struct slu_arena *arena; /* the caller's: results */
    sluice_decider *decider;
    uint8_t *stand_ins;      /* the decider's: 1 where the step gives nothing */
    struct slu_store *store; /* of the test */
    struct slu_test_result *result;
    struct slu_test_failure **last; /* where the next failure goes */
    uint32_t given, outcome;        /* how many were passed: indices into the program's givens and expected */
    int64_t clock;
    const struct slu_test_observer *observer; /* or NULL */
};

static enum sluice_status fail_with(struct running *running, struct slu_span span, struct slu_string text) {
    struct slu_test_failure *failure = SLU_NEW(running->arena, struct slu_test_failure);
    if (failure == NULL) {
        return SLUICE_NO_MEMORY;
    }
    *failure = (struct slu_test_failure){NULL, span, text};
    *running->last = failure;
    running->last = &failure->next;
    return SLUICE_OK;
}

/* ---- what is given ---- */

/* Givens are literals: they read no field. */
static enum sluice_status run_given(struct running *running, struct slu_code code, struct slu_value *value) {
    sluice_decider *decider = running->decider;
    struct slu_machine machine = {.program = running->program,
                                  .arena = &decider->arena,
                                  .slots = decider->slots,
                                  .filled = decider->filled,
                                  .clock = (double)running->clock,
                                  .steps_left = SLU_LIMIT_STEPS};
    *value = slu_value_missing();
    if (code.count == 0) {
        return SLUICE_OK;
    }
    return slu_machine_run(&machine, code, value) == SLU_MACHINE_OK ? SLUICE_OK : SLUICE_NO_MEMORY;
}

/* State goes into the store, under the id that the step gives. */
static enum sluice_status give_state(struct running *running, const struct slu_slot *slot, struct slu_value value) {
    struct slu_string entity;
    struct sluice_value given;
    struct slu_arena *arena = &running->decider->arena;
    if (!slu_value_key(running->decider->slots[slot->entity_slot], arena, &entity) ||
        !slu_value_give(arena, value, &given)) {
        return SLUICE_NO_MEMORY;
    }
    if (entity.length == 0 && running->stand_ins[slot->entity_slot] != 0) {
        entity = SLU_STRING(SLU_STAND_IN);
    }
    return entity.length == 0 ? SLUICE_OK : slu_store_set_state(running->store, slot->name, entity, &given);
}

static enum sluice_status give_lookup(struct running *running, const struct slu_slot *slot, struct slu_value value) {
    struct sluice_value given;
    struct slu_string any = {NULL, 0};
    if (!slu_value_give(&running->decider->arena, value, &given)) {
        return SLUICE_NO_MEMORY;
    }
    return slu_store_set_lookup(running->store, running->program->lookups[slot->lookup].name, any, slot->result,
                                &given);
}

static enum sluice_status give(struct running *running, uint32_t index, struct slu_code code) {
    const struct slu_slot *slot = &running->program->slots[index];
    struct slu_string not_a_choice;
    struct slu_value value;
    enum sluice_status status = run_given(running, code, &value);
    if (status != SLUICE_OK) {
        return status;
    }
    switch (slot->origin) {
    case SLU_FIELD_STATE:
        return give_state(running, slot, value);
    case SLU_FIELD_LOOKUP:
        return give_lookup(running, slot, value);
    case SLU_FIELD_EVENT:
        break;
    }
    if (!slu_slot_fit(slot, &running->decider->arena, &value, &not_a_choice)) {
        return SLUICE_NO_MEMORY;
    }
    slu_decider_set(running->decider, index, value);
    running->stand_ins[index] = 0;
    return SLUICE_OK;
}

/* The slot of a given field, or SLU_MAP_NONE: no rule reads it. */
static uint32_t given_slot(const struct running *running, const struct slu_bound_given *given) {
    return slu_map_find(&running->program->slot_names, running->program->model->fields[given->field].name.text);
}

/* The event's own fields first: state needs to know whose it is. */
static enum sluice_status give_all(struct running *running, const struct slu_bound_step *step) {
    enum sluice_status status = SLUICE_OK;
    memset(running->stand_ins, 1, running->program->slot_count);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < step->given_count && status == SLUICE_OK; i++) {
            uint32_t slot = given_slot(running, &step->given[i]);
            if (slot == SLU_MAP_NONE) {
                continue;
            }
            bool is_event = running->program->slots[slot].origin == SLU_FIELD_EVENT;
            if (is_event == (pass == 0)) {
                status = give(running, slot, running->program->givens[running->given + i]);
            }
        }
    }
    running->given += step->given_count;
    return status;
}

/* ---- what is expected ---- */

static enum sluice_status check_outcome(struct running *running, const struct slu_bound_outcome *outcome,
                                        const struct sluice_inputs *inputs, const struct sluice_result *result) {
    const struct slu_program_expected *code = &running->program->expected[running->outcome++];
    struct slu_action_list expected;
    struct sluice_error error = {.at_byte = 0};
    bool met;
    struct slu_string text;
    enum sluice_status status = slu_decide_expected(running->decider, inputs, code->first_action, code->action_count,
                                                    outcome->actions, &expected, &error);
    if (status == SLUICE_LIMIT) {
        struct slu_string message;
        bool kept = slu_arena_copy_string(running->arena, slu_string_from(error.message), &message);
        return kept ? fail_with(running, outcome->syntax->span, message) : SLUICE_NO_MEMORY;
    }
    if (status != SLUICE_OK) {
        return status;
    }
    struct slu_test_check check = {running->program, outcome, result, &expected};
    status = slu_test_compare(&check, running->arena, &met, &text);
    if (status != SLUICE_OK || met) {
        return status;
    }
    return fail_with(running, outcome->syntax->span, text);
}

/* The event cannot be decided: that is what the test finds. */
static enum sluice_status fail_step(struct running *running, const struct slu_bound_step *step,
                                    const struct sluice_error *error) {
    struct slu_string message;
    running->outcome += step->outcome_count;
    if (!slu_arena_copy_string(running->arena, slu_string_from(error->message), &message)) {
        return SLUICE_NO_MEMORY;
    }
    return fail_with(running, step->syntax->span, message);
}

static enum sluice_status apply(struct running *running, const struct sluice_result *result) {
    struct slu_string lane;
    if (!slu_decider_lane(running->decider, &lane)) {
        return SLUICE_NO_MEMORY;
    }
    struct sluice_event event = {.kind = slu_string_give(running->program->events[running->decider->event].name),
                                 .lane = slu_string_give(lane)};
    return slu_store_apply(running->store, &event, result, running->clock);
}

static enum sluice_status run_step(struct running *running, const struct slu_bound_step *step) {
    if (step->syntax->has_time) {
        running->clock = (int64_t)step->syntax->time;
    }
    struct sluice_inputs inputs = {.clock = running->clock, .facts = slu_store_facts(running->store)};
    struct sluice_result result;
    struct sluice_error error = {.at_byte = 0};
    slu_decider_clear(running->decider);
    running->decider->event = step->event;
    enum sluice_status status = slu_store_advance(running->store, running->clock);
    if (status == SLUICE_OK) {
        status = give_all(running, step);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    status = sluice_decide(running->decider, &inputs, &result, &error);
    if (status == SLUICE_LIMIT) {
        return fail_step(running, step, &error);
    }
    if (status == SLUICE_OK && running->observer != NULL) {
        running->observer->step(running->observer->context, running->decider, running->clock, &result);
    }
    struct slu_coverage *coverage = running->decider->coverage;
    running->decider->coverage = NULL; /* what is expected is no run of a rule */
    for (uint32_t i = 0; i < step->outcome_count && status == SLUICE_OK; i++) {
        status = check_outcome(running, &step->outcomes[i], &inputs, &result);
    }
    running->decider->coverage = coverage;
    return status == SLUICE_OK ? apply(running, &result) : status;
}

static enum sluice_status run_test(struct running *running, const struct slu_bound_test *test) {
    *running->result = (struct slu_test_result){test->syntax->title.text, test->title_span, NULL};
    running->last = &running->result->failures;
    running->clock = SLU_TEST_CLOCK;
    enum sluice_status status = slu_store_new(running->program, &running->store);
    for (uint32_t i = 0; i < test->step_count && status == SLUICE_OK; i++) {
        status = run_step(running, &test->steps[i]);
    }
    slu_store_free(running->store);
    running->store = NULL;
    return status;
}

enum sluice_status slu_tests_run(const sluice_program *program, struct slu_arena *arena, struct slu_test_run *run) {
    return slu_tests_watch(program, arena, NULL, run);
}

enum sluice_status slu_tests_watch(const sluice_program *program, struct slu_arena *arena,
                                   const struct slu_test_observer *observer, struct slu_test_run *run) {
    const struct slu_model *model = program->model;
    struct running running = {.program = program,
                              .arena = arena,
                              .stand_ins = SLU_NEW_ARRAY(arena, uint8_t, program->slot_count),
                              .observer = observer};
    *run = (struct slu_test_run){.count = model->tests_count,
                                 .tests = SLU_NEW_ARRAY(arena, struct slu_test_result, model->tests_count)};
    if (run->tests == NULL || running.stand_ins == NULL || !slu_coverage_new(program, arena, &run->coverage)) {
        return SLUICE_NO_MEMORY;
    }
    enum sluice_status status = sluice_decider_new(program, &running.decider);
    if (status != SLUICE_OK) {
        return status;
    }
    running.decider->coverage = &run->coverage;
    running.decider->stand_ins = running.stand_ins;
    for (uint32_t i = 0; i < model->tests_count && status == SLUICE_OK; i++) {
        running.result = &run->tests[i];
        status = run_test(&running, &model->tests[i]);
        run->passed += running.result->failures == NULL;
        run->failed += running.result->failures != NULL;
    }
    sluice_decider_free(running.decider);
    return status;
}

/* ---- coverage ---- */

bool slu_coverage_new(const sluice_program *program, struct slu_arena *arena, struct slu_coverage *coverage) {
    coverage->wins = SLU_NEW_ARRAY(arena, uint64_t, program->rule_count);
    coverage->seen = SLU_NEW_ARRAY(arena, uint8_t, program->code_count);
    return coverage->wins != NULL && coverage->seen != NULL;
}

void slu_coverage_conditions(const sluice_program *program, const struct slu_coverage *coverage, uint32_t rule,
                             void (*visit)(void *context, const struct slu_debug *condition, unsigned seen),
                             void *context) {
    struct slu_code code = program->rules[rule].condition;
    for (uint32_t i = 0; i < code.count; i++) {
        const struct slu_debug *condition = slu_program_debug(program, code.start + i);
        if (condition != NULL) {
            visit(context, condition, coverage->seen[code.start + i]);
        }
    }
}
