/* The store of a dry run, in memory: state, look-ups that were given, what
 * rules have used up, recorded decisions that an `undo` can name, delayed
 * actions that wait. It holds no more than the distinct entities and keys it
 * has seen, and what waits. All failures are SLUICE_NO_MEMORY unless stated. */
#ifndef SLU_DECIDE_STORE_H
#define SLU_DECIDE_STORE_H

#include "engine/base/string.h"
#include "engine/include/sluice/sluice.h"

#include <stdint.h>

struct slu_store;
struct slu_json;

/* *store is *new*; the program is borrowed until it is freed. */
enum sluice_status slu_store_new(const sluice_program *program, struct slu_store **store);
void slu_store_free(struct slu_store *store); /* NULL is fine */

/* What sluice_decide asks. Borrowed as long as the store lives; answers until
 * the store is changed. */
const struct sluice_facts *slu_store_facts(struct slu_store *store);

/* A state field of one entity; a missing value forgets it. Copied. */
enum sluice_status slu_store_set_state(struct slu_store *store, struct slu_string field, struct slu_string entity,
                                       const struct sluice_value *value);
/* What a remote read answers. `name` is an operation ("intercom.conversation"),
 * then `arguments` are its arguments as text, joined with commas; or a look-up's
 * own name ("live"), then it answers so whatever the arguments. Copied. */
enum sluice_status slu_store_set_lookup(struct slu_store *store, struct slu_string name, struct slu_string arguments,
                                        struct slu_string result, const struct sluice_value *value);
/* The rule has won for the entity's key at that time; both are empty for wins over all. */
enum sluice_status slu_store_add_win(struct slu_store *store, struct slu_string ruleset, struct slu_string rule,
                                     struct slu_string entity, struct slu_string key, int64_t at);
/* All that a facts file says:
 *   {"state": {"contact": {"c1": {"spam": true}}},
 *    "lookups": {"intercom.conversation": {"537": {"state": "open"}}, "live": {"state": "open"}},
 *    "allowances": [{"rule": "Survey", "ruleset": "On close", "per": "contact", "key": "c1", "at":
 * "2026-11-20T09:00:00Z"}]} `facts` was read from `text`. SLUICE_INVALID: *error says what is wrong and where; the
 * store may hold a part. */
enum sluice_status slu_store_load_facts(struct slu_store *store, struct slu_string text, const struct slu_json *facts,
                                        struct sluice_error *error);

/* A delayed action that has not happened yet. */
struct slu_waiting {
    struct slu_waiting *next;
    struct sluice_string rule, lane;
    int64_t due; /* milliseconds since the epoch */
    struct sluice_recorded_action action;
    const struct sluice_string *unless;
    size_t unless_count;
};

/* Time has come to `clock`: delayed `set`s that are due take effect. Call it
 * before deciding. Delayed events are not raised: a dry run decides what it is given. */
enum sluice_status slu_store_advance(struct slu_store *store, int64_t clock);
/* Does what the result says: sets, spends, records, waits, and cancels what
 * waits for this event not to come. Blocked actions do nothing, but allowances
 * are spent by winning. After a failure the store may hold a part. */
enum sluice_status slu_store_apply(struct slu_store *store, const struct sluice_event *event,
                                   const struct sluice_result *result, int64_t clock);
/* What the last slu_store_apply cancelled, in the order in which it would have
 * happened; borrowed until the next. */
const struct slu_waiting *slu_store_cancelled(const struct slu_store *store);
/* What still waits, by due time. */
const struct slu_waiting *slu_store_waiting(const struct slu_store *store);

#endif
