/* The one layout of a .rules file. */
#ifndef SLU_GRAMMAR_FORMAT_H
#define SLU_GRAMMAR_FORMAT_H

#include "engine/base/buffer.h"
#include "grammar/parse.h"

/* Writes the file in the one layout. Every token and comment of the text comes
 * out again, in order; only white space changes, so the meaning cannot.
 * SLUICE_INVALID when the file has syntax errors (recorded, nothing written). */
enum sluice_status slu_format(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                              struct slu_diagnostics *diagnostics, struct slu_buffer *out);

#endif
