/* engine/text: regular expressions, what they find and what is refused. */
#include "engine/base/buffer.h"
#include "engine/base/limits.h"
#include "engine/text/pattern_internal.h"
#include "engine/text/scanner.h"
#include "tests/unit/check.h"
#include "tests/unit/failing_memory.h"

#include <string.h>

/* The message where compiling fails, else "found" or "not found". */
static struct slu_string outcome(struct slu_string text, struct slu_string subject, bool exactly,
                                 struct slu_pattern_error *error) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    const struct slu_pattern *pattern;
    struct slu_string result;
    bool failed = false;
    switch (slu_pattern_compile(&arena, text, exactly, &pattern, error)) {
    case SLU_PATTERN_OK:
        result = slu_pattern_found(pattern, subject, &arena, &failed) ? SLU_STRING("found") : SLU_STRING("not found");
        break;
    case SLU_PATTERN_INVALID:
        result = slu_string_from(error->message);
        break;
    case SLU_PATTERN_NO_MEMORY:
    default:
        result = SLU_STRING("no memory");
        break;
    }
    slu_arena_free(&arena);
    return failed ? SLU_STRING("no memory to match") : result;
}

struct search {
    const char *pattern, *subject;
    bool found;
};

static void test_searches(struct check *check, const struct search *cases, size_t count, bool exactly) {
    for (size_t index = 0; index < count; index++) {
        const struct search *search = &cases[index];
        struct slu_pattern_error error;
        struct slu_string got =
            outcome(slu_string_from(search->pattern), slu_string_from(search->subject), exactly, &error);
        if (!CHECK_TEXT(check, got, search->found ? "found" : "not found")) {
            printf("  /%s/ in \"%s\"\n", search->pattern, search->subject);
        }
    }
}

#define TEST_SEARCHES(check, cases, exactly)                                                                           \
    test_searches((check), (cases), sizeof(cases) / sizeof((cases)[0]), (exactly))

