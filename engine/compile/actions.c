/* Actions: what is done, and the code of each argument. */
#include "engine/compile/compiler.h"

/* A `url` parameter takes an address as it is; only what is put into a template
 * is encoded. */
static enum slu_markup markup_of_whole(const struct slu_expression *value, enum slu_markup markup) {
    bool encodes = value->kind == SLU_EXPRESSION_TEMPLATE || value->binding == SLU_BINDING_LINK;
    return markup == SLU_MARKUP_URL && !encodes ? SLU_MARKUP_PLAIN : markup;
}

static void compile_each(struct slu_compiler *compiler, const struct slu_expression *list,
                         const struct slu_declared_type *type) {
    enum slu_markup markup = markup_of_whole(list, type->markup);
    slu_compile_operand(compiler, list);
    if (type->type == SLU_TYPE_TEXT && (markup != SLU_MARKUP_PLAIN || list->element != SLU_TYPE_TEXT)) {
        slu_emit(compiler, SLU_OP_ESCAPE_EACH, markup);
    }
}

struct slu_code slu_compile_value(struct slu_compiler *compiler, const struct slu_expression *value, bool each,
                                  const struct slu_declared_type *type) {
    slu_piece_begin(compiler, value->span);
    if (each) {
        compile_each(compiler, value, type);
    } else if (type->type == SLU_TYPE_TEXT) {
        slu_compile_text(compiler, value, markup_of_whole(value, type->markup));
    } else {
        slu_compile_operand(compiler, value);
    }
    return slu_piece_end(compiler);
}

static void add_argument(struct slu_compiler *compiler, struct slu_string name, const struct slu_argument *argument,
                         const struct slu_declared_type *type, uint32_t field_slot) {
    struct slu_code code = slu_compile_value(compiler, argument->value, argument->each, type);
    struct slu_program_argument *place = slu_compiler_push(compiler, &compiler->arguments, sizeof *place);
    if (place != NULL) {
        *place = (struct slu_program_argument){
            .name = name, .code = code, .each = argument->each, .tag = type->tag, .field_slot = field_slot};
    }
}

static void compile_call(struct slu_compiler *compiler, const struct slu_bound_action *action,
                         struct slu_program_action *into) {
    const struct slu_operation *operation = &compiler->model->operations[action->target];
    into->operation = action->target;
    for (uint32_t i = 0; i < action->argument_count; i++) {
        if (action->arguments[i] != NULL) {
            const struct slu_parameter *parameter = &operation->takes[i];
            add_argument(compiler, parameter->name, action->arguments[i], &parameter->type, SLU_NO_INDEX);
        }
    }
}

static void compile_emit(struct slu_compiler *compiler, const struct slu_bound_action *action,
                         struct slu_program_action *into) {
    into->event = action->target;
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_field *field = &compiler->model->fields[action->emit_fields[i]];
        uint32_t slot = slu_compiler_slot(compiler, action->emit_fields[i]);
        add_argument(compiler, field->name.text, action->arguments[i], &field->type, slot);
    }
}

static void compile_target(struct slu_compiler *compiler, const struct slu_bound_action *action,
                           struct slu_program_action *into) {
    static const struct slu_declared_type plain_text = {.type = SLU_TYPE_TEXT, .markup = SLU_MARKUP_PLAIN};
    switch (into->kind) {
    case SLU_ACTION_CALL:
        compile_call(compiler, action, into);
        return;
    case SLU_ACTION_EMIT:
        compile_emit(compiler, action, into);
        return;
    case SLU_ACTION_SET:
        into->slot = slu_compiler_slot(compiler, action->target);
        add_argument(compiler, SLU_STRING("value"), action->arguments[0], &compiler->model->fields[action->target].type,
                     SLU_NO_INDEX);
        return;
    case SLU_ACTION_RECORD:
        add_argument(compiler, SLU_STRING("why"), action->arguments[0], &plain_text, SLU_NO_INDEX);
        return;
    case SLU_ACTION_UNDO:
        return;
    }
}

static void copy_unless(struct slu_compiler *compiler, const struct slu_bound_action *action,
                        struct slu_program_action *into) {
    if (action->unless_count == 0) {
        return;
    }
    into->unless = slu_compiler_room(compiler, action->unless_count, sizeof *into->unless);
    for (uint32_t i = 0; i < action->unless_count && into->unless != NULL; i++) {
        into->unless[into->unless_count++] = compiler->model->events[action->unless_events[i]].name.text;
    }
}

void slu_compile_actions(struct slu_compiler *compiler, const struct slu_bound_action *actions, uint32_t count) {
    for (uint32_t i = 0; i < count && !compiler->no_memory; i++) {
        const struct slu_action_syntax *syntax = actions[i].syntax;
        struct slu_program_action action = {.kind = syntax->kind,
                                            .name = syntax->name.text,
                                            .operation = SLU_NO_INDEX,
                                            .slot = SLU_NO_INDEX,
                                            .event = SLU_NO_INDEX,
                                            .first_argument = compiler->arguments.count,
                                            .delay = syntax->delayed ? (int64_t)syntax->delay : 0};
        compile_target(compiler, &actions[i], &action);
        copy_unless(compiler, &actions[i], &action);
        action.argument_count = compiler->arguments.count - action.first_argument;
        struct slu_program_action *place = slu_compiler_push(compiler, &compiler->actions, sizeof *place);
        if (place != NULL) {
            *place = action;
        }
    }
}
