/* The columns of broad rows: one set of rows per class, as bits. */
#include "engine/compile/indexing.h"

#include <string.h>

/* What a column may cost before its classes are merged: bytes, and bytes per row. */
enum { COLUMN_BYTES = 256 * 1024, COLUMN_ROW_BYTES = 64 };

/* A part of a broad row in one column, classes merged. */
struct item {
    uint32_t row, low, high;
};

/* A column on its way. */
struct column_work {
    struct slu_indexing *indexing;
    struct slu_index *index;
    uint32_t number;
    struct item *items; /* by row, then class */
    uint32_t item_count;
    uint32_t shift, class_count;
    uint32_t *starts, *ends; /* items by `low`, and by `high` */
    uint64_t *base;          /* the rows that say nothing about the column; of a negative one none */
    uint64_t *bits;          /* the rows of the class at hand */
    uint32_t inside;         /* how many items hold there */
    uint64_t *sets;
    uint32_t set_count;
    uint32_t *class_sets;
};

static void flip(uint64_t *words, uint32_t at) {
    words[at / SLU_INDEX_WORD_BITS] ^= UINT64_C(1) << (at % SLU_INDEX_WORD_BITS);
}

/* ---- how fine a column is ---- */

/* About how many bytes the sets take when classes are merged by `shift`. */
static double estimate(const struct column_work *work, uint32_t last, uint32_t shift) {
    uint32_t classes = slu_index_merged(last, shift) + 1;
    bool *touched = slu_indexing_scratch(work->indexing, (size_t)classes + 1, sizeof *touched);
    double sets = 1;
    if (touched == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < work->item_count; i++) {
        touched[slu_index_merged(work->items[i].low, shift)] = true;
        touched[slu_index_merged(work->items[i].high, shift) + 1] = true;
    }
    for (uint32_t i = 0; i < classes; i++) {
        sets += touched[i];
    }
    return sets * work->index->word_count * sizeof(uint64_t) + (double)classes * sizeof(uint32_t);
}

/* Widens the items to merged classes; the parts of a row that is widened tell whether it holds. */
static void merge_classes(struct column_work *work, const uint32_t *drafts, uint32_t last) {
    struct slu_index_row_draft *rows = work->indexing->rows.items;
    uint32_t kept = 0, inside = (UINT32_C(1) << work->shift) - 1;
    for (uint32_t i = 0; i < work->item_count; i++) {
        struct item item = work->items[i];
        bool at_start = item.low == 0 || ((item.low - SLU_INDEX_OTHER) & inside) == 0;
        bool at_end = item.high == 0 || item.high == last || ((item.high - SLU_INDEX_OTHER + 1) & inside) == 0;
        rows[drafts[item.row]].widened |= !at_start || !at_end;
        item.low = slu_index_merged(item.low, work->shift);
        item.high = slu_index_merged(item.high, work->shift);
        struct item *before = kept == 0 ? NULL : &work->items[kept - 1];
        if (before != NULL && before->row == item.row && item.low <= before->high + 1) {
            before->high = item.high > before->high ? item.high : before->high;
        } else {
            work->items[kept++] = item;
        }
    }
    work->item_count = kept;
}

/* False: the column would cost too much, and its rows are confirmed by their parts. */
static bool choose_shift(struct column_work *work, const uint32_t *drafts) {
    const double most = COLUMN_BYTES + (double)COLUMN_ROW_BYTES * work->index->broad_count;
    uint32_t last = slu_indexing_look(work->indexing, work->number)->last_class;
    bool negative = work->indexing->columns[work->number].clause.negative;
    while (estimate(work, last, work->shift) > most) {
        if (negative || slu_index_merged(last, work->shift) <= SLU_INDEX_OTHER) { /* what excludes is not widened */
            struct slu_index_row_draft *rows = work->indexing->rows.items;
            for (uint32_t i = 0; i < work->item_count; i++) {
                rows[drafts[work->items[i].row]].widened = true;
            }
            return false;
        }
        work->shift++;
    }
    if (work->shift > 0) {
        merge_classes(work, drafts, last);
    }
    work->class_count = slu_index_merged(last, work->shift) + 1;
    return true;
}

/* ---- sets ---- */

