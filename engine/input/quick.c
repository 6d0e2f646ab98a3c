/* The second of two passes over a JSON text: from token to token, with a stack
 * of open containers. Nothing is said about what is wrong: slu_json_read says it. */
#include "engine/input/quick.h"

#include "engine/base/limits.h"
#include "engine/base/number.h"
#include "engine/input/scan.h"
#include "engine/input/seen_keys.h"

enum { NODES_AT_ONCE = 32, BYTES_PER_NODE = 16 };

/* For what few tokens need: keeps what every token needs in registers. */
#define APART __attribute__((noinline))

/* An object or array that is not closed yet. */
struct frame {
    struct slu_json *node;           /* NULL: nothing in it is wanted */
    struct slu_json *last;           /* its newest child */
    const struct slu_wanted *wanted; /* of the object itself; of the array's elements */
    char closing;
    /* Of an object. */
    bool is_known;                /* all keys so far are remembered; they are not among the seen ones */
    struct slu_shape_member *at;  /* while a value is open: its member */
    struct slu_shape_member **of; /* of an array: where the head of objects in it is remembered; NULL: nowhere */
    struct slu_seen_object seen;
};

struct walk {
    const char *bytes, *end;
    const uint32_t *escape; /* the next, see slu_tokens */
    struct slu_arena *arena;
    const struct slu_json **found;
    struct slu_json *nodes; /* made in advance */
    uint32_t nodes_left;
    bool no_memory;
    struct slu_string key;     /* of the wanted member that comes next */
    struct slu_json outermost; /* its only child is the document */
    struct slu_seen_keys seen;
    struct slu_shape *shape;         /* NULL: nothing is remembered */
    struct slu_shape_member unknown; /* stands for a member that is not remembered, nor what follows it */
    struct frame frames[SLU_LIMIT_EVENT_DEPTH + 1];
};

static inline bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* What stands between the quotes of the string at `start`; `next` is the token behind it. */
static inline struct slu_string between_quotes(const struct walk *walk, uint32_t start, uint32_t next) {
    const char *text = walk->bytes + start + 1, *quote = walk->bytes + next - 1;
    while (*quote != '"') { /* white space */
        quote--;
    }
    return (struct slu_string){text, (size_t)(quote - text)};
}

/* Undoes the escapes of the string at `start`, where there are any before `next`. *text
 * stays as it is without. False when out of memory. */
APART static bool undo_escapes(struct walk *walk, uint32_t start, uint32_t next, struct slu_string *text) {
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

static inline bool read_text(struct walk *walk, const uint32_t *token, struct slu_string *text) {
    *text = between_quotes(walk, token[0], token[1]);
    return *walk->escape > token[1] || undo_escapes(walk, token[0], token[1], text);
}

/* ---- nodes ---- */

APART static bool more_nodes(struct walk *walk, size_t bytes_left) {
    /* A short text must not cost a page: an event can hold many of them. */
    size_t wanted = bytes_left / BYTES_PER_NODE + 1;
    walk->nodes_left = wanted < NODES_AT_ONCE ? (uint32_t)wanted : NODES_AT_ONCE;
    walk->nodes = slu_arena_grow(walk->arena, NULL, 0, walk->nodes_left * sizeof *walk->nodes);
    walk->no_memory = !walk->nodes;
    return walk->nodes != NULL;
}

/* A new node in the container that is open; NULL when out of memory. */
static inline struct slu_json *add_node(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                                        const char *at, enum slu_json_kind kind) {
    if (walk->nodes_left == 0 && !more_nodes(walk, (size_t)(walk->end - at))) {
        return NULL;
    }
    struct slu_json *node = walk->nodes++;
    walk->nodes_left--;
    *node = (struct slu_json){.kind = kind, .key = walk->key};
    if (frame->last) {
        frame->last->next = node;
    } else {
        frame->node->first = node;
    }
    frame->last = node;
    frame->node->count++;
    if (walk->found) {
        walk->found[wanted->number] = node;
    }
    return node;
}

/* ---- values ---- */

APART static bool add_text(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                           const uint32_t *token) {
    struct slu_json *node = add_node(walk, frame, wanted, walk->bytes + *token, SLU_JSON_TEXT);
    return node && (!wanted->scalar || read_text(walk, token, &node->text));
}

/* Whether nothing but white space follows up to the next token. */
static inline bool ends_at(const char *at, const char *next) {
    return at == next || is_space(*at);
}

/* Eight digits? */
static inline bool are_digits(uint64_t word) {
    const uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), zeros = UINT64_C(0x3030303030303030);
    return (word & high) == zeros && ((word + UINT64_C(0x0606060606060606)) & high) == zeros;
}

