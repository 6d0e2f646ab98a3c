/* Numbers as most of them are. */
#ifndef SLU_INPUT_DIGITS_H
#define SLU_INPUT_DIGITS_H

#include "engine/input/key.h"

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

#endif
