/* What the parts of the checker share; nothing outside engine/check/ includes it. */
#ifndef SLU_CHECK_CHECKER_H
#define SLU_CHECK_CHECKER_H

#include "engine/base/limits.h"
#include "engine/check/model.h"
#include "engine/check/walk.h"
#include "engine/include/sluice/sluice.h"
#include "engine/text/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

struct slu_conjunct_room;

struct slu_checker {
    struct slu_model *model;
    const struct slu_tree *trees;
    uint32_t tree_count;
    struct slu_arena *arena; /* borrowed; its `failed` tells that memory ran out */
    struct slu_sources *sources;
    struct slu_diagnostics *diagnostics;
    const struct sluice_host *host; /* or NULL */
    struct slu_walk_stack stack;
    struct slu_conjunct_room *spare_conjuncts;
    const struct slu_operation_syntax **operation_syntaxes; /* one per operation */
    uint32_t *next_same_title;       /* per rule: the next one of the same title, in another ruleset */
    uint32_t *definition_order;      /* defines, then look-ups (counted on): each after those it reads */
    bool definitions_circular;       /* then the order is not to be relied on */
    struct slu_map good_patterns[2]; /* patterns that were checked once, and those after `exactly` */
    struct slu_map checked_sets;     /* pairs of a list and a choice that were compared once */
    struct slu_map lost;             /* names whose declaration holds a mistake, which was reported */
    uint64_t suggestions_left;       /* candidates that "did you mean" may still look at */
};

/* A string for "%.*s": cut where it would swamp a message, dots for a secret. */
struct slu_string slu_check_shown(struct slu_string string);
static inline const char *slu_check_shown_bytes(struct slu_string string) {
    return string.length > 0 ? slu_check_shown(string).bytes : "";
}
#define SLU_SHOWN(string) (int)slu_check_shown(string).length, slu_check_shown_bytes(string)

/* ---- declarations.c: one kind after another, in the order of the text ---- */

struct slu_declarations {
    const struct slu_checker *checker;
    enum slu_declaration_kind kind;
    uint32_t tree, next;
};
struct slu_declarations slu_declarations_of(const struct slu_checker *checker, enum slu_declaration_kind kind);
struct slu_declaration *slu_declarations_next(struct slu_declarations *declarations);
uint32_t slu_declarations_count(const struct slu_checker *checker, enum slu_declaration_kind kind);
bool slu_check_is_standard(const struct slu_checker *checker, struct slu_span span);

/* ---- names.c: finding names, and saying which one was meant ---- */

enum slu_name_kind {
    SLU_NAME_VALUE, /* field, list or named condition */
    SLU_NAME_FIELD,
    SLU_NAME_STATE,
    SLU_NAME_ENTITY,
    SLU_NAME_EVENT,
    SLU_NAME_CALENDAR,
    SLU_NAME_SERVICE,
    SLU_NAME_ACTION,
    SLU_NAME_READ,
    SLU_NAME_FUNCTION,
    SLU_NAME_RULE,
    SLU_NAME_RULESET,
    SLU_NAME_GROUP
};

struct slu_suggestion {
    struct slu_checker *checker;
    struct slu_string wanted, tail; /* folded; `tail` after its last dot */
    struct slu_string nearest;
    size_t distance; /* of `nearest`; past `limit`: none yet */
    size_t limit;
    struct slu_string same_tail;
};
void slu_suggest_start(struct slu_suggestion *suggestion, struct slu_checker *checker, struct slu_string wanted);
void slu_suggest_offer(struct slu_suggestion *suggestion, struct slu_string candidate);
/* The best offer, or the empty string. */
struct slu_string slu_suggest_best(const struct slu_suggestion *suggestion);

/* Reports that nothing of that kind has the name, with advice. NULL as slu_diagnostics_add,
 * and for a name whose declaration holds a mistake: that one is reported already. */
struct slu_diagnostic *slu_check_unknown(struct slu_checker *checker, enum slu_name_kind kind, struct slu_word name);
/* The index of the name, reported when there is none (SLU_NO_INDEX). */
uint32_t slu_check_find_event(struct slu_checker *checker, struct slu_word name);
uint32_t slu_check_find_field(struct slu_checker *checker, struct slu_word name);
/* The text field `<entity>.id`, or SLU_NO_INDEX after a finding at `span`. */
uint32_t slu_check_find_entity(struct slu_checker *checker, struct slu_string entity, struct slu_span span);
void slu_check_report_duplicate(struct slu_checker *checker, const char *what, struct slu_word name,
                                struct slu_span first);
