/* Two programs on every event.
 *
 * Rules that are the same on both sides are set against each other; between
 * them lie segments. Where each segment by itself decides alike, or lets pass
 * alike, the rulesets are equal. Otherwise events of the segments that differ
 * are decided by both programs until one shows the difference. */
#include "engine/prove/diff_cases.h"
#include "engine/prove/query.h"
#include "engine/prove/wording.h"

enum { CHANGES_MAX = 20, STEPS_MAX = 20000, WHOLE_MAX = 4000, BETWEEN_MAX = 500 };

/* One side of a comparison. What is called a rule below is a rule's case. */
struct side {
    const struct sluice_program *program;
    struct slu_replay replay;
    struct slu_rule_identity *identities; /* per rule of the program; formula 0: not asked for yet */
    uint32_t ruleset;                     /* SLU_NO_INDEX: none here */
    struct slu_diff_case *cases;          /* of its rules, in their order */
    uint32_t count, case_capacity;
    struct slu_rule_identity *keys; /* per rule of the ruleset: as it is set against the other side's */
};

struct comparison {
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_arena arena;
    struct side sides[2];
    struct slu_map outcomes; /* what rules do -> number; none: 0 */
    struct slu_prove_diff *diff;
    struct slu_string event;
    struct slu_witness witness;
    struct slu_surroundings surroundings;
    const char *blind; /* why guards or groups that differ were not compared, or NULL */
    bool same_wording; /* all but the rules is written alike: what a rule's text means is the same on both sides */
    bool whole;        /* the segment under way is all of both rulesets */
    bool coincidence;  /* events were left out that other rules may decide differently */
};

/* ---- what rules do ---- */

static uint32_t outcome_of(struct comparison *comparison, const struct slu_model *model,
                           const struct slu_diff_case *taken) {
    const struct slu_bound_rule *bound = &model->rules[taken->rule];
    struct slu_buffer *key = &comparison->prover.scratch;
    slu_buffer_clear(key);
    for (uint32_t i = 0; i < bound->action_count; i++) {
        slu_prove_write_action(key, model, &bound->actions[i]);
    }
    slu_diff_case_write(key, model, taken);
    if (bound->allowance_count > 0) { /* what it uses up goes by its title */
        slu_prove_write_text(key, bound->syntax->title.text);
    }
    uint32_t known = slu_map_find(&comparison->outcomes, slu_buffer_string(key));
    struct slu_string kept;
    if (known != SLU_MAP_NONE) {
        return known;
    }
    uint32_t number = comparison->outcomes.count + 1;
    if (!slu_arena_copy_string(&comparison->arena, slu_buffer_string(key), &kept) ||
        !slu_map_put(&comparison->outcomes, kept, number)) {
        return 0;
    }
    return number;
}

/* What rule `place` of the ruleset says and does. Most rules are the same on
 * both sides, word by word, and are never asked about. */
static const struct slu_rule_identity *identity_of(struct comparison *comparison, const struct side *side,
                                                   uint32_t place) {
    const struct slu_model *model = side->program->model;
    const struct slu_diff_case *taken = &side->cases[place];
    struct slu_rule_identity *identity = &side->identities[taken->rule];
    if (taken->questions != NULL) {
        return &taken->identity;
    }
    if (identity->formula == 0) {
        identity->formula = slu_prove_rule(&comparison->prover, model, &model->rules[taken->rule]);
        identity->outcome = outcome_of(comparison, model, taken);
    }
    return identity;
}

static bool add_case(struct comparison *comparison, struct side *side, struct slu_diff_case taken) {
    if (!SLU_RESERVE(&comparison->arena, side->cases, side->case_capacity, side->count)) {
        return false;
    }
    side->cases[side->count++] = taken;
    return true;
}

