/* Builders: what the grammar's actions call to make the tree on the arena.
 *
 * A builder that gives a pointer or bool fails only for want of memory (NULL,
 * false). A user's mistake that only a builder sees (a limit, a member in the
 * wrong place) is reported here, and the construct is dropped later.
 *
 * Arrays of the tree grow in doublings, the older copies stay on the arena:
 * the capacity follows from the count, and reading stays linear. */
#ifndef SLU_GRAMMAR_BUILD_H
#define SLU_GRAMMAR_BUILD_H

#include "engine/base/limits.h"
#include "grammar/lexer.h"
#include "grammar/tree.h"

/* Lists while the parser's stack carries them. */
struct slu_arguments {
    struct slu_argument *items;
    uint32_t count;
};
struct slu_alternatives {
    struct slu_alternative *items;
    uint32_t count;
};
struct slu_masks {
    struct slu_mask *items;
    uint32_t count;
};
struct slu_allowances {
    struct slu_allowance_syntax *items;
    uint32_t count;
};
struct slu_rule_head {
    struct slu_expression *when, *unless;
    struct slu_allowances allowances;
};

/* One run of the parser. */
struct slu_builder {
    struct slu_lexer lexer;
    struct slu_arena *arena;             /* borrowed */
    struct slu_diagnostics *diagnostics; /* borrowed */
    struct slu_tree *tree;
    struct slu_declaration open; /* the declaration being read */
    bool is_open;
    bool declaration_broken, member_broken; /* there was a mistake in it: not to be kept */
    bool lost_member;                       /* a rule was dropped */
    struct slu_modifier topic_test;         /* of the `when` after `on "topic"` just read */
    uint32_t nesting;
    uint32_t mistakes; /* besides the lexer's */
    bool failed;       /* out of memory in the lexer */
    /* Where the parser reads, for messages and for going on after a mistake. */
    struct slu_token previous, current, pending;
    bool has_pending;
    uint32_t declared_at; /* behind the last keyword that a name to be declared can follow; 0: none */
    uint32_t resumed_at;  /* a mistake at this offset follows from an earlier one; UINT32_MAX: none */
};

void slu_builder_init(struct slu_builder *builder, struct slu_arena *arena, struct slu_diagnostics *diagnostics,
                      uint32_t file, struct slu_string text, struct slu_tree *tree);
/* Moves `current` on by one token. */
bool slu_builder_advance(struct slu_builder *builder);

static inline struct slu_span slu_span_join(struct slu_span first, struct slu_span last) {
    return (struct slu_span){first.file, first.start, last.end > first.end ? last.end : first.end};
}

/* The array with room for one more item; NULL when out of memory. */
void *slu_build_grow(struct slu_builder *builder, void *items, uint32_t count, size_t size);
/* Appends `item` (a variable) to an array; false when out of memory. */
#define SLU_APPEND(builder, array, count, item)                                                                        \
    (((array) = slu_build_grow((builder), (array), (count), sizeof(*(array)))) != NULL &&                              \
     ((array)[(count)++] = (item), true))

/* ---- mistakes ---- */

/* Reports a mistake that the grammar does not see. */
struct slu_diagnostic *slu_build_report(struct slu_builder *builder, enum slu_diagnostic_code code,
                                        struct slu_span span, const char *message);
void slu_build_break(struct slu_builder *builder);        /* the open declaration is dropped in the end */
void slu_build_break_member(struct slu_builder *builder); /* the rule being read is, or the declaration */
void slu_build_drop_member(struct slu_builder *builder);  /* forgets the mistake with the member */
/* False when it is one level too many: reported, the construct cannot be read. */
bool slu_build_enter(struct slu_builder *builder, struct slu_span span);
void slu_build_leave(struct slu_builder *builder);

/* ---- words ---- */

