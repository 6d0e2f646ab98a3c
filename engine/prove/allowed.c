/* Atoms about what is left of allowances. */
#include "engine/prove/prover.h"

#include <math.h>

static const struct slu_bound_allowance *allowance_of(const struct slu_atom *atom) {
    return &atom->rule->allowances[atom->allowance];
}

/* Is what one allowance counts always among what the other one counts, which takes no more of it?
 * Then something is left of this one whenever something is left of the other. */
static bool is_wider(const struct slu_bound_allowance *one, const struct slu_bound_allowance *other) {
    double period = one->period > 0 ? one->period : INFINITY;
    double longer = other->period > 0 ? other->period : INFINITY;
    return period <= longer && one->count >= other->count;
}

static bool learn_implied(struct slu_prover *prover, uint32_t from, uint32_t to) {
    if (!is_wider(allowance_of(&prover->atoms[to]), allowance_of(&prover->atoms[from]))) {
        return true;
    }
    int32_t clause[] = {-(int32_t)(from + 1), (int32_t)(to + 1)};
    return slu_prover_learn(prover, clause, 2);
}

/* Connects a new atom with those of the same rule and entity: two versions of a rule
 * use up the same. `key` is theirs, on the prover's arena. */
static bool connect(struct slu_prover *prover, uint32_t number, struct slu_string key) {
    uint32_t other = slu_map_find(&prover->allowances, key);
    prover->atoms[number].next_alike = other == SLU_MAP_NONE ? SLU_NO_INDEX : other;
    for (; other != SLU_MAP_NONE && other != SLU_NO_INDEX; other = prover->atoms[other].next_alike) {
        if (!learn_implied(prover, number, other) || !learn_implied(prover, other, number)) {
            return false;
        }
    }
    return slu_map_put(&prover->allowances, key, number);
}

/* Whose wins are counted: the title is what the ledger knows a rule by. */
static bool write_key(struct slu_prover *prover, const struct slu_model *model, const struct slu_bound_rule *rule,
                      const struct slu_bound_allowance *bound, struct slu_string *key) {
    slu_prover_clear_scratch(prover);
    slu_prove_write_text(&prover->scratch, model->rulesets[rule->ruleset].syntax->title.text);
    slu_prove_write_text(&prover->scratch, rule->syntax->title.text);
    if (bound->entity_id != SLU_NO_INDEX) {
        slu_prove_write_text(&prover->scratch, model->fields[bound->entity_id].name.text);
    }
    return slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), key);
}

/* The atom, or SLU_NO_INDEX when out of memory. */
static uint32_t make_atom(struct slu_prover *prover, const struct slu_model *model, const struct slu_bound_rule *rule,
                          uint32_t allowance) {
    const struct slu_bound_allowance *bound = &rule->allowances[allowance];
    struct slu_string shared, key;
    if (!write_key(prover, model, rule, bound, &shared)) {
        return SLU_NO_INDEX;
    }
    slu_prove_write_number(&prover->scratch, bound->count);
    slu_prove_write_number(&prover->scratch, bound->period);
    if (slu_prover_failed(prover) || !slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), &key)) {
        return SLU_NO_INDEX;
    }
    uint32_t before = prover->atom_count;
    uint32_t number = slu_prover_atom(prover, SLU_ATOM_ALLOWED, SLU_NO_INDEX, 0, key);
    if (number == SLU_NO_INDEX || number < before) {
        return number;
    }
    struct slu_atom *atom = &prover->atoms[number];
    atom->rule = rule;
    atom->ruleset = model->rulesets[rule->ruleset].syntax->title.text;
    atom->allowance = allowance;
    return connect(prover, number, shared) ? number : SLU_NO_INDEX;
}

slu_formula slu_atom_allowed(struct slu_prover *prover, const struct slu_model *model,
                             const struct slu_bound_rule *rule, uint32_t allowance) {
    uint32_t atom = make_atom(prover, model, rule, allowance);
    if (atom == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    slu_formula allowed = prover->atoms[atom].formula;
    uint32_t entity_id = rule->allowances[allowance].entity_id;
    if (entity_id == SLU_NO_INDEX) {
        return allowed;
    }
    /* Without whose it is, the allowance is spent. */
    uint32_t entity = slu_subject_field(prover, model, entity_id);
    return entity == SLU_NO_INDEX ? SLU_NEVER
                                  : slu_formula_and2(&prover->formulas, prover->subjects[entity].present, allowed);
}
