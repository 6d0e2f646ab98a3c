/* Columns and keys of an index: from tests to literals, from literals to classes. */
#include "engine/compile/indexing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct slu_value constant_of(const struct slu_indexing *indexing, const struct slu_index_entry *entry) {
    return entry->kind == SLU_INDEX_ENTRY_CONSTANT ? indexing->program->constants[entry->number] : slu_value_missing();
}

static bool is_number(enum slu_type type) {
    return type == SLU_TYPE_NUMBER || type == SLU_TYPE_TIME || type == SLU_TYPE_DURATION;
}

/* ---- which column sees a test ---- */

/* The look's number; SLU_NO_INDEX when there are too many. */
static uint32_t look_number(struct slu_indexing *indexing, enum slu_index_kind kind, uint32_t slot) {
    for (uint32_t i = 0; i < indexing->look_count; i++) {
        if (indexing->looks[i].kind == kind && indexing->looks[i].slot == slot) {
            return i;
        }
    }
    if (indexing->look_count == SLU_INDEX_COLUMNS_MAX) {
        return SLU_NO_INDEX;
    }
    indexing->looks[indexing->look_count] = (struct slu_index_look_draft){.kind = kind, .slot = slot};
    return indexing->look_count++;
}

/* The same for a column. */
static uint32_t column_number(struct slu_indexing *indexing, enum slu_index_kind kind, uint32_t slot,
                              struct slu_index_clause clause) {
    uint32_t look = look_number(indexing, kind, slot);
    for (uint32_t i = 0; i < indexing->column_count && look != SLU_NO_INDEX; i++) {
        const struct slu_index_column_draft *column = &indexing->columns[i];
        if (column->look == look && column->clause.number == clause.number &&
            column->clause.negative == clause.negative) {
            return i;
        }
    }
    if (indexing->column_count == SLU_INDEX_COLUMNS_MAX || look == SLU_NO_INDEX) {
        return SLU_NO_INDEX;
    }
    bool several = indexing->program->slots[slot].type == SLU_TYPE_LIST || slu_index_is_search(kind);
    indexing->columns[indexing->column_count] =
        (struct slu_index_column_draft){.look = look, .clause = clause, .unites = several || clause.negative};
    return indexing->column_count++;
}

static struct slu_string key_text(enum slu_index_kind kind, const struct slu_value *value) {
    return slu_index_kinds[kind].exactly ? value->as.text->raw : value->as.text->folded;
}

static void add_number_key(struct slu_indexing *indexing, struct slu_index_look_draft *look, double key) {
    double *place = slu_indexing_push(indexing, &look->keys, sizeof *place);
    if (place != NULL) {
        *place = key;
    }
}

static void add_keys(struct slu_indexing *indexing, const struct slu_index_literal *literal) {
    struct slu_index_look_draft *look = slu_indexing_look(indexing, literal->column);
    enum slu_index_keys keys = slu_index_kinds[look->kind].keys;
    if (literal->opcode == SLU_OP_BETWEEN) {
        add_number_key(indexing, look, literal->low);
        add_number_key(indexing, look, literal->high);
    }
    if (slu_index_is_search(look->kind)) {
        add_number_key(indexing, look, literal->low);
    }
    for (size_t i = 0; i < literal->count; i++) {
        const struct slu_value *item = &literal->items[i];
        if (keys == SLU_INDEX_KEYS_NUMBERS && is_number(item->type)) {
            add_number_key(indexing, look, item->as.number);
        } else if (keys == SLU_INDEX_KEYS_TEXTS && item->type == SLU_TYPE_TEXT) {
            struct slu_string *place = slu_indexing_push(indexing, &look->keys, sizeof *place);
            if (place != NULL) {
                *place = key_text(look->kind, item);
            }
        }
    }
}

/* Adds the literal when its column has room. */
static bool add_clause(struct slu_indexing *indexing, enum slu_index_kind kind, uint32_t slot,
                       struct slu_index_clause clause, struct slu_index_literal literal) {
    uint32_t column = column_number(indexing, kind, slot, clause);
    if (column == SLU_NO_INDEX) {
        return false;
    }
    literal.column = (uint8_t)column;
    struct slu_index_literal *place = slu_indexing_push(indexing, &indexing->literals, sizeof *place);
    if (place == NULL) {
        return false;
    }
    *place = literal;
    add_keys(indexing, place);
    return true;
}

