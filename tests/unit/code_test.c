/* The verifier: a sound program is accepted, each kind of damage is refused. */
#include "tests/unit/check.h"

#include "engine/base/limits.h"
#include "engine/code/program.h"
#include "stdlib/functions/functions.h"

#include <string.h>

enum { CODE_MAX = 2048 };

/* A small program with one of everything, and a way to damage it. */
struct sample {
    struct sluice_program program;
    slu_instruction code[CODE_MAX];
    struct slu_debug debug[2];
    struct slu_value constants[2];
    const struct slu_pattern *patterns[1];
    struct slu_text_scan scans[1];
    struct slu_search searches[2];
    struct slu_calendar calendars[1];
    int32_t closed_days[2];
    struct slu_transition transitions[2];
    struct slu_slot slots[3];
    struct slu_program_lookup lookups[1];
    struct slu_code lookup_arguments[1];
    struct slu_program_event events[1];
    uint32_t event_rulesets[1], ruleset_events[1];
    struct slu_program_ruleset rulesets[1];
    struct slu_program_rule rules[1];
    struct slu_program_allowance allowances[1];
    struct slu_program_action actions[4];
    struct slu_program_argument arguments[3];
    struct slu_program_guard guards[1];
    struct slu_program_assertion assertions[1];
    struct slu_program_operation operations[1];
    struct slu_program_source from_sources[1];
    struct slu_program_topic topics[1];
    struct slu_program_mapping mappings[1];
    struct slu_source files[1];
};

