/* The scanner against a search for each literal, and what it says of expressions against
 * their matcher: an expression is never found where none of its factors is. The matcher's two ways
 * against each other: states as bits of a word, and as a list. The input decides
 * what is made; where it ends, a generator that it seeds goes on. */
#include "engine/base/buffer.h"
#include "engine/text/pattern_internal.h"
#include "engine/text/scanner.h"
#include "engine/text/unicode.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_TEXT = 2500, PATTERNS = 24, TEXTS = 40, DEPTH_MOST = 3, SOUGHT_MOST = 24 * 16, ROUNDS = 8 };

struct source {
    const uint8_t *data;
    size_t left;
    uint64_t state; /* xorshift64 */
};

static unsigned next(struct source *source, unsigned below) {
    if (source->left > 0) {
        source->left--;
        source->state ^= *source->data;
        return *source->data++ % below;
    }
    source->state ^= source->state << 13;
    source->state ^= source->state >> 7;
    source->state ^= source->state << 17;
    return (unsigned)(source->state >> 33) % below;
}

static const char *pick(struct source *source, const char *const *from, unsigned count) {
    return from[next(source, count)];
}
#define PICK(source, list) pick((source), (list), (unsigned)(sizeof(list) / sizeof *(list)))

/* Letters that fold into ASCII, that change their length, that have three cases, and none. */
static const char *const characters[] = {
    "a",      "b",      "k",      "s",      "K",      "S",          "x",      "A",      "1",      "_",      " ",
    "\n",     "\u00e9", "\u00c9", "\u017f", "\u212a", "\u00df",     "\u1e9e", "\u03c3", "\u03c2", "\u03a3", "\u044f",
    "\u042f", "\u023a", "\u2c65", "\u0130", "\u4e2d", "\U0001F600", "-",      "\u2028", "\u00a0"};
static const char *const atoms[] = {"a",
                                    "b",
                                    "k",
                                    "s",
                                    "K",
                                    "\u00e9",
                                    "\u00c9",
                                    "\u017f",
                                    "\u212a",
                                    "\u03a3",
                                    "\u044f",
                                    "\u023a",
                                    "1",
                                    "_",
                                    " ",
                                    "\\n",
                                    ".",
                                    "\\w",
                                    "\\W",
                                    "\\d",
                                    "\\D",
                                    "\\s",
                                    "\\S",
                                    "[a-k]",
                                    "[^k]",
                                    "[^a\\n]",
                                    "[\u0430-\u044f]",
                                    "[^\\w]",
                                    "[\\W_]",
                                    "[^\u00e9]",
                                    "[\u017e-\u0180]",
                                    "[\\u{10000}-\\u{10FFFF}]",
                                    "[k\u00e9]",
                                    "[^\\W]",
                                    "[\\s\\S]",
                                    "[A-Z\u00c0-\u00de]",
                                    "\\u{1F600}",
                                    "x",
                                    "-",
                                    "[^\\x00-\\u{10FFFF}]"};
static const char *const places[] = {"\\b", "\\B", "^", "$"};
static const char *const counts[] = {"*",      "+",       "?",  "{2}",   "{1,3}", "{2,}",
                                     "{0,20}", "{30,60}", "*?", "{0,1}", "{3,50}"};

static void make_expression(struct source *source, struct slu_buffer *out, unsigned depth) {
    unsigned pieces = 1 + next(source, 4);
    for (unsigned i = 0; i < pieces; i++) {
        unsigned kind = next(source, 12);
        if (kind == 0) {
            slu_buffer_add_text(out, PICK(source, places));
            continue;
        }
        if (kind == 1 && depth < DEPTH_MOST) {
            slu_buffer_add_text(out, "(");
            make_expression(source, out, depth + 1);
            slu_buffer_add_text(out, ")");
        } else {
            slu_buffer_add_text(out, PICK(source, atoms));
        }
        if (next(source, 3) == 0) {
            slu_buffer_add_text(out, PICK(source, counts));
        }
    }
    if (depth < DEPTH_MOST && next(source, 5) == 0) {
        slu_buffer_add_text(out, "|");
        make_expression(source, out, depth + 1);
    }
}

