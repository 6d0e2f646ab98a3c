/* Which values of a field a condition tells apart. */
#include "engine/prove/cover.h"

#include "engine/prove/pick.h"
#include "engine/text/unicode.h"

#include <string.h>

/* Elements of one list that are tried; the rest are alike. */
enum { ELEMENTS_MAX = 8 };

struct trying {
    struct slu_prover *prover;
    const struct slu_model *model;
    const struct slu_witness *base;
    struct slu_arena *arena;
    struct slu_cover_values *values;
    const struct slu_field *field; /* of the condition under way */
    slu_formula test;
    bool failed;
};

static struct slu_cover_value *add(struct trying *trying) {
    struct slu_cover_values *values = trying->values;
    if (!SLU_RESERVE(trying->arena, values->items, values->capacity, values->count)) {
        trying->failed = true;
        return NULL;
    }
    struct slu_cover_value *value = &values->items[values->count++];
    *value = (struct slu_cover_value){
        .field = trying->field, .value = {.field = trying->field}, .exact = true, .test = trying->test};
    return value;
}

static void add_missing(struct trying *trying) {
    struct slu_cover_value *value = add(trying);
    if (value != NULL) {
        value->missing = true;
        value->exact = false;
    }
}

static void add_number(struct trying *trying, double number) {
    struct slu_cover_value *value = add(trying);
    if (value != NULL) {
        value->value.number = number + 0.0;
    }
}

static void add_text(struct trying *trying, struct slu_string text, bool exact) {
    struct slu_cover_value *value = add(trying);
    if (value != NULL) {
        value->value.text = text;
        value->exact = exact;
    }
}

/* 49, 50, 51 */
static void around_number(struct trying *trying, double number) {
    bool time = trying->field->type.type == SLU_TYPE_TIME;
    for (int i = -1; i <= 1; i++) {
        add_number(trying, time ? number + i * 1000.0 : slu_pick_neighbour(number, i));
    }
}

/* Ages: the youngest and the oldest that count, and one second beyond. */
static void around_age(struct trying *trying, double duration, bool within) {
    double moment = trying->base->clock - duration;
    add_number(trying, moment);
    add_number(trying, moment - 1000);
    if (within) {
        add_number(trying, trying->base->clock);
        add_number(trying, trying->base->clock + 1000);
    }
}

/* The text in the other letter case; the same where it has none. */
static struct slu_string other_case(struct trying *trying, struct slu_string text) {
    char *bytes = slu_arena_alloc_bytes(trying->arena, text.length + 1);
    if (bytes == NULL) {
        trying->failed = true;
        return text;
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        bool upper = byte >= 'A' && byte <= 'Z', lower = byte >= 'a' && byte <= 'z';
        bytes[i] = (char)(upper ? byte - 'A' + 'a' : lower ? byte - 'a' + 'A' : byte);
    }
    return (struct slu_string){bytes, text.length};
}

static void around_text(struct trying *trying, struct slu_string text) {
    add_text(trying, text, true);
    struct slu_string turned = other_case(trying, text);
    if (!slu_string_equal(turned, text)) {
        add_text(trying, turned, true);
    }
}

/* A text that the condition does not hold for. */
static void add_different(struct trying *trying) {
    static const char *const words[] = {"other", "something else", "another", "x", ""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct slu_witness_value value = {.field = trying->field, .text = slu_string_from(words[i])};
        struct slu_witness event = {.values = &value, .value_count = 1, .clock = trying->base->clock};
        if (slu_situation_value(trying->prover, &event, trying->test) < 0) {
            add_text(trying, slu_string_from(words[i]), false);
            return;
        }
    }
}

static void add_choices(struct trying *trying) {
    const struct slu_words *choices = &trying->field->type.choices;
    for (uint32_t i = 0; i < choices->count && i < ELEMENTS_MAX; i++) {
        add_text(trying, choices->items[i].text, true);
    }
}

