/* Rows that hang on a rare class become candidates of it, with the parts that
 * tell whether they hold; the other rows are broad. */
#include "engine/compile/indexing.h"

#include <string.h>

/* Up to so many rows, bits are faster than candidates. */
enum { BROAD_ROWS = 2 * SLU_INDEX_WORD_BITS };
/* A candidate costs some sixty times what a bit does. */
static const double RARE_SHARE = 1.0 / 64;
/* One value of a list has several classes. */
static const double LIST_SHARE = 4;
/* What a row that must not have a class is worth: it holds most of the time. */
static const double NEGATIVE_SHARE = 0.9;
/* More than any share: what has to be found first is asked last. */
static const double LATE_SHARE = 1000;
/* Of all rows, so that what they leave open costs less than what the others save. */
static const double SELDOM_SHARE = 1.0 / 16;
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

/* ---- which looks there are ---- */

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
    uint32_t broad = 0;
    for (uint32_t i = 0; i < indexing->rows.count; i++) {
        if (indexing->rows.count > BROAD_ROWS) {
            find_column(indexing, &rows[i]);
        }
        if (rows[i].column == SLU_NO_INDEX) {
            rows[i].place = broad++;
        }
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

/* ---- rows and their parts ---- */

/* Rows on their way: drafts, as the index has them. */
struct row_writing {
    struct slu_indexing *indexing;
    struct slu_index_row *rows;   /* by draft, and one more */
    struct slu_index_part *parts; /* of all rows */
    uint32_t count;
};

static void write_part(struct row_writing *writing, uint32_t look, uint32_t low, uint32_t span) {
    writing->parts[writing->count++] = (struct slu_index_part){look | span << SLU_INDEX_SPAN_SHIFT, low};
}

/* A range of more classes than a part can have is several. */
static void write_range(struct row_writing *writing, uint32_t look, uint32_t low, uint32_t high) {
    while (high - low > SLU_INDEX_SPAN_MAX) {
        write_part(writing, look & ~(uint32_t)SLU_INDEX_PART_LAST, low, SLU_INDEX_SPAN_MAX);
        low += (uint32_t)SLU_INDEX_SPAN_MAX + 1;
    }
    write_part(writing, look, low, high - low);
}

static size_t parts_most(const struct slu_indexing *indexing) {
    const struct slu_index_part_draft *parts = indexing->parts.items;
    size_t most = indexing->parts.count;
    for (uint32_t i = 0; i < indexing->parts.count; i++) {
        most += (parts[i].high - parts[i].low) >> (32 - SLU_INDEX_SPAN_SHIFT);
    }
    return most;
}

static void write_group(struct row_writing *writing, struct group group) {
    const struct slu_index_part_draft *parts = writing->indexing->parts.items;
    for (uint32_t i = group.first; i < group.first + group.count; i++) {
        const struct slu_index_column_draft *column = &writing->indexing->columns[parts[i].column];
        uint32_t flags = column->clause.negative ? SLU_INDEX_PART_NEGATIVE : 0;
        if (i + 1 == group.first + group.count) {
            flags |= SLU_INDEX_PART_LAST;
        }
        uint32_t look = writing->indexing->looks[column->look].number;
        write_range(writing, look << SLU_INDEX_LOOK_SHIFT | flags, parts[i].low, parts[i].high);
    }
}

/* Those whose classes are known when the event was read first, then those that seldom hold. What
 * makes the row a candidate holds already, where classes were not merged. */
static void write_parts(struct row_writing *writing, const struct slu_index_row_draft *row, uint32_t early_count) {
    struct slu_indexing *indexing = writing->indexing;
    const struct slu_index_part_draft *parts = indexing->parts.items;
    struct group groups[SLU_INDEX_COLUMNS_MAX];
    uint32_t count = 0;
    for (uint32_t i = row->first_part; i < row->first_part + row->part_count;) {
        struct group group = next_group(indexing, row, i);
        const struct slu_index_look_draft *look = slu_indexing_look(indexing, parts[i].column);
        i += group.count;
        if (row->column == parts[group.first].column && look->shift == 0) {
            continue;
        }
        group.share += look->number < early_count ? 0 : LATE_SHARE;
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

static bool write_rows(struct row_writing *writing, const struct slu_program_ruleset *ruleset,
                       struct slu_index *index) {
    struct slu_indexing *indexing = writing->indexing;
    const struct slu_index_row_draft *drafts = indexing->rows.items;
    uint32_t count = indexing->rows.count, with_allowances = 0;
    writing->rows = slu_indexing_scratch(indexing, (size_t)count + 1, sizeof *writing->rows);
    writing->parts = slu_indexing_scratch(indexing, parts_most(indexing), sizeof *writing->parts);
    if (writing->rows == NULL || writing->parts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        bool allowed = indexing->program->rules[ruleset->first_rule + drafts[i].rule].allowance_count > 0;
        writing->rows[i] =
            (struct slu_index_row){drafts[i].rule << SLU_INDEX_RULE_SHIFT | (drafts[i].unsure ? SLU_INDEX_UNSURE : 0) |
                                       (allowed ? SLU_INDEX_ALLOWED : 0) | (drafts[i].widened ? SLU_INDEX_WIDENED : 0),
                                   writing->count};
        write_parts(writing, &drafts[i], index->early_count);
        index->unsure_count += drafts[i].unsure;
        with_allowances += allowed && !drafts[i].unsure;
    }
    writing->rows[count].first_part = writing->count;
    index->is_sure = index->unsure_count + with_allowances <= (uint32_t)(SELDOM_SHARE * count);
    for (uint32_t i = 0; i < index->look_count; i++) {
        index->is_sure &= !slu_index_is_search(index->looks[i].kind);
    }
    return true;
}

/* The broad rows of those written. */
static void keep_broad(const struct row_writing *writing, struct slu_index *index) {
    const struct slu_index_row_draft *drafts = writing->indexing->rows.items;
    struct slu_compiler *compiler = writing->indexing->compiler;
    for (uint32_t i = 0; i < index->row_count; i++) {
        bool broad = drafts[i].column == SLU_NO_INDEX;
        index->part_count += broad ? writing->rows[i + 1].first_part - writing->rows[i].first_part : 0;
    }
    struct slu_index_row *rows = slu_compiler_room(compiler, (size_t)index->broad_count + 1, sizeof *rows);
    struct slu_index_part *parts = slu_compiler_room(compiler, index->part_count, sizeof *parts);
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->row_count && rows != NULL && parts != NULL; i++) {
        const struct slu_index_row *row = &writing->rows[i];
        uint32_t part_count = row[1].first_part - row->first_part;
        if (drafts[i].column != SLU_NO_INDEX) {
            continue;
        }
        rows[drafts[i].place] = (struct slu_index_row){row->rule, count};
        if (part_count > 0) {
            memcpy(&parts[count], &writing->parts[row->first_part], part_count * sizeof *parts);
        }
        count += part_count;
    }
    if (rows != NULL) {
        rows[index->broad_count].first_part = count;
    }
    index->rows = rows;
    index->parts = parts;
}

/* ---- candidates ---- */

/* Calls for each part by which a row is a candidate of the look, with the row's draft. */
typedef void part_visit(void *context, uint32_t draft, uint32_t low, uint32_t high);

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
                visit(context, i, low, high);
                next = high + 1;
            }
        }
    }
}

