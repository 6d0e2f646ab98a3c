#include "engine/base/map.h"

#include <assert.h>
#include <string.h>

/* An entry is empty while its value is SLU_MAP_NONE. */
struct slu_map_entry {
    struct slu_string key; /* borrowed */
    uint32_t hash;         /* the low half */
    uint32_t value;
};

enum { FIRST_CAPACITY = 16 };

void slu_map_init(struct slu_map *map, struct slu_arena *arena) {
    *map = (struct slu_map){.arena = arena};
}

/* Folds the high bits, which a multiplication mixes well, into the low ones,
 * which choose the slot. */
static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 divided by the golden ratio */
    return hash ^ (hash >> 32);
}

uint64_t slu_map_hash(struct slu_string key) {
    uint64_t hash = mix(0, key.length);
    size_t at = 0;
    for (; key.length - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, key.bytes + at, sizeof(word));
        hash = mix(hash, word);
    }
    if (at < key.length) {
        uint64_t word = 0;
        memcpy(&word, key.bytes + at, key.length - at);
        hash = mix(hash, word);
    }
    return mix(hash, 0);
}

/* The entry that holds `key`, or the empty one where it belongs. There is
 * always an empty one: the map is at most three quarters full. */
static struct slu_map_entry *find_entry(struct slu_map_entry *entries, uint32_t capacity, struct slu_string key,
                                        uint32_t hash) {
    uint32_t slot = hash & (capacity - 1);
    while (entries[slot].value != SLU_MAP_NONE) {
        if (entries[slot].hash == hash && slu_string_equal(entries[slot].key, key)) {
            break;
        }
        slot = (slot + 1) & (capacity - 1);
    }
    return &entries[slot];
}

uint32_t slu_map_find(const struct slu_map *map, struct slu_string key) {
    if (map->count == 0) {
        return SLU_MAP_NONE;
    }
    return find_entry(map->entries, map->capacity, key, (uint32_t)slu_map_hash(key))->value;
}

static bool grow(struct slu_map *map) {
    if (map->capacity > UINT32_MAX / 4) {
        return false;
    }
    uint32_t capacity = map->capacity == 0 ? FIRST_CAPACITY : map->capacity * 2;
    /* Asked for as what grows, so that a large one has a block to itself and can be given back. */
    struct slu_map_entry *entries = SLU_NEW_ROOM(map->arena, struct slu_map_entry, capacity);
    if (entries == NULL) {
        return false;
    }
    for (uint32_t slot = 0; slot < capacity; slot++) {
        entries[slot].value = SLU_MAP_NONE;
    }
    for (uint32_t slot = 0; slot < map->capacity; slot++) {
        const struct slu_map_entry *entry = &map->entries[slot];
        if (entry->value != SLU_MAP_NONE) {
            *find_entry(entries, capacity, entry->key, entry->hash) = *entry;
        }
    }
    slu_arena_give_back(map->arena, map->entries, map->capacity * sizeof *map->entries);
    map->entries = entries;
    map->capacity = capacity;
    return true;
}

/* The key's entry, whose value is SLU_MAP_NONE where it is new; NULL when out of memory. */
static struct slu_map_entry *make_entry(struct slu_map *map, struct slu_string key) {
    if (map->count >= map->capacity / 4 * 3 && !grow(map)) {
        return NULL;
    }
    uint32_t hash = (uint32_t)slu_map_hash(key);
    struct slu_map_entry *entry = find_entry(map->entries, map->capacity, key, hash);
    if (entry->value == SLU_MAP_NONE) {
        map->count++;
        entry->key = key;
        entry->hash = hash;
    }
    return entry;
}

bool slu_map_put(struct slu_map *map, struct slu_string key, uint32_t value) {
    assert(value != SLU_MAP_NONE);
    struct slu_map_entry *entry = make_entry(map, key);
    if (entry == NULL) {
        return false;
    }
    entry->value = value;
    return true;
}

uint32_t slu_map_find_or_put(struct slu_map *map, struct slu_string key, uint32_t value) {
    assert(value != SLU_MAP_NONE);
    struct slu_map_entry *entry = make_entry(map, key);
    if (entry == NULL) {
        return SLU_MAP_NONE;
    }
    if (entry->value == SLU_MAP_NONE) {
        entry->value = value;
    }
    return entry->value;
}
