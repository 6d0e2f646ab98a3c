/* From rows and the classes in which they hold to one set of rows per class. */
#include "engine/compile/indexing.h"

#include <stdlib.h>
#include <string.h>

/* What a column may cost before its classes are merged: bytes, and bytes per row. */
enum { COLUMN_BYTES = 256 * 1024, COLUMN_ROW_BYTES = 256 };
enum { PLACE_BYTES = sizeof(uint32_t) + sizeof(uint64_t), WHOLE_WORDS = 4 };

/* A part of a row in one column, classes merged. */
struct item {
    uint32_t row, low, high;
};

/* A column on its way. */
struct column_work {
    struct item *items; /* by row, then class */
    uint32_t item_count, class_count;
    uint32_t *starts, *ends; /* items by `low`, and by `high` */
    uint64_t *bits;          /* the rows of the class at hand */
    uint32_t *active;        /* the words of `bits` that are not 0, ascending */
    uint32_t active_count;
};

struct sets_work {
    struct slu_indexing *indexing;
    struct slu_index *index;
    struct slu_table places, values; /* uint32_t, uint64_t */
};

static void *scratch(struct slu_indexing *indexing, size_t count, size_t size) {
    void *room = slu_arena_alloc_array(&indexing->arena, count, size);
    if (room == NULL) {
        indexing->compiler->no_memory = true;
    }
    return room;
}

static void set_bit(uint64_t *words, uint32_t at) {
    words[at / SLU_INDEX_WORD_BITS] |= UINT64_C(1) << (at % SLU_INDEX_WORD_BITS);
}

/* ---- the order of rows ---- */

/* What a row hangs on most: the column in which the smallest share of classes holds. */
static void find_best(const struct slu_indexing *indexing, struct slu_index_row *row) {
    const struct slu_index_part *parts = indexing->parts.items;
    double best = 0.25; /* a larger share is no reason to leave the rules' order */
    for (uint32_t i = row->first_part; i < row->first_part + row->part_count;) {
        uint32_t column = parts[i].column, low = parts[i].low, classes = 0;
        for (; i < row->first_part + row->part_count && parts[i].column == column; i++) {
            classes += parts[i].high - parts[i].low + 1;
        }
        double share = (double)classes / ((double)indexing->drafts[column].last_class + 1);
        if (share < best && !slu_index_is_negative(indexing->drafts[column].kind)) {
            best = share;
            row->best_column = column;
            row->best_class = low;
        }
    }
}

