#include "engine/input/shape.h"

/* A byte that is in no UTF-8 text. */
#define NOWHERE '\xFF'
static const struct slu_string nowhere = {"\xFF", 1};

void slu_shape_clear(struct slu_shape_member *member, struct slu_shape_rest *rest, struct slu_shape_member *none) {
    *member = (struct slu_shape_member){
        .lead = {NOWHERE}, .bits = 1, .lead_bits = 1, .next = none, .rest = rest, .is_head = true};
    *rest = (struct slu_shape_rest){.other = NULL};
}

/* Each member in one line of the processor's memory. */
static bool take_room(struct slu_shape *shape, struct slu_arena *arena) {
    const size_t line = sizeof *shape->members;
    char *members = slu_arena_grow(arena, NULL, 0, (SLU_SHAPE_MEMBERS + 1) * line);
    shape->rests = slu_arena_grow(arena, NULL, 0, SLU_SHAPE_MEMBERS * sizeof *shape->rests);
    if (!members || !shape->rests) {
        return false;
    }
    shape->members = (void *)(members + (line - (uintptr_t)members % line) % line);
    return true;
}

bool slu_shape_begin(struct slu_shape *shape, struct slu_arena *arena) {
    if (!shape->members && !take_room(shape, arena)) {
        return false;
    }
    if (shape->missed > SLU_SHAPE_MISSES) {
        shape->count = 0;
        shape->missed = 0;
        shape->head = NULL;
    }
    return true;
}

/* NULL where there is no room. */
static struct slu_shape_member *take_member(struct slu_shape *shape) {
    if (shape->count == SLU_SHAPE_MEMBERS) {
        shape->missed++;
        return NULL;
    }
    if (shape->count == 0) {
        shape->count++;
        slu_shape_clear(shape->members, shape->rests, shape->members);
    }
    struct slu_shape_member *member = &shape->members[shape->count];
    slu_shape_clear(member, &shape->rests[shape->count++], shape->members);
    return member;
}

struct slu_shape_member *slu_shape_head(struct slu_shape *shape, struct slu_shape_member **link) {
    if (!*link) {
        *link = take_member(shape);
    }
    return *link;
}

/* What there must be behind the lead where one token is to be passed over. */
static struct slu_string value_start(const char *at, const char *end) {
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        bool is_word = (size_t)(end - at) > length && memcmp(at, words[i], length) == 0;
        if (is_word && (at[length] == ',' || at[length] == '}' || at[length] == ']')) {
            return (struct slu_string){at, length + 1};
        }
    }
    return at < end && *at == '"' ? (struct slu_string){at, 1} : nowhere;
}

/* What is compared at once. */
static void write_lead(struct slu_shape_member *member, struct slu_string lead, const char *end) {
    struct slu_string start = member->is_wanted ? nowhere : value_start(lead.bytes + lead.length, end);
    if (lead.length < SLU_SHAPE_SHORT_BYTES) {
        start = lead.length + start.length > SLU_SHAPE_SHORT_BYTES ? nowhere : start;
        memcpy(member->lead, lead.bytes, lead.length);
        memcpy(member->lead + lead.length, start.bytes, start.length);
        member->lead_bits = (UINT32_C(1) << lead.length) - 1;
        member->bits = (UINT32_C(1) << (lead.length + start.length)) - 1;
    }
    memcpy(member->rest->whole_lead, lead.bytes, lead.length);
    member->rest->lead_length = (uint32_t)lead.length;
}

struct slu_shape_member *slu_shape_learn(struct slu_shape *shape, struct slu_shape_member *before,
                                         struct slu_string lead, const char *end, const struct slu_key *key,
                                         const struct slu_wanted *wanted) {
    struct slu_shape_member **link = &before->next, *none = shape->members;
    uint32_t alternatives = 0;
    for (; *link && *link != none; link = &(*link)->rest->other) {
        alternatives++;
    }
    if (lead.length > SLU_SHAPE_LEAD_BYTES || alternatives >= SLU_SHAPE_ALTERNATIVES) {
        shape->missed++;
        return NULL;
    }
    struct slu_shape_member *member = take_member(shape);
    if (!member) {
        return NULL;
    }
    member->is_head = false;
    member->is_wanted = wanted != NULL;
    member->rest->wanted = wanted;
    member->rest->before = before;
    member->rest->length = (uint32_t)key->text.length;
    member->rest->hash = (uint32_t)(key->hash >> 32);
    write_lead(member, lead, end);
    before->is_followed |= alternatives == 0 && member == before + 1;
    *link = member;
    return member;
}

struct slu_shape_member *slu_shape_find(const struct slu_shape_member *before, const char *bytes, const char *end) {
    size_t left = (size_t)(end - bytes);
    struct slu_shape_member *member = before->next;
    while (member && (member->rest->lead_length == 0 || member->rest->lead_length > left ||
                      memcmp(member->rest->whole_lead, bytes, member->rest->lead_length) != 0)) {
        member = member->rest->other;
    }
    return member;
}
