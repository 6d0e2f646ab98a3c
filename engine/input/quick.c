/* What few tokens need of the second of two passes over a JSON text, and its
 * beginning; the pass itself is in walk_tokens.h. Nothing is said about what is
 * wrong: slu_json_read says it. */
#include "engine/input/quick.h"

#include "engine/base/limits.h"
#include "engine/base/number.h"
#include "engine/input/digits.h"
#include "engine/input/scan.h"
#include "engine/input/scan_block.h"
#include "engine/input/walk.h"

enum { NODES_AT_ONCE = 32, BYTES_PER_NODE = 16 };

/* ---- texts and nodes ---- */

bool slu_walk_undo_escapes(struct slu_walk *walk, uint32_t start, uint32_t next, struct slu_string *text) {
    while (*walk->escape < start) {
        walk->escape--; /* of strings that nobody wants */
    }
    if (*walk->escape > next) {
        return true;
    }
    struct slu_scan scan = {.start = walk->bytes, .at = walk->bytes + start, .end = walk->end, .arena = walk->arena};
    walk->no_memory = slu_scan_text(&scan, text) != SLUICE_OK; /* the first pass has checked it */
    return !walk->no_memory;
}

bool slu_walk_add_nodes(struct slu_walk *walk, size_t bytes_left) {
    /* A short text must not cost a page: an event can hold many of them. */
    size_t wanted = bytes_left / BYTES_PER_NODE + 1, count = wanted < NODES_AT_ONCE ? wanted : NODES_AT_ONCE;
    walk->nodes = slu_arena_grow(walk->arena, NULL, 0, count * sizeof *walk->nodes);
    walk->nodes_end = walk->nodes ? walk->nodes + count : NULL;
    walk->no_memory = !walk->nodes;
    return walk->nodes != NULL;
}

/* ---- numbers and words ---- */

static inline bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Whether nothing but white space follows up to the next token. */
static inline bool ends_at(const char *at, const char *next) {
    return at == next || is_space(*at);
}

/* As slu_number_scan, of a number that ends at `next` or before white space. */
static inline bool scan_number(const struct slu_walk *walk, const char *at, const char *next,
                               struct slu_number *number) {
    size_t length = (size_t)(next - at);
    if (length > SLU_DIGITS_EXACT || next - walk->bytes < 16 || !slu_digits_only(at, next)) {
        return slu_number_scan((struct slu_string){at, length}, number) == SLU_NUMBER_OK &&
               ends_at(at + number->length, next);
    }
    *number = (struct slu_number){.value = (double)(int64_t)slu_digits_value(at, next), .length = length};
    return true;
}

/* `node`, here and below, is NULL where the value is not wanted. */
static bool read_number(const struct slu_walk *walk, const uint32_t *token, struct slu_json *node) {
    const char *at = walk->bytes + token[0], *next = walk->bytes + token[1];
    struct slu_number number;
    if (!scan_number(walk, at, next, &number)) {
        return false;
    }
    if (node) {
        node->kind = SLU_JSON_NUMBER;
        node->number = number.value;
        node->text = (struct slu_string){at, number.length};
    }
    return true;
}

static inline bool read_word(const struct slu_walk *walk, const uint32_t *token, struct slu_json *node,
                             struct slu_string word, enum slu_json_kind kind) {
    const char *at = walk->bytes + token[0], *next = walk->bytes + token[1];
    if ((size_t)(next - at) < word.length || memcmp(at, word.bytes, word.length) != 0 ||
        !ends_at(at + word.length, next)) {
        return false;
    }
    if (node) {
        node->kind = kind;
    }
    return true;
}

bool slu_walk_other(const struct slu_walk *walk, const uint32_t *token, struct slu_json *node) {
    switch (walk->bytes[*token]) {
    case 't':
        return read_word(walk, token, node, SLU_STRING("true"), SLU_JSON_TRUE);
    case 'f':
        return read_word(walk, token, node, SLU_STRING("false"), SLU_JSON_FALSE);
    case 'n':
        return read_word(walk, token, node, SLU_STRING("null"), SLU_JSON_NULL);
    case '}':
    case ']':
        return false; /* the only tokens that may have none behind them */
    default:
        return read_number(walk, token, node);
    }
}

/* ---- objects ---- */

