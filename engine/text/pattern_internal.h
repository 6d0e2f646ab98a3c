/* The automaton of a regular expression, for the matcher and the prover. */
#ifndef SLU_TEXT_PATTERN_INTERNAL_H
#define SLU_TEXT_PATTERN_INTERNAL_H

#include "engine/text/pattern.h"

/* Code points, both ends included. */
struct slu_pattern_range {
    uint32_t first, last;
};

/* A set of characters. Ranges ascend, do not touch, hold no surrogates. */
struct slu_pattern_class {
    const struct slu_pattern_range *ranges;
    uint32_t range_count; /* 0: nothing matches */
    uint64_t ascii[2];    /* the same for code points below 128, a bit each */
};

enum slu_pattern_assertion {
    SLU_PATTERN_TEXT_START,
    SLU_PATTERN_TEXT_END,
    SLU_PATTERN_WORD_BOUNDARY, /* exactly one neighbour is an ASCII letter, digit or _ */
    SLU_PATTERN_NO_WORD_BOUNDARY
};

enum slu_pattern_state_kind {
    SLU_PATTERN_CHARACTER, /* takes one character of classes[argument], goes to next */
    SLU_PATTERN_SPLIT,     /* takes nothing, goes to next and to argument */
    SLU_PATTERN_ASSERT,    /* takes nothing, goes to next where the assertion `argument` holds */
    SLU_PATTERN_FOUND      /* accepts */
};

struct slu_pattern_state {
    enum slu_pattern_state_kind kind;
    uint32_t next;
    uint32_t argument;
};

enum {
    SLU_PATTERN_STATE_FOUND = 0, /* the number of the one state of kind FOUND */
    SLU_PATTERN_FEW_STATES = 64  /* are the bits of a word */
};

/* Unanchored: the expression is found when any path from `start`, begun at
 * any position, reaches a state of kind FOUND. There is one. Letter
 * case is already part of the classes. */
struct slu_pattern {
    struct slu_string text;
    bool exactly; /* letter case counts */
    const struct slu_pattern_state *states;
    uint32_t state_count;
    uint32_t start;
    const struct slu_pattern_class *classes;
    uint32_t class_count;

    /* Of up to SLU_PATTERN_FEW_STATES states; else NULL. Per state, a bit for each state that is reached from it
     * without taking a character, itself too; 0: an assertion of the text is on the way. */
    const uint64_t *reached;
    uint64_t characters; /* a bit for each state that takes one */

    /* To skip text where no match can begin. */
    bool anchored;           /* matches begin at the text's start only */
    bool may_take_nothing;   /* some path takes no character: `first_bytes` says nothing */
    uint64_t first_bytes[4]; /* UTF-8 bytes that a match can begin with, a bit each */
};

bool slu_pattern_class_has(const struct slu_pattern_class *class, uint32_t code_point);

#endif
