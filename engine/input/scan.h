/* The state of one pass over a JSON text, shared by the readers of its parts. */
#ifndef SLU_INPUT_SCAN_H
#define SLU_INPUT_SCAN_H

#include "engine/base/arena.h"
#include "engine/input/errors.h"

struct slu_scan {
    const char *start, *at, *end; /* borrowed; not NUL-terminated */
    struct slu_arena *arena;
    struct sluice_error *error; /* or NULL */
};

static inline size_t slu_scan_offset(const struct slu_scan *scan, const char *place) {
    return (size_t)(place - scan->start);
}

/* Reads a string whose opening quote is at `at`, and moves past its closing
 * quote. *text borrows the input where there is nothing to undo, else it is on
 * the arena. */
enum sluice_status slu_scan_text(struct slu_scan *scan, struct slu_string *text);

#endif
