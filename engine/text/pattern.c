/* From the tree of a regular expression to its automaton. */
#include "engine/text/pattern.h"

#include "engine/text/pattern_tree.h"
#include "engine/text/unicode.h"

#include <assert.h>
#include <string.h>

struct builder {
    struct slu_arena *arena;
    struct slu_pattern_state *states;
    uint32_t state_count;
    struct slu_pattern_class *classes; /* room for one a state */
    uint32_t class_count;
    bool backward; /* from the expression's end to its start */
    bool failed;   /* out of memory */
};

static uint32_t add_state(struct builder *builder, enum slu_pattern_state_kind kind, uint32_t next, uint32_t argument) {
    builder->states[builder->state_count] = (struct slu_pattern_state){kind, next, argument};
    return builder->state_count++;
}

/* Copies the ranges to the pattern's arena when the class is first used. */
static uint32_t class_of(struct builder *builder, struct slu_pattern_node *node) {
    if (node->class_number != UINT32_MAX) {
        return node->class_number;
    }
    struct slu_pattern_range *ranges = SLU_NEW_ARRAY(builder->arena, struct slu_pattern_range, node->range_count);
    if (ranges == NULL) {
        builder->failed = true;
        return 0;
    }
    struct slu_pattern_class *class = &builder->classes[builder->class_count];
    *class = (struct slu_pattern_class){.ranges = ranges, .range_count = node->range_count};
    for (uint32_t index = 0; index < node->range_count; index++) {
        ranges[index] = node->ranges[index];
        for (uint32_t code_point = ranges[index].first; code_point <= ranges[index].last && code_point < 128;
             code_point++) {
            class->ascii[code_point / 64] |= UINT64_C(1) << (code_point % 64);
        }
    }
    node->class_number = builder->class_count++;
    return node->class_number;
}

static uint32_t build(struct builder *builder, struct slu_pattern_node *node, uint32_t next);

struct slu_pattern_node *slu_pattern_turn(struct slu_pattern_node *children) {
    struct slu_pattern_node *turned = NULL;
    while (children != NULL) {
        struct slu_pattern_node *previous = children->previous;
        children->previous = turned;
        turned = children;
        children = previous;
    }
    return turned;
}

static uint32_t build_sequence(struct builder *builder, struct slu_pattern_node *node, uint32_t next) {
    struct slu_pattern_node *children = builder->backward ? slu_pattern_turn(node->child) : node->child;
    for (struct slu_pattern_node *child = children; child != NULL; child = child->previous) {
        next = build(builder, child, next);
    }
    node->child = builder->backward ? slu_pattern_turn(children) : children;
    return next;
}

static uint32_t build_choice(struct builder *builder, struct slu_pattern_node *node, uint32_t next) {
    uint32_t start = build(builder, node->child, next);
    for (struct slu_pattern_node *child = node->child->previous; child != NULL; child = child->previous) {
        start = add_state(builder, SLU_PATTERN_SPLIT, build(builder, child, next), start);
    }
    return start;
}

/* x{2,4} is xx(x(x)?)?, x{2,} is xx+, x* is its own loop. */
static uint32_t build_repeat(struct builder *builder, struct slu_pattern_node *node, uint32_t next) {
    uint32_t required = node->min;
    uint32_t start = next;
    if (node->max == SLU_PATTERN_UNBOUNDED) {
        uint32_t loop = add_state(builder, SLU_PATTERN_SPLIT, 0, next);
        uint32_t body = build(builder, node->child, loop);
        builder->states[loop].next = body;
        start = required == 0 ? loop : body;
        required -= required > 0;
    } else {
        for (uint32_t count = node->min; count < node->max; count++) {
            start = add_state(builder, SLU_PATTERN_SPLIT, build(builder, node->child, start), next);
        }
    }
    for (uint32_t count = 0; count < required; count++) {
        start = build(builder, node->child, start);
    }
    return start;
}

/* The states of `node`, before `next`; returns where they start. Every call
 * makes a state but for an empty node, so the number of calls is bounded by
 * that of states; recursion by SLU_LIMIT_NESTING groups. */
