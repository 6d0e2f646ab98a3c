/* Visits an expression, operands before their operators, without recursion:
 * a chain of a hundred thousand `and`s is as deep as it is long. */
#ifndef SLU_CHECK_WALK_H
#define SLU_CHECK_WALK_H

#include "engine/base/arena.h"
#include "grammar/tree.h"

#include <stdbool.h>
#include <stdint.h>

struct slu_walk_frame {
    struct slu_expression *expression;
    uint32_t next, count; /* the child to visit next, of so many */
};

/* Shared by walks inside one another; grows on the arena and is kept. */
struct slu_walk_stack {
    struct slu_arena *arena; /* borrowed */
    struct slu_walk_frame *frames;
    uint32_t count, capacity;
};

struct slu_walk {
    struct slu_walk_stack *stack;
    uint32_t base; /* the frames of this walk start here */
};

/* The operands of an expression. The second argument of `link` names an event
 * and is none of them. */
uint32_t slu_expression_child_count(const struct slu_expression *expression);
struct slu_expression *slu_expression_child(const struct slu_expression *expression, uint32_t index);
bool slu_expression_is_link(const struct slu_expression *expression);
/* The expression inside any parentheses. */
struct slu_expression *slu_expression_inside(struct slu_expression *expression);

/* A walk must be run to its end before the one around it goes on. Out of
 * memory ends a walk early; the arena then says so. */
void slu_walk_start(struct slu_walk *walk, struct slu_walk_stack *stack, struct slu_expression *root);
struct slu_expression *slu_walk_next_inner(struct slu_walk *walk);
/* The two cases that are most of a walk stand here: a leaf, and an operator after its operands. */
static inline struct slu_expression *slu_walk_next(struct slu_walk *walk) {
    struct slu_walk_stack *stack = walk->stack;
    if (stack->count == walk->base) {
        return NULL;
    }
    struct slu_walk_frame *top = &stack->frames[stack->count - 1];
    if (top->next == top->count) {
        stack->count--;
        return top->expression;
    }
    if (top->expression->kind != SLU_EXPRESSION_CALL) {
        struct slu_expression *child = top->expression->items[top->next];
        if (child->item_count == 0 && child->kind != SLU_EXPRESSION_CALL) {
            top->next++;
            return child;
        }
    }
    return slu_walk_next_inner(walk);
}
/* What stands around the expression given last: 0 is its parent. NULL: nothing. */
const struct slu_expression *slu_walk_around(const struct slu_walk *walk, uint32_t level);
/* Is the expression given last replaced by another when it is missing (left of `??`)? */
bool slu_walk_has_fallback(const struct slu_walk *walk);

#endif
