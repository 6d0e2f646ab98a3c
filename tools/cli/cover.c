/* sluice cover: makes test blocks, and keeps only those that pass. */
#include "tools/cli/cover.h"

#include "engine/decide/tests.h"
#include "engine/prove/cover.h"
#include "grammar/format.h"
#include "tools/cli/coverage.h"
#include "tools/cli/deadline.h"
#include "tools/cli/load.h"
#include "tools/cli/values.h"

#include <string.h>

struct made {
    struct slu_string title, event, text;
    uint32_t rule, winner;
    bool passes;
};
struct covering {
    struct cli *cli;
    const struct sluice_program *program;
    struct slu_arena arena;
    struct made *tests;
    size_t count, capacity;
    size_t left_out;         /* do not pass: what rules set in earlier steps is in their way */
    size_t unsaid;           /* cannot be brought about in a test */
    struct slu_buffer notes; /* about rules that have no event */
    bool failed;
};

/* ---- gathering ---- */

static void keep_test(void *context, const struct slu_cover_test *test) {
    struct covering *covering = context;
    if (covering->count == covering->capacity) {
        size_t capacity = covering->capacity == 0 ? 64 : covering->capacity * 2;
        struct made *larger = SLU_NEW_ARRAY(&covering->arena, struct made, capacity);
        if (larger == NULL) {
            covering->failed = true;
            return;
        }
        if (covering->count > 0) {
            memcpy(larger, covering->tests, covering->count * sizeof *larger);
        }
        covering->tests = larger;
        covering->capacity = capacity;
    }
    struct made *made = &covering->tests[covering->count++];
    *made = (struct made){.rule = test->rule, .winner = test->winner};
    covering->failed = !slu_arena_copy_string(&covering->arena, test->title, &made->title) ||
                       !slu_arena_copy_string(&covering->arena, test->event, &made->event) ||
                       !slu_arena_copy_string(&covering->arena, test->text, &made->text) || covering->failed;
}

static void note_unreached(void *context, uint32_t rule, const struct slu_reach_answer *answer) {
    struct covering *covering = context;
    struct slu_buffer *notes = &covering->notes;
    cli_add_rule_place(notes, covering->program, rule);
    switch (answer->reach) {
    case SLU_CONTRADICTION:
        slu_buffer_add_text(notes, " can never win: its conditions never hold together\n");
        return;
    case SLU_SHADOWED:
        slu_buffer_add_text(notes, " can never win: rules before it take its events\n");
        return;
    case SLU_REACHED:
    case SLU_REACH_UNDECIDED:
        break;
    }
    slu_buffer_add_format(notes, " has no test: %s\n", answer->reason == NULL ? "undecided" : answer->reason);
}

/* ---- the proof of it ---- */

/* The tests of the command in one file, in the one layout. */
static bool lay_out(struct covering *covering, bool only_passing, struct slu_buffer *out) {
    struct slu_arena arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_buffer raw;
    uint32_t file;
    slu_arena_init(&arena, 0);
    slu_buffer_init(&raw);
    slu_sources_init(&sources, &arena);
    slu_diagnostics_init(&diagnostics, &arena, &sources);
    for (size_t i = 0; i < covering->count; i++) {
        if (covering->tests[i].passes || !only_passing) {
            slu_buffer_add(&raw, covering->tests[i].text);
            slu_buffer_add_byte(&raw, '\n');
        }
    }
    bool fine = !raw.failed &&
                slu_sources_add(&sources, SLU_STRING("made.rules"), slu_buffer_string(&raw), false, &file) &&
                slu_format(&sources, file, &arena, &diagnostics, out) == SLUICE_OK && !out->failed;
    slu_buffer_free(&raw);
    slu_arena_free(&arena);
    return fine;
}

static bool mark_passing(struct covering *covering, const struct sluice_program *program) {
    struct slu_test_run run;
    struct slu_map titles;
    slu_map_init(&titles, &covering->arena);
    for (size_t i = 0; i < covering->count; i++) {
        if (!slu_map_put(&titles, covering->tests[i].title, (uint32_t)i)) {
            return false;
        }
    }
    if (slu_tests_run(program, &covering->arena, &run) != SLUICE_OK) {
        return false;
    }
    for (uint32_t i = 0; i < run.count; i++) {
        uint32_t made = slu_map_find(&titles, run.tests[i].title);
        if (made != SLU_MAP_NONE) {
            covering->tests[made].passes = run.tests[i].failures == NULL;
        }
    }
    return true;
}

