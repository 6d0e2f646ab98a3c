/* sluice why: why a rule does not win an event, and what would have to be different. */
#include "engine/prove/why.h"
#include "engine/decide/decider.h"
#include "engine/decide/store.h"
#include "engine/decide/write.h"
#include "engine/prove/prove.h"
#include "engine/prove/situation.h"
#include "tools/cli/cli.h"
#include "tools/cli/coverage.h"
#include "tools/cli/deadline.h"
#include "tools/cli/delivery.h"
#include "tools/cli/inputs.h"
#include "tools/cli/load.h"
#include "tools/cli/render.h"
#include "tools/cli/values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct asking {
    struct cli *cli;
    struct cli_rules rules;
    sluice_decider *decider;
    struct slu_store *store;
    struct cli_lines lines;
    struct cli_block block; /* in hand */
    uint64_t line_number;
    const char *input_name;
    struct cli_delivery delivery;
    struct cli_trace trace;
    bool has_clock;
    int64_t at;             /* of --at */
    uint32_t rule;          /* asked about */
    struct slu_arena arena; /* of one answer */
    bool *used_up;
    size_t lost, unreadable; /* events that the rule did not win, that could not be read */
};

/* One event and what was found out about it. */
struct answer {
    struct sluice_event event;
    struct slu_string kind; /* of the event that is explained: its own, or one that a rule raised */
    bool raised;
    bool listens;    /* the rule's ruleset, to that kind */
    uint32_t winner; /* rule; SLU_NO_INDEX: none */
    bool wins;
    struct cli_trace_group tried;
    struct slu_prove_why why; /* unless it wins */
    int64_t clock;
};

/* ---- finding out ---- */

static const struct sluice_program *program_of(const struct asking *asking) {
    return asking->rules.program;
}

static uint32_t ruleset_of(const struct asking *asking) {
    return program_of(asking)->rules[asking->rule].ruleset;
}

static bool listens_to(const struct asking *asking, struct slu_string kind) {
    const struct sluice_program *program = program_of(asking);
    const struct slu_program_ruleset *ruleset = &program->rulesets[ruleset_of(asking)];
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (slu_string_equal(program->events[ruleset->events[i]].name, kind)) {
            return true;
        }
    }
    return false;
}

