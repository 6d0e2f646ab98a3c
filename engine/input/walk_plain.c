/* The second pass for any processor. */
#include "engine/input/digits.h"
#include "engine/input/walk.h"

#define TARGET
#define WALK slu_walk_plain

/* Nothing, those behind the lead, or all. */
static inline uint32_t lead_differs(const struct slu_shape_member *member, const char *bytes) {
    static const unsigned char masks[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    uint32_t length = (uint32_t)__builtin_ctz(~member->lead_bits), all = (uint32_t)__builtin_ctz(~member->bits), i = 0;
    for (; i + 8 <= length; i += 8) {
        if (slu_key_load(bytes + i) != slu_key_load(member->lead + i)) {
            return member->bits;
        }
    }
    uint64_t mask = slu_key_load(masks + 8 - (length - i));
    if ((slu_key_load(bytes + i) ^ slu_key_load(member->lead + i)) & mask) {
        return member->bits;
    }
    return memcmp(bytes + length, member->lead + length, all - length) == 0 ? 0 : member->bits & ~member->lead_bits;
}

static inline bool is_integer(const struct slu_walk *walk, const char *at, const char *next) {
    return next - walk->bytes >= 16 && slu_digits_only(at, next);
}

#include "engine/input/walk_tokens.h"