/* The rule's cases that can be, each with its share of the rule's events. */
static bool add_cases(struct comparison *comparison, struct side *side, uint32_t rule) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    struct slu_diff_questions *questions = SLU_NEW(&comparison->arena, struct slu_diff_questions);
    struct slu_diff_case taken = {.rule = rule, .questions = questions};
    if (questions == NULL ||
        !slu_surroundings_ask(&comparison->surroundings, (uint32_t)(side - comparison->sides), rule, questions)) {
        return false;
    }
    comparison->blind = questions->reason == NULL ? comparison->blind : questions->reason;
    if (questions->count == 0) {
        taken.questions = NULL;
        return add_case(comparison, side, taken);
    }
    slu_formula whole = slu_prove_rule(&comparison->prover, side->program->model, &side->program->model->rules[rule]);
    for (; taken.answers < 1u << questions->count; taken.answers++) {
        slu_formula formula = whole;
        for (uint32_t i = 0; i < questions->count; i++) {
            slu_formula answer = questions->items[i].formula;
            formula = slu_formula_and2(formulas, formula, (taken.answers >> i & 1) != 0 ? answer : -answer);
        }
        taken.identity.formula = formula;
        taken.identity.outcome = outcome_of(comparison, side->program->model, &taken);
        if (formula != SLU_NEVER && !add_case(comparison, side, taken)) {
            return false;
        }
    }
    return true;
}

static bool choose_side(struct comparison *comparison, struct side *side, uint32_t ruleset) {
    const struct slu_model *model = side->program->model;
    side->ruleset = ruleset;
    side->count = 0;
    uint32_t first = ruleset == SLU_NO_INDEX ? 0 : model->rulesets[ruleset].first_rule;
    uint32_t end = ruleset == SLU_NO_INDEX ? 0 : first + model->rulesets[ruleset].rule_count;
    for (uint32_t i = first; i < end; i++) {
        bool added = comparison->same_wording ? add_case(comparison, side, (struct slu_diff_case){.rule = i})
                                              : add_cases(comparison, side, i);
        if (!added) {
            return false;
        }
    }
    side->keys = SLU_NEW_ARRAY(&comparison->arena, struct slu_rule_identity, side->count);
    return side->keys != NULL;
}

/* Keys for both sides: for rules of the same words the number of these words,
 * for all others what they say and do. */
static bool make_keys(struct comparison *comparison) {
    struct side *before = &comparison->sides[0], *after = &comparison->sides[1];
    struct slu_map texts;
    slu_map_init(&texts, &comparison->arena);
    for (uint32_t i = 0; comparison->same_wording && i < before->count; i++) {
        if (!slu_map_put(&texts, slu_wording_of_rule(before->program->model, before->cases[i].rule), i)) {
            return false;
        }
    }
    for (uint32_t i = 0; comparison->same_wording && i < after->count; i++) {
        uint32_t other = slu_map_find(&texts, slu_wording_of_rule(after->program->model, after->cases[i].rule));
        if (other != SLU_MAP_NONE) {
            after->keys[i] = before->keys[other] = (struct slu_rule_identity){0, other + 1};
        }
    }
    for (uint32_t number = 0; number < 2; number++) {
        struct side *side = &comparison->sides[number];
        for (uint32_t i = 0; i < side->count; i++) {
            if (side->keys[i].outcome == 0) {
                side->keys[i] = *identity_of(comparison, side, i);
            }
        }
    }
    return true;
}

/* ---- segments as formulas ---- */

/* Within [first, end) of one side: each rule's own events, and those that pass all. */
struct chain {
    slu_formula *wins;
    slu_formula passes;
};

static bool make_chain(struct comparison *comparison, const struct side *side, uint32_t first, uint32_t end,
                       struct chain *chain) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    chain->wins = SLU_NEW_ARRAY(&comparison->arena, slu_formula, end - first);
    chain->passes = SLU_ALWAYS;
    for (uint32_t i = first; chain->wins != NULL && i < end; i++) {
        slu_formula matches = identity_of(comparison, side, i)->formula;
        chain->wins[i - first] = slu_formula_and2(formulas, chain->passes, matches);
        chain->passes = slu_formula_and2(formulas, chain->passes, -matches);
    }
    return chain->wins != NULL;
}

/* The events on which a side of the segment has the outcome. */
static slu_formula with_outcome(struct comparison *comparison, const struct side *side, uint32_t first, uint32_t end,
                                const struct chain *chain, uint32_t outcome) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    slu_formula *parts = SLU_NEW_ARRAY(&comparison->arena, slu_formula, end - first);
    uint32_t count = 0;
    for (uint32_t i = first; parts != NULL && i < end; i++) {
        if (identity_of(comparison, side, i)->outcome == outcome) {
            parts[count++] = chain->wins[i - first];
        }
    }
    return parts == NULL ? SLU_NEVER : slu_formula_or(formulas, parts, count);
}

