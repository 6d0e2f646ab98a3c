/* What the machine takes for granted, checked: nothing here trusts the program.
 *
 * Jumps go forward only, so one pass over a piece suffices: the depth that a
 * jump brings to its target is kept until the pass gets there. */
#include "engine/base/limits.h"
#include "engine/code/program.h"
#include "stdlib/functions/functions.h"

/* Targets ahead at the same time: each level of nesting opens a few. */
enum { PENDING_MAX = 8 * SLU_LIMIT_NESTING };
enum { WEEK_MINUTES = 7 * 1440 };

struct pending {
    uint32_t target, depth;
};

struct verifier {
    const struct sluice_program *program;
    uint32_t at;
    const char *reason; /* NULL: nothing wrong yet */
    struct pending pending[PENDING_MAX];
    uint32_t pending_count;
};

static bool refuse(struct verifier *verifier, uint32_t at, const char *reason) {
    verifier->at = at;
    verifier->reason = reason;
    return false;
}

/* Is every one of `count` items from `first` on inside a table of `limit`? */
static bool in_table(uint32_t first, uint32_t count, uint32_t limit) {
    return first <= limit && count <= limit - first;
}

static bool index_or_none(uint32_t index, uint32_t limit) {
    return index == SLU_NO_INDEX || index < limit;
}

/* Added to a clock and taken off it, it stays a number. */
static bool duration_is_good(int64_t milliseconds) {
    return milliseconds >= 0 && milliseconds <= INT64_MAX / 2;
}

/* ---- one piece of code ---- */

static bool operand_is_good(const struct sluice_program *program, slu_instruction instruction) {
    uint32_t operand = slu_instruction_operand(instruction);
    switch (slu_opcodes[slu_instruction_opcode(instruction)].operand) {
    case SLU_OPERAND_NONE:
        return operand == 0;
    case SLU_OPERAND_CONSTANT:
        return operand < program->constant_count;
    case SLU_OPERAND_SLOT:
        return operand < program->slot_count;
    case SLU_OPERAND_PATTERN:
        return operand < program->pattern_count;
    case SLU_OPERAND_SEARCH:
        return operand < program->search_count;
    case SLU_OPERAND_CALENDAR:
        return operand < program->calendar_count;
    case SLU_OPERAND_FUNCTION:
        return operand < SLU_FUNCTION_COUNT;
    case SLU_OPERAND_MARKUP:
        return operand < SLU_MARKUP_COUNT;
    case SLU_OPERAND_ESCAPE:
        return slu_escape_markup(operand) < SLU_MARKUP_COUNT &&
               operand ==
                   slu_escape_operand((enum slu_markup)slu_escape_markup(operand), slu_escape_is_address(operand));
    case SLU_OPERAND_LINK:
        return slu_link_event(operand) < program->event_count && slu_link_markup(operand) < SLU_MARKUP_COUNT;
    case SLU_OPERAND_TARGET: /* checked where the place is known */
    case SLU_OPERAND_COUNT:  /* checked against the depth */
        return true;
    }
    return false;
}

/* Remembers that a jump reaches `target` with `depth` values on the stack. */
static const char *add_pending(struct verifier *verifier, uint32_t target, uint32_t depth) {
    for (uint32_t i = 0; i < verifier->pending_count; i++) {
        if (verifier->pending[i].target == target) {
            return verifier->pending[i].depth == depth ? NULL : "jumps reach it with stacks of different depth";
        }
    }
    if (verifier->pending_count == PENDING_MAX) {
        return "too many jumps are open at once";
    }
    verifier->pending[verifier->pending_count++] = (struct pending){target, depth};
    return NULL;
}

/* The depth with which jumps reach `target`, forgotten afterwards; false when none does. */
static bool take_pending(struct verifier *verifier, uint32_t target, uint32_t *depth) {
    for (uint32_t i = 0; i < verifier->pending_count; i++) {
        if (verifier->pending[i].target == target) {
            *depth = verifier->pending[i].depth;
            verifier->pending[i] = verifier->pending[--verifier->pending_count];
            return true;
        }
    }
    return false;
}

