/* sluice diff */
#include "engine/compile/compile.h"
#include "engine/prove/prove.h"
#include "tools/cli/cli.h"
#include "tools/cli/deadline.h"
#include "tools/cli/git.h"
#include "tools/cli/load.h"
#include "tools/cli/render.h"

#include <pthread.h>

enum form { FORM_TEXT, FORM_JSON, FORM_MARKDOWN };

struct printing {
    struct cli *cli;
    struct slu_buffer *out;
    struct sluice_program *programs[2]; /* old, new */
    enum form form;
    uint32_t count;
};

/* ---- one change ---- */

static void add_side(struct slu_buffer *out, const char *name, const struct sluice_program *program,
                     const struct sluice_decision *decision) {
    slu_buffer_add_format(out, "  %s: ", name);
    cli_render_winner_text(out, decision);
    slu_buffer_add_byte(out, '\n');
    if (decision != NULL) {
        cli_render_actions_text(out, program, decision, 2);
    }
}

static void print_text(struct printing *printing, const struct slu_prove_change *change) {
    struct slu_buffer *out = printing->out;
    slu_buffer_add_format(out, "ruleset \"%.*s\": %.*s\n", (int)change->ruleset.length, change->ruleset.bytes,
                          (int)change->event.length, change->event.bytes);
    if (change->facts.length > 0) {
        slu_buffer_add_format(out, "  where %.*s\n", (int)change->facts.length, change->facts.bytes);
    }
    add_side(out, "old", printing->programs[0], change->before);
    add_side(out, "new", printing->programs[1], change->after);
}

static void print_json(struct printing *printing, const struct slu_prove_change *change) {
    struct slu_buffer *out = printing->out;
    slu_buffer_add_text(out, printing->count == 0 ? "{\"changes\":[" : ",");
    slu_buffer_add_text(out, "{\"ruleset\":");
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
    slu_buffer_add_byte(out, '}');
}

static void print_markdown(struct printing *printing, const struct slu_prove_change *change) {
    struct slu_buffer *out = printing->out;
    if (printing->count == 0) {
        slu_buffer_add_text(out, "### What the rules now do differently\n");
    }
    slu_buffer_add_format(out, "\nRuleset \"%.*s\":\n\n```\n", (int)change->ruleset.length, change->ruleset.bytes);
    slu_buffer_add_format(out, "%.*s\n", (int)change->event.length, change->event.bytes);
    if (change->facts.length > 0) {
        slu_buffer_add_format(out, "  where %.*s\n", (int)change->facts.length, change->facts.bytes);
    }
    add_side(out, "old", printing->programs[0], change->before);
    add_side(out, "new", printing->programs[1], change->after);
    slu_buffer_add_text(out, "```\n");
}

static void print_change(void *context, const struct slu_prove_change *change) {
    struct printing *printing = context;
    switch (printing->form) {
    case FORM_TEXT:
        print_text(printing, change);
        break;
    case FORM_JSON:
        print_json(printing, change);
        break;
    case FORM_MARKDOWN:
        print_markdown(printing, change);
        break;
    }
    printing->count++;
}

static bool make_whole(void *context) {
    struct printing *printing = context;
    return slu_compile_rest(printing->programs[0]) == SLUICE_OK && slu_compile_rest(printing->programs[1]) == SLUICE_OK;
}

/* ---- the verdict ---- */

static const char *verdict_word(enum slu_difference difference) {
    switch (difference) {
    case SLU_DIFFERENCE_NONE:
        return "equal";
    case SLU_DIFFERENCE_SHOWN:
        return "different";
    case SLU_DIFFERENCE_UNDECIDED:
        break;
    }
    return "undecided";
}

/* "2 rules touched: 1 changed, 1 moved" */
static void add_touched(struct slu_buffer *out, const struct slu_touched *touched) {
    const struct {
        uint32_t count;
        const char *word;
    } kinds[] = {{touched->changed, "changed"},
                 {touched->added, "added"},
                 {touched->removed, "removed"},
                 {touched->moved, "moved"}};
    const char *before = ": ";
    cli_add_count(out, touched->changed + touched->added + touched->removed + touched->moved, "rule", "rules");
    slu_buffer_add_text(out, " touched");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].count > 0) {
            slu_buffer_add_format(out, "%s%u %s", before, (unsigned)kinds[i].count, kinds[i].word);
            before = ", ";
        }
    }
    slu_buffer_add_byte(out, '\n');
}

static void print_verdict_json(struct printing *printing, const struct slu_prove_diff *diff) {
    struct slu_buffer *out = printing->out;
    const struct slu_touched *touched = &diff->touched;
    slu_buffer_add_text(out, printing->count == 0 ? "{\"changes\":[" : "");
    slu_buffer_add_format(out, "],\"verdict\":\"%s\"", verdict_word(diff->difference));
    if (diff->difference == SLU_DIFFERENCE_UNDECIDED) {
        slu_buffer_add_text(out, ",\"reason\":");
        slu_buffer_add_json_string(out, slu_string_from(diff->reason));
    }
    slu_buffer_add_format(out, ",\"rules\":{\"changed\":%u,\"added\":%u,\"removed\":%u,\"moved\":%u}",
                          (unsigned)touched->changed, (unsigned)touched->added, (unsigned)touched->removed,
                          (unsigned)touched->moved);
    slu_buffer_add_text(out, diff->more ? ",\"more\":true}\n" : "}\n");
}

