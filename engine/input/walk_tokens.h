/* The second pass over a JSON text, for one set of instructions: the file that
 * includes this defines TARGET (an attribute, or nothing), WALK (the function's
 * name), and two functions:
 *
 * uint32_t lead_differs(const struct slu_shape_member *member, const char *bytes)
 *   Which of member->bits stand for bytes of its lead that are others at
 *   `bytes`; SLU_SHAPE_WIDE_BYTES can be read there.
 * bool is_integer(const struct slu_walk *walk, const char *at, const char *next)
 *   Whether all bytes from one to the other are digits, few enough for the number
 *   to be whole and in range, without a zero in front, and sixteen bytes can be read
 *   before `next`. It may say no. */
#include "engine/input/digits.h"
#include "engine/input/walk.h"

/* A number or a word as most of them are, right before the next token, that nobody wants. */
TARGET static inline bool is_plain(const struct slu_walk *walk, const char *at, const char *next) {
    size_t length = (size_t)(next - at);
    if (*at <= '9') {
        return is_integer(walk, at, next);
    }
    if (length == 4) {
        return memcmp(at, "null", 4) == 0 || memcmp(at, "true", 4) == 0;
    }
    return length == 5 && memcmp(at, "false", 5) == 0;
}

/* What is_integer allows, of SLU_DIGITS_EXACT digits at most. */
TARGET static inline void note_integer(struct slu_json *node, const char *at, const char *next) {
    node->kind = SLU_JSON_NUMBER;
    node->number = (double)(int64_t)slu_digits_value(at, next);
    node->text = (struct slu_string){at, (size_t)(next - at)};
}

/* A new node in the container that is open, for what begins at `at`; NULL when out of memory. */
TARGET static inline struct slu_json *add_node(struct slu_walk *walk, struct slu_walk_frame *frame,
                                               const struct slu_wanted *wanted, struct slu_string key, const char *at) {
    if (walk->nodes == walk->nodes_end && !slu_walk_add_nodes(walk, (size_t)(walk->end - at))) {
        return NULL;
    }
    struct slu_json *node = walk->nodes++;
    memset(node, 0, sizeof *node);
    node->key = key;
    *frame->last = node;
    frame->last = &node->next;
    frame->node->count++;
    if (walk->found) {
        walk->found[wanted->number] = node;
    }
    return node;
}

/* ---- containers ---- */

/* The frame above; NULL: it would be too deep. */
TARGET static inline struct slu_walk_frame *next_frame(struct slu_walk *walk, struct slu_walk_frame *frame) {
    return frame == walk->frames + SLU_LIMIT_EVENT_DEPTH ? NULL : frame + 1;
}

/* `opened` becomes that of an object. */
TARGET static inline void open_object(struct slu_walk_frame *opened, const struct slu_wanted *wanted) {
    opened->wanted = wanted;
    opened->closing = '}';
    opened->is_known = true;
    opened->has_seen = false;
}

TARGET static inline void open_array(const struct slu_walk_frame *frame, struct slu_walk_frame *opened,
                                     const struct slu_wanted *wanted) {
    opened->wanted = wanted ? wanted->elements : NULL;
    opened->closing = ']';
    opened->is_known = opened->has_seen = false;
    opened->of = frame->closing == '}' ? &frame->at->rest->elements : NULL;
}

/* ---- places ---- */

enum place_kind {
    PLACE_VALUE,  /* before a value, of `wanted` */
    PLACE_KEY,    /* before a key of an object, or what stands where one should be; its opening bracket or a comma is
                     before */
    PLACE_BEHIND, /* behind a value */
    PLACE_END,    /* at the bracket that closes the outermost value */
    PLACE_REFUSED /* refused, or out of memory */
};

struct place {
    const uint32_t *token;
    struct slu_walk_frame *frame;    /* of the object or array that is open */
    struct slu_shape_member *member; /* the newest of the object; or its head */
    const struct slu_wanted *wanted;
    struct slu_string key; /* of the member whose value it is; empty of an element */
};

/* Behind the opening bracket of a container, of which something is wanted where `node` is not NULL. */
TARGET static inline enum place_kind enter(struct slu_walk *walk, struct place *place, char bracket,
                                           struct slu_json *node) {
    struct slu_walk_frame *frame = place->frame, *opened = next_frame(walk, frame);
    if (!opened) {
        return PLACE_REFUSED;
    }
    frame->at = place->member;
    place->frame = opened;
    if (node) {
        node->kind = bracket == '{' ? SLU_JSON_OBJECT : SLU_JSON_ARRAY;
        opened->node = node;
        opened->last = &node->first;
    }
    char first = walk->bytes[*place->token];
    if (bracket == '{') {
        open_object(opened, place->wanted);
        bool is_remembered = frame->closing == '}' && frame->at->inside;
        place->member = is_remembered ? frame->at->inside : slu_walk_head(walk, frame);
        return first == '}' ? PLACE_BEHIND : PLACE_KEY;
    }
    open_array(frame, opened, place->wanted);
    place->wanted = opened->wanted;
    place->key.length = 0;
    return first == ']' ? PLACE_BEHIND : PLACE_VALUE;
}

