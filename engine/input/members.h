/* The members of an object: finding keys that are there twice, and places. */
#ifndef SLU_INPUT_MEMBERS_H
#define SLU_INPUT_MEMBERS_H

#include "engine/base/arena.h"
#include "engine/input/json.h"

#define SLU_MEMBERS_NONE UINT32_MAX

/* The index of a member whose key an earlier one has, or SLU_MEMBERS_NONE.
 * Time: n log n whatever the keys. False when out of memory. */
bool slu_members_find_duplicate(const struct slu_json *object, struct slu_arena *arena, uint32_t *index);
const struct slu_json *slu_members_at(const struct slu_json *container, uint32_t index);

/* Where in `json` the key (in an array: the element), or the value, of member
 * `index` of the object or array that starts there stands. The text is well formed up to there. Linear: for
 * errors only, so that nodes need not remember their places. */
size_t slu_members_key_place(struct slu_string json, size_t container, uint32_t index);
size_t slu_members_value_place(struct slu_string json, size_t object, uint32_t index);
/* Where `node`, somewhere in `document`, which was read from `json`, stands: at its key if it has one. */
size_t slu_members_place(struct slu_string json, const struct slu_json *document, const struct slu_json *node);

#endif
