/* PicoSAT 965 behind sat.h.
 *
 * PicoSAT ends the process when an allocation fails. So its memory comes from
 * here, and a failure leaves it by longjmp to the call that entered it; the
 * solver is not touched again, and its memory is released block by block. This
 * is the only longjmp of the product: no frame of ours lies between the two. */
#include "engine/prove/sat.h"

#include <picosat/picosat.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

/* Stands before each block that PicoSAT has. */
struct block {
    alignas(max_align_t) struct block *next;
    struct block *previous;
};

struct solver {
    PicoSAT *picosat;
    struct block blocks; /* the ring's head */
    jmp_buf *entry;      /* where the call under way was entered */
    bool no_memory;
    bool (*over)(void *context);
    void *over_context;
};

static void link_block(struct solver *solver, struct block *block) {
    block->next = solver->blocks.next;
    block->previous = &solver->blocks;
    block->next->previous = block;
    solver->blocks.next = block;
}

static void unlink_block(struct block *block) {
    block->next->previous = block->previous;
    block->previous->next = block->next;
}

static _Noreturn void leave(struct solver *solver) {
    solver->no_memory = true;
    longjmp(*solver->entry, 1);
}

static void *take(void *context, size_t bytes) {
    struct solver *solver = context;
    struct block *block = bytes > SIZE_MAX - sizeof *block ? NULL : malloc(sizeof *block + bytes);
    if (block == NULL) {
        leave(solver);
    }
    link_block(solver, block);
    return block + 1;
}

static void *resize(void *context, void *bytes, size_t old_size, size_t new_size) {
    struct solver *solver = context;
    (void)old_size;
    if (bytes == NULL) {
        return take(context, new_size);
    }
    struct block *old = (struct block *)bytes - 1;
    unlink_block(old);
    struct block *block = new_size > SIZE_MAX - sizeof *block ? NULL : realloc(old, sizeof *block + new_size);
    if (block == NULL) {
        link_block(solver, old);
        leave(solver);
    }
    link_block(solver, block);
    return block + 1;
}

static void give_back(void *context, void *bytes, size_t size) {
    (void)context;
    (void)size;
    if (bytes != NULL) {
        struct block *block = (struct block *)bytes - 1;
        unlink_block(block);
        free(block);
    }
}

static void stop(void *context) {
    struct solver *solver = context;
    while (solver->blocks.next != &solver->blocks) {
        struct block *block = solver->blocks.next;
        unlink_block(block);
        free(block);
    }
    free(solver);
}

static void *start(void) {
    struct solver *volatile solver = calloc(1, sizeof *solver);
    if (solver == NULL) {
        return NULL;
    }
    solver->blocks.next = solver->blocks.previous = &solver->blocks;
    jmp_buf entry;
    solver->entry = &entry;
    if (setjmp(entry) != 0) {
        stop(solver);
        return NULL;
    }
    solver->picosat = picosat_minit(solver, take, resize, give_back);
    /* False first: events then have few fields and few tags. */
    picosat_set_global_default_phase(solver->picosat, 0);
    return solver;
}

static int is_over(void *context) {
    const struct solver *solver = context;
    return solver->over(solver->over_context);
}

static void set_terminate(void *context, bool (*over)(void *context), void *over_context) {
    struct solver *solver = context;
    solver->over = over;
    solver->over_context = over_context;
    picosat_set_interrupt(solver->picosat, solver, is_over);
}

static void add(void *context, int32_t literal) {
    struct solver *volatile solver = context;
    jmp_buf entry;
    solver->entry = &entry;
    if (solver->no_memory || setjmp(entry) != 0) {
        return;
    }
    picosat_add(solver->picosat, literal);
}

static void assume(void *context, int32_t literal) {
    struct solver *volatile solver = context;
    jmp_buf entry;
    solver->entry = &entry;
    if (solver->no_memory || setjmp(entry) != 0) {
        return;
    }
    picosat_assume(solver->picosat, literal);
}

static enum slu_sat_answer solve(void *context, uint32_t decisions) {
    struct solver *volatile solver = context;
    jmp_buf entry;
    solver->entry = &entry;
    if (solver->no_memory || setjmp(entry) != 0) {
        return SLU_SAT_NO_MEMORY;
    }
    switch (picosat_sat(solver->picosat, decisions > INT32_MAX ? INT32_MAX : (int)decisions)) {
    case PICOSAT_SATISFIABLE:
        return SLU_SAT_YES;
    case PICOSAT_UNSATISFIABLE:
        return SLU_SAT_NO;
    default:
        return SLU_SAT_UNKNOWN;
    }
}

static bool value(void *context, int32_t literal) {
    const struct solver *solver = context;
    return picosat_deref(solver->picosat, literal) > 0;
}

/* PicoSAT computes the core when first asked, which takes memory. */
static bool failed(void *context, int32_t literal) {
    struct solver *volatile solver = context;
    jmp_buf entry;
    solver->entry = &entry;
    if (solver->no_memory || setjmp(entry) != 0) {
        return true;
    }
    return picosat_failed_assumption(solver->picosat, literal) != 0;
}

const struct slu_sat_solver slu_sat_picosat = {"PicoSAT", start, stop,  set_terminate, add,
                                               assume,    solve, value, failed};
