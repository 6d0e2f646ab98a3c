/* Small changes of rules, as a slip of the fingers would make them: tests that
 * are worth something notice each of them. */
#ifndef SLU_PROVE_MUTATIONS_H
#define SLU_PROVE_MUTATIONS_H

#include "engine/base/buffer.h"
#include "engine/code/program.h"

struct slu_mutation {
    struct slu_span span;     /* what is replaced, in the program's sources */
    struct slu_string text;   /* by this */
    struct slu_span place;    /* where to look */
    struct slu_string before; /* what stands there; empty: `after` says it all */
    struct slu_string after;  /* for people, on one line */
};
struct slu_mutations {
    struct slu_mutation *items;
    uint32_t count, capacity;
};

/* In the order of the files, standard ones left out; everything is on the arena. False when out of memory. */
bool slu_mutations_list(const struct sluice_program *program, struct slu_arena *arena, struct slu_mutations *mutations);
/* The file's text with the change made; *new*, to be freed with the buffer. */
void slu_mutation_apply(const struct sluice_program *program, const struct slu_mutation *mutation,
                        struct slu_buffer *out);

#endif
