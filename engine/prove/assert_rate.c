/* `never ACTION more than N per DURATION per ENTITY`: what the allowances of
 * all rules that ask for it let through together. */
#include "engine/prove/assertions.h"

#include <math.h>

/* Does the allowance count by what the assertion counts by, or by more? */
static bool counts_alike(const struct slu_bound_allowance *allowance, const struct slu_bound_allowance *limit) {
    return allowance->entity_id == SLU_NO_INDEX || allowance->entity_id == limit->entity_id;
}

/* How often a rule wins at most within the limit's period; infinite: nothing bounds it.
 * A longer time is made of several periods of the allowance. */
static double wins_at_most(const struct slu_bound_rule *rule, const struct slu_bound_allowance *limit) {
    double least = INFINITY;
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        const struct slu_bound_allowance *allowance = &rule->allowances[i];
        if (!counts_alike(allowance, limit)) {
            continue;
        }
        if (!(allowance->period > 0)) {
            least = fmin(least, allowance->count);
        } else if (limit->period > 0) {
            least = fmin(least, allowance->count * ceil(limit->period / allowance->period));
        }
    }
    return least;
}

struct rate {
    struct slu_assertion_proof *proof;
    double times;       /* that all rules together ask at most */
    uint32_t unbounded; /* the first rule that nothing bounds */
    uint32_t last;      /* a rule that asks */
    uint32_t rules;     /* how many do */
};

/* The entity is named: else the action counts for nobody. */
static slu_formula is_whose(struct slu_assertion_proof *proof) {
    uint32_t entity = proof->assertion->limit.entity_id;
    if (entity == SLU_NO_INDEX) {
        return SLU_ALWAYS;
    }
    uint32_t subject = slu_subject_field(proof->lint->prover, proof->lint->model, entity);
    return subject == SLU_NO_INDEX ? SLU_NEVER : proof->lint->prover->subjects[subject].present;
}

static void add_rule(struct rate *rate, uint32_t rule) {
    struct slu_assertion_proof *proof = rate->proof;
    const struct slu_bound_rule *bound = &proof->lint->model->rules[rule];
    struct slu_rule_asks asks;
    const char *reason;
    if (!slu_assertion_asks(proof, rule, &asks)) {
        return;
    }
    slu_formula formula = slu_formula_and2(&proof->lint->prover->formulas, is_whose(proof), asks.unblocked);
    enum slu_verdict verdict = slu_assertion_reach(proof, rule, formula, false, &reason);
    if (verdict == SLU_VERDICT_NO) {
        return;
    }
    double times = wins_at_most(bound, &proof->assertion->limit) * asks.times;
    if (asks.repeated || asks.indirect || isinf(times)) {
        times = INFINITY;
        rate->unbounded = rate->unbounded == SLU_NO_INDEX ? rule : rate->unbounded;
    }
    rate->times += times;
    rate->last = rule;
    rate->rules++;
    if (verdict == SLU_VERDICT_YES) {
        slu_search_add(proof, rule, true);
    }
    if (slu_assertion_reach(proof, rule, formula, true, &reason) == SLU_VERDICT_YES) {
        slu_search_add(proof, rule, true);
    }
}

void slu_assertion_at_most(struct slu_assertion_proof *proof) {
    struct rate rate = {.proof = proof, .unbounded = SLU_NO_INDEX, .last = SLU_NO_INDEX};
    slu_search_clear(proof);
    for (uint32_t i = 0; i < proof->lint->model->rules_count; i++) {
        add_rule(&rate, i);
        if (slu_prover_expired(proof->lint->prover)) {
            slu_assertion_doubt(proof, "the time for proofs was over", i);
            return;
        }
    }
    if (rate.times <= proof->assertion->limit.count) {
        return;
    }
    slu_search_add_causes(proof);
    slu_search_add_others(proof);
    slu_search_run_rate(proof);
    if (rate.unbounded != SLU_NO_INDEX) {
        slu_assertion_doubt(proof,
                            "no allowance of this rule bounds how often it asks, and no sequence of events was found "
                            "in which it is too often",
                            rate.unbounded);
    } else {
        slu_assertion_doubt(proof,
                            rate.rules > 1 ? "the allowances of this rule and the others that ask let more through "
                                             "together, and no sequence of events was found in which it is too often"
                                           : "the allowances of this rule let more through, and no sequence of events "
                                             "was found in which it is too often",
                            rate.last);
    }
}
