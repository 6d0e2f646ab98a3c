#include "tools/cli/worker.h"

#include "tools/cli/inputs.h"
#include "tools/cli/render.h"
#include "tools/cli/values.h"

#include "engine/base/limits.h"
#include "engine/input/errors.h"
#include "engine/input/input.h"

#include <string.h>

/* A trace of one event may be larger than everything else in memory. */
enum { ANSWER_BYTES = 1024 * 1024 };

static bool action_keeps(const struct slu_program_action *action) {
    switch (action->kind) {
    case SLU_ACTION_SET:
    case SLU_ACTION_UNDO:
        return true;
    case SLU_ACTION_CALL:
    case SLU_ACTION_EMIT:
    case SLU_ACTION_RECORD:
        break;
    }
    return action->unless_count > 0; /* the event that cancels it says so */
}

bool cli_program_keeps_facts(const struct sluice_program *program) {
    bool keeps = program->allowance_count > 0;
    for (uint32_t i = 0; i < program->action_count && !keeps; i++) {
        keeps = action_keeps(&program->actions[i]);
    }
    return keeps;
}

bool cli_worker_init(struct cli_worker *worker, const struct cli_work *work) {
    *worker = (struct cli_worker){.work = work, .delivery = work->delivery->delivery};
    cli_answers_init(&worker->answers);
    cli_trace_init(&worker->trace, !work->wants_trace);
    return sluice_decider_new(work->program, &worker->decider) == SLUICE_OK &&
           slu_store_new(work->program, &worker->store) == SLUICE_OK;
}

void cli_worker_free(struct cli_worker *worker) {
    cli_answers_free(&worker->answers);
    cli_trace_free(&worker->trace);
    slu_store_free(worker->store);
    sluice_decider_free(worker->decider);
}

/* ---- what is printed ---- */

static void add_id(struct slu_buffer *out, struct sluice_string id) {
    slu_buffer_add_text(out, "{\"id\":");
    if (id.bytes == NULL) {
        slu_buffer_add_text(out, "null");
    } else {
        cli_add_json_string(out, id);
    }
}

/* `id` is NULL when the event could not be read, which has a place; deciding has none. */
static void report_error(struct cli_worker *worker, const struct sluice_string *id, const struct sluice_error *error) {
    struct slu_buffer *out = &worker->answers.text;
    worker->counts.unreadable++;
    worker->counts.bad_json += strcmp(error->code, slu_input_error_word(SLU_INPUT_ERROR_BAD_JSON)) == 0;
    if (!worker->work->json) {
        cli_answers_begin_complaint(&worker->answers);
        slu_buffer_add_format(out, "%s:%llu: error[%s]: %s", worker->work->input_name,
                              (unsigned long long)worker->line_number, error->code, error->message);
        if (id == NULL) {
            slu_buffer_add_format(out, " (byte %zu)", error->at_byte);
        }
        slu_buffer_add_byte(out, '\n');
        cli_answers_end_complaint(&worker->answers);
        return;
    }
    add_id(out, id != NULL ? *id : (struct sluice_string){NULL, 0});
    slu_buffer_add_text(out, ",\"error\":{\"code\":");
    slu_buffer_add_json_string(out, slu_string_from(error->code));
    slu_buffer_add_text(out, ",\"message\":");
    slu_buffer_add_json_string(out, slu_string_from(error->message));
    slu_buffer_add_format(out, ",\"at_byte\":%zu}}\n", error->at_byte);
}

static void report_ignored(struct cli_worker *worker, const struct sluice_event *event,
                           const struct sluice_error *error) {
    struct slu_buffer *out = &worker->answers.text;
    worker->counts.ignored++;
    if (worker->work->json) {
        add_id(out, event->id);
        slu_buffer_add_text(out, ",\"ignored\":");
        slu_buffer_add_json_string(out, slu_string_from(error->message));
        slu_buffer_add_text(out, "}\n");
        return;
    }
    slu_buffer_add_text(out, "ignored  ");
    if (event->id.bytes != NULL) {
        cli_add_plain(out, event->id);
    } else {
        slu_buffer_add_format(out, "line %llu", (unsigned long long)worker->line_number);
    }
    slu_buffer_add_format(out, "\n  %s\n", error->message);
}