struct slu_shape_member *slu_walk_head(struct slu_walk *walk, const struct slu_walk_frame *frame) {
    struct slu_shape_member **link = frame->closing == '}' ? &frame->at->inside : frame->of;
    struct slu_shape_member *head = NULL;
    if (link && frame->at != &walk->unknown) {
        head = slu_shape_head(walk->shape, link);
    }
    return head ? head : &walk->unknown;
}

/* The object's keys so far, up to `last`, were all remembered; from here on they are seen. */
static bool see_keys(struct slu_walk *walk, struct slu_walk_frame *frame, const struct slu_shape_member *last) {
    bool fine = true;
    slu_seen_open(&walk->seen, &frame->seen);
    for (; !last->is_head && fine; last = last->rest->before) {
        fine = slu_seen_add(&walk->seen, &frame->seen, last->rest->hash);
    }
    frame->is_known = false;
    frame->has_seen = true;
    return fine;
}

struct slu_shape_member *slu_walk_new_key(struct slu_walk *walk, struct slu_walk_frame *frame, const uint32_t *token,
                                          struct slu_shape_member *before) {
    struct slu_string text;
    const char *start = walk->bytes + token[0] + 1;
    struct slu_string lead = {walk->bytes + token[-1],
                              token[2] - token[-1]}; /* a seen key may take that token's place */
    if ((frame->is_known && !see_keys(walk, frame, before)) || !slu_walk_text(walk, token, &text)) {
        return NULL;
    }
    bool is_plain = text.bytes == start;
    struct slu_key key = slu_key_make(text.bytes, text.length, is_plain ? walk->end : text.bytes + text.length);
    if (!slu_seen_add(&walk->seen, &frame->seen, (uint32_t)(key.hash >> 32))) {
        return NULL;
    }
    walk->wanted = frame->wanted ? slu_wanted_find(frame->wanted, &key) : NULL;
    walk->key = text;
    struct slu_shape_member *member = NULL;
    if (is_plain && before != &walk->unknown) {
        member = slu_shape_find(before, lead.bytes, walk->end);
        member = member ? member : slu_shape_learn(walk->shape, before, lead, walk->end, &key, walk->wanted);
    }
    return member ? member : &walk->unknown;
}

enum sluice_status slu_quick_read(const struct slu_scan_kernel *kernel, const struct slu_wanted *wanted,
                                  struct slu_shape *shape, struct slu_string json, struct slu_arena *arena,
                                  const struct slu_json **found, const struct slu_json **document) {
    struct slu_tokens tokens;
    struct slu_walk walk; /* the stack is filled as it grows, not cleared here */
    bool accepted;
    if (json.length > SLU_LIMIT_EVENT_BYTES) {
        return SLUICE_INVALID;
    }
    if (!slu_tokens_find(kernel, json, arena, &tokens, &accepted)) {
        return SLUICE_NO_MEMORY;
    }
    if (!accepted || tokens.count > SLU_LIMIT_EVENT_VALUES) {
        return SLUICE_INVALID;
    }
    const uint32_t *last = tokens.starts + tokens.count - 1;
    char first = json.bytes[tokens.starts[0]];
    if ((first != '{' && first != '[') || (json.bytes[*last] != '}' && json.bytes[*last] != ']')) {
        return SLUICE_INVALID;
    }
    walk.bytes = json.bytes;
    walk.end = json.bytes + json.length;
    walk.wide_end = json.length < SLU_SHAPE_WIDE_BYTES ? 0 : (uint32_t)json.length - SLU_SHAPE_WIDE_BYTES + 1;
    walk.escape = tokens.escapes;
    walk.arena = arena;
    walk.found = found;
    walk.nodes = walk.nodes_end = NULL;
    walk.no_memory = false;
    walk.outermost = (struct slu_json){.kind = SLU_JSON_ARRAY};
    /* A key is seen after its two tokens: so the hashes fit where tokens have been. */
    walk.seen = (struct slu_seen_keys){tokens.starts, 0};
    walk.frames[0].node = &walk.outermost;
    walk.frames[0].last = &walk.outermost.first;
    walk.frames[0].closing = '\0';
    walk.frames[0].is_known = false;
    walk.shape = shape;
    slu_shape_clear(&walk.unknown, &walk.unknown_rest, &walk.unknown);
    walk.frames[0].of = shape ? &shape->head : NULL;
    if (!kernel->walk(&walk, tokens.starts, last, wanted)) {
        return walk.no_memory ? SLUICE_NO_MEMORY : SLUICE_INVALID;
    }
    *document = walk.outermost.first;
    return SLUICE_OK;
}
