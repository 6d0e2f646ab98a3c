#include "engine/code/program.h"

#include <stdlib.h>

struct sluice_program *slu_program_new(void) {
    struct sluice_program *program = calloc(1, sizeof *program);
    if (program == NULL) {
        return NULL;
    }
    slu_arena_init(&program->arena, 0);
    slu_sources_init(&program->sources, &program->arena);
    program->conversation_id_slot = SLU_NO_INDEX;
    program->tags_slot = SLU_NO_INDEX;
    return program;
}

void slu_program_free(struct sluice_program *program) {
    if (program == NULL) {
        return;
    }
    slu_arena_free(&program->arena);
    free(program);
}

const struct slu_debug *slu_program_debug(const struct sluice_program *program, uint32_t at) {
    uint32_t low = 0, high = program->debug_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (program->debug[middle].at == at) {
            return &program->debug[middle];
        }
        if (program->debug[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