struct slu_string slu_check_join(struct slu_checker *checker, struct slu_string first, struct slu_string second);

/* ---- declared_types.c ---- */

/* `parameter`: html, tag and the like are allowed. An unknown type is reported
 * and becomes MISSING, which fits everything. */
struct slu_declared_type slu_check_written_type(struct slu_checker *checker, const struct slu_written_type *written,
                                                bool parameter);

/* ---- declare.c, services.c, lookups.c, calendars.c ---- */

/* Running out of memory sets the arena's `failed`, which slu_check looks at
 * between the stages: the functions from here on return nothing. */
void slu_check_declare_names(struct slu_checker *checker);
void slu_check_declare_services(struct slu_checker *checker);
void slu_check_declare_lookups(struct slu_checker *checker);
void slu_check_declare_calendars(struct slu_checker *checker);
/* How many fields the look-ups bring, at most; services are declared by then. */
uint32_t slu_check_lookup_fields(const struct slu_checker *checker);
/* True where `name` is free for a field, list or named condition; else reported. */
bool slu_check_value_is_free(struct slu_checker *checker, struct slu_word name);
/* Initial values, lists and named conditions, once all names are there. */
void slu_check_definitions(struct slu_checker *checker);
void slu_check_lookup_calls(struct slu_checker *checker);
void slu_check_connectors(struct slu_checker *checker);
/* Reports a service that is not in use; `span`: where it is named. */
bool slu_check_service_in_use(struct slu_checker *checker, uint32_t service, enum slu_diagnostic_code code,
                              struct slu_span span);

/* ---- types.c, comparisons.c, calls.c ---- */

enum slu_link_use { SLU_LINK_REFUSED, SLU_LINK_ALLOWED };
/* Resolves names and types of the whole expression. */
void slu_check_operand(struct slu_checker *checker, struct slu_expression *expression, enum slu_link_use links);
/* The same for one that must be a condition. */
void slu_check_condition(struct slu_checker *checker, struct slu_expression *expression);
/* After its operands: reports one that is not a condition. */
void slu_check_is_condition(struct slu_checker *checker, const struct slu_expression *expression);
void slu_check_test(struct slu_checker *checker, struct slu_expression *test);
void slu_check_function_call(struct slu_checker *checker, struct slu_expression *call, enum slu_link_use links);

/* ---- fit.c: values against types ---- */

