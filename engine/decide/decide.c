/* Decides one event and those it raises. */
#include "engine/decide/deciding.h"

#include <string.h>

static const struct sluice_facts no_facts = {NULL, NULL, NULL, NULL, NULL};

enum sluice_status slu_deciding_no_memory(struct slu_deciding *deciding) {
    return slu_error_set(deciding->error, SLU_INPUT_ERROR_NO_MEMORY,
                         "not enough memory to decide this event (at most %u bytes)",
                         (unsigned)SLU_LIMIT_EVENT_ARENA_BYTES);
}

enum sluice_status slu_deciding_status(struct slu_deciding *deciding, enum slu_machine_status status) {
    switch (status) {
    case SLU_MACHINE_OK:
        return SLUICE_OK;
    case SLU_MACHINE_NO_MEMORY:
        return slu_deciding_no_memory(deciding);
    case SLU_MACHINE_STEPS:
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_TOO_MANY_STEPS,
                             "deciding this event takes more than %u steps", (unsigned)SLU_LIMIT_STEPS);
    case SLU_MACHINE_PENDING:
    case SLU_MACHINE_FAILED:
        break;
    }
    return deciding->failure == SLUICE_OK ? slu_deciding_no_memory(deciding) : deciding->failure;
}

enum sluice_status slu_deciding_run(struct slu_deciding *deciding, struct slu_code code, struct slu_value *answer) {
    return slu_deciding_status(deciding, slu_machine_run(&deciding->machine, code, answer));
}

enum sluice_status slu_deciding_holds(struct slu_deciding *deciding, struct slu_code code, bool *holds) {
    *holds = true;
    if (code.count == 0) {
        return SLUICE_OK;
    }
    struct slu_value answer;
    enum sluice_status status = slu_deciding_run(deciding, code, &answer);
    *holds = status == SLUICE_OK && answer.type == SLU_TYPE_FLAG && answer.as.flag;
    return status;
}

/* A text without the folded form that an earlier decision may have made, which
 * is gone with that decision's memory. */
static bool copy_text(struct slu_arena *arena, struct slu_value *value) {
    if (value->type != SLU_TYPE_TEXT || value->as.text->folded.bytes != NULL) {
        return true;
    }
    struct slu_text *text = SLU_NEW(arena, struct slu_text);
    if (text == NULL) {
        return false;
    }
    text->raw = value->as.text->raw;
    value->as.text = text;
    return true;
}

