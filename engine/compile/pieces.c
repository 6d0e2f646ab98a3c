/* Pieces of code: instructions, jumps, the depth of the stack. */
#include "engine/base/limits.h"
#include "engine/compile/compiler.h"

#include <assert.h>

static slu_instruction *instructions(const struct slu_compiler *compiler) {
    return compiler->code.items;
}

uint32_t slu_emit_here(const struct slu_compiler *compiler) {
    return compiler->code.count;
}

slu_instruction slu_emitted(const struct slu_compiler *compiler, uint32_t place) {
    return instructions(compiler)[place];
}

void slu_piece_begin(struct slu_compiler *compiler, struct slu_span span) {
    compiler->refused = false;
    compiler->piece = (struct slu_piece){.start = compiler->code.count, .barrier = compiler->code.count, .span = span};
}

/* A jump to a jump that goes for the same reason goes where that one leads:
 * `(a and b) and c`. From the end, so that each is followed once. */
static void shorten_jumps(struct slu_compiler *compiler) {
    slu_instruction *code = instructions(compiler) + compiler->piece.start;
    for (uint32_t at = compiler->code.count - compiler->piece.start; at-- > 0;) {
        enum slu_opcode opcode = slu_instruction_opcode(code[at]);
        if (slu_opcodes[opcode].operand == SLU_OPERAND_TARGET) {
            slu_instruction target = code[slu_instruction_operand(code[at])];
            code[at] = slu_instruction_opcode(target) == opcode ? target : code[at];
        }
    }
}

struct slu_code slu_piece_end(struct slu_compiler *compiler) {
    slu_emit(compiler, SLU_OP_RETURN, 0);
    if (compiler->refused || compiler->no_memory) {
        slu_emit_forget(compiler, compiler->piece.start, 0);
        return (struct slu_code){compiler->piece.start, 0};
    }
    shorten_jumps(compiler);
    return (struct slu_code){compiler->piece.start, compiler->code.count - compiler->piece.start};
}

/* Appends without folding. False when nothing may be added. */
static bool append(struct slu_compiler *compiler, enum slu_opcode opcode, uint32_t operand) {
    struct slu_piece *piece = &compiler->piece;
    if (compiler->no_memory || compiler->refused) {
        return false;
    }
    if (operand > SLU_OPERAND_MAX) {
        slu_compiler_refuse(compiler, piece->span, "too many different values in one program", SLU_OPERAND_MAX);
        return false;
    }
    if (compiler->code.count - piece->start >= SLU_LIMIT_PIECE_INSTRUCTIONS) {
        slu_compiler_refuse(compiler, piece->span,
                            "this is too long, named conditions written out: too many instructions",
                            SLU_LIMIT_PIECE_INSTRUCTIONS);
        return false;
    }
    slu_instruction *instruction = slu_compiler_push(compiler, &compiler->code, sizeof *instruction);
    if (instruction == NULL) {
        return false;
    }
    *instruction = slu_instruction_make(opcode, operand);
    uint32_t pops = slu_instruction_pops(*instruction);
    assert(pops <= piece->depth);
    piece->depth = piece->depth - pops + slu_opcodes[opcode].pushes;
    if (piece->depth > SLU_LIMIT_STACK) {
        slu_compiler_refuse(compiler, piece->span, "too many values are needed at once", SLU_LIMIT_STACK);
    }
    return !compiler->refused;
}

/* Are the operands of the last instruction all constants that may be moved? */
static bool reads_constants(const struct slu_compiler *compiler, uint32_t pops) {
    uint32_t place = compiler->code.count - 1;
    if (pops == 0 || pops > place - compiler->piece.barrier) {
        return false;
    }
    for (uint32_t i = 1; i <= pops; i++) {
        if (slu_instruction_opcode(slu_emitted(compiler, place - i)) != SLU_OP_CONSTANT) {
            return false;
        }
    }
    return true;
}

static void fold_last(struct slu_compiler *compiler) {
    uint32_t place = compiler->code.count - 1;
    slu_instruction last = slu_emitted(compiler, place);
    uint32_t pops = slu_instruction_pops(last);
    if (slu_opcodes[slu_instruction_opcode(last)].folds && reads_constants(compiler, pops)) {
        slu_compiler_fold(compiler, place - pops);
    }
}