static void test_syntax(struct check *check) {
    static const struct search cases[] = {
        {"", "", true},
        {"", "x", true},
        {"abc", "xxabcxx", true},
        {"abc", "ab", false},
        {"a.c", "a\nc", false},
        {"a.c", "a\rc", true},
        {"a.c",
         "a\xC3\xA9"
         "c",
         true}, /* one character, not one byte */
        {"^a..c$",
         "a\xC3\xA9"
         "c",
         false},
        {"^.$", "\xF0\x9F\x98\x80", true},
        {"^abc$", "abc", true},
        {"^abc$", "abc\n", false}, /* the text's ends, no line's */
        {"^b", "a\nb", false},
        {"a$", "a\nb", false},
        {"x^a", "xa", false},
        {"a$b", "ab", false},
        {"(^|,)a(,|$)", "b,a", true},
        {"(^|,)a(,|$)", "b,ab", false},
        {"$", "", true},
        {"^$", "x", false},
        {"[abc]", "xxb", true},
        {"[^abc]", "abc", false},
        {"[^abc]", "ab\n", true}, /* a negated class takes newlines */
        {"[a-cx-z]+$", "mxyzabc", true},
        {"[a\\-z]", "-", true},
        {"[-a]", "-", true},
        {"[a-]", "-", true},
        {"[a-c-e]", "-", true},
        {"[a-c-e]", "d", false},
        {"[a^]", "^", true},
        {"[\\]\\[]", "]", true},
        {"[[]", "[", true},
        {"[.*+?(){}|$]", "$", true},
        {"[.]", "a", false},
        {"[\\d-]", "-", true},
        {"[\\w.]+@[\\w.]+", "mail ann@example.com", true},
        {"[^\\d]", "0123", false},
        {"[^\\D]", "x7", true},
        {"[\\s\\S]", "\n", true},
        {"[^\\s\\S]", "x", false},
        {"\\d\\d", "4", false},
        {"^\\d+$", "\xD9\xA3", false}, /* ARABIC-INDIC DIGIT THREE is none */
        {"\\s", "\xC2\xA0", false},    /* nor is NO-BREAK SPACE a space */
        {"^\\S$", "\xC2\xA0", true},
        {"^\\W$", "\xC3\xA9", true},
        {"[\\t\\n\\v\\f\\r ]{6}", "\t\n\v\f\r ", true},
        {"^\\s{6}$", "\t\n\v\f\r ", true},
        {"\\bcat\\b", "a cat.", true},
        {"\\bcat\\b", "concat", false},
        {"\\Bcat\\b", "concat", true},
        {"\\b", "", false},
        {"\\B", "", true},
        {"\\b", " - ", false},
        {"caf\\b", "caf\xC3\xA9", true}, /* the boundary is ASCII's */
        {"a|b|cd", "xcd", true},
        {"a|", "zzz", true},
        {"^(a|b|)$", "", true},
        {"^(?:a|b)c$", "bc", true},
        {"()", "", true},
        {"(()|){1000}x", "x", true},
        {"^a*$", "aaaa", true},
        {"^a+$", "", false},
        {"^ab?c$", "ac", true},
        {"^a{3}$", "aaa", true},
        {"^a{3}$", "aaaa", false},
        {"^a{2,}$", "a", false},
        {"^a{2,}$", "aaaaa", true},
        {"^a{1,3}$", "aaaa", false},
        {"^a{0,2}$", "aa", true},
        {"^a{0}b$", "b", true},
        {"^a{0}b$", "ab", false},
        {"^(a?b){0,2}$", "abb", true},
        {"^(ab){2,3}$", "abababab", false},
        {"^a*?$", "aaa", true},
        {"^a+?b??c{1,2}?$", "aacc", true},
        {"(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false},
        {"\\x41\\u{42}\\u{1F600}", "AB\xF0\x9F\x98\x80", true},
        {"^[\\x00-\\x1f]$", "\x01", true},
        {"[\\u{1F600}-\\u{1F64F}]", "\xF0\x9F\x98\x80", true},
        {"[\\u{1F600}-\\u{1F64F}]", "\xF0\x9F\x97\xBF", false},
        {"\\u{10FFFF}", "\xF4\x8F\xBF\xBF", true},
        {"https:\\/\\/a\\.b", "https://a.b", true},
        {"a/b", "a/b", true},
        {"\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\\\\\-\\!\\\"\\@", ".*+?()[]{}|^$\\-!\"@", true},
        {"\\n\\t\\r\\f\\v", "\n\t\r\f\v", true},
        {"\xE2\x82\xAC+", "100\xE2\x82\xAC", true},
        {"[\xE2\x82\xAC$]", "\xE2\x82\xAC", true},
    };
    TEST_SEARCHES(check, cases, true);
}

#define KELVIN "\xE2\x84\xAA"
#define LONG_S "\xC5\xBF"

static void test_letter_case(struct check *check) {
    static const struct search ignored[] = {
        {"REFUND", "a refund", true},
        {"refund", "A ReFuNd", true},
        {"[a-z]+$", "0ABC", true},
        {"[A-C]", "b", true},
        {"[^a]", "A", false},
        {"k", KELVIN, true},
        {KELVIN, "k", true},
        {"[j-l]", KELVIN, true},
        {"[^k]", KELVIN, false},
        {"[^k]", "K", false},
        {"[^j-l]", "KJL" KELVIN, false},
        {"[^j-l]", "m", true},
        {"\\x4b", KELVIN, true},
        {"\\w", KELVIN, false}, /* named sets stay ASCII */
        {"\\W", KELVIN, true},
        {"\\W", "kK_s", false},
        {"[\\w]", LONG_S, false},
        {"[^\\w]", LONG_S, true},
        {"[\\wk]", KELVIN, true}, /* but what is written beside them does not */
        {"[^\\wk]", KELVIN, false},
        {"[\\W]", "K", false},
        {"s", LONG_S, true},
        {"\xC3\x89t\xC3\xA9", "\xC3\xA9T\xC3\x89", true}, /* Été */
        {"\xCF\x83", "\xCF\x82", true},                   /* both sigmas */
        {"\xC3\x9F", "ss", false},                        /* folding is simple */
        {"\xC3\x9F", "\xE1\xBA\x9E", true},               /* sharp s, capital sharp s */
        {"i", "\xC4\xB0", false},                         /* dotted capital I is Turkish */
        {"[\\u{0}-\\u{10FFFF}]", KELVIN, true},
        {"[\\u{100}-\\u{10FFFF}]", "k", true}, /* KELVIN SIGN is in the range */
        {"[\\u{100}-\\u{2129}]", "k", false},
        {"\\u{10400}", "\xF0\x90\x90\xA8", true}, /* Deseret */
    };
    TEST_SEARCHES(check, ignored, false);
    static const struct search exactly[] = {
        {"VIP", "vip", false}, {"VIP", "a VIP", true}, {"[a-z]", "A", false}, {"k", KELVIN, false}, {"[^k]", "K", true},
    };
    TEST_SEARCHES(check, exactly, true);
}

#define LINEAR "rules only know regular expressions that run in linear time"
#define ESCAPES "only \\d \\w \\s \\b, their capitals, \\n \\t \\r \\f \\v, \\x41, \\u{e9} and punctuation are escaped"
#define COUNTS "{ begins a count such as {2}, {2,} or {2,5}; write \\{ for the character itself"
#define NAMES "groups have no names, nothing reads what they match; write ( )"
#define FLAGS                                                                                                          \
    "flags are not known; case is ignored unless the rule says `matches exactly`, and (?: is the only group that "     \
    "begins with (?"
#define POSSESSIVE "possessive repetition is not known: matching takes linear time without it; take this + away"

static void test_refusals(struct check *check) {
    static const struct {
        struct slu_string pattern;
        size_t at;
        const char *message;
    } cases[] = {
#define REFUSED(pattern, at, message) {SLU_STRING_ENTRY(pattern), at, message}
        REFUSED("(a)\\1", 3, "\\1 refers back to a group: " LINEAR "; write the alternatives out"),
        REFUSED("\\k<a>", 0, "\\k: back-references are not possible: " LINEAR),
        REFUSED("\\g{1}", 0, "\\g: back-references are not possible: " LINEAR),
        REFUSED("(?P=a)", 0, "(?P= refers back to a group: " LINEAR),
        REFUSED("a(?=b)", 1, "(?= looks ahead: " LINEAR "; use a second condition"),
        REFUSED("(?!b)", 0, "(?! looks ahead: " LINEAR "; use `and not`"),
        REFUSED("(?<=b)", 0, "(?<= looks behind: " LINEAR "; match the text before as well"),
        REFUSED("(?<!b)", 0, "(?<! looks behind: " LINEAR "; use `and not`"),
        REFUSED("(?>b)", 0, "atomic groups are not known: matching takes linear time without them; write ( )"),
        REFUSED("(?<a>b)", 0, NAMES),
        REFUSED("(?P<a>b)", 0, NAMES),
        REFUSED("(?'a'b)", 0, NAMES),
        REFUSED("(?P>a)", 0, "(?P> calls a group: " LINEAR "; write it out"),
        REFUSED("(?&a)", 0, "(?& calls a group: " LINEAR "; write it out"),
        REFUSED("(?R)", 0, "(?R calls the expression itself: " LINEAR),
        REFUSED("(?(1)a)", 0, "conditions are not known: " LINEAR "; use |"),
        REFUSED("(?|a)", 0, "(?| is not known; write ( )"),
        REFUSED("(?#a)", 0, "comments are not known here; write them as # lines of the rules"),
        REFUSED("(?i)a", 0, FLAGS),
        REFUSED("(?", 0, FLAGS),
        REFUSED("\\p{L}", 0, "\\p: Unicode properties are not known; list the characters or ranges in [ ]"),
        REFUSED("\\P{L}", 0, "\\P: Unicode properties are not known; list the characters or ranges in [ ]"),
        REFUSED("\\A", 0, "\\A: write ^ for the start of the text"),
        REFUSED("\\z", 0, "\\z: write $ for the end of the text"),
        REFUSED("\\Z", 0, "\\Z: write $ for the end of the text"),
        REFUSED("\\Qa\\E", 0, "\\Q: quoting is not known; put \\ before each punctuation character"),
        REFUSED("\\h", 0, "\\h: write [ \\t] for a space or tab"),
        REFUSED("\\R", 0, "\\R: write \\r?\\n for a line end"),
        REFUSED("\\N", 0, "\\N: write . for anything but a newline"),
        REFUSED("\\e", 0, "\\e: write \\x1b for the escape character"),
        REFUSED("\\a", 0, "\\a: write \\x07 for the bell character"),
        REFUSED("\\0", 0, "\\0: write \\x00 for the NUL character"),
        REFUSED("\\q", 0, "\\q: " ESCAPES),
        REFUSED("[\\q]", 1, "\\q: " ESCAPES),
        REFUSED("\\\xC3\xA9", 0, "\\ stands before a character that needs none; take it away"),
        REFUSED("\\ ", 0, "\\ stands before a character that needs none; take it away"),
        REFUSED("\\\0", 0, "\\ stands before a character that needs none; take it away"),
        REFUSED("a\\", 1, "\\ stands at the end; write \\\\ for the character itself"),
        REFUSED("[\\", 1, "\\ stands at the end; write \\\\ for the character itself"),
        REFUSED("\\x4", 0, "\\x needs two hexadecimal digits, as in \\x41; for more write \\u{1F600}"),
        REFUSED("\\xg0", 0, "\\x needs two hexadecimal digits, as in \\x41; for more write \\u{1F600}"),
        REFUSED("\\u0041", 0, "\\u needs braces, as in \\u{e9} or \\u{1F600}"),
        REFUSED("\\u{}", 0, "\\u{ } needs one to six hexadecimal digits, as in \\u{1F600}"),
        REFUSED("\\u{41", 0, "\\u{ } needs one to six hexadecimal digits, as in \\u{1F600}"),
        REFUSED("\\u{0000041}", 0, "\\u{ } needs one to six hexadecimal digits, as in \\u{1F600}"),
        REFUSED("\\u{110000}", 0, "\\u{110000} is not a character: they go from 0 to 10FFFF, without D800 to DFFF"),
        REFUSED("\\u{DFFF}", 0, "\\u{DFFF} is not a character: they go from 0 to 10FFFF, without D800 to DFFF"),
        REFUSED("a++", 2, POSSESSIVE),
        REFUSED("a*+", 2, POSSESSIVE),
        REFUSED("a{2}+", 4, POSSESSIVE),
        REFUSED("a**", 2, "a repetition cannot be repeated as it is; put it into ( ) first"),
        REFUSED("a+?{2}", 3, "a repetition cannot be repeated as it is; put it into ( ) first"),
        REFUSED("*a", 0, "there is nothing before this * to repeat; write \\* for the character itself"),
        REFUSED("a|+", 2, "there is nothing before this + to repeat; write \\+ for the character itself"),
        REFUSED("(?:?)", 3, "there is nothing before this ? to repeat; write \\? for the character itself"),
        REFUSED("{2}", 0, "there is nothing before this { to repeat; write \\{ for the character itself"),
        REFUSED("^*", 1, "* repeats a place between characters; write \\* for the character itself"),
        REFUSED("\\b{2}", 2, "{ repeats a place between characters; write \\{ for the character itself"),
        REFUSED("a{", 1, COUNTS),
        REFUSED("a{x}", 1, COUNTS),
        REFUSED("a{1", 1, COUNTS),
        REFUSED("a{1,2", 1, COUNTS),
        REFUSED("a{,2}", 1, COUNTS),
        REFUSED("a{1,x}", 1, COUNTS),
        REFUSED("a{5,2}", 1, "{5,2} counts backwards; write {2,5}"),
        REFUSED("a{1001}", 2, "a count is at most 1000; use * or + where the number does not matter"),
        REFUSED("a{1,9999999999999}", 4, "a count is at most 1000; use * or + where the number does not matter"),
        REFUSED("(a", 0, "this ( has no ); write \\( for the character itself"),
        REFUSED("x(a|(b)", 1, "this ( has no ); write \\( for the character itself"),
        REFUSED("a)", 1, "this ) has no (; write \\) for the character itself"),
        REFUSED("[a", 0, "this [ has no ]; write \\[ for the character itself"),
        REFUSED("x[^a-", 1, "this [ has no ]; write \\[ for the character itself"),
        REFUSED("[]", 0, "the class is empty; write \\] for a ] inside [ ]"),
        REFUSED("[^]", 0, "the class is empty; write \\] for a ] inside [ ]"),
        REFUSED("a]", 1, "this ] closes nothing; write \\] for the character itself"),
        REFUSED("a}", 1, "this } closes nothing; write \\} for the character itself"),
        REFUSED("[xz-a]", 2, "the range z-a runs backwards; swap its ends, or write \\- for a -"),
        REFUSED("[a-\\d]", 3, "\\d is a set and cannot end a range; write \\- for a - beside it"),
        REFUSED("[\\w-z]", 1, "\\w is a set and cannot begin a range; write \\- for a - beside it"),
        REFUSED("[\\b]", 1, "\\b is a place between characters and cannot stand in [ ]; write \\x08 for a backspace"),
        REFUSED("[\\B]", 1, "\\B is a place between characters and cannot stand in [ ]"),
        REFUSED("[[:alpha:]]", 1, "classes such as [:alpha:] are not known; write ranges such as a-z, and \\[ for a ["),
        REFUSED("ab\xFF", 2, "the expression is not valid UTF-8 here"),
        REFUSED("(a{1000}){10}", 9,
                "the expression is too large from here on: it needs more than 10000 states; shorten it or its counts"),
        REFUSED("((((a{1000}){1000}){1000}){1000}){0}", 12,
                "the expression is too large from here on: it needs more than 10000 states; shorten it or its counts"),
#undef REFUSED
    };
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        struct slu_pattern_error error = {.at = SIZE_MAX, .message = ""};
        struct slu_string pattern = cases[index].pattern;
        bool same = CHECK_TEXT(check, outcome(pattern, SLU_STRING(""), false, &error), cases[index].message);
        if (!CHECK(check, error.at == cases[index].at) || !same) {
            printf("  /%.*s/ at %zu\n", (int)pattern.length, pattern.bytes, error.at);
        }
    }
}