static void print_verdict(struct printing *printing, const struct slu_prove_diff *diff) {
    struct slu_buffer *out = printing->out;
    if (printing->form == FORM_JSON) {
        print_verdict_json(printing, diff);
        return;
    }
    const char *before = printing->form == FORM_MARKDOWN && printing->count > 0 ? "\n" : "";
    switch (diff->difference) {
    case SLU_DIFFERENCE_NONE:
        slu_buffer_add_text(out, "equal: every event is decided the same (proved)\n");
        break;
    case SLU_DIFFERENCE_SHOWN:
        slu_buffer_add_text(out, before);
        cli_add_count(out, diff->change_count, "kind of change", "kinds of change");
        slu_buffer_add_text(out, diff->more ? "; there may be more\n"
                                            : "; all other events are decided the same (proved)\n");
        break;
    case SLU_DIFFERENCE_UNDECIDED:
        slu_buffer_add_format(out, "undecided: %s\n", diff->reason);
        break;
    }
    slu_buffer_add_text(out, printing->form == FORM_MARKDOWN ? "\n" : "");
    add_touched(out, &diff->touched);
}

/* ---- both sides ---- */

struct side {
    struct cli_rules rules;
    bool found; /* its files are read */
    enum sluice_status status;
};

static void find(struct side *side, const char *path) {
    struct cli_files *files = &side->rules.files;
    side->rules.compared = true;
    side->found = cli_git_is_revision(path) ? cli_git_read(files, path)
                                            : cli_files_find(files, &path, 1) && cli_files_read(files);
}

static void *compile(void *context) {
    struct side *side = context;
    side->status = side->found ? cli_rules_compile_files(&side->rules) : SLUICE_LIMIT;
    return NULL;
}

/* Both at the same time, which halves the wait. */
static void compile_both(struct side sides[2]) {
    pthread_t thread;
    bool apart = sides[0].found && sides[1].found && pthread_create(&thread, NULL, compile, &sides[0]) == 0;
    if (!apart) {
        compile(&sides[0]);
    }
    compile(&sides[1]);
    if (apart) {
        (void)pthread_join(thread, NULL);
    }
}

/* Prints errors: of the old side, or where it has none, of the new one. */
static bool can_be_compared(struct cli *cli, struct side sides[2]) {
    uint32_t bad = sides[0].status == SLUICE_OK ? 1 : 0;
    if (sides[bad].status == SLUICE_INVALID) {
        cli_diagnostics_print(cli, &sides[bad].rules.diagnostics, SLU_SEVERITY_ERROR);
    }
    return sides[bad].status == SLUICE_OK;
}

static enum cli_status compare(struct cli *cli, const struct cli_rules *before, const struct cli_rules *after) {
    struct printing printing = {.cli = cli, .out = &cli->out.buffer, .programs = {before->program, after->program}};
    printing.form = cli_options_has(&cli->options, CLI_OPTION_JSON)       ? FORM_JSON
                    : cli_options_has(&cli->options, CLI_OPTION_MARKDOWN) ? FORM_MARKDOWN
                                                                          : FORM_TEXT;
    double end = cli_deadline();
    struct slu_prove_options options = {.expired = cli_deadline_is_over, .context = &end};
    struct slu_prove_diff diff = {.change = print_change, .prepare = make_whole, .context = &printing};
    if (slu_prove_compare(before->program, after->program, &options, &diff) != SLUICE_OK) {
        cli_complain("out of memory");
        return CLI_COULD_NOT_RUN;
    }
    print_verdict(&printing, &diff);
    return diff.difference == SLU_DIFFERENCE_NONE    ? CLI_FINE
           : diff.difference == SLU_DIFFERENCE_SHOWN ? CLI_ANSWER_IS_NO
                                                     : CLI_COULD_NOT_RUN;
}

enum cli_status cli_diff(struct cli *cli) {
    struct side sides[2] = {{.found = false}, {.found = false}};
    enum cli_status answer = CLI_COULD_NOT_RUN;
    if (cli->options.path_count != 2) {
        cli_complain("diff takes two rule sets: sluice diff OLD NEW");
        return answer;
    }
    find(&sides[0], cli->options.paths[0]);
    if (sides[0].found) {
        find(&sides[1], cli->options.paths[1]);
        compile_both(sides);
        answer = can_be_compared(cli, sides) ? compare(cli, &sides[0].rules, &sides[1].rules) : answer;
    }
    cli_rules_free(&sides[0].rules);
    cli_rules_free(&sides[1].rules);
    return answer;
}
