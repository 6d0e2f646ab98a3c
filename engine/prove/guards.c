/* What guards mean, and which actions lead to which. */
#include "engine/prove/prover.h"

bool slu_masks_name(const struct slu_model *model, const struct slu_bound_mask *masks, uint32_t count,
                    uint32_t operation) {
    for (uint32_t i = 0; i < count; i++) {
        if (masks[i].operation == SLU_NO_INDEX ? masks[i].service == model->operations[operation].service
                                               : masks[i].operation == operation) {
            return !model->operations[operation].is_read;
        }
    }
    return false;
}

slu_formula slu_prove_blocked(struct slu_prover *prover, const struct slu_model *model, uint32_t operation) {
    slu_formula blocked = SLU_NEVER;
    for (uint32_t i = 0; i < model->guards_count; i++) {
        const struct slu_bound_guard *guard = &model->guards[i];
        if (slu_masks_name(model, guard->masks, guard->mask_count, operation)) {
            blocked = slu_formula_or2(&prover->formulas, blocked,
                                      slu_prove_condition(prover, model, guard->syntax->condition));
        }
    }
    return blocked;
}

bool slu_operation_takes_tag_away(const struct slu_model *model, uint32_t operation) {
    uint32_t inverse = model->operations[operation].inverse;
    return inverse != SLU_NO_INDEX && model->operations[inverse].inverse == operation && inverse < operation;
}

bool slu_action_gives_tag(const struct slu_model *model, const struct slu_bound_action *action) {
    if (action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX ||
        model->operations[action->target].inverse == SLU_NO_INDEX ||
        slu_operation_takes_tag_away(model, action->target)) {
        return false;
    }
    for (uint32_t i = 0; i < action->argument_count; i++) {
        if (action->arguments[i] != NULL && model->operations[action->target].takes[i].type.tag) {
            return true;
        }
    }
    return false;
}

bool slu_group_has(struct slu_prover *prover, const struct slu_tag_group *group, struct slu_string tag) {
    struct slu_string wanted = slu_prove_folded(prover, tag);
    for (uint32_t i = 0; i < group->members.count; i++) {
        if (slu_string_equal(slu_prove_folded(prover, group->members.items[i].text), wanted)) {
            return true;
        }
    }
    return false;
}

bool slu_model_has_exclusive_group(const struct slu_model *model) {
    for (uint32_t i = 0; i < model->groups_count; i++) {
        if (model->groups[i].exclusive) {
            return true;
        }
    }
    return false;
}
