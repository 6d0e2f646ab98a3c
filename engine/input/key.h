/* Keys of objects, made cheap to compare: the first 16 bytes as two words. */
#ifndef SLU_INPUT_KEY_H
#define SLU_INPUT_KEY_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SLU_KEY_WORDS_BYTES = 16 };

struct slu_key {
    struct slu_string text; /* escapes undone */
    uint64_t words[2];      /* its first bytes, zeros behind them */
    uint64_t hash;          /* mixed best in the top bits; no secret in it, so it only saves comparing */
};

/* The first bytes where fewer than SLU_KEY_WORDS_BYTES may be read. */
static inline uint64_t slu_key_short_word(const char *bytes, size_t length, size_t from) {
    uint64_t word = 0;
    if (length > from) {
        memcpy(&word, bytes + from, length - from < sizeof word ? length - from : sizeof word);
    }
    return word;
}

static inline uint64_t slu_key_load(const void *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* `end`: up to where memory may be read, past the text. */
static inline struct slu_key slu_key_make(const char *bytes, size_t length, const char *end) {
    static const unsigned char masks[2 * SLU_KEY_WORDS_BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    uint64_t first, second;
    if (end - bytes >= SLU_KEY_WORDS_BYTES) {
        size_t kept = length < SLU_KEY_WORDS_BYTES ? length : SLU_KEY_WORDS_BYTES;
        const unsigned char *mask = masks + SLU_KEY_WORDS_BYTES - kept;
        first = slu_key_load(bytes) & slu_key_load(mask);
        second = slu_key_load(bytes + 8) & slu_key_load(mask + 8);
    } else {
        first = slu_key_short_word(bytes, length, 0);
        second = slu_key_short_word(bytes, length, 8);
    }
    /* Odd numbers with about as many ones as zeros; from the digits of pi. */
    uint64_t hash = first * UINT64_C(0x243F6A8885A308D3) + (second + length) * UINT64_C(0x13198A2E03707345);
    if (length > SLU_KEY_WORDS_BYTES) {
        for (size_t at = SLU_KEY_WORDS_BYTES; at + 8 < length; at += 8) {
            hash = (hash + slu_key_load(bytes + at)) * UINT64_C(0xA4093822299F31D1);
        }
        hash += slu_key_load(bytes + length - 8) * UINT64_C(0x082EFA98EC4E6C89);
    }
    return (struct slu_key){.text = {bytes, length}, .words = {first, second}, .hash = hash};
}

#endif
