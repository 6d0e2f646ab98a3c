/* The steps of a test: what has to be used up first is. */
#include "engine/prove/cover_parts.h"

/* Uses of an allowance that are spent one by one. */
enum { USES_MAX = 3, STEPS_MAX = 8 };

static bool is_spent(const struct slu_witness *event, const struct slu_bound_rule *rule, uint32_t allowance) {
    for (uint32_t i = 0; i < event->allowance_count; i++) {
        if (event->allowances[i].rule == rule && event->allowances[i].allowance == allowance) {
            return !event->allowances[i].left;
        }
    }
    return false;
}

static bool all_spent(const struct slu_witness *event, const struct slu_witness *so_far) {
    for (uint32_t i = 0; i < event->allowance_count; i++) {
        const struct slu_witness_allowance *said = &event->allowances[i];
        if (!said->left && !is_spent(so_far, said->rule, said->allowance)) {
            return false;
        }
    }
    return true;
}

/* The rule has won `wins` times: notes which of its allowances are used up by that. */
static void spend(struct slu_covering *covering, struct slu_witness *so_far, uint32_t rule, uint64_t wins) {
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    for (uint32_t i = 0; i < entry->allowance_count; i++) {
        const struct slu_bound_rule *bound = &covering->program->model->rules[rule];
        if (wins < covering->program->allowances[entry->first_allowance + i].count || is_spent(so_far, bound, i)) {
            continue;
        }
        if (!SLU_RESERVE(&covering->arena, so_far->allowances, so_far->allowance_capacity, so_far->allowance_count)) {
            covering->failed = true;
            return;
        }
        so_far->allowances[so_far->allowance_count++] =
            (struct slu_witness_allowance){bound, covering->program->rulesets[entry->ruleset].title, i, false};
    }
}

/* In a test an allowance is used up by deciding the same event before. False:
 * that does not do it. Afterwards the event, as it then is, was replayed last. */
static bool write_steps(struct slu_covering *covering, uint32_t ruleset, const struct slu_witness *event,
                        const struct slu_cover_value *value, uint32_t winner, struct slu_buffer *out) {
    struct slu_witness so_far;
    uint32_t last = SLU_NO_INDEX;
    uint64_t wins = 0;
    if (!slu_situation_copy(event, &covering->arena, &so_far)) {
        covering->failed = true;
        return false;
    }
    so_far.allowance_count = 0;
    for (uint32_t step = 0; step < STEPS_MAX && slu_replay_decide(&covering->replay, &so_far); step++) {
        uint32_t now = slu_replay_winner(&covering->replay, ruleset);
        bool is_last = all_spent(event, &so_far);
        if (now == SLU_REPLAY_FAILED || (is_last && now != winner)) {
            return false;
        }
        slu_cover_write_given(covering, &so_far, value, out);
        slu_cover_write_expected(covering, ruleset, now, out);
        if (is_last || now == SLU_REPLAY_NONE || covering->program->rules[now].allowance_count == 0) {
            return is_last;
        }
        wins = now == last ? wins + 1 : 1;
        last = now;
        spend(covering, &so_far, now, wins);
    }
    return false;
}

void slu_cover_show(struct slu_covering *covering, uint32_t rule, uint32_t winner, const struct slu_witness *event,
                    const struct slu_cover_value *value) {
    uint32_t ruleset = covering->program->rules[rule].ruleset;
    if (slu_cover_is_shown(covering, ruleset, winner, event, value)) {
        covering->cover->known++;
        return;
    }
    struct slu_cover_writing writing;
    slu_cover_writing_init(&writing);
    slu_witness_write(event, &writing.event);
    if (write_steps(covering, ruleset, event, value, winner, &writing.given)) {
        slu_cover_write_title(covering, rule, winner, value, &writing.title);
        if (value == NULL) {
            slu_cover_write_actions(covering, ruleset, &writing.given);
        }
        slu_cover_give(covering, &writing, rule, winner);
        covering->failed = !slu_cover_remember(covering, ruleset, winner, event, value == NULL) || covering->failed;
    } else {
        covering->cover->unsaid++;
    }
    slu_cover_writing_free(&writing);
}

void slu_cover_show_allowance(struct slu_covering *covering, uint32_t rule, const struct slu_witness *base,
                              uint32_t number) {
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    const struct slu_program_allowance *allowance = &covering->program->allowances[entry->first_allowance + number];
    struct slu_witness spent;
    if (allowance->count > USES_MAX) {
        return;
    }
    if (!slu_situation_copy(base, &covering->arena, &spent)) {
        covering->failed = true;
        return;
    }
    spend(covering, &spent, rule, allowance->count);
    if (covering->failed || !slu_replay_decide(&covering->replay, &spent)) {
        return;
    }
    uint32_t winner = slu_replay_winner(&covering->replay, entry->ruleset);
    if (winner == SLU_REPLAY_FAILED || winner == rule) {
        return;
    }
    if (slu_cover_is_allowance_shown(covering, rule, winner)) {
        covering->cover->known++;
        return;
    }
    struct slu_cover_writing writing;
    slu_cover_writing_init(&writing);
    slu_buffer_add(&writing.title, covering->program->rulesets[entry->ruleset].title);
    slu_buffer_add_text(&writing.title, ": ");
    slu_buffer_add(&writing.title, entry->title);
    slu_buffer_add_text(&writing.title, " wins ");
    slu_buffer_add(&writing.title, allowance->text);
    slu_witness_write(base, &writing.event);
    if (write_steps(covering, entry->ruleset, &spent, NULL, winner, &writing.given)) {
        slu_cover_give(covering, &writing, rule, winner);
        covering->failed = !slu_cover_remember(covering, entry->ruleset, winner, &spent, false) || covering->failed;
    } else {
        covering->cover->unsaid++;
    }
    slu_cover_writing_free(&writing);
}
