/* Time zones: real ones of this machine, rules for the years after the table,
 * and every way in which the data can be damaged. */
#include "tests/unit/check.h"

#include "engine/compile/compiler.h"
#include "engine/compile/zone_rule.h"
#include "engine/vm/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024, HOUR = 3600 };

struct zone {
    struct slu_arena arena;
    struct slu_calendar calendar;
    unsigned char bytes[FILE_MAX];
    size_t length;
    const char *wrong;
};

static bool load(struct zone *zone, const char *name) {
    char path[256];
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    zone->length = fread(zone->bytes, 1, sizeof zone->bytes, file);
    return fclose(file) == 0;
}

static void read_bytes(struct zone *zone, size_t length) {
    bool failed = false;
    slu_arena_reset(&zone->arena);
    zone->calendar = (struct slu_calendar){0};
    /* Of the exact size: a sanitizer then sees each byte read too far. */
    char *exact = malloc(length > 0 ? length : 1);
    if (exact == NULL) {
        abort();
    }
    memcpy(exact, zone->bytes, length);
    zone->wrong = slu_zone_read(&zone->arena, (struct slu_string){exact, length}, &zone->calendar, &failed);
    free(exact);
}

static int32_t offset_at(const struct zone *zone, int64_t seconds) {
    int32_t offset = zone->calendar.first_offset;
    for (uint32_t i = 0; i < zone->calendar.transition_count && zone->calendar.transitions[i].at <= seconds; i++) {
        offset = zone->calendar.transitions[i].offset;
    }
    return offset;
}

static bool in_order(const struct zone *zone) {
    for (uint32_t i = 1; i < zone->calendar.transition_count; i++) {
        if (zone->calendar.transitions[i - 1].at >= zone->calendar.transitions[i].at) {
            return false;
        }
    }
    return true;
}

/* A change of the clock: what is true a second before it and from it on. */
struct change {
    const char *zone;
    int64_t at;
    int32_t before, after;
};

static void test_real_zones(struct check *check, struct zone *zone) {
    static const struct change changes[] = {
        {"Europe/Berlin", 1774746000, HOUR, 2 * HOUR},          /* 2026-03-29T01:00:00Z */
        {"Europe/Berlin", 1792890000, 2 * HOUR, HOUR},          /* 2026-10-25T01:00:00Z */
        {"Europe/Berlin", 3731274000, HOUR, 2 * HOUR},          /* 2088-03-28T01:00:00Z, by the rule */
        {"Europe/Berlin", 7252419600, 2 * HOUR, HOUR},          /* 2199-10-27T01:00:00Z */
        {"America/New_York", 1772953200, -5 * HOUR, -4 * HOUR}, /* 2026-03-08T07:00:00Z */
        {"America/New_York", 1793512800, -4 * HOUR, -5 * HOUR}, /* 2026-11-01T06:00:00Z */
        {"Australia/Sydney", 1775318400, 11 * HOUR, 10 * HOUR}, /* 2026-04-04T16:00:00Z */
        {"Asia/Kolkata", 1772953200, 5 * HOUR + HOUR / 2, 5 * HOUR + HOUR / 2},
        {"Asia/Tokyo", 7000000000, 9 * HOUR, 9 * HOUR},
        {"UTC", 1772953200, 0, 0},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *change = &changes[i];
        if (!load(zone, change->zone)) {
            printf("%s is not on this machine\n", change->zone);
            continue;
        }
        read_bytes(zone, zone->length);
        bool good = zone->wrong == NULL && in_order(zone) && offset_at(zone, change->at - 1) == change->before &&
                    offset_at(zone, change->at) == change->after;
        if (!CHECK(check, good)) {
            printf("  %s at %lld: %d, %d\n", change->zone, (long long)change->at, offset_at(zone, change->at - 1),
                   offset_at(zone, change->at));
        }
    }
}

/* ---- rules ---- */

