/* The events of a program's own tests, as a last resort: they show a difference
 * where nothing can be proved. */
#ifndef SLU_PROVE_SAMPLES_H
#define SLU_PROVE_SAMPLES_H

#include "engine/prove/prove.h"
#include "engine/prove/situation.h"

struct slu_samples {
    struct slu_witness *events;
    uint32_t count, capacity;
};

/* Every event that a test decides, with its state and look-ups; on the arena. SLUICE_OK or SLUICE_NO_MEMORY. */
enum sluice_status slu_samples_take(const struct sluice_program *program, struct slu_arena *arena,
                                    struct slu_samples *samples);
/* Tells diff->change of the first one that the programs decide differently, and
 * sets diff->difference to SHOWN; else changes nothing. */
enum sluice_status slu_samples_compare(const struct sluice_program *before, const struct sluice_program *after,
                                       const struct slu_samples *samples, struct slu_prove_diff *diff);

#endif
