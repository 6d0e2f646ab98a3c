#include "tools/cli/values.h"

#include "engine/decide/write.h"
#include "engine/text/unicode.h"

#include <stdbool.h>

static void add_character(struct slu_buffer *out, uint32_t code_point, struct slu_string raw) {
    if (code_point == '\n' || code_point == '\t') {
        slu_buffer_add_text(out, code_point == '\n' ? "\\n" : "\\t");
    } else if (slu_unicode_steers(code_point)) {
        slu_buffer_add_format(out, "\\u{%X}", (unsigned)code_point);
    } else {
        slu_buffer_add(out, raw);
    }
}

/* Names of files need not be UTF-8: what is none is shown as U+FFFD. */
void cli_add_plain(struct slu_buffer *out, struct sluice_string string) {
    struct slu_string text = cli_string(string);
    while (text.length > 0) {
        size_t valid = slu_utf8_valid_prefix(text);
        for (size_t at = 0; at < valid;) {
            size_t start = at;
            uint32_t code_point = slu_utf8_decode(text, &at);
            add_character(out, code_point, (struct slu_string){text.bytes + start, at - start});
        }
        if (valid < text.length) {
            slu_buffer_add_text(out, "\xEF\xBF\xBD");
            valid++;
        }
        text = (struct slu_string){text.bytes + valid, text.length - valid};
    }
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
    case SLUICE_FLAG:
        slu_value_write_scalar(value, out);
        break;
    case SLUICE_TIME:
        slu_buffer_add_byte(out, '"');
        slu_value_write_scalar(value, out);
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
