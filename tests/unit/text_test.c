/* engine/text: UTF-8, case folding, places in source text, findings. */
#include "engine/base/limits.h"
#include "engine/text/diagnostics.h"
#include "engine/text/source.h"
#include "engine/text/unicode.h"
#include "tests/unit/check.h"
#include "tests/unit/failing_memory.h"

#include <string.h>

static void test_valid_utf8(struct check *check) {
    static const struct {
        struct slu_string string;
        size_t valid;
    } cases[] = {
        {SLU_STRING_ENTRY(""), 0},
        {SLU_STRING_ENTRY("ascii, longer than eight bytes"), 30},
        {SLU_STRING_ENTRY("a\0b"), 3},
        {SLU_STRING_ENTRY("\xC2\x80\xDF\xBF"), 4},
        {SLU_STRING_ENTRY("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), 12},
        {SLU_STRING_ENTRY("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), 8},
        {SLU_STRING_ENTRY("12345678\x80"), 8},        /* a continuation byte alone */
        {SLU_STRING_ENTRY("1234567\xC3\xA9\xC3"), 9}, /* cut short */
        {SLU_STRING_ENTRY("\xC0\x80"), 0},            /* overlong */
        {SLU_STRING_ENTRY("\xC1\xBF"), 0},
        {SLU_STRING_ENTRY("\xE0\x9F\xBF"), 0},
        {SLU_STRING_ENTRY("\xF0\x8F\xBF\xBF"), 0},
        {SLU_STRING_ENTRY("\xED\xA0\x80"), 0},     /* a surrogate */
        {SLU_STRING_ENTRY("\xF4\x90\x80\x80"), 0}, /* past U+10FFFF */
        {SLU_STRING_ENTRY("\xF5\x80\x80\x80"), 0},
        {SLU_STRING_ENTRY("\xFF"), 0},
        {SLU_STRING_ENTRY("a\xE2\x82"), 1},
        {SLU_STRING_ENTRY("a\xE2\x28\xA1"), 1},
        {SLU_STRING_ENTRY("a\xE2\x82\x28"), 1},
        {SLU_STRING_ENTRY("\xF0\x9F\x98\x28"), 0},
    };
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        if (!CHECK(check, slu_utf8_valid_prefix(cases[index].string) == cases[index].valid)) {
            printf("  case %zu\n", index);
        }
    }
}

/* Every character through writing, checking, reading and counting. */
static void test_every_character(struct check *check) {
    unsigned wrong = 0;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        struct slu_string string = {bytes, slu_utf8_encode(code_point, bytes)};
        size_t at = 0;
        wrong += slu_utf8_valid_prefix(string) != string.length;
        wrong += slu_utf8_decode(string, &at) != code_point || at != string.length;
        wrong += slu_utf8_count(string) != 1;
    }
    CHECK(check, wrong == 0);
    CHECK(check, slu_utf8_count(SLU_STRING("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")) == 4);
}

static void test_folding(struct check *check) {
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"", ""},
        {"already small, 123", "already small, 123"},
        {"ABCXYZ@[`{", "abcxyz@[`{"},
        {"Longer Than EIGHT bytes", "longer than eight bytes"},
        {"\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"},
        {"\xE2\x84\xAA", "k"},                      /* KELVIN SIGN: shorter */
        {"\xC8\xBA", "\xE2\xB1\xA5"},               /* U+023A: longer */
        {"\xC3\x9F", "\xC3\x9F"},                   /* sharp s: simple folding keeps it */
        {"\xE1\xBA\x9E", "\xC3\x9F"},               /* capital sharp s */
        {"\xC4\xB0I\xC4\xB1", "\xC4\xB0i\xC4\xB1"}, /* no Turkish folding */
        {"\xCF\x82\xCE\xA3", "\xCF\x83\xCF\x83"},   /* sigmas */
        {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},   /* Deseret */
        {"\xF0\x9F\x98\x80 SMILE", "\xF0\x9F\x98\x80 smile"},
        {"\xE4\xBD\xA0\xE5\xA5\xBD", "\xE4\xBD\xA0\xE5\xA5\xBD"},
    };
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        struct slu_string from = slu_string_from(cases[index].from);
        struct slu_string folded = {NULL, 0};
        CHECK(check, slu_unicode_fold_string(&arena, from, &folded));
        CHECK_TEXT(check, folded, cases[index].to);
        /* Nothing to change: nothing is copied. */
        CHECK(check, slu_string_equal(from, folded) == (from.bytes == folded.bytes));
    }
    struct slu_text text = {.raw = {NULL, 0}};
    struct slu_string folded;
    CHECK(check, slu_text_folded(&arena, &text, &folded) && folded.length == 0 && text.folded.bytes != NULL);
    text = (struct slu_text){.raw = SLU_STRING("ABC")};
    CHECK(check, slu_text_folded(&arena, &text, &folded) && slu_string_is(folded, "abc"));
    struct slu_string again;
    CHECK(check, slu_text_folded(&arena, &text, &again) && again.bytes == folded.bytes);
    slu_arena_free(&arena);
    slu_arena_init(&arena, 2);
    text = (struct slu_text){.raw = SLU_STRING("ABC")};
    CHECK(check, !slu_text_folded(&arena, &text, &folded) && text.folded.bytes == NULL);
    slu_arena_free(&arena);
}