#define PLACE(sample, member, list)                                                                                    \
    ((sample)->program.list = (sample)->list,                                                                          \
     (sample)->program.member##_count = sizeof((sample)->list) / sizeof *(sample)->list)

static void place_tables(struct sample *sample) {
    PLACE(sample, debug, debug);
    PLACE(sample, constant, constants);
    PLACE(sample, pattern, patterns);
    PLACE(sample, scan, scans);
    PLACE(sample, search, searches);
    PLACE(sample, calendar, calendars);
    PLACE(sample, slot, slots);
    PLACE(sample, lookup, lookups);
    PLACE(sample, event, events);
    PLACE(sample, ruleset, rulesets);
    PLACE(sample, rule, rules);
    PLACE(sample, allowance, allowances);
    PLACE(sample, action, actions);
    PLACE(sample, argument, arguments);
    PLACE(sample, guard, guards);
    PLACE(sample, assertion, assertions);
    PLACE(sample, operation, operations);
    PLACE(sample, from_source, from_sources);
    sample->program.sources.items = sample->files;
    sample->program.sources.count = 1;
    sample->program.conversation_id_slot = 0;
    sample->program.tags_slot = SLU_NO_INDEX;
}

/* Piece 0 to 9: slot 0, constant 0, equal; and slot 1; piece 10: constant. */
static void place_code(struct sample *sample) {
    static const slu_instruction condition[] = {
        SLU_OP_SLOT,
        SLU_OP_CONSTANT | 1u << 8,
        SLU_OP_EQUAL,
        SLU_OP_JUMP_IF_FALSE | 7u << 8,
        SLU_OP_SLOT | 1u << 8,
        SLU_OP_TRUE,
        SLU_OP_NOT,
        SLU_OP_RETURN,
    };
    memcpy(sample->code, condition, sizeof condition);
    sample->code[8] = SLU_OP_CONSTANT;
    sample->code[9] = SLU_OP_RETURN;
    sample->program.code = sample->code;
    sample->program.code_count = 10;
}

static void begin(struct sample *sample) {
    const struct slu_code condition = {0, 8}, constant = {8, 2};
    memset(sample, 0, sizeof *sample);
    place_tables(sample);
    place_code(sample);
    sample->debug[0] = (struct slu_debug){.at = 2, .slot = 0};
    sample->debug[1] = (struct slu_debug){.at = 5, .slot = SLU_NO_INDEX};
    /* Of a scanner, the verifier asks only whether there is one. */
    sample->scans[0].scanner = (const struct slu_scanner *)(const void *)sample;
    sample->scans[0].search_count = 2;
    sample->searches[0].pattern = SLU_NO_INDEX;
    sample->searches[1].constant = SLU_NO_INDEX;
    sample->calendars[0] = (struct slu_calendar){.closed_days = sample->closed_days,
                                                 .closed_count = 2,
                                                 .transitions = sample->transitions,
                                                 .transition_count = 2};
    sample->closed_days[1] = 1;
    sample->transitions[1].at = 1;
    sample->slots[1] = (struct slu_slot){.type = SLU_TYPE_FLAG, .origin = SLU_FIELD_STATE};
    sample->slots[2] = (struct slu_slot){.origin = SLU_FIELD_LOOKUP};
    sample->lookups[0] = (struct slu_program_lookup){.arguments = sample->lookup_arguments, .argument_count = 1};
    sample->lookup_arguments[0] = constant;
    sample->events[0] = (struct slu_program_event){.rulesets = sample->event_rulesets, .ruleset_count = 1};
    sample->rulesets[0] =
        (struct slu_program_ruleset){.events = sample->ruleset_events, .event_count = 1, .rule_count = 1};
    sample->rules[0] = (struct slu_program_rule){.condition = condition, .allowance_count = 1, .action_count = 4};
    sample->actions[0] = (struct slu_program_action){.kind = SLU_ACTION_CALL};
    sample->actions[1] = (struct slu_program_action){.kind = SLU_ACTION_SET, .slot = 1, .argument_count = 1};
    sample->actions[2] = (struct slu_program_action){.kind = SLU_ACTION_EMIT, .first_argument = 1, .argument_count = 1};
    sample->actions[3] =
        (struct slu_program_action){.kind = SLU_ACTION_RECORD, .first_argument = 2, .argument_count = 1};
    for (size_t i = 0; i < 3; i++) {
        sample->arguments[i].code = constant;
    }
    sample->guards[0].condition = condition;
    sample->assertions[0] = (struct slu_program_assertion){.condition = condition, .entity_slot = SLU_NO_INDEX};
    sample->operations[0].inverse = SLU_NO_INDEX;
    sample->from_sources[0] = (struct slu_program_source){.topics = sample->topics, .topic_count = 1};
    sample->topics[0] = (struct slu_program_topic){.mappings = sample->mappings, .mapping_count = 1};
}

static const char *verdict(const struct sample *sample) {
    uint32_t at;
    const char *reason;
    bool accepted = slu_program_verify(&sample->program, &at, &reason);
    return accepted ? "accepted" : reason;
}

/* ---- damage to code: one instruction put in place of another ---- */

static void test_code(struct check *check, struct sample *sample) {
    static const struct {
        uint32_t at;
        slu_instruction instruction;
        const char *reason;
    } rows[] = {
        {0, SLU_OP_COUNT, "no such instruction"},
        {0, 0xFF, "no such instruction"},
        {0, SLU_OP_SLOT | 3u << 8, "operand out of range"},
        {1, SLU_OP_CONSTANT | 2u << 8, "operand out of range"},
        {2, SLU_OP_EQUAL | 1u << 8, "operand out of range"},
        {5, SLU_OP_MATCHES | 1u << 8, "operand out of range"},
        {5, SLU_OP_SCAN_CONTAINS | 2u << 8, "operand out of range"},
        {5, SLU_OP_SCAN_MATCHES | 2u << 8, "operand out of range"},
        {5, SLU_OP_DURING | 1u << 8, "operand out of range"},
        {5, SLU_OP_CALL | (uint32_t)SLU_FUNCTION_COUNT << 8, "operand out of range"},
        {6, SLU_OP_ESCAPE | (uint32_t)SLU_MARKUP_COUNT << 8, "operand out of range"},
        {6, SLU_OP_LINK | 1u << 8, "operand out of range"},
        {6, SLU_OP_LINK | (uint32_t)SLU_MARKUP_COUNT << 24, "operand out of range"},
        {0, SLU_OP_NOT, "takes more values than there are"},
        {6, SLU_OP_ADD, "takes more values than there are"},
        {6, SLU_OP_JOIN | 2u << 8, "takes more values than there are"},
        {6, SLU_OP_LIST | SLU_OPERAND_MAX << 8, "takes more values than there are"},
        {3, SLU_OP_JUMP_IF_FALSE | 3u << 8, "jumps backwards or out of its piece"},
        {3, SLU_OP_JUMP_IF_FALSE | 1u << 8, "jumps backwards or out of its piece"},
        {3, SLU_OP_JUMP_IF_FALSE | 8u << 8, "jumps backwards or out of its piece"},
        {3, SLU_OP_JUMP_IF_FALSE | 5u << 8, NULL},
        {3, SLU_OP_JUMP | 7u << 8, "nothing reaches it"},
        {6, SLU_OP_CONSTANT, "jumps reach it with stacks of different depth"},
        {3, SLU_OP_NOT, "values are left on the stack"},
        {3, SLU_OP_RETURN, "a piece of code ends in its only RETURN"},
        {7, SLU_OP_NOT, "a piece of code ends in its only RETURN"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(sample);
        sample->code[rows[i].at] = rows[i].instruction;
        CHECK_TEXT(check, slu_string_from(verdict(sample)), rows[i].reason == NULL ? "accepted" : rows[i].reason);
    }
}

/* The same depth from both sides, and jumps across each other. */
static void test_joined_depths(struct check *check, struct sample *sample) {
    static const slu_instruction good[] = {SLU_OP_SLOT,
                                           SLU_OP_JUMP_IF_KNOWN | 4u << 8,
                                           SLU_OP_CONSTANT,
                                           SLU_OP_JUMP | 5u << 8,
                                           SLU_OP_ESCAPE | 1u << 8,
                                           SLU_OP_KNOWN,
                                           SLU_OP_NOT,
                                           SLU_OP_RETURN};
    begin(sample);
    sample->program.debug_count = 0;
    memcpy(sample->code, good, sizeof good);
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "accepted");
    sample->code[3] = SLU_OP_JUMP | 6u << 8;
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "accepted");
    sample->code[2] = SLU_OP_NOT;
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "takes more values than there are");
}