static void make_text(struct source *source, struct slu_buffer *out, unsigned most) {
    unsigned few = next(source, 3); /* of few characters, so that long literals and counts are met */
    for (unsigned left = next(source, most); left > 0; left--) {
        slu_buffer_add_text(out, few > 0 ? characters[next(source, 4 * few)] : PICK(source, characters));
    }
}

struct wanted {
    struct slu_string literal;
    const struct slu_pattern *pattern; /* or NULL: the literal */
    struct slu_factors factors;        /* of a pattern: what is sought for it */
    struct slu_pattern_cut cut;        /* where they start; without `before`: none */
    bool known;                        /* the scanner looks for it */
};

struct check {
    struct slu_arena arena;
    struct wanted wanted[PATTERNS];
    struct slu_sought sought[SOUGHT_MOST];
    uint32_t sought_count;
    bool exactly;
    struct slu_buffer text;
};

static void out_of_memory(void) {
    fputs("scanner_fuzz: out of memory\n", stderr);
    abort();
}

static struct slu_string keep(struct check *check, bool fold) {
    struct slu_string copy, folded;
    if (check->text.failed || !slu_arena_copy_string(&check->arena, slu_buffer_string(&check->text), &copy)) {
        out_of_memory();
    }
    if (!fold) {
        return copy;
    }
    if (!slu_unicode_fold_string(&check->arena, copy, &folded)) {
        out_of_memory();
    }
    return folded;
}

static void seek(struct check *check, struct slu_string text, uint32_t number) {
    check->sought[check->sought_count++] = (struct slu_sought){text, number};
    check->wanted[number].known = true;
}

static void make_literal(struct check *check, struct source *source, uint32_t number) {
    struct slu_string *literal = &check->wanted[number].literal;
    do {
        slu_buffer_clear(&check->text);
        make_text(source, &check->text, 12);
        *literal = keep(check, !check->exactly);
    } while (literal->length < SLU_SOUGHT_BYTES);
    seek(check, *literal, number);
}

/* False: what was made is not accepted. */
static bool make_pattern(struct check *check, struct source *source, uint32_t number) {
    struct wanted *wanted = &check->wanted[number];
    struct slu_pattern_error error;
    struct slu_factors factors[SLU_FACTORS_MOST];
    uint32_t count;
    slu_buffer_clear(&check->text);
    make_expression(source, &check->text, 0);
    if (slu_pattern_compile(&check->arena, keep(check, false), check->exactly, &wanted->pattern, &error) !=
        SLU_PATTERN_OK) {
        return false;
    }
    struct slu_pattern_node *tree;
    if (!slu_pattern_factors(&check->arena, &check->arena, wanted->pattern, factors, &count, &tree)) {
        out_of_memory();
    }
    if (count > 0) {
        wanted->factors = factors[next(source, count)];
    }
    for (uint32_t i = 0; i < wanted->factors.count; i++) {
        seek(check, wanted->factors.texts[i], number);
    }
    uint32_t piece = wanted->factors.piece;
    if (count > 0 && piece != SLU_NO_PIECE &&
        !slu_pattern_make_cut(&check->arena, wanted->pattern, tree, piece, &wanted->cut)) {
        out_of_memory();
    }
    return true;
}

static void hold_ways(uint64_t visits, bool found, uint64_t visits_other, bool found_other) {
    if (found != found_other || visits != visits_other) {
        fprintf(stderr,
                "scanner_fuzz: states in a word and in a list are not the same: found %d and %d, %llu and %llu "
                "visits left\n",
                found, found_other, (unsigned long long)visits, (unsigned long long)visits_other);
        abort();
    }
}

/* As an expression of many states. */
static struct slu_pattern without_bits(const struct slu_pattern *pattern) {
    struct slu_pattern other = *pattern;
    other.reached = NULL;
    return other;
}

