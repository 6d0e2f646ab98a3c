/* sluice run: decides a stream of events, one a line, and prints what would be done. */
#include "tools/cli/cli.h"
#include "tools/cli/delivery.h"
#include "tools/cli/inputs.h"
#include "tools/cli/jobs.h"
#include "tools/cli/load.h"

#include "engine/base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file from so many bytes on is worth a thread for each processor. */
enum { LARGE_BYTES = 16 * 1024 * 1024, THREADS_UNASKED_MOST = 8 };

struct run {
    struct cli *cli;
    struct cli_rules rules;
    struct cli_delivery delivery;
    struct cli_work work;
    struct cli_worker *workers; /* owned */
    size_t worker_count;        /* 0: as many as are worth it */
    struct cli_lines lines;
};

/* ---- what the options say ---- */

/* How many threads decide, if decisions do not hang on earlier ones. */
static bool read_jobs(struct run *run) {
    const char *text = run->cli->options.values[CLI_OPTION_JOBS];
    char *end;
    errno = 0;
    long count = text == NULL ? 0 : strtol(text, &end, 10);
    if (text != NULL && (*text == '\0' || *end != '\0' || errno != 0 || count < 1 || count > SLU_LIMIT_JOBS)) {
        cli_complain("--jobs %s is not a number from 1 to %d", text, SLU_LIMIT_JOBS);
        return false;
    }
    run->worker_count = (size_t)count;
    return true;
}

/* A pipe gets its answers one by one and soonest from one thread. */
static size_t choose_jobs(const struct run *run) {
    struct stat file;
    bool large = fstat(run->lines.descriptor, &file) == 0 && S_ISREG(file.st_mode) && file.st_size >= LARGE_BYTES;
    long processors = large ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
    return processors < 1 ? 1 : processors > THREADS_UNASKED_MOST ? THREADS_UNASKED_MOST : (size_t)processors;
}

/* ---- the whole run ---- */

static struct slu_store *store_of(void *context, size_t worker) {
    const struct run *run = context;
    return run->workers[worker].store;
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
    } else if (run->worker_count == 0) {
        run->worker_count = choose_jobs(run);
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
    if (!read_jobs(run) || (at != NULL && !(run->work.has_clock = cli_clock_read(at, &run->work.clock))) ||
        !cli_delivery_read(options, &run->delivery) || !cli_program_load(run->cli, &run->rules) ||
        !cli_delivery_check(&run->delivery, run->rules.program) ||
        !cli_events_open(options, &run->lines, &run->work.input_name)) {
        return false;
    }
    run->work.program = run->rules.program;
    run->work.delivery = &run->delivery;
    run->work.json = cli_options_has(options, CLI_OPTION_JSON);
    run->work.wants_trace = cli_options_has(options, CLI_OPTION_TRACE);
    run->work.keeps_facts = cli_program_keeps_facts(run->work.program);
    return make_workers(run) && (facts == NULL || cli_facts_load(facts, run->worker_count, store_of, run));
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
