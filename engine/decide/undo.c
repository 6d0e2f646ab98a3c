/* `undo`: what reverses the actions of a recorded decision, last first. */
#include "engine/decide/deciding.h"
#include "engine/decide/pack.h"

#include <stdio.h>
#include <string.h>

/* The facts' answer lives only while deciding: the result needs its own copy. */
static enum sluice_status copy_recorded(struct slu_deciding *deciding, const struct sluice_recorded_action **actions,
                                        size_t count) {
    struct slu_packing packing = {NULL, 0};
    slu_pack_recorded(&packing, *actions, count, NULL);
    packing.base = slu_arena_alloc(deciding->arena, packing.used);
    if (packing.base == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    packing.used = 0;
    slu_pack_recorded(&packing, *actions, count, actions);
    return SLUICE_OK;
}

static enum sluice_status refuse(struct slu_deciding *deciding, struct sluice_action *action, const char *before,
                                 struct slu_string name, const char *after) {
    size_t room = name.length + 80;
    char *text = slu_arena_alloc_bytes(deciding->arena, room);
    if (text == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    int length = snprintf(text, room, "%s%.*s%s", before, (int)name.length, name.bytes, after);
    action->cannot = (struct sluice_string){text, length < 0 ? 0 : (size_t)length};
    return SLUICE_OK;
}

static uint32_t find_operation(const struct sluice_program *program, struct slu_string name) {
    for (uint32_t i = 0; i < program->operation_count; i++) {
        if (slu_string_equal(program->operations[i].name, name)) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* Until it is known how to reverse it, `action` stands for the recorded action
 * itself, so that a person reads what cannot be reversed. */
static enum sluice_status reverse_call(struct slu_deciding *deciding, const struct sluice_recorded_action *recorded,
                                       struct sluice_action *action) {
    const struct sluice_program *program = deciding->program;
    uint32_t operation = find_operation(program, slu_string_take(recorded->name));
    if (operation == SLU_NO_INDEX) {
        return refuse(deciding, action, "", slu_string_take(recorded->name), " is not declared any more");
    }
    uint32_t inverse = program->operations[operation].inverse;
    if (program->operations[operation].cannot_undo.length > 0) {
        action->cannot = slu_string_give(program->operations[operation].cannot_undo);
        return SLUICE_OK;
    }
    if (inverse == SLU_NO_INDEX) {
        return refuse(deciding, action, "", slu_string_take(recorded->name), " has no inverse");
    }
    struct sluice_action reversed = *action;
    struct slu_string missing;
    reversed.name = slu_string_give(program->operations[inverse].name);
    reversed.argument_count = 0;
    enum sluice_status status = slu_inverse_arguments(deciding, &program->operations[inverse], recorded->arguments,
                                                      recorded->argument_count, &reversed, &missing);
    if (status != SLUICE_OK) {
        return status;
    }
    if (missing.bytes != NULL) {
        return refuse(deciding, action, "its inverse needs `", missing, "`, which was not recorded");
    }
    *action = reversed;
    return slu_guards_apply(deciding, inverse, action);
}

/* What the field is now: as read, or, when no rule reads it, as it was set. */
static enum sluice_status reverse_set(struct slu_deciding *deciding, const struct sluice_recorded_action *recorded,
                                      struct sluice_action *action) {
    struct sluice_argument *argument = SLU_NEW(deciding->arena, struct sluice_argument);
    if (argument == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    *argument = (struct sluice_argument){{"value", 5}, recorded->before};
    action->entity = recorded->entity;
    action->before = recorded->argument_count > 0 ? recorded->arguments[0].value : action->before;
    action->arguments = argument;
    action->argument_count = 1;
    uint32_t slot = slu_map_find(&deciding->program->slot_names, slu_string_take(recorded->name));
    if (slot == SLU_MAP_NONE || recorded->entity.length == 0) {
        return SLUICE_OK;
    }
    struct slu_value before, value;
    struct slu_string entity = slu_string_take(recorded->entity);
    enum sluice_status status = slu_facts_state(deciding, slot, entity, &before);
    if (status != SLUICE_OK) {
        return status;
    }
    if (!slu_value_give(deciding->arena, before, &action->before) ||
        !slu_value_take(deciding->arena, &recorded->before, &value)) {
        return slu_deciding_no_memory(deciding);
    }
    return action->delay > 0 ? SLUICE_OK : slu_actions_note_set(deciding, slot, entity, value);
}

static enum sluice_status reverse(struct slu_deciding *deciding, const struct sluice_action *undo,
                                  const struct sluice_recorded_action *recorded, struct slu_action_list *list) {
    struct sluice_action *action = slu_actions_add(deciding, list, recorded->kind, slu_string_take(recorded->name));
    if (action == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    action->arguments = recorded->arguments;
    action->argument_count = recorded->argument_count;
    action->delay = undo->delay;
    action->unless = undo->unless;
    action->unless_count = undo->unless_count;
    switch (recorded->kind) {
    case SLUICE_ACTION_CALL:
        return reverse_call(deciding, recorded, action);
    case SLUICE_ACTION_SET:
        return reverse_set(deciding, recorded, action);
    case SLUICE_ACTION_EMIT:
        return refuse(deciding, action, "a raised event cannot be taken back", (struct slu_string){"", 0}, "");
    case SLUICE_ACTION_UNDO:
        return refuse(deciding, action, "an undo cannot be undone", (struct slu_string){"", 0}, "");
    case SLUICE_ACTION_RECORD:
        break;
    }
    return SLUICE_OK;
}

/* The decision is found by the rule's title and the conversation; what this
 * result has already undone is not undone a second time. */
static enum sluice_status find_recorded(struct slu_deciding *deciding, const struct sluice_action *undo,
                                        const struct sluice_recorded_action **actions, size_t *count) {
    const struct sluice_facts *facts = deciding->facts;
    struct slu_string rule = slu_string_take(undo->name);
    /* The lane's length stands in for a separator. */
    size_t length = undo->lane.length + rule.length;
    uint32_t index = (uint32_t)undo->lane.length;
    char *text = slu_arena_alloc_bytes(deciding->arena, length);
    if (text == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    memcpy(text, undo->lane.bytes, undo->lane.length);
    memcpy(text + undo->lane.length, rule.bytes, rule.length);
    struct slu_string key = {text, length};
    *count = 0;
    if (slu_known_find(deciding, SLU_KNOWN_UNDONE, index, key) != NULL) {
        return SLUICE_OK;
    }
    if (slu_known_put(deciding, SLU_KNOWN_UNDONE, index, key) == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    enum sluice_fact_status asked = SLUICE_FACT_ABSENT;
    if (facts->recorded != NULL) {
        asked = facts->recorded(facts->context, undo->name, undo->lane, actions, count);
    }
    bool found;
    enum sluice_status status = slu_facts_status(deciding, asked, rule, &found);
    if (!found) {
        *count = 0;
    }
    return status;
}

enum sluice_status slu_undo_make(struct slu_deciding *deciding, struct sluice_action *action) {
    const struct sluice_recorded_action *recorded = NULL;
    struct slu_action_list list = {NULL, 0, 0};
    size_t count = 0;
    if (action->lane.length == 0) {
        return SLUICE_OK;
    }
    enum sluice_status status = find_recorded(deciding, action, &recorded, &count);
    if (status == SLUICE_OK && count > 0) {
        status = copy_recorded(deciding, &recorded, count);
    }
    for (size_t i = count; i > 0 && status == SLUICE_OK; i--) {
        if (recorded[i - 1].kind != SLUICE_ACTION_RECORD) { /* it sent nothing */
            status = reverse(deciding, action, &recorded[i - 1], &list);
        }
    }
    action->reverses = list.items;
    action->reverse_count = list.count;
    return status;
}
