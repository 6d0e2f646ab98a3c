/* A compiled program: flat, immutable tables that many threads share. All of
 * it lies on the program's own arena; indices instead of pointers between
 * tables, so that it can be written to a file and read back. */
#ifndef SLU_CODE_PROGRAM_H
#define SLU_CODE_PROGRAM_H

#include "engine/base/map.h"
#include "engine/base/value.h"
#include "engine/check/model.h"
#include "engine/code/index.h"
#include "engine/include/sluice/sluice.h"
#include "engine/text/pattern.h"
#include "engine/text/scanner.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_opcode {
#define OPCODE(name, operand, pops, pushes, is_test, folds, meaning) SLU_OP_##name,
#include "engine/code/opcodes.def"
#undef OPCODE
    SLU_OP_COUNT
};

/* Instruction = opcode | operand << 8. */
typedef uint32_t slu_instruction;
#define SLU_OPERAND_MAX 0xFFFFFFu
static inline enum slu_opcode slu_instruction_opcode(slu_instruction i) {
    return (enum slu_opcode)(i & 0xFFu);
}
static inline uint32_t slu_instruction_operand(slu_instruction i) {
    return i >> 8;
}
static inline slu_instruction slu_instruction_make(enum slu_opcode opcode, uint32_t operand) {
    return (uint32_t)opcode | operand << 8;
}

/* The operand of LINK: where it leads, and what the link is written in. */
#define SLU_LINK_EVENTS_MAX 0xFFFFu
static inline uint32_t slu_link_operand(uint32_t event, enum slu_markup markup) {
    return event | (uint32_t)markup << 16;
}
static inline uint32_t slu_link_event(uint32_t operand) {
    return operand & 0xFFFFu;
}
static inline uint32_t slu_link_markup(uint32_t operand) {
    return operand >> 16;
}

/* The operand of ESCAPE: what the text is written in, and whether the value is
 * declared as an address, whose links stay. */
static inline uint32_t slu_escape_operand(enum slu_markup markup, bool address) {
    return (uint32_t)markup | (uint32_t)address << 8;
}
static inline uint32_t slu_escape_markup(uint32_t operand) {
    return operand & 0xFFu;
}
static inline bool slu_escape_is_address(uint32_t operand) {
    return (operand >> 8) == 1;
}

/* What an instruction's operand is. */
enum slu_operand_kind {
    SLU_OPERAND_NONE,
    SLU_OPERAND_CONSTANT,
    SLU_OPERAND_SLOT,
    SLU_OPERAND_PATTERN,
    SLU_OPERAND_SEARCH,
    SLU_OPERAND_CALENDAR,
    SLU_OPERAND_FUNCTION,
    SLU_OPERAND_TARGET,
    SLU_OPERAND_COUNT,
    SLU_OPERAND_MARKUP,
    SLU_OPERAND_ESCAPE,
    SLU_OPERAND_LINK
};
enum { SLU_POPS_VARIES = 255 };
struct slu_opcode_entry {
    const char *name; /* as in opcodes.def */
    enum slu_operand_kind operand;
    uint8_t pops, pushes;
    bool is_test, folds;
};
extern const struct slu_opcode_entry slu_opcodes[SLU_OP_COUNT];
/* How many values it takes; its opcode and, for CALL, its function exist. */
uint32_t slu_instruction_pops(slu_instruction instruction);

/* A run of instructions that ends in RETURN and leaves one value. */
struct slu_code {
    uint32_t start, count; /* count 0: there is none */
};

/* A field that the program uses: one place in the event's table of values. */
struct slu_slot {
    struct slu_string name;
    enum slu_type type;
    enum slu_type element;
    enum slu_field_origin origin;
    const struct slu_list *choices; /* texts; NULL: any */
    struct slu_value initial;       /* STATE */
    uint32_t entity_slot;           /* STATE: holds whose it is */
    uint32_t lookup;                /* LOOKUP */
    struct slu_string result;       /* LOOKUP: the read's result field */
    struct slu_string *keys;
    uint32_t key_count; /* the name split at its dots: the path in the own shape */
};

/* What a slot reads where nothing is known: missing, or the empty list. */
static inline struct slu_value slu_slot_missing(const struct slu_slot *slot) {
    static const struct slu_list empty = {0, NULL};
    return slot->type == SLU_TYPE_LIST ? slu_value_list(&empty) : slu_value_missing();
}

