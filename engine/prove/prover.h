/* What the parts of the prover share; nothing outside engine/prove/ includes it.
 *
 * A condition becomes a formula over atoms; an atom says one thing about one
 * subject: a field, the clock, how old a time is, or a computed operand. Every
 * atom but PRESENT is used only together with its subject's PRESENT, because a
 * comparison on a missing field is false.
 *
 * Fields are told apart by name and type, not by their place in a model, so
 * that two programs can be compared in one prover. */
#ifndef SLU_PROVE_PROVER_H
#define SLU_PROVE_PROVER_H

#include "engine/base/buffer.h"
#include "engine/base/map.h"
#include "engine/code/program.h"
#include "engine/prove/formula.h"
#include "engine/prove/prove.h"
#include "engine/text/pattern.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_subject_kind {
    SLU_SUBJECT_FIELD,
    SLU_SUBJECT_NOW,
    SLU_SUBJECT_AGE,     /* the clock less a time */
    SLU_SUBJECT_COMPUTED /* any other operand: its value is not tied to the fields it reads */
};

struct slu_subject {
    enum slu_subject_kind kind;
    enum slu_type type;
    struct slu_string key;         /* tells subjects apart */
    const struct slu_field *field; /* FIELD: borrowed from the first model that has it */
    const struct slu_model *model; /* FIELD: that model */
    uint32_t base;                 /* AGE: the subject whose age it is */
    slu_formula present;
    uint32_t *values; /* atoms about its value, in the order made */
    uint32_t value_count, value_capacity;
};

enum slu_atom_kind {
    SLU_ATOM_PRESENT,
    SLU_ATOM_BELOW,      /* value < cut */
    SLU_ATOM_FLAG,       /* value is true */
    SLU_ATOM_IS,         /* text equals, letter case ignored; `text` is folded */
    SLU_ATOM_IS_EXACTLY, /* text equals `text` */
    SLU_ATOM_TEXT,       /* a predicate on text: contains, starts, ends, matches */
    SLU_ATOM_HAS,        /* list has an element, letter case ignored; `text` is folded */
    SLU_ATOM_HAS_EXACTLY,
    SLU_ATOM_ALLOWED, /* something is left of a rule's allowance */
    SLU_ATOM_OPAQUE   /* any other test: true or false as it likes */
};

struct slu_atom {
    enum slu_atom_kind kind;
    uint32_t subject; /* SLU_NO_INDEX: none (ALLOWED, OPAQUE) */
    slu_formula formula;
    double cut;
    struct slu_string text;            /* IS, HAS: folded; ALLOWED, OPAQUE: the key */
    struct slu_string written;         /* as first written in a rule */
    const struct slu_pattern *pattern; /* IS, IS_EXACTLY, TEXT; NULL: too large for an automaton */
    const struct slu_bound_rule *rule; /* ALLOWED */
    struct slu_string ruleset;         /* ALLOWED: its title */
    uint32_t allowance;                /* ALLOWED: which of the rule's */
    uint32_t next_alike;               /* ALLOWED: another one of the same rule and entity, or SLU_NO_INDEX */
    uint32_t *lemmas;                  /* those that name it */
    uint32_t lemma_count, lemma_capacity;
};

/* A clause over atoms that holds for every event: +n or -n for atom n - 1. */
struct slu_lemma {
    int32_t *literals;
    uint32_t count;
};

struct slu_prover {
    struct slu_arena *arena; /* for the prover's life; its `failed` is looked at before any verdict */
    const struct slu_prove_options *options;
    struct slu_formulas formulas;
    struct slu_subject *subjects;
    uint32_t subject_count, subject_capacity;
    struct slu_atom *atoms;
    uint32_t atom_count, atom_capacity;
    struct slu_lemma *lemmas;
    uint32_t lemma_count, lemma_capacity;
    struct slu_map subject_numbers, atom_numbers, text_pairs;
    struct slu_map allowances; /* rule and entity -> the last atom about what is left */
    struct slu_buffer scratch; /* for keys */
    bool expired;              /* the time given is over */
};

bool slu_prover_init(struct slu_prover *prover, struct slu_arena *arena, const struct slu_prove_options *options);
void slu_prover_free(struct slu_prover *prover);
/* Out of memory: no verdict is to be believed. */
bool slu_prover_failed(const struct slu_prover *prover);
/* Empties the scratch buffer. That it ran out of memory before is not forgotten. */
void slu_prover_clear_scratch(struct slu_prover *prover);
/* Is the time over? Asks at most as often as it is called. */
bool slu_prover_expired(struct slu_prover *prover);

/* ---- atoms.c ---- */

