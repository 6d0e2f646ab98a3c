/* Regular expressions: escapes, characters and classes. */
#include "engine/text/pattern_parser.h"
#include "engine/text/unicode.h"

#include <assert.h>
#include <string.h>

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_punctuation(char byte) {
    return byte > ' ' && byte < 0x7F && !slu_pattern_is_digit(byte) && !is_letter(byte);
}

/* Takes over the set's ranges. */
static struct slu_pattern_node *new_class(struct slu_pattern_parser *parser, struct slu_code_points *set) {
    slu_code_points_order(set);
    struct slu_pattern_node *node = slu_pattern_new_node(parser, SLU_PATTERN_NODE_CLASS, 1);
    if (node != NULL) {
        node->ranges = set->items;
        node->range_count = (uint32_t)set->count;
    }
    return node;
}

static int hex_value(char byte) {
    if (slu_pattern_is_digit(byte)) {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* \x41, from the x on. */
static bool read_hex_byte(struct slu_pattern_parser *parser, uint32_t *code_point) {
    int high = hex_value(slu_pattern_peek_ahead(parser, 1));
    int low = high < 0 ? -1 : hex_value(slu_pattern_peek_ahead(parser, 2));
    if (low < 0) {
        slu_pattern_refuse(parser, parser->at - 1,
                           "\\x needs two hexadecimal digits, as in \\x41; for more write \\u{1F600}");
        return false;
    }
    *code_point = (uint32_t)(high * 16 + low);
    parser->at += 3;
    return true;
}

/* \u{1F600}, from the u on. */
static bool read_code_point(struct slu_pattern_parser *parser, uint32_t *code_point) {
    size_t at = parser->at - 1;
    if (slu_pattern_peek_ahead(parser, 1) != '{') {
        slu_pattern_refuse(parser, at, "\\u needs braces, as in \\u{e9} or \\u{1F600}");
        return false;
    }
    parser->at += 2;
    uint32_t value = 0;
    uint32_t digits = 0;
    for (int digit = hex_value(slu_pattern_peek(parser)); digit >= 0 && digits <= 6;
         digit = hex_value(slu_pattern_peek(parser))) {
        value = value * 16 + (uint32_t)digit;
        digits++;
        parser->at++;
    }
    if (digits == 0 || digits > 6 || slu_pattern_peek(parser) != '}') {
        slu_pattern_refuse(parser, at, "\\u{ } needs one to six hexadecimal digits, as in \\u{1F600}");
        return false;
    }
    parser->at++;
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        slu_pattern_refuse(parser, at, "\\u{%X} is not a character: they go from 0 to 10FFFF, without D800 to DFFF",
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

static void refuse_escape(struct slu_pattern_parser *parser) {
    size_t at = parser->at - 1;
    char byte = slu_pattern_peek(parser);
    if (slu_pattern_at_end(parser)) {
        slu_pattern_refuse(parser, at, "\\ stands at the end; write \\\\ for the character itself");
    } else if (byte >= '1' && byte <= '9') {
        slu_pattern_refuse(parser, at,
                           "\\%c refers back to a group: rules only know regular expressions that run in linear time; "
                           "write the alternatives out",
                           byte);
    } else if (is_letter(byte) || slu_pattern_is_digit(byte)) {
        slu_pattern_refuse(parser, at, "\\%c: %s", byte, advice_for(byte));
    } else {
        slu_pattern_refuse(parser, at, "\\ stands before a character that needs none; take it away");
    }
}

/* The character of an escape, from after the backslash on. */
bool slu_pattern_read_escaped(struct slu_pattern_parser *parser, uint32_t *code_point) {
    static const char letters[] = "ntrfv";
    static const char characters[] = "\n\t\r\f\v";
    char byte = slu_pattern_peek(parser);
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

bool slu_pattern_is_set_letter(char byte) {
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
        assert(false && "a letter of is_set_letter");
    }
    bool inverted = letter >= 'A' && letter <= 'Z';
    return added && (!inverted || slu_code_points_invert(&named)) && slu_code_points_add_all(set, &named);
}

struct slu_pattern_node *slu_pattern_read_set(struct slu_pattern_parser *parser) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!add_set_escape(&set, slu_pattern_peek(parser))) {
        slu_pattern_no_memory(parser);
        return NULL;
    }
    parser->at++;
    return new_class(parser, &set);
}

struct slu_pattern_node *slu_pattern_new_any_but_newline(struct slu_pattern_parser *parser) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!slu_code_points_add(&set, '\n', '\n') || !slu_code_points_invert(&set)) {
        slu_pattern_no_memory(parser);
        return NULL;
    }
    return new_class(parser, &set);
}