static slu_formula differs(struct slu_formulas *formulas, slu_formula left, slu_formula right) {
    return slu_formula_or2(formulas, slu_formula_and2(formulas, left, -right),
                           slu_formula_and2(formulas, -left, right));
}

static slu_formula segment_differs(struct comparison *comparison, const struct slu_segment *segment,
                                   struct chain chains[2]) {
    struct slu_formulas *formulas = &comparison->prover.formulas;
    const struct side *before = &comparison->sides[0], *after = &comparison->sides[1];
    slu_formula answer = SLU_NEVER;
    if (!make_chain(comparison, before, segment->before_first, segment->before_end, &chains[0]) ||
        !make_chain(comparison, after, segment->after_first, segment->after_end, &chains[1])) {
        return SLU_NEVER;
    }
    uint8_t *seen = SLU_NEW_ARRAY(&comparison->arena, uint8_t, (size_t)comparison->outcomes.count + 1);
    for (uint32_t i = 0; seen != NULL && i < 2; i++) {
        const struct side *side = &comparison->sides[i];
        uint32_t first = i == 0 ? segment->before_first : segment->after_first;
        uint32_t end = i == 0 ? segment->before_end : segment->after_end;
        for (uint32_t rule = first; rule < end; rule++) {
            uint32_t outcome = identity_of(comparison, side, rule)->outcome;
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

/* ---- events ---- */

/* The winner among the side's rules (0 is the first), `count` for none; false
 * when it cannot be decided. */
static bool decide(struct comparison *comparison, struct side *side, uint32_t *winner) {
    *winner = side->count;
    if (side->ruleset == SLU_NO_INDEX) {
        return true;
    }
    if (!slu_replay_decide(&side->replay, &comparison->witness)) {
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

static uint32_t outcome_at(struct comparison *comparison, const struct side *side, uint32_t winner) {
    return winner < side->count ? identity_of(comparison, side, winner)->outcome : 0;
}

static void report(struct comparison *comparison) {
    struct slu_prove_diff *diff = comparison->diff;
    struct slu_buffer event, facts;
    slu_buffer_init(&event);
    slu_buffer_init(&facts);
    slu_witness_write(&comparison->witness, &event);
    slu_witness_write_facts(&comparison->witness, &facts);
    const struct sluice_decision *decisions[2] = {NULL, NULL};
    struct slu_string title = {NULL, 0};
    for (uint32_t i = 0; i < 2; i++) {
        struct side *side = &comparison->sides[i];
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

static void give_up(struct comparison *comparison, const char *reason) {
    if (comparison->diff->difference == SLU_DIFFERENCE_NONE) {
        comparison->diff->difference = SLU_DIFFERENCE_UNDECIDED;
        comparison->diff->reason = reason;
    }
    comparison->diff->more = true;
}

/* The events on which that rule wins (or none does) although the segment was
 * reached: exact where few rules lie between; else too many, and *exact is
 * unset. Rules before the segment are left out. */
static slu_formula share(struct comparison *comparison, const struct side *side, uint32_t winner, uint32_t first,
                         uint32_t end, const struct chain *chain, bool *exact) {
    slu_formula parts[BETWEEN_MAX + 2];
    uint32_t count = 0;
    if (winner >= first && winner < end) {
        return chain->wins[winner - first];
    }
    parts[count++] = chain->passes;
    if (winner < side->count) {
        parts[count++] = identity_of(comparison, side, winner)->formula;
    }
    if (winner - end > BETWEEN_MAX) {
        *exact = false;
    }
    for (uint32_t i = end; i < winner && winner - end <= BETWEEN_MAX; i++) {
        parts[count++] = -identity_of(comparison, side, i)->formula;
    }
    return slu_formula_and(&comparison->prover.formulas, parts, count);
}

/* Rules out what the event found stands for, so that the next is another one.
 * False when the engine saw in the event what the solver did not. */
static bool rule_out(struct comparison *comparison, const struct slu_segment *segment, const struct chain chains[2],
                     const uint32_t winners[2], bool is_change) {
    const struct side *before = &comparison->sides[0], *after = &comparison->sides[1];
    bool earlier[2] = {winners[0] < segment->before_first, winners[1] < segment->after_first};
    for (uint32_t i = 0; i < 2; i++) {
        if (!earlier[i]) {
            continue;
        }
        slu_formula taken = identity_of(comparison, &comparison->sides[i], winners[i])->formula;
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
        share(comparison, before, winners[0], segment->before_first, segment->before_end, &chains[0], &exact),
        share(comparison, after, winners[1], segment->after_first, segment->after_end, &chains[1], &exact));
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
static void leave_open(struct comparison *comparison, const char *reason) {
    if (comparison->whole) {
        give_up(comparison, reason);
    } else {
        comparison->coincidence = true;
    }
}

/* The engine's word on events of a segment that differs. */
static void show_segment(struct comparison *comparison, const struct slu_segment *segment, slu_formula difference,
                         const struct chain chains[2]) {
    slu_instance_reset(&comparison->instance);
    slu_instance_require(&comparison->instance, difference, false, 0);
    for (uint32_t step = 0; step < STEPS_MAX; step++) {
        enum slu_verdict verdict = slu_instance_solve(&comparison->instance);
        if (verdict == SLU_VERDICT_NO) {
            return;
        }
        if (verdict == SLU_VERDICT_UNDECIDED) {
            give_up(comparison, comparison->instance.reason);
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
    give_up(comparison, "the kinds of change are too many");
}

/* ---- rulesets ---- */

/* Of a rule's cases, the first counts for the rule. */
static bool is_first_case(const struct side *side, uint32_t place) {
    return place == 0 || side->cases[place - 1].rule != side->cases[place].rule;
}

static struct slu_string title_at(const struct side *side, uint32_t place) {
    return side->program->rules[side->cases[place].rule].title;
}

/* How many rules of the segments the change touches; a rule goes by its title. */
static bool count_touched(struct comparison *comparison, const struct slu_segment *segments, uint32_t count) {
    const struct side *before = &comparison->sides[0], *after = &comparison->sides[1];
    struct slu_touched *touched = &comparison->diff->touched;
    struct slu_map places;
    slu_map_init(&places, &comparison->arena);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t rule = segments[i].before_first; rule < segments[i].before_end; rule++) {
            if (slu_map_find(&places, title_at(before, rule)) != SLU_MAP_NONE) {
                continue; /* another case of the same rule */
            }
            if (!slu_map_put(&places, title_at(before, rule), rule)) {
                return false;
            }
            touched->removed++;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t rule = segments[i].after_first; rule < segments[i].after_end; rule++) {
            uint32_t place = slu_map_find(&places, title_at(after, rule));
            if (rule > segments[i].after_first && !is_first_case(after, rule)) {
                continue;
            }
            if (place == SLU_MAP_NONE) {
                touched->added++;
                continue;
            }
            bool same = before->keys[place].formula == after->keys[rule].formula &&
                        before->keys[place].outcome == after->keys[rule].outcome;
            *(same ? &touched->moved : &touched->changed) += 1;
            touched->removed--;
        }
    }
    return true;
}

/* Both rulesets as one segment: exact, and slow for many rules. */
static void compare_whole(struct comparison *comparison) {
    struct slu_segment whole = {0, comparison->sides[0].count, 0, comparison->sides[1].count};
    struct chain chains[2];
    comparison->coincidence = false;
    comparison->whole = true;
    if (whole.before_end + whole.after_end > WHOLE_MAX) {
        give_up(comparison, "the rules that differ are too many");
        return;
    }
    show_segment(comparison, &whole, segment_differs(comparison, &whole, chains), chains);
}

static bool compare_rulesets(struct comparison *comparison, uint32_t before, uint32_t after, bool counted) {
    struct slu_segment *segments;
    uint32_t count, changes = comparison->diff->change_count;
    comparison->coincidence = comparison->whole = false;
    if (!choose_side(comparison, &comparison->sides[0], before) ||
        !choose_side(comparison, &comparison->sides[1], after) || !make_keys(comparison) ||
        !slu_align(&comparison->arena, comparison->sides[0].keys, comparison->sides[0].count, comparison->sides[1].keys,
                   comparison->sides[1].count, &segments, &count)) {
        return false;
    }
    if (counted && !count_touched(comparison, segments, count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct chain chains[2];
        slu_formula difference = segment_differs(comparison, &segments[i], chains);
        if (!slu_formula_is_surely_never(&comparison->prover.formulas, difference)) {
            show_segment(comparison, &segments[i], difference, chains);
        }
    }
    if (comparison->coincidence && comparison->diff->change_count == changes) {
        compare_whole(comparison);
    } else if (comparison->coincidence) {
        comparison->diff->more = true;
    }
    return !slu_prover_failed(&comparison->prover) && !comparison->instance.failed && !comparison->arena.failed;
}

static uint32_t find_ruleset(const struct sluice_program *program, struct slu_string title, struct slu_string event) {
    const struct slu_model *model = program->model;
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        const struct slu_bound_ruleset *ruleset = &model->rulesets[i];
        if (!slu_string_equal(ruleset->syntax->title.text, title)) {
            continue;
        }
        for (uint32_t kind = 0; kind < ruleset->event_count; kind++) {
            if (slu_string_equal(model->events[ruleset->events[kind]].name.text, event)) {
                return i;
            }
        }
    }
    return SLU_NO_INDEX;
}

static bool has_title(const struct slu_model *model, struct slu_string title) {
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        if (slu_string_equal(model->rulesets[i].syntax->title.text, title)) {
            return true;
        }
    }
    return false;
}

/* All rulesets of one side, event by event, against those of the same title on
 * the other; of the second side only those that the first lacks. */
static bool compare_all(struct comparison *comparison, uint32_t from) {
    const struct slu_model *model = comparison->sides[from].program->model;
    const struct sluice_program *other = comparison->sides[1 - from].program;
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        const struct slu_bound_ruleset *ruleset = &model->rulesets[i];
        uint32_t last = SLU_NO_INDEX;
        bool counted = false;
        for (uint32_t kind = 0; kind < ruleset->event_count; kind++) {
            comparison->event = model->events[ruleset->events[kind]].name.text;
            uint32_t partner = find_ruleset(other, ruleset->syntax->title.text, comparison->event);
            if (from == 1 && partner != SLU_NO_INDEX) {
                continue;
            }
            if (kind > 0 && partner == last) {
                continue; /* the same rules: nothing hangs on the kind itself */
            }
            last = partner;
            bool counts = partner != SLU_NO_INDEX && !counted; /* its rules once, not for each kind of event */
            if (!compare_rulesets(comparison, from == 0 ? i : partner, from == 0 ? partner : i, counts)) {
                return false;
            }
            counted = counted || counts;
        }
        if (!counted && !has_title(other->model, ruleset->syntax->title.text)) {
            *(from == 0 ? &comparison->diff->touched.removed : &comparison->diff->touched.added) += ruleset->rule_count;
        }
    }
    return true;
}

static bool prepare_side(struct comparison *comparison, struct side *side, const struct sluice_program *program) {
    side->program = program;
    slu_replay_init(&side->replay, program, &comparison->arena);
    side->identities = SLU_NEW_ARRAY(&comparison->arena, struct slu_rule_identity, program->rule_count);
    return side->identities != NULL;
}

enum sluice_status slu_prove_compare(const struct sluice_program *before, const struct sluice_program *after,
                                     const struct slu_prove_options *options, struct slu_prove_diff *diff) {
    struct comparison comparison = {.diff = diff};
    slu_arena_init(&comparison.arena, 0);
    slu_map_init(&comparison.outcomes, &comparison.arena);
    diff->difference = SLU_DIFFERENCE_NONE;
    diff->touched = (struct slu_touched){0};
    bool fine = slu_prover_init(&comparison.prover, &comparison.arena, options);
    slu_instance_init(&comparison.instance, &comparison.prover);
    fine = prepare_side(&comparison, &comparison.sides[0], before) && fine;
    fine = prepare_side(&comparison, &comparison.sides[1], after) && fine;
    fine = fine && slu_wording_same(before->model, after->model, &comparison.same_wording);
    fine = fine && (comparison.same_wording || slu_surroundings_compare(&comparison.surroundings, &comparison.instance,
                                                                        before->model, after->model));
    fine = fine && compare_all(&comparison, 0) && compare_all(&comparison, 1);
    if (fine && comparison.blind != NULL) {
        give_up(&comparison, comparison.blind);
    }
    fine = fine && !comparison.instance.failed && !slu_prover_failed(&comparison.prover) &&
           !comparison.sides[0].replay.no_memory && !comparison.sides[1].replay.no_memory;
    slu_replay_free(&comparison.sides[0].replay);
    slu_replay_free(&comparison.sides[1].replay);
    slu_instance_free(&comparison.instance);
    slu_prover_free(&comparison.prover);
    slu_arena_free(&comparison.arena);
    return fine ? SLUICE_OK : SLUICE_NO_MEMORY;
}