/* One character at each place of texts of each length: blocks of bytes are folded together, and what is left. */
static void test_folding_places(struct check *check) {
    enum { LONGEST = 140 };
    static const struct {
        const char *from, *to;
    } marks[] = {{"A", "a"}, {"Z", "z"}, {"@", "@"}, {"[", "["}, {"\x7F", "\x7F"}, {"\xC3\x89", "\xC3\xA9"}};
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t width = strlen(marks[i].from);
        for (size_t length = width; length <= LONGEST; length++) {
            for (size_t at = 0; at + width <= length; at++) {
                char text[LONGEST], expected[LONGEST];
                memset(text, 'x', sizeof text);
                memset(expected, 'x', sizeof expected);
                memcpy(text + at, marks[i].from, width);
                memcpy(expected + at, marks[i].to, width);
                struct slu_string folded, from = {text, length};
                wrong += !slu_unicode_fold_string(&arena, from, &folded) || folded.length != length ||
                         memcmp(folded.bytes, expected, length) != 0 || slu_unicode_is_ascii(from) != (width == 1);
                slu_arena_reset(&arena);
            }
        }
    }
    CHECK(check, wrong == 0);
    slu_arena_free(&arena);
}

/* Both ways agree, for every code point. */
static void test_fold_classes(struct check *check) {
    unsigned wrong = 0;
    size_t in_classes = 0;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        uint32_t folded = slu_unicode_fold(code_point);
        uint32_t members[4];
        size_t count = slu_unicode_fold_class(code_point, members);
        bool itself = false;
        for (size_t index = 0; index < count; index++) {
            itself |= members[index] == code_point;
            wrong += slu_unicode_fold(members[index]) != folded;
        }
        wrong += !itself || slu_unicode_fold(folded) != folded;
        in_classes += count > 1;
    }
    size_t cursor = 0;
    uint32_t members[4];
    for (size_t count = slu_unicode_next_fold_class(&cursor, members); count > 0;
         count = slu_unicode_next_fold_class(&cursor, members)) {
        wrong += count < 2;
        in_classes -= count;
    }
    CHECK(check, wrong == 0 && in_classes == 0);
    CHECK(check, slu_unicode_fold_class('k', members) == 3 && slu_unicode_fold_class(0x3B8, members) == 4);
    CHECK(check, slu_unicode_fold_class('1', members) == 1 && members[0] == '1');
}

static bool is_place(struct slu_place place, uint32_t line, uint32_t column) {
    return place.line == line && place.column == column;
}

static void test_places(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_sources sources;
    slu_sources_init(&sources, &arena);
    uint32_t file = UINT32_MAX;
    /* More files than the first allocation holds. */
    for (uint32_t number = 0; number < 40; number++) {
        CHECK(check, slu_sources_add(&sources, SLU_STRING("a.rules"), SLU_STRING("one\ntwo"), number % 2 == 0, &file) &&
                         file == number);
    }
    CHECK(check, sources.items[38].standard && !sources.items[39].standard);
    CHECK(check, is_place(slu_sources_place(&sources, 0, 0), 1, 1));
    CHECK(check, is_place(slu_sources_place(&sources, 0, 3), 1, 4)); /* the line's end belongs to it */
    CHECK(check, is_place(slu_sources_place(&sources, 0, 4), 2, 1));
    CHECK(check, is_place(slu_sources_place(&sources, 0, 7), 2, 4));
    CHECK(check, is_place(slu_sources_place(&sources, 0, 1000), 2, 4));
    CHECK_TEXT(check, slu_sources_slice(&sources, (struct slu_span){0, 2, 5}), "e\nt");
    CHECK_TEXT(check, slu_sources_slice(&sources, (struct slu_span){0, 7, 7}), "");

    slu_sources_add(&sources, SLU_STRING("b.rules"), SLU_STRING("\xC3\xA9\tx\r\n\n\r\nlast\n"), false, &file);
    CHECK(check, is_place(slu_sources_place(&sources, file, 3), 1, 3));
    CHECK_TEXT(check, slu_sources_line(&sources, file, 1), "\xC3\xA9\tx");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 2), "");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 3), "");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 4), "last");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 5), "");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 6), "");
    CHECK_TEXT(check, slu_sources_line(&sources, file, 0), "");

    slu_sources_add(&sources, SLU_STRING("empty.rules"), (struct slu_string){NULL, 0}, false, &file);
    CHECK(check, is_place(slu_sources_place(&sources, file, 0), 1, 1));
    CHECK_TEXT(check, slu_sources_line(&sources, file, 1), "");
    slu_arena_free(&arena);
}

