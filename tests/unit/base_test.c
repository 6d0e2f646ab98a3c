/* engine/base: memory, strings, the map, how values are printed. */
#include "engine/base/arena.h"
#include "engine/base/buffer.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/base/value.h"
#include "tests/unit/check.h"
#include "tests/unit/failing_memory.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void test_strings(struct check *check) {
    const struct slu_string empty = {NULL, 0};
    CHECK(check, slu_string_equal(empty, SLU_STRING("")));
    CHECK(check, slu_string_equal(SLU_STRING("abc"), slu_string_from("abc")));
    CHECK(check, !slu_string_equal(SLU_STRING("abc"), SLU_STRING("abd")));
    CHECK(check, !slu_string_equal(SLU_STRING("abc"), SLU_STRING("ab")));
    CHECK(check, slu_string_is(SLU_STRING("abc"), "abc") && !slu_string_is(SLU_STRING("abc"), "abcd"));
    CHECK(check, slu_string_compare(empty, empty) == 0);
    CHECK(check, slu_string_compare(empty, SLU_STRING("a")) < 0);
    CHECK(check, slu_string_compare(SLU_STRING("ab"), SLU_STRING("a")) > 0);
    CHECK(check, slu_string_compare(SLU_STRING("ab"), SLU_STRING("b")) < 0);
    CHECK(check, slu_string_compare(SLU_STRING("\xC3"), SLU_STRING("a")) > 0);
    CHECK(check, slu_string_starts_with(SLU_STRING("abc"), SLU_STRING("ab")));
    CHECK(check, slu_string_starts_with(SLU_STRING("abc"), empty) && slu_string_starts_with(empty, empty));
    CHECK(check, !slu_string_starts_with(SLU_STRING("a"), SLU_STRING("ab")));
    CHECK(check, slu_string_ends_with(SLU_STRING("abc"), SLU_STRING("bc")));
    CHECK(check, slu_string_ends_with(SLU_STRING("abc"), empty) && slu_string_ends_with(empty, empty));
    CHECK(check, !slu_string_ends_with(SLU_STRING("c"), SLU_STRING("bc")));
}

static void test_distance(struct check *check) {
    static const struct {
        const char *left, *right;
        size_t limit, distance;
    } cases[] = {
        {"", "", 3, 0},
        {"", "abc", 3, 3},
        {"abc", "", 2, 3},
        {"abc", "abc", 0, 0},
        {"abc", "abd", 0, 1},
        {"assign", "assgin", 2, 1}, /* neighbours swapped */
        {"assign", "asign", 2, 1},
        {"asign", "assign", 2, 1},
        {"assign", "assigns", 2, 1},
        {"kitten", "sitting", 5, 3},
        {"kitten", "sitting", 2, 3}, /* past the limit: limit + 1 */
        {"sitting", "kitten", 3, 3},
        {"ca", "abc", 5, 3}, /* an edited pair is not edited again */
        {"abcdefghijkl", "lkjihgfedcba", 8, 9},
        {"contact.email", "contact.emial", 2, 1},
        {"conversation.tag", "conversation.tags", 1, 1},
        {"aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb", 100, SLU_STRING_DISTANCE_LIMIT + 1},
    };
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        size_t distance = slu_string_distance(slu_string_from(cases[index].left), slu_string_from(cases[index].right),
                                              cases[index].limit);
        if (!CHECK(check, distance == cases[index].distance)) {
            printf("  %s, %s: %zu\n", cases[index].left, cases[index].right, distance);
        }
    }
}

static bool is_zero(const char *bytes, size_t length) {
    for (size_t at = 0; at < length; at++) {
        if (bytes[at] != 0) {
            return false;
        }
    }
    return true;
}

