/* sluice run: decides a stream of events, one a line, and prints what would be done. */
#include "tools/cli/cli.h"
#include "tools/cli/delivery.h"
#include "tools/cli/inputs.h"
#include "tools/cli/lines.h"
#include "tools/cli/load.h"
#include "tools/cli/render.h"
#include "tools/cli/trace.h"
#include "tools/cli/values.h"

#include "engine/base/limits.h"
#include "engine/decide/store.h"
#include "engine/input/errors.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct run {
    struct cli *cli;
    struct cli_rules rules;
    sluice_decider *decider;
    struct slu_store *store;
    struct cli_lines lines;
    const char *input_name;
    struct cli_trace trace;
    bool json, wants_trace;
    bool has_clock;
    int64_t clock; /* milliseconds; of --at */
    struct cli_delivery delivery;
    size_t by_rule, by_none, ignored, unreadable;
};

static void flush_answers(void *context) {
    cli_output_flush(context);
}

static bool open_input(struct run *run) {
    if (!cli_events_open(&run->cli->options, &run->lines, &run->input_name)) {
        return false;
    }
    run->lines.before_waiting = flush_answers;
    run->lines.context = &run->cli->out;
    return true;
}

/* ---- one line ---- */

/* `id` is NULL when the event could not be read. */
static void report_error(struct run *run, struct sluice_string id, const struct sluice_error *error) {
    struct slu_buffer *out = &run->cli->out.buffer;
    run->unreadable++;
    if (!run->json) {
        cli_output_flush(&run->cli->out); /* keeps the order of what a terminal shows */
        cli_say("%s:%llu: error[%s]: %s (byte %zu)", run->input_name, (unsigned long long)run->lines.line_number,
                error->code, error->message, error->at_byte);
        return;
    }
    slu_buffer_add_text(out, "{\"id\":");
    if (id.bytes == NULL) {
        slu_buffer_add_text(out, "null");
    } else {
        cli_add_json_string(out, id);
    }
    slu_buffer_add_text(out, ",\"error\":{\"code\":");
    slu_buffer_add_json_string(out, slu_string_from(error->code));
    slu_buffer_add_text(out, ",\"message\":");
    slu_buffer_add_json_string(out, slu_string_from(error->message));
    slu_buffer_add_format(out, ",\"at_byte\":%zu}}\n", error->at_byte);
}

static void report_ignored(struct run *run, const struct sluice_event *event, const struct sluice_error *error) {
    struct slu_buffer *out = &run->cli->out.buffer;
    run->ignored++;
    if (run->json) {
        slu_buffer_add_text(out, "{\"id\":");
        if (event->id.bytes == NULL) {
            slu_buffer_add_text(out, "null");
        } else {
            cli_add_json_string(out, event->id);
        }
        slu_buffer_add_text(out, ",\"ignored\":");
        slu_buffer_add_json_string(out, slu_string_from(error->message));
        slu_buffer_add_text(out, "}\n");
        return;
    }
    slu_buffer_add_text(out, "ignored  ");
    if (event->id.bytes != NULL) {
        cli_add_plain(out, event->id);
    } else {
        slu_buffer_add_format(out, "line %llu", (unsigned long long)run->lines.line_number);
    }
    slu_buffer_add_format(out, "\n  %s\n", error->message);
}

static void count_result(struct run *run, const struct sluice_result *result) {
    for (size_t i = 0; i < result->count; i++) {
        if (result->decisions[i].rule.bytes != NULL) {
            run->by_rule++;
            return;
        }
    }
    run->by_none++;
}

/* False: out of memory, nothing can go on. */
static bool decide_event(struct run *run, const struct sluice_event *event) {
    struct sluice_inputs inputs = {.clock = run->clock, .facts = slu_store_facts(run->store)};
    struct sluice_result result;
    struct sluice_error error = {0};
    if (!run->has_clock) {
        inputs.clock = event->has_time ? event->time : cli_time_of_day();
    }
    cli_trace_reset(&run->trace);
    /* Tracing costs time: done when asked for, or when a look-up can be absent. */
    bool traced = run->wants_trace || run->rules.program->lookup_count > 0;
    inputs.trace = traced ? &run->trace.hook : NULL;
    if (slu_store_advance(run->store, inputs.clock) != SLUICE_OK) {
        return false;
    }
    enum sluice_status status = sluice_decide(run->decider, &inputs, &result, &error);
    if (status == SLUICE_NO_MEMORY || run->trace.failed) {
        return false;
    }
    if (status != SLUICE_OK) {
        report_error(run, event->id, &error);
        return true;
    }
    if (slu_store_apply(run->store, event, &result, inputs.clock) != SLUICE_OK) {
        return false;
    }
    struct cli_decided decided = {.program = run->rules.program,
                                  .event = event,
                                  .line_number = run->lines.line_number,
                                  .result = &result,
                                  .cancelled = slu_store_cancelled(run->store),
                                  .trace = traced ? &run->trace : NULL};
    if (run->json) {
        cli_render_json(&run->cli->out.buffer, &decided);
    } else {
        cli_render_text(&run->cli->out.buffer, &decided);
    }
    count_result(run, &result);
    return true;
}

