#include "engine/code/program.h"
#include "stdlib/functions/functions.h"

#define VARIES SLU_POPS_VARIES
const struct slu_opcode_entry slu_opcodes[SLU_OP_COUNT] = {
#define OPCODE(name, operand, pops, pushes, is_test, folds, meaning)                                                   \
    {#name, SLU_OPERAND_##operand, pops, pushes, is_test, folds},
#include "engine/code/opcodes.def"
#undef OPCODE
};
#undef VARIES

uint32_t slu_instruction_pops(slu_instruction instruction) {
    const struct slu_opcode_entry *entry = &slu_opcodes[slu_instruction_opcode(instruction)];
    if (entry->pops != SLU_POPS_VARIES) {
        return entry->pops;
    }
    uint32_t operand = slu_instruction_operand(instruction);
    return entry->operand == SLU_OPERAND_FUNCTION ? slu_functions[operand].parameter_count : operand;
}
