#include "engine/prove/formula.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_TABLE = 1024, FIRST_ITEMS = 16 };

bool slu_prove_reserve(struct slu_arena *arena, void *items, uint32_t *capacity, uint32_t count, size_t size) {
    if (count < *capacity) {
        return true;
    }
    uint32_t larger = *capacity == 0 ? FIRST_ITEMS : *capacity * 2;
    void *old;
    memcpy(&old, items, sizeof old); /* `items` is the address of a pointer to any type */
    void *moved = larger > count ? slu_arena_alloc_array(arena, larger, size) : NULL;
    if (moved == NULL) {
        return false;
    }
    if (*capacity > 0) {
        memcpy(moved, old, *capacity * size);
    }
    memcpy(items, &moved, sizeof moved);
    *capacity = larger;
    return true;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct slu_formula_node *node) {
    uint64_t hash = mix((uint64_t)node->kind, node->atom);
    for (uint32_t i = 0; i < node->child_count; i++) {
        hash = mix(hash, (uint32_t)node->children[i]);
    }
    return hash;
}

static bool same(const struct slu_formula_node *left, const struct slu_formula_node *right) {
    return left->hash == right->hash && left->kind == right->kind && left->atom == right->atom &&
           left->child_count == right->child_count &&
           (left->child_count == 0 ||
            memcmp(left->children, right->children, left->child_count * sizeof *left->children) == 0);
}

static bool grow_table(struct slu_formulas *formulas) {
    uint32_t size = formulas->table_size == 0 ? FIRST_TABLE : formulas->table_size * 2;
    uint32_t *table = SLU_NEW_ARRAY(formulas->arena, uint32_t, size);
    if (table == NULL) {
        return false;
    }
    for (uint32_t i = 1; i <= formulas->count; i++) {
        uint32_t place = (uint32_t)formulas->nodes[i].hash & (size - 1);
        while (table[place] != 0) {
            place = (place + 1) & (size - 1);
        }
        table[place] = i;
    }
    formulas->table = table;
    formulas->table_size = size;
    return true;
}

/* The number of the node, made when there is none like it; 0 when out of memory. */
static uint32_t number_of(struct slu_formulas *formulas, struct slu_formula_node node) {
    node.hash = hash_of(&node);
    if (2 * formulas->count >= formulas->table_size && !grow_table(formulas)) {
        return 0;
    }
    uint32_t place = (uint32_t)node.hash & (formulas->table_size - 1);
    while (formulas->table[place] != 0) {
        if (same(&formulas->nodes[formulas->table[place]], &node)) {
            return formulas->table[place];
        }
        place = (place + 1) & (formulas->table_size - 1);
    }
    if (!SLU_RESERVE(formulas->arena, formulas->nodes, formulas->capacity, formulas->count + 1)) {
        return 0;
    }
    if (node.child_count > 0) {
        slu_formula *children = SLU_NEW_ARRAY(formulas->arena, slu_formula, node.child_count);
        if (children == NULL) {
            return 0;
        }
        memcpy(children, node.children, node.child_count * sizeof *children);
        node.children = children;
    }
    formulas->nodes[++formulas->count] = node;
    formulas->table[place] = formulas->count;
    return formulas->count;
}

bool slu_formulas_init(struct slu_formulas *formulas, struct slu_arena *arena) {
    *formulas = (struct slu_formulas){.arena = arena};
    return number_of(formulas, (struct slu_formula_node){.kind = SLU_FORMULA_CONSTANT}) == 1;
}

slu_formula slu_formula_atom(struct slu_formulas *formulas, uint32_t atom) {
    uint32_t number = number_of(formulas, (struct slu_formula_node){.kind = SLU_FORMULA_ATOM, .atom = atom});
    return number == 0 ? SLU_NEVER : (slu_formula)number;
}

static int compare(const void *left, const void *right) {
    slu_formula a = *(const slu_formula *)left, b = *(const slu_formula *)right;
    uint32_t a_index = slu_formula_index(a), b_index = slu_formula_index(b);
    if (a_index != b_index) {
        return a_index < b_index ? -1 : 1;
    }
    return (a > b) - (a < b);
}

slu_formula slu_formula_and(struct slu_formulas *formulas, slu_formula *parts, uint32_t count) {
    if (count > 1) {
        qsort(parts, count, sizeof *parts, compare);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i] == SLU_NEVER || (kept > 0 && parts[i] == -parts[kept - 1])) {
            return SLU_NEVER;
        }
        if (parts[i] != SLU_ALWAYS && (kept == 0 || parts[i] != parts[kept - 1])) {
            parts[kept++] = parts[i];
        }
    }
    if (kept <= 1) {
        return kept == 0 ? SLU_ALWAYS : parts[0];
    }
    uint32_t number =
        number_of(formulas, (struct slu_formula_node){.kind = SLU_FORMULA_AND, .children = parts, .child_count = kept});
    return number == 0 ? SLU_NEVER : (slu_formula)number;
}

slu_formula slu_formula_or(struct slu_formulas *formulas, slu_formula *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = -parts[i];
    }
    return -slu_formula_and(formulas, parts, count);
}

slu_formula slu_formula_and2(struct slu_formulas *formulas, slu_formula left, slu_formula right) {
    slu_formula parts[2] = {left, right};
    return slu_formula_and(formulas, parts, 2);
}

slu_formula slu_formula_or2(struct slu_formulas *formulas, slu_formula left, slu_formula right) {
    slu_formula parts[2] = {left, right};
    return slu_formula_or(formulas, parts, 2);
}
