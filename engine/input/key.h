/* Keys of objects, made cheap to compare: the first 16 bytes as two words. */
#ifndef SLU_INPUT_KEY_H
#define SLU_INPUT_KEY_H

#include "engine/base/string.h"

#include <stdint.h>
#include <string.h>

enum { SLU_KEY_WORDS_BYTES = 16 };

struct slu_key {
    struct slu_string text; /* escapes undone */
    uint64_t words[2];      /* its first bytes, zeros behind them */
    uint64_t hash;          /* mixed best in the top bits; no secret in it, so it only saves comparing */
};

/* `end`: up to where memory may be read, past the text. */
static inline struct slu_key slu_key_make(struct slu_string text, const char *end) {
    static const unsigned char keep[2 * SLU_KEY_WORDS_BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                                0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    struct slu_key key = {.text = text};
    size_t length = text.length < SLU_KEY_WORDS_BYTES ? text.length : SLU_KEY_WORDS_BYTES;
    if (end - text.bytes >= SLU_KEY_WORDS_BYTES) {
        uint64_t mask[2];
        memcpy(key.words, text.bytes, sizeof key.words);
        memcpy(mask, keep + SLU_KEY_WORDS_BYTES - length, sizeof mask);
        key.words[0] &= mask[0];
        key.words[1] &= mask[1];
    } else if (length > 0) {
        memcpy(key.words, text.bytes, length);
    }
    /* Odd numbers with about as many ones as zeros; from the digits of pi. */
    key.hash = key.words[0] * UINT64_C(0x243F6A8885A308D3) + key.words[1] * UINT64_C(0x13198A2E03707345) +
               text.length * UINT64_C(0xA4093822299F31D1);
    if (text.length > SLU_KEY_WORDS_BYTES) {
        uint64_t last;
        memcpy(&last, text.bytes + text.length - sizeof last, sizeof last);
        key.hash += last * UINT64_C(0x082EFA98EC4E6C89);
    }
    return key;
}

#endif
