/* Numbers as most of them are. */
#ifndef SLU_INPUT_DIGITS_H
#define SLU_INPUT_DIGITS_H

#include "engine/input/key.h"

enum { SLU_DIGITS_EXACT = 15 }; /* any so many are whole in a double */

/* Eight digits? */
static inline bool are_digits(uint64_t word) {
    const uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), zeros = UINT64_C(0x3030303030303030);
    return (word & high) == zeros && ((word + UINT64_C(0x0606060606060606)) & high) == zeros;
}

/* Whether all from `at` up to `next` are digits, few enough to be in range, without
 * a zero in front. Eight bytes can be read before `next`. */
static inline bool slu_digits_only(const char *at, const char *next) {
    static const unsigned char ours[16] = {[8] = 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    size_t length = (size_t)(next - at);
    if (length > 16 || (*at == '0' && length > 1)) {
        return false;
    }
    if (length >= 8) {
        return are_digits(slu_key_load(at)) && are_digits(slu_key_load(next - 8));
    }
    /* The eight bytes up to the next token, of which the first are not the number's. */
    uint64_t mask = slu_key_load(ours + length), word = slu_key_load(next - 8);
    return are_digits((word & mask) | (UINT64_C(0x3030303030303030) & ~mask));
}

/* Of eight digits, as text: pairs, then fours, then all become one number, each step in one multiplication. */
static inline uint64_t slu_digits_value_of(uint64_t word) {
    word = (word & UINT64_C(0x0F0F0F0F0F0F0F0F)) * (10 * 256 + 1) >> 8;
    word = (word & UINT64_C(0x00FF00FF00FF00FF)) * (100 * 65536 + 1) >> 16;
    return (word & UINT64_C(0x0000FFFF0000FFFF)) * (UINT64_C(10000) * 4294967296 + 1) >> 32;
}

/* The number that the digits from `at` to `next` are, sixteen at most; sixteen bytes can be read before `next`. */
static inline uint64_t slu_digits_value(const char *at, const char *next) {
    static const unsigned char ours[32] = {[16] = 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                           0xFF,        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    size_t length = (size_t)(next - at);
    uint64_t first = slu_key_load(next - 16) & slu_key_load(ours + length);
    uint64_t last = slu_key_load(next - 8) & slu_key_load(ours + length + 8);
    return slu_digits_value_of(first) * 100000000 + slu_digits_value_of(last);
}

#endif
