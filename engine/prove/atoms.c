/* Subjects and atoms: each made once, found again by a key. */
#include "engine/input/value.h"
#include "engine/prove/prover.h"
#include "engine/text/unicode.h"

#include <float.h>
#include <math.h>
#include <string.h>

bool slu_prover_init(struct slu_prover *prover, struct slu_arena *arena, const struct slu_prove_options *options) {
    *prover = (struct slu_prover){.arena = arena, .options = options};
    slu_map_init(&prover->subject_numbers, arena);
    slu_map_init(&prover->atom_numbers, arena);
    slu_map_init(&prover->text_pairs, arena);
    slu_map_init(&prover->allowances, arena);
    slu_buffer_init(&prover->scratch);
    return slu_formulas_init(&prover->formulas, arena);
}

void slu_prover_free(struct slu_prover *prover) {
    slu_buffer_free(&prover->scratch);
}

bool slu_prover_failed(const struct slu_prover *prover) {
    return prover->arena->failed || prover->scratch.failed;
}

void slu_prover_clear_scratch(struct slu_prover *prover) {
    prover->arena->failed |= prover->scratch.failed;
    slu_buffer_clear(&prover->scratch);
}

bool slu_prover_expired(struct slu_prover *prover) {
    const struct slu_prove_options *options = prover->options;
    if (!prover->expired && options->expired != NULL) {
        prover->expired = options->expired(options->context);
    }
    return prover->expired;
}

/* What the key in `scratch` stands for in `numbers`; a new one is `next`.
 * *key is its lasting copy when it is new. SLU_NO_INDEX when out of memory. */
static uint32_t number_of(struct slu_prover *prover, struct slu_map *numbers, uint32_t next, struct slu_string *key) {
    if (slu_prover_failed(prover)) {
        return SLU_NO_INDEX;
    }
    uint32_t number = slu_map_find(numbers, slu_buffer_string(&prover->scratch));
    if (number != SLU_MAP_NONE) {
        return number;
    }
    if (!slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), key) ||
        !slu_map_put(numbers, *key, next)) {
        return SLU_NO_INDEX;
    }
    return next;
}

uint32_t slu_prover_atom(struct slu_prover *prover, enum slu_atom_kind kind, uint32_t subject, double cut,
                         struct slu_string text) {
    slu_prover_clear_scratch(prover);
    slu_prove_write_count(&prover->scratch, (uint32_t)kind);
    slu_prove_write_count(&prover->scratch, subject);
    if (kind == SLU_ATOM_BELOW) {
        slu_prove_write_number(&prover->scratch, cut);
    }
    slu_buffer_add(&prover->scratch, text);
    struct slu_string key;
    uint32_t number = number_of(prover, &prover->atom_numbers, prover->atom_count, &key);
    if (number == SLU_NO_INDEX || number < prover->atom_count) {
        return number;
    }
    if (!SLU_RESERVE(prover->arena, prover->atoms, prover->atom_capacity, prover->atom_count)) {
        return SLU_NO_INDEX;
    }
    struct slu_atom *atom = &prover->atoms[prover->atom_count++];
    *atom = (struct slu_atom){.kind = kind, .subject = subject, .cut = cut};
    atom->formula = slu_formula_atom(&prover->formulas, number);
    if (!slu_arena_copy_string(prover->arena, text, &atom->text)) {
        return SLU_NO_INDEX;
    }
    atom->written = atom->text;
    if (subject != SLU_NO_INDEX && kind != SLU_ATOM_PRESENT) {
        struct slu_subject *about = &prover->subjects[subject];
        if (!SLU_RESERVE(prover->arena, about->values, about->value_capacity, about->value_count)) {
            return SLU_NO_INDEX;
        }
        about->values[about->value_count++] = number;
    }
    return number;
}