/* Digits alone, few enough to be in range, up to the next token: of a number that nobody wants.
 * Eight bytes can be read up to `next`. */
static inline bool is_integer(const char *at, const char *next) {
    static const unsigned char ours[16] = {[8] = 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    size_t length = (size_t)(next - at);
    if (length > 16 || (*at == '0' && length > 1)) {
        return false;
    }
    if (length >= 8) {
        return are_digits(slu_key_load(at)) && are_digits(slu_key_load(next - 8));
    }
    /* The eight bytes up to the next token, of which the first are not the number's. */
    uint64_t mask = slu_key_load(ours + length), word = slu_key_load(next - 8);
    return are_digits((word & mask) | (UINT64_C(0x3030303030303030) & ~mask));
}

/* A number or a word as most of them are, right before the next token, that nobody wants. */
static inline bool is_plain(const struct walk *walk, const char *at, const char *next) {
    size_t length = (size_t)(next - at);
    if (next - walk->bytes < 8) {
        return false;
    }
    if (length == 4 && *at > '9') {
        return memcmp(at, "null", 4) == 0 || memcmp(at, "true", 4) == 0;
    }
    return *at == 'f' ? length == 5 && memcmp(at, "false", 5) == 0 : is_integer(at, next);
}

/* As slu_number_scan, of a number that ends at `next` or before white space. */
static inline bool scan_number(const struct walk *walk, const char *at, const char *next, struct slu_number *number) {
    enum { EXACT_DIGITS = 15 }; /* any so many are whole in a double */
    size_t length = (size_t)(next - at);
    if (length > EXACT_DIGITS || next - walk->bytes < 8 || !is_integer(at, next)) {
        return slu_number_scan((struct slu_string){at, length}, number) == SLU_NUMBER_OK &&
               ends_at(at + number->length, next);
    }
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (at[i] - '0');
    }
    *number = (struct slu_number){.value = (double)value, .length = length};
    return true;
}

APART static bool read_number(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                              const uint32_t *token) {
    const char *at = walk->bytes + token[0], *next = walk->bytes + token[1];
    struct slu_number number;
    if (!scan_number(walk, at, next, &number)) {
        return false;
    }
    if (wanted) {
        struct slu_json *node = add_node(walk, frame, wanted, at, SLU_JSON_NUMBER);
        if (!node) {
            return false;
        }
        node->number = number.value;
        node->text = (struct slu_string){at, number.length};
    }
    return true;
}

static inline bool read_word(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                             const uint32_t *token, struct slu_string word, enum slu_json_kind kind) {
    const char *at = walk->bytes + token[0], *next = walk->bytes + token[1];
    if ((size_t)(next - at) < word.length || memcmp(at, word.bytes, word.length) != 0 ||
        !ends_at(at + word.length, next)) {
        return false;
    }
    return !wanted || add_node(walk, frame, wanted, at, kind);
}

/* A value that is neither a string nor a container. */
APART static bool read_other(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                             const uint32_t *token) {
    switch (walk->bytes[*token]) {
    case 't':
        return read_word(walk, frame, wanted, token, SLU_STRING("true"), SLU_JSON_TRUE);
    case 'f':
        return read_word(walk, frame, wanted, token, SLU_STRING("false"), SLU_JSON_FALSE);
    case 'n':
        return read_word(walk, frame, wanted, token, SLU_STRING("null"), SLU_JSON_NULL);
    case '}':
    case ']':
        return false; /* the only tokens that may have none behind them */
    default:
        return read_number(walk, frame, wanted, token);
    }
}

/* ---- containers ---- */

/* The head of an object that is the value of the member, or an element of the array. */
static struct slu_shape_member *head_of(struct walk *walk, const struct frame *frame) {
    struct slu_shape_member **link = frame->closing == '}' ? &frame->at->inside : frame->of;
    struct slu_shape_member *head = NULL;
    if (link && frame->at != &walk->unknown) {
        head = *link ? *link : slu_shape_head(walk->shape, link);
    }
    return head ? head : &walk->unknown;
}

