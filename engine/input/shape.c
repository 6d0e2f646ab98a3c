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
    size_t length = key->text.length, lead_length = length + sizeof "\"\":" - 1;
    uint32_t alternatives = 0;
    for (; *link; link = &(*link)->other) {
        alternatives++;
    }
    if (lead_length > sizeof before->lead || alternatives >= SLU_SHAPE_ALTERNATIVES) {
        shape->missed++;
        return NULL;
    }
    struct slu_shape_member *member = take_member(shape);
    if (!member) {
        return NULL;
    }
    member->lead[0] = '"';
    memcpy(member->lead + 1, key->text.bytes, length);
    member->lead[length + 1] = '"';
    member->lead[length + 2] = ':';
    memset(member->masks, 0xFF, lead_length < sizeof member->masks ? lead_length : sizeof member->masks);
    member->lead_length = (uint32_t)lead_length;
    member->length = (uint32_t)length;
    member->hash = (uint32_t)(key->hash >> 32);
    member->wanted = wanted;
    member->before = before;
    *link = member;
    return member;
}

struct slu_shape_member *slu_shape_find_last(const struct slu_shape_member *before, const char *bytes,
                                             const char *end) {
    size_t left = (size_t)(end - bytes);
    struct slu_shape_member *member = before->next;
    while (member && (member->lead_length > left || memcmp(member->lead, bytes, member->lead_length) != 0)) {
        member = member->other;
    }
    return member;
}
