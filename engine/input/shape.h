/* What the objects of earlier documents looked like. The documents of one
 * service have the same keys in the same order, but for a few: a key that is
 * found where one of the same place stood before needs one comparison, and no
 * search for what is wanted of its value, nor for a duplicate: the keys that
 * led there differ from it. What is remembered makes reading faster, and
 * nothing else: it never changes what is read. */
#ifndef SLU_INPUT_SHAPE_H
#define SLU_INPUT_SHAPE_H

#include "engine/base/arena.h"
#include "engine/input/key.h"
#include "engine/input/wanted.h"

enum {
    SLU_SHAPE_MEMBERS = 1024,    /* remembered at most, with heads; then what came first stays */
    SLU_SHAPE_LEAD_BYTES = 64,   /* of the longest lead that is remembered, see below */
    SLU_SHAPE_WIDE_BYTES = 32,   /* are compared at once */
    SLU_SHAPE_SHORT_BYTES = 29,  /* of them are a lead's, and what is known of the value behind it */
    SLU_SHAPE_ALTERNATIVES = 8,  /* keys remembered for one place */
    SLU_SHAPE_MISSES = 64 * 1024 /* members not remembered for want of room, after which all is forgotten */
};

struct slu_shape_member;

/* What is seldom asked of a member. */
struct slu_shape_rest {
    struct slu_shape_member *other;    /* another one that came after the same; or NULL */
    struct slu_shape_member *elements; /* its value is an array: the head of objects in it; or NULL */
    struct slu_shape_member *before;   /* the member before it in the same object, or the head; NULL: this is a head */
    const struct slu_wanted *wanted;   /* of its value; or NULL */
    uint32_t length;                   /* of the key */
    uint32_t hash;                     /* see slu_seen_keys */
    uint32_t lead_length;
    char whole_lead[SLU_SHAPE_LEAD_BYTES];
};

/* A member of an object, after the members before it; or the head of an object, before its first one.
 * As large as a line of the processor's memory: what is remembered of a document is read again for each.
 *
 * Its lead is what stands between the value before and its own: `,` or `{`, the
 * key with its quotes, `:`, and white space as it was. Where it is found, at a
 * comma or an opening bracket, there are its three tokens, and the value's. */
struct slu_shape_member {
    /* The lead, and behind it what the value began with when it was first seen: the quote of a string, or null, true or
     * false and the byte behind it. So where all of it is found, there is one token to be passed over. Where
     * somebody wants the value, or it is another one, a byte that is in no text; where the lead is too
     * long, nothing but that. */
    char lead[SLU_SHAPE_SHORT_BYTES];
    bool is_head, is_wanted;         /* these three are in reach of the comparison, and do not count in it */
    bool is_followed;                /* `next` is the one that stands behind it in memory */
    struct slu_shape_member *next;   /* the member behind it in the same object; never NULL, see slu_shape_clear */
    struct slu_shape_member *inside; /* its value is an object: the head of it; or NULL */
    struct slu_shape_rest *rest;
    uint32_t bits;      /* one per byte of `lead` that counts */
    uint32_t lead_bits; /* of the lead alone; all of them where it is too long */
};

struct slu_shape {
    struct slu_shape_member *members; /* SLU_SHAPE_MEMBERS; NULL: nothing yet. The first is found nowhere */
    struct slu_shape_rest *rests;     /* as many */
    uint32_t count;
    uint32_t missed;               /* see SLU_SHAPE_MISSES */
    struct slu_shape_member *head; /* of the outermost object */
};

/* Call before each document. False when out of memory. */
bool slu_shape_begin(struct slu_shape *shape, struct slu_arena *arena);
/* Makes *member a head behind which nothing is remembered, and that is found nowhere: `none`, which may be itself. */
void slu_shape_clear(struct slu_shape_member *member, struct slu_shape_rest *rest, struct slu_shape_member *none);
/* The head at *link, made where there is none; NULL where there is no room for it. */
struct slu_shape_member *slu_shape_head(struct slu_shape *shape, struct slu_shape_member **link);
/* Remembers a key that may come after `before`, and the value behind its lead, which reaches up to `end` or
 * less far; NULL where it is not. It has no escape in it. */
struct slu_shape_member *slu_shape_learn(struct slu_shape *shape, struct slu_shape_member *before,
                                         struct slu_string lead, const char *end, const struct slu_key *key,
                                         const struct slu_wanted *wanted);

/* The member after `before` whose lead stands at `bytes`; NULL: none is remembered. */
struct slu_shape_member *slu_shape_find(const struct slu_shape_member *before, const char *bytes, const char *end);

/* `next`. Where it was learned right behind `before`, as it mostly was, nothing waits for the memory that says so. */
static inline struct slu_shape_member *slu_shape_next(struct slu_shape_member *before) {
    return __builtin_expect(before->is_followed, 1) ? before + 1 : before->next;
}

#endif
