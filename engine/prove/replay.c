#include "engine/prove/replay.h"

#include "engine/decide/convert.h"
#include "engine/prove/situation.h"

#include <string.h>

static bool rule_key(struct slu_buffer *out, uint32_t ruleset, struct slu_string title) {
    slu_buffer_clear(out);
    slu_buffer_add_format(out, "%u ", (unsigned)ruleset);
    slu_buffer_add(out, title);
    return !out->failed;
}

void slu_replay_init(struct slu_replay *replay, const struct sluice_program *program, struct slu_arena *arena) {
    *replay = (struct slu_replay){.program = program, .event = SLU_NO_INDEX};
    slu_buffer_init(&replay->text);
    slu_arena_init(&replay->answers, 0);
    slu_map_init(&replay->rules, arena);
}

/* What deciding takes, made for the first witness: many questions need none. False when out of memory. */
static bool start(struct slu_replay *replay) {
    const struct sluice_program *program = replay->program;
    if (replay->decider != NULL) {
        return true;
    }
    if (sluice_decider_new(program, &replay->decider) != SLUICE_OK) {
        return false;
    }
    for (uint32_t i = 0; i < program->rule_count; i++) {
        struct slu_string key;
        if (!rule_key(&replay->text, program->rules[i].ruleset, program->rules[i].title) ||
            !slu_arena_copy_string(replay->rules.arena, slu_buffer_string(&replay->text), &key) ||
            !slu_map_put(&replay->rules, key, i)) {
            return false;
        }
    }
    return true;
}

void slu_replay_free(struct slu_replay *replay) {
    sluice_decider_free(replay->decider);
    slu_buffer_free(&replay->text);
    slu_arena_free(&replay->answers);
}

/* ---- facts ---- */

static enum sluice_fact_status answer(struct slu_replay *replay, struct slu_string name, struct sluice_value *value) {
    const struct slu_witness_value *found = slu_witness_find(replay->witness, name);
    if (found == NULL || found->field->origin == SLU_FIELD_EVENT) {
        return SLUICE_FACT_MISSING;
    }
    if (!slu_witness_give(found, &replay->answers, value)) {
        replay->no_memory = true; /* the engine only hears that the fact cannot be read */
        return SLUICE_FACT_FAILED;
    }
    return SLUICE_FACT_FOUND;
}

static enum sluice_fact_status state(void *context, struct sluice_string field, struct sluice_string entity,
                                     struct sluice_value *value) {
    (void)entity;
    return answer(context, slu_string_take(field), value);
}

static enum sluice_fact_status lookup(void *context, struct sluice_string name, struct sluice_string operation,
                                      const struct sluice_value *arguments, size_t count, struct sluice_string result,
                                      struct sluice_value *value) {
    struct slu_replay *replay = context;
    (void)operation;
    (void)arguments;
    (void)count;
    slu_buffer_clear(&replay->text);
    slu_buffer_add(&replay->text, slu_string_take(name));
    slu_buffer_add_byte(&replay->text, '.');
    slu_buffer_add(&replay->text, slu_string_take(result));
    replay->no_memory |= replay->text.failed;
    return replay->text.failed ? SLUICE_FACT_FAILED : answer(replay, slu_buffer_string(&replay->text), value);
}

/* Does what the witness says is used up count in the rule's wins of that period? */
static bool counts(const struct slu_witness_allowance *said, struct slu_string ruleset, struct slu_string rule,
                   struct slu_string entity, int64_t period) {
    const struct slu_rule_syntax *syntax = said->rule->syntax;
    double within = said->rule->allowances[said->allowance].period;
    return !said->left && slu_string_equal(syntax->title.text, rule) && slu_string_equal(said->ruleset, ruleset) &&
           slu_string_equal(syntax->allowances[said->allowance].entity.text, entity) &&
           (period == 0 || (within > 0 && within <= (double)period));
}

/* As often as the witness says that it is used up, and no more: another version of the rule may have something left. */
static enum sluice_fact_status allowance(void *context, struct sluice_string ruleset, struct sluice_string rule,
                                         struct sluice_string entity, struct sluice_string key, int64_t period,
                                         int64_t clock, uint64_t *used) {
    const struct slu_replay *replay = context;
    (void)key;
    (void)clock;
    *used = 0;
    for (uint32_t i = 0; i < replay->witness->allowance_count; i++) {
        const struct slu_witness_allowance *said = &replay->witness->allowances[i];
        if (counts(said, slu_string_take(ruleset), slu_string_take(rule), slu_string_take(entity), period)) {
            double count = said->rule->allowances[said->allowance].count;
            *used = (double)*used < count ? (uint64_t)count : *used;
        }
    }
    return SLUICE_FACT_FOUND;
}

/* ---- deciding ---- */

bool slu_replay_decide(struct slu_replay *replay, const struct slu_witness *witness) {
    struct sluice_event event;
    struct sluice_error error;
    if (replay->no_memory || !start(replay)) {
        replay->no_memory = true;
        return false;
    }
    slu_arena_reset(&replay->answers);
    replay->witness = witness;
    replay->event = slu_map_find(&replay->program->event_names, witness->event);
    replay->result = (struct sluice_result){NULL, 0};
    slu_buffer_clear(&replay->text);
    slu_witness_write(witness, &replay->text);
    if (replay->text.failed || replay->event == SLU_MAP_NONE) {
        replay->no_memory |= replay->text.failed;
        return false;
    }
    struct sluice_delivery delivery = {.body = slu_string_give(slu_buffer_string(&replay->text))};
    enum sluice_status status = sluice_read(replay->decider, &delivery, &event, &error);
    if (status == SLUICE_OK) {
        struct sluice_facts facts = {replay, state, lookup, allowance, NULL};
        struct sluice_inputs inputs = {.clock = (int64_t)witness->clock, .facts = &facts};
        status = sluice_decide(replay->decider, &inputs, &replay->result, &error);
    }
    replay->no_memory |= status == SLUICE_NO_MEMORY;
    return status == SLUICE_OK;
}

const struct sluice_decision *slu_replay_decision(const struct slu_replay *replay, uint32_t ruleset) {
    const struct slu_program_event *event = &replay->program->events[replay->event];
    for (uint32_t i = 0; i < event->ruleset_count && i < replay->result.count; i++) {
        if (event->rulesets[i] == ruleset && replay->result.decisions[i].depth == 0) {
            return &replay->result.decisions[i];
        }
    }
    return NULL;
}

uint32_t slu_replay_winner(struct slu_replay *replay, uint32_t ruleset) {
    const struct sluice_decision *decision = slu_replay_decision(replay, ruleset);
    if (decision == NULL) {
        return SLU_REPLAY_FAILED;
    }
    if (decision->rule.bytes == NULL) {
        return SLU_REPLAY_NONE;
    }
    struct slu_buffer key;
    slu_buffer_init(&key);
    uint32_t rule = SLU_MAP_NONE;
    if (rule_key(&key, ruleset, slu_string_take(decision->rule))) {
        rule = slu_map_find(&replay->rules, slu_buffer_string(&key));
    }
    replay->no_memory |= key.failed;
    slu_buffer_free(&key);
    return rule == SLU_MAP_NONE ? SLU_REPLAY_FAILED : rule;
}
