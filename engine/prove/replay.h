/* Runs witnesses through the engine: nothing is printed that it did not confirm. */
#ifndef SLU_PROVE_REPLAY_H
#define SLU_PROVE_REPLAY_H

#include "engine/prove/witness.h"

/* Answers of slu_replay_winner that are no rule. */
#define SLU_REPLAY_NONE (UINT32_MAX - 1) /* no rule won */
#define SLU_REPLAY_FAILED UINT32_MAX     /* the event could not be read or decided */

struct slu_replay {
    const struct sluice_program *program;
    sluice_decider *decider;
    struct slu_map rules; /* ruleset's number and rule's title -> number of the rule */
    struct slu_buffer text;
    struct slu_arena answers;          /* lists that facts answer with; reset by each decision */
    const struct slu_witness *witness; /* while it decides */
    struct sluice_result result;       /* of the witness decided last */
    uint32_t event;
    bool no_memory;
};

/* Needs no memory, cannot fail. `arena`: for the replay's life. */
void slu_replay_init(struct slu_replay *replay, const struct sluice_program *program, struct slu_arena *arena);
void slu_replay_free(struct slu_replay *replay);
/* Decides the witness. False when it cannot be; `no_memory` tells whether that is why. */
bool slu_replay_decide(struct slu_replay *replay, const struct slu_witness *witness);
/* Which rule of the ruleset won (index into the program's rules). */
uint32_t slu_replay_winner(struct slu_replay *replay, uint32_t ruleset);
/* The decision of the ruleset on the event itself, or NULL. */
const struct sluice_decision *slu_replay_decision(const struct slu_replay *replay, uint32_t ruleset);

#endif
