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

/* Length of the UTF-8 sequence that starts with a byte of 0x80 or more; 0 when it is not valid. */
static inline size_t slu_scan_sequence(const char *bytes, const char *end) {
    const unsigned char *at = (const unsigned char *)bytes;
    size_t length = at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0;
    if (length == 0 || (size_t)(end - bytes) < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    /* Overlong forms, surrogates, and what is past U+10FFFF. */
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF0 && at[1] < 0x90) ||
        (at[0] == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return length;
}

/* Undoes the escape whose backslash is at `at`, and moves past it. */
enum sluice_status slu_scan_escape(struct slu_scan *scan, uint32_t *code_point);

#endif
