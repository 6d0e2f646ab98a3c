/* From the values of an event to their classes. */
#include "engine/vm/index.h"

#include "engine/code/index_hash.h"
#include "engine/text/scanner.h"
#include "engine/text/unicode.h"
#include "engine/vm/scans.h"

/* Of memory that the processor fetches at once, on most machines. */
enum { LINE_WORDS = 64 / sizeof(uint32_t) };

/* Without a jump on what was compared: no processor foresees those. */
static inline uint32_t number_class(const struct slu_index_look *look, double number) {
    const double *keys = look->numbers;
    size_t low = 0, count = look->key_count;
    if (look->cells != NULL) { /* as many keys as the largest cell has: those behind this one are greater */
        size_t start = look->cells[slu_index_cell(look, number)], last = count - look->cell_keys;
        count = look->cell_keys;
        low = start < last ? start : last;
    }
    while (count > 0) {
        size_t half = (count + 1) / 2;
        low += half & -(size_t)(keys[low + half - 1] < number);
        count -= half;
    }
    return SLU_INDEX_OTHER + 2 * (uint32_t)low + (low < look->key_count && keys[low] == number);
}

static uint32_t key_class(uint32_t key) {
    return key == UINT32_MAX ? SLU_INDEX_OTHER : SLU_INDEX_FIRST_KEY + key;
}

static inline struct slu_string part_of(struct slu_string text, bool suffix, size_t length) {
    return (struct slu_string){suffix ? text.bytes + text.length - length : text.bytes, length};
}

/* The class of the longest key that the text starts (or ends) with. */
static uint32_t part_class(const struct slu_index_look *look, struct slu_string text, bool folds) {
    bool suffix = slu_index_is_suffix(look->kind);
    uint64_t lengths = look->lengths;
    if (text.length < SLU_INDEX_KEY_LENGTHS - 1) {
        lengths &= (UINT64_C(2) << text.length) - 1;
    }
    if (lengths == 0) {
        return SLU_INDEX_OTHER; /* shorter than any key */
    }
    lengths &= look->filter[slu_index_filter_place(look, text)];
    while (lengths != 0) {
        size_t length = SLU_INDEX_KEY_LENGTHS - 1 - (size_t)__builtin_clzll(lengths);
        struct slu_string part = part_of(text, suffix, length);
        uint32_t key = slu_index_find(look, part, folds, slu_index_hash(part));
        if (key != UINT32_MAX) {
            return key_class(key);
        }
        lengths ^= UINT64_C(1) << length;
    }
    return SLU_INDEX_OTHER;
}

/* What of the text the look's keys can be: all of it, its beginning or its end. */
static inline struct slu_string looked_at(const struct slu_index_look *look, struct slu_string text) {
    size_t longest = SLU_INDEX_KEY_LENGTHS - 1 - (size_t)__builtin_clzll(look->lengths | 1);
    bool all = !slu_index_kinds[look->kind].part || longest >= text.length;
    return all ? text : part_of(text, slu_index_is_suffix(look->kind), longest);
}

/* False when out of memory. What is looked at is folded on the way where it is short and ASCII. */
static inline bool text_class(const struct slu_index_look *look, struct slu_arena *arena, struct slu_text *text,
                              uint32_t *class) {
    struct slu_string bytes = text->raw;
    bool folds = !slu_index_kinds[look->kind].exactly;
    if (folds) {
        bytes = looked_at(look, bytes);
        if ((bytes.length >= SLU_INDEX_KEY_LENGTHS || !slu_index_is_ascii(bytes)) &&
            !slu_text_folded(arena, text, &bytes)) {
            return false;
        }
    }
    *class = slu_index_kinds[look->kind].part ? part_class(look, bytes, folds)
                                              : key_class(slu_index_find(look, bytes, folds, slu_index_hash(bytes)));
    return true;
}

/* The elements that some rule knows; where there is one, or none, it is as for a
 * field with one value, which is cheaper for whoever reads it. */
static bool find_list(const struct slu_index_look *look, const struct slu_list *list, struct slu_arena *arena,
                      struct slu_index_found *found) {
    uint32_t *classes = NULL;
    *found = (struct slu_index_found){NULL, SLU_INDEX_OTHER, {0}};
    for (size_t i = 0; i < list->count; i++) {
        uint32_t class = SLU_INDEX_OTHER;
        if (list->items[i].type == SLU_TYPE_TEXT && !text_class(look, arena, list->items[i].as.text, &class)) {
            return false;
        }
        if (class == SLU_INDEX_OTHER) {
            continue;
        }
        if (found->only == SLU_INDEX_OTHER) {
            found->only = class;
            continue;
        }
        if (classes == NULL) {
            classes = SLU_NEW_ARRAY(arena, uint32_t, list->count);
            if (classes == NULL) {
                return false;
            }
            classes[0] = found->only;
            found->count = 1;
        }
        classes[found->count++] = class;
    }
    if (classes != NULL) {
        found->classes = classes;
        found->only = slu_index_last_class(look->kind, look->key_count) + 1;
    }
    return true;
}

