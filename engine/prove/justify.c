/* What of a model the roots need: for a conjunction that holds all of it, for
 * one that does not hold one part. Events then say only what matters, and few
 * texts are searched for. */
#include "engine/prove/instance.h"

struct justification {
    struct slu_instance *instance;
    slu_formula *pending, *choices; /* formulas that hold; those where one part is enough */
    uint32_t pending_count, pending_capacity, choice_count, choice_capacity;
};

static bool push(struct slu_instance *instance, slu_formula **items, uint32_t *capacity, uint32_t *count,
                 slu_formula formula) {
    if (!slu_prove_reserve(&instance->arena, (void *)items, capacity, *count, sizeof **items)) {
        return false;
    }
    (*items)[(*count)++] = formula;
    return true;
}

static bool is_true(const struct slu_instance *instance, slu_formula formula) {
    int32_t variable = instance->variables[slu_formula_index(formula)];
    return instance->sat->value(instance->solver, formula < 0 ? -variable : variable);
}

static bool note_atom(struct slu_instance *instance, uint32_t atom, bool value) {
    if (instance->truth[atom] != 0) {
        return true;
    }
    instance->truth[atom] = value ? 1 : -1;
    if (!SLU_RESERVE(&instance->arena, instance->needed_atoms, instance->needed_capacity, instance->needed_count)) {
        return false;
    }
    instance->needed_atoms[instance->needed_count++] = atom;
    return true;
}

/* Follows all that must hold anyway. */
static bool drain(struct justification *justification) {
    struct slu_instance *instance = justification->instance;
    while (justification->pending_count > 0) {
        slu_formula formula = justification->pending[--justification->pending_count];
        const struct slu_formula_node *node = slu_formula_node(&instance->prover->formulas, formula);
        bool fine = true;
        if (node->kind == SLU_FORMULA_ATOM) {
            fine = note_atom(instance, node->atom, formula > 0);
        } else if (node->kind == SLU_FORMULA_AND && formula > 0) {
            for (uint32_t i = 0; i < node->child_count && fine; i++) {
                fine = push(instance, &justification->pending, &justification->pending_capacity,
                            &justification->pending_count, node->children[i]);
            }
        } else if (node->kind == SLU_FORMULA_AND) {
            fine = push(instance, &justification->choices, &justification->choice_capacity,
                        &justification->choice_count, formula);
        }
        if (!fine) {
            return false;
        }
    }
    return true;
}

/* How much it costs to rely on the formula, which holds: 0 is free already. */
static uint32_t price(const struct slu_instance *instance, slu_formula formula) {
    int known = slu_instance_value(instance, formula);
    if (known != 0) {
        return known > 0 ? 0 : 100;
    }
    const struct slu_formula_node *node = slu_formula_node(&instance->prover->formulas, formula);
    if (node->kind != SLU_FORMULA_ATOM) {
        return formula < 0 ? 6 : 7;
    }
    switch (instance->prover->atoms[node->atom].kind) {
    case SLU_ATOM_PRESENT:
        return formula > 0 ? 2 : 1;
    case SLU_ATOM_BELOW:
    case SLU_ATOM_FLAG:
    case SLU_ATOM_IS:
    case SLU_ATOM_IS_EXACTLY:
    case SLU_ATOM_HAS:
    case SLU_ATOM_HAS_EXACTLY:
        return 3;
    case SLU_ATOM_ALLOWED:
        return 4;
    case SLU_ATOM_TEXT:
        return 5;
    case SLU_ATOM_OPAQUE:
        return 9;
    }
    return 9;
}

/* Of a conjunction that does not hold, the part to rely on. */
static slu_formula choose(const struct slu_instance *instance, slu_formula formula) {
    const struct slu_formula_node *node = slu_formula_node(&instance->prover->formulas, formula);
    slu_formula best = 0;
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < node->child_count && least > 0; i++) {
        slu_formula part = -node->children[i];
        if (!is_true(instance, part)) {
            continue;
        }
        uint32_t cost = price(instance, part);
        if (cost < least) {
            least = cost;
            best = part;
        }
    }
    return best;
}

bool slu_instance_justify(struct slu_instance *instance) {
    struct justification justification = {.instance = instance};
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        instance->truth[instance->needed_atoms[i]] = 0;
    }
    instance->needed_count = 0;
    instance->text_count = 0;
    if (instance->truth_count < instance->prover->atom_count) {
        instance->truth = SLU_NEW_ARRAY(&instance->arena, int8_t, instance->prover->atom_count);
        instance->truth_count = instance->truth == NULL ? 0 : instance->prover->atom_count;
    }
    if (instance->truth == NULL && instance->prover->atom_count > 0) {
        return false;
    }
    for (uint32_t i = 0; i < instance->root_count; i++) {
        const struct slu_root *root = &instance->roots[i];
        if (root->active && !push(instance, &justification.pending, &justification.pending_capacity,
                                  &justification.pending_count, root->formula)) {
            return false;
        }
    }
    if (!drain(&justification)) {
        return false;
    }
    /* Choices last, when as much as possible is known: they often cost nothing. */
    while (justification.choice_count > 0) {
        slu_formula part = choose(instance, justification.choices[--justification.choice_count]);
        if (part == 0 ||
            !push(instance, &justification.pending, &justification.pending_capacity, &justification.pending_count,
                  part) ||
            !drain(&justification)) {
            return false;
        }
    }
    return true;
}
