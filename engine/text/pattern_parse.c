/* The one parser of regular expressions: what it does not read is not
 * accepted anywhere. Every refusal says what to write instead. */
#include "engine/base/limits.h"
#include "engine/text/pattern_tree.h"
#include "engine/text/unicode.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST_COUNT = 1000 }; /* in {n,m} */

struct parser {
    struct slu_arena *arena;
    struct slu_string text;
    size_t at;
    bool exactly;
    uint32_t depth; /* of groups */
    enum slu_pattern_status status;
    struct slu_pattern_error *error;
};

static void refuse(struct parser *parser, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Only the first refusal is kept: what follows it comes from giving up. */
static void refuse(struct parser *parser, size_t at, const char *format, ...) {
    if (parser->status != SLU_PATTERN_OK) {
        return;
    }
    parser->status = SLU_PATTERN_INVALID;
    parser->error->at = at;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error->message, sizeof(parser->error->message), format, arguments);
    va_end(arguments);
}

static void no_memory(struct parser *parser) {
    if (parser->status == SLU_PATTERN_OK) {
        parser->status = SLU_PATTERN_NO_MEMORY;
    }
}

/* The byte `ahead` of the next one; NUL past the end (a NUL in the pattern is
 * no operator either). */
static char peek_ahead(const struct parser *parser, size_t ahead) {
    return ahead < parser->text.length - parser->at ? parser->text.bytes[parser->at + ahead] : '\0';
}

static char peek(const struct parser *parser) {
    return peek_ahead(parser, 0);
}

static bool at_end(const struct parser *parser) {
    return parser->at == parser->text.length;
}

