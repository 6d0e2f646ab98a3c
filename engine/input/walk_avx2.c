/* The second pass for x86-64 processors with AVX2 and BMI1. */
#include "engine/input/walk.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi")))
#define WALK slu_walk_avx2

TARGET static inline uint32_t lead_differs(const struct slu_shape_member *member, const char *bytes) {
    __m256i wanted = _mm256_loadu_si256((const __m256i *)(const void *)member->lead);
    __m256i found = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(wanted, found)) & member->bits;
}

TARGET static inline bool is_integer(const struct slu_walk *walk, const char *at, const char *next) {
    enum { MOST = 16 };
    size_t length = (size_t)(next - at);
    if (length > MOST || next - walk->bytes < MOST || (*at == '0' && length > 1)) {
        return false;
    }
    __m128i last = _mm_loadu_si128((const __m128i *)(const void *)(next - MOST));
    __m128i digits = _mm_sub_epi8(last, _mm_set1_epi8('0'));
    uint32_t others = ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits));
    return (others & 0xFFFF) >> (MOST - length) == 0;
}

#include "engine/input/walk_tokens.h"
#endif