static int compare_rows(const void *left, const void *right) {
    const struct slu_index_row *a = left, *b = right;
    if (a->best_column != b->best_column) {
        return a->best_column < b->best_column ? -1 : 1;
    }
    if (a->best_class != b->best_class) {
        return a->best_class < b->best_class ? -1 : 1;
    }
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static void sort_rows(struct slu_indexing *indexing) {
    struct slu_index_row *rows = indexing->rows.items;
    if (indexing->rows.count <= SLU_INDEX_WORD_BITS) {
        return; /* one word: nothing to pass over */
    }
    for (uint32_t i = 0; i < indexing->rows.count; i++) {
        find_best(indexing, &rows[i]);
    }
    qsort(rows, indexing->rows.count, sizeof *rows, compare_rows);
}

/* ---- how fine a column is ---- */

static uint32_t merged(uint32_t class, uint32_t shift) {
    struct slu_index_column column = {.shift = shift};
    return slu_index_merged(&column, class);
}

/* About how many bytes the sets take when classes are merged by `shift`. */
static double estimate(const struct sets_work *work, const struct column_work *column, uint32_t shift, uint32_t last) {
    uint32_t classes = merged(last, shift) + 1;
    int32_t *change = scratch(work->indexing, (size_t)classes + 1, sizeof *change);
    bool *touched = scratch(work->indexing, (size_t)classes + 1, sizeof *touched);
    double whole = (double)(work->index->word_count + work->index->summary_count) * sizeof(uint64_t);
    double bytes = (double)classes * sizeof(uint32_t), rows = 0;
    if (change == NULL || touched == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < column->item_count; i++) {
        uint32_t low = merged(column->items[i].low, shift), end = merged(column->items[i].high, shift) + 1;
        change[low]++;
        change[end]--;
        touched[low] = touched[end] = true;
    }
    for (uint32_t i = 0; i < classes; i++) {
        rows += change[i];
        if (touched[i]) {
            bytes += rows * PLACE_BYTES < whole ? rows * PLACE_BYTES : whole;
        }
    }
    return bytes;
}

/* Widens the items to merged classes; a row that is widened must be confirmed. */
static void merge_classes(struct sets_work *work, struct column_work *column, uint32_t shift, uint32_t last) {
    struct slu_index_row *rows = work->indexing->rows.items;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < column->item_count; i++) {
        struct item item = column->items[i];
        bool at_start = item.low == 0 || ((item.low - SLU_INDEX_OTHER) & ((1u << shift) - 1)) == 0;
        bool at_end =
            item.high == 0 || item.high == last || ((item.high - SLU_INDEX_OTHER + 1) & ((1u << shift) - 1)) == 0;
        rows[item.row].unsure = rows[item.row].unsure || !at_start || !at_end;
        item.low = merged(item.low, shift);
        item.high = merged(item.high, shift);
        struct item *before = kept == 0 ? NULL : &column->items[kept - 1];
        if (before != NULL && before->row == item.row && item.low <= before->high + 1) {
            before->high = item.high > before->high ? item.high : before->high;
        } else {
            column->items[kept++] = item;
        }
    }
    column->item_count = kept;
}

static void choose_shift(struct sets_work *work, struct column_work *column, struct slu_index_draft *draft) {
    double most = COLUMN_BYTES + (double)COLUMN_ROW_BYTES * work->index->row_count;
    if (!slu_index_is_list(draft->kind)) {
        while (draft->shift < 31 && merged(draft->last_class, draft->shift) > 2 &&
               estimate(work, column, draft->shift, draft->last_class) > most) {
            draft->shift++;
        }
        if (draft->shift > 0) {
            merge_classes(work, column, draft->shift, draft->last_class);
        }
    }
    column->class_count = merged(draft->last_class, draft->shift) + 1;
}

/* ---- sets ---- */

static uint64_t *new_words(struct sets_work *work) {
    return slu_compiler_room(work->indexing->compiler, (size_t)work->index->word_count + work->index->summary_count,
                             sizeof(uint64_t));
}

static void summarise(const struct slu_index *index, uint64_t *words) {
    for (uint32_t i = 0; i < index->word_count; i++) {
        if (words[i] != 0) {
            set_bit(words + index->word_count, i);
        }
    }
}

/* The rows that say nothing about the column. */
static uint64_t *make_base(struct sets_work *work, const struct column_work *column) {
    uint64_t *base = new_words(work);
    if (base == NULL) {
        return NULL;
    }
    uint32_t item = 0;
    for (uint32_t row = 0; row < work->index->row_count; row++) {
        if (item == column->item_count || column->items[item].row != row) {
            set_bit(base, row);
        }
        while (item < column->item_count && column->items[item].row == row) {
            item++;
        }
    }
    summarise(work->index, base);
    return base;
}

/* Items in the order of a class of theirs: a counting sort. */
static uint32_t *order_by(struct slu_indexing *indexing, const struct column_work *column, bool by_high) {
    uint32_t *next = scratch(indexing, (size_t)column->class_count + 1, sizeof *next);
    uint32_t *order = scratch(indexing, column->item_count, sizeof *order);
    if (next == NULL || order == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < column->item_count; i++) {
        next[(by_high ? column->items[i].high : column->items[i].low) + 1]++;
    }
    for (uint32_t i = 1; i <= column->class_count; i++) {
        next[i] += next[i - 1];
    }
    for (uint32_t i = 0; i < column->item_count; i++) {
        order[next[by_high ? column->items[i].high : column->items[i].low]++] = i;
    }
    return order;
}

