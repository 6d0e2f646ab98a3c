/* How an index finds a text among the keys of a look. The hash takes eight bytes
 * at a time, and what it has of a text serves all its beginnings; suffixes go from
 * their ends. Inline: this is most of what finding an event's classes costs. */
#ifndef SLU_CODE_INDEX_HASH_H
#define SLU_CODE_INDEX_HASH_H

#include "engine/code/index.h"

#include <string.h>

enum { SLU_INDEX_STEP_BYTES = sizeof(uint64_t) };
#define SLU_INDEX_FACTOR UINT64_C(0x9E3779B97F4A7C15) /* 2^64 divided by the golden ratio */

static inline uint64_t slu_index_mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * SLU_INDEX_FACTOR;
    return hash ^ (hash >> 32);
}

static inline uint64_t slu_index_load(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Fewer than eight bytes as one word, without reading past them: two halves that
 * may overlap, or the first, the middle and the last byte. */
static inline uint64_t slu_index_load_few(struct slu_string text) {
    enum { HALF = SLU_INDEX_STEP_BYTES / 2, HALF_BITS = 32 };
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

/* What the first steps of eight bytes came to, with one more. */
static inline uint64_t slu_index_hash_step(bool suffix, uint64_t hash, struct slu_string text, size_t step) {
    size_t at = step * SLU_INDEX_STEP_BYTES;
    return slu_index_mix(hash, slu_index_load(text.bytes + (suffix ? text.length - at - SLU_INDEX_STEP_BYTES : at)));
}

/* With the last eight bytes, which may overlap those of the steps. */
static inline uint32_t slu_index_hash_end(bool suffix, uint64_t hash, struct slu_string key) {
    uint64_t last = key.length < SLU_INDEX_STEP_BYTES
                        ? slu_index_load_few(key)
                        : slu_index_load(suffix ? key.bytes : key.bytes + key.length - SLU_INDEX_STEP_BYTES);
    hash = slu_index_mix(hash ^ key.length, last);
    return (uint32_t)(hash * SLU_INDEX_FACTOR >> 32); /* the last byte has reached all of these */
}

static inline uint32_t slu_index_hash(bool suffix, struct slu_string key) {
    uint64_t hash = 0;
    for (size_t step = 0; (step + 1) * SLU_INDEX_STEP_BYTES <= key.length; step++) {
        hash = slu_index_hash_step(suffix, hash, key, step);
    }
    return slu_index_hash_end(suffix, hash, key);
}

/* The number of the key with that hash, or all ones. */
static inline uint32_t slu_index_find(const struct slu_index_look *look, struct slu_string key, uint32_t hash) {
    uint32_t last = look->bucket_count - 1;
    for (uint32_t at = hash & last; look->buckets[at].key != 0; at = (at + 1) & last) {
        uint32_t number = look->buckets[at].key - 1;
        if (look->buckets[at].hash == hash && slu_string_equal(look->texts[number], key)) {
            return number;
        }
    }
    return UINT32_MAX;
}

#endif
