/* Memory that is released all at once: one arena per compile, program, event. */
#ifndef SLU_BASE_ARENA_H
#define SLU_BASE_ARENA_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slu_arena_block;

struct slu_arena {
    struct slu_arena_block *newest;
    size_t used_bytes;  /* handed out since the last reset */
    size_t limit_bytes; /* allocations past it fail; 0: no limit */
    size_t first_bytes; /* of the first block, where more were needed before; 0: as small as usual */
    bool failed;        /* an allocation failed; stays set until reset */
    bool used_again;    /* it was reset: what it asks the system for should soon be nothing */
};

/* Needs no memory, cannot fail. */
void slu_arena_init(struct slu_arena *arena, size_t limit_bytes);
/* Gives everything back to the system; the arena can be used again. */
void slu_arena_free(struct slu_arena *arena);
/* Forgets everything handed out. The next use as large finds all its memory in
 * one block: an arena that is reset again and again soon asks the system for nothing. */
void slu_arena_reset(struct slu_arena *arena);

/* Zeroed, aligned for any type. NULL when out of memory or over the limit
 * (then `failed` is set). A request for 0 bytes gives a valid pointer. */
void *slu_arena_alloc(struct slu_arena *arena, size_t bytes);
/* As above for `count` items of `size` bytes, checked for overflow. */
void *slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size);
/* As slu_arena_alloc, not zeroed. */
void *slu_arena_take(struct slu_arena *arena, size_t bytes);
/* As slu_arena_alloc, for bytes: not zeroed, aligned to 1. */
char *slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes);
/* Makes an allocation of `bytes` (0: none yet) larger: what was in it is kept, the
 * rest is not zeroed. A large one grows where it is, a small one leaves its old
 * place unused. NULL as above; `items` are then still there. */
void *slu_arena_grow(struct slu_arena *arena, void *items, size_t bytes, size_t larger);
/* Moves an allocation of `bytes`, which may have grown, to another arena, where its first `kept`
 * bytes stay: a large one is not copied. Not to be used again where it was. NULL as above, of `to`. */
void *slu_arena_hand_over(struct slu_arena *arena, void *items, size_t bytes, struct slu_arena *to, size_t kept);
/* Frees an allocation of `bytes` early where it is large, or the last one; else its place
 * stays unused until the arena is freed. Not to be used again. */
void slu_arena_give_back(struct slu_arena *arena, void *items, size_t bytes);
/* A copy on the arena; false when out of memory. */
bool slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to);
/* The same with a NUL byte behind it. */
bool slu_arena_copy_terminated(struct slu_arena *arena, struct slu_string from, struct slu_string *to);

/* As slu_arena_alloc, where the size is a constant. */
static inline void *slu_arena_new(struct slu_arena *arena, size_t bytes) {
    void *taken = slu_arena_take(arena, bytes);
    return taken != NULL ? memset(taken, 0, bytes) : NULL;
}

#define SLU_NEW(arena, type) ((type *)slu_arena_new((arena), sizeof(type)))
#define SLU_NEW_ARRAY(arena, type, count) ((type *)slu_arena_alloc_array((arena), (count), sizeof(type)))
/* Not zeroed, and `count` is not checked for overflow: of something that is in memory already. */
#define SLU_NEW_ROOM(arena, type, count) ((type *)slu_arena_grow((arena), NULL, 0, (count) * sizeof(type)))

#endif
