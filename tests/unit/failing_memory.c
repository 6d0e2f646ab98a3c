#include "tests/unit/failing_memory.h"

#include <stdint.h>

/* The linker's --wrap sends the product's calls here. */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

/* Allocations until the one that fails; SIZE_MAX: none does. */
static size_t left = SIZE_MAX;
static bool failed;

void failing_memory_arm(size_t count) {
    left = count;
    failed = false;
}

bool failing_memory_disarm(void) {
    left = SIZE_MAX;
    return failed;
}

static bool fails_now(void) {
    if (left == SIZE_MAX) {
        return false;
    }
    if (left > 0) {
        left--;
        return false;
    }
    left = SIZE_MAX;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t bytes) {
    return fails_now() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return fails_now() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes) {
    return fails_now() ? NULL : __real_realloc(old, bytes);
}
