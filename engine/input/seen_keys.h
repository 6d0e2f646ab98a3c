/* The keys of the objects that are open, by their hashes alone: to find out
 * where a key may be there twice, and a slower reader has to look. */
#ifndef SLU_INPUT_SEEN_KEYS_H
#define SLU_INPUT_SEEN_KEYS_H

#include "engine/input/key.h"

enum {
    SLU_SEEN_MOST = 1024, /* keys in one object; comparing takes the square of it */
    SLU_SEEN_BITS = 256   /* of an object's filter */
};

/* One object that is open. */
struct slu_seen_object {
    uint64_t filter[SLU_SEEN_BITS / 64];
    uint32_t first; /* of its keys */
};

/* One stack for all objects that are open: an inner one is closed before the
 * outer one goes on, so each object's keys stand side by side. */
struct slu_seen_keys {
    uint32_t *hashes; /* room enough for all of them */
    uint32_t count;
};

static inline void slu_seen_open(const struct slu_seen_keys *seen, struct slu_seen_object *object) {
    *object = (struct slu_seen_object){.first = seen->count};
}

static inline bool slu_seen_before(const struct slu_seen_keys *seen, const struct slu_seen_object *object,
                                   uint32_t hash) {
    uint32_t same = 0;
    for (uint32_t i = object->first; i < seen->count; i++) {
        same |= seen->hashes[i] == hash;
    }
    return same != 0;
}

/* False where the object may have the key already, or has too many. */
static inline bool slu_seen_add(struct slu_seen_keys *seen, struct slu_seen_object *object, uint32_t hash) {
    uint64_t *filter = &object->filter[hash >> 30], bit = UINT64_C(1) << (hash >> 24 & 63);
    if ((*filter & bit) && (seen->count - object->first >= SLU_SEEN_MOST || slu_seen_before(seen, object, hash))) {
        return false;
    }
    *filter |= bit;
    seen->hashes[seen->count++] = hash;
    return true;
}

static inline void slu_seen_close(struct slu_seen_keys *seen, const struct slu_seen_object *object) {
    seen->count = object->first;
}

#endif
