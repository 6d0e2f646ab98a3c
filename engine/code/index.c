#include "engine/code/index.h"

#include "engine/base/map.h"

const struct slu_index_kind_entry slu_index_kinds[SLU_INDEX_KIND_COUNT] = {
#define INDEX_COLUMN(name, word, keys, exactly) {word, SLU_INDEX_KEYS_##keys, exactly},
#include "engine/code/index_columns.def"
#undef INDEX_COLUMN
};

uint64_t slu_index_hash(enum slu_index_kind kind, struct slu_string key) {
    if (!slu_index_is_part(kind)) {
        return slu_map_hash(key) << 32; /* whose low bits are the mixed ones */
    }
    uint64_t hash = 0;
    for (size_t i = 0; i < key.length; i++) {
        hash = slu_index_hash_byte(hash, key.bytes[slu_index_is_suffix(kind) ? key.length - 1 - i : i]);
    }
    return hash;
}

uint32_t slu_index_find(const struct slu_index_column *column, struct slu_string key, uint64_t hash) {
    uint32_t bucket = slu_index_bucket(hash, column->bucket_count);
    while (column->buckets[bucket] != 0) {
        uint32_t number = column->buckets[bucket] - 1;
        if (slu_string_equal(column->texts[number], key)) {
            return number;
        }
        bucket = (bucket + 1) & (column->bucket_count - 1);
    }
    return UINT32_MAX;
}
