/* The keys of the objects that are open, to find those that are there twice. */
#ifndef SLU_INPUT_SEEN_KEYS_H
#define SLU_INPUT_SEEN_KEYS_H

#include "engine/base/arena.h"
#include "engine/input/key.h"

#include <stdbool.h>

enum {
    SLU_SEEN_AT_FIRST = 128, /* keys for which no memory is asked */
    SLU_SEEN_FEW = 128,      /* keys of one object that are compared one by one; more are sorted */
    SLU_SEEN_BITS = 256      /* of an object's filter */
};

struct slu_seen_key {
    struct slu_string text;
    uint32_t hash;
};

/* One stack for all objects that are open: an inner one is closed before the
 * outer one goes on, so each object's keys stand side by side. */
struct slu_seen_keys {
    struct slu_seen_key *keys;
    uint32_t count, capacity;
    struct slu_arena *arena; /* borrowed */
    struct slu_seen_key at_first[SLU_SEEN_AT_FIRST];
};

/* One object that is open. */
struct slu_seen_object {
    uint64_t filter[SLU_SEEN_BITS / 64];
    uint32_t first; /* of its keys */
};

static inline void slu_seen_open(const struct slu_seen_keys *seen, struct slu_seen_object *object) {
    *object = (struct slu_seen_object){.first = seen->count};
}

/* Makes room for one more; false when out of memory. */
bool slu_seen_grow(struct slu_seen_keys *seen);
/* Is the key among the first of the object's? */
bool slu_seen_among_few(const struct slu_seen_keys *seen, const struct slu_seen_object *object,
                        const struct slu_seen_key *key);
/* Closes an object of more than SLU_SEEN_FEW keys; false when out of memory. */
bool slu_seen_sort(struct slu_seen_keys *seen, const struct slu_seen_object *object, bool *twice);

/* *twice is set where the object has the key already. False when out of memory. */
static inline bool slu_seen_add(struct slu_seen_keys *seen, struct slu_seen_object *object, const struct slu_key *key,
                                bool *twice) {
    struct slu_seen_key added = {key->text, (uint32_t)(key->hash >> 32)};
    uint64_t *filter = &object->filter[added.hash >> 30];
    uint64_t bit = UINT64_C(1) << (added.hash >> 24 & 63);
    if (*filter & bit) {
        *twice |= slu_seen_among_few(seen, object, &added);
    }
    *filter |= bit;
    if (seen->count == seen->capacity && !slu_seen_grow(seen)) {
        return false;
    }
    seen->keys[seen->count++] = added;
    return true;
}

/* Forgets the object's keys. *twice is set where a key was there twice. False when out of memory. */
static inline bool slu_seen_close(struct slu_seen_keys *seen, const struct slu_seen_object *object, bool *twice) {
    bool fine = seen->count - object->first <= SLU_SEEN_FEW || slu_seen_sort(seen, object, twice);
    seen->count = object->first;
    return fine;
}

#endif
