/* Sorting the keys of a large object, to find those that are there twice. */
#ifndef SLU_INPUT_KEY_SORT_H
#define SLU_INPUT_KEY_SORT_H

#include "engine/base/string.h"

#include <stdint.h>

struct slu_keyed {
    struct slu_string key;
    uint32_t index;
};

/* Shorter keys first: an order, not one for people. */
int slu_keys_compare(const struct slu_keyed *left, const struct slu_keyed *right);
/* Sorts stably, n log n whatever the keys; `spare` is as long. Returns
 * which of the two holds the result. */
const struct slu_keyed *slu_keys_sort(struct slu_keyed *keys, struct slu_keyed *spare, size_t count);

#endif