static bool take_line(struct run *run, struct slu_string line) {
    struct sluice_event event = {0};
    struct sluice_error error = {0};
    run->delivery.delivery.body = (struct sluice_string){line.bytes, line.length};
    switch (sluice_read(run->decider, &run->delivery.delivery, &event, &error)) {
    case SLUICE_OK:
        return decide_event(run, &event);
    case SLUICE_IGNORED:
        report_ignored(run, &event, &error);
        return true;
    case SLUICE_INVALID:
    case SLUICE_LIMIT:
        report_error(run, (struct sluice_string){NULL, 0}, &error);
        return true;
    case SLUICE_NO_MEMORY:
    case SLUICE_NEEDS_FACTS:
        break;
    }
    return false;
}

static void refuse_long_line(struct run *run) {
    struct sluice_error error;
    slu_input_refuse(&error, SLU_INPUT_ERROR_TOO_LARGE, SLU_LIMIT_EVENT_BYTES, "an event has at most %d bytes",
                     (int)SLU_LIMIT_EVENT_BYTES);
    report_error(run, (struct sluice_string){NULL, 0}, &error);
}

/* ---- the whole run ---- */

static enum cli_status read_all_lines(struct run *run) {
    struct slu_string line;
    while (cli_output_step(&run->cli->out)) {
        switch (cli_lines_next(&run->lines, &line)) {
        case CLI_LINE_READ:
            if (!cli_line_is_blank(line) && !take_line(run, line)) {
                cli_complain("out of memory");
                return CLI_COULD_NOT_RUN;
            }
            break;
        case CLI_LINE_TOO_LONG:
            refuse_long_line(run);
            break;
        case CLI_LINE_END:
            return run->unreadable > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
        case CLI_LINE_FAILED:
            cli_complain("cannot read %s: %s", run->input_name, strerror(errno));
            return CLI_COULD_NOT_RUN;
        }
    }
    return CLI_COULD_NOT_RUN; /* nobody reads the answers */
}

/* "5 events: 3 decided by a rule, 1 by none, 1 could not be read" */
static void print_summary(const struct run *run) {
    const struct {
        size_t count;
        const char *text;
    } parts[] = {{run->by_rule, "decided by a rule"},
                 {run->by_none, run->by_rule > 0 ? "by none" : "decided by none"},
                 {run->ignored, "ignored"},
                 {run->unreadable, "could not be read"}};
    struct slu_buffer line;
    slu_buffer_init(&line);
    cli_add_count(&line, run->by_rule + run->by_none + run->ignored + run->unreadable, "event", "events");
    const char *before = ": ";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].count > 0) {
            slu_buffer_add_format(&line, "%s%zu %s", before, parts[i].count, parts[i].text);
            before = ", ";
        }
    }
    if (!line.failed) {
        cli_say("%.*s", (int)line.length, line.bytes);
    }
    slu_buffer_free(&line);
}

static bool prepare(struct run *run) {
    const struct cli_options *options = &run->cli->options;
    const char *at = options->values[CLI_OPTION_AT];
    if ((at != NULL && !(run->has_clock = cli_clock_read(at, &run->clock))) ||
        !cli_delivery_read(options, &run->delivery) || !cli_rules_load(run->cli, &run->rules) ||
        !cli_delivery_check(&run->delivery, run->rules.program) || !open_input(run)) {
        return false;
    }
    if (sluice_decider_new(run->rules.program, &run->decider) != SLUICE_OK ||
        slu_store_new(run->rules.program, &run->store) != SLUICE_OK) {
        cli_complain("out of memory");
        return false;
    }
    const char *facts = options->values[CLI_OPTION_FACTS];
    return facts == NULL || cli_facts_load(facts, run->store);
}

enum cli_status cli_run(struct cli *cli) {
    struct run run = {.cli = cli, .lines = {.descriptor = -1}};
    enum cli_status status = CLI_COULD_NOT_RUN;
    run.json = cli_options_has(&cli->options, CLI_OPTION_JSON);
    run.wants_trace = cli_options_has(&cli->options, CLI_OPTION_TRACE);
    cli_trace_init(&run.trace, !run.wants_trace);
    if (prepare(&run)) {
        status = read_all_lines(&run);
        cli_output_flush(&cli->out);
        if (!run.json && status != CLI_COULD_NOT_RUN) {
            print_summary(&run);
        }
    }
    if (run.lines.descriptor > STDERR_FILENO) {
        close(run.lines.descriptor);
    }
    cli_lines_free(&run.lines);
    cli_trace_free(&run.trace);
    slu_store_free(run.store);
    sluice_decider_free(run.decider);
    cli_rules_free(&run.rules);
    cli_delivery_free(&run.delivery);
    return status;
}
