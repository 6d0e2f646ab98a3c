/* The index of a ruleset: which rules an event's values leave in the running.
 *
 * A *row* is one way in which a rule's condition can hold: a conjunction. A
 * *column* is one aspect of one field (its number, its text, its prefix, a tag
 * that it has), and maps every value to one of a few *classes*: between two
 * rows of a column there is no difference inside of a class. For each class
 * the column has the set of rows that hold there, as bits. The rows that hold
 * for an event are the intersection of one set per column.
 *
 * Rows are put in an order in which those that hang on the same class of a
 * selective column are neighbours, so that most words of a set are empty, and
 * a summary (one bit per word that is not empty) finds the others. What an
 * index cannot see makes a row unsure: the machine then has the last word. */
#ifndef SLU_CODE_INDEX_H
#define SLU_CODE_INDEX_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slu_index_kind {
#define INDEX_COLUMN(name, word, keys, exactly) SLU_INDEX_##name,
#include "engine/code/index_columns.def"
#undef INDEX_COLUMN
    SLU_INDEX_KIND_COUNT
};
enum slu_index_keys { SLU_INDEX_KEYS_NONE, SLU_INDEX_KEYS_NUMBERS, SLU_INDEX_KEYS_TEXTS };
struct slu_index_kind_entry {
    const char *word;
    enum slu_index_keys keys;
    bool exactly;
};
extern const struct slu_index_kind_entry slu_index_kinds[SLU_INDEX_KIND_COUNT];

/* Classes. Numbers: then 1 + 2i below key i (and above key i - 1), 2 + 2i at it.
 * Texts: then one per key. Flags: false is OTHER, then true. */
enum { SLU_INDEX_MISSING, SLU_INDEX_OTHER, SLU_INDEX_FIRST_KEY };

enum { SLU_INDEX_COLUMNS_MAX = 128, SLU_INDEX_WORD_BITS = 64, SLU_INDEX_KEY_LENGTHS = 64 };

/* Bits of rows: either all words with their summary behind them, or the words
 * that differ from the column's `base`. */
struct slu_index_set {
    const uint64_t *words; /* all of them and the summary, or NULL */
    uint32_t first, count; /* else: in `places` and `values` of the index */
};

struct slu_index_column {
    enum slu_index_kind kind;
    uint32_t slot;
    uint32_t key_count;
    const double *numbers;          /* sorted */
    const struct slu_string *texts; /* sorted; suffixes from their ends */
    const uint32_t *buckets;        /* texts by hash: number of the key + 1, 0 for none */
    uint32_t bucket_count;          /* a power of two, more than there are keys */
    uint64_t lengths;               /* of prefixes and suffixes: bit n for n bytes */
    uint32_t shift;                 /* classes from OTHER on are merged by 2^shift */
    uint32_t class_count;           /* after merging */
    const uint32_t *class_sets;     /* per class */
    const struct slu_index_set *sets;
    uint32_t set_count;
    const uint64_t *base; /* rows without a condition here, with summary; LACKS: none */
};

/* What is kept of a row: its rule's number in the ruleset, shifted. */
enum {
    SLU_INDEX_UNSURE = 1,  /* the machine must confirm */
    SLU_INDEX_ALLOWED = 2, /* the rule has allowances, which may be spent */
    SLU_INDEX_RULE_SHIFT = 2
};

struct slu_index {
    uint32_t row_count, word_count, summary_count;
    const uint32_t *rows;
    const uint32_t *first_rules; /* per word: the least of its rows */
    struct slu_index_column *columns;
    uint32_t column_count;
    const uint32_t *places; /* words of sets that are not whole, ascending in each */
    const uint64_t *values;
    uint32_t place_count;
};

static inline bool slu_index_is_negative(enum slu_index_kind kind) {
    return kind == SLU_INDEX_LACKS || kind == SLU_INDEX_LACKS_EXACTLY;
}
static inline bool slu_index_is_suffix(enum slu_index_kind kind) {
    return kind == SLU_INDEX_SUFFIX || kind == SLU_INDEX_SUFFIX_EXACTLY;
}
static inline bool slu_index_is_part(enum slu_index_kind kind) {
    return slu_index_is_suffix(kind) || kind == SLU_INDEX_PREFIX || kind == SLU_INDEX_PREFIX_EXACTLY;
}
static inline bool slu_index_is_list(enum slu_index_kind kind) {
    return slu_index_is_negative(kind) || kind == SLU_INDEX_NEEDS || kind == SLU_INDEX_NEEDS_EXACTLY;
}
static inline uint32_t slu_index_merged(const struct slu_index_column *column, uint32_t class) {
    return class == SLU_INDEX_MISSING ? class : SLU_INDEX_OTHER + ((class - SLU_INDEX_OTHER) >> column->shift);
}

/* The hash of a key grows byte by byte, so that all beginnings of a text are
 * hashed in one pass; suffixes are hashed from their ends. */
static inline uint64_t slu_index_hash_byte(uint64_t hash, char byte) {
    return (hash ^ (unsigned char)byte) * UINT64_C(0x9E3779B97F4A7C15);
}
static inline uint32_t slu_index_bucket(uint64_t hash, uint32_t bucket_count) {
    return (uint32_t)(hash >> 32) & (bucket_count - 1);
}
/* Of a whole key of that column. */
uint64_t slu_index_hash(enum slu_index_kind kind, struct slu_string key);
/* The key with that hash, or SLU_NO_INDEX's value (all ones). */
uint32_t slu_index_find(const struct slu_index_column *column, struct slu_string key, uint64_t hash);

#endif