/* `depth` constants, joined. */
static void deep_piece(struct sample *sample, uint32_t depth) {
    begin(sample);
    sample->program.debug_count = 0;
    for (uint32_t i = 0; i < depth; i++) {
        sample->code[10 + i] = SLU_OP_CONSTANT;
    }
    sample->code[10 + depth] = slu_instruction_make(SLU_OP_LIST, depth);
    sample->code[11 + depth] = SLU_OP_RETURN;
    sample->program.code_count = 12 + depth;
    sample->arguments[0].code = (struct slu_code){10, depth + 2};
}

static void test_limits(struct check *check, struct sample *sample) {
    deep_piece(sample, SLU_LIMIT_STACK);
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "accepted");
    deep_piece(sample, SLU_LIMIT_STACK + 1);
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "the stack is too deep");
}

/* ---- damage to tables ---- */

typedef void damage(struct sample *sample);

#define DAMAGE(name, statement)                                                                                        \
    static void damage_##name(struct sample *sample) {                                                                 \
        statement;                                                                                                     \
    }
DAMAGE(slot_type, sample->slots[0].type = SLU_TYPE_COUNT)
DAMAGE(entity, sample->slots[1].entity_slot = 3)
DAMAGE(lookup, sample->slots[2].lookup = 1)
DAMAGE(conversation, sample->program.conversation_id_slot = 3)
DAMAGE(tags, sample->program.tags_slot = 3)
DAMAGE(lookup_code, sample->lookup_arguments[0].start = 9)
DAMAGE(scan_slot, sample->scans[0].slot = 3)
DAMAGE(scan_scanner, sample->scans[0].scanner = NULL)
DAMAGE(scan_searches, sample->scans[0].search_count = 3)
DAMAGE(scan_first_search, sample->scans[0].first_search = UINT32_MAX)
DAMAGE(scan_without_search, sample->scans[0].search_count = 1)
DAMAGE(search_scan, sample->searches[0].scan = 1)
DAMAGE(search_constant, sample->searches[0].constant = 2)
DAMAGE(search_pattern, sample->searches[1].pattern = 1)
DAMAGE(search_both, sample->searches[0].pattern = 0)
DAMAGE(search_neither, sample->searches[1].pattern = SLU_NO_INDEX)
DAMAGE(closed, sample->closed_days[1] = 0)
DAMAGE(transitions, sample->transitions[1].at = 0)
DAMAGE(event_ruleset, sample->event_rulesets[0] = 1)
DAMAGE(ruleset_event, sample->ruleset_events[0] = 1)
DAMAGE(ruleset_rules, sample->rulesets[0].rule_count = 2)
DAMAGE(ruleset_first, sample->rulesets[0].first_rule = UINT32_MAX)
DAMAGE(rule_ruleset, sample->rules[0].ruleset = 1)
DAMAGE(rule_allowances, sample->rules[0].first_allowance = 1)
DAMAGE(rule_actions, sample->rules[0].action_count = 5)
DAMAGE(rule_code, sample->rules[0].condition.count = 11)
DAMAGE(rule_code_far, sample->rules[0].condition.start = UINT32_MAX)
DAMAGE(allowance, sample->allowances[0].entity_slot = 3)
DAMAGE(call, sample->actions[0].operation = 1)
DAMAGE(set_event_field, sample->actions[1].slot = 0)
DAMAGE(set_range, sample->actions[1].slot = 3)
DAMAGE(set_arguments, sample->actions[1].argument_count = 0)
DAMAGE(emit, sample->actions[2].event = 1)
DAMAGE(emit_slot, sample->arguments[1].field_slot = 3)
DAMAGE(record, sample->actions[3].argument_count = 0)
DAMAGE(action_kind, sample->actions[0].kind = (enum slu_action_kind)9)
DAMAGE(action_arguments, sample->actions[2].argument_count = 3)
DAMAGE(argument_code, sample->arguments[0].code.count = 0)
DAMAGE(guard_file, sample->guards[0].file = 1)
DAMAGE(guard_code, sample->guards[0].condition.count = 1)
DAMAGE(assertion_entity, sample->assertions[0].entity_slot = 3)
DAMAGE(assertion_code, sample->assertions[0].condition.count = 1)
DAMAGE(inverse, sample->operations[0].inverse = 1)
DAMAGE(topic_event, sample->topics[0].event = 1)
DAMAGE(mapping, sample->mappings[0].slot = 3)
DAMAGE(debug_order, sample->debug[1].at = 2)
DAMAGE(debug_range, sample->debug[1].at = 10)
DAMAGE(debug_file, sample->debug[0].span.file = 1)
DAMAGE(debug_slot, sample->debug[0].slot = 3)
#undef DAMAGE

