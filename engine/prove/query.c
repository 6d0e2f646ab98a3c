#include "engine/prove/query.h"

bool slu_query_init(struct slu_query *query, struct slu_prover *prover, struct slu_instance *instance,
                    struct slu_replay *replay, const struct sluice_program *program) {
    const struct slu_model *model = program->model;
    *query = (struct slu_query){.prover = prover, .program = program, .instance = instance, .replay = replay};
    query->rules = SLU_NEW_ARRAY(prover->arena, slu_formula, program->rule_count);
    query->excluded = SLU_NEW_ARRAY(prover->arena, uint32_t, program->rule_count);
    if (query->rules == NULL || query->excluded == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < model->rules_count; i++) {
        query->rules[i] = slu_prove_rule(prover, model, &model->rules[i]);
    }
    return !slu_prover_failed(prover);
}

void slu_query_begin(struct slu_query *query) {
    slu_instance_reset(query->instance);
    query->question++;
    query->keeps_reasons = true;
}

void slu_query_exclude(struct slu_query *query, uint32_t rule) {
    query->excluded[rule] = query->question;
    slu_instance_require(query->instance, -query->rules[rule], query->keeps_reasons, rule);
}

static bool is_excluded(const struct slu_query *query, uint32_t rule) {
    return query->excluded[rule] == query->question;
}

bool slu_query_replay(struct slu_query *query, uint32_t ruleset, uint32_t event) {
    const struct slu_bound_ruleset *rules = &query->program->model->rulesets[ruleset];
    uint32_t kind = event == SLU_NO_INDEX ? rules->events[0] : event;
    if (!slu_witness_make(query->instance, query->program->model, query->program->events[kind].name, &query->witness)) {
        query->instance->failed = true;
        return false;
    }
    return slu_replay_decide(query->replay, &query->witness);
}

uint32_t slu_query_thief(struct slu_query *query, uint32_t ruleset, uint32_t end, uint32_t winner) {
    uint32_t first = query->program->rulesets[ruleset].first_rule;
    if (winner >= first && winner < end && !is_excluded(query, winner)) {
        return winner;
    }
    for (uint32_t i = first; i < end; i++) {
        if (!is_excluded(query, i) && slu_instance_value(query->instance, query->rules[i]) >= 0) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

static uint32_t end_of(const struct slu_query *query, uint32_t ruleset, uint32_t wanted) {
    const struct slu_program_ruleset *rules = &query->program->rulesets[ruleset];
    return wanted == SLU_REPLAY_NONE ? rules->first_rule + rules->rule_count : wanted;
}

const char *slu_query_unconfirmed(const struct slu_query *query) {
    return query->witness.has_opaque ? "it hangs on something that is not reasoned about: a function, a calculation, "
                                       "a calendar, or two fields compared with each other"
                                     : "no event could be made that the engine confirms";
}

enum slu_verdict slu_query_until(struct slu_query *query, uint32_t ruleset, uint32_t wanted, uint32_t event,
                                 const char **reason) {
    for (;;) {
        enum slu_verdict verdict = slu_instance_solve(query->instance);
        if (verdict != SLU_VERDICT_YES) {
            *reason = query->instance->reason;
            return verdict;
        }
        uint32_t winner = SLU_REPLAY_FAILED;
        if (slu_query_replay(query, ruleset, event)) {
            winner = slu_replay_winner(query->replay, ruleset);
        }
        if (winner == wanted) {
            return SLU_VERDICT_YES;
        }
        uint32_t other = slu_query_thief(query, ruleset, end_of(query, ruleset, wanted), winner);
        if (other == SLU_NO_INDEX) {
            *reason = slu_query_unconfirmed(query);
            return SLU_VERDICT_UNDECIDED;
        }
        slu_query_exclude(query, other);
    }
}

enum slu_verdict slu_query_both(struct slu_query *query, uint32_t first, uint32_t second, uint32_t event) {
    const struct slu_model *model = query->program->model;
    uint32_t rules[2] = {first, second};
    for (;;) {
        enum slu_verdict verdict = slu_instance_solve(query->instance);
        if (verdict != SLU_VERDICT_YES) {
            return verdict;
        }
        uint32_t other = SLU_NO_INDEX, agreed = 0;
        bool decided = slu_query_replay(query, model->rules[first].ruleset, event);
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t ruleset = model->rules[rules[i]].ruleset;
            uint32_t winner = decided ? slu_replay_winner(query->replay, ruleset) : SLU_REPLAY_FAILED;
            agreed += winner == rules[i];
            if (winner != rules[i] && other == SLU_NO_INDEX) {
                other = slu_query_thief(query, ruleset, rules[i], winner);
            }
        }
        if (agreed == 2) {
            return SLU_VERDICT_YES;
        }
        if (other == SLU_NO_INDEX) {
            return SLU_VERDICT_UNDECIDED;
        }
        slu_query_exclude(query, other);
    }
}

/* The rules that are still needed to take all events from the one asked about. */
static void note_because(struct slu_query *query, struct slu_reach_answer *answer) {
    const struct slu_instance *instance = query->instance;
    answer->because = SLU_NEW_ARRAY(query->prover->arena, uint32_t, instance->root_count);
    for (uint32_t i = 0; answer->because != NULL && i < instance->root_count; i++) {
        if (instance->roots[i].active && instance->roots[i].selector != 0) {
            uint32_t rule = instance->roots[i].tag, place = answer->because_count++;
            for (; place > 0 && answer->because[place - 1] > rule; place--) {
                answer->because[place] = answer->because[place - 1];
            }
            answer->because[place] = rule;
        }
    }
}

struct slu_reach_answer slu_query_reach(struct slu_query *query, uint32_t rule) {
    struct slu_reach_answer answer = {.reach = SLU_REACH_UNDECIDED};
    uint32_t ruleset = query->program->rules[rule].ruleset;
    slu_query_begin(query);
    slu_instance_require(query->instance, query->rules[rule], false, rule);
    switch (slu_query_until(query, ruleset, rule, SLU_NO_INDEX, &answer.reason)) {
    case SLU_VERDICT_YES:
        answer.reach = SLU_REACHED;
        break;
    case SLU_VERDICT_UNDECIDED:
        break;
    case SLU_VERDICT_NO:
        slu_instance_minimize(query->instance);
        note_because(query, &answer);
        answer.reach = answer.because_count == 0 ? SLU_CONTRADICTION : SLU_SHADOWED;
        break;
    }
    return answer;
}
