/* What the parts of the comparison of two programs share; nothing else includes it. */
#ifndef SLU_PROVE_DIFF_PARTS_H
#define SLU_PROVE_DIFF_PARTS_H

#include "engine/prove/diff_cases.h"
#include "engine/prove/query.h"

/* One side of a comparison. What is called a rule below is a rule's case. */
struct slu_diff_side {
    const struct sluice_program *program;
    struct slu_replay replay;
    struct slu_rule_identity *identities; /* per rule of the program; formula 0: not asked for yet */
    uint32_t ruleset;                     /* SLU_NO_INDEX: none here */
    struct slu_diff_case *cases;          /* of its rules, in their order */
    uint32_t count, case_capacity;
    struct slu_rule_identity *keys; /* per rule of the ruleset: as it is set against the other side's */
};

struct slu_comparison {
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_arena arena;
    struct slu_diff_side sides[2];
    struct slu_map outcomes; /* what rules do -> number; none: 0 */
    struct slu_prove_diff *diff;
    struct slu_string event;
    struct slu_witness witness;
    struct slu_surroundings surroundings;
    const char *blind; /* why guards or groups that differ were not compared, or NULL */
    bool same_wording; /* all but the rules is written alike: what a rule's text means is the same on both sides */
    bool prepared;     /* both programs can decide events */
    bool whole;        /* the segment under way is all of both rulesets */
    bool coincidence;  /* events were left out that other rules may decide differently */
};

/* Within [first, end) of one side: each rule's own events, and those that pass all. */
struct slu_diff_chain {
    slu_formula *wins;
    slu_formula passes;
};

/* ---- diff_sides.c: what the rules of both sides say and do ---- */

/* Makes a ruleset, or SLU_NO_INDEX for none, the side's. False when out of memory, as below. */
bool slu_diff_choose(struct slu_comparison *comparison, struct slu_diff_side *side, uint32_t ruleset);
/* Keys for both sides: for rules of the same words the number of these words,
 * for all others what they say and do. */
bool slu_diff_make_keys(struct slu_comparison *comparison);
/* What rule `place` of the ruleset says and does. */
const struct slu_rule_identity *slu_diff_identity(struct slu_comparison *comparison, const struct slu_diff_side *side,
                                                  uint32_t place);

/* ---- diff_segments.c: segments as formulas ---- */

/* The events on which the sides of the segment differ. NEVER also when out of memory. */
slu_formula slu_diff_segment(struct slu_comparison *comparison, const struct slu_segment *segment,
                             struct slu_diff_chain chains[2]);
/* The events on which that rule wins (or none does) although the segment was
 * reached: exact where few rules lie between; else too many, and *exact is
 * unset. Rules before the segment are left out. */
slu_formula slu_diff_share(struct slu_comparison *comparison, const struct slu_diff_side *side, uint32_t winner,
                           uint32_t first, uint32_t end, const struct slu_diff_chain *chain, bool *exact);

/* ---- diff_show.c: events that show a difference ---- */

/* Not everything is decided, for that reason. */
void slu_diff_give_up(struct slu_comparison *comparison, const char *reason);
/* The engine's word on events of a segment that differs. */
void slu_diff_show(struct slu_comparison *comparison, const struct slu_segment *segment, slu_formula difference,
                   const struct slu_diff_chain chains[2]);

#endif
