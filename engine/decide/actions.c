/* A winning rule's actions, with every argument evaluated. */
#include "engine/decide/deciding.h"

enum { FEW_ARGUMENTS = 4 };

/* One action of a rule, its arguments as values. */
struct evaluated {
    const struct slu_program_action *code;
    const struct slu_program_argument *arguments;
    struct slu_value *values; /* one per argument; a list where it has `each`; `few`, or on the event's arena */
    struct slu_value few[FEW_ARGUMENTS];
    size_t repetitions;
    bool repeats;
};

/* Room for one more; NULL when out of memory. */
static struct sluice_action *list_room(struct slu_deciding *deciding, struct slu_action_list *list) {
    struct sluice_action *items =
        slu_array_room(deciding->arena, list->items, list->count, 1, &list->capacity, sizeof *items);
    list->items = items == NULL ? list->items : items;
    return items == NULL ? NULL : &items[list->count];
}

struct sluice_action *slu_actions_add(struct slu_deciding *deciding, struct slu_action_list *list,
                                      enum sluice_action_kind kind, struct slu_string name) {
    struct sluice_action *action = list_room(deciding, list);
    if (action != NULL) {
        list->count++;
        *action = (struct sluice_action){
            .kind = kind, .name = slu_string_give(name), .lane = slu_string_give(deciding->frame->lane)};
    }
    return action;
}

const struct sluice_argument *slu_argument_find(const struct sluice_argument *arguments, size_t count,
                                                struct slu_string name) {
    for (size_t i = 0; i < count; i++) {
        if (slu_string_equal(slu_string_take(arguments[i].name), name)) {
            return &arguments[i];
        }
    }
    return NULL;
}

enum sluice_status slu_inverse_arguments(struct slu_deciding *deciding, const struct slu_program_operation *inverse,
                                         const struct sluice_argument *from, size_t from_count,
                                         struct sluice_action *action, struct slu_string *missing) {
    *missing = (struct slu_string){NULL, 0};
    struct sluice_argument *arguments = SLU_NEW_ARRAY(deciding->arena, struct sluice_argument, inverse->take_count);
    if (arguments == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < inverse->take_count; i++) {
        const struct slu_parameter *parameter = &inverse->takes[i];
        const struct sluice_argument *same = slu_argument_find(from, from_count, parameter->name);
        if (same != NULL) {
            arguments[action->argument_count++] = *same;
        } else if (!parameter->optional && missing->bytes == NULL) {
            *missing = parameter->name;
        }
    }
    action->arguments = arguments;
    return SLUICE_OK;
}

enum sluice_status slu_actions_note_set(struct slu_deciding *deciding, uint32_t slot, struct slu_string entity,
                                        struct slu_value value) {
    struct slu_pending_set *sets =
        slu_array_room(deciding->arena, deciding->sets, deciding->set_count, 1, &deciding->set_capacity, sizeof *sets);
    if (sets == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    deciding->sets = sets;
    sets[deciding->set_count++] = (struct slu_pending_set){slot, entity, value};
    return SLUICE_OK;
}

/* A long text that is the same in every repetition is there once in memory, and every time in the answer. */
static enum sluice_status check_repetitions(struct slu_deciding *deciding, const struct evaluated *evaluated) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < evaluated->code->argument_count; i++) {
        if (evaluated->values[i].type == SLU_TYPE_TEXT) {
            bytes += evaluated->values[i].as.text->raw.length;
        }
    }
    if (evaluated->repetitions <= SLU_LIMIT_EACH_ITEMS && bytes * evaluated->repetitions <= SLU_LIMIT_EACH_BYTES) {
        return SLUICE_OK;
    }
    struct slu_string name = evaluated->code->name;
    struct slu_string event = deciding->program->events[deciding->frame->event].name;
    if (evaluated->repetitions > SLU_LIMIT_EACH_ITEMS) {
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_TOO_MANY_REPETITIONS,
                             "`each` would repeat %.*s more than %u times while deciding %.*s", (int)name.length,
                             name.bytes, (unsigned)SLU_LIMIT_EACH_ITEMS, (int)event.length, event.bytes);
    }
    return slu_error_set(deciding->error, SLU_INPUT_ERROR_TOO_MANY_REPETITIONS,
                         "`each` would repeat %.*s with more than %u bytes of text in all while deciding %.*s",
                         (int)name.length, name.bytes, (unsigned)SLU_LIMIT_EACH_BYTES, (int)event.length, event.bytes);
}

