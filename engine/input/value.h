/* Single values of a delivery: as text, as time, and as the constants of a source. */
#ifndef SLU_INPUT_VALUE_H
#define SLU_INPUT_VALUE_H

#include "engine/input/input.h"
#include "engine/input/json.h"

/* 0001-01-01T00:00:00Z and the last millisecond of 9999, in milliseconds since the epoch. */
#define SLU_TIME_MIN (-62135596800000.0)
#define SLU_TIME_MAX 253402300799999.0

/* A string, or an integer as it is written: identifiers are often numbers. */
bool slu_input_text(const struct slu_json *json, struct slu_string *text);
/* Seconds since the epoch, or ISO 8601. */
bool slu_input_time(const struct slu_json *json, double *milliseconds);
/* A mapping's constant (a literal, checked against the field's type). */
struct slu_value slu_input_constant(const struct slu_slot *slot, const struct slu_expression *literal,
                                    struct slu_arena *arena, bool *failed);
/* What fits the slot, a list, of an array's elements; or, where `key` is not NULL, of their members with that key. */
struct slu_value slu_input_list(const struct slu_slot *slot, const struct slu_json *array, const struct slu_string *key,
                                struct slu_arena *arena, struct slu_string *not_a_choice, bool *failed);

#endif
