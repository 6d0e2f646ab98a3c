/* Cuts Unicode where any class begins or ends, and puts pieces together again
 * that belong to the same classes. */
#include "engine/prove/text_alphabet.h"

#include "engine/text/pattern_internal.h"

#include <stdlib.h>
#include <string.h>

enum { SURROGATES_FIRST = 0xD800, SURROGATES_END = 0xE000, UNICODE_END = 0x110000 };

/* Where the pieces are cut in any case: at what is plain to read and what is a word. */
static const uint32_t fixed_cuts[] = {0,
                                      ' ',
                                      '0',
                                      '9' + 1,
                                      'A',
                                      'Z' + 1,
                                      '_',
                                      '_' + 1,
                                      'a',
                                      'z' + 1,
                                      127,
                                      0xA1,
                                      0x370,
                                      SURROGATES_FIRST,
                                      SURROGATES_END,
                                      UNICODE_END};
enum { FIXED_CUTS = sizeof fixed_cuts / sizeof *fixed_cuts };

static int compare_cuts(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static int compare_letters(const void *left, const void *right) {
    const struct slu_letter *a = left, *b = right;
    return a->rank != b->rank ? (a->rank > b->rank) - (a->rank < b->rank)
                              : (a->character > b->character) - (a->character < b->character);
}

static bool is_word(uint32_t character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

static uint32_t rank_of(uint32_t character) {
    if (character >= 'a' && character <= 'z') {
        return 0;
    }
    if (character >= '0' && character <= '9') {
        return 1;
    }
    if (character >= 'A' && character <= 'Z') {
        return 2;
    }
    if (character >= ' ' && character < 127) {
        return 3;
    }
    return character >= 0xA1 ? 4 : 5;
}

static uint32_t *cuts_of(struct slu_arena *arena, const struct slu_text_demand *demands, uint32_t count,
                         size_t *cut_count) {
    size_t room = FIXED_CUTS;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t class = 0; class < demands[i].pattern->class_count; class ++) {
            room += 2 * (size_t)demands[i].pattern->classes[class].range_count;
        }
    }
    uint32_t *cuts = SLU_NEW_ARRAY(arena, uint32_t, room);
    if (cuts == NULL) {
        return NULL;
    }
    memcpy(cuts, fixed_cuts, sizeof fixed_cuts);
    size_t place = FIXED_CUTS;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t class = 0; class < demands[i].pattern->class_count; class ++) {
            const struct slu_pattern_class *set = &demands[i].pattern->classes[class];
            for (uint32_t range = 0; range < set->range_count; range++) {
                cuts[place++] = set->ranges[range].first;
                cuts[place++] = set->ranges[range].last + 1;
            }
        }
    }
    qsort(cuts, place, sizeof *cuts, compare_cuts);
    size_t kept = 0;
    for (size_t i = 0; i < place; i++) {
        if (kept == 0 || cuts[i] != cuts[kept - 1]) {
            cuts[kept++] = cuts[i];
        }
    }
    *cut_count = kept;
    return cuts;
}

/* Which classes have the character. */
static void classify(const struct slu_text_demand *demands, uint32_t count, uint32_t character, uint64_t *bits) {
    uint32_t bit = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t class = 0; class < demands[i].pattern->class_count; class ++, bit++) {
            if (slu_pattern_class_has(&demands[i].pattern->classes[class], character)) {
                bits[bit / 64] |= UINT64_C(1) << (bit % 64);
            }
        }
    }
}

static struct slu_letter *find(const struct slu_alphabet *alphabet, const uint64_t *bits, size_t words, bool word) {
    for (uint32_t i = 0; i < alphabet->count; i++) {
        struct slu_letter *letter = &alphabet->letters[i];
        if (letter->word == word && memcmp(letter->classes, bits, words * sizeof *bits) == 0) {
            return letter;
        }
    }
    return NULL;
}

bool slu_alphabet_make(struct slu_arena *arena, const struct slu_text_demand *demands, uint32_t count,
                       struct slu_alphabet *alphabet) {
    size_t cut_count;
    const uint32_t *cuts = cuts_of(arena, demands, count, &cut_count);
    *alphabet = (struct slu_alphabet){.first_class = SLU_NEW_ARRAY(arena, uint32_t, (size_t)count + 1)};
    if (cuts == NULL || alphabet->first_class == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        alphabet->first_class[i + 1] = alphabet->first_class[i] + demands[i].pattern->class_count;
    }
    size_t words = alphabet->first_class[count] / 64 + 1;
    alphabet->letters = SLU_NEW_ARRAY(arena, struct slu_letter, cut_count);
    if (alphabet->letters == NULL) {
        return false;
    }
    for (size_t i = 0; i + 1 < cut_count; i++) {
        uint32_t character = cuts[i];
        if (character >= SURROGATES_FIRST && character < SURROGATES_END) {
            continue;
        }
        uint64_t *bits = SLU_NEW_ARRAY(arena, uint64_t, words);
        if (bits == NULL) {
            return false;
        }
        classify(demands, count, character, bits);
        struct slu_letter *letter = find(alphabet, bits, words, is_word(character));
        if (letter == NULL) {
            letter = &alphabet->letters[alphabet->count++];
            *letter = (struct slu_letter){character, rank_of(character), is_word(character), bits};
        } else if (rank_of(character) < letter->rank) {
            letter->character = character;
            letter->rank = rank_of(character);
        }
    }
    qsort(alphabet->letters, alphabet->count, sizeof *alphabet->letters, compare_letters);
    return true;
}