/* Most arguments are constants, and need no machine. NULL: this one is none. */
static const struct slu_value *find_constant(const struct sluice_program *program, struct slu_code code) {
    slu_instruction first = program->code[code.start];
    bool constant = code.count == 2 && slu_instruction_opcode(first) == SLU_OP_CONSTANT; /* and RETURN */
    return constant ? &program->constants[slu_instruction_operand(first)] : NULL;
}

static enum sluice_status evaluate_one(struct slu_deciding *deciding, struct slu_code code, struct slu_value *value) {
    const struct slu_value *constant = find_constant(deciding->program, code);
    if (constant != NULL) {
        *value = *constant;
        return SLUICE_OK;
    }
    return slu_deciding_run(deciding, code, value);
}

/* Evaluates each argument once, and finds how often the action is repeated. Several
 * lists go in step, as far as the shortest reaches. */
static enum sluice_status evaluate(struct slu_deciding *deciding, const struct slu_program_action *code,
                                   struct evaluated *evaluated) {
    evaluated->code = code;
    evaluated->arguments = &deciding->program->arguments[code->first_argument];
    evaluated->values = evaluated->few;
    evaluated->repetitions = 1;
    evaluated->repeats = false;
    if (code->argument_count > FEW_ARGUMENTS) {
        evaluated->values = SLU_NEW_ARRAY(deciding->arena, struct slu_value, code->argument_count);
    }
    if (evaluated->values == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < code->argument_count; i++) {
        struct slu_value *value = &evaluated->values[i];
        *value = slu_value_missing();
        if (evaluated->arguments[i].code.count == 0) {
            continue;
        }
        enum sluice_status status = evaluate_one(deciding, evaluated->arguments[i].code, value);
        if (status != SLUICE_OK) {
            return status;
        }
        if (evaluated->arguments[i].each) {
            size_t count = value->type == SLU_TYPE_LIST ? value->as.list->count : 0;
            bool shorter = !evaluated->repeats || count < evaluated->repetitions;
            evaluated->repetitions = shorter ? count : evaluated->repetitions;
            evaluated->repeats = true;
        }
    }
    return evaluated->repeats ? check_repetitions(deciding, evaluated) : SLUICE_OK;
}

/* The value of one argument in one repetition. */
static struct slu_value argument_value(const struct evaluated *evaluated, uint32_t argument, size_t repetition) {
    struct slu_value value = evaluated->values[argument];
    return evaluated->arguments[argument].each ? value.as.list->items[repetition] : value;
}

static bool parameter_optional(const struct slu_program_operation *operation, struct slu_string name) {
    for (uint32_t i = 0; i < operation->take_count; i++) {
        if (slu_string_equal(operation->takes[i].name, name)) {
            return operation->takes[i].optional;
        }
    }
    return false;
}

static struct sluice_string argument_name(enum slu_action_kind kind, const struct slu_program_argument *argument) {
    switch (kind) {
    case SLU_ACTION_RECORD:
        return (struct sluice_string){"why", 3};
    case SLU_ACTION_SET:
        return (struct sluice_string){"value", 5};
    case SLU_ACTION_CALL:
    case SLU_ACTION_EMIT:
    case SLU_ACTION_UNDO:
        break;
    }
    return slu_string_give(argument->name);
}