/* Items in the order of a class of theirs: a counting sort. */
static uint32_t *order_by(struct column_work *work, bool by_high) {
    uint32_t *next = slu_indexing_scratch(work->indexing, (size_t)work->class_count + 1, sizeof *next);
    uint32_t *order = slu_indexing_scratch(work->indexing, work->item_count, sizeof *order);
    if (next == NULL || order == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < work->item_count; i++) {
        next[(by_high ? work->items[i].high : work->items[i].low) + 1]++;
    }
    for (uint32_t i = 1; i <= work->class_count; i++) {
        next[i] += next[i - 1];
    }
    for (uint32_t i = 0; i < work->item_count; i++) {
        order[next[by_high ? work->items[i].high : work->items[i].low]++] = i;
    }
    return order;
}

/* The first set is that of the classes in which no item holds. */
static void make_base(struct column_work *work) {
    bool negative = work->indexing->columns[work->number].clause.negative;
    for (uint32_t row = 0, item = 0; row < work->index->broad_count && !negative; row++) {
        if (item == work->item_count || work->items[item].row != row) {
            flip(work->base, row);
        }
        while (item < work->item_count && work->items[item].row == row) {
            item++;
        }
    }
    memcpy(work->bits, work->base, work->index->word_count * sizeof *work->bits);
}

/* The set of the class at hand; only its number where there is no room yet. */
static uint32_t add_set(struct column_work *work) {
    if (work->inside == 0) {
        return 0;
    }
    if (work->sets != NULL) {
        size_t words = work->index->word_count;
        memcpy(work->sets + work->set_count * words, work->bits, words * sizeof *work->bits);
    }
    return work->set_count++;
}

/* Goes through the classes in their order, with the rows that hold there. */
static void sweep(struct column_work *work) {
    uint32_t start = 0, end = 0;
    work->set_count = 1;
    for (uint32_t class = 0; class < work->class_count; class ++) {
        bool changed = class == 0;
        for (; end < work->item_count && work->items[work->ends[end]].high < class; end++) {
            flip(work->bits, work->items[work->ends[end]].row);
            work->inside--;
            changed = true;
        }
        for (; start < work->item_count && work->items[work->starts[start]].low == class; start++) {
            flip(work->bits, work->items[work->starts[start]].row);
            work->inside++;
            changed = true;
        }
        work->class_sets[class] = changed ? add_set(work) : work->class_sets[class - 1];
    }
    while (end < work->item_count) {
        flip(work->bits, work->items[work->ends[end++]].row);
        work->inside--;
    }
}

static void make_sets(struct column_work *work, struct slu_index_column *made) {
    struct slu_indexing *indexing = work->indexing;
    size_t words = work->index->word_count;
    work->starts = order_by(work, false);
    work->ends = order_by(work, true);
    work->base = slu_indexing_scratch(indexing, words, sizeof *work->base);
    work->bits = slu_indexing_scratch(indexing, words, sizeof *work->bits);
    work->class_sets = slu_compiler_room(indexing->compiler, work->class_count, sizeof *work->class_sets);
    if (indexing->compiler->no_memory) {
        return;
    }
    make_base(work);
    sweep(work); /* to count */
    work->sets = slu_compiler_room(indexing->compiler, work->set_count * words, sizeof *work->sets);
    if (work->sets == NULL) {
        return;
    }
    memcpy(work->sets, work->base, words * sizeof *work->sets);
    sweep(work);
    *made = (struct slu_index_column){.look = slu_indexing_look(indexing, work->number)->number,
                                      .negative = indexing->columns[work->number].clause.negative,
                                      .shift = work->shift,
                                      .class_count = work->class_count,
                                      .class_sets = work->class_sets,
                                      .sets = work->sets,
                                      .set_count = work->set_count};
}

/* ---- the whole ---- */

/* The parts of broad rows, by column; ends[c] is where those of column c end. */
static struct item *collect_items(struct slu_indexing *indexing, uint32_t ends[SLU_INDEX_COLUMNS_MAX]) {
    const struct slu_index_row_draft *rows = indexing->rows.items;
    const struct slu_index_part_draft *parts = indexing->parts.items;
    uint32_t counts[SLU_INDEX_COLUMNS_MAX] = {0}, sum = 0;
    for (uint32_t row = 0; row < indexing->rows.count; row++) {
        for (uint32_t i = 0; i < rows[row].part_count && rows[row].column == SLU_NO_INDEX; i++) {
            counts[parts[rows[row].first_part + i].column]++;
        }
    }
    for (uint32_t i = 0; i < indexing->column_count; i++) {
        ends[i] = sum;
        sum += counts[i];
    }
    struct item *items = slu_indexing_scratch(indexing, sum, sizeof *items);
    for (uint32_t row = 0; row < indexing->rows.count && items != NULL; row++) {
        for (uint32_t i = 0; i < rows[row].part_count && rows[row].column == SLU_NO_INDEX; i++) {
            const struct slu_index_part_draft *part = &parts[rows[row].first_part + i];
            items[ends[part->column]++] = (struct item){rows[row].place, part->low, part->high};
        }
    }
    return items;
}

