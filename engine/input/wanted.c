#include "engine/input/wanted.h"

#include <string.h>

enum { FIRST_PLACES = 32 };

/* ---- building ---- */

/* A *new* place on the tree's arena; NULL when out of memory. */
static struct slu_wanted *add_place(struct slu_wanted_tree *tree) {
    if (tree->count == tree->capacity) {
        uint32_t capacity = tree->capacity == 0 ? FIRST_PLACES : tree->capacity * 2;
        struct slu_wanted **grown = slu_arena_grow(tree->arena, tree->places, tree->capacity * sizeof *tree->places,
                                                   capacity * sizeof *tree->places);
        if (!grown) {
            return NULL;
        }
        tree->places = grown;
        tree->capacity = capacity;
    }
    struct slu_wanted *place = SLU_NEW(tree->arena, struct slu_wanted);
    if (place) {
        place->number = tree->count;
        tree->places[tree->count++] = place;
    }
    return place;
}

bool slu_wanted_start(struct slu_wanted_tree *tree, struct slu_arena *arena) {
    *tree = (struct slu_wanted_tree){.arena = arena};
    slu_map_init(&tree->children, arena);
    return add_place(tree) != NULL;
}

static struct slu_wanted *take_member(struct slu_wanted_tree *tree, struct slu_wanted *object, struct slu_string key) {
    char *bytes = slu_arena_alloc_bytes(tree->arena, sizeof object->number + key.length);
    if (!bytes) {
        return NULL;
    }
    memcpy(bytes, &object->number, sizeof object->number);
    if (key.length > 0) {
        memcpy(bytes + sizeof object->number, key.bytes, key.length);
    }
    struct slu_string step = {bytes, sizeof object->number + key.length};
    uint32_t number = slu_map_find(&tree->children, step);
    if (number != SLU_MAP_NONE) {
        return tree->places[number];
    }
    struct slu_wanted *place = add_place(tree);
    if (!place || !slu_map_put(&tree->children, step, place->number)) {
        return NULL;
    }
    place->parent = object;
    place->key = (struct slu_string){bytes + sizeof object->number, key.length};
    return place;
}

/* What *link leads to, made where there is nothing. NULL when out of memory. */
static struct slu_wanted *take_linked(struct slu_wanted_tree *tree, const struct slu_wanted **link) {
    if (!*link) {
        *link = add_place(tree);
    }
    return *link ? tree->places[(*link)->number] : NULL;
}

static struct slu_wanted *take_step(struct slu_wanted_tree *tree, struct slu_wanted *place,
                                    const struct slu_step *step) {
    switch (step->kind) {
    case SLU_STEP_KEY:
        return take_member(tree, place, step->key);
    case SLU_STEP_INDEX:
    case SLU_STEP_EACH:
        return take_linked(tree, &place->elements);
    case SLU_STEP_JSON:
        place->scalar = true;
        return take_linked(tree, &place->inside);
    }
    return NULL;
}

bool slu_wanted_add(struct slu_wanted_tree *tree, const struct slu_step *steps, uint32_t step_count,
                    struct slu_stem *stem) {
    struct slu_wanted *place = tree->places[0];
    bool in_stem = true;
    if (stem) {
        *stem = (struct slu_stem){.is_all = step_count == 0};
    }
    for (uint32_t i = 0; i < step_count; i++) {
        place = take_step(tree, place, &steps[i]);
        if (!place) {
            return false;
        }
        in_stem = in_stem && steps[i].kind == SLU_STEP_KEY;
        if (stem && in_stem) {
            *stem = (struct slu_stem){place->number, i + 1, i + 1 == step_count};
        }
    }
    /* The value itself, and the texts and numbers of a list. */
    place->scalar = true;
    struct slu_wanted *elements = take_linked(tree, &place->elements);
    if (!elements) {
        return false;
    }
    elements->scalar = true;
    return true;
}

bool slu_wanted_add_others(struct slu_wanted_tree *tree) {
    tree->places[0]->others = add_place(tree);
    return tree->places[0]->others != NULL;
}

/* ---- tables ---- */

static void put_member(struct slu_wanted *object, struct slu_wanted_member *members, const struct slu_wanted *wanted) {
    struct slu_key key = slu_key_make(wanted->key.bytes, wanted->key.length, wanted->key.bytes + wanted->key.length);
    uint32_t i = (uint32_t)(key.hash >> 40) & object->member_mask;
    while (members[i].wanted) {
        i = (i + 1) & object->member_mask;
    }
    members[i] = (struct slu_wanted_member){key, wanted};
}

bool slu_wanted_finish(struct slu_wanted_tree *tree) {
    uint32_t *counts = SLU_NEW_ARRAY(tree->arena, uint32_t, tree->count);
    struct slu_wanted_member **tables = SLU_NEW_ARRAY(tree->arena, struct slu_wanted_member *, tree->count);
    if (!counts || !tables) {
        return false;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        if (tree->places[i]->parent) {
            counts[tree->places[i]->parent->number]++;
        }
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t entries = 4;
        while (entries < 4 * counts[i]) {
            entries *= 2;
        }
        if (counts[i] > 0) {
            tables[i] = SLU_NEW_ARRAY(tree->arena, struct slu_wanted_member, entries);
            if (!tables[i]) {
                return false;
            }
            tree->places[i]->members = tables[i];
            tree->places[i]->member_mask = entries - 1;
        }
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        const struct slu_wanted *parent = tree->places[i]->parent;
        if (parent) {
            put_member(tree->places[parent->number], tables[parent->number], tree->places[i]);
        }
    }
    return true;
}

/* ---- finding ---- */

const struct slu_wanted *slu_wanted_along(const struct slu_wanted_tree *tree, uint32_t number,
                                          const struct slu_step *steps, uint32_t step_count) {
    const struct slu_wanted *place = tree->places[number];
    for (uint32_t i = 0; place && i < step_count; i++) {
        if (steps[i].kind == SLU_STEP_KEY) {
            struct slu_key key =
                slu_key_make(steps[i].key.bytes, steps[i].key.length, steps[i].key.bytes + steps[i].key.length);
            place = slu_wanted_find(place, &key);
        } else {
            place = steps[i].kind == SLU_STEP_JSON ? place->inside : place->elements;
        }
    }
    return place;
}

void slu_wanted_note(const struct slu_wanted_tree *tree, const struct slu_json *document,
                     const struct slu_json **found) {
    found[0] = document;
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct slu_wanted *place = tree->places[i];
        if (place->parent && found[place->parent->number]) {
            found[i] = slu_json_member(found[place->parent->number], place->key);
        }
    }
}
