/* Asks a ruleset's index which rules may win. */
#ifndef SLU_VM_INDEX_H
#define SLU_VM_INDEX_H

#include "engine/code/index.h"
#include "engine/vm/machine.h"

enum { SLU_INDEX_HITS_INLINE = 32 };
/* A heap of rows' rules with their flags (see struct slu_index_row), the least rule first. */
struct slu_index_hits {
    uint32_t *items; /* `few`, or on the event's arena */
    uint32_t count, capacity;
    uint32_t few[SLU_INDEX_HITS_INLINE];
};

/* `count` of a look that is not early and that no row has asked for. */
#define SLU_INDEX_NOT_FOUND UINT32_MAX

/* Finds the classes of the early looks; found[i] is that of look i, and borrows
 * from the arena. False when out of memory. */
bool slu_index_find_early(const struct slu_index *index, const struct slu_value *slots, struct slu_arena *arena,
                          struct slu_index_found *found);
/* The same of one look, at the machine's clock. */
enum slu_machine_status slu_index_find_late(const struct slu_index_look *look, struct slu_machine *machine,
                                            struct slu_index_found *found);

/* Finds the rows that hold for the machine's slots, of which `found` has the early
 * looks' classes; takes up the late ones, which may take steps. */
enum slu_machine_status slu_index_search(const struct slu_index *index, struct slu_machine *machine,
                                         struct slu_index_found *found, struct slu_index_hits *hits);
/* Takes out the hits of the least rule: its number in the ruleset, and in *unsure
 * whether the machine must confirm. False when there are no more. */
bool slu_index_next(struct slu_index_hits *hits, uint32_t *rule, bool *unsure);

#endif
