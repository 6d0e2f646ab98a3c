/* Making the index of one ruleset; what the index is stands in engine/code/index.h. */
#ifndef SLU_COMPILE_INDEXING_H
#define SLU_COMPILE_INDEXING_H

#include "engine/code/index.h"
#include "engine/compile/compiler.h"

/* Fewer rules are tried one by one. */
enum { SLU_INDEX_RULES_MIN = 2 };

/* A test with its outcome, on one column. Small, for there are several for each rule. */
struct slu_index_literal {
    uint8_t column;
    uint8_t opcode; /* enum slu_opcode */
    bool outcome;
    uint32_t count; /* of items; 0 where there is `low` instead */
    union {
        const struct slu_value *items; /* what the field is compared with */
        double low;                    /* BETWEEN; of a search its number in the scan */
    };
    double high; /* BETWEEN */
};
_Static_assert(SLU_INDEX_COLUMNS_MAX <= UINT8_MAX && SLU_OP_COUNT <= UINT8_MAX, "a literal has room for them");

/* One way in which a rule's condition holds. */
struct slu_index_row_draft {
    uint32_t rule; /* in the ruleset */
    bool unsure;   /* something of it has no literal */
    bool widened;  /* see SLU_INDEX_WIDENED */
    uint32_t first_literal, literal_count;
    uint32_t first_part, part_count;
    uint32_t column, class; /* what it hangs on, with its first class there; SLU_NO_INDEX: it is broad */
    uint32_t place;         /* of a broad one: its number in the index */
};

/* Classes in which a row holds (of a negative column: does not hold). The
 * parts of a row are in the order of their columns, then of their classes. */
struct slu_index_part_draft {
    uint32_t column;
    uint32_t low, high;
};

/* A look while it is made. */
struct slu_index_look_draft {
    enum slu_index_kind kind;
    uint32_t slot;
    struct slu_table keys;  /* double or struct slu_string */
    struct slu_map numbers; /* of keys that are texts, once they are sorted */
    uint32_t last_class;
    uint32_t shift;  /* of the candidates */
    uint32_t number; /* in the index */
};

/* What a row wants of a look: all literals of one clause at once, of a list
 * some element in each of several clauses; or, negative, none of them. */
struct slu_index_clause {
    uint32_t number; /* the how manieth of a row */
    bool negative;
};
struct slu_index_column_draft {
    uint32_t look;
    struct slu_index_clause clause;
    bool unites; /* a row's literals are alternatives */
};

struct slu_indexing {
    struct slu_compiler *compiler;
    const struct sluice_program *program;
    struct slu_arena arena; /* freed with the ruleset's index made */
    struct slu_table literals, rows, parts;
    struct slu_index_look_draft looks[SLU_INDEX_COLUMNS_MAX];
    uint32_t look_count;
    struct slu_index_column_draft columns[SLU_INDEX_COLUMNS_MAX];
    uint32_t column_count;
};

static inline struct slu_index_look_draft *slu_indexing_look(struct slu_indexing *indexing, uint32_t column) {
    return &indexing->looks[indexing->columns[column].look];
}

/* As slu_compiler_push, on the indexing's arena. */
static inline void *slu_indexing_push(struct slu_indexing *indexing, struct slu_table *table, size_t size) {
    return slu_compiler_push_on(indexing->compiler, &indexing->arena, table, size);
}

/* index_paths.c: adds the rows of a rule: one for each path through its code
 * that ends in true, or an unsure one without literals where there are too many. */
void slu_indexing_add_paths(struct slu_indexing *indexing, uint32_t rule, struct slu_code code);

/* index_columns.c */

/* The operands of a test as the code pushed them. */
enum slu_index_entry_kind { SLU_INDEX_ENTRY_SLOT, SLU_INDEX_ENTRY_CONSTANT, SLU_INDEX_ENTRY_FLAG, SLU_INDEX_ENTRY_ANY };
struct slu_index_entry {
    enum slu_index_entry_kind kind;
    uint32_t number; /* slot, constant; FLAG: its value */
};
/* Adds the literals that stand for the test's outcome, with their keys. False:
 * there is no column for it. `first`: the row's first literal. */
bool slu_indexing_add_test(struct slu_indexing *indexing, slu_instruction test, const struct slu_index_entry *operands,
                           bool outcome, uint32_t first);
/* From literals to classes; rows that can never hold are dropped. */
void slu_indexing_add_parts(struct slu_indexing *indexing);

/* Zeroed, on the indexing's arena; NULL, and `no_memory`, when there is none. */
void *slu_indexing_scratch(struct slu_indexing *indexing, size_t count, size_t size);

/* index_keys.c */

/* With all keys known: sorts them. */
void slu_indexing_sort_keys(struct slu_indexing *indexing);
/* The number of a key that the look has. */
uint32_t slu_indexing_key_number(const struct slu_index_look_draft *look, const void *key);

/* index_candidates.c */

/* Which rows hang on a class, and which are broad; their places in the index. */
void slu_indexing_place_rows(struct slu_indexing *indexing, struct slu_index *index);
/* With the sets and looks made: rows and candidates, and their parts. */
void slu_indexing_make_rows(struct slu_indexing *indexing, const struct slu_program_ruleset *ruleset,
                            struct slu_index *index, struct slu_index_look *looks);

/* index_looks.c: the looks with their keys; NULL, and `no_memory`, when there is none. */
struct slu_index_look *slu_indexing_make_looks(struct slu_indexing *indexing, struct slu_index *index);

/* index_sets.c: the columns of the broad rows. */
void slu_indexing_make_columns(struct slu_indexing *indexing, struct slu_index *index);

#endif
