/* The program for people: rules and their code. */
#include "engine/code/dump.h"

#include "stdlib/functions/functions.h"

enum { LIST_ITEMS_SHOWN = 20, MNEMONIC_COLUMNS = 24, STEP = 2 };

void slu_dump_value(struct slu_buffer *out, struct slu_value value) {
    switch (value.type) {
    case SLU_TYPE_TEXT:
        slu_buffer_add_json_string(out, value.as.text->raw);
        return;
    case SLU_TYPE_NUMBER:
        slu_buffer_add_number(out, value.as.number);
        return;
    case SLU_TYPE_FLAG:
        slu_buffer_add_text(out, value.as.flag ? "true" : "false");
        return;
    case SLU_TYPE_TIME:
        slu_buffer_add_time(out, value.as.number);
        return;
    case SLU_TYPE_DURATION:
        slu_buffer_add_duration(out, value.as.number);
        return;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        slu_buffer_add_text(out, slu_type_word(SLU_TYPE_MISSING));
        return;
    case SLU_TYPE_LIST:
        break;
    }
    const struct slu_list *list = value.as.list;
    slu_buffer_add_byte(out, '[');
    for (size_t i = 0; i < list->count && i < LIST_ITEMS_SHOWN; i++) {
        slu_buffer_add_text(out, i > 0 ? ", " : "");
        slu_dump_value(out, list->items[i]); /* elements are no lists */
    }
    if (list->count > LIST_ITEMS_SHOWN) {
        slu_buffer_add_format(out, ", and %zu more", list->count - LIST_ITEMS_SHOWN);
    }
    slu_buffer_add_byte(out, ']');
}

void slu_dump_source(const struct sluice_program *program, struct slu_buffer *out, struct slu_span span) {
    struct slu_string text = slu_sources_slice(&program->sources, span);
    bool space = false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
            space = true;
            continue;
        }
        if (space) {
            slu_buffer_add_byte(out, ' ');
            space = false;
        }
        slu_buffer_add_byte(out, byte);
    }
}

static size_t add_lower(struct slu_buffer *out, const char *name) {
    size_t length = 0;
    for (; name[length] != '\0'; length++) {
        char byte = name[length];
        slu_buffer_add_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte);
    }
    return length;
}

static const char *markup_word(uint32_t markup) {
    static const char *const words[] = {
#define MARKUP(name, word, meaning) word,
#include "engine/base/markups.def"
#undef MARKUP
    };
    return markup < SLU_MARKUP_COUNT ? words[markup] : "?";
}

static void add_pattern(const struct sluice_program *program, struct slu_buffer *out, uint32_t pattern) {
    slu_buffer_add_byte(out, '/');
    slu_buffer_add(out, slu_pattern_text(program->patterns[pattern]));
    slu_buffer_add_text(out, slu_pattern_is_exact(program->patterns[pattern]) ? "/ exactly" : "/");
}

static void add_operand(const struct sluice_program *program, struct slu_buffer *out, slu_instruction instruction) {
    uint32_t operand = slu_instruction_operand(instruction);
    switch (slu_opcodes[slu_instruction_opcode(instruction)].operand) {
    case SLU_OPERAND_NONE:
        return;
    case SLU_OPERAND_CONSTANT:
        slu_dump_value(out, program->constants[operand]);
        return;
    case SLU_OPERAND_SLOT:
        slu_buffer_add(out, program->slots[operand].name);
        return;
    case SLU_OPERAND_PATTERN:
        add_pattern(program, out, operand);
        return;
    case SLU_OPERAND_SEARCH:
        if (program->searches[operand].pattern != SLU_NO_INDEX) {
            add_pattern(program, out, program->searches[operand].pattern);
        } else {
            slu_dump_value(out, program->constants[program->searches[operand].constant]);
        }
        return;
    case SLU_OPERAND_CALENDAR:
        slu_buffer_add(out, program->calendars[operand].name);
        return;
    case SLU_OPERAND_FUNCTION:
        slu_buffer_add_text(out, slu_functions[operand].word);
        return;
    case SLU_OPERAND_TARGET:
        slu_buffer_add_format(out, "L%u", operand);
        return;
    case SLU_OPERAND_COUNT:
        slu_buffer_add_format(out, "%u", operand);
        return;
    case SLU_OPERAND_MARKUP:
        slu_buffer_add_text(out, markup_word(operand));
        return;
    case SLU_OPERAND_ESCAPE:
        slu_buffer_add_text(out, markup_word(slu_escape_markup(operand)));
        slu_buffer_add_text(out, slu_escape_is_address(operand) ? ", an address" : "");
        return;
    case SLU_OPERAND_LINK:
        slu_buffer_add(out, program->events[slu_link_event(operand)].name);
        slu_buffer_add_format(out, " %s", markup_word(slu_link_markup(operand)));
        return;
    }
}

static bool is_jump(slu_instruction instruction) {
    return slu_opcodes[slu_instruction_opcode(instruction)].operand == SLU_OPERAND_TARGET;
}

static void dump_instruction(const struct sluice_program *program, struct slu_buffer *out, struct slu_code code,
                             uint32_t at, bool labelled) {
    slu_instruction instruction = program->code[code.start + at];
    const struct slu_opcode_entry *entry = &slu_opcodes[slu_instruction_opcode(instruction)];
    slu_buffer_add_format(out, labelled ? "L%-4u " : "%5u ", at);
    size_t columns = add_lower(out, entry->name);
    const struct slu_debug *debug = slu_program_debug(program, code.start + at);
    if (entry->operand != SLU_OPERAND_NONE || debug != NULL) {
        slu_buffer_add_repeated(out, ' ', MNEMONIC_COLUMNS - columns);
    }
    add_operand(program, out, instruction);
    if (debug != NULL) {
        slu_buffer_add_text(out, entry->operand != SLU_OPERAND_NONE ? "  # " : "# ");
        slu_dump_source(program, out, debug->span);
    }
    slu_buffer_add_byte(out, '\n');
}

