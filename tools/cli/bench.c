/* sluice bench: what reading and deciding an event costs.
 *
 * A batch of events is read into as many deciders, then, in every other round, the
 * winning rules are found for all of them, or all of them are decided: so the three
 * are timed apart, none finds what another has left in the processor's caches, and
 * the clock is asked once for many events: not for more, so that an event is still
 * about as near to the processor as one that was read right before. */
#include "tools/cli/cli.h"
#include "tools/cli/delivery.h"
#include "tools/cli/load.h"

#include "engine/base/limits.h"
#include "engine/decide/decider.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, ROUNDS_MIN = 6, ROUNDS_MAX = 1000, CLOCK_TRIES = 100 };
static const double NANOSECONDS = 1e9, ENOUGH_NANOSECONDS = 1e9;

/* Nanoseconds of one pass over all events. `answer` is finding the winners in
 * rounds with an even number, and deciding in the others. */
struct round {
    double decode, answer;
};

struct bench {
    struct cli *cli;
    struct cli_rules rules;
    struct cli_delivery delivery;
    const char *name; /* of the input */
    char *bytes;      /* owned */
    struct slu_string *lines;
    size_t line_count, line_bytes;
    sluice_decider *deciders[BATCH];
    struct round rounds[ROUNDS_MAX];
    size_t round_count;
    double clock_cost; /* nanoseconds that one look at the clock takes */
    double compile_nanoseconds;
    size_t ignored, unreadable; /* in one round */
    struct sluice_error error;  /* of the first that could not be read or decided */
    size_t error_line;
};

/* CPU time of this process, which other programs do not disturb as much. */
static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * NANOSECONDS + (double)now.tv_nsec;
}

static double cost_of_clock(void) {
    double best = NANOSECONDS;
    for (int i = 0; i < CLOCK_TRIES; i++) {
        double before = nanoseconds(), cost = nanoseconds() - before;
        best = cost < best ? cost : best;
    }
    return best;
}

/* ---- what is measured ---- */

static bool no_memory(void) {
    cli_complain("out of memory");
    return false;
}

static bool is_blank(struct slu_string line) {
    return strspn(line.bytes, " \t\r") >= line.length;
}

/* The lines that are not blank. */
static bool split_lines(struct bench *bench, size_t length) {
    size_t count = 1;
    for (size_t i = 0; i < length; i++) {
        count += bench->bytes[i] == '\n';
    }
    bench->lines = calloc(count, sizeof *bench->lines);
    if (bench->lines == NULL) {
        return no_memory();
    }
    for (size_t start = 0; start < length;) {
        char *end = memchr(bench->bytes + start, '\n', length - start);
        size_t stop = end == NULL ? length : (size_t)(end - bench->bytes);
        struct slu_string line = {bench->bytes + start, stop - start};
        bench->bytes[stop] = '\0'; /* there is one byte more than was read */
        if (!is_blank(line)) {
            bench->lines[bench->line_count++] = line;
            bench->line_bytes += line.length + 1;
        }
        start = stop + 1;
    }
    if (bench->line_count == 0) {
        cli_complain("%s holds no events", bench->name);
    }
    return bench->line_count > 0;
}

static bool read_events(struct bench *bench) {
    const char *path = bench->cli->options.values[CLI_OPTION_EVENTS];
    size_t length;
    bool standard = path == NULL || strcmp(path, "-") == 0;
    bench->name = standard ? "standard input" : path;
    bool done = standard ? cli_read_all(STDIN_FILENO, bench->name, SLU_LIMIT_BENCH_BYTES, &bench->bytes, &length)
                         : cli_read_path(path, SLU_LIMIT_BENCH_BYTES, &bench->bytes, &length);
    if (done && length > SLU_LIMIT_BENCH_BYTES) {
        cli_complain("%s is larger than the %u bytes that are measured at once", path, (unsigned)SLU_LIMIT_BENCH_BYTES);
        return false;
    }
    char *larger = done ? realloc(bench->bytes, length + 1) : NULL;
    if (larger == NULL) {
        return done ? no_memory() : false;
    }
    bench->bytes = larger;
    return split_lines(bench, length);
}

