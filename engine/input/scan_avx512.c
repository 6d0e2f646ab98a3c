/* The kernel for x86-64 processors with AVX-512 up to VBMI2. */
#include "engine/input/scan_block.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,pclmul,bmi,popcnt")))
#define SCAN scan_avx512

struct bytes {
    __m512i all;
};

/* What stays in registers from block to block. */
struct constants {
    __m512i quote, backslash, blank;
    __m512i marks, spaces; /* see in_table */
    __m512i order;         /* 0 to 63 */
};

/* Keeps the compiler from making the value again in each round. */
TARGET static inline __m512i keep(__m512i value) {
    __asm__("" : "+v"(value));
    return value;
}

TARGET static inline struct constants make_constants(void) {
    static const unsigned char order[SLU_BLOCK_BYTES] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m128i spaces = _mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0);
    const __m128i marks = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0);
    return (struct constants){.quote = keep(_mm512_set1_epi8('"')),
                              .backslash = keep(_mm512_set1_epi8('\\')),
                              .blank = keep(_mm512_set1_epi8(' ')),
                              .marks = keep(_mm512_broadcast_i32x4(marks)),
                              .spaces = keep(_mm512_broadcast_i32x4(spaces)),
                              .order = keep(_mm512_loadu_si512(order))};
}

/* Bytes that stand in `table`, in each quarter, at the place that their low four bits name. */
TARGET static inline uint64_t in_table(__m512i bytes, __m512i table) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(table, bytes));
}

/* `{ } [ ] : ,` */
TARGET static inline uint64_t punctuation(__m512i bytes, const struct constants *constants) {
    return in_table(_mm512_or_si512(bytes, constants->blank), constants->marks); /* [ ] become { } */
}

/* slu_block_odd as a product without carries. */
TARGET static inline uint64_t odd(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

TARGET static inline struct bytes load_bytes(const char *at) {
    return (struct bytes){_mm512_loadu_si512(at)};
}

TARGET static inline uint64_t find_tokens(struct slu_block_scan *scan, struct bytes bytes,
                                          const struct constants *constants, uint32_t at) {
    struct slu_scan_block block = {.quote = _mm512_cmpeq_epi8_mask(bytes.all, constants->quote),
                                   .backslash = _mm512_cmpeq_epi8_mask(bytes.all, constants->backslash),
                                   .control = _mm512_cmplt_epu8_mask(bytes.all, constants->blank),
                                   .high = _mm512_movepi8_mask(bytes.all),
                                   .punctuation = punctuation(bytes.all, constants),
                                   .space = in_table(bytes.all, constants->spaces)};
    uint64_t quotes = slu_block_quotes(scan, &block, at);
    return slu_block_tokens(scan, &block, quotes, odd(quotes), at);
}

TARGET static inline bool is_usual(struct bytes bytes, const struct constants *constants) {
    /* As signed numbers, bytes outside of ASCII are below the controls. */
    __mmask64 rare = _mm512_cmplt_epi8_mask(bytes.all, constants->blank);
    return _kortestz_mask64_u8(rare, _mm512_cmpeq_epi8_mask(bytes.all, constants->backslash));
}

TARGET static inline struct slu_scan_usual find_usual(struct bytes bytes, const struct constants *constants) {
    return (struct slu_scan_usual){.quote = _mm512_cmpeq_epi8_mask(bytes.all, constants->quote),
                                   .punctuation = punctuation(bytes.all, constants),
                                   .blank = _mm512_cmpeq_epi8_mask(bytes.all, constants->blank)};
}

/* 32 tokens at once: a block has seldom more. */
TARGET static inline uint32_t *write(uint32_t *out, uint64_t tokens, uint32_t at, const struct constants *constants) {
    const __m512i base = _mm512_set1_epi32((int)at);
    __m512i places = _mm512_maskz_compress_epi8(tokens, constants->order);
    uint32_t *end = out + __builtin_popcountll(tokens);
    _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places))));
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 1))));
    if (end - out > 32) {
        _mm512_storeu_si512(out + 32,
                            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 2))));
        _mm512_storeu_si512(out + 48,
                            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 3))));
    }
    return end;
}

#include "engine/input/scan_tokens.h"

const struct slu_scan_kernel slu_scan_avx512 = {"avx512", scan_avx512, slu_walk_avx2};
#endif