/* The base's list with, or without, the element. */
static void add_list(struct trying *trying, struct slu_string element, bool with) {
    const struct slu_witness_value *old = slu_witness_find(trying->base, trying->field->name.text);
    uint32_t count = old == NULL ? 0 : old->item_count;
    struct slu_cover_value *value = add(trying);
    struct slu_string *items = SLU_NEW_ARRAY(trying->arena, struct slu_string, (size_t)count + 1);
    if (value == NULL || items == NULL) {
        trying->failed = true;
        return;
    }
    value->value.items = items;
    for (uint32_t i = 0; i < count; i++) {
        struct slu_string item = old->items[i], folded = item, wanted = element;
        if (!slu_unicode_fold_string(trying->arena, item, &folded) ||
            !slu_unicode_fold_string(trying->arena, element, &wanted)) {
            trying->failed = true;
            return;
        }
        if (!slu_string_equal(folded, wanted)) {
            items[value->value.item_count++] = item;
        }
    }
    if (with) {
        items[value->value.item_count++] = element;
    }
    value->missing = value->value.item_count == 0;
    value->exact = false;
    value->label = with ? "with" : "without";
    value->part = element;
}

static void around_element(struct trying *trying, const struct slu_expression *constant) {
    double number;
    constant = slu_prove_inside(constant);
    if (constant->kind == SLU_EXPRESSION_TEXT && trying->field->type.type == SLU_TYPE_LIST) {
        add_list(trying, constant->text, true);
        add_list(trying, constant->text, false);
    } else if (constant->kind == SLU_EXPRESSION_TEXT) {
        around_text(trying, constant->text);
    } else if (slu_prove_number(constant, &number)) {
        around_number(trying, number);
    }
}

static void around_elements(struct trying *trying, const struct slu_expression *right) {
    const struct slu_expression *list = slu_prove_list(trying->model, right);
    if (list == NULL) {
        around_element(trying, right);
        return;
    }
    for (uint32_t i = 0; i < list->item_count && i < ELEMENTS_MAX; i++) {
        around_element(trying, list->items[i]);
    }
}

/* ---- conditions ---- */

static const struct slu_field *field_of(const struct trying *trying, const struct slu_expression *operand) {
    operand = slu_prove_inside(operand);
    return operand->kind == SLU_EXPRESSION_NAME && operand->binding == SLU_BINDING_FIELD
               ? &trying->model->fields[operand->index]
               : NULL;
}

static void try_flag(struct trying *trying) {
    add_number(trying, 1);
    add_number(trying, 0);
    add_missing(trying);
}

/* The operand is a field; the rest are constants, or nothing is tried but that it is missing. */
static void try_field(struct trying *trying, const struct slu_expression *test, const struct slu_expression *right) {
    double duration;
    enum slu_type type = trying->field->type.type;
    if (type == SLU_TYPE_FLAG) {
        try_flag(trying);
        return;
    }
    if (test->kind == SLU_EXPRESSION_WITHIN || test->kind == SLU_EXPRESSION_OLDER) {
        if (slu_prove_number(test->items[1], &duration)) {
            around_age(trying, duration, test->kind == SLU_EXPRESSION_WITHIN);
        }
    } else if (type == SLU_TYPE_TEXT && trying->field->type.choices.count > 0) {
        add_choices(trying);
    } else {
        for (uint32_t i = 1; right == NULL && i < test->item_count; i++) {
            around_elements(trying, test->items[i]);
        }
        if (right != NULL) {
            around_elements(trying, right);
        }
        if (type == SLU_TYPE_TEXT) {
            add_different(trying);
        }
    }
    if (type != SLU_TYPE_LIST) {
        add_missing(trying);
    }
}

static void try_test(struct trying *trying, const struct slu_expression *test) {
    const struct slu_expression *right = NULL;
    const struct slu_field *field = NULL;
    if (test->kind == SLU_EXPRESSION_NAME) {
        field = field_of(trying, test);
    } else if (test->item_count > 0) {
        field = field_of(trying, test->items[0]);
        if (field == NULL && test->item_count == 2 && test->kind != SLU_EXPRESSION_WITHIN &&
            test->kind != SLU_EXPRESSION_OLDER) {
            field = field_of(trying, test->items[1]);
            right = test->items[0];
        }
    }
    if (field == NULL) {
        return;
    }
    trying->field = field;
    trying->test = slu_prove_condition(trying->prover, trying->model, test);
    try_field(trying, test, right);
}

bool slu_cover_values(struct slu_prover *prover, const struct slu_model *model, const struct slu_expression *test,
                      const struct slu_witness *base, struct slu_arena *arena, struct slu_cover_values *values) {
    struct trying trying = {.prover = prover, .model = model, .base = base, .arena = arena, .values = values};
    *values = (struct slu_cover_values){NULL, 0, 0};
    try_test(&trying, test);
    return !trying.failed && !slu_prover_failed(prover);
}
