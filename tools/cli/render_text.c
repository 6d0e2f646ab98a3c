/* Results for people. An action is written as the rules write it. */
#include "tools/cli/render.h"

#include "engine/decide/write.h"
#include "engine/text/unicode.h"
#include "tools/cli/values.h"

/* Columns of a condition in a trace, at most: longer ones push their value to the right. */
enum { CONDITION_COLUMNS = 60, INDENT = 2 };

static void add_text(struct slu_buffer *out, const char *text) {
    slu_buffer_add_text(out, text);
}

static void indent(struct slu_buffer *out, size_t levels) {
    slu_buffer_add_repeated(out, ' ', levels * INDENT);
}

/* On one line, with what the language has no words for behind it. */
static void add_action(struct slu_buffer *out, const struct sluice_program *program,
                       const struct sluice_action *action) {
    struct sluice_action written = *action;
    written.blocked_by = (struct sluice_string){NULL, 0}; /* said below, with the guard's name */
    slu_action_write(program, &written, out);
    if (action->kind == SLUICE_ACTION_SET && action->entity.length == 0) {
        add_text(out, "  nothing is set: the event does not say whose it is");
    } else if (action->kind == SLUICE_ACTION_SET) {
        add_text(out, "  for ");
        cli_add_quoted(out, action->entity);
    } else if (action->kind == SLUICE_ACTION_UNDO && action->reverse_count == 0) {
        add_text(out, "  there is nothing to undo");
    }
    if (action->blocked_by.length > 0) {
        add_text(out, "  blocked by ");
        cli_add_quoted(out, action->blocked_by);
    }
    if (action->cannot.length > 0) {
        add_text(out, "  cannot be undone: ");
        cli_add_plain(out, action->cannot);
    }
    slu_buffer_add_byte(out, '\n');
}

static void add_actions(struct slu_buffer *out, const struct sluice_program *program,
                        const struct sluice_decision *decision, size_t level) {
    for (size_t i = 0; i < decision->action_count; i++) {
        const struct sluice_action *action = &decision->actions[i];
        indent(out, level);
        add_action(out, program, action);
        for (size_t j = 0; j < action->reverse_count; j++) {
            indent(out, level + 1);
            add_action(out, program, &action->reverses[j]);
        }
    }
}

void cli_render_actions_text(struct slu_buffer *out, const struct sluice_program *program,
                             const struct sluice_decision *decision, size_t level) {
    add_actions(out, program, decision, level);
}

void cli_render_winner_text(struct slu_buffer *out, const struct sluice_decision *decision) {
    if (decision == NULL) {
        add_text(out, "there is no such ruleset for this event");
    } else if (decision->rule.bytes == NULL) {
        add_text(out, "no rule");
    } else {
        slu_buffer_add_format(out, "\"%.*s\"", (int)decision->rule.length, decision->rule.bytes);
    }
}

static void add_cancelled(struct slu_buffer *out, const struct sluice_program *program,
                          const struct slu_waiting *waiting) {
    for (; waiting != NULL; waiting = waiting->next) {
        struct sluice_action action = {.kind = waiting->action.kind,
                                       .name = waiting->action.name,
                                       .arguments = waiting->action.arguments,
                                       .argument_count = waiting->action.argument_count};
        indent(out, 1);
        add_text(out, "cancels ");
        slu_action_write(program, &action, out);
        add_text(out, "  of ");
        cli_add_quoted(out, waiting->rule);
        slu_buffer_add_byte(out, '\n');
    }
}

static bool is_tried(const struct sluice_trace_entry *entry) {
    return entry->kind == SLUICE_TRACE_CONDITION || entry->kind == SLUICE_TRACE_ALLOWANCE;
}

static size_t widest_condition(struct cli_trace_part part) {
    size_t widest = 0;
    for (size_t i = 0; i < part.count; i++) {
        size_t width = is_tried(&part.items[i]) ? slu_utf8_count(cli_string(part.items[i].text)) : 0;
        widest = width > widest && width <= CONDITION_COLUMNS ? width : widest;
    }
    return widest;
}

static void add_absent(struct slu_buffer *out, struct sluice_string name) {
    add_text(out, "look-up ");
    cli_add_plain(out, name);
    add_text(out, ": not in the facts, read as missing\n");
}