/* `count` times `part` between `before` and `after`. */
static struct slu_string repeated(struct slu_buffer *buffer, const char *before, const char *part, size_t count,
                                  const char *after) {
    slu_buffer_clear(buffer);
    slu_buffer_add_text(buffer, before);
    for (size_t done = 0; done < count; done++) {
        slu_buffer_add_text(buffer, part);
    }
    slu_buffer_add_text(buffer, after);
    return slu_buffer_string(buffer);
}

static void test_limits(struct check *check) {
    static const char too_large[] =
        "the expression is too large from here on: it needs more than 10000 states; shorten it or its counts";
    struct slu_buffer text;
    slu_buffer_init(&text);
    struct slu_pattern_error error;
    /* One state is the accepting one. */
    struct slu_string pattern = repeated(&text, "", "x", SLU_LIMIT_PATTERN_STATES - 1, "");
    CHECK_TEXT(check, outcome(pattern, pattern, false, &error), "found");
    pattern = repeated(&text, "", "x", SLU_LIMIT_PATTERN_STATES, "");
    CHECK_TEXT(check, outcome(pattern, pattern, false, &error), too_large);
    CHECK(check, error.at == SLU_LIMIT_PATTERN_STATES - 1);
    pattern = repeated(&text, "x", "|", SLU_LIMIT_PATTERN_STATES, "");
    CHECK_TEXT(check, outcome(pattern, SLU_STRING(""), false, &error), too_large);

    CHECK_TEXT(check, outcome(SLU_STRING("^(a{1000}){9}$"), repeated(&text, "", "a", 9000, ""), false, &error),
               "found");

    slu_buffer_clear(&text);
    slu_buffer_add_repeated(&text, '(', SLU_LIMIT_NESTING);
    slu_buffer_add_repeated(&text, ')', SLU_LIMIT_NESTING);
    CHECK_TEXT(check, outcome(slu_buffer_string(&text), SLU_STRING(""), false, &error), "found");
    slu_buffer_clear(&text);
    slu_buffer_add_repeated(&text, '(', 100000);
    CHECK_TEXT(check, outcome(slu_buffer_string(&text), SLU_STRING(""), false, &error),
               "more than 200 groups stand inside one another");
    CHECK(check, error.at == SLU_LIMIT_NESTING);
    slu_buffer_free(&text);
}

