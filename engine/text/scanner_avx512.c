/* The kernel for x86-64 processors with AVX-512 up to VBMI2: 64 places at a time. */
#include "engine/text/scanner_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt")))

/* A half of the groups, by the byte at one place of the window. */
struct registers {
    __m512i low, high;
};
struct half {
    struct registers at[SLU_SCANNER_WINDOW_BYTES];
};

TARGET static inline struct half load_half(const struct slu_scanner_groups *groups, uint32_t half) {
    struct half loaded;
    for (uint32_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
        const uint8_t *bytes = groups->of_byte[i][half];
        loaded.at[i] = (struct registers){_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes + 64)};
    }
    return loaded;
}

TARGET static inline __m512i groups_at(const struct registers *at, __m512i bytes) {
    return _mm512_permutex2var_epi8(at->low, bytes, at->high);
}

/* The groups of the half that have a window of these bytes. */
TARGET static inline __m512i groups_of(const struct half *half, const __m512i bytes[SLU_SCANNER_WINDOW_BYTES]) {
    __m512i first = _mm512_and_si512(groups_at(&half->at[0], bytes[0]), groups_at(&half->at[1], bytes[1]));
    __m512i last = _mm512_and_si512(groups_at(&half->at[2], bytes[2]), groups_at(&half->at[3], bytes[3]));
    return _mm512_and_si512(first, last);
}

/* A bit for each of the places from `text` on that passes; of the text are `left` bytes left. */
TARGET static inline uint64_t passed(const struct half halves[SLU_SCANNER_HALVES], const char *text, size_t left) {
    __m512i bytes[SLU_SCANNER_WINDOW_BYTES];
    if (left >= SLU_SCANNER_BLOCK_BYTES + SLU_SCANNER_WINDOW_BYTES) {
        for (size_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
            bytes[i] = _mm512_loadu_si512(text + i);
        }
    } else {
        for (size_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
            uint64_t inside = _bzhi_u64(UINT64_MAX, (uint32_t)(left > i ? left - i : 0));
            bytes[i] = _mm512_maskz_loadu_epi8(inside, text + i);
        }
    }
    __m512i groups = _mm512_or_si512(groups_of(&halves[0], bytes), groups_of(&halves[1], bytes));
    return _mm512_test_epi8_mask(groups, groups);
}

/* Writes down the places, counted from `first` on; returns where the next go. */
TARGET static inline uint16_t *write(uint16_t *out, uint64_t places, size_t first) {
    static const uint16_t order[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                     16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    const uint32_t half = SLU_SCANNER_BLOCK_BYTES / 2;
    __m512i numbers = _mm512_add_epi16(_mm512_loadu_si512(order), _mm512_set1_epi16((short)first));
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi16((__mmask32)places, numbers));
    out += __builtin_popcount((uint32_t)places);
    numbers = _mm512_add_epi16(numbers, _mm512_set1_epi16((short)half));
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi16((__mmask32)(places >> half), numbers));
    return out + __builtin_popcount((uint32_t)(places >> half));
}

TARGET static uint32_t find(const struct slu_scanner_table *table, struct slu_string text, size_t at, size_t end,
                            uint16_t *places) {
    const struct half halves[SLU_SCANNER_HALVES] = {load_half(table->groups, 0), load_half(table->groups, 1)};
    const uint64_t strided = table->strided;
    uint16_t *out = places;
    for (size_t block = at; block < end; block += SLU_SCANNER_BLOCK_BYTES) {
        uint64_t found = passed(halves, text.bytes + block, text.length - block) & strided;
        out = write(out, _bzhi_u64(found, (uint32_t)(end - block < 64 ? end - block : 64)), block - at);
    }
    return (uint32_t)(out - places);
}

static bool can_run(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

const struct slu_scanner_kernel slu_scanner_avx512 = {"avx512", can_run, find};

#endif
