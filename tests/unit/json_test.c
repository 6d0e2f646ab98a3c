/* The JSON reader: what it accepts, what it refuses and where, that numbers
 * are exact, and that it agrees with jansson on texts nobody thought of. */
#include "engine/base/limits.h"
#include "engine/base/number.h"
#include "engine/input/json.h"
#include "tests/fuzz/json_oracle.h"
#include "tests/fuzz/quick_oracle.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int passed, failed;

static void check(bool fine, const char *what, struct slu_string text) {
    if (fine) {
        passed++;
        return;
    }
    failed++;
    printf("failed: %s: %.*s\n", what, text.length < 200 ? (int)text.length : 200, text.bytes);
}

/* ---- texts ---- */

static const char *const accepted[] = {
    "null",
    " true ",
    "\tfalse\r\n",
    "0",
    "-0",
    "-0.0",
    "1E5",
    "1e+05",
    "1.25e-3",
    "123456789012345678901234567890",
    "\"\"",
    "\"a\"",
    "\"\\u0041\\n\\/\\\"\\\\\\b\\f\\r\\t\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u0000\"",
    "\"\x7f\"",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1,2,3]",
    "[[],[[]],{}]",
    "{\"a\":1,\"b\":{\"a\":2}}",
    "{\"\":\"\"}",
    "{\"a\":[{\"b\":null},true],\"c\":\"d\"}",
    "[1e-400]",
    "[1e308]",
    "[\"long enough to pass several words of eight bytes each, with \\\"escapes\\\" in it\"]",
    "{\"aa\":1,\"ab\":2,\"ba\":3,\"bb\":4,\"a\":5,\"b\":6}",
    "[2.2250738585072011e-308]",
    "[0.0000001]",
};

struct refused {
    const char *text, *code;
    size_t at;
};
static const struct refused refusals[] = {
    {"", "bad-json", 0},
    {"   ", "bad-json", 3},
    {"nul", "bad-json", 3},
    {"nulx", "bad-json", 3},
    {"True", "bad-json", 0},
    {"tru e", "bad-json", 3},
    {"01", "bad-json", 1},
    {"-", "bad-json", 1},
    {"-a", "bad-json", 1},
    {"+1", "bad-json", 0},
    {".5", "bad-json", 0},
    {"1.", "bad-json", 2},
    {"1.e5", "bad-json", 2},
    {"1e", "bad-json", 2},
    {"1e+", "bad-json", 3},
    {"1 2", "bad-json", 2},
    {"[1,]", "bad-json", 3},
    {"[1 2]", "bad-json", 3},
    {"[", "bad-json", 1},
    {"[1", "bad-json", 2},
    {"]", "bad-json", 0},
    {"[}", "bad-json", 1},
    {"{", "bad-json", 1},
    {"{\"a\"}", "bad-json", 4},
    {"{\"a\":}", "bad-json", 5},
    {"{\"a\":1,}", "bad-json", 7},
    {"{a:1}", "bad-json", 1},
    {"{\"a\":1 \"b\":2}", "bad-json", 7},
    {"{\"a\":1]", "bad-json", 6},
    {"{} {}", "bad-json", 3},
    {"'a'", "bad-json", 0},
    {"// no\n1", "bad-json", 0},
    {"NaN", "bad-json", 0},
    {"\xef\xbb\xbf{}", "bad-json", 0},
    {"\"a", "bad-json", 2},
    {"\"a\\", "bad-json", 3},
    {"\"a\\\"", "bad-json", 4},
    {"\"\\x\"", "bad-json", 1},
    {"\"\\u12\"", "bad-json", 1},
    {"\"\\u12g4\"", "bad-json", 1},
    {"\"a\nb\"", "bad-json", 2},
    {"\"a\tb\"", "bad-json", 2},
    {"\"\\ud800\"", "bad-utf8", 1},
    {"\"\\udc00\"", "bad-utf8", 1},
    {"\"x\\ud800\\u0041\"", "bad-utf8", 2},
    {"\"\\ud83d\xf0\x9f\x98\x80\"", "bad-utf8", 1},
    {"\"a\xff\"", "bad-utf8", 2},
    {"\"\xc3\"", "bad-utf8", 1},
    {"\"\xc0\x80\"", "bad-utf8", 1},
    {"\"\xe0\x80\x80\"", "bad-utf8", 1},
    {"\"\xed\xa0\x80\"", "bad-utf8", 1},
    {"\"\xf4\x90\x80\x80\"", "bad-utf8", 1},
    {"\"\xe2\x82\"", "bad-utf8", 1},
    {"\"0123456789abcdef\x80\"", "bad-utf8", 17},
    {"{\"\xff\":1}", "bad-utf8", 2},
    {"{\"a\":1,\"a\":2}", "duplicate-key", 7},
    {"{\"a\":1,\"\\u0061\":2}", "duplicate-key", 7},
    {"[{\"x\":{\"a\":\"}\",\"b\":[1,{\"a\":2}], \"a\" :2}}]", "duplicate-key", 32},
    {"[1e999]", "number-range", 1},
    {"[-1e309]", "number-range", 1},
    {"[1.7976931348623159e308]", "number-range", 1},
};

