/* One set of rows per column, intersected word by word. */
#include "engine/vm/index.h"

#include "engine/text/unicode.h"

#include <string.h>

/* A set that takes part, with the place up to which the summaries were read. */
struct part {
    const struct slu_index_set *set;
    uint32_t cursor;
};

/* What a column says of the event: `words` and every part, united; inverted
 * where the parts are the rows that do not hold. */
struct view {
    const uint64_t *words; /* with summary; NULL: none */
    struct part *parts;
    uint32_t part_count;
    bool inverted;
    struct part only; /* for the many columns that have one */
};

struct search {
    const struct slu_index *index;
    const struct slu_machine *machine;
    struct view views[SLU_INDEX_COLUMNS_MAX];
    uint32_t view_count;
    uint32_t best; /* no row from here on can win */
};

/* ---- from values to classes ---- */

static uint32_t number_class(const struct slu_index_column *column, double number) {
    const double *keys = column->numbers;
    uint32_t low = 0, count = column->key_count;
    while (count > 0) {
        uint32_t half = count / 2;
        bool after = keys[low + half] < number;
        low = after ? low + half + 1 : low;
        count = after ? count - half - 1 : half;
    }
    return SLU_INDEX_OTHER + 2 * low + (low < column->key_count && keys[low] == number);
}

/* The class of the longest key that the text starts (or ends) with. */
static uint32_t part_class(const struct slu_index_column *column, struct slu_string text) {
    bool suffix = slu_index_is_suffix(column->kind);
    uint32_t found = SLU_INDEX_OTHER;
    uint64_t hash = 0, lengths = column->lengths;
    for (size_t length = 0; lengths != 0 && length <= text.length; length++, lengths >>= 1) {
        if (length > 0) {
            hash = slu_index_hash_byte(hash, text.bytes[suffix ? text.length - length : length - 1]);
        }
        if ((lengths & 1) != 0) {
            struct slu_string part = {suffix ? text.bytes + text.length - length : text.bytes, length};
            uint32_t key = slu_index_find(column, part, hash);
            found = key == UINT32_MAX ? found : SLU_INDEX_FIRST_KEY + key;
        }
    }
    return found;
}

/* False when out of memory. */
static bool text_class(const struct search *search, const struct slu_index_column *column, struct slu_text *text,
                       uint32_t *class) {
    struct slu_string bytes = text->raw;
    if (!slu_index_kinds[column->kind].exactly && !slu_text_folded(search->machine->arena, text, &bytes)) {
        return false;
    }
    if (slu_index_is_part(column->kind)) {
        *class = part_class(column, bytes);
        return true;
    }
    uint32_t key = slu_index_find(column, bytes, slu_index_hash(column->kind, bytes));
    *class = key == UINT32_MAX ? SLU_INDEX_OTHER : SLU_INDEX_FIRST_KEY + key;
    return true;
}