bool slu_prover_learn(struct slu_prover *prover, const int32_t *literals, uint32_t count) {
    if (!SLU_RESERVE(prover->arena, prover->lemmas, prover->lemma_capacity, prover->lemma_count)) {
        return false;
    }
    struct slu_lemma lemma = {SLU_NEW_ARRAY(prover->arena, int32_t, count), count};
    if (lemma.literals == NULL) {
        return false;
    }
    memcpy(lemma.literals, literals, count * sizeof *literals);
    for (uint32_t i = 0; i < count; i++) {
        struct slu_atom *atom = &prover->atoms[slu_formula_index(literals[i]) - 1];
        if (!SLU_RESERVE(prover->arena, atom->lemmas, atom->lemma_capacity, atom->lemma_count)) {
            return false;
        }
        atom->lemmas[atom->lemma_count++] = prover->lemma_count;
    }
    prover->lemmas[prover->lemma_count++] = lemma;
    return true;
}

/* ---- subjects ---- */

/* The subject of the key in `scratch`; *is_new: it was made, and only its key and kind are set. */
static uint32_t subject_of(struct slu_prover *prover, enum slu_subject_kind kind, enum slu_type type, bool *is_new) {
    struct slu_string key;
    uint32_t number = number_of(prover, &prover->subject_numbers, prover->subject_count, &key);
    *is_new = number == prover->subject_count;
    if (number == SLU_NO_INDEX || !*is_new) {
        return number;
    }
    if (!SLU_RESERVE(prover->arena, prover->subjects, prover->subject_capacity, prover->subject_count)) {
        *is_new = false;
        return SLU_NO_INDEX;
    }
    prover->subjects[prover->subject_count++] =
        (struct slu_subject){.kind = kind, .type = type, .key = key, .base = SLU_NO_INDEX, .present = SLU_ALWAYS};
    return number;
}

static void give_presence(struct slu_prover *prover, uint32_t subject) {
    uint32_t atom = slu_prover_atom(prover, SLU_ATOM_PRESENT, subject, 0, (struct slu_string){NULL, 0});
    if (atom != SLU_NO_INDEX) {
        prover->subjects[subject].present = prover->atoms[atom].formula;
    }
}

/* Name, type, and for what is not in the event, where it comes from. */
static void write_field_key(struct slu_buffer *out, const struct slu_model *model, const struct slu_field *field) {
    slu_buffer_add_text(out, "field ");
    slu_prove_write_text(out, field->name.text);
    slu_prove_write_count(out, (uint32_t)field->type.type);
    slu_prove_write_count(out, (uint32_t)field->origin);
    for (uint32_t i = 0; i < field->type.choices.count; i++) {
        slu_prove_write_text(out, field->type.choices.items[i].text);
    }
    if (field->origin == SLU_FIELD_STATE && field->initial != NULL) {
        slu_buffer_add_text(out, " = ");
        slu_prove_write(out, model, field->initial);
    }
    if (field->origin == SLU_FIELD_LOOKUP) {
        const struct slu_lookup *lookup = &model->lookups[field->lookup];
        slu_prove_write_text(out, model->operations[lookup->operation].name);
        for (uint32_t i = 0; i < lookup->argument_count; i++) {
            slu_buffer_add_byte(out, ',');
            if (lookup->arguments[i] != NULL) {
                slu_prove_write(out, model, lookup->arguments[i]->value);
            }
        }
    }
}

/* State is there only where it is known whose it is. */
static void need_entity(struct slu_prover *prover, uint32_t subject, const struct slu_model *model, uint32_t field) {
    const struct slu_field *declared = &model->fields[field];
    if (declared->origin != SLU_FIELD_STATE || declared->entity_id == SLU_NO_INDEX || declared->entity_id == field) {
        return;
    }
    uint32_t entity = slu_subject_field(prover, model, declared->entity_id);
    if (entity != SLU_NO_INDEX) {
        prover->subjects[subject].present =
            slu_formula_and2(&prover->formulas, prover->subjects[subject].present, prover->subjects[entity].present);
    }
}

