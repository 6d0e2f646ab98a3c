/* Eight bytes of text at a time. */
#ifndef SLU_BASE_WORD_H
#define SLU_BASE_WORD_H

#include <stdint.h>

#define SLU_WORD_REPEATED(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Not 0 where one of the bytes cannot stand in a JSON string as it is: a quote, a
 * backslash, a control character. The lowest top bit that is set is that of the
 * lowest such byte; those of higher bytes may be set as well. */
static inline uint64_t slu_word_json_escapes(uint64_t word) {
    uint64_t quote = word ^ SLU_WORD_REPEATED('"'), backslash = word ^ SLU_WORD_REPEATED('\\');
    return (((word - SLU_WORD_REPEATED(0x20)) & ~word) | ((quote - SLU_WORD_REPEATED(1)) & ~quote) |
            ((backslash - SLU_WORD_REPEATED(1)) & ~backslash)) &
           SLU_WORD_REPEATED(0x80);
}

#endif
