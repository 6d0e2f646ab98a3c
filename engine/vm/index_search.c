/* Candidates of the event's classes, and the intersection of the broad rows' sets. */
#include "engine/vm/index.h"

#include <string.h>

/* So many words of all columns are intersected at a time; where there are only a
 * few, one by one. */
enum { BLOCK_WORDS = 16 };

/* Not inside the functions that every decision goes through, which are short without them. */
#define APART __attribute__((noinline))

static const struct slu_index_found *found_of(struct slu_index_search *search, uint32_t look) {
    struct slu_index_found *found = &search->found[look];
    if (found->only == SLU_INDEX_NOT_FOUND) {
        enum slu_machine_status status = slu_index_find_late(search->index, look, search->machine, found);
        search->status = search->status == SLU_MACHINE_OK ? status : search->status;
    }
    return found;
}

/* ---- hits ---- */

static bool push(struct slu_index_search *search, uint32_t row) {
    if (search->count == search->capacity) {
        uint32_t *more = SLU_NEW_ARRAY(search->machine->arena, uint32_t, 2 * (size_t)search->capacity);
        if (more == NULL) {
            return false;
        }
        memcpy(more, search->items, search->count * sizeof *more);
        search->items = more;
        search->capacity *= 2;
    }
    uint32_t at = search->count++;
    while (at > 0 && search->items[(at - 1) / 2] > row) {
        search->items[at] = search->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    search->items[at] = row;
    return true;
}

static uint32_t pop(struct slu_index_search *search) {
    uint32_t *items = search->items;
    uint32_t least = items[0], last = items[--search->count], at = 0;
    for (uint32_t child = 1; child < search->count; child = 2 * at + 1) {
        child += child + 1 < search->count && items[child + 1] < items[child];
        if (items[child] >= last) {
            break;
        }
        items[at] = items[child];
        at = child;
    }
    items[at] = last;
    return least;
}

/* A row that holds: what is behind one that wins for certain is not asked. */
static inline bool hit(struct slu_index_search *search, uint32_t row) {
    if ((row & (SLU_INDEX_UNSURE | SLU_INDEX_ALLOWED)) != 0) {
        return push(search, row);
    }
    search->best = row;
    return true;
}

/* The least hit, without those of the same rule; of these the sure one is the least. */
static inline bool next_hit(struct slu_index_search *search, uint32_t *row) {
    if (search->count == 0 || search->items[0] > search->best) {
        *row = search->best;
        search->best = UINT32_MAX; /* it wins, and nothing else is asked for */
        search->count = 0;
        return *row != UINT32_MAX;
    }
    *row = pop(search);
    while (search->count > 0 && search->items[0] >> SLU_INDEX_RULE_SHIFT == *row >> SLU_INDEX_RULE_SHIFT) {
        pop(search); /* another way in which it holds */
    }
    return true;
}

/* ---- one row ---- */

static inline bool inside(const struct slu_index_found *found, const struct slu_index_part *part) {
    uint32_t span = part->look >> SLU_INDEX_SPAN_SHIFT;
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

static inline bool all_hold(struct slu_index_search *search, const struct slu_index_part *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool holds = inside(found_of(search, slu_index_part_look(&parts[i])), &parts[i]);
        bool negative = (parts[i].look & SLU_INDEX_PART_NEGATIVE) != 0,
             last = (parts[i].look & SLU_INDEX_PART_LAST) != 0;
        if (holds == negative && (negative || last)) {
            return false;
        }
        while (holds && (parts[i].look & SLU_INDEX_PART_LAST) == 0) {
            i++; /* one is enough */
        }
    }
    return true;
}

APART static bool parts_hold(struct slu_index_search *search, const struct slu_index_row *row) {
    return all_hold(search, search->index->parts + row->first_part, row[1].first_part - row->first_part);
}

/* A broad row that holds as far as its sets say. */
static bool take(struct slu_index_search *search, uint32_t number, bool confirm) {
    const struct slu_index_row *row = &search->index->rows[number];
    uint32_t rule = row->rule & ~(uint32_t)SLU_INDEX_WIDENED;
    if (rule >= search->best || ((confirm || rule != row->rule) && !parts_hold(search, row))) {
        return true;
    }
    return hit(search, rule);
}

/* ---- candidates ---- */

/* Those of one class. */
static inline bool search_class(struct slu_index_search *search, uint32_t first) {
    const struct slu_index_candidate *candidate = slu_index_candidate_at(search->index, first);
    while (candidate->rule < search->best) { /* and so are those behind it */
        uint32_t count = candidate->size >> SLU_INDEX_CANDIDATE_SHIFT;
        if (all_hold(search, candidate->parts, count) && !hit(search, candidate->rule)) {
            return false;
        }
        if ((candidate->size & SLU_INDEX_CANDIDATE_LAST) != 0) {
            return true;
        }
        candidate = (const struct slu_index_candidate *)(candidate->parts + count);
    }
    return true;
}

/* Of looks that have several classes, or are found late. */
APART static bool search_others(struct slu_index_search *search) {
    const struct slu_index *index = search->index;
    for (uint32_t i = 0; i < index->candidate_looks; i++) {
        const struct slu_index_look *look = &index->looks[i];
        if (look->starts == NULL || (i < index->early_count && search->found[i].classes == NULL)) {
            continue;
        }
        const struct slu_index_found *found = found_of(search, i);
        if (search->status != SLU_MACHINE_OK) {
            return false;
        }
        if (found->classes == NULL && found->first != 0 && !search_class(search, found->first)) {
            return false;
        }
        for (uint32_t j = 0; found->classes != NULL && j < found->count; j++) {
            uint32_t first = look->starts[slu_index_merged(found->classes[j], look->shift)];
            if (first != 0 && !search_class(search, first)) {
                return false;
            }
        }
    }
    return true;
}

/* Most classes have a candidate or none: which do is told without a jump, and the first one's rule is
 * asked for before its parts are, since whoever it wins for reads it. */
static bool search_candidates(struct slu_index_search *search) {
    const struct slu_index *index = search->index;
    uint32_t firsts[SLU_INDEX_COLUMNS_MAX], count = 0, i = 0;
    bool several = false;
    for (; i < index->candidate_looks && i < index->early_count; i++) {
        const struct slu_index_found *found = &search->found[i];
        uint32_t first = found->classes == NULL ? found->first : 0;
        const struct slu_program_rule *rule =
            &search->rules[slu_index_candidate_at(index, first)->rule >> SLU_INDEX_RULE_SHIFT];
        __builtin_prefetch(&rule->title);
        __builtin_prefetch(&rule->action_count); /* often in the next line of memory */
        firsts[count] = first;
        count += first != 0;
        several |= found->classes != NULL;
    }
    for (uint32_t j = 0; j < count; j++) {
        if (!search_class(search, firsts[j])) {
            return false;
        }
    }
    return (!several && i == index->candidate_looks) || search_others(search);
}

/* ---- broad rows ---- */

static const uint64_t *class_words(const struct slu_index *index, const struct slu_index_column *column,
                                   uint32_t class) {
    uint32_t set = column->class_sets[slu_index_merged(class, column->shift)];
    return column->sets + (size_t)set * index->word_count;
}

/* What the column leaves of one word. */
static inline uint64_t column_word(const struct slu_index *index, const struct slu_index_column *column,
                                   const struct slu_index_found *found, uint32_t word) {
    uint64_t bits = 0;
    if (found->classes == NULL) {
        bits = class_words(index, column, found->only)[word];
    } else if (found->count == 0) {
        bits = class_words(index, column, SLU_INDEX_OTHER)[word];
    }
    for (uint32_t i = 0; found->classes != NULL && i < found->count; i++) {
        bits |= class_words(index, column, found->classes[i])[word];
    }
    return column->negative ? ~bits : bits;
}

/* Takes from `block` the rows that the column rules out. */
static void intersect(struct slu_index_search *search, const struct slu_index_column *column, uint32_t first,
                      uint32_t count, uint64_t block[BLOCK_WORDS]) {
    const struct slu_index_found *found = found_of(search, column->look);
    uint32_t class_count = found->classes == NULL ? 1 : found->count;
    uint32_t class = found->classes == NULL ? found->only : found->count > 0 ? found->classes[0] : SLU_INDEX_OTHER;
    const uint64_t *words = class_words(search->index, column, class) + first;
    if (class_count <= 1 && !column->negative) {
        for (uint32_t i = 0; i < count; i++) {
            block[i] &= words[i];
        }
        return;
    }
    uint64_t united[BLOCK_WORDS];
    memcpy(united, words, count * sizeof *united);
    for (uint32_t j = 1; j < class_count; j++) {
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
static bool take_bits(struct slu_index_search *search, uint32_t word, uint64_t bits, bool confirm) {
    for (; bits != 0; bits &= bits - 1) {
        if (!take(search, word * SLU_INDEX_WORD_BITS + (uint32_t)__builtin_ctzll(bits), confirm)) {
            return false;
        }
    }
    return true;
}

/* Two at most? */
static inline bool few_bits(uint64_t bits) {
    bits &= bits - 1;
    return (bits & (bits - 1)) == 0;
}

/* Takes from the rows what the early columns rule out, where a list has several classes
 * (or all of them where the index has not what holds by class). */
APART static void intersect_columns(const struct slu_index *index, const struct slu_index_found *found,
                                    uint64_t bits[SLU_INDEX_FEW_WORDS]) {
    for (uint32_t i = 0; i < index->early_columns; i++) {
        const struct slu_index_column *column = &index->columns[i];
        bool done = index->holds != NULL && found[column->look].classes == NULL;
        for (uint32_t word = 0; word < index->word_count && !done; word++) {
            bits[word] &= column_word(index, column, &found[column->look], word);
        }
    }
}

/* The broad rows that the early looks leave, of an index with `words` words of them. Where
 * few rows are left, the other looks still cost less than to see how many there are. */
static inline void intersect_looks(const struct slu_index *index, const struct slu_index_found *found, uint32_t words,
                                   uint64_t bits[SLU_INDEX_FEW_WORDS]) {
    const struct slu_index_holds *holds = index->holds;
    uint64_t first = index->all[0], second = index->all[1];
    uintptr_t several = holds == NULL;
    for (uint32_t i = 0, count = holds == NULL ? 0 : index->early_count; i < count; i++) {
        const uint64_t *rows = holds[i].rows + (size_t)found[i].only * words;
        several |= (uintptr_t)found[i].classes;
        first &= rows[0];
        second &= words > 1 ? rows[1] : 0;
    }
    bits[0] = first;
    bits[1] = second;
    if (several != 0) {
        intersect_columns(index, found, bits);
    }
}

static inline void intersect_few(const struct slu_index *index, const struct slu_index_found *found,
                                 uint64_t bits[SLU_INDEX_FEW_WORDS]) {
    if (index->word_count == 1) {
        intersect_looks(index, found, 1, bits);
    } else if (index->word_count > 1) {
        intersect_looks(index, found, SLU_INDEX_FEW_WORDS, bits);
    }
}

enum slu_index_answer slu_index_outright(const struct slu_index *index, const struct slu_index_found *found,
                                         uint32_t *rule) {
    uint64_t bits[SLU_INDEX_FEW_WORDS] = {0, 0};
    if (!index->is_few || index->early_columns < index->column_count) {
        return SLU_INDEX_CANNOT_TELL;
    }
    intersect_few(index, found, bits);
    if ((bits[0] | bits[1]) == 0) {
        return SLU_INDEX_NONE_HOLDS;
    }
    uint32_t number =
        bits[0] != 0 ? (uint32_t)__builtin_ctzll(bits[0]) : SLU_INDEX_WORD_BITS + (uint32_t)__builtin_ctzll(bits[1]);
    const struct slu_index_row *row = &index->rows[number];
    *rule = row->rule >> SLU_INDEX_RULE_SHIFT;
    bool wins = (row->rule & (SLU_INDEX_UNSURE | SLU_INDEX_ALLOWED | SLU_INDEX_WIDENED)) == 0;
    return wins ? SLU_INDEX_WINS : SLU_INDEX_CANNOT_TELL;
}

/* Takes up the other columns, which are dear, as long as many rows are left in the
 * word: the parts of the last ones are fewer than the columns. */
APART static void settle(struct slu_index_search *search, const struct slu_index *index) {
    uint64_t bits = search->bits[search->word];
    uint32_t column = index->early_columns;
    while (column < index->column_count && !few_bits(bits)) {
        const struct slu_index_column *late = &index->columns[column++];
        bits &= column_word(index, late, found_of(search, late->look), search->word);
    }
    search->bits[search->word] = bits;
    search->confirm = column < index->column_count;
    search->settled = true;
}

/* The next row, of a rule up to `most`. */
static inline bool next_row(struct slu_index_search *search, const struct slu_index *index, uint32_t most,
                            uint32_t *taken) {
    while (search->word < index->word_count) {
        if (search->bits[search->word] == 0) {
            search->word++;
            search->settled = false;
            continue;
        }
        if (!search->settled && index->early_columns < index->column_count) {
            settle(search, index);
            continue;
        }
        uint64_t bits = search->bits[search->word];
        const struct slu_index_row *row =
            &index->rows[search->word * SLU_INDEX_WORD_BITS + (uint32_t)__builtin_ctzll(bits)];
        *taken = row->rule & ~(uint32_t)SLU_INDEX_WIDENED;
        if (row->rule >> SLU_INDEX_RULE_SHIFT > most) {
            return false;
        }
        search->bits[search->word] = bits & (bits - 1);
        bool holds = (!search->confirm && *taken == row->rule) || parts_hold(search, row);
        if (holds || search->status != SLU_MACHINE_OK) {
            return search->status == SLU_MACHINE_OK;
        }
    }
    return false;
}

/* The next rule's row: the sure one where there is one. */
static inline bool next_in_turn(struct slu_index_search *search, const struct slu_index *index, uint32_t *row) {
    do {
        if (!next_row(search, index, UINT32_MAX, row)) {
            return false;
        }
    } while (*row >> SLU_INDEX_RULE_SHIFT == search->tried);
    search->tried = *row >> SLU_INDEX_RULE_SHIFT;
    uint32_t other;
    while ((*row & SLU_INDEX_UNSURE) != 0 && next_row(search, index, search->tried, &other)) {
        *row = other < *row ? other : *row;
    }
    return search->status == SLU_MACHINE_OK;
}

/* The words of rows of an index that has candidates, too. */
static bool search_few(struct slu_index_search *search, const struct slu_index *index) {
    uint32_t row = 0;
    search->word = 0;
    search->settled = search->confirm = false;
    intersect_few(index, search->found, search->bits);
    while (next_row(search, index, search->best >> SLU_INDEX_RULE_SHIFT, &row)) {
        if (row >= search->best) {
            return true;
        }
        if (!hit(search, row)) {
            return false;
        }
    }
    return true;
}

/* So many words of all, where there are more than a few. */
static bool search_block(struct slu_index_search *search, uint32_t first, uint32_t count) {
    const struct slu_index *index = search->index;
    uint64_t block[BLOCK_WORDS];
    memset(block, 0xFF, count * sizeof *block);
    block[count - 1] = slu_index_row_bits(index->broad_count, first + count - 1);
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
static bool search_broad(struct slu_index_search *search) {
    const struct slu_index *index = search->index;
    if (index->word_count <= SLU_INDEX_FEW_WORDS) {
        return search_few(search, index);
    }
    for (uint32_t first = 0; first < index->word_count; first += BLOCK_WORDS) {
        uint32_t left = index->word_count - first;
        if (index->rows[first * SLU_INDEX_WORD_BITS].rule >= search->best) {
            return true;
        }
        if (!search_block(search, first, left < BLOCK_WORDS ? left : BLOCK_WORDS) || search->status != SLU_MACHINE_OK) {
            return false;
        }
    }
    return true;
}

APART static void search_all(struct slu_index_search *search) {
    search->best = UINT32_MAX;
    search->items = search->few;
    search->count = 0;
    search->capacity = SLU_INDEX_HITS_INLINE;
    bool done = search_candidates(search) && search_broad(search);
    if (!done && search->status == SLU_MACHINE_OK) {
        search->status = SLU_MACHINE_NO_MEMORY;
    }
    if (search->status != SLU_MACHINE_OK) {
        search->count = 0;
        search->best = UINT32_MAX;
    }
}

static inline bool next_rule(struct slu_index_search *search, const struct slu_index *index, uint32_t *rule,
                             bool *unsure) {
    uint32_t row;
    if (search->in_turn ? !next_in_turn(search, index, &row) : !next_hit(search, &row)) {
        return false;
    }
    *rule = row >> SLU_INDEX_RULE_SHIFT;
    *unsure = (row & SLU_INDEX_UNSURE) != 0;
    return true;
}

bool slu_index_next(struct slu_index_search *search, uint32_t *rule, bool *unsure) {
    return next_rule(search, search->index, rule, unsure);
}

bool slu_index_first(struct slu_index_search *search, const struct slu_index *index,
                     const struct slu_program_rule *rules, struct slu_machine *machine, struct slu_index_found *found,
                     uint32_t *rule, bool *unsure) {
    search->index = index;
    search->rules = rules;
    search->machine = machine;
    search->found = found;
    search->status = SLU_MACHINE_OK;
    search->tried = UINT32_MAX;
    for (uint32_t i = index->early_count; i < index->look_count; i++) {
        found[i].only = SLU_INDEX_NOT_FOUND;
    }
    search->in_turn = index->is_few;
    if (search->in_turn) {
        search->word = 0;
        search->settled = search->confirm = false;
        intersect_few(index, found, search->bits);
    } else {
        search_all(search);
    }
    return next_rule(search, index, rule, unsure);
}
