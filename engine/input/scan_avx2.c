/* The kernel for x86-64 processors with AVX2, PCLMUL, BMI1 and POPCNT. */
#include "engine/input/scan_block.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,pclmul,bmi,popcnt")))

/* 64 bytes. */
struct pair {
    __m256i low, high;
};

TARGET static inline uint64_t join(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

TARGET static inline uint64_t equal(struct pair bytes, char byte) {
    __m256i wanted = _mm256_set1_epi8(byte);
    return join(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

/* Bytes that stand in `table` at the place that their low four bits name. */
TARGET static inline uint64_t in_table(struct pair bytes, __m128i table) {
    __m256i both = _mm256_broadcastsi128_si256(table);
    return join(_mm256_cmpeq_epi8(bytes.low, _mm256_shuffle_epi8(both, bytes.low)),
                _mm256_cmpeq_epi8(bytes.high, _mm256_shuffle_epi8(both, bytes.high)));
}

TARGET static inline struct slu_scan_block classify(const char *at) {
    const __m128i spaces = _mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0);
    const __m128i marks = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0);
    const __m256i curl = _mm256_set1_epi8(0x20), last_control = _mm256_set1_epi8(0x1F);
    struct pair bytes = {_mm256_loadu_si256((const __m256i *)(const void *)at),
                         _mm256_loadu_si256((const __m256i *)(const void *)(at + 32))};
    struct pair curled = {_mm256_or_si256(bytes.low, curl), _mm256_or_si256(bytes.high, curl)}; /* [ ] become { } */
    return (struct slu_scan_block){.quote = equal(bytes, '"'),
                                   .backslash = equal(bytes, '\\'),
                                   .control =
                                       join(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes.low, last_control), bytes.low),
                                            _mm256_cmpeq_epi8(_mm256_min_epu8(bytes.high, last_control), bytes.high)),
                                   .high = join(bytes.low, bytes.high),
                                   .punctuation = in_table(curled, marks),
                                   .space = in_table(bytes, spaces)};
}

/* slu_block_odd as a product without carries. */
TARGET static inline uint64_t odd(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

TARGET static void scan_avx2(struct slu_block_scan *given) {
    struct slu_block_scan scan = *given; /* a copy, so that it can stay in registers */
    char last[SLU_BLOCK_BYTES];
    for (size_t at = 0; at < scan.json.length && !scan.bad; at += SLU_BLOCK_BYTES) {
        struct slu_scan_block block = classify(slu_block_bytes(&scan, at, last));
        uint64_t quotes = slu_block_quotes(&scan, &block, (uint32_t)at);
        slu_block_write(&scan, slu_block_tokens(&scan, &block, quotes, odd(quotes), (uint32_t)at), (uint32_t)at);
    }
    *given = scan;
}

const struct slu_scan_kernel slu_scan_avx2 = {"avx2", scan_avx2, slu_walk_avx2};
#endif