/* How many candidates there are, and of how many parts. */
struct tally {
    uint64_t parts, candidates;
};
static void count_part(void *context, uint32_t draft, uint32_t low, uint32_t high) {
    struct tally *tally = context;
    (void)draft;
    tally->parts++;
    tally->candidates += (uint64_t)high - low + 1;
}

/* Merges classes until a row is in few of them; how many candidates there are then. */
static uint32_t merge_classes(struct slu_indexing *indexing, struct slu_index_look_draft *look) {
    struct tally tally = {0, 0};
    visit_candidates(indexing, look, count_part, &tally);
    while (tally.candidates > CANDIDATE_CLASSES * tally.parts) {
        look->shift++;
        tally = (struct tally){0, 0};
        visit_candidates(indexing, look, count_part, &tally);
    }
    return (uint32_t)tally.candidates;
}

/* Candidates on their way, by class: their words counted first, then filled in. */
struct filling {
    const struct row_writing *writing;
    uint32_t *begins[SLU_INDEX_COLUMNS_MAX]; /* of each look's classes; and one more */
    uint32_t *starts, *words;
    uint32_t look; /* that is at hand */
    uint64_t word_count;
};

static uint32_t part_count_of(const struct filling *filling, uint32_t draft) {
    const struct slu_index_row *row = &filling->writing->rows[draft];
    return row[1].first_part - row->first_part;
}

static void count_words(void *context, uint32_t draft, uint32_t low, uint32_t high) {
    struct filling *filling = context;
    uint32_t words = slu_index_candidate_words(part_count_of(filling, draft));
    for (uint32_t class = low; class <= high; class ++) {
        filling->begins[filling->look][class + 1] += words;
        filling->word_count += words;
    }
}

