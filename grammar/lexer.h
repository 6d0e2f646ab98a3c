/* Tokens of a .rules file, one at a time. */
#ifndef SLU_GRAMMAR_LEXER_H
#define SLU_GRAMMAR_LEXER_H

#include "engine/base/arena.h"
#include "engine/base/string.h"
#include "engine/text/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

struct slu_token {
    int kind; /* SLU_TOKEN_... of the parser, or the character itself */
    struct slu_span span;
    struct slu_string text; /* texts and patterns: the value, escapes undone; otherwise as written */
    double number;          /* NUMBER; DURATION and TIME in milliseconds; CLOCK in minutes of the day */
};

/* All that is remembered between two tokens. A copy is a bookmark: reading on
 * from it gives the same tokens again. */
struct slu_lexer {
    struct slu_arena *arena;             /* borrowed; texts with escapes go there */
    struct slu_diagnostics *diagnostics; /* borrowed; NULL: find mistakes, but say nothing */
    const char *start;                   /* borrowed; the text, with a NUL byte behind it */
    const char *cursor;
    const char *limit; /* at that NUL */
    uint32_t file;
    uint32_t mistakes; /* found so far */
    int previous, before_previous;
    uint32_t previous_end;
    uint32_t templates; /* texts whose interpolation is being read, inside one another */
};

/* `text` must have a NUL byte behind its last, and stay for the life of the
 * tokens; a byte order mark at its start is skipped. */
void slu_lexer_init(struct slu_lexer *lexer, struct slu_arena *arena, struct slu_diagnostics *diagnostics,
                    uint32_t file, struct slu_string text);

/* The next token; at the end SLU_TOKEN_YYEOF, again and again. A mistake that
 * leaves no token to go on with gives SLU_TOKEN_BROKEN, after it was reported.
 * False when out of memory. */
bool slu_lexer_next(struct slu_lexer *lexer, struct slu_token *token);

/* The keyword's token kind, or -1. */
int slu_keyword_kind(struct slu_string word);
/* The keyword nearest to `word` (at most two letters off), or NULL. */
const char *slu_keyword_near(struct slu_string word);

#endif