/* What backtracking would take longer than the universe lasts for. */
static void test_linear_time(struct check *check) {
    struct slu_buffer subject;
    slu_buffer_init(&subject);
    slu_buffer_add_repeated(&subject, 'a', 20000);
    struct slu_pattern_error error;
    static const char *const patterns[] = {"(a*)*b",        "(a|a)*b",         "(a|aa)+$b",
                                           "(.*)(.*)(.*)b", "(((a?){9}){9})b", "^(([a-z])+.)+[A-Z]([a-z])+$b"};
    for (size_t index = 0; index < sizeof(patterns) / sizeof(patterns[0]); index++) {
        CHECK_TEXT(check, outcome(slu_string_from(patterns[index]), slu_buffer_string(&subject), true, &error),
                   "not found");
    }
    slu_buffer_free(&subject);
}

/* What the prover relies on. */
static void test_automaton(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    const struct slu_pattern *pattern = NULL;
    struct slu_pattern_error error;
    struct slu_string text = SLU_STRING("^([^k]|\\W{2}|[\\u{D000}-\\u{E000}])*");
    if (!CHECK(check, slu_pattern_compile(&arena, text, false, &pattern, &error) == SLU_PATTERN_OK)) {
        return;
    }
    CHECK(check, slu_string_equal(slu_pattern_text(pattern), text) && slu_pattern_text(pattern).bytes != text.bytes);
    CHECK(check, pattern->states[0].kind == SLU_PATTERN_FOUND && pattern->anchored && pattern->may_take_nothing);
    unsigned wrong = 0;
    for (uint32_t number = 0; number < pattern->class_count; number++) {
        const struct slu_pattern_class *class = &pattern->classes[number];
        for (uint32_t index = 0; index < class->range_count; index++) {
            struct slu_pattern_range range = class->ranges[index];
            wrong += range.first > range.last || range.last > 0x10FFFF;
            wrong += range.first <= 0xDFFF && range.last >= 0xD800;
            wrong += index > 0 && range.first <= class->ranges[index - 1].last + 1;
        }
        for (uint32_t code_point = 0; code_point < 128; code_point++) {
            bool inside = false;
            for (uint32_t index = 0; index < class->range_count; index++) {
                inside |= code_point >= class->ranges[index].first && code_point <= class->ranges[index].last;
            }
            wrong += inside != slu_pattern_class_has(class, code_point);
        }
    }
    CHECK(check, wrong == 0 && pattern->class_count == 3); /* a repeated class is there once */
    slu_arena_free(&arena);
}

