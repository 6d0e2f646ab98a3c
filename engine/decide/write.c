#include "engine/decide/write.h"

#include "engine/code/program.h"
#include "engine/decide/convert.h"
#include "engine/text/unicode.h"

static void write_character(uint32_t character, struct slu_string raw, struct slu_buffer *out) {
    switch (character) {
    case '"':
        slu_buffer_add_text(out, "\\\"");
        return;
    case '\\':
        slu_buffer_add_text(out, "\\\\");
        return;
    case '{':
        slu_buffer_add_text(out, "\\{");
        return;
    case '\n':
        slu_buffer_add_text(out, "\\n");
        return;
    case '\t':
        slu_buffer_add_text(out, "\\t");
        return;
    default:
        break;
    }
    if (slu_unicode_steers(character)) {
        slu_buffer_add_format(out, "\\u{%X}", (unsigned)character);
    } else {
        slu_buffer_add(out, raw);
    }
}

static void write_text(struct sluice_string text, struct slu_buffer *out) {
    struct slu_string string = slu_string_take(text);
    slu_buffer_add_byte(out, '"');
    for (size_t at = 0; at < string.length;) {
        size_t start = at;
        uint32_t character = slu_utf8_decode(string, &at);
        write_character(character, (struct slu_string){string.bytes + start, at - start}, out);
    }
    slu_buffer_add_byte(out, '"');
}

void slu_value_write_scalar(const struct sluice_value *value, struct slu_buffer *out) {
    switch (value->type) {
    case SLUICE_NUMBER:
        slu_buffer_add_number(out, value->number);
        break;
    case SLUICE_FLAG:
        slu_buffer_add_text(out, value->flag ? "true" : "false");
        break;
    case SLUICE_TIME:
        slu_buffer_add_time(out, value->number);
        break;
    case SLUICE_DURATION:
        slu_buffer_add_duration(out, value->number);
        break;
    case SLUICE_MISSING:
    case SLUICE_TEXT:
    case SLUICE_LIST:
        break;
    }
}

/* Everything but lists. */
static void write_plain(const struct sluice_value *value, struct slu_buffer *out) {
    if (value->type == SLUICE_TEXT) {
        write_text(value->text, out);
    } else if (value->type == SLUICE_MISSING || value->type == SLUICE_LIST) {
        slu_buffer_add_text(out, "missing");
    } else {
        slu_value_write_scalar(value, out);
    }
}

void slu_value_write(const struct sluice_value *value, struct slu_buffer *out) {
    if (value->type != SLUICE_LIST) {
        write_plain(value, out);
        return;
    }
    slu_buffer_add_byte(out, '[');
    for (size_t i = 0; i < value->count; i++) {
        slu_buffer_add_text(out, i > 0 ? ", " : "");
        write_plain(&value->items[i], out);
    }
    slu_buffer_add_byte(out, ']');
}

/* A single argument for the first parameter needs no name, where that is the
 * one parameter that the action cannot do without: intercom.tag("VIP"), but
 * intercom.assign(team: "Sales"). */
static bool by_position(const struct sluice_program *program, const struct sluice_action *action) {
    if (action->kind == SLUICE_ACTION_RECORD) {
        return true;
    }
    if (program == NULL || action->kind != SLUICE_ACTION_CALL || action->argument_count != 1) {
        return false;
    }
    for (uint32_t i = 0; i < program->operation_count; i++) {
        const struct slu_program_operation *operation = &program->operations[i];
        if (slu_string_equal(operation->name, slu_string_take(action->name))) {
            return operation->take_count > 0 && !operation->takes[0].optional &&
                   slu_string_equal(operation->takes[0].name, slu_string_take(action->arguments[0].name));
        }
    }
    return false;
}

static void write_arguments(const struct sluice_program *program, const struct sluice_action *action,
                            struct slu_buffer *out) {
    bool unnamed = by_position(program, action);
    slu_buffer_add_byte(out, '(');
    for (size_t i = 0; i < action->argument_count; i++) {
        slu_buffer_add_text(out, i > 0 ? ", " : "");
        if (!unnamed) {
            slu_buffer_add(out, slu_string_take(action->arguments[i].name));
            slu_buffer_add_text(out, ": ");
        }
        slu_value_write(&action->arguments[i].value, out);
    }
    slu_buffer_add_byte(out, ')');
}

static void write_delay(const struct sluice_action *action, struct slu_buffer *out) {
    if (action->delay == 0) {
        return;
    }
    slu_buffer_add_text(out, "after ");
    slu_buffer_add_duration(out, (double)action->delay);
    for (size_t i = 0; i < action->unless_count; i++) {
        slu_buffer_add_text(out, i == 0 ? " unless " : " or ");
        slu_buffer_add(out, slu_string_take(action->unless[i]));
    }
    slu_buffer_add_byte(out, ' ');
}

void slu_action_write(const struct sluice_program *program, const struct sluice_action *action,
                      struct slu_buffer *out) {
    static const struct sluice_value missing = {.type = SLUICE_MISSING};
    if (action->blocked_by.length > 0) {
        slu_buffer_add_text(out, "blocked ");
    }
    write_delay(action, out);
    switch (action->kind) {
    case SLUICE_ACTION_CALL:
    case SLUICE_ACTION_RECORD:
        slu_buffer_add(out, slu_string_take(action->name));
        write_arguments(program, action, out);
        break;
    case SLUICE_ACTION_SET:
        slu_buffer_add_text(out, "set ");
        slu_buffer_add(out, slu_string_take(action->name));
        slu_buffer_add_text(out, " = ");
        slu_value_write(action->argument_count > 0 ? &action->arguments[0].value : &missing, out);
        break;
    case SLUICE_ACTION_EMIT:
        slu_buffer_add_text(out, "emit ");
        slu_buffer_add(out, slu_string_take(action->name));
        if (action->argument_count > 0) {
            write_arguments(program, action, out);
        }
        break;
    case SLUICE_ACTION_UNDO:
        slu_buffer_add_text(out, "undo ");
        write_text(action->name, out);
        break;
    }
}
