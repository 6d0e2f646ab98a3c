/* From the bytes of a saved program to a whole one. */
#include "engine/code/save.h"
#include "engine/compile/compile.h"
#include "engine/compile/compiler.h"

enum sluice_status slu_compile_load(struct slu_string bytes, struct sluice_program **program,
                                    struct sluice_error *error) {
    enum sluice_status status = slu_program_read(bytes, program, error);
    if (status != SLUICE_OK) {
        return status;
    }
    struct slu_compiler compiler = {.model = (*program)->model, .program = *program};
    slu_arena_init(&compiler.scratch, 0);
    slu_compile_scans(&compiler);
    slu_compile_indexes(&compiler);
    bool no_memory = compiler.no_memory || compiler.scratch.failed || (*program)->arena.failed;
    slu_arena_free(&compiler.scratch);
    if (no_memory) {
        slu_program_free(*program);
        *program = NULL;
        return SLUICE_NO_MEMORY;
    }
    return SLUICE_OK;
}