/* One file and its findings. */
struct findings {
    struct slu_arena arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_buffer out;
};

static void findings_init(struct findings *findings, struct slu_string text) {
    uint32_t file;
    slu_arena_init(&findings->arena, 0);
    slu_sources_init(&findings->sources, &findings->arena);
    slu_sources_add(&findings->sources, SLU_STRING("a.rules"), text, false, &file);
    slu_diagnostics_init(&findings->diagnostics, &findings->arena, &findings->sources);
    slu_buffer_init(&findings->out);
}

static void findings_free(struct findings *findings) {
    slu_buffer_free(&findings->out);
    slu_arena_free(&findings->arena);
}

static struct slu_string rendered(struct findings *findings, const struct slu_diagnostic *diagnostic, bool colour) {
    slu_buffer_clear(&findings->out);
    slu_diagnostic_render(&findings->diagnostics, diagnostic, colour, &findings->out);
    return slu_buffer_string(&findings->out);
}

static void test_rendering(struct check *check) {
    struct findings findings;
    findings_init(&findings, SLU_STRING("list colours is \"red\"\nwhen\tcolor is \"\xC3\xA9\" and lsit is known\n"));
    struct slu_diagnostics *diagnostics = &findings.diagnostics;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME,
                                                            (struct slu_span){0, 27, 32}, "no field `%s`", "color");
    slu_diagnostics_note(diagnostics, diagnostic, "did you mean `%s`?", "colours");
    slu_diagnostics_note_at(diagnostics, diagnostic, (struct slu_span){0, 5, 12}, "declared here");
    CHECK_TEXT(check, rendered(&findings, diagnostic, false),
               "a.rules:2:6: error[unknown-name]: no field `color`\n"
               "when color is \"\xC3\xA9\" and lsit is known\n"
               "     ^~~~~\n"
               "  note: did you mean `colours`?\n"
               "a.rules:1:6: note: declared here\n"
               "list colours is \"red\"\n"
               "     ^~~~~~~\n");
    slu_buffer_clear(&findings.out);
    slu_diagnostic_render_json(diagnostics, diagnostic, &findings.out);
    CHECK_TEXT(check, slu_buffer_string(&findings.out),
               "{\"file\":\"a.rules\",\"line\":2,\"column\":6,\"severity\":\"error\",\"code\":\"unknown-name\","
               "\"message\":\"no field `color`\",\"notes\":[\"did you mean `colours`?\","
               "\"a.rules:1:6: declared here\"]}\n");

    /* Past a character of two bytes the caret stays below. */
    diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_AFTER_OTHERWISE, (struct slu_span){0, 45, 49}, "x");
    CHECK_TEXT(check, rendered(&findings, diagnostic, false),
               "a.rules:2:23: error[after-otherwise]: x\n"
               "when color is \"\xC3\xA9\" and lsit is known\n"
               "                      ^~~~\n");
    diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_UNUSED_NAME, (struct slu_span){0, 61, 61}, "end");
    CHECK_TEXT(check, rendered(&findings, diagnostic, false),
               "a.rules:3:1: hint[unused-name]: end\n"
               "\n"
               "^\n");
    /* A span over several lines: the first one's rest. */
    diagnostic = slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_EMPTY_RULESET, (struct slu_span){0, 16, 40}, "long");
    CHECK_TEXT(check, rendered(&findings, diagnostic, true),
               "a.rules:1:17: \x1b[1;33mwarning\x1b[0m[empty-ruleset]: long\n"
               "list colours is \"red\"\n"
               "                \x1b[32m^~~~~\x1b[0m\n");
    CHECK(check, diagnostics->count == 4 && diagnostics->error_count == 2 && diagnostics->warning_count == 1);
    slu_diagnostics_sort(diagnostics);
    CHECK(check, diagnostics->items[0].code == SLU_DIAGNOSTIC_EMPTY_RULESET);
    CHECK(check, diagnostics->items[3].code == SLU_DIAGNOSTIC_UNUSED_NAME);
    CHECK(check, !diagnostics->failed);
    findings_free(&findings);
}

