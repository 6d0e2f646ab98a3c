/* `never ACTION when CONDITION`, rule by rule: an event on which the rule wins,
 * the condition holds and no guard blocks. */
#include "engine/prove/assertions.h"

/* ---- which actions lead to which ---- */

struct asking {
    struct slu_assertion_proof *proof;
    struct slu_rule_asks *asks;
    bool found;
};

static bool is_about(const struct asking *asking, uint32_t operation) {
    const struct slu_bound_assertion *assertion = asking->proof->assertion;
    return operation != SLU_NO_INDEX &&
           slu_masks_name(asking->proof->lint->model, assertion->masks, assertion->mask_count, operation);
}

static void add_operation(struct asking *asking, uint32_t operation) {
    struct slu_prove_lint *lint = asking->proof->lint;
    asking->found = true;
    asking->asks->unblocked = slu_formula_or2(&lint->prover->formulas, asking->asks->unblocked,
                                              -slu_prove_blocked(lint->prover, lint->model, operation));
}

static void add_indirect(struct asking *asking, uint32_t operation) {
    if (is_about(asking, operation)) {
        asking->asks->indirect = true;
        add_operation(asking, operation);
    }
}

/* `undo`: the inverse of each action; of one that made room in a group, the action itself. */
static void add_undone(struct asking *asking, uint32_t rule) {
    const struct slu_model *model = asking->proof->lint->model;
    for (uint32_t i = 0; i < model->rules[rule].action_count; i++) {
        const struct slu_bound_action *action = &model->rules[rule].actions[i];
        if (action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX) {
            continue;
        }
        const struct slu_operation *operation = &model->operations[action->target];
        if (operation->cannot_undo.length == 0) {
            add_indirect(asking, operation->inverse);
        }
        if (slu_action_gives_tag(model, action) && slu_model_has_exclusive_group(model)) {
            add_indirect(asking, model->operations[operation->inverse].inverse);
        }
    }
}

static void add_action(struct asking *asking, const struct slu_bound_action *action) {
    const struct slu_model *model = asking->proof->lint->model;
    if (action->syntax->kind == SLU_ACTION_UNDO && action->target != SLU_NO_INDEX) {
        add_undone(asking, action->target);
    }
    if (action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX) {
        return;
    }
    if (is_about(asking, action->target)) {
        asking->asks->times++;
        for (uint32_t i = 0; i < action->argument_count; i++) {
            asking->asks->repeated =
                asking->asks->repeated || (action->arguments[i] != NULL && action->arguments[i]->each);
        }
        add_operation(asking, action->target);
    }
    if (slu_action_gives_tag(model, action) && slu_model_has_exclusive_group(model)) {
        add_indirect(asking, model->operations[action->target].inverse);
    }
}

bool slu_assertion_asks(struct slu_assertion_proof *proof, uint32_t rule, struct slu_rule_asks *asks) {
    const struct slu_bound_rule *bound = &proof->lint->model->rules[rule];
    struct asking asking = {proof, asks, false};
    *asks = (struct slu_rule_asks){.unblocked = SLU_NEVER};
    for (uint32_t i = 0; i < bound->action_count; i++) {
        add_action(&asking, &bound->actions[i]);
    }
    return asking.found;
}

/* ---- from nothing on ---- */

static slu_formula is_initial(struct slu_prove_lint *lint, uint32_t index, uint32_t subject) {
    const struct slu_field *field = &lint->model->fields[index];
    const struct slu_subject *about = &lint->prover->subjects[subject];
    if (about->type == SLU_TYPE_LIST) {
        slu_formula formula = SLU_ALWAYS;
        bool empty = field->initial == NULL || field->initial->item_count == 0;
        for (uint32_t i = 0; empty && i < about->value_count; i++) {
            formula = slu_formula_and2(&lint->prover->formulas, formula,
                                       -lint->prover->atoms[lint->prover->subjects[subject].values[i]].formula);
        }
        return formula;
    }
    if (field->initial == NULL) {
        return -about->present;
    }
    struct slu_expression name = {.kind = SLU_EXPRESSION_NAME,
                                  .binding = SLU_BINDING_FIELD,
                                  .index = index,
                                  .type = (uint8_t)field->type.type,
                                  .text = field->name.text};
    struct slu_expression *sides[] = {&name, field->initial};
    const struct slu_expression equal = {
        .kind = SLU_EXPRESSION_EQUAL, .exactly = true, .item_count = 2, .items = sides};
    return slu_prove_condition(lint->prover, lint->model, &equal);
}

