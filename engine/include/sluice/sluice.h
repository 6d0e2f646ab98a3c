/* sluice: ordered, first-match rules over events of customer conversations.
 *
 * The library is pure: it opens nothing, prints nothing, reads no clock and no
 * environment, and keeps no global state. The caller hands in texts, events,
 * facts and the time, and gets decisions.
 *
 *   sluice_compile      .rules texts -> program (immutable, shared by threads)
 *   sluice_decider_new  one per thread: scratch memory, reused event by event
 *   sluice_read         bytes of an event or a webhook delivery -> event
 *   sluice_decide       event + facts + clock -> decisions
 *
 * Ownership words: *borrowed* (the caller keeps it, valid as long as stated),
 * *new* (the caller frees it). Strings are UTF-8 with a length, not
 * NUL-terminated. Times are milliseconds since 1970-01-01T00:00:00Z. */
#ifndef SLUICE_H
#define SLUICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SLUICE_API __attribute__((visibility("default")))
#else
#define SLUICE_API
#endif

#define SLUICE_VERSION_MAJOR 0
#define SLUICE_VERSION_MINOR 1
#define SLUICE_VERSION "0.1.0"

enum sluice_status {
    SLUICE_OK = 0,
    SLUICE_INVALID = 1,    /* the user's mistake: see the diagnostics or the error */
    SLUICE_NO_MEMORY = 2,  /* or a memory limit was reached, or a fact could not be had */
    SLUICE_LIMIT = 3,      /* a limit on size, depth, steps or count; see the error */
    SLUICE_IGNORED = 4,    /* sluice_read: well formed, and ignored for the reason given */
    SLUICE_NEEDS_FACTS = 5 /* sluice_decide: some facts are pending; ask again when they are there */
};

/* Borrowed bytes. */
struct sluice_string {
    const char *bytes;
    size_t length;
};

/* ---- values ---- */

enum sluice_type {
    SLUICE_MISSING,
    SLUICE_TEXT,
    SLUICE_NUMBER,
    SLUICE_FLAG,
    SLUICE_TIME,     /* number: milliseconds since the epoch */
    SLUICE_DURATION, /* number: milliseconds */
    SLUICE_LIST
};

struct sluice_value {
    enum sluice_type type;
    double number;
    bool flag;
    struct sluice_string text;
    const struct sluice_value *items; /* LIST */
    size_t count;
};

/* ---- compiling ---- */

struct sluice_file {
    struct sluice_string name; /* printed in diagnostics */
    struct sluice_string text;
};

/* What only the caller can reach. Every member may be NULL. */
struct sluice_host {
    void *context;
    /* The bytes of the TZif file (RFC 8536) of a zone such as "Europe/Berlin";
     * borrowed until sluice_compile returns. SLUICE_INVALID: there is no such zone;
     * SLUICE_NO_MEMORY: it could not be read, and nothing is compiled. */
    enum sluice_status (*read_zone)(void *context, struct sluice_string name, struct sluice_string *bytes);
    /* One finding, in order of place. `text` is the rendered diagnostic with
     * source line, caret and notes; `json` the same as one JSON line. */
    void (*report)(void *context, bool is_error, struct sluice_string text, struct sluice_string json);
};

typedef struct sluice_program sluice_program;

/* Compiles the files together, in the order given, with the standard
 * vocabulary, sources and services before them. *program is *new* on
 * SLUICE_OK and NULL otherwise. The files are not needed afterwards. */
SLUICE_API enum sluice_status sluice_compile(const struct sluice_file *files, size_t count,
                                             const struct sluice_host *host, sluice_program **program);
SLUICE_API void sluice_program_free(sluice_program *program);

/* Takes the bytes of a saved program, piece by piece; false: they cannot be kept. */
struct sluice_writer {
    void *context;
    bool (*write)(void *context, struct sluice_string bytes);
};

struct sluice_error {
    char code[32];     /* a stable word, e.g. "bad-json" */
    char message[256]; /* for a person; never holds a value of the event */
    size_t at_byte;    /* offset in the body, or in the saved program */
};

/* Writes the program so that sluice_program_load of the same version of the
 * engine reads it. SLUICE_LIMIT: the writer refused. */
SLUICE_API enum sluice_status sluice_program_save(const sluice_program *program, const struct sluice_writer *writer);

/* Reads what was saved. Any bytes can be given: what is damaged, of another
 * version, or not safe to run is refused. *program is *new* on SLUICE_OK and
 * decides as the one that was saved; NULL otherwise. The bytes are not needed
 * afterwards. SLUICE_INVALID: *error says why, its code is "not-a-program",
 * "other-version" or "damaged". It has no `test` blocks. */
SLUICE_API enum sluice_status sluice_program_load(struct sluice_string bytes, sluice_program **program,
                                                  struct sluice_error *error);

/* ---- reading events ---- */

