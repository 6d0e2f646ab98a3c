/* Parts of a decision alone, for explanations: all facts, or one rule. */
#include "engine/decide/deciding.h"

static enum sluice_status ask_allowances(struct slu_deciding *deciding, bool *used_up) {
    const struct sluice_program *program = deciding->program;
    enum sluice_status status = SLUICE_OK;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        const struct slu_program_rule *rule = &program->rules[i];
        for (uint32_t j = 0; j < rule->allowance_count && status == SLUICE_OK; j++) {
            uint32_t index = rule->first_allowance + j;
            status = slu_allowances_used_up(deciding, rule, index, &used_up[index]);
        }
    }
    return status;
}

enum sluice_status slu_decide_ask(sluice_decider *decider, const struct sluice_inputs *inputs, bool *used_up,
                                  struct sluice_error *error) {
    struct slu_deciding deciding;
    struct slu_frame frame;
    struct slu_value value;
    decider->decided = false; /* on the decider's own slots, also of an event that was raised */
    enum sluice_status status = slu_deciding_begin(&deciding, &frame, decider, inputs, error);
    for (uint32_t i = 0; i < decider->program->slot_count && status == SLUICE_OK; i++) {
        status = slu_facts_slot(&deciding, i, &value);
    }
    if (status == SLUICE_OK) {
        status = ask_allowances(&deciding, used_up);
    }
    return status == SLUICE_OK && deciding.arena->failed ? slu_deciding_no_memory(&deciding) : status;
}

enum sluice_status slu_decide_rule(sluice_decider *decider, const struct sluice_inputs *inputs, uint32_t rule,
                                   bool *matches, struct sluice_error *error) {
    struct slu_deciding deciding;
    struct slu_frame frame;
    struct sluice_spent *spent;
    *matches = false;
    enum sluice_status status = slu_deciding_begin(&deciding, &frame, decider, inputs, error);
    if (status == SLUICE_OK) {
        status = slu_rules_try(&deciding, &decider->program->rules[rule], matches, &spent);
    }
    return status == SLUICE_OK && deciding.arena->failed ? slu_deciding_no_memory(&deciding) : status;
}
