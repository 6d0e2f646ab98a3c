/* What the engine tells while it decides one event, kept until it is printed. */
#ifndef SLU_CLI_TRACE_H
#define SLU_CLI_TRACE_H

#include "engine/base/arena.h"
#include "engine/include/sluice/sluice.h"

#include <stdbool.h>
#include <stddef.h>

struct cli_trace {
    struct slu_arena arena; /* of one event: holds the items and all they point to */
    struct sluice_trace_entry *items;
    size_t count, capacity;
    bool only_absent;         /* keep nothing but absent facts */
    bool failed;              /* out of memory: something is missing */
    struct sluice_trace hook; /* for sluice_inputs */
};

void cli_trace_init(struct cli_trace *trace, bool only_absent);
/* Forgets everything, for the next event. */
void cli_trace_reset(struct cli_trace *trace);
void cli_trace_free(struct cli_trace *trace);

/* A run of items. */
struct cli_trace_part {
    const struct sluice_trace_entry *items;
    size_t count;
};

/* What was noticed about the event itself, before the first ruleset. */
struct cli_trace_part cli_trace_preamble(const struct cli_trace *trace);
/* The items of the next ruleset, in the order of the decisions; *at starts at 0. */
struct cli_trace_part cli_trace_next_ruleset(const struct cli_trace *trace, size_t *at);

/* What belongs together inside a ruleset: a rule and what was tried for it, a
 * guard and its conditions, or what was read for the actions. */
enum cli_trace_subject { CLI_TRACE_RULE, CLI_TRACE_GUARD, CLI_TRACE_ACTIONS };
struct cli_trace_group {
    enum cli_trace_subject subject;
    struct sluice_string title;
    uint32_t line;
    bool outcome; /* the rule wins; the guard blocks */
    struct cli_trace_part tried;
};
/* False at the end; *at starts at 0. */
bool cli_trace_next_group(struct cli_trace_part part, size_t *at, struct cli_trace_group *group);

#endif