static void test_texts(void) {
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        struct slu_string text = slu_string_from(accepted[i]);
        const char *difference = json_oracle_difference(text);
        struct slu_arena arena;
        const struct slu_json *value;
        slu_arena_init(&arena, 0);
        check(slu_json_read(text, &arena, &value, NULL) == SLUICE_OK, "accepted", text);
        check(!difference, difference ? difference : "", text);
        slu_arena_free(&arena);
    }
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct slu_string text = slu_string_from(refusals[i].text);
        const char *difference = json_oracle_difference(text);
        struct slu_arena arena;
        struct sluice_error error = {.code = ""};
        const struct slu_json *value;
        slu_arena_init(&arena, 0);
        check(slu_json_read(text, &arena, &value, &error) == SLUICE_INVALID, "refused", text);
        check(strcmp(error.code, refusals[i].code) == 0, error.code, text);
        if (error.at_byte != refusals[i].at) {
            printf("at %zu, not at %zu (%s)\n", error.at_byte, refusals[i].at, error.message);
        }
        check(error.at_byte == refusals[i].at, "place", text);
        check(!difference, difference ? difference : "", text);
        slu_arena_free(&arena);
    }
}

/* ---- what is read ---- */

static void test_values(void) {
    struct slu_arena arena;
    const struct slu_json *value;
    struct slu_string text = slu_string_from("{\"plain\":\"bytes\",\"n\":-12.50,\"e\\u0301\":[true,null]}");
    slu_arena_init(&arena, 0);
    if (slu_json_read(text, &arena, &value, NULL) == SLUICE_OK) {
        const struct slu_json *plain = slu_json_member(value, SLU_STRING("plain"));
        check(plain && plain->text.bytes == text.bytes + 10, "a text without escapes borrows the input", text);
        const struct slu_json *number = slu_json_member(value, SLU_STRING("n"));
        check(number && number->number == -12.5 && slu_string_is(number->text, "-12.50"), "a number as written", text);
        const struct slu_json *array = slu_json_member(value, SLU_STRING("e\xcc\x81"));
        check(array && array->count == 2 && array->first->key.bytes == NULL, "a key with an escape", text);
        check(!slu_json_member(value, SLU_STRING("x")), "no such member", text);
    }
    slu_arena_free(&arena);
}

