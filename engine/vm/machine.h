/* Runs verified code. Allocates only on the event's arena. */
#ifndef SLU_VM_MACHINE_H
#define SLU_VM_MACHINE_H

#include "engine/code/program.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_machine_status {
    SLU_MACHINE_OK,
    SLU_MACHINE_NO_MEMORY,
    SLU_MACHINE_STEPS,
    SLU_MACHINE_PENDING,
    SLU_MACHINE_FAILED
};

struct slu_machine;

/* A test that was run, for the trace: `left` is its first operand. */
typedef void slu_machine_probe(void *context, uint32_t at, struct slu_value left, bool outcome);

struct slu_machine {
    const struct sluice_program *program;
    struct slu_arena *arena; /* the event's */
    struct slu_value *slots; /* one per program slot */
    uint8_t *filled;         /* per slot: enum slu_filled */
    double clock;            /* milliseconds */
    uint64_t steps_left;
    struct slu_string link_base;
    struct slu_string event_id; /* for links; may be empty */
    /* Fills a slot that is not filled yet (state, look-up, or an event field
     * read late); may run the machine again for a look-up's arguments. */
    enum slu_machine_status (*fill)(void *context, uint32_t slot);
    void *fill_context;
    slu_machine_probe *probe; /* or NULL */
    void *probe_context;
};
enum slu_filled { SLU_UNFILLED, SLU_FILLED };

enum slu_machine_status slu_machine_run(struct slu_machine *machine, struct slu_code code, struct slu_value *answer);

/* Used by the prover's replay and the constant folder as well as the machine. */
struct slu_value slu_value_as_text(struct slu_value value, struct slu_arena *arena, bool *failed);

#endif