uint32_t slu_subject_field(struct slu_prover *prover, const struct slu_model *model, uint32_t field);
uint32_t slu_subject_now(struct slu_prover *prover);
uint32_t slu_subject_age(struct slu_prover *prover, uint32_t base);
uint32_t slu_subject_computed(struct slu_prover *prover, const struct slu_model *model,
                              const struct slu_expression *operand);
/* The choices of a field that has any, or NULL. */
const struct slu_words *slu_subject_choices(const struct slu_subject *subject);

/* Each is wholly said: present and so. */
slu_formula slu_atom_below(struct slu_prover *prover, uint32_t subject, double cut);
slu_formula slu_atom_flag(struct slu_prover *prover, uint32_t subject);
slu_formula slu_atom_is(struct slu_prover *prover, uint32_t subject, struct slu_string text, bool exactly);
slu_formula slu_atom_has(struct slu_prover *prover, uint32_t subject, struct slu_string text, bool exactly);
enum slu_text_shape { SLU_SHAPE_WHOLE, SLU_SHAPE_CONTAINS, SLU_SHAPE_STARTS, SLU_SHAPE_ENDS, SLU_SHAPE_MATCHES };
slu_formula slu_atom_text(struct slu_prover *prover, uint32_t subject, enum slu_text_shape shape,
                          struct slu_string text, bool exactly);
slu_formula slu_atom_opaque(struct slu_prover *prover, const struct slu_model *model,
                            const struct slu_expression *test);
/* As texts are compared: on the prover's arena; the text itself when out of memory. */
struct slu_string slu_prove_folded(struct slu_prover *prover, struct slu_string text);
/* Records a clause that every event keeps. */
bool slu_prover_learn(struct slu_prover *prover, const int32_t *literals, uint32_t count);
/* The lower-level making: the atom's number, or SLU_NO_INDEX when out of memory. */
uint32_t slu_prover_atom(struct slu_prover *prover, enum slu_atom_kind kind, uint32_t subject, double cut,
                         struct slu_string text);

/* ---- allowed.c ---- */

/* Something is left of the allowance, and the event says whose it is. */
slu_formula slu_atom_allowed(struct slu_prover *prover, const struct slu_model *model,
                             const struct slu_bound_rule *rule, uint32_t allowance);

/* ---- serialize.c ---- */

/* Writes what an expression means: two that write the same have the same value
 * on every event, also across programs. */
void slu_prove_write(struct slu_buffer *out, const struct slu_model *model, const struct slu_expression *expression);
void slu_prove_write_text(struct slu_buffer *out, struct slu_string text);
/* As written, for people: on one line, cut where it is long. On the arena; bytes NULL when out of memory. */
struct slu_string slu_prove_one_line(struct slu_arena *arena, struct slu_string text);
void slu_prove_write_number(struct slu_buffer *out, double number);
void slu_prove_write_count(struct slu_buffer *out, uint32_t count);
void slu_prove_write_action(struct slu_buffer *out, const struct slu_model *model,
                            const struct slu_bound_action *action);

/* ---- conditions.c ---- */

/* Without the parentheses around it. */
const struct slu_expression *slu_prove_inside(const struct slu_expression *expression);
/* A literal number, flag, time or duration. */
bool slu_prove_number(const struct slu_expression *expression, double *number);
/* The list, where all its elements are constants; NULL otherwise. */
const struct slu_expression *slu_prove_list(const struct slu_model *model, const struct slu_expression *expression);

slu_formula slu_prove_condition(struct slu_prover *prover, const struct slu_model *model,
                                const struct slu_expression *condition);
/* `when` and `unless` of a rule; and with its allowances. */
slu_formula slu_prove_conditions(struct slu_prover *prover, const struct slu_model *model,
                                 const struct slu_bound_rule *rule);
slu_formula slu_prove_rule(struct slu_prover *prover, const struct slu_model *model, const struct slu_bound_rule *rule);

/* ---- guards.c ---- */

/* Is the action, by name or by its service, among the masks? */
bool slu_masks_name(const struct slu_model *model, const struct slu_bound_mask *masks, uint32_t count,
                    uint32_t operation);
/* When some guard stops the action. */
slu_formula slu_prove_blocked(struct slu_prover *prover, const struct slu_model *model, uint32_t operation);
/* Of two actions that undo each other, the one declared first gives the tag. */
bool slu_operation_takes_tag_away(const struct slu_model *model, uint32_t operation);
/* A call that puts a tag on, and so may take others of an exclusive group off. */
bool slu_action_gives_tag(const struct slu_model *model, const struct slu_bound_action *action);
/* Is the tag, in any spelling, a member? */
bool slu_group_has(struct slu_prover *prover, const struct slu_tag_group *group, struct slu_string tag);
bool slu_model_has_exclusive_group(const struct slu_model *model);

#endif
