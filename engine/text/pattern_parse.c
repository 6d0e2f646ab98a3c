/* The one parser of regular expressions: what it does not read is not
 * accepted anywhere. Every refusal says what to write instead. */
#include "engine/base/limits.h"
#include "engine/text/pattern_parser.h"
#include "engine/text/unicode.h"

#include <stdarg.h>
#include <stdio.h>

enum { LARGEST_COUNT = 1000 }; /* in {n,m} */

void slu_pattern_refuse(struct slu_pattern_parser *parser, size_t at, const char *format, ...) {
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

void slu_pattern_no_memory(struct slu_pattern_parser *parser) {
    if (parser->status == SLU_PATTERN_OK) {
        parser->status = SLU_PATTERN_NO_MEMORY;
    }
}

struct slu_pattern_node *slu_pattern_new_node(struct slu_pattern_parser *parser, enum slu_pattern_node_kind kind,
                                              uint32_t states) {
    struct slu_pattern_node *node = SLU_NEW(parser->arena, struct slu_pattern_node);
    if (node == NULL) {
        slu_pattern_no_memory(parser);
        return NULL;
    }
    node->kind = kind;
    node->states = states;
    node->class_number = UINT32_MAX;
    return node;
}

static struct slu_pattern_node *new_assertion(struct slu_pattern_parser *parser, enum slu_pattern_assertion assertion) {
    struct slu_pattern_node *node = slu_pattern_new_node(parser, SLU_PATTERN_NODE_ASSERTION, 1);
    if (node != NULL) {
        node->assertion = assertion;
    }
    return node;
}

/* False when `states` with the accepting one are too many. */
static bool fits(struct slu_pattern_parser *parser, uint64_t states, size_t at) {
    if (states < SLU_LIMIT_PATTERN_STATES) {
        return true;
    }
    slu_pattern_refuse(
        parser, at, "the expression is too large from here on: it needs more than %d states; shorten it or its counts",
        SLU_LIMIT_PATTERN_STATES);
    return false;
}

static struct slu_pattern_node *new_repeat(struct slu_pattern_parser *parser, struct slu_pattern_node *child,
                                           uint32_t min, uint32_t max, size_t at) {
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
        return slu_pattern_new_node(parser, SLU_PATTERN_NODE_EMPTY, 0);
    }
    if (!fits(parser, states, at)) {
        return NULL;
    }
    struct slu_pattern_node *node = slu_pattern_new_node(parser, SLU_PATTERN_NODE_REPEAT, (uint32_t)states);
    if (node != NULL) {
        node->child = child;
        node->min = min;
        node->max = max;
    }
    return node;
}

static struct slu_pattern_node *read_choice(struct slu_pattern_parser *parser);

static struct slu_pattern_node *read_escape(struct slu_pattern_parser *parser) {
    parser->at++;
    char byte = slu_pattern_peek(parser);
    if (slu_pattern_is_set_letter(byte)) {
        return slu_pattern_read_set(parser);
    }
    if (byte == 'b' || byte == 'B') {
        parser->at++;
        return new_assertion(parser, byte == 'b' ? SLU_PATTERN_WORD_BOUNDARY : SLU_PATTERN_NO_WORD_BOUNDARY);
    }
    uint32_t code_point;
    return slu_pattern_read_escaped(parser, &code_point) ? slu_pattern_new_character(parser, code_point) : NULL;
}

/* What may follow `(?` elsewhere; the first that fits, so longer ones first. */
static void refuse_group(struct slu_pattern_parser *parser, size_t at) {
    static const struct {
        const char *start;
        const char *message;
    } groups[] = {
        {"(?=", "(?= looks ahead: rules only know regular expressions that run in linear time; use a second condition"},
        {"(?!", "(?! looks ahead: rules only know regular expressions that run in linear time; use `and not`"},
        {"(?<=", "(?<= looks behind: rules only know regular expressions that run in linear time; match the text "
                 "before as well"},
        {"(?<!", "(?<! looks behind: rules only know regular expressions that run in linear time; use `and not`"},
        {"(?>", "atomic groups are not known: matching takes linear time without them; write ( )"},
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
        if (slu_pattern_next_is(parser, groups[index].start)) {
            slu_pattern_refuse(parser, at, "%s", groups[index].message);
            return;
        }
    }
    slu_pattern_refuse(
        parser, at,
        "flags are not known; case is ignored unless the rule says `matches exactly`, and (?: is the only group "
        "that begins with (?");
}