static uint32_t winner_of(const struct asking *asking, const struct sluice_decision *decision) {
    const struct sluice_program *program = program_of(asking);
    const struct slu_program_ruleset *ruleset = &program->rulesets[ruleset_of(asking)];
    for (uint32_t i = ruleset->first_rule; i < ruleset->first_rule + ruleset->rule_count; i++) {
        if (decision->rule.bytes != NULL && slu_string_equal(program->rules[i].title, cli_string(decision->rule))) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* Takes the decision of the rule's ruleset. Where that decided an event raised
 * by the one read, the decider is turned to the raised one. */
static enum sluice_status find_decision(struct asking *asking, const struct sluice_result *result,
                                        struct answer *answer, struct sluice_error *error) {
    struct slu_string title = program_of(asking)->rulesets[ruleset_of(asking)].title;
    const struct sluice_decision *decision = NULL;
    answer->kind = cli_string(answer->event.kind);
    answer->listens = listens_to(asking, answer->kind);
    answer->winner = SLU_NO_INDEX;
    for (size_t i = 0; i < result->count && decision == NULL; i++) {
        bool is_it = slu_string_equal(cli_string(result->decisions[i].ruleset), title);
        decision = is_it ? &result->decisions[i] : NULL;
    }
    if (decision == NULL) {
        return SLUICE_OK;
    }
    answer->winner = winner_of(asking, decision);
    for (size_t i = 0; i < result->count && decision->depth == 1; i++) {
        for (size_t j = 0; j < result->decisions[i].action_count; j++) {
            const struct sluice_action *action = &result->decisions[i].actions[j];
            if (action->kind == SLUICE_ACTION_EMIT &&
                slu_string_equal(cli_string(action->name), cli_string(decision->event))) {
                answer->raised = answer->listens = true;
                answer->kind = cli_string(decision->event);
                return sluice_raise(asking->decider, decision->event, action->arguments, action->argument_count, NULL,
                                    error);
            }
        }
    }
    return SLUICE_OK;
}

static enum sluice_status explain(struct asking *asking, const struct sluice_inputs *inputs, struct answer *answer,
                                  struct sluice_error *error) {
    struct slu_witness event;
    double end = cli_deadline();
    struct slu_prove_options options = {.expired = cli_deadline_is_over, .context = &end};
    memset(asking->used_up, 0, program_of(asking)->allowance_count * sizeof *asking->used_up);
    enum sluice_status status = slu_decide_ask(asking->decider, inputs, asking->used_up, error);
    if (status != SLUICE_OK) {
        return status;
    }
    if (!slu_situation_take(asking->decider, asking->used_up, (double)inputs->clock, &asking->arena, &event)) {
        return SLUICE_NO_MEMORY;
    }
    return slu_prove_why(program_of(asking), &event, asking->rule, &options, &asking->arena, &answer->why);
}

static enum sluice_status find_out(struct asking *asking, struct answer *answer, struct sluice_error *error) {
    struct sluice_inputs inputs = {.clock = answer->clock, .facts = slu_store_facts(asking->store)};
    struct sluice_result result;
    bool matches;
    enum sluice_status status = slu_store_advance(asking->store, answer->clock);
    if (status == SLUICE_OK) {
        status = sluice_decide(asking->decider, &inputs, &result, error);
    }
    if (status == SLUICE_OK) {
        status = find_decision(asking, &result, answer, error);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    answer->wins = answer->listens && answer->winner == asking->rule;
    if (!answer->wins) {
        status = explain(asking, &inputs, answer, error);
    }
    cli_trace_reset(&asking->trace);
    inputs.trace = &asking->trace.hook;
    if (status == SLUICE_OK) {
        status = slu_decide_rule(asking->decider, &inputs, asking->rule, &matches, error);
    }
    size_t at = 0;
    struct cli_trace_part all = {asking->trace.items, asking->trace.count};
    cli_trace_next_group(all, &at, &answer->tried);
    return asking->trace.failed ? SLUICE_NO_MEMORY : status;
}

/* What the event does is done, as `sluice run` does it: a later one sees it. */
static enum sluice_status apply(struct asking *asking, const struct answer *answer, struct sluice_error *error) {
    struct sluice_inputs inputs = {.clock = answer->clock, .facts = slu_store_facts(asking->store)};
    struct sluice_event event;
    struct sluice_result result;
    enum sluice_status status = sluice_read(asking->decider, &asking->delivery.delivery, &event, error);
    if (status == SLUICE_OK) {
        status = sluice_decide(asking->decider, &inputs, &result, error);
    }
    return status == SLUICE_OK ? slu_store_apply(asking->store, &event, &result, answer->clock) : status;
}

/* ---- telling people ---- */

static const char *origin_word(const struct slu_field *field) {
    switch (field->origin) {
    case SLU_FIELD_EVENT:
        break;
    case SLU_FIELD_STATE:
        return "state ";
    case SLU_FIELD_LOOKUP:
        return "look-up ";
    }
    return "";
}

static bool add_change_text(struct asking *asking, const struct slu_why_change *change) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    struct sluice_value before, after;
    slu_buffer_add_text(out, "    ");
    switch (change->kind) {
    case SLU_WHY_KIND:
        slu_buffer_add_format(out, "the event is %.*s\n", (int)change->name.length, change->name.bytes);
        return true;
    case SLU_WHY_ALLOWANCE:
        slu_buffer_add_format(out, "the allowance of \"%.*s\" is not used up\n", (int)change->name.length,
                              change->name.bytes);
        return true;
    case SLU_WHY_FIELD:
        break;
    }
    if (!slu_witness_give(change->before, &asking->arena, &before) ||
        !slu_witness_give(change->after, &asking->arena, &after)) {
        return false;
    }
    slu_buffer_add_format(out, "%s%.*s is ", origin_word(change->field), (int)change->name.length, change->name.bytes);
    slu_value_write(&after, out);
    slu_buffer_add_text(out, ", not ");
    slu_value_write(&before, out);
    slu_buffer_add_byte(out, '\n');
    return true;
}

static bool add_why_text(struct asking *asking, const struct answer *answer) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    const struct slu_prove_why *why = &answer->why;
    switch (why->verdict) {
    case SLU_WHY_CHANGE:
        slu_buffer_add_text(out, why->fewest ? "  it wins with the smallest change:\n"
                                             : "  it wins with this change; a smaller one is not ruled out:\n");
        for (uint32_t i = 0; i < why->change_count; i++) {
            if (!add_change_text(asking, &why->changes[i])) {
                return false;
            }
        }
        return true;
    case SLU_WHY_NEVER:
        slu_buffer_add_text(out, "  no event makes it win");
        if (why->at_this_time) {
            slu_buffer_add_text(out, " at ");
            slu_buffer_add_time(out, (double)answer->clock);
        }
        slu_buffer_add_text(out, " (proved)\n");
        return true;
    case SLU_WHY_UNDECIDED:
        slu_buffer_add_format(out, "  what would make it win is not decided: %s\n", why->reason);
        break;
    }
    return true;
}

static void add_heading(struct asking *asking, const struct answer *answer) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    cli_add_plain(out, answer->event.kind);
    if (answer->event.id.bytes != NULL) {
        slu_buffer_add_text(out, "  ");
        cli_add_plain(out, answer->event.id);
    } else {
        slu_buffer_add_format(out, "  line %llu", (unsigned long long)asking->line_number);
    }
    if (answer->raised) {
        slu_buffer_add_format(out, ", which raises %.*s", (int)answer->kind.length, answer->kind.bytes);
    }
    slu_buffer_add_text(out, "\n  ");
    cli_add_rule_place(out, program_of(asking), asking->rule);
    slu_buffer_add_text(out, answer->wins ? " wins\n" : " does not win\n");
}

