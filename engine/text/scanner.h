/* Thousands of literals, sought in one pass over a text.
 *
 * Every literal is known by a few *windows*: runs of four bytes (or two, for the
 * shortest), one after the other, as many as the scan's *stride*. The scan looks
 * at one window of the text in a stride, so one of a literal's must be among
 * them wherever it stands. Groups of windows and a filter pass over the windows of no
 * literal; behind the others the literals are compared byte for byte. */
#ifndef SLU_TEXT_SCANNER_H
#define SLU_TEXT_SCANNER_H

#include "engine/base/arena.h"
#include "engine/base/string.h"
#include "engine/text/pattern.h"

#include <stdbool.h>
#include <stdint.h>

/* A literal that is sought; the same one may stand for many numbers. */
struct slu_sought {
    struct slu_string text; /* at least SLU_SOUGHT_BYTES */
    uint32_t number;
};
enum { SLU_SOUGHT_BYTES = 2, SLU_SCANNER_WORD_BITS = 64 };

struct slu_scanner; /* immutable, on an arena: threads may share it */

/* *scanner is on the arena. The items are put in another order. False when out of memory. */
bool slu_scanner_build(struct slu_arena *arena, struct slu_sought *items, uint32_t count,
                       const struct slu_scanner **scanner);
/* How many different literals it has, and the bytes of the shortest; SIZE_MAX: there is none. */
uint32_t slu_scanner_size(const struct slu_scanner *scanner);
size_t slu_scanner_shortest(const struct slu_scanner *scanner);

/* A number of which some literal is in the text at the byte `place`, none of them before `earliest`. */
struct slu_scanner_hit {
    size_t place, earliest;
    uint32_t number;
};
enum { SLU_SCANNER_HITS_LEAST = 4 };

/* What a scan finds. */
struct slu_scanner_hits {
    struct slu_arena *arena;       /* of more items, and of `met` */
    uint64_t *found;               /* a bit for each number: all 0 at first */
    uint64_t *met;                 /* a bit for each literal, the same; or NULL */
    struct slu_scanner_hit *items; /* each number once, in no order; room for `capacity`, which may be 0, at first */
    uint32_t count, capacity;
    bool failed; /* out of memory: the hits mean nothing */
};

/* Each comparison takes one and one for every 16 bytes off *comparisons_left; once that
 * is 0 the hits mean nothing. */
void slu_scanner_run(const struct slu_scanner *scanner, struct slu_string text, struct slu_scanner_hits *hits,
                     uint64_t *comparisons_left);

/* How most places of the text are passed over: one kernel for each kind of processor, all with the same answers and
 * comparisons. Of those that run on this one the fastest is number 0; NULL: there are no more. */
struct slu_scanner_kernel;
const struct slu_scanner_kernel *slu_scanner_kernel_at(uint32_t index);
void slu_scanner_run_on(const struct slu_scanner_kernel *kernel, const struct slu_scanner *scanner,
                        struct slu_string text, struct slu_scanner_hits *hits, uint64_t *comparisons_left);

/* Literals of which at least one is in every text in which an expression is found. */
struct slu_factors {
    const struct slu_string *texts;
    uint32_t count;
    uint32_t before; /* a match has one of them behind so many characters or fewer; UINT32_MAX: unknown */
    uint32_t piece;  /* of the sequence that the expression is: where the text starts; SLU_NO_PIECE: inside of one */
};
enum { SLU_FACTORS_MOST = 8 };
#define SLU_NO_PIECE UINT32_MAX

/* scanner_factors.c: up to SLU_FACTORS_MOST such sets, of texts that are folded unless the
 * expression is exact; *count 0: none are known. The texts are on the arena, the expression's *tree
 * on the scratch arena. False when out of memory. */
bool slu_pattern_factors(struct slu_arena *arena, struct slu_arena *scratch, const struct slu_pattern *pattern,
                         struct slu_factors factors[SLU_FACTORS_MOST], uint32_t *count, struct slu_pattern_node **tree);

#endif