static bool next_is(const struct parser *parser, const char *terminated) {
    struct slu_string rest = {parser->text.bytes + parser->at, parser->text.length - parser->at};
    return slu_string_starts_with(rest, slu_string_from(terminated));
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_punctuation(char byte) {
    return byte > ' ' && byte < 0x7F && !is_digit(byte) && !is_letter(byte);
}

/* ---- Nodes; NULL is passed through, so that building needs no checks. */

static struct slu_pattern_node *new_node(struct parser *parser, enum slu_pattern_node_kind kind, uint32_t states) {
    struct slu_pattern_node *node = SLU_NEW(parser->arena, struct slu_pattern_node);
    if (node == NULL) {
        no_memory(parser);
        return NULL;
    }
    node->kind = kind;
    node->states = states;
    node->class_number = UINT32_MAX;
    return node;
}

static struct slu_pattern_node *new_assertion(struct parser *parser, enum slu_pattern_assertion assertion) {
    struct slu_pattern_node *node = new_node(parser, SLU_PATTERN_NODE_ASSERTION, 1);
    if (node != NULL) {
        node->assertion = assertion;
    }
    return node;
}

/* Takes over the set's ranges. */
static struct slu_pattern_node *new_class(struct parser *parser, struct slu_code_points *set) {
    slu_code_points_order(set);
    struct slu_pattern_node *node = new_node(parser, SLU_PATTERN_NODE_CLASS, 1);
    if (node != NULL) {
        node->ranges = set->items;
        node->range_count = (uint32_t)set->count;
    }
    return node;
}

/* False when `states` with the accepting one are too many. */
static bool fits(struct parser *parser, uint64_t states, size_t at) {
    if (states < SLU_LIMIT_PATTERN_STATES) {
        return true;
    }
    refuse(parser, at,
           "the expression is too large from here on: it needs more than %d states; shorten it or its counts",
           SLU_LIMIT_PATTERN_STATES);
    return false;
}

static struct slu_pattern_node *new_repeat(struct parser *parser, struct slu_pattern_node *child, uint32_t min,
                                           uint32_t max, size_t at) {
    if (child == NULL) {
        return NULL;
    }
    uint64_t states = (uint64_t)min * child->states;
    if (max != SLU_PATTERN_UNBOUNDED) {
        states += (uint64_t)(max - min) * (child->states + 1);
    } else {
        states += min == 0 ? child->states + 1 : 1;
    }
    if (child->states == 0 || max == 0) {
        return new_node(parser, SLU_PATTERN_NODE_EMPTY, 0);
    }
    if (!fits(parser, states, at)) {
        return NULL;
    }
    struct slu_pattern_node *node = new_node(parser, SLU_PATTERN_NODE_REPEAT, (uint32_t)states);
    if (node != NULL) {
        node->child = child;
        node->min = min;
        node->max = max;
    }
    return node;
}

/* ---- Escapes and classes */

static int hex_value(char byte) {
    if (is_digit(byte)) {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* \x41, from the x on. */
static bool read_hex_byte(struct parser *parser, uint32_t *code_point) {
    int high = hex_value(peek_ahead(parser, 1));
    int low = high < 0 ? -1 : hex_value(peek_ahead(parser, 2));
    if (low < 0) {
        refuse(parser, parser->at - 1, "\\x needs two hexadecimal digits, as in \\x41; for more write \\u{1F600}");
        return false;
    }
    *code_point = (uint32_t)(high * 16 + low);
    parser->at += 3;
    return true;
}

/* \u{1F600}, from the u on. */
static bool read_code_point(struct parser *parser, uint32_t *code_point) {
    size_t at = parser->at - 1;
    if (peek_ahead(parser, 1) != '{') {
        refuse(parser, at, "\\u needs braces, as in \\u{e9} or \\u{1F600}");
        return false;
    }
    parser->at += 2;
    uint32_t value = 0;
    uint32_t digits = 0;
    for (int digit = hex_value(peek(parser)); digit >= 0 && digits <= 6; digit = hex_value(peek(parser))) {
        value = value * 16 + (uint32_t)digit;
        digits++;
        parser->at++;
    }
    if (digits == 0 || digits > 6 || peek(parser) != '}') {
        refuse(parser, at, "\\u{ } needs one to six hexadecimal digits, as in \\u{1F600}");
        return false;
    }
    parser->at++;
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        refuse(parser, at, "\\u{%X} is not a character: they go from 0 to 10FFFF, without D800 to DFFF",
               (unsigned)value);
        return false;
    }
    *code_point = value;
    return true;
}

/* Escapes that are known elsewhere, and what to do here. */
static const char *advice_for(char letter) {
    switch (letter) {
    case 'p':
    case 'P':
        return "Unicode properties are not known; list the characters or ranges in [ ]";
    case 'A':
        return "write ^ for the start of the text";
    case 'z':
    case 'Z':
        return "write $ for the end of the text";
    case 'k':
    case 'g':
        return "back-references are not possible: rules only know regular expressions that run in linear time";
    case 'Q':
    case 'E':
        return "quoting is not known; put \\ before each punctuation character";
    case 'h':
        return "write [ \\t] for a space or tab";
    case 'R':
        return "write \\r?\\n for a line end";
    case 'N':
        return "write . for anything but a newline";
    case 'e':
        return "write \\x1b for the escape character";
    case 'a':
        return "write \\x07 for the bell character";
    case '0':
        return "write \\x00 for the NUL character";
    default:
        return "only \\d \\w \\s \\b, their capitals, \\n \\t \\r \\f \\v, \\x41, \\u{e9} and punctuation are escaped";
    }
}

static void refuse_escape(struct parser *parser) {
    size_t at = parser->at - 1;
    char byte = peek(parser);
    if (at_end(parser)) {
        refuse(parser, at, "\\ stands at the end; write \\\\ for the character itself");
    } else if (byte >= '1' && byte <= '9') {
        refuse(parser, at,
               "\\%c refers back to a group: rules only know regular expressions that run in linear time; "
               "write the alternatives out",
               byte);
    } else if (is_letter(byte) || is_digit(byte)) {
        refuse(parser, at, "\\%c: %s", byte, advice_for(byte));
    } else {
        refuse(parser, at, "\\ stands before a character that needs none; take it away");
    }
}

/* The character of an escape, from after the backslash on. */
static bool read_escaped_character(struct parser *parser, uint32_t *code_point) {
    static const char letters[] = "ntrfv";
    static const char characters[] = "\n\t\r\f\v";
    char byte = peek(parser);
    const char *letter = byte == '\0' ? NULL : strchr(letters, byte);
    if (byte == 'x') {
        return read_hex_byte(parser, code_point);
    }
    if (byte == 'u') {
        return read_code_point(parser, code_point);
    }
    if (letter != NULL) {
        *code_point = (unsigned char)characters[letter - letters];
    } else if (is_punctuation(byte)) {
        *code_point = (unsigned char)byte;
    } else {
        refuse_escape(parser);
        return false;
    }
    parser->at++;
    return true;
}

static bool is_set_letter(char byte) {
    return byte != '\0' && strchr("dwsDWS", byte) != NULL;
}

/* \d \w \s, or what they lack for a capital. */
static bool add_set_escape(struct slu_code_points *set, char letter) {
    struct slu_code_points named = {.arena = set->arena};
    bool added = false;
    switch (letter) {
    case 'd':
    case 'D':
        added = slu_code_points_add(&named, '0', '9');
        break;
    case 's':
    case 'S':
        added = slu_code_points_add(&named, '\t', '\r') && slu_code_points_add(&named, ' ', ' ');
        break;
    case 'w':
    case 'W':
        added = slu_code_points_add(&named, '0', '9') && slu_code_points_add(&named, 'A', 'Z') &&
                slu_code_points_add(&named, '_', '_') && slu_code_points_add(&named, 'a', 'z');
        break;
    default:
        assert(!"a letter of is_set_letter");
    }
    bool inverted = letter >= 'A' && letter <= 'Z';
    return added && (!inverted || slu_code_points_invert(&named)) && slu_code_points_add_all(set, &named);
}

static struct slu_pattern_node *new_set_escape(struct parser *parser, char letter) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!add_set_escape(&set, letter)) {
        no_memory(parser);
        return NULL;
    }
    return new_class(parser, &set);
}

