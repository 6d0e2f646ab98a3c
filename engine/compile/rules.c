/* Rulesets, rules, allowances, guards. */
#include "engine/compile/compiler.h"

static uint32_t line_of(const struct slu_compiler *compiler, struct slu_span span) {
    return slu_sources_place(compiler->model->sources, span.file, span.start).line;
}

/* `when A unless B` is A and not (B). */
static struct slu_code compile_condition(struct slu_compiler *compiler, const struct slu_rule_syntax *rule) {
    if (rule->when == NULL && rule->unless == NULL) {
        return (struct slu_code){0, 0};
    }
    struct slu_expression *inside = rule->unless;
    struct slu_expression negation = {.kind = SLU_EXPRESSION_NOT, .item_count = 1, .items = &inside};
    struct slu_expression *both[] = {rule->when, &negation};
    const struct slu_expression combined = {.kind = SLU_EXPRESSION_AND, .item_count = 2, .items = both};
    slu_piece_begin(compiler, rule->span);
    if (rule->unless == NULL) {
        slu_compile_condition(compiler, rule->when);
    } else if (rule->when == NULL) {
        slu_compile_condition(compiler, &negation);
    } else {
        slu_compile_condition(compiler, &combined);
    }
    return slu_piece_end(compiler);
}

static void compile_allowances(struct slu_compiler *compiler, const struct slu_bound_rule *rule) {
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        const struct slu_bound_allowance *from = &rule->allowances[i];
        struct slu_program_allowance *place = slu_compiler_push(compiler, &compiler->allowances, sizeof *place);
        if (place == NULL) {
            return;
        }
        *place = (struct slu_program_allowance){.count = (uint64_t)from->count,
                                                .period = (int64_t)from->period,
                                                .entity_slot = SLU_NO_INDEX,
                                                .text = slu_sources_slice(compiler->model->sources, from->span)};
        if (from->entity_id != SLU_NO_INDEX) {
            place->entity_slot = slu_compiler_slot(compiler, from->entity_id);
        }
    }
}

static void compile_rule(struct slu_compiler *compiler, const struct slu_bound_rule *from,
                         struct slu_program_rule *rule) {
    const struct slu_rule_syntax *syntax = from->syntax;
    *rule = (struct slu_program_rule){.title = syntax->title.text,
                                      .otherwise = syntax->otherwise,
                                      .span = syntax->span,
                                      .line = line_of(compiler, syntax->span),
                                      .ruleset = from->ruleset,
                                      .condition = compile_condition(compiler, syntax),
                                      .first_allowance = compiler->allowances.count,
                                      .first_action = compiler->actions.count};
    compile_allowances(compiler, from);
    slu_compile_actions(compiler, from->actions, from->action_count);
    rule->allowance_count = compiler->allowances.count - rule->first_allowance;
    rule->action_count = compiler->actions.count - rule->first_action;
}

static void copy_ruleset(struct slu_compiler *compiler, const struct slu_bound_ruleset *from,
                         struct slu_program_ruleset *ruleset) {
    const struct slu_ruleset_syntax *syntax = from->syntax;
    struct slu_span span = syntax->title.span;
    *ruleset = (struct slu_program_ruleset){.title = syntax->title.text,
                                            .file = compiler->model->sources->items[span.file].name,
                                            .line = line_of(compiler, span),
                                            .events = from->events,
                                            .event_count = from->event_count,
                                            .first_rule = from->first_rule,
                                            .rule_count = from->rule_count,
                                            .complete = syntax->complete};
}

/* Per event the rulesets that listen to it, in their order. */
static void index_rulesets(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        for (uint32_t j = 0; j < program->rulesets[i].event_count; j++) {
            program->events[program->rulesets[i].events[j]].ruleset_count++;
        }
    }
    for (uint32_t i = 0; i < program->event_count; i++) {
        struct slu_program_event *event = &program->events[i];
        event->rulesets = slu_compiler_room(compiler, event->ruleset_count, sizeof *event->rulesets);
        if (event->rulesets == NULL) {
            return;
        }
        event->ruleset_count = 0;
    }
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        for (uint32_t j = 0; j < program->rulesets[i].event_count; j++) {
            struct slu_program_event *event = &program->events[program->rulesets[i].events[j]];
            if (event->ruleset_count == 0 || event->rulesets[event->ruleset_count - 1] != i) {
                event->rulesets[event->ruleset_count++] = i; /* once, also where `on` names the event twice */
            }
        }
    }
}