void slu_dump_piece(const struct sluice_program *program, struct slu_buffer *out, struct slu_code code, size_t indent) {
    struct slu_buffer labelled; /* one byte per instruction: 1 where a jump leads */
    slu_buffer_init(&labelled);
    slu_buffer_add_repeated(&labelled, 0, code.count);
    if (labelled.failed) {
        out->failed = true;
        return;
    }
    for (uint32_t at = 0; at < code.count; at++) {
        slu_instruction instruction = program->code[code.start + at];
        if (is_jump(instruction)) {
            labelled.bytes[slu_instruction_operand(instruction)] = 1;
        }
        slu_buffer_add_repeated(out, ' ', indent);
        dump_instruction(program, out, code, at, labelled.bytes[at] == 1);
    }
    slu_buffer_free(&labelled);
}

/* ---- rules ---- */

static void dump_action_head(const struct sluice_program *program, struct slu_buffer *out,
                             const struct slu_program_action *action) {
    static const char *const words[] = {[SLU_ACTION_CALL] = "",
                                        [SLU_ACTION_RECORD] = "",
                                        [SLU_ACTION_SET] = "set ",
                                        [SLU_ACTION_EMIT] = "emit ",
                                        [SLU_ACTION_UNDO] = "undo "};
    slu_buffer_add_text(out, words[action->kind]);
    if (action->kind == SLU_ACTION_UNDO) {
        slu_buffer_add_json_string(out, action->name);
    } else {
        slu_buffer_add(out, action->name);
    }
    if (action->kind == SLU_ACTION_SET) {
        slu_buffer_add_text(out, "  kept by ");
        slu_buffer_add(out, program->slots[program->slots[action->slot].entity_slot].name);
    }
    if (action->delay > 0) {
        slu_buffer_add_text(out, "  after ");
        slu_buffer_add_duration(out, (double)action->delay);
    }
    for (uint32_t i = 0; i < action->unless_count; i++) {
        slu_buffer_add_text(out, i == 0 ? " unless " : " or ");
        slu_buffer_add(out, action->unless[i]);
    }
    slu_buffer_add_byte(out, '\n');
}

static void dump_action(const struct sluice_program *program, struct slu_buffer *out,
                        const struct slu_program_action *action) {
    slu_buffer_add_repeated(out, ' ', 2 * STEP);
    dump_action_head(program, out, action);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_program_argument *argument = &program->arguments[action->first_argument + i];
        slu_buffer_add_repeated(out, ' ', 3 * STEP);
        slu_buffer_add_text(out, argument->each ? "each " : "");
        slu_buffer_add(out, argument->name);
        slu_buffer_add_text(out, argument->tag ? "  a tag\n" : "\n");
        slu_dump_piece(program, out, argument->code, 3 * STEP);
    }
}

static void dump_rule(const struct sluice_program *program, struct slu_buffer *out,
                      const struct slu_program_rule *rule) {
    slu_buffer_add_text(out, "\n  ");
    if (rule->otherwise) {
        slu_buffer_add_text(out, "otherwise");
    } else {
        slu_buffer_add_text(out, "rule ");
        slu_buffer_add_json_string(out, rule->title);
    }
    slu_buffer_add_format(out, "  (line %u)\n", rule->line);
    if (rule->condition.count > 0) {
        slu_buffer_add_text(out, "    when\n");
        slu_dump_piece(program, out, rule->condition, 2 * STEP);
    }
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        const struct slu_program_allowance *allowance = &program->allowances[rule->first_allowance + i];
        slu_buffer_add_text(out, "    ");
        slu_buffer_add(out, allowance->text);
        if (allowance->entity_slot != SLU_NO_INDEX) {
            slu_buffer_add_text(out, "  counted by ");
            slu_buffer_add(out, program->slots[allowance->entity_slot].name);
        }
        slu_buffer_add_byte(out, '\n');
    }
    for (uint32_t i = 0; i < rule->action_count; i++) {
        dump_action(program, out, &program->actions[rule->first_action + i]);
    }
}

void slu_dump_part(struct slu_buffer *out, const char *word) {
    slu_buffer_add_text(out, out->length > 0 ? "\n" : "");
    slu_buffer_add_text(out, word);
}

static void dump_ruleset(const struct sluice_program *program, struct slu_buffer *out,
                         const struct slu_program_ruleset *ruleset) {
    slu_dump_part(out, "ruleset ");
    slu_buffer_add_json_string(out, ruleset->title);
    slu_buffer_add_text(out, " on ");
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        slu_buffer_add_text(out, i > 0 ? ", " : "");
        slu_buffer_add(out, program->events[ruleset->events[i]].name);
    }
    slu_buffer_add_text(out, ruleset->complete ? " complete  (" : "  (");
    slu_buffer_add(out, ruleset->file);
    slu_buffer_add_format(out, ":%u)\n", ruleset->line);
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        dump_rule(program, out, &program->rules[ruleset->first_rule + i]);
    }
    if (ruleset->index != NULL) {
        slu_dump_index(program, out, ruleset->index);
    }
}

void slu_program_dump(const struct sluice_program *program, struct slu_buffer *out) {
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        dump_ruleset(program, out, &program->rulesets[i]);
    }
    slu_dump_tables(program, out);
}