/* The arguments in the public form. One without a value is left out where the
 * service does not need it; where it does, it stays, so that the lack is seen. */
static enum sluice_status give_arguments(struct slu_deciding *deciding, const struct evaluated *evaluated,
                                         size_t repetition, struct sluice_action *action) {
    const struct slu_program_action *code = evaluated->code;
    struct sluice_argument *arguments = SLU_NEW_ROOM(deciding->arena, struct sluice_argument, code->argument_count);
    if (arguments == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < code->argument_count; i++) {
        struct slu_value value = argument_value(evaluated, i, repetition);
        if (evaluated->arguments[i].code.count == 0) {
            continue;
        }
        if (value.type == SLU_TYPE_MISSING && code->kind == SLU_ACTION_CALL &&
            parameter_optional(&deciding->program->operations[code->operation], evaluated->arguments[i].name)) {
            continue;
        }
        struct sluice_argument *argument = &arguments[action->argument_count++];
        argument->name = argument_name(code->kind, &evaluated->arguments[i]);
        if (!slu_value_give(deciding->arena, value, &argument->value)) {
            return slu_deciding_no_memory(deciding);
        }
    }
    action->arguments = arguments;
    return SLUICE_OK;
}

static enum sluice_status give_delay(struct slu_deciding *deciding, const struct slu_program_action *code,
                                     struct sluice_action *action) {
    action->delay = code->delay;
    if (code->unless_count == 0) {
        return SLUICE_OK;
    }
    struct sluice_string *unless = SLU_NEW_ARRAY(deciding->arena, struct sluice_string, code->unless_count);
    if (unless == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < code->unless_count; i++) {
        unless[i] = slu_string_give(code->unless[i]);
    }
    action->unless = unless;
    action->unless_count = code->unless_count;
    return SLUICE_OK;
}

/* Exclusive groups: what goes before the action, unless it is blocked, and what it leaves. */
static enum sluice_status apply_groups(struct slu_deciding *deciding, const struct evaluated *evaluated,
                                       size_t repetition, struct sluice_action *action, struct slu_action_list *list) {
    const struct slu_program_action *code = evaluated->code;
    enum sluice_status status = SLUICE_OK;
    bool blocked = action->blocked_by.length > 0; /* then nothing has to go for it */
    for (uint32_t i = 0; i < code->argument_count && status == SLUICE_OK && !blocked; i++) {
        if (evaluated->arguments[i].tag) {
            status = slu_groups_make_room(deciding, code->operation, action, evaluated->arguments[i].name,
                                          argument_value(evaluated, i, repetition), list);
        }
    }
    for (uint32_t i = 0; i < code->argument_count && status == SLUICE_OK; i++) {
        if (evaluated->arguments[i].tag) {
            status = slu_groups_note(deciding, code->operation, action, evaluated->arguments[i].name,
                                     argument_value(evaluated, i, repetition));
        }
    }
    return status;
}

static enum sluice_status make_call(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                    struct sluice_action *action, struct slu_action_list *list) {
    const struct sluice_program *program = deciding->program;
    enum sluice_status status = SLUICE_OK;
    if (program->guard_count > 0 || deciding->decider->watch != NULL) {
        status = slu_guards_apply(deciding, evaluated->code->operation, action);
    }
    if (status == SLUICE_OK && program->group_count > 0) {
        status = apply_groups(deciding, evaluated, repetition, action, list);
    }
    return status;
}

