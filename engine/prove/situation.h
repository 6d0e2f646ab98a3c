/* An event as it is, with its facts and the clock, in the form of a witness;
 * and events that differ from it no more than an answer needs. */
#ifndef SLU_PROVE_SITUATION_H
#define SLU_PROVE_SITUATION_H

#include "engine/decide/decider.h"
#include "engine/prove/witness.h"

/* The event that the decider has read, all facts asked for (slu_decide_ask).
 * Everything is copied to the arena; false when out of memory. */
bool slu_situation_take(const sluice_decider *decider, const bool *used_up, double clock, struct slu_arena *arena,
                        struct slu_witness *event);
bool slu_situation_copy(const struct slu_witness *event, struct slu_arena *arena, struct slu_witness *copy);

/* What the atom is on the event: 1, -1, or 0: not known, or the field is not there. */
int slu_situation_atom(struct slu_prover *prover, const struct slu_witness *event, uint32_t atom);

/* The same for a formula. */
int slu_situation_value(struct slu_prover *prover, const struct slu_witness *event, slu_formula formula);

/* The same type's values, texts byte by byte; NULL is missing. */
bool slu_situation_same(const struct slu_witness_value *left, const struct slu_witness_value *right);
/* Gives the field the value of `from`, on the arena; NULL: missing. False when out of memory. */
bool slu_situation_set(struct slu_witness *event, struct slu_arena *arena, const struct slu_field *field,
                       const struct slu_witness_value *from);

/* The event, changed where what is needed of the instance's answer asks for it
 * and as little as that. *near is on the instance's arena. False when out of memory. */
bool slu_situation_near(struct slu_instance *instance, const struct slu_model *model, const struct slu_witness *event,
                        struct slu_witness *near);
/* The value of the interval that is nearest to `from`, plain ones first. */
double slu_situation_nearest(double low, double high, double from, bool is_time);

#endif
