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

static inline void note_winner(struct sluice_decision *decision, const struct slu_program_rule *rule,
                               const struct sluice_spent *spent) {
    decision->rule = slu_string_give(rule->title);
    decision->line = rule->line;
    decision->spent = spent;
    decision->spent_count = rule->allowance_count;
}

enum sluice_status slu_rules_win(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                 struct sluice_decision *decision) {
    if (deciding->decider->coverage != NULL) {
        deciding->decider->coverage->wins[rule - deciding->program->rules]++;
    }
    enum sluice_status status = slu_allowances_spend(deciding, rule, decision->spent);
    return status == SLUICE_OK ? slu_actions_make(deciding, rule, decision) : status;
}

static enum sluice_status win(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                              const struct sluice_spent *spent, struct sluice_decision *decision) {
    note_winner(decision, rule, spent);
    return deciding->winners_only ? SLUICE_OK : slu_rules_win(deciding, rule, decision);
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
        return frame->found != NULL &&
               slu_rules_find_classes(deciding->program, frame->event, deciding->decider->index_use, frame->slots,
                                      deciding->arena, frame->found);
    }
    return true;
}

/* Tries only the rules that the index leaves, in their order. */
static enum sluice_status decide_by_index(struct slu_deciding *deciding, const struct slu_program_ruleset *ruleset,
                                          struct sluice_decision *decision) {
    struct slu_index_search own, *search = &own;
    uint32_t number;
    bool any, unsure;
    if (!has_found(deciding)) {
        return slu_deciding_no_memory(deciding);
    }
    const struct slu_program_rule *rules = &deciding->program->rules[ruleset->first_rule];
    if (deciding->begun != NULL && deciding->frame->raised_by == NULL) {
        search = &deciding->begun->search;
        search->machine = &deciding->machine;
        number = deciding->begun->number;
        unsure = deciding->begun->unsure;
        any = deciding->begun->any;
    } else {
        any = slu_index_first(search, ruleset->index, rules, &deciding->machine,
                              deciding->frame->found + ruleset->index->first_found, &number, &unsure);
    }
    for (; any; any = slu_index_next(search, &number, &unsure)) {
        const struct slu_program_rule *rule = &rules[number];
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
    return slu_deciding_status(deciding, search->status);
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

/* Nothing has won yet. */
static inline void begin_decision(struct sluice_decision *decision, const struct slu_program_event *event,
                                  uint32_t depth, struct slu_string lane, const struct slu_program_ruleset *ruleset) {
    *decision = (struct sluice_decision){
        .event = slu_string_give(event->name),
        .depth = depth,
        .ruleset = slu_string_give(ruleset->title),
        .rule = {NULL, 0},
        .file = slu_string_give(ruleset->file),
        .line = ruleset->line,
        .lane = slu_string_give(lane),
        .actions = NULL,
        .action_count = 0,
        .spent = NULL,
        .spent_count = 0,
    };
}

/* What the late looks, and the candidates, say before there is more than they need of a decision. */
__attribute__((noinline)) static enum slu_index_answer search_index(sluice_decider *decider,
                                                                    const struct slu_program_ruleset *ruleset,
                                                                    const struct sluice_inputs *inputs,
                                                                    struct slu_begun *begun) {
    const struct slu_index *index = ruleset->index;
    const struct slu_program_rule *rules = &decider->program->rules[ruleset->first_rule];
    begun->machine = (struct slu_machine){.program = decider->program,
                                          .arena = &decider->arena,
                                          .slots = decider->slots,
                                          .clock = (double)inputs->clock,
                                          .steps_left = SLU_LIMIT_STEPS};
    begun->any = slu_index_first(&begun->search, index, rules, &begun->machine, decider->found + index->first_found,
                                 &begun->number, &begun->unsure);
    begun->asked = true;
    if (!begun->any) {
        return begun->search.status == SLU_MACHINE_OK ? SLU_INDEX_NONE_HOLDS : SLU_INDEX_CANNOT_TELL;
    }
    return begun->unsure || rules[begun->number].allowance_count > 0 ? SLU_INDEX_CANNOT_TELL : SLU_INDEX_WINS;
}

bool slu_rules_decide_outright(sluice_decider *decider, const struct sluice_inputs *inputs, struct slu_begun *begun,
                               const struct slu_program_rule **winner) {
    const struct sluice_program *program = decider->program;
    const struct slu_program_event *event = &program->events[decider->event];
    if (event->ruleset_count != 1 || !decider->has_found || !decider->has_lane) {
        return false;
    }
    const struct slu_program_ruleset *ruleset = &program->rulesets[event->rulesets[0]];
    if (!is_worth(ruleset, decider->index_use)) {
        return false;
    }
    uint32_t number;
    enum slu_index_answer answer =
        slu_index_outright(ruleset->index, decider->found + ruleset->index->first_found, &number);
    if (answer == SLU_INDEX_CANNOT_TELL && (ruleset->index->is_sure || program->scan_count > 0)) {
        answer = search_index(decider, ruleset, inputs, begun);
        number = begun->number;
    }
    if (answer == SLU_INDEX_CANNOT_TELL) {
        return false;
    }
    begin_decision(&decider->first, event, 0, decider->lane, ruleset);
    *winner = NULL;
    if (answer == SLU_INDEX_WINS) {
        *winner = &program->rules[ruleset->first_rule + number];
        note_winner(&decider->first, *winner, NULL);
    }
    return true;
}

enum sluice_status slu_rules_decide(struct slu_deciding *deciding, uint32_t index) {
    const struct slu_program_ruleset *ruleset = &deciding->program->rulesets[index];
    const struct slu_frame *frame = deciding->frame;
    const struct slu_program_event *event = &deciding->program->events[frame->event];
    struct sluice_decision *items = slu_array_room(deciding->arena, deciding->decisions, deciding->decision_count,
                                                   event->ruleset_count, &deciding->decision_capacity, sizeof *items);
    if (items == NULL) {
        return slu_deciding_no_memory(deciding);
    }
    deciding->decisions = items;
    struct sluice_decision *decision = &items[deciding->decision_count++];
    begin_decision(decision, event, frame->depth, frame->lane, ruleset);
    if (deciding->inputs->trace != NULL) {
        slu_trace_text(deciding, SLUICE_TRACE_RULESET, ruleset->title, false, ruleset->file, ruleset->line);
    }
    bool traced = deciding->machine.probe != NULL; /* a trace shows every rule */
    if (!traced && is_worth(ruleset, deciding->decider->index_use)) {
        return decide_by_index(deciding, ruleset, decision);
    }
    return decide_in_turn(deciding, ruleset, decision);
}
