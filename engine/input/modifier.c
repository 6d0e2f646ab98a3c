#include "engine/input/modifier.h"

#include "engine/base/number.h"
#include "engine/input/plain_text.h"
#include "engine/input/value.h"
#include "engine/text/unicode.h"

static const struct slu_json true_node = {.kind = SLU_JSON_TRUE}, false_node = {.kind = SLU_JSON_FALSE};

static const struct slu_json *flag_node(bool flag) {
    return flag ? &true_node : &false_node;
}

/* Texts are the same but for letter case. */
static bool same_text(struct slu_reading *reading, struct slu_string left, struct slu_string right) {
    struct slu_string folded_left, folded_right;
    if (!slu_unicode_fold_string(reading->arena, left, &folded_left) ||
        !slu_unicode_fold_string(reading->arena, right, &folded_right)) {
        reading->failed = true;
        return false;
    }
    return slu_string_equal(folded_left, folded_right);
}

static bool is_number(const struct slu_json *node, double wanted) {
    double number;
    if (node->kind == SLU_JSON_TEXT && slu_number_parse(node->text, &number)) {
        return number == wanted;
    }
    return node->kind == SLU_JSON_NUMBER && node->number == wanted;
}

/* A literal of another kind is equal to nothing. */
static bool is_literal(struct slu_reading *reading, const struct slu_json *node, const struct slu_expression *literal) {
    struct slu_string text;
    if (literal->kind == SLU_EXPRESSION_TEXT) {
        return slu_input_text(node, &text) && same_text(reading, text, literal->text);
    }
    if (literal->kind == SLU_EXPRESSION_NUMBER) {
        return is_number(node, literal->number);
    }
    if (literal->kind == SLU_EXPRESSION_NEGATE) {
        return is_number(node, -literal->items[0]->number);
    }
    return literal->kind == SLU_EXPRESSION_FLAG &&
           node->kind == (literal->number != 0 ? SLU_JSON_TRUE : SLU_JSON_FALSE);
}

static bool is_one_of(struct slu_reading *reading, const struct slu_json *node, const struct slu_expression *literals) {
    for (uint32_t i = 0; i < literals->item_count; i++) {
        if (is_literal(reading, node, literals->items[i])) {
            return true;
        }
    }
    return false;
}

static const struct slu_json *apply_is(struct slu_reading *reading, const struct slu_expression *literals,
                                       const struct slu_json *node) {
    if (node->kind != SLU_JSON_ARRAY) {
        return flag_node(is_one_of(reading, node, literals));
    }
    for (const struct slu_json *element = node->first; element; element = element->next) {
        if (is_one_of(reading, element, literals)) {
            return &true_node;
        }
    }
    return &false_node;
}

static const struct slu_json *plain_text(struct slu_reading *reading, const struct slu_json *node) {
    struct slu_string text;
    if (node->kind != SLU_JSON_TEXT) {
        return NULL;
    }
    if (!slu_plain_text(node->text, reading->arena, &text)) {
        reading->failed = true;
        return NULL;
    }
    return slu_reading_text(reading, text);
}

/* Every text of an array; the rest is left out. */
static const struct slu_json *plain_texts(struct slu_reading *reading, const struct slu_json *array) {
    struct slu_json *made = SLU_NEW(reading->arena, struct slu_json);
    struct slu_json *elements = SLU_NEW_ARRAY(reading->arena, struct slu_json, array->count);
    if (!made || !elements) {
        reading->failed = true;
        return NULL;
    }
    made->kind = SLU_JSON_ARRAY;
    for (const struct slu_json *from = array->first; from; from = from->next) {
        const struct slu_json *text = plain_text(reading, from);
        if (!text) {
            continue;
        }
        elements[made->count] = *text;
        if (made->count > 0) {
            elements[made->count - 1].next = &elements[made->count];
        }
        made->count++;
    }
    made->first = made->count > 0 ? elements : NULL;
    return made;
}

const struct slu_json *slu_modifier_apply(struct slu_reading *reading, const struct slu_modifier *modifier,
                                          const struct slu_json *node) {
    switch (modifier->kind) {
    case SLU_MODIFIER_NONE:
        return node;
    case SLU_MODIFIER_IS_KNOWN:
        return flag_node(node && (node->kind != SLU_JSON_ARRAY || node->count > 0));
    case SLU_MODIFIER_IS:
        return node ? apply_is(reading, modifier->values, node) : NULL;
    case SLU_MODIFIER_AS: /* `plain text` is the only one there is */
        if (!node) {
            return NULL;
        }
        return node->kind == SLU_JSON_ARRAY ? plain_texts(reading, node) : plain_text(reading, node);
    }
    return NULL;
}
