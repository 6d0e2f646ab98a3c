/* How often a rule may win. */
#include "engine/decide/deciding.h"

struct slu_string slu_allowance_entity(const struct sluice_program *program, uint32_t index) {
    uint32_t slot = program->allowances[index].entity_slot;
    struct slu_string name = slot == SLU_NO_INDEX ? (struct slu_string){NULL, 0} : program->slots[slot].name;
    while (name.length > 0 && name.bytes[--name.length] != '.') {
    }
    return name;
}

/* How often the rule has won for the key within the allowance's period: what
 * the facts say, asked once, and what this result has spent since. */
static enum sluice_status used_so_far(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                      uint32_t index, struct slu_string key, struct slu_known **known) {
    *known = slu_known_find(deciding, SLU_KNOWN_ALLOWANCE, index, key);
    if (*known != NULL) {
        return SLUICE_OK;
    }
    const struct slu_program_allowance *allowance = &deciding->program->allowances[index];
    const struct sluice_facts *facts = deciding->facts;
    uint64_t used = 0;
    bool found = false;
    if (facts->allowance != NULL) {
        enum sluice_fact_status asked = facts->allowance(
            facts->context, slu_string_give(deciding->program->rulesets[rule->ruleset].title),
            slu_string_give(rule->title), slu_string_give(slu_allowance_entity(deciding->program, index)),
            slu_string_give(key), allowance->period, deciding->inputs->clock, &used);
        enum sluice_status status = slu_facts_status(deciding, asked, allowance->text, &found);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    *known = slu_known_put(deciding, SLU_KNOWN_ALLOWANCE, index, key);
    if (*known == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    (*known)->used = found ? used : 0;
    return SLUICE_OK;
}

enum sluice_status slu_allowances_used_up(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                          uint32_t index, bool *used_up) {
    const struct slu_program_allowance *allowance = &deciding->program->allowances[index];
    struct slu_known *known = NULL;
    struct slu_string key;
    *used_up = false;
    enum sluice_status status = slu_facts_key(deciding, allowance->entity_slot, &key);
    if (status != SLUICE_OK || (allowance->entity_slot != SLU_NO_INDEX && key.length == 0)) {
        return status;
    }
    status = used_so_far(deciding, rule, index, key, &known);
    *used_up = status == SLUICE_OK && known->used >= allowance->count;
    return status;
}

static void trace_allowance(struct slu_deciding *deciding, const struct slu_program_rule *rule, uint32_t index,
                            const struct slu_known *known, bool left) {
    struct sluice_value used = {.type = SLUICE_MISSING};
    if (known != NULL) {
        used = (struct sluice_value){.type = SLUICE_NUMBER, .number = (double)known->used};
    }
    slu_trace_value(
        deciding, &(struct sluice_trace_entry){.kind = SLUICE_TRACE_ALLOWANCE,
                                               .text = slu_string_give(deciding->program->allowances[index].text),
                                               .value = used,
                                               .outcome = left,
                                               .file = slu_string_give(deciding->program->rulesets[rule->ruleset].file),
                                               .line = rule->line});
}

/* One that counts per entity is spent when the event does not name it:
 * sending too little is mended by a person, sending twice is not. */
static enum sluice_status one_left(struct slu_deciding *deciding, const struct slu_program_rule *rule, uint32_t index,
                                   bool *left, struct slu_string *key) {
    const struct slu_program_allowance *allowance = &deciding->program->allowances[index];
    struct slu_known *known = NULL;
    *left = false;
    enum sluice_status status = slu_facts_key(deciding, allowance->entity_slot, key);
    if (status == SLUICE_OK && (allowance->entity_slot == SLU_NO_INDEX || key->length > 0)) {
        status = used_so_far(deciding, rule, index, *key, &known);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    *left = known != NULL && known->used < allowance->count;
    trace_allowance(deciding, rule, index, known, *left);
    return SLUICE_OK;
}

enum sluice_status slu_allowances_left(struct slu_deciding *deciding, const struct slu_program_rule *rule, bool *left,
                                       struct sluice_spent **spent) {
    *left = true;
    *spent = SLU_NEW_ARRAY(deciding->arena, struct sluice_spent, rule->allowance_count);
    if (*spent == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    for (uint32_t i = 0; i < rule->allowance_count && *left; i++) {
        uint32_t index = rule->first_allowance + i;
        struct slu_string key;
        enum sluice_status status = one_left(deciding, rule, index, left, &key);
        if (status != SLUICE_OK) {
            return status;
        }
        (*spent)[i] = (struct sluice_spent){slu_string_give(slu_allowance_entity(deciding->program, index)),
                                            slu_string_give(key), deciding->program->allowances[index].period};
    }
    return SLUICE_OK;
}

enum sluice_status slu_allowances_spend(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                        const struct sluice_spent *spent) {
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        struct slu_known *known =
            slu_known_put(deciding, SLU_KNOWN_ALLOWANCE, rule->first_allowance + i, slu_string_take(spent[i].key));
        if (known == NULL) {
            return slu_deciding_no_memory(deciding);
        }
        known->used++;
    }
    return SLUICE_OK;
}
