/* How an index finds a text among the keys of a look. A text is folded, hashed and compared in
 * words of eight bytes, which may overlap: so no folded copy of it is needed, and hardly a
 * jump. Inline: this is most of what finding an event's classes costs. */
#ifndef SLU_CODE_INDEX_HASH_H
#define SLU_CODE_INDEX_HASH_H

#include "engine/code/index.h"
#include "engine/text/unicode_ascii.h"

#include <string.h>

enum { SLU_INDEX_STEP_BYTES = sizeof(uint64_t), SLU_INDEX_SHORT_BYTES = 2 * SLU_INDEX_STEP_BYTES };
#define SLU_INDEX_FACTOR UINT64_C(0x9E3779B97F4A7C15) /* 2^64 divided by the golden ratio */

/* A text of up to SLU_INDEX_SHORT_BYTES. Where it is shorter than one word, that is the first. */
struct slu_index_words {
    uint64_t first, last;
};

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

/* `folds`: with small letters for capitals; what is not ASCII stays as it is. */
static inline uint64_t slu_index_fold(uint64_t word, bool folds) {
    return slu_unicode_fold_some(word, folds ? SLU_UNICODE_HIGH_BITS : 0);
}

static inline struct slu_index_words slu_index_words(struct slu_string text, bool folds) {
    if (text.length < SLU_INDEX_STEP_BYTES) {
        return (struct slu_index_words){slu_index_fold(slu_index_load_few(text), folds), 0};
    }
    const char *last = text.bytes + text.length - SLU_INDEX_STEP_BYTES;
    return (struct slu_index_words){slu_index_fold(slu_index_load(text.bytes), folds),
                                    slu_index_fold(slu_index_load(last), folds)};
}

/* The same for capitals and small letters: all that a hash need know, and cheaper than folding. */
static inline uint64_t slu_index_blur(uint64_t word) {
    return word | UINT64_C(0x2020202020202020);
}

/* The last product is turned because the last byte of a word reaches only the highest bits. */
static inline uint32_t slu_index_mix(struct slu_index_words words, size_t length) {
    enum { HALF_BITS = 32 };
    uint64_t first = (words.first ^ length) * SLU_INDEX_FACTOR, last = words.last * UINT64_C(0xC2B2AE3D27D4EB4F);
    uint64_t hash = first ^ (last << HALF_BITS | last >> HALF_BITS);
    return (uint32_t)((hash ^ hash >> HALF_BITS) * SLU_INDEX_FACTOR >> HALF_BITS);
}

static inline uint32_t slu_index_hash_words(struct slu_index_words words, size_t length) {
    return slu_index_mix((struct slu_index_words){slu_index_blur(words.first), slu_index_blur(words.last)}, length);
}

/* Of up to four words: the front ones and the last ones. */
static inline uint32_t slu_index_hash_pairs(struct slu_index_words front, struct slu_index_words back, size_t length) {
    enum { HALF_BITS = 32 };
    uint64_t first = slu_index_blur(front.first) * UINT64_C(0x165667B19E3779F9);
    uint64_t second = slu_index_blur(front.last) * UINT64_C(0xD6E8FEB86659FD93);
    back.first = slu_index_blur(back.first) + (first ^ first >> HALF_BITS);
    back.last = slu_index_blur(back.last) + (second ^ second >> HALF_BITS);
    return slu_index_mix(back, length);
}

/* Of more than SLU_INDEX_SHORT_BYTES: by the last four words, and what comes before them. */
static inline uint32_t slu_index_hash_long(struct slu_string text) {
    enum { HALF_BITS = 32 };
    const size_t pair = SLU_INDEX_SHORT_BYTES;
    const char *last = text.bytes + text.length - pair, *before = text.length < 2 * pair ? text.bytes : last - pair;
    struct slu_index_words front = slu_index_words((struct slu_string){before, pair}, false);
    struct slu_index_words back = slu_index_words((struct slu_string){last, pair}, false);
    uint64_t hash = 0;
    for (size_t at = 0; at + 2 * pair < text.length; at += SLU_INDEX_STEP_BYTES) {
        hash = (hash ^ slu_index_blur(slu_index_load(text.bytes + at))) * SLU_INDEX_FACTOR;
        hash ^= hash >> HALF_BITS;
    }
    uint32_t rest = slu_index_hash_pairs(front, back, text.length);
    return text.length > 2 * pair ? rest ^ (uint32_t)(hash >> HALF_BITS) : rest;
}

