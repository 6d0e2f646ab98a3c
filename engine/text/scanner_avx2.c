/* The kernel for x86-64 processors with AVX2: 32 places at a time. */
#include "engine/text/scanner_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))

enum { TOGETHER = 32, REACH = TOGETHER + SLU_SCANNER_WINDOW_BYTES };

/* A half of the groups, by the lowest five bits of the byte at one place of the window. */
struct letters {
    __m256i without, with; /* the fifth */
};
struct half {
    struct letters at[SLU_SCANNER_WINDOW_BYTES];
};

TARGET static inline __m256i twice(const uint8_t bytes[16]) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

TARGET static inline struct half load_half(const struct slu_scanner_groups *groups, uint32_t half) {
    struct half loaded;
    for (uint32_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
        loaded.at[i] = (struct letters){twice(groups->of_letter[i][half][0]), twice(groups->of_letter[i][half][1])};
    }
    return loaded;
}

/* `low`: the four bits; `fifth`: it is the highest of each byte. */
TARGET static inline __m256i groups_at(const struct letters *at, __m256i low, __m256i fifth) {
    return _mm256_blendv_epi8(_mm256_shuffle_epi8(at->without, low), _mm256_shuffle_epi8(at->with, low), fifth);
}

/* A bit for each of the places from `text` on that passes. */
TARGET static inline uint32_t passed(const struct half halves[SLU_SCANNER_HALVES], const char *text) {
    const __m256i four_bits = _mm256_set1_epi8(15), none = _mm256_setzero_si256();
    __m256i first = _mm256_set1_epi8(-1), second = first;
    for (uint32_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text + i));
        __m256i low = _mm256_and_si256(bytes, four_bits), fifth = _mm256_slli_epi16(bytes, 3);
        first = _mm256_and_si256(first, groups_at(&halves[0].at[i], low, fifth));
        second = _mm256_and_si256(second, groups_at(&halves[1].at[i], low, fifth));
    }
    __m256i groups = _mm256_or_si256(first, second);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, none));
}

TARGET static uint32_t find(const struct slu_scanner_table *table, struct slu_string text, size_t at, size_t end,
                            uint16_t *places) {
    const struct half halves[SLU_SCANNER_HALVES] = {load_half(table->groups, 0), load_half(table->groups, 1)};
    const uint32_t strided = (uint32_t)table->strided;
    uint32_t count = 0;
    for (size_t block = at; block < end; block += TOGETHER) {
        const char *bytes = text.bytes + block;
        char last[REACH] = {0}; /* what is left of the text at its end */
        if (text.length - block < REACH) {
            memcpy(last, bytes, text.length - block);
            bytes = last;
        }
        uint32_t found =
            _bzhi_u32(passed(halves, bytes) & strided, (uint32_t)(end - block < TOGETHER ? end - block : TOGETHER));
        for (; found != 0; found &= found - 1) {
            places[count++] = (uint16_t)(block - at + (size_t)__builtin_ctz(found));
        }
    }
    return count;
}

static bool can_run(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

const struct slu_scanner_kernel slu_scanner_avx2 = {"avx2", can_run, find};

#endif
