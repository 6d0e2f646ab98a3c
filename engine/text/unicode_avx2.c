/* Folding ASCII texts on x86-64 processors with AVX2: 32 bytes at a time, the last of which may
 * overlap those before them. */
#include "engine/text/unicode_ascii.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

enum { STEP = 32 };

TARGET static inline __m256i load(const char *bytes) {
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

/* All ones where a capital is: those alone are less than -128 + 26 once -128 stands for A. */
TARGET static inline __m256i capitals(__m256i bytes) {
    const __m256i from_a = _mm256_set1_epi8((char)(0x80 - 'A')), past_z = _mm256_set1_epi8((char)(0x80 + 26));
    return _mm256_cmpgt_epi8(past_z, _mm256_add_epi8(bytes, from_a));
}

TARGET static bool is_ascii(struct slu_string string, bool *capital) {
    __m256i all = load(string.bytes + string.length - STEP), found = capitals(all);
    for (size_t at = 0; at + STEP < string.length; at += STEP) {
        __m256i bytes = load(string.bytes + at);
        all = _mm256_or_si256(all, bytes);
        found = _mm256_or_si256(found, capitals(bytes));
    }
    *capital = _mm256_movemask_epi8(found) != 0;
    return _mm256_movemask_epi8(all) == 0;
}

TARGET static inline void fold_step(const char *from, char *to) {
    __m256i bytes = load(from), bit = _mm256_and_si256(capitals(bytes), _mm256_set1_epi8('a' - 'A'));
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_or_si256(bytes, bit));
}

TARGET static void fold(struct slu_string string, char *out) {
    for (size_t at = 0; at + STEP < string.length; at += STEP) {
        fold_step(string.bytes + at, out + at);
    }
    fold_step(string.bytes + string.length - STEP, out + string.length - STEP);
}

bool slu_unicode_avx2_is_ascii(struct slu_string string, bool *answer, bool *capital) {
    if (string.length < STEP || !__builtin_cpu_supports("avx2")) {
        return false;
    }
    *answer = is_ascii(string, capital);
    return true;
}

bool slu_unicode_avx2_fold(struct slu_string string, char *out) {
    if (string.length < STEP || !__builtin_cpu_supports("avx2")) {
        return false;
    }
    fold(string, out);
    return true;
}

#else

bool slu_unicode_avx2_is_ascii(struct slu_string string, bool *answer, bool *capital) {
    (void)string, (void)answer, (void)capital;
    return false;
}

bool slu_unicode_avx2_fold(struct slu_string string, char *out) {
    (void)string, (void)out;
    return false;
}

#endif