static void count_result(struct cli_counts *counts, const struct sluice_result *result) {
    for (size_t i = 0; i < result->count; i++) {
        if (result->decisions[i].rule.bytes != NULL) {
            counts->by_rule++;
            return;
        }
    }
    counts->by_none++;
}

/* ---- one line ---- */

/* False: out of memory, nothing can go on. */
static bool decide_event(struct cli_worker *worker, const struct sluice_event *event) {
    const struct cli_work *work = worker->work;
    struct sluice_inputs inputs = {.clock = work->clock, .facts = slu_store_facts(worker->store)};
    struct sluice_result result;
    struct sluice_error error = {0};
    if (!work->has_clock) {
        inputs.clock = event->has_time ? event->time : cli_time_of_day();
    }
    /* Tracing costs time: done when asked for, or when a look-up can be absent. */
    bool traced = work->wants_trace || work->program->lookup_count > 0;
    if (traced) {
        cli_trace_reset(&worker->trace);
        inputs.trace = &worker->trace.hook;
    }
    if (work->keeps_facts && slu_store_advance(worker->store, inputs.clock) != SLUICE_OK) {
        return false;
    }
    enum sluice_status status = sluice_decide(worker->decider, &inputs, &result, &error);
    if (status == SLUICE_NO_MEMORY || worker->trace.failed) {
        return false;
    }
    if (status != SLUICE_OK) {
        report_error(worker, &event->id, &error);
        return true;
    }
    if (work->keeps_facts && slu_store_apply(worker->store, event, &result, inputs.clock) != SLUICE_OK) {
        return false;
    }
    struct cli_decided decided = {.program = work->program,
                                  .event = event,
                                  .line_number = worker->line_number,
                                  .result = &result,
                                  .cancelled = slu_store_cancelled(worker->store),
                                  .trace = traced ? &worker->trace : NULL};
    if (work->json) {
        cli_render_json(&worker->answers.text, &decided);
    } else {
        cli_render_text(&worker->answers.text, &decided);
    }
    count_result(&worker->counts, &result);
    return true;
}

static bool take_line(struct cli_worker *worker, struct cli_line line) {
    struct sluice_event event = {0};
    struct sluice_error error = {0};
    worker->delivery.body = (struct sluice_string){line.bytes, line.length};
    switch (sluice_read(worker->decider, &worker->delivery, &event, &error)) {
    case SLUICE_OK:
        return decide_event(worker, &event);
    case SLUICE_IGNORED:
        report_ignored(worker, &event, &error);
        return true;
    case SLUICE_INVALID:
    case SLUICE_LIMIT:
        report_error(worker, NULL, &error);
        return true;
    case SLUICE_NO_MEMORY:
    case SLUICE_NEEDS_FACTS:
        break;
    }
    return false;
}

static void refuse_long_line(struct cli_worker *worker) {
    struct sluice_error error;
    slu_input_refuse(&error, SLU_INPUT_ERROR_TOO_LARGE, SLU_LIMIT_EVENT_BYTES, "an event has at most %d bytes",
                     (int)SLU_LIMIT_EVENT_BYTES);
    report_error(worker, NULL, &error);
}

enum cli_status cli_worker_decide(struct cli_worker *worker, const struct cli_block *block) {
    worker->line_number = block->first_number - 1;
    for (size_t i = 0; i < block->count; i++) {
        struct cli_line line = block->lines[i];
        worker->line_number++;
        if (line.bytes == NULL) {
            refuse_long_line(worker);
        } else if (!cli_line_is_blank(line) && !take_line(worker, line)) {
            return CLI_COULD_NOT_RUN;
        }
        if (worker->answers.text.failed) {
            return CLI_COULD_NOT_RUN;
        }
        bool many = worker->answers.text.length >= ANSWER_BYTES;
        if ((many || i + 1 == block->count) && !worker->write(worker)) {
            return CLI_ANSWER_IS_NO;
        }
    }
    return CLI_FINE;
}