/* Runs the tests as `sluice test` will: compiled with the rules, from their text. */
static bool prove_tests(struct covering *covering, const struct cli_rules *rules) {
    struct slu_buffer text;
    struct cli_rules whole = {0};
    slu_buffer_init(&text);
    bool fine = lay_out(covering, false, &text);
    struct slu_string made = slu_buffer_string(&text);
    fine = fine && cli_rules_compile_with(rules, SLU_STRING("made.rules"), made, &whole) == SLUICE_OK &&
           mark_passing(covering, whole.program);
    cli_rules_free(&whole);
    slu_buffer_free(&text);
    for (size_t i = 0; i < covering->count; i++) {
        covering->left_out += !covering->tests[i].passes;
    }
    return fine;
}

/* ---- printing ---- */

static void add_title(struct slu_buffer *out, const struct sluice_program *program, uint32_t rule) {
    if (rule == SLU_REPLAY_NONE) {
        slu_buffer_add_text(out, "null");
    } else {
        slu_buffer_add_json_string(out, program->rules[rule].title);
    }
}

static void print_json(struct covering *covering) {
    struct slu_buffer *out = &covering->cli->out.buffer;
    const struct sluice_program *program = covering->program;
    for (size_t i = 0; i < covering->count && cli_output_step(&covering->cli->out); i++) {
        const struct made *made = &covering->tests[i];
        if (!made->passes) {
            continue;
        }
        slu_buffer_add_text(out, "{\"title\":");
        slu_buffer_add_json_string(out, made->title);
        slu_buffer_add_text(out, ",\"ruleset\":");
        slu_buffer_add_json_string(out, program->rulesets[program->rules[made->rule].ruleset].title);
        slu_buffer_add_text(out, ",\"about\":");
        add_title(out, program, made->rule);
        slu_buffer_add_text(out, ",\"rule\":");
        add_title(out, program, made->winner);
        slu_buffer_add_text(out, ",\"event\":");
        slu_buffer_add(out, made->event);
        slu_buffer_add_text(out, ",\"test\":");
        slu_buffer_add_json_string(out, made->text);
        slu_buffer_add_text(out, "}\n");
    }
}

static void print_summary(const struct covering *covering, uint32_t known) {
    struct slu_buffer line;
    slu_buffer_init(&line);
    if (covering->notes.length > 0) {
        cli_say("%.*s", (int)covering->notes.length - 1, covering->notes.bytes);
    }
    cli_add_count(&line, covering->count - covering->left_out, "test", "tests");
    if (known > 0) {
        slu_buffer_add_format(&line, "; %u more would show nothing new", (unsigned)known);
    }
    if (covering->left_out + covering->unsaid > 0) {
        slu_buffer_add_format(&line, "; %zu left out: no steps of a test lead there",
                              covering->left_out + covering->unsaid);
    }
    if (!line.failed) {
        cli_say("%.*s", (int)line.length, line.bytes);
    }
    slu_buffer_free(&line);
}

static bool make_tests(struct cli *cli, struct covering *covering, const struct cli_rules *rules) {
    double end = cli_deadline();
    struct slu_prove_options options = {.expired = cli_deadline_is_over, .context = &end};
    struct slu_prove_cover cover = {.all = cli_options_has(&cli->options, CLI_OPTION_EVERY),
                                    .context = covering,
                                    .test = keep_test,
                                    .unreached = note_unreached};
    enum sluice_status status = slu_prove_cover(covering->program, &options, &cover);
    covering->unsaid = cover.unsaid;
    if (status != SLUICE_OK || covering->failed || covering->notes.failed ||
        (covering->count > 0 && !prove_tests(covering, rules))) {
        return false;
    }
    if (cli_options_has(&cli->options, CLI_OPTION_JSON)) {
        print_json(covering);
        return true;
    }
    struct slu_buffer text;
    slu_buffer_init(&text);
    bool fine = covering->count == covering->left_out || lay_out(covering, true, &text);
    slu_buffer_add(&cli->out.buffer, slu_buffer_string(&text));
    slu_buffer_free(&text);
    print_summary(covering, cover.known);
    return fine;
}

enum cli_status cli_cover(struct cli *cli) {
    struct cli_rules rules;
    enum cli_status status = CLI_COULD_NOT_RUN;
    struct covering covering = {.cli = cli};
    slu_arena_init(&covering.arena, 0);
    slu_buffer_init(&covering.notes);
    if (cli_rules_load(cli, &rules)) {
        covering.program = rules.program;
        if (cli_options_has(&cli->options, CLI_OPTION_MUTATE)) {
            status = cli_cover_mutate(cli, &rules);
        } else if (make_tests(cli, &covering, &rules)) {
            status = CLI_FINE;
        } else {
            cli_complain("out of memory");
        }
    }
    cli_rules_free(&rules);
    slu_buffer_free(&covering.notes);
    slu_arena_free(&covering.arena);
    return status;
}
