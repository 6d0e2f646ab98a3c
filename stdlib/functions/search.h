/* Finds one text in another, letter case ignored, in linear time. */
#ifndef SLU_STDLIB_SEARCH_H
#define SLU_STDLIB_SEARCH_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdint.h>

struct slu_search {
    struct slu_string text; /* borrowed */
    uint32_t *wanted;       /* the code points looked for, folded */
    uint32_t *fallback;     /* Knuth, Morris, Pratt: how much still fits after a mismatch */
    size_t length;          /* of both, in code points */
    size_t at;              /* bytes of `text` that are done; may be moved forward between matches */
};

/* False when out of memory. */
bool slu_search_init(struct slu_search *search, struct slu_string text, struct slu_string wanted,
                     struct slu_arena *arena);
/* The next match that does not overlap the one before, as bytes [*start,
 * *end). The empty text is found nowhere. */
bool slu_search_next(struct slu_search *search, size_t *start, size_t *end);

#endif
