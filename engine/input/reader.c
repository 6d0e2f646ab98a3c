#include "engine/input/reader.h"

#include "engine/input/quick.h"

#include <stdlib.h>

/* ---- the own shape ---- */

static bool want_keys(struct slu_wanted_tree *tree, const struct slu_string *keys, uint32_t count,
                      struct slu_stem *stem) {
    struct slu_step *steps = SLU_NEW_ARRAY(tree->arena, struct slu_step, count);
    if (!steps) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        steps[i] = (struct slu_step){.kind = SLU_STEP_KEY, .key = keys[i]};
    }
    return slu_wanted_add(tree, steps, count, stem);
}

static bool plan_own(struct slu_reader *reader) {
    struct slu_own_plan *plan = &reader->own;
    struct slu_wanted_tree *tree = &plan->document.tree;
    const struct sluice_program *program = reader->program;
    plan->slots = SLU_NEW_ARRAY(&reader->arena, struct slu_stem, program->slot_count);
    if (!plan->slots || !slu_wanted_start(tree, &reader->arena) || !slu_wanted_add_others(tree) ||
        !want_keys(tree, &SLU_STRING("event"), 1, NULL) || !want_keys(tree, &SLU_STRING("id"), 1, NULL) ||
        !want_keys(tree, &SLU_STRING("at"), 1, NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < program->slot_count; i++) {
        const struct slu_slot *slot = &program->slots[i];
        if (slot->origin == SLU_FIELD_EVENT && !want_keys(tree, slot->keys, slot->key_count, &plan->slots[i])) {
            return false;
        }
    }
    return slu_wanted_finish(tree);
}

/* ---- sources ---- */

static bool want_origin(struct slu_wanted_tree *tree, const struct slu_origin *origin, struct slu_stem *stem) {
    return origin->kind != SLU_ORIGIN_PATH || slu_wanted_add(tree, origin->steps, origin->step_count, stem);
}

/* *stems stays NULL without a mapping. */
static bool want_mapping(struct slu_wanted_tree *tree, const struct slu_mapping *mapping, struct slu_stem **stems) {
    uint32_t count = 0;
    for (uint32_t i = 0; mapping && i < mapping->alternative_count; i++) {
        count += mapping->alternatives[i].part_count;
    }
    if (!mapping) {
        return true;
    }
    struct slu_stem *stem = *stems = SLU_NEW_ARRAY(tree->arena, struct slu_stem, count);
    for (uint32_t i = 0; stem && i < mapping->alternative_count; i++) {
        const struct slu_alternative *alternative = &mapping->alternatives[i];
        for (uint32_t part = 0; part < alternative->part_count; part++) {
            if (!want_origin(tree, &alternative->parts[part], stem++)) {
                return false;
            }
        }
    }
    return stem != NULL;
}

/* `slot`: what is filled; NULL: no list. */
static struct slu_short_path short_path(const struct slu_mapping *mapping, const struct slu_stem *stems,
                                        const struct slu_slot *slot) {
    struct slu_short_path path = {.place = SLU_NO_INDEX};
    if (!mapping || mapping->alternative_count != 1 || mapping->alternatives[0].part_count != 1 ||
        mapping->alternatives[0].modifier.kind != SLU_MODIFIER_NONE) {
        return path;
    }
    const struct slu_origin *origin = &mapping->alternatives[0].parts[0];
    if (origin->kind != SLU_ORIGIN_PATH) {
        return path;
    }
    const struct slu_step *rest = origin->steps + stems->step_count;
    uint32_t left = origin->step_count - stems->step_count;
    if (slot && slot->type == SLU_TYPE_LIST && (left == 1 || left == 2) && rest[0].kind == SLU_STEP_EACH) {
        bool has_key = left == 2 && rest[1].kind == SLU_STEP_KEY;
        path.is_each = left == 1 || has_key;
        path.key = has_key ? &rest[1].key : NULL;
    }
    path.place = stems->is_all || path.is_each ? stems->number : SLU_NO_INDEX;
    return path;
}

static bool plan_topic(struct slu_wanted_tree *tree, const struct slu_slot *slots,
                       const struct slu_program_topic *topic, struct slu_topic_plan *plan) {
    if (topic->syntax->when) {
        plan->when = SLU_NEW(tree->arena, struct slu_stem);
        if (!plan->when || !want_origin(tree, topic->syntax->when, plan->when)) {
            return false;
        }
    }
    plan->mappings = SLU_NEW_ARRAY(tree->arena, struct slu_stem *, topic->mapping_count);
    plan->paths = SLU_NEW_ARRAY(tree->arena, struct slu_short_path, topic->mapping_count);
    if (!plan->mappings || !plan->paths) {
        return false;
    }
    for (uint32_t i = 0; i < topic->mapping_count; i++) {
        const struct slu_program_mapping *mapping = &topic->mappings[i];
        if (!want_mapping(tree, mapping->syntax, &plan->mappings[i])) {
            return false;
        }
        plan->paths[i] = short_path(mapping->syntax, plan->mappings[i], &slots[mapping->slot]);
    }
    return true;
}

static bool plan_source(struct slu_reader *reader, const struct slu_program_source *source,
                        struct slu_source_plan *plan) {
    struct slu_wanted_tree *tree = &plan->document.tree;
    plan->topics = SLU_NEW_ARRAY(&reader->arena, struct slu_topic_plan, source->topic_count);
    if (!plan->topics || !slu_wanted_start(tree, &reader->arena) || !want_mapping(tree, source->topic, &plan->topic) ||
        !want_mapping(tree, source->id, &plan->id) || !want_mapping(tree, source->at, &plan->at)) {
        return false;
    }
    plan->topic_path = short_path(source->topic, plan->topic, NULL);
    plan->id_path = short_path(source->id, plan->id, NULL);
    plan->at_path = short_path(source->at, plan->at, NULL);
    for (uint32_t i = 0; i < source->topic_count; i++) {
        if (!plan_topic(tree, reader->program->slots, &source->topics[i], &plan->topics[i])) {
            return false;
        }
    }
    return slu_wanted_finish(tree);
}

/* ---- the whole ---- */

static bool plan_all(struct slu_reader *reader) {
    const struct sluice_program *program = reader->program;
    reader->sources = SLU_NEW_ARRAY(&reader->arena, struct slu_source_plan, program->from_source_count);
    reader->texts = SLU_NEW_ARRAY(&reader->arena, struct slu_text, program->slot_count);
    if (!reader->sources || !reader->texts || !plan_own(reader)) {
        return false;
    }
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        if (!plan_source(reader, &program->from_sources[i], &reader->sources[i])) {
            return false;
        }
    }
    return true;
}