/* Where the word stands among the active ones, or belongs. */
static uint32_t active_place(const struct column_work *column, uint32_t word) {
    uint32_t low = 0, high = column->active_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (column->active[middle] < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void toggle(struct column_work *column, uint32_t row) {
    uint32_t word = row / SLU_INDEX_WORD_BITS;
    uint64_t before = column->bits[word];
    column->bits[word] ^= UINT64_C(1) << (row % SLU_INDEX_WORD_BITS);
    if (before != 0 && column->bits[word] != 0) {
        return;
    }
    uint32_t place = active_place(column, word), behind = column->active_count - place;
    if (before == 0) {
        memmove(column->active + place + 1, column->active + place, behind * sizeof *column->active);
        column->active[place] = word;
        column->active_count++;
    } else {
        memmove(column->active + place, column->active + place + 1, (behind - 1) * sizeof *column->active);
        column->active_count--;
    }
}

/* All words: those of `base` and those of the class. */
static void add_whole_set(struct sets_work *work, const struct column_work *column, const uint64_t *base,
                          struct slu_index_set *set) {
    uint64_t *words = new_words(work);
    if (words == NULL) {
        return;
    }
    for (uint32_t i = 0; i < work->index->word_count; i++) {
        words[i] = column->bits[i] | (base == NULL ? 0 : base[i]);
    }
    summarise(work->index, words);
    set->words = words;
}

static void add_set(struct sets_work *work, const struct column_work *column, const uint64_t *base,
                    struct slu_index_set *set) {
    struct slu_indexing *indexing = work->indexing;
    size_t whole = ((size_t)work->index->word_count + work->index->summary_count) * sizeof(uint64_t);
    *set = (struct slu_index_set){NULL, work->places.count, 0};
    if (column->active_count == 0) {
        set->words = base;
        return;
    }
    if (work->index->word_count <= WHOLE_WORDS || column->active_count * (size_t)PLACE_BYTES >= whole) {
        add_whole_set(work, column, base, set);
        return;
    }
    for (uint32_t i = 0; i < column->active_count; i++) {
        uint32_t *place = slu_indexing_push(indexing, &work->places, sizeof *place);
        uint64_t *value = slu_indexing_push(indexing, &work->values, sizeof *value);
        if (place == NULL || value == NULL) {
            return;
        }
        *place = column->active[i];
        *value = column->bits[column->active[i]];
    }
    set->count = column->active_count;
}

/* Goes through the classes in their order, with the rows that hold there. */
static void sweep(struct sets_work *work, struct column_work *column, const uint64_t *base,
                  struct slu_index_column *made) {
    struct slu_indexing *indexing = work->indexing;
    struct slu_table sets = {NULL, 0, 0};
    uint32_t *class_sets = slu_compiler_room(indexing->compiler, column->class_count, sizeof *class_sets);
    uint32_t start = 0, end = 0;
    for (uint32_t class = 0; class < column->class_count && !indexing->compiler->no_memory; class ++) {
        bool changed = class == 0;
        for (; end < column->item_count && column->items[column->ends[end]].high < class; end++) {
            toggle(column, column->items[column->ends[end]].row);
            changed = true;
        }
        for (; start < column->item_count && column->items[column->starts[start]].low == class; start++) {
            toggle(column, column->items[column->starts[start]].row);
            changed = true;
        }
        if (changed) {
            struct slu_index_set *set = slu_indexing_push(indexing, &sets, sizeof *set);
            if (set == NULL) {
                return;
            }
            add_set(work, column, base, set);
        }
        class_sets[class] = sets.count - 1;
    }
    struct slu_index_set *kept = slu_compiler_room(indexing->compiler, sets.count, sizeof *kept);
    if (kept != NULL) {
        memcpy(kept, sets.items, sets.count * sizeof *kept);
        made->sets = kept;
        made->set_count = sets.count;
        made->class_sets = class_sets;
        made->class_count = column->class_count;
    }
}

/* ---- keys ---- */

static void copy_texts(struct slu_indexing *indexing, const struct slu_index_draft *draft,
                       struct slu_index_column *made) {
    uint32_t count = draft->keys.count, bucket_count = 2;
    while (bucket_count < 2 * count) {
        bucket_count *= 2;
    }
    struct slu_string *texts = slu_compiler_room(indexing->compiler, count, sizeof *texts);
    uint32_t *buckets = slu_compiler_room(indexing->compiler, bucket_count, sizeof *buckets);
    if (texts == NULL || buckets == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        texts[i] = ((const struct slu_string *)draft->keys.items)[i]; /* bytes of the program's constants */
        uint32_t bucket = slu_index_bucket(slu_index_hash(draft->kind, texts[i]), bucket_count);
        while (buckets[bucket] != 0) {
            bucket = (bucket + 1) & (bucket_count - 1);
        }
        buckets[bucket] = i + 1;
        if (slu_index_is_part(draft->kind)) {
            made->lengths |= UINT64_C(1) << texts[i].length;
        }
    }
    made->texts = texts;
    made->buckets = buckets;
    made->bucket_count = bucket_count;
}

static void copy_keys(struct slu_indexing *indexing, const struct slu_index_draft *draft,
                      struct slu_index_column *made) {
    made->key_count = draft->keys.count;
    if (slu_index_kinds[draft->kind].keys == SLU_INDEX_KEYS_TEXTS) {
        copy_texts(indexing, draft, made);
    } else if (draft->keys.count > 0) {
        double *numbers = slu_compiler_room(indexing->compiler, draft->keys.count, sizeof *numbers);
        if (numbers != NULL) {
            memcpy(numbers, draft->keys.items, draft->keys.count * sizeof *numbers);
            made->numbers = numbers;
        }
    }
}

/* ---- the whole ---- */

static bool collect_items(struct sets_work *work, uint32_t number, struct column_work *column) {
    const struct slu_indexing *indexing = work->indexing;
    const struct slu_index_row *rows = indexing->rows.items;
    const struct slu_index_part *parts = indexing->parts.items;
    for (uint32_t row = 0; row < indexing->rows.count; row++) {
        for (uint32_t i = rows[row].first_part; i < rows[row].first_part + rows[row].part_count; i++) {
            if (parts[i].column != number) {
                continue;
            }
            if (column->items != NULL) {
                column->items[column->item_count] = (struct item){row, parts[i].low, parts[i].high};
            }
            column->item_count++;
        }
    }
    if (column->items == NULL) {
        column->items = scratch(work->indexing, column->item_count, sizeof *column->items);
        column->item_count = 0;
        return column->items != NULL && collect_items(work, number, column);
    }
    return true;
}

static void make_column(struct sets_work *work, uint32_t number, struct slu_index_column *made) {
    struct slu_indexing *indexing = work->indexing;
    struct slu_index_draft *draft = &indexing->drafts[number];
    struct column_work column = {NULL};
    *made = (struct slu_index_column){.kind = draft->kind, .slot = draft->slot};
    if (!collect_items(work, number, &column)) {
        return;
    }
    choose_shift(work, &column, draft);
    made->shift = draft->shift;
    copy_keys(indexing, draft, made);
    uint64_t *base = slu_index_is_negative(draft->kind) ? NULL : make_base(work, &column);
    made->base = base;
    column.starts = order_by(indexing, &column, false);
    column.ends = order_by(indexing, &column, true);
    column.bits = scratch(indexing, work->index->word_count, sizeof *column.bits);
    column.active = scratch(indexing, (size_t)work->index->word_count + 1, sizeof *column.active);
    if (!indexing->compiler->no_memory) {
        sweep(work, &column, base, made);
    }
}

/* Columns with many classes first: they leave the fewest rows. Exclusions last. */
static uint32_t rank_of(const struct slu_index_draft *draft) {
    return slu_index_is_negative(draft->kind) ? 0 : draft->last_class;
}

/* A column that only ways which never hold have asked for has no parts. */
static void mark_used(const struct slu_indexing *indexing, bool *used) {
    const struct slu_index_row *rows = indexing->rows.items;
    const struct slu_index_part *parts = indexing->parts.items;
    for (uint32_t row = 0; row < indexing->rows.count; row++) {
        for (uint32_t i = rows[row].first_part; i < rows[row].first_part + rows[row].part_count; i++) {
            used[parts[i].column] = true;
        }
    }
}

static void make_columns(struct sets_work *work) {
    struct slu_indexing *indexing = work->indexing;
    uint32_t order[SLU_INDEX_COLUMNS_MAX], count = 0;
    bool used[SLU_INDEX_COLUMNS_MAX] = {false};
    mark_used(indexing, used);
    for (uint32_t i = 0; i < indexing->draft_count; i++) {
        uint32_t at = count;
        if (!used[i]) {
            continue;
        }
        for (; at > 0 && rank_of(&indexing->drafts[order[at - 1]]) < rank_of(&indexing->drafts[i]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
        count++;
    }
    struct slu_index_column *columns = slu_compiler_room(indexing->compiler, count, sizeof *columns);
    for (uint32_t i = 0; i < count && !indexing->compiler->no_memory; i++) {
        make_column(work, order[i], &columns[i]);
    }
    work->index->columns = columns;
    work->index->column_count = count;
}

static void copy_rows(struct sets_work *work, const struct slu_program_ruleset *ruleset) {
    const struct slu_indexing *indexing = work->indexing;
    const struct slu_index_row *from = indexing->rows.items;
    struct slu_index *index = work->index;
    uint32_t *rows = slu_compiler_room(indexing->compiler, index->row_count, sizeof *rows);
    uint32_t *first_rules = slu_compiler_room(indexing->compiler, index->word_count, sizeof *first_rules);
    if (rows == NULL || first_rules == NULL) {
        return;
    }
    for (uint32_t i = 0; i < index->row_count; i++) {
        const struct slu_program_rule *rule = &indexing->program->rules[ruleset->first_rule + from[i].rule];
        uint32_t *first = &first_rules[i / SLU_INDEX_WORD_BITS];
        rows[i] = from[i].rule << SLU_INDEX_RULE_SHIFT | (from[i].unsure ? SLU_INDEX_UNSURE : 0) |
                  (rule->allowance_count > 0 ? SLU_INDEX_ALLOWED : 0);
        if (i % SLU_INDEX_WORD_BITS == 0 || rows[i] < *first) {
            *first = rows[i];
        }
    }
    index->rows = rows;
    index->first_rules = first_rules;
}

void slu_indexing_make_sets(struct slu_indexing *indexing, const struct slu_program_ruleset *ruleset,
                            struct slu_index *index) {
    struct sets_work work = {.indexing = indexing, .index = index};
    uint32_t bits = SLU_INDEX_WORD_BITS;
    index->row_count = indexing->rows.count;
    index->word_count = (index->row_count + bits - 1) / bits;
    index->summary_count = (index->word_count + bits - 1) / bits;
    sort_rows(indexing);
    make_columns(&work);
    copy_rows(&work, ruleset);
    uint32_t *places = slu_compiler_room(indexing->compiler, work.places.count, sizeof *places);
    uint64_t *values = slu_compiler_room(indexing->compiler, work.places.count, sizeof *values);
    if (indexing->compiler->no_memory || work.places.count == 0) {
        return;
    }
    memcpy(places, work.places.items, work.places.count * sizeof *places);
    memcpy(values, work.values.items, work.places.count * sizeof *values);
    index->places = places;
    index->values = values;
    index->place_count = work.places.count;
}