/* `not not x` is x: conditions are always true or false. */
static bool drop_double_not(struct slu_compiler *compiler) {
    uint32_t place = compiler->code.count;
    if (place <= compiler->piece.barrier || slu_emitted(compiler, place - 1) != slu_instruction_make(SLU_OP_NOT, 0)) {
        return false;
    }
    slu_emit_forget(compiler, place - 1, compiler->piece.depth);
    return true;
}

void slu_emit(struct slu_compiler *compiler, enum slu_opcode opcode, uint32_t operand) {
    if (opcode == SLU_OP_NOT && drop_double_not(compiler)) {
        return;
    }
    if (append(compiler, opcode, operand)) {
        fold_last(compiler);
    }
}

void slu_emit_constant(struct slu_compiler *compiler, struct slu_value value) {
    uint32_t constant = slu_compiler_constant(compiler, value);
    if (constant != SLU_NO_INDEX) {
        append(compiler, SLU_OP_CONSTANT, constant);
    }
}

/* The slot that an operand reads, if it is nothing but a field. */
static uint32_t field_slot(const struct slu_compiler *compiler, const struct slu_expression *operand) {
    while (operand->kind == SLU_EXPRESSION_GROUP) {
        operand = operand->items[0];
    }
    bool is_field = operand->kind == SLU_EXPRESSION_NAME && operand->binding == SLU_BINDING_FIELD;
    return is_field ? compiler->field_slots[operand->index] : SLU_NO_INDEX;
}

void slu_emit_test(struct slu_compiler *compiler, enum slu_opcode opcode, uint32_t operand,
                   const struct slu_expression *written, const struct slu_expression *left, bool negated) {
    if (!append(compiler, opcode, operand)) {
        return;
    }
    struct slu_debug *debug = slu_compiler_push(compiler, &compiler->debug, sizeof *debug);
    if (debug != NULL) {
        *debug = (struct slu_debug){.at = compiler->code.count - 1,
                                    .span = written->span,
                                    .slot = field_slot(compiler, left),
                                    .negated = negated};
    }
    fold_last(compiler);
    if (negated) {
        slu_emit(compiler, SLU_OP_NOT, 0);
    }
}

uint32_t slu_emit_jump(struct slu_compiler *compiler, enum slu_opcode opcode) {
    uint32_t place = compiler->code.count;
    append(compiler, opcode, 0);
    if (opcode != SLU_OP_JUMP && compiler->piece.depth > 0) {
        compiler->piece.depth--; /* going on drops the value */
    }
    return place;
}

void slu_emit_label(struct slu_compiler *compiler, uint32_t jump) {
    if (compiler->no_memory || compiler->refused) {
        return;
    }
    enum slu_opcode opcode = slu_instruction_opcode(instructions(compiler)[jump]);
    uint32_t here = compiler->code.count;
    instructions(compiler)[jump] = slu_instruction_make(opcode, here - compiler->piece.start);
    compiler->piece.barrier = here;
}

void slu_emit_forget(struct slu_compiler *compiler, uint32_t place, uint32_t depth) {
    if (compiler->code.count > place) {
        compiler->code.count = place;
    }
    const struct slu_debug *debug = compiler->debug.items;
    while (compiler->debug.count > 0 && debug[compiler->debug.count - 1].at >= place) {
        compiler->debug.count--;
    }
    if (compiler->piece.barrier > place) {
        compiler->piece.barrier = place;
    }
    compiler->piece.depth = depth;
}

bool slu_emitted_constant(const struct slu_compiler *compiler, uint32_t place, struct slu_value *value) {
    if (compiler->no_memory || compiler->refused || compiler->code.count != place + 1) {
        return false;
    }
    slu_instruction instruction = slu_emitted(compiler, place);
    if (slu_instruction_opcode(instruction) != SLU_OP_CONSTANT) {
        return false;
    }
    *value = ((struct slu_value *)compiler->constants.items)[slu_instruction_operand(instruction)];
    return true;
}
