/* Binds actions to what they name, and their arguments to parameters. */
#include "engine/check/checker.h"

static const struct slu_declared_type plain_text = {.type = SLU_TYPE_TEXT};

static bool is_named(const struct slu_argument *argument) {
    return argument->name.text.bytes != NULL;
}

/* ---- arguments ---- */

/* `each LIST`: the parameter takes one element at a time. */
static void check_each(struct slu_checker *checker, const struct slu_declared_type *type, struct slu_expression *value,
                       struct slu_string name) {
    if (value->type == SLU_TYPE_MISSING) {
        return;
    }
    if (value->type != SLU_TYPE_LIST) {
        slu_check_mismatch(checker, SLU_TYPE_LIST, value, "`each` needs a list");
        return;
    }
    enum slu_type element = (enum slu_type)value->element;
    if (type->type != SLU_TYPE_MISSING && element != SLU_TYPE_MISSING && type->type != element) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, value->span, "`%.*s` is %s, but each element is %s",
            SLU_SHOWN(name), slu_check_type_phrase(type->type), slu_check_type_phrase(element));
        if (type->type == SLU_TYPE_LIST) {
            slu_diagnostics_note(checker->diagnostics, diagnostic, "leave out `each`: it takes the whole list");
        }
        return;
    }
    if (type->choices.count > 0) {
        slu_check_in_choices(checker, &type->choices, value, false);
    }
}

static void check_value(struct slu_checker *checker, const struct slu_declared_type *type,
                        const struct slu_argument *argument, struct slu_string name) {
    if (argument->each) {
        check_each(checker, type, argument->value, name);
    } else {
        (void)slu_check_fits(checker, type, argument->value, name);
    }
}

static void check_one_each(struct slu_checker *checker, const struct slu_argument *arguments, uint32_t count) {
    bool seen = false;
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].each && seen) {
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, arguments[i].value->span,
                                "an action is repeated over one list: here is a second `each`");
        }
        seen = seen || arguments[i].each;
    }
}