uint32_t slu_subject_field(struct slu_prover *prover, const struct slu_model *model, uint32_t field) {
    const struct slu_field *declared = &model->fields[field];
    bool is_new;
    slu_prover_clear_scratch(prover);
    write_field_key(&prover->scratch, model, declared);
    uint32_t subject = subject_of(prover, SLU_SUBJECT_FIELD, declared->type.type, &is_new);
    if (is_new) {
        prover->subjects[subject].field = declared;
        prover->subjects[subject].model = model;
        if (declared->type.type != SLU_TYPE_LIST) {
            give_presence(prover, subject);
            need_entity(prover, subject, model, field);
        }
    }
    return subject;
}

uint32_t slu_subject_now(struct slu_prover *prover) {
    bool is_new;
    slu_prover_clear_scratch(prover);
    slu_buffer_add_text(&prover->scratch, "now");
    return subject_of(prover, SLU_SUBJECT_NOW, SLU_TYPE_TIME, &is_new);
}

uint32_t slu_subject_age(struct slu_prover *prover, uint32_t base) {
    bool is_new;
    slu_prover_clear_scratch(prover);
    slu_buffer_add_text(&prover->scratch, "age ");
    slu_prove_write_count(&prover->scratch, base);
    uint32_t subject = subject_of(prover, SLU_SUBJECT_AGE, SLU_TYPE_DURATION, &is_new);
    if (is_new) {
        prover->subjects[subject].base = base;
        prover->subjects[subject].present = prover->subjects[base].present;
    }
    return subject;
}

uint32_t slu_subject_computed(struct slu_prover *prover, const struct slu_model *model,
                              const struct slu_expression *operand) {
    bool is_new;
    slu_prover_clear_scratch(prover);
    slu_buffer_add_text(&prover->scratch, "computed ");
    slu_prove_write(&prover->scratch, model, operand);
    uint32_t subject = subject_of(prover, SLU_SUBJECT_COMPUTED, (enum slu_type)operand->type, &is_new);
    if (is_new) {
        give_presence(prover, subject);
    }
    return subject;
}

const struct slu_words *slu_subject_choices(const struct slu_subject *subject) {
    return subject->field != NULL && subject->type == SLU_TYPE_TEXT && subject->field->type.choices.count > 0
               ? &subject->field->type.choices
               : NULL;
}

/* ---- what is said of them ---- */

