/* sluice cover --mutate: which changes of the rules no test notices. */
#include "engine/decide/tests.h"
#include "engine/prove/mutations.h"
#include "engine/prove/prove.h"
#include "engine/prove/samples.h"
#include "tools/cli/cover.h"
#include "tools/cli/deadline.h"
#include "tools/cli/render.h"
#include "tools/cli/values.h"

enum { MUTATION_SECONDS = 60 };

enum fate {
    FATE_NOTICED,  /* a test fails, or it is no program any more */
    FATE_EQUAL,    /* proved: every event is decided the same */
    FATE_SURVIVED, /* an event shows the difference, and no test does */
    FATE_UNDECIDED,
    FATE_NO_CHANGE, /* what came out is no program, for a reason that is not the tests' */
    FATE_COUNT
};

struct mutating {
    struct cli *cli;
    const struct cli_rules *rules;
    struct slu_samples samples;          /* of the tests */
    const struct slu_mutation *mutation; /* under way */
    const struct sluice_program *changed;
    struct slu_buffer witness; /* an event that shows it, and what both sides do */
    bool alike;                /* they do the same: only what is used up differs */
    bool json;
    double end;
    size_t fates[FATE_COUNT];
    bool failed;
};

/* ---- one change ---- */

static void add_side(struct slu_buffer *out, const char *name, const struct sluice_program *program,
                     const struct sluice_decision *decision) {
    slu_buffer_add_format(out, "    %s: ", name);
    cli_render_winner_text(out, decision);
    slu_buffer_add_byte(out, '\n');
    if (decision != NULL) {
        cli_render_actions_text(out, program, decision, 3);
    }
}

static void write_json(const struct slu_prove_change *change, struct slu_buffer *out) {
    slu_buffer_add_text(out, ",\"ruleset\":");
    slu_buffer_add_json_string(out, change->ruleset);
    slu_buffer_add_text(out, ",\"event\":");
    slu_buffer_add(out, change->event);
    if (change->facts.length > 0) {
        slu_buffer_add_text(out, ",\"where\":");
        slu_buffer_add_json_string(out, change->facts);
    }
    slu_buffer_add_text(out, ",\"old\":");
    cli_render_decision_json(out, change->before);
    slu_buffer_add_text(out, ",\"new\":");
    cli_render_decision_json(out, change->after);
}

static void write_text(const struct mutating *mutating, const struct slu_prove_change *change, bool alike,
                       struct slu_buffer *out) {
    slu_buffer_add_format(out, "  no test notices it; one with this event would: %.*s\n", (int)change->event.length,
                          change->event.bytes);
    if (change->facts.length > 0) {
        slu_buffer_add_format(out, "    where %.*s\n", (int)change->facts.length, change->facts.bytes);
    }
    add_side(out, alike ? "both" : "as it is", mutating->rules->program, change->before);
    if (alike) {
        slu_buffer_add_text(out, "    what differs is how often the rule may win\n");
    } else {
        add_side(out, "changed", mutating->changed, change->after);
    }
}

/* Do both sides do the same this time, so that only what is used up differs? */
static bool is_alike(struct mutating *mutating, const struct slu_prove_change *change) {
    struct slu_buffer sides[2];
    const struct sluice_decision *decisions[2] = {change->before, change->after};
    for (int i = 0; i < 2; i++) {
        slu_buffer_init(&sides[i]);
        cli_render_decision_json(&sides[i], decisions[i]);
        mutating->failed = mutating->failed || sides[i].failed;
    }
    bool alike = slu_string_equal(slu_buffer_string(&sides[0]), slu_buffer_string(&sides[1]));
    slu_buffer_free(&sides[0]);
    slu_buffer_free(&sides[1]);
    return alike;
}

/* One event is enough for a test: the first that shows what is done differently. */
static void keep_change(void *context, const struct slu_prove_change *change) {
    struct mutating *mutating = context;
    bool alike = is_alike(mutating, change);
    mutating->failed = mutating->failed || mutating->witness.failed; /* which clearing forgets */
    if (mutating->failed || (mutating->witness.length > 0 && (alike || !mutating->alike))) {
        return;
    }
    slu_buffer_clear(&mutating->witness);
    mutating->alike = alike;
    if (mutating->json) {
        write_json(change, &mutating->witness);
    } else {
        write_text(mutating, change, alike, &mutating->witness);
    }
}