/* Where a column stands: those with many classes leave the fewest rows,
 * exclusions the most, and what is late may not be needed at all. */
static uint64_t rank_of(struct slu_indexing *indexing, uint32_t column) {
    const struct slu_index_look_draft *look = slu_indexing_look(indexing, column);
    if (slu_index_kinds[look->kind].late) {
        return 0;
    }
    return 1 + (indexing->columns[column].clause.negative ? 0 : look->last_class);
}

static uint32_t order_columns(struct slu_indexing *indexing, const uint32_t *starts, const uint32_t *ends,
                              uint32_t order[SLU_INDEX_COLUMNS_MAX]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < indexing->column_count; i++) {
        if (starts[i] == ends[i]) {
            continue;
        }
        uint32_t at = count++;
        for (; at > 0 && rank_of(indexing, order[at - 1]) < rank_of(indexing, i); at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    return count;
}

/* The rows that hold in each class of the look; false: there would be too many. */
static bool make_look_holds(struct slu_indexing *indexing, const struct slu_index *index,
                            const struct slu_index_look_draft *look, struct slu_index_holds *made) {
    size_t words = index->word_count, last = (look->last_class + (size_t)1) * words;
    if ((last + words) * sizeof *made->rows > COLUMN_BYTES) {
        return false;
    }
    uint64_t *rows = slu_compiler_room(indexing->compiler, last + words, sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    memset(rows, 0xFF, (last + words) * sizeof *rows);
    for (uint32_t i = 0; i < index->early_columns; i++) {
        const struct slu_index_column *column = &index->columns[i];
        for (size_t j = 0; j < last && column->look == look->number; j++) {
            uint32_t set = column->class_sets[slu_index_merged((uint32_t)(j / words), column->shift)];
            uint64_t bits = column->sets[set * words + j % words];
            rows[j] &= column->negative ? ~bits : bits;
        }
    }
    *made = (struct slu_index_holds){rows, look->last_class + 1};
    return true;
}

/* Of all early looks, or of none. */
static void make_holds(struct slu_indexing *indexing, struct slu_index *index) {
    struct slu_index_holds *holds = NULL;
    bool few = index->word_count > 0 && index->word_count <= SLU_INDEX_FEW_WORDS;
    if (few && !indexing->compiler->no_memory) {
        holds = slu_compiler_room(indexing->compiler, index->early_count, sizeof *holds);
    }
    bool made = holds != NULL;
    for (uint32_t i = 0; i < indexing->look_count && made; i++) {
        const struct slu_index_look_draft *look = &indexing->looks[i];
        if (look->number < index->early_count) {
            made = make_look_holds(indexing, index, look, &holds[look->number]);
        }
    }
    index->holds = made ? holds : NULL;
}

void slu_indexing_make_columns(struct slu_indexing *indexing, struct slu_index *index) {
    uint32_t starts[SLU_INDEX_COLUMNS_MAX] = {0}, ends[SLU_INDEX_COLUMNS_MAX] = {0}, order[SLU_INDEX_COLUMNS_MAX];
    const struct slu_index_row_draft *rows = indexing->rows.items;
    struct item *items = collect_items(indexing, ends);
    uint32_t *drafts = slu_indexing_scratch(indexing, index->broad_count, sizeof *drafts); /* of the broad rows */
    if (items == NULL || drafts == NULL) {
        return;
    }
    for (uint32_t i = 0; i < indexing->rows.count; i++) {
        if (rows[i].column == SLU_NO_INDEX) {
            drafts[rows[i].place] = i;
        }
    }
    for (uint32_t i = 1; i < indexing->column_count; i++) {
        starts[i] = ends[i - 1];
    }
    uint32_t count = order_columns(indexing, starts, ends, order);
    struct slu_index_column *columns = slu_compiler_room(indexing->compiler, count, sizeof *columns);
    index->column_count = index->early_columns = 0;
    for (uint32_t i = 0; i < count && !indexing->compiler->no_memory; i++) {
        struct column_work work = {.indexing = indexing,
                                   .index = index,
                                   .number = order[i],
                                   .items = items + starts[order[i]],
                                   .item_count = ends[order[i]] - starts[order[i]]};
        if (choose_shift(&work, drafts)) {
            make_sets(&work, &columns[index->column_count]);
            index->early_columns += columns[index->column_count++].look < index->early_count;
        }
    }
    index->columns = columns;
    make_holds(indexing, index);
}