/* Nothing of the event may be in a message. */
static void test_discretion(void) {
    static const char *const texts[] = {"{\"email\":\"ann@example.com\" 1}", "[\"secret\",]", "{\"a\":\"secret\x01\"}",
                                        "{\"a\":\"secret\\q\"}", "[99999e99999]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct slu_arena arena;
        struct sluice_error error = {.code = ""};
        const struct slu_json *value;
        slu_arena_init(&arena, 0);
        slu_json_read(slu_string_from(texts[i]), &arena, &value, &error);
        check(!strstr(error.message, "ann") && !strstr(error.message, "secret") && !strstr(error.message, "99999"),
              error.message, slu_string_from(texts[i]));
        slu_arena_free(&arena);
    }
}

/* ---- limits ---- */

static void check_status(struct slu_string text, const char *what, const char *code) {
    struct slu_arena arena;
    struct sluice_error error = {.code = ""};
    const struct slu_json *value;
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    clock_t start = clock();
    slu_json_read(text, &arena, &value, &error);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    check(strcmp(error.code, code) == 0, what, slu_string_from(error.code));
    check(seconds < 10, "in time", slu_string_from(what));
    slu_arena_free(&arena);
}

static struct slu_string repeated(const char *before, const char *part, size_t count, const char *after) {
    size_t length = strlen(before), part_length = strlen(part);
    char *bytes = malloc(length + part_length * count + strlen(after) + 1);
    if (!bytes) {
        exit(2);
    }
    memcpy(bytes, before, length);
    for (size_t i = 0; i < count; i++, length += part_length) {
        memcpy(bytes + length, part, part_length);
    }
    strcpy(bytes + length, after);
    return (struct slu_string){bytes, length + strlen(after)};
}

static void check_repeated(const char *what, const char *code, struct slu_string text) {
    check_status(text, what, code);
    free((char *)(uintptr_t)text.bytes);
}

/* {"k0":1, ...}: as many members as asked for, the last key twice when `twice`. */
static struct slu_string many_members(uint32_t count, bool twice) {
    char *bytes = malloc((size_t)count * 16 + 32);
    size_t length = 1;
    if (!bytes) {
        exit(2);
    }
    bytes[0] = '{';
    for (uint32_t i = 0; i < count; i++) {
        length += (size_t)sprintf(bytes + length, "\"k%u\":1,", (unsigned)(twice && i == count - 1 ? i - 1 : i));
    }
    bytes[length - 1] = '}';
    return (struct slu_string){bytes, length};
}

static void test_limits(void) {
    check_repeated("64 levels", "", repeated("1", "", 0, ""));
    char deep[200];
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    check_status((struct slu_string){deep, 128}, "64 levels", "");
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    check_status((struct slu_string){deep, 130}, "65 levels", "too-deep");
    check_repeated("a million levels", "too-deep", repeated("", "[", 1000000, ""));
    check_repeated("as many values as may be", "", repeated("[0", ",0", SLU_LIMIT_EVENT_VALUES - 2, "]"));
    check_repeated("one value too many", "too-many-values", repeated("[0", ",0", SLU_LIMIT_EVENT_VALUES - 1, "]"));
    check_repeated("one byte too many", "too-large", repeated("\"", "a", SLU_LIMIT_EVENT_BYTES - 1, "\""));
    check_repeated("as many bytes as may be", "", repeated("\"", "a", SLU_LIMIT_EVENT_BYTES - 2, "\""));
    check_repeated("escapes only", "", repeated("\"", "\\u00e9", 600000, "\""));
    check_repeated("slow numbers", "", repeated("[1", ",1.7976931348623157e-300", 150000, "]"));
    check_repeated("many digits", "", repeated("[0.", "1234567890", 400000, "]"));
    check_repeated("100,000 keys", "", many_members(100000, false));
    check_repeated("100,000 keys, one twice", "duplicate-key", many_members(100000, true));
    check_repeated("64 keys, one twice", "duplicate-key", many_members(64, true));
    check_repeated("65 keys, one twice", "duplicate-key", many_members(65, true));
    check_repeated("65 keys", "", many_members(65, false));
}

/* ---- the quick reader ---- */

