/* Runs the `test` blocks of a program. Each test has a store of its own; its
 * steps are decided in order on it. */
#ifndef SLU_DECIDE_TESTS_H
#define SLU_DECIDE_TESTS_H

#include "engine/base/arena.h"
#include "engine/code/program.h"
#include "engine/decide/decider.h"

#include <stdbool.h>
#include <stdint.h>

/* One expectation that was not met. */
struct slu_test_failure {
    struct slu_test_failure *next;
    struct slu_span span;   /* the expectation */
    struct slu_string text; /* what was expected and what was decided; lines, without the last line end */
};
struct slu_test_result {
    struct slu_string title;
    struct slu_span span;              /* of the title */
    struct slu_test_failure *failures; /* in order; NULL: passed */
};
struct slu_test_run {
    struct slu_test_result *tests;
    uint32_t count, passed, failed;
    struct slu_coverage coverage;
};

/* The clock of a first step without `at`: 2026-01-01T00:00:00Z. Later ones
 * without it go on at the time of the step before. */
#define SLU_TEST_CLOCK INT64_C(1767225600000)
/* Everything of *run is on `arena`. SLUICE_OK whether tests pass or fail. */
enum sluice_status slu_tests_run(const sluice_program *program, struct slu_arena *arena, struct slu_test_run *run);

/* The same, and tells of every step that was decided: its fields are in the
 * decider. What the observer is given is borrowed for the call. */
struct slu_test_observer {
    void (*step)(void *context, const sluice_decider *decider, int64_t clock, const struct sluice_result *result);
    void *context;
};
enum sluice_status slu_tests_watch(const sluice_program *program, struct slu_arena *arena,
                                   const struct slu_test_observer *observer, struct slu_test_run *run);

/* ---- coverage ---- */

/* Zeroed, on the arena; false when out of memory. */
bool slu_coverage_new(const sluice_program *program, struct slu_arena *arena, struct slu_coverage *coverage);
/* Calls `visit` for each condition of the rule, in order, with what it was seen
 * to be (SLU_SEEN_FALSE, SLU_SEEN_TRUE); see slu_condition_text. */
void slu_coverage_conditions(const sluice_program *program, const struct slu_coverage *coverage, uint32_t rule,
                             void (*visit)(void *context, const struct slu_debug *condition, unsigned seen),
                             void *context);

#endif