static bool copy_value(struct slu_arena *arena, struct slu_value *value) {
    if (value->type != SLU_TYPE_LIST || value->as.list->count == 0) {
        return copy_text(arena, value);
    }
    const struct slu_list *from = value->as.list;
    struct slu_list *list = SLU_NEW(arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(arena, struct slu_value, from->count);
    if (list == NULL || items == NULL) {
        return false;
    }
    for (size_t i = 0; i < from->count; i++) {
        items[i] = from->items[i];
        if (!copy_text(arena, &items[i])) {
            return false;
        }
    }
    *list = (struct slu_list){from->count, items};
    *value = slu_value_list(list);
    return true;
}

/* Memory of its own for the frame, so that nothing of it is left when the event is
 * decided yet again. */
static enum sluice_status copy_slots(struct slu_deciding *deciding, const sluice_decider *decider,
                                     struct slu_frame *frame) {
    uint32_t count = deciding->program->slot_count;
    frame->slots = SLU_NEW_ARRAY(deciding->arena, struct slu_value, count);
    frame->filled = SLU_NEW_ARRAY(deciding->arena, uint8_t, count);
    if (frame->slots == NULL || frame->filled == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (decider->unread[i] == SLU_UNFILLED) {
            continue;
        }
        frame->filled[i] = SLU_FILLED;
        frame->slots[i] = decider->slots[i];
        if (!copy_value(deciding->arena, &frame->slots[i])) {
            return slu_deciding_no_memory(deciding);
        }
    }
    return SLUICE_OK;
}

/* The first decision works on the decider's own slots and memory, a later one on copies. */
static inline enum sluice_status first_frame(struct slu_deciding *deciding, sluice_decider *decider,
                                             struct slu_frame *frame) {
    *frame = (struct slu_frame){
        .next = NULL,
        .raised_by = NULL,
        .replaced = NULL,
        .replaced_count = 0,
        .event = decider->event,
        .depth = 0,
        .slots = decider->slots,
        .filled = decider->filled,
        .found = NULL,
        .guards = NULL,
        .lane = decider->lane,
        .has_lane = decider->has_lane,
    };
    if (decider->decided) {
        return copy_slots(deciding, decider, frame);
    }
    decider->decided = true;
    if (!decider->has_found && !slu_decider_find_classes(decider)) {
        return slu_deciding_no_memory(deciding);
    }
    frame->found = decider->found;
    return SLUICE_OK;
}

/* What was set becomes visible to the events that come later. */
static enum sluice_status publish_sets(struct slu_deciding *deciding) {
    for (size_t i = 0; i < deciding->set_count; i++) {
        const struct slu_pending_set *set = &deciding->sets[i];
        struct slu_known *known = slu_known_put(deciding, SLU_KNOWN_SET, set->slot, set->entity);
        if (known == NULL) {
            return slu_deciding_no_memory(deciding);
        }
        known->value = set->value;
    }
    deciding->set_count = 0;
    return SLUICE_OK;
}

static inline enum sluice_status start_frame(struct slu_deciding *deciding, struct slu_frame *frame) {
    deciding->machine.slots = frame->slots;
    deciding->machine.filled = frame->filled;
    if (frame->raised_by != NULL) {
        deciding->machine.scanned = NULL; /* of the frame before */
    }
    return frame->has_lane ? SLUICE_OK : slu_facts_key(deciding, deciding->program->conversation_id_slot, &frame->lane);
}

/* What the decisions on the frame lead to: for the watch, and for the events that come later. */
static enum sluice_status finish_frame(struct slu_deciding *deciding, const struct slu_frame *frame) {
    if (deciding->decider->watch != NULL && frame->raised_by == NULL) {
        enum sluice_status status = slu_watch_event(deciding);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return deciding->set_count > 0 ? publish_sets(deciding) : SLUICE_OK;
}

static enum sluice_status decide_frame(struct slu_deciding *deciding, struct slu_frame *frame) {
    const struct slu_program_event *event = &deciding->program->events[frame->event];
    bool watched = deciding->decider->watch != NULL && frame->raised_by == NULL;
    if (event->ruleset_count == 0 && !watched) {
        return SLUICE_OK;
    }
    deciding->frame = frame;
    enum sluice_status status = frame->raised_by == NULL ? SLUICE_OK : slu_emit_begin(deciding, frame);
    if (status == SLUICE_OK) {
        status = start_frame(deciding, frame);
    }
    for (uint32_t i = 0; i < event->ruleset_count && status == SLUICE_OK; i++) {
        status = slu_rules_decide(deciding, event->rulesets[i]);
    }
    return status == SLUICE_OK ? finish_frame(deciding, frame) : status;
}

/* The first frame, whose winner is known and has its decision. */
static enum sluice_status win_outright(struct slu_deciding *deciding, struct slu_frame *frame,
                                       const struct slu_program_rule *winner) {
    enum sluice_status status = start_frame(deciding, frame);
    deciding->decision_count = 1;
    if (status == SLUICE_OK) {
        status = slu_rules_win(deciding, winner, &deciding->decisions[0]);
    }
    return status == SLUICE_OK ? finish_frame(deciding, frame) : status;
}

static void trace_not_choices(struct slu_deciding *deciding, const sluice_decider *decider) {
    if (deciding->inputs->trace == NULL) {
        return;
    }
    for (uint32_t i = 0; i < deciding->program->slot_count; i++) {
        struct slu_string text = decider->not_a_choice[i];
        if (text.bytes == NULL) {
            continue;
        }
        slu_trace_value(deciding,
                        &(struct sluice_trace_entry){.kind = SLUICE_TRACE_NOT_A_CHOICE,
                                                     .text = slu_string_give(deciding->program->slots[i].name),
                                                     .value = {.type = SLUICE_TEXT, .text = slu_string_give(text)}});
    }
}

/* Each member has its value, so that nothing is written twice: small decisions cost little more than this. */
static inline void prepare(struct slu_deciding *deciding, sluice_decider *decider, const struct sluice_inputs *inputs,
                           struct slu_begun *begun, struct slu_frame *first, struct sluice_error *error) {
    const struct sluice_program *program = decider->program;
    bool probes = inputs->trace != NULL || decider->coverage != NULL;
    if (decider->decided) {
        slu_arena_reset(&decider->again);
    }
    struct slu_arena *arena = decider->decided ? &decider->again : &decider->arena;
    *deciding = (struct slu_deciding){
        .program = program,
        .decider = decider,
        .inputs = inputs,
        .facts = inputs->facts == NULL ? &no_facts : inputs->facts,
        .arena = arena,
        .error = error,
        .frame = first,
        .last = first,
        .decisions = &decider->first,
        .decision_count = 0,
        .decision_capacity = 1,
        .machine = {.program = program,
                    .arena = arena,
                    .slots = NULL,
                    .filled = NULL,
                    .clock = (double)inputs->clock,
                    .steps_left = begun == NULL ? SLU_LIMIT_STEPS : begun->machine.steps_left,
                    .link_base =
                        inputs->link_base.length == 0 ? program->public_url : slu_string_take(inputs->link_base),
                    .event_id = decider->id,
                    .fill = slu_facts_fill,
                    .fill_context = deciding,
                    .scanned = begun == NULL ? NULL : begun->machine.scanned,
                    .probe = probes ? slu_trace_probe : NULL,
                    .probe_context = deciding},
        .begun = begun,
        .failure = SLUICE_OK,
        .fact_depth = 0,
        .raised = 0,
        .winners_only = false,
        .known_index = {NULL, NULL, 0, 0},
        .known = NULL,
        .known_count = 0,
        .known_capacity = 0,
        .sets = NULL,
        .set_count = 0,
        .set_capacity = 0,
        .taggings = NULL,
        .tagging_count = 0,
        .tagging_capacity = 0,
    };
}

/* Can the winner be found without more than the classes? Who looks on wants to see how. */
static inline bool decides_outright(sluice_decider *decider, const struct sluice_inputs *inputs,
                                    struct slu_begun *begun, const struct slu_program_rule **winner) {
    begun->asked = false;
    return !decider->decided && inputs->trace == NULL && decider->coverage == NULL && decider->watch == NULL &&
           slu_rules_decide_outright(decider, inputs, begun, winner);
}

/* All of a decision. `outright`: the first one is made, and `winner` has to have its actions. */
static enum sluice_status decide(sluice_decider *decider, const struct sluice_inputs *inputs, struct slu_begun *begun,
                                 bool outright, const struct slu_program_rule *winner, struct sluice_result *result,
                                 struct sluice_error *error) {
    struct slu_deciding deciding;
    struct slu_frame first;
    if (outright) { /* there by the time that all is ready */
        const struct slu_program_action *action = &decider->program->actions[winner->first_action];
        __builtin_prefetch(&action->kind);
        __builtin_prefetch(&action->given);
    }
    prepare(&deciding, decider, inputs, begun->asked ? begun : NULL, &first, error);
    enum sluice_status status = first_frame(&deciding, decider, &first);
    trace_not_choices(&deciding, decider);
    struct slu_frame *frame = &first;
    if (outright && status == SLUICE_OK) {
        status = win_outright(&deciding, frame, winner);
        frame = frame->next;
    }
    for (; frame != NULL && status == SLUICE_OK; frame = frame->next) {
        status = decide_frame(&deciding, frame);
    }
    if (status == SLUICE_OK && deciding.arena->failed) {
        status = slu_deciding_no_memory(&deciding);
    }
    if (status == SLUICE_OK) {
        *result = (struct sluice_result){deciding.decisions, deciding.decision_count};
    }
    return status;
}

enum sluice_status sluice_decide(sluice_decider *decider, const struct sluice_inputs *inputs,
                                 struct sluice_result *result, struct sluice_error *error) {
    const struct slu_program_rule *winner = NULL;
    *result = (struct sluice_result){NULL, 0};
    if (decider->event == SLU_NO_INDEX) {
        return slu_error_set(error, SLU_INPUT_ERROR_NO_EVENT, "no event was read before deciding");
    }
    struct slu_begun begun;
    bool outright = decides_outright(decider, inputs, &begun, &winner);
    if (!outright || winner != NULL) {
        return decide(decider, inputs, &begun, outright, winner, result, error);
    }
    decider->decided = true;
    *result = (struct sluice_result){&decider->first, 1};
    return SLUICE_OK;
}

enum sluice_status slu_deciding_begin(struct slu_deciding *deciding, struct slu_frame *frame, sluice_decider *decider,
                                      const struct sluice_inputs *inputs, struct sluice_error *error) {
    prepare(deciding, decider, inputs, NULL, frame, error);
    enum sluice_status status = first_frame(deciding, decider, frame);
    return status == SLUICE_OK ? start_frame(deciding, frame) : status;
}

static enum sluice_status find_winners(sluice_decider *decider, const struct sluice_inputs *inputs,
                                       struct slu_begun *begun, struct sluice_result *result,
                                       struct sluice_error *error) {
    struct slu_deciding deciding;
    struct slu_frame frame;
    prepare(&deciding, decider, inputs, begun->asked ? begun : NULL, &frame, error);
    deciding.winners_only = true;
    enum sluice_status status = first_frame(&deciding, decider, &frame);
    if (status == SLUICE_OK) {
        status = decide_frame(&deciding, &frame);
    }
    decider->decided = false;
    *result = (struct sluice_result){deciding.decisions, deciding.decision_count};
    return status;
}

enum sluice_status slu_decide_winners(sluice_decider *decider, const struct sluice_inputs *inputs,
                                      struct sluice_result *result, struct sluice_error *error) {
    const struct slu_program_rule *winner;
    struct slu_begun begun;
    if (!decides_outright(decider, inputs, &begun, &winner)) {
        return find_winners(decider, inputs, &begun, result, error);
    }
    *result = (struct sluice_result){&decider->first, 1};
    return SLUICE_OK;
}

enum sluice_status slu_decide_expected(sluice_decider *decider, const struct sluice_inputs *inputs, uint32_t first,
                                       uint32_t count, const struct slu_bound_action *written,
                                       struct slu_action_list *expected, struct sluice_error *error) {
    static const struct sluice_string by_some_guard = {"expected", 8};
    struct slu_deciding deciding;
    struct slu_frame frame;
    *expected = (struct slu_action_list){NULL, 0, 0};
    enum sluice_status status = slu_deciding_begin(&deciding, &frame, decider, inputs, error);
    deciding.machine.probe = NULL;
    for (uint32_t i = 0; i < count && status == SLUICE_OK; i++) {
        size_t before = expected->count;
        status = slu_actions_evaluate(&deciding, &decider->program->actions[first + i], expected);
        for (size_t j = before; j < expected->count && written[i].syntax->blocked; j++) {
            expected->items[j].blocked_by = by_some_guard;
        }
    }
    return status == SLUICE_OK && deciding.arena->failed ? slu_deciding_no_memory(&deciding) : status;
}
