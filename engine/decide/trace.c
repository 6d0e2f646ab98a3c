/* Why it was decided so, for people; and which outcomes tests have reached. */
#include "engine/decide/deciding.h"

#include <string.h>

void slu_trace_value(struct slu_deciding *deciding, const struct sluice_trace_entry *entry) {
    const struct sluice_trace *trace = deciding->inputs->trace;
    if (trace != NULL && trace->entry != NULL) {
        trace->entry(trace->context, entry);
    }
}

void slu_trace_text(struct slu_deciding *deciding, enum sluice_trace_kind kind, struct slu_string text, bool outcome,
                    struct slu_string file, uint32_t line) {
    if (deciding->inputs->trace == NULL) {
        return;
    }
    slu_trace_value(deciding, &(struct sluice_trace_entry){.kind = kind,
                                                           .text = slu_string_give(text),
                                                           .outcome = outcome,
                                                           .file = slu_string_give(file),
                                                           .line = line});
}

/* A # in the middle of a condition: outside patterns it is followed by a line end. */
static bool starts_comment(struct slu_string text, size_t at) {
    if (text.bytes[at] != '#' || (at > 0 && text.bytes[at - 1] != ' ' && text.bytes[at - 1] != '\n')) {
        return false;
    }
    return memchr(text.bytes + at, '\n', text.length - at) != NULL;
}

/* The text as written, on one line: comments left out, white space outside
 * quotes as one blank. False when out of memory. */
static bool one_line(struct slu_arena *arena, struct slu_string text, struct slu_string *line) {
    char *bytes = slu_arena_alloc_bytes(arena, text.length);
    size_t length = 0;
    bool quoted = false, blank = false;
    if (bytes == NULL) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (!quoted && starts_comment(text, i)) {
            while (text.bytes[i + 1] != '\n') {
                i++;
            }
            continue;
        }
        if (!quoted && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')) {
            blank = length > 0;
            continue;
        }
        if (blank) {
            bytes[length++] = ' ';
            blank = false;
        }
        quoted = byte == '"' ? !quoted : quoted;
        bytes[length++] = byte;
        if (quoted && byte == '\\' && i + 1 < text.length) {
            bytes[length++] = text.bytes[++i];
        }
    }
    *line = (struct slu_string){bytes, length};
    return true;
}

bool slu_condition_text(const sluice_program *program, const struct slu_debug *condition, struct slu_arena *arena,
                        struct slu_string *text) {
    return one_line(arena, slu_sources_slice(&program->sources, condition->span), text);
}

/* Counted afresh: the line map of the sources is made when first needed, and
 * threads share the program. */
static uint32_t line_of(struct slu_string text, uint32_t offset) {
    uint32_t line = 1;
    for (size_t i = 0; i < offset && i < text.length; i++) {
        line += text.bytes[i] == '\n';
    }
    return line;
}

static void trace_condition(struct slu_deciding *deciding, uint32_t at, struct slu_value left, bool outcome) {
    const struct sluice_program *program = deciding->program;
    const struct slu_debug *debug = slu_program_debug(program, at);
    if (debug == NULL) {
        return;
    }
    const struct slu_source *source = &program->sources.items[debug->span.file];
    struct sluice_trace_entry entry = {.kind = SLUICE_TRACE_CONDITION,
                                       .outcome = outcome,
                                       .file = slu_string_give(source->name),
                                       .line = line_of(source->text, debug->span.start)};
    struct slu_string text;
    if (!slu_condition_text(program, debug, deciding->arena, &text) ||
        !slu_value_give(deciding->arena, left, &entry.value)) {
        return; /* the arena remembers: deciding fails at its end */
    }
    entry.text = slu_string_give(text);
    if (debug->slot != SLU_NO_INDEX) {
        entry.field = slu_string_give(program->slots[debug->slot].name);
    }
    slu_trace_value(deciding, &entry);
}

void slu_trace_probe(void *context, uint32_t at, struct slu_value left, bool outcome) {
    struct slu_deciding *deciding = context;
    if (deciding->decider->coverage != NULL) {
        deciding->decider->coverage->seen[at] |= outcome ? SLU_SEEN_TRUE : SLU_SEEN_FALSE;
    }
    if (deciding->inputs->trace != NULL) {
        trace_condition(deciding, at, left, outcome);
    }
}
