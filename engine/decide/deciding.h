/* One call of sluice_decide. Internal to engine/decide: the steps are in
 * rules.c, allowances.c, actions.c, groups.c, guards.c, undo.c, emit.c and
 * facts.c; decide.c runs them, ask.c some of them alone. */
#ifndef SLU_DECIDE_DECIDING_H
#define SLU_DECIDE_DECIDING_H

#include "engine/base/limits.h"
#include "engine/decide/convert.h"
#include "engine/decide/decider.h"
#include "engine/vm/index.h"
#include "engine/vm/machine.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of a guard for one event. */
enum slu_guard_state { SLU_GUARD_UNKNOWN, SLU_GUARD_OPEN, SLU_GUARD_BLOCKS };

/* A field that a raised event replaces. */
struct slu_replaced {
    uint32_t slot;
    struct slu_value value;
};

/* One event: the one that was read, or a raised one that waits its turn. */
struct slu_frame {
    struct slu_frame *next;
    const struct slu_frame *raised_by;   /* NULL: it was read */
    const struct slu_replaced *replaced; /* by the `emit` */
    uint32_t replaced_count;
    uint32_t event;
    uint32_t depth;
    struct slu_value *slots; /* made when its turn comes */
    uint8_t *filled;
    struct slu_index_found *found; /* see struct sluice_decider; NULL: not found yet */
    uint8_t *guards;               /* enum slu_guard_state each; NULL until the first is asked */
    struct slu_string lane;
    bool has_lane;
};

/* What the decisions so far mean for those still to come in the same result. */
enum slu_known_kind { SLU_KNOWN_SET, SLU_KNOWN_ALLOWANCE, SLU_KNOWN_UNDONE };
struct slu_known {
    struct slu_value value; /* SET: the field's value for the entity */
    uint64_t used;          /* ALLOWANCE: as the facts said, plus what was spent since */
};

/* A `set` that later events see. */
struct slu_pending_set {
    uint32_t slot;
    struct slu_string entity;
    struct slu_value value;
};

/* What the decisions so far do with a member of an exclusive group: the last
 * word for one conversation and one delay. */
struct slu_tagging {
    const struct slu_text *member; /* as the group has it */
    struct slu_value tag;          /* as it was given */
    struct slu_string lane, parameter;
    const struct sluice_argument *arguments; /* where it goes: all but `parameter` */
    size_t argument_count;
    uint32_t giver; /* operation */
    int64_t delay;  /* milliseconds */
    bool given;     /* false: taken away */
};

/* What the index has said before anything was made ready for a decision, which goes on from there where that
 * is not enough: nothing is looked for twice, and the steps that it took are taken once. */
struct slu_begun {
    bool asked;                 /* else there is nothing in the others */
    bool any, unsure;           /* a rule may win, and must be confirmed */
    uint32_t number;            /* of the rule in its ruleset */
    struct slu_machine machine; /* as far as an index needs one */
    struct slu_index_search search;
};

/* What every decision needs comes first. */
struct slu_deciding {
    const struct sluice_program *program;
    const sluice_decider *decider;
    const struct sluice_inputs *inputs;
    const struct sluice_facts *facts; /* never NULL */
    struct slu_arena *arena;
    struct sluice_error *error; /* or NULL */
    struct slu_frame *frame;    /* the event whose turn it is */
    struct slu_frame *last;     /* the end of the queue */
    struct sluice_decision *decisions;
    size_t decision_count, decision_capacity;
    struct slu_machine machine;
    struct slu_begun *begun; /* of the event that was read; NULL: its index was not asked */

    enum sluice_status failure; /* why a fill failed; SLUICE_OK: none did */
    uint32_t fact_depth;        /* facts being asked for, each for the one before */
    uint32_t raised;            /* events raised so far */
    bool winners_only;          /* see slu_decide_winners */
    struct slu_map known_index; /* kind, index and text -> known; made with the first */
    struct slu_known **known;
    size_t known_count, known_capacity;
    struct slu_pending_set *sets; /* by the frame's decisions */
    size_t set_count, set_capacity;
    struct slu_tagging *taggings;
    size_t tagging_count, tagging_capacity;
};