static void check_quick_text(struct slu_string text) {
    for (int way = 0; way < QUICK_WAYS; way++) {
        const char *difference = quick_oracle_difference(text, (enum quick_oracle_way)way);
        check(!difference, difference ? difference : "", text);
    }
}

/* Behind so many blanks, so that whatever it is about comes to stand across two blocks of 64 bytes. */
static void check_quick(const char *json) {
    size_t length = strlen(json);
    for (size_t blanks = 0; blanks < 64; blanks += length < 40 ? 1 : 7) {
        char *bytes = malloc(blanks + length + 1); /* as long as needed: a sanitizer sees what is read past it */
        if (!bytes) {
            exit(2);
        }
        memset(bytes, ' ', blanks);
        memcpy(bytes + blanks, json, length);
        check_quick_text((struct slu_string){bytes, blanks + length});
        free(bytes);
    }
}

static void check_quick_members(uint32_t count, bool twice) {
    struct slu_string text = many_members(count, twice);
    check_quick_text(text);
    free((char *)(uintptr_t)text.bytes);
}

/* Keys as long as what is compared at once, and longer, with all sorts of values behind them: documents that follow
 * one another, so that what is remembered of one meets another. */
static void test_quick_leads(void) {
    static const char *const values[] = {"\"v\"",
                                         "1",
                                         "null",
                                         "{}",
                                         "[]",
                                         "{\"in\":\"v\"}",
                                         "[{\"in\":1},{\"in\":2}]",
                                         "false",
                                         "-1.5e2",
                                         "0",
                                         "10",
                                         "{\"in\"",
                                         "\"\\u00e9\"",
                                         "",
                                         "tru",
                                         "01",
                                         "nulll",
                                         "\"",
                                         "}",
                                         "]",
                                         ",",
                                         "1 1",
                                         "[}",
                                         "1234567890123456",
                                         "12345678901234567"};
    static const char *const colons[] = {":", ": ", "\t:\n"};
    char key[72], text[512];
    memset(key, 'k', sizeof key);
    for (int length = 1; length < (int)sizeof key; length += length < 24 ? 6 : 1) {
        quick_oracle_forget();
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            const char *colon = colons[(size_t)length % 3];
            for (int depth = 0; depth < 2; depth++) {
                const char *begin = depth > 0 ? "{\"o\":{\"e\":\"\"}, \"o2\":" : "", *end = depth > 0 ? "}" : "";
                int written = snprintf(text, sizeof text, "%s{\"a\":\"x\",\"%.*s\"%s%s,\"z\":%s}%s", begin, length, key,
                                       colon, values[i], values[(i + 1) % 4], end);
                check_quick_text((struct slu_string){text, (size_t)written});
            }
        }
    }
}

static void test_quick(void) {
    test_quick_leads();
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        check_quick(accepted[i]);
    }
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        check_quick(refusals[i].text);
    }
    /* Around what is remembered of one object, and what is compared without sorting. */
    static const uint32_t counts[] = {255, 1023, 1024, 1025, 1026};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        check_quick_members(counts[i], false);
        check_quick_members(counts[i], true);
    }
}

/* ---- a seeded generator (xorshift64*) ---- */

static uint64_t state = 20261121;
static uint32_t random_below(uint32_t bound) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % bound;
}

/* ---- numbers ---- */

static void check_number(const char *written) {
    double number = 0, expected = strtod(written, NULL);
    bool fits = expected <= 1.7976931348623157e308 && expected >= -1.7976931348623157e308;
    bool read = slu_number_parse(slu_string_from(written), &number);
    check(read == fits && (!fits || memcmp(&number, &expected, sizeof number) == 0), "the nearest double",
          slu_string_from(written));
}