static void fill_words(void *context, uint32_t draft, uint32_t low, uint32_t high) {
    const struct filling *filling = context;
    const struct slu_index_row *row = &filling->writing->rows[draft];
    uint32_t count = part_count_of(filling, draft);
    for (uint32_t class = low; class <= high; class ++) {
        struct slu_index_candidate *made = (struct slu_index_candidate *)(filling->words + filling->starts[class]);
        filling->starts[class] += slu_index_candidate_words(count);
        bool last = filling->starts[class] == filling->begins[filling->look][class + 1];
        made->rule = row->rule;
        made->size = count << SLU_INDEX_CANDIDATE_SHIFT | (last ? SLU_INDEX_CANDIDATE_LAST : 0);
        if (count > 0) {
            memcpy(made->parts, &filling->writing->parts[row->first_part], count * sizeof *made->parts);
        }
    }
}

static uint32_t class_count(const struct slu_index_look_draft *look) {
    return slu_index_merged(look->last_class, look->shift) + 1;
}

/* Where the candidates of each class of the look begin, behind those of the looks before. */
static bool make_begins(struct slu_indexing *indexing, const struct slu_index_look_draft *look,
                        struct filling *filling) {
    uint32_t classes = class_count(look), first = (uint32_t)filling->word_count;
    uint32_t *begins = slu_indexing_scratch(indexing, (size_t)classes + 1, sizeof *begins);
    if (begins == NULL) {
        return false;
    }
    filling->begins[filling->look] = begins;
    visit_candidates(indexing, look, count_words, filling);
    if (filling->word_count > UINT32_MAX) {
        indexing->compiler->no_memory = true;
        return false;
    }
    begins[0] = first;
    for (uint32_t i = 0; i < classes; i++) {
        begins[i + 1] += begins[i];
    }
    return true;
}

static void fill_candidates(struct slu_indexing *indexing, const struct slu_index_look_draft *look,
                            struct slu_index_look *made, struct filling *filling) {
    uint32_t classes = class_count(look);
    const uint32_t *begins = filling->begins[filling->look];
    uint32_t *starts = slu_compiler_room(indexing->compiler, classes, sizeof *starts);
    if (starts == NULL) {
        return;
    }
    memcpy(starts, begins, classes * sizeof *starts);
    filling->starts = starts;
    visit_candidates(indexing, look, fill_words, filling);
    for (uint32_t i = 0; i < classes; i++) {
        starts[i] = begins[i] == begins[i + 1] ? 0 : begins[i];
    }
    made->starts = starts;
    made->shift = look->shift;
}

static void make_candidates(const struct row_writing *writing, struct slu_index *index, struct slu_index_look *looks) {
    struct slu_indexing *indexing = writing->indexing;
    struct filling filling = {.writing = writing, .word_count = slu_index_candidate_words(0)};
    for (filling.look = 0; filling.look < indexing->look_count; filling.look++) {
        const struct slu_index_look_draft *look = &indexing->looks[filling.look];
        if (look->number == SLU_NO_INDEX || looks[look->number].candidate_count == 0) {
            continue;
        }
        if (!make_begins(indexing, look, &filling)) {
            return;
        }
        index->candidate_looks = look->number < index->candidate_looks ? index->candidate_looks : look->number + 1;
    }
    index->candidate_words = (uint32_t)filling.word_count;
    filling.words = slu_compiler_room(indexing->compiler, index->candidate_words, sizeof *filling.words);
    for (filling.look = 0; filling.look < indexing->look_count && filling.words != NULL; filling.look++) {
        const struct slu_index_look_draft *look = &indexing->looks[filling.look];
        if (filling.begins[filling.look] != NULL) {
            fill_candidates(indexing, look, &looks[look->number], &filling);
        }
    }
    index->candidates = filling.words;
}

void slu_indexing_make_rows(struct slu_indexing *indexing, const struct slu_program_ruleset *ruleset,
                            struct slu_index *index, struct slu_index_look *looks) {
    struct row_writing writing = {indexing, NULL, NULL, 0};
    for (uint32_t i = 0; i < indexing->look_count; i++) {
        if (indexing->looks[i].number != SLU_NO_INDEX) {
            looks[indexing->looks[i].number].candidate_count = merge_classes(indexing, &indexing->looks[i]);
        }
    }
    if (write_rows(&writing, ruleset, index)) {
        keep_broad(&writing, index);
        make_candidates(&writing, index, looks);
    }
}