/* All that is sought in one field's text, found in one pass over it. */
struct slu_text_scan {
    uint32_t slot;
    bool exactly; /* in the text as it is; else folded */
    uint32_t first_search, search_count;
    const struct slu_scanner *scanner; /* finds searches by their number in the scan */
};
/* A test that the scan answers: `constant` (a text, or a list of them) is in it, or
 * `pattern` is found; the other one is SLU_NO_INDEX. */
struct slu_search {
    uint32_t scan;
    uint32_t constant, pattern;
    /* Of a pattern, of which a match has one of the literals: */
    const struct slu_string *literals;
    uint32_t literal_count;
    uint32_t before;            /* behind so many characters or fewer; UINT32_MAX: unknown */
    struct slu_pattern_cut cut; /* where a literal starts; without `before`: none */
};

struct slu_program_lookup {
    struct slu_string name;
    struct slu_string operation;
    struct slu_code *arguments;
    uint32_t argument_count;
};

/* Weekly hours in one time zone. Minutes of the week: 0 is Monday 00:00 local. */
struct slu_hours {
    int32_t from_minute, to_minute;
};
struct slu_transition {
    int64_t at;     /* seconds since the epoch */
    int32_t offset; /* seconds east of UTC from then on */
};
struct slu_calendar {
    struct slu_string name;
    struct slu_hours *hours;
    uint32_t hours_count;
    int32_t *closed_days;
    uint32_t closed_count; /* days since the epoch, local, sorted */
    struct slu_transition *transitions;
    uint32_t transition_count; /* sorted; to the end of 2199 */
    int32_t first_offset;      /* before the first transition */
};

struct slu_program_argument {
    struct slu_string name;
    struct slu_code code;
    bool each;
    bool tag;
    uint32_t field_slot; /* EMIT: the slot it sets */
};
struct slu_program_action {
    struct slu_string name;
    uint32_t operation; /* CALL */
    uint32_t slot;      /* SET */
    uint32_t event;     /* EMIT */
    uint32_t first_argument, argument_count;
    enum slu_action_kind kind;
    int64_t delay;
    struct slu_string *unless;
    uint32_t unless_count;
    uint32_t given_count;
    const struct sluice_argument *given; /* the arguments, where all are constants; NULL: they are evaluated */
};
struct slu_program_allowance {
    uint64_t count;
    int64_t period;
    uint32_t entity_slot; /* SLU_NO_INDEX: over all */
    struct slu_string text;
};
struct slu_program_rule {
    struct slu_string title;
    bool otherwise;
    struct slu_span span;
    uint32_t line;
    uint32_t ruleset;
    struct slu_code condition; /* count 0: always */
    uint32_t first_allowance, allowance_count;
    uint32_t first_action, action_count;
};
struct slu_program_ruleset {
    struct slu_string title;
    struct slu_string file;
    uint32_t line;
    uint32_t *events;
    uint32_t event_count;
    uint32_t first_rule, rule_count;
    bool complete;
    const struct slu_index *index; /* NULL: none, the rules are tried one by one */
};
struct slu_program_guard {
    struct slu_string title;
    struct slu_code condition;
    uint32_t line;
    uint32_t file;
    bool *blocks; /* per operation */
};
/* In the order of the model's. Asked only where someone watches (decide/decider.h). */
struct slu_program_assertion {
    struct slu_code condition;
    bool *watches;        /* per operation; none: it is about a group */
    uint32_t entity_slot; /* whose actions are counted, or SLU_NO_INDEX */
};
struct slu_program_operation {
    struct slu_string name;
    struct slu_parameter *takes;
    uint32_t take_count;
    uint32_t inverse;
    struct slu_string cannot_undo;
};
struct slu_program_event {
    struct slu_string name;
    uint32_t *rulesets;
    uint32_t ruleset_count; /* in order */
};
struct slu_program_group {
    struct slu_string name;
    bool exclusive;
    const struct slu_list *members;
};

