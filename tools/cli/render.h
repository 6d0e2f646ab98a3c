/* One event's result, as text for people or as a JSON line. */
#ifndef SLU_CLI_RENDER_H
#define SLU_CLI_RENDER_H

#include "engine/base/buffer.h"
#include "engine/decide/store.h"
#include "engine/include/sluice/sluice.h"
#include "tools/cli/trace.h"

struct cli_decided {
    const struct sluice_program *program;
    const struct sluice_event *event;
    uint64_t line_number; /* of the input: stands for an id where there is none */
    const struct sluice_result *result;
    const struct slu_waiting *cancelled; /* delayed actions that this event keeps from happening */
    const struct cli_trace *trace;       /* NULL: none was kept */
};

void cli_render_text(struct slu_buffer *out, const struct cli_decided *decided);
void cli_render_json(struct slu_buffer *out, const struct cli_decided *decided);

/* {"rule": ..., "actions": [...]}; NULL: no rule, no actions. */
void cli_render_decision_json(struct slu_buffer *out, const struct sluice_decision *decision);
/* The rule that won, in quotes; NULL: there is no such ruleset for the event. */
void cli_render_winner_text(struct slu_buffer *out, const struct sluice_decision *decision);
/* The actions, one a line. */
void cli_render_actions_text(struct slu_buffer *out, const struct sluice_program *program,
                             const struct sluice_decision *decision, size_t level);

/* What was tried, a line each, their values in one column. */
void cli_render_tried_text(struct slu_buffer *out, struct cli_trace_part part, size_t level);
/* "tried":[...] */
void cli_render_tried_json(struct slu_buffer *out, struct cli_trace_part part);

#endif
