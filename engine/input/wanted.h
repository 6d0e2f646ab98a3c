/* Which values of a delivery are wanted, as a tree of steps from the outermost
 * value: built once per program, so that reading makes nodes for those alone. */
#ifndef SLU_INPUT_WANTED_H
#define SLU_INPUT_WANTED_H

#include "engine/base/map.h"
#include "engine/input/json.h"
#include "engine/input/key.h"
#include "grammar/tree.h"

struct slu_wanted_member;

/* A value at one place; all elements of an array are one place. */
struct slu_wanted {
    const struct slu_wanted_member *members; /* a table by hash; NULL: none of an object */
    uint32_t member_mask;                    /* entries of the table, less one */
    const struct slu_wanted *others;         /* of the members that are not in the table; or NULL */
    uint32_t number;                         /* the parent's is smaller */
    const struct slu_wanted *elements;       /* of an array; NULL: none */
    const struct slu_wanted *inside;         /* of a text that holds JSON, see SLU_STEP_JSON; or NULL */
    bool scalar;                             /* a text or number is converted, not only noted */
    const struct slu_wanted *parent;         /* of a member; else NULL */
    struct slu_string key;                   /* of a member */
};

struct slu_wanted_member {
    struct slu_key key;
    const struct slu_wanted *wanted; /* NULL: the entry is free */
};

/* A path up to its first step that is no key: found without following it. */
struct slu_stem {
    uint32_t number; /* of its place */
    uint32_t step_count;
    bool is_all; /* of a path that has keys alone */
};

struct slu_wanted_tree {
    struct slu_arena *arena; /* borrowed */
    struct slu_wanted **places;
    uint32_t count, capacity;
    struct slu_map children; /* parent's number and step -> child's number */
};

/* A tree that wants nothing but the kind of the outermost value. False when out of memory, as below. */
bool slu_wanted_start(struct slu_wanted_tree *tree, struct slu_arena *arena);
/* Wants what the path leads to. *stem may be NULL. */
bool slu_wanted_add(struct slu_wanted_tree *tree, const struct slu_step *steps, uint32_t step_count,
                    struct slu_stem *stem);
/* Wants to know that the other members of the outermost object are there. */
bool slu_wanted_add_others(struct slu_wanted_tree *tree);
/* Makes the tables; nothing can be added afterwards. */
bool slu_wanted_finish(struct slu_wanted_tree *tree);

/* What is wanted where the steps lead to, from place `number` on; NULL: nothing. */
const struct slu_wanted *slu_wanted_along(const struct slu_wanted_tree *tree, uint32_t number,
                                          const struct slu_step *steps, uint32_t step_count);

/* What is wanted of the member with that key. */
static inline const struct slu_wanted *slu_wanted_find(const struct slu_wanted *object, const struct slu_key *key) {
    if (!object->members) {
        return object->others;
    }
    for (uint32_t i = (uint32_t)(key->hash >> 40) & object->member_mask;; i = (i + 1) & object->member_mask) {
        const struct slu_wanted_member *member = &object->members[i];
        if (!member->wanted) {
            return object->others;
        }
        if (member->key.words[0] == key->words[0] && member->key.words[1] == key->words[1] &&
            member->key.text.length == key->text.length &&
            (key->text.length <= SLU_KEY_WORDS_BYTES ||
             memcmp(member->key.text.bytes, key->text.bytes, key->text.length) == 0)) {
            return member->wanted;
        }
    }
}

/* For a document that was read in full: found[number] for every place that is
 * reached through keys alone. `found` is all NULL before. */
void slu_wanted_note(const struct slu_wanted_tree *tree, const struct slu_json *document,
                     const struct slu_json **found);

#endif
