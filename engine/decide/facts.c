/* Asks the caller's facts, once per question, and keeps what the decisions of
 * this result have changed. */
#include "engine/decide/deciding.h"

#include <string.h>

/* Kind and index stand before the text. */
enum { KEY_HEAD = 1 + sizeof(uint32_t) };

static bool known_key(struct slu_deciding *deciding, enum slu_known_kind kind, uint32_t index, struct slu_string text,
                      struct slu_string *key) {
    char *bytes = slu_arena_alloc_bytes(deciding->arena, KEY_HEAD + text.length);
    if (bytes == NULL) {
        return false;
    }
    bytes[0] = (char)kind;
    memcpy(bytes + 1, &index, sizeof index);
    if (text.length > 0) {
        memcpy(bytes + KEY_HEAD, text.bytes, text.length);
    }
    *key = (struct slu_string){bytes, KEY_HEAD + text.length};
    return true;
}

struct slu_known *slu_known_find(struct slu_deciding *deciding, enum slu_known_kind kind, uint32_t index,
                                 struct slu_string text) {
    struct slu_string key;
    if (deciding->known_count == 0 || !known_key(deciding, kind, index, text, &key)) {
        return NULL;
    }
    uint32_t at = slu_map_find(&deciding->known_index, key);
    return at == SLU_MAP_NONE ? NULL : deciding->known[at];
}

struct slu_known *slu_known_put(struct slu_deciding *deciding, enum slu_known_kind kind, uint32_t index,
                                struct slu_string text) {
    struct slu_known *known = slu_known_find(deciding, kind, index, text);
    if (known != NULL || deciding->arena->failed) {
        return known;
    }
    if (deciding->known_count == 0) {
        slu_map_init(&deciding->known_index, deciding->arena);
    }
    struct slu_string key;
    struct slu_known **items = slu_array_room(deciding->arena, deciding->known, deciding->known_count, 1,
                                              &deciding->known_capacity, sizeof(struct slu_known *));
    known = SLU_NEW(deciding->arena, struct slu_known);
    if (items == NULL || known == NULL || !known_key(deciding, kind, index, text, &key) ||
        !slu_map_put(&deciding->known_index, key, (uint32_t)deciding->known_count)) {
        return NULL;
    }
    deciding->known = items;
    deciding->known[deciding->known_count++] = known;
    return known;
}

enum sluice_status slu_facts_status(struct slu_deciding *deciding, enum sluice_fact_status status,
                                    struct slu_string what, bool *found) {
    *found = status == SLUICE_FACT_FOUND;
    switch (status) {
    case SLUICE_FACT_FOUND:
    case SLUICE_FACT_MISSING:
        break;
    case SLUICE_FACT_ABSENT:
        slu_trace_text(deciding, SLUICE_TRACE_ABSENT, what, false, (struct slu_string){NULL, 0}, 0);
        break;
    case SLUICE_FACT_PENDING:
        return SLUICE_NEEDS_FACTS;
    case SLUICE_FACT_FAILED:
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_FACT_FAILED, "the fact %.*s could not be read",
                             (int)(what.length > 100 ? 100 : what.length), what.bytes);
    }
    return SLUICE_OK;
}

/* Puts an answer into the engine's form and holds it against the field's type. */
static enum sluice_status take_answer(struct slu_deciding *deciding, const struct slu_slot *slot,
                                      const struct sluice_value *answer, struct slu_value *value) {
    struct slu_string not_a_choice;
    if (!slu_value_take(deciding->arena, answer, value) || !slu_slot_fit(slot, deciding->arena, value, &not_a_choice)) {
        return slu_deciding_no_memory(deciding);
    }
    if (not_a_choice.bytes != NULL) {
        slu_trace_value(deciding, &(struct sluice_trace_entry){
                                      .kind = SLUICE_TRACE_NOT_A_CHOICE,
                                      .text = slu_string_give(slot->name),
                                      .value = {.type = SLUICE_TEXT, .text = slu_string_give(not_a_choice)}});
    }
    return SLUICE_OK;
}

static struct slu_value initial_value(const struct slu_slot *slot) {
    return slot->initial.type == SLU_TYPE_MISSING ? slu_slot_missing(slot) : slot->initial;
}

enum sluice_status slu_facts_state(struct slu_deciding *deciding, uint32_t index, struct slu_string entity,
                                   struct slu_value *value) {
    const struct slu_slot *slot = &deciding->program->slots[index];
    const struct slu_known *known = slu_known_find(deciding, SLU_KNOWN_SET, index, entity);
    if (known != NULL) {
        *value = known->value.type == SLU_TYPE_MISSING ? initial_value(slot) : known->value;
        return SLUICE_OK;
    }
    if (deciding->arena->failed) {
        return slu_deciding_no_memory(deciding);
    }
    struct sluice_value answer = {.type = SLUICE_MISSING};
    enum sluice_fact_status asked = SLUICE_FACT_ABSENT;
    if (deciding->facts->state != NULL) {
        asked = deciding->facts->state(deciding->facts->context, slu_string_give(slot->name), slu_string_give(entity),
                                       &answer);
    }
    bool found;
    *value = initial_value(slot);
    enum sluice_status status = slu_facts_status(deciding, asked, slot->name, &found);
    if (status != SLUICE_OK || !found || answer.type == SLUICE_MISSING) {
        return status;
    }
    return take_answer(deciding, slot, &answer, value);
}

/* State of an entity that the event does not name is missing, not initial:
 * nobody knows whose it would be. */
