#include "engine/input/members.h"

#include "engine/base/limits.h"

#include <assert.h>
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
        if (member->key.length == key.length &&
            (key.length == 0 || memcmp(member->key.bytes, key.bytes, key.length) == 0)) {
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

struct keyed {
    struct slu_string key;
    uint32_t index;
};

static int compare_keys(const struct keyed *left, const struct keyed *right) {
    if (left->key.length != right->key.length) {
        return left->key.length < right->key.length ? -1 : 1;
    }
    return memcmp(left->key.bytes, right->key.bytes, left->key.length);
}

static void merge(const struct keyed *from, struct keyed *to, size_t start, size_t middle, size_t end) {
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        bool take_left = left < middle && (right == end || compare_keys(&from[left], &from[right]) <= 0);
        to[i] = from[take_left ? left++ : right++];
    }
}

/* A merge sort of our own: qsort promises no bound on time, and these keys are
 * an outsider's choice. A hash without a secret would not do either. */
static const struct keyed *sort_keys(struct keyed *keys, struct keyed *spare, size_t count) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            merge(keys, spare, start, middle, end);
        }
        struct keyed *swap = keys;
        keys = spare;
        spare = swap;
    }
    return keys;
}

bool slu_members_find_duplicate(const struct slu_json *object, struct slu_arena *arena, uint32_t *index) {
    *index = SLU_MEMBERS_NONE;
    if (object->count <= FEW_MEMBERS) {
        *index = find_among_few(object);
        return true;
    }
    struct keyed *keys = SLU_NEW_ARRAY(arena, struct keyed, object->count);
    struct keyed *spare = SLU_NEW_ARRAY(arena, struct keyed, object->count);
    if (!keys || !spare) {
        return false;
    }
    uint32_t count = 0;
    for (const struct slu_json *member = object->first; member; member = member->next, count++) {
        keys[count] = (struct keyed){member->key, count};
    }
    const struct keyed *sorted = sort_keys(keys, spare, count);
    for (uint32_t i = 1; i < count; i++) {
        /* The sort is stable: of equal keys the later one stands later. */
        if (compare_keys(&sorted[i - 1], &sorted[i]) == 0 && sorted[i].index < *index) {
            *index = sorted[i].index;
        }
    }
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
