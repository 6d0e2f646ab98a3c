/* What the commands that decide events read besides rules: the events, the
 * clock, the facts. */
#ifndef SLU_CLI_INPUTS_H
#define SLU_CLI_INPUTS_H

#include "engine/decide/store.h"
#include "tools/cli/lines.h"
#include "tools/cli/options.h"

/* --events FILE; without it, or with -, standard input. False when it cannot be
 * read: standard error then says why. Close the descriptor where it is above 2. */
bool cli_events_open(const struct cli_options *options, struct cli_lines *lines, const char **name);
bool cli_line_is_blank(struct cli_line line);

/* --at: ISO 8601, or whole seconds since the epoch. False, and standard error says so: it is neither. */
bool cli_clock_read(const char *text, int64_t *milliseconds);
int64_t cli_time_of_day(void);

/* --facts, into each of the stores: `store` gives them, by number. False when the
 * facts cannot be used: standard error says why. */
bool cli_facts_load(const char *path, size_t count, struct slu_store *(*store)(void *context, size_t number),
                    void *context);

#endif
