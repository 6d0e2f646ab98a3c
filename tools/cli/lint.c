/* sluice lint */
#include "engine/prove/prove.h"
#include "tools/cli/cli.h"
#include "tools/cli/deadline.h"
#include "tools/cli/load.h"

struct counts {
    size_t errors, warnings, hints;
};

static struct counts count_findings(const struct slu_diagnostics *diagnostics) {
    struct counts counts = {0};
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        switch (diagnostics->items[i].severity) {
        case SLU_SEVERITY_ERROR:
            counts.errors++;
            break;
        case SLU_SEVERITY_WARNING:
            counts.warnings++;
            break;
        case SLU_SEVERITY_HINT:
            counts.hints++;
            break;
        }
    }
    return counts;
}

/* Also among those that are too many to be shown. */
static bool has_errors(const struct cli *cli, const struct slu_diagnostics *diagnostics) {
    return diagnostics->error_count > 0 ||
           (cli_options_has(&cli->options, CLI_OPTION_STRICT) && diagnostics->warning_count > 0);
}

static void make_strict(struct slu_diagnostics *diagnostics) {
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        if (diagnostics->items[i].severity == SLU_SEVERITY_WARNING) {
            diagnostics->items[i].severity = SLU_SEVERITY_ERROR;
        }
    }
}

static void print_json(struct cli *cli, struct slu_diagnostics *diagnostics) {
    for (uint32_t i = 0; i < diagnostics->count && cli_output_step(&cli->out); i++) {
        slu_diagnostic_render_json(diagnostics, &diagnostics->items[i], &cli->out.buffer);
    }
}

/* One line for people; a clean result says what was looked at. Without a finding
 * every assertion is proved, if proofs were made at all. */
static void print_summary(const struct cli_rules *rules, struct counts counts, bool proved) {
    struct slu_buffer line;
    slu_buffer_init(&line);
    if (counts.errors + counts.warnings + counts.hints > 0) {
        cli_add_count(&line, counts.errors, "error, ", "errors, ");
        cli_add_count(&line, counts.warnings, "warning, ", "warnings, ");
        cli_add_count(&line, counts.hints, "hint", "hints");
    } else {
        cli_add_count(&line, rules->files.count, "file, ", "files, ");
        cli_add_count(&line, rules->program->rule_count, "rule", "rules");
        if (proved && rules->program->assertion_count > 0) {
            slu_buffer_add_text(&line, ", ");
            cli_add_count(&line, rules->program->assertion_count, "assertion proved", "assertions proved");
        }
        slu_buffer_add_text(&line, ": no findings");
    }
    if (rules->diagnostics.left_off > 0) {
        slu_buffer_add_format(&line, "; %u more are not shown", (unsigned)rules->diagnostics.left_off);
    }
    if (!line.failed) {
        cli_say("%.*s", (int)line.length, line.bytes);
    }
    slu_buffer_free(&line);
}

static enum sluice_status prove(struct cli *cli, struct cli_rules *rules) {
    double end = cli_deadline();
    const char *explain = cli->options.values[CLI_OPTION_EXPLAIN];
    struct slu_prove_options options = {.expired = cli_deadline_is_over,
                                        .context = &end,
                                        .all_gaps = cli_options_has(&cli->options, CLI_OPTION_GAPS),
                                        .explain = slu_string_from(explain == NULL ? "" : explain)};
    return cli_options_has(&cli->options, CLI_OPTION_NO_PROOFS)
               ? SLUICE_OK
               : slu_prove_lint(rules->program, &options, &rules->diagnostics);
}

enum cli_status cli_lint(struct cli *cli) {
    struct cli_rules rules;
    enum cli_status answer = CLI_COULD_NOT_RUN;
    enum sluice_status status = cli_rules_compile(cli, &rules);
    if (status != SLUICE_OK && status != SLUICE_INVALID) {
        goto done;
    }
    if (status == SLUICE_OK && prove(cli, &rules) != SLUICE_OK) {
        cli_complain("out of memory");
        goto done;
    }
    if (cli_options_has(&cli->options, CLI_OPTION_STRICT)) {
        make_strict(&rules.diagnostics);
    }
    struct counts counts = count_findings(&rules.diagnostics);
    answer = has_errors(cli, &rules.diagnostics) ? CLI_ANSWER_IS_NO : CLI_FINE;
    if (cli_options_has(&cli->options, CLI_OPTION_JSON)) {
        print_json(cli, &rules.diagnostics);
        goto done;
    }
    if (!cli_diagnostics_print(cli, &rules.diagnostics, SLU_SEVERITY_HINT)) {
        answer = CLI_COULD_NOT_RUN;
    }
    print_summary(&rules, counts, !cli_options_has(&cli->options, CLI_OPTION_NO_PROOFS));
done:
    cli_rules_free(&rules);
    return answer;
}