/* One instruction at `at` of the piece, with *depth before and after it; NULL when it is good. */
static const char *verify_instruction(struct verifier *verifier, struct slu_code code, uint32_t at, uint32_t *depth) {
    slu_instruction instruction = verifier->program->code[code.start + at];
    if (slu_instruction_opcode(instruction) >= SLU_OP_COUNT) {
        return "no such instruction";
    }
    if (!operand_is_good(verifier->program, instruction)) {
        return "operand out of range";
    }
    const struct slu_opcode_entry *entry = &slu_opcodes[slu_instruction_opcode(instruction)];
    uint32_t pops = slu_instruction_pops(instruction);
    if (pops > *depth) {
        return "takes more values than there are";
    }
    uint32_t after = *depth - pops + entry->pushes;
    if (after > SLU_LIMIT_STACK) {
        return "the stack is too deep";
    }
    if (entry->operand == SLU_OPERAND_TARGET) {
        uint32_t target = slu_instruction_operand(instruction);
        if (target <= at || target >= code.count) {
            return "jumps backwards or out of its piece";
        }
        const char *reason = add_pending(verifier, target, after);
        if (reason != NULL) {
            return reason;
        }
        after -= slu_instruction_opcode(instruction) != SLU_OP_JUMP; /* going on drops the value */
    }
    *depth = after;
    return NULL;
}

static bool verify_piece(struct verifier *verifier, struct slu_code code) {
    if (code.count == 0 || !in_table(code.start, code.count, verifier->program->code_count)) {
        return refuse(verifier, code.start, "a piece of code is empty or lies outside the code");
    }
    verifier->pending_count = 0;
    uint32_t depth = 0;
    bool reached = true;
    for (uint32_t at = 0; at < code.count; at++) {
        uint32_t place = code.start + at, jumped_depth;
        if (take_pending(verifier, at, &jumped_depth)) {
            if (reached && jumped_depth != depth) {
                return refuse(verifier, place, "jumps reach it with stacks of different depth");
            }
            depth = jumped_depth;
        } else if (!reached) {
            return refuse(verifier, place, "nothing reaches it");
        }
        const char *reason = verify_instruction(verifier, code, at, &depth);
        if (reason != NULL) {
            return refuse(verifier, place, reason);
        }
        enum slu_opcode opcode = slu_instruction_opcode(verifier->program->code[place]);
        if ((opcode == SLU_OP_RETURN) != (at == code.count - 1)) {
            return refuse(verifier, place, "a piece of code ends in its only RETURN");
        }
        reached = opcode != SLU_OP_JUMP;
    }
    return depth == 0 || refuse(verifier, code.start + code.count - 1, "values are left on the stack");
}

static bool verify_optional_piece(struct verifier *verifier, struct slu_code code) {
    return code.count == 0 || verify_piece(verifier, code);
}

/* ---- tables ---- */

static bool verify_slots(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->slot_count; i++) {
        const struct slu_slot *slot = &program->slots[i];
        if (slot->type >= SLU_TYPE_COUNT || slot->element >= SLU_TYPE_COUNT) {
            return refuse(verifier, i, "slots: no such type");
        }
        if (slot->choices != NULL && slot->type != SLU_TYPE_TEXT) {
            return refuse(verifier, i, "slots: choices of what is no text");
        }
        if (slot->initial.type != SLU_TYPE_MISSING && slot->initial.type != slot->type) {
            return refuse(verifier, i, "slots: it begins with a value of another type");
        }
        if (slot->origin == SLU_FIELD_STATE && slot->entity_slot >= program->slot_count) {
            return refuse(verifier, i, "slots: the entity's slot is out of range");
        }
        if (slot->origin == SLU_FIELD_LOOKUP && slot->lookup >= program->lookup_count) {
            return refuse(verifier, i, "slots: the look-up is out of range");
        }
    }
    if (!index_or_none(program->conversation_id_slot, program->slot_count) ||
        !index_or_none(program->tags_slot, program->slot_count)) {
        return refuse(verifier, 0, "program: a slot is out of range");
    }
    return true;
}

static bool verify_lookups(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->lookup_count; i++) {
        for (uint32_t j = 0; j < program->lookups[i].argument_count; j++) {
            if (!verify_optional_piece(verifier, program->lookups[i].arguments[j])) {
                return false;
            }
        }
    }
    return true;
}

static bool verify_hours(struct verifier *verifier, uint32_t number) {
    const struct slu_calendar *calendar = &verifier->program->calendars[number];
    for (uint32_t i = 0; i < calendar->hours_count; i++) {
        const struct slu_hours *hours = &calendar->hours[i];
        if (hours->from_minute < 0 || hours->from_minute >= WEEK_MINUTES || hours->to_minute < hours->from_minute ||
            hours->to_minute > WEEK_MINUTES) {
            return refuse(verifier, number, "calendars: hours outside of the week");
        }
    }
    return true;
}