static bool find(const struct slu_index_look *look, struct slu_value value, double clock, struct slu_arena *arena,
                 struct slu_index_found *found) {
    if (value.type == SLU_TYPE_LIST) {
        return find_list(look, value.as.list, arena, found);
    }
    *found = (struct slu_index_found){NULL, SLU_INDEX_MISSING, {0}};
    if (value.type == SLU_TYPE_MISSING) {
        return true;
    }
    switch (slu_index_kinds[look->kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        found->only = number_class(look, look->kind == SLU_INDEX_AGE ? clock - value.as.number : value.as.number);
        return true;
    case SLU_INDEX_KEYS_TEXTS:
        found->only = SLU_INDEX_OTHER;
        return value.type != SLU_TYPE_TEXT || text_class(look, arena, value.as.text, &found->only);
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    found->only = look->kind == SLU_INDEX_FLAG && value.as.flag ? SLU_INDEX_FIRST_KEY : SLU_INDEX_OTHER;
    return true;
}

/* Where the candidates of the class stand: asks for that memory, so that the processor has fetched it by
 * the time that somebody decides. */
static inline void find_candidates(const struct slu_index *index, uint32_t number, struct slu_index_found *found) {
    const struct slu_index_look *look = &index->looks[number];
    if (look->starts != NULL && found->classes == NULL) {
        found->first = look->starts[slu_index_merged(found->only, look->shift)];
        __builtin_prefetch(index->candidates + found->first);
        __builtin_prefetch(index->candidates + found->first + LINE_WORDS);
    }
}

bool slu_index_find_early(const struct slu_index *index, const struct slu_value *slots, struct slu_arena *arena,
                          struct slu_index_found *found) {
    for (uint32_t i = 0; i < index->early_count; i++) {
        if (!find(&index->looks[i], slots[index->looks[i].slot], 0, arena, &found[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < index->candidate_looks && i < index->early_count; i++) {
        find_candidates(index, i, &found[i]);
    }
    return true;
}

/* A number's class: at a key, not between two. */
static inline bool is_key(uint32_t class) {
    return (class - SLU_INDEX_OTHER) % 2 != 0;
}

/* The searches that the scan finds and some rule of the index knows. */
static enum slu_machine_status find_searches(const struct slu_index_look *look, struct slu_machine *machine,
                                             struct slu_index_found *found) {
    const struct slu_scanned *scanned = NULL;
    *found = (struct slu_index_found){&found->only, SLU_INDEX_OTHER, {0}};
    enum slu_machine_status status = slu_scan_find(machine, look->scan, machine->slots[look->slot], &scanned);
    if (status != SLU_MACHINE_OK || scanned->count == 0) {
        return status;
    }
    uint32_t only = number_class(look, scanned->hits[0].number);
    if (scanned->count == 1 && is_key(only)) { /* as for a field with one value */
        *found = (struct slu_index_found){NULL, only, {0}};
        return status;
    }
    uint32_t *classes = SLU_NEW_ARRAY(machine->arena, uint32_t, scanned->count);
    if (classes == NULL) {
        return SLU_MACHINE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < scanned->count; i++) {
        uint32_t class = number_class(look, scanned->hits[i].number);
        classes[found->count] = class;
        found->count += is_key(class);
    }
    found->classes = classes;
    return SLU_MACHINE_OK;
}

enum slu_machine_status slu_index_find_late(const struct slu_index *index, uint32_t number, struct slu_machine *machine,
                                            struct slu_index_found *found) {
    const struct slu_index_look *look = &index->looks[number];
    enum slu_machine_status status = SLU_MACHINE_OK;
    if (slu_index_is_search(look->kind)) {
        status = find_searches(look, machine, found);
    } else if (!find(look, machine->slots[look->slot], machine->clock, machine->arena, found)) {
        status = SLU_MACHINE_NO_MEMORY;
    }
    if (status == SLU_MACHINE_OK) {
        find_candidates(index, number, found);
    }
    return status;
}
