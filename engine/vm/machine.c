/* The machine: one switch over verified code, a stack of fixed size. */
#include "engine/vm/machine.h"

#include "engine/base/limits.h"
#include "engine/vm/markup.h"
#include "engine/vm/scans.h"
#include "engine/vm/tests.h"
#include "stdlib/functions/functions.h"

#include <assert.h>
#include <math.h>

static bool is_true(struct slu_value value) {
    return value.type == SLU_TYPE_FLAG && value.as.flag;
}

/* Numbers only; what is not finite is missing. */
static struct slu_value arithmetic(enum slu_opcode opcode, struct slu_value left, struct slu_value right) {
    if (left.type != SLU_TYPE_NUMBER || right.type != SLU_TYPE_NUMBER) {
        return slu_value_missing();
    }
    double result = NAN;
    if (opcode == SLU_OP_ADD) {
        result = left.as.number + right.as.number;
    } else if (opcode == SLU_OP_SUBTRACT) {
        result = left.as.number - right.as.number;
    } else if (opcode == SLU_OP_MULTIPLY) {
        result = left.as.number * right.as.number;
    } else if (right.as.number != 0) {
        result = left.as.number / right.as.number;
    }
    return isfinite(result) ? slu_value_number(result) : slu_value_missing();
}

/* Only values of one type that has an order: <0, 0, >0 in *order. */
static bool in_order(struct slu_value left, struct slu_value right, int *order) {
    if (left.type != right.type ||
        (left.type != SLU_TYPE_NUMBER && left.type != SLU_TYPE_TIME && left.type != SLU_TYPE_DURATION)) {
        return false;
    }
    *order = (left.as.number > right.as.number) - (left.as.number < right.as.number);
    return true;
}

/* Where `clock - duration` is; false when the operands are not a time and a duration. */
static bool reaches_back(const struct slu_machine *machine, const struct slu_value *operands, double *since) {
    if (operands[0].type != SLU_TYPE_TIME || operands[1].type != SLU_TYPE_DURATION) {
        return false;
    }
    *since = machine->clock - operands[1].as.number;
    return true;
}

/* What the scan of the field, which is the operand, says of one search. */
static bool search(struct slu_run *run, uint32_t number, struct slu_value text) {
    const struct sluice_program *program = run->machine->program;
    const struct slu_scanned *scanned;
    uint32_t scan = program->searches[number].scan, bit = number - program->scans[scan].first_search;
    run->status = slu_scan_find(run->machine, scan, text, &scanned);
    return run->status == SLU_MACHINE_OK && slu_scan_has(scanned, bit);
}