static void test_arena(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    CHECK(check, slu_arena_alloc(&arena, 0) != NULL);
    CHECK(check, slu_arena_alloc_bytes(&arena, 0) != NULL);
    for (size_t size = 1; size < 20000; size = size * 3 + 1) {
        slu_arena_alloc_bytes(&arena, 1);
        char *bytes = slu_arena_alloc(&arena, size);
        CHECK(check, bytes != NULL && (uintptr_t)bytes % _Alignof(max_align_t) == 0 && is_zero(bytes, size));
        memset(bytes, 0xAA, size);
    }
    CHECK(check, slu_arena_alloc_array(&arena, SIZE_MAX / 2, 3) == NULL && arena.failed);
    slu_arena_reset(&arena);
    CHECK(check, !arena.failed && arena.used_bytes == 0);
    /* What is handed out again is zeroed again. */
    char *again = slu_arena_alloc(&arena, 3000);
    CHECK(check, again != NULL && is_zero(again, 3000));
    CHECK(check, slu_arena_alloc(&arena, SIZE_MAX) == NULL && arena.failed);
    CHECK(check, slu_arena_alloc(&arena, 8) != NULL && arena.failed); /* sticky */
    slu_arena_free(&arena);
    CHECK(check, arena.newest == NULL && !arena.failed);
    CHECK(check, SLU_NEW(&arena, struct slu_value) != NULL);

    struct slu_string copy;
    CHECK(check, slu_arena_copy_string(&arena, SLU_STRING("text"), &copy) && slu_string_is(copy, "text"));
    CHECK(check, slu_arena_copy_string(&arena, (struct slu_string){NULL, 0}, &copy) && copy.length == 0);
    slu_arena_free(&arena);
}

static void test_arena_limit(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 100);
    CHECK(check, slu_arena_alloc(&arena, 60) != NULL);
    CHECK(check, slu_arena_alloc(&arena, 41) == NULL && arena.failed);
    CHECK(check, slu_arena_alloc(&arena, 40) != NULL && arena.failed);
    CHECK(check, slu_arena_alloc(&arena, 1) == NULL);
    slu_arena_reset(&arena);
    CHECK(check, !arena.failed && arena.limit_bytes == 100);
    CHECK(check, slu_arena_alloc_bytes(&arena, 100) != NULL && !arena.failed);
    CHECK(check, slu_arena_alloc_bytes(&arena, 1) == NULL && arena.failed);
    slu_arena_free(&arena);
}

/* An arena that is reset again and again serves the same requests without new memory. */
static void test_arena_reuse(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    for (int time = 0; time < 4; time++) {
        /* The second time makes one block of many. */
        failing_memory_arm(time < 2 ? SIZE_MAX : 0);
        for (size_t bytes = 10; bytes < 100000; bytes = bytes * 3 / 2) {
            CHECK(check, slu_arena_alloc(&arena, bytes) != NULL);
        }
        CHECK(check, !failing_memory_disarm());
        slu_arena_reset(&arena);
    }
    slu_arena_alloc(&arena, 10000000);
    slu_arena_reset(&arena);
    failing_memory_arm(0);
    CHECK(check, slu_arena_alloc(&arena, 9000000) != NULL);
    CHECK(check, !failing_memory_disarm());
    slu_arena_free(&arena);
}

static void test_buffer(struct check *check) {
    struct slu_buffer buffer;
    slu_buffer_init(&buffer);
    CHECK(check, slu_buffer_string(&buffer).length == 0);
    slu_buffer_add(&buffer, (struct slu_string){NULL, 0});
    slu_buffer_add_text(&buffer, "a");
    slu_buffer_add_byte(&buffer, 'b');
    slu_buffer_add_repeated(&buffer, 'c', 3);
    slu_buffer_add_repeated(&buffer, 'd', 0);
    slu_buffer_add_format(&buffer, "[%d %s]", 5, "x");
    CHECK_TEXT(check, slu_buffer_string(&buffer), "abccc[5 x]");
    slu_buffer_clear(&buffer);
    for (int round = 0; round < 1000; round++) {
        slu_buffer_add_format(&buffer, "%03d", round);
    }
    CHECK(check, buffer.length == 3000 && memcmp(buffer.bytes + 2997, "999", 3) == 0);

    failing_memory_arm(0);
    slu_buffer_add_repeated(&buffer, 'x', 100000);
    CHECK(check, failing_memory_disarm() && buffer.failed && buffer.length == 3000);
    slu_buffer_add_text(&buffer, "x"); /* there is room, but a write was lost */
    CHECK(check, buffer.length == 3000);
    slu_buffer_clear(&buffer);
    CHECK(check, !buffer.failed);
    slu_buffer_free(&buffer);
    CHECK(check, buffer.bytes == NULL);
}