static bool add_literal(struct slu_indexing *indexing, enum slu_index_kind kind, uint32_t slot,
                        struct slu_index_literal literal) {
    return add_clause(indexing, kind, slot, (struct slu_index_clause){0, false}, literal);
}

/* A test that must not hold: every text that makes it hold excludes the row. */
static bool add_exclusion(struct slu_indexing *indexing, enum slu_index_kind kind, uint32_t slot,
                          struct slu_index_literal literal) {
    return add_clause(indexing, kind, slot, (struct slu_index_clause){0, true}, literal);
}

/* How many clauses on the slot's list the row has. */
static uint32_t count_clauses(const struct slu_indexing *indexing, uint32_t slot, uint32_t first) {
    const struct slu_index_literal *literals = indexing->literals.items;
    uint32_t count = 0;
    for (uint32_t i = first; i < indexing->literals.count; i++) {
        const struct slu_index_column_draft *column = &indexing->columns[literals[i].column];
        count += indexing->looks[column->look].slot == slot && !column->clause.negative;
    }
    return count;
}

/* On one list, or in one text. */
enum { CLAUSES_MAX = 4 };

static bool add_search(struct slu_indexing *indexing, uint32_t search, uint32_t slot, struct slu_index_literal literal,
                       uint32_t first) {
    const struct slu_text_scan *scan = &indexing->program->scans[indexing->program->searches[search].scan];
    enum slu_index_kind kind = scan->exactly ? SLU_INDEX_SEARCH_EXACTLY : SLU_INDEX_SEARCH;
    uint32_t clause = count_clauses(indexing, slot, first);
    literal.low = search - scan->first_search;
    if (!literal.outcome) {
        return add_exclusion(indexing, kind, slot, literal);
    }
    return clause < CLAUSES_MAX && add_clause(indexing, kind, slot, (struct slu_index_clause){clause, false}, literal);
}

static bool add_list_test(struct slu_indexing *indexing, enum slu_opcode opcode, uint32_t slot,
                          struct slu_index_literal literal, uint32_t first) {
    bool exactly = opcode == SLU_OP_HAS_EXACTLY || opcode == SLU_OP_HAS_ANY_EXACTLY || opcode == SLU_OP_HAS_ALL_EXACTLY;
    bool all = opcode == SLU_OP_HAS_ALL || opcode == SLU_OP_HAS_ALL_EXACTLY;
    enum slu_index_kind kind = exactly ? SLU_INDEX_TEXT_EXACTLY : SLU_INDEX_TEXT;
    if (!literal.outcome) {
        return (!all || literal.count == 1) && /* not all of two is an `or` */
               add_exclusion(indexing, kind, slot, literal);
    }
    uint32_t clauses = all ? (uint32_t)literal.count : 1;
    uint32_t clause = count_clauses(indexing, slot, first);
    if (clauses > CLAUSES_MAX - clause) {
        return false;
    }
    for (uint32_t i = 0; i < clauses; i++) {
        struct slu_index_literal part = literal;
        if (all) {
            part.items = &literal.items[i];
            part.count = 1;
        }
        if (!add_clause(indexing, kind, slot, (struct slu_index_clause){clause + i, false}, part)) {
            return false;
        }
    }
    return true;
}

static bool add_equality(struct slu_indexing *indexing, const struct slu_slot *slot, uint32_t number, bool exactly,
                         struct slu_index_literal literal) {
    if (is_number(slot->type)) {
        return add_literal(indexing, SLU_INDEX_NUMBER, number, literal);
    }
    if (slot->type == SLU_TYPE_FLAG) {
        return add_literal(indexing, SLU_INDEX_FLAG, number, literal);
    }
    if (slot->type != SLU_TYPE_TEXT) {
        return false;
    }
    enum slu_index_kind kind = exactly ? SLU_INDEX_TEXT_EXACTLY : SLU_INDEX_TEXT;
    if (!literal.outcome) { /* so that a text that many rules exclude costs a bit in each, not all others */
        return add_exclusion(indexing, kind, number, literal);
    }
    return add_literal(indexing, kind, number, literal);
}