static void test_tables(struct check *check, struct sample *sample) {
    static damage *const all[] = {
        damage_slot_type,
        damage_entity,
        damage_lookup,
        damage_conversation,
        damage_tags,
        damage_lookup_code,
        damage_scan_slot,
        damage_scan_scanner,
        damage_scan_searches,
        damage_scan_first_search,
        damage_scan_without_search,
        damage_search_scan,
        damage_search_constant,
        damage_search_pattern,
        damage_search_both,
        damage_search_neither,
        damage_closed,
        damage_transitions,
        damage_event_ruleset,
        damage_ruleset_event,
        damage_ruleset_rules,
        damage_ruleset_first,
        damage_rule_ruleset,
        damage_rule_allowances,
        damage_rule_actions,
        damage_rule_code,
        damage_rule_code_far,
        damage_allowance,
        damage_call,
        damage_set_event_field,
        damage_set_range,
        damage_set_arguments,
        damage_emit,
        damage_emit_slot,
        damage_record,
        damage_action_kind,
        damage_action_arguments,
        damage_argument_code,
        damage_guard_file,
        damage_guard_code,
        damage_assertion_entity,
        damage_assertion_code,
        damage_inverse,
        damage_topic_event,
        damage_mapping,
        damage_debug_order,
        damage_debug_range,
        damage_debug_file,
        damage_debug_slot,
    };
    begin(sample);
    CHECK_TEXT(check, slu_string_from(verdict(sample)), "accepted");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        begin(sample);
        all[i](sample);
        if (!CHECK(check, strcmp(verdict(sample), "accepted") != 0)) {
            printf("  damage number %zu\n", i);
        }
    }
}

/* ---- finding entries ---- */

static void test_debug(struct check *check, struct sample *sample) {
    begin(sample);
    CHECK(check, slu_program_debug(&sample->program, 2) == &sample->debug[0]);
    CHECK(check, slu_program_debug(&sample->program, 5) == &sample->debug[1]);
    CHECK(check, slu_program_debug(&sample->program, 0) == NULL);
    CHECK(check, slu_program_debug(&sample->program, 3) == NULL);
    CHECK(check, slu_program_debug(&sample->program, 9) == NULL);
    CHECK(check, slu_instruction_pops(slu_instruction_make(SLU_OP_BETWEEN, 0)) == 3);
    CHECK(check, slu_instruction_pops(slu_instruction_make(SLU_OP_JOIN, 7)) == 7);
    CHECK(check,
          slu_instruction_pops(slu_instruction_make(SLU_OP_CALL, slu_function_find(SLU_STRING("replace")))) == 3);
}

int main(void) {
    static struct sample sample;
    struct check check = {0, 0};
    test_code(&check, &sample);
    test_joined_depths(&check, &sample);
    test_limits(&check, &sample);
    test_tables(&check, &sample);
    test_debug(&check, &sample);
    return check_finish(&check);
}
