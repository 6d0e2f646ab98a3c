/* What the formatter decides before it prints: for each token, whether a line
 * begins there, how far in, and what stands between it and the one before. */
#ifndef SLU_GRAMMAR_LAYOUT_H
#define SLU_GRAMMAR_LAYOUT_H

#include "engine/base/limits.h"
#include "grammar/whole.h"

enum slu_layout_break {
    SLU_LAYOUT_SAME_LINE,
    SLU_LAYOUT_LINE,     /* begins a line; a blank line before it stays */
    SLU_LAYOUT_PARAGRAPH /* begins a line with a blank one before it */
};

enum { SLU_LAYOUT_COLUMNS = 100 }; /* longer lines wrap where they can */

struct slu_layout_token {
    uint32_t start, end; /* in the text */
    int kind;
    enum slu_layout_break begins;
    uint16_t indent;  /* columns, where it begins a line */
    uint16_t hanging; /* columns, for what wraps from this line */
    uint16_t column;  /* filled up with spaces to here, for columns of values; 0: not */
    bool glued;       /* no space before it */
    bool may_wrap;    /* a line that is too long may go on here, as it may behind a comma */
};

struct slu_layout {
    struct slu_string text; /* borrowed */
    struct slu_layout_token *tokens;
    uint32_t count; /* with the end of the file, which is a token of no length */
};

/* Reads the tokens of a file that parsed without mistakes. False when out of memory. */
bool slu_layout_read(struct slu_layout *layout, struct slu_arena *arena, const struct slu_whole *whole);
/* Sets where lines begin, by the tree. */
void slu_layout_mark(struct slu_layout *layout, const struct slu_tree *tree);
/* Spaces between a token and the one before it on the same line; `depth`: open brackets around it. */
uint32_t slu_layout_space(const struct slu_layout *layout, uint32_t index, uint32_t depth);
/* Columns that the token takes. */
uint32_t slu_layout_width(const struct slu_layout *layout, uint32_t index);
/* The token that starts at this offset of the text. */
uint32_t slu_layout_find(const struct slu_layout *layout, uint32_t start);
/* Brackets and templates: +1 opens, -1 closes. */
int slu_layout_nesting(int kind);

#endif