struct slu_word slu_build_no_word(struct slu_span span);
struct slu_words slu_build_no_words(void);
bool slu_build_words(struct slu_builder *builder, struct slu_words *words, struct slu_word first);
bool slu_build_add_word(struct slu_builder *builder, struct slu_words *words, struct slu_word word);

/* ---- expressions ---- */

struct slu_expression *slu_build_number(struct slu_builder *builder, enum slu_expression_kind kind,
                                        struct slu_span span, double number);
struct slu_expression *slu_build_text(struct slu_builder *builder, struct slu_word text);
/* NAME (no operand); MATCHES and DURING with their operand. */
struct slu_expression *slu_build_named(struct slu_builder *builder, enum slu_expression_kind kind, struct slu_span span,
                                       struct slu_expression *operand, struct slu_word name);
/* `right` is NULL for those with one operand. */
struct slu_expression *slu_build_operator(struct slu_builder *builder, enum slu_expression_kind kind,
                                          struct slu_span span, struct slu_expression *left,
                                          struct slu_expression *right);
struct slu_expression *slu_build_between(struct slu_builder *builder, struct slu_span span,
                                         struct slu_expression *operand, struct slu_expression *low,
                                         struct slu_expression *high);
/* A number with its sign, or a NEGATE. */
struct slu_expression *slu_build_negative(struct slu_builder *builder, struct slu_span span,
                                          struct slu_expression *operand);
/* AND, OR. A long chain has one level for each operand until it is balanced. */
struct slu_expression *slu_build_junction(struct slu_builder *builder, enum slu_expression_kind kind,
                                          struct slu_expression *left, struct slu_expression *right);
/* Makes a long chain of `and` or `or` a tree of few levels; the order and the meaning stay. */
bool slu_build_balance(struct slu_builder *builder, struct slu_expression *condition);
struct slu_expression *slu_build_list(struct slu_builder *builder, struct slu_span span);
struct slu_expression *slu_build_template(struct slu_builder *builder, struct slu_span span, struct slu_word head);
/* A piece of a template's text; nothing for an empty one. */
bool slu_build_add_piece(struct slu_builder *builder, struct slu_expression *template, struct slu_word piece);
bool slu_build_add_item(struct slu_builder *builder, struct slu_expression *list, struct slu_expression *item);
struct slu_expression *slu_build_call(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                      struct slu_arguments arguments);
struct slu_arguments slu_build_no_arguments(void);
/* Takes over `argument`. */
bool slu_build_add_argument(struct slu_builder *builder, struct slu_arguments *arguments,
                            struct slu_argument *argument);
struct slu_argument *slu_build_argument(struct slu_builder *builder, struct slu_expression *value, bool each);
enum slu_expression_kind slu_build_equality(bool equal);
enum slu_expression_kind slu_build_one_of(bool equal);
/* `contains any of` for `contains`, and so on. */
enum slu_expression_kind slu_build_any_of(enum slu_expression_kind verb);

/* ---- types and one-line declarations ---- */

struct slu_written_type *slu_build_type(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                        bool is_list);
struct slu_written_type *slu_build_choice(struct slu_builder *builder, struct slu_span span, struct slu_words choices);

/* Opens a declaration; members are added to it until `finish` files it. */
void slu_build_begin(struct slu_builder *builder, enum slu_declaration_kind kind, struct slu_span span,
                     struct slu_word name);
/* Opens one whose head could not be read, for the sake of mistakes in its members. */
/* Remembers the name of a declaration that is left out, so that its uses are no further mistakes. */
bool slu_build_lose(struct slu_builder *builder, struct slu_word name);
/* The same for the declaration that was begun last, of which nothing could be kept. */
bool slu_build_lose_declared(struct slu_builder *builder);
void slu_build_begin_broken(struct slu_builder *builder, enum slu_declaration_kind kind);
/* Adds the open declaration to the tree, unless there was a mistake in it. */
bool slu_build_finish(struct slu_builder *builder);
/* The open declaration reaches up to here. */
void slu_build_extend(struct slu_builder *builder, struct slu_span span);

