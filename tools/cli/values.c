#include "tools/cli/values.h"

#include "engine/decide/write.h"

#include <stdbool.h>

/* C0, DEL, and C1 as UTF-8 writes it (C2 80 to C2 9F): what a terminal may obey. */
static size_t control_length(struct sluice_string string, size_t at) {
    unsigned char byte = (unsigned char)string.bytes[at];
    if (byte < 0x20 || byte == 0x7F) {
        return 1;
    }
    bool second = at + 1 < string.length && ((unsigned char)string.bytes[at + 1] & 0xE0) == 0x80;
    return byte == 0xC2 && second ? 2 : 0;
}

static void add_control(struct slu_buffer *out, struct sluice_string string, size_t at, size_t length) {
    char byte = string.bytes[at + length - 1];
    if (byte == '\n' || byte == '\t') {
        slu_buffer_add_text(out, byte == '\n' ? "\\n" : "\\t");
    } else {
        slu_buffer_add_format(out, "\\u{%X}", (unsigned)(unsigned char)byte);
    }
}

void cli_add_plain(struct slu_buffer *out, struct sluice_string string) {
    size_t plain = 0; /* start of what is copied as it is */
    for (size_t i = 0; i < string.length;) {
        size_t control = control_length(string, i);
        if (control == 0) {
            i++;
            continue;
        }
        slu_buffer_add(out, (struct slu_string){string.bytes + plain, i - plain});
        add_control(out, string, i, control);
        i += control;
        plain = i;
    }
    slu_buffer_add(out, (struct slu_string){string.bytes + plain, string.length - plain});
}

void cli_add_quoted(struct slu_buffer *out, struct sluice_string string) {
    slu_value_write(&(struct sluice_value){.type = SLUICE_TEXT, .text = string}, out);
}

void cli_add_json_string(struct slu_buffer *out, struct sluice_string string) {
    slu_buffer_add_json_string(out, cli_string(string));
}

void cli_add_json_value(struct slu_buffer *out, const struct sluice_value *value) {
    switch (value->type) {
    case SLUICE_MISSING:
        slu_buffer_add_text(out, "null");
        break;
    case SLUICE_TEXT:
        cli_add_json_string(out, value->text);
        break;
    case SLUICE_NUMBER:
        slu_buffer_add_number(out, value->number);
        break;
    case SLUICE_FLAG:
        slu_buffer_add_text(out, value->flag ? "true" : "false");
        break;
    case SLUICE_TIME:
        slu_buffer_add_byte(out, '"');
        slu_buffer_add_time(out, value->number);
        slu_buffer_add_byte(out, '"');
        break;
    case SLUICE_DURATION:
        slu_buffer_add_number(out, value->number / 1000);
        break;
    case SLUICE_LIST:
        slu_buffer_add_byte(out, '[');
        for (size_t i = 0; i < value->count; i++) {
            slu_buffer_add_text(out, i > 0 ? "," : "");
            cli_add_json_value(out, &value->items[i]);
        }
        slu_buffer_add_byte(out, ']');
        break;
    }
}