static void test_json_strings(struct check *check) {
    static const struct {
        struct slu_string string;
        const char *json;
    } cases[] = {
        {SLU_STRING_ENTRY(""), "\"\""},
        {SLU_STRING_ENTRY("plain /text/"), "\"plain /text/\""},
        {SLU_STRING_ENTRY("\"\\"), "\"\\\"\\\\\""},
        {SLU_STRING_ENTRY("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
        {SLU_STRING_ENTRY("a\0b\x1F"), "\"a\\u0000b\\u001f\""},
        {SLU_STRING_ENTRY("\x7F\xC3\xA9"), "\"\x7F\xC3\xA9\""},
    };
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        struct slu_buffer buffer;
        slu_buffer_init(&buffer);
        slu_buffer_add_json_string(&buffer, cases[index].string);
        CHECK_TEXT(check, slu_buffer_string(&buffer), cases[index].json);
        slu_buffer_free(&buffer);
    }
}

struct printed {
    double value;
    const char *text;
};

static void test_printed(struct check *check, const struct printed *cases, size_t count,
                         void (*add)(struct slu_buffer *buffer, double value)) {
    for (size_t index = 0; index < count; index++) {
        struct slu_buffer buffer;
        slu_buffer_init(&buffer);
        add(&buffer, cases[index].value);
        CHECK_TEXT(check, slu_buffer_string(&buffer), cases[index].text);
        slu_buffer_free(&buffer);
    }
}

#define TEST_PRINTED(check, cases, add) test_printed((check), (cases), sizeof(cases) / sizeof((cases)[0]), (add))

static void test_numbers(struct check *check) {
    const struct printed cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {0.1, "0.1"},
        {-2.5, "-2.5"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {123456.789, "123456.789"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1.5e300, "1.5e+300"},
        {1e-6, "0.000001"},
        {0.00000123, "0.00000123"},
        {1e-7, "1e-7"},
        {-1.25e-7, "-1.25e-7"},
        {5e-324, "5e-324"},
        {1.5e-323, "1.5e-323"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {2.225073858507201e-308, "2.225073858507201e-308"}, /* the largest denormal */
        {DBL_MAX, "1.7976931348623157e+308"},
        {9007199254740992.0, "9007199254740992"}, /* 2^53 */
        {-9007199254740993.0, "-9007199254740992"},
        {9007199254740994.0, "9007199254740994"},
        {18014398509481984.0, "18014398509481984"},       /* 2^54 */
        {5.684341886080802e-14, "5.684341886080802e-14"}, /* 2^-44: the next decimal, not the nearest */
        {9.5367431640625e-7, "9.5367431640625e-7"},       /* 2^-20 */
        {4.35, "4.35"},
        {4.349999999999999, "4.349999999999999"},
        {299792458.00000006, "299792458.00000006"},
        {NAN, "NaN"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
    };
    TEST_PRINTED(check, cases, slu_buffer_add_number);
}

/* Whatever is printed reads back as the same number. */
static void test_number_round_trip(struct check *check) {
    uint64_t bits = 88172645463325252u;
    unsigned wrong = 0;
    for (int round = 0; round < 20000; round++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        uint64_t chosen = round % 4 == 0 ? bits & UINT64_C(0xFFF0000000000000) : bits;
        double number;
        memcpy(&number, &chosen, sizeof(number));
        if (!isfinite(number)) {
            continue;
        }
        struct slu_buffer buffer;
        slu_buffer_init(&buffer);
        slu_buffer_add_number(&buffer, number);
        slu_buffer_add_byte(&buffer, '\0');
        wrong += strtod(buffer.bytes, NULL) != number;
        slu_buffer_free(&buffer);
    }
    CHECK(check, wrong == 0);
}

static void test_times(struct check *check) {
    const struct printed cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {1763715600000.0, "2025-11-21T09:00:00Z"},
        {1795251600123.0, "2026-11-21T09:00:00.123Z"},
        {1, "1970-01-01T00:00:00.001Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {951782400000.0, "2000-02-29T00:00:00Z"},
        {4107542399000.0, "2100-02-28T23:59:59Z"},
        {4107542400000.0, "2100-03-01T00:00:00Z"},
        {-62167219200000.0, "0000-01-01T00:00:00Z"},
        {-62167219200001.0, "-000001-12-31T23:59:59.999Z"},
        {253402300799999.0, "9999-12-31T23:59:59.999Z"},
        {253402300800000.0, "+010000-01-01T00:00:00Z"},
        {8.64e15, "+275760-09-13T00:00:00Z"},
        {-8.64e15, "-271821-04-20T00:00:00Z"},
        {8640000000000001.0, "8640000000000001 ms"},
        {1e300, "1e+300 ms"},
        {NAN, "NaN ms"},
    };
    TEST_PRINTED(check, cases, slu_buffer_add_time);
}

static void test_durations(struct check *check) {
    const struct printed cases[] = {
        {0, "0 seconds"},          {1000, "1 second"},      {90000, "90 seconds"},
        {60000, "1 minute"},       {1800000, "30 minutes"}, {5400000, "90 minutes"},
        {3600000, "1 hour"},       {86400000, "1 day"},     {604800000, "7 days"},
        {90000000, "25 hours"},    {1500, "1.5 seconds"},   {1, "0.001 seconds"},
        {-1800000, "-30 minutes"}, {-86400000, "-1 day"},   {8.64e22, "1000000000000000 days"},
    };
    TEST_PRINTED(check, cases, slu_buffer_add_duration);
}

/* What grows, is handed over and given back keeps its bytes, small and large. */
static void test_arena_moves(struct check *check) {
    static const size_t sizes[] = {100, 20000, 3000000};
    struct slu_arena from, to;
    slu_arena_init(&from, 0);
    slu_arena_init(&to, 0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t size = sizes[i];
        char *items = slu_arena_grow(&from, NULL, 0, size);
        memset(items, 'a', size);
        CHECK(check, slu_arena_alloc(&from, 8) != NULL);
        items = slu_arena_grow(&from, items, size, 2 * size);
        memset(items + size, 'b', size);
        size_t used = to.used_bytes;
        char *moved = slu_arena_hand_over(&from, items, 2 * size, &to, size + 1);
        CHECK(check, moved != NULL && moved[0] == 'a' && moved[size - 1] == 'a' && moved[size] == 'b');
        CHECK(check, to.used_bytes == used + size + 1);
    }
    CHECK(check, slu_arena_hand_over(&from, NULL, 0, &to, 0) != NULL);
    size_t used = from.used_bytes;
    char *last = slu_arena_take(&from, 64);
    slu_arena_give_back(&from, last, 64);
    CHECK(check, from.used_bytes == used && slu_arena_take(&from, 64) == last);
    slu_arena_give_back(&from, last - 1, 64);
    slu_arena_give_back(&from, NULL, 0);
    CHECK(check, from.used_bytes == used + 64);
    slu_arena_free(&from);
    struct slu_arena small;
    slu_arena_init(&small, 50);
    char *bytes = slu_arena_grow(&to, NULL, 0, 20000);
    CHECK(check, slu_arena_hand_over(&to, bytes, 20000, &small, 51) == NULL && small.failed && !to.failed);
    slu_arena_free(&small);
    slu_arena_free(&to);
}

static void test_map(struct check *check) {
    enum { COUNT = 5000 };
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_map map;
    slu_map_init(&map, &arena);
    CHECK(check, slu_map_find(&map, SLU_STRING("nothing")) == SLU_MAP_NONE);
    struct slu_buffer key;
    slu_buffer_init(&key);
    for (uint32_t number = 0; number < COUNT; number++) {
        slu_buffer_clear(&key);
        slu_buffer_add_format(&key, "conversation.field%" PRIu32, number);
        struct slu_string kept;
        if (!slu_arena_copy_string(&arena, slu_buffer_string(&key), &kept) || !slu_map_put(&map, kept, number)) {
            CHECK(check, false);
        }
    }
    unsigned wrong = 0;
    for (uint32_t number = 0; number < 2 * COUNT; number++) {
        slu_buffer_clear(&key);
        slu_buffer_add_format(&key, "conversation.field%" PRIu32, number);
        wrong += slu_map_find(&map, slu_buffer_string(&key)) != (number < COUNT ? number : SLU_MAP_NONE);
    }
    CHECK(check, wrong == 0 && map.count == COUNT);
    CHECK(check, slu_map_put(&map, SLU_STRING("conversation.field7"), 70) && map.count == COUNT);
    CHECK(check, slu_map_find(&map, SLU_STRING("conversation.field7")) == 70);
    CHECK(check, slu_map_find_or_put(&map, SLU_STRING("conversation.field7"), 71) == 70 && map.count == COUNT);
    CHECK(check, slu_map_put(&map, (struct slu_string){NULL, 0}, 1) && slu_map_find(&map, SLU_STRING("")) == 1);
    CHECK(check, slu_map_find(&map, SLU_STRING("\0")) == SLU_MAP_NONE);
    CHECK(check, slu_map_hash(SLU_STRING("a")) != slu_map_hash(SLU_STRING("b")));

    struct slu_arena small;
    slu_arena_init(&small, 100);
    slu_map_init(&map, &small);
    CHECK(check, !slu_map_put(&map, SLU_STRING("a"), 1) && small.failed && map.count == 0);
    slu_arena_free(&small);
    slu_buffer_free(&key);
    slu_arena_free(&arena);
}

static void test_values(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    bool failed = false;
    struct slu_value text = slu_value_text(&arena, SLU_STRING("x"), &failed);
    CHECK(check, sizeof(struct slu_value) == 16);
    CHECK(check, !failed && text.type == SLU_TYPE_TEXT && slu_string_is(text.as.text->raw, "x"));
    CHECK(check, text.as.text->folded.bytes == NULL);
    CHECK(check, slu_value_missing().type == SLU_TYPE_MISSING);
    CHECK(check, slu_value_number(2).type == SLU_TYPE_NUMBER && slu_value_number(2).as.number == 2);
    CHECK(check, slu_value_flag(true).type == SLU_TYPE_FLAG && slu_value_flag(true).as.flag);
    CHECK(check, slu_value_time(3).type == SLU_TYPE_TIME && slu_value_time(3).as.number == 3);
    CHECK(check, slu_value_duration(4).type == SLU_TYPE_DURATION && slu_value_duration(4).as.number == 4);
    struct slu_list list = {0, NULL};
    CHECK(check, slu_value_list(&list).type == SLU_TYPE_LIST && slu_value_list(&list).as.list == &list);
    CHECK(check, strcmp(slu_type_word(SLU_TYPE_MISSING), "missing") == 0);
    CHECK(check, strcmp(slu_type_word(SLU_TYPE_LIST), "list") == 0);
    struct slu_arena small;
    slu_arena_init(&small, 1);
    CHECK(check, slu_value_text(&small, SLU_STRING("x"), &failed).type == SLU_TYPE_MISSING && failed);
    slu_arena_free(&small);
    slu_arena_free(&arena);
}

static void use_everything(void *context) {
    struct check *check = context;
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_map map;
    slu_map_init(&map, &arena);
    bool put = slu_map_put(&map, SLU_STRING("a"), 1) && slu_arena_alloc(&arena, 100000) != NULL;
    CHECK(check, put != arena.failed);
    struct slu_buffer buffer;
    slu_buffer_init(&buffer);
    slu_buffer_add_repeated(&buffer, 'a', 1000);
    slu_buffer_add_format(&buffer, "%0500d", 1);
    slu_buffer_add_number(&buffer, 1.5);
    slu_buffer_add_json_string(&buffer, SLU_STRING("\n"));
    CHECK(check, buffer.failed || buffer.length == 1507);
    slu_buffer_free(&buffer);
    slu_arena_free(&arena);
}

int main(void) {
    struct check check = {0, 0};
    test_strings(&check);
    test_distance(&check);
    test_arena(&check);
    test_arena_limit(&check);
    test_arena_reuse(&check);
    test_buffer(&check);
    test_json_strings(&check);
    test_numbers(&check);
    test_number_round_trip(&check);
    test_times(&check);
    test_durations(&check);
    test_arena_moves(&check);
    test_map(&check);
    test_values(&check);
    CHECK(&check, failing_memory_try_all(use_everything, &check) >= 4);
    /* A host may have set another decimal point; where there is no such locale this repeats the test. */
    if (setlocale(LC_ALL, "de_DE.UTF-8") != NULL || setlocale(LC_ALL, "fr_FR.UTF-8") != NULL) {
        test_numbers(&check);
    }
    return check_finish(&check);
}
