/* Sequences of events that break an assertion, run through the real engine
 * from an empty store: nothing else shows that it can happen. */
#include "engine/prove/assertions.h"

#include <math.h>
#include <stdio.h>

enum { RUNS_MAX = 3000, RATE_EVENTS = 30, EACH_ITEMS = 50 };

/* ---- the pool ---- */

void slu_search_clear(struct slu_assertion_proof *proof) {
    proof->pool_count = 0;
    for (uint32_t i = 0; i < proof->lint->model->rules_count; i++) {
        proof->in_pool[i] = 0;
    }
}

static bool out_of_memory(struct slu_assertion_proof *proof) {
    proof->lint->prover->arena->failed |= proof->sequence->no_memory;
    return proof->lint->prover->arena->failed;
}

/* What an action repeats over, where it is a list that the event brings: as many elements as it takes. */
static void fill_lists(struct slu_assertion_proof *proof, struct slu_pool_event *event) {
    const struct slu_model *model = proof->lint->model;
    if (event->rule == SLU_NO_INDEX) {
        return;
    }
    const struct slu_bound_rule *rule = &model->rules[event->rule];
    double wanted = proof->assertion->kind == SLU_ASSERTION_AT_MOST ? proof->assertion->limit.count + 1 : 1;
    for (uint32_t i = 0; i < rule->action_count; i++) {
        for (uint32_t j = 0; j < rule->actions[i].argument_count; j++) {
            const struct slu_argument *argument = rule->actions[i].arguments[j];
            if (argument == NULL || !argument->each || argument->value->kind != SLU_EXPRESSION_NAME ||
                argument->value->binding != SLU_BINDING_FIELD) {
                continue;
            }
            const struct slu_field *field = &model->fields[argument->value->index];
            if (field->origin != SLU_FIELD_STATE && wanted <= EACH_ITEMS) {
                (void)slu_witness_put_items(&event->witness, proof->lint->prover->arena, field, (uint32_t)wanted);
            }
        }
    }
}

/* The tag of another member than this one, of a group of which only one is carried; NULL: none. */
static const struct slu_word *other_member(const struct slu_model *model, const struct slu_bound_action *action) {
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_argument *argument = action->arguments[i];
        if (argument == NULL || !model->operations[action->target].takes[i].type.tag) {
            continue;
        }
        for (uint32_t group = 0; group < model->groups_count; group++) {
            const struct slu_words *members = &model->groups[group].members;
            for (uint32_t j = 0; model->groups[group].exclusive && j < members->count; j++) {
                if (argument->value->kind == SLU_EXPRESSION_TEXT &&
                    !slu_string_equal(argument->value->text, members->items[j].text)) {
                    return &members->items[j];
                }
            }
        }
    }
    return NULL;
}

/* The same event on a conversation that carries another tag of the group: giving one takes that away. */
static void add_with_tag(struct slu_assertion_proof *proof, const struct slu_pool_event *event) {
    const struct slu_model *model = proof->lint->model;
    const struct slu_bound_rule *rule = &model->rules[event->rule];
    uint32_t tags = slu_map_find(&model->field_names, SLU_STRING("conversation.tags"));
    for (uint32_t i = 0; i < rule->action_count && tags != SLU_MAP_NONE; i++) {
        const struct slu_word *other =
            slu_action_gives_tag(model, &rule->actions[i]) ? other_member(model, &rule->actions[i]) : NULL;
        if (other == NULL || proof->pool_count == SLU_POOL_EVENTS) {
            continue;
        }
        struct slu_pool_event *with = &proof->pool[proof->pool_count];
        *with = *event;
        if (slu_witness_keep(&event->witness, proof->lint->prover->arena, &with->witness) &&
            slu_witness_add_item(&with->witness, proof->lint->prover->arena, &model->fields[tags], other->text)) {
            proof->pool_count++;
        }
        return;
    }
}

