/* Exclusive groups: a conversation carries one of their tags. */
#include "engine/decide/deciding.h"

static enum sluice_status list_has(struct slu_deciding *deciding, const struct slu_list *list, struct slu_text *text,
                                   struct slu_value *found) {
    *found = slu_value_missing();
    for (size_t i = 0; i < list->count; i++) {
        bool same = false;
        if (list->items[i].type != SLU_TYPE_TEXT) {
            continue;
        }
        if (!slu_text_same(deciding->arena, list->items[i].as.text, text, &same)) {
            return slu_deciding_no_memory(deciding);
        }
        if (same) {
            *found = list->items[i];
            return SLUICE_OK;
        }
    }
    return SLUICE_OK;
}

/* The inverse of `giving`, for the tag that is there instead. */
static enum sluice_status take_away(struct slu_deciding *deciding, uint32_t operation,
                                    const struct sluice_action *giving, struct slu_string parameter,
                                    struct slu_value tag, struct slu_action_list *list) {
    const struct slu_program_operation *inverse = &deciding->program->operations[operation];
    struct sluice_action *action = slu_actions_add(deciding, list, SLUICE_ACTION_CALL, inverse->name);
    struct sluice_argument *arguments = SLU_NEW_ARRAY(deciding->arena, struct sluice_argument, giving->argument_count);
    if (action == NULL || arguments == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (size_t i = 0; i < giving->argument_count; i++) {
        arguments[i] = giving->arguments[i];
        if (slu_string_equal(slu_string_take(arguments[i].name), parameter)) {
            arguments[i].value = (struct sluice_value){.type = SLUICE_TEXT, .text = slu_string_give(tag.as.text->raw)};
        }
    }
    action->delay = giving->delay;
    action->unless = giving->unless;
    action->unless_count = giving->unless_count;
    struct slu_string missing;
    enum sluice_status status =
        slu_inverse_arguments(deciding, inverse, arguments, giving->argument_count, action, &missing);
    return status == SLUICE_OK ? slu_guards_apply(deciding, operation, action) : status;
}

/* Takes the group's other members away if `tag` is one of them. */
static enum sluice_status clear_group(struct slu_deciding *deciding, const struct slu_program_group *group,
                                      uint32_t inverse, const struct sluice_action *giving, struct slu_string parameter,
                                      struct slu_value tag, const struct slu_list *tags, struct slu_action_list *list) {
    struct slu_value member, present;
    enum sluice_status status = list_has(deciding, group->members, tag.as.text, &member);
    if (status != SLUICE_OK || member.type == SLU_TYPE_MISSING) {
        return status;
    }
    for (size_t i = 0; i < group->members->count; i++) {
        struct slu_text *other = group->members->items[i].as.text;
        if (other == member.as.text) {
            continue;
        }
        status = list_has(deciding, tags, other, &present);
        if (status == SLUICE_OK && present.type != SLU_TYPE_MISSING) {
            status = take_away(deciding, inverse, giving, parameter, present, list);
        }
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

/* Of two actions that undo each other, the one declared first gives the tag:
 * taking a tag away leaves the others as they are. */
static bool takes_away(const struct sluice_program *program, uint32_t operation, uint32_t inverse) {
    return program->operations[inverse].inverse == operation && inverse < operation;
}

enum sluice_status slu_groups_make_room(struct slu_deciding *deciding, uint32_t operation,
                                        const struct sluice_action *giving, struct slu_string parameter,
                                        struct slu_value tag, struct slu_action_list *list) {
    const struct sluice_program *program = deciding->program;
    uint32_t inverse = program->operations[operation].inverse;
    if (tag.type != SLU_TYPE_TEXT || program->tags_slot == SLU_NO_INDEX || inverse == SLU_NO_INDEX ||
        takes_away(program, operation, inverse)) {
        return SLUICE_OK;
    }
    struct slu_value tags;
    enum sluice_status status = slu_facts_slot(deciding, program->tags_slot, &tags);
    if (status != SLUICE_OK || tags.type != SLU_TYPE_LIST) {
        return status;
    }
    for (uint32_t i = 0; i < program->group_count && status == SLUICE_OK; i++) {
        if (program->groups[i].exclusive) {
            status = clear_group(deciding, &program->groups[i], inverse, giving, parameter, tag, tags.as.list, list);
        }
    }
    return status;
}
