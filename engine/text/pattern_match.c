/* Runs the automaton of a regular expression over a text: all states at once,
 * each at most once for every character, so the time is states x length. */
#include "engine/text/pattern_internal.h"
#include "engine/text/unicode.h"

#include <string.h>

/* Small automata, which most are, run in this many words on the stack. */
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

static bool is_word(struct slu_string subject, size_t at) {
    unsigned char byte = (unsigned char)subject.bytes[at];
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static bool is_word_boundary(struct slu_string subject, size_t at) {
    bool word_before = at > 0 && is_word(subject, at - 1);
    bool word_after = at < subject.length && is_word(subject, at);
    return word_before != word_after;
}

static bool holds(struct slu_string subject, size_t at, enum slu_pattern_assertion assertion) {
    switch (assertion) {
    case SLU_PATTERN_TEXT_START:
        return at == 0;
    case SLU_PATTERN_TEXT_END:
        return at == subject.length;
    case SLU_PATTERN_WORD_BOUNDARY:
        return is_word_boundary(subject, at);
    case SLU_PATTERN_NO_WORD_BOUNDARY:
        return !is_word_boundary(subject, at);
    }
    return false;
}

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
            if (holds(run->subject, at, (enum slu_pattern_assertion)state->argument) && insert(set, state->next)) {
                run->stack[depth++] = state->next;
            }
            break;
        }
    }
    return false;
}

static inline bool class_has(const struct slu_pattern_class *class, uint32_t code_point) {
    return code_point < 128 ? class->ascii[code_point / 64] >> (code_point % 64) & 1
                            : slu_pattern_class_has(class, code_point);
}

/* The character at `*at`, which is moved past it. */
static inline uint32_t decode(struct slu_string subject, size_t *at) {
    unsigned char byte = (unsigned char)subject.bytes[*at];
    if (byte >= 128) {
        return slu_utf8_decode(subject, at);
    }
    ++*at;
    return byte;
}

/* The states of `next` after one character. True when that accepts. */
static bool step(const struct run *run, const struct state_set *current, uint32_t code_point, struct state_set *next,
                 size_t at) {
    const struct slu_pattern *pattern = run->pattern;
    next->count = 0;
    for (uint32_t index = 0; index < current->count; index++) {
        const struct slu_pattern_state *state = &pattern->states[current->members[index]];
        if (state->kind == SLU_PATTERN_CHARACTER && class_has(&pattern->classes[state->argument], code_point) &&
            enter(run, next, state->next, at)) {
            return true;
        }
    }
    return false;
}

static bool may_start_at(const struct slu_pattern *pattern, struct slu_string subject, size_t at) {
    if (pattern->anchored && at > 0) {
        return false;
    }
    if (pattern->may_take_nothing) {
        return true;
    }
    if (at == subject.length) {
        return false;
    }
    unsigned char byte = (unsigned char)subject.bytes[at];
    return pattern->first_bytes[byte / 64] >> (byte % 64) & 1;
}

static bool search(const struct run *run, size_t at, struct state_set current, struct state_set next,
                   uint64_t *visits_left) {
    const struct slu_pattern *pattern = run->pattern;
    struct slu_string subject = run->subject;
    for (;;) {
        /* With nothing under way, go to where something can begin. No first
         * byte is a continuation byte, so this ends between characters. */
        while (current.count == 0 && !may_start_at(pattern, subject, at)) {
            if (at == subject.length || pattern->anchored) {
                return false;
            }
            at++;
        }
        if (may_start_at(pattern, subject, at) && enter(run, &current, pattern->start, at)) {
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
        uint32_t code_point = decode(subject, &at);
        if (step(run, &current, code_point, &next, at)) {
            return true;
        }
        struct state_set swapped = current;
        current = next;
        next = swapped;
    }
}

/* Of valid UTF-8. */
static size_t character_before(struct slu_string subject, size_t at) {
    do {
        at--;
    } while (((unsigned char)subject.bytes[at] & 0xC0) == 0x80);
    return at;
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
        size_t from = backward ? character_before(subject, at) : at, behind = from;
        uint32_t code_point = decode(subject, &behind);
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