typedef struct sluice_decider sluice_decider;

SLUICE_API enum sluice_status sluice_decider_new(const sluice_program *program, sluice_decider **decider);
SLUICE_API void sluice_decider_free(sluice_decider *decider);

struct sluice_header {
    struct sluice_string name; /* case ignored, RFC 9110 section 5.1 */
    struct sluice_string value;
};

/* What arrived. `source` empty: the product's own shape. */
struct sluice_delivery {
    struct sluice_string body; /* borrowed until the next sluice_read on this decider */
    struct sluice_string source;
    struct sluice_string topic; /* names the topic where no header is at hand; may be empty */
    const struct sluice_header *headers;
    size_t header_count;
};

struct sluice_event {
    struct sluice_string id;    /* bytes NULL: the event names none */
    struct sluice_string kind;  /* "lead.qualified" */
    struct sluice_string topic; /* the service's own word for it; empty in the own shape */
    bool has_time;
    int64_t time;              /* the event's own `at`, milliseconds */
    struct sluice_string lane; /* its conversation.id; empty: it belongs to none */
};

/* Reads one delivery into the decider. SLUICE_OK: *event is set, borrowed
 * until the next sluice_read. SLUICE_IGNORED: error->message is the reason.
 * SLUICE_INVALID, SLUICE_LIMIT: *error says why and where. */
SLUICE_API enum sluice_status sluice_read(sluice_decider *decider, const struct sluice_delivery *delivery,
                                          struct sluice_event *event, struct sluice_error *error);

/* ---- facts ---- */

enum sluice_fact_status {
    SLUICE_FACT_FOUND,
    SLUICE_FACT_MISSING, /* asked and known to be absent */
    SLUICE_FACT_ABSENT,  /* nobody supplied it: reads as missing, and the trace says so */
    SLUICE_FACT_PENDING, /* being fetched: sluice_decide returns SLUICE_NEEDS_FACTS */
    SLUICE_FACT_FAILED   /* out of memory and the like: sluice_decide stops */
};

/* A recorded action, as an undo needs it. */
struct sluice_recorded_action;

/* The store and the look-ups, as the engine sees them. Each function may be
 * NULL (absent). They are called only for what the deciding rules read, at
 * most once per question in one call of sluice_decide. Answers are borrowed
 * until sluice_decide returns; one of another type than the field's reads as
 * missing. After SLUICE_NEEDS_FACTS the same call is made again from the
 * start: deciding has no effects, so nothing is done twice. */
struct sluice_facts {
    void *context;
    /* The value of a state field ("contact.spam") for one entity ("c1"). */
    enum sluice_fact_status (*state)(void *context, struct sluice_string field, struct sluice_string entity,
                                     struct sluice_value *value);
    /* One result field of a remote read: operation "intercom.conversation",
     * its arguments in the declared order (SLUICE_MISSING where left out),
     * result "state". `name` is the look-up's own name in the rules ("live").
     * Not asked when an argument that is written has no value. */
    enum sluice_fact_status (*lookup)(void *context, struct sluice_string name, struct sluice_string operation,
                                      const struct sluice_value *arguments, size_t count, struct sluice_string result,
                                      struct sluice_value *value);
    /* How often the rule has won for one entity in (clock - period, clock]; period 0: ever.
     * `entity` is its kind ("contact") and `key` its id; both are empty for wins over all. */
    enum sluice_fact_status (*allowance)(void *context, struct sluice_string ruleset, struct sluice_string rule,
                                         struct sluice_string entity, struct sluice_string key, int64_t period,
                                         int64_t clock, uint64_t *used);
    /* The newest decision of `rule` for the conversation `key` that is not
     * undone yet: its actions in their order, blocked ones left out. */
    enum sluice_fact_status (*recorded)(void *context, struct sluice_string rule, struct sluice_string key,
                                        const struct sluice_recorded_action **actions, size_t *count);
};

/* ---- deciding ----
 *
 * All rulesets of one event decide on the same facts: what one of them `set`s
 * is not seen by the next. An event raised by `emit` is decided after all
 * rulesets of the event that raised it, in the order raised, and sees every
 * `set` and every spent allowance of the events decided before it in the same
 * result, as if they had been applied already. Delayed actions are not seen:
 * raise a delayed `emit` with sluice_raise when it is due. */

enum sluice_action_kind {
    SLUICE_ACTION_CALL,   /* a connector's action */
    SLUICE_ACTION_RECORD, /* a line for the decision; sends nothing */
    SLUICE_ACTION_SET,    /* a state field gets a value */
    SLUICE_ACTION_EMIT,   /* an event was raised; its decisions follow in the same result */
    SLUICE_ACTION_UNDO    /* stands for a recorded decision; its `reverses` follow */
};

struct sluice_argument {
    struct sluice_string name;
    struct sluice_value value; /* text escaped for the parameter's type */
};