/* Reads the value, or its opening bracket. */
TARGET static inline enum place_kind read_value(struct slu_walk *walk, struct place *place) {
    const uint32_t *token = place->token++;
    const char *at = walk->bytes + token[0];
    struct slu_json *node = NULL;
    if (place->wanted) {
        node = add_node(walk, place->frame, place->wanted, place->key, at);
        if (!node) {
            return PLACE_REFUSED;
        }
    }
    if (*at == '{' || *at == '[') {
        return enter(walk, place, *at, node);
    }
    bool fine = true;
    if (*at != '"') {
        const char *next = walk->bytes + token[1];
        if (*at <= '9' && next - at <= SLU_DIGITS_EXACT && is_integer(walk, at, next)) {
            if (node) {
                note_integer(node, at, next);
            }
            return PLACE_BEHIND;
        }
        fine = (!node && is_plain(walk, at, next)) || slu_walk_other(walk, token, node);
    } else if (node) {
        node->kind = SLU_JSON_TEXT;
        fine = !place->wanted->scalar || slu_walk_text(walk, token, &node->text);
    }
    return fine ? PLACE_BEHIND : PLACE_REFUSED;
}

/* Goes past the brackets that close something behind a value, and the comma. The
 * frame below all of them is where it ends. */
TARGET static inline enum place_kind go_on(struct slu_walk *walk, struct place *place) {
    const char *bytes = walk->bytes;
    for (; bytes[*place->token] == place->frame->closing; place->token++) {
        if (place->frame->has_seen) {
            slu_seen_close(&walk->seen, &place->frame->seen);
        }
        if (--place->frame == walk->frames) {
            return PLACE_END;
        }
        place->member = place->frame->at;
    }
    if (bytes[*place->token++] != ',') {
        return PLACE_REFUSED;
    }
    if (place->frame->closing == '}') {
        return PLACE_KEY;
    }
    place->wanted = place->frame->wanted;
    place->key.length = 0;
    return PLACE_VALUE;
}

/* A key that is not remembered there, or stands behind one that is not. */
TARGET static inline enum place_kind read_new_key(struct slu_walk *walk, struct place *place) {
    const uint32_t *token = place->token;
    if (walk->bytes[token[0]] != '"' || walk->bytes[token[1]] != ':') {
        return PLACE_REFUSED;
    }
    place->token = token + 2;
    place->member = slu_walk_new_key(walk, place->frame, token, place->member);
    place->wanted = walk->wanted;
    place->key = walk->key;
    return place->member ? PLACE_VALUE : PLACE_REFUSED;
}

/* ---- members that are remembered ---- */

/* Goes past the value of `member`, that nobody wants, or into it, where that takes
 * little; the key is at `token`. False: it has to be looked at. */
TARGET static inline bool pass_value(struct slu_walk *walk, struct place *place, struct slu_shape_member *member) {
    const uint32_t *value = place->token + 2;
    const char *at = walk->bytes + value[0], *next = walk->bytes + value[1];
    if (*at < '[') { /* a string, or a number */
        if (*at != '"' && !is_integer(walk, at, next)) {
            return false;
        }
    } else if (*at == '{' && *next != '}') {
        struct slu_walk_frame *opened = next_frame(walk, place->frame);
        if (!member->inside || !opened) {
            return false;
        }
        place->frame->at = member;
        open_object(opened, NULL);
        place->frame = opened;
        place->member = member->inside;
        place->token = value + 1;
        return true;
    } else if ((*at == '{' && *next == '}') || (*at == '[' && *next == ']')) {
        value++;
    } else if (!is_plain(walk, at, next)) {
        return false;
    }
    place->token = value + 2;
    place->member = member;
    return true;
}

/* Goes past members that nobody wants and that stand where they stood before,
 * into objects and out of them. Begins at a key, and ends at one or behind a value.
 * Tokens are there: a lead has three, and a value's first is behind it. */
TARGET static inline enum place_kind pass_members(struct slu_walk *walk, struct place *place) {
    for (;;) {
        struct slu_shape_member *found = slu_shape_next(place->member);
        uint32_t start = place->token[-1], differs = 0;
        const char *at = walk->bytes + start;
        bool is_wide = start < walk->wide_end;
        if (is_wide) {
            differs = lead_differs(found, at);
            if (differs == 0) { /* one token that nobody wants */
                place->token += 4;
                place->member = found;
                continue;
            }
        }
        if (!is_wide || (differs & found->lead_bits) != 0) {
            if (*at == '}' && place->frame[-1].is_known) {
                place->frame--;
                place->member = place->frame->at;
                place->token++;
                continue;
            }
            if (*at != ',' && !place->member->is_head) {
                place->token--;
                return PLACE_BEHIND;
            }
            found = slu_shape_find(place->member, at, walk->end);
            if (!found) {
                return read_new_key(walk, place);
            }
        }
        if (found->is_wanted || !pass_value(walk, place, found)) {
            place->key = (struct slu_string){walk->bytes + place->token[0] + 1, found->rest->length};
            place->token += 2;
            place->member = found;
            place->wanted = found->rest->wanted;
            return PLACE_VALUE;
        }
    }
}

TARGET bool WALK(struct slu_walk *walk, const uint32_t *token, const uint32_t *last, const struct slu_wanted *wanted) {
    struct place place = {token, walk->frames, NULL, wanted, {NULL, 0}};
    enum place_kind kind = PLACE_VALUE;
    for (;;) {
        switch (kind) {
        case PLACE_VALUE:
            kind = read_value(walk, &place);
            break;
        case PLACE_KEY:
            kind = place.frame->is_known ? pass_members(walk, &place) : read_new_key(walk, &place);
            break;
        case PLACE_BEHIND:
            kind = go_on(walk, &place);
            break;
        case PLACE_END:
            return place.token == last;
        case PLACE_REFUSED:
            return false;
        }
    }
}
