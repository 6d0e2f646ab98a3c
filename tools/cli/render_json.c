/* Results for programs: one object a line, members in a fixed order. Those
 * that docs/language.md does not promise are there only where something
 * happened. */
#include "tools/cli/render.h"

#include "tools/cli/values.h"

static inline void add_text(struct slu_buffer *out, const char *text) {
    slu_buffer_add_text(out, text);
}

/* `,"name":`, without the comma at the start of an object. */
static inline void add_key(struct slu_buffer *out, const char *name) {
    if (out->length > 0 && out->bytes[out->length - 1] != '{') {
        slu_buffer_add_byte(out, ',');
    }
    slu_buffer_add_byte(out, '"'); /* no format: this runs dozens of times an event */
    add_text(out, name);
    add_text(out, "\":");
}

static inline void add_string_member(struct slu_buffer *out, const char *name, struct sluice_string value) {
    add_key(out, name);
    if (value.bytes == NULL) {
        add_text(out, "null");
    } else {
        cli_add_json_string(out, value);
    }
}

static void add_flag_member(struct slu_buffer *out, const char *name, bool flag) {
    add_key(out, name);
    add_text(out, flag ? "true" : "false");
}

static inline void add_number_member(struct slu_buffer *out, const char *name, double number) {
    add_key(out, name);
    slu_buffer_add_number(out, number);
}

static void add_value_member(struct slu_buffer *out, const char *name, const struct sluice_value *value) {
    add_key(out, name);
    cli_add_json_value(out, value);
}

/* "do" is the connector's action or the word of the language; what a word is
 * about has a member of its own. */
static void add_what(struct slu_buffer *out, const struct sluice_action *action) {
    const char *word = NULL, *about = NULL;
    switch (action->kind) {
    case SLUICE_ACTION_CALL:
        break;
    case SLUICE_ACTION_RECORD:
        word = "record";
        break;
    case SLUICE_ACTION_SET:
        word = "set";
        about = "field";
        break;
    case SLUICE_ACTION_EMIT:
        word = "emit";
        about = "event";
        break;
    case SLUICE_ACTION_UNDO:
        word = "undo";
        about = "rule";
        break;
    }
    add_key(out, "do");
    if (word == NULL) {
        cli_add_json_string(out, action->name);
    } else {
        slu_buffer_add_byte(out, '"');
        add_text(out, word);
        slu_buffer_add_byte(out, '"');
    }
    if (about != NULL) {
        add_string_member(out, about, action->name);
    }
}

static void add_arguments(struct slu_buffer *out, const struct sluice_action *action) {
    add_key(out, "args");
    slu_buffer_add_byte(out, '{');
    for (size_t i = 0; i < action->argument_count; i++) {
        add_text(out, i > 0 ? "," : "");
        cli_add_json_string(out, action->arguments[i].name);
        slu_buffer_add_byte(out, ':');
        cli_add_json_value(out, &action->arguments[i].value);
    }
    slu_buffer_add_byte(out, '}');
}

static void add_plain_action(struct slu_buffer *out, const struct sluice_action *action) {
    add_what(out, action);
    add_arguments(out, action);
    if (action->kind == SLUICE_ACTION_SET) {
        struct sluice_string nobody = {NULL, 0};
        add_string_member(out, "entity", action->entity.length > 0 ? action->entity : nobody);
        add_value_member(out, "before", &action->before);
    }
    if (action->delay != 0) {
        add_number_member(out, "after", (double)action->delay / 1000);
    }
    if (action->unless_count > 0) {
        add_key(out, "unless");
        for (size_t i = 0; i < action->unless_count; i++) {
            add_text(out, i > 0 ? "," : "[");
            cli_add_json_string(out, action->unless[i]);
        }
        slu_buffer_add_byte(out, ']');
    }
    if (action->blocked_by.length > 0) {
        add_string_member(out, "blocked_by", action->blocked_by);
    }
    if (action->cannot.length > 0) {
        add_string_member(out, "cannot", action->cannot);
    }
}

static void add_actions(struct slu_buffer *out, const struct sluice_action *actions, size_t count) {
    slu_buffer_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        add_text(out, i > 0 ? ",{" : "{");
        add_plain_action(out, &actions[i]);
        if (actions[i].kind == SLUICE_ACTION_UNDO) {
            add_key(out, "reverses");
            slu_buffer_add_byte(out, '[');
            for (size_t j = 0; j < actions[i].reverse_count; j++) {
                add_text(out, j > 0 ? ",{" : "{");
                add_plain_action(out, &actions[i].reverses[j]);
                slu_buffer_add_byte(out, '}');
            }
            slu_buffer_add_byte(out, ']');
        }
        slu_buffer_add_byte(out, '}');
    }
    slu_buffer_add_byte(out, ']');
}