/* Makes the node of a wanted container; false when out of memory. */
APART static bool open_wanted(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted, const char *at) {
    struct frame *opened = frame + 1;
    bool is_object = *at == '{';
    opened->node = add_node(walk, frame, wanted, at, is_object ? SLU_JSON_OBJECT : SLU_JSON_ARRAY);
    opened->last = NULL;
    opened->wanted = is_object ? wanted : wanted->elements;
    return opened->node != NULL;
}

/* The container in `frame` that begins at `at`; NULL: too deep, or out of memory. */
static inline struct frame *open_container(struct walk *walk, struct frame *frame, const struct slu_wanted *wanted,
                                           const char *at) {
    struct frame *opened = frame + 1;
    if (opened == walk->frames + SLU_LIMIT_EVENT_DEPTH + 1) {
        return NULL;
    }
    opened->node = NULL;
    opened->wanted = NULL;
    if (wanted && !open_wanted(walk, frame, wanted, at)) {
        return NULL;
    }
    opened->is_known = true;
    if (*at == '{') {
        opened->closing = '}';
        opened->at = head_of(walk, frame);
        opened->of = NULL;
    } else {
        opened->closing = ']';
        opened->at = frame->at;
        opened->of = frame->closing == '}' ? &frame->at->elements : NULL;
    }
    return opened;
}

/* The object's keys so far, up to `last`, were all remembered; from here on they are seen. */
static bool see_keys(struct walk *walk, struct frame *frame, const struct slu_shape_member *last) {
    bool fine = true;
    slu_seen_open(&walk->seen, &frame->seen);
    for (; last->before && fine; last = last->before) {
        fine = slu_seen_add(&walk->seen, &frame->seen, last->hash);
    }
    frame->is_known = false;
    return fine;
}

/* The key at `token` where it is not the one remembered, or an earlier one was
 * not. *at is the member before it, and becomes its own. */
APART static bool read_new_key(struct walk *walk, struct frame *frame, const uint32_t *token,
                               struct slu_shape_member **at, const struct slu_wanted **wanted) {
    struct slu_string text;
    const char *start = walk->bytes + token[0] + 1;
    if ((frame->is_known && !see_keys(walk, frame, *at)) || !read_text(walk, token, &text)) {
        return false;
    }
    bool is_plain = text.bytes == start;
    struct slu_key key = slu_key_make(text.bytes, text.length, is_plain ? walk->end : text.bytes + text.length);
    if (!slu_seen_add(&walk->seen, &frame->seen, (uint32_t)(key.hash >> 32))) {
        return false;
    }
    *wanted = frame->wanted ? slu_wanted_find(frame->wanted, &key) : NULL;
    walk->key = text;
    struct slu_shape_member *member = NULL;
    if (is_plain && *at != &walk->unknown && start + text.length + 1 == walk->bytes + token[1]) {
        member = slu_shape_find(*at, start - 1, walk->end);
        member = member ? member : slu_shape_learn(walk->shape, *at, &key, *wanted);
    }
    *at = member ? member : &walk->unknown;
    return true;
}

/* How many tokens the value at `token` takes, with the comma behind it, where it
 * is the short one of an unwanted member: a text, a word, a number, an empty
 * container. 0: it is another. */
static inline uint32_t short_value(const struct walk *walk, const uint32_t *token) {
    const char *at = walk->bytes + token[0], *next = walk->bytes + token[1];
    if (*next == ',') {
        return *at == '"' || is_plain(walk, at, next) ? 2 : 0;
    }
    bool empty = (*at == '{' && *next == '}') || (*at == '[' && *next == ']');
    return empty && walk->bytes[token[2]] == ',' ? 3 : 0;
}

/* Goes past members that nobody wants and that stand where they stood before.
 * Returns the token where what follows them begins, *member is the one before
 * that, and *next the one that is found there, or NULL. A remembered lead is three
 * tokens, none of which is the last of all: so the tokens that are looked at are
 * there, see walk_tokens. */
