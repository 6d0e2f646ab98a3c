/* Constant folding: what reads nothing but constants is run while compiling,
 * by the machine itself, so that it means the same as when deciding. */
#include "engine/base/limits.h"
#include "engine/compile/compiler.h"
#include "engine/vm/machine.h"

void slu_compiler_fold(struct slu_compiler *compiler, uint32_t first) {
    uint32_t end = compiler->code.count;
    slu_instruction *instruction = slu_compiler_push(compiler, &compiler->code, sizeof *instruction);
    if (instruction == NULL) {
        return;
    }
    *instruction = slu_instruction_make(SLU_OP_RETURN, 0);
    const struct sluice_program view = {.code = compiler->code.items,
                                        .code_count = compiler->code.count,
                                        .constants = compiler->constants.items,
                                        .constant_count = compiler->constants.count};
    struct slu_machine machine = {.program = &view, .arena = &compiler->scratch, .steps_left = SLU_LIMIT_STEPS};
    struct slu_value value;
    enum slu_machine_status status =
        slu_machine_run(&machine, (struct slu_code){first, compiler->code.count - first}, &value);
    compiler->code.count = end;
    if (status == SLU_MACHINE_NO_MEMORY) {
        compiler->no_memory = true;
    }
    if (status == SLU_MACHINE_OK) {
        slu_emit_forget(compiler, first, compiler->piece.depth - 1);
        slu_emit_constant(compiler, value);
    }
}
