#include "engine/input/shape.h"

bool slu_shape_begin(struct slu_shape *shape, struct slu_arena *arena) {
    if (!shape->members) {
        shape->members = slu_arena_grow(arena, NULL, 0, SLU_SHAPE_MEMBERS * sizeof *shape->members);
    }
    if (shape->missed > SLU_SHAPE_MISSES) {
        shape->count = 0;
        shape->missed = 0;
        shape->head = NULL;
    }
    return shape->members != NULL;
}

/* NULL where there is no room. */
static struct slu_shape_member *take_member(struct slu_shape *shape) {
    if (shape->count == SLU_SHAPE_MEMBERS) {
        shape->missed++;
        return NULL;
    }
    struct slu_shape_member *member = &shape->members[shape->count++];
    *member = (struct slu_shape_member){.length = 0};
    return member;
}

struct slu_shape_member *slu_shape_head(struct slu_shape *shape, struct slu_shape_member **link) {
    if (!*link) {
        *link = take_member(shape);
    }
    return *link;
}

struct slu_shape_member *slu_shape_learn(struct slu_shape *shape, struct slu_shape_member *before,
                                         const struct slu_key *key, const struct slu_wanted *wanted) {
    struct slu_shape_member **link = &before->next;
    size_t length = key->text.length;
    uint32_t alternatives = 0;
    for (; *link; link = &(*link)->other) {
        alternatives++;
    }
    if (length > SLU_SHAPE_KEY_BYTES || alternatives >= SLU_SHAPE_ALTERNATIVES) {
        shape->missed++;
        return NULL;
    }
    struct slu_shape_member *member = take_member(shape);
    if (!member) {
        return NULL;
    }
    memcpy(member->key, key->text.bytes, length);
    member->key[length] = '"';
    memset(member->masks, 0xFF, length + 1 < sizeof member->masks ? length + 1 : sizeof member->masks);
    member->length = (uint32_t)length;
    member->hash = (uint32_t)(key->hash >> 32);
    member->wanted = wanted;
    member->before = before;
    *link = member;
    return member;
}
