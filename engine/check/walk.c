#include "engine/check/walk.h"

bool slu_expression_is_link(const struct slu_expression *expression) {
    return expression->kind == SLU_EXPRESSION_CALL && slu_string_is(expression->text, "link");
}

uint32_t slu_expression_child_count(const struct slu_expression *expression) {
    if (expression->kind != SLU_EXPRESSION_CALL) {
        return expression->item_count;
    }
    if (slu_expression_is_link(expression) && expression->argument_count > 1) {
        return 1;
    }
    return expression->argument_count;
}

struct slu_expression *slu_expression_child(const struct slu_expression *expression, uint32_t index) {
    return expression->kind == SLU_EXPRESSION_CALL ? expression->arguments[index].value : expression->items[index];
}

struct slu_expression *slu_expression_inside(struct slu_expression *expression) {
    while (expression->kind == SLU_EXPRESSION_GROUP) {
        expression = expression->items[0];
    }
    return expression;
}

/* Apart from `push`, so that what is nearly always done stays short. */
__attribute__((noinline)) static bool grow(struct slu_walk_stack *stack) {
    uint32_t capacity = stack->capacity == 0 ? 64 : stack->capacity * 2;
    struct slu_walk_frame *frames =
        slu_arena_grow(stack->arena, stack->frames, stack->count * sizeof *frames, capacity * sizeof *frames);
    if (frames == NULL) {
        return false;
    }
    stack->frames = frames;
    stack->capacity = capacity;
    return true;
}

static inline bool push(struct slu_walk_stack *stack, struct slu_expression *expression, uint32_t child_count) {
    if (stack->count == stack->capacity && !grow(stack)) {
        return false;
    }
    stack->frames[stack->count++] = (struct slu_walk_frame){expression, 0, child_count};
    return true;
}

void slu_walk_start(struct slu_walk *walk, struct slu_walk_stack *stack, struct slu_expression *root) {
    walk->stack = stack;
    walk->base = stack->count;
    if (root != NULL) {
        (void)push(stack, root, slu_expression_child_count(root));
    }
}

struct slu_expression *slu_walk_next_inner(struct slu_walk *walk) {
    struct slu_walk_stack *stack = walk->stack;
    while (stack->count > walk->base) {
        struct slu_walk_frame *top = &stack->frames[stack->count - 1];
        if (top->next == top->count) {
            stack->count--;
            return top->expression;
        }
        struct slu_expression *child = slu_expression_child(top->expression, top->next++);
        uint32_t count = child->kind == SLU_EXPRESSION_CALL ? slu_expression_child_count(child) : child->item_count;
        if (count == 0) {
            return child;
        }
        if (!push(stack, child, count)) {
            stack->count = walk->base;
        }
    }
    return NULL;
}

const struct slu_expression *slu_walk_around(const struct slu_walk *walk, uint32_t level) {
    uint32_t depth = walk->stack->count - walk->base;
    return level < depth ? walk->stack->frames[walk->stack->count - 1 - level].expression : NULL;
}

bool slu_walk_has_fallback(const struct slu_walk *walk) {
    for (uint32_t i = walk->base; i < walk->stack->count; i++) {
        const struct slu_walk_frame *frame = &walk->stack->frames[i];
        if (frame->expression->kind == SLU_EXPRESSION_FALLBACK && frame->next == 1) {
            return true;
        }
    }
    return false;
}
