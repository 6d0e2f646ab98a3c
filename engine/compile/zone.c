/* TZif, the format of /usr/share/zoneinfo (RFC 8536): versions 1 to 3 and
 * later ones that keep to them. The data come from outside: every count and
 * index is checked before it is used. */
#include "engine/compile/compiler.h"
#include "engine/compile/zone_rule.h"

#include <string.h>

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, VERSION_AT = 4, COUNTS_AT = 20 };
enum { FIRST_RULE_YEAR = 1970, LAST_YEAR = 2199, TYPES_MAX = 256 };
/* RFC 8536 section 3.2: offsets outside this range need not be understood. */
enum { OFFSET_MIN = -89999, OFFSET_MAX = 93599 };

struct bytes {
    const unsigned char *at;
    size_t left;
};

/* The six counts of a header, in its order. */
struct counts {
    uint32_t ut_indicators, standard_indicators, leaps, times, types, name_bytes;
};

struct block {
    struct counts counts;
    size_t time_bytes; /* 4 in the first block, 8 in the second */
    const unsigned char *times, *type_numbers, *types;
};

static int64_t read_signed(const unsigned char *at, size_t count) {
    uint64_t value = (at[0] & 0x80u) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | at[i];
    }
    return (int64_t)value;
}

static uint32_t read_count(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const unsigned char *take(struct bytes *bytes, uint64_t count) {
    if (count > bytes->left) {
        return NULL;
    }
    const unsigned char *at = bytes->at;
    bytes->at += count;
    bytes->left -= (size_t)count;
    return at;
}

static bool read_header(struct bytes *bytes, unsigned char *version, struct counts *counts) {
    const unsigned char *header = take(bytes, HEADER_BYTES);
    if (header == NULL || memcmp(header, "TZif", 4) != 0) {
        return false;
    }
    const unsigned char *at = header + COUNTS_AT;
    *version = header[VERSION_AT];
    *counts = (struct counts){read_count(at),      read_count(at + 4),  read_count(at + 8),
                              read_count(at + 12), read_count(at + 16), read_count(at + 20)};
    return true;
}

/* Takes the data behind a header; false when there are too few. */
static bool read_block(struct bytes *bytes, struct block *block) {
    const struct counts *counts = &block->counts;
    block->times = take(bytes, (uint64_t)counts->times * block->time_bytes);
    block->type_numbers = block->times != NULL ? take(bytes, counts->times) : NULL;
    block->types = block->type_numbers != NULL ? take(bytes, (uint64_t)counts->types * TYPE_BYTES) : NULL;
    uint64_t rest = (uint64_t)counts->name_bytes + (uint64_t)counts->leaps * (block->time_bytes + 4) +
                    counts->standard_indicators + counts->ut_indicators;
    return block->types != NULL && take(bytes, rest) != NULL;
}

/* Between the last two newlines; empty where there is none. False when malformed. */
static bool read_footer(struct bytes *bytes, struct slu_string *footer) {
    *footer = (struct slu_string){NULL, 0};
    if (bytes->left == 0 || *bytes->at != '\n') {
        return false;
    }
    const unsigned char *first = bytes->at + 1;
    const unsigned char *end = memchr(first, '\n', bytes->left - 1);
    if (end == NULL) {
        return false;
    }
    *footer = (struct slu_string){(const char *)first, (size_t)(end - first)};
    return true;
}

/* ---- from the data to changes of the clock ---- */

/* Appends a change, or replaces the last one when it is at the same moment;
 * one that changes nothing, or lies before the last (a rule can reach into the
 * next year), is left out. There is room. */
static void add_transition(struct slu_calendar *calendar, int64_t at, int32_t offset) {
    uint32_t count = calendar->transition_count;
    if (count > 0 && calendar->transitions[count - 1].at > at) {
        return;
    }
    if (count > 0 && calendar->transitions[count - 1].at == at) {
        count--;
    }
    int32_t before = count > 0 ? calendar->transitions[count - 1].offset : calendar->first_offset;
    if (offset != before) {
        calendar->transitions[count++] = (struct slu_transition){at, offset};
    }
    calendar->transition_count = count;
}

static bool offset_of(const struct block *block, uint32_t type, int32_t *offset) {
    if (type >= block->counts.types) {
        return false;
    }
    int64_t seconds = read_signed(block->types + (size_t)type * TYPE_BYTES, 4);
    *offset = (int32_t)seconds;
    return seconds >= OFFSET_MIN && seconds <= OFFSET_MAX;
}

static const char *add_table(const struct block *block, struct slu_calendar *calendar) {
    int64_t last = INT64_MIN;
    if (block->counts.types == 0 || block->counts.types > TYPES_MAX || !offset_of(block, 0, &calendar->first_offset)) {
        return "its types of local time are malformed";
    }
    for (uint32_t i = 0; i < block->counts.times; i++) {
        int64_t at = read_signed(block->times + (size_t)i * block->time_bytes, block->time_bytes);
        int32_t offset;
        if (i > 0 && at <= last) {
            return "its times are out of order";
        }
        if (!offset_of(block, block->type_numbers[i], &offset)) {
            return "a time has no type, or an offset of more than a day";
        }
        add_transition(calendar, at, offset);
        last = at;
    }
    return NULL;
}

/* The years after the table. `last`: the last time in it. */
static void extend(const struct slu_zone_rule *rule, int64_t last, struct slu_calendar *calendar) {
    if (!rule->has_daylight) {
        if (last == INT64_MIN) {
            calendar->first_offset = rule->standard;
        }
        return;
    }
    for (int32_t year = FIRST_RULE_YEAR; year <= LAST_YEAR; year++) {
        struct slu_transition start = {slu_zone_rule_start(rule, year), rule->daylight};
        struct slu_transition end = {slu_zone_rule_end(rule, year), rule->standard};
        bool northern = start.at < end.at;
        struct slu_transition first = northern ? start : end, second = northern ? end : start;
        if (first.at > last) {
            add_transition(calendar, first.at, first.offset);
        }
        if (second.at > last) {
            add_transition(calendar, second.at, second.offset);
        }
    }
}

static const char *read_blocks(struct bytes *bytes, struct block *block, struct slu_string *footer) {
    unsigned char version, again;
    *footer = (struct slu_string){NULL, 0};
    block->time_bytes = 4;
    if (!read_header(bytes, &version, &block->counts)) {
        return "it is no TZif file";
    }
    if (!read_block(bytes, block)) {
        return "it is cut off";
    }
    if (version == 0) {
        return NULL;
    }
    block->time_bytes = 8;
    if (!read_header(bytes, &again, &block->counts)) {
        return "its second part is missing";
    }
    if (!read_block(bytes, block)) {
        return "its second part is cut off";
    }
    return read_footer(bytes, footer) ? NULL : "its last line is malformed";
}

const char *slu_zone_read(struct slu_arena *arena, struct slu_string data, struct slu_calendar *calendar,
                          bool *failed) {
    struct bytes bytes = {(const unsigned char *)data.bytes, data.length};
    struct block block;
    struct slu_string footer;
    struct slu_zone_rule rule = {0};
    const char *wrong = read_blocks(&bytes, &block, &footer);
    if (wrong != NULL) {
        return wrong;
    }
    if (block.counts.leaps > 0) {
        return "it counts leap seconds";
    }
    if (footer.length > 0 && !slu_zone_rule_parse(footer, &rule)) {
        return "its last line is malformed";
    }
    const size_t rule_transitions = 2 * (LAST_YEAR - FIRST_RULE_YEAR + 1);
    size_t room = block.counts.times + (rule.has_daylight ? rule_transitions : 0);
    calendar->transitions = slu_arena_alloc_array(arena, room, sizeof *calendar->transitions);
    if (calendar->transitions == NULL) {
        *failed = true;
        return NULL;
    }
    wrong = add_table(&block, calendar);
    if (wrong != NULL || footer.length == 0) {
        return wrong;
    }
    uint32_t times = block.counts.times;
    int64_t last = times == 0 ? INT64_MIN : read_signed(block.times + (size_t)(times - 1) * 8, 8);
    extend(&rule, last, calendar);
    return NULL;
}