/* The outcome of a test on its operands, the first one first. */
static bool run_test(struct slu_run *run, slu_instruction instruction, const struct slu_value *operands) {
    const struct slu_machine *machine = run->machine;
    const struct sluice_program *program = machine->program;
    uint32_t operand = slu_instruction_operand(instruction);
    int order;
    double since;
    switch ((uint32_t)slu_instruction_opcode(instruction)) {
    case SLU_OP_EQUAL:
        return slu_test_equal(run, operands[0], operands[1], false);
    case SLU_OP_EQUAL_EXACTLY:
        return slu_test_equal(run, operands[0], operands[1], true);
    case SLU_OP_LESS:
        return in_order(operands[0], operands[1], &order) && order < 0;
    case SLU_OP_AT_MOST:
        return in_order(operands[0], operands[1], &order) && order <= 0;
    case SLU_OP_GREATER:
        return in_order(operands[0], operands[1], &order) && order > 0;
    case SLU_OP_AT_LEAST:
        return in_order(operands[0], operands[1], &order) && order >= 0;
    case SLU_OP_BETWEEN:
        return in_order(operands[0], operands[1], &order) && order >= 0 && in_order(operands[0], operands[2], &order) &&
               order <= 0;
    case SLU_OP_ONE_OF:
        return slu_test_one_of(run, operands[0], operands[1], false);
    case SLU_OP_ONE_OF_EXACTLY:
        return slu_test_one_of(run, operands[0], operands[1], true);
    case SLU_OP_HAS:
        return slu_test_one_of(run, operands[1], operands[0], false);
    case SLU_OP_HAS_EXACTLY:
        return slu_test_one_of(run, operands[1], operands[0], true);
    case SLU_OP_HAS_ANY:
        return slu_test_has_any(run, operands[0], operands[1], false);
    case SLU_OP_HAS_ANY_EXACTLY:
        return slu_test_has_any(run, operands[0], operands[1], true);
    case SLU_OP_HAS_ALL:
        return slu_test_has_all(run, operands[0], operands[1], false);
    case SLU_OP_HAS_ALL_EXACTLY:
        return slu_test_has_all(run, operands[0], operands[1], true);
    case SLU_OP_CONTAINS:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_ANYWHERE, false);
    case SLU_OP_CONTAINS_EXACTLY:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_ANYWHERE, true);
    case SLU_OP_STARTS_WITH:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_AT_START, false);
    case SLU_OP_STARTS_WITH_EXACTLY:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_AT_START, true);
    case SLU_OP_ENDS_WITH:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_AT_END, false);
    case SLU_OP_ENDS_WITH_EXACTLY:
        return slu_test_text(run, operands[0], operands[1], SLU_TEXT_AT_END, true);
    case SLU_OP_MATCHES:
        return slu_test_matches(run, operands[0], program->patterns[operand]);
    case SLU_OP_SCAN_CONTAINS:
    case SLU_OP_SCAN_MATCHES:
        return search(run, operand, operands[0]);
    case SLU_OP_KNOWN:
        return operands[0].type != SLU_TYPE_MISSING;
    case SLU_OP_TRUE:
        return is_true(operands[0]);
    case SLU_OP_WITHIN:
        return reaches_back(machine, operands, &since) && operands[0].as.number >= since &&
               operands[0].as.number <= machine->clock;
    case SLU_OP_OLDER:
        return reaches_back(machine, operands, &since) && operands[0].as.number < since;
    case SLU_OP_DURING:
        return operands[0].type == SLU_TYPE_TIME &&
               slu_calendar_open(&program->calendars[operand], operands[0].as.number);
    default:
        assert(!"every instruction that opcodes.def calls a test is here");
        return false;
    }
}

static void tell_probe(const struct slu_machine *machine, uint32_t at, struct slu_value left, bool outcome) {
    const struct slu_debug *debug = slu_program_debug(machine->program, at);
    if (debug != NULL) {
        machine->probe(machine->probe_context, at, left, outcome != debug->negated);
    }
}

static struct slu_value read_slot(struct slu_run *run, uint32_t slot) {
    struct slu_machine *machine = run->machine;
    if (machine->filled[slot] == SLU_UNFILLED) {
        if (machine->fill == NULL) {
            return slu_value_missing();
        }
        run->status = machine->fill(machine->fill_context, slot);
        if (run->status != SLU_MACHINE_OK) {
            return slu_value_missing();
        }
        machine->filled[slot] = SLU_FILLED;
    }
    return machine->slots[slot];
}

/* How many steps a call is worth: functions are linear in their arguments. */
static uint64_t call_steps(const struct slu_value *arguments, uint32_t count) {
    uint64_t steps = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].type == SLU_TYPE_TEXT) {
            steps += arguments[i].as.text->raw.length / SLU_STEP_BYTES;
        } else if (arguments[i].type == SLU_TYPE_LIST) {
            steps += arguments[i].as.list->count;
        }
    }
    return steps;
}

/* Is it what the parameter takes? Lists of texts only. */
static bool fits_parameter(struct slu_value argument, enum slu_type parameter) {
    if (argument.type != parameter) {
        return false;
    }
    bool fits = true;
    for (size_t i = 0; parameter == SLU_TYPE_LIST && i < argument.as.list->count && fits; i++) {
        fits = argument.as.list->items[i].type == SLU_TYPE_TEXT;
    }
    return fits;
}

