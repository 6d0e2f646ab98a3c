/* A hash map from strings to 32-bit numbers, on an arena; never shrinks. */
#ifndef SLU_BASE_MAP_H
#define SLU_BASE_MAP_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

#define SLU_MAP_NONE UINT32_MAX

struct slu_map_entry;

struct slu_map {
    struct slu_arena *arena; /* borrowed */
    struct slu_map_entry *entries;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t count;
};

void slu_map_init(struct slu_map *map, struct slu_arena *arena);
/* The number kept for `key`, or SLU_MAP_NONE. */
uint32_t slu_map_find(const struct slu_map *map, struct slu_string key);
/* Keeps `value` for `key` (bytes borrowed for the arena's life), replacing an
 * earlier one. False when out of memory. */
bool slu_map_put(struct slu_map *map, struct slu_string key, uint32_t value);
/* The number kept for `key`; where there is none, `value` is kept from now on, and given. SLU_MAP_NONE
 * when out of memory. */
uint32_t slu_map_find_or_put(struct slu_map *map, struct slu_string key, uint32_t value);
uint64_t slu_map_hash(struct slu_string key);

#endif
