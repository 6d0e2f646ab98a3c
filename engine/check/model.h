/* The checked program: every declaration resolved, before code is made.
 * Lives on the compile's arena. */
#ifndef SLU_CHECK_MODEL_H
#define SLU_CHECK_MODEL_H

#include "engine/base/map.h"
#include "engine/base/value.h"
#include "grammar/tree.h"

#include <stdbool.h>
#include <stdint.h>

#define SLU_NO_INDEX UINT32_MAX

/* A declared type: a value type, the element type of lists, a choice's set,
 * and for parameters how text is escaped. */
enum slu_markup {
#define MARKUP(name, word, meaning) SLU_MARKUP_##name,
#include "engine/base/markups.def"
#undef MARKUP
    SLU_MARKUP_COUNT
};
struct slu_declared_type {
    enum slu_type type;
    enum slu_type element;    /* LIST: TEXT */
    enum slu_markup markup;   /* parameters: html, mrkdwn, ...; fields: URL for an address; PLAIN elsewhere */
    bool tag;                 /* parameters of type `tag`: names a tag, groups apply */
    bool sender, team;        /* parameters of these types: who writes, which team */
    struct slu_words choices; /* count > 0: a choice (type TEXT) */
};

enum slu_field_origin { SLU_FIELD_EVENT, SLU_FIELD_STATE, SLU_FIELD_LOOKUP };
struct slu_field {
    struct slu_word name;
    struct slu_declared_type type;
    enum slu_field_origin origin;
    struct slu_expression *initial; /* STATE: a literal, or NULL */
    uint32_t entity_id;             /* STATE: the field that names whose it is (contact.spam -> contact.id) */
    uint32_t lookup;                /* LOOKUP: index into lookups */
    uint32_t result;                /* LOOKUP: index into the read's `gives` */
    bool used;                      /* by a rule, guard, define in use, or test */
};

struct slu_event_kind {
    struct slu_word name;
    bool used;
};
struct slu_named_list {
    struct slu_word name;
    struct slu_expression *elements;
    enum slu_type element;
    bool used;
};
struct slu_named_condition {
    struct slu_word name;
    struct slu_expression *condition;
    bool used;
};
struct slu_named_calendar {
    struct slu_word name;
    const struct slu_calendar_syntax *syntax;
    struct slu_string zone_data; /* TZif bytes, borrowed from the host */
    bool used;
};
struct slu_tag_group {
    struct slu_word name;
    bool exclusive;
    struct slu_words members;
};

