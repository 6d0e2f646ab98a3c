/* The index of a ruleset: which rules an event's values leave in the running.
 *
 * A *row* is one way in which a rule's condition can hold: a conjunction. A
 * *look* is one aspect of one field (its number, its text, its prefix), and maps
 * every value to one of a few *classes*: between two rows there is no difference
 * inside of a class. A list has a class for each element that some rule knows.
 * Classes are found once per event, those that every search needs when it is read.
 *
 * A row that hangs on a rare class is listed as a *candidate* of that class, and
 * is met only by events that have it; its *parts* say what else must hold. The
 * other, *broad* rows are bits: a *column* maps each class of a look to the set of
 * broad rows that hold there, and those that hold for an event are the
 * intersection of one set per column. What an index cannot see makes a row
 * unsure: the machine then has the last word. */
#ifndef SLU_CODE_INDEX_H
#define SLU_CODE_INDEX_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slu_index_kind {
#define INDEX_LOOK(name, word, keys, exactly, part, late) SLU_INDEX_##name,
#include "engine/code/index_looks.def"
#undef INDEX_LOOK
    SLU_INDEX_KIND_COUNT
};
enum slu_index_keys { SLU_INDEX_KEYS_NONE, SLU_INDEX_KEYS_NUMBERS, SLU_INDEX_KEYS_TEXTS };
struct slu_index_kind_entry {
    const char *word;
    enum slu_index_keys keys;
    bool exactly, part, late;
};
extern const struct slu_index_kind_entry slu_index_kinds[SLU_INDEX_KIND_COUNT];

/* Classes. Numbers: then 1 + 2i below key i (and above key i - 1), 2 + 2i at it.
 * Texts: then one per key. Flags: false is OTHER, then true. */
enum { SLU_INDEX_MISSING, SLU_INDEX_OTHER, SLU_INDEX_FIRST_KEY };

enum { SLU_INDEX_COLUMNS_MAX = 128, SLU_INDEX_WORD_BITS = 64, SLU_INDEX_KEY_LENGTHS = 64 };
/* Up to so many words of broad rows, an index has what holds by class. */
enum { SLU_INDEX_FEW_WORDS = 2 };

/* A text by its hash: see index_hash.h. */
struct slu_index_bucket {
    uint32_t hash;
    uint32_t key; /* where it stands; 0: the bucket is empty */
};
/* A text with its bytes behind it, so that it is in one place of memory. */
struct slu_index_key {
    uint32_t number;
    uint32_t length;
    char bytes[];
};

struct slu_index_look {
    enum slu_index_kind kind;
    uint32_t slot;
    uint32_t scan; /* of searches: the program's scan that finds them */
    uint32_t key_count;
    const double *numbers; /* sorted */
    /* Where there are many numbers: the range from the first to the last key in cells of one width, so
     * that a search looks at the keys of one. Cell c begins at key cells[c]. */
    const uint32_t *cells; /* NULL: there are few */
    double cell_scale;     /* cells per unit */
    uint32_t cell_count;
    uint32_t cell_keys;    /* the most that one has */
    const uint64_t *texts; /* keys, one behind the other, each from a whole word on; the first word is of none */
    uint32_t text_words;
    const struct slu_index_bucket *buckets;
    uint32_t bucket_count; /* a power of two, more than there are keys */
    /* Of prefixes and suffixes: bit n stands for a key of n bytes. `filter` has those that may begin, or end, with some
     * bytes: see index_hash.h. */
    uint64_t lengths;
    const uint64_t *filter;
    uint32_t filter_count; /* a power of two */
    /* Rows that hang on a class here: those of class c stand from starts[c] on in the index's
     * candidates, by rule, 0: there are none; classes merged. */
    const uint32_t *starts;   /* NULL: no class has candidates */
    uint32_t candidate_count; /* for people */
    uint32_t shift;
};

/* Sets of broad rows. */
struct slu_index_column {
    uint32_t look;
    bool negative;              /* the sets are the rows that do not hold */
    uint32_t shift;             /* classes are merged */
    uint32_t class_count;       /* after merging */
    const uint32_t *class_sets; /* per class: the number of its set */
    const uint64_t *sets;       /* `word_count` words each */
    uint32_t set_count;
};

/* The broad rows that hold in each class of a look, as far as its columns tell: so that
 * a value that has one class takes one step. */
struct slu_index_holds {
    const uint64_t *rows; /* `word_count` words for each class, not merged; behind the last class all rows */
    uint32_t class_count;
};

/* A range of classes, from `low` on. Parts of one look follow each other where one of them
 * is enough, up to one that is LAST; none that is NEGATIVE may hold. */
enum {
    SLU_INDEX_PART_LAST = 1,
    SLU_INDEX_PART_NEGATIVE = 2,
    SLU_INDEX_LOOK_SHIFT = 2,
    SLU_INDEX_SPAN_SHIFT = 9, /* the look's number has the bits between */
    SLU_INDEX_SPAN_MAX = (1 << (32 - SLU_INDEX_SPAN_SHIFT)) - 1
};
_Static_assert(SLU_INDEX_COLUMNS_MAX == 1 << (SLU_INDEX_SPAN_SHIFT - SLU_INDEX_LOOK_SHIFT), "a look's number has room");
struct slu_index_part {
    uint32_t look; /* its number, shifted, flags, and how many classes there are behind `low`, shifted */
    uint32_t low;
};