/* Is everything that is wrong with it found in tests? Then they notice. */
static bool errors_are_in_tests(const struct cli_rules *changed) {
    bool in_tests = false;
    for (uint32_t i = 0; i < changed->diagnostics.count; i++) {
        const struct slu_diagnostic *finding = &changed->diagnostics.items[i];
        if (finding->severity == SLU_SEVERITY_ERROR) {
            in_tests = finding->code == SLU_DIAGNOSTIC_UNKNOWN_NAME;
            if (!in_tests) {
                return false;
            }
        }
    }
    return in_tests;
}

static enum fate compare(struct mutating *mutating, struct slu_prove_diff *diff) {
    struct slu_prove_options options = {.expired = cli_deadline_is_over, .context = &mutating->end};
    *diff = (struct slu_prove_diff){.change = keep_change, .context = mutating};
    if (slu_prove_compare(mutating->rules->program, mutating->changed, &options, diff) != SLUICE_OK) {
        mutating->failed = true;
        return FATE_UNDECIDED;
    }
    /* What cannot be proved may still be seen: a test may expect a rule and not look at what it does. */
    if (diff->difference == SLU_DIFFERENCE_UNDECIDED) {
        enum sluice_status status =
            slu_samples_compare(mutating->rules->program, mutating->changed, &mutating->samples, diff);
        mutating->failed = mutating->failed || status != SLUICE_OK;
    }
    return diff->difference == SLU_DIFFERENCE_NONE    ? FATE_EQUAL
           : diff->difference == SLU_DIFFERENCE_SHOWN ? FATE_SURVIVED
                                                      : FATE_UNDECIDED;
}

/* The tests say first whether they notice. */
static enum fate test_change(struct mutating *mutating, struct slu_prove_diff *diff) {
    struct slu_arena arena;
    struct slu_test_run run;
    slu_arena_init(&arena, 0);
    mutating->failed = slu_tests_run(mutating->changed, &arena, &run) != SLUICE_OK || mutating->failed;
    bool noticed = !mutating->failed && run.failed > 0;
    slu_arena_free(&arena);
    return mutating->failed ? FATE_UNDECIDED : noticed ? FATE_NOTICED : compare(mutating, diff);
}

static void print_text(struct mutating *mutating, enum fate fate, const struct slu_prove_diff *diff) {
    struct slu_buffer *out = &mutating->cli->out.buffer;
    const struct slu_mutation *mutation = mutating->mutation;
    struct slu_sources *sources = &mutating->rules->program->sources;
    struct slu_string file = sources->items[mutation->place.file].name;
    uint32_t line = slu_sources_place(sources, mutation->place.file, mutation->place.start).line;
    slu_buffer_add_format(out, "%.*s:%u  ", (int)file.length, file.bytes, (unsigned)line);
    if (mutation->before.length > 0) {
        slu_buffer_add(out, mutation->before);
        slu_buffer_add_text(out, "\n  becomes ");
    }
    slu_buffer_add(out, mutation->after);
    slu_buffer_add_byte(out, '\n');
    if (fate == FATE_SURVIVED) {
        slu_buffer_add(out, slu_buffer_string(&mutating->witness));
    } else {
        slu_buffer_add_format(out, "  no test notices it; whether it matters is not decided: %s\n", diff->reason);
    }
}

static void print_json(struct mutating *mutating, enum fate fate, const struct slu_prove_diff *diff) {
    struct slu_buffer *out = &mutating->cli->out.buffer;
    const struct slu_mutation *mutation = mutating->mutation;
    struct slu_sources *sources = &mutating->rules->program->sources;
    struct slu_place place = slu_sources_place(sources, mutation->place.file, mutation->place.start);
    slu_buffer_add_text(out, "{\"file\":");
    slu_buffer_add_json_string(out, sources->items[mutation->place.file].name);
    slu_buffer_add_format(out, ",\"line\":%u,\"column\":%u,\"before\":", (unsigned)place.line, (unsigned)place.column);
    slu_buffer_add_json_string(out, mutation->before);
    slu_buffer_add_text(out, ",\"after\":");
    slu_buffer_add_json_string(out, mutation->after);
    if (fate == FATE_SURVIVED) {
        slu_buffer_add_text(out, ",\"verdict\":\"different\"");
        slu_buffer_add(out, slu_buffer_string(&mutating->witness));
    } else {
        slu_buffer_add_text(out, ",\"verdict\":\"undecided\",\"reason\":");
        slu_buffer_add_json_string(out, slu_string_from(diff->reason));
    }
    slu_buffer_add_text(out, "}\n");
}