void slu_search_add(struct slu_assertion_proof *proof, uint32_t rule, bool breaks) {
    struct slu_arena *arena = proof->lint->prover->arena;
    if (proof->pool_count == SLU_POOL_EVENTS) {
        return;
    }
    struct slu_pool_event *event = &proof->pool[proof->pool_count];
    *event = (struct slu_pool_event){.rule = rule, .breaks = breaks};
    if (!slu_witness_keep(&proof->lint->query.witness, arena, &event->witness)) {
        return;
    }
    fill_lists(proof, event);
    proof->pool_count++;
    if (rule != SLU_NO_INDEX) {
        add_with_tag(proof, event);
    }
}

/* ---- what leads to what an event needs ---- */

static bool sets(const struct slu_bound_rule *rule, const struct slu_model *model, const struct slu_field *field) {
    for (uint32_t i = 0; i < rule->action_count; i++) {
        const struct slu_bound_action *action = &rule->actions[i];
        if (action->syntax->kind == SLU_ACTION_SET && action->target != SLU_NO_INDEX &&
            (field == NULL || &model->fields[action->target] == field)) {
            return true;
        }
    }
    return false;
}

static bool undoes(const struct slu_bound_rule *rule, uint32_t other) {
    for (uint32_t i = 0; i < rule->action_count; i++) {
        if (rule->actions[i].syntax->kind == SLU_ACTION_UNDO && rule->actions[i].target == other) {
            return true;
        }
    }
    return false;
}

static bool is_cause(const struct slu_assertion_proof *proof, uint32_t rule, const struct slu_pool_event *event) {
    const struct slu_model *model = proof->lint->model;
    for (uint32_t i = 0; i < event->witness.value_count; i++) {
        const struct slu_field *field = event->witness.values[i].field;
        if (field->origin == SLU_FIELD_STATE && sets(&model->rules[rule], model, field)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < event->witness.allowance_count; i++) {
        if (!event->witness.allowances[i].left && event->witness.allowances[i].rule == &model->rules[rule]) {
            return true;
        }
    }
    return event->rule != SLU_NO_INDEX && undoes(&model->rules[event->rule], rule);
}

/* `set f = g` with what `needed` wants of f: the event says it in g. */
static void say_what_is_set(struct slu_assertion_proof *proof, struct slu_pool_event *event,
                            const struct slu_witness *needed) {
    const struct slu_model *model = proof->lint->model;
    const struct slu_bound_rule *rule = &model->rules[event->rule];
    for (uint32_t i = 0; i < rule->action_count; i++) {
        const struct slu_bound_action *action = &rule->actions[i];
        if (action->syntax->kind != SLU_ACTION_SET || action->target == SLU_NO_INDEX || action->argument_count == 0) {
            continue;
        }
        const struct slu_field *set = &model->fields[action->target];
        const struct slu_expression *value = action->arguments[0]->value;
        const struct slu_witness_value *wanted = slu_witness_find(needed, set->name.text);
        if (wanted == NULL || value->kind != SLU_EXPRESSION_NAME || value->binding != SLU_BINDING_FIELD) {
            continue;
        }
        const struct slu_field *from = &model->fields[value->index];
        if (from->origin != SLU_FIELD_STATE && from->type.type == set->type.type) {
            (void)slu_witness_put_value(&event->witness, proof->lint->prover->arena, from, wanted);
        }
    }
}

static void add_cause(struct slu_assertion_proof *proof, uint32_t rule, const struct slu_pool_event *event) {
    const char *reason;
    uint32_t place = proof->pool_count;
    proof->in_pool[rule] = 1;
    if (place < SLU_POOL_EVENTS && (slu_assertion_reach(proof, rule, SLU_ALWAYS, true, &reason) == SLU_VERDICT_YES ||
                                    slu_assertion_reach(proof, rule, SLU_ALWAYS, false, &reason) == SLU_VERDICT_YES)) {
        slu_search_add(proof, rule, false);
        if (event != NULL && proof->pool_count > place) {
            say_what_is_set(proof, &proof->pool[place], &event->witness);
        }
    }
}

/* ---- whose it all is ---- */

/* The events of a sequence are about the same contact, conversation and so on. */
static void say_whose(struct slu_assertion_proof *proof, uint32_t id) {
    struct slu_string whose = SLU_STRING("1");
    if (id == SLU_NO_INDEX) {
        return;
    }
    const struct slu_field *field = &proof->lint->model->fields[id];
    for (uint32_t i = proof->pool_count; i-- > 0;) {
        const struct slu_witness_value *value = slu_witness_find(&proof->pool[i].witness, field->name.text);
        whose = value != NULL ? value->text : whose;
    }
    for (uint32_t i = 0; i < proof->pool_count; i++) {
        if (slu_witness_find(&proof->pool[i].witness, field->name.text) == NULL) {
            (void)slu_witness_put_text(&proof->pool[i].witness, proof->lint->prover->arena, field, whose);
        }
    }
}

static void say_whose_of_rule(struct slu_assertion_proof *proof, const struct slu_bound_rule *rule) {
    const struct slu_model *model = proof->lint->model;
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        say_whose(proof, rule->allowances[i].entity_id);
    }
    for (uint32_t i = 0; i < rule->action_count; i++) {
        const struct slu_bound_action *action = &rule->actions[i];
        if (action->syntax->kind == SLU_ACTION_SET && action->target != SLU_NO_INDEX) {
            say_whose(proof, model->fields[action->target].entity_id);
        }
        if (action->syntax->kind == SLU_ACTION_UNDO) {
            uint32_t conversation = slu_map_find(&model->field_names, SLU_STRING("conversation.id"));
            say_whose(proof, conversation == SLU_MAP_NONE ? SLU_NO_INDEX : conversation);
        }
    }
}

