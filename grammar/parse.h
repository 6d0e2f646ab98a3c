/* From text to syntax tree. Pure: no I/O, no globals. */
#ifndef SLU_GRAMMAR_PARSE_H
#define SLU_GRAMMAR_PARSE_H

#include "engine/include/sluice/sluice.h"
#include "engine/text/diagnostics.h"
#include "grammar/tree.h"

/* Parses file number `file` of `sources`. Mistakes become diagnostics, and the
 * tree then holds the declarations that could be read. *tree is on `arena` and
 * borrows nothing from the source text.
 * SLUICE_OK also when there were mistakes; SLUICE_NO_MEMORY otherwise. */
enum sluice_status slu_parse(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                             struct slu_diagnostics *diagnostics, struct slu_tree *tree);

#endif
