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
struct slu_scanned;

/* A test that was run, for the trace: `left` is its first operand, `outcome`
 * that of the condition as written (see `negated` in slu_debug, found with
 * slu_program_debug(program, at)). */
typedef void slu_machine_probe(void *context, uint32_t at, struct slu_value left, bool outcome);

struct slu_machine {
    const struct sluice_program *program;
    struct slu_arena *arena; /* the event's */
    struct slu_value *slots; /* one per program slot */
    uint8_t *filled;         /* per slot: enum slu_filled */
    double clock;            /* milliseconds */
    uint64_t steps_left;     /* one for each instruction of a piece that is run, and for each comparison inside lists
                                and each SLU_STEP_BYTES bytes and SLU_STEP_VISITS states of patterns that are
                                searched */
    struct slu_string link_base; /* empty: SLU_LINK_BASE_NONE, which leads nowhere */
    struct slu_string event_id;  /* for links; may be empty */
    /* Fills a slot that is not filled yet (state, look-up, or an event field
     * read late); may run the machine again for a look-up's arguments. NULL:
     * what is not filled is missing. */
    enum slu_machine_status (*fill)(void *context, uint32_t slot);
    void *fill_context;
    struct slu_scanned *scanned; /* per scan of the program, for the event at hand; NULL: none was needed yet */
    slu_machine_probe *probe;    /* or NULL */
    void *probe_context;
};
enum slu_filled { SLU_UNFILLED, SLU_FILLED };
enum { SLU_STEP_BYTES = 16, SLU_STEP_VISITS = 2 };
#define SLU_LINK_BASE_NONE "https://link.invalid"

/* Runs one verified piece; *answer is set on SLU_MACHINE_OK and borrows from
 * the program and the event's arena. */
enum slu_machine_status slu_machine_run(struct slu_machine *machine, struct slu_code code, struct slu_value *answer);

/* The value as people read it: numbers in their shortest form, ISO 8601 times,
 * "30 minutes", "true", lists joined with ", "; missing stays missing. The
 * text borrows that of `value`; *failed when out of memory. */
struct slu_value slu_value_as_text(struct slu_value value, struct slu_arena *arena, bool *failed);

#endif