void slu_search_add_causes(struct slu_assertion_proof *proof) {
    const struct slu_model *model = proof->lint->model;
    for (uint32_t i = 0; i < proof->pool_count; i++) {
        for (uint32_t rule = 0; rule < model->rules_count && proof->pool_count < SLU_POOL_EVENTS; rule++) {
            const struct slu_pool_event event = proof->pool[i];
            if (proof->in_pool[rule] == 0 && is_cause(proof, rule, &event)) {
                add_cause(proof, rule, &event);
            }
        }
    }
    /* What is calculated from states does not say which: as many others as there is room for. */
    for (uint32_t rule = 0; rule < model->rules_count && proof->pool_count < SLU_POOL_EVENTS; rule++) {
        if (proof->in_pool[rule] == 0 && sets(&model->rules[rule], model, NULL)) {
            add_cause(proof, rule, NULL);
        }
    }
    for (uint32_t i = 0; i < proof->pool_count; i++) {
        if (proof->pool[i].rule != SLU_NO_INDEX) {
            say_whose_of_rule(proof, &model->rules[proof->pool[i].rule]);
        }
        for (uint32_t j = 0; j < proof->pool[i].witness.value_count; j++) {
            const struct slu_field *field = proof->pool[i].witness.values[j].field;
            say_whose(proof, field->origin == SLU_FIELD_STATE ? field->entity_id : SLU_NO_INDEX);
        }
    }
    say_whose(proof, proof->assertion->limit.entity_id);
}

/* A copy of the event whose allowance is another's: "2", "3" and so on. */
static void add_other(struct slu_assertion_proof *proof, const struct slu_pool_event *event, uint32_t id,
                      uint32_t number) {
    struct slu_arena *arena = proof->lint->prover->arena;
    struct slu_pool_event *other = &proof->pool[proof->pool_count];
    char digits[16];
    int length = snprintf(digits, sizeof digits, "%u", (unsigned)number);
    struct slu_string whose = {digits, length < 0 ? 0 : (size_t)length};
    *other = *event;
    if (slu_witness_keep(&event->witness, arena, &other->witness) &&
        slu_witness_put_text(&other->witness, arena, &proof->lint->model->fields[id], whose)) {
        proof->pool_count++;
    }
}

