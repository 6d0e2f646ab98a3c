/* Whether there are texts and lists as the solver wants them: what it cannot
 * see, because to it every predicate on a text is a variable of its own. */
#include "engine/prove/instance.h"
#include "engine/prove/text_search.h"
#include "engine/text/unicode.h"

#include <string.h>

enum { PARTS_MAX = 60 /* predicates on a text that are searched for together */ };

/* What is wanted of one text: +n or -n for atom n - 1. */
struct wish {
    struct slu_prover *prover;
    struct slu_arena *arena;
    uint32_t subject;
    int32_t *literals;
    uint32_t count, capacity;
};

static const struct slu_atom *atom_of(const struct wish *wish, uint32_t place) {
    return &wish->prover->atoms[slu_formula_index(wish->literals[place]) - 1];
}

static enum slu_text_answer search(const struct wish *wish, const int32_t *literals, uint32_t count,
                                   struct slu_string *word) {
    struct slu_text_demand demands[PARTS_MAX];
    for (uint32_t i = 0; i < count; i++) {
        demands[i].pattern = wish->prover->atoms[slu_formula_index(literals[i]) - 1].pattern;
        demands[i].wanted = literals[i] > 0;
    }
    return slu_text_search(wish->arena, demands, count, word);
}

/* ---- texts that are likely to do ---- */

/* The first part of the wish that the text does not fulfil; `count` when it fulfils all. */
static uint32_t first_unfulfilled(const struct wish *wish, struct slu_string text) {
    struct slu_arena scratch;
    uint32_t place = 0;
    bool failed = false;
    slu_arena_init(&scratch, 0);
    for (; place < wish->count; place++) {
        slu_arena_reset(&scratch);
        bool found = slu_pattern_found(atom_of(wish, place)->pattern, text, &scratch, &failed);
        if (failed || found != (wish->literals[place] > 0)) {
            break;
        }
    }
    slu_arena_free(&scratch);
    wish->arena->failed |= failed;
    return place;
}

static bool fits(const struct wish *wish, struct slu_string text) {
    return first_unfulfilled(wish, text) == wish->count;
}

/* The shape of a predicate, as slu_atom_text wrote its key. */
static enum slu_text_shape shape_of(const struct slu_atom *atom) {
    return atom->kind == SLU_ATOM_TEXT ? (enum slu_text_shape)(atom->text.bytes[0] - '0') : SLU_SHAPE_WHOLE;
}

/* All the beginnings, all that is contained, all the ends, one after the other. */
static bool join_parts(const struct wish *wish, struct slu_string *text) {
    static const enum slu_text_shape order[] = {SLU_SHAPE_WHOLE, SLU_SHAPE_STARTS, SLU_SHAPE_CONTAINS, SLU_SHAPE_ENDS};
    size_t room = 0, length = 0;
    for (uint32_t i = 0; i < wish->count; i++) {
        room += wish->literals[i] > 0 ? atom_of(wish, i)->written.length + 1 : 0;
    }
    char *bytes = slu_arena_alloc_bytes(wish->arena, room + 1);
    if (bytes == NULL) {
        return false;
    }
    for (size_t shape = 0; shape < sizeof order / sizeof *order; shape++) {
        for (uint32_t i = 0; i < wish->count; i++) {
            const struct slu_atom *atom = atom_of(wish, i);
            if (wish->literals[i] < 0 || shape_of(atom) != order[shape] || atom->written.length == 0) {
                continue;
            }
            bool contained = order[shape] == SLU_SHAPE_CONTAINS && length > 0;
            if (contained) {
                bytes[length++] = ' ';
            }
            memcpy(bytes + length, atom->written.bytes, atom->written.length);
            length += atom->written.length;
        }
    }
    *text = (struct slu_string){bytes, length};
    return true;
}

static bool find_likely(const struct wish *wish, struct slu_string *word) {
    static const char *const plain[] = {"other", "a@example.com", "", "1"};
    if (join_parts(wish, word) && word->length > 0 && fits(wish, *word)) {
        return true;
    }
    for (uint32_t i = 0; i < wish->count; i++) {
        *word = atom_of(wish, i)->written;
        if (wish->literals[i] > 0 && shape_of(atom_of(wish, i)) != SLU_SHAPE_MATCHES && fits(wish, *word)) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        *word = slu_string_from(plain[i]);
        if (fits(wish, *word)) {
            return true;
        }
    }
    return false;
}

/* ---- conflicts ---- */

static enum slu_theory_answer conflict(const struct wish *wish, const int32_t *literals, uint32_t count) {
    int32_t clause[PARTS_MAX];
    for (uint32_t i = 0; i < count; i++) {
        clause[i] = -literals[i];
    }
    return slu_prover_learn(wish->prover, clause, count) ? SLU_THEORY_CONFLICT : SLU_THEORY_NO_MEMORY;
}

