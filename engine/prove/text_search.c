/* A search through the product of the expressions' automata, best first.
 *
 * A place in it is, for each expression, the set of states that are under way
 * before the next character, and whether it was found already: then it needs
 * no more following. One that must not be found and is, ends the path. */
#include "engine/prove/text_search.h"

#include "engine/prove/text_alphabet.h"
#include "engine/text/pattern_internal.h"
#include "engine/text/unicode.h"

#include <string.h>

enum {
    DEMANDS_MAX = 60,
    PLACES_MAX = 200000,
    WORK_MAX = 60000000,          /* states entered */
    FAR = 1000000,                /* no way to FOUND */
    MEMORY_MAX = 96 * 1024 * 1024 /* bytes */
};

/* A place's flags; the bits above FOUND_SHIFT say which expressions were found. */
enum { AT_START = 1, AFTER_WORD = 2, FOUND_SHIFT = 2 };

struct place {
    uint32_t parent;
    uint32_t character;
    uint32_t length;
    uint32_t cost;
};

struct search {
    struct slu_arena *arena;
    const struct slu_text_demand *demands;
    uint32_t count;
    struct slu_alphabet alphabet;
    uint32_t *first_word; /* per demand: where its set starts among a place's words */
    size_t words;         /* of a place: one of flags, then the sets */
    uint32_t **distances; /* per demand and state: characters to FOUND at least */
    uint64_t *sets;       /* of all places */
    struct place *places;
    uint32_t place_count, place_capacity;
    uint32_t *table, table_size;
    uint32_t *heap;
    uint32_t heap_count;
    uint64_t *closed[2]; /* what each place's sets become before a character of a word, and of none */
    uint32_t *stack;
    uint64_t work;
    bool no_memory;
};

static bool bit(const uint64_t *set, uint32_t index) {
    return set[index / 64] >> (index % 64) & 1;
}

static void set_bit(uint64_t *set, uint32_t index) {
    set[index / 64] |= UINT64_C(1) << (index % 64);
}

static bool holds(enum slu_pattern_assertion assertion, bool at_start, bool at_end, bool boundary) {
    switch (assertion) {
    case SLU_PATTERN_TEXT_START:
        return at_start;
    case SLU_PATTERN_TEXT_END:
        return at_end;
    case SLU_PATTERN_WORD_BOUNDARY:
        return boundary;
    case SLU_PATTERN_NO_WORD_BOUNDARY:
        return !boundary;
    }
    return false;
}

/* Adds to `set` all that is reached without a character; true when that finds. */
static bool close_over(struct search *search, const struct slu_pattern *pattern, const uint64_t *raw, size_t words,
                       uint64_t *set, bool at_start, bool at_end, bool boundary) {
    uint32_t depth = 0;
    memcpy(set, raw, words * sizeof *raw);
    if (at_start || !pattern->anchored) {
        set_bit(set, pattern->start);
    }
    for (uint32_t state = 0; state < pattern->state_count; state++) {
        if (set[state / 64] == 0) {
            state |= 63;
        } else if (bit(set, state)) {
            search->stack[depth++] = state;
        }
    }
    bool found = false;
    while (depth > 0) {
        uint32_t index = search->stack[--depth];
        const struct slu_pattern_state *state = &pattern->states[index];
        search->work++;
        uint32_t targets[2], target_count = 0;
        switch (state->kind) {
        case SLU_PATTERN_FOUND:
            found = true;
            break;
        case SLU_PATTERN_CHARACTER:
            break;
        case SLU_PATTERN_SPLIT:
            targets[target_count++] = state->argument;
            targets[target_count++] = state->next;
            break;
        case SLU_PATTERN_ASSERT:
            if (holds((enum slu_pattern_assertion)state->argument, at_start, at_end, boundary)) {
                targets[target_count++] = state->next;
            }
            break;
        }
        for (uint32_t i = 0; i < target_count; i++) {
            if (!bit(set, targets[i])) {
                set_bit(set, targets[i]);
                search->stack[depth++] = targets[i];
            }
        }
    }
    return found;
}

