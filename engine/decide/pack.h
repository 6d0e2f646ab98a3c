/* Copies values and recorded actions, with all they point to, into one block
 * of memory. Done twice with the same calls: once without a block to measure,
 * once to copy. */
#ifndef SLU_DECIDE_PACK_H
#define SLU_DECIDE_PACK_H

#include "engine/include/sluice/sluice.h"

#include <stddef.h>

struct slu_packing {
    char *base;  /* NULL: measuring; else as large as was measured, aligned for any type */
    size_t used; /* bytes so far */
};

/* Room for `count` items; NULL while measuring. */
void *slu_pack_take(struct slu_packing *packing, size_t count, size_t size);
/* `to` is NULL while measuring. */
void slu_pack_string(struct slu_packing *packing, struct sluice_string from, struct sluice_string *to);
void slu_pack_value(struct slu_packing *packing, const struct sluice_value *from, struct sluice_value *to);
void slu_pack_recorded(struct slu_packing *packing, const struct sluice_recorded_action *from, size_t count,
                       const struct sluice_recorded_action **to);

#endif