/* Most conflicts are between two: those answers are kept. */
static enum slu_text_answer search_pair(const struct wish *wish, int32_t first, int32_t second) {
    struct slu_prover *prover = wish->prover;
    struct slu_string word, key;
    slu_prover_clear_scratch(prover);
    slu_prove_write_number(&prover->scratch, first);
    slu_prove_write_number(&prover->scratch, second);
    uint32_t known = slu_map_find(&prover->text_pairs, slu_buffer_string(&prover->scratch));
    if (known != SLU_MAP_NONE) {
        return (enum slu_text_answer)known;
    }
    if (prover->scratch.failed || !slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), &key)) {
        return SLU_TEXT_NO_MEMORY;
    }
    int32_t literals[2] = {first, second};
    enum slu_text_answer answer = search(wish, literals, first == second ? 1 : 2, &word);
    if (answer != SLU_TEXT_NO_MEMORY && !slu_map_put(&prover->text_pairs, key, (uint32_t)answer)) {
        return SLU_TEXT_NO_MEMORY;
    }
    return answer;
}

/* CONFLICT for the first pair (or single one) that no text fits. */
static enum slu_theory_answer check_pairs(const struct wish *wish) {
    for (uint32_t i = 0; i < wish->count; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            if (i != j && wish->literals[i] < 0 && wish->literals[j] < 0) {
                continue; /* a text that has neither is easily found */
            }
            enum slu_text_answer answer = search_pair(wish, wish->literals[j], wish->literals[i]);
            if (answer == SLU_TEXT_NO_MEMORY) {
                return SLU_THEORY_NO_MEMORY;
            }
            if (answer == SLU_TEXT_NONE) {
                int32_t literals[2] = {wish->literals[j], wish->literals[i]};
                return conflict(wish, literals, i == j ? 1 : 2);
            }
        }
    }
    return SLU_THEORY_FINE;
}

/* No text fits the literals: leaves out what is not needed for that. */
static enum slu_theory_answer minimal_conflict(const struct wish *wish, int32_t *literals, uint32_t count) {
    struct slu_string word;
    for (uint32_t i = count; i-- > 0 && count > 1;) {
        int32_t left_out = literals[i];
        literals[i] = literals[count - 1];
        if (search(wish, literals, count - 1, &word) == SLU_TEXT_NONE) {
            count--;
        } else {
            literals[i] = left_out;
        }
    }
    return conflict(wish, literals, count);
}

/* Searches for a text with what is wanted and, of what is not, only as much as
 * texts found before had: a text lacks thousands of things by itself. */
static enum slu_theory_answer search_stepwise(const struct wish *wish, struct slu_string *word) {
    int32_t literals[PARTS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < wish->count; i++) {
        if (wish->count <= PARTS_MAX || wish->literals[i] > 0) {
            if (count == PARTS_MAX) {
                return SLU_THEORY_GAVE_UP;
            }
            literals[count++] = wish->literals[i];
        }
    }
    for (;;) {
        switch (search(wish, literals, count, word)) {
        case SLU_TEXT_WORD:
            break;
        case SLU_TEXT_NONE:
            return minimal_conflict(wish, literals, count);
        case SLU_TEXT_GAVE_UP:
            return SLU_THEORY_GAVE_UP;
        case SLU_TEXT_NO_MEMORY:
            return SLU_THEORY_NO_MEMORY;
        }
        uint32_t unfulfilled = first_unfulfilled(wish, *word);
        if (unfulfilled == wish->count) {
            return SLU_THEORY_FINE;
        }
        if (wish->arena->failed) {
            return SLU_THEORY_NO_MEMORY;
        }
        if (count == PARTS_MAX) {
            return SLU_THEORY_GAVE_UP;
        }
        literals[count++] = wish->literals[unfulfilled];
    }
}

static enum slu_theory_answer find_text(const struct wish *wish, struct slu_string *word) {
    if (find_likely(wish, word)) {
        return SLU_THEORY_FINE;
    }
    enum slu_theory_answer pairs = wish->count <= PARTS_MAX ? check_pairs(wish) : SLU_THEORY_FINE;
    return pairs != SLU_THEORY_FINE ? pairs : search_stepwise(wish, word);
}

/* ---- one subject after the other ---- */

static bool is_about_text(const struct slu_atom *atom) {
    return atom->kind == SLU_ATOM_IS || atom->kind == SLU_ATOM_IS_EXACTLY || atom->kind == SLU_ATOM_TEXT;
}

/* All that is wanted of the subject's text; GAVE_UP where an expression is too large for an automaton. */
static enum slu_theory_answer gather(const struct slu_instance *instance, struct wish *wish) {
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &instance->prover->atoms[number];
        if (atom->subject != wish->subject || !is_about_text(atom)) {
            continue;
        }
        if (atom->pattern == NULL) {
            return SLU_THEORY_GAVE_UP;
        }
        if (!SLU_RESERVE(wish->arena, wish->literals, wish->capacity, wish->count)) {
            return SLU_THEORY_NO_MEMORY;
        }
        wish->literals[wish->count++] = instance->truth[number] > 0 ? (int32_t)number + 1 : -(int32_t)number - 1;
    }
    return SLU_THEORY_FINE;
}