static void test_rules(struct check *check) {
    struct slu_zone_rule rule;
    CHECK(check, slu_zone_rule_parse(SLU_STRING("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
    CHECK(check, rule.standard == HOUR && rule.daylight == 2 * HOUR && rule.has_daylight);
    CHECK(check, slu_zone_rule_start(&rule, 2026) == 1774746000);
    CHECK(check, slu_zone_rule_end(&rule, 2026) == 1792890000);
    CHECK(check, slu_zone_rule_parse(SLU_STRING("<+0530>-5:30"), &rule));
    CHECK(check, rule.standard == 5 * HOUR + HOUR / 2 && !rule.has_daylight);
    CHECK(check, slu_zone_rule_parse(SLU_STRING("NST3:30NDT,M3.2.0,M11.1.0"), &rule));
    CHECK(check, rule.standard == -(3 * HOUR + HOUR / 2) && rule.daylight == -(2 * HOUR + HOUR / 2));
    CHECK(check, slu_zone_rule_parse(SLU_STRING("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), &rule));
    CHECK(check, slu_zone_rule_start(&rule, 2026) == 1774746000); /* Nuuk changes with Europe */
    CHECK(check, slu_zone_rule_parse(SLU_STRING("EST5EDT,J60/0,J300/0"), &rule));
    CHECK(check, slu_zone_rule_start(&rule, 2024) == 1709269200); /* J60 is March 1, leap year or not */
    CHECK(check, slu_zone_rule_start(&rule, 2025) == 1740805200);
    CHECK(check, slu_zone_rule_parse(SLU_STRING("EST5EDT,59/0,300/0"), &rule));
    CHECK(check, slu_zone_rule_start(&rule, 2024) == 1709182800); /* day 59 is February 29 in a leap year */
    static const char *const bad[] = {"",
                                      "CE-1",
                                      "CET",
                                      "CET-25",
                                      "CET-1:60",
                                      "CET-1CEST",
                                      "CET-1CEST,",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.6.0,M10.5.0",
                                      "CET-1CEST,M3.5.7,M10.5.0",
                                      "CET-1CEST,M3.5.0,M10.5.0/168",
                                      "CET-1CEST,M3.5.0,M10.5.0x",
                                      "CET-1CEST,J0,J1",
                                      "CET-1CEST,366,1",
                                      "<+01-1",
                                      "CET-0001"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!CHECK(check, !slu_zone_rule_parse(slu_string_from(bad[i]), &rule))) {
            printf("  accepted: %s\n", bad[i]);
        }
    }
}

/* ---- made files ---- */

static void put_number(struct zone *zone, int64_t value, size_t bytes) {
    for (size_t i = bytes; i-- > 0;) {
        zone->bytes[zone->length++] = (unsigned char)((uint64_t)value >> (8 * i));
    }
}

static void put_header(struct zone *zone, char version, uint32_t times, uint32_t types) {
    memset(zone->bytes + zone->length, 0, 44);
    memcpy(zone->bytes + zone->length, "TZif", 4);
    zone->bytes[zone->length + 4] = (unsigned char)version;
    zone->length += 20;
    const uint32_t counts[] = {0, 0, 0, times, types, 4};
    for (size_t i = 0; i < 6; i++) {
        put_number(zone, counts[i], 4);
    }
}

/* Types: 0 is UTC, 1 is two hours east of it. */
static void put_block(struct zone *zone, const int64_t *times, uint32_t count, size_t time_bytes) {
    for (uint32_t i = 0; i < count; i++) {
        put_number(zone, times[i], time_bytes);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_number(zone, (i + 1) % 2, 1);
    }
    for (int i = 0; i < 2; i++) {
        put_number(zone, i * 2 * HOUR, 4);
        put_number(zone, i, 1);
        put_number(zone, 0, 1);
    }
    put_number(zone, 0x41424300, 4);
}

static void make(struct zone *zone, char version, const int64_t *times, uint32_t count, const char *footer) {
    zone->length = 0;
    put_header(zone, version, version == 0 ? count : 0, 2);
    put_block(zone, times, version == 0 ? count : 0, 4);
    if (version != 0) {
        put_header(zone, version, count, 2);
        put_block(zone, times, count, 8);
        size_t length = strlen(footer);
        memcpy(zone->bytes + zone->length, footer, length);
        zone->length += length;
    }
    read_bytes(zone, zone->length);
}

static void test_made_files(struct check *check, struct zone *zone) {
    static const int64_t times[] = {-100, 1000, 2000}, disorder[] = {5, 5, 6};
    make(zone, 0, times, 3, "");
    CHECK(check, zone->wrong == NULL && zone->calendar.transition_count == 3);
    CHECK(check, offset_at(zone, -101) == 0 && offset_at(zone, -100) == 2 * HOUR && offset_at(zone, 1000) == 0);
    make(zone, '2', times, 3, "\n\n");
    CHECK(check, zone->wrong == NULL && zone->calendar.transition_count == 3);
    make(zone, '3', times, 2, "\nAAA0BBB-2,M3.5.0/1,M10.5.0/3\n");
    CHECK(check, zone->wrong == NULL && in_order(zone) && zone->calendar.transition_count == 2 + 2 * 230);
    make(zone, '3', NULL, 0, "\nAAA-3\n");
    CHECK(check, zone->wrong == NULL && offset_at(zone, 0) == 3 * HOUR);
    make(zone, '3', NULL, 0, "\nAAA0BBB-2,0/0,J365/26\n"); /* summer all year */
    CHECK(check, zone->wrong == NULL && in_order(zone) && offset_at(zone, 1000000000) == 2 * HOUR);
    make(zone, '3', NULL, 0, "\nAAA0BBB-2,J1/-167,J365/167\n"); /* reaches into other years */
    CHECK(check, zone->wrong == NULL && in_order(zone));
    make(zone, '2', disorder, 3, "\n\n");
    CHECK(check, zone->wrong != NULL);
    make(zone, '2', times, 3, "\nnonsense\n");
    CHECK(check, zone->wrong != NULL);
    make(zone, '2', times, 3, "\nAAA0");
    CHECK(check, zone->wrong != NULL);
    make(zone, '2', times, 3, "");
    CHECK(check, zone->wrong != NULL);
}

/* Every prefix, and every byte changed: refused or read, never read too far. */
static void test_damage(struct check *check, struct zone *zone) {
    static const int64_t times[] = {-100, 1000, 2000};
    make(zone, '2', times, 3, "\nAAA0BBB-2,M3.5.0/1,M10.5.0/3\n");
    CHECK(check, zone->wrong == NULL);
    size_t length = zone->length;
    for (size_t i = 0; i < length; i++) {
        read_bytes(zone, i);
        CHECK(check, zone->wrong != NULL);
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char was = zone->bytes[i];
        for (unsigned flip = 1; flip < 256; flip <<= 1) {
            zone->bytes[i] = (unsigned char)(was ^ flip);
            read_bytes(zone, length);
            if (zone->wrong == NULL && !in_order(zone)) {
                CHECK(check, !"changes of the clock in order");
            }
        }
        zone->bytes[i] = was;
    }
}

int main(void) {
    static struct zone zone;
    struct check check = {0, 0};
    slu_arena_init(&zone.arena, 0);
    test_real_zones(&check, &zone);
    test_rules(&check);
    test_made_files(&check, &zone);
    test_damage(&check, &zone);
    slu_arena_free(&zone.arena);
    return check_finish(&check);
}
