/* Rows that hang on a rare class become candidates of it, with the parts that
 * tell whether they hold; the other rows are broad. */
#include "engine/code/index_hash.h"
#include "engine/compile/indexing.h"

#include <stdlib.h>
#include <string.h>

/* Up to so many rows, bits are faster than candidates. */
enum { BROAD_ROWS = 2 * SLU_INDEX_WORD_BITS };
/* A candidate costs some sixty times what a bit does. */
static const double RARE_SHARE = 1.0 / 64;
/* One value of a list has several classes. */
static const double LIST_SHARE = 4;
/* What a row that must not have a class is worth: it holds most of the time. */
static const double NEGATIVE_SHARE = 0.9;
/* In how many classes a row may be a candidate: at most, and on average after merging. */
enum { CANDIDATE_PARTS = 64, CANDIDATE_CLASSES = 4 };

/* The parts of a row in one column. */
struct group {
    uint32_t first, count;
    double share; /* of the events, roughly */
};

static struct group next_group(struct slu_indexing *indexing, const struct slu_index_row_draft *row, uint32_t first) {
    const struct slu_index_part_draft *parts = indexing->parts.items;
    uint32_t column = parts[first].column, classes = 0, end = first;
    for (; end < row->first_part + row->part_count && parts[end].column == column; end++) {
        classes += parts[end].high - parts[end].low + 1;
    }
    struct group group = {first, end - first, NEGATIVE_SHARE};
    const struct slu_index_look_draft *look = slu_indexing_look(indexing, column);
    if (!indexing->columns[column].clause.negative) {
        bool list = indexing->columns[column].unites;
        group.share = (double)classes / ((double)look->last_class + 1) * (list ? LIST_SHARE : 1);
    }
    return group;
}

static void find_column(struct slu_indexing *indexing, struct slu_index_row_draft *row) {
    const struct slu_index_part_draft *parts = indexing->parts.items;
    double best = RARE_SHARE;
    for (uint32_t i = row->first_part; i < row->first_part + row->part_count;) {
        struct group group = next_group(indexing, row, i);
        if (group.share <= best && group.count <= CANDIDATE_PARTS) {
            best = group.share;
            row->column = parts[i].column;
            row->class = parts[i].low;
        }
        i += group.count;
    }
}

/* ---- the order of rows ---- */

/* A row that is no broad one, to be put next to those that are met with it. */
struct placed {
    uint32_t column, class, draft;
};

static int compare_placed(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    return (a->draft > b->draft) - (a->draft < b->draft); /* which are in the rules' order */
}

/* Who asks for a look: nobody, only the parts of candidates, or every search. */
enum asked { ASKED_NEVER, ASKED_SELDOM, ASKED_ALWAYS };

static void note_asked(const struct slu_indexing *indexing, enum asked asked[SLU_INDEX_COLUMNS_MAX]) {
    const struct slu_index_row_draft *rows = indexing->rows.items;
    const struct slu_index_part_draft *parts = indexing->parts.items;
    for (uint32_t row = 0; row < indexing->rows.count; row++) {
        for (uint32_t i = rows[row].first_part; i < rows[row].first_part + rows[row].part_count; i++) {
            enum asked *look = &asked[indexing->columns[parts[i].column].look];
            bool always = rows[row].column == SLU_NO_INDEX || rows[row].column == parts[i].column;
            *look = always ? ASKED_ALWAYS : *look == ASKED_NEVER ? ASKED_SELDOM : *look;
        }
    }
}

/* Numbers those that some row asks for; what is seldom asked for is found late, too. */
static void number_looks(struct slu_indexing *indexing, struct slu_index *index) {
    enum asked asked[SLU_INDEX_COLUMNS_MAX] = {ASKED_NEVER};
    uint32_t count = 0;
    note_asked(indexing, asked);
    for (int late = 0; late < 2; late++) {
        for (uint32_t i = 0; i < indexing->look_count; i++) {
            bool is_late = slu_index_kinds[indexing->looks[i].kind].late || asked[i] == ASKED_SELDOM;
            if (is_late == (late != 0)) {
                indexing->looks[i].number = asked[i] == ASKED_NEVER ? SLU_NO_INDEX : count++;
            }
        }
        index->early_count = late != 0 ? index->early_count : count;
    }
    index->look_count = count;
}