void slu_search_add_others(struct slu_assertion_proof *proof) {
    const struct slu_model *model = proof->lint->model;
    uint32_t events = proof->pool_count;
    for (uint32_t number = 2; number <= proof->assertion->limit.count + 1; number++) {
        for (uint32_t i = 0; i < events; i++) {
            const struct slu_pool_event *event = &proof->pool[i];
            const struct slu_bound_rule *rule = &model->rules[event->rule];
            for (uint32_t j = 0; event->breaks && j < rule->allowance_count; j++) {
                uint32_t id = rule->allowances[j].entity_id;
                if (id == SLU_NO_INDEX || id == proof->assertion->limit.entity_id) {
                    continue;
                }
                if (proof->pool_count == SLU_POOL_EVENTS) {
                    return;
                }
                add_other(proof, event, id, number);
                break;
            }
        }
    }
}

/* ---- running ---- */

/* The events of a run, by their place in the pool, each with its clock. */
struct run {
    uint32_t events[RATE_EVENTS];
    double clocks[RATE_EVENTS];
    uint32_t count;
};

/* The event after what the run has; the clock does not go back. */
static bool step(struct slu_assertion_proof *proof, struct run *run, uint32_t event, double later) {
    const struct slu_witness *witness = &proof->pool[event].witness;
    double before = run->count > 0 ? run->clocks[run->count - 1] : witness->clock;
    double clock = fmax(witness->clock, before + later);
    if (run->count == RATE_EVENTS || (witness->clock_matters && clock > witness->clock)) {
        return false;
    }
    run->events[run->count] = event;
    run->clocks[run->count++] = clock;
    return slu_sequence_step(proof->sequence, witness, clock);
}

static bool copy_buffer(struct slu_assertion_proof *proof, struct slu_buffer *buffer, struct slu_string *text) {
    return !buffer->failed && slu_arena_copy_string(proof->lint->prover->arena, slu_buffer_string(buffer), text);
}

/* Keeps the run's events as people see them: what came before has set the states. */
static void show(struct slu_assertion_proof *proof, const struct run *run) {
    proof->shown_count = 0;
    for (uint32_t i = 0; i < run->count && i < SLU_SHOWN_EVENTS; i++) {
        struct slu_witness witness = proof->pool[run->events[i]].witness;
        struct slu_buffer event, where;
        slu_buffer_init(&event);
        slu_buffer_init(&where);
        witness.clock = run->clocks[i];
        witness.clock_matters = witness.clock_matters || proof->assertion->kind == SLU_ASSERTION_AT_MOST;
        slu_witness_write(&witness, &event);
        slu_witness_write_lookups(&witness, &where);
        if (!copy_buffer(proof, &event, &proof->shown[i].event) ||
            !copy_buffer(proof, &where, &proof->shown[i].facts)) {
            proof->lint->prover->arena->failed = true;
        }
        slu_buffer_free(&event);
        slu_buffer_free(&where);
        proof->shown_count++;
    }
    proof->broken = !out_of_memory(proof);
}

/* Runs the sequence that `digits` spell, most significant first. */
static bool run_one(struct slu_assertion_proof *proof, const uint32_t *digits, uint32_t length) {
    struct run run = {.count = 0};
    if (!slu_sequence_begin(proof->sequence, proof->number)) {
        return false;
    }
    for (uint32_t i = 0; i < length; i++) {
        if (!step(proof, &run, digits[i], 0)) {
            return false;
        }
        if (slu_sequence_is_broken(proof->sequence)) {
            show(proof, &run);
            return true;
        }
    }
    return false;
}

static bool next_digits(uint32_t *digits, uint32_t length, uint32_t base) {
    for (uint32_t i = length; i-- > 0;) {
        if (++digits[i] < base) {
            return true;
        }
        digits[i] = 0;
    }
    return false;
}

