/* The looks of an index: the keys by which a value's class is found. */
#include "engine/code/index_hash.h"
#include "engine/compile/indexing.h"

#include <string.h>

/* The texts with their numbers, in their order; where each stands in *places. */
static void copy_bytes(struct slu_indexing *indexing, const struct slu_string *keys, uint32_t count,
                       struct slu_index_look *made, uint32_t *places) {
    size_t words = 1;
    for (uint32_t i = 0; i < count; i++) {
        places[i] = (uint32_t)words;
        words += slu_index_key_words(keys[i].length);
    }
    uint64_t *texts = words > UINT32_MAX ? NULL : slu_compiler_room(indexing->compiler, words, sizeof *texts);
    indexing->compiler->no_memory |= texts == NULL;
    for (uint32_t i = 0; i < count && texts != NULL; i++) {
        struct slu_index_key *key = (struct slu_index_key *)(texts + places[i]);
        key->number = i;
        key->length = (uint32_t)keys[i].length;
        memcpy(key->bytes, keys[i].bytes, keys[i].length);
    }
    made->texts = texts;
    made->text_words = (uint32_t)words;
}

/* Made when all keys, and so the shortest, are known. */
static void make_filter(struct slu_indexing *indexing, const struct slu_string *keys, uint32_t count,
                        struct slu_index_look *made) {
    uint64_t *filter = slu_compiler_room(indexing->compiler, made->bucket_count, sizeof *filter);
    made->filter_count = made->bucket_count;
    for (uint32_t i = 0; i < count && filter != NULL; i++) {
        filter[slu_index_filter_place(made, keys[i])] |= UINT64_C(1) << keys[i].length;
    }
    made->filter = filter;
}

static void copy_texts(struct slu_indexing *indexing, const struct slu_index_look_draft *look,
                       struct slu_index_look *made) {
    const struct slu_string *keys = look->keys.items;
    uint32_t count = look->keys.count, bucket_count = 2;
    bool part = slu_index_kinds[look->kind].part;
    while (bucket_count < (part ? 2 : 4) * count) { /* so that most texts that are no key come to an empty one */
        bucket_count *= 2;
    }
    uint32_t *places = slu_indexing_scratch(indexing, count, sizeof *places);
    struct slu_index_bucket *buckets = slu_compiler_room(indexing->compiler, bucket_count, sizeof *buckets);
    if (places == NULL || buckets == NULL) {
        return;
    }
    copy_bytes(indexing, keys, count, made, places);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hash = slu_index_hash(keys[i]), bucket = hash & (bucket_count - 1);
        while (buckets[bucket].key != 0) {
            bucket = (bucket + 1) & (bucket_count - 1);
        }
        buckets[bucket] = (struct slu_index_bucket){hash, places[i]};
        if (part) {
            made->lengths |= UINT64_C(1) << keys[i].length;
        }
    }
    made->buckets = buckets;
    made->bucket_count = bucket_count;
    if (part) {
        make_filter(indexing, keys, count, made);
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

struct slu_index_look *slu_indexing_make_looks(struct slu_indexing *indexing, struct slu_index *index) {
    struct slu_index_look *looks = slu_compiler_room(indexing->compiler, index->look_count, sizeof *looks);
    for (uint32_t i = 0; i < indexing->look_count && !indexing->compiler->no_memory; i++) {
        const struct slu_index_look_draft *look = &indexing->looks[i];
        if (look->number == SLU_NO_INDEX) {
            continue;
        }
        looks[look->number] =
            (struct slu_index_look){.kind = look->kind, .slot = look->slot, .scan = scan_of(indexing->program, look)};
        copy_keys(indexing, look, &looks[look->number]);
    }
    index->looks = looks;
    return looks;
}
