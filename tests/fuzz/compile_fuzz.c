/* Any text: what compiles is accepted by the verifier, can be printed, and runs
 * on an event that lacks everything. */
#include "tests/fuzz/fuzz.h"

#include "engine/base/buffer.h"
#include "engine/base/limits.h"
#include "engine/compile/compile.h"
#include "engine/vm/machine.h"

#include <stdio.h>
#include <stdlib.h>

static void require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

/* Every slot as an event reads it that names nothing. */
static void clear_slots(const struct sluice_program *program, struct slu_value *slots, uint8_t *filled) {
    static const struct slu_list empty = {0, NULL};
    for (uint32_t i = 0; i < program->slot_count; i++) {
        slots[i] = program->slots[i].type == SLU_TYPE_LIST ? slu_value_list(&empty) : slu_value_missing();
        filled[i] = SLU_FILLED;
    }
}

static void run_piece(struct slu_machine *machine, struct slu_code code, bool is_condition) {
    if (code.count == 0) {
        return;
    }
    struct slu_value answer;
    machine->steps_left = SLU_LIMIT_STEPS;
    enum slu_machine_status status = slu_machine_run(machine, code, &answer);
    require(status == SLU_MACHINE_OK || status == SLU_MACHINE_STEPS, "a piece of code did not end");
    require(status != SLU_MACHINE_OK || !is_condition || answer.type == SLU_TYPE_FLAG, "a condition is no flag");
}

static void run_all(const struct sluice_program *program) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_machine machine = {.program = program,
                                  .arena = &arena,
                                  .slots = SLU_NEW_ARRAY(&arena, struct slu_value, program->slot_count),
                                  .filled = SLU_NEW_ARRAY(&arena, uint8_t, program->slot_count)};
    require(machine.slots != NULL && machine.filled != NULL, "no memory");
    clear_slots(program, machine.slots, machine.filled);
    for (uint32_t i = 0; i < program->rule_count; i++) {
        run_piece(&machine, program->rules[i].condition, true);
    }
    for (uint32_t i = 0; i < program->guard_count; i++) {
        run_piece(&machine, program->guards[i].condition, true);
    }
    for (uint32_t i = 0; i < program->argument_count; i++) {
        run_piece(&machine, program->arguments[i].code, false);
    }
    slu_arena_free(&arena);
}

static void print(const struct sluice_program *program) {
    struct slu_buffer out;
    slu_buffer_init(&out);
    slu_program_dump(program, &out);
    require(!out.failed, "no memory");
    slu_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct sluice_file file = {{"fuzz.rules", 10}, {(const char *)data, size}};
    struct sluice_program *program;
    struct slu_diagnostics diagnostics;
    enum sluice_status status = slu_compile_files(&file, 1, NULL, &program, &diagnostics);
    require(status == SLUICE_OK || status == SLUICE_INVALID, "an unexpected status");
    require((status == SLUICE_OK) == (diagnostics.error_count == 0), "no finding says what is wrong");
    if (status == SLUICE_OK) {
        uint32_t at;
        const char *reason;
        require(slu_program_verify(program, &at, &reason), "the verifier refuses what the compiler made");
        run_all(program);
        print(program);
    }
    slu_program_free(program);
    return 0;
}
