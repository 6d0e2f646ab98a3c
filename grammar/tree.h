/* The syntax tree: what the parser builds, and all that later stages know of
 * the text. Nodes live on the compile's arena and are never changed after
 * parsing, but for what the checker fills in (`type`, `binding`); every list is in the order of the text. */
#ifndef SLU_GRAMMAR_TREE_H
#define SLU_GRAMMAR_TREE_H

#include "engine/base/string.h"
#include "engine/text/source.h"

#include <stdbool.h>
#include <stdint.h>

/* A name or a text with its place. For a text literal `text` is the value,
 * escapes undone; `span` covers the quotes. */
struct slu_word {
    struct slu_string text;
    struct slu_span span;
};

struct slu_words {
    struct slu_word *items;
    uint32_t count;
};

enum slu_expression_kind {
#define EXPRESSION(name, word, children) SLU_EXPRESSION_##name,
#include "grammar/expressions.def"
#undef EXPRESSION
    SLU_EXPRESSION_COUNT
} __attribute__((packed)); /* one byte: most of a tree are expressions */

struct slu_argument;

/* What a NAME, CALL or DURING stands for; `index` is into the list of that
 * kind in the checker's model. Filled by the checker. */
enum slu_binding_kind {
    SLU_BINDING_NONE,
    SLU_BINDING_FIELD,
    SLU_BINDING_LIST,
    SLU_BINDING_DEFINE,
    SLU_BINDING_FUNCTION,
    SLU_BINDING_LINK, /* the call link("...", event): index of the event */
    SLU_BINDING_CALENDAR
};

/* As large as a cache line; `kind` says which member of a union is the one. */
struct slu_expression {
    enum slu_expression_kind kind;
    uint8_t type;           /* enum slu_type of engine/base/value.h, filled by the checker */
    uint8_t element;        /* for a list: the type of its elements, filled by the checker */
    uint8_t binding;        /* enum slu_binding_kind */
    bool exactly;           /* the operator was followed by `exactly` */
    uint8_t argument_count; /* CALL only: at most SLU_LIMIT_ARGUMENTS */
    uint32_t index;
    uint32_t depth;      /* levels of nodes, this one included: at most SLU_LIMIT_NESTING */
    uint32_t item_count; /* 0 for a CALL */
    struct slu_span span;
    uint32_t text_start, text_end; /* where `text` stands in the file: slu_expression_text_span */
    union {
        struct slu_string text;             /* TEXT, NAME, CALL, MATCHES, DURING: see expressions.def */
        double number;                      /* NUMBER, FLAG, TIME, DURATION */
        struct slu_expression *operands[2]; /* what `items` points to where they are not more; else behind the node */
    };
    union {
        struct slu_expression **items;
        struct slu_argument *arguments; /* CALL */
    };
};

/* Whether `number` is the member that counts. */
static inline bool slu_expression_has_number(const struct slu_expression *expression) {
    return expression->kind == SLU_EXPRESSION_NUMBER || expression->kind == SLU_EXPRESSION_FLAG ||
           expression->kind == SLU_EXPRESSION_TIME || expression->kind == SLU_EXPRESSION_DURATION;
}

/* Whether `text` is the member that counts; else it is `operands`, or none is. */
static inline bool slu_expression_has_text(const struct slu_expression *expression) {
    return expression->kind == SLU_EXPRESSION_TEXT || expression->kind == SLU_EXPRESSION_NAME ||
           expression->kind == SLU_EXPRESSION_CALL || expression->kind == SLU_EXPRESSION_MATCHES ||
           expression->kind == SLU_EXPRESSION_DURING;
}

/* Where the text of a CALL, MATCHES or DURING stands. */
static inline struct slu_span slu_expression_text_span(const struct slu_expression *expression) {
    return (struct slu_span){expression->span.file, expression->text_start, expression->text_end};
}

/* One argument of a call. */
struct slu_argument {
    struct slu_word name; /* text.bytes NULL: given by position */
    bool each;            /* `each LIST`: the action is repeated per element */
    struct slu_expression *value;
};

/* A type as written: `number`, `list of text`, `choice of "a", "b"`. */
struct slu_written_type {
    struct slu_span span;
    struct slu_word name; /* for `list of text`: "text" */
    bool is_list;
    struct slu_words choices; /* count > 0: a choice; then `name` is empty */
};

enum slu_declaration_kind {
#define DECLARATION(name, word, record) SLU_DECLARATION_##name,
#include "grammar/declarations.def"
#undef DECLARATION
    SLU_DECLARATION_COUNT
};