/* What the characters of `letter` make of the closed set. */
static void step(struct search *search, uint32_t demand, const struct slu_letter *letter, const uint64_t *closed,
                 uint64_t *raw) {
    const struct slu_pattern *pattern = search->demands[demand].pattern;
    uint32_t first_class = search->alphabet.first_class[demand];
    for (uint32_t index = 0; index < pattern->state_count; index++) {
        if (closed[index / 64] == 0) {
            index |= 63;
            continue;
        }
        const struct slu_pattern_state *state = &pattern->states[index];
        search->work++;
        if (bit(closed, index) && state->kind == SLU_PATTERN_CHARACTER &&
            bit(letter->classes, first_class + state->argument)) {
            set_bit(raw, state->next);
        }
    }
}

/* ---- how far it is ---- */

static uint32_t *distances_of(struct slu_arena *arena, const struct slu_pattern *pattern) {
    uint32_t *distance = SLU_NEW_ARRAY(arena, uint32_t, pattern->state_count);
    if (distance == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < pattern->state_count; i++) {
        distance[i] = pattern->states[i].kind == SLU_PATTERN_FOUND ? 0 : FAR;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = pattern->state_count; i-- > 0;) {
            const struct slu_pattern_state *state = &pattern->states[i];
            if (state->kind == SLU_PATTERN_FOUND) {
                continue;
            }
            uint32_t least = distance[state->next] + (state->kind == SLU_PATTERN_CHARACTER);
            if (state->kind == SLU_PATTERN_SPLIT && distance[state->argument] < least) {
                least = distance[state->argument];
            }
            if (least < distance[i]) {
                distance[i] = least;
                changed = true;
            }
        }
    }
    return distance;
}

static uint32_t distance_from(const struct search *search, uint32_t demand, const uint64_t *raw, bool at_start) {
    const struct slu_pattern *pattern = search->demands[demand].pattern;
    uint32_t least = at_start || !pattern->anchored ? search->distances[demand][pattern->start] : FAR;
    for (uint32_t state = 0; state < pattern->state_count; state++) {
        if (raw[state / 64] == 0) {
            state |= 63;
        } else if (bit(raw, state) && search->distances[demand][state] < least) {
            least = search->distances[demand][state];
        }
    }
    return least;
}

/* Characters still needed, roughly; FAR: this place leads nowhere. */
static uint32_t estimate(const struct search *search, const uint64_t *words) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < search->count; i++) {
        if (search->demands[i].wanted && !(words[0] >> (FOUND_SHIFT + i) & 1)) {
            uint32_t distance = distance_from(search, i, words + search->first_word[i], (words[0] & AT_START) != 0);
            if (distance >= FAR) {
                return FAR;
            }
            sum += distance;
        }
    }
    return sum;
}

/* ---- places ---- */

static void heap_push(struct search *search, uint32_t place) {
    uint32_t at = search->heap_count++;
    while (at > 0 && search->places[search->heap[(at - 1) / 2]].cost > search->places[place].cost) {
        search->heap[at] = search->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    search->heap[at] = place;
}

static uint32_t heap_pop(struct search *search) {
    uint32_t top = search->heap[0], last = search->heap[--search->heap_count], at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= search->heap_count) {
            break;
        }
        if (child + 1 < search->heap_count &&
            search->places[search->heap[child + 1]].cost < search->places[search->heap[child]].cost) {
            child++;
        }
        if (search->places[search->heap[child]].cost >= search->places[last].cost) {
            break;
        }
        search->heap[at] = search->heap[child];
        at = child;
    }
    search->heap[at] = last;
    return top;
}