/* Flags of a row. */
enum {
    SLU_INDEX_UNSURE = 1,  /* the machine must confirm */
    SLU_INDEX_ALLOWED = 2, /* the rule has allowances, which may be spent */
    SLU_INDEX_WIDENED = 4, /* broad, and holds in sets where it does not: its parts tell */
    SLU_INDEX_RULE_SHIFT = 3
};
struct slu_index_row {
    uint32_t rule;       /* its number in the ruleset, shifted, and flags */
    uint32_t first_part; /* the parts reach up to the next row's first */
};

/* A row that hangs on a class, with its parts behind it, so that it is in one place of memory; one
 * that hangs on several classes stands there several times. */
enum { SLU_INDEX_CANDIDATE_LAST = 1, SLU_INDEX_CANDIDATE_SHIFT = 1 };
struct slu_index_candidate {
    uint32_t rule; /* as in a row */
    uint32_t size; /* how many parts, shifted; and whether it is the last one of its class */
    struct slu_index_part parts[];
};

struct slu_index {
    const struct slu_index_row *rows; /* the broad ones, by rule; and one more, for the end of the last one's parts */
    uint32_t row_count;               /* with those that are candidates */
    uint32_t unsure_count;            /* of all rows */
    uint32_t broad_count;
    uint32_t word_count;                /* that hold a bit for each broad row */
    const struct slu_index_part *parts; /* of the broad rows */
    uint32_t part_count;
    const uint32_t *candidates; /* one behind the other; the first one is that of no class */
    uint32_t candidate_words;
    const struct slu_index_look *looks;
    uint32_t look_count;
    uint32_t early_count;     /* these looks' classes are found when an event is read; the others' when a row asks */
    uint32_t candidate_looks; /* these looks, and none behind them, have candidates */
    uint32_t first_found;     /* where the looks' classes stand among those of the program's other indexes */
    const struct slu_index_column *columns;
    uint32_t column_count;
    uint32_t early_columns;              /* those of the early looks, which come first */
    const struct slu_index_holds *holds; /* of the early looks, where there are few words; NULL: columns only */
    uint64_t all[SLU_INDEX_FEW_WORDS];   /* a bit for each broad row, where there are few words */
    bool is_few;                         /* the broad rows are all that there are, and a few words of them */
    bool is_sure; /* the classes alone say of nearly every event which rule wins, and no text is searched for them */
};

/* The classes of one look for one event. Small, since each search reads them all. */
struct slu_index_found {
    const uint32_t *classes; /* NULL: `only` is the one there is */
    uint32_t only;           /* of several: the one behind the last class */
    union {
        uint32_t count; /* of several */
        uint32_t first; /* of one: where its candidates stand */
    };
};

static inline bool slu_index_is_suffix(enum slu_index_kind kind) {
    return kind == SLU_INDEX_SUFFIX || kind == SLU_INDEX_SUFFIX_EXACTLY;
}
static inline bool slu_index_is_search(enum slu_index_kind kind) {
    return kind == SLU_INDEX_SEARCH || kind == SLU_INDEX_SEARCH_EXACTLY;
}
static inline uint32_t slu_index_part_look(const struct slu_index_part *part) {
    return part->look >> SLU_INDEX_LOOK_SHIFT & (SLU_INDEX_COLUMNS_MAX - 1);
}
static inline const struct slu_index_candidate *slu_index_candidate_at(const struct slu_index *index, uint32_t at) {
    return (const struct slu_index_candidate *)(index->candidates + at);
}
/* In 32-bit words. */
static inline uint32_t slu_index_candidate_words(uint32_t part_count) {
    return (uint32_t)((sizeof(struct slu_index_candidate) + part_count * sizeof(struct slu_index_part)) /
                      sizeof(uint32_t));
}
static inline uint32_t slu_index_merged(uint32_t class, uint32_t shift) {
    return class == SLU_INDEX_MISSING ? class : SLU_INDEX_OTHER + ((class - SLU_INDEX_OTHER) >> shift);
}
/* The cell of a number; what is outside, or is none, is in the first or last. It grows with the number. */
static inline uint32_t slu_index_cell(const struct slu_index_look *look, double number) {
    double at = (number - look->numbers[0]) * look->cell_scale, last = (double)(look->cell_count - 1);
    at = at > 0 ? at : 0;
    return (uint32_t)(at < last ? at : last);
}
/* The bits of a word that stand for one of `rows`. */
static inline uint64_t slu_index_row_bits(uint32_t rows, uint32_t word) {
    uint32_t left = rows - word * SLU_INDEX_WORD_BITS;
    return left < SLU_INDEX_WORD_BITS ? (UINT64_C(1) << left) - 1 : UINT64_MAX; /* the last word is not full */
}
/* The highest class that a value can have. */
uint32_t slu_index_last_class(enum slu_index_kind kind, uint32_t key_count);

#endif