static struct slu_pattern_node *read_group(struct slu_pattern_parser *parser) {
    size_t at = parser->at;
    if (slu_pattern_peek_ahead(parser, 1) == '?') {
        if (slu_pattern_peek_ahead(parser, 2) != ':') {
            refuse_group(parser, at);
            return NULL;
        }
        parser->at += 2;
    }
    parser->at++;
    if (parser->depth == SLU_LIMIT_NESTING) {
        slu_pattern_refuse(parser, at, "more than %d groups stand inside one another", SLU_LIMIT_NESTING);
        return NULL;
    }
    parser->depth++;
    struct slu_pattern_node *inside = read_choice(parser);
    parser->depth--;
    if (inside == NULL) {
        return NULL;
    }
    if (slu_pattern_at_end(parser)) {
        slu_pattern_refuse(parser, at, "this ( has no ); write \\( for the character itself");
        return NULL;
    }
    parser->at++;
    return inside;
}

static bool next_repeats(const struct slu_pattern_parser *parser) {
    char byte = slu_pattern_peek(parser);
    return byte == '*' || byte == '+' || byte == '?' || byte == '{';
}

/* Digits; false when there are none. A number past LARGEST_COUNT is refused. */
static bool read_count(struct slu_pattern_parser *parser, uint32_t *count) {
    size_t at = parser->at;
    *count = 0;
    while (slu_pattern_is_digit(slu_pattern_peek(parser))) {
        if (*count <= LARGEST_COUNT) {
            *count = *count * 10 + (uint32_t)(slu_pattern_peek(parser) - '0');
        }
        parser->at++;
    }
    if (*count > LARGEST_COUNT) {
        slu_pattern_refuse(parser, at, "a count is at most %d; use * or + where the number does not matter",
                           LARGEST_COUNT);
        return false;
    }
    return parser->at > at;
}

static bool read_counts(struct slu_pattern_parser *parser, uint32_t *min, uint32_t *max) {
    size_t at = parser->at++;
    bool good = read_count(parser, min);
    *max = *min;
    if (good && slu_pattern_peek(parser) == ',') {
        parser->at++;
        if (slu_pattern_peek(parser) == '}') {
            *max = SLU_PATTERN_UNBOUNDED;
        } else {
            good = read_count(parser, max);
        }
    }
    if (!good || slu_pattern_peek(parser) != '}') {
        slu_pattern_refuse(parser, at,
                           "{ begins a count such as {2}, {2,} or {2,5}; write \\{ for the character itself");
        return false;
    }
    parser->at++;
    if (*max < *min) {
        slu_pattern_refuse(parser, at, "{%u,%u} counts backwards; write {%u,%u}", (unsigned)*min, (unsigned)*max,
                           (unsigned)*max, (unsigned)*min);
        return false;
    }
    return true;
}

/* What stands after an atom: nothing, or a repetition of it, perhaps lazy. */
static struct slu_pattern_node *read_repeat(struct slu_pattern_parser *parser, struct slu_pattern_node *atom) {
    if (atom == NULL || !next_repeats(parser)) {
        return atom;
    }
    size_t at = parser->at;
    uint32_t min = slu_pattern_peek(parser) == '+' ? 1 : 0;
    uint32_t max = slu_pattern_peek(parser) == '?' ? 1 : SLU_PATTERN_UNBOUNDED;
    if (slu_pattern_peek(parser) == '{') {
        if (!read_counts(parser, &min, &max)) {
            return NULL;
        }
    } else {
        parser->at++;
    }
    if (slu_pattern_peek(parser) == '+') {
        slu_pattern_refuse(
            parser, parser->at,
            "possessive repetition is not known: matching takes linear time without it; take this + away");
        return NULL;
    }
    if (slu_pattern_peek(parser) == '?') {
        parser->at++;
    }
    if (next_repeats(parser)) {
        slu_pattern_refuse(parser, parser->at, "a repetition cannot be repeated as it is; put it into ( ) first");
        return NULL;
    }
    return new_repeat(parser, atom, min, max, at);
}