static bool add_part_test(struct slu_indexing *indexing, uint32_t slot, enum slu_index_kind kind,
                          struct slu_index_literal literal) {
    for (size_t i = 0; i < literal.count; i++) {
        if (literal.items[i].type == SLU_TYPE_TEXT &&
            key_text(kind, &literal.items[i]).length >= SLU_INDEX_KEY_LENGTHS) {
            return false;
        }
    }
    return add_literal(indexing, kind, slot, literal);
}

static bool add_age_test(struct slu_indexing *indexing, uint32_t slot, struct slu_index_literal literal) {
    const double exact_most = 9007199254740992.0; /* differences of whole numbers up to here are exact */
    double duration = literal.items[0].as.number;
    if (literal.items[0].type != SLU_TYPE_DURATION || floor(duration) != duration || fabs(duration) > exact_most) {
        return false;
    }
    if (!add_literal(indexing, SLU_INDEX_AGE, slot, literal)) {
        return false;
    }
    const struct slu_index_literal *literals = indexing->literals.items;
    add_number_key(indexing, slu_indexing_look(indexing, literals[indexing->literals.count - 1].column), 0);
    return true;
}

static bool add_presence(struct slu_indexing *indexing, const struct slu_slot *slot, uint32_t number,
                         struct slu_index_literal literal) {
    literal.count = 0;
    if (slot->type == SLU_TYPE_LIST) {
        return false;
    }
    if (slot->type == SLU_TYPE_TEXT) {
        return add_literal(indexing, SLU_INDEX_PRESENCE, number, literal);
    }
    return add_literal(indexing, is_number(slot->type) ? SLU_INDEX_NUMBER : SLU_INDEX_FLAG, number, literal);
}

bool slu_indexing_add_test(struct slu_indexing *indexing, slu_instruction test, const struct slu_index_entry *operands,
                           bool outcome, uint32_t first) {
    enum slu_opcode opcode = slu_instruction_opcode(test);
    uint32_t number = operands[0].number;
    if (operands[0].kind != SLU_INDEX_ENTRY_SLOT || indexing->program->slots[number].origin != SLU_FIELD_EVENT) {
        return false; /* facts are asked for only when a condition needs them: by the machine */
    }
    const struct slu_slot *slot = &indexing->program->slots[number];
    struct slu_index_literal literal = {.opcode = (uint8_t)opcode, .outcome = outcome};
    if (opcode == SLU_OP_KNOWN) {
        return add_presence(indexing, slot, number, literal);
    }
    if (opcode == SLU_OP_TRUE) {
        return slot->type == SLU_TYPE_FLAG && add_literal(indexing, SLU_INDEX_FLAG, number, literal);
    }
    if (slu_opcodes[opcode].operand == SLU_OPERAND_SEARCH) {
        return add_search(indexing, slu_instruction_operand(test), number, literal, first);
    }
    if (slu_opcodes[opcode].pops < 2 || operands[1].kind != SLU_INDEX_ENTRY_CONSTANT) {
        return false;
    }
    literal.items = &indexing->program->constants[operands[1].number];
    literal.count = 1;
    enum slu_type type = literal.items->type;
    bool same = type == slot->type, list = type == SLU_TYPE_LIST, text = slot->type == SLU_TYPE_TEXT;
    bool texts = slot->type == SLU_TYPE_LIST && slot->element == SLU_TYPE_TEXT;
    if (list) {
        literal.count = (uint32_t)literal.items->as.list->count;
        literal.items = literal.items->as.list->items;
    }
    switch ((uint32_t)opcode) {
    case SLU_OP_EQUAL:
    case SLU_OP_EQUAL_EXACTLY:
        return same && !list && add_equality(indexing, slot, number, opcode == SLU_OP_EQUAL_EXACTLY, literal);
    case SLU_OP_ONE_OF:
    case SLU_OP_ONE_OF_EXACTLY:
        return list && add_equality(indexing, slot, number, opcode == SLU_OP_ONE_OF_EXACTLY, literal);
    case SLU_OP_LESS:
    case SLU_OP_AT_MOST:
    case SLU_OP_GREATER:
    case SLU_OP_AT_LEAST:
        return same && is_number(type) && add_literal(indexing, SLU_INDEX_NUMBER, number, literal);
    case SLU_OP_BETWEEN:
        literal.count = 0;
        literal.low = literal.items->as.number;
        literal.high = constant_of(indexing, &operands[2]).as.number;
        return same && is_number(type) && constant_of(indexing, &operands[2]).type == type &&
               add_literal(indexing, SLU_INDEX_NUMBER, number, literal);
    case SLU_OP_HAS:
    case SLU_OP_HAS_EXACTLY:
        return texts && type == SLU_TYPE_TEXT && add_list_test(indexing, opcode, number, literal, first);
    case SLU_OP_HAS_ANY:
    case SLU_OP_HAS_ANY_EXACTLY:
    case SLU_OP_HAS_ALL:
    case SLU_OP_HAS_ALL_EXACTLY:
        return texts && list && add_list_test(indexing, opcode, number, literal, first);
    case SLU_OP_STARTS_WITH:
    case SLU_OP_STARTS_WITH_EXACTLY:
        return text &&
               add_part_test(indexing, number,
                             opcode == SLU_OP_STARTS_WITH ? SLU_INDEX_PREFIX : SLU_INDEX_PREFIX_EXACTLY, literal);
    case SLU_OP_ENDS_WITH:
    case SLU_OP_ENDS_WITH_EXACTLY:
        return text && add_part_test(indexing, number,
                                     opcode == SLU_OP_ENDS_WITH ? SLU_INDEX_SUFFIX : SLU_INDEX_SUFFIX_EXACTLY, literal);
    case SLU_OP_WITHIN:
    case SLU_OP_OLDER:
        return slot->type == SLU_TYPE_TIME && add_age_test(indexing, number, literal);
    default:
        return false;
    }
}

