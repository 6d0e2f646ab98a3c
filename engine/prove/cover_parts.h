/* What the parts of `cover` share; nothing else includes it. */
#ifndef SLU_PROVE_COVER_PARTS_H
#define SLU_PROVE_COVER_PARTS_H

#include "engine/base/buffer.h"
#include "engine/prove/cover.h"

/* An event that some test decides, and who wins it. */
struct slu_cover_shown {
    uint32_t ruleset, winner; /* SLU_REPLAY_NONE: no rule */
    bool whole;               /* it shows what the rule does, or is a test of the program's own */
    struct slu_witness event;
};

struct slu_covering {
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_replay replay;
    struct slu_query query;
    struct slu_arena arena; /* for the whole */
    const struct sluice_program *program;
    struct slu_prove_cover *cover;
    struct slu_cover_shown *shown;
    uint32_t shown_count, shown_capacity;
    struct slu_map titles;
    bool *used_up; /* all false: what tests spend is not looked at */
    bool failed;
};

/* ---- cover_shown.c ---- */

/* Notes what the program's tests decide. False when out of memory. */
bool slu_cover_note_tests(struct slu_covering *covering);
bool slu_cover_remember(struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                        const struct slu_witness *event, bool whole);
/* Does a test show what this one would? `value`: what it is about; NULL: that the rule wins. */
bool slu_cover_is_shown(struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                        const struct slu_witness *event, const struct slu_cover_value *value);
/* Does a test show the rule when all that it lacks is what was used up? */
bool slu_cover_is_allowance_shown(struct slu_covering *covering, uint32_t rule, uint32_t winner);

/* ---- cover_write.c ---- */

/* A test under way; `covering->failed` is set when memory runs out. */
struct slu_cover_writing {
    struct slu_buffer title, event, given, text;
};

void slu_cover_writing_init(struct slu_cover_writing *writing);
void slu_cover_writing_free(struct slu_cover_writing *writing);
void slu_cover_write_given(struct slu_covering *covering, const struct slu_witness *event,
                           const struct slu_cover_value *value, struct slu_buffer *out);
void slu_cover_write_expected(const struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                              struct slu_buffer *out);
/* What the event replayed last makes the rule do. */
void slu_cover_write_actions(struct slu_covering *covering, uint32_t ruleset, struct slu_buffer *out);
void slu_cover_write_title(struct slu_covering *covering, uint32_t rule, uint32_t winner,
                           const struct slu_cover_value *value, struct slu_buffer *out);
/* Gives the test away, its title in `title`, the rest of it in `given`. */
void slu_cover_give(struct slu_covering *covering, struct slu_cover_writing *writing, uint32_t rule, uint32_t winner);

/* ---- cover_steps.c ---- */

/* Writes the test, unless one like it is there. The event was replayed last. `value`: what the
 * test is about; NULL: that the rule wins, and what it does. */
void slu_cover_show(struct slu_covering *covering, uint32_t rule, uint32_t winner, const struct slu_witness *event,
                    const struct slu_cover_value *value);
/* As often as the allowance lets it, and once more. */
void slu_cover_show_allowance(struct slu_covering *covering, uint32_t rule, const struct slu_witness *base,
                              uint32_t number);

#endif
