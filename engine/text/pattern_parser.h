/* What the two halves of the parser of regular expressions share: groups and
 * repetition (pattern_parse.c), characters and classes (pattern_characters.c). */
#ifndef SLU_TEXT_PATTERN_PARSER_H
#define SLU_TEXT_PATTERN_PARSER_H

#include "engine/text/pattern_tree.h"

struct slu_pattern_parser {
    struct slu_arena *arena;
    struct slu_string text;
    size_t at;
    bool exactly;
    uint32_t depth; /* of groups */
    enum slu_pattern_status status;
    struct slu_pattern_error *error;
};

/* Only the first refusal is kept: what follows it comes from giving up. */
void slu_pattern_refuse(struct slu_pattern_parser *parser, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void slu_pattern_no_memory(struct slu_pattern_parser *parser);

/* The byte `ahead` of the next one; NUL past the end (a NUL in the pattern is
 * no operator either). */
static inline char slu_pattern_peek_ahead(const struct slu_pattern_parser *parser, size_t ahead) {
    return ahead < parser->text.length - parser->at ? parser->text.bytes[parser->at + ahead] : '\0';
}

static inline char slu_pattern_peek(const struct slu_pattern_parser *parser) {
    return slu_pattern_peek_ahead(parser, 0);
}

static inline bool slu_pattern_at_end(const struct slu_pattern_parser *parser) {
    return parser->at == parser->text.length;
}

static inline bool slu_pattern_next_is(const struct slu_pattern_parser *parser, const char *terminated) {
    struct slu_string rest = {parser->text.bytes + parser->at, parser->text.length - parser->at};
    return slu_string_starts_with(rest, slu_string_from(terminated));
}

static inline bool slu_pattern_is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* On the arena; NULL when out of memory. */
struct slu_pattern_node *slu_pattern_new_node(struct slu_pattern_parser *parser, enum slu_pattern_node_kind kind,
                                              uint32_t states);

/* \d \w \s and their capitals, from the letter on. */
bool slu_pattern_is_set_letter(char byte);
struct slu_pattern_node *slu_pattern_read_set(struct slu_pattern_parser *parser);
/* Any other escape that stands for a character, from after the backslash on;
 * refuses what is none. */
bool slu_pattern_read_escaped(struct slu_pattern_parser *parser, uint32_t *code_point);
/* A class, from its [ on. */
struct slu_pattern_node *slu_pattern_read_class(struct slu_pattern_parser *parser);
struct slu_pattern_node *slu_pattern_new_character(struct slu_pattern_parser *parser, uint32_t code_point);
struct slu_pattern_node *slu_pattern_new_any_but_newline(struct slu_pattern_parser *parser);

#endif
