#include "tests/deliveries/everything.h"

#include "engine/base/buffer.h"
#include "engine/compile/compile.h"

#include <stdio.h>

static struct sluice_program *compile(struct slu_string text) {
    struct sluice_file file = {{"everything.rules", sizeof "everything.rules" - 1}, {text.bytes, text.length}};
    struct sluice_program *program = NULL;
    struct slu_diagnostics diagnostics;
    enum sluice_status status = slu_compile_files(&file, 1, NULL, &program, &diagnostics);
    if (status == SLUICE_OK) {
        return program;
    }
    if (program) {
        struct slu_buffer out;
        slu_buffer_init(&out);
        for (uint32_t i = 0; i < diagnostics.count; i++) {
            slu_diagnostic_render(&diagnostics, &diagnostics.items[i], false, &out);
        }
        fwrite(out.bytes, 1, out.length, stderr);
        slu_buffer_free(&out);
    }
    slu_program_free(program);
    return NULL;
}

/* One rule per field, in one rule set on every event. */
static void write_rules(const struct slu_model *model, struct slu_buffer *out) {
    slu_buffer_add_text(out, "ruleset \"Every field\" on ");
    for (uint32_t i = 0; i < model->events_count; i++) {
        slu_buffer_add_text(out, i > 0 ? ", " : "");
        slu_buffer_add(out, model->events[i].name.text);
    }
    for (uint32_t i = 0; i < model->fields_count; i++) {
        const struct slu_field *field = &model->fields[i];
        if (field->origin != SLU_FIELD_EVENT) {
            continue;
        }
        bool list = field->type.type == SLU_TYPE_LIST;
        struct slu_string name = field->name.text;
        slu_buffer_add_format(out, "\n  rule \"%.*s\"\n    when %s%.*s%s\n    then record(\"there\")", (int)name.length,
                              name.bytes, list ? "count(" : "", (int)name.length, name.bytes,
                              list ? ") > 0" : " is known");
    }
    slu_buffer_add_text(out, "\n");
}

struct sluice_program *everything_program(void) {
    struct sluice_program *standard = compile((struct slu_string){"", 0}), *program = NULL;
    struct slu_buffer rules;
    slu_buffer_init(&rules);
    if (standard) {
        write_rules(standard->model, &rules);
        program = rules.failed ? NULL : compile(slu_buffer_string(&rules));
    }
    slu_buffer_free(&rules);
    slu_program_free(standard);
    return program;
}