/* Small automata need no memory to match, large ones one piece. */
static void test_matching_memory(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    const struct slu_pattern *small = NULL;
    const struct slu_pattern *large = NULL;
    struct slu_pattern_error error;
    bool failed = false;
    slu_pattern_compile(&arena, SLU_STRING("refund|money"), false, &small, &error);
    slu_pattern_compile(&arena, SLU_STRING("(refund|money){50}"), false, &large, &error);
    failing_memory_arm(0);
    CHECK(check, slu_pattern_found(small, SLU_STRING("my money"), &scratch, &failed) && !failed);
    CHECK(check, !failing_memory_disarm());
    failing_memory_arm(0);
    CHECK(check, !slu_pattern_found(large, SLU_STRING("my money"), &scratch, &failed) && failed);
    CHECK(check, failing_memory_disarm());
    failed = false;
    CHECK(check, !slu_pattern_found(large, SLU_STRING("my money"), &scratch, &failed) && !failed);
    slu_arena_free(&scratch);
    slu_arena_free(&arena);
}

/* Cut before the piece that starts the only literal that the expression needs. */
static void test_cuts(struct check *check) {
    static const struct {
        const char *pattern, *subject;
        size_t at;
        bool found;
    } cases[] = {{"(ab|c\\d{2})+\\s*zolu\\b", "xab c12c34 ZOLU!", 11, true},
                 {"(ab|c\\d{2})+\\s*zolu\\b", "xab c12c3 ZOLU!", 10, false},
                 {"(ab|c\\d{2})+\\s*zolu\\b", "ab zolux zolu", 3, false},
                 {"^\\w*\\bzolu", "zolu zolu", 0, true},
                 {"^\\w*\\bzolu", "zolu zolu", 5, false},
                 {"zolu", "zolu", 0, true},
                 {"zolu", "zol", 0, false},
                 {"[^x]{2}\u00e9?zolu$", "x\u00df\u4e2dzolu", 6, true},
                 {"[^x]{2}\u00e9?zolu$", "x\u00dfxzolu", 4, false}};
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct slu_pattern *pattern;
        struct slu_pattern_error error;
        struct slu_pattern_node *tree;
        struct slu_pattern_cut cut;
        struct slu_factors factors[SLU_FACTORS_MOST];
        uint32_t count = 0;
        uint64_t visits = 1000;
        bool failed = false;
        slu_pattern_compile(&arena, slu_string_from(cases[i].pattern), false, &pattern, &error);
        bool cut_made = slu_pattern_factors(&arena, &arena, pattern, factors, &count, &tree) && count == 1 &&
                        slu_pattern_make_cut(&arena, pattern, tree, factors[0].piece, &cut);
        CHECK(check, cut_made);
        CHECK(check, cut_made && slu_pattern_found_around(pattern, &cut, slu_string_from(cases[i].subject), cases[i].at,
                                                          &arena, &visits, &failed) == cases[i].found);
        CHECK(check, !failed && visits > 0);
    }
    slu_arena_free(&arena);
}

static void compile_one(void *context) {
    struct check *check = context;
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    const struct slu_pattern *pattern = NULL;
    struct slu_pattern_error error;
    enum slu_pattern_status status = slu_pattern_compile(
        &arena, SLU_STRING("^(a|[^b-z\\d]{2,300}|\\W)*\\u{1F600}[\\x00-\\u{FFFF}\\s]{500}$"), false, &pattern, &error);
    CHECK(check, status == SLU_PATTERN_OK || status == SLU_PATTERN_NO_MEMORY);
    slu_arena_free(&arena);
}

int main(void) {
    struct check check = {0, 0};
    test_syntax(&check);
    test_letter_case(&check);
    test_refusals(&check);
    test_limits(&check);
    test_linear_time(&check);
    test_automaton(&check);
    test_matching_memory(&check);
    test_cuts(&check);
    CHECK(&check, failing_memory_try_all(compile_one, &check) >= 4);
    return check_finish(&check);
}
