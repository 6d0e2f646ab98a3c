/* From bytes to field slots. */
#ifndef SLU_INPUT_INPUT_H
#define SLU_INPUT_INPUT_H

#include "engine/code/program.h"

#include <stdint.h>

/* What one delivery became. On the event's arena. */
struct slu_input {
    struct slu_string id, topic;
    uint32_t event; /* index into program->events */
    bool has_time;
    int64_t time; /* milliseconds */
};

/* Reads the deliveries of one program; one thread at a time: it remembers what
 * they looked like, to read the next one faster. */
struct slu_reader;
/* *new*; borrows the program. NULL when out of memory. */
struct slu_reader *slu_reader_new(const struct sluice_program *program);
void slu_reader_free(struct slu_reader *reader); /* NULL is fine */

/* Reads the delivery, finds its topic and event kind, and fills the event
 * slots that the program uses. Before, each slot holds what it holds where the event
 * lacks it, and `not_a_choice` nothing. State and look-up slots are left alone.
 * `not_a_choice`, one per slot: the text that is outside the set, for the trace.
 * Texts are the reader's or on the arena: until the next delivery. */
enum sluice_status slu_input_read(struct slu_reader *reader, const struct sluice_delivery *delivery,
                                  struct slu_arena *arena, struct slu_value *slots, struct slu_string *not_a_choice,
                                  struct slu_input *input, struct sluice_error *error);

/* One JSON value as a slot's type; missing when it cannot be read so. `room` is where a text is put; NULL: on the
 * arena. */
struct slu_json;
struct slu_value slu_input_value(const struct slu_slot *slot, const struct slu_json *json, struct slu_arena *arena,
                                 struct slu_text *room, struct slu_string *not_a_choice, bool *failed);
/* ISO 8601 date or date and time (with Z or an offset) to milliseconds. */
bool slu_time_parse(struct slu_string text, double *milliseconds);

#endif
