#include "engine/prove/samples.h"

#include "engine/decide/convert.h"
#include "engine/decide/tests.h"
#include "engine/decide/write.h"
#include "engine/prove/replay.h"

/* ---- taking ---- */

struct taking {
    struct slu_arena *arena;
    struct slu_samples *samples;
    const bool *used_up;
    bool failed;
};

static void take_step(void *context, const sluice_decider *decider, int64_t clock, const struct sluice_result *result) {
    struct taking *taking = context;
    struct slu_samples *samples = taking->samples;
    (void)result;
    taking->failed =
        taking->failed || !SLU_RESERVE(taking->arena, samples->events, samples->capacity, samples->count) ||
        !slu_situation_take(decider, taking->used_up, (double)clock, taking->arena, &samples->events[samples->count]);
    samples->count += !taking->failed;
}

enum sluice_status slu_samples_take(const struct sluice_program *program, struct slu_arena *arena,
                                    struct slu_samples *samples) {
    struct taking taking = {arena, samples, NULL, false};
    struct slu_test_observer observer = {take_step, &taking};
    struct slu_test_run run;
    bool *used_up = SLU_NEW_ARRAY(arena, bool, (size_t)program->allowance_count + 1); /* nothing is */
    *samples = (struct slu_samples){NULL, 0, 0};
    taking.used_up = used_up;
    if (used_up == NULL || slu_tests_watch(program, arena, &observer, &run) != SLUICE_OK || taking.failed) {
        return SLUICE_NO_MEMORY;
    }
    return SLUICE_OK;
}

/* ---- comparing ---- */

static void write_decision(const struct sluice_program *program, const struct sluice_decision *decision,
                           struct slu_buffer *out) {
    slu_buffer_clear(out);
    for (size_t i = 0; i < decision->action_count; i++) {
        slu_action_write(program, &decision->actions[i], out);
        slu_buffer_add_byte(out, '\n');
    }
}

static const struct sluice_decision *partner_of(const struct slu_replay *replay,
                                                const struct sluice_decision *decision) {
    for (size_t i = 0; i < replay->result.count; i++) {
        const struct sluice_decision *other = &replay->result.decisions[i];
        if (other->depth == 0 &&
            slu_string_equal(slu_string_take(other->ruleset), slu_string_take(decision->ruleset))) {
            return other;
        }
    }
    return NULL;
}

static bool tell(const struct slu_witness *event, const struct sluice_decision *before,
                 const struct sluice_decision *after, struct slu_prove_diff *diff) {
    struct slu_buffer text, facts;
    slu_buffer_init(&text);
    slu_buffer_init(&facts);
    slu_witness_write(event, &text);
    slu_witness_write_facts(event, &facts);
    bool fine = !text.failed && !facts.failed;
    if (fine) {
        struct slu_prove_change change = {slu_buffer_string(&text), slu_buffer_string(&facts),
                                          slu_string_take(before->ruleset), before, after};
        diff->change(diff->context, &change);
        diff->difference = SLU_DIFFERENCE_SHOWN;
        diff->change_count++;
        diff->more = true;
    }
    slu_buffer_free(&text);
    slu_buffer_free(&facts);
    return fine;
}

/* False: memory ran out. */
static bool compare_event(struct slu_replay replays[2], const struct slu_witness *event, struct slu_prove_diff *diff) {
    if (!slu_replay_decide(&replays[0], event) || !slu_replay_decide(&replays[1], event)) {
        return !replays[0].no_memory && !replays[1].no_memory;
    }
    struct slu_buffer sides[2];
    slu_buffer_init(&sides[0]);
    slu_buffer_init(&sides[1]);
    bool fine = true;
    for (size_t i = 0; i < replays[0].result.count && diff->difference != SLU_DIFFERENCE_SHOWN && fine; i++) {
        const struct sluice_decision *before = &replays[0].result.decisions[i];
        const struct sluice_decision *after = before->depth == 0 ? partner_of(&replays[1], before) : NULL;
        if (after == NULL) {
            continue;
        }
        write_decision(replays[0].program, before, &sides[0]);
        write_decision(replays[1].program, after, &sides[1]);
        fine = !sides[0].failed && !sides[1].failed;
        if (fine && !slu_string_equal(slu_buffer_string(&sides[0]), slu_buffer_string(&sides[1]))) {
            fine = tell(event, before, after, diff);
        }
    }
    slu_buffer_free(&sides[0]);
    slu_buffer_free(&sides[1]);
    return fine;
}

enum sluice_status slu_samples_compare(const struct sluice_program *before, const struct sluice_program *after,
                                       const struct slu_samples *samples, struct slu_prove_diff *diff) {
    struct slu_arena arena;
    struct slu_replay replays[2];
    slu_arena_init(&arena, 0);
    slu_replay_init(&replays[0], before, &arena);
    slu_replay_init(&replays[1], after, &arena);
    bool fine = true;
    for (uint32_t i = 0; fine && i < samples->count && diff->difference != SLU_DIFFERENCE_SHOWN; i++) {
        fine = compare_event(replays, &samples->events[i], diff);
    }
    slu_replay_free(&replays[0]);
    slu_replay_free(&replays[1]);
    slu_arena_free(&arena);
    return fine ? SLUICE_OK : SLUICE_NO_MEMORY;
}