static void add_tried(struct slu_buffer *out, const struct sluice_trace_entry *entry) {
    switch (entry->kind) {
    case SLUICE_TRACE_CONDITION:
        add_string_member(out, "condition", entry->text);
        if (entry->field.length > 0) {
            add_string_member(out, "field", entry->field);
        }
        add_value_member(out, "value", &entry->value);
        add_flag_member(out, "holds", entry->outcome);
        break;
    case SLUICE_TRACE_ALLOWANCE:
        add_string_member(out, "allowance", entry->text);
        add_value_member(out, "used", &entry->value);
        add_flag_member(out, "holds", entry->outcome);
        break;
    case SLUICE_TRACE_ABSENT:
        add_string_member(out, "absent", entry->text);
        break;
    case SLUICE_TRACE_NOT_A_CHOICE:
        add_string_member(out, "not_a_choice", entry->text);
        add_value_member(out, "value", &entry->value);
        break;
    case SLUICE_TRACE_RULESET:
    case SLUICE_TRACE_RULE:
    case SLUICE_TRACE_OUTCOME:
    case SLUICE_TRACE_GUARD:
    case SLUICE_TRACE_RAISED:
        break; /* they begin and end groups */
    }
}

void cli_render_tried_json(struct slu_buffer *out, struct cli_trace_part part) {
    add_key(out, "tried");
    slu_buffer_add_byte(out, '[');
    for (size_t i = 0; i < part.count; i++) {
        add_text(out, i > 0 ? ",{" : "{");
        add_tried(out, &part.items[i]);
        slu_buffer_add_byte(out, '}');
    }
    slu_buffer_add_byte(out, ']');
}

static void add_group(struct slu_buffer *out, const struct cli_trace_group *group) {
    slu_buffer_add_byte(out, '{');
    if (group->subject != CLI_TRACE_ACTIONS) {
        bool is_rule = group->subject == CLI_TRACE_RULE;
        add_string_member(out, is_rule ? "rule" : "guard", group->title);
        add_number_member(out, "line", group->line);
        add_flag_member(out, is_rule ? "wins" : "blocks", group->outcome);
    }
    cli_render_tried_json(out, group->tried);
    slu_buffer_add_byte(out, '}');
}

static void add_trace(struct slu_buffer *out, struct cli_trace_part part) {
    struct cli_trace_group group;
    add_key(out, "trace");
    slu_buffer_add_byte(out, '[');
    bool first = true;
    for (size_t at = 0; cli_trace_next_group(part, &at, &group); first = false) {
        add_text(out, first ? "" : ",");
        add_group(out, &group);
    }
    slu_buffer_add_byte(out, ']');
}

static void add_decision(struct slu_buffer *out, const struct sluice_decision *decision) {
    add_string_member(out, "ruleset", decision->ruleset);
    add_string_member(out, "rule", decision->rule);
    add_number_member(out, "line", decision->line);
    add_key(out, "actions");
    add_actions(out, decision->actions, decision->action_count);
    if (decision->depth > 0) {
        add_string_member(out, "event", decision->event);
        add_number_member(out, "depth", decision->depth);
    }
}

void cli_render_decision_json(struct slu_buffer *out, const struct sluice_decision *decision) {
    static const struct sluice_decision none = {.rule = {NULL, 0}};
    decision = decision == NULL ? &none : decision;
    slu_buffer_add_byte(out, '{');
    add_string_member(out, "rule", decision->rule);
    add_key(out, "actions");
    add_actions(out, decision->actions, decision->action_count);
    slu_buffer_add_byte(out, '}');
}

static void add_cancelled(struct slu_buffer *out, const struct slu_waiting *waiting) {
    add_key(out, "cancels");
    for (const char *before = "[{"; waiting != NULL; waiting = waiting->next, before = ",{") {
        struct sluice_action action = {.kind = waiting->action.kind,
                                       .name = waiting->action.name,
                                       .arguments = waiting->action.arguments,
                                       .argument_count = waiting->action.argument_count};
        add_text(out, before);
        add_string_member(out, "of", waiting->rule);
        add_what(out, &action);
        add_arguments(out, &action);
        slu_buffer_add_byte(out, '}');
    }
    slu_buffer_add_byte(out, ']');
}

static void add_absent(struct slu_buffer *out, const struct cli_trace *trace) {
    add_key(out, "absent");
    for (size_t i = 0; i < trace->count; i++) {
        add_text(out, i > 0 ? "," : "[");
        cli_add_json_string(out, trace->items[i].text);
    }
    slu_buffer_add_byte(out, ']');
}

void cli_render_json(struct slu_buffer *out, const struct cli_decided *decided) {
    const struct sluice_result *result = decided->result;
    const struct cli_trace *trace = decided->trace;
    bool traced = trace != NULL && !trace->only_absent;
    size_t at = 0;
    slu_buffer_add_byte(out, '{');
    add_string_member(out, "id", decided->event->id);
    add_string_member(out, "event", decided->event->kind);
    add_key(out, "decisions");
    slu_buffer_add_byte(out, '[');
    for (size_t i = 0; i < result->count; i++) {
        add_text(out, i > 0 ? ",{" : "{");
        add_decision(out, &result->decisions[i]);
        if (traced) {
            add_trace(out, cli_trace_next_ruleset(trace, &at));
        }
        slu_buffer_add_byte(out, '}');
    }
    slu_buffer_add_byte(out, ']');
    if (traced && cli_trace_preamble(trace).count > 0) {
        cli_render_tried_json(out, cli_trace_preamble(trace));
    }
    if (decided->cancelled != NULL) {
        add_cancelled(out, decided->cancelled);
    }
    if (trace != NULL && trace->only_absent && trace->count > 0) {
        add_absent(out, trace);
    }
    add_text(out, "}\n");
}
