/* A small formula on all values of its tests, 64 rows of the truth table at a time. */
#include "engine/prove/formula.h"

enum { NODES_MAX = 64, TESTS_MAX = 13, WORD_TESTS = 6 }; /* of TESTS_MAX: 128 words of rows */

struct table {
    const struct slu_formulas *formulas;
    uint32_t nodes[NODES_MAX]; /* in ascending order: the parts of a node come before it */
    uint32_t count;
    uint32_t tests; /* how many of them are not taken apart */
};

/* An atom, or a conjunction of atoms ("it is there, and below 5"): one variable of the table. */
static bool is_test(const struct slu_formulas *formulas, uint32_t number) {
    const struct slu_formula_node *node = &formulas->nodes[number];
    for (uint32_t i = 0; i < node->child_count; i++) {
        if (slu_formula_node(formulas, node->children[i])->kind == SLU_FORMULA_AND) {
            return false;
        }
    }
    return true;
}

/* Where the node is, or where it belongs. */
static uint32_t place_of(const struct table *table, uint32_t number) {
    uint32_t place = table->count;
    while (place > 0 && table->nodes[place - 1] >= number) {
        place--;
    }
    return place;
}

static bool add(struct table *table, uint32_t number) {
    uint32_t place = place_of(table, number);
    if (place < table->count && table->nodes[place] == number) {
        return true;
    }
    if (table->count == NODES_MAX) {
        return false;
    }
    for (uint32_t i = table->count; i > place; i--) {
        table->nodes[i] = table->nodes[i - 1];
    }
    table->nodes[place] = number;
    table->count++;
    return true;
}

/* All parts of the formula; false when they are too many. */
static bool collect(struct table *table, uint32_t root) {
    if (!add(table, root)) {
        return false;
    }
    /* From the largest number down: what is added stands before what is looked at. */
    for (uint32_t left = 1; left > 0;) {
        uint32_t number = table->nodes[left - 1], before = table->count;
        const struct slu_formula_node *node = &table->formulas->nodes[number];
        bool test = is_test(table->formulas, number);
        table->tests += test;
        for (uint32_t i = 0; i < node->child_count && !test; i++) {
            if (!add(table, slu_formula_index(node->children[i]))) {
                return false;
            }
        }
        left += table->count - before - 1;
    }
    return table->tests <= TESTS_MAX;
}

/* The values of test number `test` in 64 rows, from row 64 * `word` on. */
static uint64_t rows_of(uint32_t test, uint32_t word) {
    static const uint64_t within[WORD_TESTS] = {UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC),
                                                UINT64_C(0xF0F0F0F0F0F0F0F0), UINT64_C(0xFF00FF00FF00FF00),
                                                UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000)};
    if (test < WORD_TESTS) {
        return within[test];
    }
    return (word >> (test - WORD_TESTS) & 1) != 0 ? UINT64_MAX : 0;
}

/* A node with its parts as places in the table. */
struct step {
    const slu_formula *parts;
    uint32_t first, count; /* of its parts in `places`; none: a test */
};

bool slu_formula_is_surely_never(const struct slu_formulas *formulas, slu_formula formula) {
    enum { PLACES_MAX = 4 * NODES_MAX };
    struct table table = {.formulas = formulas};
    struct step steps[NODES_MAX];
    uint64_t values[NODES_MAX];
    uint8_t places[PLACES_MAX];
    uint32_t place_count = 0, tests = 0;
    if (slu_formula_index(formula) == 1 || !collect(&table, slu_formula_index(formula))) {
        return formula == SLU_NEVER;
    }
    for (uint32_t i = 0; i < table.count; i++) {
        const struct slu_formula_node *node = &formulas->nodes[table.nodes[i]];
        bool test = is_test(formulas, table.nodes[i]);
        steps[i] = (struct step){node->children, place_count, test ? 0 : node->child_count};
        if (steps[i].count > PLACES_MAX - place_count) {
            return false;
        }
        for (uint32_t part = 0; part < steps[i].count; part++) {
            places[place_count++] = (uint8_t)place_of(&table, slu_formula_index(node->children[part]));
        }
    }
    uint32_t words = table.tests > WORD_TESTS ? 1u << (table.tests - WORD_TESTS) : 1;
    for (uint32_t word = 0; word < words; word++, tests = 0) {
        for (uint32_t i = 0; i < table.count; i++) {
            const struct step *step = &steps[i];
            values[i] = step->count == 0 ? rows_of(tests++, word) : UINT64_MAX;
            for (uint32_t part = 0; part < step->count; part++) {
                uint64_t value = values[places[step->first + part]];
                values[i] &= step->parts[part] < 0 ? ~value : value;
            }
        }
        uint64_t whole = values[table.count - 1];
        if ((formula < 0 ? ~whole : whole) != 0) {
            return false;
        }
    }
    return true;
}
