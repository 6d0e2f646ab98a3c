/* Events that rules raise: queued, then decided in the order raised. */
#include "engine/decide/deciding.h"

#include <string.h>

/* One more event of that name: is there room for it? */
static enum sluice_status check_limits(struct slu_deciding *deciding, struct slu_string event) {
    int length = (int)(event.length > 100 ? 100 : event.length);
    if (deciding->frame->depth >= SLU_LIMIT_EMIT_DEPTH) {
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_RAISED_TOO_DEEP,
                             "events raise one another more than %u deep: %.*s is one too many",
                             (unsigned)SLU_LIMIT_EMIT_DEPTH, length, event.bytes);
    }
    if (deciding->raised >= SLU_LIMIT_EMITTED) {
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_TOO_MANY_RAISED,
                             "more than %u events are raised: %.*s is one too many", (unsigned)SLU_LIMIT_EMITTED,
                             length, event.bytes);
    }
    return SLUICE_OK;
}

enum sluice_status slu_emit_queue(struct slu_deciding *deciding, const struct slu_program_action *code,
                                  struct slu_replaced *replaced, uint32_t replaced_count,
                                  struct sluice_action *action) {
    struct slu_frame *by = deciding->frame;
    for (uint32_t i = 0; i < replaced_count; i++) {
        struct slu_string key, not_a_choice;
        if (!slu_slot_fit(&deciding->program->slots[replaced[i].slot], deciding->arena, &replaced[i].value,
                          &not_a_choice) ||
            !slu_value_key(replaced[i].value, deciding->arena, &key)) {
            return slu_deciding_no_memory(deciding);
        }
        if (replaced[i].slot == deciding->program->conversation_id_slot) {
            action->lane = slu_string_give(key);
        }
    }
    if (code->delay > 0) {
        return SLUICE_OK;
    }
    enum sluice_status status = check_limits(deciding, code->name);
    if (status != SLUICE_OK) {
        return status;
    }
    struct slu_frame *frame = SLU_NEW(deciding->arena, struct slu_frame);
    if (frame == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    *frame = (struct slu_frame){.raised_by = by,
                                .replaced = replaced,
                                .replaced_count = replaced_count,
                                .event = code->event,
                                .depth = by->depth + 1};
    deciding->last->next = frame;
    deciding->last = frame;
    deciding->raised++;
    return SLUICE_OK;
}

/* Does the code read a field whose value is not what it was? */
static bool reads_changed(const struct sluice_program *program, struct slu_code code, const bool *changed) {
    for (uint32_t i = 0; i < code.count; i++) {
        slu_instruction instruction = program->code[code.start + i];
        if (slu_instruction_opcode(instruction) == SLU_OP_SLOT && changed[slu_instruction_operand(instruction)]) {
            return true;
        }
    }
    return false;
}

/* State of another entity, and state that an earlier event has set. */
static enum sluice_status state_changed(struct slu_deciding *deciding, uint32_t index, const struct slu_frame *frame,
                                        const bool *changed, bool *answer) {
    uint32_t entity_slot = deciding->program->slots[index].entity_slot;
    *answer = changed[entity_slot];
    if (*answer || frame->filled[entity_slot] == SLU_UNFILLED) {
        return SLUICE_OK;
    }
    struct slu_string entity;
    if (!slu_value_key(frame->slots[entity_slot], deciding->arena, &entity)) {
        return slu_deciding_no_memory(deciding);
    }
    *answer = entity.length > 0 && slu_known_find(deciding, SLU_KNOWN_SET, index, entity) != NULL;
    return SLUICE_OK;
}

static bool lookup_changed(const struct sluice_program *program, uint32_t index, const bool *changed) {
    const struct slu_program_lookup *lookup = &program->lookups[program->slots[index].lookup];
    for (uint32_t i = 0; i < lookup->argument_count; i++) {
        if (reads_changed(program, lookup->arguments[i], changed)) {
            return true;
        }
    }
    return false;
}

/* Forgets the answers that hang on changed fields, and those that hang on
 * these, until nothing more changes. Answers to questions that are the same
 * as before are kept: they are not asked again. */
static enum sluice_status forget_changed(struct slu_deciding *deciding, struct slu_frame *frame, bool *changed) {
    const struct sluice_program *program = deciding->program;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < program->slot_count; i++) {
            enum slu_field_origin origin = program->slots[i].origin;
            bool stale = false;
            enum sluice_status status = SLUICE_OK;
            if (origin == SLU_FIELD_EVENT || changed[i] || frame->filled[i] == SLU_UNFILLED) {
                continue;
            }
            if (origin == SLU_FIELD_STATE) {
                status = state_changed(deciding, i, frame, changed, &stale);
            } else {
                stale = lookup_changed(program, i, changed);
            }
            if (status != SLUICE_OK) {
                return status;
            }
            if (stale) {
                changed[i] = true;
                frame->filled[i] = SLU_UNFILLED;
                again = true;
            }
        }
    }
    return SLUICE_OK;
}

enum sluice_status slu_emit_begin(struct slu_deciding *deciding, struct slu_frame *frame) {
    uint32_t count = deciding->program->slot_count;
    frame->slots = SLU_NEW_ARRAY(deciding->arena, struct slu_value, count);
    frame->filled = SLU_NEW_ARRAY(deciding->arena, uint8_t, count);
    bool *changed = SLU_NEW_ARRAY(deciding->arena, bool, count);
    if (frame->slots == NULL || frame->filled == NULL || changed == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    if (count > 0) {
        memcpy(frame->slots, frame->raised_by->slots, count * sizeof *frame->slots);
        memcpy(frame->filled, frame->raised_by->filled, count * sizeof *frame->filled);
    }
    for (uint32_t i = 0; i < frame->replaced_count; i++) {
        const struct slu_replaced *replaced = &frame->replaced[i];
        frame->slots[replaced->slot] = replaced->value;
        frame->filled[replaced->slot] = SLU_FILLED;
        changed[replaced->slot] = true;
    }
    slu_trace_text(deciding, SLUICE_TRACE_RAISED, deciding->program->events[frame->event].name, true,
                   (struct slu_string){NULL, 0}, 0);
    return forget_changed(deciding, frame, changed);
}