struct slu_use_syntax {
    struct slu_words services;
};
struct slu_field_syntax {
    struct slu_written_type type;
    struct slu_word description;
};
struct slu_event_syntax {
    struct slu_word description;
};
struct slu_state_syntax {
    struct slu_written_type type;
    struct slu_expression *initial; /* or NULL */
};
struct slu_list_syntax {
    struct slu_expression *elements; /* a LIST */
};
struct slu_define_syntax {
    struct slu_expression *condition;
};

struct slu_open_hours {
    struct slu_word first_day, last_day; /* the same for one day */
    int32_t from_minute, to_minute;      /* of the day, 0..1440 */
    struct slu_span span;
};
struct slu_closed_day {
    double time; /* midnight UTC of the date, milliseconds */
    struct slu_span span;
    struct slu_word description;
};
struct slu_calendar_syntax {
    struct slu_word zone;
    struct slu_open_hours *open;
    uint32_t open_count;
    struct slu_closed_day *closed;
    uint32_t closed_count;
};

struct slu_group_syntax {
    bool exclusive;
    struct slu_words members;
};

/* One step of a source path. */
enum slu_step_kind { SLU_STEP_KEY, SLU_STEP_INDEX, SLU_STEP_EACH, SLU_STEP_JSON };
struct slu_step {
    enum slu_step_kind kind;
    struct slu_string key;
    int32_t index; /* negative: from the end */
};
enum slu_origin_kind { SLU_ORIGIN_PATH, SLU_ORIGIN_HEADER, SLU_ORIGIN_TEXT };
struct slu_origin {
    enum slu_origin_kind kind;
    struct slu_span span;
    struct slu_step *steps;
    uint32_t step_count;  /* PATH */
    struct slu_word text; /* HEADER: its name; TEXT: the constant */
};
enum slu_modifier_kind {
    SLU_MODIFIER_NONE,
    SLU_MODIFIER_AS,
    SLU_MODIFIER_IS /* gives a flag */,
    SLU_MODIFIER_IS_KNOWN
};
struct slu_modifier {
    enum slu_modifier_kind kind;
    struct slu_word first, second; /* as plain text */
    struct slu_expression *values; /* IS: a LIST of literals */
    struct slu_span span;
};
/* Alternatives of one mapping: the first that is not missing counts. Parts are joined with a dot. */
struct slu_alternative {
    struct slu_origin *parts;
    uint32_t part_count;
    struct slu_modifier modifier;
};
struct slu_mapping {
    struct slu_word target; /* a field; in the head also `topic`, `id`, `at` */
    struct slu_alternative *alternatives;
    uint32_t alternative_count; /* 0: a constant */
    struct slu_expression *constant;
    struct slu_span span;
};
/* `on "topic" [when PATH is LITERAL] is event.kind`, then its mappings. */
struct slu_topic {
    struct slu_word topic;
    struct slu_origin *when;
    struct slu_modifier when_test; /* when: NULL without one */
    struct slu_word event;
    struct slu_mapping *mappings;
    uint32_t mapping_count;
    bool ignored;
    struct slu_word reason; /* `ignore "ping" because "..."` */
    struct slu_span span;
};
struct slu_source_syntax {
    struct slu_words bodies; /* `body is json or form`; none: json */
    struct slu_mapping *head;
    uint32_t head_count; /* before the first `on`: topic, id, at, and fields of every topic */
    struct slu_topic *topics;
    uint32_t topic_count;
};

/* A service's own declaration: what a connector can do. */
struct slu_parameter_syntax {
    struct slu_word name;
    struct slu_written_type type;
    bool secret, optional;
    struct slu_word description;
    struct slu_span span;
};
struct slu_operation_syntax { /* an action or a read */
    bool is_read;
    struct slu_word name;
    struct slu_word description;
    struct slu_parameter_syntax *takes;
    uint32_t take_count;
    struct slu_parameter_syntax *gives;
    uint32_t give_count;         /* reads only */
    struct slu_word undone_by;   /* an action of the same service; or empty */
    struct slu_word cannot_undo; /* the reason; or empty */
    struct slu_span span;
};
struct slu_service_syntax {
    struct slu_word description;
    struct slu_parameter_syntax *settings;
    uint32_t setting_count;
    double limit_count, limit_per; /* actions per milliseconds; 0: none stated */
    struct slu_operation_syntax *operations;
    uint32_t operation_count;
};

