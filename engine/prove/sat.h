/* What the prover asks of a SAT solver, shaped like IPASIR (the interface of
 * the SAT competitions), so that another solver can take PicoSAT's place.
 * Variables are 1, 2, ...; a literal is a variable or its negative. */
#ifndef SLU_PROVE_SAT_H
#define SLU_PROVE_SAT_H

#include <stdbool.h>
#include <stdint.h>

enum slu_sat_answer { SLU_SAT_UNKNOWN, SLU_SAT_YES, SLU_SAT_NO, SLU_SAT_NO_MEMORY };

struct slu_sat_solver {
    const char *name;
    /* *New*; NULL when out of memory. */
    void *(*start)(void);
    void (*stop)(void *solver);
    /* While solving, `over` is asked now and then; true makes the answer UNKNOWN.
     * `context` is borrowed until stop. */
    void (*set_terminate)(void *solver, bool (*over)(void *context), void *context);
    /* Adds one literal to the clause under way; 0 ends it. Once memory has run
     * out nothing more is taken, and solve says so. */
    void (*add)(void *solver, int32_t literal);
    /* For the next solve only. */
    void (*assume)(void *solver, int32_t literal);
    /* At most `decisions` guesses; UNKNOWN past them, or when it is over. */
    enum slu_sat_answer (*solve)(void *solver, uint32_t decisions);
    /* After YES, until the next add: is the literal true? */
    bool (*value)(void *solver, int32_t literal);
    /* After NO: was the assumption needed for it? */
    bool (*failed)(void *solver, int32_t literal);
};

extern const struct slu_sat_solver slu_sat_picosat;

#endif
