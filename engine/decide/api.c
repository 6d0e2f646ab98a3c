/* The public functions but for sluice_decide, which has a file of its own. */
#include "engine/base/limits.h"
#include "engine/code/save.h"
#include "engine/compile/compile.h"
#include "engine/decide/convert.h"
#include "engine/decide/deciding.h"
#include "engine/input/input.h"
#include "engine/vm/machine.h"

#include <stdlib.h>
#include <string.h>

/* ---- programs ---- */

static bool report_one(const struct sluice_host *host, struct slu_diagnostics *diagnostics,
                       const struct slu_diagnostic *diagnostic, struct slu_buffer *text, struct slu_buffer *json) {
    slu_buffer_clear(text);
    slu_buffer_clear(json);
    slu_diagnostic_render(diagnostics, diagnostic, false, text);
    slu_diagnostic_render_json(diagnostics, diagnostic, json);
    if (text->failed || json->failed) {
        return false;
    }
    host->report(host->context, diagnostic->severity == SLU_SEVERITY_ERROR, slu_string_give(slu_buffer_string(text)),
                 slu_string_give(slu_buffer_string(json)));
    return true;
}

/* False when out of memory. */
static bool report_all(const struct sluice_host *host, struct slu_diagnostics *diagnostics) {
    if (host == NULL || host->report == NULL) {
        return !diagnostics->failed;
    }
    struct slu_buffer text, json;
    slu_buffer_init(&text);
    slu_buffer_init(&json);
    bool done = !diagnostics->failed;
    slu_diagnostics_sort(diagnostics);
    for (uint32_t i = 0; i < diagnostics->count && done; i++) {
        done = report_one(host, diagnostics, &diagnostics->items[i], &text, &json);
    }
    slu_buffer_free(&text);
    slu_buffer_free(&json);
    return done;
}

enum sluice_status sluice_compile(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                  sluice_program **program) {
    struct slu_diagnostics diagnostics = {0};
    *program = NULL;
    enum sluice_status status = slu_compile_files(files, count, host, program, &diagnostics);
    if (*program != NULL && !report_all(host, &diagnostics)) {
        status = SLUICE_NO_MEMORY;
    }
    if (status == SLUICE_OK && !slu_actions_share(*program)) {
        status = SLUICE_NO_MEMORY;
    }
    if (status != SLUICE_OK) {
        sluice_program_free(*program);
        *program = NULL;
    }
    return status;
}

void sluice_program_free(sluice_program *program) {
    slu_program_free(program);
}

enum sluice_status sluice_program_save(const sluice_program *program, const struct sluice_writer *writer) {
    struct slu_buffer bytes;
    slu_buffer_init(&bytes);
    slu_program_save(program, &bytes);
    enum sluice_status status = SLUICE_NO_MEMORY;
    if (!bytes.failed) {
        bool written = writer->write(writer->context, slu_string_give(slu_buffer_string(&bytes)));
        status = written ? SLUICE_OK : SLUICE_LIMIT;
    }
    slu_buffer_free(&bytes);
    return status;
}

enum sluice_status sluice_program_load(struct sluice_string bytes, sluice_program **program,
                                       struct sluice_error *error) {
    enum sluice_status status = slu_compile_load(slu_string_take(bytes), program, error);
    if (status == SLUICE_OK && !slu_actions_share(*program)) {
        sluice_program_free(*program);
        *program = NULL;
        status = SLUICE_NO_MEMORY;
    }
    return status != SLUICE_NO_MEMORY
               ? status
               : slu_error_set(error, SLU_INPUT_ERROR_NO_MEMORY, "not enough memory to load the rules");
}

/* ---- deciders ---- */