/* ---- from literals to classes ---- */

struct range {
    uint32_t low, high;
};
/* Classes as ranges that do not touch, ascending. */
struct ranges {
    struct range *items;
    uint32_t count, capacity;
};

static void add_range(struct slu_indexing *indexing, struct ranges *ranges, uint32_t low, uint32_t high) {
    if (low > high) {
        return;
    }
    if (ranges->count == ranges->capacity) {
        uint32_t capacity = ranges->capacity == 0 ? 16 : 2 * ranges->capacity;
        struct range *items = SLU_NEW_ARRAY(&indexing->arena, struct range, capacity);
        if (items == NULL) {
            indexing->compiler->no_memory = true;
            return;
        }
        if (ranges->count > 0) {
            memcpy(items, ranges->items, ranges->count * sizeof *items);
        }
        ranges->items = items;
        ranges->capacity = capacity;
    }
    ranges->items[ranges->count++] = (struct range){low, high};
}

static int compare_ranges(const void *left, const void *right) {
    const struct range *a = left, *b = right;
    return (a->low > b->low) - (a->low < b->low);
}

/* Most are few, and in order already. */
static void sort_ranges(struct range *items, uint32_t count) {
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(items, count, sizeof *items, compare_ranges);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct range range = items[i];
        uint32_t place = i;
        for (; place > 0 && items[place - 1].low > range.low; place--) {
            items[place] = items[place - 1];
        }
        items[place] = range;
    }
}

static void unite_ranges(struct ranges *ranges) {
    uint32_t kept = 0;
    sort_ranges(ranges->items, ranges->count);
    for (uint32_t i = 0; i < ranges->count; i++) {
        struct range *last = kept == 0 ? NULL : &ranges->items[kept - 1];
        if (last != NULL && ranges->items[i].low <= last->high + 1) {
            last->high = ranges->items[i].high > last->high ? ranges->items[i].high : last->high;
        } else {
            ranges->items[kept++] = ranges->items[i];
        }
    }
    ranges->count = kept;
}

