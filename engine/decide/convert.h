/* Between the engine's values and the public ones. */
#ifndef SLU_DECIDE_CONVERT_H
#define SLU_DECIDE_CONVERT_H

#include "engine/base/value.h"
#include "engine/code/program.h"
#include "engine/include/sluice/sluice.h"
#include "engine/input/errors.h"

#include <stdarg.h>
#include <stdbool.h>

static inline struct sluice_string slu_string_give(struct slu_string string) {
    return (struct sluice_string){string.bytes, string.length};
}
static inline struct slu_string slu_string_take(struct sluice_string string) {
    return (struct slu_string){string.bytes, string.length};
}

/* The public form; lists get their items on the arena, texts are borrowed.
 * False when out of memory. */
bool slu_value_give(struct slu_arena *arena, struct slu_value value, struct sluice_value *given);
/* The engine's form, everything copied to the arena. False when out of memory. */
bool slu_value_take(struct slu_arena *arena, const struct sluice_value *value, struct slu_value *taken);
/* The same type and value; texts byte by byte. */
bool slu_value_same(const struct sluice_value *left, const struct sluice_value *right);

/* The value if it is of the slot's type, else slu_slot_missing. A text outside
 * a choice's set reads as missing too and is put into *not_a_choice (empty otherwise).
 * False when out of memory. */
bool slu_slot_fit(const struct slu_slot *slot, struct slu_arena *arena, struct slu_value *value,
                  struct slu_string *not_a_choice);

/* The text that names an entity (conversation "537"): empty for missing and for empty texts.
 * False when out of memory. */
bool slu_value_key(struct slu_value value, struct slu_arena *arena, struct slu_string *key);
/* Are two texts the same without regard to case? False when out of memory. */
bool slu_text_same(struct slu_arena *arena, struct slu_text *left, struct slu_text *right, bool *same);

/* Fills *error (which may be NULL), without a place, and returns the code's status. */
enum sluice_status slu_error_set(struct sluice_error *error, enum slu_input_error code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Room for one more item, not zeroed, in an array on the arena: the array, which is moved
 * and at least doubled if it was full, or NULL when out of memory. `more`: how many, with
 * that one, are likely to come. */
void *slu_array_grow(struct slu_arena *arena, void *items, size_t count, size_t more, size_t *capacity, size_t size);
static inline void *slu_array_room(struct slu_arena *arena, void *items, size_t count, size_t more, size_t *capacity,
                                   size_t size) {
    return count < *capacity ? items : slu_array_grow(arena, items, count, more, capacity, size);
}

#endif