static bool verify_scans(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->scan_count; i++) {
        const struct slu_text_scan *scan = &program->scans[i];
        if (scan->slot >= program->slot_count || scan->scanner == NULL ||
            !in_table(scan->first_search, scan->search_count, program->search_count)) {
            return refuse(verifier, i, "scans: the field or the searches are out of range");
        }
    }
    for (uint32_t i = 0; i < program->search_count; i++) {
        const struct slu_search *search = &program->searches[i];
        if (search->scan >= program->scan_count || i < program->scans[search->scan].first_search ||
            i - program->scans[search->scan].first_search >= program->scans[search->scan].search_count) {
            return refuse(verifier, i, "searches: the scan is out of range");
        }
        if (!index_or_none(search->constant, program->constant_count) ||
            !index_or_none(search->pattern, program->pattern_count) ||
            (search->constant == SLU_NO_INDEX) == (search->pattern == SLU_NO_INDEX)) {
            return refuse(verifier, i, "searches: what is sought is out of range");
        }
    }
    return true;
}

static bool verify_calendars(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->calendar_count; i++) {
        const struct slu_calendar *calendar = &program->calendars[i];
        if (!verify_hours(verifier, i)) {
            return false;
        }
        for (uint32_t j = 1; j < calendar->closed_count; j++) {
            if (calendar->closed_days[j - 1] >= calendar->closed_days[j]) {
                return refuse(verifier, i, "calendars: closed days out of order");
            }
        }
        for (uint32_t j = 1; j < calendar->transition_count; j++) {
            if (calendar->transitions[j - 1].at >= calendar->transitions[j].at) {
                return refuse(verifier, i, "calendars: changes of the clock out of order");
            }
        }
    }
    return true;
}

static bool verify_events(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->event_count; i++) {
        for (uint32_t j = 0; j < program->events[i].ruleset_count; j++) {
            if (program->events[i].rulesets[j] >= program->ruleset_count) {
                return refuse(verifier, i, "events: a ruleset is out of range");
            }
        }
    }
    return true;
}

static bool verify_rulesets(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        const struct slu_program_ruleset *ruleset = &program->rulesets[i];
        if (!in_table(ruleset->first_rule, ruleset->rule_count, program->rule_count)) {
            return refuse(verifier, i, "rulesets: the rules are out of range");
        }
        for (uint32_t j = 0; j < ruleset->event_count; j++) {
            if (ruleset->events[j] >= program->event_count) {
                return refuse(verifier, i, "rulesets: an event is out of range");
            }
        }
        const char *reason = slu_program_verify_index(program, ruleset);
        if (reason != NULL) {
            return refuse(verifier, i, reason);
        }
    }
    return true;
}

static bool verify_rules(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        const struct slu_program_rule *rule = &program->rules[i];
        if (rule->ruleset >= program->ruleset_count) {
            return refuse(verifier, i, "rules: the ruleset is out of range");
        }
        if (!in_table(rule->first_allowance, rule->allowance_count, program->allowance_count)) {
            return refuse(verifier, i, "rules: the allowances are out of range");
        }
        if (!in_table(rule->first_action, rule->action_count, program->action_count)) {
            return refuse(verifier, i, "rules: the actions are out of range");
        }
        if (!verify_optional_piece(verifier, rule->condition)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->allowance_count; i++) {
        if (!index_or_none(program->allowances[i].entity_slot, program->slot_count)) {
            return refuse(verifier, i, "allowances: the entity's slot is out of range");
        }
        if (!duration_is_good(program->allowances[i].period)) {
            return refuse(verifier, i, "allowances: no such period");
        }
    }
    return true;
}

/* What an action is done to, by its kind. */
static bool target_is_good(const struct sluice_program *program, const struct slu_program_action *action) {
    switch (action->kind) {
    case SLU_ACTION_CALL:
        return action->operation < program->operation_count;
    case SLU_ACTION_SET:
        return action->slot < program->slot_count && program->slots[action->slot].origin == SLU_FIELD_STATE &&
               action->argument_count == 1;
    case SLU_ACTION_EMIT:
        return action->event < program->event_count;
    case SLU_ACTION_RECORD:
        return action->argument_count == 1;
    case SLU_ACTION_UNDO:
        return true;
    }
    return false;
}

