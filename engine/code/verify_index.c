/* What a search takes for granted of an index, checked. */
#include "engine/code/program.h"

static bool is_number(enum slu_type type) {
    return type == SLU_TYPE_NUMBER || type == SLU_TYPE_TIME || type == SLU_TYPE_DURATION;
}

/* Does the field have what the column looks at? */
static bool fits(const struct slu_slot *slot, enum slu_index_kind kind) {
    if (slot->origin != SLU_FIELD_EVENT) {
        return false;
    }
    if (kind == SLU_INDEX_PRESENCE) {
        return slot->type != SLU_TYPE_LIST;
    }
    if (kind == SLU_INDEX_FLAG) {
        return slot->type == SLU_TYPE_FLAG;
    }
    if (slu_index_kinds[kind].keys == SLU_INDEX_KEYS_NUMBERS) {
        return kind == SLU_INDEX_AGE ? slot->type == SLU_TYPE_TIME : is_number(slot->type);
    }
    bool list = slot->type == SLU_TYPE_LIST && slot->element == SLU_TYPE_TEXT;
    bool text = slot->type == SLU_TYPE_TEXT;
    return slu_index_is_negative(kind) ? list || text : slu_index_is_list(kind) ? list : text;
}

static const char *verify_texts(const struct slu_index_column *column) {
    uint32_t used = 0;
    if (column->texts == NULL || column->buckets == NULL || column->bucket_count <= column->key_count ||
        (column->bucket_count & (column->bucket_count - 1)) != 0) {
        return "index: a column's texts have no place";
    }
    for (uint32_t i = 0; i < column->bucket_count; i++) {
        if (column->buckets[i] > column->key_count) {
            return "index: a bucket leads out of the keys";
        }
        used += column->buckets[i] != 0;
    }
    if (used != column->key_count) {
        return "index: a key is in no bucket";
    }
    for (uint32_t i = 0; i < column->key_count; i++) {
        if (slu_index_find(column, column->texts[i], slu_index_hash(column->kind, column->texts[i])) != i) {
            return "index: a key is not found";
        }
        if (slu_index_is_part(column->kind) && (column->texts[i].length >= SLU_INDEX_KEY_LENGTHS ||
                                                (column->lengths >> column->texts[i].length & 1) == 0)) {
            return "index: a key's length is not looked for";
        }
    }
    return NULL;
}

static const char *verify_keys(const struct slu_index_column *column, uint32_t *last_class) {
    switch (slu_index_kinds[column->kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        *last_class = SLU_INDEX_OTHER + 2 * column->key_count;
        for (uint32_t i = 1; i < column->key_count; i++) {
            if (!(column->numbers[i - 1] < column->numbers[i])) {
                return "index: keys out of order";
            }
        }
        return column->key_count > 0 && column->numbers == NULL ? "index: a column's numbers have no place" : NULL;
    case SLU_INDEX_KEYS_TEXTS:
        *last_class = SLU_INDEX_OTHER + column->key_count;
        return verify_texts(column);
    case SLU_INDEX_KEYS_NONE:
        *last_class = SLU_INDEX_OTHER + (column->kind == SLU_INDEX_FLAG);
        break;
    }
    return column->key_count == 0 ? NULL : "index: keys where there are none";
}

static const char *verify_set(const struct slu_index *index, const struct slu_index_set *set) {
    if (set->words != NULL) {
        return NULL;
    }
    if (set->first > index->place_count || set->count > index->place_count - set->first) {
        return "index: a set is out of range";
    }
    for (uint32_t i = 0; i < set->count; i++) {
        const uint32_t *place = &index->places[set->first + i];
        if (*place >= index->word_count || (i > 0 && place[-1] >= *place)) {
            return "index: the words of a set are out of order or out of range";
        }
    }
    return NULL;
}

static const char *verify_column(const struct sluice_program *program, const struct slu_index *index,
                                 const struct slu_index_column *column) {
    uint32_t last_class = SLU_INDEX_OTHER;
    if (column->kind >= SLU_INDEX_KIND_COUNT || column->slot >= program->slot_count ||
        !fits(&program->slots[column->slot], column->kind)) {
        return "index: a column is on no field of its kind";
    }
    const char *reason = verify_keys(column, &last_class);
    if (reason != NULL) {
        return reason;
    }
    if (column->shift >= 32 || column->class_sets == NULL ||
        column->class_count != slu_index_merged(column, last_class) + 1) {
        return "index: a column has too few classes";
    }
    for (uint32_t i = 0; i < column->class_count; i++) {
        if (column->class_sets[i] >= column->set_count) {
            return "index: the set of a class is out of range";
        }
    }
    if ((column->base == NULL) != slu_index_is_negative(column->kind)) {
        return "index: a column says nothing of the rows without a condition on it";
    }
    for (uint32_t i = 0; i < column->set_count && reason == NULL; i++) {
        reason = verify_set(index, &column->sets[i]);
    }
    return reason;
}

const char *slu_program_verify_index(const struct sluice_program *program, const struct slu_program_ruleset *ruleset) {
    const struct slu_index *index = ruleset->index;
    const uint32_t bits = SLU_INDEX_WORD_BITS;
    if (index == NULL) {
        return NULL;
    }
    if (index->column_count > SLU_INDEX_COLUMNS_MAX || index->word_count != (index->row_count + bits - 1) / bits ||
        index->summary_count != (index->word_count + bits - 1) / bits) {
        return "index: wrong sizes";
    }
    for (uint32_t i = 0; i < index->row_count; i++) {
        if (index->rows[i] >> SLU_INDEX_RULE_SHIFT >= ruleset->rule_count) {
            return "index: a row's rule is out of range";
        }
        if (index->first_rules[i / bits] > index->rows[i]) {
            return "index: a row is before the first of its word";
        }
    }
    const char *reason = NULL;
    for (uint32_t i = 0; i < index->column_count && reason == NULL; i++) {
        reason = verify_column(program, index, &index->columns[i]);
    }
    return reason;
}
