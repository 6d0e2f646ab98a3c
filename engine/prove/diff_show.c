/* Events on which two programs differ, decided by both. */
#include "engine/prove/diff_parts.h"

enum { CHANGES_MAX = 20, STEPS_MAX = 20000 };

/* Makes both programs ready to decide, once. False when out of memory. */
static bool prepare(struct slu_comparison *comparison) {
    const struct slu_prove_diff *diff = comparison->diff;
    if (!comparison->prepared && diff->prepare != NULL && !diff->prepare(diff->context)) {
        comparison->instance.failed = true;
        return false;
    }
    comparison->prepared = true;
    return true;
}

/* The winner among the side's rules (0 is the first), `count` for none; false
 * when it cannot be decided. */
static bool decide(struct slu_comparison *comparison, struct slu_diff_side *side, uint32_t *winner) {
    *winner = side->count;
    if (side->ruleset == SLU_NO_INDEX) {
        return true;
    }
    if (!prepare(comparison) || !slu_replay_decide(&side->replay, &comparison->witness)) {
        return false;
    }
    uint32_t rule = slu_replay_winner(&side->replay, side->ruleset);
    if (rule == SLU_REPLAY_FAILED) {
        return false;
    }
    const struct sluice_decision *decision = slu_replay_decision(&side->replay, side->ruleset);
    for (uint32_t i = 0; rule != SLU_REPLAY_NONE && i < side->count; i++) {
        const struct slu_diff_case *taken = &side->cases[i];
        if (taken->rule == rule && taken->answers == slu_diff_case_answers(taken, side->program->model, decision,
                                                                           &comparison->witness, &comparison->arena)) {
            *winner = i;
            return true;
        }
    }
    return rule == SLU_REPLAY_NONE;
}

static uint32_t outcome_at(struct slu_comparison *comparison, const struct slu_diff_side *side, uint32_t winner) {
    return winner < side->count ? slu_diff_identity(comparison, side, winner)->outcome : 0;
}

static void report(struct slu_comparison *comparison) {
    struct slu_prove_diff *diff = comparison->diff;
    struct slu_buffer event, facts;
    slu_buffer_init(&event);
    slu_buffer_init(&facts);
    slu_witness_write(&comparison->witness, &event);
    slu_witness_write_facts(&comparison->witness, &facts);
    const struct sluice_decision *decisions[2] = {NULL, NULL};
    struct slu_string title = {NULL, 0};
    for (uint32_t i = 0; i < 2; i++) {
        struct slu_diff_side *side = &comparison->sides[i];
        if (side->ruleset != SLU_NO_INDEX) {
            decisions[i] = slu_replay_decision(&side->replay, side->ruleset);
            title = side->program->rulesets[side->ruleset].title;
        }
    }
    if (event.failed || facts.failed) {
        comparison->instance.failed = true;
    } else {
        struct slu_prove_change change = {slu_buffer_string(&event), slu_buffer_string(&facts), title, decisions[0],
                                          decisions[1]};
        diff->change(diff->context, &change);
        diff->change_count++;
        diff->difference = SLU_DIFFERENCE_SHOWN;
    }
    slu_buffer_free(&event);
    slu_buffer_free(&facts);
}

void slu_diff_give_up(struct slu_comparison *comparison, const char *reason) {
    if (comparison->diff->difference == SLU_DIFFERENCE_NONE) {
        comparison->diff->difference = SLU_DIFFERENCE_UNDECIDED;
        comparison->diff->reason = reason;
    }
    comparison->diff->more = true;
}

/* Rules out what the event found stands for, so that the next is another one.
 * False when the engine saw in the event what the solver did not. */
static bool rule_out(struct slu_comparison *comparison, const struct slu_segment *segment,
                     const struct slu_diff_chain chains[2], const uint32_t winners[2], bool is_change) {
    const struct slu_diff_side *before = &comparison->sides[0], *after = &comparison->sides[1];
    bool earlier[2] = {winners[0] < segment->before_first, winners[1] < segment->after_first};
    for (uint32_t i = 0; i < 2; i++) {
        if (!earlier[i]) {
            continue;
        }
        slu_formula taken = slu_diff_identity(comparison, &comparison->sides[i], winners[i])->formula;
        if (slu_instance_value(&comparison->instance, taken) < 0) {
            return false;
        }
        slu_instance_require(&comparison->instance, -taken, false, 0);
    }
    if (earlier[0] || earlier[1]) {
        return true;
    }
    bool exact = true;
    slu_formula both = slu_formula_and2(
        &comparison->prover.formulas,
        slu_diff_share(comparison, before, winners[0], segment->before_first, segment->before_end, &chains[0], &exact),
        slu_diff_share(comparison, after, winners[1], segment->after_first, segment->after_end, &chains[1], &exact));
    comparison->coincidence = comparison->coincidence || (!exact && !is_change);
    comparison->diff->more = comparison->diff->more || (!exact && is_change);
    if (slu_instance_value(&comparison->instance, both) < 0) {
        return false;
    }
    slu_instance_require(&comparison->instance, -both, false, 0);
    return true;
}

/* An event of the segment was not as the solver had it. Whether the rulesets as
 * wholes differ on such events may still be decided, by the rules around it. */
static void leave_open(struct slu_comparison *comparison, const char *reason) {
    if (comparison->whole) {
        slu_diff_give_up(comparison, reason);
    } else {
        comparison->coincidence = true;
    }
}

void slu_diff_show(struct slu_comparison *comparison, const struct slu_segment *segment, slu_formula difference,
                   const struct slu_diff_chain chains[2]) {
    slu_instance_reset(&comparison->instance);
    slu_instance_require(&comparison->instance, difference, false, 0);
    for (uint32_t step = 0; step < STEPS_MAX; step++) {
        enum slu_verdict verdict = slu_instance_solve(&comparison->instance);
        if (verdict == SLU_VERDICT_NO) {
            return;
        }
        if (verdict == SLU_VERDICT_UNDECIDED) {
            slu_diff_give_up(comparison, comparison->instance.reason);
            return;
        }
        uint32_t winners[2];
        if (comparison->diff->change_count == CHANGES_MAX) {
            comparison->diff->more = true;
            return;
        }
        if (!slu_witness_make(&comparison->instance, comparison->sides[0].program->model, comparison->event,
                              &comparison->witness)) {
            comparison->instance.failed = true;
            return;
        }
        if (!decide(comparison, &comparison->sides[0], &winners[0]) ||
            !decide(comparison, &comparison->sides[1], &winners[1])) {
            leave_open(comparison, "no event could be made that the engine confirms");
            return;
        }
        bool is_change = outcome_at(comparison, &comparison->sides[0], winners[0]) !=
                         outcome_at(comparison, &comparison->sides[1], winners[1]);
        /* What an earlier rule takes is another segment's to show. */
        bool is_here = winners[0] >= segment->before_first && winners[1] >= segment->after_first;
        if (is_change && is_here) {
            report(comparison);
        }
        /* An event that is not as the solver had it says nothing about the rest. */
        if (comparison->witness.has_opaque && !is_change) {
            leave_open(comparison, "it hangs on something that is not reasoned about: a function, a calculation, a "
                                   "calendar, or two fields compared with each other");
            return;
        }
        if (!rule_out(comparison, segment, chains, winners, is_change)) {
            leave_open(comparison, "no event could be made that the engine confirms");
            return;
        }
    }
    slu_diff_give_up(comparison, "the kinds of change are too many");
}
