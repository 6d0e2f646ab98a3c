/* Rules that are there once on each side are pairs; the longest run of pairs in
 * the same order on both sides stays, all else lies between. */
#include "engine/prove/align.h"

#include "engine/base/map.h"

struct aligning {
    struct slu_arena *arena;
    uint32_t *partner; /* per rule before: its place after, or UINT32_MAX */
    uint32_t *tails;   /* of the best run of each length: its last rule before */
    uint32_t *previous;
    uint32_t length;
};

static struct slu_string key_of(const struct slu_rule_identity *identity) {
    return (struct slu_string){(const char *)identity, sizeof *identity};
}

enum { TWICE = UINT32_MAX - 1 };

/* Where each rule stands; TWICE when it is there more than once. */
static bool places_of(struct slu_map *places, const struct slu_rule_identity *rules, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool again = slu_map_find(places, key_of(&rules[i])) != SLU_MAP_NONE;
        if (!slu_map_put(places, key_of(&rules[i]), again ? (uint32_t)TWICE : i)) {
            return false;
        }
    }
    return true;
}

/* Longest increasing run of partners (patience sorting). */
static void find_run(struct aligning *aligning, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (aligning->partner[i] == UINT32_MAX) {
            continue;
        }
        uint32_t low = 0, high = aligning->length;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (aligning->partner[aligning->tails[middle]] < aligning->partner[i]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        aligning->previous[i] = low == 0 ? UINT32_MAX : aligning->tails[low - 1];
        aligning->tails[low] = i;
        aligning->length += low == aligning->length;
    }
}

static void add_segment(struct slu_segment *segments, uint32_t *count, struct slu_segment segment) {
    if (segment.before_first < segment.before_end || segment.after_first < segment.after_end) {
        segments[(*count)++] = segment;
    }
}

bool slu_align(struct slu_arena *arena, const struct slu_rule_identity *before, uint32_t before_count,
               const struct slu_rule_identity *after, uint32_t after_count, struct slu_segment **segments,
               uint32_t *segment_count) {
    struct slu_map before_places, after_places;
    slu_map_init(&before_places, arena);
    slu_map_init(&after_places, arena);
    struct aligning aligning = {arena, SLU_NEW_ARRAY(arena, uint32_t, before_count),
                                SLU_NEW_ARRAY(arena, uint32_t, before_count),
                                SLU_NEW_ARRAY(arena, uint32_t, before_count), 0};
    *segments = SLU_NEW_ARRAY(arena, struct slu_segment, (size_t)before_count + 1);
    uint32_t *run = SLU_NEW_ARRAY(arena, uint32_t, before_count);
    *segment_count = 0;
    if (aligning.partner == NULL || aligning.tails == NULL || aligning.previous == NULL || *segments == NULL ||
        run == NULL || !places_of(&before_places, before, before_count) ||
        !places_of(&after_places, after, after_count)) {
        return false;
    }
    for (uint32_t i = 0; i < before_count; i++) {
        uint32_t own = slu_map_find(&before_places, key_of(&before[i]));
        uint32_t other = slu_map_find(&after_places, key_of(&before[i]));
        aligning.partner[i] = own == TWICE || other == TWICE ? UINT32_MAX : other;
    }
    find_run(&aligning, before_count);
    uint32_t at = aligning.length == 0 ? UINT32_MAX : aligning.tails[aligning.length - 1];
    for (uint32_t i = aligning.length; i > 0; i--) {
        run[i - 1] = at;
        at = aligning.previous[at];
    }
    struct slu_segment segment = {0, 0, 0, 0};
    for (uint32_t i = 0; i < aligning.length; i++) {
        segment.before_end = run[i];
        segment.after_end = aligning.partner[run[i]];
        add_segment(*segments, segment_count, segment);
        segment.before_first = run[i] + 1;
        segment.after_first = aligning.partner[run[i]] + 1;
    }
    segment.before_end = before_count;
    segment.after_end = after_count;
    add_segment(*segments, segment_count, segment);
    return true;
}
