/* Collects texts into a list, in order, for functions that give one. */
#ifndef SLU_STDLIB_GATHER_H
#define SLU_STDLIB_GATHER_H

#include "engine/base/map.h"
#include "engine/base/value.h"

enum slu_gather_mode {
    SLU_GATHER_ALL,
    SLU_GATHER_EACH_ONCE, /* letter case ignored */
    SLU_GATHER_EACH_ONCE_EXACTLY
};

struct slu_gather {
    struct slu_arena *arena; /* borrowed */
    enum slu_gather_mode mode;
    struct slu_value *items;
    size_t count, capacity;
    struct slu_map seen; /* of the modes EACH_ONCE */
    bool too_many;       /* past SLU_LIMIT_LIST_ITEMS: the result is missing */
};

void slu_gather_init(struct slu_gather *gather, struct slu_arena *arena, enum slu_gather_mode mode);
/* Both return false when out of memory or when there are too many. */
bool slu_gather_add(struct slu_gather *gather, struct slu_text *text);
bool slu_gather_add_string(struct slu_gather *gather, struct slu_string string);
/* Marks a text as there already, without putting it into the list. */
bool slu_gather_see(struct slu_gather *gather, struct slu_text *text);
bool slu_gather_has_seen(struct slu_gather *gather, struct slu_text *text, bool *seen);
/* The list; missing when there were too many, missing with *failed set when
 * out of memory. `whole`: everything was added. */
struct slu_value slu_gather_finish(struct slu_gather *gather, bool whole, bool *failed);

#endif