static bool verify_actions(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->action_count; i++) {
        const struct slu_program_action *action = &program->actions[i];
        if (!target_is_good(program, action)) {
            return refuse(verifier, i, "actions: what it is done to is out of range");
        }
        if (!duration_is_good(action->delay)) {
            return refuse(verifier, i, "actions: no such delay");
        }
        if (!in_table(action->first_argument, action->argument_count, program->argument_count)) {
            return refuse(verifier, i, "actions: the arguments are out of range");
        }
        for (uint32_t j = 0; action->kind == SLU_ACTION_EMIT && j < action->argument_count; j++) {
            if (program->arguments[action->first_argument + j].field_slot >= program->slot_count) {
                return refuse(verifier, i, "actions: the slot that an argument sets is out of range");
            }
        }
    }
    for (uint32_t i = 0; i < program->argument_count; i++) {
        if (!verify_piece(verifier, program->arguments[i].code)) {
            return false;
        }
    }
    return true;
}

static bool verify_tests(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->given_count; i++) {
        if (!verify_optional_piece(verifier, program->givens[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->expected_count; i++) {
        if (!in_table(program->expected[i].first_action, program->expected[i].action_count, program->action_count)) {
            return refuse(verifier, i, "tests: the expected actions are out of range");
        }
    }
    return true;
}

static bool verify_guards(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->guard_count; i++) {
        if (program->guards[i].file >= program->sources.count) {
            return refuse(verifier, i, "guards: the file is out of range");
        }
        if (!verify_optional_piece(verifier, program->guards[i].condition)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < program->operation_count; i++) {
        if (!index_or_none(program->operations[i].inverse, program->operation_count)) {
            return refuse(verifier, i, "operations: the inverse is out of range");
        }
    }
    return true;
}

static bool verify_assertions(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->assertion_count; i++) {
        if (!index_or_none(program->assertions[i].entity_slot, program->slot_count)) {
            return refuse(verifier, i, "assertions: the entity's slot is out of range");
        }
        if (!verify_optional_piece(verifier, program->assertions[i].condition)) {
            return false;
        }
    }
    return true;
}

static bool verify_topic(struct verifier *verifier, const struct slu_program_topic *topic, uint32_t source) {
    const struct sluice_program *program = verifier->program;
    if (!index_or_none(topic->event, program->event_count)) {
        return refuse(verifier, source, "sources: an event is out of range");
    }
    for (uint32_t i = 0; i < topic->mapping_count; i++) {
        if (topic->mappings[i].slot >= program->slot_count) {
            return refuse(verifier, source, "sources: the slot of a mapping is out of range");
        }
    }
    return true;
}

static bool verify_sources(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        for (uint32_t j = 0; j < program->from_sources[i].topic_count; j++) {
            if (!verify_topic(verifier, &program->from_sources[i].topics[j], i)) {
                return false;
            }
        }
    }
    return true;
}

static bool verify_debug(struct verifier *verifier) {
    const struct sluice_program *program = verifier->program;
    for (uint32_t i = 0; i < program->debug_count; i++) {
        const struct slu_debug *debug = &program->debug[i];
        if (debug->at >= program->code_count || (i > 0 && program->debug[i - 1].at >= debug->at)) {
            return refuse(verifier, i, "debug: the places are out of order or out of range");
        }
        if (debug->span.file >= program->sources.count || !index_or_none(debug->slot, program->slot_count)) {
            return refuse(verifier, i, "debug: the file or the slot is out of range");
        }
    }
    return true;
}

bool slu_program_verify(const struct sluice_program *program, uint32_t *at, const char **reason) {
    struct verifier verifier;
    verifier.program = program;
    verifier.at = 0;
    verifier.reason = NULL;
    bool accepted = verify_slots(&verifier) && verify_scans(&verifier) && verify_lookups(&verifier) &&
                    verify_calendars(&verifier) && verify_events(&verifier) && verify_rulesets(&verifier) &&
                    verify_rules(&verifier) && verify_actions(&verifier) && verify_tests(&verifier) &&
                    verify_guards(&verifier) && verify_assertions(&verifier) && verify_sources(&verifier) &&
                    verify_debug(&verifier);
    *at = verifier.at;
    *reason = verifier.reason;
    return accepted;
}