static bool prepare(struct bench *bench) {
    const struct cli_options *options = &bench->cli->options;
    if (!cli_delivery_read(options, &bench->delivery)) {
        return false;
    }
    double before = nanoseconds();
    if (!cli_program_load(bench->cli, &bench->rules)) {
        return false;
    }
    bench->compile_nanoseconds = nanoseconds() - before;
    if (!cli_delivery_check(&bench->delivery, bench->rules.program) || !read_events(bench)) {
        return false;
    }
    for (size_t i = 0; i < BATCH; i++) {
        if (sluice_decider_new(bench->rules.program, &bench->deciders[i]) != SLUICE_OK) {
            return no_memory();
        }
    }
    bench->clock_cost = cost_of_clock();
    return true;
}

/* ---- measuring ---- */

static void note_error(struct bench *bench, const struct sluice_error *error, size_t line) {
    if (bench->unreadable++ == 0) {
        bench->error = *error;
        bench->error_line = line + 1;
    }
}

/* A few events on their way through the three stages. */
struct batch {
    size_t first, count;
    struct sluice_event events[BATCH];
    bool decides[BATCH]; /* could be read */
};

/* False when out of memory, as those below. */
static bool read_batch(struct bench *bench, struct batch *batch) {
    struct sluice_error error = {0};
    for (size_t i = 0; i < batch->count; i++) {
        struct slu_string line = bench->lines[batch->first + i];
        bench->delivery.delivery.body = (struct sluice_string){line.bytes, line.length};
        enum sluice_status status =
            sluice_read(bench->deciders[i], &bench->delivery.delivery, &batch->events[i], &error);
        batch->decides[i] = status == SLUICE_OK;
        if (status == SLUICE_NO_MEMORY) {
            return false;
        }
        if (status == SLUICE_IGNORED) {
            bench->ignored++;
        } else if (status != SLUICE_OK) {
            note_error(bench, &error, batch->first + i);
        }
    }
    return true;
}

typedef enum sluice_status decide_function(sluice_decider *decider, const struct sluice_inputs *inputs,
                                           struct sluice_result *result, struct sluice_error *error);

static bool decide_batch(struct bench *bench, const struct batch *batch, decide_function *decide) {
    struct sluice_error error = {0};
    struct sluice_result result;
    for (size_t i = 0; i < batch->count; i++) {
        struct sluice_inputs inputs = {.clock = batch->events[i].time};
        enum sluice_status status =
            batch->decides[i] ? decide(bench->deciders[i], &inputs, &result, &error) : SLUICE_OK;
        if (status == SLUICE_NO_MEMORY) {
            return false;
        }
        if (status != SLUICE_OK) {
            note_error(bench, &error, batch->first + i);
        }
    }
    return true;
}

/* Events `first` to `first + count`, once. */
static bool measure_batch(struct bench *bench, size_t first, size_t count, decide_function *decide,
                          struct round *round) {
    struct batch batch = {.first = first, .count = count};
    double start = nanoseconds();
    bool done = read_batch(bench, &batch);
    double middle = nanoseconds();
    done = done && decide_batch(bench, &batch, decide);
    double end = nanoseconds();
    round->decode += middle - start - bench->clock_cost;
    round->answer += end - middle - bench->clock_cost;
    return done;
}

static bool measure(struct bench *bench) {
    double spent = 0;
    while (bench->round_count < ROUNDS_MAX && (bench->round_count < ROUNDS_MIN || spent < ENOUGH_NANOSECONDS)) {
        decide_function *decide = bench->round_count % 2 == 0 ? slu_decide_winners : sluice_decide;
        struct round *round = &bench->rounds[bench->round_count++];
        bench->ignored = bench->unreadable = 0;
        for (size_t first = 0; first < bench->line_count; first += BATCH) {
            size_t left = bench->line_count - first;
            if (!measure_batch(bench, first, left < BATCH ? left : BATCH, decide, round)) {
                return no_memory();
            }
        }
        spent += round->decode + round->answer;
    }
    return true;
}

