/* The first of two passes over a JSON text: 64 bytes at a time it finds where
 * tokens begin, and checks what needs no grammar: UTF-8, escapes, control
 * characters in strings, and that the last string ends. The second is quick.h. */
#ifndef SLU_INPUT_TOKENS_H
#define SLU_INPUT_TOKENS_H

#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Offsets of all `{ } [ ] : ,`, opening quotes and first bytes of anything
 * else outside of strings, ascending. Between a string's closing quote and the
 * next token is only white space. On the event's arena. */
struct slu_tokens {
    uint32_t *starts;
    uint32_t count;
    /* Offsets of the backslashes that begin an escape: escapes[0], escapes[-1],
     * and so on, ascending; UINT32_MAX behind the last. */
    const uint32_t *escapes;
};

/* How 64 bytes are looked at: one per instruction set, all with the same result. */
struct slu_scan_kernel;
/* The fastest that this processor runs. */
const struct slu_scan_kernel *slu_scan_kernel_best(void);
/* Number `index` of those that this processor runs, for tests; NULL past the last. */
const struct slu_scan_kernel *slu_scan_kernel_at(uint32_t index);

/* *accepted is false where something is wrong: what and where is for json.c to
 * say. At most SLU_LIMIT_EVENT_BYTES. False when out of memory. */
bool slu_tokens_find(const struct slu_scan_kernel *kernel, struct slu_string json, struct slu_arena *arena,
                     struct slu_tokens *tokens, bool *accepted);

#endif
