/* The windows in groups, so that a place of the text is passed over where its bytes fit none of them. Each window goes
 * to the group that it widens least: so windows of the same letters come together. */
#include "engine/text/scanner_tables.h"

/* How many of 10,000 bytes of folded text are this one, roughly: it need not be right, only
 * rare letters rare. */
static const uint16_t usual[SLU_SCANNER_BYTES] = {
    ['\n'] = 100, [' '] = 1700, ['!'] = 20,  ['"'] = 20,  ['\''] = 30, ['('] = 10,  [')'] = 10,
    [','] = 100,  ['-'] = 50,   ['.'] = 120, ['/'] = 30,  [':'] = 20,  ['?'] = 20,  ['0'] = 40,
    ['1'] = 50,   ['2'] = 50,   ['3'] = 40,  ['4'] = 40,  ['5'] = 40,  ['6'] = 40,  ['7'] = 40,
    ['8'] = 40,   ['9'] = 40,   ['a'] = 650, ['b'] = 120, ['c'] = 220, ['d'] = 330, ['e'] = 1000,
    ['f'] = 180,  ['g'] = 160,  ['h'] = 480, ['i'] = 560, ['j'] = 15,  ['k'] = 60,  ['l'] = 330,
    ['m'] = 200,  ['n'] = 560,  ['o'] = 600, ['p'] = 160, ['q'] = 10,  ['r'] = 480, ['s'] = 500,
    ['t'] = 730,  ['u'] = 220,  ['v'] = 80,  ['w'] = 180, ['x'] = 15,  ['y'] = 160, ['z'] = 15};
enum { SHARES = 10000, SHARE_LEAST = 5 };

float slu_scanner_share(unsigned char byte) {
    uint16_t share = usual[byte % SLU_SCANNER_BYTES];
    return (float)(share < SHARE_LEAST ? SHARE_LEAST : share) / SHARES;
}

struct grouping {
    const struct slu_scanner_table *table;
    /* By the place in a window: what part of all bytes each group lets pass, and what it
     * would let pass more with a byte. */
    float shares[SLU_SCANNER_WINDOW_BYTES][SLU_SCANNER_GROUPS];
    float more[SLU_SCANNER_WINDOW_BYTES][SLU_SCANNER_BYTES][SLU_SCANNER_GROUPS];
};

static unsigned byte_of(uint32_t window, uint32_t at) {
    unsigned char bytes[SLU_SCANNER_WINDOW_BYTES];
    memcpy(bytes, &window, sizeof bytes);
    return bytes[at] % SLU_SCANNER_BYTES;
}

/* The group that lets the fewest more places pass with the window in it. */
static uint32_t choose(const struct grouping *grouping, uint32_t window) {
    float with[SLU_SCANNER_GROUPS], without[SLU_SCANNER_GROUPS];
    for (uint32_t i = 0; i < SLU_SCANNER_GROUPS; i++) {
        with[i] = without[i] = 1;
    }
    for (uint32_t at = 0; at < grouping->table->window_bytes; at++) {
        const float *shares = grouping->shares[at], *more = grouping->more[at][byte_of(window, at)];
        for (uint32_t i = 0; i < SLU_SCANNER_GROUPS; i++) {
            without[i] *= shares[i];
            with[i] *= shares[i] + more[i];
        }
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i < SLU_SCANNER_GROUPS; i++) {
        best = with[i] - without[i] < with[best] - without[best] ? i : best;
    }
    return best;
}

static void set_group(struct slu_scanner_groups *groups, uint32_t at, unsigned byte, uint32_t group) {
    uint8_t bit = (uint8_t)(1U << group % 8);
    groups->of_byte[at][group / 8][byte] |= bit;
    groups->of_letter[at][group / 8][byte / 16 % 2][byte % 16] |= bit;
}

static void add(struct grouping *grouping, uint32_t window, uint32_t group) {
    for (uint32_t at = 0; at < grouping->table->window_bytes; at++) {
        unsigned byte = byte_of(window, at);
        float *more = &grouping->more[at][byte][group];
        if (*more > 0) {
            grouping->shares[at][group] += *more;
            *more = 0;
            set_group(grouping->table->groups, at, byte, group);
        }
    }
}

/* Behind a short window any byte may follow. */
static void add_any(struct slu_scanner_groups *groups, uint32_t at) {
    memset(groups->of_byte[at], 0xFF, sizeof groups->of_byte[at]);
    memset(groups->of_letter[at], 0xFF, sizeof groups->of_letter[at]);
}

bool slu_scanner_group(struct slu_arena *arena, struct slu_arena *scratch, struct slu_scanner_table *table) {
    struct grouping *grouping = SLU_NEW(scratch, struct grouping);
    table->groups = SLU_NEW(arena, struct slu_scanner_groups);
    if (grouping == NULL || table->groups == NULL) {
        return false;
    }
    grouping->table = table;
    for (uint32_t at = 0; at < SLU_SCANNER_WINDOW_BYTES; at++) {
        for (uint32_t i = 0; i < SLU_SCANNER_BYTES * SLU_SCANNER_GROUPS; i++) {
            uint32_t byte = i / SLU_SCANNER_GROUPS;
            grouping->more[at][byte][i % SLU_SCANNER_GROUPS] = slu_scanner_share((unsigned char)byte);
        }
    }
    for (uint32_t i = 0; i <= table->bucket_last; i++) {
        const struct slu_scanner_bucket *bucket = &table->buckets[i];
        if (bucket->count > 0) {
            add(grouping, bucket->window, choose(grouping, bucket->window));
        }
    }
    for (uint32_t at = table->window_bytes; at < SLU_SCANNER_WINDOW_BYTES; at++) {
        add_any(table->groups, at);
    }
    return true;
}