struct slu_parameter {
    struct slu_string name;
    struct slu_declared_type type;
    bool secret, optional;
    struct slu_string description;
};
struct slu_operation {
    struct slu_string name; /* "intercom.tag" */
    bool is_read;
    uint32_t service;
    struct slu_parameter *takes;
    uint32_t take_count;
    struct slu_parameter *gives;
    uint32_t give_count;
    uint32_t inverse;              /* index into operations, or SLU_NO_INDEX */
    struct slu_string cannot_undo; /* the reason, or empty */
    struct slu_string description;
};
struct slu_service {
    struct slu_word name;
    const struct slu_service_syntax *syntax;
    struct slu_parameter *settings; /* as many as the syntax has */
    bool in_use;
    const struct slu_declaration *connector; /* or NULL */
};
struct slu_lookup {
    struct slu_word name;
    uint32_t operation; /* SLU_NO_INDEX after a mistake */
    struct slu_expression *call;
    const struct slu_argument **arguments; /* in the order of the read's `takes`; NULL where left out */
    uint32_t argument_count;
    bool used;
};
/* The call's arguments in the order of the operation's `takes`; NULL where left out. */
struct slu_bound_action {
    const struct slu_action_syntax *syntax;
    const struct slu_argument **arguments;
    uint32_t *emit_fields; /* EMIT: the field each argument sets */
    uint32_t *unless_events;
    uint32_t target;         /* CALL: operation; SET: field; EMIT: event; UNDO: rule; RECORD: SLU_NO_INDEX */
    uint32_t argument_count; /* CALL: one per `takes`; EMIT: as written */
    uint32_t unless_count;
};
struct slu_bound_allowance {
    double count, period;
    uint32_t entity_id; /* field, or SLU_NO_INDEX */
    struct slu_span span;
};
struct slu_bound_rule {
    const struct slu_rule_syntax *syntax;
    struct slu_bound_allowance *allowances;
    struct slu_bound_action *actions;
    uint32_t ruleset;
    uint32_t allowance_count;
    uint32_t action_count;
};
struct slu_bound_ruleset {
    const struct slu_ruleset_syntax *syntax;
    uint32_t *events;
    uint32_t event_count;
    uint32_t first_rule, rule_count;
};
struct slu_bound_mask {
    uint32_t operation; /* SLU_NO_INDEX: all of service */
    uint32_t service;
};
struct slu_bound_guard {
    const struct slu_guard_syntax *syntax;
    struct slu_bound_mask *masks;
    uint32_t mask_count;
};
enum slu_assertion_kind {
    SLU_ASSERTION_NEVER,     /* an action, when the condition holds */
    SLU_ASSERTION_AT_MOST,   /* an action, so often in a period */
    SLU_ASSERTION_ALWAYS_ONE /* of a group's members is on the conversation */
};
struct slu_bound_assertion {
    enum slu_assertion_kind kind;
    struct slu_span span;
    struct slu_expression *condition; /* or NULL */
    struct slu_bound_mask *masks;     /* NEVER, AT_MOST */
    uint32_t mask_count;
    struct slu_bound_allowance limit; /* AT_MOST */
    uint32_t group;                   /* ALWAYS_ONE, or SLU_NO_INDEX after a mistake */
    uint32_t *events;                 /* ALWAYS_ONE; none: every kind that a ruleset listens to */
    uint32_t event_count;
};
struct slu_bound_mapping {
    const struct slu_mapping *syntax;
    uint32_t field;
};
struct slu_bound_topic {
    const struct slu_topic *syntax;
    uint32_t event; /* SLU_NO_INDEX: ignored */
    struct slu_bound_mapping *mappings;
    uint32_t mapping_count; /* head's included, a topic's own first */
};
struct slu_bound_source {
    struct slu_word name;
    const struct slu_source_syntax *syntax;
    const struct slu_mapping *topic, *id, *at;
    struct slu_bound_topic *topics;
    uint32_t topic_count;
    bool json, form;
};
struct slu_bound_outcome {
    const struct slu_outcome *syntax;
    uint32_t rule;    /* or SLU_NO_INDEX */
    uint32_t ruleset; /* or SLU_NO_INDEX */
    struct slu_bound_action *actions;
    uint32_t action_count;
};
struct slu_bound_given {
    uint32_t field;
    const struct slu_expression *value; /* NULL: missing */
};
struct slu_bound_step {
    const struct slu_step_syntax *syntax;
    uint32_t event;
    struct slu_bound_given *given;
    uint32_t given_count;
    struct slu_bound_outcome *outcomes;
    uint32_t outcome_count;
};
struct slu_bound_test {
    const struct slu_test_syntax *syntax;
    struct slu_span title_span;
    struct slu_bound_step *steps;
    uint32_t step_count;
};

#define SLU_ITEMS(type, name)                                                                                          \
    struct type *name;                                                                                                 \
    uint32_t name##_count

struct slu_model {
    struct slu_arena *arena;
    struct slu_sources *sources;
    SLU_ITEMS(slu_field, fields);
    SLU_ITEMS(slu_event_kind, events);
    SLU_ITEMS(slu_named_list, lists);
    SLU_ITEMS(slu_named_condition, defines);
    SLU_ITEMS(slu_named_calendar, calendars);
    SLU_ITEMS(slu_tag_group, groups);
    SLU_ITEMS(slu_service, services);
    SLU_ITEMS(slu_operation, operations);
    SLU_ITEMS(slu_lookup, lookups);
    SLU_ITEMS(slu_bound_ruleset, rulesets);
    SLU_ITEMS(slu_bound_rule, rules);
    SLU_ITEMS(slu_bound_guard, guards);
    SLU_ITEMS(slu_bound_assertion, assertions);
    SLU_ITEMS(slu_bound_source, from_sources);
    SLU_ITEMS(slu_bound_test, tests);
    struct slu_string public_url; /* of `site`; empty: none */
    struct slu_map field_names, event_names, list_names, define_names, calendar_names, service_names, operation_names,
        lookup_names, ruleset_titles, rule_titles;
};

#endif
