/* What the tests have reached. */
#ifndef SLU_CLI_COVERAGE_H
#define SLU_CLI_COVERAGE_H

#include "engine/base/buffer.h"
#include "engine/decide/tests.h"

/* `file.rules:12  "Title"`, or the ruleset's title where a rule has none of its own. */
void cli_add_rule_place(struct slu_buffer *out, const sluice_program *program, uint32_t rule);
/* The rules that won in no test, under a line that counts them; nothing when there are none. */
void cli_unreached_add(struct slu_buffer *out, const sluice_program *program, const struct slu_coverage *coverage);
/* A table of every rule and its conditions. Texts are made on the arena; false when out of memory. */
bool cli_coverage_add(struct slu_buffer *out, const sluice_program *program, const struct slu_coverage *coverage,
                      struct slu_arena *arena);

#endif