static inline const uint32_t *pass_members(const struct walk *walk, const uint32_t *token,
                                           struct slu_shape_member **member, struct slu_shape_member **next) {
    for (;;) {
        *next = slu_shape_find(*member, walk->bytes + *token, walk->end);
        uint32_t count = *next && !(*next)->wanted ? short_value(walk, token + 2) : 0;
        if (count == 0) {
            return token;
        }
        *member = *next;
        token += 2 + count;
    }
}

/* The next member, after those that nobody needs to look at; *token becomes that
 * of its value. `at` is the member before. NULL: refused. */
static inline struct slu_shape_member *read_key(struct walk *walk, struct frame *frame, const uint32_t **token,
                                                struct slu_shape_member *at, const struct slu_wanted **wanted) {
    struct slu_shape_member *next = NULL;
    const uint32_t *key = frame->is_known ? pass_members(walk, *token, &at, &next) : *token;
    const char *start = walk->bytes + key[0];
    *token = key + 2;
    if (next) {
        *wanted = next->wanted;
        if (*wanted) {
            walk->key.bytes = start + 1;
            walk->key.length = next->length;
        }
        return next;
    }
    bool fits = *start == '"' && walk->bytes[key[1]] == ':' && read_new_key(walk, frame, key, &at, wanted);
    return fits ? at : NULL;
}

/* The outermost value is a container. `last` is the last token, which closes
 * something: so whatever comes before it has a token behind it, and what is
 * behind itself (the first token again) is looked at only after a value, where
 * it does not fit. */
static bool walk_tokens(struct walk *walk, const uint32_t *token, const uint32_t *last,
                        const struct slu_wanted *wanted) {
    const char *bytes = walk->bytes;
    struct frame *frame = walk->frames;
    struct slu_shape_member *member = NULL; /* the newest of the object that is open */
    for (;;) {
        const char *at = bytes + *token;
        bool opened = *at == '{' || *at == '[';
        if (opened) {
            frame->at = member;
            frame = open_container(walk, frame, wanted, at);
            if (!frame) {
                return false;
            }
            member = frame->at;
        } else if (*at == '"') {
            if (wanted && !add_text(walk, frame, wanted, token)) {
                return false;
            }
        } else if ((wanted || !is_plain(walk, at, bytes + token[1])) && !read_other(walk, frame, wanted, token)) {
            return false;
        }
        token++;
        if (!opened || bytes[*token] == frame->closing) {
            for (; bytes[*token] == frame->closing; token++) {
                if (!frame->is_known) {
                    slu_seen_close(&walk->seen, &frame->seen);
                }
                if (--frame == walk->frames) {
                    return token == last;
                }
                member = frame->at;
            }
            if (bytes[*token] != ',') {
                return false;
            }
            token++;
        }
        if (frame->closing == '}') {
            member = read_key(walk, frame, &token, member, &wanted);
            if (!member) {
                return false;
            }
        } else {
            wanted = frame->wanted;
            walk->key.length = 0;
        }
    }
}

enum sluice_status slu_quick_read(const struct slu_scan_kernel *kernel, const struct slu_wanted *wanted,
                                  struct slu_shape *shape, struct slu_string json, struct slu_arena *arena,
                                  const struct slu_json **found, const struct slu_json **document) {
    struct slu_tokens tokens;
    struct walk walk; /* the stack is filled as it grows, not cleared here */
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
    walk.escape = tokens.escapes;
    walk.arena = arena;
    walk.found = found;
    walk.nodes_left = 0;
    walk.no_memory = false;
    walk.key = (struct slu_string){NULL, 0};
    walk.outermost = (struct slu_json){.kind = SLU_JSON_ARRAY};
    /* A key is seen after its two tokens: so the hashes fit where tokens have been. */
    walk.seen = (struct slu_seen_keys){tokens.starts, 0};
    walk.frames[0].node = &walk.outermost;
    walk.frames[0].last = NULL;
    walk.frames[0].closing = '\0';
    walk.shape = shape;
    walk.unknown = (struct slu_shape_member){.length = 0};
    walk.frames[0].of = shape ? &shape->head : NULL;
    if (!walk_tokens(&walk, tokens.starts, last, wanted)) {
        return walk.no_memory ? SLUICE_NO_MEMORY : SLUICE_INVALID;
    }
    *document = walk.outermost.first;
    return SLUICE_OK;
}
