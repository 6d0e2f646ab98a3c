/* The inside of the test runner; for tests.c and tests_compare.c. */
#ifndef SLU_DECIDE_TESTS_PARTS_H
#define SLU_DECIDE_TESTS_PARTS_H

#include "engine/decide/deciding.h"
#include "engine/decide/tests.h"

/* One expectation of a step held against what was decided. */
struct slu_test_check {
    const sluice_program *program;
    const struct slu_bound_outcome *outcome;
    const struct sluice_result *result;
    const struct slu_action_list *expected; /* the actions, when some are listed */
};

/* Is it met? If not, *text (on the arena) says why. */
enum sluice_status slu_test_compare(const struct slu_test_check *check, struct slu_arena *arena, bool *met,
                                    struct slu_string *text);

#endif
