/* What the second pass over a JSON text, see quick.h, has in hand. */
#ifndef SLU_INPUT_WALK_H
#define SLU_INPUT_WALK_H

#include "engine/base/limits.h"
#include "engine/input/json.h"
#include "engine/input/seen_keys.h"
#include "engine/input/shape.h"

/* An object or array that is not closed yet. */
struct slu_walk_frame {
    const struct slu_wanted *wanted; /* of the object itself; of the array's elements; NULL: nothing in it is wanted */
    char closing;
    bool is_known;                /* an object whose keys so far are all remembered */
    bool has_seen;                /* an object whose keys are among the seen ones */
    struct slu_shape_member *at;  /* while a value is open: its member */
    struct slu_shape_member **of; /* of an array: where the head of objects in it is remembered; NULL: nowhere */
    struct slu_json *node;        /* where something is wanted */
    const struct slu_json **last; /* where the node's next child goes */
    struct slu_seen_object seen;
};

struct slu_walk {
    const char *bytes, *end;
    const uint32_t *escape; /* the next, see slu_tokens */
    struct slu_arena *arena;
    const struct slu_json **found;
    struct slu_json *nodes, *nodes_end; /* made in advance */
    uint32_t wide_end;                  /* before it so many bytes can be read as are compared at once */
    bool no_memory;
    struct slu_string key;           /* see slu_walk_new_key */
    const struct slu_wanted *wanted; /* the same */
    struct slu_json outermost;       /* its only child is the document */
    struct slu_seen_keys seen;
    struct slu_shape *shape;         /* NULL: nothing is remembered */
    struct slu_shape_member unknown; /* stands for a member that is not remembered, nor what follows it */
    struct slu_shape_rest unknown_rest;
    struct slu_walk_frame frames[SLU_LIMIT_EVENT_DEPTH + 1];
};

/* From the outermost value, a container, to `last`, the last token, which closes
 * something: so whatever comes before it has a token behind it, and what is
 * behind itself (the first token again) is looked at only after a value, where
 * it does not fit. False: refused, or out of memory. */
typedef bool slu_walk_tokens(struct slu_walk *walk, const uint32_t *token, const uint32_t *last,
                             const struct slu_wanted *wanted);
/* The same with other instructions. */
slu_walk_tokens slu_walk_plain;
#if defined(__x86_64__)
slu_walk_tokens slu_walk_avx2;
#endif

/* ---- what few tokens need, in quick.c ---- */

/* More nodes to be used. */
bool slu_walk_add_nodes(struct slu_walk *walk, size_t bytes_left);
/* Undoes the escapes of the string at `start`, where there are any before `next`. *text
 * stays as it is without. False when out of memory. */
bool slu_walk_undo_escapes(struct slu_walk *walk, uint32_t start, uint32_t next, struct slu_string *text);
/* The head of an object that is the value of the frame's member, or an element of the array. */
struct slu_shape_member *slu_walk_head(struct slu_walk *walk, const struct slu_walk_frame *frame);
/* The key at `token` where it is not one that is remembered behind `before`, or
 * an earlier one was not. Returns what stands for its member; sets walk->wanted
 * and walk->key. NULL: refused. */
struct slu_shape_member *slu_walk_new_key(struct slu_walk *walk, struct slu_walk_frame *frame, const uint32_t *token,
                                          struct slu_shape_member *before);
/* A value that is neither a string nor a container; `node` is NULL where it is not wanted. */
bool slu_walk_other(const struct slu_walk *walk, const uint32_t *token, struct slu_json *node);

/* What stands between the quotes of the string at `token`. */
static inline struct slu_string slu_walk_between_quotes(const struct slu_walk *walk, const uint32_t *token) {
    const char *text = walk->bytes + token[0] + 1, *quote = walk->bytes + token[1] - 1;
    while (*quote != '"') { /* white space */
        quote--;
    }
    return (struct slu_string){text, (size_t)(quote - text)};
}

static inline bool slu_walk_text(struct slu_walk *walk, const uint32_t *token, struct slu_string *text) {
    *text = slu_walk_between_quotes(walk, token);
    return *walk->escape > token[1] || slu_walk_undo_escapes(walk, token[0], token[1], text);
}

#endif