enum slu_setting_kind { SLU_SETTING_LITERAL, SLU_SETTING_ENV, SLU_SETTING_FILE };
struct slu_setting {
    struct slu_word name;
    enum slu_setting_kind kind;
    struct slu_expression *literal;
    struct slu_word from;
    struct slu_span span;
};
struct slu_connector_syntax {
    struct slu_setting *settings;
    uint32_t setting_count;
};
struct slu_site_syntax {
    struct slu_setting *settings;
    uint32_t setting_count;
};

struct slu_lookup_syntax {
    struct slu_expression *call; /* a CALL: service.read(...) */
};

struct slu_mask {
    struct slu_word action;
    bool every; /* slack.*: `action` holds "slack" */
};
struct slu_guard_syntax {
    struct slu_word title;
    struct slu_expression *condition;
    struct slu_mask *masks;
    uint32_t mask_count;
};

enum slu_action_kind {
    SLU_ACTION_CALL,
    SLU_ACTION_RECORD,
    SLU_ACTION_SET,
    SLU_ACTION_EMIT,
    SLU_ACTION_UNDO
} __attribute__((packed)); /* one byte: most rules have an action */
struct slu_action_syntax {
    struct slu_word name; /* CALL: "intercom.tag"; SET: the field; EMIT: the event; UNDO: the rule's title */
    struct slu_argument *arguments;
    struct slu_words unless; /* events that cancel it */
    double delay;            /* `after`, milliseconds */
    struct slu_span span;
    enum slu_action_kind kind;
    uint8_t argument_count; /* CALL, EMIT: at most SLU_LIMIT_ARGUMENTS; RECORD and SET have one */
    bool delayed;
    bool blocked; /* in `expect`: a guard stops it */
};
struct slu_actions {
    struct slu_action_syntax *items;
    uint32_t count;
};

/* `once per conversation`, `at most 2 per 7 days per contact`. */
struct slu_allowance_syntax {
    double count;
    double period;          /* milliseconds; 0: for ever */
    struct slu_word entity; /* or empty: over all */
    struct slu_span span;
};
/* `never intercom.reply when contact.spam`, `never survey.send more than 1 per 7 days per contact` */
struct slu_never_syntax {
    struct slu_mask *masks;
    uint32_t mask_count;
    struct slu_expression *condition;         /* or NULL */
    const struct slu_allowance_syntax *limit; /* more than so much; or NULL */
};
/* `always one of group topic when conversation.in_chat on conversation.closed` */
struct slu_always_syntax {
    struct slu_word group;
    struct slu_expression *condition; /* or NULL */
    struct slu_words events;          /* none: every kind that a ruleset listens to */
};
struct slu_rule_syntax {
    struct slu_word title;                /* for `otherwise`: text "otherwise" */
    struct slu_expression *when, *unless; /* or NULL */
    struct slu_allowance_syntax *allowances;
    struct slu_actions actions;
    struct slu_span span;
    uint32_t allowance_count;
    bool otherwise;
};
struct slu_ruleset_syntax {
    struct slu_word title;
    struct slu_words events;
    bool complete;
    struct slu_rule_syntax *rules;
    uint32_t rule_count;
};

struct slu_given {
    struct slu_word field;
    struct slu_expression *value; /* NULL: missing */
};
enum slu_outcome_kind { SLU_OUTCOME_RULE, SLU_OUTCOME_NONE, SLU_OUTCOME_OTHERWISE };
struct slu_outcome {
    enum slu_outcome_kind kind;
    struct slu_word rule;       /* RULE */
    struct slu_word ruleset;    /* `in "..."`; or empty */
    struct slu_actions actions; /* none: not compared */
    struct slu_span span;
};
/* One event of a test and what is expected of it; a test runs its steps in order on one store. */
struct slu_step_syntax {
    struct slu_word event;
    bool has_time;
    double time;
    struct slu_given *given;
    uint32_t given_count;
    struct slu_outcome *outcomes;
    uint32_t outcome_count;
    struct slu_span span;
};
struct slu_test_syntax {
    struct slu_word title;
    struct slu_step_syntax *steps;
    uint32_t step_count;
};

struct slu_declaration {
    enum slu_declaration_kind kind;
    struct slu_word name; /* what is declared; for titled ones (ruleset, guard, test) the title */
    struct slu_span span;
    union {
#define DECLARATION(name, word, record) struct slu_##record##_syntax record;
#include "grammar/declarations.def"
#undef DECLARATION
    } as;
};

/* One parsed file. */
struct slu_tree {
    uint32_t file;
    struct slu_declaration *declarations;
    uint32_t declaration_count;
    struct slu_words lost; /* names of declarations that are left out because of a mistake in them */
};

const char *slu_expression_word(enum slu_expression_kind kind);

#endif
