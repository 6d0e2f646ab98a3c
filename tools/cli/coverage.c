#include "tools/cli/coverage.h"

#include "engine/text/unicode.h"
#include "tools/cli/output.h"
#include "tools/cli/values.h"

/* Columns before the two answers; a longer condition pushes them to the right. */
enum { CONDITION_COLUMNS = 60 };

static struct sluice_string public_string(struct slu_string string) {
    return (struct sluice_string){string.bytes, string.length};
}

void cli_add_rule_place(struct slu_buffer *out, const sluice_program *program, uint32_t rule) {
    const struct slu_program_rule *entry = &program->rules[rule];
    const struct slu_program_ruleset *ruleset = &program->rulesets[entry->ruleset];
    cli_add_plain(out, public_string(ruleset->file));
    slu_buffer_add_format(out, ":%u  ", (unsigned)entry->line);
    if (!entry->otherwise) {
        cli_add_quoted(out, public_string(entry->title));
        return;
    }
    slu_buffer_add_text(out, "otherwise of ");
    cli_add_quoted(out, public_string(ruleset->title));
}

void cli_unreached_add(struct slu_buffer *out, const sluice_program *program, const struct slu_coverage *coverage) {
    size_t count = 0;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        count += coverage->wins[i] == 0;
    }
    if (count == 0) {
        return;
    }
    slu_buffer_add_text(out, "no test reaches ");
    cli_add_count(out, count, "rule:\n", "rules:\n");
    for (uint32_t i = 0; i < program->rule_count; i++) {
        if (coverage->wins[i] == 0) {
            slu_buffer_add_text(out, "  ");
            cli_add_rule_place(out, program, i);
            slu_buffer_add_byte(out, '\n');
        }
    }
}

struct table {
    struct slu_buffer *out;
    const sluice_program *program;
    struct slu_arena *arena;
    size_t conditions, both;
    bool failed;
};

static void add_condition(void *context, const struct slu_debug *condition, unsigned seen) {
    struct table *table = context;
    struct slu_string text;
    if (!slu_condition_text(table->program, condition, table->arena, &text)) {
        table->failed = true;
        return;
    }
    size_t width = slu_utf8_count(text);
    table->conditions++;
    table->both += seen == (SLU_SEEN_TRUE | SLU_SEEN_FALSE);
    slu_buffer_add_text(table->out, "  ");
    cli_add_plain(table->out, public_string(text));
    slu_buffer_add_repeated(table->out, ' ', width < CONDITION_COLUMNS ? CONDITION_COLUMNS - width : 0);
    slu_buffer_add_format(table->out, "  %-5s  %s\n", (seen & SLU_SEEN_TRUE) != 0 ? "yes" : "never",
                          (seen & SLU_SEEN_FALSE) != 0 ? "yes" : "never");
}

bool cli_coverage_add(struct slu_buffer *out, const sluice_program *program, const struct slu_coverage *coverage,
                      struct slu_arena *arena) {
    struct table table = {out, program, arena, 0, 0, false};
    uint32_t reached = 0;
    slu_buffer_add_format(out, "%-*s  holds  fails\n", CONDITION_COLUMNS + 2, "coverage");
    for (uint32_t i = 0; i < program->rule_count; i++) {
        reached += coverage->wins[i] > 0;
        cli_add_rule_place(out, program, i);
        slu_buffer_add_text(out, "  won ");
        cli_add_count(out, (size_t)coverage->wins[i], "time\n", "times\n");
        slu_coverage_conditions(program, coverage, i, add_condition, &table);
    }
    slu_buffer_add_format(out, "%u of %u rules won, %zu of %zu conditions were seen to hold and to fail\n",
                          (unsigned)reached, (unsigned)program->rule_count, table.both, table.conditions);
    return !table.failed;
}