static void report_unknown_parameter(struct slu_checker *checker, const struct slu_operation *operation,
                                     struct slu_word name) {
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_PARAMETER, name.span,
                            "`%.*s` has no parameter `%.*s`", SLU_SHOWN(operation->name), SLU_SHOWN(name.text));
    if (diagnostic == NULL) {
        return;
    }
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, name.text);
    for (uint32_t i = 0; i < operation->take_count; i++) {
        slu_suggest_offer(&suggestion, operation->takes[i].name);
    }
    struct slu_string best = slu_suggest_best(&suggestion);
    if (best.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%.*s`?", SLU_SHOWN(best));
        return;
    }
    for (uint32_t i = 0; i < operation->take_count; i++) {
        const struct slu_parameter *takes = &operation->takes[i];
        slu_diagnostics_note(checker->diagnostics, diagnostic, "it takes `%.*s`%s%s%.*s", SLU_SHOWN(takes->name),
                             takes->optional ? " (optional)" : "", takes->description.length > 0 ? ": " : "",
                             SLU_SHOWN(takes->description));
    }
}

/* The parameter that an argument is for: by name, or the next by position. */
static uint32_t find_parameter(struct slu_checker *checker, const struct slu_operation *operation,
                               const struct slu_argument *argument, uint32_t *position) {
    if (is_named(argument)) {
        for (uint32_t i = 0; i < operation->take_count; i++) {
            if (slu_string_equal(operation->takes[i].name, argument->name.text)) {
                *position = operation->take_count + 1; /* only names from here on */
                return i;
            }
        }
        *position = operation->take_count + 1;
        report_unknown_parameter(checker, operation, argument->name);
        return SLU_NO_INDEX;
    }
    if (*position < operation->take_count) {
        return (*position)++;
    }
    if (*position > operation->take_count) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_PARAMETER, argument->value->span,
                                "a value without a name stands after one with a name");
        slu_diagnostics_note(checker->diagnostics, diagnostic, "say which parameter it is for: `name: value`");
        return SLU_NO_INDEX;
    }
    slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_PARAMETER, argument->value->span,
                        "`%.*s` takes %u argument%s only", SLU_SHOWN(operation->name), (unsigned)operation->take_count,
                        operation->take_count == 1 ? "" : "s");
    return SLU_NO_INDEX;
}

static void report_missing(struct slu_checker *checker, const struct slu_operation *operation,
                           const struct slu_argument *const *bound, struct slu_span span) {
    for (uint32_t i = 0; i < operation->take_count; i++) {
        const struct slu_parameter *takes = &operation->takes[i];
        if (bound[i] != NULL || takes->optional) {
            continue;
        }
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_MISSING_PARAMETER, span, "`%.*s` needs `%.*s`",
                                SLU_SHOWN(operation->name), SLU_SHOWN(takes->name));
        if (takes->description.length > 0) {
            slu_diagnostics_note(checker->diagnostics, diagnostic, "%.*s: %.*s", SLU_SHOWN(takes->name),
                                 SLU_SHOWN(takes->description));
        }
        /* One finding a place: the others are listed with it. */
        for (i++; i < operation->take_count; i++) {
            if (bound[i] == NULL && !operation->takes[i].optional) {
                slu_diagnostics_note(checker->diagnostics, diagnostic, "and `%.*s`",
                                     SLU_SHOWN(operation->takes[i].name));
            }
        }
    }
}

const struct slu_argument **slu_check_bind_arguments(struct slu_checker *checker, uint32_t index,
                                                     struct slu_argument *arguments, uint32_t argument_count,
                                                     struct slu_span span) {
    const struct slu_operation *operation = &checker->model->operations[index];
    const struct slu_argument **bound =
        SLU_NEW_ARRAY(checker->arena, const struct slu_argument *, operation->take_count);
    if (bound == NULL) {
        return NULL;
    }
    uint32_t position = 0;
    bool all_known = true;
    for (uint32_t i = 0; i < argument_count; i++) {
        struct slu_argument *argument = &arguments[i];
        slu_check_operand(checker, argument->value, SLU_LINK_ALLOWED);
        uint32_t parameter = find_parameter(checker, operation, argument, &position);
        if (parameter == SLU_NO_INDEX) {
            all_known = false;
            continue;
        }
        if (bound[parameter] != NULL) {
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_DUPLICATE_NAME,
                                is_named(argument) ? argument->name.span : argument->value->span,
                                "`%.*s` is given twice", SLU_SHOWN(operation->takes[parameter].name));
            continue;
        }
        bound[parameter] = argument;
        check_value(checker, &operation->takes[parameter].type, argument, operation->takes[parameter].name);
    }
    check_one_each(checker, arguments, argument_count);
    if (all_known) { /* else the misspelt one is probably the missing one */
        report_missing(checker, operation, bound, span);
    }
    return bound;
}

/* ---- the kinds of actions ---- */

static const struct slu_argument **as_written(struct slu_checker *checker, const struct slu_action_syntax *syntax) {
    const struct slu_argument **arguments =
        SLU_NEW_ARRAY(checker->arena, const struct slu_argument *, syntax->argument_count);
    for (uint32_t i = 0; arguments != NULL && i < syntax->argument_count; i++) {
        arguments[i] = &syntax->arguments[i];
    }
    return arguments;
}

static void check_operands(struct slu_checker *checker, const struct slu_action_syntax *syntax) {
    for (uint32_t i = 0; i < syntax->argument_count; i++) {
        slu_check_operand(checker, syntax->arguments[i].value, SLU_LINK_ALLOWED);
    }
}

static void bind_call(struct slu_checker *checker, struct slu_bound_action *bound) {
    const struct slu_action_syntax *syntax = bound->syntax;
    const struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->operation_names, syntax->name.text);
    if (index == SLU_MAP_NONE || model->operations[index].is_read) {
        slu_check_unknown(checker, SLU_NAME_ACTION, syntax->name);
        check_operands(checker, syntax);
        return;
    }
    if (!slu_check_service_in_use(checker, model->operations[index].service, SLU_DIAGNOSTIC_UNKNOWN_ACTION,
                                  syntax->name.span)) {
        check_operands(checker, syntax);
        return;
    }
    bound->target = index;
    bound->arguments =
        slu_check_bind_arguments(checker, index, syntax->arguments, syntax->argument_count, syntax->name.span);
    bound->argument_count = bound->arguments != NULL ? model->operations[index].take_count : 0;
}

static void bind_record(struct slu_checker *checker, struct slu_bound_action *bound) {
    check_operands(checker, bound->syntax);
    bound->arguments = as_written(checker, bound->syntax);
    bound->argument_count = bound->syntax->argument_count;
    (void)slu_check_fits(checker, &plain_text, bound->syntax->arguments[0].value, SLU_STRING("record"));
}

static void bind_set(struct slu_checker *checker, struct slu_bound_action *bound) {
    const struct slu_model *model = checker->model;
    struct slu_word name = bound->syntax->name;
    check_operands(checker, bound->syntax);
    bound->arguments = as_written(checker, bound->syntax);
    bound->argument_count = bound->syntax->argument_count;
    uint32_t field = slu_map_find(&model->field_names, name.text);
    if (field == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_STATE, name);
        return;
    }
    if (model->fields[field].origin != SLU_FIELD_STATE) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, name.span,
                                "`%.*s` comes with the event: only a state can be set", SLU_SHOWN(name.text));
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "a state is declared as `state contact.spam : flag = false`");
        return;
    }
    bound->target = field;
    (void)slu_check_fits(checker, &model->fields[field].type, bound->syntax->arguments[0].value, name.text);
}

static uint32_t find_emitted_field(struct slu_checker *checker, const struct slu_argument *argument) {
    if (!is_named(argument)) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_PARAMETER, argument->value->span,
                                "a value of a raised event is for a field");
        slu_diagnostics_note(checker->diagnostics, diagnostic, "name the field: `message.body: ...`");
        return SLU_NO_INDEX;
    }
    uint32_t field = slu_check_find_field(checker, argument->name);
    if (field != SLU_NO_INDEX && checker->model->fields[field].origin != SLU_FIELD_EVENT) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, argument->name.span,
            "an event cannot carry `%.*s`: it is not a field of events", SLU_SHOWN(argument->name.text));
        if (checker->model->fields[field].origin == SLU_FIELD_STATE) {
            slu_diagnostics_note(checker->diagnostics, diagnostic, "a state is changed by `set %.*s = ...`",
                                 SLU_SHOWN(argument->name.text));
        }
        return SLU_NO_INDEX;
    }
    return field;
}

static void bind_emit(struct slu_checker *checker, struct slu_bound_action *bound) {
    const struct slu_action_syntax *syntax = bound->syntax;
    bound->target = slu_check_find_event(checker, syntax->name);
    check_operands(checker, syntax);
    check_one_each(checker, syntax->arguments, syntax->argument_count);
    bound->arguments = as_written(checker, syntax);
    bound->emit_fields = SLU_NEW_ARRAY(checker->arena, uint32_t, syntax->argument_count);
    if (bound->arguments == NULL || bound->emit_fields == NULL) {
        return;
    }
    bound->argument_count = syntax->argument_count;
    for (uint32_t i = 0; i < syntax->argument_count; i++) {
        const struct slu_argument *argument = &syntax->arguments[i];
        uint32_t field = find_emitted_field(checker, argument);
        bound->emit_fields[i] = field;
        for (uint32_t j = 0; j < i && field != SLU_NO_INDEX; j++) {
            if (bound->emit_fields[j] == field) {
                slu_check_report_duplicate(checker, "value for", argument->name, syntax->arguments[j].name.span);
                break;
            }
        }
        if (field != SLU_NO_INDEX) {
            check_value(checker, &checker->model->fields[field].type, argument, argument->name.text);
        }
    }
}

static void bind_undo(struct slu_checker *checker, struct slu_bound_action *bound) {
    uint32_t rule = slu_map_find(&checker->model->rule_titles, bound->syntax->name.text);
    if (rule == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_RULE, bound->syntax->name);
        return;
    }
    if (checker->next_same_title[rule] != SLU_NO_INDEX) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_AMBIGUOUS_NAME, bound->syntax->name.span,
                                "several rulesets have a rule \"%.*s\"", SLU_SHOWN(bound->syntax->name.text));
        slu_diagnostics_note(checker->diagnostics, diagnostic, "what is undone needs a title of its own");
        return;
    }
    bound->target = rule;
}

static void bind_delay(struct slu_checker *checker, struct slu_bound_action *bound) {
    const struct slu_words *unless = &bound->syntax->unless;
    bound->unless_events = SLU_NEW_ARRAY(checker->arena, uint32_t, unless->count);
    for (uint32_t i = 0; bound->unless_events != NULL && i < unless->count; i++) {
        uint32_t event = slu_check_find_event(checker, unless->items[i]);
        if (event != SLU_NO_INDEX) {
            bound->unless_events[bound->unless_count++] = event;
        }
    }
}

struct slu_bound_action *slu_check_bind_actions(struct slu_checker *checker, const struct slu_actions *actions) {
    typedef void bind(struct slu_checker * checker, struct slu_bound_action * bound);
    static bind *const binds[] = {[SLU_ACTION_CALL] = bind_call,
                                  [SLU_ACTION_RECORD] = bind_record,
                                  [SLU_ACTION_SET] = bind_set,
                                  [SLU_ACTION_EMIT] = bind_emit,
                                  [SLU_ACTION_UNDO] = bind_undo};
    struct slu_bound_action *bound = SLU_NEW_ARRAY(checker->arena, struct slu_bound_action, actions->count);
    for (uint32_t i = 0; bound != NULL && i < actions->count; i++) {
        bound[i].syntax = &actions->items[i];
        bound[i].target = SLU_NO_INDEX;
        binds[actions->items[i].kind](checker, &bound[i]);
        bind_delay(checker, &bound[i]);
    }
    return bound;
}
