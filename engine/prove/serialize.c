/* Expressions as keys: everything that their value hangs on, names resolved to
 * what they stand for. */
#include "engine/prove/prover.h"

#include <string.h>

/* Bytes of a condition that people are shown. */
enum { SHOWN_BYTES = 80 };

/* Keys are written and compared by the hundred thousand, and never shown: numbers are their bytes. */
void slu_prove_write_number(struct slu_buffer *out, double number) {
    slu_buffer_add(out, (struct slu_string){(const char *)&number, sizeof number});
}

void slu_prove_write_count(struct slu_buffer *out, uint32_t count) {
    slu_buffer_add(out, (struct slu_string){(const char *)&count, sizeof count});
}

void slu_prove_write_text(struct slu_buffer *out, struct slu_string text) {
    slu_prove_write_count(out, (uint32_t)text.length);
    slu_buffer_add(out, text);
}

/* Two programs may have different calendars of one name. */
static void write_calendar(struct slu_buffer *out, const struct slu_calendar_syntax *calendar) {
    slu_prove_write_text(out, calendar->zone.text);
    for (uint32_t i = 0; i < calendar->open_count; i++) {
        const struct slu_open_hours *open = &calendar->open[i];
        slu_prove_write_text(out, open->first_day.text);
        slu_prove_write_text(out, open->last_day.text);
        slu_prove_write_number(out, open->from_minute);
        slu_prove_write_number(out, open->to_minute);
    }
    for (uint32_t i = 0; i < calendar->closed_count; i++) {
        slu_buffer_add_text(out, " closed ");
        slu_prove_write_number(out, calendar->closed[i].time);
    }
}

static void write_name(struct slu_buffer *out, const struct slu_model *model, const struct slu_expression *name) {
    switch (name->binding) {
    case SLU_BINDING_LIST:
        slu_prove_write(out, model, model->lists[name->index].elements);
        return;
    case SLU_BINDING_DEFINE:
        slu_prove_write(out, model, model->defines[name->index].condition);
        return;
    default:
        slu_buffer_add_text(out, "field");
        slu_prove_write_text(out, name->text);
        if (name->binding == SLU_BINDING_FIELD && model->fields[name->index].origin == SLU_FIELD_LOOKUP) {
            const struct slu_lookup *lookup = &model->lookups[model->fields[name->index].lookup];
            slu_prove_write(out, model, lookup->call);
        }
        return;
    }
}

static void write_literal(struct slu_buffer *out, const struct slu_expression *expression) {
    if (slu_expression_has_number(expression)) {
        slu_prove_write_number(out, expression->number);
    } else if (slu_expression_has_text(expression)) {
        slu_prove_write_text(out, expression->text);
    }
}

/* Prefix notation, the first operand last: chains lean to the left and can be
 * long, so they are followed in the loop. */
void slu_prove_write(struct slu_buffer *out, const struct slu_model *model, const struct slu_expression *expression) {
    for (;;) {
        while (expression->kind == SLU_EXPRESSION_GROUP) {
            expression = expression->items[0];
        }
        if (expression->kind == SLU_EXPRESSION_NAME) {
            write_name(out, model, expression);
            return;
        }
        slu_buffer_add_text(out, expression->exactly ? "(!" : "(");
        slu_prove_write_count(out, (uint32_t)expression->kind);
        slu_prove_write_count(out, expression->item_count);
        slu_prove_write_count(out, expression->argument_count);
        write_literal(out, expression);
        if (expression->kind == SLU_EXPRESSION_DURING && expression->binding == SLU_BINDING_CALENDAR) {
            write_calendar(out, model->calendars[expression->index].syntax);
        }
        for (uint32_t i = 0; i < expression->argument_count; i++) {
            slu_buffer_add_text(out, expression->arguments[i].each ? " each " : " , ");
            slu_prove_write(out, model, expression->arguments[i].value);
        }
        if (expression->item_count == 0) {
            return;
        }
        for (uint32_t i = 1; i < expression->item_count; i++) {
            slu_prove_write(out, model, expression->items[i]);
        }
        expression = expression->items[0];
    }
}

void slu_prove_write_action(struct slu_buffer *out, const struct slu_model *model,
                            const struct slu_bound_action *action) {
    const struct slu_action_syntax *syntax = action->syntax;
    slu_buffer_add_byte(out, '[');
    slu_prove_write_count(out, (uint32_t)syntax->kind);
    slu_prove_write_number(out, syntax->delayed ? syntax->delay : 0.0);
    slu_prove_write_text(out, syntax->name.text);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_argument *argument = action->arguments[i];
        slu_buffer_add_byte(out, ',');
        if (argument != NULL) {
            if (action->target == SLU_NO_INDEX || syntax->kind == SLU_ACTION_EMIT) {
                slu_prove_write_text(out, argument->name.text);
            }
            slu_buffer_add_text(out, argument->each ? " each " : " ");
            slu_prove_write(out, model, argument->value);
        }
    }
    for (uint32_t i = 0; i < syntax->unless.count; i++) {
        slu_buffer_add_text(out, " unless");
        slu_prove_write_text(out, syntax->unless.items[i].text);
    }
    slu_buffer_add_byte(out, ']');
}

struct slu_string slu_prove_one_line(struct slu_arena *arena, struct slu_string text) {
    char *bytes = slu_arena_alloc_bytes(arena, text.length + 4);
    size_t length = 0;
    for (size_t i = 0; bytes != NULL && i < text.length; i++) {
        bool space = strchr(" \t\r\n", text.bytes[i]) != NULL;
        if (space && (length == 0 || bytes[length - 1] == ' ')) {
            continue;
        }
        if (length >= SHOWN_BYTES && ((unsigned char)text.bytes[i] & 0xC0) != 0x80) {
            memcpy(bytes + length, "...", 3);
            length += 3;
            break;
        }
        bytes[length++] = space ? ' ' : text.bytes[i];
    }
    return (struct slu_string){bytes, length};
}
