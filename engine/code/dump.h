/* What the two halves of the dump share. */
#ifndef SLU_CODE_DUMP_H
#define SLU_CODE_DUMP_H

#include "engine/base/buffer.h"
#include "engine/code/program.h"

/* A value as it would be written in a rule; long lists are cut. */
void slu_dump_value(struct slu_buffer *out, struct slu_value value);
/* The text of a span with runs of white space as one space. */
void slu_dump_source(const struct sluice_program *program, struct slu_buffer *out, struct slu_span span);
/* One instruction a line, indented by `indent` columns, jump targets as labels. */
void slu_dump_piece(const struct sluice_program *program, struct slu_buffer *out, struct slu_code code, size_t indent);

/* Starts a part: an empty line before it, and its first word. */
void slu_dump_part(struct slu_buffer *out, const char *word);
/* What the index of a ruleset looks at. */
void slu_dump_index(const struct sluice_program *program, struct slu_buffer *out, const struct slu_index *index);
/* Fields, look-ups, guards, calendars and the sources' mappings. */
void slu_dump_tables(const struct sluice_program *program, struct slu_buffer *out);

#endif