static enum slu_theory_answer check_text(struct slu_instance *instance, uint32_t subject) {
    struct slu_prover *prover = instance->prover;
    struct wish wish = {.prover = prover, .arena = &instance->arena, .subject = subject};
    if (slu_subject_choices(&prover->subjects[subject]) != NULL) {
        return SLU_THEORY_FINE; /* the clauses say it all */
    }
    enum slu_theory_answer answer = gather(instance, &wish);
    struct slu_found_text found = {.subject = subject};
    if (answer == SLU_THEORY_FINE) {
        answer = find_text(&wish, &found.text);
    }
    if (answer != SLU_THEORY_FINE) {
        return answer;
    }
    if (!SLU_RESERVE(&instance->arena, instance->texts, instance->text_capacity, instance->text_count)) {
        return SLU_THEORY_NO_MEMORY;
    }
    instance->texts[instance->text_count++] = found;
    return SLU_THEORY_FINE;
}

/* ---- spellings ---- */

/* Spelling number `number`: for each character one of those that fold alike.
 * False when there are not so many. */
static bool spell_numbered(struct slu_string written, uint32_t number, char *bytes, size_t *length) {
    *length = 0;
    for (size_t at = 0; at < written.length;) {
        uint32_t alike[4], character = slu_utf8_decode(written, &at);
        size_t count = slu_unicode_fold_class(character, alike);
        if (count > 1) {
            size_t own = 0;
            while (own + 1 < count && alike[own] != character) {
                own++;
            }
            character = alike[(own + number) % count];
            number /= (uint32_t)count;
        }
        *length += slu_utf8_encode(character, bytes + *length);
    }
    return number == 0;
}

bool slu_theory_spell(struct slu_prover *prover, struct slu_arena *arena, struct slu_string written,
                      const uint32_t *excluded, uint32_t excluded_count, struct slu_string *spelling) {
    char *bytes = slu_arena_alloc_bytes(arena, 4 * written.length + 1);
    for (uint32_t number = 0; bytes != NULL && number <= excluded_count; number++) {
        size_t length;
        if (!spell_numbered(written, number, bytes, &length)) {
            return false;
        }
        *spelling = (struct slu_string){bytes, length};
        bool free = true;
        for (uint32_t i = 0; i < excluded_count; i++) {
            free = free && !slu_string_equal(prover->atoms[excluded[i]].text, *spelling);
        }
        if (free) {
            return true;
        }
    }
    return false;
}

/* The list has `atom`'s text in some spelling: is one left that it may have? */
static enum slu_theory_answer check_element(struct slu_instance *instance, uint32_t number) {
    struct slu_prover *prover = instance->prover;
    struct slu_arena *arena = &instance->arena;
    uint32_t excluded[PARTS_MAX], count = 0;
    struct slu_string spelling;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        const struct slu_atom *other = &prover->atoms[instance->needed_atoms[i]];
        struct slu_string folded;
        if (other->kind != SLU_ATOM_HAS_EXACTLY || other->subject != prover->atoms[number].subject ||
            instance->truth[instance->needed_atoms[i]] > 0) {
            continue;
        }
        if (!slu_unicode_fold_string(arena, other->text, &folded)) {
            return SLU_THEORY_NO_MEMORY;
        }
        if (slu_string_equal(folded, prover->atoms[number].text)) {
            if (count == PARTS_MAX - 1) {
                return SLU_THEORY_GAVE_UP;
            }
            excluded[count++] = instance->needed_atoms[i];
        }
    }
    if (count == 0 || slu_theory_spell(prover, arena, prover->atoms[number].written, excluded, count, &spelling)) {
        return arena->failed ? SLU_THEORY_NO_MEMORY : SLU_THEORY_FINE;
    }
    int32_t clause[PARTS_MAX];
    clause[0] = -(int32_t)number - 1;
    for (uint32_t i = 0; i < count; i++) {
        clause[i + 1] = (int32_t)excluded[i] + 1;
    }
    return slu_prover_learn(prover, clause, count + 1) ? SLU_THEORY_CONFLICT : SLU_THEORY_NO_MEMORY;
}

enum slu_theory_answer slu_instance_theory(struct slu_instance *instance) {
    struct slu_prover *prover = instance->prover;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &prover->atoms[number];
        enum slu_theory_answer answer = SLU_THEORY_FINE;
        bool is_there = true;
        if (is_about_text(atom)) {
            (void)slu_instance_text(instance, atom->subject, &is_there);
            answer = is_there ? SLU_THEORY_FINE : check_text(instance, atom->subject);
        } else if (atom->kind == SLU_ATOM_HAS && instance->truth[number] > 0) {
            answer = check_element(instance, number);
        }
        if (answer != SLU_THEORY_FINE) {
            return answer;
        }
    }
    return SLU_THEORY_FINE;
}
