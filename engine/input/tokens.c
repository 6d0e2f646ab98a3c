#include "engine/input/tokens.h"

#include "engine/input/scan_block.h"

/* ---- kernels ---- */

const struct slu_scan_kernel *slu_scan_kernel_at(uint32_t index) {
    const struct slu_scan_kernel *kernels[5] = {NULL};
    uint32_t count = 0;
#if defined(__x86_64__)
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") &&
                __builtin_cpu_supports("popcnt");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2")) {
        kernels[count++] = &slu_scan_avx512;
    }
    if (avx2) {
        kernels[count++] = &slu_scan_avx2;
    }
    kernels[count++] = &slu_scan_sse2;
#endif
    kernels[count++] = &slu_scan_plain;
    return index < count ? kernels[index] : NULL;
}

const struct slu_scan_kernel *slu_scan_kernel_best(void) {
    return slu_scan_kernel_at(0);
}

/* ---- escapes ---- */

static bool is_short_escape(char byte) {
    return byte == '"' || byte == '\\' || byte == '/' || byte == 'b' || byte == 'f' || byte == 'n' || byte == 'r' ||
           byte == 't';
}

/* From the first to the last; all of them are inside strings that end. */
static bool escapes_are_good(struct slu_string json, const uint32_t *escape, const uint32_t *end) {
    struct slu_scan scan = {.start = json.bytes, .at = json.bytes, .end = json.bytes + json.length};
    uint32_t code_point;
    for (; escape > end; escape--) {
        const char *place = json.bytes + *escape;
        /* The second half of a surrogate pair was read with the first. */
        if (place < scan.at || is_short_escape(place[1])) {
            continue;
        }
        scan.at = place;
        if (slu_scan_escape(&scan, &code_point) != SLUICE_OK) {
            return false;
        }
    }
    return true;
}

bool slu_tokens_find(const struct slu_scan_kernel *kernel, struct slu_string json, struct slu_arena *arena,
                     struct slu_tokens *tokens, bool *accepted) {
    /* A byte begins a token or an escape or neither, so both fit from two sides.
     * The slack: a block that is refused may have both in one byte; tokens are
     * written many at a time; the two ends of the lists. */
    size_t room = json.length + 2 * SLU_BLOCK_BYTES;
    uint32_t *places = slu_arena_grow(arena, NULL, 0, room * sizeof *places);
    *accepted = false;
    if (!places) {
        return false;
    }
    uint32_t *top = places + room - 1;
    struct slu_block_scan scan = {.json = json, .token = places, .escape = top};
    kernel->scan(&scan);
    if (scan.bad || scan.inside || scan.token == places) {
        return true;
    }
    *--scan.escape = UINT32_MAX;
    *scan.token = places[0];
    *tokens = (struct slu_tokens){places, (uint32_t)(scan.token - places), top - 1};
    *accepted = escapes_are_good(json, top - 1, scan.escape);
    return true;
}