static uint64_t hash_of(const uint64_t *words, size_t count) {
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static bool grow(struct search *search) {
    uint32_t capacity = search->place_capacity == 0 ? 256 : search->place_capacity * 2;
    uint64_t *sets = SLU_NEW_ARRAY(search->arena, uint64_t, capacity * search->words);
    struct place *places = SLU_NEW_ARRAY(search->arena, struct place, capacity);
    uint32_t *heap = SLU_NEW_ARRAY(search->arena, uint32_t, capacity);
    uint32_t *table = SLU_NEW_ARRAY(search->arena, uint32_t, (size_t)capacity * 2);
    if (sets == NULL || places == NULL || heap == NULL || table == NULL) {
        return false;
    }
    if (search->place_count > 0) {
        memcpy(sets, search->sets, search->place_count * search->words * sizeof *sets);
        memcpy(places, search->places, search->place_count * sizeof *places);
        memcpy(heap, search->heap, search->heap_count * sizeof *heap);
    }
    uint32_t mask = capacity * 2 - 1;
    for (uint32_t i = 0; i < search->place_count; i++) {
        uint32_t slot = (uint32_t)hash_of(sets + i * search->words, search->words) & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot] = i + 1;
    }
    search->sets = sets;
    search->places = places;
    search->heap = heap;
    search->table = table;
    search->table_size = capacity * 2;
    search->place_capacity = capacity;
    return true;
}

/* Adds the place unless it is there. False when out of memory. */
static bool visit(struct search *search, const uint64_t *words, uint32_t parent, uint32_t character, uint32_t length) {
    uint32_t far = estimate(search, words);
    if (far >= FAR) {
        return true;
    }
    if (search->place_count == search->place_capacity && !grow(search)) {
        return false;
    }
    uint32_t mask = search->table_size - 1;
    uint32_t slot = (uint32_t)hash_of(words, search->words) & mask;
    while (search->table[slot] != 0) {
        const uint64_t *other = search->sets + (search->table[slot] - 1) * search->words;
        if (memcmp(other, words, search->words * sizeof *words) == 0) {
            return true;
        }
        slot = (slot + 1) & mask;
    }
    uint32_t number = search->place_count++;
    search->table[slot] = number + 1;
    memcpy(search->sets + number * search->words, words, search->words * sizeof *words);
    search->places[number] = (struct place){parent, character, length, length + far};
    heap_push(search, number);
    return true;
}

/* ---- the search ---- */

static bool start(struct search *search) {
    uint32_t states = 0;
    search->first_word = SLU_NEW_ARRAY(search->arena, uint32_t, (size_t)search->count + 1);
    search->distances = SLU_NEW_ARRAY(search->arena, uint32_t *, search->count);
    if (search->first_word == NULL || search->distances == NULL ||
        !slu_alphabet_make(search->arena, search->demands, search->count, &search->alphabet)) {
        return false;
    }
    search->words = 1;
    for (uint32_t i = 0; i < search->count; i++) {
        const struct slu_pattern *pattern = search->demands[i].pattern;
        search->first_word[i] = (uint32_t)search->words;
        search->words += pattern->state_count / 64 + 1;
        states = pattern->state_count > states ? pattern->state_count : states;
        search->distances[i] = distances_of(search->arena, pattern);
        if (search->distances[i] == NULL) {
            return false;
        }
    }
    search->first_word[search->count] = (uint32_t)search->words;
    search->stack = SLU_NEW_ARRAY(search->arena, uint32_t, (size_t)states + 1);
    search->closed[0] = SLU_NEW_ARRAY(search->arena, uint64_t, search->words);
    search->closed[1] = SLU_NEW_ARRAY(search->arena, uint64_t, search->words);
    uint64_t *first = SLU_NEW_ARRAY(search->arena, uint64_t, search->words);
    if (search->stack == NULL || search->closed[0] == NULL || search->closed[1] == NULL || first == NULL) {
        return false;
    }
    first[0] = AT_START;
    return visit(search, first, UINT32_MAX, 0, 0);
}

/* Closes every set before the next character; false when the path ends here
 * because something is found that must not be. */
static bool close_all(struct search *search, const uint64_t *words, uint64_t *closed, bool next_word, bool at_end) {
    bool at_start = (words[0] & AT_START) != 0, after_word = (words[0] & AFTER_WORD) != 0;
    closed[0] = words[0] & ~(uint64_t)(AT_START | AFTER_WORD);
    for (uint32_t i = 0; i < search->count; i++) {
        uint32_t first = search->first_word[i], length = search->first_word[i + 1] - first;
        if (words[0] >> (FOUND_SHIFT + i) & 1) {
            memset(closed + first, 0, length * sizeof *closed);
            continue;
        }
        if (close_over(search, search->demands[i].pattern, words + first, length, closed + first, at_start, at_end,
                       after_word != next_word)) {
            if (!search->demands[i].wanted) {
                return false;
            }
            closed[0] |= UINT64_C(1) << (FOUND_SHIFT + i);
            memset(closed + first, 0, length * sizeof *closed);
        }
    }
    return true;
}

