/* Tells a watch what assertions are about: the prover holds its claims against it. */
#include "engine/decide/deciding.h"

enum sluice_status slu_watch_action(struct slu_deciding *deciding, uint32_t operation,
                                    const struct sluice_action *action) {
    const struct sluice_program *program = deciding->program;
    for (uint32_t i = 0; deciding->decider->watch != NULL && i < program->assertion_count; i++) {
        const struct slu_program_assertion *assertion = &program->assertions[i];
        bool holds;
        struct slu_string entity;
        if (!assertion->watches[operation]) {
            continue;
        }
        enum sluice_status status = slu_deciding_holds(deciding, assertion->condition, &holds);
        if (status == SLUICE_OK) {
            status = slu_facts_key(deciding, assertion->entity_slot, &entity);
        }
        if (status != SLUICE_OK) {
            return status;
        }
        if (holds) {
            deciding->decider->watch->asked(deciding->decider->watch->context, i, entity, action);
        }
    }
    return SLUICE_OK;
}

enum sluice_status slu_watch_event(struct slu_deciding *deciding) {
    const struct sluice_program *program = deciding->program;
    for (uint32_t i = 0; deciding->decider->watch != NULL && i < program->assertion_count; i++) {
        bool holds;
        if (program->model->assertions[i].kind != SLU_ASSERTION_ALWAYS_ONE) {
            continue;
        }
        enum sluice_status status = slu_deciding_holds(deciding, program->assertions[i].condition, &holds);
        if (status != SLUICE_OK) {
            return status;
        }
        deciding->decider->watch->condition(deciding->decider->watch->context, i, holds);
    }
    return SLUICE_OK;
}