static struct slu_value call(struct slu_run *run, uint32_t function, const struct slu_value *arguments) {
    const struct slu_function_entry *entry = &slu_functions[function];
    for (uint32_t i = 0; i < entry->parameter_count; i++) {
        if (!fits_parameter(arguments[i], entry->parameters[i])) {
            return slu_value_missing();
        }
    }
    if (!slu_run_charge(run, call_steps(arguments, entry->parameter_count))) {
        return slu_value_missing();
    }
    bool failed = false;
    struct slu_value result = entry->call(arguments, run->machine->clock, run->machine->arena, &failed);
    if (failed) {
        slu_run_fail(run);
    }
    return result;
}

static struct slu_value make_list(struct slu_run *run, const struct slu_value *values, uint32_t count) {
    struct slu_list *list = SLU_NEW(run->machine->arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(run->machine->arena, struct slu_value, count);
    if (list == NULL || items == NULL) {
        slu_run_fail(run);
        return slu_value_missing();
    }
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].type != SLU_TYPE_MISSING) {
            items[list->count++] = values[i];
        }
    }
    list->items = items;
    return slu_value_list(list);
}

/* `done` false: memory is gone. */
static struct slu_value text_value(struct slu_run *run, bool done, struct slu_string text) {
    bool failed = !done;
    struct slu_value value = slu_value_missing();
    if (done) {
        value = slu_value_text(run->machine->arena, text, &failed);
    }
    if (failed) {
        slu_run_fail(run);
    }
    return value;
}

static struct slu_value escape(struct slu_run *run, struct slu_value value, uint32_t operand) {
    enum slu_markup markup = (enum slu_markup)slu_escape_markup(operand);
    struct slu_arena *arena = run->machine->arena;
    bool failed = false;
    struct slu_value text = slu_value_as_text(value, arena, &failed);
    if (failed) {
        slu_run_fail(run);
        return slu_value_missing();
    }
    if (text.type == SLU_TYPE_MISSING || markup == SLU_MARKUP_PLAIN) {
        return text;
    }
    struct slu_string escaped;
    bool address = slu_escape_is_address(operand) && slu_markup_is_address(text.as.text->raw);
    bool done = address ? slu_markup_escape_address(markup, text.as.text->raw, arena, &escaped)
                        : slu_markup_escape(markup, text.as.text->raw, arena, &escaped);
    return text_value(run, done, escaped);
}

