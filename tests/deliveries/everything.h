/* A program that uses every field of the standard vocabulary: only used
 * fields are decoded, and the table of deliveries shows all of them. */
#ifndef SLU_TESTS_EVERYTHING_H
#define SLU_TESTS_EVERYTHING_H

#include "engine/code/program.h"

/* *New*; NULL, with the findings on standard error, when it does not compile. */
struct sluice_program *everything_program(void);

#endif
