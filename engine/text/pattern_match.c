/* Runs the automaton of a regular expression over a text: all states at once,
 * each at most once for every character, so the time is states x length. */
#include "engine/text/pattern_run.h"

#include <string.h>

/* Automata that pattern_few.c does not run, and are still small, run in this many words on the stack. */
enum { ARRAYS = 5, SMALL_STATES = 128 };

/* States in the order they were added; `places` says where one is, so that
 * nothing needs clearing between characters. */
struct state_set {
    uint32_t *members;
    uint32_t *places;
    uint32_t count;
};

struct run {
    const struct slu_pattern *pattern;
    struct slu_string subject;
    uint32_t *stack;
};

/* False when it was in the set already. */
static bool insert(struct state_set *set, uint32_t state) {
    uint32_t place = set->places[state];
    if (place < set->count && set->members[place] == state) {
        return false;
    }
    set->places[state] = set->count;
    set->members[set->count++] = state;
    return true;
}

/* Adds a state and all that is reached from it without taking a character.
 * True when that accepts. */
static bool enter(const struct run *run, struct state_set *set, uint32_t first, size_t at) {
    const struct slu_pattern_state *states = run->pattern->states;
    size_t depth = 0;
    if (insert(set, first) && states[first].kind != SLU_PATTERN_CHARACTER) {
        run->stack[depth++] = first;
    }
    while (depth > 0) {
        const struct slu_pattern_state *state = &states[run->stack[--depth]];
        switch (state->kind) {
        case SLU_PATTERN_FOUND:
            return true;
        case SLU_PATTERN_CHARACTER:
            break;
        case SLU_PATTERN_SPLIT:
            if (insert(set, state->argument)) {
                run->stack[depth++] = state->argument;
            }
            if (insert(set, state->next)) {
                run->stack[depth++] = state->next;
            }
            break;
        case SLU_PATTERN_ASSERT:
            if (slu_pattern_assertion_holds(run->subject, at, (enum slu_pattern_assertion)state->argument) &&
                insert(set, state->next)) {
                run->stack[depth++] = state->next;
            }
            break;
        }
    }
    return false;
}

/* The states of `next` after one character. True when that accepts. */
static bool step(const struct run *run, const struct state_set *current, uint32_t code_point, struct state_set *next,
                 size_t at) {
    const struct slu_pattern *pattern = run->pattern;
    next->count = 0;
    for (uint32_t index = 0; index < current->count; index++) {
        const struct slu_pattern_state *state = &pattern->states[current->members[index]];
        if (state->kind == SLU_PATTERN_CHARACTER && slu_pattern_takes(&pattern->classes[state->argument], code_point) &&
            enter(run, next, state->next, at)) {
            return true;
        }
    }
    return false;
}

static bool search(const struct run *run, size_t at, struct state_set current, struct state_set next,
                   uint64_t *visits_left) {
    const struct slu_pattern *pattern = run->pattern;
    struct slu_string subject = run->subject;
    for (;;) {
        /* With nothing under way, go to where something can begin. No first
         * byte is a continuation byte, so this ends between characters. */
        while (current.count == 0 && !slu_pattern_may_start_at(pattern, subject, at)) {
            if (at == subject.length || pattern->anchored) {
                return false;
            }
            at++;
        }
        if (slu_pattern_may_start_at(pattern, subject, at) && enter(run, &current, pattern->start, at)) {
            return true;
        }
        if (at == subject.length) {
            return false;
        }
        if (*visits_left <= current.count) {
            *visits_left = 0;
            return false;
        }
        *visits_left -= current.count;
        uint32_t code_point = slu_pattern_decode(subject, &at);
        if (step(run, &current, code_point, &next, at)) {
            return true;
        }
        struct state_set swapped = current;
        current = next;
        next = swapped;
    }
}

/* From the states that are current on, to where the text ends or, backward, starts. */
static bool follow(const struct run *run, size_t at, struct state_set current, struct state_set next, bool backward,
                   uint64_t *visits_left) {
    struct slu_string subject = run->subject;
    while (current.count > 0 && at != (backward ? 0 : subject.length)) {
        if (*visits_left <= current.count) {
            *visits_left = 0;
            return false;
        }
        *visits_left -= current.count;
        size_t from = backward ? slu_pattern_character_before(subject, at) : at, behind = from;
        uint32_t code_point = slu_pattern_decode(subject, &behind);
        at = backward ? from : behind;
        if (step(run, &current, code_point, &next, at)) {
            return true;
        }
        struct state_set swapped = current;
        current = next;
        next = swapped;
    }
    return false;
}

/* What one run over a text needs. */
struct sets {
    uint32_t small[ARRAYS * SMALL_STATES];
    struct state_set current, next;
};

/* False when out of memory. */
static bool start_run(struct run *run, const struct slu_pattern *pattern, struct slu_string subject,
                      struct slu_arena *scratch, struct sets *sets) {
    size_t count = pattern->state_count;
    uint32_t *words = sets->small;
    if (count > SMALL_STATES) {
        words = SLU_NEW_ARRAY(scratch, uint32_t, ARRAYS * count);
        if (words == NULL) {
            return false;
        }
    } else {
        memset(words, 0, 2 * count * sizeof(*words)); /* the places */
    }
    sets->current = (struct state_set){words + 2 * count, words, 0};
    sets->next = (struct state_set){words + 3 * count, words + count, 0};
    *run = (struct run){pattern, subject, words + 4 * count};
    return true;
}

bool slu_pattern_found_from(const struct slu_pattern *pattern, struct slu_string subject, size_t from,
                            struct slu_arena *scratch, uint64_t *visits_left, bool *failed) {
    if (pattern->reached != NULL) {
        return slu_pattern_few_search(pattern, subject, from, visits_left);
    }
    struct sets sets;
    struct run run;
    if (!start_run(&run, pattern, subject, scratch, &sets)) {
        *failed = true;
        return false;
    }
    return search(&run, from, sets.current, sets.next, visits_left);
}

/* From the byte `at` and the state on. */
static bool found_at(const struct slu_pattern *pattern, uint32_t state, bool backward, struct slu_string subject,
                     size_t at, struct slu_arena *scratch, uint64_t *visits_left, bool *failed) {
    if (pattern->reached != NULL) {
        return slu_pattern_few_follow(pattern, state, backward, subject, at, visits_left);
    }
    struct sets sets;
    struct run run;
    if (!start_run(&run, pattern, subject, scratch, &sets)) {
        *failed = true;
        return false;
    }
    return enter(&run, &sets.current, state, at) || follow(&run, at, sets.current, sets.next, backward, visits_left);
}

bool slu_pattern_found_around(const struct slu_pattern *pattern, const struct slu_pattern_cut *cut,
                              struct slu_string subject, size_t at, struct slu_arena *scratch, uint64_t *visits_left,
                              bool *failed) {
    return found_at(pattern, cut->state, false, subject, at, scratch, visits_left, failed) &&
           found_at(cut->before, cut->before->start, true, subject, at, scratch, visits_left, failed);
}

bool slu_pattern_found(const struct slu_pattern *pattern, struct slu_string subject, struct slu_arena *scratch,
                       bool *failed) {
    uint64_t visits = UINT64_MAX;
    return slu_pattern_found_from(pattern, subject, 0, scratch, &visits, failed);
}
