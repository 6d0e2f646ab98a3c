#include "engine/prove/wording.h"

#include "engine/base/buffer.h"

struct slu_string slu_wording_of_rule(const struct slu_model *model, uint32_t rule) {
    return slu_sources_slice(model->sources, model->rules[rule].syntax->span);
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* Line by line: no text and no pattern goes over the end of a line. */
static void add_lines(struct slu_buffer *out, struct slu_string text) {
    while (text.length > 0) {
        size_t length = 0;
        while (length < text.length && text.bytes[length] != '\n' && text.bytes[length] != '\r') {
            length++;
        }
        struct slu_string line = {text.bytes, length};
        length += length < text.length;
        text = (struct slu_string){text.bytes + length, text.length - length};
        while (line.length > 0 && is_blank(line.bytes[0])) {
            line = (struct slu_string){line.bytes + 1, line.length - 1};
        }
        while (line.length > 0 && is_blank(line.bytes[line.length - 1])) {
            line.length--;
        }
        if (line.length > 0 && line.bytes[0] != '#') {
            slu_buffer_add(out, line);
            slu_buffer_add_byte(out, '\n');
        }
    }
}

/* What lies between the rules. They stand in the order of the files and of their places. */
static void add_all_but_rules(struct slu_buffer *out, const struct slu_model *model) {
    uint32_t rule = 0;
    for (uint32_t file = 0; file < model->sources->count; file++) {
        const struct slu_source *source = &model->sources->items[file];
        size_t at = 0;
        for (; rule < model->rules_count && model->rules[rule].syntax->span.file == file; rule++) {
            struct slu_span span = model->rules[rule].syntax->span;
            add_lines(out, (struct slu_string){source->text.bytes + at, span.start - at});
            at = span.end;
        }
        if (!source->standard) {
            add_lines(out, (struct slu_string){source->text.bytes + at, source->text.length - at});
            slu_buffer_add_byte(out, '\n');
        }
    }
}

bool slu_wording_same(const struct slu_model *before, const struct slu_model *after, bool *same) {
    struct slu_buffer texts[2];
    slu_buffer_init(&texts[0]);
    slu_buffer_init(&texts[1]);
    add_all_but_rules(&texts[0], before);
    add_all_but_rules(&texts[1], after);
    bool fine = !texts[0].failed && !texts[1].failed;
    *same = fine && slu_string_equal(slu_buffer_string(&texts[0]), slu_buffer_string(&texts[1]));
    slu_buffer_free(&texts[0]);
    slu_buffer_free(&texts[1]);
    return fine;
}