void slu_indexing_place_rows(struct slu_indexing *indexing, struct slu_index *index) {
    struct slu_index_row_draft *rows = indexing->rows.items;
    struct placed *placed = slu_indexing_scratch(indexing, indexing->rows.count, sizeof *placed);
    uint32_t count = 0, broad = 0;
    for (uint32_t i = 0; i < indexing->rows.count && placed != NULL; i++) {
        if (indexing->rows.count > BROAD_ROWS) {
            find_column(indexing, &rows[i]);
        }
        if (rows[i].column == SLU_NO_INDEX) {
            rows[i].place = broad++;
        } else {
            placed[count++] = (struct placed){rows[i].column, rows[i].class, i};
        }
    }
    if (count > 1) {
        qsort(placed, count, sizeof *placed, compare_placed);
    }
    for (uint32_t i = 0; i < count; i++) {
        rows[placed[i].draft].place = broad + i;
    }
    number_looks(indexing, index);
    index->row_count = indexing->rows.count;
    index->broad_count = broad;
    index->word_count = (broad + SLU_INDEX_WORD_BITS - 1) / SLU_INDEX_WORD_BITS;
    index->is_few = broad == index->row_count && index->word_count <= SLU_INDEX_FEW_WORDS;
    for (uint32_t word = 0; word < index->word_count && index->word_count <= SLU_INDEX_FEW_WORDS; word++) {
        index->all[word] = slu_index_row_bits(broad, word);
    }
}

/* ---- looks ---- */

/* Calls for each part by which a row is a candidate of the look. */
typedef void part_visit(void *context, uint32_t place, uint32_t low, uint32_t high);

static void visit_candidates(struct slu_indexing *indexing, const struct slu_index_look_draft *look, part_visit *visit,
                             void *context) {
    const struct slu_index_row_draft *rows = indexing->rows.items;
    const struct slu_index_part_draft *parts = indexing->parts.items;
    for (uint32_t i = 0; i < indexing->rows.count; i++) {
        if (rows[i].column == SLU_NO_INDEX || slu_indexing_look(indexing, rows[i].column) != look) {
            continue;
        }
        uint32_t next = 0; /* merged: the same class is not taken twice */
        for (uint32_t j = rows[i].first_part; j < rows[i].first_part + rows[i].part_count; j++) {
            if (parts[j].column != rows[i].column) {
                continue;
            }
            uint32_t low = slu_index_merged(parts[j].low, look->shift);
            uint32_t high = slu_index_merged(parts[j].high, look->shift);
            low = low < next ? next : low;
            if (low <= high) {
                visit(context, rows[i].place, low, high);
                next = high + 1;
            }
        }
    }
}

/* How many candidates there are, and of how many parts. */
struct tally {
    uint64_t parts, candidates;
};
static void count_part(void *context, uint32_t place, uint32_t low, uint32_t high) {
    struct tally *tally = context;
    (void)place;
    tally->parts++;
    tally->candidates += (uint64_t)high - low + 1;
}

/* Candidates on their way, by class: counted first, then filled in. */
struct filling {
    uint32_t *starts, *candidates;
};
static void count_classes(void *context, uint32_t place, uint32_t low, uint32_t high) {
    const struct filling *filling = context;
    (void)place;
    for (uint32_t class = low; class <= high; class ++) {
        filling->starts[class + 1]++;
    }
}
static void fill_classes(void *context, uint32_t place, uint32_t low, uint32_t high) {
    const struct filling *filling = context;
    for (uint32_t class = low; class <= high; class ++) {
        filling->candidates[filling->starts[class]++] = place;
    }
}

static void make_candidates(struct slu_indexing *indexing, struct slu_index_look_draft *look,
                            struct slu_index_look *made) {
    struct tally tally = {0, 0};
    visit_candidates(indexing, look, count_part, &tally);
    while (tally.candidates > CANDIDATE_CLASSES * tally.parts) {
        look->shift++;
        tally = (struct tally){0, 0};
        visit_candidates(indexing, look, count_part, &tally);
    }
    if (tally.candidates == 0) {
        return;
    }
    uint32_t classes = slu_index_merged(look->last_class, look->shift) + 1;
    struct filling filling = {slu_compiler_room(indexing->compiler, (size_t)classes + 1, sizeof(uint32_t)),
                              slu_compiler_room(indexing->compiler, tally.candidates, sizeof(uint32_t))};
    if (filling.starts == NULL || filling.candidates == NULL) {
        return;
    }
    visit_candidates(indexing, look, count_classes, &filling);
    for (uint32_t i = 0; i < classes; i++) {
        filling.starts[i + 1] += filling.starts[i];
    }
    visit_candidates(indexing, look, fill_classes, &filling);
    memmove(filling.starts + 1, filling.starts, classes * sizeof *filling.starts); /* each was moved to its end */
    filling.starts[0] = 0;
    made->starts = filling.starts;
    made->candidates = filling.candidates;
    made->candidate_count = (uint32_t)tally.candidates;
    made->shift = look->shift;
}