struct sluice_recorded_action {
    enum sluice_action_kind kind;
    struct sluice_string name; /* "intercom.tag"; SET: the field; EMIT: the event; UNDO: the rule */
    const struct sluice_argument *arguments;
    size_t argument_count;
    struct sluice_string entity; /* SET: whose state */
    struct sluice_value before;  /* SET: the value it replaced */
};

struct sluice_action {
    enum sluice_action_kind kind;
    struct sluice_string name;
    /* RECORD: one, "why"; SET: one, "value" (missing: the field is cleared). A parameter
     * that is not optional and has no value is there as SLUICE_MISSING. */
    const struct sluice_argument *arguments;
    size_t argument_count;
    struct sluice_string entity;        /* SET: whose state; empty: the event does not say, nothing is set */
    struct sluice_value before;         /* SET: the value it replaces, as the decision read it */
    int64_t delay;                      /* `after`, milliseconds; 0: at once */
    const struct sluice_string *unless; /* events that cancel it while it waits */
    size_t unless_count;
    struct sluice_string lane;       /* the conversation it belongs to (EMIT: the raised event's); empty: none */
    struct sluice_string blocked_by; /* the guard's title; empty: not blocked */
    /* UNDO: what reverses the recorded actions, last first; none: there was nothing to undo. */
    const struct sluice_action *reverses;
    size_t reverse_count;
    struct sluice_string cannot; /* inside `reverses`: why this one cannot be reversed; empty: it can */
};

/* An allowance that a winning rule used up once. */
struct sluice_spent {
    struct sluice_string entity, key; /* as sluice_facts is asked */
    int64_t period;
};

struct sluice_decision {
    struct sluice_string event; /* kind; differs from the event's own where raised by `emit` */
    uint32_t depth;             /* 0: the event itself; 1 and more: raised */
    struct sluice_string ruleset;
    struct sluice_string rule; /* bytes NULL: none matched; "otherwise" */
    struct sluice_string file;
    uint32_t line;             /* of the rule, from 1; of the ruleset where none matched */
    struct sluice_string lane; /* the event's conversation: the key under which an `undo` finds it */
    const struct sluice_action *actions;
    size_t action_count;
    const struct sluice_spent *spent;
    size_t spent_count;
};

struct sluice_result {
    const struct sluice_decision *decisions;
    size_t count;
};

/* What a trace reports, in order; see sluice_trace. */
enum sluice_trace_kind {
    SLUICE_TRACE_RULESET,      /* text: title */
    SLUICE_TRACE_RULE,         /* text: title; a rule is tried */
    SLUICE_TRACE_CONDITION,    /* text: the condition as written; value: what its left side was; outcome */
    SLUICE_TRACE_ALLOWANCE,    /* text: as written; value: how often used; outcome: something is left */
    SLUICE_TRACE_OUTCOME,      /* of the rule: outcome true: it wins */
    SLUICE_TRACE_ABSENT,       /* text: a fact that nobody supplied */
    SLUICE_TRACE_NOT_A_CHOICE, /* text: the field; value: the text outside its set */
    SLUICE_TRACE_GUARD,        /* text: title; outcome: it blocks */
    SLUICE_TRACE_RAISED        /* text: the kind of a raised event; what follows decides it */
};
struct sluice_trace_entry {
    enum sluice_trace_kind kind;
    struct sluice_string text;
    struct sluice_string field; /* CONDITION: the field on its left side; empty: none */
    struct sluice_value value;
    bool outcome;
    struct sluice_string file;
    uint32_t line;
};
/* Called while deciding; what it is given is borrowed for the call. */
struct sluice_trace {
    void *context;
    void (*entry)(void *context, const struct sluice_trace_entry *entry);
};

struct sluice_inputs {
    int64_t clock;                    /* milliseconds: what `now` means */
    const struct sluice_facts *facts; /* or NULL: no facts */
    const struct sluice_trace *trace; /* or NULL */
    struct sluice_string link_base;   /* where link() points; empty: the site's public_url */
};

/* Decides the event read last. The result is borrowed until the next call
 * of sluice_read, sluice_raise or sluice_decide on this decider. Not SLUICE_OK:
 * there are no decisions, and *error says why (not for SLUICE_NEEDS_FACTS). */
SLUICE_API enum sluice_status sluice_decide(sluice_decider *decider, const struct sluice_inputs *inputs,
                                            struct sluice_result *result, struct sluice_error *error);

/* Turns the event read last into one of the given kind that carries its
 * fields, those named by the arguments replaced: what a delayed `emit` becomes
 * when it is due, and a link() when it is confirmed. *event may be NULL. */
SLUICE_API enum sluice_status sluice_raise(sluice_decider *decider, struct sluice_string kind,
                                           const struct sluice_argument *arguments, size_t count,
                                           struct sluice_event *event, struct sluice_error *error);

#ifdef __cplusplus
}
#endif

#endif