/* Of a value that is no list. */
static bool value_class(const struct search *search, const struct slu_index_column *column, struct slu_value value,
                        uint32_t *class) {
    *class = SLU_INDEX_MISSING;
    if (value.type == SLU_TYPE_MISSING) {
        return true;
    }
    switch (slu_index_kinds[column->kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        *class = number_class(column, column->kind == SLU_INDEX_AGE ? search->machine->clock - value.as.number
                                                                    : value.as.number);
        return true;
    case SLU_INDEX_KEYS_TEXTS:
        *class = SLU_INDEX_OTHER;
        return value.type != SLU_TYPE_TEXT || text_class(search, column, value.as.text, class);
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    bool is_true = column->kind == SLU_INDEX_FLAG && value.as.flag;
    *class = is_true ? SLU_INDEX_FIRST_KEY : SLU_INDEX_OTHER;
    return true;
}

/* ---- from classes to sets ---- */

static struct part class_part(const struct slu_index_column *column, uint32_t class) {
    const struct slu_index_set *set = &column->sets[column->class_sets[slu_index_merged(column, class)]];
    return (struct part){set, set->first};
}

static bool view_value(struct search *search, const struct slu_index_column *column, struct slu_value value) {
    struct view *view = &search->views[search->view_count++];
    uint32_t class;
    if (!value_class(search, column, value, &class)) {
        return false;
    }
    view->only = class_part(column, class);
    bool whole = view->only.set->words != NULL;
    view->words = whole ? view->only.set->words : column->base;
    view->parts = &view->only;
    view->part_count = !whole && view->only.set->count > 0;
    view->inverted = false;
    return true;
}

/* One part for each element that some rule knows; a text is a list of one. */
static bool view_list(struct search *search, const struct slu_index_column *column, struct slu_value value) {
    bool list = value.type == SLU_TYPE_LIST;
    const struct slu_value *items = list ? value.as.list->items : &value;
    size_t count = list ? value.as.list->count : value.type == SLU_TYPE_TEXT;
    struct view *view = &search->views[search->view_count];
    *view = (struct view){.words = column->base, .inverted = slu_index_is_negative(column->kind)};
    if (count > 0) {
        view->parts = SLU_NEW_ARRAY(search->machine->arena, struct part, count);
        if (view->parts == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t class;
        if (!value_class(search, column, items[i], &class)) {
            return false;
        }
        if (class >= SLU_INDEX_FIRST_KEY) {
            view->parts[view->part_count++] = class_part(column, class);
        }
    }
    search->view_count += !view->inverted || view->part_count > 0; /* else every row holds */
    return true;
}

/* ---- intersecting ---- */

static uint64_t word_bit(uint32_t word) {
    return UINT64_C(1) << (word % SLU_INDEX_WORD_BITS);
}

/* Which of the 64 words from 64 * `summary` on may have rows. */
static uint64_t view_summary(const struct slu_index *index, struct view *view, uint32_t summary) {
    uint64_t bits = view->words == NULL ? 0 : view->words[index->word_count + summary];
    for (uint32_t i = 0; i < view->part_count; i++) {
        struct part *part = &view->parts[i];
        if (part->set->words != NULL) {
            bits |= part->set->words[index->word_count + summary];
            continue;
        }
        uint32_t end = part->set->first + part->set->count;
        while (part->cursor < end && index->places[part->cursor] / SLU_INDEX_WORD_BITS <= summary) {
            bits |= word_bit(index->places[part->cursor++]);
        }
    }
    return view->inverted ? UINT64_MAX : bits;
}

/* The bits of a word of which the summary was read: not far behind the cursor. */
static uint64_t part_word(const struct slu_index *index, const struct part *part, uint32_t word) {
    if (part->set->words != NULL) {
        return part->set->words[word];
    }
    for (uint32_t i = part->cursor; i > part->set->first && index->places[i - 1] >= word; i--) {
        if (index->places[i - 1] == word) {
            return index->values[i - 1];
        }
    }
    return 0;
}

static uint64_t view_word(const struct slu_index *index, const struct view *view, uint32_t word) {
    uint64_t bits = view->words == NULL ? 0 : view->words[word];
    for (uint32_t i = 0; i < view->part_count; i++) {
        bits |= part_word(index, &view->parts[i], word);
    }
    return view->inverted ? ~bits : bits;
}

static bool push(struct search *search, struct slu_index_hits *hits, uint32_t row) {
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

static bool search_word(struct search *search, struct slu_index_hits *hits, uint32_t word) {
    const struct slu_index *index = search->index;
    uint32_t first = word * SLU_INDEX_WORD_BITS, rows = index->row_count - first;
    uint64_t bits = rows < SLU_INDEX_WORD_BITS ? word_bit(rows) - 1 : UINT64_MAX;
    for (uint32_t i = 0; i < search->view_count && bits != 0; i++) {
        bits &= view_word(index, &search->views[i], word);
    }
    for (; bits != 0; bits &= bits - 1) {
        uint32_t row = index->rows[first + (uint32_t)__builtin_ctzll(bits)];
        if (row >= search->best) {
            continue;
        }
        if ((row & (SLU_INDEX_UNSURE | SLU_INDEX_ALLOWED)) == 0) {
            search->best = row; /* wins for certain: later rules are not asked */
        }
        if (!push(search, hits, row)) {
            return false;
        }
    }
    return true;
}

static bool search_words(struct search *search, struct slu_index_hits *hits) {
    const struct slu_index *index = search->index;
    for (uint32_t summary = 0; summary < index->summary_count; summary++) {
        uint32_t words = index->word_count - summary * SLU_INDEX_WORD_BITS;
        uint64_t bits = words < SLU_INDEX_WORD_BITS ? word_bit(words) - 1 : UINT64_MAX;
        for (uint32_t i = 0; i < search->view_count; i++) {
            bits &= view_summary(index, &search->views[i], summary);
        }
        for (; bits != 0; bits &= bits - 1) {
            uint32_t word = summary * SLU_INDEX_WORD_BITS + (uint32_t)__builtin_ctzll(bits);
            if (index->first_rules[word] < search->best && !search_word(search, hits, word)) {
                return false;
            }
        }
    }
    return true;
}

bool slu_index_search(const struct slu_index *index, const struct slu_machine *machine, struct slu_index_hits *hits) {
    struct search search;
    search.index = index;
    search.machine = machine;
    search.view_count = 0;
    search.best = UINT32_MAX;
    hits->items = hits->few;
    hits->count = 0;
    hits->capacity = SLU_INDEX_HITS_INLINE;
    for (uint32_t i = 0; i < index->column_count; i++) {
        const struct slu_index_column *column = &index->columns[i];
        struct slu_value value = machine->slots[column->slot];
        bool list = slu_index_is_list(column->kind);
        if (!(list ? view_list(&search, column, value) : view_value(&search, column, value))) {
            return false;
        }
    }
    return search_words(&search, hits);
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