/* The same for all texts that differ only in the case of ASCII letters. */
static inline uint32_t slu_index_hash(struct slu_string text) {
    return text.length > SLU_INDEX_SHORT_BYTES ? slu_index_hash_long(text)
                                               : slu_index_hash_words(slu_index_words(text, false), text.length);
}

/* Of a text that is as long as the shortest key or longer: the lengths that keys have which it may begin, or end, with.
 * It is known by the bytes, eight at most, that are farthest from where it is held against keys and
 * still in the shortest one. */
static inline uint32_t slu_index_filter_place(const struct slu_index_look *look, struct slu_string text) {
    enum { TOP_BITS = 40 };
    bool suffix = slu_index_is_suffix(look->kind);
    size_t shortest = (size_t)__builtin_ctzll(look->lengths);
    const char *part = suffix ? text.bytes + text.length - shortest : text.bytes;
    uint64_t word = shortest < SLU_INDEX_STEP_BYTES
                        ? slu_index_load_few((struct slu_string){part, shortest})
                        : slu_index_load(suffix ? part : part + shortest - SLU_INDEX_STEP_BYTES);
    return (uint32_t)(slu_index_blur(word) * SLU_INDEX_FACTOR >> TOP_BITS) & (look->filter_count - 1);
}

/* Is the text the key, as above? Both are as long. */
static inline bool slu_index_same(struct slu_string text, bool folds, struct slu_string key) {
    uint64_t differs = 0;
    size_t at = 0;
    for (; at + SLU_INDEX_SHORT_BYTES < text.length; at += SLU_INDEX_STEP_BYTES) {
        differs |= slu_index_fold(slu_index_load(text.bytes + at), folds) ^ slu_index_load(key.bytes + at);
    }
    struct slu_index_words words = slu_index_words((struct slu_string){text.bytes + at, text.length - at}, folds);
    struct slu_index_words keys = slu_index_words((struct slu_string){key.bytes + at, key.length - at}, false);
    return (differs | (words.first ^ keys.first) | (words.last ^ keys.last)) == 0;
}

/* Is it ASCII? It has as many bytes as any key that is sought by its beginning or end, or fewer. */
static inline bool slu_index_is_ascii(struct slu_string text) {
    uint64_t all = 0;
    size_t at = 0;
    for (; at + SLU_INDEX_SHORT_BYTES < text.length; at += SLU_INDEX_STEP_BYTES) {
        all |= slu_index_load(text.bytes + at);
    }
    struct slu_index_words words = slu_index_words((struct slu_string){text.bytes + at, text.length - at}, false);
    return ((all | words.first | words.last) & SLU_UNICODE_HIGH_BITS) == 0;
}

static inline const struct slu_index_key *slu_index_key_at(const struct slu_index_look *look, uint32_t at) {
    return (const struct slu_index_key *)(look->texts + at);
}
/* In 64-bit words. */
static inline size_t slu_index_key_words(size_t length) {
    return (sizeof(struct slu_index_key) + length + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

/* The number of the key with that hash that the text is, or all ones. */
static inline uint32_t slu_index_find(const struct slu_index_look *look, struct slu_string text, bool folds,
                                      uint32_t hash) {
    const struct slu_index_bucket *buckets = look->buckets;
    uint32_t last = look->bucket_count - 1, at = hash & last;
    for (; buckets[at].key != 0; at = (at + 1) & last) {
        if (__builtin_expect(buckets[at].hash != hash, 1)) {
            continue;
        }
        const struct slu_index_key *key = slu_index_key_at(look, buckets[at].key);
        if (key->length == text.length && slu_index_same(text, folds, (struct slu_string){key->bytes, text.length})) {
            return key->number;
        }
    }
    return UINT32_MAX;
}

#endif
