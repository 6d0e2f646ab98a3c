/* Regular expressions: one parser that defines the accepted syntax, and a
 * matcher in linear time (simulated NFA over code points). The prover reads
 * the same automaton.
 *
 * Syntax: . [] [^] ranges, \d \w \s \D \W \S \b \B (ASCII), ^ $ (the text's
 * ends), ( ) (?: ) |, * + ? {n} {n,} {n,m} and their lazy forms (which find
 * the same), \n \t \r \f \v \\ \/ \. and other escaped punctuation, \x41 \u{1F600}.
 * `.` is any character but a newline. Refused: back-references, look-around,
 * possessive and atomic groups, named groups, recursion, \p, flags, empty
 * classes, and { } ] that are not escaped and close or count nothing.
 *
 * Ignoring case, a character or range stands for everything that folds as one
 * of its members does, and [^...] for all else: [^k] excludes the KELVIN SIGN.
 * \d \w \s \b are ASCII and stay so: \w does not find the KELVIN SIGN, \W,
 * its exact complement, does.
 */
#ifndef SLU_TEXT_PATTERN_H
#define SLU_TEXT_PATTERN_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slu_pattern;

enum slu_pattern_status { SLU_PATTERN_OK, SLU_PATTERN_INVALID, SLU_PATTERN_NO_MEMORY };

struct slu_pattern_error {
    size_t at;         /* byte offset in the pattern */
    char message[160]; /* what is wrong and what to do, for a person */
};

/* Compiles `text`; case is ignored (simple folding on both sides) unless
 * `exactly`. *pattern is on the arena, immutable afterwards. */
enum slu_pattern_status slu_pattern_compile(struct slu_arena *arena, struct slu_string text, bool exactly,
                                            const struct slu_pattern **pattern, struct slu_pattern_error *error);
/* Is it found anywhere in `subject` (valid UTF-8, not folded)? *failed is set
 * when the scratch memory could not be had. Time: states x length. */
bool slu_pattern_found(const struct slu_pattern *pattern, struct slu_string subject, struct slu_arena *scratch,
                       bool *failed);
/* Does a match begin at the byte `from`, where a character does, or behind it? Takes the states that
 * were tried, on each character anew, off *visits_left. Once that is 0 the answer is false and means nothing. */
bool slu_pattern_found_from(const struct slu_pattern *pattern, struct slu_string subject, size_t from,
                            struct slu_arena *scratch, uint64_t *visits_left, bool *failed);

/* An expression cut in two before one of the pieces of which it is a sequence: it is found where its first part is
 * found up to a place and its second from there on. */
struct slu_pattern_cut {
    const struct slu_pattern *before; /* the first part, from its end to its start; NULL: no cut */
    uint32_t state;                   /* of the whole, where the second part starts */
};
/* `tree`, which is used up, and `piece` as slu_pattern_factors gives them. On the arena. False when out of memory. */
struct slu_pattern_node;
bool slu_pattern_make_cut(struct slu_arena *arena, const struct slu_pattern *pattern, struct slu_pattern_node *tree,
                          uint32_t piece, struct slu_pattern_cut *cut);
/* Is it found with its cut at the byte `at`, where a character begins? Visits as above. */
bool slu_pattern_found_around(const struct slu_pattern *pattern, const struct slu_pattern_cut *cut,
                              struct slu_string subject, size_t at, struct slu_arena *scratch, uint64_t *visits_left,
                              bool *failed);
struct slu_string slu_pattern_text(const struct slu_pattern *pattern);
/* Was it compiled so that letter case counts? */
bool slu_pattern_is_exact(const struct slu_pattern *pattern);

#endif