static void test_numbers(void) {
    static const char *const hard[] = {
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0000000000000000000000000000000001",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793e289",
        "0.1",
        "0.3",
        "123456789.123456789",
        "1e23",
        "8.5e22",
        "6.02214076e23",
        "1e-7",
        "4.35",
        "1e22",
        "1e-22",
        "9007199254740991e22",
        "72057594037927945",
        "72057594037927935",
        "0e999999999999",
        "0.0e-999999999999",
        "1e-999999999999",
        "-0",
        "-0e5",
    };
    char written[1200];
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++) {
        check_number(hard[i]);
    }
    for (int i = 0; i < 200000; i++) {
        size_t length = 0, digits = 1 + random_below(i % 100 == 0 ? 1000 : 25);
        if (random_below(2)) {
            written[length++] = '-';
        }
        written[length++] = (char)('1' + random_below(9));
        written[length++] = '.';
        for (size_t digit = 0; digit < digits; digit++) {
            written[length++] = (char)('0' + random_below(10));
        }
        sprintf(written + length, "e%d", (int)random_below(660) - 340);
        check_number(written);
    }
    /* Doubles and the points half-way between neighbours, written out. */
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = (uint64_t)random_below(0x7FE00000) << 32 | (uint64_t)random_below(0x7FFFFFFF) << 1;
        double number;
        memcpy(&number, &bits, sizeof number);
        sprintf(written, "%.17g", number);
        check_number(written);
        sprintf(written, "%.800e", number);
        check_number(written);
    }
}

/* ---- mutations ---- */

static size_t mutate(char *bytes, size_t length, size_t capacity) {
    static const char marks[] = "{}[]\",:\\/u0123456789eE+-.abtfn \n\t\x80\xc3\xa9\xed\xa0\x01";
    for (uint32_t edits = 1 + random_below(4); edits > 0; edits--) {
        size_t at = length > 0 ? random_below((uint32_t)length) : 0;
        char mark = marks[random_below(sizeof marks - 1)];
        switch (random_below(4)) {
        case 0:
            if (length > 0) {
                bytes[at] = mark;
            }
            break;
        case 1:
            if (length > 0) {
                memmove(bytes + at, bytes + at + 1, length - at - 1);
                length--;
            }
            break;
        case 2:
            if (length < capacity) {
                memmove(bytes + at + 1, bytes + at, length - at);
                bytes[at] = mark;
                length++;
            }
            break;
        default: { /* repeat a piece somewhere else */
            size_t piece = length > at ? 1 + random_below((uint32_t)(length - at)) : 0;
            size_t to = random_below((uint32_t)length + 1);
            char copy[256];
            if (piece > 0 && piece < sizeof copy && length + piece <= capacity) {
                memcpy(copy, bytes + at, piece);
                memmove(bytes + to + piece, bytes + to, length - to);
                memcpy(bytes + to, copy, piece);
                length += piece;
            }
        }
        }
    }
    return length;
}

static void test_mutations(void) {
    size_t kinds = sizeof accepted / sizeof accepted[0], refused_kinds = sizeof refusals / sizeof refusals[0];
    for (int i = 0; i < 100000; i++) {
        uint32_t choice = random_below((uint32_t)(kinds + refused_kinds));
        const char *seed = choice < kinds ? accepted[choice] : refusals[choice - kinds].text;
        size_t length = strlen(seed);
        /* Of the exact size, so that a sanitizer sees a byte read too far. */
        char scratch[1024];
        memcpy(scratch, seed, length);
        length = mutate(scratch, length, sizeof scratch);
        char *bytes = malloc(length > 0 ? length : 1);
        if (!bytes) {
            exit(2);
        }
        memcpy(bytes, scratch, length);
        const char *difference = json_oracle_difference((struct slu_string){bytes, length});
        check(!difference, difference ? difference : "", (struct slu_string){bytes, length});
        free(bytes);
    }
}

int main(void) {
    test_texts();
    test_values();
    test_discretion();
    test_limits();
    test_quick();
    test_numbers();
    test_mutations();
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