static struct slu_value escape_each(struct slu_run *run, struct slu_value value, enum slu_markup markup) {
    if (value.type != SLU_TYPE_LIST) {
        return value;
    }
    const struct slu_list *from = value.as.list;
    struct slu_list *list = SLU_NEW(run->machine->arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(run->machine->arena, struct slu_value, from->count);
    if (list == NULL || items == NULL) {
        slu_run_fail(run);
        return slu_value_missing();
    }
    for (size_t i = 0; i < from->count && run->status == SLU_MACHINE_OK; i++) {
        items[i] = escape(run, from->items[i], slu_escape_operand(markup, false));
    }
    *list = (struct slu_list){from->count, items};
    return slu_value_list(list);
}

static struct slu_value join(struct slu_run *run, const struct slu_value *values, uint32_t count) {
    struct slu_string runs[SLU_LIMIT_STACK];
    for (uint32_t i = 0; i < count; i++) {
        runs[i] = values[i].type == SLU_TYPE_TEXT ? values[i].as.text->raw : (struct slu_string){NULL, 0};
    }
    struct slu_string joined;
    bool done = slu_markup_join(runs, count, run->machine->arena, &joined);
    return text_value(run, done, joined);
}

static struct slu_value make_link(struct slu_run *run, uint32_t operand, struct slu_value text) {
    const struct slu_machine *machine = run->machine;
    struct slu_string words = text.type == SLU_TYPE_TEXT ? text.as.text->raw : (struct slu_string){NULL, 0};
    struct slu_string event = machine->program->events[slu_link_event(operand)].name;
    struct slu_string link;
    bool done = slu_markup_link((enum slu_markup)slu_link_markup(operand), machine, event, words, &link);
    return text_value(run, done, link);
}

/* Instructions that make one value of the values they pop. */
static struct slu_value compute(struct slu_run *run, slu_instruction instruction, const struct slu_value *operands,
                                uint32_t count) {
    uint32_t operand = slu_instruction_operand(instruction);
    enum slu_opcode opcode = slu_instruction_opcode(instruction);
    switch ((uint32_t)opcode) {
    case SLU_OP_NOW:
        return slu_value_time(run->machine->clock);
    case SLU_OP_LIST:
        return make_list(run, operands, count);
    case SLU_OP_NEGATE:
        return arithmetic(SLU_OP_SUBTRACT, slu_value_number(0), operands[0]);
    case SLU_OP_CALL:
        return call(run, operand, operands);
    case SLU_OP_NOT:
        return slu_value_flag(!is_true(operands[0]));
    case SLU_OP_ESCAPE:
        return escape(run, operands[0], operand);
    case SLU_OP_ESCAPE_EACH:
        return escape_each(run, operands[0], (enum slu_markup)operand);
    case SLU_OP_JOIN:
        return join(run, operands, count);
    case SLU_OP_LINK:
        return make_link(run, operand, operands[0]);
    default:
        return arithmetic(opcode, operands[0], operands[1]);
    }
}

/* Does the jump go? What it looks at is `top`. */
static bool jumps(enum slu_opcode opcode, struct slu_value top) {
    if (opcode == SLU_OP_JUMP_IF_KNOWN) {
        return top.type != SLU_TYPE_MISSING;
    }
    return is_true(top) == (opcode == SLU_OP_JUMP_IF_TRUE);
}

enum slu_machine_status slu_machine_run(struct slu_machine *machine, struct slu_code code, struct slu_value *answer) {
    struct slu_run run = {machine, SLU_MACHINE_OK};
    const struct sluice_program *program = machine->program;
    const slu_instruction *instructions = program->code + code.start;
    struct slu_value stack[SLU_LIMIT_STACK];
    uint32_t depth = 0;
    /* Jumps go forward only, so no instruction is run twice. */
    if (!slu_run_charge(&run, code.count)) {
        return run.status;
    }
    for (uint32_t at = 0; run.status == SLU_MACHINE_OK; at++) {
        slu_instruction instruction = instructions[at];
        enum slu_opcode opcode = slu_instruction_opcode(instruction);
        uint32_t operand = slu_instruction_operand(instruction);
        switch ((uint32_t)opcode) {
        case SLU_OP_CONSTANT:
            stack[depth++] = program->constants[operand];
            break;
        case SLU_OP_SLOT:
            stack[depth++] = read_slot(&run, operand);
            break;
        case SLU_OP_JUMP:
            at = operand - 1;
            break;
        case SLU_OP_JUMP_IF_FALSE:
        case SLU_OP_JUMP_IF_TRUE:
        case SLU_OP_JUMP_IF_KNOWN:
            if (jumps(opcode, stack[depth - 1])) {
                at = operand - 1;
            } else {
                depth--;
            }
            break;
        case SLU_OP_RETURN:
            *answer = stack[depth - 1];
            return SLU_MACHINE_OK;
        default: {
            uint32_t pops = slu_instruction_pops(instruction);
            depth -= pops;
            if (!slu_opcodes[opcode].is_test) {
                stack[depth] = compute(&run, instruction, stack + depth, pops);
                depth++;
                break;
            }
            bool outcome = run_test(&run, instruction, stack + depth);
            if (machine->probe != NULL && run.status == SLU_MACHINE_OK) {
                tell_probe(machine, code.start + at, stack[depth], outcome);
            }
            stack[depth++] = slu_value_flag(outcome);
            break;
        }
        }
    }
    return run.status;
}
