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

/* Do all arguments but `parameter` say the same? A value that is missing says nothing. */
static bool same_others(const struct sluice_argument *left, size_t left_count, const struct sluice_argument *right,
                        size_t right_count, struct slu_string parameter) {
    for (size_t i = 0; i < left_count; i++) {
        struct slu_string name = slu_string_take(left[i].name);
        if (left[i].value.type == SLUICE_MISSING || slu_string_equal(name, parameter)) {
            continue;
        }
        const struct sluice_argument *same = slu_argument_find(right, right_count, name);
        if (same == NULL || !slu_value_same(&left[i].value, &same->value)) {
            return false;
        }
    }
    return true;
}

static bool same_place(const struct slu_tagging *tagging, uint32_t giver, const struct sluice_action *action,
                       struct slu_string parameter) {
    return tagging->giver == giver && slu_string_equal(tagging->lane, slu_string_take(action->lane)) &&
           slu_string_equal(tagging->parameter, parameter) &&
           same_others(tagging->arguments, tagging->argument_count, action->arguments, action->argument_count,
                       parameter) &&
           same_others(action->arguments, action->argument_count, tagging->arguments, tagging->argument_count,
                       parameter);
}

/* What was done with the member last, at the time when `giving` is carried out; NULL: nothing. */
static const struct slu_tagging *last_tagging(const struct slu_deciding *deciding, const struct slu_text *member,
                                              uint32_t giver, const struct sluice_action *giving,
                                              struct slu_string parameter) {
    const struct slu_tagging *last = NULL;
    for (size_t i = 0; i < deciding->tagging_count; i++) {
        const struct slu_tagging *tagging = &deciding->taggings[i];
        if (tagging->member == member && tagging->delay <= giving->delay &&
            (last == NULL || tagging->delay > last->delay) && same_place(tagging, giver, giving, parameter)) {
            last = tagging;
        }
    }
    return last;
}

/* Of two actions that undo each other, the one declared first gives the tag:
 * taking a tag away leaves the others as they are. */
static bool takes_away(const struct sluice_program *program, uint32_t operation, uint32_t inverse) {
    return program->operations[inverse].inverse == operation && inverse < operation;
}

/* The one for the member, the place and the delay of the action, made when it is not there. */
static struct slu_tagging *put_tagging(struct slu_deciding *deciding, const struct slu_text *member, uint32_t giver,
                                       const struct sluice_action *action, struct slu_string parameter) {
    for (size_t i = 0; i < deciding->tagging_count; i++) {
        struct slu_tagging *tagging = &deciding->taggings[i];
        if (tagging->member == member && tagging->delay == action->delay &&
            same_place(tagging, giver, action, parameter)) {
            return tagging;
        }
    }
    struct slu_tagging *items = slu_array_room(deciding->arena, deciding->taggings, deciding->tagging_count, 1,
                                               &deciding->tagging_capacity, sizeof *items);
    if (items == NULL) {
        return NULL;
    }
    deciding->taggings = items;
    return &items[deciding->tagging_count++];
}

enum sluice_status slu_groups_note(struct slu_deciding *deciding, uint32_t operation,
                                   const struct sluice_action *action, struct slu_string parameter,
                                   struct slu_value tag) {
    const struct sluice_program *program = deciding->program;
    uint32_t inverse = program->operations[operation].inverse;
    if (tag.type != SLU_TYPE_TEXT || inverse == SLU_NO_INDEX || action->blocked_by.length > 0) {
        return SLUICE_OK;
    }
    bool given = !takes_away(program, operation, inverse);
    if (!given && action->unless_count > 0) {
        return SLUICE_OK; /* it may be cancelled: the tag may still be there */
    }
    for (uint32_t i = 0; i < program->group_count; i++) {
        struct slu_value member = slu_value_missing();
        if (program->groups[i].exclusive) {
            enum sluice_status status = list_has(deciding, program->groups[i].members, tag.as.text, &member);
            if (status != SLUICE_OK) {
                return status;
            }
        }
        if (member.type == SLU_TYPE_MISSING) {
            continue;
        }
        uint32_t giver = given ? operation : inverse;
        struct slu_tagging *tagging = put_tagging(deciding, member.as.text, giver, action, parameter);
        if (tagging == NULL) {
            return slu_deciding_no_memory(deciding);
        }
        *tagging = (struct slu_tagging){member.as.text,
                                        tag,
                                        slu_string_take(action->lane),
                                        parameter,
                                        action->arguments,
                                        action->argument_count,
                                        giver,
                                        action->delay,
                                        given};
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
    if (status == SLUICE_OK) {
        status = slu_guards_apply(deciding, operation, action);
    }
    return status == SLUICE_OK ? slu_groups_note(deciding, operation, action, parameter, tag) : status;
}

/* Is the member there when `giving` is carried out? *present is then the tag as it is
 * spelled. `tags`: what the conversation carried before; NULL: not known. */
static enum sluice_status find_present(struct slu_deciding *deciding, struct slu_text *member, uint32_t giver,
                                       const struct sluice_action *giving, struct slu_string parameter,
                                       const struct slu_list *tags, struct slu_value *present) {
    const struct slu_tagging *last = last_tagging(deciding, member, giver, giving, parameter);
    *present = slu_value_missing();
    if (last != NULL) {
        *present = last->given ? last->tag : *present;
        return SLUICE_OK;
    }
    return tags == NULL ? SLUICE_OK : list_has(deciding, tags, member, present);
}

/* Takes the group's other members away if `tag` is one of them. */
static enum sluice_status clear_group(struct slu_deciding *deciding, const struct slu_program_group *group,
                                      uint32_t giver, const struct sluice_action *giving, struct slu_string parameter,
                                      struct slu_value tag, const struct slu_list *tags, struct slu_action_list *list) {
    uint32_t inverse = deciding->program->operations[giver].inverse;
    struct slu_value member, present;
    enum sluice_status status = list_has(deciding, group->members, tag.as.text, &member);
    if (status != SLUICE_OK || member.type == SLU_TYPE_MISSING) {
        return status;
    }
    for (size_t i = 0; i < group->members->count && status == SLUICE_OK; i++) {
        struct slu_text *other = group->members->items[i].as.text;
        if (other == member.as.text) {
            continue;
        }
        status = find_present(deciding, other, giver, giving, parameter, tags, &present);
        if (status == SLUICE_OK && present.type != SLU_TYPE_MISSING) {
            status = take_away(deciding, inverse, giving, parameter, present, list);
        }
    }
    return status;
}

enum sluice_status slu_groups_make_room(struct slu_deciding *deciding, uint32_t operation,
                                        const struct sluice_action *giving, struct slu_string parameter,
                                        struct slu_value tag, struct slu_action_list *list) {
    const struct sluice_program *program = deciding->program;
    uint32_t inverse = program->operations[operation].inverse;
    if (tag.type != SLU_TYPE_TEXT || inverse == SLU_NO_INDEX || takes_away(program, operation, inverse)) {
        return SLUICE_OK;
    }
    struct slu_value tags = slu_value_missing();
    enum sluice_status status = SLUICE_OK;
    if (program->tags_slot != SLU_NO_INDEX) {
        status = slu_facts_slot(deciding, program->tags_slot, &tags);
    }
    const struct slu_list *carried = tags.type == SLU_TYPE_LIST ? tags.as.list : NULL;
    for (uint32_t i = 0; i < program->group_count && status == SLUICE_OK; i++) {
        if (program->groups[i].exclusive) {
            status = clear_group(deciding, &program->groups[i], operation, giving, parameter, tag, carried, list);
        }
    }
    return status;
}
