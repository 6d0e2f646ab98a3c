#include "engine/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct slu_arena_block {
    struct slu_arena_block *older;
    size_t capacity; /* of `bytes` */
    size_t used;
    alignas(max_align_t) char bytes[];
};

/* Blocks double from the first size to the largest; a request that would waste
 * much of a block gets one of its own. */
enum { FIRST_BLOCK_BYTES = 4096, LARGEST_BLOCK_BYTES = 1024 * 1024 };
/* From this size on what grows has a block to itself, and it is worth the while to look for that block. */
enum { OWN_BLOCK_BYTES = 16 * 1024 };

void slu_arena_init(struct slu_arena *arena, size_t limit_bytes) {
    *arena = (struct slu_arena){.limit_bytes = limit_bytes};
}

static void free_blocks(struct slu_arena_block *block, const struct slu_arena_block *keep) {
    while (block != NULL) {
        struct slu_arena_block *older = block->older;
        if (block != keep) {
            free(block);
        }
        block = older;
    }
}

void slu_arena_free(struct slu_arena *arena) {
    free_blocks(arena->newest, NULL);
    slu_arena_init(arena, arena->limit_bytes);
}

void slu_arena_reset(struct slu_arena *arena) {
    struct slu_arena_block *kept = arena->newest;
    size_t total = 0;
    for (struct slu_arena_block *block = arena->newest; block != NULL; block = block->older) {
        total += block->capacity;
        if (block->capacity > kept->capacity) {
            kept = block;
        }
    }
    /* One block for all of it instead of the largest and the same others again. */
    bool joins = kept != NULL && total > kept->capacity && total <= LARGEST_BLOCK_BYTES;
    free_blocks(arena->newest, joins ? NULL : kept);
    slu_arena_init(arena, arena->limit_bytes);
    arena->used_again = true;
    if (joins) {
        arena->first_bytes = total;
    } else if (kept != NULL) {
        kept->older = NULL;
        kept->used = 0;
        arena->newest = kept;
    }
}

/* New; not linked yet. NULL when out of memory. */
static struct slu_arena_block *new_block(size_t capacity) {
    if (capacity > SIZE_MAX - sizeof(struct slu_arena_block)) {
        return NULL;
    }
    struct slu_arena_block *block = malloc(sizeof(struct slu_arena_block) + capacity);
    if (block != NULL) {
        block->older = NULL;
        block->capacity = capacity;
        block->used = 0;
    }
    return block;
}

/* A block for one allocation, behind the newest, which stays in use. NULL when out of memory. */
static struct slu_arena_block *add_own_block(struct slu_arena *arena, size_t bytes) {
    struct slu_arena_block *block = new_block(bytes), **link = &arena->newest;
    if (block == NULL) {
        return NULL;
    }
    if (*link != NULL) {
        link = &(*link)->older;
    }
    block->older = *link;
    *link = block;
    return block;
}

/* A block with room for `bytes` at its start; the newest stays in use when the
 * request is so large that it gets a block of its own. */
static struct slu_arena_block *add_block(struct slu_arena *arena, size_t bytes) {
    struct slu_arena_block *newest = arena->newest;
    size_t capacity = newest != NULL                           ? newest->capacity * 2
                      : arena->first_bytes > FIRST_BLOCK_BYTES ? arena->first_bytes
                                                               : FIRST_BLOCK_BYTES;
    if (capacity > LARGEST_BLOCK_BYTES) {
        capacity = LARGEST_BLOCK_BYTES;
    }
    if (bytes > (newest != NULL ? capacity / 4 : capacity)) {
        return add_own_block(arena, bytes);
    }
    struct slu_arena_block *block = new_block(capacity);
    if (block != NULL) {
        block->older = newest;
        arena->newest = block;
    }
    return block;
}

static bool is_over_limit(const struct slu_arena *arena, size_t bytes) {
    return arena->limit_bytes != 0 && bytes > arena->limit_bytes - arena->used_bytes;
}

/* `alignment` is a power of two, at most that of max_align_t. */
static char *take(struct slu_arena *arena, size_t bytes, size_t alignment) {
    if (is_over_limit(arena, bytes)) {
        arena->failed = true;
        return NULL;
    }
    struct slu_arena_block *block = arena->newest;
    size_t start = block == NULL ? 0 : (block->used + alignment - 1) & ~(alignment - 1);
    if (block == NULL || start > block->capacity || bytes > block->capacity - start) {
        block = add_block(arena, bytes);
        start = 0;
    }
    if (block == NULL) {
        arena->failed = true;
        return NULL;
    }
    block->used = start + bytes;
    arena->used_bytes += bytes;
    return block->bytes + start;
}

void *slu_arena_take(struct slu_arena *arena, size_t bytes) {
    return take(arena, bytes, alignof(max_align_t));
}

