/* What a search takes for granted of an index, checked: that no number in it
 * leads out of its table. */
#include "engine/code/index_hash.h"
#include "engine/code/program.h"

static bool is_number(enum slu_type type) {
    return type == SLU_TYPE_NUMBER || type == SLU_TYPE_TIME || type == SLU_TYPE_DURATION;
}

/* Does the field have what the look looks at? */
static bool fits(const struct slu_slot *slot, enum slu_index_kind kind) {
    bool list = slot->type == SLU_TYPE_LIST;
    if (slot->origin != SLU_FIELD_EVENT) {
        return false;
    }
    switch (slu_index_kinds[kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        if (slu_index_is_search(kind)) {
            return slot->type == SLU_TYPE_TEXT;
        }
        return kind == SLU_INDEX_AGE ? slot->type == SLU_TYPE_TIME : is_number(slot->type);
    case SLU_INDEX_KEYS_TEXTS:
        return list ? slot->element == SLU_TYPE_TEXT && !slu_index_kinds[kind].part : slot->type == SLU_TYPE_TEXT;
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    return kind == SLU_INDEX_FLAG ? slot->type == SLU_TYPE_FLAG : !list;
}

/* ---- looks ---- */

/* That the key of a bucket is one, and in its table. */
static bool has_key(const struct slu_index_look *look, uint32_t at) {
    if (at >= look->text_words) {
        return false;
    }
    const struct slu_index_key *key = slu_index_key_at(look, at);
    return key->number < look->key_count && slu_index_key_words(key->length) <= look->text_words - at;
}

/* That whoever looks for the key of a bucket finds it. */
static const char *verify_key(const struct slu_index_look *look, const struct slu_index_bucket *bucket) {
    const struct slu_index_key *key = slu_index_key_at(look, bucket->key);
    struct slu_string text = {key->bytes, key->length};
    bool part = slu_index_kinds[look->kind].part;
    if (part && (text.length >= SLU_INDEX_KEY_LENGTHS || (look->lengths >> text.length & 1) == 0)) {
        return "index: a key's length is not looked for";
    }
    bool passes = !part || look->filter[slu_index_filter_place(look, text)] >> text.length & 1;
    uint32_t hash = slu_index_hash(text);
    bool found = passes && hash == bucket->hash && slu_index_find(look, text, false, hash) == key->number;
    return found ? NULL : "index: a key is not found";
}

static const char *verify_texts(const struct slu_index_look *look) {
    const char *reason = NULL;
    uint32_t used = 0;
    if (look->texts == NULL || look->buckets == NULL || look->bucket_count <= look->key_count ||
        (look->bucket_count & (look->bucket_count - 1)) != 0 ||
        (slu_index_kinds[look->kind].part &&
         (look->filter == NULL || look->filter_count == 0 || (look->filter_count & (look->filter_count - 1)) != 0))) {
        return "index: the texts of a look have no place";
    }
    for (uint32_t i = 0; i < look->bucket_count; i++) {
        if (look->buckets[i].key != 0 && !has_key(look, look->buckets[i].key)) {
            return "index: a bucket leads out of the keys";
        }
        used += look->buckets[i].key != 0;
    }
    if (used != look->key_count) {
        return "index: a key is in no bucket";
    }
    for (uint32_t i = 0; i < look->bucket_count && reason == NULL; i++) {
        reason = look->buckets[i].key == 0 ? NULL : verify_key(look, &look->buckets[i]);
    }
    return reason;
}

/* Each cell begins at its first key, and has as many as a search looks at, or fewer. */
static const char *verify_cells(const struct slu_index_look *look) {
    uint32_t key = 0;
    if (look->cell_count == 0 || look->cell_keys > look->key_count || look->key_count == 0) {
        return "index: the cells of a look have no place";
    }
    for (uint32_t cell = 0; cell < look->cell_count; cell++) {
        if (look->cells[cell] != key) {
            return "index: a cell does not begin at its keys";
        }
        while (key < look->key_count && slu_index_cell(look, look->numbers[key]) == cell) {
            key++;
        }
        if (key - look->cells[cell] > look->cell_keys) {
            return "index: a cell has too many keys";
        }
    }
    return key == look->key_count ? NULL : "index: a key is in no cell";
}

static const char *verify_numbers(const struct slu_index_look *look) {
    if (look->key_count > 0 && look->numbers == NULL) {
        return "index: the numbers of a look have no place";
    }
    for (uint32_t i = 0; i < look->key_count; i++) {
        bool is_number = look->numbers[i] == look->numbers[i];
        if (!is_number || (i > 0 && look->numbers[i - 1] >= look->numbers[i])) {
            return "index: keys out of order";
        }
    }
    return look->cells == NULL ? NULL : verify_cells(look);
}

static const char *verify_keys(const struct slu_index_look *look) {
    switch (slu_index_kinds[look->kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        return verify_numbers(look);
    case SLU_INDEX_KEYS_TEXTS:
        return verify_texts(look);
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    return look->key_count == 0 ? NULL : "index: keys where there are none";
}

static const char *verify_parts(const struct slu_index *index, const struct slu_index_part *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (slu_index_part_look(&parts[i]) >= index->look_count) {
            return "index: a part has no look";
        }
    }
    if (count > 0 && (parts[count - 1].look & SLU_INDEX_PART_LAST) == 0) {
        return "index: a row's parts have no end";
    }
    return NULL;
}

/* Those of one class: each with its parts in the table. */
static const char *verify_class(const struct slu_index *index, uint32_t at, uint32_t rule_count) {
    const uint32_t head = slu_index_candidate_words(0), part = slu_index_candidate_words(1) - head;
    for (bool last = false; !last;) {
        const struct slu_index_candidate *candidate = slu_index_candidate_at(index, at);
        uint32_t left = at < index->candidate_words ? index->candidate_words - at : 0;
        if (left < head || candidate->size >> SLU_INDEX_CANDIDATE_SHIFT > (left - head) / part) {
            return "index: a class leads out of the candidates";
        }
        if (candidate->rule >> SLU_INDEX_RULE_SHIFT >= rule_count) {
            return "index: a candidate's rule is out of range";
        }
        uint32_t count = candidate->size >> SLU_INDEX_CANDIDATE_SHIFT;
        const char *reason = verify_parts(index, candidate->parts, count);
        if (reason != NULL) {
            return reason;
        }
        last = (candidate->size & SLU_INDEX_CANDIDATE_LAST) != 0;
        at += slu_index_candidate_words(count);
    }
    return NULL;
}

static const char *verify_candidates(const struct slu_index *index, const struct slu_index_look *look,
                                     uint32_t rule_count) {
    const char *reason = NULL;
    if (look->starts == NULL) {
        return NULL;
    }
    if (look->shift >= 32 || index->candidates == NULL) {
        return "index: the candidates of a look have no place";
    }
    uint32_t classes = slu_index_merged(slu_index_last_class(look->kind, look->key_count), look->shift) + 1;
    for (uint32_t i = 0; i < classes && reason == NULL; i++) {
        reason = look->starts[i] == 0 ? NULL : verify_class(index, look->starts[i], rule_count);
    }
    return reason;
}

static const char *verify_look(const struct sluice_program *program, const struct slu_index *index, uint32_t number,
                               uint32_t rule_count) {
    const struct slu_index_look *look = &index->looks[number];
    const uint32_t keys_max = UINT32_MAX / 4; /* so that classes can be counted */
    if (look->kind >= SLU_INDEX_KIND_COUNT || look->slot >= program->slot_count ||
        !fits(&program->slots[look->slot], look->kind) || look->key_count > keys_max) {
        return "index: a look is at no field of its kind";
    }
    if (slu_index_kinds[look->kind].late && number < index->early_count) {
        return "index: a look is not in its place";
    }
    if (slu_index_is_search(look->kind) &&
        (look->scan >= program->scan_count || program->scans[look->scan].slot != look->slot)) {
        return "index: a look has no scan";
    }
    if (index->is_sure && slu_index_is_search(look->kind)) {
        return "index: a text is searched where only classes are asked for";
    }
    if (look->starts != NULL && number >= index->candidate_looks) {
        return "index: candidates of a look are not looked for";
    }
    const char *reason = verify_keys(look);
    return reason == NULL ? verify_candidates(index, look, rule_count) : reason;
}

/* ---- columns and rows ---- */

static const char *verify_column(const struct slu_index *index, const struct slu_index_column *column) {
    if (column->look >= index->look_count) {
        return "index: a column has no look";
    }
    const struct slu_index_look *look = &index->looks[column->look];
    if (column->shift >= 32 || column->class_sets == NULL || column->sets == NULL ||
        column->class_count != slu_index_merged(slu_index_last_class(look->kind, look->key_count), column->shift) + 1) {
        return "index: a column has too few classes";
    }
    for (uint32_t i = 0; i < column->class_count; i++) {
        if (column->class_sets[i] >= column->set_count) {
            return "index: the set of a class is out of range";
        }
    }
    return NULL;
}

/* What whoever takes the rows that hold by class, and the early columns, relies on. */
static const char *verify_holds(const struct slu_index *index) {
    bool few = index->word_count <= SLU_INDEX_FEW_WORDS;
    for (uint32_t i = 0; i < index->early_columns; i++) {
        if (index->columns[i].look >= index->early_count) {
            return "index: a column is not in its place";
        }
    }
    for (uint32_t i = 0; i < SLU_INDEX_FEW_WORDS && few; i++) {
        if (index->all[i] != (i < index->word_count ? slu_index_row_bits(index->broad_count, i) : 0)) {
            return "index: a bit stands for no row";
        }
    }
    if (index->is_few && (!few || index->broad_count < index->row_count)) {
        return "index: there are not few rows";
    }
    if (index->holds == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < index->early_count; i++) {
        const struct slu_index_look *look = &index->looks[i];
        if (!few || index->holds[i].rows == NULL ||
            index->holds[i].class_count != slu_index_last_class(look->kind, look->key_count) + 1) {
            return "index: what holds by class has no place";
        }
    }
    return NULL;
}

static const char *verify_row(const struct slu_index *index, uint32_t number, uint32_t rule_count) {
    const struct slu_index_row *row = &index->rows[number];
    if (row->rule >> SLU_INDEX_RULE_SHIFT >= rule_count) {
        return "index: a row's rule is out of range";
    }
    if (row->first_part > row[1].first_part || row[1].first_part > index->part_count) {
        return "index: a row's parts are out of range";
    }
    return verify_parts(index, index->parts + row->first_part, row[1].first_part - row->first_part);
}

const char *slu_program_verify_index(const struct sluice_program *program, const struct slu_program_ruleset *ruleset) {
    const struct slu_index *index = ruleset->index;
    const uint32_t bits = SLU_INDEX_WORD_BITS;
    const char *reason = NULL;
    if (index == NULL) {
        return NULL;
    }
    if (index->column_count > SLU_INDEX_COLUMNS_MAX || index->look_count > SLU_INDEX_COLUMNS_MAX ||
        index->early_count > index->look_count || index->candidate_looks > index->look_count ||
        index->early_columns > index->column_count || index->broad_count > index->row_count ||
        index->word_count != index->broad_count / bits + (index->broad_count % bits != 0)) {
        return "index: wrong sizes";
    }
    if (index->first_found > program->found_count || index->look_count > program->found_count - index->first_found) {
        return "index: no room for the classes of its looks";
    }
    if (index->candidates == NULL || index->candidate_words == 0 ||
        index->candidates[0] >> SLU_INDEX_RULE_SHIFT >= ruleset->rule_count) {
        return "index: the candidate of no class is out of range";
    }
    for (uint32_t i = 0; i < index->look_count && reason == NULL; i++) {
        reason = verify_look(program, index, i, ruleset->rule_count);
    }
    for (uint32_t i = 0; i < index->column_count && reason == NULL; i++) {
        reason = verify_column(index, &index->columns[i]);
    }
    reason = reason == NULL ? verify_holds(index) : reason;
    for (uint32_t i = 0; i < index->broad_count && reason == NULL; i++) {
        reason = verify_row(index, i, ruleset->rule_count);
    }
    return reason;
}