static struct slu_pattern_node *new_any_but_newline(struct parser *parser) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!slu_code_points_add(&set, '\n', '\n') || !slu_code_points_invert(&set)) {
        no_memory(parser);
        return NULL;
    }
    return new_class(parser, &set);
}

static struct slu_pattern_node *new_character(struct parser *parser, uint32_t code_point) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!slu_code_points_add(&set, code_point, code_point) ||
        (!parser->exactly && !slu_code_points_close_folding(&set))) {
        no_memory(parser);
        return NULL;
    }
    return new_class(parser, &set);
}

/* One end of a range, or a character alone. */
static bool read_class_character(struct parser *parser, uint32_t *code_point) {
    if (next_is(parser, "[:") || next_is(parser, "[.") || next_is(parser, "[=")) {
        refuse(parser, parser->at,
               "classes such as [:alpha:] are not known; write ranges such as a-z, and \\[ for a [");
        return false;
    }
    if (peek(parser) != '\\') {
        *code_point = slu_utf8_decode(parser->text, &parser->at);
        return true;
    }
    parser->at++;
    char byte = peek(parser);
    if (is_set_letter(byte)) {
        refuse(parser, parser->at - 1, "\\%c is a set and cannot end a range; write \\- for a - beside it", byte);
        return false;
    }
    if (byte == 'b' || byte == 'B') {
        refuse(parser, parser->at - 1, "\\%c is a place between characters and cannot stand in [ ]%s", byte,
               byte == 'b' ? "; write \\x08 for a backspace" : "");
        return false;
    }
    return read_escaped_character(parser, code_point);
}

/* A - that has something after it other than the class's end. */
static bool next_is_range(const struct parser *parser) {
    return peek(parser) == '-' && peek_ahead(parser, 1) != ']' && parser->text.length - parser->at > 1;
}

/* One item of a class: `written` collects characters and ranges, which letter
 * case widens, `named` the sets, which it does not. */