struct slu_pattern_node *slu_pattern_new_character(struct slu_pattern_parser *parser, uint32_t code_point) {
    struct slu_code_points set = {.arena = parser->arena};
    if (!slu_code_points_add(&set, code_point, code_point) ||
        (!parser->exactly && !slu_code_points_close_folding(&set))) {
        slu_pattern_no_memory(parser);
        return NULL;
    }
    return new_class(parser, &set);
}

/* One end of a range, or a character alone. */
static bool read_class_character(struct slu_pattern_parser *parser, uint32_t *code_point) {
    if (slu_pattern_next_is(parser, "[:") || slu_pattern_next_is(parser, "[.") || slu_pattern_next_is(parser, "[=")) {
        slu_pattern_refuse(parser, parser->at,
                           "classes such as [:alpha:] are not known; write ranges such as a-z, and \\[ for a [");
        return false;
    }
    if (slu_pattern_peek(parser) != '\\') {
        *code_point = slu_utf8_decode(parser->text, &parser->at);
        return true;
    }
    parser->at++;
    char byte = slu_pattern_peek(parser);
    if (slu_pattern_is_set_letter(byte)) {
        slu_pattern_refuse(parser, parser->at - 1, "\\%c is a set and cannot end a range; write \\- for a - beside it",
                           byte);
        return false;
    }
    if (byte == 'b' || byte == 'B') {
        slu_pattern_refuse(parser, parser->at - 1, "\\%c is a place between characters and cannot stand in [ ]%s", byte,
                           byte == 'b' ? "; write \\x08 for a backspace" : "");
        return false;
    }
    return slu_pattern_read_escaped(parser, code_point);
}

/* A - that has something after it other than the class's end. */
static bool next_is_range(const struct slu_pattern_parser *parser) {
    return slu_pattern_peek(parser) == '-' && slu_pattern_peek_ahead(parser, 1) != ']' &&
           parser->text.length - parser->at > 1;
}

/* One item of a class: `written` collects characters and ranges, which letter
 * case widens, `named` the sets, which it does not. */
static bool read_class_item(struct slu_pattern_parser *parser, struct slu_code_points *written,
                            struct slu_code_points *named) {
    size_t at = parser->at;
    char letter = slu_pattern_peek_ahead(parser, 1);
    if (slu_pattern_peek(parser) == '\\' && slu_pattern_is_set_letter(letter)) {
        parser->at += 2;
        if (next_is_range(parser)) {
            slu_pattern_refuse(parser, at, "\\%c is a set and cannot begin a range; write \\- for a - beside it",
                               letter);
            return false;
        }
        if (!add_set_escape(named, letter)) {
            slu_pattern_no_memory(parser);
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
        slu_pattern_refuse(parser, at, "the range %.*s runs backwards; swap its ends, or write \\- for a -",
                           (int)(parser->at - at), parser->text.bytes + at);
        return false;
    }
    if (!slu_code_points_add(written, first, last)) {
        slu_pattern_no_memory(parser);
        return false;
    }
    return true;
}

struct slu_pattern_node *slu_pattern_read_class(struct slu_pattern_parser *parser) {
    size_t at = parser->at++;
    bool inverted = slu_pattern_peek(parser) == '^';
    parser->at += inverted;
    struct slu_code_points written = {.arena = parser->arena};
    struct slu_code_points named = {.arena = parser->arena};
    if (slu_pattern_peek(parser) == ']') {
        slu_pattern_refuse(parser, at, "the class is empty; write \\] for a ] inside [ ]");
        return NULL;
    }
    while (!slu_pattern_at_end(parser) && slu_pattern_peek(parser) != ']') {
        if (!read_class_item(parser, &written, &named)) {
            return NULL;
        }
    }
    if (slu_pattern_at_end(parser)) {
        slu_pattern_refuse(parser, at, "this [ has no ]; write \\[ for the character itself");
        return NULL;
    }
    parser->at++;
    if ((!parser->exactly && !slu_code_points_close_folding(&written)) || !slu_code_points_add_all(&written, &named) ||
        (inverted && !slu_code_points_invert(&written))) {
        slu_pattern_no_memory(parser);
        return NULL;
    }
    return new_class(parser, &written);
}
