/* What the parser of regular expressions makes, and sets of code points. */
#ifndef SLU_TEXT_PATTERN_TREE_H
#define SLU_TEXT_PATTERN_TREE_H

#include "engine/text/pattern_internal.h"

enum slu_pattern_node_kind {
    SLU_PATTERN_NODE_EMPTY,
    SLU_PATTERN_NODE_CLASS,
    SLU_PATTERN_NODE_ASSERTION,
    SLU_PATTERN_NODE_SEQUENCE, /* all children */
    SLU_PATTERN_NODE_CHOICE,   /* one child */
    SLU_PATTERN_NODE_REPEAT    /* the only child, min to max times */
};

#define SLU_PATTERN_UNBOUNDED UINT32_MAX

struct slu_pattern_node {
    enum slu_pattern_node_kind kind;
    uint32_t states;                   /* it needs; 0 only for an empty one */
    struct slu_pattern_node *child;    /* the last one: the automaton is built from its end */
    struct slu_pattern_node *previous; /* the sibling before */
    uint32_t min, max;                 /* of a repetition */
    enum slu_pattern_assertion assertion;
    const struct slu_pattern_range *ranges; /* of a class */
    uint32_t range_count;
    uint32_t class_number; /* given when first used; UINT32_MAX before */
};

/* The root on the scratch arena, which also holds everything below it. */
enum slu_pattern_status slu_pattern_parse(struct slu_arena *scratch, struct slu_string text, bool exactly,
                                          struct slu_pattern_node **root, struct slu_pattern_error *error);

/* The children, which lead from the last one to the first, the other way; returns their new head. */
struct slu_pattern_node *slu_pattern_turn(struct slu_pattern_node *children);

/* A growing set of code points. */
struct slu_code_points {
    struct slu_arena *arena; /* borrowed */
    struct slu_pattern_range *items;
    size_t count, capacity;
};

/* All but the last: false when out of memory. */
bool slu_code_points_add(struct slu_code_points *set, uint32_t first, uint32_t last);
bool slu_code_points_add_all(struct slu_code_points *set, const struct slu_code_points *other);
/* Adds all that folds as a member does. Leaves the set in order. */
bool slu_code_points_close_folding(struct slu_code_points *set);
/* The set becomes what it lacked. Leaves it in order. */
bool slu_code_points_invert(struct slu_code_points *set);
/* Sorted, without overlaps, neighbours joined. */
void slu_code_points_order(struct slu_code_points *set);

#endif
