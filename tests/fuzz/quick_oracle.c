#include "tests/fuzz/quick_oracle.h"

#include "engine/base/limits.h"
#include "engine/input/quick.h"
#include "engine/input/seen_keys.h"

#include <string.h>

enum { TIMES = 3 };

struct choice {
    enum quick_oracle_way way;
    struct slu_wanted_tree tree;
    struct slu_step path[SLU_LIMIT_EVENT_DEPTH + 1];
};

static bool is_wanted(const struct choice *choice, const struct slu_json *member) {
    unsigned sum = (unsigned)member->key.length + (member->key.length > 0 ? (unsigned char)member->key.bytes[0] : 0);
    return choice->way == QUICK_ALL || (choice->way != QUICK_NOTHING && (sum + choice->way) % 3 != 0);
}

/* Wants `node`, which the first `depth` steps of the path lead to, and what is
 * in it. Recursive as deep as SLU_LIMIT_EVENT_DEPTH. False when out of memory. */
static bool want(struct choice *choice, const struct slu_json *node, uint32_t depth) {
    if (!slu_wanted_add(&choice->tree, choice->path, depth, NULL)) {
        return false;
    }
    for (const struct slu_json *child = node->first; child; child = child->next) {
        bool in_object = node->kind == SLU_JSON_OBJECT;
        if (in_object && !is_wanted(choice, child)) {
            continue;
        }
        choice->path[depth] = in_object ? (struct slu_step){.kind = SLU_STEP_KEY, .key = child->key}
                                        : (struct slu_step){.kind = SLU_STEP_EACH};
        if (!want(choice, child, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool same_bytes(struct slu_string left, struct slu_string right) {
    return left.length == right.length && (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

/* Recursive as deep as SLU_LIMIT_EVENT_DEPTH. */
static const char *compare(const struct choice *choice, const struct slu_json *whole, const struct slu_json *quick) {
    const struct slu_json *child = quick->first;
    uint32_t count = 0;
    if (whole->kind != quick->kind) {
        return "the kinds differ";
    }
    if (whole->kind == SLU_JSON_TEXT || whole->kind == SLU_JSON_NUMBER) {
        return same_bytes(whole->text, quick->text) && memcmp(&whole->number, &quick->number, sizeof whole->number) == 0
                   ? NULL
                   : "a text or a number differs";
    }
    for (const struct slu_json *expected = whole->first; expected; expected = expected->next) {
        if (whole->kind == SLU_JSON_OBJECT && !is_wanted(choice, expected)) {
            continue;
        }
        if (!child || !same_bytes(child->key, expected->key)) {
            return "the keys differ";
        }
        const char *difference = compare(choice, expected, child);
        if (difference) {
            return difference;
        }
        child = child->next;
        count++;
    }
    return child || quick->count != count ? "there is too much" : NULL;
}

static uint32_t hash_of(const struct slu_json *member) {
    const char *bytes = member->key.length > 0 ? member->key.bytes : "";
    return (uint32_t)(slu_key_make(bytes, member->key.length, bytes + member->key.length).hash >> 32);
}

/* Two keys of the object that differ in all but their hashes? */
static bool has_collision(const struct slu_json *object) {
    for (const struct slu_json *member = object->first; member; member = member->next) {
        for (const struct slu_json *other = object->first; other != member; other = other->next) {
            if (hash_of(other) == hash_of(member)) {
                return true;
            }
        }
    }
    return false;
}

/* What only the slower one reads: what is no container, objects of very many keys, and keys
 * that may be there twice for all that their hashes tell. Looked for where the quick one refused. */
static bool is_left_out(const struct slu_json *document) {
    bool left_out = document->kind == SLU_JSON_OBJECT && (document->count > SLU_SEEN_MOST || has_collision(document));
    for (const struct slu_json *child = document->first; child && !left_out; child = child->next) {
        left_out = (child->kind == SLU_JSON_OBJECT || child->kind == SLU_JSON_ARRAY) && is_left_out(child);
    }
    return left_out;
}

/* The same document several times: at first nothing is remembered of it. */
static const char *compare_reads(const struct choice *choice, const struct slu_scan_kernel *kernel,
                                 struct slu_string text, const struct slu_json *whole, struct slu_arena *arena) {
    static struct slu_shape_member members[SLU_SHAPE_MEMBERS];
    static struct slu_shape_rest rests[SLU_SHAPE_MEMBERS];
    struct slu_shape shape = {.members = members, .rests = rests};
    for (int time = 0; time < TIMES; time++) {
        const struct slu_json *quick;
        const struct slu_json **found = SLU_NEW_ARRAY(arena, const struct slu_json *, choice->tree.count);
        if (!found) {
            return NULL;
        }
        enum sluice_status status =
            slu_quick_read(kernel, choice->tree.places[0], time > 0 ? &shape : NULL, text, arena, found, &quick);
        if (status == SLUICE_OK) {
            const char *difference = whole ? compare(choice, whole, quick) : "the quick reader accepts it";
            if (difference || found[0] != quick) {
                return difference ? difference : "the outermost value is not found";
            }
        } else if (status == SLUICE_INVALID && whole && whole->first && !is_left_out(whole)) {
            return "the quick reader refuses it";
        }
    }
    return NULL;
}

/* Of compare_remembered. */
static struct slu_shape remembered;

void quick_oracle_forget(void) {
    remembered = (struct slu_shape){.members = remembered.members, .rests = remembered.rests};
}

/* Documents that follow one another, remembered together: whether they are read hangs on none before. */
static const char *compare_remembered(const struct slu_scan_kernel *kernel, struct slu_string text,
                                      const struct slu_json *whole) {
    static struct slu_arena kept, arena;
    static const struct slu_wanted nothing;
    const struct slu_json *quick;
    slu_arena_reset(&arena);
    if (!slu_shape_begin(&remembered, &kept)) {
        return NULL;
    }
    enum sluice_status status = slu_quick_read(kernel, &nothing, &remembered, text, &arena, NULL, &quick);
    if (status == SLUICE_OK) {
        return whole ? NULL : "the quick reader, remembering, accepts it";
    }
    return status == SLUICE_INVALID && whole && whole->first && !is_left_out(whole)
               ? "the quick reader, remembering, refuses it"
               : NULL;
}

const char *quick_oracle_difference(struct slu_string text, enum quick_oracle_way way) {
    struct slu_arena arena;
    struct choice choice = {.way = way};
    const struct slu_json *whole = NULL;
    const char *difference = NULL;
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    enum sluice_status status = slu_json_read(text, &arena, &whole, NULL);
    whole = status == SLUICE_OK ? whole : NULL;
    bool fine = status != SLUICE_NO_MEMORY && slu_wanted_start(&choice.tree, &arena) &&
                (!whole || want(&choice, whole, 0)) && slu_wanted_finish(&choice.tree);
    const struct slu_scan_kernel *kernel;
    for (uint32_t i = 0; fine && !difference && (kernel = slu_scan_kernel_at(i)) != NULL; i++) {
        difference = compare_reads(&choice, kernel, text, whole, &arena);
        difference = difference ? difference : compare_remembered(kernel, text, whole);
    }
    slu_arena_free(&arena);
    return difference;
}