static bool read_class_item(struct parser *parser, struct slu_code_points *written, struct slu_code_points *named) {
    size_t at = parser->at;
    char letter = peek_ahead(parser, 1);
    if (peek(parser) == '\\' && is_set_letter(letter)) {
        parser->at += 2;
        if (next_is_range(parser)) {
            refuse(parser, at, "\\%c is a set and cannot begin a range; write \\- for a - beside it", letter);
            return false;
        }
        if (!add_set_escape(named, letter)) {
            no_memory(parser);
            return false;
        }
        return true;
    }
    uint32_t first;
    if (!read_class_character(parser, &first)) {
        return false;
    }
    uint32_t last = first;
    if (next_is_range(parser)) {
        parser->at++;
        if (!read_class_character(parser, &last)) {
            return false;
        }
    }
    if (last < first) {
        refuse(parser, at, "the range runs backwards: U+%04X comes after U+%04X; swap its ends or write \\- for a -",
               (unsigned)first, (unsigned)last);
        return false;
    }
    if (!slu_code_points_add(written, first, last)) {
        no_memory(parser);
        return false;
    }
    return true;
}

static struct slu_pattern_node *read_class(struct parser *parser) {
    size_t at = parser->at++;
    bool inverted = peek(parser) == '^';
    parser->at += inverted;
    struct slu_code_points written = {.arena = parser->arena};
    struct slu_code_points named = {.arena = parser->arena};
    if (peek(parser) == ']') {
        refuse(parser, at, "the class is empty; write \\] for a ] inside [ ]");
        return NULL;
    }
    while (!at_end(parser) && peek(parser) != ']') {
        if (!read_class_item(parser, &written, &named)) {
            return NULL;
        }
    }
    if (at_end(parser)) {
        refuse(parser, at, "this [ has no ]; write \\[ for the character itself");
        return NULL;
    }
    parser->at++;
    if ((!parser->exactly && !slu_code_points_close_folding(&written)) || !slu_code_points_add_all(&written, &named) ||
        (inverted && !slu_code_points_invert(&written))) {
        no_memory(parser);
        return NULL;
    }
    return new_class(parser, &written);
}

static struct slu_pattern_node *read_escape(struct parser *parser) {
    parser->at++;
    char byte = peek(parser);
    if (is_set_letter(byte)) {
        parser->at++;
        return new_set_escape(parser, byte);
    }
    if (byte == 'b' || byte == 'B') {
        parser->at++;
        return new_assertion(parser, byte == 'b' ? SLU_PATTERN_WORD_BOUNDARY : SLU_PATTERN_NO_WORD_BOUNDARY);
    }
    uint32_t code_point;
    return read_escaped_character(parser, &code_point) ? new_character(parser, code_point) : NULL;
}

/* ---- Groups, sequences, repetition */

static struct slu_pattern_node *read_choice(struct parser *parser);

/* What may follow `(?` elsewhere; the first that fits, so longer ones first. */
static void refuse_group(struct parser *parser, size_t at) {
    static const struct {
        const char *start;
        const char *message;
    } groups[] = {
        {"(?=", "(?= looks ahead: rules only know regular expressions that run in linear time; use a second condition"},
        {"(?!", "(?! looks ahead: rules only know regular expressions that run in linear time; use `and not`"},
        {"(?<=", "(?<= looks behind: rules only know regular expressions that run in linear time; match the text "
                 "before as well"},
        {"(?<!", "(?<! looks behind: rules only know regular expressions that run in linear time; use `and not`"},
        {"(?>", "(?> is an atomic group, which finds the same as ( ) here; write ( )"},
        {"(?P=", "(?P= refers back to a group: rules only know regular expressions that run in linear time"},
        {"(?P>", "(?P> calls a group: rules only know regular expressions that run in linear time; write it out"},
        {"(?<", "groups have no names, nothing reads what they match; write ( )"},
        {"(?P<", "groups have no names, nothing reads what they match; write ( )"},
        {"(?'", "groups have no names, nothing reads what they match; write ( )"},
        {"(?#", "comments are not known here; write them as # lines of the rules"},
        {"(?(", "conditions are not known: rules only know regular expressions that run in linear time; use |"},
        {"(?R", "(?R calls the expression itself: rules only know regular expressions that run in linear time"},
        {"(?&", "(?& calls a group: rules only know regular expressions that run in linear time; write it out"},
        {"(?|", "(?| is not known; write ( )"},
    };
    for (size_t index = 0; index < sizeof(groups) / sizeof(groups[0]); index++) {
        if (next_is(parser, groups[index].start)) {
            refuse(parser, at, "%s", groups[index].message);
            return;
        }
    }
    refuse(parser, at,
           "flags are not known; case is ignored unless the rule says `matches exactly`, and (?: is the only group "
           "that begins with (?");
}