/* Made when all keys, and so the shortest, are known. */
static void make_filter(struct slu_indexing *indexing, struct slu_index_look *made, uint32_t key_count) {
    uint64_t *filter = slu_compiler_room(indexing->compiler, made->bucket_count, sizeof *filter);
    made->filter_count = made->bucket_count;
    for (uint32_t i = 0; i < key_count && filter != NULL; i++) {
        filter[slu_index_filter_place(made, made->texts[i])] |= UINT64_C(1) << made->texts[i].length;
    }
    made->filter = filter;
}

static void copy_texts(struct slu_indexing *indexing, const struct slu_index_look_draft *look,
                       struct slu_index_look *made) {
    uint32_t count = look->keys.count, bucket_count = 2;
    bool part = slu_index_kinds[look->kind].part;
    while (bucket_count < (part ? 2 : 4) * count) { /* so that most texts that are no key come to an empty one */
        bucket_count *= 2;
    }
    struct slu_string *texts = slu_compiler_room(indexing->compiler, count, sizeof *texts);
    struct slu_index_bucket *buckets = slu_compiler_room(indexing->compiler, bucket_count, sizeof *buckets);
    if (texts == NULL || buckets == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        texts[i] = ((const struct slu_string *)look->keys.items)[i]; /* bytes of the program's constants */
        uint32_t hash = slu_index_hash(texts[i]), bucket = hash & (bucket_count - 1);
        while (buckets[bucket].key != 0) {
            bucket = (bucket + 1) & (bucket_count - 1);
        }
        buckets[bucket] = (struct slu_index_bucket){hash, i + 1};
        if (part) {
            made->lengths |= UINT64_C(1) << texts[i].length;
        }
    }
    made->texts = texts;
    made->buckets = buckets;
    made->bucket_count = bucket_count;
    if (part) {
        make_filter(indexing, made, count);
    }
}

/* As many cells as keys: most have none, one or two. A key is at or behind its cell's beginning. */
static void make_cells(struct slu_indexing *indexing, struct slu_index_look *made) {
    enum { KEYS_WORTH = 32 };
    uint32_t count = made->key_count;
    double width = count < KEYS_WORTH ? 0 : made->numbers[count - 1] - made->numbers[0];
    uint32_t *cells = width > 0 ? slu_compiler_room(indexing->compiler, count, sizeof *cells) : NULL;
    if (cells == NULL) {
        return;
    }
    made->cell_count = count;
    made->cell_scale = (double)count / width;
    for (uint32_t cell = 0, key = 0; cell < count; cell++) {
        cells[cell] = key;
        while (key < count && slu_index_cell(made, made->numbers[key]) == cell) {
            key++;
        }
        uint32_t keys = key - cells[cell];
        made->cell_keys = keys > made->cell_keys ? keys : made->cell_keys;
    }
    made->cells = cells;
}

static void copy_keys(struct slu_indexing *indexing, const struct slu_index_look_draft *look,
                      struct slu_index_look *made) {
    made->key_count = look->keys.count;
    if (slu_index_kinds[look->kind].keys == SLU_INDEX_KEYS_TEXTS) {
        copy_texts(indexing, look, made);
    } else if (look->keys.count > 0) {
        double *numbers = slu_compiler_room(indexing->compiler, look->keys.count, sizeof *numbers);
        if (numbers != NULL) {
            memcpy(numbers, look->keys.items, look->keys.count * sizeof *numbers);
            made->numbers = numbers;
            make_cells(indexing, made);
        }
    }
}

/* Of searches; there is one for a field, or one each for folded and for exact text. */
static uint32_t scan_of(const struct sluice_program *program, const struct slu_index_look_draft *look) {
    uint32_t scan = 0;
    while (scan < program->scan_count && slu_index_is_search(look->kind) &&
           (program->scans[scan].slot != look->slot ||
            program->scans[scan].exactly != slu_index_kinds[look->kind].exactly)) {
        scan++;
    }
    return scan;
}