void slu_search_run(struct slu_assertion_proof *proof, uint32_t events) {
    uint32_t runs = 0;
    for (uint32_t length = 1; length <= events && proof->pool_count > 0; length++) {
        uint32_t digits[SLU_SEQUENCE_EVENTS] = {0};
        do {
            bool last_breaks = proof->pool[digits[length - 1]].breaks;
            if ((length == 1 || last_breaks) && run_one(proof, digits, length)) {
                return;
            }
            if (out_of_memory(proof) || (++runs % 64 == 0 && slu_prover_expired(proof->lint->prover)) ||
                runs > RUNS_MAX) {
                return;
            }
        } while (next_digits(digits, length, proof->pool_count));
    }
}

/* ---- too often ---- */

/* The run again from the start: the store cannot be set back. */
static bool rerun(struct slu_assertion_proof *proof, const struct run *run) {
    struct run again = {.count = 0};
    bool fine = slu_sequence_begin(proof->sequence, proof->number);
    for (uint32_t i = 0; fine && i < run->count; i++) {
        double later = i == 0 ? 0 : run->clocks[i] - run->clocks[i - 1];
        fine = step(proof, &again, run->events[i], later);
    }
    return fine;
}

/* Of the pool, the event that asks most often now, or `later`; SLU_NO_INDEX: none does. */
static uint32_t most_asking(struct slu_assertion_proof *proof, const struct run *run, double later) {
    uint32_t best = SLU_NO_INDEX, most = 0;
    for (uint32_t i = 0; i < proof->pool_count; i++) {
        struct run longer = *run;
        if (!rerun(proof, run)) {
            return SLU_NO_INDEX;
        }
        uint32_t before = proof->sequence->asked_count;
        if (step(proof, &longer, i, later) && proof->sequence->asked_count - before > most) {
            most = proof->sequence->asked_count - before;
            best = i;
        }
    }
    return best;
}

/* The shortest wait after which some allowance of the pool's rules is there again. */
static double shortest_wait(const struct slu_assertion_proof *proof) {
    double shortest = 0;
    for (uint32_t i = 0; i < proof->pool_count; i++) {
        const struct slu_bound_rule *rule = &proof->lint->model->rules[proof->pool[i].rule];
        for (uint32_t j = 0; j < rule->allowance_count; j++) {
            double period = rule->allowances[j].period;
            shortest = period > 0 && !(shortest > 0 && shortest < period) ? period : shortest;
        }
    }
    return shortest;
}

/* Goes on from the run until it breaks the assertion, or nothing asks any more. */
static bool go_on(struct slu_assertion_proof *proof, struct run run) {
    double wait = shortest_wait(proof);
    while (run.count < RATE_EVENTS && !slu_prover_expired(proof->lint->prover)) {
        double later = 0;
        uint32_t event = most_asking(proof, &run, 0);
        if (event == SLU_NO_INDEX && wait > 0) {
            later = wait;
            event = most_asking(proof, &run, wait);
        }
        if (event == SLU_NO_INDEX || !rerun(proof, &run) || !step(proof, &run, event, later)) {
            return false;
        }
        if (slu_sequence_is_broken(proof->sequence)) {
            show(proof, &run);
            return true;
        }
    }
    return false;
}

void slu_search_run_rate(struct slu_assertion_proof *proof) {
    struct run run = {.count = 0};
    if (proof->pool_count == 0 || go_on(proof, run)) {
        return;
    }
    /* What only becomes possible by other events first. */
    for (uint32_t length = 1; length < 3; length++) {
        uint32_t digits[2] = {0};
        do {
            run = (struct run){.count = 0};
            bool fine = slu_sequence_begin(proof->sequence, proof->number);
            for (uint32_t i = 0; fine && i < length; i++) {
                fine = step(proof, &run, digits[i], 0);
            }
            if ((fine && go_on(proof, run)) || out_of_memory(proof) || slu_prover_expired(proof->lint->prover)) {
                return;
            }
        } while (next_digits(digits, length, proof->pool_count));
    }
}