static struct slu_pattern_node *read_group(struct parser *parser) {
    size_t at = parser->at;
    if (peek_ahead(parser, 1) == '?') {
        if (peek_ahead(parser, 2) != ':') {
            refuse_group(parser, at);
            return NULL;
        }
        parser->at += 2;
    }
    parser->at++;
    if (parser->depth == SLU_LIMIT_NESTING) {
        refuse(parser, at, "more than %d groups stand inside one another", SLU_LIMIT_NESTING);
        return NULL;
    }
    parser->depth++;
    struct slu_pattern_node *inside = read_choice(parser);
    parser->depth--;
    if (inside == NULL) {
        return NULL;
    }
    if (at_end(parser)) {
        refuse(parser, at, "this ( has no ); write \\( for the character itself");
        return NULL;
    }
    parser->at++;
    return inside;
}

static bool next_repeats(const struct parser *parser) {
    char byte = peek(parser);
    return byte == '*' || byte == '+' || byte == '?' || byte == '{';
}

/* Digits; false when there are none. A number past LARGEST_COUNT is refused. */
static bool read_count(struct parser *parser, uint32_t *count) {
    size_t at = parser->at;
    *count = 0;
    while (is_digit(peek(parser))) {
        if (*count <= LARGEST_COUNT) {
            *count = *count * 10 + (uint32_t)(peek(parser) - '0');
        }
        parser->at++;
    }
    if (*count > LARGEST_COUNT) {
        refuse(parser, at, "a count is at most %d; use * or + where the number does not matter", LARGEST_COUNT);
        return false;
    }
    return parser->at > at;
}

static bool read_counts(struct parser *parser, uint32_t *min, uint32_t *max) {
    size_t at = parser->at++;
    bool good = read_count(parser, min);
    *max = *min;
    if (good && peek(parser) == ',') {
        parser->at++;
        if (peek(parser) == '}') {
            *max = SLU_PATTERN_UNBOUNDED;
        } else {
            good = read_count(parser, max);
        }
    }
    if (!good || peek(parser) != '}') {
        refuse(parser, at, "{ begins a count such as {2}, {2,} or {2,5}; write \\{ for the character itself");
        return false;
    }
    parser->at++;
    if (*max < *min) {
        refuse(parser, at, "{%u,%u} counts backwards; write {%u,%u}", (unsigned)*min, (unsigned)*max, (unsigned)*max,
               (unsigned)*min);
        return false;
    }
    return true;
}

/* What stands after an atom: nothing, or a repetition of it, perhaps lazy. */
static struct slu_pattern_node *read_repeat(struct parser *parser, struct slu_pattern_node *atom) {
    if (atom == NULL || !next_repeats(parser)) {
        return atom;
    }
    size_t at = parser->at;
    uint32_t min = peek(parser) == '+' ? 1 : 0;
    uint32_t max = peek(parser) == '?' ? 1 : SLU_PATTERN_UNBOUNDED;
    if (peek(parser) == '{') {
        if (!read_counts(parser, &min, &max)) {
            return NULL;
        }
    } else {
        parser->at++;
    }
    if (peek(parser) == '+') {
        refuse(parser, at, "possessive repetition is not known and finds the same here; take the second + away");
        return NULL;
    }
    if (peek(parser) == '?') {
        parser->at++;
    }
    if (next_repeats(parser)) {
        refuse(parser, parser->at, "a repetition cannot be repeated as it is; put it into ( ) first");
        return NULL;
    }
    return new_repeat(parser, atom, min, max, at);
}