/* Sources: see input/. Paths are compiled to steps; only mappings of used slots are kept. */
struct slu_program_mapping {
    uint32_t slot;
    const struct slu_mapping *syntax;
};
struct slu_program_topic {
    struct slu_string topic;
    const struct slu_topic *syntax;
    uint32_t event; /* SLU_NO_INDEX: ignored */
    struct slu_program_mapping *mappings;
    uint32_t mapping_count;
};
struct slu_program_source {
    struct slu_string name;
    bool json, form;
    const struct slu_mapping *topic, *id, *at;
    struct slu_program_topic *topics;
    uint32_t topic_count;
};

/* A test that a trace shows; sorted by `at`. `a is not 5` is EQUAL and NOT: it
 * has one entry, at the EQUAL, which is `negated`: the person who wrote it
 * expects the opposite of what the instruction says. */
struct slu_debug {
    uint32_t at;          /* the test instruction, in program->code */
    struct slu_span span; /* the condition as written */
    uint32_t slot;        /* the field on its left side, or SLU_NO_INDEX */
    bool negated;
};

/* What test blocks give and expect, compiled as a rule's arguments and actions
 * are, in the order in which the model has its tests, steps, givens and outcomes. */
struct slu_program_expected {
    uint32_t first_action, action_count;
};

struct sluice_program {
    struct slu_arena arena;     /* owns everything below */
    struct slu_sources sources; /* the texts, kept for traces */
    slu_instruction *code;
    uint32_t code_count;
    struct slu_debug *debug;
    uint32_t debug_count;
    struct slu_value *constants;
    uint32_t constant_count;
    const struct slu_pattern **patterns;
    uint32_t pattern_count;
    struct slu_text_scan *scans;
    uint32_t scan_count;
    struct slu_search *searches; /* those of a scan together */
    uint32_t search_count;
    struct slu_calendar *calendars;
    uint32_t calendar_count;
    struct slu_slot *slots;
    uint32_t slot_count;
    struct slu_program_lookup *lookups;
    uint32_t lookup_count;
    struct slu_program_event *events;
    uint32_t event_count;
    struct slu_program_ruleset *rulesets;
    uint32_t ruleset_count;
    uint32_t found_count; /* the looks of all indexes */
    struct slu_program_rule *rules;
    uint32_t rule_count;
    struct slu_program_allowance *allowances;
    uint32_t allowance_count;
    struct slu_program_action *actions;
    uint32_t action_count;
    struct slu_program_argument *arguments;
    uint32_t argument_count;
    struct slu_program_guard *guards;
    uint32_t guard_count;
    struct slu_program_assertion *assertions;
    uint32_t assertion_count;
    struct slu_program_operation *operations;
    uint32_t operation_count;
    struct slu_program_group *groups;
    uint32_t group_count;
    struct slu_program_source *from_sources;
    uint32_t from_source_count;
    struct slu_code *givens; /* count 0: given as missing */
    uint32_t given_count;
    struct slu_program_expected *expected;
    uint32_t expected_count;
    struct slu_map event_names, slot_names;
    uint32_t conversation_id_slot, tags_slot; /* slots of conversation.id and conversation.tags, or SLU_NO_INDEX */
    struct slu_string public_url;
    struct slu_model *model; /* on the arena: tests and explanations need the syntax */
    bool lacks_code;         /* to be compared: it has its model, and nothing else until slu_compile_rest */
};

/* A *new* program with its arena and sources set up, nothing in it; NULL when
 * out of memory. */
struct sluice_program *slu_program_new(void);
void slu_program_free(struct sluice_program *program); /* NULL is fine */

/* The test at program->code[at], or NULL: the trace shows nothing for it. */
const struct slu_debug *slu_program_debug(const struct sluice_program *program, uint32_t at);

/* Nothing reaches the machine that this has not accepted: operands in range,
 * jumps forward and inside their piece, stack depth consistent at every place
 * and at most SLU_LIMIT_STACK, every piece ends in its only RETURN, every index
 * between tables in range. *at: the instruction or the entry that is wrong,
 * *reason: why, with the table's name. Allocates nothing. */
bool slu_program_verify(const struct sluice_program *program, uint32_t *at, const char **reason);

/* The same for the index of a ruleset, its slots being good: NULL, or why not. */
const char *slu_program_verify_index(const struct sluice_program *program, const struct slu_program_ruleset *ruleset);

struct slu_buffer;
/* The program as text for people: tables and code with the rules' lines. */
void slu_program_dump(const struct sluice_program *program, struct slu_buffer *out);

#endif
