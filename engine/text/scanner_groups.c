/* The windows in groups, so that a place of the text is passed over where its bytes fit none of them. */
#include "engine/text/scanner_tables.h"

enum { ROUNDS = 2 /* in which each window chooses its group */ };

/* How many of 10,000 bytes of folded text are this one, roughly: it need not be right, only
 * rare letters rare. */
static const uint16_t shares[SLU_SCANNER_BYTES] = {
    ['\n'] = 100, [' '] = 1700, ['!'] = 20,  ['"'] = 20,  ['\''] = 30, ['('] = 10,  [')'] = 10,
    [','] = 100,  ['-'] = 50,   ['.'] = 120, ['/'] = 30,  [':'] = 20,  ['?'] = 20,  ['0'] = 40,
    ['1'] = 50,   ['2'] = 50,   ['3'] = 40,  ['4'] = 40,  ['5'] = 40,  ['6'] = 40,  ['7'] = 40,
    ['8'] = 40,   ['9'] = 40,   ['a'] = 650, ['b'] = 120, ['c'] = 220, ['d'] = 330, ['e'] = 1000,
    ['f'] = 180,  ['g'] = 160,  ['h'] = 480, ['i'] = 560, ['j'] = 15,  ['k'] = 60,  ['l'] = 330,
    ['m'] = 200,  ['n'] = 560,  ['o'] = 600, ['p'] = 160, ['q'] = 10,  ['r'] = 480, ['s'] = 500,
    ['t'] = 730,  ['u'] = 220,  ['v'] = 80,  ['w'] = 180, ['x'] = 15,  ['y'] = 160, ['z'] = 15};
enum { SHARES = 10000, SHARE_LEAST = 5 };

float slu_scanner_share(unsigned char byte) {
    uint16_t share = shares[byte % SLU_SCANNER_BYTES];
    return (float)(share < SHARE_LEAST ? SHARE_LEAST : share) / SHARES;
}

struct group {
    uint32_t uses[SLU_SCANNER_WINDOW_BYTES][SLU_SCANNER_BYTES]; /* windows with the byte there */
    float shares[SLU_SCANNER_WINDOW_BYTES];                     /* of all such bytes together */
};

struct grouping {
    const struct slu_scanner_table *table;
    struct group groups[SLU_SCANNER_GROUPS];
    uint8_t *chosen; /* per bucket */
    float shares[SLU_SCANNER_BYTES];
};

static unsigned byte_of(uint32_t window, uint32_t at) {
    unsigned char bytes[SLU_SCANNER_WINDOW_BYTES];
    memcpy(bytes, &window, sizeof bytes);
    return bytes[at] % SLU_SCANNER_BYTES;
}

/* How many more places the group lets pass with the window in it. */
static float growth(const struct grouping *grouping, const struct group *group, uint32_t window) {
    float with = 1, without = 1;
    for (uint32_t i = 0; i < grouping->table->window_bytes; i++) {
        unsigned byte = byte_of(window, i);
        without *= group->shares[i];
        with *= group->shares[i] + (group->uses[i][byte] == 0 ? grouping->shares[byte] : 0);
    }
    return with - without;
}

static void add(struct grouping *grouping, struct group *group, uint32_t window) {
    for (uint32_t i = 0; i < grouping->table->window_bytes; i++) {
        unsigned byte = byte_of(window, i);
        group->shares[i] += group->uses[i][byte]++ == 0 ? grouping->shares[byte] : 0;
    }
}

static void take(struct grouping *grouping, struct group *group, uint32_t window) {
    for (uint32_t i = 0; i < grouping->table->window_bytes; i++) {
        unsigned byte = byte_of(window, i);
        group->shares[i] -= --group->uses[i][byte] == 0 ? grouping->shares[byte] : 0;
    }
}

static uint32_t choose(const struct grouping *grouping, uint32_t window) {
    uint32_t best = 0;
    float least = growth(grouping, &grouping->groups[0], window);
    for (uint32_t i = 1; i < SLU_SCANNER_GROUPS; i++) {
        float more = growth(grouping, &grouping->groups[i], window);
        if (more < least) {
            least = more;
            best = i;
        }
    }
    return best;
}

static void set_group(struct slu_scanner_groups *groups, uint32_t at, unsigned byte, uint32_t group) {
    uint8_t bit = (uint8_t)(1U << group % 8);
    groups->of_byte[at][group / 8][byte] |= bit;
    groups->of_low[at][group / 8][byte % 16] |= bit;
    groups->of_middle[at][group / 8][byte / 2 % 16] |= bit;
}

static void keep(const struct grouping *grouping, struct slu_scanner_groups *groups) {
    for (uint32_t i = 0; i < SLU_SCANNER_WINDOW_BYTES; i++) {
        for (uint32_t group = 0; group < SLU_SCANNER_GROUPS; group++) {
            for (unsigned byte = 0; byte < SLU_SCANNER_BYTES; byte++) {
                if (i >= grouping->table->window_bytes || grouping->groups[group].uses[i][byte] > 0) {
                    set_group(groups, i, byte, group);
                }
            }
        }
    }
}

bool slu_scanner_group(struct slu_arena *arena, struct slu_arena *scratch, struct slu_scanner_table *table) {
    struct grouping *grouping = SLU_NEW(scratch, struct grouping);
    uint8_t *chosen = SLU_NEW_ARRAY(scratch, uint8_t, table->bucket_last + (size_t)1);
    table->groups = SLU_NEW(arena, struct slu_scanner_groups);
    if (grouping == NULL || chosen == NULL || table->groups == NULL) {
        return false;
    }
    grouping->table = table;
    for (uint32_t i = 0; i < SLU_SCANNER_BYTES; i++) {
        grouping->shares[i] = slu_scanner_share((unsigned char)i);
    }
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i <= table->bucket_last; i++) {
            const struct slu_scanner_bucket *bucket = &table->buckets[i];
            if (bucket->count == 0) {
                continue;
            }
            if (round > 0) {
                take(grouping, &grouping->groups[chosen[i]], bucket->window);
            }
            chosen[i] = (uint8_t)choose(grouping, bucket->window);
            add(grouping, &grouping->groups[chosen[i]], bucket->window);
        }
    }
    keep(grouping, table->groups);
    return true;
}