slu_formula slu_assertion_fresh(struct slu_assertion_proof *proof) {
    struct slu_prove_lint *lint = proof->lint;
    struct slu_prover *prover = lint->prover;
    slu_formula fresh = SLU_ALWAYS;
    for (uint32_t i = 0; i < lint->model->fields_count && !slu_prover_failed(prover); i++) {
        const struct slu_field *field = &lint->model->fields[i];
        if (field->origin != SLU_FIELD_STATE || !field->used || field->entity_id == SLU_NO_INDEX) {
            continue;
        }
        uint32_t subject = slu_subject_field(prover, lint->model, i);
        uint32_t entity = slu_subject_field(prover, lint->model, field->entity_id);
        if (subject == SLU_NO_INDEX || entity == SLU_NO_INDEX) {
            return SLU_NEVER;
        }
        slu_formula known = prover->subjects[entity].present;
        slu_formula missing = field->type.type == SLU_TYPE_LIST ? SLU_ALWAYS : -prover->subjects[subject].present;
        slu_formula initial = is_initial(lint, i, subject);
        slu_formula either = slu_formula_or2(&prover->formulas, slu_formula_and2(&prover->formulas, known, initial),
                                             slu_formula_and2(&prover->formulas, -known, missing));
        fresh = slu_formula_and2(&prover->formulas, fresh, either);
    }
    for (uint32_t i = 0; i < prover->atom_count; i++) {
        if (prover->atoms[i].kind == SLU_ATOM_ALLOWED) {
            fresh = slu_formula_and2(&prover->formulas, fresh, prover->atoms[i].formula);
        }
    }
    return fresh;
}

enum slu_verdict slu_assertion_reach(struct slu_assertion_proof *proof, uint32_t rule, slu_formula formula, bool fresh,
                                     const char **reason) {
    struct slu_query *query = &proof->lint->query;
    slu_formula from = fresh ? slu_assertion_fresh(proof) : SLU_ALWAYS;
    slu_query_begin(query);
    slu_instance_require(query->instance, query->rules[rule], false, rule);
    slu_instance_require(query->instance, formula, false, rule);
    slu_instance_require(query->instance, from, false, rule);
    return slu_query_until(query, proof->lint->model->rules[rule].ruleset, rule, SLU_NO_INDEX, reason);
}

/* ---- never ---- */

/* An event that is like the assertion wants none to be; the engine has the last word. */
static void check_rule(struct slu_assertion_proof *proof, uint32_t rule, const struct slu_rule_asks *asks) {
    const char *reason = NULL;
    slu_formula formula = slu_formula_and2(&proof->lint->prover->formulas, proof->condition, asks->unblocked);
    enum slu_verdict verdict = slu_assertion_reach(proof, rule, formula, false, &reason);
    if (verdict == SLU_VERDICT_NO) {
        return;
    }
    if (verdict == SLU_VERDICT_UNDECIDED) {
        slu_assertion_doubt(proof, reason, rule);
        return;
    }
    slu_search_clear(proof);
    slu_search_add(proof, rule, true);
    if (slu_assertion_reach(proof, rule, formula, true, &reason) == SLU_VERDICT_YES) {
        slu_search_add(proof, rule, true);
    }
    slu_search_run(proof, 1);
    if (!proof->broken) {
        slu_search_add_causes(proof);
        slu_search_run(proof, SLU_SEQUENCE_EVENTS);
    }
    slu_assertion_doubt(proof, NULL, rule);
}

void slu_assertion_never(struct slu_assertion_proof *proof) {
    for (uint32_t i = 0; i < proof->lint->model->rules_count && !proof->broken; i++) {
        struct slu_rule_asks asks;
        if (slu_assertion_asks(proof, i, &asks)) {
            check_rule(proof, i, &asks);
        }
        if (slu_prover_expired(proof->lint->prover)) {
            slu_assertion_doubt(proof, "the time for proofs was over", i);
            return;
        }
    }
}