static bool starts_at(const struct slu_index_look_draft *look, struct slu_string key, struct slu_string beginning) {
    return slu_index_is_suffix(look->kind) ? slu_string_ends_with(key, beginning)
                                           : slu_string_starts_with(key, beginning);
}

/* The last key that starts with key `number`; those that do stand behind it. */
static uint32_t last_inside(const struct slu_index_look_draft *look, uint32_t number) {
    const struct slu_string *keys = look->keys.items;
    uint32_t low = number, high = look->keys.count; /* keys[low] does, keys[high] does not */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (starts_at(look, keys[middle], keys[number])) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t number_class(const struct slu_index_look_draft *look, double key) {
    return SLU_INDEX_FIRST_KEY + 2 * slu_indexing_key_number(look, &key);
}

/* The classes in which one item of the literal makes the test true. */
static void add_item(struct slu_indexing *indexing, struct ranges *ranges, const struct slu_index_literal *literal,
                     const struct slu_value *item) {
    const struct slu_index_look_draft *look = slu_indexing_look(indexing, literal->column);
    if (look->kind == SLU_INDEX_FLAG) {
        uint32_t class = SLU_INDEX_OTHER + item->as.flag;
        add_range(indexing, ranges, item->type == SLU_TYPE_FLAG ? class : 1, item->type == SLU_TYPE_FLAG ? class : 0);
        return;
    }
    if (slu_index_kinds[look->kind].keys == SLU_INDEX_KEYS_TEXTS) {
        if (item->type == SLU_TYPE_TEXT) {
            struct slu_string key = key_text(look->kind, item);
            uint32_t number = slu_indexing_key_number(look, &key);
            uint32_t last = slu_index_kinds[look->kind].part ? last_inside(look, number) : number;
            add_range(indexing, ranges, SLU_INDEX_FIRST_KEY + number, SLU_INDEX_FIRST_KEY + last);
        }
        return;
    }
    if (item->type != indexing->program->slots[look->slot].type && look->kind == SLU_INDEX_NUMBER) {
        return;
    }
    uint32_t at = number_class(look, item->as.number), last = look->last_class;
    switch ((uint32_t)literal->opcode) {
    case SLU_OP_LESS:
        add_range(indexing, ranges, SLU_INDEX_OTHER, at - 1);
        return;
    case SLU_OP_AT_MOST:
        add_range(indexing, ranges, SLU_INDEX_OTHER, at);
        return;
    case SLU_OP_GREATER:
    case SLU_OP_OLDER:
        add_range(indexing, ranges, at + 1, last);
        return;
    case SLU_OP_AT_LEAST:
        add_range(indexing, ranges, at, last);
        return;
    case SLU_OP_WITHIN:
        add_range(indexing, ranges, number_class(look, 0), at);
        return;
    default:
        add_range(indexing, ranges, at, at);
        return;
    }
}

/* The classes in which the literal's test is true. */
static void true_classes(struct slu_indexing *indexing, const struct slu_index_literal *literal,
                         struct ranges *ranges) {
    const struct slu_index_look_draft *look = slu_indexing_look(indexing, literal->column);
    ranges->count = 0;
    if (literal->opcode == SLU_OP_KNOWN) {
        add_range(indexing, ranges, SLU_INDEX_OTHER, look->last_class);
    } else if (literal->opcode == SLU_OP_TRUE) {
        add_range(indexing, ranges, SLU_INDEX_OTHER + 1, SLU_INDEX_OTHER + 1);
    } else if (literal->opcode == SLU_OP_BETWEEN) {
        add_range(indexing, ranges, number_class(look, literal->low), number_class(look, literal->high));
    } else if (slu_index_is_search(look->kind)) {
        add_range(indexing, ranges, number_class(look, literal->low), number_class(look, literal->low));
    }
    for (size_t i = 0; i < literal->count; i++) {
        add_item(indexing, ranges, literal, &literal->items[i]);
    }
    unite_ranges(ranges);
}

/* out = left and right (or not right). */
static void intersect(struct slu_indexing *indexing, const struct ranges *left, const struct ranges *right, bool holds,
                      uint32_t last_class, struct ranges *out) {
    out->count = 0;
    uint32_t free_from = 0; /* of the complement */
    for (uint32_t i = 0; i <= right->count; i++) {
        bool end = i == right->count;
        if (holds && end) {
            break;
        }
        struct range range = end ? (struct range){last_class + 1, last_class + 1} : right->items[i];
        struct range wanted = holds ? range : (struct range){free_from, range.low - 1};
        bool empty = !holds && range.low <= free_from;
        free_from = range.high + 1;
        for (uint32_t j = 0; j < left->count && !empty; j++) {
            uint32_t low = left->items[j].low > wanted.low ? left->items[j].low : wanted.low;
            uint32_t high = left->items[j].high < wanted.high ? left->items[j].high : wanted.high;
            add_range(indexing, out, low, high);
        }
    }
    unite_ranges(out);
}

/* The literals of the row on one column, from `at` on, as ranges; how many they are. */
static uint32_t column_classes(struct slu_indexing *indexing, const struct slu_index_literal *literals, uint32_t count,
                               struct ranges work[3]) {
    const struct slu_index_look_draft *look = slu_indexing_look(indexing, literals[0].column);
    bool unites = indexing->columns[literals[0].column].unites;
    uint32_t used = 0;
    work[0].count = 0;
    if (!unites) {
        add_range(indexing, &work[0], 0, look->last_class);
    }
    for (; used < count && literals[used].column == literals[0].column; used++) {
        true_classes(indexing, &literals[used], &work[1]);
        if (unites) { /* one clause, or everything that it must not have */
            for (uint32_t i = 0; i < work[1].count; i++) {
                add_range(indexing, &work[0], work[1].items[i].low, work[1].items[i].high);
            }
            unite_ranges(&work[0]);
            continue;
        }
        intersect(indexing, &work[0], &work[1], literals[used].outcome, look->last_class, &work[2]);
        struct ranges swapped = work[0];
        work[0] = work[2];
        work[2] = swapped;
    }
    return used;
}

static int compare_literals(const void *left, const void *right) {
    const struct slu_index_literal *a = left, *b = right;
    return (a->column > b->column) - (a->column < b->column);
}

/* By column; a row of few literals, as most are, without a call for each comparison. */
static void sort_literals(struct slu_index_literal *literals, uint32_t count) {
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(literals, count, sizeof *literals, compare_literals);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct slu_index_literal literal = literals[i];
        uint32_t place = i;
        for (; place > 0 && literals[place - 1].column > literal.column; place--) {
            literals[place] = literals[place - 1];
        }
        literals[place] = literal;
    }
}