static struct slu_pattern_node *read_atom(struct slu_pattern_parser *parser) {
    switch (slu_pattern_peek(parser)) {
    case '(':
        return read_group(parser);
    case '[':
        return slu_pattern_read_class(parser);
    case '\\':
        return read_escape(parser);
    case '.':
        parser->at++;
        return slu_pattern_new_any_but_newline(parser);
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
        slu_pattern_refuse(parser, parser->at,
                           "there is nothing before this %c to repeat; write \\%c for the character itself",
                           slu_pattern_peek(parser), slu_pattern_peek(parser));
        return NULL;
    case ']':
    case '}':
        slu_pattern_refuse(parser, parser->at, "this %c closes nothing; write \\%c for the character itself",
                           slu_pattern_peek(parser), slu_pattern_peek(parser));
        return NULL;
    default:
        return slu_pattern_new_character(parser, slu_utf8_decode(parser->text, &parser->at));
    }
}

static struct slu_pattern_node *read_piece(struct slu_pattern_parser *parser) {
    struct slu_pattern_node *atom = read_atom(parser);
    if (atom != NULL && atom->kind == SLU_PATTERN_NODE_ASSERTION && next_repeats(parser)) {
        char byte = slu_pattern_peek(parser);
        slu_pattern_refuse(parser, parser->at,
                           "%c repeats a place between characters; write \\%c for the character itself", byte, byte);
        return NULL;
    }
    return read_repeat(parser, atom);
}

/* Appends a child that needs states. False when there are too many. */
static bool append(struct slu_pattern_parser *parser, struct slu_pattern_node *parent, struct slu_pattern_node *child,
                   size_t at) {
    child->previous = parent->child;
    parent->child = child;
    parent->states += child->states;
    return fits(parser, parent->states, at);
}

static struct slu_pattern_node *read_sequence(struct slu_pattern_parser *parser) {
    struct slu_pattern_node *sequence = slu_pattern_new_node(parser, SLU_PATTERN_NODE_SEQUENCE, 0);
    while (sequence != NULL && !slu_pattern_at_end(parser) && slu_pattern_peek(parser) != '|' &&
           slu_pattern_peek(parser) != ')') {
        size_t at = parser->at;
        struct slu_pattern_node *piece = read_piece(parser);
        if (piece == NULL || (piece->states > 0 && !append(parser, sequence, piece, at))) {
            return NULL;
        }
    }
    return sequence;
}

/* Up to the end or the ) of an outer group. */
static struct slu_pattern_node *read_choice(struct slu_pattern_parser *parser) {
    size_t at = parser->at;
    struct slu_pattern_node *only = read_sequence(parser);
    if (only == NULL || slu_pattern_peek(parser) != '|') {
        return only;
    }
    struct slu_pattern_node *choice = slu_pattern_new_node(parser, SLU_PATTERN_NODE_CHOICE, 0);
    if (choice == NULL || !append(parser, choice, only, at)) {
        return NULL;
    }
    while (slu_pattern_peek(parser) == '|') {
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
    struct slu_pattern_parser parser = {.arena = scratch, .text = text, .exactly = exactly, .error = error};
    size_t valid = slu_utf8_valid_prefix(text);
    if (valid < text.length) {
        slu_pattern_refuse(&parser, valid, "the expression is not valid UTF-8 here");
        return parser.status;
    }
    *root = read_choice(&parser);
    if (*root != NULL && !slu_pattern_at_end(&parser)) {
        slu_pattern_refuse(&parser, parser.at, "this ) has no (; write \\) for the character itself");
    }
    return parser.status;
}