void slu_indexing_make_looks(struct slu_indexing *indexing, struct slu_index *index) {
    struct slu_index_look *looks = slu_compiler_room(indexing->compiler, index->look_count, sizeof *looks);
    for (uint32_t i = 0; i < indexing->look_count && !indexing->compiler->no_memory; i++) {
        struct slu_index_look_draft *look = &indexing->looks[i];
        if (look->number == SLU_NO_INDEX) {
            continue;
        }
        looks[look->number] =
            (struct slu_index_look){.kind = look->kind, .slot = look->slot, .scan = scan_of(indexing->program, look)};
        copy_keys(indexing, look, &looks[look->number]);
        make_candidates(indexing, look, &looks[look->number]);
        if (looks[look->number].starts != NULL && look->number >= index->candidate_looks) {
            index->candidate_looks = look->number + 1;
        }
    }
    index->looks = looks;
}

/* ---- rows ---- */

struct row_writing {
    struct slu_indexing *indexing;
    struct slu_index_part *parts;
    uint32_t count;
};

static void write_group(struct row_writing *writing, struct group group) {
    const struct slu_index_part_draft *parts = writing->indexing->parts.items;
    for (uint32_t i = group.first; i < group.first + group.count; i++) {
        const struct slu_index_column_draft *column = &writing->indexing->columns[parts[i].column];
        uint32_t flags = column->clause.negative ? SLU_INDEX_PART_NEGATIVE : 0;
        if (i + 1 == group.first + group.count) {
            flags |= SLU_INDEX_PART_LAST;
        }
        uint32_t look = writing->indexing->looks[column->look].number;
        writing->parts[writing->count++] =
            (struct slu_index_part){look << SLU_INDEX_LOOK_SHIFT | flags, parts[i].low, parts[i].high};
    }
}

/* Those that seldom hold first. What makes the row a candidate holds already,
 * where classes were not merged. */
static void write_parts(struct row_writing *writing, const struct slu_index_row_draft *row) {
    struct slu_indexing *indexing = writing->indexing;
    const struct slu_index_part_draft *parts = indexing->parts.items;
    struct group groups[SLU_INDEX_COLUMNS_MAX];
    uint32_t count = 0;
    for (uint32_t i = row->first_part; i < row->first_part + row->part_count;) {
        struct group group = next_group(indexing, row, i);
        i += group.count;
        if (row->column == parts[group.first].column && slu_indexing_look(indexing, row->column)->shift == 0) {
            continue;
        }
        uint32_t at = count++;
        for (; at > 0 && groups[at - 1].share > group.share; at--) {
            groups[at] = groups[at - 1];
        }
        groups[at] = group;
    }
    for (uint32_t i = 0; i < count; i++) {
        write_group(writing, groups[i]);
    }
}

void slu_indexing_make_rows(struct slu_indexing *indexing, const struct slu_program_ruleset *ruleset,
                            struct slu_index *index) {
    const struct slu_index_row_draft *from = indexing->rows.items;
    struct slu_compiler *compiler = indexing->compiler;
    struct slu_index_row *rows = slu_compiler_room(compiler, (size_t)index->row_count + 1, sizeof *rows);
    struct slu_index_part *parts = slu_indexing_scratch(indexing, indexing->parts.count, sizeof *parts);
    uint32_t *order = slu_indexing_scratch(indexing, index->row_count, sizeof *order); /* drafts by place */
    if (rows == NULL || parts == NULL || order == NULL) {
        return;
    }
    for (uint32_t i = 0; i < index->row_count; i++) {
        order[from[i].place] = i;
    }
    struct row_writing writing = {indexing, parts, 0};
    for (uint32_t place = 0; place < index->row_count; place++) {
        const struct slu_index_row_draft *row = &from[order[place]];
        const struct slu_program_rule *rule = &indexing->program->rules[ruleset->first_rule + row->rule];
        rows[place] = (struct slu_index_row){row->rule << SLU_INDEX_RULE_SHIFT | (row->unsure ? SLU_INDEX_UNSURE : 0) |
                                                 (rule->allowance_count > 0 ? SLU_INDEX_ALLOWED : 0) |
                                                 (row->widened ? SLU_INDEX_WIDENED : 0),
                                             writing.count};
        write_parts(&writing, row);
    }
    rows[index->row_count].first_part = writing.count;
    struct slu_index_part *kept = slu_compiler_room(compiler, writing.count, sizeof *kept);
    if (kept == NULL) {
        return;
    }
    if (writing.count > 0) {
        memcpy(kept, parts, writing.count * sizeof *kept);
    }
    index->rows = rows;
    index->parts = kept;
    index->part_count = writing.count;
}
