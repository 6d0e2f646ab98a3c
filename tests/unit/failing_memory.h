/* Makes an allocation fail, once. The program is linked with
 * failing_memory.c and the meson variable `failing_memory_arguments`. */
#ifndef SLU_TESTS_UNIT_FAILING_MEMORY_H
#define SLU_TESTS_UNIT_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* The allocation after `count` more fails; all others succeed. */
void failing_memory_arm(size_t count);
/* Was there such an allocation? All succeed from now on. */
bool failing_memory_disarm(void);

/* Calls `run(context)` with the first allocation failing, then the second, and
 * so on until there is none left to fail. Returns how many failed. */
static inline size_t failing_memory_try_all(void (*run)(void *context), void *context) {
    size_t count = 0;
    do {
        failing_memory_arm(count++);
        run(context);
    } while (failing_memory_disarm());
    return count - 1;
}

#endif
