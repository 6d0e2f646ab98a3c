/* Folding ASCII texts, many bytes at a time. */
#ifndef SLU_TEXT_UNICODE_ASCII_H
#define SLU_TEXT_UNICODE_ASCII_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

#define SLU_UNICODE_HIGH_BITS UINT64_C(0x8080808080808080)

/* Eight bytes at once: bit 7 of each byte tells whether adding carries past 'A', past 'Z'; where
 * only the first does, the byte is ASCII, and `which` has its bit 7, bit 5 makes a small letter. */
static inline uint64_t slu_unicode_fold_some(uint64_t word, uint64_t which) {
    const uint64_t every_byte = UINT64_C(0x0101010101010101);
    uint64_t low = word & ~SLU_UNICODE_HIGH_BITS;
    uint64_t from_a = low + every_byte * (0x80 - 'A');
    uint64_t past_z = low + every_byte * (0x80 - 'Z' - 1);
    return word | ((from_a ^ past_z) & ~word & which) >> 2;
}
static inline uint64_t slu_unicode_fold_word(uint64_t word) {
    return slu_unicode_fold_some(word, SLU_UNICODE_HIGH_BITS);
}

/* With AVX2. Both return false, and do nothing, where the processor has none or the text is short. */
/* *answer: is it ASCII? *capital: has it a capital letter? */
bool slu_unicode_avx2_is_ascii(struct slu_string string, bool *answer, bool *capital);
/* An ASCII text, into as many bytes. */
bool slu_unicode_avx2_fold(struct slu_string string, char *out);

#endif