enum sluice_status sluice_decider_new(const sluice_program *program, sluice_decider **new_decider) {
    sluice_decider *decider = calloc(1, sizeof *decider + program->found_count * sizeof *decider->found);
    *new_decider = NULL;
    if (decider == NULL) {
        return SLUICE_NO_MEMORY;
    }
    size_t count = (size_t)program->slot_count + 1; /* a program may use no field at all */
    decider->program = program;
    decider->event = SLU_NO_INDEX;
    slu_arena_init(&decider->arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    slu_arena_init(&decider->again, SLU_LIMIT_EVENT_ARENA_BYTES);
    decider->slots = calloc(count, sizeof *decider->slots);
    decider->missing = calloc(count, sizeof *decider->missing);
    decider->filled = calloc(count, sizeof *decider->filled);
    decider->unread = calloc(count, sizeof *decider->unread);
    decider->not_a_choice = calloc(count, sizeof *decider->not_a_choice);
    decider->reader = slu_reader_new(program);
    if (decider->slots == NULL || decider->missing == NULL || decider->filled == NULL || decider->unread == NULL ||
        decider->not_a_choice == NULL || decider->reader == NULL) {
        sluice_decider_free(decider);
        return SLUICE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < program->slot_count; i++) {
        decider->missing[i] = slu_slot_missing(&program->slots[i]);
        decider->unread[i] = program->slots[i].origin == SLU_FIELD_EVENT ? SLU_FILLED : SLU_UNFILLED;
    }
    *new_decider = decider;
    return SLUICE_OK;
}

void sluice_decider_free(sluice_decider *decider) {
    if (decider == NULL) {
        return;
    }
    slu_arena_free(&decider->arena);
    slu_arena_free(&decider->again);
    slu_reader_free(decider->reader);
    free(decider->slots);
    free(decider->missing);
    free(decider->filled);
    free(decider->unread);
    free(decider->not_a_choice);
    free(decider);
}

void slu_decider_clear(sluice_decider *decider) {
    uint32_t count = decider->program->slot_count;
    slu_arena_reset(&decider->arena);
    memcpy(decider->filled, decider->unread, count);
    memcpy(decider->slots, decider->missing, count * sizeof *decider->slots);
    memset(decider->not_a_choice, 0, count * sizeof *decider->not_a_choice);
    decider->event = SLU_NO_INDEX;
    decider->id = (struct slu_string){NULL, 0};
    decider->decided = false;
    decider->has_found = decider->has_lane = false;
}

void slu_decider_set(sluice_decider *decider, uint32_t slot, struct slu_value value) {
    decider->slots[slot] = value;
    decider->has_found = decider->has_lane = false;
}

bool slu_decider_find_classes(sluice_decider *decider) {
    decider->has_found = slu_rules_find_classes(decider->program, decider->event, decider->index_use, decider->slots,
                                                &decider->arena, decider->found);
    return decider->has_found;
}

bool slu_decider_lane(sluice_decider *decider, struct slu_string *lane) {
    uint32_t slot = decider->program->conversation_id_slot;
    *lane = (struct slu_string){NULL, 0};
    if (slot == SLU_NO_INDEX || decider->unread[slot] == SLU_UNFILLED) {
        return true;
    }
    if (!slu_value_key(decider->slots[slot], &decider->arena, lane)) {
        return false;
    }
    if (lane->length == 0 && decider->stand_ins != NULL && decider->stand_ins[slot] != 0) {
        *lane = SLU_STRING(SLU_STAND_IN);
    }
    return true;
}

/* ---- events ---- */

static enum sluice_status no_memory(struct sluice_error *error) {
    return slu_error_set(error, SLU_INPUT_ERROR_NO_MEMORY, "not enough memory to read this event");
}

static enum sluice_status describe(sluice_decider *decider, struct sluice_event *event, struct sluice_error *error) {
    uint32_t slot = decider->program->conversation_id_slot;
    if (!slu_decider_lane(decider, &decider->lane)) {
        decider->event = SLU_NO_INDEX;
        return no_memory(error);
    }
    decider->has_lane = slot == SLU_NO_INDEX || decider->unread[slot] != SLU_UNFILLED;
    event->id = slu_string_give(decider->id);
    event->kind = slu_string_give(decider->program->events[decider->event].name);
    event->lane = slu_string_give(decider->lane);
    return SLUICE_OK;
}

enum sluice_status sluice_read(sluice_decider *decider, const struct sluice_delivery *delivery,
                               struct sluice_event *event, struct sluice_error *error) {
    struct slu_input input = {.event = SLU_NO_INDEX};
    slu_decider_clear(decider);
    *event = (struct sluice_event){.has_time = false};
    enum sluice_status status = slu_input_read(decider->reader, delivery, &decider->arena, decider->slots,
                                               decider->not_a_choice, &input, error);
    event->id = slu_string_give(input.id);
    event->topic = slu_string_give(input.topic);
    event->has_time = input.has_time;
    event->time = input.time;
    if (status != SLUICE_OK) {
        return status;
    }
    decider->event = input.event;
    decider->id = input.id;
    if (!slu_decider_find_classes(decider)) {
        decider->event = SLU_NO_INDEX;
        return no_memory(error);
    }
    return describe(decider, event, error);
}

/* A field that exists and that no rule reads is accepted and has no slot. */
static enum sluice_status find_field(const sluice_program *program, struct slu_string name, uint32_t *slot,
                                     struct sluice_error *error) {
    *slot = slu_map_find(&program->slot_names, name);
    bool is_event_field = *slot != SLU_MAP_NONE ? program->slots[*slot].origin == SLU_FIELD_EVENT
                                                : slu_map_find(&program->model->field_names, name) != SLU_MAP_NONE;
    if (is_event_field) {
        return SLUICE_OK;
    }
    return slu_error_set(error, SLU_INPUT_ERROR_UNKNOWN_NAME, "events have no field %.*s",
                         (int)(name.length > 100 ? 100 : name.length), name.bytes);
}

static enum sluice_status replace_field(sluice_decider *decider, const struct sluice_argument *argument,
                                        struct sluice_error *error) {
    uint32_t slot;
    struct slu_value value;
    struct slu_string not_a_choice;
    enum sluice_status status = find_field(decider->program, slu_string_take(argument->name), &slot, error);
    if (status != SLUICE_OK || slot == SLU_MAP_NONE) {
        return status;
    }
    if (!slu_value_take(&decider->arena, &argument->value, &value) ||
        !slu_slot_fit(&decider->program->slots[slot], &decider->arena, &value, &not_a_choice)) {
        return slu_error_set(error, SLU_INPUT_ERROR_NO_MEMORY, "not enough memory to raise this event");
    }
    slu_decider_set(decider, slot, value);
    decider->not_a_choice[slot] = not_a_choice;
    return SLUICE_OK;
}

enum sluice_status sluice_raise(sluice_decider *decider, struct sluice_string kind,
                                const struct sluice_argument *arguments, size_t count, struct sluice_event *event,
                                struct sluice_error *error) {
    struct sluice_event described = {.has_time = false};
    if (decider->event == SLU_NO_INDEX) {
        return slu_error_set(error, SLU_INPUT_ERROR_NO_EVENT, "no event was read before raising another");
    }
    uint32_t index = slu_map_find(&decider->program->event_names, slu_string_take(kind));
    if (index == SLU_MAP_NONE) {
        return slu_error_set(error, SLU_INPUT_ERROR_UNKNOWN_NAME, "there is no event %.*s",
                             (int)(kind.length > 100 ? 100 : kind.length), kind.bytes);
    }
    for (size_t i = 0; i < count; i++) {
        enum sluice_status status = replace_field(decider, &arguments[i], error);
        if (status != SLUICE_OK) {
            decider->event = SLU_NO_INDEX; /* half replaced: nothing may be decided on it */
            return status;
        }
    }
    memcpy(decider->filled, decider->unread, decider->program->slot_count);
    decider->event = index;
    decider->has_found = false; /* of another event, whose rulesets may be others */
    enum sluice_status status = describe(decider, &described, error);
    if (event != NULL) {
        *event = described;
    }
    return status;
}
