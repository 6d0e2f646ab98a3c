#include "engine/code/index.h"

#include <string.h>

enum { STEP_BYTES = sizeof(uint64_t) };

const struct slu_index_kind_entry slu_index_kinds[SLU_INDEX_KIND_COUNT] = {
#define INDEX_LOOK(name, word, keys, exactly, part, late) {word, SLU_INDEX_KEYS_##keys, exactly, part, late},
#include "engine/code/index_looks.def"
#undef INDEX_LOOK
};

uint32_t slu_index_last_class(enum slu_index_kind kind, uint32_t key_count) {
    switch (slu_index_kinds[kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        return SLU_INDEX_OTHER + 2 * key_count;
    case SLU_INDEX_KEYS_TEXTS:
        return SLU_INDEX_OTHER + key_count;
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    return SLU_INDEX_OTHER + (kind == SLU_INDEX_FLAG);
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 divided by the golden ratio */
    return hash ^ (hash >> 32);
}

static uint64_t load(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

uint64_t slu_index_hash_step(enum slu_index_kind kind, uint64_t hash, struct slu_string text, size_t step) {
    size_t at = slu_index_is_suffix(kind) ? text.length - (step + 1) * STEP_BYTES : step * STEP_BYTES;
    return mix(hash, load(text.bytes + at));
}

/* Up to eight bytes as one word, without reading past them: two halves that may
 * overlap, or the first, the middle and the last byte. */
static uint64_t load_few(struct slu_string text) {
    enum { HALF = STEP_BYTES / 2, HALF_BITS = 32 };
    if (text.length >= HALF) {
        uint32_t first, last;
        memcpy(&first, text.bytes, HALF);
        memcpy(&last, text.bytes + text.length - HALF, HALF);
        return (uint64_t)last << HALF_BITS | first;
    }
    if (text.length == 0) {
        return 0;
    }
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    return (uint64_t)bytes[0] | (uint64_t)bytes[text.length / 2] << 8 | (uint64_t)bytes[text.length - 1] << 16;
}

uint32_t slu_index_hash_end(enum slu_index_kind kind, uint64_t hash, struct slu_string key) {
    uint64_t last;
    if (key.length < STEP_BYTES) {
        last = load_few(key);
    } else {
        last = load(slu_index_is_suffix(kind) ? key.bytes : key.bytes + key.length - STEP_BYTES);
    }
    return (uint32_t)mix(hash ^ key.length, last);
}

uint32_t slu_index_hash(enum slu_index_kind kind, struct slu_string key) {
    uint64_t hash = 0;
    for (size_t step = 0; (step + 1) * STEP_BYTES <= key.length; step++) {
        hash = slu_index_hash_step(kind, hash, key, step);
    }
    return slu_index_hash_end(kind, hash, key);
}

uint32_t slu_index_find(const struct slu_index_look *look, struct slu_string key, uint32_t hash) {
    uint32_t last = look->bucket_count - 1;
    for (uint32_t at = hash & last; look->buckets[at].key != 0; at = (at + 1) & last) {
        uint32_t number = look->buckets[at].key - 1;
        if (look->buckets[at].hash == hash && slu_string_equal(look->texts[number], key)) {
            return number;
        }
    }
    return UINT32_MAX;
}
