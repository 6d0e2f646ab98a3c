/* An event, with facts and a clock, that is like an instance found. */
#ifndef SLU_PROVE_WITNESS_H
#define SLU_PROVE_WITNESS_H

#include "engine/prove/instance.h"

struct slu_witness_value {
    const struct slu_field *field;
    double number; /* NUMBER, TIME, DURATION; FLAG: 0 or 1 */
    struct slu_string text;
    struct slu_string *items;
    uint32_t item_count;
};

struct slu_witness_allowance {
    const struct slu_bound_rule *rule;
    struct slu_string ruleset; /* its title */
    uint32_t allowance;
    bool left;
};

/* Everything is on the instance's arena: gone with its next question. */
struct slu_witness {
    struct slu_string event; /* the kind */
    double clock;
    bool clock_matters;
    bool has_opaque;                  /* the instance relies on what cannot be put into an event */
    struct slu_witness_value *values; /* by name */
    uint32_t value_count, value_capacity;
    struct slu_witness_allowance *allowances;
    uint32_t allowance_count, allowance_capacity;
};

/* `model`: whose fields are meant. False when out of memory. */
bool slu_witness_make(const struct slu_instance *instance, const struct slu_model *model, struct slu_string event,
                      struct slu_witness *witness);
/* In the product's own shape, state and look-ups left out. */
void slu_witness_write(const struct slu_witness *witness, struct slu_buffer *out);
/* Only look-ups, as the next. */
void slu_witness_write_lookups(const struct slu_witness *witness, struct slu_buffer *out);
/* State, look-ups and allowances for people: "contact.spam is true"; nothing without any. */
void slu_witness_write_facts(const struct slu_witness *witness, struct slu_buffer *out);
/* A copy that outlives the instance, on `arena`. False when out of memory. */
bool slu_witness_keep(const struct slu_witness *witness, struct slu_arena *arena, struct slu_witness *kept);
/* On a kept witness: gives the field a text, the value of another one, one more
 * element, or as many elements as are wanted. False when out of memory. */
bool slu_witness_put_text(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                          struct slu_string text);
bool slu_witness_put_value(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                           const struct slu_witness_value *like);
bool slu_witness_add_item(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                          struct slu_string text);
bool slu_witness_put_items(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                           uint32_t count);
/* The value as facts give it (NULL: missing); lists on the arena, the rest borrowed. False when out of memory. */
bool slu_witness_give(const struct slu_witness_value *value, struct slu_arena *arena, struct sluice_value *given);
const struct slu_witness_value *slu_witness_find(const struct slu_witness *witness, struct slu_string field);

#endif