void *slu_arena_alloc(struct slu_arena *arena, size_t bytes) {
    return slu_arena_new(arena, bytes);
}

void *slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        arena->failed = true;
        return NULL;
    }
    return slu_arena_alloc(arena, count * size);
}

char *slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes) {
    return take(arena, bytes, 1);
}

/* Where the list points to the block that holds nothing but `items`; NULL when there is none. */
static struct slu_arena_block **find_own_block(struct slu_arena *arena, const void *items, size_t bytes) {
    if (bytes < OWN_BLOCK_BYTES) {
        return NULL;
    }
    struct slu_arena_block **link = &arena->newest;
    while (*link != NULL && ((*link)->bytes != items || (*link)->capacity != bytes)) {
        link = &(*link)->older;
    }
    return *link == NULL ? NULL : link;
}

/* As slu_arena_grow, where `items` have the block to themselves. */
static void *grow_block(struct slu_arena *arena, struct slu_arena_block **link, size_t bytes) {
    size_t more = bytes - (*link)->capacity;
    struct slu_arena_block *grown =
        !is_over_limit(arena, more) && bytes <= SIZE_MAX - sizeof *grown ? realloc(*link, sizeof *grown + bytes) : NULL;
    if (grown == NULL) {
        arena->failed = true;
        return NULL;
    }
    grown->capacity = grown->used = bytes;
    arena->used_bytes += more;
    *link = grown;
    return grown->bytes;
}

/* An allocation that has a block to itself, so that it can grow where it is, even where the newest has room. */
static char *take_own_block(struct slu_arena *arena, size_t bytes) {
    struct slu_arena_block *block = is_over_limit(arena, bytes) ? NULL : add_own_block(arena, bytes);
    if (block == NULL) {
        arena->failed = true;
        return NULL;
    }
    block->used = bytes;
    arena->used_bytes += bytes;
    return block->bytes;
}

void *slu_arena_grow(struct slu_arena *arena, void *items, size_t bytes, size_t larger) {
    assert(larger >= bytes);
    struct slu_arena_block **own = find_own_block(arena, items, bytes);
    if (own != NULL) {
        return grow_block(arena, own, larger);
    }
    /* An arena that is reset again and again has room for all of it soon. */
    bool apart = larger >= OWN_BLOCK_BYTES && !arena->used_again;
    char *moved = apart ? take_own_block(arena, larger) : take(arena, larger, alignof(max_align_t));
    if (moved != NULL && bytes > 0) {
        memcpy(moved, items, bytes);
    }
    return moved;
}

void slu_arena_give_back(struct slu_arena *arena, void *items, size_t bytes) {
    struct slu_arena_block **own = find_own_block(arena, items, bytes);
    if (own != NULL) {
        struct slu_arena_block *block = *own;
        *own = block->older;
        arena->used_bytes -= bytes;
        free(block);
        return;
    }
    struct slu_arena_block *newest = arena->newest;
    if (bytes > 0 && newest != NULL && newest->used >= bytes && newest->bytes + newest->used - bytes == items) {
        newest->used -= bytes;
        arena->used_bytes -= bytes;
    }
}

void *slu_arena_hand_over(struct slu_arena *arena, void *items, size_t bytes, struct slu_arena *to, size_t kept) {
    assert(kept <= bytes);
    struct slu_arena_block **own = find_own_block(arena, items, bytes);
    if (own == NULL) {
        char *copy = take(to, kept, alignof(max_align_t));
        if (copy != NULL && kept > 0) {
            memcpy(copy, items, kept);
        }
        return copy;
    }
    if (is_over_limit(to, kept)) {
        to->failed = true;
        return NULL;
    }
    struct slu_arena_block *block = *own;
    *own = block->older;
    arena->used_bytes -= bytes;
    struct slu_arena_block *cut = realloc(block, sizeof *cut + kept);
    block = cut != NULL ? cut : block;
    block->capacity = block->used = cut != NULL ? kept : bytes;
    struct slu_arena_block **link = to->newest != NULL ? &to->newest->older : &to->newest;
    block->older = *link;
    *link = block;
    to->used_bytes += kept;
    return block->bytes;
}

bool slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to) {
    char *bytes = slu_arena_alloc_bytes(arena, from.length);
    if (bytes == NULL) {
        return false;
    }
    if (from.length > 0) {
        memcpy(bytes, from.bytes, from.length);
    }
    *to = (struct slu_string){bytes, from.length};
    return true;
}

bool slu_arena_copy_terminated(struct slu_arena *arena, struct slu_string from, struct slu_string *to) {
    char *bytes = slu_arena_alloc_bytes(arena, from.length + 1);
    if (bytes == NULL) {
        return false;
    }
    if (from.length > 0) {
        memcpy(bytes, from.bytes, from.length);
    }
    bytes[from.length] = '\0';
    *to = (struct slu_string){bytes, from.length};
    return true;
}
