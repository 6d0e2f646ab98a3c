/* The decider behind the public handle, for the engine's own callers (test
 * blocks, coverage). One thread at a time. */
#ifndef SLU_DECIDE_DECIDER_H
#define SLU_DECIDE_DECIDER_H

#include "engine/code/program.h"
#include "engine/include/sluice/sluice.h"

#include <stdbool.h>
#include <stdint.h>

/* What runs have reached, for `test --coverage`. */
enum { SLU_SEEN_FALSE = 1, SLU_SEEN_TRUE = 2 };
struct slu_coverage {
    uint64_t *wins; /* per rule of the program */
    uint8_t *seen;  /* per instruction: which outcomes a test had */
};

/* Told, while deciding, what assertions are about (engine/prove). What it is given is
 * borrowed for the call. */
struct slu_watch {
    void *context;
    /* An action that a `never` is about is asked for, not blocked, and the condition
     * holds for it. `entity`: whose it is counted for; empty: nobody's. */
    void (*asked)(void *context, uint32_t assertion, struct slu_string entity, const struct sluice_action *action);
    /* Of an assertion about a group: its condition, on the event itself. */
    void (*condition)(void *context, uint32_t assertion, bool holds);
};

/* Below so many rules, trying each in turn is faster than asking the index. */
enum { SLU_INDEX_RULES_WORTH = 6 };
enum slu_index_use { SLU_INDEX_WHERE_WORTH, SLU_INDEX_ALWAYS, SLU_INDEX_NEVER };

struct sluice_decider {
    const sluice_program *program; /* borrowed */
    /* What finding the winner reads of the event comes first, so that it is in few lines of memory. */
    uint32_t event;                /* index; SLU_NO_INDEX: none was read */
    enum slu_index_use index_use;  /* for tests, which hold the ways of deciding against each other */
    bool has_found, has_lane;      /* of the event as it is now */
    bool decided;                  /* the first decision was made */
    struct slu_string lane;        /* the event's conversation */
    struct slu_coverage *coverage; /* borrowed, or NULL */
    const struct slu_watch *watch; /* borrowed, or NULL */
    struct sluice_decision first;  /* room for the first decision on an event */
    struct slu_string id;          /* the event's; may be empty */
    struct slu_reader *reader;
    /* The event and the first decision on it; reset by each new event. */
    struct slu_arena arena;
    /* A later decision on the same event (facts were pending); reset by each. Apart, so
     * that asking again and again does not grow. */
    struct slu_arena again;
    struct slu_value *slots;         /* one per program slot, as the four below; malloc'd */
    struct slu_value *missing;       /* `slots` before anything is read */
    uint8_t *filled;                 /* enum slu_filled */
    uint8_t *unread;                 /* `filled` as it is before anything is asked */
    struct slu_string *not_a_choice; /* texts outside a choice's set */
    /* In tests: names the entity where the event lacks its id, for the slots marked; NULL: never. */
    const uint8_t *stand_ins; /* per slot; borrowed */
    /* The event's classes, one for each look of the program's indexes. Here, not behind a
     * pointer, for whoever finds the winner would wait for memory twice. */
    struct slu_index_found found[];
};

/* Makes, once, the arguments of actions that are the same in every decision; without, each decision
 * makes its own. Before other threads see the program. False when out of memory. */
bool slu_actions_share(sluice_program *program);
/* Forgets the last event: every slot reads missing. */
void slu_decider_clear(sluice_decider *decider);
/* Gives an event field a value; `value` is on the decider's arena or the program's. */
void slu_decider_set(sluice_decider *decider, uint32_t slot, struct slu_value value);
/* Finds the event's classes, which deciding starts from. False when out of memory. */
bool slu_decider_find_classes(sluice_decider *decider);
/* Finds what sluice_decide would let win, and nothing else: a decision for each
 * ruleset with its rule, without actions; nothing is spent, no event is raised. The
 * event can be decided afterwards as if it had not been asked. */
enum sluice_status slu_decide_winners(sluice_decider *decider, const struct sluice_inputs *inputs,
                                      struct sluice_result *result, struct sluice_error *error);
/* The condition as written, on one line; on the arena. False when out of memory. */
bool slu_condition_text(const sluice_program *program, const struct slu_debug *condition, struct slu_arena *arena,
                        struct slu_string *text);
/* What a test expects, evaluated on the event decided last, as the decision's
 * facts have it: `count` actions of the program from `first` on, which stand
 * for `written`. Borrowed until the next call of this or of sluice_decide. */
struct slu_action_list;
enum sluice_status slu_decide_expected(sluice_decider *decider, const struct sluice_inputs *inputs, uint32_t first,
                                       uint32_t count, const struct slu_bound_action *written,
                                       struct slu_action_list *expected, struct sluice_error *error);
/* Asks for every fact that some rule could read on the event read or raised
 * last: the decider's slots then hold them. `used_up`: per allowance of the program. */
enum sluice_status slu_decide_ask(sluice_decider *decider, const struct sluice_inputs *inputs, bool *used_up,
                                  struct sluice_error *error);
/* Tries one rule alone, whatever the event's kind and the rules before it: the trace shows it. */
enum sluice_status slu_decide_rule(sluice_decider *decider, const struct sluice_inputs *inputs, uint32_t rule,
                                   bool *matches, struct sluice_error *error);
/* What the program's allowance counts by, "contact" of `contact.id`; empty: it counts over all. */
struct slu_string slu_allowance_entity(const struct sluice_program *program, uint32_t index);
/* What names an entity whose id a test does not give. */
#define SLU_STAND_IN "test"
/* The event's conversation.id, or empty. False when out of memory. */
bool slu_decider_lane(sluice_decider *decider, struct slu_string *lane);

#endif
