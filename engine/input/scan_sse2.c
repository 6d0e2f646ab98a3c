/* The kernel for every x86-64 processor. */
#include "engine/input/scan_block.h"

#if defined(__x86_64__)

#include <emmintrin.h>

enum { VECTOR_BYTES = 16 };

static inline uint64_t mask_of(__m128i bytes) {
    return (uint32_t)_mm_movemask_epi8(bytes);
}

static inline __m128i equal(__m128i bytes, char byte) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

static inline void classify(const char *bytes, struct slu_scan_block *block) {
    *block = (struct slu_scan_block){0};
    for (unsigned i = 0; i < SLU_BLOCK_BYTES; i += VECTOR_BYTES) {
        __m128i vector = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        __m128i curled = _mm_or_si128(vector, _mm_set1_epi8(0x20)); /* [ ] become { } */
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(vector, _mm_set1_epi8(0x1F)), vector);
        __m128i brackets = _mm_or_si128(equal(curled, '{'), equal(curled, '}'));
        __m128i marks = _mm_or_si128(equal(vector, ':'), equal(vector, ','));
        __m128i breaks = _mm_or_si128(equal(vector, '\n'), equal(vector, '\r'));
        __m128i blanks = _mm_or_si128(equal(vector, ' '), equal(vector, '\t'));
        block->quote |= mask_of(equal(vector, '"')) << i;
        block->backslash |= mask_of(equal(vector, '\\')) << i;
        block->control |= mask_of(control) << i;
        block->high |= mask_of(vector) << i;
        block->punctuation |= mask_of(_mm_or_si128(brackets, marks)) << i;
        block->space |= mask_of(_mm_or_si128(breaks, blanks)) << i;
    }
}

static void scan_sse2(struct slu_block_scan *given) {
    struct slu_block_scan scan = *given; /* a copy, so that it can stay in registers */
    char last[SLU_BLOCK_BYTES];
    for (size_t at = 0; at < scan.json.length && !scan.bad; at += SLU_BLOCK_BYTES) {
        struct slu_scan_block block;
        classify(slu_block_bytes(&scan, at, last), &block);
        uint64_t quotes = slu_block_quotes(&scan, &block, (uint32_t)at);
        uint64_t tokens = slu_block_tokens(&scan, &block, quotes, slu_block_odd(quotes), (uint32_t)at);
        scan.token = slu_block_write(scan.token, tokens, (uint32_t)at);
    }
    *given = scan;
}

const struct slu_scan_kernel slu_scan_sse2 = {"sse2", scan_sse2, slu_walk_plain};
#endif
