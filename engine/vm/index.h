/* Asks a ruleset's index which rules may win. */
#ifndef SLU_VM_INDEX_H
#define SLU_VM_INDEX_H

#include "engine/code/index.h"
#include "engine/vm/machine.h"

/* `only` of a look that is not early and that no row has asked for. */
#define SLU_INDEX_NOT_FOUND UINT32_MAX

enum { SLU_INDEX_HITS_INLINE = 32 };
/* On its way through the rows that hold, by rule. Where there are a few words of rows
 * and no candidates, each row is settled when its turn comes; else all are found first. */
struct slu_index_search {
    const struct slu_index *index;
    const struct slu_program_rule *rules; /* of the ruleset */
    struct slu_machine *machine;
    struct slu_index_found *found;
    enum slu_machine_status status;
    bool in_turn; /* `bits` are searched, else `items` */
    bool settled; /* the late columns were applied to bits[word] */
    bool confirm; /* ... as far as was worth it: parts tell */
    uint32_t word;
    uint32_t tried; /* the rule that was found last */
    uint64_t bits[SLU_INDEX_FEW_WORDS];
    /* Rows that hold, as their rules with flags (see struct slu_index_row). */
    uint32_t best; /* the least that wins for certain, UINT32_MAX: none does; no row from there on can win */
    /* A heap of those that may not win, the least rule first. */
    uint32_t *items; /* `few`, or on the event's arena */
    uint32_t count, capacity;
    uint32_t few[SLU_INDEX_HITS_INLINE];
};

/* Finds the classes of the early looks; found[i] is that of look i, and borrows
 * from the arena. False when out of memory. */
bool slu_index_find_early(const struct slu_index *index, const struct slu_value *slots, struct slu_arena *arena,
                          struct slu_index_found *found);
/* The same of look `number`, at the machine's clock. */
enum slu_machine_status slu_index_find_late(const struct slu_index *index, uint32_t number, struct slu_machine *machine,
                                            struct slu_index_found *found);

/* What the classes alone say about the rules: which one wins, its number in the ruleset in
 * *rule; that none holds; or that more has to be asked, as below. */
enum slu_index_answer { SLU_INDEX_CANNOT_TELL, SLU_INDEX_NONE_HOLDS, SLU_INDEX_WINS };
/* Of an index with few rows, by the early looks. */
enum slu_index_answer slu_index_outright(const struct slu_index *index, const struct slu_index_found *found,
                                         uint32_t *rule);

/* Begins with the rows that hold for the machine's slots, of which `found` has the early
 * looks' classes; takes up the late ones, which may take steps. `rules`: the ruleset's. All is
 * borrowed. What it gives is the first rule of which a row holds: its number in the ruleset, and in
 * *unsure whether the machine must confirm. False: there is none, or search->status says what failed. */
bool slu_index_first(struct slu_index_search *search, const struct slu_index *index,
                     const struct slu_program_rule *rules, struct slu_machine *machine, struct slu_index_found *found,
                     uint32_t *rule, bool *unsure);
/* The next one. */
bool slu_index_next(struct slu_index_search *search, uint32_t *rule, bool *unsure);

#endif
