/* What test blocks give and expect: compiled as a rule's values and actions
 * are, so that the machine says what both mean. */
#include "engine/compile/compiler.h"

typedef void visit_step(struct slu_compiler *compiler, const struct slu_bound_step *step);

static void for_each_step(struct slu_compiler *compiler, visit_step *visit) {
    for (uint32_t i = 0; i < compiler->model->tests_count; i++) {
        const struct slu_bound_test *test = &compiler->model->tests[i];
        for (uint32_t j = 0; j < test->step_count && !compiler->no_memory; j++) {
            visit(compiler, &test->steps[j]);
        }
    }
}

static void count_step(struct slu_compiler *compiler, const struct slu_bound_step *step) {
    compiler->program->given_count += step->given_count;
    compiler->program->expected_count += step->outcome_count;
}

static void compile_step(struct slu_compiler *compiler, const struct slu_bound_step *step) {
    struct sluice_program *program = compiler->program;
    for (uint32_t i = 0; i < step->given_count; i++) {
        const struct slu_bound_given *given = &step->given[i];
        struct slu_code *code = &program->givens[program->given_count++];
        if (given->value != NULL) {
            *code = slu_compile_value(compiler, given->value, false, &compiler->model->fields[given->field].type);
        }
    }
    for (uint32_t i = 0; i < step->outcome_count; i++) {
        const struct slu_bound_outcome *outcome = &step->outcomes[i];
        uint32_t first = compiler->actions.count;
        slu_compile_actions(compiler, outcome->actions, outcome->action_count);
        program->expected[program->expected_count++] =
            (struct slu_program_expected){first, compiler->actions.count - first};
    }
}

void slu_compile_tests(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    for_each_step(compiler, count_step);
    program->givens = slu_compiler_room(compiler, program->given_count, sizeof *program->givens);
    program->expected = slu_compiler_room(compiler, program->expected_count, sizeof *program->expected);
    program->given_count = 0;
    program->expected_count = 0;
    if (!compiler->no_memory) {
        for_each_step(compiler, compile_step);
    }
}
