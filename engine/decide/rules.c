/* The first rule whose conditions hold, and that has something left, wins. */
#include "engine/decide/deciding.h"
#include "engine/vm/index.h"

static struct slu_string ruleset_file(const struct slu_deciding *deciding, const struct slu_program_rule *rule) {
    return deciding->program->rulesets[rule->ruleset].file;
}

enum sluice_status slu_rules_try(struct slu_deciding *deciding, const struct slu_program_rule *rule, bool *wins,
                                 struct sluice_spent **spent) {
    slu_trace_text(deciding, SLUICE_TRACE_RULE, rule->title, false, ruleset_file(deciding, rule), rule->line);
    enum sluice_status status = slu_deciding_holds(deciding, rule->condition, wins);
    if (status == SLUICE_OK && *wins && rule->allowance_count > 0) {
        status = slu_allowances_left(deciding, rule, wins, spent);
    }
    if (status == SLUICE_OK) {
        slu_trace_text(deciding, SLUICE_TRACE_OUTCOME, rule->title, *wins, ruleset_file(deciding, rule), rule->line);
    }
    return status;
}

static enum sluice_status win(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                              const struct sluice_spent *spent, struct sluice_decision *decision) {
    decision->rule = slu_string_give(rule->title);
    decision->line = rule->line;
    decision->spent = spent;
    decision->spent_count = rule->allowance_count;
    if (deciding->winners_only) {
        return SLUICE_OK;
    }
    if (deciding->coverage != NULL) {
        deciding->coverage->wins[rule - deciding->program->rules]++;
    }
    enum sluice_status status = slu_allowances_spend(deciding, rule, spent);
    return status == SLUICE_OK ? slu_actions_make(deciding, rule, decision) : status;
}

static enum sluice_status decide_in_turn(struct slu_deciding *deciding, const struct slu_program_ruleset *ruleset,
                                         struct sluice_decision *decision) {
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        const struct slu_program_rule *rule = &deciding->program->rules[ruleset->first_rule + i];
        struct sluice_spent *spent = NULL;
        bool wins = false;
        enum sluice_status status = slu_rules_try(deciding, rule, &wins, &spent);
        if (status != SLUICE_OK) {
            return status;
        }
        if (wins) {
            return win(deciding, rule, spent, decision);
        }
    }
    return SLUICE_OK;
}

/* A raised event, and one that is decided again, has its classes found when they are needed. */
static bool has_found(struct slu_deciding *deciding) {
    struct slu_frame *frame = deciding->frame;
    if (frame->found == NULL) {
        frame->found = SLU_NEW_ARRAY(deciding->arena, struct slu_index_found, deciding->program->found_count);
        return frame->found != NULL && slu_rules_find_classes(deciding->program, frame->event, deciding->index_use,
                                                              frame->slots, deciding->arena, frame->found);
    }
    return true;
}

/* Tries only the rules that the index leaves, in their order. */
static enum sluice_status decide_by_index(struct slu_deciding *deciding, const struct slu_program_ruleset *ruleset,
                                          struct sluice_decision *decision) {
    struct slu_index_hits hits;
    uint32_t number;
    bool unsure;
    if (!has_found(deciding)) {
        return slu_deciding_no_memory(deciding);
    }
    enum slu_machine_status searched = slu_index_search(ruleset->index, &deciding->machine,
                                                        deciding->frame->found + ruleset->index->first_found, &hits);
    if (searched != SLU_MACHINE_OK) {
        return slu_deciding_status(deciding, searched);
    }
    while (slu_index_next(&hits, &number, &unsure)) {
        const struct slu_program_rule *rule = &deciding->program->rules[ruleset->first_rule + number];
        struct sluice_spent *spent = NULL;
        bool wins = true;
        enum sluice_status status = SLUICE_OK;
        if (unsure) {
            status = slu_deciding_holds(deciding, rule->condition, &wins);
        }
        if (status == SLUICE_OK && wins && rule->allowance_count > 0) {
            status = slu_allowances_left(deciding, rule, &wins, &spent);
        }
        if (status != SLUICE_OK) {
            return status;
        }
        if (wins) {
            return win(deciding, rule, spent, decision);
        }
    }
    return SLUICE_OK;
}

static bool is_worth(const struct slu_program_ruleset *ruleset, enum slu_index_use use) {
    bool worth = use == SLU_INDEX_ALWAYS || ruleset->rule_count >= SLU_INDEX_RULES_WORTH;
    return ruleset->index != NULL && worth && use != SLU_INDEX_NEVER;
}

bool slu_rules_find_classes(const struct sluice_program *program, uint32_t number, enum slu_index_use use,
                            const struct slu_value *slots, struct slu_arena *arena, struct slu_index_found *found) {
    const struct slu_program_event *event = &program->events[number];
    for (uint32_t i = 0; i < event->ruleset_count; i++) {
        const struct slu_program_ruleset *ruleset = &program->rulesets[event->rulesets[i]];
        if (is_worth(ruleset, use) &&
            !slu_index_find_early(ruleset->index, slots, arena, found + ruleset->index->first_found)) {
            return false;
        }
    }
    return true;
}

enum sluice_status slu_rules_decide(struct slu_deciding *deciding, uint32_t index) {
    const struct slu_program_ruleset *ruleset = &deciding->program->rulesets[index];
    const struct slu_frame *frame = deciding->frame;
    struct sluice_decision *items = slu_array_room(deciding->arena, deciding->decisions, deciding->decision_count,
                                                   &deciding->decision_capacity, sizeof *items);
    if (items == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    deciding->decisions = items;
    struct sluice_decision *decision = &items[deciding->decision_count++];
    *decision = (struct sluice_decision){
        .event = slu_string_give(deciding->program->events[frame->event].name),
        .depth = frame->depth,
        .ruleset = slu_string_give(ruleset->title),
        .file = slu_string_give(ruleset->file),
        .line = ruleset->line,
        .lane = slu_string_give(frame->lane),
    };
    slu_trace_text(deciding, SLUICE_TRACE_RULESET, ruleset->title, false, ruleset->file, ruleset->line);
    bool traced = deciding->machine.probe != NULL; /* a trace shows every rule */
    if (!traced && is_worth(ruleset, deciding->index_use)) {
        return decide_by_index(deciding, ruleset, decision);
    }
    return decide_in_turn(deciding, ruleset, decision);
}
