/* The stages of a compile, and the tables they fill. */
#include "engine/compile/compile.h"

#include "engine/base/limits.h"
#include "engine/compile/compiler.h"

#include <string.h>

enum { FIRST_CAPACITY = 64 };

bool slu_compiler_grow(struct slu_compiler *compiler, struct slu_arena *arena, struct slu_table *table, size_t size) {
    uint32_t capacity = table->capacity == 0 ? FIRST_CAPACITY : table->capacity * 2;
    void *items = capacity > table->capacity && capacity <= SIZE_MAX / size
                      ? slu_arena_grow(arena, table->items, table->capacity * size, capacity * size)
                      : NULL;
    if (items == NULL) {
        compiler->no_memory = true;
        return false;
    }
    table->items = items;
    table->capacity = capacity;
    return true;
}

void *slu_compiler_room(struct slu_compiler *compiler, size_t count, size_t size) {
    void *room = slu_arena_alloc_array(&compiler->program->arena, count, size);
    if (room == NULL) {
        compiler->no_memory = true;
    }
    return room;
}

void slu_compiler_refuse(struct slu_compiler *compiler, struct slu_span span, const char *what, uint32_t limit) {
    if (!compiler->refused) {
        compiler->refused = true;
        slu_diagnostics_add(compiler->diagnostics, SLU_DIAGNOSTIC_LIMIT, span, "%s, at most %u", what, limit);
    }
}

static uint32_t *no_indices(struct slu_compiler *compiler, uint32_t count) {
    uint32_t *indices = SLU_NEW_ARRAY(&compiler->scratch, uint32_t, count);
    if (indices == NULL) {
        compiler->no_memory = true;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        indices[i] = SLU_NO_INDEX;
    }
    return indices;
}

static void start(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    slu_arena_init(&compiler->scratch, 0);
    slu_map_init(&compiler->text_constants, &compiler->scratch);
    slu_map_init(&compiler->other_constants, &compiler->scratch);
    slu_map_init(&compiler->pattern_numbers, &compiler->scratch);
    compiler->field_slots = no_indices(compiler, model->fields_count);
    compiler->lookup_numbers = no_indices(compiler, model->lookups_count);
    compiler->calendar_numbers = no_indices(compiler, model->calendars_count);
    compiler->list_constants = no_indices(compiler, model->lists_count);
}

/* ---- tables that are the model's own, item by item ---- */

static void copy_events(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    if (model->events_count > SLU_LINK_EVENTS_MAX) {
        slu_compiler_refuse(compiler, model->events[SLU_LINK_EVENTS_MAX].name.span, "too many kinds of events",
                            SLU_LINK_EVENTS_MAX);
        return;
    }
    program->events = slu_compiler_room(compiler, model->events_count, sizeof *program->events);
    if (program->events == NULL) {
        return;
    }
    program->event_count = model->events_count;
    for (uint32_t i = 0; i < model->events_count; i++) {
        program->events[i].name = model->events[i].name.text;
        compiler->no_memory |= !slu_map_put(&program->event_names, program->events[i].name, i);
    }
}

static void copy_operations(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->operations = slu_compiler_room(compiler, model->operations_count, sizeof *program->operations);
    if (program->operations == NULL) {
        return;
    }
    program->operation_count = model->operations_count;
    for (uint32_t i = 0; i < model->operations_count; i++) {
        const struct slu_operation *from = &model->operations[i];
        program->operations[i] = (struct slu_program_operation){.name = from->name,
                                                                .takes = from->takes,
                                                                .take_count = from->take_count,
                                                                .inverse = from->inverse,
                                                                .cannot_undo = from->cannot_undo};
    }
}

static void copy_groups(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->groups = slu_compiler_room(compiler, model->groups_count, sizeof *program->groups);
    if (program->groups == NULL) {
        return;
    }
    program->group_count = model->groups_count;
    for (uint32_t i = 0; i < model->groups_count; i++) {
        program->groups[i] =
            (struct slu_program_group){.name = model->groups[i].name.text,
                                       .exclusive = model->groups[i].exclusive,
                                       .members = slu_compiler_words(compiler, &model->groups[i].members)};
    }
}

/* ---- the end ---- */

/* The table becomes the program's. */
static void *settle(struct slu_compiler *compiler, struct slu_table *table, size_t size, uint32_t *count) {
    void *items = slu_arena_hand_over(&compiler->scratch, table->items, table->capacity * size,
                                      &compiler->program->arena, table->count * size);
    if (items == NULL) {
        compiler->no_memory = true;
        return NULL;
    }
    *count = table->count;
    *table = (struct slu_table){NULL, 0, 0};
    return items;
}

static void finish(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    program->code = settle(compiler, &compiler->code, sizeof *program->code, &program->code_count);
    program->debug = settle(compiler, &compiler->debug, sizeof *program->debug, &program->debug_count);
    program->constants = settle(compiler, &compiler->constants, sizeof *program->constants, &program->constant_count);
    program->patterns = settle(compiler, &compiler->patterns, sizeof *program->patterns, &program->pattern_count);
    program->calendars = settle(compiler, &compiler->calendars, sizeof *program->calendars, &program->calendar_count);
    program->slots = settle(compiler, &compiler->slots, sizeof *program->slots, &program->slot_count);
    program->lookups = settle(compiler, &compiler->lookups, sizeof *program->lookups, &program->lookup_count);
    program->allowances =
        settle(compiler, &compiler->allowances, sizeof *program->allowances, &program->allowance_count);
    program->actions = settle(compiler, &compiler->actions, sizeof *program->actions, &program->action_count);
    program->arguments = settle(compiler, &compiler->arguments, sizeof *program->arguments, &program->argument_count);
    for (uint32_t i = 0; i < program->slot_count; i++) {
        compiler->no_memory |= !slu_map_put(&program->slot_names, program->slots[i].name, i);
    }
}

typedef void stage(struct slu_compiler *compiler);

enum sluice_status slu_compile_model(struct slu_model *model, bool indexed, struct slu_diagnostics *diagnostics,
                                     struct sluice_program *program) {
    /* Code asks for slots, and only then are they known: look-ups come after rules, sources last. */
    static stage *const stages[] = {start,
                                    copy_events,
                                    copy_operations,
                                    copy_groups,
                                    slu_compile_rules,
                                    slu_compile_guards,
                                    slu_compile_assertions,
                                    slu_compile_tests,
                                    slu_compile_lookups,
                                    slu_compile_sources,
                                    finish};
    struct slu_compiler compiler = {.model = model, .diagnostics = diagnostics, .program = program};
    uint32_t errors = diagnostics->error_count;
    program->model = model;
    program->public_url = model->public_url;
    slu_map_init(&program->event_names, &program->arena);
    slu_map_init(&program->slot_names, &program->arena);
    for (size_t i = 0; i < sizeof stages / sizeof *stages && !compiler.no_memory; i++) {
        stages[i](&compiler);
        compiler.no_memory |= compiler.scratch.failed || program->arena.failed || diagnostics->failed;
        if (diagnostics->error_count > errors) {
            break;
        }
    }
    if (indexed && !compiler.no_memory && diagnostics->error_count == errors) {
        slu_compile_scans(&compiler);
        slu_compile_indexes(&compiler);
        compiler.no_memory |= compiler.scratch.failed || program->arena.failed;
    }
    slu_arena_free(&compiler.scratch);
    if (compiler.no_memory) {
        return SLUICE_NO_MEMORY;
    }
    return diagnostics->error_count > errors ? SLUICE_INVALID : SLUICE_OK;
}
