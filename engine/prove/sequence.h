/* Events one after another, decided by the real engine on the store of a dry
 * run, from nothing on: does some assertion break? */
#ifndef SLU_PROVE_SEQUENCE_H
#define SLU_PROVE_SEQUENCE_H

#include "engine/decide/decider.h"
#include "engine/decide/store.h"
#include "engine/prove/prover.h"
#include "engine/prove/witness.h"

/* An action that an assertion is about, as it was asked for. */
struct slu_asked {
    struct slu_string entity; /* on the sequence's arena */
    struct slu_string action; /* its name, the program's */
    double due;
};

struct slu_sequence {
    const struct sluice_program *program;
    uint32_t assertion; /* the one that is watched */
    sluice_decider *decider;
    struct slu_store *store;
    struct slu_watch watch;
    struct slu_arena arena; /* of one run */
    struct slu_buffer text;
    double clock; /* of the event decided last */
    struct slu_asked *asked;
    uint32_t asked_count, asked_capacity;
    const struct slu_field **looked_up; /* fields of look-ups that the store answers */
    uint32_t looked_up_count, looked_up_capacity;
    bool condition;                  /* of the assertion about a group, on the last event */
    bool cancelled;                  /* a delayed action was called off */
    uint32_t carried;                /* of the group's members, after the last event */
    struct slu_string members[2];    /* the first two of them */
    struct slu_string ruleset, rule; /* the decision that asked, the last one; empty: none */
    bool no_memory;
};

/* False when out of memory. */
bool slu_sequence_init(struct slu_sequence *sequence, const struct sluice_program *program);
void slu_sequence_free(struct slu_sequence *sequence);
/* Forgets everything. */
bool slu_sequence_begin(struct slu_sequence *sequence, uint32_t assertion);
/* Decides the event at the clock and does what is decided. False when it
 * cannot be: then nothing is known. */
bool slu_sequence_step(struct slu_sequence *sequence, const struct slu_witness *witness, double clock);
/* Is the assertion broken by what has happened so far? */
bool slu_sequence_is_broken(const struct slu_sequence *sequence);

#endif