struct slu_reader *slu_reader_new(const struct sluice_program *program) {
    struct slu_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        return NULL;
    }
    slu_arena_init(&reader->arena, 0);
    reader->program = program;
    reader->kernel = slu_scan_kernel_best();
    if (!plan_all(reader)) {
        slu_reader_free(reader);
        return NULL;
    }
    return reader;
}

void slu_reader_free(struct slu_reader *reader) {
    if (reader) {
        slu_arena_free(&reader->arena);
        free(reader);
    }
}

enum sluice_status slu_reader_document(struct slu_reader *reader, struct slu_document_plan *plan,
                                       struct slu_string json, struct slu_arena *arena, const struct slu_json **found,
                                       const struct slu_json **document, struct sluice_error *error) {
    if (!slu_shape_begin(&plan->shape, &reader->arena)) {
        return SLUICE_NO_MEMORY;
    }
    enum sluice_status status =
        slu_quick_read(reader->kernel, plan->tree.places[0], &plan->shape, json, arena, found, document);
    if (status != SLUICE_INVALID) {
        return status;
    }
    status = slu_json_read(json, arena, document, error);
    if (status == SLUICE_OK) {
        slu_wanted_note(&plan->tree, *document, found);
    }
    return status;
}

enum sluice_status slu_reader_inside(const struct slu_reader *reader, const struct slu_wanted *wanted,
                                     struct slu_string json, struct slu_arena *arena, const struct slu_json **value) {
    enum sluice_status status = slu_quick_read(reader->kernel, wanted, NULL, json, arena, NULL, value);
    return status == SLUICE_INVALID ? slu_json_read(json, arena, value, NULL) : status;
}
