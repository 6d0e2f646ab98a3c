/* The characters that a handful of regular expressions can tell apart. */
#ifndef SLU_PROVE_TEXT_ALPHABET_H
#define SLU_PROVE_TEXT_ALPHABET_H

#include "engine/prove/text_search.h"

/* Characters that no class of any of the expressions tells apart. */
struct slu_letter {
    uint32_t character;      /* one of them, as plain as there is */
    uint32_t rank;           /* how plain: 0 is a lower-case letter */
    bool word;               /* what \b counts as part of a word */
    const uint64_t *classes; /* a bit for each class of all the expressions, in order */
};

struct slu_alphabet {
    struct slu_letter *letters; /* plainest first */
    uint32_t count;
    uint32_t *first_class; /* per demand: where the bits of its classes start */
};

bool slu_alphabet_make(struct slu_arena *arena, const struct slu_text_demand *demands, uint32_t count,
                       struct slu_alphabet *alphabet);

#endif
