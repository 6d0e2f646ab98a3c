/* Boolean formulas over atoms, each made once: equal formulas are the same
 * number. A formula is a node's number, or its negative for the negation. */
#ifndef SLU_PROVE_FORMULA_H
#define SLU_PROVE_FORMULA_H

#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef int32_t slu_formula;

#define SLU_ALWAYS ((slu_formula)1)
#define SLU_NEVER ((slu_formula)-1)

enum slu_formula_kind { SLU_FORMULA_CONSTANT, SLU_FORMULA_ATOM, SLU_FORMULA_AND };

struct slu_formula_node {
    enum slu_formula_kind kind;
    uint32_t atom;               /* ATOM: index into the atoms */
    const slu_formula *children; /* AND: at least two, in ascending order */
    uint32_t child_count;
    uint64_t hash;
};

/* On an arena; when that fails, formulas come out as SLU_NEVER and `failed` of
 * the arena says so: look before believing an answer. */
struct slu_formulas {
    struct slu_arena *arena;
    struct slu_formula_node *nodes; /* from 1; number 1 is SLU_ALWAYS */
    uint32_t count, capacity;
    uint32_t *table; /* hash table of node numbers, 0: free */
    uint32_t table_size;
};

bool slu_formulas_init(struct slu_formulas *formulas, struct slu_arena *arena);
static inline uint32_t slu_formula_index(slu_formula formula) {
    return (uint32_t)(formula < 0 ? -formula : formula);
}
static inline const struct slu_formula_node *slu_formula_node(const struct slu_formulas *formulas,
                                                              slu_formula formula) {
    return &formulas->nodes[slu_formula_index(formula)];
}
slu_formula slu_formula_atom(struct slu_formulas *formulas, uint32_t atom);
/* Reorders `parts`. Of none: SLU_ALWAYS. */
slu_formula slu_formula_and(struct slu_formulas *formulas, slu_formula *parts, uint32_t count);
/* Reorders and turns `parts`. Of none: SLU_NEVER. */
slu_formula slu_formula_or(struct slu_formulas *formulas, slu_formula *parts, uint32_t count);
slu_formula slu_formula_and2(struct slu_formulas *formulas, slu_formula left, slu_formula right);
slu_formula slu_formula_or2(struct slu_formulas *formulas, slu_formula left, slu_formula right);

/* ---- truth_table.c ---- */

/* Is the formula false whatever the tests in it say? Looks at small formulas only,
 * and sees no connection between tests: `false` means nothing. Much cheaper than a solver. */
bool slu_formula_is_surely_never(const struct slu_formulas *formulas, slu_formula formula);

/* Room for one more item of a growing array on the arena; false when out of memory. */
bool slu_prove_reserve(struct slu_arena *arena, void *items, uint32_t *capacity, uint32_t count, size_t size);
#define SLU_RESERVE(arena, items, capacity, count)                                                                     \
    slu_prove_reserve((arena), (void *)&(items), &(capacity), (count), sizeof *(items))

#endif
