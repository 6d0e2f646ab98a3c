/* sluice test: runs the tests that stand in the rules. */
#include "tools/cli/cli.h"
#include "tools/cli/coverage.h"
#include "tools/cli/junit.h"
#include "tools/cli/load.h"

#include "engine/decide/tests.h"

struct place {
    struct slu_string file;
    uint32_t line;
};

static struct place place_of(struct sluice_program *program, struct slu_span span) {
    return (struct place){program->sources.items[span.file].name,
                          slu_sources_place(&program->sources, span.file, span.start).line};
}

static void add_place(struct slu_buffer *out, struct place place) {
    slu_buffer_add(out, place.file);
    slu_buffer_add_format(out, ":%u", (unsigned)place.line);
}

/* Several lines, each moved to the right. */
static void add_indented(struct slu_buffer *out, struct slu_string text, size_t columns) {
    size_t start = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.bytes[i] != '\n') {
            continue;
        }
        slu_buffer_add_repeated(out, ' ', columns);
        slu_buffer_add(out, (struct slu_string){text.bytes + start, i - start});
        slu_buffer_add_byte(out, '\n');
        start = i + 1;
    }
}

/* The expectations that were not met: each with its place, then the comparison. */
static void add_failures(struct slu_buffer *out, struct sluice_program *program, const struct slu_test_result *result,
                         size_t columns) {
    for (const struct slu_test_failure *failure = result->failures; failure != NULL; failure = failure->next) {
        slu_buffer_add_repeated(out, ' ', columns);
        add_place(out, place_of(program, failure->span));
        slu_buffer_add_byte(out, '\n');
        add_indented(out, failure->text, columns + 2);
    }
}

static void print_failed(struct cli *cli, struct sluice_program *program, const struct slu_test_run *run) {
    struct slu_buffer *out = &cli->out.buffer;
    for (uint32_t i = 0; i < run->count && cli_output_step(&cli->out); i++) {
        if (run->tests[i].failures == NULL) {
            continue;
        }
        slu_buffer_add_text(out, "FAILED ");
        add_place(out, place_of(program, run->tests[i].span));
        slu_buffer_add_text(out, "  \"");
        slu_buffer_add(out, run->tests[i].title);
        slu_buffer_add_text(out, "\"\n");
        add_failures(out, program, &run->tests[i], 2);
    }
}

static bool write_junit(const char *path, struct sluice_program *program, const struct slu_test_run *run,
                        struct slu_arena *arena) {
    struct cli_junit_case *cases = SLU_NEW_ARRAY(arena, struct cli_junit_case, run->count);
    bool good = cases != NULL;
    for (uint32_t i = 0; i < run->count && good; i++) {
        const struct slu_test_result *result = &run->tests[i];
        struct place place = place_of(program, result->span);
        struct slu_buffer text;
        slu_buffer_init(&text);
        add_failures(&text, program, result, 0);
        cases[i] = (struct cli_junit_case){.file = place.file, .title = result->title, .line = place.line};
        good = !text.failed && slu_arena_copy_string(arena, slu_buffer_string(&text), &cases[i].failure);
        slu_buffer_free(&text);
    }
    if (!good || program->arena.failed) {
        cli_complain("out of memory");
        return false;
    }
    return cli_junit_write(path, cases, run->count);
}

static enum cli_status report(struct cli *cli, struct sluice_program *program, const struct slu_test_run *run,
                              struct slu_arena *arena) {
    struct slu_buffer *out = &cli->out.buffer;
    const char *junit = cli->options.values[CLI_OPTION_JUNIT];
    print_failed(cli, program, run);
    if (cli_options_has(&cli->options, CLI_OPTION_COVERAGE) && !cli_coverage_add(out, program, &run->coverage, arena)) {
        cli_complain("out of memory");
        return CLI_COULD_NOT_RUN;
    }
    cli_unreached_add(out, program, &run->coverage);
    slu_buffer_add_format(out, "%u passed, %u failed\n", (unsigned)run->passed, (unsigned)run->failed);
    if (junit != NULL && !write_junit(junit, program, run, arena)) {
        return CLI_COULD_NOT_RUN;
    }
    out->failed = out->failed || program->arena.failed; /* then places are missing */
    return run->failed > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
}

enum cli_status cli_test(struct cli *cli) {
    struct cli_rules rules;
    struct slu_test_run run;
    struct slu_arena arena;
    enum cli_status status = CLI_COULD_NOT_RUN;
    slu_arena_init(&arena, 0);
    if (cli_rules_load(cli, &rules)) {
        if (slu_tests_run(rules.program, &arena, &run) == SLUICE_OK) {
            status = report(cli, rules.program, &run, &arena);
        } else {
            cli_complain("out of memory");
        }
    }
    slu_arena_free(&arena);
    cli_rules_free(&rules);
    return status;
}