static bool is_word_at_end(struct search *search, const uint64_t *words) {
    uint64_t *closed = search->closed[0];
    if (!close_all(search, words, closed, false, true)) {
        return false;
    }
    for (uint32_t i = 0; i < search->count; i++) {
        if (search->demands[i].wanted && !(closed[0] >> (FOUND_SHIFT + i) & 1)) {
            return false;
        }
    }
    return true;
}

static bool expand(struct search *search, uint32_t number, uint64_t *words, uint64_t *next) {
    bool alive[2];
    for (int word = 0; word < 2; word++) {
        alive[word] = close_all(search, words, search->closed[word], word == 1, false);
    }
    for (uint32_t i = 0; i < search->alphabet.count; i++) {
        const struct slu_letter *letter = &search->alphabet.letters[i];
        if (!alive[letter->word]) {
            continue;
        }
        const uint64_t *closed = search->closed[letter->word];
        memset(next, 0, search->words * sizeof *next);
        next[0] = closed[0] | (letter->word ? AFTER_WORD : 0);
        for (uint32_t demand = 0; demand < search->count; demand++) {
            if (!(closed[0] >> (FOUND_SHIFT + demand) & 1)) {
                step(search, demand, letter, closed + search->first_word[demand], next + search->first_word[demand]);
            }
        }
        if (!visit(search, next, number, letter->character, search->places[number].length + 1)) {
            return false;
        }
    }
    return true;
}

static bool spell(struct search *search, struct slu_arena *arena, uint32_t number, struct slu_string *word) {
    size_t characters = search->places[number].length;
    char *bytes = slu_arena_alloc_bytes(arena, 4 * characters + 1);
    uint32_t *order = SLU_NEW_ARRAY(search->arena, uint32_t, characters);
    if (bytes == NULL || order == NULL) {
        return false;
    }
    for (size_t i = characters; i > 0; i--) {
        order[i - 1] = search->places[number].character;
        number = search->places[number].parent;
    }
    size_t length = 0;
    for (size_t i = 0; i < characters; i++) {
        length += slu_utf8_encode(order[i], bytes + length);
    }
    *word = (struct slu_string){bytes, length};
    return true;
}

static enum slu_text_answer run(struct search *search, struct slu_arena *arena, struct slu_string *word) {
    if (!start(search)) {
        return SLU_TEXT_NO_MEMORY;
    }
    uint64_t *words = SLU_NEW_ARRAY(search->arena, uint64_t, search->words);
    uint64_t *next = SLU_NEW_ARRAY(search->arena, uint64_t, search->words);
    if (words == NULL || next == NULL) {
        return SLU_TEXT_NO_MEMORY;
    }
    while (search->heap_count > 0) {
        uint32_t number = heap_pop(search);
        memcpy(words, search->sets + number * search->words, search->words * sizeof *words);
        if (is_word_at_end(search, words)) {
            return spell(search, arena, number, word) ? SLU_TEXT_WORD : SLU_TEXT_NO_MEMORY;
        }
        if (search->place_count > PLACES_MAX || search->work > WORK_MAX || search->arena->used_bytes > MEMORY_MAX) {
            return SLU_TEXT_GAVE_UP;
        }
        if (!expand(search, number, words, next)) {
            return SLU_TEXT_NO_MEMORY;
        }
    }
    return SLU_TEXT_NONE;
}

enum slu_text_answer slu_text_search(struct slu_arena *arena, const struct slu_text_demand *demands, uint32_t count,
                                     struct slu_string *word) {
    if (count > DEMANDS_MAX) {
        return SLU_TEXT_GAVE_UP;
    }
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    struct search search = {.arena = &scratch, .demands = demands, .count = count};
    enum slu_text_answer answer = run(&search, arena, word);
    slu_arena_free(&scratch);
    return answer;
}