/* False: memory ran out. */
static bool try_change(struct mutating *mutating) {
    struct slu_buffer text;
    struct cli_rules changed;
    struct slu_prove_diff diff = {0};
    enum fate fate = FATE_NO_CHANGE;
    slu_buffer_init(&text);
    slu_buffer_clear(&mutating->witness);
    slu_mutation_apply(mutating->rules->program, mutating->mutation, &text);
    struct slu_string name = mutating->rules->program->sources.items[mutating->mutation->span.file].name;
    enum sluice_status status = text.failed
                                    ? SLUICE_NO_MEMORY
                                    : cli_rules_compile_with(mutating->rules, name, slu_buffer_string(&text), &changed);
    if (status == SLUICE_OK) {
        mutating->changed = changed.program;
        fate = test_change(mutating, &diff);
    } else if (status == SLUICE_INVALID && errors_are_in_tests(&changed)) {
        fate = FATE_NOTICED;
    }
    bool fine = (status == SLUICE_OK || status == SLUICE_INVALID) && !mutating->failed && !mutating->witness.failed;
    if (fine && (fate == FATE_SURVIVED || fate == FATE_UNDECIDED)) {
        (mutating->json ? print_json : print_text)(mutating, fate, &diff);
    }
    mutating->fates[fate]++;
    if (!text.failed) {
        cli_rules_free(&changed);
    }
    slu_buffer_free(&text);
    return fine;
}

/* ---- all of them ---- */

static void add_summary(struct mutating *mutating, size_t tried, size_t left) {
    struct slu_buffer *out = &mutating->cli->out.buffer;
    const size_t *fates = mutating->fates;
    if (mutating->json) {
        slu_buffer_add_format(out,
                              "{\"changes\":%zu,\"noticed\":%zu,\"equal\":%zu,\"different\":%zu,\"undecided\":%zu,"
                              "\"not_tried\":%zu}\n",
                              tried, fates[FATE_NOTICED], fates[FATE_EQUAL], fates[FATE_SURVIVED],
                              fates[FATE_UNDECIDED], left);
        return;
    }
    cli_add_count(out, tried, "change: ", "changes: ");
    slu_buffer_add_format(out, "%zu noticed by tests, %zu that change no decision (proved), %zu not noticed",
                          fates[FATE_NOTICED], fates[FATE_EQUAL], fates[FATE_SURVIVED] + fates[FATE_UNDECIDED]);
    if (left > 0) {
        slu_buffer_add_format(out, "; %zu more were not tried: the minute was over", left);
    }
    slu_buffer_add_byte(out, '\n');
}

/* Tests that fail anyway notice nothing. */
static bool tests_pass(const struct sluice_program *program) {
    struct slu_arena arena;
    struct slu_test_run run;
    slu_arena_init(&arena, 0);
    enum sluice_status status = slu_tests_run(program, &arena, &run);
    if (status != SLUICE_OK) {
        cli_complain("out of memory");
    } else if (run.failed > 0) {
        cli_complain("the tests have to pass first, and %u %s: sluice test says which", (unsigned)run.failed,
                     run.failed == 1 ? "fails" : "fail");
    }
    bool pass = status == SLUICE_OK && run.failed == 0;
    slu_arena_free(&arena);
    return pass;
}

static enum cli_status try_all(struct mutating *mutating, const struct slu_mutations *mutations) {
    uint32_t i = 0;
    for (; i < mutations->count && !cli_deadline_is_over(&mutating->end); i++) {
        mutating->mutation = &mutations->items[i];
        if (!try_change(mutating)) {
            cli_complain("out of memory");
            return CLI_COULD_NOT_RUN;
        }
        if (!cli_output_step(&mutating->cli->out)) {
            return CLI_COULD_NOT_RUN; /* nobody reads the answers */
        }
    }
    size_t left = mutations->count - i;
    add_summary(mutating, i - mutating->fates[FATE_NO_CHANGE], left);
    return mutating->fates[FATE_SURVIVED] + mutating->fates[FATE_UNDECIDED] + left > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
}

enum cli_status cli_cover_mutate(struct cli *cli, const struct cli_rules *rules) {
    struct mutating mutating = {.cli = cli,
                                .rules = rules,
                                .json = cli_options_has(&cli->options, CLI_OPTION_JSON),
                                .end = cli_deadline_after(MUTATION_SECONDS)};
    struct slu_arena arena;
    struct slu_mutations mutations;
    enum cli_status status = CLI_COULD_NOT_RUN;
    slu_arena_init(&arena, 0);
    slu_buffer_init(&mutating.witness);
    if (!slu_mutations_list(rules->program, &arena, &mutations) ||
        slu_samples_take(rules->program, &arena, &mutating.samples) != SLUICE_OK) {
        cli_complain("out of memory");
    } else if (tests_pass(rules->program)) {
        status = try_all(&mutating, &mutations);
    }
    slu_buffer_free(&mutating.witness);
    slu_arena_free(&arena);
    return status;
}