static slu_formula said(struct slu_prover *prover, uint32_t subject, uint32_t atom) {
    if (atom == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    return slu_formula_and2(&prover->formulas, prover->subjects[subject].present, prover->atoms[atom].formula);
}

slu_formula slu_atom_below(struct slu_prover *prover, uint32_t subject, double cut) {
    if (subject == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    const struct slu_subject *about = &prover->subjects[subject];
    bool time = about->type == SLU_TYPE_TIME;
    double least = time ? SLU_TIME_MIN : -DBL_MAX, greatest = time ? SLU_TIME_MAX : DBL_MAX;
    if (time || about->kind == SLU_SUBJECT_AGE) {
        cut = ceil(cut); /* times are whole milliseconds */
    }
    cut += 0.0; /* no -0 */
    if (!(cut > least)) {
        return SLU_NEVER;
    }
    if (cut > greatest) {
        return about->present;
    }
    uint32_t atom = slu_prover_atom(prover, SLU_ATOM_BELOW, subject, cut, (struct slu_string){NULL, 0});
    return said(prover, subject, atom);
}

slu_formula slu_atom_flag(struct slu_prover *prover, uint32_t subject) {
    if (subject == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    return said(prover, subject, slu_prover_atom(prover, SLU_ATOM_FLAG, subject, 0, (struct slu_string){NULL, 0}));
}

/* The text as an expression that finds it so: everything that could mean something escaped. */
static void write_pattern(struct slu_buffer *out, enum slu_text_shape shape, struct slu_string text) {
    if (shape == SLU_SHAPE_MATCHES) {
        slu_buffer_add(out, text);
        return;
    }
    if (shape == SLU_SHAPE_WHOLE || shape == SLU_SHAPE_STARTS) {
        slu_buffer_add_byte(out, '^');
    }
    for (size_t at = 0; at < text.length;) {
        uint32_t character = slu_utf8_decode(text, &at);
        bool plain = (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
                     (character >= 'A' && character <= 'Z');
        if (plain) {
            slu_buffer_add_byte(out, (char)character);
        } else {
            slu_buffer_add_format(out, "\\u{%X}", (unsigned)character);
        }
    }
    if (shape == SLU_SHAPE_WHOLE || shape == SLU_SHAPE_ENDS) {
        slu_buffer_add_byte(out, '$');
    }
}

/* NULL where the automaton would be too large: then nothing is known of the text. */
static const struct slu_pattern *pattern_of(struct slu_prover *prover, enum slu_text_shape shape,
                                            struct slu_string text, bool exactly) {
    const struct slu_pattern *pattern = NULL;
    struct slu_pattern_error error;
    slu_prover_clear_scratch(prover);
    write_pattern(&prover->scratch, shape, text);
    struct slu_string written;
    if (slu_prover_failed(prover) ||
        !slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), &written)) {
        return NULL;
    }
    enum slu_pattern_status status = slu_pattern_compile(prover->arena, written, exactly, &pattern, &error);
    if (status == SLU_PATTERN_NO_MEMORY) {
        prover->arena->failed = true; /* its scratch memory is its own: only this tells the prover */
    }
    return status == SLU_PATTERN_OK ? pattern : NULL;
}

struct slu_string slu_prove_folded(struct slu_prover *prover, struct slu_string text) {
    struct slu_string result = text;
    (void)slu_unicode_fold_string(prover->arena, text, &result);
    return result;
}

/* An atom that an automaton decides. */
static uint32_t text_atom(struct slu_prover *prover, enum slu_atom_kind kind, uint32_t subject, struct slu_string key,
                          enum slu_text_shape shape, struct slu_string written, bool exactly) {
    uint32_t before = prover->atom_count;
    uint32_t number = slu_prover_atom(prover, kind, subject, 0, key);
    if (number != SLU_NO_INDEX && number == before) {
        const struct slu_pattern *pattern = pattern_of(prover, shape, written, exactly);
        prover->atoms[number].pattern = pattern;
        (void)slu_arena_copy_string(prover->arena, written, &prover->atoms[number].written);
    }
    return number;
}

/* Of a choice field the declared spelling of `text`, or NULL. */
static const struct slu_word *choice_of(struct slu_prover *prover, const struct slu_words *choices,
                                        struct slu_string text, bool exactly) {
    for (uint32_t i = 0; i < choices->count; i++) {
        struct slu_string declared = choices->items[i].text;
        if (exactly ? slu_string_equal(declared, text)
                    : slu_string_equal(slu_prove_folded(prover, declared), slu_prove_folded(prover, text))) {
            return &choices->items[i];
        }
    }
    return NULL;
}

slu_formula slu_atom_is(struct slu_prover *prover, uint32_t subject, struct slu_string text, bool exactly) {
    if (subject == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    const struct slu_words *choices = slu_subject_choices(&prover->subjects[subject]);
    if (choices != NULL) {
        const struct slu_word *choice = choice_of(prover, choices, text, exactly);
        if (choice == NULL) {
            return SLU_NEVER;
        }
        text = choice->text;
        exactly = false; /* the value is always spelled as declared */
    }
    uint32_t atom =
        exactly ? text_atom(prover, SLU_ATOM_IS_EXACTLY, subject, text, SLU_SHAPE_WHOLE, text, true)
                : text_atom(prover, SLU_ATOM_IS, subject, slu_prove_folded(prover, text), SLU_SHAPE_WHOLE, text, false);
    return said(prover, subject, atom);
}

slu_formula slu_atom_has(struct slu_prover *prover, uint32_t subject, struct slu_string text, bool exactly) {
    if (subject == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    enum slu_atom_kind kind = exactly ? SLU_ATOM_HAS_EXACTLY : SLU_ATOM_HAS;
    uint32_t before = prover->atom_count;
    uint32_t atom = slu_prover_atom(prover, kind, subject, 0, exactly ? text : slu_prove_folded(prover, text));
    if (atom != SLU_NO_INDEX && atom == before) {
        (void)slu_arena_copy_string(prover->arena, text, &prover->atoms[atom].written);
    }
    return said(prover, subject, atom);
}

/* A predicate on a field with few values: which of them have it. */
static slu_formula of_choices(struct slu_prover *prover, uint32_t subject, const struct slu_words *choices,
                              const struct slu_pattern *pattern) {
    slu_formula answer = SLU_NEVER;
    for (uint32_t i = 0; i < choices->count; i++) {
        bool failed = false;
        if (slu_pattern_found(pattern, choices->items[i].text, prover->arena, &failed)) {
            answer =
                slu_formula_or2(&prover->formulas, answer, slu_atom_is(prover, subject, choices->items[i].text, false));
        }
    }
    return answer;
}

slu_formula slu_atom_text(struct slu_prover *prover, uint32_t subject, enum slu_text_shape shape,
                          struct slu_string text, bool exactly) {
    if (subject == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    if (text.length == 0 && shape != SLU_SHAPE_WHOLE) {
        return prover->subjects[subject].present;
    }
    const struct slu_words *choices = slu_subject_choices(&prover->subjects[subject]);
    if (choices != NULL) {
        const struct slu_pattern *pattern = pattern_of(prover, shape, text, exactly);
        if (pattern != NULL) {
            return of_choices(prover, subject, choices, pattern);
        }
    }
    struct slu_string head, key;
    struct slu_string same = shape == SLU_SHAPE_MATCHES || exactly ? text : slu_prove_folded(prover, text);
    slu_prover_clear_scratch(prover);
    slu_buffer_add_byte(&prover->scratch, (char)('0' + (int)shape));
    slu_buffer_add_byte(&prover->scratch, exactly ? '!' : ' ');
    slu_buffer_add(&prover->scratch, same);
    head = slu_buffer_string(&prover->scratch);
    if (slu_prover_failed(prover) || !slu_arena_copy_string(prover->arena, head, &key)) {
        return SLU_NEVER;
    }
    return said(prover, subject, text_atom(prover, SLU_ATOM_TEXT, subject, key, shape, text, exactly));
}

slu_formula slu_atom_opaque(struct slu_prover *prover, const struct slu_model *model,
                            const struct slu_expression *test) {
    struct slu_string key;
    struct slu_expression positive = *test;
    if (test->kind == SLU_EXPRESSION_NOT_EQUAL) {
        positive.kind = SLU_EXPRESSION_EQUAL; /* one atom for a test and its negated form */
    } else if (test->kind == SLU_EXPRESSION_NOT_ONE_OF) {
        positive.kind = SLU_EXPRESSION_ONE_OF;
    } else if (test->kind == SLU_EXPRESSION_HAS_NONE) {
        positive.kind = SLU_EXPRESSION_HAS_ANY;
    }
    slu_prover_clear_scratch(prover);
    slu_prove_write(&prover->scratch, model, &positive);
    if (slu_prover_failed(prover) || !slu_arena_copy_string(prover->arena, slu_buffer_string(&prover->scratch), &key)) {
        return SLU_NEVER;
    }
    uint32_t atom = slu_prover_atom(prover, SLU_ATOM_OPAQUE, SLU_NO_INDEX, 0, key);
    return atom == SLU_NO_INDEX ? SLU_NEVER : prover->atoms[atom].formula;
}