/* So many visits are seldom enough, others always. */
static uint64_t some_visits(size_t at) {
    return at % 8 == 7 ? 40 : UINT64_MAX;
}

static void hold_searches(struct check *check, const struct slu_pattern *pattern, struct slu_string raw, size_t from) {
    struct slu_pattern other = without_bits(pattern);
    uint64_t visits[2] = {some_visits(raw.length), some_visits(raw.length)};
    bool failed = false;
    bool found = slu_pattern_found_from(pattern, raw, from, &check->arena, &visits[0], &failed);
    bool found_other = slu_pattern_found_from(&other, raw, from, &check->arena, &visits[1], &failed);
    hold_ways(visits[0], found, visits[1], found_other);
}

static void hold_cuts(struct check *check, const struct wanted *wanted, struct slu_string raw, size_t at) {
    struct slu_pattern other = without_bits(wanted->pattern), before = without_bits(wanted->cut.before);
    struct slu_pattern_cut cut = {&before, wanted->cut.state};
    uint64_t visits[2] = {some_visits(at), some_visits(at)};
    bool failed = false;
    bool found = slu_pattern_found_around(wanted->pattern, &wanted->cut, raw, at, &check->arena, &visits[0], &failed);
    bool found_other = slu_pattern_found_around(&other, &cut, raw, at, &check->arena, &visits[1], &failed);
    hold_ways(visits[0], found, visits[1], found_other);
}