bool slu_build_use(struct slu_builder *builder, struct slu_span span, struct slu_words services);
bool slu_build_field(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_word description);
bool slu_build_event(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     struct slu_word description);
bool slu_build_state(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_expression *initial);
bool slu_build_list_declaration(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                struct slu_expression *elements);
bool slu_build_define(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_expression *condition);
bool slu_build_group(struct slu_builder *builder, struct slu_span span, struct slu_word name, bool exclusive,
                     struct slu_words members);
bool slu_build_lookup(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_expression *call);
bool slu_build_guard(struct slu_builder *builder, struct slu_span span, struct slu_word title,
                     struct slu_expression *condition, struct slu_masks masks);
bool slu_build_never(struct slu_builder *builder, struct slu_span span, struct slu_masks masks,
                     struct slu_expression *condition, const struct slu_allowance_syntax *limit);
bool slu_build_always(struct slu_builder *builder, struct slu_span span, struct slu_word group,
                      struct slu_expression *condition, struct slu_words events);
struct slu_masks slu_build_no_masks(void);
struct slu_mask *slu_build_mask(struct slu_builder *builder, struct slu_word action, bool every);
bool slu_build_add_mask(struct slu_builder *builder, struct slu_masks *masks, const struct slu_mask *mask);

/* ---- calendars ---- */

void slu_build_calendar(struct slu_builder *builder, struct slu_span span, struct slu_word name, struct slu_word zone);
/* `days`: the first and last day of each range, in turn. */
bool slu_build_open(struct slu_builder *builder, struct slu_span span, struct slu_words days, double from, double to);
bool slu_build_closed(struct slu_builder *builder, struct slu_span span, double time, struct slu_word description);

/* ---- sources ---- */

void slu_build_bodies(struct slu_builder *builder, struct slu_span span, struct slu_words bodies);
bool slu_build_topic(struct slu_builder *builder, struct slu_span span, struct slu_word topic, struct slu_origin *when,
                     struct slu_word event);
void slu_build_topic_test(struct slu_builder *builder, const struct slu_modifier *test);
bool slu_build_ignored(struct slu_builder *builder, struct slu_span span, struct slu_word topic,
                       struct slu_word reason);
bool slu_build_mapping(struct slu_builder *builder, struct slu_span span, struct slu_word target,
                       struct slu_alternatives alternatives, struct slu_expression *constant);
struct slu_alternatives slu_build_no_alternatives(void);
bool slu_build_add_alternative(struct slu_builder *builder, struct slu_alternatives *alternatives,
                               const struct slu_alternative *alternative);
struct slu_alternative *slu_build_alternative(struct slu_builder *builder);
bool slu_build_add_part(struct slu_builder *builder, struct slu_alternative *alternative,
                        const struct slu_origin *part);
struct slu_origin *slu_build_origin(struct slu_builder *builder, enum slu_origin_kind kind, struct slu_span span,
                                    struct slu_word text);
struct slu_origin *slu_build_path(struct slu_builder *builder, struct slu_word first);
bool slu_build_add_keys(struct slu_builder *builder, struct slu_origin *path, struct slu_word keys);
bool slu_build_add_key(struct slu_builder *builder, struct slu_origin *path, struct slu_span end, struct slu_word key);
bool slu_build_add_index(struct slu_builder *builder, struct slu_origin *path, struct slu_span span, double index);
/* EACH, JSON. */
bool slu_build_add_step(struct slu_builder *builder, struct slu_origin *path, enum slu_step_kind kind,
                        struct slu_span end);
struct slu_modifier *slu_build_modifier(struct slu_builder *builder, enum slu_modifier_kind kind, struct slu_span span);
struct slu_modifier *slu_build_modifier_as(struct slu_builder *builder, struct slu_span span, struct slu_word first,
                                           struct slu_word second);
struct slu_modifier *slu_build_modifier_is(struct slu_builder *builder, struct slu_span span,
                                           struct slu_expression *literal);
