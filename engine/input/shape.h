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
    SLU_SHAPE_LEAD_BYTES = 48,   /* of the longest lead that is remembered, see below */
    SLU_SHAPE_ALTERNATIVES = 8,  /* keys remembered for one place */
    SLU_SHAPE_MISSES = 64 * 1024 /* members not remembered for want of room, after which all is forgotten */
};

/* A member of an object, after the members before it; or the head of an object, before its first one. */
struct slu_shape_member {
    /* The key with its quotes and its colon, as they stand in a document side by
     * side, then zeros. Where they are found there are the three tokens of a member. */
    char lead[SLU_SHAPE_LEAD_BYTES];
    uint64_t masks[2]; /* which of the first 16 bytes count */
    uint32_t lead_length;
    uint32_t length;                   /* of the key */
    uint32_t hash;                     /* see slu_seen_keys */
    const struct slu_wanted *wanted;   /* of its value; or NULL */
    struct slu_shape_member *before;   /* the member before it in the same object, or the head */
    struct slu_shape_member *other;    /* another one that came after the same; or NULL */
    struct slu_shape_member *next;     /* the member behind it in the same object; or NULL */
    struct slu_shape_member *inside;   /* its value is an object: the head of it; or NULL */
    struct slu_shape_member *elements; /* its value is an array: the head of objects in it; or NULL */
};

struct slu_shape {
    struct slu_shape_member *members; /* NULL: nothing yet */
    uint32_t count;
    uint32_t missed;               /* see SLU_SHAPE_MISSES */
    struct slu_shape_member *head; /* of the outermost object */
};

/* Call before each document. False when out of memory. */
bool slu_shape_begin(struct slu_shape *shape, struct slu_arena *arena);
/* The head at *link, made where there is none; NULL where there is no room for it. */
struct slu_shape_member *slu_shape_head(struct slu_shape *shape, struct slu_shape_member **link);
/* Remembers a key that may come after `before`; NULL where it is not. It has no
 * escape in it, and its colon stands right behind it. */
struct slu_shape_member *slu_shape_learn(struct slu_shape *shape, struct slu_shape_member *before,
                                         const struct slu_key *key, const struct slu_wanted *wanted);

/* As slu_shape_find, where fewer than 16 bytes are left. */
struct slu_shape_member *slu_shape_find_last(const struct slu_shape_member *before, const char *bytes, const char *end);

/* As slu_shape_is, for what is past the first 16 bytes. */
static inline bool slu_shape_ends(const struct slu_shape_member *member, const char *bytes, const char *end) {
    size_t length = member->lead_length;
    if ((size_t)(end - bytes) < length) {
        return false;
    }
    if (length <= 2 * SLU_KEY_WORDS_BYTES) { /* the last 16 bytes, of which the first may be seen twice */
        const char *last = bytes + length - SLU_KEY_WORDS_BYTES, *wanted = member->lead + length - SLU_KEY_WORDS_BYTES;
        return ((slu_key_load(last) ^ slu_key_load(wanted)) | (slu_key_load(last + 8) ^ slu_key_load(wanted + 8))) == 0;
    }
    return memcmp(bytes + SLU_KEY_WORDS_BYTES, member->lead + SLU_KEY_WORDS_BYTES, length - SLU_KEY_WORDS_BYTES) == 0;
}

/* Does the member's lead stand at `bytes`? 16 bytes can be read there. */
static inline bool slu_shape_is(const struct slu_shape_member *member, const char *bytes, const char *end) {
    if (((slu_key_load(bytes) & member->masks[0]) ^ slu_key_load(member->lead)) |
        ((slu_key_load(bytes + 8) & member->masks[1]) ^ slu_key_load(member->lead + 8))) {
        return false;
    }
    return member->lead_length <= SLU_KEY_WORDS_BYTES || slu_shape_ends(member, bytes, end);
}

/* The member after `before` whose lead stands at `bytes`; NULL: none is remembered. */
static inline struct slu_shape_member *slu_shape_find(const struct slu_shape_member *before, const char *bytes,
                                                      const char *end) {
    struct slu_shape_member *member = before->next;
    if (end - bytes < SLU_KEY_WORDS_BYTES) {
        return slu_shape_find_last(before, bytes, end);
    }
    while (member && !slu_shape_is(member, bytes, end)) {
        member = member->other;
    }
    return member;
}

#endif
