/* Why it was decided so, for people; and which outcomes tests have reached. */
#include "engine/decide/deciding.h"
#include "stdlib/functions/functions.h"

#include <string.h>

/* How many values each instruction pops and pushes; VARIES: see operand_count. */
enum { VARIES = -1 };
struct stack_effect {
    int pops, pushes;
};
static const struct stack_effect effects[SLU_OP_COUNT] = {
#define OPCODE(name, operand, pops, pushes, is_test, meaning) {pops, pushes},
#include "engine/code/opcodes.def"
#undef OPCODE
};

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

static const struct slu_debug *find_debug(const struct sluice_program *program, uint32_t at) {
    uint32_t low = 0, high = program->debug_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (program->debug[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < program->debug_count && program->debug[low].at == at ? &program->debug[low] : NULL;
}

static uint32_t operand_count(slu_instruction instruction) {
    uint32_t operand = slu_instruction_operand(instruction);
    if (slu_instruction_opcode(instruction) == SLU_OP_CALL) {
        return slu_functions[operand].parameter_count;
    }
    return operand;
}

/* The field that is the left operand of the test at `at`: walks back over the
 * code of the other operands. SLU_NO_INDEX: it is something else. */
static uint32_t left_slot(const struct sluice_program *program, uint32_t at) {
    int64_t wanted = effects[slu_instruction_opcode(program->code[at])].pops - 1; /* values to skip */
    while (at > 0) {
        slu_instruction instruction = program->code[--at];
        enum slu_opcode opcode = slu_instruction_opcode(instruction);
        if (wanted == 0) {
            return opcode == SLU_OP_SLOT ? slu_instruction_operand(instruction) : SLU_NO_INDEX;
        }
        int pops = effects[opcode].pops;
        if (effects[opcode].pushes != 1 || opcode == SLU_OP_JUMP_IF_FALSE || opcode == SLU_OP_JUMP_IF_TRUE ||
            opcode == SLU_OP_JUMP_IF_KNOWN) {
            return SLU_NO_INDEX;
        }
        wanted += (pops == VARIES ? (int64_t)operand_count(instruction) : pops) - 1;
    }
    return SLU_NO_INDEX;
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
    const struct slu_debug *debug = find_debug(program, at);
    if (debug == NULL) {
        return;
    }
    const struct slu_source *source = &program->sources.items[debug->span.file];
    struct sluice_trace_entry entry = {.kind = SLUICE_TRACE_CONDITION,
                                       .outcome = outcome,
                                       .file = slu_string_give(source->name),
                                       .line = line_of(source->text, debug->span.start)};
    struct slu_string text;
    if (!one_line(deciding->arena, slu_sources_slice(&program->sources, debug->span), &text) ||
        !slu_value_give(deciding->arena, left, &entry.value)) {
        return; /* the arena remembers: deciding fails at its end */
    }
    entry.text = slu_string_give(text);
    uint32_t slot = left_slot(program, at);
    if (slot != SLU_NO_INDEX) {
        entry.field = slu_string_give(program->slots[slot].name);
    }
    slu_trace_value(deciding, &entry);
}

void slu_trace_probe(void *context, uint32_t at, struct slu_value left, bool outcome) {
    struct slu_deciding *deciding = context;
    if (deciding->coverage != NULL) {
        deciding->coverage->seen[at] |= outcome ? SLU_SEEN_TRUE : SLU_SEEN_FALSE;
    }
    if (deciding->inputs->trace != NULL) {
        trace_condition(deciding, at, left, outcome);
    }
}