/* A list of actions while it grows. */
struct slu_action_list {
    struct sluice_action *items;
    size_t count, capacity;
};

/* decide.c */
enum sluice_status slu_deciding_no_memory(struct slu_deciding *deciding);
/* What the machine says, with the reason in the deciding's error. */
enum sluice_status slu_deciding_status(struct slu_deciding *deciding, enum slu_machine_status status);
/* Runs a piece of code on the frame's fields. */
enum sluice_status slu_deciding_run(struct slu_deciding *deciding, struct slu_code code, struct slu_value *answer);
/* A condition: no code holds. */
enum sluice_status slu_deciding_holds(struct slu_deciding *deciding, struct slu_code code, bool *holds);

/* Makes ready for the event read last, and nothing is decided yet. */
enum sluice_status slu_deciding_begin(struct slu_deciding *deciding, struct slu_frame *frame, sluice_decider *decider,
                                      const struct sluice_inputs *inputs, struct sluice_error *error);

/* facts.c */
enum slu_machine_status slu_facts_fill(void *context, uint32_t slot);
/* A field's value on this frame, asked for when it is not there yet. */
enum sluice_status slu_facts_slot(struct slu_deciding *deciding, uint32_t slot, struct slu_value *value);
/* As text that names an entity; empty: missing, or `slot` is SLU_NO_INDEX. */
enum sluice_status slu_facts_key(struct slu_deciding *deciding, uint32_t slot, struct slu_string *key);
/* A state field of any entity, as earlier events of this result left it. */
enum sluice_status slu_facts_state(struct slu_deciding *deciding, uint32_t slot, struct slu_string entity,
                                   struct slu_value *value);
/* Turns an answer's status into what deciding does with it: SLUICE_OK with
 * *found set, or the status to stop with. `what` names the fact for a person. */
enum sluice_status slu_facts_status(struct slu_deciding *deciding, enum sluice_fact_status status,
                                    struct slu_string what, bool *found);
/* What is kept for the question, or NULL. */
struct slu_known *slu_known_find(struct slu_deciding *deciding, enum slu_known_kind kind, uint32_t index,
                                 struct slu_string text);
/* The same, made when it is not there; NULL when out of memory. */
struct slu_known *slu_known_put(struct slu_deciding *deciding, enum slu_known_kind kind, uint32_t index,
                                struct slu_string text);

/* rules.c */
/* Finds the classes of an event's values for the rulesets that are decided by
 * their indexes; found[i] is that of the program's look i. False when out of memory. */
bool slu_rules_find_classes(const struct sluice_program *program, uint32_t event, enum slu_index_use use,
                            const struct slu_value *slots, struct slu_arena *arena, struct slu_index_found *found);
enum sluice_status slu_rules_decide(struct slu_deciding *deciding, uint32_t ruleset);
/* The same for an event that was read, where its classes alone tell which rule wins; the
 * decision, the decider's first, has no actions. *winner NULL: none does. False where they
 * do not tell, or the event has not one ruleset: no more was done than *begun says. */
bool slu_rules_decide_outright(sluice_decider *decider, const struct sluice_inputs *inputs, struct slu_begun *begun,
                               const struct slu_program_rule **winner);
/* What winning entails: allowances and actions. */
enum sluice_status slu_rules_win(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                 struct sluice_decision *decision);
/* Does the rule match? *spent as below. */
enum sluice_status slu_rules_try(struct slu_deciding *deciding, const struct slu_program_rule *rule, bool *wins,
                                 struct sluice_spent **spent);

/* allowances.c: has every allowance of the rule something left? If so *spent
 * is what winning uses up, one each. */