/* Control characters and what is not UTF-8 neither reach the terminal nor
 * break the JSON. */
static void test_hostile_text(struct check *check) {
    struct findings findings;
    findings_init(&findings, SLU_STRING("a\x1b[2J\xC2\x9B\xFF\x80z\0"));
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(&findings.diagnostics, SLU_DIAGNOSTIC_SYNTAX, (struct slu_span){0, 9, 10}, "\x1b\xFF\n");
    CHECK_TEXT(check, rendered(&findings, diagnostic, false),
               "a.rules:1:8: error[syntax]: \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n"
               "a\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\n"
               "       ^\n");
    slu_buffer_clear(&findings.out);
    slu_diagnostic_render_json(&findings.diagnostics, diagnostic, &findings.out);
    CHECK(check, slu_utf8_valid_prefix(slu_buffer_string(&findings.out)) == findings.out.length);
    findings_free(&findings);
    findings_init(&findings, SLU_STRING(""));
    diagnostic = slu_diagnostics_add(&findings.diagnostics, SLU_DIAGNOSTIC_UNREADABLE_FILE, (struct slu_span){0, 0, 0},
                                     "cannot be read");
    CHECK_TEXT(check, rendered(&findings, diagnostic, false), "a.rules:1:1: error[unreadable-file]: cannot be read\n");
    findings_free(&findings);
}

/* The excerpt of a line of `length` letters with the caret at `at`. */
static void test_long_line(struct check *check, size_t length, uint32_t at, uint32_t span, bool cut_left,
                           bool cut_right, size_t caret, size_t tildes) {
    struct slu_buffer line;
    slu_buffer_init(&line);
    slu_buffer_add_repeated(&line, 'x', length);
    struct findings findings;
    findings_init(&findings, slu_buffer_string(&line));
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(&findings.diagnostics, SLU_DIAGNOSTIC_SYNTAX, (struct slu_span){0, at, at + span}, "m");
    struct slu_buffer expected;
    slu_buffer_init(&expected);
    slu_buffer_add_format(&expected, "a.rules:1:%u: error[syntax]: m\n%s", (unsigned)at + 1,
                          cut_left ? "\xE2\x80\xA6" : "");
    size_t shown = length < 160 ? length : 160;
    slu_buffer_add_repeated(&expected, 'x', shown - cut_left - cut_right);
    slu_buffer_add_format(&expected, "%s\n%*s^", cut_right ? "\xE2\x80\xA6" : "", (int)caret, "");
    slu_buffer_add_repeated(&expected, '~', tildes);
    slu_buffer_add_text(&expected, "\n");
    slu_buffer_add_byte(&expected, '\0');
    CHECK_TEXT(check, rendered(&findings, diagnostic, false), expected.bytes);
    slu_buffer_free(&expected);
    findings_free(&findings);
    slu_buffer_free(&line);
}

static void test_long_lines(struct check *check) {
    test_long_line(check, 160, 150, 10, false, false, 150, 9);
    test_long_line(check, 160, 160, 0, false, false, 160, 0);
    test_long_line(check, 161, 0, 161, false, true, 0, 159);
    test_long_line(check, 161, 160, 1, true, false, 159, 0);
    test_long_line(check, 161, 161, 0, true, false, 160, 0);
    test_long_line(check, 1000, 10, 5, false, true, 10, 4);
    test_long_line(check, 1000, 500, 5, true, true, 80, 4);
    test_long_line(check, 1000, 500, 400, true, true, 80, 79);
    test_long_line(check, 1000, 990, 10, true, false, 150, 9);
}

static struct slu_diagnostic *add_at(struct findings *findings, enum slu_diagnostic_code code, uint32_t at) {
    return slu_diagnostics_add(&findings->diagnostics, code, (struct slu_span){0, at, at + 1}, "number %u",
                               (unsigned)at);
}

