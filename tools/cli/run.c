/* sluice run: decides a stream of events, one a line, and prints what would be done. */
#include "tools/cli/cli.h"
#include "tools/cli/delivery.h"
#include "tools/cli/jobs.h"
#include "tools/cli/load.h"

#include "engine/base/limits.h"
#include "engine/input/input.h"
#include "engine/input/json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
    struct cli *cli;
    struct cli_rules rules;
    struct cli_delivery delivery;
    struct cli_work work;
    struct cli_worker *workers; /* owned */
    size_t worker_count;
    struct cli_lines lines;
};

/* ---- what the options say ---- */

/* ISO 8601, or whole seconds since the epoch. */
static bool read_clock(struct run *run, const char *text) {
    double milliseconds;
    char *end;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    bool whole = *text != '\0' && *end == '\0' && errno == 0 && llabs(seconds) < INT64_MAX / 1000000;
    if (whole) {
        run->work.clock = (int64_t)seconds * 1000;
    } else if (slu_time_parse(slu_string_from(text), &milliseconds)) {
        run->work.clock = (int64_t)milliseconds;
    } else {
        cli_complain("--at %s is not a time; write 2026-11-21T09:00:00Z, 2026-11-21 or seconds since 1970", text);
        return false;
    }
    run->work.has_clock = true;
    return true;
}

static bool open_input(struct run *run) {
    const char *path = run->cli->options.values[CLI_OPTION_EVENTS];
    int descriptor = STDIN_FILENO;
    run->work.input_name = "standard input";
    if (path != NULL && strcmp(path, "-") != 0) {
        run->work.input_name = path;
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) {
            cli_complain("cannot read %s: %s", path, strerror(errno));
            return false;
        }
    }
    cli_lines_init(&run->lines, descriptor, SLU_LIMIT_EVENT_BYTES);
    return true;
}

/* How many threads decide, if decisions do not hang on earlier ones. */
static bool read_jobs(struct run *run) {
    const char *text = run->cli->options.values[CLI_OPTION_JOBS];
    char *end;
    errno = 0;
    long count = text == NULL ? 1 : strtol(text, &end, 10);
    if (text != NULL && (*text == '\0' || *end != '\0' || errno != 0 || count < 1 || count > SLU_LIMIT_JOBS)) {
        cli_complain("--jobs %s is not a number from 1 to %d", text, SLU_LIMIT_JOBS);
        return false;
    }
    run->worker_count = (size_t)count;
    return true;
}

/* ---- the whole run ---- */