/* False: the row can never hold. */
static bool add_row_parts(struct slu_indexing *indexing, struct slu_index_row_draft *row, struct ranges work[3]) {
    struct slu_index_literal *literals = (struct slu_index_literal *)indexing->literals.items + row->first_literal;
    row->first_part = indexing->parts.count;
    sort_literals(literals, row->literal_count);
    for (uint32_t at = 0; at < row->literal_count;) {
        uint32_t column = literals[at].column;
        at += column_classes(indexing, literals + at, row->literal_count - at, work);
        bool negative = indexing->columns[column].clause.negative;
        if (work[0].count == 0 && !negative && !indexing->compiler->no_memory) {
            indexing->parts.count = row->first_part;
            return false;
        }
        for (uint32_t i = 0; i < work[0].count; i++) {
            struct slu_index_part_draft *part = slu_indexing_push(indexing, &indexing->parts, sizeof *part);
            if (part == NULL) {
                return true;
            }
            *part = (struct slu_index_part_draft){column, work[0].items[i].low, work[0].items[i].high};
        }
    }
    row->part_count = indexing->parts.count - row->first_part;
    return true;
}

void slu_indexing_add_parts(struct slu_indexing *indexing) {
    struct ranges work[3] = {{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}};
    struct slu_index_row_draft *rows = indexing->rows.items;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < indexing->rows.count && !indexing->compiler->no_memory; i++) {
        if (add_row_parts(indexing, &rows[i], work)) {
            rows[kept++] = rows[i];
        }
    }
    indexing->rows.count = kept;
}
