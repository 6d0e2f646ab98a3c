#include "engine/prove/sequence.h"

#include "engine/decide/convert.h"
#include "engine/text/unicode.h"

static const struct slu_bound_assertion *assertion_of(const struct slu_sequence *sequence) {
    return &sequence->program->model->assertions[sequence->assertion];
}

static void note_asked(void *context, uint32_t assertion, struct slu_string entity,
                       const struct sluice_action *action) {
    struct slu_sequence *sequence = context;
    if (assertion != sequence->assertion) {
        return;
    }
    struct slu_asked asked = {.action = slu_string_take(action->name), .due = sequence->clock + (double)action->delay};
    if (!SLU_RESERVE(&sequence->arena, sequence->asked, sequence->asked_capacity, sequence->asked_count) ||
        !slu_arena_copy_string(&sequence->arena, entity, &asked.entity)) {
        sequence->no_memory = true;
        return;
    }
    sequence->asked[sequence->asked_count++] = asked;
}

static void note_condition(void *context, uint32_t assertion, bool holds) {
    struct slu_sequence *sequence = context;
    if (assertion == sequence->assertion) {
        sequence->condition = holds;
    }
}

bool slu_sequence_init(struct slu_sequence *sequence, const struct sluice_program *program) {
    *sequence = (struct slu_sequence){.program = program};
    slu_arena_init(&sequence->arena, 0);
    slu_buffer_init(&sequence->text);
    if (sluice_decider_new(program, &sequence->decider) != SLUICE_OK) {
        sequence->no_memory = true;
        return false;
    }
    sequence->watch = (struct slu_watch){sequence, note_asked, note_condition};
    sequence->decider->watch = &sequence->watch;
    return true;
}

void slu_sequence_free(struct slu_sequence *sequence) {
    sluice_decider_free(sequence->decider);
    slu_store_free(sequence->store);
    slu_buffer_free(&sequence->text);
    slu_arena_free(&sequence->arena);
}

bool slu_sequence_begin(struct slu_sequence *sequence, uint32_t assertion) {
    slu_store_free(sequence->store);
    sequence->store = NULL;
    slu_arena_reset(&sequence->arena);
    sequence->assertion = assertion;
    sequence->asked = NULL;
    sequence->asked_count = sequence->asked_capacity = 0;
    sequence->looked_up = NULL;
    sequence->looked_up_count = sequence->looked_up_capacity = 0;
    sequence->cancelled = false;
    sequence->clock = 0;
    if (slu_store_new(sequence->program, &sequence->store) != SLUICE_OK) {
        sequence->store = NULL;
        sequence->no_memory = true;
    }
    return !sequence->no_memory;
}

/* ---- look-ups ---- */

static bool answer_lookup(struct slu_sequence *sequence, const struct slu_field *field,
                          const struct sluice_value *value) {
    const struct slu_model *model = sequence->program->model;
    const struct slu_lookup *lookup = &model->lookups[field->lookup];
    struct slu_string result = model->operations[lookup->operation].gives[field->result].name;
    bool fine = slu_store_set_lookup(sequence->store, lookup->name.text, (struct slu_string){"", 0}, result, value) ==
                SLUICE_OK;
    sequence->no_memory |= !fine;
    return fine;
}