static void add_tried(struct slu_buffer *out, const struct sluice_trace_entry *entry, size_t widest) {
    if (entry->kind == SLUICE_TRACE_ABSENT) {
        add_absent(out, entry->text);
        return;
    }
    if (entry->kind == SLUICE_TRACE_NOT_A_CHOICE) {
        cli_add_plain(out, entry->text);
        add_text(out, " is ");
        slu_value_write(&entry->value, out);
        add_text(out, ": not one of its choices, read as missing\n");
        return;
    }
    add_text(out, entry->outcome ? "yes  " : "no   ");
    cli_add_plain(out, entry->text);
    size_t width = slu_utf8_count(cli_string(entry->text));
    slu_buffer_add_repeated(out, ' ', width < widest ? widest - width : 0);
    add_text(out, entry->kind == SLUICE_TRACE_CONDITION ? "  it is " : "  used so far: ");
    slu_value_write(&entry->value, out);
    slu_buffer_add_byte(out, '\n');
}

static void add_group_title(struct slu_buffer *out, const struct cli_trace_group *group) {
    if (group->subject == CLI_TRACE_ACTIONS) {
        add_text(out, "for the actions\n");
        return;
    }
    add_text(out, group->subject == CLI_TRACE_RULE ? "rule " : "guard ");
    cli_add_quoted(out, group->title);
    if (group->subject == CLI_TRACE_RULE) {
        add_text(out, group->outcome ? " wins\n" : " does not match\n");
    } else {
        add_text(out, group->outcome ? " blocks\n" : " does not block\n");
    }
}

void cli_render_tried_text(struct slu_buffer *out, struct cli_trace_part part, size_t level) {
    size_t widest = widest_condition(part);
    for (size_t i = 0; i < part.count; i++) {
        indent(out, level);
        add_tried(out, &part.items[i], widest);
    }
}

static void add_trace(struct slu_buffer *out, struct cli_trace_part part, size_t level) {
    struct cli_trace_group group;
    for (size_t at = 0; cli_trace_next_group(part, &at, &group);) {
        indent(out, level);
        add_group_title(out, &group);
        cli_render_tried_text(out, group.tried, level + 1);
    }
}

static void add_decision_title(struct slu_buffer *out, const struct sluice_decision *decision) {
    cli_add_plain(out, decision->ruleset);
    add_text(out, ": ");
    if (decision->rule.bytes == NULL) {
        add_text(out, "no rule");
    } else if (slu_string_is(cli_string(decision->rule), "otherwise")) {
        add_text(out, "otherwise");
    } else {
        cli_add_quoted(out, decision->rule);
    }
    add_text(out, " (");
    cli_add_plain(out, decision->file);
    slu_buffer_add_format(out, ":%u)\n", (unsigned)decision->line);
}

static void add_heading(struct slu_buffer *out, const struct cli_decided *decided) {
    cli_add_plain(out, decided->event->kind);
    if (decided->event->id.bytes != NULL) {
        add_text(out, "  ");
        cli_add_plain(out, decided->event->id);
        slu_buffer_add_byte(out, '\n');
    } else {
        slu_buffer_add_format(out, "  line %llu\n", (unsigned long long)decided->line_number);
    }
}

/* Raised events are shown under a line of their own, as deep as they were raised. */
static bool is_new_event(const struct sluice_result *result, size_t i) {
    const struct sluice_decision *decision = &result->decisions[i];
    if (decision->depth == 0) {
        return false;
    }
    if (i == 0 || result->decisions[i - 1].depth != decision->depth) {
        return true;
    }
    return !slu_string_equal(cli_string(result->decisions[i - 1].event), cli_string(decision->event));
}

void cli_render_text(struct slu_buffer *out, const struct cli_decided *decided) {
    const struct sluice_result *result = decided->result;
    const struct cli_trace *trace = decided->trace;
    bool traced = trace != NULL && !trace->only_absent;
    size_t at = 0;
    add_heading(out, decided);
    if (traced) {
        cli_render_tried_text(out, cli_trace_preamble(trace), 1);
    }
    if (result->count == 0) {
        add_text(out, "  no ruleset listens to it\n");
    }
    for (size_t i = 0; i < result->count; i++) {
        const struct sluice_decision *decision = &result->decisions[i];
        size_t level = 1 + decision->depth;
        if (is_new_event(result, i)) {
            indent(out, level - 1);
            add_text(out, "raised ");
            cli_add_plain(out, decision->event);
            slu_buffer_add_byte(out, '\n');
        }
        indent(out, level);
        add_decision_title(out, decision);
        if (traced) {
            add_trace(out, cli_trace_next_ruleset(trace, &at), level + 1);
        }
        add_actions(out, decided->program, decision, level + 1);
    }
    add_cancelled(out, decided->program, decided->cancelled);
    for (size_t i = 0; trace != NULL && trace->only_absent && i < trace->count; i++) {
        indent(out, 1);
        add_absent(out, trace->items[i].text);
    }
}
