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

/* The last product is turned because the last byte of a word reaches only the highest bits. */
static inline uint32_t slu_index_hash_words(struct slu_index_words words, size_t length) {
    enum { HALF_BITS = 32 };
    uint64_t first = (words.first ^ length) * SLU_INDEX_FACTOR, last = words.last * UINT64_C(0xC2B2AE3D27D4EB4F);
    uint64_t hash = first ^ (last << HALF_BITS | last >> HALF_BITS);
    return (uint32_t)((hash ^ hash >> HALF_BITS) * SLU_INDEX_FACTOR >> HALF_BITS);
}

/* Of up to four words: the front ones and the last ones. */
static inline uint32_t slu_index_hash_pairs(struct slu_index_words front, struct slu_index_words back, size_t length) {
    enum { HALF_BITS = 32 };
    uint64_t first = front.first * UINT64_C(0x165667B19E3779F9), second = front.last * UINT64_C(0xD6E8FEB86659FD93);
    back.first ^= first ^ first >> HALF_BITS;
    back.last ^= second ^ second >> HALF_BITS;
    return slu_index_hash_words(back, length);
}

/* Of more than SLU_INDEX_SHORT_BYTES: by the last four words, and what comes before them. */
static inline uint32_t slu_index_hash_long(struct slu_string text, bool folds) {
    enum { HALF_BITS = 32 };
    const size_t pair = SLU_INDEX_SHORT_BYTES;
    const char *last = text.bytes + text.length - pair, *before = text.length < 2 * pair ? text.bytes : last - pair;
    struct slu_index_words front = slu_index_words((struct slu_string){before, pair}, folds);
    struct slu_index_words back = slu_index_words((struct slu_string){last, pair}, folds);
    uint64_t hash = 0;
    for (size_t at = 0; at + 2 * pair < text.length; at += SLU_INDEX_STEP_BYTES) {
        hash = (hash ^ slu_index_fold(slu_index_load(text.bytes + at), folds)) * SLU_INDEX_FACTOR;
        hash ^= hash >> HALF_BITS;
    }
    front.first ^= hash;
    return slu_index_hash_pairs(front, back, text.length);
}

static inline uint32_t slu_index_hash(struct slu_string text, bool folds) {
    return text.length > SLU_INDEX_SHORT_BYTES ? slu_index_hash_long(text, folds)
                                               : slu_index_hash_words(slu_index_words(text, folds), text.length);
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

/* False: no key has that hash. Without a jump, and seldom true where none has it. */
static inline bool slu_index_may_find(const struct slu_index_look *look, uint32_t hash) {
    uint32_t last = look->bucket_count - 1;
    const struct slu_index_bucket *bucket = &look->buckets[hash & last], *next = &look->buckets[(hash + 1) & last];
    return (bucket->hash == hash) | ((bucket->key != 0) & (next->key != 0));
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
    uint32_t last = look->bucket_count - 1;
    for (uint32_t at = hash & last; look->buckets[at].key != 0; at = (at + 1) & last) {
        const struct slu_index_key *key = slu_index_key_at(look, look->buckets[at].key);
        if (look->buckets[at].hash == hash && key->length == text.length &&
            slu_index_same(text, folds, (struct slu_string){key->bytes, text.length})) {
            return key->number;
        }
    }
    return UINT32_MAX;
}

#endif