/* What another system says may change from event to event. */
static bool answer_lookups(struct slu_sequence *sequence, const struct slu_witness *witness) {
    static const struct sluice_value missing = {.type = SLUICE_MISSING};
    for (uint32_t i = 0; i < sequence->looked_up_count; i++) {
        if (!answer_lookup(sequence, sequence->looked_up[i], &missing)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < witness->value_count; i++) {
        const struct slu_field *field = witness->values[i].field;
        struct sluice_value value;
        if (field->origin != SLU_FIELD_LOOKUP) {
            continue;
        }
        if (!slu_witness_give(&witness->values[i], &sequence->arena, &value) ||
            !SLU_RESERVE(&sequence->arena, sequence->looked_up, sequence->looked_up_capacity,
                         sequence->looked_up_count) ||
            !answer_lookup(sequence, field, &value)) {
            sequence->no_memory = true;
            return false;
        }
        sequence->looked_up[sequence->looked_up_count++] = field;
    }
    return true;
}

/* ---- tags on the conversation ---- */

static uint32_t member_of(struct slu_sequence *sequence, struct slu_string tag) {
    const struct slu_words *members = &sequence->program->model->groups[assertion_of(sequence)->group].members;
    struct slu_string folded, member;
    if (!slu_unicode_fold_string(&sequence->arena, tag, &folded)) {
        sequence->no_memory = true;
        return SLU_NO_INDEX;
    }
    for (uint32_t i = 0; i < members->count; i++) {
        if (!slu_unicode_fold_string(&sequence->arena, members->items[i].text, &member)) {
            sequence->no_memory = true;
        } else if (slu_string_equal(folded, member)) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* What the action does at once to the tags of the event's own conversation. */
static void tag_with(struct slu_sequence *sequence, const struct sluice_action *action, struct slu_string lane,
                     uint8_t *carried) {
    const struct slu_model *model = sequence->program->model;
    uint32_t operation = slu_map_find(&model->operation_names, slu_string_take(action->name));
    if (action->kind != SLUICE_ACTION_CALL || action->delay > 0 || action->blocked_by.length > 0 ||
        action->cannot.length > 0 || operation == SLU_MAP_NONE ||
        !slu_string_equal(slu_string_take(action->lane), lane)) {
        return;
    }
    uint32_t inverse = model->operations[operation].inverse;
    for (size_t i = 0; inverse != SLU_NO_INDEX && i < action->argument_count; i++) {
        const struct sluice_argument *argument = &action->arguments[i];
        for (uint32_t j = 0; j < model->operations[operation].take_count; j++) {
            const struct slu_parameter *takes = &model->operations[operation].takes[j];
            if (!slu_string_equal(takes->name, slu_string_take(argument->name)) ||
                argument->value.type != SLUICE_TEXT) {
                continue;
            }
            if (slu_string_is(takes->name, "conversation") &&
                !slu_string_equal(slu_string_take(argument->value.text), lane)) {
                return; /* it names another one */
            }
            uint32_t member =
                takes->type.tag ? member_of(sequence, slu_string_take(argument->value.text)) : SLU_NO_INDEX;
            if (member != SLU_NO_INDEX) {
                carried[member] = !slu_operation_takes_tag_away(model, operation);
            }
        }
    }
}

static void tag_with_all(struct slu_sequence *sequence, const struct sluice_result *result, struct slu_string lane,
                         uint8_t *carried) {
    for (size_t i = 0; i < result->count; i++) {
        for (size_t j = 0; j < result->decisions[i].action_count; j++) {
            const struct sluice_action *action = &result->decisions[i].actions[j];
            tag_with(sequence, action, lane, carried);
            for (size_t k = 0; k < action->reverse_count; k++) {
                tag_with(sequence, &action->reverses[k], lane, carried);
            }
        }
    }
}

static bool count_carried(struct slu_sequence *sequence, const struct slu_witness *witness,
                          const struct sluice_event *event, const struct sluice_result *result) {
    const struct slu_words *members = &sequence->program->model->groups[assertion_of(sequence)->group].members;
    uint8_t *carried = SLU_NEW_ARRAY(&sequence->arena, uint8_t, members->count);
    const struct slu_witness_value *tags = slu_witness_find(witness, SLU_STRING("conversation.tags"));
    sequence->carried = 0;
    if (carried == NULL) {
        sequence->no_memory = true;
        return false;
    }
    for (uint32_t i = 0; tags != NULL && i < tags->item_count; i++) {
        uint32_t member = member_of(sequence, tags->items[i]);
        if (member != SLU_NO_INDEX) {
            carried[member] = 1;
        }
    }
    tag_with_all(sequence, result, slu_string_take(event->lane), carried);
    for (uint32_t i = 0; i < members->count; i++) {
        if (carried[i] != 0) {
            if (sequence->carried < 2) {
                sequence->members[sequence->carried] = members->items[i].text;
            }
            sequence->carried++;
        }
    }
    sequence->condition = sequence->condition && event->lane.length > 0; /* else there is no conversation */
    return !sequence->no_memory;
}

/* ---- who asked ---- */

static bool asks(const struct sluice_action *action, struct slu_string name) {
    if (action->blocked_by.length == 0 && slu_string_equal(slu_string_take(action->name), name)) {
        return true;
    }
    for (size_t i = 0; i < action->reverse_count; i++) {
        const struct sluice_action *reverse = &action->reverses[i];
        if (reverse->blocked_by.length == 0 && reverse->cannot.length == 0 &&
            slu_string_equal(slu_string_take(reverse->name), name)) {
            return true;
        }
    }
    return false;
}

static void note_rule(struct slu_sequence *sequence, const struct sluice_result *result, struct slu_string action) {
    for (size_t i = 0; i < result->count; i++) {
        const struct sluice_decision *decision = &result->decisions[i];
        for (size_t j = 0; j < decision->action_count; j++) {
            if (asks(&decision->actions[j], action)) {
                sequence->ruleset = slu_string_take(decision->ruleset);
                sequence->rule = slu_string_take(decision->rule);
                return;
            }
        }
    }
}

/* ---- one event ---- */

bool slu_sequence_step(struct slu_sequence *sequence, const struct slu_witness *witness, double clock) {
    struct sluice_event event;
    struct sluice_error error;
    struct sluice_result result;
    sequence->clock = clock;
    sequence->condition = false;
    sequence->ruleset = sequence->rule = (struct slu_string){NULL, 0};
    uint32_t asked = sequence->asked_count;
    slu_buffer_clear(&sequence->text);
    slu_witness_write(witness, &sequence->text);
    if (sequence->text.failed || !answer_lookups(sequence, witness)) {
        sequence->no_memory = true;
        return false;
    }
    struct sluice_delivery delivery = {.body = slu_string_give(slu_buffer_string(&sequence->text))};
    struct sluice_inputs inputs = {.clock = (int64_t)clock, .facts = slu_store_facts(sequence->store)};
    enum sluice_status status = slu_store_advance(sequence->store, inputs.clock);
    if (status == SLUICE_OK) {
        status = sluice_read(sequence->decider, &delivery, &event, &error);
    }
    if (status == SLUICE_OK) {
        status = sluice_decide(sequence->decider, &inputs, &result, &error);
    }
    if (status == SLUICE_OK) {
        status = slu_store_apply(sequence->store, &event, &result, inputs.clock);
        sequence->cancelled |= slu_store_cancelled(sequence->store) != NULL;
    }
    sequence->no_memory |= status == SLUICE_NO_MEMORY;
    if (status != SLUICE_OK) {
        return false;
    }
    if (sequence->asked_count > asked) {
        note_rule(sequence, &result, sequence->asked[asked].action);
    }
    return assertion_of(sequence)->kind != SLU_ASSERTION_ALWAYS_ONE ||
           count_carried(sequence, witness, &event, &result);
}

/* More than the limit within one period, for one entity. */
static bool is_too_often(const struct slu_sequence *sequence, const struct slu_bound_allowance *limit) {
    for (uint32_t i = 0; i < sequence->asked_count; i++) {
        const struct slu_asked *last = &sequence->asked[i];
        double count = 0;
        if (limit->entity_id != SLU_NO_INDEX && last->entity.length == 0) {
            continue;
        }
        for (uint32_t j = 0; j < sequence->asked_count; j++) {
            const struct slu_asked *other = &sequence->asked[j];
            bool within = other->due <= last->due && (!(limit->period > 0) || other->due > last->due - limit->period);
            count += within && slu_string_equal(other->entity, last->entity);
        }
        if (count > limit->count) {
            return true;
        }
    }
    return false;
}

bool slu_sequence_is_broken(const struct slu_sequence *sequence) {
    const struct slu_bound_assertion *assertion = assertion_of(sequence);
    switch (assertion->kind) {
    case SLU_ASSERTION_NEVER:
        return sequence->asked_count > 0;
    case SLU_ASSERTION_AT_MOST:
        return !sequence->cancelled && is_too_often(sequence, &assertion->limit);
    case SLU_ASSERTION_ALWAYS_ONE:
        return sequence->condition && sequence->carried != 1;
    }
    return false;
}
