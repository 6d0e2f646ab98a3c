/* The keys of an index's looks, each once and in their order. */
#include "engine/base/map.h"
#include "engine/compile/indexing.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static int compare_texts(const void *left, const void *right) {
    return slu_string_compare(*(const struct slu_string *)left, *(const struct slu_string *)right);
}

static int compare_from_ends(const void *left, const void *right) {
    struct slu_string a = *(const struct slu_string *)left, b = *(const struct slu_string *)right;
    for (size_t i = 1; i <= a.length && i <= b.length; i++) {
        unsigned char x = (unsigned char)a.bytes[a.length - i], y = (unsigned char)b.bytes[b.length - i];
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a.length > b.length) - (a.length < b.length);
}

typedef int comparison(const void *left, const void *right);

static comparison *comparison_of(enum slu_index_kind kind) {
    if (slu_index_kinds[kind].keys == SLU_INDEX_KEYS_NUMBERS) {
        return compare_numbers;
    }
    return slu_index_is_suffix(kind) ? compare_from_ends : compare_texts;
}

static size_t key_size(enum slu_index_kind kind) {
    return slu_index_kinds[kind].keys == SLU_INDEX_KEYS_NUMBERS ? sizeof(double) : sizeof(struct slu_string);
}

/* Each key once: cheaper than sorting them all, for most are there many times. */
static void drop_repeated(struct slu_indexing *indexing, struct slu_index_look_draft *look) {
    size_t size = key_size(look->kind);
    bool numbers = slu_index_kinds[look->kind].keys == SLU_INDEX_KEYS_NUMBERS;
    char *keys = look->keys.items;
    struct slu_map known;
    uint32_t kept = 0;
    slu_map_init(&known, &indexing->arena);
    for (uint32_t i = 0; i < look->keys.count; i++) {
        char *place = keys + kept * size;
        memmove(place, keys + i * size, size);
        struct slu_string key = numbers ? (struct slu_string){place, size} : *(const struct slu_string *)(void *)place;
        uint32_t number = slu_map_find_or_put(&known, key, kept);
        if (number == SLU_MAP_NONE) {
            indexing->compiler->no_memory = true;
            return;
        }
        kept += number == kept;
    }
    look->keys.count = kept;
    look->numbers = known; /* for texts: where keys are numbers, its own lie in the table, which is sorted now */
}

static void sort_keys(struct slu_indexing *indexing, struct slu_index_look_draft *look) {
    drop_repeated(indexing, look);
    if (indexing->compiler->no_memory) {
        return; /* what they are numbered by is not there */
    }
    size_t size = key_size(look->kind);
    comparison *compare = comparison_of(look->kind);
    char *keys = look->keys.items;
    uint32_t kept = 0;
    if (look->keys.count > 0) {
        qsort(keys, look->keys.count, size, compare);
    }
    for (uint32_t i = 0; i < look->keys.count; i++) {
        if (kept == 0 || compare(keys + (kept - 1) * size, keys + i * size) != 0) {
            memmove(keys + kept * size, keys + i * size, size);
            kept++;
        }
    }
    look->keys.count = kept;
    for (uint32_t i = 0; i < kept && compare != compare_numbers; i++) {
        const struct slu_string *key = (const struct slu_string *)(void *)(keys + i * size);
        indexing->compiler->no_memory |= !slu_map_put(&look->numbers, *key, i); /* renumbers it */
    }
}

void slu_indexing_sort_keys(struct slu_indexing *indexing) {
    for (uint32_t i = 0; i < indexing->look_count; i++) {
        struct slu_index_look_draft *look = &indexing->looks[i];
        sort_keys(indexing, look);
        look->last_class = slu_index_last_class(look->kind, look->keys.count);
    }
}

uint32_t slu_indexing_key_number(const struct slu_index_look_draft *look, const void *key) {
    if (slu_index_kinds[look->kind].keys != SLU_INDEX_KEYS_NUMBERS) {
        return slu_map_find(&look->numbers, *(const struct slu_string *)key);
    }
    const double *keys = look->keys.items;
    const double *found = bsearch(key, keys, look->keys.count, sizeof *keys, compare_numbers);
    return (uint32_t)(found - keys);
}