static void add_other(struct asking *asking, const struct answer *answer) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    const struct slu_program_ruleset *ruleset = &program_of(asking)->rulesets[ruleset_of(asking)];
    slu_buffer_add_text(out, "  ");
    if (!answer->listens) {
        cli_add_quoted(out, (struct sluice_string){ruleset->title.bytes, ruleset->title.length});
        slu_buffer_add_text(out, " does not listen to this event\n");
    } else if (answer->winner == SLU_NO_INDEX) {
        slu_buffer_add_text(out, "no rule takes the event\n");
    } else {
        cli_add_rule_place(out, program_of(asking), answer->winner);
        slu_buffer_add_text(out, answer->winner < asking->rule ? " stands before it and takes the event\n"
                                                               : " takes the event\n");
    }
}

static bool print_text(struct asking *asking, const struct answer *answer) {
    add_heading(asking, answer);
    cli_render_tried_text(&asking->cli->out.buffer, answer->tried.tried, 2);
    if (answer->wins) {
        return true;
    }
    add_other(asking, answer);
    return add_why_text(asking, answer);
}

/* ---- telling programs ---- */

static bool add_change_json(struct asking *asking, const struct slu_why_change *change) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    static const char *const origins[] = {
        [SLU_FIELD_EVENT] = "event", [SLU_FIELD_STATE] = "state", [SLU_FIELD_LOOKUP] = "look-up"};
    static const char *const members[] = {
        [SLU_WHY_KIND] = "event", [SLU_WHY_FIELD] = "field", [SLU_WHY_ALLOWANCE] = "allowance"};
    struct sluice_value before, after;
    slu_buffer_add_format(out, "{\"%s\":", members[change->kind]);
    slu_buffer_add_json_string(out, change->name);
    if (change->kind == SLU_WHY_FIELD) {
        if (!slu_witness_give(change->before, &asking->arena, &before) ||
            !slu_witness_give(change->after, &asking->arena, &after)) {
            return false;
        }
        slu_buffer_add_format(out, ",\"of\":\"%s\",\"from\":", origins[change->field->origin]);
        cli_add_json_value(out, &before);
        slu_buffer_add_text(out, ",\"to\":");
        cli_add_json_value(out, &after);
    }
    slu_buffer_add_byte(out, '}');
    return true;
}

static bool add_why_json(struct asking *asking, const struct slu_prove_why *why) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    static const char *const words[] = {
        [SLU_WHY_CHANGE] = "change", [SLU_WHY_NEVER] = "never", [SLU_WHY_UNDECIDED] = "undecided"};
    slu_buffer_add_format(out, ",\"verdict\":\"%s\"", words[why->verdict]);
    if (why->verdict == SLU_WHY_UNDECIDED) {
        slu_buffer_add_text(out, ",\"reason\":");
        slu_buffer_add_json_string(out, slu_string_from(why->reason));
    }
    if (why->verdict != SLU_WHY_CHANGE) {
        return true;
    }
    slu_buffer_add_format(out, ",\"smallest\":%s,\"changes\":[", why->fewest ? "true" : "false");
    for (uint32_t i = 0; i < why->change_count; i++) {
        slu_buffer_add_text(out, i > 0 ? "," : "");
        if (!add_change_json(asking, &why->changes[i])) {
            return false;
        }
    }
    slu_buffer_add_text(out, "],\"changed\":");
    slu_buffer_add(out, why->event);
    return true;
}