static void test_many_findings(struct check *check) {
    struct findings findings;
    findings_init(&findings, SLU_STRING("x"));
    struct slu_diagnostics *diagnostics = &findings.diagnostics;
    CHECK(check, add_at(&findings, SLU_DIAGNOSTIC_SYNTAX, 0) != NULL);
    CHECK(check, add_at(&findings, SLU_DIAGNOSTIC_SYNTAX, 0) == NULL); /* there already */
    CHECK(check, add_at(&findings, SLU_DIAGNOSTIC_LIMIT, 0) != NULL);
    CHECK(check, diagnostics->count == 2 && diagnostics->error_count == 2 && diagnostics->left_off == 0);
    slu_diagnostics_note(diagnostics, NULL, "about nothing");

    for (uint32_t at = 1; at <= 50000; at++) {
        add_at(&findings, SLU_DIAGNOSTIC_UNUSED_NAME, at);
        add_at(&findings, SLU_DIAGNOSTIC_UNUSED_NAME, at);
    }
    CHECK(check, diagnostics->count == SLU_LIMIT_DIAGNOSTICS && diagnostics->error_count == 2);
    CHECK(check, diagnostics->left_off == 50002 - SLU_LIMIT_DIAGNOSTICS);
    /* What weighs more takes the place of a hint. */
    CHECK(check, add_at(&findings, SLU_DIAGNOSTIC_EMPTY_RULESET, 1) != NULL && diagnostics->warning_count == 1);

    /* An error takes that of hints, and then of the warning. */
    for (uint32_t at = 1; at <= 2000; at++) {
        CHECK(check, (add_at(&findings, SLU_DIAGNOSTIC_SYNTAX, at) != NULL) == (at <= SLU_LIMIT_DIAGNOSTICS - 2));
    }
    CHECK(check, diagnostics->count == SLU_LIMIT_DIAGNOSTICS && diagnostics->error_count == 2002);
    CHECK(check, diagnostics->count + diagnostics->left_off == 52003);
    slu_diagnostics_sort(diagnostics);
    CHECK(check, diagnostics->items[0].code == SLU_DIAGNOSTIC_SYNTAX); /* at one place: as they were found */
    CHECK(check, diagnostics->items[1].code == SLU_DIAGNOSTIC_LIMIT);
    CHECK_TEXT(check, diagnostics->items[2].message, "number 1");
    findings_free(&findings);
}

static void test_words(struct check *check) {
    CHECK(check, strcmp(slu_severity_word(SLU_SEVERITY_HINT), "hint") == 0);
    for (int left = 0; left < SLU_DIAGNOSTIC_COUNT; left++) {
        const char *word = slu_diagnostic_code_word((enum slu_diagnostic_code)left);
        CHECK(check, word[0] != '\0' && word[strspn(word, "abcdefghijklmnopqrstuvwxyz-")] == '\0');
        for (int right = 0; right < left; right++) {
            CHECK(check, strcmp(word, slu_diagnostic_code_word((enum slu_diagnostic_code)right)) != 0);
        }
    }
}

/* Losing memory while recording or showing is said, never a crash. */
static void record_and_show(void *context) {
    struct check *check = context;
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_sources sources;
    slu_sources_init(&sources, &arena);
    struct slu_diagnostics diagnostics;
    slu_diagnostics_init(&diagnostics, &arena, &sources);
    struct slu_buffer out;
    slu_buffer_init(&out);
    uint32_t file;
    if (slu_sources_add(&sources, SLU_STRING("a.rules"), SLU_STRING("x\ny"), false, &file)) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(&diagnostics, SLU_DIAGNOSTIC_SYNTAX, (struct slu_span){file, 2, 3}, "message");
        slu_diagnostics_note_at(&diagnostics, diagnostic, (struct slu_span){file, 0, 1}, "note %5000d", 1);
        CHECK(check, diagnostic != NULL || diagnostics.failed);
        CHECK(check, diagnostics.error_count == 1);
        if (diagnostic != NULL) {
            slu_diagnostic_render(&diagnostics, diagnostic, true, &out);
            slu_diagnostic_render_json(&diagnostics, diagnostic, &out);
            CHECK(check, out.failed || out.length > 0);
        }
    }
    slu_buffer_free(&out);
    slu_arena_free(&arena);
}

int main(void) {
    struct check check = {0, 0};
    test_valid_utf8(&check);
    test_every_character(&check);
    test_folding(&check);
    test_folding_places(&check);
    test_fold_classes(&check);
    test_places(&check);
    test_rendering(&check);
    test_hostile_text(&check);
    test_long_lines(&check);
    test_many_findings(&check);
    test_words(&check);
    CHECK(&check, failing_memory_try_all(record_and_show, &check) >= 4);
    return check_finish(&check);
}
