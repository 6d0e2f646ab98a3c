/* What is used: later stages keep only that, and the user hears of the rest. */
#include "engine/check/checker.h"

struct usage {
    struct slu_checker *checker;
    uint32_t *pending; /* definitions to be read: defines, then look-ups, each at most once */
    uint32_t pending_count;
};

static void use_field(struct usage *usage, uint32_t index) {
    struct slu_model *model = usage->checker->model;
    if (index == SLU_NO_INDEX || model->fields[index].used) {
        return;
    }
    struct slu_field *field = &model->fields[index];
    field->used = true;
    if (field->entity_id != SLU_NO_INDEX) {
        model->fields[field->entity_id].used = true; /* a field of the event: needs nothing itself */
    }
    if (field->origin == SLU_FIELD_LOOKUP && !model->lookups[field->lookup].used) {
        model->lookups[field->lookup].used = true;
        usage->pending[usage->pending_count++] = model->defines_count + field->lookup;
    }
}

static void use_expression(struct usage *usage, struct slu_expression *expression) {
    struct slu_model *model = usage->checker->model;
    struct slu_walk walk;
    slu_walk_start(&walk, &usage->checker->stack, expression);
    for (const struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        switch ((enum slu_binding_kind)at->binding) {
        case SLU_BINDING_FIELD:
            use_field(usage, at->index);
            break;
        case SLU_BINDING_LIST:
            model->lists[at->index].used = true;
            break;
        case SLU_BINDING_DEFINE:
            if (!model->defines[at->index].used) {
                model->defines[at->index].used = true;
                usage->pending[usage->pending_count++] = at->index;
            }
            break;
        case SLU_BINDING_CALENDAR:
            model->calendars[at->index].used = true;
            break;
        case SLU_BINDING_LINK:
            if (at->index != SLU_NO_INDEX) {
                model->events[at->index].used = true;
            }
            break;
        case SLU_BINDING_NONE:
        case SLU_BINDING_FUNCTION:
            break;
        }
    }
}

static void use_arguments(struct usage *usage, const struct slu_argument *const *arguments, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i] != NULL) {
            use_expression(usage, arguments[i]->value);
        }
    }
}

/* Definitions read further definitions: until nothing is left. */
static void use_pending(struct usage *usage) {
    const struct slu_model *model = usage->checker->model;
    while (usage->pending_count > 0) {
        uint32_t definition = usage->pending[--usage->pending_count];
        if (definition < model->defines_count) {
            use_expression(usage, model->defines[definition].condition);
        } else {
            const struct slu_lookup *lookup = &model->lookups[definition - model->defines_count];
            use_arguments(usage, lookup->arguments, lookup->arguments != NULL ? lookup->argument_count : 0);
        }
    }
}

static void use_actions(struct usage *usage, const struct slu_bound_action *actions, uint32_t count) {
    struct slu_model *model = usage->checker->model;
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_bound_action *action = &actions[i];
        use_arguments(usage, action->arguments, action->argument_count);
        if (action->syntax->kind == SLU_ACTION_SET) {
            use_field(usage, action->target);
        } else if (action->syntax->kind == SLU_ACTION_EMIT) {
            if (action->target != SLU_NO_INDEX) {
                model->events[action->target].used = true;
            }
            for (uint32_t j = 0; action->emit_fields != NULL && j < action->argument_count; j++) {
                use_field(usage, action->emit_fields[j]);
            }
        }
        for (uint32_t j = 0; j < action->unless_count; j++) {
            model->events[action->unless_events[j]].used = true;
        }
    }
    use_pending(usage);
}

static void use_rule(struct usage *usage, const struct slu_bound_rule *rule) {
    use_expression(usage, rule->syntax->when);
    use_expression(usage, rule->syntax->unless);
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        use_field(usage, rule->allowances[i].entity_id);
    }
    use_actions(usage, rule->actions, rule->action_count);
}

static void use_step(struct usage *usage, const struct slu_bound_step *step) {
    for (uint32_t i = 0; i < step->given_count; i++) {
        use_field(usage, step->given[i].field);
    }
    if (step->event != SLU_NO_INDEX) {
        usage->checker->model->events[step->event].used = true;
    }
    for (uint32_t i = 0; i < step->outcome_count; i++) {
        use_actions(usage, step->outcomes[i].actions, step->outcomes[i].action_count);
    }
}

/* What the engine itself reads: which conversation an action belongs to, and
 * the tags that an exclusive group replaces. */
static void use_own(struct usage *usage) {
    static const struct slu_string own[] = {{"conversation.id", 15}, {"conversation.tags", 17}};
    const struct slu_model *model = usage->checker->model;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        uint32_t field = slu_map_find(&model->field_names, own[i]);
        use_field(usage, field == SLU_MAP_NONE ? SLU_NO_INDEX : field);
    }
}

void slu_check_usage(struct slu_checker *checker) {
    const struct slu_model *model = checker->model;
    struct usage usage = {.checker = checker};
    usage.pending = SLU_NEW_ARRAY(checker->arena, uint32_t, (size_t)model->defines_count + model->lookups_count);
    if (usage.pending == NULL) {
        return;
    }
    use_own(&usage);
    for (uint32_t i = 0; i < model->rules_count; i++) {
        use_rule(&usage, &model->rules[i]);
    }
    for (uint32_t i = 0; i < model->guards_count; i++) {
        use_expression(&usage, model->guards[i].syntax->condition);
    }
    for (uint32_t i = 0; i < model->assertions_count; i++) {
        use_expression(&usage, model->assertions[i].condition);
        use_field(&usage, model->assertions[i].limit.entity_id);
    }
    for (uint32_t i = 0; i < model->tests_count; i++) {
        for (uint32_t j = 0; j < model->tests[i].step_count; j++) {
            use_step(&usage, &model->tests[i].steps[j]);
        }
    }
    use_pending(&usage);
}

/* ---- unused names ---- */

static void hint_unused(struct slu_checker *checker, const char *what, struct slu_word name, bool used) {
    if (!used && !slu_check_is_standard(checker, name.span)) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNUSED_NAME, name.span, "nothing uses the %s `%.*s`",
                            what, SLU_SHOWN(name.text));
    }
}

void slu_check_unused(struct slu_checker *checker) {
    if (checker->diagnostics->error_count > 0) {
        return; /* what uses it may not have been understood */
    }
    const struct slu_model *model = checker->model;
    for (uint32_t i = 0; i < model->lists_count; i++) {
        hint_unused(checker, "list", model->lists[i].name, model->lists[i].used);
    }
    for (uint32_t i = 0; i < model->defines_count; i++) {
        hint_unused(checker, "named condition", model->defines[i].name, model->defines[i].used);
    }
    for (uint32_t i = 0; i < model->calendars_count; i++) {
        hint_unused(checker, "calendar", model->calendars[i].name, model->calendars[i].used);
    }
    for (uint32_t i = 0; i < model->lookups_count; i++) {
        hint_unused(checker, "look-up", model->lookups[i].name, model->lookups[i].used);
    }
}