struct slu_modifier *slu_build_modifier_one_of(struct slu_builder *builder, struct slu_span span,
                                               struct slu_expression *literals);

/* ---- services and settings ---- */

void slu_build_service(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                       struct slu_word description);
bool slu_build_service_setting(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                               const struct slu_written_type *type, bool optional, struct slu_word description);
/* A setting of type `secret`, which is a text. */
bool slu_build_secret(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_span type_span, bool optional, struct slu_word description);
void slu_build_service_limit(struct slu_builder *builder, struct slu_span span, double count, double per);
bool slu_build_operation(struct slu_builder *builder, struct slu_span span, bool is_read, struct slu_word name,
                         struct slu_word description);
bool slu_build_takes(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, bool optional, struct slu_word description);
bool slu_build_gives(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_word description);
void slu_build_undone(struct slu_builder *builder, struct slu_span span, struct slu_word action);
void slu_build_cannot_undo(struct slu_builder *builder, struct slu_span span, struct slu_word reason);
struct slu_setting *slu_build_setting(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                      struct slu_expression *literal);
struct slu_setting *slu_build_setting_from(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                           enum slu_setting_kind kind, struct slu_word from);
/* To the open connector or site. */
bool slu_build_add_setting(struct slu_builder *builder, const struct slu_setting *setting);

/* ---- rule sets ---- */

void slu_build_ruleset(struct slu_builder *builder, struct slu_span span, struct slu_word title,
                       struct slu_words events, bool complete);
bool slu_build_rule(struct slu_builder *builder, struct slu_span span, struct slu_word title, struct slu_rule_head head,
                    struct slu_actions actions);
/* `keyword`: where the word `otherwise` stands. */
bool slu_build_otherwise(struct slu_builder *builder, struct slu_span span, struct slu_span keyword,
                         struct slu_actions actions);
struct slu_allowances slu_build_no_allowances(void);
struct slu_allowance_syntax *slu_build_allowance(struct slu_builder *builder, struct slu_span span, double count,
                                                 double period, struct slu_word entity);
bool slu_build_add_allowance(struct slu_builder *builder, struct slu_allowances *allowances,
                             const struct slu_allowance_syntax *allowance);

struct slu_actions slu_build_no_actions(void);
/* Takes over `action`. */
bool slu_build_add_action(struct slu_builder *builder, struct slu_actions *actions, struct slu_action_syntax *action);
/* Takes over `call`. */
struct slu_action_syntax *slu_build_action_call(struct slu_builder *builder, enum slu_action_kind kind,
                                                struct slu_span span, struct slu_expression *call);
struct slu_action_syntax *slu_build_action_value(struct slu_builder *builder, enum slu_action_kind kind,
                                                 struct slu_span span, struct slu_word name,
                                                 struct slu_expression *value);
struct slu_action_syntax *slu_build_action_name(struct slu_builder *builder, enum slu_action_kind kind,
                                                struct slu_span span, struct slu_word name);
void slu_build_delay(struct slu_action_syntax *action, struct slu_span span, double delay, struct slu_words unless);

/* ---- tests ---- */

bool slu_build_step(struct slu_builder *builder, struct slu_span span, struct slu_word event);
void slu_build_step_time(struct slu_builder *builder, double time);
/* `value` NULL: the field is missing. */
bool slu_build_given(struct slu_builder *builder, struct slu_word field, struct slu_expression *value);
struct slu_outcome *slu_build_outcome_of(struct slu_builder *builder, enum slu_outcome_kind kind, struct slu_span span,
                                         struct slu_word rule, struct slu_word ruleset);
bool slu_build_outcome(struct slu_builder *builder, struct slu_span span, const struct slu_outcome *outcome);
/* An action of the last outcome. */
bool slu_build_expected(struct slu_builder *builder, struct slu_action_syntax *action, bool blocked);

#endif