static enum sluice_status fill_state(struct slu_deciding *deciding, uint32_t index) {
    const struct slu_slot *slot = &deciding->program->slots[index];
    struct slu_string entity;
    enum sluice_status status = slu_facts_key(deciding, slot->entity_slot, &entity);
    if (status != SLUICE_OK || entity.length == 0) {
        return status;
    }
    return slu_facts_state(deciding, index, entity, &deciding->frame->slots[index]);
}

/* The arguments of a look-up. *complete: every one that is written has a value,
 * or it is a test, which says what look-ups answer and not always for what. */
static enum sluice_status lookup_arguments(struct slu_deciding *deciding, const struct slu_program_lookup *lookup,
                                           struct sluice_value **arguments, bool *complete) {
    *complete = true;
    *arguments = SLU_NEW_ARRAY(deciding->arena, struct sluice_value, lookup->argument_count);
    if (*arguments == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < lookup->argument_count; i++) {
        if (lookup->arguments[i].count == 0) {
            continue;
        }
        struct slu_value value;
        enum sluice_status status = slu_deciding_run(deciding, lookup->arguments[i], &value);
        if (status != SLUICE_OK) {
            return status;
        }
        *complete = *complete && (value.type != SLU_TYPE_MISSING || deciding->decider->stand_ins != NULL);
        if (!slu_value_give(deciding->arena, value, &(*arguments)[i])) {
            return slu_deciding_no_memory(deciding);
        }
    }
    return SLUICE_OK;
}

static enum sluice_status fill_lookup(struct slu_deciding *deciding, uint32_t index) {
    const struct slu_slot *slot = &deciding->program->slots[index];
    const struct slu_program_lookup *lookup = &deciding->program->lookups[slot->lookup];
    struct sluice_value *arguments;
    bool complete, found;
    enum sluice_status status = lookup_arguments(deciding, lookup, &arguments, &complete);
    if (status != SLUICE_OK || !complete) {
        return status;
    }
    struct sluice_value answer = {.type = SLUICE_MISSING};
    enum sluice_fact_status asked = SLUICE_FACT_ABSENT;
    if (deciding->facts->lookup != NULL) {
        asked = deciding->facts->lookup(deciding->facts->context, slu_string_give(lookup->name),
                                        slu_string_give(lookup->operation), arguments, lookup->argument_count,
                                        slu_string_give(slot->result), &answer);
    }
    status = slu_facts_status(deciding, asked, slot->name, &found);
    if (status != SLUICE_OK || !found) {
        return status;
    }
    return take_answer(deciding, slot, &answer, &deciding->frame->slots[index]);
}

/* Marked as filled before asking: a look-up whose argument reads itself finds
 * it missing instead of going round for ever. The checker bounds how many wait
 * for one another; a compiled file may be forged. */
static enum sluice_status fill(struct slu_deciding *deciding, uint32_t index) {
    struct slu_frame *frame = deciding->frame;
    const struct slu_slot *slot = &deciding->program->slots[index];
    if (deciding->fact_depth == SLU_LIMIT_FACT_DEPTH) {
        return slu_error_set(deciding->error, SLU_INPUT_ERROR_FACTS_TOO_DEEP,
                             "more than %d facts wait for one another: this compiled file was not made by a compiler",
                             SLU_LIMIT_FACT_DEPTH);
    }
    frame->slots[index] = slu_slot_missing(slot);
    frame->filled[index] = SLU_FILLED;
    deciding->fact_depth++;
    slu_machine_probe *probe = deciding->machine.probe;
    deciding->machine.probe = NULL;
    enum sluice_status status = SLUICE_OK;
    switch (slot->origin) {
    case SLU_FIELD_EVENT:
        break;
    case SLU_FIELD_STATE:
        status = fill_state(deciding, index);
        break;
    case SLU_FIELD_LOOKUP:
        status = fill_lookup(deciding, index);
        break;
    }
    deciding->machine.probe = probe;
    deciding->fact_depth--;
    return status;
}

enum slu_machine_status slu_facts_fill(void *context, uint32_t slot) {
    struct slu_deciding *deciding = context;
    deciding->failure = fill(deciding, slot);
    switch (deciding->failure) {
    case SLUICE_OK:
        return SLU_MACHINE_OK;
    case SLUICE_NEEDS_FACTS:
        return SLU_MACHINE_PENDING;
    case SLUICE_INVALID:
    case SLUICE_NO_MEMORY:
    case SLUICE_LIMIT:
    case SLUICE_IGNORED:
        break;
    }
    return SLU_MACHINE_FAILED;
}

enum sluice_status slu_facts_slot(struct slu_deciding *deciding, uint32_t slot, struct slu_value *value) {
    enum sluice_status status = SLUICE_OK;
    if (deciding->frame->filled[slot] == SLU_UNFILLED) {
        status = fill(deciding, slot);
    }
    *value = deciding->frame->slots[slot];
    return status;
}

enum sluice_status slu_facts_key(struct slu_deciding *deciding, uint32_t slot, struct slu_string *key) {
    *key = (struct slu_string){NULL, 0};
    if (slot == SLU_NO_INDEX) {
        return SLUICE_OK;
    }
    struct slu_value value;
    enum sluice_status status = slu_facts_slot(deciding, slot, &value);
    if (status == SLUICE_OK && !slu_value_key(value, deciding->arena, key)) {
        return slu_deciding_no_memory(deciding);
    }
    if (key->length == 0 && deciding->decider->stand_ins != NULL && deciding->decider->stand_ins[slot] != 0) {
        *key = SLU_STRING(SLU_STAND_IN);
    }
    return status;
}