/* Part of a message, made on the way; cut where it would swamp it. */
struct slu_phrase {
    char text[240];
};
struct slu_phrase slu_check_phrase(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "`company.size` is a number", "this is a text". */
struct slu_phrase slu_check_describe(const struct slu_expression *expression);
const char *slu_check_type_phrase(enum slu_type type); /* "a number" */
/* The set of a choice, or NULL where any text goes. */
const struct slu_words *slu_check_choices(const struct slu_model *model, const struct slu_expression *expression);
/* Reports literals of `value` (a text or a list) that are outside the set. */
void slu_check_in_choices(struct slu_checker *checker, const struct slu_words *choices, struct slu_expression *value,
                          bool exactly);
/* Reports a type mismatch at `value`, with advice on writing it as `wanted`. */
struct slu_diagnostic *slu_check_mismatch(struct slu_checker *checker, enum slu_type wanted,
                                          const struct slu_expression *value, const char *what);
/* Does the value fit the declared type? `what` names the taker: "`company.size`". */
bool slu_check_fits(struct slu_checker *checker, const struct slu_declared_type *type, struct slu_expression *value,
                    struct slu_string name);

/* ---- actions.c, rulesets.c, assertions.c, sources.c, tests.c ---- */

/* Binds the arguments of a call to what the operation takes: one entry per
 * `takes`. NULL when out of memory. */
const struct slu_argument **slu_check_bind_arguments(struct slu_checker *checker, uint32_t operation,
                                                     struct slu_argument *arguments, uint32_t argument_count,
                                                     struct slu_span span);
/* NULL when there are none or memory ran out. */
struct slu_bound_action *slu_check_bind_actions(struct slu_checker *checker, const struct slu_actions *actions);
void slu_check_declare_rulesets(struct slu_checker *checker);
void slu_check_rulesets(struct slu_checker *checker);
void slu_check_guards(struct slu_checker *checker);
void slu_check_assertions(struct slu_checker *checker);
/* Kinds of events, each once; *events is NULL when out of memory. */
void slu_check_bind_events(struct slu_checker *checker, const struct slu_words *names, uint32_t **events,
                           uint32_t *event_count);
/* `what`: what the finding says when the number of times is none. */
struct slu_bound_allowance slu_check_bind_allowance(struct slu_checker *checker,
                                                    const struct slu_allowance_syntax *from, const char *what);
/* Actions by name or by service; those with a mistake are left out. */
void slu_check_bind_masks(struct slu_checker *checker, const struct slu_mask *masks, uint32_t mask_count,
                          struct slu_bound_mask **bound, uint32_t *bound_count);
void slu_check_sources(struct slu_checker *checker);
void slu_check_tests(struct slu_checker *checker);

/* ---- graph.c: what leads to what ---- */

struct slu_edge {
    uint32_t to;
    uint32_t next; /* of the same node, or SLU_NO_INDEX */
    struct slu_span span;
};
struct slu_graph {
    struct slu_arena *arena; /* borrowed */
    uint32_t node_count;
    uint32_t *first_edge; /* per node, or SLU_NO_INDEX */
    struct slu_edge *edges;
    uint32_t edge_count, edge_capacity;
};
/* False when out of memory, as below. */
bool slu_graph_init(struct slu_graph *graph, struct slu_arena *arena, uint32_t node_count);
bool slu_graph_add(struct slu_graph *graph, uint32_t from, uint32_t to, struct slu_span span);
/* The edges of one cycle in their order; the last one closes it. */
typedef void slu_graph_cycle(void *context, const uint32_t *edges, uint32_t count);
/* Calls back for each edge that closes a cycle. `order` gets every node after
 * those it leads to (but for the closing edges). */
bool slu_graph_search(const struct slu_graph *graph, uint32_t *order, slu_graph_cycle *found, void *context);

/* ---- conjuncts.c: a condition as a list of things that must all hold ---- */

struct slu_conjunct {
    struct slu_expression *expression; /* a test, a flag, or a disjunction */
    bool negated, named;
    struct slu_span span; /* where the reader sees it: the name of a named condition, or the test itself */
};
/* Room for conjuncts; given back, it serves the next condition. */
struct slu_conjunct_room {
    struct slu_conjunct_room *next; /* spare ones */
    uint32_t capacity;
    struct slu_conjunct items[];
};
struct slu_conjuncts {
    struct slu_checker *checker;
    struct slu_conjunct_room *room; /* or NULL */
    struct slu_conjunct *items;
    uint32_t count;
    uint32_t steps_left; /* named conditions that use each other can grow without end */
};
/* Adds what `expression` (or its negation) asks for, named conditions resolved.
 * False when out of memory or steps. */
bool slu_conjuncts_add(struct slu_conjuncts *conjuncts, struct slu_conjunct from);
void slu_conjuncts_give_back(struct slu_conjuncts *conjuncts);
bool slu_conjunct_is_disjunction(const struct slu_conjunct *conjunct);

/* ---- over the whole program ---- */

void slu_check_cycles(struct slu_checker *checker);
void slu_check_same_conditions(struct slu_checker *checker);
void slu_check_hints(struct slu_checker *checker);
void slu_check_email_collector(struct slu_checker *checker);
void slu_check_usage(struct slu_checker *checker);
void slu_check_unused(struct slu_checker *checker);

/* ---- same_conditions.c ---- */

/* Named lists up to this long count as their elements. */
enum { SLU_CHECK_WRITTEN_OUT = 256 };
/* The test that a kind is the negation of; itself where it is none. */
enum slu_expression_kind slu_check_positive(enum slu_expression_kind kind);
/* Is a list's order, and how often it has an element, all the same to the test? NULL: no test. */
bool slu_check_asks_for_elements(const struct slu_expression *test);
/* Is a literal compared without regard to letter case? `further` stands around `around`. */
bool slu_check_is_folded(const struct slu_expression *around, const struct slu_expression *further);
/* By rule, on the arena: equal for rules with the same conditions, else hardly ever. NULL when out of memory. */
uint64_t *slu_check_condition_hashes(struct slu_checker *checker, struct slu_arena *arena);

/* ---- wording.c ---- */

bool slu_check_is_blank(struct slu_string text);
void slu_check_report_empty_tag(struct slu_checker *checker, struct slu_span span);
void slu_check_wording(struct slu_checker *checker);

/* ---- secrets.c ---- */

/* Reports a text literal that looks like a secret. */
void slu_check_text_for_secrets(struct slu_checker *checker, struct slu_string text, struct slu_span span);
void slu_check_report_secret(struct slu_checker *checker, struct slu_span span, const char *what,
                             struct slu_string name);

#endif
