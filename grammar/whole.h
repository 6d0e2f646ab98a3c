/* A parsed file with what the formatter needs besides the tree. */
#ifndef SLU_GRAMMAR_WHOLE_H
#define SLU_GRAMMAR_WHOLE_H

#include "grammar/parse.h"

struct slu_whole {
    struct slu_tree tree;
    struct slu_string text; /* with a NUL byte behind it; the tree borrows from it */
    uint32_t mistakes;
};

/* As slu_parse. */
enum sluice_status slu_parse_whole(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                                   struct slu_diagnostics *diagnostics, struct slu_whole *whole);

#endif
