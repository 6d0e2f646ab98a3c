/* Allocations that can be made to fail, one at a time.
 *
 * The program is linked with --wrap for malloc, calloc, realloc, free and for
 * what arenas hand out: few of those reach malloc, and every caller has to
 * expect NULL. jansson is told to use the wrapped ones. Clocks and what measures memory are wrapped, too. */
#ifndef TESTS_FAULT_FAILING_H
#define TESTS_FAULT_FAILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Asked before every allocation: must this one fail? `number` counts from 1 since the last start. */
typedef bool slu_failing_choice(void *context, uint64_t number);

/* Counts from here on and asks `choose`, which may be NULL: none fails.
 * heap_only: what arenas hand out does not count, only what the system is asked for. */
void slu_failing_start(slu_failing_choice *choose, void *context, bool heap_only);
/* Allocations since the start. */
uint64_t slu_failing_count(void);
/* Blocks that were allocated since the start and not freed yet. */
size_t slu_failing_blocks(void);
/* Memory that neither counts nor fails; NULL when there is none. */
void *slu_failing_own(size_t bytes);
void slu_failing_own_free(void *memory);

#endif
