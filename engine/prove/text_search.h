/* Is there a text that some regular expressions are found in and others not? */
#ifndef SLU_PROVE_TEXT_SEARCH_H
#define SLU_PROVE_TEXT_SEARCH_H

#include "engine/base/arena.h"
#include "engine/text/pattern.h"

#include <stdbool.h>
#include <stdint.h>

struct slu_text_demand {
    const struct slu_pattern *pattern; /* borrowed */
    bool wanted;                       /* found, or not found */
};

enum slu_text_answer {
    SLU_TEXT_WORD,    /* there is one */
    SLU_TEXT_NONE,    /* there is none, whatever the text */
    SLU_TEXT_GAVE_UP, /* past a limit: says nothing */
    SLU_TEXT_NO_MEMORY
};

/* Exact, over all of Unicode. *word is on the arena. */
enum slu_text_answer slu_text_search(struct slu_arena *arena, const struct slu_text_demand *demands, uint32_t count,
                                     struct slu_string *word);

#endif
