/* The inside of the store; for store.c, store_apply.c and store_load.c. */
#ifndef SLU_DECIDE_STORE_PARTS_H
#define SLU_DECIDE_STORE_PARTS_H

#include "engine/base/buffer.h"
#include "engine/base/map.h"
#include "engine/decide/convert.h"
#include "engine/decide/pack.h"
#include "engine/decide/store.h"
#include "engine/decide/store_table.h"

#include <stdalign.h>
#include <stddef.h>

/* Decisions of one rule for one conversation that are remembered for `undo`; older ones are forgotten. */
enum { SLU_STORE_RECORDED = 100 };

/* Each record below is one malloc'd block; `data` holds what it points to. */
struct slu_kept_value {
    struct sluice_value value;
    alignas(max_align_t) char data[];
};

/* When a rule has won for one key. */
struct slu_wins {
    uint64_t ever;
    int64_t *times; /* malloc'd; those that some allowance can still count */
    size_t count, capacity;
};

enum slu_recorded_state { SLU_RECORDED_DONE, SLU_RECORDED_WAITING, SLU_RECORDED_DROPPED };
struct slu_recorded {
    struct slu_recorded *older;
    const struct sluice_recorded_action *actions;
    uint8_t *states; /* enum slu_recorded_state, per action */
    size_t count;
    alignas(max_align_t) char data[];
};

/* A waiting action and where it was recorded. */
struct slu_kept_waiting {
    struct slu_waiting waiting;    /* first: a pointer to it is one to this */
    struct slu_recorded *recorded; /* NULL: nowhere, or forgotten */
    size_t recorded_at;
    alignas(max_align_t) char data[];
};

struct slu_store {
    const struct sluice_program *program;
    struct sluice_facts facts;
    struct slu_store_table state;    /* field, entity -> slu_kept_value */
    struct slu_store_table lookups;  /* name, arguments, result -> slu_kept_value */
    struct slu_store_table wins;     /* ruleset, rule, key -> slu_wins */
    struct slu_store_table recorded; /* rule, lane -> slu_recorded, newest */
    struct slu_arena arena;          /* of `undone` */
    struct slu_map undone;           /* titles that some `undo` names */
    struct slu_waiting *waiting, *cancelled;
    struct slu_buffer key;                 /* scratch for composed keys */
    struct slu_buffer text;                /* scratch for a look-up's arguments */
    struct sluice_recorded_action *answer; /* malloc'd; the last answer to `recorded` */
    size_t answer_capacity;
};

/* The parts as one key, told apart by their lengths; valid until the next.
 * False when out of memory. */
bool slu_store_key(struct slu_store *store, const struct slu_string *parts, size_t count, struct slu_string *key);
void slu_store_free_recorded(void *record); /* and all older ones */

#endif
