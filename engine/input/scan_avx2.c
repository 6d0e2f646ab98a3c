/* The kernel for x86-64 processors with AVX2, PCLMUL, BMI1 and POPCNT. */
#include "engine/input/scan_block.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,pclmul,bmi,popcnt")))
#define SCAN scan_avx2

struct bytes {
    __m256i low, high;
};

struct constants {
    __m256i quote, backslash, blank;
    __m256i marks, spaces; /* see in_table */
    __m256i last_control;
};

TARGET static inline struct constants make_constants(void) {
    const __m128i spaces = _mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0);
    const __m128i marks = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0);
    return (struct constants){.quote = _mm256_set1_epi8('"'),
                              .backslash = _mm256_set1_epi8('\\'),
                              .blank = _mm256_set1_epi8(' '),
                              .marks = _mm256_broadcastsi128_si256(marks),
                              .spaces = _mm256_broadcastsi128_si256(spaces),
                              .last_control = _mm256_set1_epi8(0x1F)};
}

TARGET static inline struct bytes load_bytes(const char *at) {
    return (struct bytes){_mm256_loadu_si256((const __m256i *)(const void *)at),
                          _mm256_loadu_si256((const __m256i *)(const void *)(at + 32))};
}

TARGET static inline uint64_t join(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

TARGET static inline uint64_t equal(struct bytes bytes, __m256i wanted) {
    return join(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

/* Bytes that stand in `table`, in each half, at the place that their low four bits name. */
TARGET static inline uint64_t in_table(struct bytes bytes, __m256i table) {
    return join(_mm256_cmpeq_epi8(bytes.low, _mm256_shuffle_epi8(table, bytes.low)),
                _mm256_cmpeq_epi8(bytes.high, _mm256_shuffle_epi8(table, bytes.high)));
}

/* `{ } [ ] : ,` */
TARGET static inline uint64_t punctuation(struct bytes bytes, const struct constants *constants) {
    struct bytes curled = {_mm256_or_si256(bytes.low, constants->blank),
                           _mm256_or_si256(bytes.high, constants->blank)}; /* [ ] become { } */
    return in_table(curled, constants->marks);
}

TARGET static inline uint64_t controls(struct bytes bytes, const struct constants *constants) {
    return join(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes.low, constants->last_control), bytes.low),
                _mm256_cmpeq_epi8(_mm256_min_epu8(bytes.high, constants->last_control), bytes.high));
}

/* slu_block_odd as a product without carries. */
TARGET static inline uint64_t odd(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

TARGET static inline uint64_t find_tokens(struct slu_block_scan *scan, struct bytes bytes,
                                          const struct constants *constants, uint32_t at) {
    struct slu_scan_block block = {.quote = equal(bytes, constants->quote),
                                   .backslash = equal(bytes, constants->backslash),
                                   .control = controls(bytes, constants),
                                   .high = join(bytes.low, bytes.high),
                                   .punctuation = punctuation(bytes, constants),
                                   .space = in_table(bytes, constants->spaces)};
    uint64_t quotes = slu_block_quotes(scan, &block, at);
    return slu_block_tokens(scan, &block, quotes, odd(quotes), at);
}

TARGET static inline bool is_usual(struct bytes bytes, const struct constants *constants) {
    /* As signed numbers, bytes outside of ASCII are below the controls. */
    __m256i low = _mm256_or_si256(_mm256_cmpgt_epi8(constants->blank, bytes.low),
                                  _mm256_cmpeq_epi8(bytes.low, constants->backslash));
    __m256i high = _mm256_or_si256(_mm256_cmpgt_epi8(constants->blank, bytes.high),
                                   _mm256_cmpeq_epi8(bytes.high, constants->backslash));
    __m256i rare = _mm256_or_si256(low, high);
    return _mm256_testz_si256(rare, rare) != 0;
}

TARGET static inline struct slu_scan_usual find_usual(struct bytes bytes, const struct constants *constants) {
    return (struct slu_scan_usual){.quote = equal(bytes, constants->quote),
                                   .punctuation = punctuation(bytes, constants),
                                   .blank = equal(bytes, constants->blank)};
}

TARGET static inline uint32_t *write(uint32_t *out, uint64_t tokens, uint32_t at, const struct constants *constants) {
    (void)constants;
    return slu_block_write(out, tokens, at);
}

#include "engine/input/scan_tokens.h"

const struct slu_scan_kernel slu_scan_avx2 = {"avx2", scan_avx2, slu_walk_avx2};
#endif