enum sluice_status slu_allowances_left(struct slu_deciding *deciding, const struct slu_program_rule *rule, bool *left,
                                       struct sluice_spent **spent);
/* Is that allowance of the program, which is the rule's, used up? Not where the event does not name whose it is. */
enum sluice_status slu_allowances_used_up(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                          uint32_t index, bool *used_up);
enum sluice_status slu_allowances_spend(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                        const struct sluice_spent *spent);

/* actions.c */
enum sluice_status slu_actions_make(struct slu_deciding *deciding, const struct slu_program_rule *rule,
                                    struct sluice_decision *decision);
/* One action's arguments and delay, once for each repetition, without what it does
 * (no guard, no group, nothing raised): for what a test expects. */
enum sluice_status slu_actions_evaluate(struct slu_deciding *deciding, const struct slu_program_action *code,
                                        struct slu_action_list *list);
/* Room at the end of the list, zeroed, with the frame's lane; NULL when out of memory. */
struct sluice_action *slu_actions_add(struct slu_deciding *deciding, struct slu_action_list *list,
                                      enum sluice_action_kind kind, struct slu_string name);
/* Notes a `set` for the events that are decided later. */
enum sluice_status slu_actions_note_set(struct slu_deciding *deciding, uint32_t slot, struct slu_string entity,
                                        struct slu_value value);
const struct sluice_argument *slu_argument_find(const struct sluice_argument *arguments, size_t count,
                                                struct slu_string name);
/* The arguments of an operation's inverse: those of the action with the same
 * names. *missing: a parameter it needs and the action lacks; empty: none. */
enum sluice_status slu_inverse_arguments(struct slu_deciding *deciding, const struct slu_program_operation *inverse,
                                         const struct sluice_argument *from, size_t from_count,
                                         struct sluice_action *action, struct slu_string *missing);

/* groups.c: before a tag of an exclusive group is given, the actions that take
 * the other members away. `tag` is the value of the argument `parameter`. */
enum sluice_status slu_groups_make_room(struct slu_deciding *deciding, uint32_t operation,
                                        const struct sluice_action *giving, struct slu_string parameter,
                                        struct slu_value tag, struct slu_action_list *list);
/* Remembers the tag that an action gives or takes away, for the actions that
 * follow in the same result. A blocked action does neither. */
enum sluice_status slu_groups_note(struct slu_deciding *deciding, uint32_t operation,
                                   const struct sluice_action *action, struct slu_string parameter,
                                   struct slu_value tag);

/* guards.c: sets blocked_by of a connector's action. */
enum sluice_status slu_guards_apply(struct slu_deciding *deciding, uint32_t operation, struct sluice_action *action);

/* watch.c: tells the watch of an action that is not blocked, and of the frame's event. */
enum sluice_status slu_watch_action(struct slu_deciding *deciding, uint32_t operation,
                                    const struct sluice_action *action);
enum sluice_status slu_watch_event(struct slu_deciding *deciding);

/* undo.c */
enum sluice_status slu_undo_make(struct slu_deciding *deciding, struct sluice_action *action);

/* emit.c: puts the raised event at the end of the queue and sets the action's lane. */
enum sluice_status slu_emit_queue(struct slu_deciding *deciding, const struct slu_program_action *code,
                                  struct slu_replaced *replaced, uint32_t replaced_count, struct sluice_action *action);
/* Makes the fields of a raised event whose turn has come. */
enum sluice_status slu_emit_begin(struct slu_deciding *deciding, struct slu_frame *frame);

/* trace.c: each does nothing without a trace. */
void slu_trace_text(struct slu_deciding *deciding, enum sluice_trace_kind kind, struct slu_string text, bool outcome,
                    struct slu_string file, uint32_t line);
void slu_trace_value(struct slu_deciding *deciding, const struct sluice_trace_entry *entry);
void slu_trace_probe(void *context, uint32_t at, struct slu_value left, bool outcome);

#endif