/* The slot of a field that the engine itself reads, where it is declared. */
static uint32_t slot_named(struct slu_compiler *compiler, struct slu_string name) {
    uint32_t field = slu_map_find(&compiler->model->field_names, name);
    return field == SLU_MAP_NONE ? SLU_NO_INDEX : slu_compiler_slot(compiler, field);
}

/* Actions belong to a conversation; exclusive groups look at the tags it carries. */
static void add_engine_slots(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    if (compiler->actions.count > 0 || compiler->model->assertions_count > 0) {
        program->conversation_id_slot = slot_named(compiler, SLU_STRING("conversation.id"));
    }
    bool exclusive = false, tags = false;
    for (uint32_t i = 0; i < program->group_count; i++) {
        exclusive = exclusive || program->groups[i].exclusive;
    }
    for (uint32_t i = 0; i < compiler->arguments.count; i++) {
        tags = tags || ((struct slu_program_argument *)compiler->arguments.items)[i].tag;
    }
    if (exclusive && tags) {
        program->tags_slot = slot_named(compiler, SLU_STRING("conversation.tags"));
    }
}

void slu_compile_rules(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->rulesets = slu_compiler_room(compiler, model->rulesets_count, sizeof *program->rulesets);
    program->rules = slu_compiler_room(compiler, model->rules_count, sizeof *program->rules);
    if (program->rulesets == NULL || program->rules == NULL) {
        return;
    }
    program->ruleset_count = model->rulesets_count;
    program->rule_count = model->rules_count;
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        copy_ruleset(compiler, &model->rulesets[i], &program->rulesets[i]);
    }
    for (uint32_t i = 0; i < model->rules_count && !compiler->no_memory; i++) {
        compile_rule(compiler, &model->rules[i], &program->rules[i]);
    }
    index_rulesets(compiler);
    add_engine_slots(compiler);
}

/* ---- guards ---- */

static void mark_blocked(const struct slu_model *model, const struct slu_bound_mask *mask, bool *blocks) {
    if (mask->operation != SLU_NO_INDEX) {
        blocks[mask->operation] = true;
        return;
    }
    for (uint32_t i = 0; i < model->operations_count; i++) {
        blocks[i] = blocks[i] || (model->operations[i].service == mask->service && !model->operations[i].is_read);
    }
}

static bool *mark_masks(struct slu_compiler *compiler, const struct slu_bound_mask *masks, uint32_t count) {
    bool *blocks = slu_compiler_room(compiler, compiler->model->operations_count, sizeof(bool));
    for (uint32_t i = 0; blocks != NULL && i < count; i++) {
        mark_blocked(compiler->model, &masks[i], blocks);
    }
    return blocks;
}

void slu_compile_guards(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->guards = slu_compiler_room(compiler, model->guards_count, sizeof *program->guards);
    if (program->guards == NULL) {
        return;
    }
    for (uint32_t i = 0; i < model->guards_count && !compiler->no_memory; i++) {
        const struct slu_bound_guard *from = &model->guards[i];
        struct slu_program_guard *guard = &program->guards[program->guard_count];
        *guard = (struct slu_program_guard){.title = from->syntax->title.text,
                                            .line = line_of(compiler, from->syntax->title.span),
                                            .file = from->syntax->title.span.file,
                                            .blocks = mark_masks(compiler, from->masks, from->mask_count)};
        if (guard->blocks == NULL) {
            return;
        }
        slu_piece_begin(compiler, from->syntax->condition->span);
        slu_compile_condition(compiler, from->syntax->condition);
        guard->condition = slu_piece_end(compiler);
        program->guard_count++;
    }
}

void slu_compile_assertions(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->assertions = slu_compiler_room(compiler, model->assertions_count, sizeof *program->assertions);
    for (uint32_t i = 0; i < model->assertions_count && !compiler->no_memory; i++) {
        const struct slu_bound_assertion *from = &model->assertions[i];
        struct slu_program_assertion *assertion = &program->assertions[program->assertion_count++];
        *assertion = (struct slu_program_assertion){
            .watches = mark_masks(compiler, from->masks, from->mask_count),
            .entity_slot = from->limit.entity_id == SLU_NO_INDEX ? SLU_NO_INDEX
                                                                 : slu_compiler_slot(compiler, from->limit.entity_id)};
        if (from->condition != NULL) {
            slu_piece_begin(compiler, from->condition->span);
            slu_compile_condition(compiler, from->condition);
            assertion->condition = slu_piece_end(compiler);
        }
    }
}