static void refuse_repeat_of_nothing(struct parser *parser) {
    char byte = peek(parser);
    refuse(parser, parser->at, "there is nothing before %c to repeat; write \\%c for the character itself", byte, byte);
}

static struct slu_pattern_node *read_atom(struct parser *parser) {
    switch (peek(parser)) {
    case '(':
        return read_group(parser);
    case '[':
        return read_class(parser);
    case '\\':
        return read_escape(parser);
    case '.':
        parser->at++;
        return new_any_but_newline(parser);
    case '^':
        parser->at++;
        return new_assertion(parser, SLU_PATTERN_TEXT_START);
    case '$':
        parser->at++;
        return new_assertion(parser, SLU_PATTERN_TEXT_END);
    case '*':
    case '+':
    case '?':
    case '{':
        refuse_repeat_of_nothing(parser);
        return NULL;
    case ']':
    case '}':
        refuse(parser, parser->at, "this %c closes nothing; write \\%c for the character itself", peek(parser),
               peek(parser));
        return NULL;
    default:
        return new_character(parser, slu_utf8_decode(parser->text, &parser->at));
    }
}

static struct slu_pattern_node *read_piece(struct parser *parser) {
    struct slu_pattern_node *atom = read_atom(parser);
    if (atom != NULL && atom->kind == SLU_PATTERN_NODE_ASSERTION && next_repeats(parser)) { /* a place, no character */
        refuse_repeat_of_nothing(parser);
        return NULL;
    }
    return read_repeat(parser, atom);
}

/* Appends a child that needs states. False when there are too many. */
static bool append(struct parser *parser, struct slu_pattern_node *parent, struct slu_pattern_node *child, size_t at) {
    child->previous = parent->child;
    parent->child = child;
    parent->states += child->states;
    return fits(parser, parent->states, at);
}

static struct slu_pattern_node *read_sequence(struct parser *parser) {
    struct slu_pattern_node *sequence = new_node(parser, SLU_PATTERN_NODE_SEQUENCE, 0);
    while (sequence != NULL && !at_end(parser) && peek(parser) != '|' && peek(parser) != ')') {
        size_t at = parser->at;
        struct slu_pattern_node *piece = read_piece(parser);
        if (piece == NULL || (piece->states > 0 && !append(parser, sequence, piece, at))) {
            return NULL;
        }
    }
    return sequence;
}

/* Up to the end or the ) of an outer group. */
static struct slu_pattern_node *read_choice(struct parser *parser) {
    size_t at = parser->at;
    struct slu_pattern_node *only = read_sequence(parser);
    if (only == NULL || peek(parser) != '|') {
        return only;
    }
    struct slu_pattern_node *choice = new_node(parser, SLU_PATTERN_NODE_CHOICE, 0);
    if (choice == NULL || !append(parser, choice, only, at)) {
        return NULL;
    }
    while (peek(parser) == '|') {
        at = parser->at++;
        struct slu_pattern_node *alternative = read_sequence(parser);
        if (alternative == NULL) {
            return NULL;
        }
        choice->states++; /* where it is split from those before */
        if (!append(parser, choice, alternative, at)) {
            return NULL;
        }
    }
    return choice;
}

enum slu_pattern_status slu_pattern_parse(struct slu_arena *scratch, struct slu_string text, bool exactly,
                                          struct slu_pattern_node **root, struct slu_pattern_error *error) {
    struct parser parser = {.arena = scratch, .text = text, .exactly = exactly, .error = error};
    size_t valid = slu_utf8_valid_prefix(text);
    if (valid < text.length) {
        refuse(&parser, valid, "the expression is not valid UTF-8 here");
        return parser.status;
    }
    *root = read_choice(&parser);
    if (*root != NULL && !at_end(&parser)) {
        refuse(&parser, parser.at, "this ) has no (; write \\) for the character itself");
    }
    return parser.status;
}
