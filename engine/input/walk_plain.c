/* The second pass for any processor. */
#include "engine/input/digits.h"
#include "engine/input/walk.h"

#define TARGET
#define WALK slu_walk_plain

/* Nothing, the last one alone, or any others. */
static inline uint32_t lead_differs(const struct slu_shape_member *member, const char *bytes) {
    static const unsigned char masks[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    uint32_t last = slu_shape_last_bit(member), i = 0;
    uint32_t length = (uint32_t)__builtin_ctz(last);
    for (; i + 8 <= length; i += 8) {
        if (slu_key_load(bytes + i) != slu_key_load(member->lead + i)) {
            return member->bits;
        }
    }
    uint64_t mask = slu_key_load(masks + 8 - (length - i));
    if ((slu_key_load(bytes + i) ^ slu_key_load(member->lead + i)) & mask) {
        return member->bits;
    }
    return bytes[length] == member->lead[length] ? 0 : last;
}

static inline bool is_integer(const struct slu_walk *walk, const char *at, const char *next) {
    return next - walk->bytes >= 8 && slu_digits_only(at, next);
}

#include "engine/input/walk_tokens.h"
