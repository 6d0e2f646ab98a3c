/* Candidates of the event's classes, and the intersection of the broad rows' sets. */
#include "engine/vm/index.h"

#include <string.h>

/* So many words of all columns are intersected at a time; where there are only a
 * few, one by one. */
enum { BLOCK_WORDS = 16, FEW_WORDS = 4 };
enum { WAITING_MAX = 32 };

struct search {
    const struct slu_index *index;
    struct slu_machine *machine;
    struct slu_index_found *found;
    struct slu_index_hits *hits;
    uint32_t best; /* no row from here on can win */
    enum slu_machine_status status;
};

static const struct slu_index_found *found_of(struct search *search, uint32_t look) {
    struct slu_index_found *found = &search->found[look];
    if (found->count == SLU_INDEX_NOT_FOUND) {
        enum slu_machine_status status = slu_index_find_late(&search->index->looks[look], search->machine, found);
        search->status = search->status == SLU_MACHINE_OK ? status : search->status;
    }
    return found;
}

/* ---- hits ---- */

static bool push(struct search *search, uint32_t row) {
    struct slu_index_hits *hits = search->hits;
    if (hits->count == hits->capacity) {
        uint32_t *more = SLU_NEW_ARRAY(search->machine->arena, uint32_t, 2 * (size_t)hits->capacity);
        if (more == NULL) {
            return false;
        }
        memcpy(more, hits->items, hits->count * sizeof *more);
        hits->items = more;
        hits->capacity *= 2;
    }
    uint32_t at = hits->count++;
    while (at > 0 && hits->items[(at - 1) / 2] > row) {
        hits->items[at] = hits->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    hits->items[at] = row;
    return true;
}

static uint32_t pop(struct slu_index_hits *hits) {
    uint32_t least = hits->items[0], last = hits->items[--hits->count], at = 0;
    for (uint32_t child = 1; child < hits->count; child = 2 * at + 1) {
        child += child + 1 < hits->count && hits->items[child + 1] < hits->items[child];
        if (hits->items[child] >= last) {
            break;
        }
        hits->items[at] = hits->items[child];
        at = child;
    }
    hits->items[at] = last;
    return least;
}

bool slu_index_next(struct slu_index_hits *hits, uint32_t *rule, bool *unsure) {
    if (hits->count == 0) {
        return false;
    }
    uint32_t row = pop(hits);
    *rule = row >> SLU_INDEX_RULE_SHIFT;
    *unsure = (row & SLU_INDEX_UNSURE) != 0;
    while (hits->count > 0 && hits->items[0] >> SLU_INDEX_RULE_SHIFT == *rule) {
        pop(hits); /* another way in which it holds; the sure one was first */
    }
    return true;
}

/* ---- one row ---- */

static bool inside(const struct slu_index_found *found, const struct slu_index_part *part) {
    uint32_t span = part->high - part->low;
    if (found->classes == NULL) {
        return found->only - part->low <= span;
    }
    for (uint32_t i = 0; i < found->count; i++) {
        if (found->classes[i] - part->low <= span) {
            return true;
        }
    }
    return false;
}

static bool parts_hold(struct search *search, const struct slu_index_row *row) {
    const struct slu_index_part *parts = search->index->parts, *end = parts + row[1].first_part;
    for (const struct slu_index_part *part = parts + row->first_part; part < end; part++) {
        bool holds = inside(found_of(search, part->look >> SLU_INDEX_LOOK_SHIFT), part);
        if ((part->look & SLU_INDEX_PART_NEGATIVE) != 0) {
            if (holds) {
                return false;
            }
        } else if (holds) {
            while ((part->look & SLU_INDEX_PART_LAST) == 0) {
                part++; /* one is enough */
            }
        } else if ((part->look & SLU_INDEX_PART_LAST) != 0) {
            return false;
        }
    }
    return true;
}

/* A row that holds as far as its sets or its class say. */
static bool take(struct search *search, uint32_t number, bool confirm) {
    const struct slu_index_row *row = &search->index->rows[number];
    uint32_t rule = row->rule & ~(uint32_t)SLU_INDEX_WIDENED;
    if (rule >= search->best || ((confirm || rule != row->rule) && !parts_hold(search, row))) {
        return true;
    }
    if ((rule & (SLU_INDEX_UNSURE | SLU_INDEX_ALLOWED)) == 0) {
        search->best = rule; /* wins for certain: later rules are not asked */
    }
    return push(search, rule);
}

/* ---- candidates ---- */

/* Candidates that were met and not tried yet: by the time that they are, the
 * processor has fetched their rows and parts. */
struct waiting {
    uint32_t rows[WAITING_MAX];
    uint32_t count;
};

static bool take_waiting(struct search *search, struct waiting *waiting) {
    const struct slu_index *index = search->index;
    for (uint32_t i = 0; i < waiting->count; i++) {
        __builtin_prefetch(&index->parts[index->rows[waiting->rows[i]].first_part]);
    }
    for (uint32_t i = 0; i < waiting->count; i++) {
        if (!take(search, waiting->rows[i], true)) {
            return false;
        }
    }
    waiting->count = 0;
    return true;
}

static bool meet_candidates(struct search *search, const struct slu_index_look *look, uint32_t class,
                            struct waiting *waiting) {
    const uint32_t *start = &look->starts[slu_index_merged(class, look->shift)];
    for (uint32_t i = start[0]; i < start[1]; i++) {
        if (waiting->count == WAITING_MAX && !take_waiting(search, waiting)) {
            return false;
        }
        waiting->rows[waiting->count++] = look->candidates[i];
        __builtin_prefetch(&search->index->rows[look->candidates[i]]);
    }
    return true;
}

static bool search_candidates(struct search *search) {
    if (search->index->broad_count == search->index->row_count) {
        return true;
    }
    struct waiting waiting;
    waiting.count = 0;
    for (uint32_t i = 0; i < search->index->look_count; i++) {
        const struct slu_index_look *look = &search->index->looks[i];
        if (look->starts == NULL) {
            continue;
        }
        const struct slu_index_found *found = found_of(search, i);
        if (search->status != SLU_MACHINE_OK) {
            return false;
        }
        const uint32_t *classes = found->classes == NULL ? &found->only : found->classes;
        for (uint32_t j = 0; j < found->count; j++) {
            if (!meet_candidates(search, look, classes[j], &waiting)) {
                return false;
            }
        }
    }
    return take_waiting(search, &waiting);
}

/* ---- broad rows ---- */

static const uint64_t *class_words(const struct slu_index *index, const struct slu_index_column *column,
                                   uint32_t class) {
    uint32_t set = column->class_sets[slu_index_merged(class, column->shift)];
    return column->sets + (size_t)set * index->word_count;
}

/* What the column leaves of one word. */
static inline uint64_t column_word(struct search *search, const struct slu_index_column *column, uint32_t word) {
    const struct slu_index_found *found = found_of(search, column->look);
    uint64_t bits = 0;
    if (found->classes == NULL) {
        bits = class_words(search->index, column, found->only)[word];
    } else if (found->count == 0) {
        bits = class_words(search->index, column, SLU_INDEX_OTHER)[word];
    }
    for (uint32_t i = 0; i < found->count && found->classes != NULL; i++) {
        bits |= class_words(search->index, column, found->classes[i])[word];
    }
    return column->negative ? ~bits : bits;
}

/* Takes from `block` the rows that the column rules out. */
static void intersect(struct search *search, const struct slu_index_column *column, uint32_t first, uint32_t count,
                      uint64_t block[BLOCK_WORDS]) {
    const struct slu_index_found *found = found_of(search, column->look);
    uint32_t class = found->classes == NULL ? found->only : found->count > 0 ? found->classes[0] : SLU_INDEX_OTHER;
    const uint64_t *words = class_words(search->index, column, class) + first;
    if (found->count <= 1 && !column->negative) {
        for (uint32_t i = 0; i < count; i++) {
            block[i] &= words[i];
        }
        return;
    }
    uint64_t united[BLOCK_WORDS];
    memcpy(united, words, count * sizeof *united);
    for (uint32_t j = 1; j < found->count; j++) {
        words = class_words(search->index, column, found->classes[j]) + first;
        for (uint32_t i = 0; i < count; i++) {
            united[i] |= words[i];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        block[i] &= column->negative ? ~united[i] : united[i];
    }
}

static bool is_empty(const uint64_t *block, uint32_t count) {
    uint64_t any = 0;
    for (uint32_t i = 0; i < count; i++) {
        any |= block[i];
    }
    return any == 0;
}

/* The rows of word `word` of all. */
static bool take_bits(struct search *search, uint32_t word, uint64_t bits, bool confirm) {
    for (; bits != 0; bits &= bits - 1) {
        if (!take(search, word * SLU_INDEX_WORD_BITS + (uint32_t)__builtin_ctzll(bits), confirm)) {
            return false;
        }
    }
    return true;
}

/* The bits of a word that stand for a row. */
static uint64_t row_bits(const struct slu_index *index, uint32_t word) {
    uint32_t rows = index->broad_count - word * SLU_INDEX_WORD_BITS;
    return rows < SLU_INDEX_WORD_BITS ? (UINT64_C(1) << rows) - 1 : UINT64_MAX; /* the last word is not full */
}

/* Two at most? */
static inline bool few_bits(uint64_t bits) {
    bits &= bits - 1;
    return (bits & (bits - 1)) == 0;
}

static bool search_word(struct search *search, uint32_t word) {
    const struct slu_index *index = search->index;
    uint64_t bits = row_bits(index, word);
    uint32_t column = 0;
    while (column < index->column_count && !few_bits(bits)) {
        bits &= column_word(search, &index->columns[column++], word);
    }
    /* The parts of the last rows are fewer than the columns that they were not held against. */
    return take_bits(search, word, bits, column < index->column_count);
}

static bool search_block(struct search *search, uint32_t first, uint32_t count) {
    const struct slu_index *index = search->index;
    uint64_t block[BLOCK_WORDS];
    memset(block, 0xFF, count * sizeof *block);
    block[count - 1] = row_bits(index, first + count - 1);
    for (uint32_t i = 0; i < index->column_count; i++) {
        intersect(search, &index->columns[i], first, count, block);
        if (is_empty(block, count)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!take_bits(search, first + i, block[i], false)) {
            return false;
        }
    }
    return true;
}

/* By rule: behind one that wins for certain there is nothing to look for. */
static bool search_broad(struct search *search) {
    const struct slu_index *index = search->index;
    const uint32_t step = index->word_count <= FEW_WORDS ? 1 : BLOCK_WORDS;
    for (uint32_t first = 0; first < index->word_count; first += step) {
        uint32_t left = index->word_count - first;
        if (index->rows[first * SLU_INDEX_WORD_BITS].rule >= search->best) {
            return true;
        }
        bool done = step == 1 ? search_word(search, first) : search_block(search, first, left < step ? left : step);
        if (!done || search->status != SLU_MACHINE_OK) {
            return false;
        }
    }
    return true;
}

enum slu_machine_status slu_index_search(const struct slu_index *index, struct slu_machine *machine,
                                         struct slu_index_found *found, struct slu_index_hits *hits) {
    struct search search = {index, machine, found, hits, UINT32_MAX, SLU_MACHINE_OK};
    hits->items = hits->few;
    hits->count = 0;
    hits->capacity = SLU_INDEX_HITS_INLINE;
    for (uint32_t i = index->early_count; i < index->look_count; i++) {
        found[i].count = SLU_INDEX_NOT_FOUND;
    }
    bool done = search_candidates(&search) && search_broad(&search);
    return done || search.status != SLU_MACHINE_OK ? search.status : SLU_MACHINE_NO_MEMORY;
}