static uint32_t build(struct builder *builder, struct slu_pattern_node *node, uint32_t next) {
    switch (node->kind) {
    case SLU_PATTERN_NODE_EMPTY:
        return next;
    case SLU_PATTERN_NODE_CLASS:
        return add_state(builder, SLU_PATTERN_CHARACTER, next, class_of(builder, node));
    case SLU_PATTERN_NODE_ASSERTION:
        return add_state(builder, SLU_PATTERN_ASSERT, next, (uint32_t)node->assertion);
    case SLU_PATTERN_NODE_SEQUENCE:
        return build_sequence(builder, node, next);
    case SLU_PATTERN_NODE_CHOICE:
        return build_choice(builder, node, next);
    case SLU_PATTERN_NODE_REPEAT:
        return build_repeat(builder, node, next);
    }
    assert(false && "a kind of node");
    return next;
}

static void set_bits(uint64_t bits[4], unsigned first, unsigned last) {
    for (unsigned bit = first; bit <= last; bit++) {
        bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

static unsigned first_byte(uint32_t code_point) {
    char encoded[4];
    slu_utf8_encode(code_point, encoded);
    return (unsigned char)encoded[0];
}

static void note_first_bytes(struct slu_pattern *pattern, const struct slu_pattern_class *class) {
    for (uint32_t index = 0; index < class->range_count; index++) {
        struct slu_pattern_range range = class->ranges[index];
        if (range.first < 128) {
            set_bits(pattern->first_bytes, range.first, range.last < 128 ? range.last : 127);
        }
        if (range.last >= 128) {
            set_bits(pattern->first_bytes, first_byte(range.first < 128 ? 128 : range.first), first_byte(range.last));
        }
    }
}

/* Looks at every state that can be reached without taking a character, all
 * assertions taken to hold but ^ only with `at_start`. False when it reaches
 * nothing that takes a character or accepts. `seen` and `stack` have room for
 * each state; a state in `seen` was visited in this round. */
static bool explore_start(struct slu_pattern *pattern, bool at_start, uint32_t round, uint32_t *seen, uint32_t *stack) {
    bool reached = false;
    size_t depth = 0;
    stack[depth++] = pattern->start;
    seen[pattern->start] = round;
    while (depth > 0) {
        const struct slu_pattern_state *state = &pattern->states[stack[--depth]];
        uint32_t next[2] = {state->next, state->argument};
        size_t count = 0;
        switch (state->kind) {
        case SLU_PATTERN_CHARACTER:
            reached = true;
            note_first_bytes(pattern, &pattern->classes[state->argument]);
            break;
        case SLU_PATTERN_FOUND:
            reached = true;
            pattern->may_take_nothing = true;
            break;
        case SLU_PATTERN_SPLIT:
            count = 2;
            break;
        case SLU_PATTERN_ASSERT:
            count = at_start || state->argument != SLU_PATTERN_TEXT_START ? 1 : 0;
            break;
        }
        for (size_t index = 0; index < count; index++) {
            if (seen[next[index]] != round) {
                seen[next[index]] = round;
                stack[depth++] = next[index];
            }
        }
    }
    return reached;
}

static bool find_starts(struct slu_pattern *pattern, struct slu_arena *scratch) {
    uint32_t *seen = SLU_NEW_ARRAY(scratch, uint32_t, pattern->state_count);
    uint32_t *stack = SLU_NEW_ARRAY(scratch, uint32_t, pattern->state_count);
    if (seen == NULL || stack == NULL) {
        return false;
    }
    pattern->anchored = !explore_start(pattern, false, 1, seen, stack);
    explore_start(pattern, true, 2, seen, stack);
    return true;
}

/* Without taking a character; 0: an assertion is on the way. */
static uint64_t reached_from(const struct slu_pattern *pattern, uint32_t first) {
    uint64_t reached = 0, left = UINT64_C(1) << first;
    while (left != 0) {
        uint32_t number = (uint32_t)__builtin_ctzll(left);
        const struct slu_pattern_state *state = &pattern->states[number];
        reached |= UINT64_C(1) << number;
        if (state->kind == SLU_PATTERN_ASSERT) {
            return 0;
        }
        if (state->kind == SLU_PATTERN_SPLIT) {
            left |= UINT64_C(1) << state->next | UINT64_C(1) << state->argument;
        }
        left &= ~reached;
    }
    return reached;
}

/* False when out of memory. */
static bool note_reached(struct slu_arena *arena, struct slu_pattern *pattern) {
    if (pattern->state_count > SLU_PATTERN_FEW_STATES) {
        return true;
    }
    uint64_t *reached = SLU_NEW_ARRAY(arena, uint64_t, pattern->state_count);
    for (uint32_t i = 0; i < pattern->state_count && reached != NULL; i++) {
        bool takes = pattern->states[i].kind == SLU_PATTERN_CHARACTER;
        pattern->characters |= (uint64_t)takes << i;
        reached[i] = reached_from(pattern, i);
    }
    pattern->reached = reached;
    return reached != NULL;
}

/* NULL when out of memory. */
static const struct slu_pattern *build_pattern(struct slu_arena *arena, struct slu_arena *scratch,
                                               struct slu_string text, bool exactly, struct slu_pattern_node *root,
                                               bool backward) {
    struct slu_pattern *pattern = SLU_NEW(arena, struct slu_pattern);
    struct slu_pattern_state *states = SLU_NEW_ARRAY(arena, struct slu_pattern_state, root->states + 1);
    struct slu_pattern_class *classes = SLU_NEW_ARRAY(scratch, struct slu_pattern_class, root->states);
    if (pattern == NULL || states == NULL || classes == NULL || !slu_arena_copy_string(arena, text, &pattern->text)) {
        return NULL;
    }
    struct builder builder = {.arena = arena, .states = states, .classes = classes, .backward = backward};
    uint32_t found = add_state(&builder, SLU_PATTERN_FOUND, 0, 0);
    assert(found == SLU_PATTERN_STATE_FOUND);
    pattern->start = build(&builder, root, found);
    assert(builder.state_count == root->states + 1);
    struct slu_pattern_class *kept = SLU_NEW_ARRAY(arena, struct slu_pattern_class, builder.class_count);
    if (builder.failed || kept == NULL) {
        return NULL;
    }
    memcpy(kept, classes, builder.class_count * sizeof(*kept));
    pattern->exactly = exactly;
    pattern->states = states;
    pattern->state_count = builder.state_count;
    pattern->classes = kept;
    pattern->class_count = builder.class_count;
    return note_reached(arena, pattern) && find_starts(pattern, scratch) ? pattern : NULL;
}

enum slu_pattern_status slu_pattern_compile(struct slu_arena *arena, struct slu_string text, bool exactly,
                                            const struct slu_pattern **pattern, struct slu_pattern_error *error) {
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    struct slu_pattern_node *root = NULL;
    enum slu_pattern_status status = slu_pattern_parse(&scratch, text, exactly, &root, error);
    if (status == SLU_PATTERN_OK) {
        *pattern = build_pattern(arena, &scratch, text, exactly, root, false);
        if (*pattern == NULL) {
            status = SLU_PATTERN_NO_MEMORY;
        }
    }
    slu_arena_free(&scratch);
    return status;
}

/* Leaves the sequence's children that are before the piece; returns in which state the piece starts. */
static uint32_t keep_before(struct slu_pattern_node *sequence, uint32_t piece) {
    uint32_t count = 0, behind = 0;
    for (const struct slu_pattern_node *child = sequence->child; child != NULL; child = child->previous) {
        count++;
    }
    assert(sequence->kind == SLU_PATTERN_NODE_SEQUENCE && piece < count);
    while (--count > piece) {
        behind += sequence->child->states;
        sequence->child = sequence->child->previous;
    }
    assert(sequence->child->kind == SLU_PATTERN_NODE_CLASS);
    sequence->states -= behind + sequence->child->states;
    sequence->child = sequence->child->previous;
    return behind + 1; /* states are made from the end, behind the one that accepts */
}

bool slu_pattern_make_cut(struct slu_arena *arena, const struct slu_pattern *pattern, struct slu_pattern_node *tree,
                          uint32_t piece, struct slu_pattern_cut *cut) {
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    cut->state = keep_before(tree, piece);
    cut->before = build_pattern(arena, &scratch, SLU_STRING(""), pattern->exactly, tree, true);
    slu_arena_free(&scratch);
    return cut->before != NULL;
}

struct slu_string slu_pattern_text(const struct slu_pattern *pattern) {
    return pattern->text;
}

bool slu_pattern_is_exact(const struct slu_pattern *pattern) {
    return pattern->exactly;
}