/* An expression is sought from the byte `from`. */
static bool is_expected(struct check *check, const struct wanted *wanted, struct slu_string raw, struct slu_string seen,
                        size_t from) {
    bool failed = false;
    if (wanted->pattern != NULL) {
        uint64_t visits = UINT64_MAX;
        bool found = slu_pattern_found_from(wanted->pattern, raw, from, &check->arena, &visits, &failed);
        if (failed) {
            out_of_memory();
        }
        hold_searches(check, wanted->pattern, raw, from);
        return found;
    }
    for (size_t at = 0; at + wanted->literal.length <= seen.length; at++) {
        if (memcmp(seen.bytes + at, wanted->literal.bytes, wanted->literal.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_at(struct slu_string text, size_t at, struct slu_string part) {
    return part.length <= text.length - at && memcmp(text.bytes + at, part.bytes, part.length) == 0;
}

static bool has_factor_at(const struct wanted *wanted, struct slu_string seen, size_t at) {
    for (uint32_t i = 0; i < wanted->factors.count; i++) {
        if (is_at(seen, at, wanted->factors.texts[i])) {
            return true;
        }
    }
    return wanted->pattern == NULL && is_at(seen, at, wanted->literal);
}

/* Is the expression found around one of the places where a factor is? Only where those are the places of `raw`. */
static bool is_around(struct check *check, const struct wanted *wanted, struct slu_string raw, struct slu_string seen) {
    bool failed = false, found = false;
    for (size_t at = 0; at < seen.length && !found; at++) {
        uint64_t visits = UINT64_MAX;
        if (!has_factor_at(wanted, seen, at)) {
            continue;
        }
        hold_cuts(check, wanted, raw, at);
        found = slu_pattern_found_around(wanted->pattern, &wanted->cut, raw, at, &check->arena, &visits, &failed);
    }
    if (failed) {
        out_of_memory();
    }
    return found;
}

static void complain(const struct check *check, const struct wanted *wanted, struct slu_string raw, const char *what) {
    struct slu_string written = wanted->pattern == NULL ? wanted->literal : slu_pattern_text(wanted->pattern);
    fprintf(stderr, "scanner_fuzz: %s %s%.*s in \"%.*s\": %s\n", wanted->pattern == NULL ? "literal" : "expression",
            check->exactly ? "exactly " : "", (int)written.length, written.bytes, (int)raw.length, raw.bytes, what);
    abort();
}

/* A text, and which numbers are in it. */
struct subject {
    struct slu_string raw, seen; /* the second: as it is scanned */
    bool is_ascii;
    bool expected[PATTERNS];
};

/* Returns how many comparisons it took. */
static uint64_t hold_against(struct check *check, const struct slu_scanner *scanner,
                             const struct slu_scanner_kernel *kernel, const struct subject *subject) {
    uint64_t found = 0, left = UINT64_MAX;
    struct slu_scanner_hits hits = {.arena = &check->arena, .found = &found};
    size_t earliest[PATTERNS] = {0};
    slu_scanner_run_on(kernel, scanner, subject->seen, &hits, &left);
    if (hits.failed) {
        out_of_memory();
    }
    for (uint32_t i = 0; i < hits.count; i++) {
        const struct slu_scanner_hit *hit = &hits.items[i];
        earliest[hit->number] = hit->earliest;
        if (hit->place < hit->earliest || !has_factor_at(&check->wanted[hit->number], subject->seen, hit->place)) {
            complain(check, &check->wanted[hit->number], subject->raw, "no literal is where it was found");
        }
    }
    for (uint32_t i = 0; i < PATTERNS; i++) {
        const struct wanted *wanted = &check->wanted[i];
        uint32_t before = wanted->factors.before;
        bool hit = (found >> i & 1) != 0;
        bool near = wanted->pattern != NULL && hit && earliest[i] > before && subject->is_ascii;
        if (near) {
            hit = is_expected(check, wanted, subject->raw, subject->seen, earliest[i] - before);
        }
        if (wanted->known && hit != subject->expected[i] && (wanted->pattern == NULL || !hit || near)) {
            complain(check, wanted, subject->raw, hit ? "found, should not be" : "not found, should be");
        }
    }
    return UINT64_MAX - left;
}

static void hold_all_against(struct check *check, const struct slu_scanner *scanner, struct slu_string raw) {
    struct subject subject = {raw, check->exactly ? raw : keep(check, true), slu_unicode_is_ascii(raw), {false}};
    uint64_t first = 0;
    for (uint32_t i = 0; i < PATTERNS; i++) {
        const struct wanted *wanted = &check->wanted[i];
        subject.expected[i] = is_expected(check, wanted, raw, subject.seen, 0);
        if (wanted->cut.before != NULL && (check->exactly || subject.is_ascii) &&
            is_around(check, wanted, raw, subject.seen) != subject.expected[i]) {
            complain(check, wanted, raw, "around its literals it is something else than anywhere");
        }
    }
    for (uint32_t i = 0; slu_scanner_kernel_at(i) != NULL; i++) {
        uint64_t taken = hold_against(check, scanner, slu_scanner_kernel_at(i), &subject);
        if (i > 0 && taken != first) {
            fprintf(stderr, "scanner_fuzz: kernel %u takes other comparisons than the first\n", (unsigned)i);
            abort();
        }
        first = taken;
    }
}

/* One of the texts is as long as `longest` characters. */
static void play(struct source *source, unsigned longest) {
    struct check check = {.sought_count = 0};
    const struct slu_scanner *scanner;
    slu_arena_init(&check.arena, 0);
    slu_buffer_init(&check.text);
    check.exactly = next(source, 4) == 0;
    for (uint32_t i = 0; i < PATTERNS; i++) {
        while (next(source, 2) != 0 && !make_pattern(&check, source, i)) {
        }
        if (check.wanted[i].pattern == NULL) {
            make_literal(&check, source, i);
        }
    }
    if (!slu_scanner_build(&check.arena, check.sought, check.sought_count, &scanner)) {
        out_of_memory();
    }
    for (unsigned i = 0; i < TEXTS; i++) {
        slu_buffer_clear(&check.text);
        make_text(source, &check.text, i == 0 ? longest : i % 4 == 3 ? 200 : 30);
        hold_all_against(&check, scanner, keep(&check, false));
    }
    slu_buffer_free(&check.text);
    slu_arena_free(&check.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct source source = {data, size, UINT64_C(0x9E3779B97F4A7C15) + size};
    for (unsigned round = 0; round < ROUNDS; round++) {
        play(&source, round == 0 ? LONG_TEXT : 100);
    }
    return 0;
}
