#include "engine/input/members.h"

#include "engine/base/limits.h"
#include "engine/base/sorted.h"

#include <string.h>

enum {
    FEW_MEMBERS = 64, /* up to here comparing beats sorting */
    FILTER_BITS = 256
};

const struct slu_json *slu_members_at(const struct slu_json *container, uint32_t index) {
    const struct slu_json *member = container->first;
    while (index-- > 0) {
        member = member->next;
    }
    return member;
}

const struct slu_json *slu_json_member(const struct slu_json *object, struct slu_string key) {
    if (object->kind != SLU_JSON_OBJECT) {
        return NULL;
    }
    for (const struct slu_json *member = object->first; member; member = member->next) {
        if (slu_string_equal(member->key, key)) {
            return member;
        }
    }
    return NULL;
}

/* ---- keys that are there twice ---- */

/* Cheap and good enough to tell the keys of ordinary objects apart. */
static uint32_t filter_bit(struct slu_string key) {
    uint32_t hash = (uint32_t)key.length;
    if (key.length > 0) {
        const unsigned char *bytes = (const unsigned char *)key.bytes;
        hash = hash * 31 + bytes[0];
        hash = hash * 31 + bytes[key.length / 2];
        hash = hash * 31 + bytes[key.length - 1];
    }
    return hash * UINT32_C(2654435769) >> 24;
}

/* An earlier member is looked for only where the filter has seen its like. */
static uint32_t find_among_few(const struct slu_json *object) {
    uint64_t filter[FILTER_BITS / 64] = {0};
    uint32_t index = 0;
    for (const struct slu_json *member = object->first; member; member = member->next, index++) {
        uint32_t bit = filter_bit(member->key);
        uint64_t mask = UINT64_C(1) << (bit % 64);
        if ((filter[bit / 64] & mask) && slu_json_member(object, member->key) != member) {
            return index;
        }
        filter[bit / 64] |= mask;
    }
    return SLU_MEMBERS_NONE;
}

/* Sorted: a hash without a secret would not do, these keys are an outsider's choice. */
static bool find_among_many(const struct slu_json *object, struct slu_arena *arena, uint32_t *index) {
    struct slu_string *keys = slu_sorted_room(arena, object->count);
    bool *seen = SLU_NEW_ARRAY(arena, bool, object->count); /* one per sorted key */
    uint32_t count = 0;
    if (!keys || !seen) {
        return false;
    }
    for (const struct slu_json *member = object->first; member; member = member->next) {
        keys[count++] = member->key;
    }
    struct slu_sorted sorted = slu_sorted_make(keys, count);
    count = 0;
    for (const struct slu_json *member = object->first; member; member = member->next, count++) {
        bool *same = &seen[slu_sorted_find(&sorted, member->key)];
        if (*same) {
            *index = count;
            break;
        }
        *same = true;
    }
    return true;
}

bool slu_members_find_duplicate(const struct slu_json *object, struct slu_arena *arena, uint32_t *index) {
    *index = SLU_MEMBERS_NONE;
    if (object->count > FEW_MEMBERS) {
        return find_among_many(object, arena, index);
    }
    *index = find_among_few(object);
    return true;
}

/* ---- places ---- */

static size_t skip_string(struct slu_string json, size_t at) {
    for (at++; at < json.length && json.bytes[at] != '"'; at++) {
        if (json.bytes[at] == '\\') {
            at++;
        }
    }
    return at + 1;
}

static size_t skip_space(struct slu_string json, size_t at) {
    while (at < json.length && memchr(" \t\n\r", json.bytes[at], 4)) {
        at++;
    }
    return at;
}

size_t slu_members_key_place(struct slu_string json, size_t container, uint32_t index) {
    uint32_t depth = 0;
    bool before_item = true;
    size_t at = skip_space(json, container + 1);
    while (at < json.length) {
        char byte = json.bytes[at];
        if (depth == 0 && before_item && index-- == 0) {
            return at;
        }
        before_item = false;
        if (byte == '{' || byte == '[') {
            depth++;
        } else if (byte == '}' || byte == ']') {
            depth--;
        } else if (byte == ',' && depth == 0) {
            before_item = true;
        }
        at = skip_space(json, byte == '"' ? skip_string(json, at) : at + 1);
    }
    return container;
}

size_t slu_members_value_place(struct slu_string json, size_t object, uint32_t index) {
    size_t at = skip_space(json, skip_string(json, slu_members_key_place(json, object, index)));
    return skip_space(json, at + 1);
}

/* The way down to `node`, one index per level. Recursion as deep as an event may be. */
static bool find_path(const struct slu_json *container, const struct slu_json *node, uint32_t *path, uint32_t *depth) {
    uint32_t level = (*depth)++;
    path[level] = 0;
    for (const struct slu_json *child = container->first; child; child = child->next, path[level]++) {
        bool inside = child->kind == SLU_JSON_ARRAY || child->kind == SLU_JSON_OBJECT;
        if (child == node || (inside && find_path(child, node, path, depth))) {
            return true;
        }
    }
    (*depth)--;
    return false;
}

size_t slu_members_place(struct slu_string json, const struct slu_json *document, const struct slu_json *node) {
    uint32_t path[SLU_LIMIT_EVENT_DEPTH + 1];
    uint32_t depth = 0;
    size_t at = skip_space(json, 0);
    bool found = (document->kind == SLU_JSON_ARRAY || document->kind == SLU_JSON_OBJECT) &&
                 find_path(document, node, path, &depth);
    for (uint32_t level = 0; found && level < depth; level++) {
        bool object = document->kind == SLU_JSON_OBJECT;
        bool last = level + 1 == depth;
        at = object && !last ? slu_members_value_place(json, at, path[level])
                             : slu_members_key_place(json, at, path[level]);
        document = slu_members_at(document, path[level]);
    }
    return at;
}
