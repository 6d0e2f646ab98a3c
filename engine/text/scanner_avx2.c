/* The scan for x86-64 processors with AVX2: eight windows at a time, in the same order and with the same
 * comparisons as everywhere. */
#include "engine/text/scanner_tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

enum {
    TOGETHER = 8,                     /* windows */
    LANE = 16,                        /* bytes that are shuffled together, half of the windows */
    STRIDE_MOST = 4,                  /* four windows of four bytes are in one lane */
    REACH = 4 * STRIDE_MOST + LANE,   /* bytes that are read for eight windows */
    LAST_BYTES = REACH + REACH + LANE /* room for the last windows and what is read with them */
};

/* A bit for each of the windows from `bytes` on that passes; `places` are where they begin in a lane. */
TARGET static inline uint32_t passed(const struct slu_scanner_table *table, const char *bytes, __m256i places) {
    const __m256i bits_of_word = _mm256_set1_epi32((1 << SLU_SCANNER_FILTER_BITS) - 1);
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + (size_t)4 * table->stride));
    __m256i windows = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), places);
    windows = _mm256_and_si256(windows, _mm256_set1_epi32((int)table->mask));
    __m256i hashes = _mm256_mullo_epi32(windows, _mm256_set1_epi32((int)SLU_SCANNER_FACTOR));
    __m256i bits = _mm256_srl_epi32(hashes, _mm_cvtsi32_si128((int)table->filter_shift));
    /* All are gathered; that `windows` are what else would be left keeps one step from waiting for the one before. */
    __m256i words = _mm256_mask_i32gather_epi32(windows, (const int *)(const void *)table->filter,
                                                _mm256_srli_epi32(bits, SLU_SCANNER_FILTER_BITS), _mm256_set1_epi32(-1),
                                                sizeof *table->filter);
    /* The bit becomes the highest of its word. */
    words = _mm256_sllv_epi32(words, _mm256_andnot_si256(bits, bits_of_word));
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(words));
}

TARGET static inline __m256i places_of(uint32_t stride) {
    char places[LANE];
    for (uint32_t i = 0; i < LANE; i++) {
        places[i] = (char)(i / 4 * stride + i % 4);
    }
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)places));
}

static void compare(const struct slu_scanning *scan, const struct slu_scanner_table *table, const char *bytes,
                    uint32_t windows, size_t at) {
    for (; windows != 0; windows &= windows - 1) {
        size_t place = (size_t)__builtin_ctz(windows) * table->stride;
        slu_scanner_compare(scan, table, slu_scanner_load(bytes + place, SLU_SCANNER_WINDOW_BYTES) & table->mask,
                            at + place);
    }
}

TARGET static void run(const struct slu_scanning *scan, const struct slu_scanner_table *given) {
    const struct slu_scanner_table table = *given; /* a copy, so that it can stay in registers */
    const __m256i places = places_of(table.stride);
    const size_t step = (size_t)TOGETHER * table.stride, reach = (size_t)4 * table.stride + LANE;
    struct slu_string text = scan->text;
    size_t at = 0;
    for (; at + reach <= text.length; at += step) {
        uint32_t windows = passed(&table, text.bytes + at, places);
        if (__builtin_expect(windows != 0, 0)) {
            compare(scan, given, text.bytes + at, windows, at);
        }
    }
    /* The last windows are read from a copy, which has zeros behind it. */
    char last[LAST_BYTES] = {0};
    const size_t copied = at;
    if (copied < text.length) {
        memcpy(last, text.bytes + copied, text.length - copied);
    }
    for (; at + table.window_bytes <= text.length; at += step) {
        uint32_t windows = passed(&table, last + (at - copied), places);
        size_t count = (text.length - table.window_bytes - at) / table.stride + 1;
        windows &= count < TOGETHER ? (UINT32_C(1) << count) - 1 : UINT32_MAX;
        compare(scan, given, last + (at - copied), windows, at);
    }
}

bool slu_scanner_run_avx2(const struct slu_scanning *scan, const struct slu_scanner_table *table) {
    if (table->stride > STRIDE_MOST || !__builtin_cpu_supports("avx2")) {
        return false;
    }
    run(scan, table);
    return true;
}

#else

bool slu_scanner_run_avx2(const struct slu_scanning *scan, const struct slu_scanner_table *table) {
    (void)scan, (void)table;
    return false;
}

#endif
