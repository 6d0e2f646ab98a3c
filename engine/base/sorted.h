/* A set of strings to look up in, on an arena: sorted, so that the time has a
 * bound whatever the strings are; those of an event are an outsider's choice. */
#ifndef SLU_BASE_SORTED_H
#define SLU_BASE_SORTED_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

struct slu_sorted {
    const struct slu_string *items;
    size_t count;
};

/* Room for `count` strings to be filled in, in any order; NULL when out of memory. */
struct slu_string *slu_sorted_room(struct slu_arena *arena, size_t count);
/* Sorts what slu_sorted_room gave and the caller filled in. */
struct slu_sorted slu_sorted_make(struct slu_string *room, size_t count);
/* The number of the first item that is `string`; `count` where there is none. */
size_t slu_sorted_find(const struct slu_sorted *sorted, struct slu_string string);

static inline bool slu_sorted_has(const struct slu_sorted *sorted, struct slu_string string) {
    return slu_sorted_find(sorted, string) < sorted->count;
}

#endif