static enum sluice_status make_set(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                   struct sluice_action *action) {
    uint32_t index = evaluated->code->slot;
    const struct slu_slot *slot = &deciding->program->slots[index];
    struct slu_value before, value = argument_value(evaluated, 0, repetition);
    struct slu_string entity, not_a_choice;
    enum sluice_status status = slu_facts_key(deciding, slot->entity_slot, &entity);
    if (status == SLUICE_OK) {
        status = slu_facts_slot(deciding, index, &before);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    action->entity = slu_string_give(entity);
    if (!slu_value_give(deciding->arena, before, &action->before) ||
        !slu_slot_fit(slot, deciding->arena, &value, &not_a_choice)) {
        return slu_deciding_no_memory(deciding);
    }
    if (entity.length == 0 || action->delay > 0) {
        return SLUICE_OK;
    }
    return slu_actions_note_set(deciding, index, entity, value);
}

static enum sluice_status make_emit(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                    struct sluice_action *action) {
    const struct slu_program_action *code = evaluated->code;
    struct slu_replaced *replaced = SLU_NEW_ARRAY(deciding->arena, struct slu_replaced, code->argument_count);
    if (replaced == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < code->argument_count; i++) {
        uint32_t slot = evaluated->arguments[i].field_slot;
        if (slot != SLU_NO_INDEX) {
            replaced[count++] = (struct slu_replaced){slot, argument_value(evaluated, i, repetition)};
        }
    }
    return slu_emit_queue(deciding, code, replaced, count, action);
}

static enum sluice_status make_kind(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                    struct sluice_action *action, struct slu_action_list *list) {
    switch (evaluated->code->kind) {
    case SLU_ACTION_CALL:
        return make_call(deciding, evaluated, repetition, action, list);
    case SLU_ACTION_SET:
        return make_set(deciding, evaluated, repetition, action);
    case SLU_ACTION_EMIT:
        return make_emit(deciding, evaluated, repetition, action);
    case SLU_ACTION_UNDO:
        return slu_undo_make(deciding, action);
    case SLU_ACTION_RECORD:
        break;
    }
    return SLUICE_OK;
}

static enum sluice_action_kind public_kind(enum slu_action_kind kind) {
    switch (kind) {
    case SLU_ACTION_RECORD:
        return SLUICE_ACTION_RECORD;
    case SLU_ACTION_SET:
        return SLUICE_ACTION_SET;
    case SLU_ACTION_EMIT:
        return SLUICE_ACTION_EMIT;
    case SLU_ACTION_UNDO:
        return SLUICE_ACTION_UNDO;
    case SLU_ACTION_CALL:
        break;
    }
    return SLUICE_ACTION_CALL;
}

static struct sluice_string action_name(const struct slu_program_action *code) {
    return code->kind == SLU_ACTION_RECORD ? (struct sluice_string){"record", 6} : slu_string_give(code->name);
}

/* The action in one repetition, as written. */
static enum sluice_status begin_one(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                    struct sluice_action *action) {
    const struct slu_program_action *code = evaluated->code;
    *action = (struct sluice_action){
        .kind = public_kind(code->kind), .name = action_name(code), .lane = slu_string_give(deciding->frame->lane)};
    enum sluice_status status = give_arguments(deciding, evaluated, repetition, action);
    return status == SLUICE_OK ? give_delay(deciding, code, action) : status;
}

/* Made where it stays, unless those that groups ask for may have to go before it. */
static enum sluice_status make_one(struct slu_deciding *deciding, const struct evaluated *evaluated, size_t repetition,
                                   struct slu_action_list *list) {
    struct sluice_action apart, *place = list_room(deciding, list);
    if (place == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    struct sluice_action *action = deciding->program->group_count > 0 ? &apart : place;
    enum sluice_status status = begin_one(deciding, evaluated, repetition, action);
    if (status == SLUICE_OK) {
        status = make_kind(deciding, evaluated, repetition, action, list);
    }
    if (status == SLUICE_OK && action == &apart) {
        place = list_room(deciding, list);
        if (place == NULL) {
            return slu_deciding_no_memory(deciding);
        }
        *place = apart;
    }
    list->count += status == SLUICE_OK;
    return status;
}

enum sluice_status slu_actions_evaluate(struct slu_deciding *deciding, const struct slu_program_action *code,
                                        struct slu_action_list *list) {
    struct evaluated evaluated;
    enum sluice_status status = evaluate(deciding, code, &evaluated);
    for (size_t r = 0; r < evaluated.repetitions && status == SLUICE_OK; r++) {
        struct sluice_action *action = list_room(deciding, list);
        status = action == NULL ? slu_deciding_no_memory(deciding) : begin_one(deciding, &evaluated, r, action);
        list->count += status == SLUICE_OK;
    }
    return status;
}

/* ---- arguments that are the same in every decision ---- */

static bool is_shared(const struct sluice_program *program, const struct slu_program_action *code) {
    if (code->kind != SLU_ACTION_CALL && code->kind != SLU_ACTION_RECORD) {
        return false; /* what the others do needs the values */
    }
    for (uint32_t i = 0; i < code->argument_count; i++) {
        const struct slu_program_argument *argument = &program->arguments[code->first_argument + i];
        const struct slu_value *constant = argument->code.count == 0 ? NULL : find_constant(program, argument->code);
        if (argument->code.count > 0 && (argument->each || constant == NULL || constant->type == SLU_TYPE_MISSING)) {
            return false;
        }
    }
    return true;
}

bool slu_actions_share(struct sluice_program *program) {
    for (uint32_t i = 0; i < program->action_count && program->group_count == 0; i++) {
        struct slu_program_action *code = &program->actions[i];
        if (code->given != NULL || !is_shared(program, code)) {
            continue;
        }
        struct sluice_argument *given = SLU_NEW_ARRAY(&program->arena, struct sluice_argument, code->argument_count);
        if (given == NULL) {
            return false;
        }
        for (uint32_t j = 0; j < code->argument_count; j++) {
            const struct slu_program_argument *argument = &program->arguments[code->first_argument + j];
            if (argument->code.count == 0) {
                continue;
            }
            struct sluice_argument *place = &given[code->given_count++];
            place->name = argument_name(code->kind, argument);
            if (!slu_value_give(&program->arena, *find_constant(program, argument->code), &place->value)) {
                return false;
            }
        }
        code->given = given;
    }
    return true;
}

static enum sluice_status make_shared(struct slu_deciding *deciding, const struct slu_program_action *code,
                                      struct slu_action_list *list) {
    struct sluice_action *action = list_room(deciding, list);
    if (action == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    *action = (struct sluice_action){.kind = public_kind(code->kind),
                                     .name = action_name(code),
                                     .arguments = code->given,
                                     .argument_count = code->given_count,
                                     .lane = slu_string_give(deciding->frame->lane)};
    enum sluice_status status = give_delay(deciding, code, action);
    bool guarded = deciding->program->guard_count > 0 || deciding->decider->watch != NULL;
    if (status == SLUICE_OK && guarded && code->kind == SLU_ACTION_CALL) {
        status = slu_guards_apply(deciding, code->operation, action);
    }
    list->count += status == SLUICE_OK;
    return status;
}

/* ---- a rule's ---- */

static enum sluice_status make_repeated(struct slu_deciding *deciding, const struct slu_program_action *code,
                                        struct slu_action_list *list) {
    struct evaluated evaluated;
    enum sluice_status status = evaluate(deciding, code, &evaluated);
    for (size_t r = 0; r < evaluated.repetitions && status == SLUICE_OK; r++) {
        status = make_one(deciding, &evaluated, r, list);
    }
    return status;
}

enum sluice_status slu_actions_make(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                    struct sluice_decision *decision) {
    struct slu_action_list list = {SLU_NEW_ROOM(deciding->arena, struct sluice_action, rule->action_count), 0,
                                   rule->action_count};
    if (list.items == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < rule->action_count; i++) {
        const struct slu_program_action *code = &deciding->program->actions[rule->first_action + i];
        enum sluice_status status =
            code->given != NULL ? make_shared(deciding, code, &list) : make_repeated(deciding, code, &list);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    decision->actions = list.items;
    decision->action_count = list.count;
    return SLUICE_OK;
}
