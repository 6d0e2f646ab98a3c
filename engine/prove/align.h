/* Which rules of two lists are the same, in the same order. */
#ifndef SLU_PROVE_ALIGN_H
#define SLU_PROVE_ALIGN_H

#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Equal for rules with equal conditions and actions. */
struct slu_rule_identity {
    int32_t formula;
    uint32_t outcome;
};

/* [first, end) on both sides, of which at least one is not empty. */
struct slu_segment {
    uint32_t before_first, before_end, after_first, after_end;
};

/* The stretches between rules that are the same. False when out of memory. */
bool slu_align(struct slu_arena *arena, const struct slu_rule_identity *before, uint32_t before_count,
               const struct slu_rule_identity *after, uint32_t after_count, struct slu_segment **segments,
               uint32_t *segment_count);

#endif