static void add_rule_json(struct asking *asking, uint32_t rule) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    if (rule == SLU_NO_INDEX) {
        slu_buffer_add_text(out, "null");
        return;
    }
    const struct slu_program_rule *entry = &program_of(asking)->rules[rule];
    slu_buffer_add_json_string(out, entry->title);
}

static bool print_json(struct asking *asking, const struct answer *answer) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    slu_buffer_add_text(out, "{\"id\":");
    if (answer->event.id.bytes == NULL) {
        slu_buffer_add_text(out, "null");
    } else {
        cli_add_json_string(out, answer->event.id);
    }
    slu_buffer_add_text(out, ",\"event\":");
    slu_buffer_add_json_string(out, answer->kind);
    slu_buffer_add_text(out, ",\"ruleset\":");
    slu_buffer_add_json_string(out, program_of(asking)->rulesets[ruleset_of(asking)].title);
    slu_buffer_add_text(out, ",\"rule\":");
    add_rule_json(asking, asking->rule);
    slu_buffer_add_format(out, ",\"line\":%u,\"wins\":%s,\"listens\":%s,\"winner\":",
                          (unsigned)program_of(asking)->rules[asking->rule].line, answer->wins ? "true" : "false",
                          answer->listens ? "true" : "false");
    add_rule_json(asking, answer->winner);
    cli_render_tried_json(out, answer->tried.tried);
    if (!answer->wins && !add_why_json(asking, &answer->why)) {
        return false;
    }
    slu_buffer_add_text(out, "}\n");
    return true;
}

/* ---- the events ---- */

/* `read`: the event was; deciding has no place in it. */
static void report_error(struct asking *asking, bool read, const struct sluice_error *error) {
    char place[40] = "";
    asking->unreadable++;
    if (!read) {
        snprintf(place, sizeof place, " (byte %zu)", error->at_byte);
    }
    cli_output_flush(&asking->cli->out); /* keeps the order of what a terminal shows */
    cli_say("%s:%llu: error[%s]: %s%s", asking->input_name, (unsigned long long)asking->line_number, error->code,
            error->message, place);
}

static void report_ignored(struct asking *asking, const struct sluice_error *error) {
    struct slu_buffer *out = &asking->cli->out.buffer;
    if (cli_options_has(&asking->cli->options, CLI_OPTION_JSON)) {
        slu_buffer_add_text(out, "{\"id\":null,\"ignored\":");
        slu_buffer_add_json_string(out, slu_string_from(error->message));
        slu_buffer_add_text(out, "}\n");
        return;
    }
    slu_buffer_add_format(out, "ignored  line %llu\n  %s\n", (unsigned long long)asking->line_number, error->message);
}

/* False: out of memory, nothing can go on. */
static bool take_line(struct asking *asking, struct slu_string line) {
    struct answer answer = {0};
    struct sluice_error error = {0};
    slu_arena_reset(&asking->arena);
    asking->delivery.delivery.body = (struct sluice_string){line.bytes, line.length};
    enum sluice_status status = sluice_read(asking->decider, &asking->delivery.delivery, &answer.event, &error);
    bool read = status == SLUICE_OK;
    if (status == SLUICE_IGNORED) {
        report_ignored(asking, &error);
        return true;
    }
    if (read) {
        answer.clock = asking->has_clock ? asking->at : answer.event.has_time ? answer.event.time : cli_time_of_day();
        status = find_out(asking, &answer, &error);
    }
    if (status == SLUICE_OK) {
        bool json = cli_options_has(&asking->cli->options, CLI_OPTION_JSON);
        asking->lost += !answer.wins;
        if (!(json ? print_json(asking, &answer) : print_text(asking, &answer))) {
            return false;
        }
        status = apply(asking, &answer, &error);
    }
    if (status != SLUICE_OK && status != SLUICE_NO_MEMORY) {
        report_error(asking, read, &error);
    }
    return status != SLUICE_NO_MEMORY;
}

/* False: out of memory. */
static bool take_block(struct asking *asking, const struct cli_block *block) {
    for (size_t i = 0; i < block->count; i++) {
        struct cli_line line = block->lines[i];
        asking->line_number = block->first_number + i;
        if (line.bytes == NULL) {
            cli_complain("%s:%llu: the event is too large", asking->input_name,
                         (unsigned long long)asking->line_number);
            asking->unreadable++;
        } else if (!cli_line_is_blank(line) && !take_line(asking, (struct slu_string){line.bytes, line.length})) {
            return false;
        }
    }
    return true;
}

