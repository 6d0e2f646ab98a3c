/* Two programs on every event.
 *
 * Rules that are the same on both sides are set against each other; between
 * them lie segments. Where each segment by itself decides alike, or lets pass
 * alike, the rulesets are equal. Otherwise events of the segments that differ
 * are decided by both programs until one shows the difference. */
#include "engine/prove/diff_parts.h"
#include "engine/prove/wording.h"

enum { WHOLE_MAX = 4000 };

/* Of a rule's cases, the first counts for the rule. */
static bool is_first_case(const struct slu_diff_side *side, uint32_t place) {
    return place == 0 || side->cases[place - 1].rule != side->cases[place].rule;
}

static struct slu_string title_at(const struct slu_diff_side *side, uint32_t place) {
    return side->program->model->rules[side->cases[place].rule].syntax->title.text;
}

/* How many rules of the segments the change touches; a rule goes by its title. */
static bool count_touched(struct slu_comparison *comparison, const struct slu_segment *segments, uint32_t count) {
    const struct slu_diff_side *before = &comparison->sides[0], *after = &comparison->sides[1];
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
static void compare_whole(struct slu_comparison *comparison) {
    struct slu_segment whole = {0, comparison->sides[0].count, 0, comparison->sides[1].count};
    struct slu_diff_chain chains[2];
    comparison->coincidence = false;
    comparison->whole = true;
    if (whole.before_end + whole.after_end > WHOLE_MAX) {
        slu_diff_give_up(comparison, "the rules that differ are too many");
        return;
    }
    slu_diff_show(comparison, &whole, slu_diff_segment(comparison, &whole, chains), chains);
}

static bool compare_rulesets(struct slu_comparison *comparison, uint32_t before, uint32_t after, bool counted) {
    struct slu_segment *segments;
    uint32_t count, changes = comparison->diff->change_count;
    comparison->coincidence = comparison->whole = false;
    if (!slu_diff_choose(comparison, &comparison->sides[0], before) ||
        !slu_diff_choose(comparison, &comparison->sides[1], after) || !slu_diff_make_keys(comparison) ||
        !slu_align(&comparison->arena, comparison->sides[0].keys, comparison->sides[0].count, comparison->sides[1].keys,
                   comparison->sides[1].count, &segments, &count)) {
        return false;
    }
    if (counted && !count_touched(comparison, segments, count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct slu_diff_chain chains[2];
        slu_formula difference = slu_diff_segment(comparison, &segments[i], chains);
        if (!slu_formula_is_surely_never(&comparison->prover.formulas, difference)) {
            slu_diff_show(comparison, &segments[i], difference, chains);
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
static bool compare_all(struct slu_comparison *comparison, uint32_t from) {
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

static bool prepare_side(struct slu_comparison *comparison, struct slu_diff_side *side,
                         const struct sluice_program *program) {
    side->program = program;
    slu_replay_init(&side->replay, program, &comparison->arena);
    side->identities = SLU_NEW_ARRAY(&comparison->arena, struct slu_rule_identity, program->model->rules_count);
    return side->identities != NULL;
}

enum sluice_status slu_prove_compare(const struct sluice_program *before, const struct sluice_program *after,
                                     const struct slu_prove_options *options, struct slu_prove_diff *diff) {
    struct slu_comparison comparison = {.diff = diff};
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
        slu_diff_give_up(&comparison, comparison.blind);
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