/* ---- what is printed ---- */

static int compare_numbers(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Of every `step`-th round from `first` on, what `part` takes of it, per event. */
static double median(const struct bench *bench, size_t first, size_t step, double (*part)(const struct round *)) {
    double values[ROUNDS_MAX];
    size_t count = 0;
    for (size_t i = first; i < bench->round_count; i += step) {
        values[count++] = part(&bench->rounds[i]);
    }
    qsort(values, count, sizeof *values, compare_numbers);
    return values[count / 2] / (double)bench->line_count;
}

static double decode_of(const struct round *round) {
    return round->decode;
}
static double answer_of(const struct round *round) {
    return round->answer;
}

static void add_member(struct slu_buffer *out, const char *name, double value) {
    slu_buffer_add_format(out, ",\"%s\":%.1f", name, value > 0 ? value : 0);
}

static void print_figures(const struct bench *bench) {
    struct slu_buffer *out = &bench->cli->out.buffer;
    double events = (double)bench->line_count;
    double decode = median(bench, 0, 1, decode_of);
    double find = median(bench, 0, 2, answer_of), decide = median(bench, 1, 2, answer_of);
    double per_second = NANOSECONDS / (decode + decide), bytes = per_second * (double)bench->line_bytes / events;
    double compile = bench->compile_nanoseconds / 1e6;
    unsigned rules = bench->rules.program->rule_count;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (cli_options_has(&bench->cli->options, CLI_OPTION_JSON)) {
        slu_buffer_add_format(out, "{\"events\":%zu,\"rules\":%u", bench->line_count, rules);
        add_member(out, "compile_ms", compile);
        add_member(out, "decode_ns_per_event", decode);
        add_member(out, "find_ns_per_event", find);
        add_member(out, "decide_ns_per_event", decide);
        add_member(out, "events_per_second", per_second);
        add_member(out, "bytes_per_second", bytes);
        slu_buffer_add_format(out, ",\"peak_rss_kb\":%ld}\n", usage.ru_maxrss);
        return;
    }
    slu_buffer_add_format(out, "events           %12zu\nrules            %12u\n", bench->line_count, rules);
    slu_buffer_add_format(out, "compile          %12.1f ms\n", compile);
    slu_buffer_add_format(out, "decode           %12.0f ns per event\n", decode);
    slu_buffer_add_format(out, "find the winner  %12.0f ns per event\n", find);
    slu_buffer_add_format(out, "decide           %12.0f ns per event\n", decide);
    slu_buffer_add_format(out, "throughput       %12.0f events per second\n", per_second);
    slu_buffer_add_format(out, "                 %12.1f MB per second\n", bytes / 1e6);
    slu_buffer_add_format(out, "peak memory      %12.1f MB\n", (double)usage.ru_maxrss / 1024);
}

static enum cli_status answer(const struct bench *bench) {
    print_figures(bench);
    if (bench->ignored > 0) {
        cli_say("%zu of %zu events are ignored by their source", bench->ignored, bench->line_count);
    }
    if (bench->unreadable > 0) {
        cli_say("%zu of %zu events could not be read or decided; the first, event %zu of %s: error[%s]: %s",
                bench->unreadable, bench->line_count, bench->error_line, bench->name, bench->error.code,
                bench->error.message);
    }
    return bench->unreadable > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
}

enum cli_status cli_bench(struct cli *cli) {
    struct bench *bench = calloc(1, sizeof *bench);
    enum cli_status status = CLI_COULD_NOT_RUN;
    if (bench == NULL) {
        no_memory();
        return status;
    }
    bench->cli = cli;
    if (prepare(bench) && measure(bench)) {
        status = answer(bench);
    }
    for (size_t i = 0; i < BATCH; i++) {
        sluice_decider_free(bench->deciders[i]);
    }
    free(bench->lines);
    free(bench->bytes);
    cli_delivery_free(&bench->delivery);
    cli_rules_free(&bench->rules);
    free(bench);
    return status;
}
