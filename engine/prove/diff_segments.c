/* Segments of two rulesets as formulas: who wins which events. */
#include "engine/prove/diff_parts.h"

enum { BETWEEN_MAX = 500 };

static bool make_chain(struct slu_comparison *comparison, const struct slu_diff_side *side, uint32_t first,
                       uint32_t end, struct slu_diff_chain *chain) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    chain->wins = SLU_NEW_ARRAY(&comparison->arena, slu_formula, end - first);
    chain->passes = SLU_ALWAYS;
    for (uint32_t i = first; chain->wins != NULL && i < end; i++) {
        slu_formula matches = slu_diff_identity(comparison, side, i)->formula;
        chain->wins[i - first] = slu_formula_and2(formulas, chain->passes, matches);
        chain->passes = slu_formula_and2(formulas, chain->passes, -matches);
    }
    return chain->wins != NULL;
}

/* The events on which a side of the segment has the outcome. */
static slu_formula with_outcome(struct slu_comparison *comparison, const struct slu_diff_side *side, uint32_t first,
                                uint32_t end, const struct slu_diff_chain *chain, uint32_t outcome) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    slu_formula *parts = SLU_NEW_ARRAY(&comparison->arena, slu_formula, end - first);
    uint32_t count = 0;
    for (uint32_t i = first; parts != NULL && i < end; i++) {
        if (slu_diff_identity(comparison, side, i)->outcome == outcome) {
            parts[count++] = chain->wins[i - first];
        }
    }
    return parts == NULL ? SLU_NEVER : slu_formula_or(formulas, parts, count);
}

static slu_formula differs(struct slu_formulas *formulas, slu_formula left, slu_formula right) {
    return slu_formula_or2(formulas, slu_formula_and2(formulas, left, -right),
                           slu_formula_and2(formulas, -left, right));
}

slu_formula slu_diff_segment(struct slu_comparison *comparison, const struct slu_segment *segment,
                             struct slu_diff_chain chains[2]) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    const struct slu_diff_side *before = &comparison->sides[0], *after = &comparison->sides[1];
    slu_formula answer = SLU_NEVER;
    if (!make_chain(comparison, before, segment->before_first, segment->before_end, &chains[0]) ||
        !make_chain(comparison, after, segment->after_first, segment->after_end, &chains[1])) {
        return SLU_NEVER;
    }
    uint8_t *seen = SLU_NEW_ARRAY(&comparison->arena, uint8_t, (size_t)comparison->outcomes.count + 1);
    for (uint32_t i = 0; seen != NULL && i < 2; i++) {
        const struct slu_diff_side *side = &comparison->sides[i];
        uint32_t first = i == 0 ? segment->before_first : segment->after_first;
        uint32_t end = i == 0 ? segment->before_end : segment->after_end;
        for (uint32_t rule = first; rule < end; rule++) {
            uint32_t outcome = slu_diff_identity(comparison, side, rule)->outcome;
            if (seen[outcome]++ > 0) {
                seen[outcome] = 1;
                continue;
            }
            slu_formula left =
                with_outcome(comparison, before, segment->before_first, segment->before_end, &chains[0], outcome);
            slu_formula right =
                with_outcome(comparison, after, segment->after_first, segment->after_end, &chains[1], outcome);
            answer = slu_formula_or2(formulas, answer, differs(formulas, left, right));
        }
    }
    return answer;
}

slu_formula slu_diff_share(struct slu_comparison *comparison, const struct slu_diff_side *side, uint32_t winner,
                           uint32_t first, uint32_t end, const struct slu_diff_chain *chain, bool *exact) {
    slu_formula parts[BETWEEN_MAX + 2];
    uint32_t count = 0;
    if (winner >= first && winner < end) {
        return chain->wins[winner - first];
    }
    parts[count++] = chain->passes;
    if (winner < side->count) {
        parts[count++] = slu_diff_identity(comparison, side, winner)->formula;
    }
    if (winner - end > BETWEEN_MAX) {
        *exact = false;
    }
    for (uint32_t i = end; i < winner && winner - end <= BETWEEN_MAX; i++) {
        parts[count++] = -slu_diff_identity(comparison, side, i)->formula;
    }
    return slu_formula_and(&comparison->prover.formulas, parts, count);
}