/* Line and column of a byte, which may stand at the text's end. */
static struct slu_place place_in(struct slu_string text, size_t at_byte) {
    struct slu_place place = {1, 1};
    for (size_t i = 0; i < text.length && i < at_byte; i++) {
        if (text.bytes[i] == '\n') {
            place = (struct slu_place){place.line + 1, 1};
        } else if (((unsigned char)text.bytes[i] & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

/* Every worker has a store of its own, filled from the same text. */
static enum sluice_status fill_stores(struct run *run, struct slu_string text, struct sluice_error *error) {
    struct slu_arena arena;
    const struct slu_json *facts;
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    enum sluice_status status = slu_json_read(text, &arena, &facts, error);
    for (size_t i = 0; i < run->worker_count && status == SLUICE_OK; i++) {
        status = slu_store_load_facts(run->workers[i].store, text, facts, error);
    }
    slu_arena_free(&arena);
    return status;
}

static bool load_facts(struct run *run, const char *path) {
    struct sluice_error error = {0};
    struct slu_string text = {NULL, 0};
    char *bytes = NULL;
    if (!cli_read_path(path, SLU_LIMIT_EVENT_BYTES, &bytes, &text.length)) {
        return false;
    }
    text.bytes = bytes;
    enum sluice_status status = fill_stores(run, text, &error);
    if (status == SLUICE_NO_MEMORY) {
        cli_complain("out of memory");
    } else if (status != SLUICE_OK) {
        struct slu_place place = place_in(text, error.at_byte);
        cli_say("%s:%u:%u: error[%s]: %s", path, (unsigned)place.line, (unsigned)place.column, error.code,
                error.message);
    }
    free(bytes);
    return status == SLUICE_OK;
}

static enum cli_status decide_all_lines(struct run *run) {
    switch (cli_jobs_run(run->workers, run->worker_count, &run->lines, &run->cli->out)) {
    case CLI_JOBS_DONE:
        return CLI_FINE;
    case CLI_JOBS_READ_FAILED:
        cli_complain("cannot read %s: %s", run->work.input_name, strerror(errno));
        break;
    case CLI_JOBS_NO_MEMORY:
        cli_complain("out of memory");
        break;
    case CLI_JOBS_NO_THREAD:
        cli_complain("cannot decide on %zu threads: %s", run->worker_count, strerror(errno));
        break;
    case CLI_JOBS_STOPPED: /* the end of the program says why, if anybody is there to read it */
        break;
    }
    return CLI_COULD_NOT_RUN;
}

static struct cli_counts add_counts(const struct run *run) {
    struct cli_counts sum = {0};
    for (size_t i = 0; i < run->worker_count; i++) {
        const struct cli_counts *counts = &run->workers[i].counts;
        sum.by_rule += counts->by_rule;
        sum.by_none += counts->by_none;
        sum.ignored += counts->ignored;
        sum.unreadable += counts->unreadable;
        sum.bad_json += counts->bad_json;
    }
    return sum;
}

/* "5 events: 3 decided by a rule, 1 by none, 1 could not be read" */
static void print_summary(const struct cli_counts *counts) {
    const struct {
        size_t count;
        const char *text;
    } parts[] = {{counts->by_rule, "decided by a rule"},
                 {counts->by_none, counts->by_rule > 0 ? "by none" : "decided by none"},
                 {counts->ignored, "ignored"},
                 {counts->unreadable, "could not be read"}};
    struct slu_buffer line;
    slu_buffer_init(&line);
    cli_add_count(&line, counts->by_rule + counts->by_none + counts->ignored + counts->unreadable, "event", "events");
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
    if (counts->bad_json > 0) { /* an event over several lines is the mistake behind most of it */
        cli_say("note: each line of the input is one event, a JSON object");
    }
    slu_buffer_free(&line);
}

static bool make_workers(struct run *run) {
    if (run->work.keeps_facts) {
        run->worker_count = 1;
    }
    run->workers = calloc(run->worker_count, sizeof *run->workers);
    bool made = run->workers != NULL;
    for (size_t i = 0; i < run->worker_count && made; i++) {
        made = cli_worker_init(&run->workers[i], &run->work);
    }
    if (!made) {
        cli_complain("out of memory");
    }
    return made;
}

static bool prepare(struct run *run) {
    const struct cli_options *options = &run->cli->options;
    const char *at = options->values[CLI_OPTION_AT], *facts = options->values[CLI_OPTION_FACTS];
    if (!read_jobs(run) || (at != NULL && !read_clock(run, at)) || !cli_delivery_read(options, &run->delivery) ||
        !cli_rules_load(run->cli, &run->rules) || !cli_delivery_check(&run->delivery, run->rules.program) ||
        !open_input(run)) {
        return false;
    }
    run->work.program = run->rules.program;
    run->work.delivery = &run->delivery;
    run->work.json = cli_options_has(options, CLI_OPTION_JSON);
    run->work.wants_trace = cli_options_has(options, CLI_OPTION_TRACE);
    run->work.keeps_facts = cli_program_keeps_facts(run->work.program);
    return make_workers(run) && (facts == NULL || load_facts(run, facts));
}

enum cli_status cli_run(struct cli *cli) {
    struct run run = {.cli = cli, .lines = {.descriptor = -1}};
    enum cli_status status = CLI_COULD_NOT_RUN;
    if (prepare(&run)) {
        status = decide_all_lines(&run);
    }
    if (status == CLI_FINE) {
        struct cli_counts counts = add_counts(&run);
        status = counts.unreadable > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
        if (!run.work.json) {
            print_summary(&counts);
        }
    }
    if (run.lines.descriptor > STDERR_FILENO) {
        close(run.lines.descriptor);
    }
    for (size_t i = 0; run.workers != NULL && i < run.worker_count; i++) {
        cli_worker_free(&run.workers[i]);
    }
    free(run.workers);
    cli_rules_free(&run.rules);
    cli_delivery_free(&run.delivery);
    return status;
}
