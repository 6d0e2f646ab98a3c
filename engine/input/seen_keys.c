#include "engine/input/seen_keys.h"

#include "engine/input/key_sort.h"

bool slu_seen_grow(struct slu_seen_keys *seen) {
    size_t bytes = seen->capacity * sizeof *seen->keys;
    struct slu_seen_key *keys = slu_arena_grow(seen->arena, seen->keys, bytes, 2 * bytes);
    if (!keys) {
        return false;
    }
    seen->keys = keys;
    seen->capacity *= 2;
    return true;
}

bool slu_seen_among_few(const struct slu_seen_keys *seen, const struct slu_seen_object *object,
                        const struct slu_seen_key *key) {
    uint32_t end = seen->count - object->first <= SLU_SEEN_FEW ? seen->count : object->first + SLU_SEEN_FEW;
    for (uint32_t i = object->first; i < end; i++) {
        if (seen->keys[i].hash == key->hash && slu_string_equal(seen->keys[i].text, key->text)) {
            return true;
        }
    }
    return false;
}

bool slu_seen_sort(struct slu_seen_keys *seen, const struct slu_seen_object *object, bool *twice) {
    uint32_t count = seen->count - object->first;
    struct slu_keyed *keys = SLU_NEW_ARRAY(seen->arena, struct slu_keyed, count);
    struct slu_keyed *spare = SLU_NEW_ARRAY(seen->arena, struct slu_keyed, count);
    if (!keys || !spare) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = (struct slu_keyed){seen->keys[object->first + i].text, i};
    }
    const struct slu_keyed *sorted = slu_keys_sort(keys, spare, count);
    for (uint32_t i = 1; i < count && !*twice; i++) {
        *twice = slu_keys_compare(&sorted[i - 1], &sorted[i]) == 0;
    }
    return true;
}