static enum cli_status read_all(struct asking *asking) {
    while (cli_output_flush(&asking->cli->out)) {
        switch (cli_lines_fill(&asking->lines, &asking->block)) {
        case CLI_LINES_READ:
            if (take_block(asking, &asking->block)) {
                break;
            }
            cli_complain("out of memory");
            return CLI_COULD_NOT_RUN;
        case CLI_LINES_END:
            return asking->lost + asking->unreadable > 0 ? CLI_ANSWER_IS_NO : CLI_FINE;
        case CLI_LINES_FAILED:
            cli_complain("cannot read %s: %s", asking->input_name, strerror(errno));
            return CLI_COULD_NOT_RUN;
        }
    }
    return CLI_COULD_NOT_RUN; /* nobody reads the answers */
}

/* ---- the rule ---- */

static bool find_rule(struct asking *asking) {
    const struct sluice_program *program = program_of(asking);
    const char *title = asking->cli->options.values[CLI_OPTION_RULE];
    const char *ruleset = asking->cli->options.values[CLI_OPTION_RULESET];
    uint32_t found = 0, nearest = SLU_NO_INDEX;
    size_t best = SLU_STRING_DISTANCE_LIMIT;
    if (title == NULL) {
        cli_complain("why needs the rule that is asked about: --rule \"TITLE\"");
        return false;
    }
    struct slu_string wanted = slu_string_from(title);
    for (uint32_t i = 0; i < program->rule_count; i++) {
        if (ruleset != NULL && !slu_string_is(program->rulesets[program->rules[i].ruleset].title, ruleset)) {
            continue;
        }
        size_t distance = slu_string_distance(wanted, program->rules[i].title, SLU_STRING_DISTANCE_LIMIT - 1);
        nearest = distance < best ? i : nearest;
        best = distance < best ? distance : best;
        if (distance == 0) {
            asking->rule = i;
            found++;
        }
    }
    if (found == 1) {
        return true;
    }
    if (found > 1) {
        cli_complain("%u rulesets have a rule \"%s\": say which with --ruleset \"TITLE\"", (unsigned)found, title);
    } else if (nearest != SLU_NO_INDEX) {
        struct slu_string other = program->rules[nearest].title;
        cli_complain("there is no rule \"%s\"; did you mean \"%.*s\"?", title, (int)other.length, other.bytes);
    } else {
        cli_complain("there is no rule \"%s\"%s", title, ruleset != NULL ? " in that ruleset" : "");
    }
    return false;
}

static struct slu_store *store_of(void *context, size_t number) {
    const struct asking *asking = context;
    (void)number;
    return asking->store;
}

static bool prepare(struct asking *asking) {
    const struct cli_options *options = &asking->cli->options;
    const char *at = options->values[CLI_OPTION_AT], *facts = options->values[CLI_OPTION_FACTS];
    if ((at != NULL && !(asking->has_clock = cli_clock_read(at, &asking->at))) ||
        !cli_delivery_read(options, &asking->delivery) || !cli_rules_load(asking->cli, &asking->rules) ||
        !find_rule(asking) || !cli_delivery_check(&asking->delivery, program_of(asking)) ||
        !cli_events_open(options, &asking->lines, &asking->input_name)) {
        return false;
    }
    asking->used_up = calloc((size_t)program_of(asking)->allowance_count + 1, sizeof *asking->used_up);
    if (asking->used_up == NULL || sluice_decider_new(program_of(asking), &asking->decider) != SLUICE_OK ||
        slu_store_new(program_of(asking), &asking->store) != SLUICE_OK) {
        cli_complain("out of memory");
        return false;
    }
    return facts == NULL || cli_facts_load(facts, 1, store_of, asking);
}

enum cli_status cli_why(struct cli *cli) {
    struct asking asking = {.cli = cli, .lines = {.descriptor = -1}};
    slu_arena_init(&asking.arena, 0);
    cli_trace_init(&asking.trace, false);
    enum cli_status status = prepare(&asking) ? read_all(&asking) : CLI_COULD_NOT_RUN;
    if (asking.lines.descriptor > STDERR_FILENO) {
        close(asking.lines.descriptor);
    }
    cli_block_free(&asking.block);
    cli_trace_free(&asking.trace);
    slu_store_free(asking.store);
    sluice_decider_free(asking.decider);
    cli_rules_free(&asking.rules);
    cli_delivery_free(&asking.delivery);
    slu_arena_free(&asking.arena);
    free(asking.used_up);
    return status;
}
