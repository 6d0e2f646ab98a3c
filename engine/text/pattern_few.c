/* Runs an automaton of up to 64 states, which most are: the states that are current are the bits of a word.
 * The same states at the same characters as pattern_match.c has, so the same visits. */
#include "engine/text/pattern_run.h"

static inline uint64_t bit(uint32_t state) {
    return UINT64_C(1) << state;
}

/* All that is reached from the states in `todo` without taking a character at the byte `at`. */
static uint64_t walk(const struct slu_pattern *pattern, struct slu_string subject, size_t at, uint64_t todo) {
    uint64_t reached = 0;
    while (todo != 0) {
        uint32_t number = (uint32_t)__builtin_ctzll(todo);
        const struct slu_pattern_state *state = &pattern->states[number];
        reached |= bit(number);
        if (state->kind == SLU_PATTERN_SPLIT) {
            todo |= bit(state->next) | bit(state->argument);
        } else if (state->kind == SLU_PATTERN_ASSERT &&
                   slu_pattern_assertion_holds(subject, at, (enum slu_pattern_assertion)state->argument)) {
            todo |= bit(state->next);
        }
        todo &= ~reached;
    }
    return reached;
}

static inline uint64_t enter(const struct slu_pattern *pattern, struct slu_string subject, size_t at, uint32_t state) {
    uint64_t reached = pattern->reached[state];
    return reached != 0 ? reached : walk(pattern, subject, at, bit(state));
}

/* The states after one character, behind which `at` is. */
static inline uint64_t step(const struct slu_pattern *pattern, struct slu_string subject, uint64_t current,
                            uint32_t code_point, size_t at) {
    uint64_t next = 0;
    for (uint64_t left = current & pattern->characters; left != 0; left &= left - 1) {
        const struct slu_pattern_state *state = &pattern->states[__builtin_ctzll(left)];
        if (slu_pattern_takes(&pattern->classes[state->argument], code_point)) {
            next |= enter(pattern, subject, at, state->next);
        }
    }
    return next;
}

static inline bool accepts(uint64_t states) {
    return (states & bit(SLU_PATTERN_STATE_FOUND)) != 0;
}

/* False when there are too few left. */
static inline bool visit(uint64_t states, uint64_t *visits_left) {
    bool one = (states & (states - 1)) == 0;
    uint64_t count = one ? states != 0 : (uint64_t)__builtin_popcountll(states);
    if (*visits_left <= count) {
        *visits_left = 0;
        return false;
    }
    *visits_left -= count;
    return true;
}

bool slu_pattern_few_search(const struct slu_pattern *pattern, struct slu_string subject, size_t at,
                            uint64_t *visits_left) {
    uint64_t current = 0;
    for (;;) {
        /* With nothing under way, go to where something can begin. No first
         * byte is a continuation byte, so this ends between characters. */
        while (current == 0 && !slu_pattern_may_start_at(pattern, subject, at)) {
            if (at == subject.length || pattern->anchored) {
                return false;
            }
            at++;
        }
        if (slu_pattern_may_start_at(pattern, subject, at)) {
            current |= enter(pattern, subject, at, pattern->start);
        }
        if (accepts(current)) {
            return true;
        }
        if (at == subject.length || !visit(current, visits_left)) {
            return false;
        }
        uint32_t code_point = slu_pattern_decode(subject, &at);
        current = step(pattern, subject, current, code_point, at);
        if (accepts(current)) {
            return true;
        }
    }
}

bool slu_pattern_few_follow(const struct slu_pattern *pattern, uint32_t state, bool backward, struct slu_string subject,
                            size_t at, uint64_t *visits_left) {
    uint64_t current = enter(pattern, subject, at, state);
    while (!accepts(current)) {
        if (current == 0 || at == (backward ? 0 : subject.length) || !visit(current, visits_left)) {
            return false;
        }
        size_t from = backward ? slu_pattern_character_before(subject, at) : at, behind = from;
        uint32_t code_point = slu_pattern_decode(subject, &behind);
        at = backward ? from : behind;
        current = step(pattern, subject, current, code_point, at);
    }
    return true;
}
