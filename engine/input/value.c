#include "engine/input/value.h"

#include "engine/base/number.h"
#include "engine/text/unicode.h"

#include <math.h>
#include <string.h>

bool slu_input_text(const struct slu_json *json, struct slu_string *text) {
    if (json->kind == SLU_JSON_NUMBER) {
        for (size_t i = 0; i < json->text.length; i++) {
            if (memchr(".eE", json->text.bytes[i], 3)) {
                return false;
            }
        }
    } else if (json->kind != SLU_JSON_TEXT) {
        return false;
    }
    *text = json->text;
    return true;
}

bool slu_input_time(const struct slu_json *json, double *milliseconds) {
    if (json->kind == SLU_JSON_TEXT) {
        return slu_time_parse(json->text, milliseconds);
    }
    if (json->kind != SLU_JSON_NUMBER) {
        return false;
    }
    double rounded = floor(json->number * 1000.0 + 0.5);
    if (!(rounded >= SLU_TIME_MIN && rounded <= SLU_TIME_MAX)) {
        return false;
    }
    *milliseconds = rounded;
    return true;
}

/* The member of the set that is `text` but for letter case, spelled as declared. */
static struct slu_value choice_value(const struct slu_list *choices, struct slu_value text, struct slu_arena *arena,
                                     struct slu_string *not_a_choice, bool *failed) {
    struct slu_string folded;
    if (text.type != SLU_TYPE_TEXT) {
        return text;
    }
    if (!slu_text_folded(arena, text.as.text, &folded)) {
        *failed = true;
        return slu_value_missing();
    }
    for (size_t i = 0; i < choices->count; i++) {
        struct slu_string choice;
        if (!slu_text_folded(arena, choices->items[i].as.text, &choice)) {
            *failed = true;
            return slu_value_missing();
        }
        if (slu_string_equal(choice, folded)) {
            return choices->items[i];
        }
    }
    if (not_a_choice) {
        *not_a_choice = text.as.text->raw;
    }
    return slu_value_missing();
}

static struct slu_value text_value(const struct slu_slot *slot, struct slu_string text, struct slu_arena *arena,
                                   struct slu_string *not_a_choice, bool *failed) {
    struct slu_value value = slu_value_text(arena, text, failed);
    return slot->choices ? choice_value(slot->choices, value, arena, not_a_choice, failed) : value;
}

/* What is neither a string nor an integer is left out. */
static struct slu_value list_value(const struct slu_slot *slot, const struct slu_json *json, struct slu_arena *arena,
                                   struct slu_string *not_a_choice, bool *failed) {
    if (json->kind != SLU_JSON_ARRAY || json->count == 0) {
        return slu_input_nothing(slot);
    }
    struct slu_list *list = SLU_NEW(arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(arena, struct slu_value, json->count);
    if (!list || !items) {
        *failed = true;
        return slu_input_nothing(slot);
    }
    list->items = items;
    for (const struct slu_json *element = json->first; element; element = element->next) {
        struct slu_string text;
        if (!slu_input_text(element, &text)) {
            continue;
        }
        items[list->count] = text_value(slot, text, arena, not_a_choice, failed);
        if (items[list->count].type != SLU_TYPE_MISSING) {
            list->count++;
        }
    }
    return slu_value_list(list);
}

struct slu_value slu_input_value(const struct slu_slot *slot, const struct slu_json *json, struct slu_arena *arena,
                                 struct slu_string *not_a_choice, bool *failed) {
    struct slu_string text;
    double number;
    switch (slot->type) {
    case SLU_TYPE_TEXT:
        return slu_input_text(json, &text) ? text_value(slot, text, arena, not_a_choice, failed) : slu_value_missing();
    case SLU_TYPE_NUMBER:
        if (json->kind == SLU_JSON_NUMBER) {
            return slu_value_number(json->number);
        }
        return json->kind == SLU_JSON_TEXT && slu_number_parse(json->text, &number) ? slu_value_number(number)
                                                                                    : slu_value_missing();
    case SLU_TYPE_FLAG:
        return json->kind == SLU_JSON_TRUE || json->kind == SLU_JSON_FALSE ? slu_value_flag(json->kind == SLU_JSON_TRUE)
                                                                           : slu_value_missing();
    case SLU_TYPE_TIME:
        return slu_input_time(json, &number) ? slu_value_time(number) : slu_value_missing();
    case SLU_TYPE_LIST:
        return list_value(slot, json, arena, not_a_choice, failed);
    case SLU_TYPE_MISSING:
    case SLU_TYPE_DURATION: /* has no form in JSON */
    case SLU_TYPE_COUNT:
        break;
    }
    return slu_value_missing();
}

static struct slu_value constant_list(const struct slu_slot *slot, const struct slu_expression *literal,
                                      struct slu_arena *arena, bool *failed) {
    struct slu_list *list = SLU_NEW(arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(arena, struct slu_value, literal->item_count);
    if (!list || !items) {
        *failed = true;
        return slu_input_nothing(slot);
    }
    list->items = items;
    for (uint32_t i = 0; i < literal->item_count; i++) {
        if (literal->items[i]->kind == SLU_EXPRESSION_TEXT) {
            items[list->count++] = slu_value_text(arena, literal->items[i]->text, failed);
        }
    }
    return slu_value_list(list);
}

struct slu_value slu_input_constant(const struct slu_slot *slot, const struct slu_expression *literal,
                                    struct slu_arena *arena, bool *failed) {
    if (literal->kind == SLU_EXPRESSION_TEXT) {
        return text_value(slot, literal->text, arena, NULL, failed);
    }
    if (literal->kind == SLU_EXPRESSION_LIST) {
        return constant_list(slot, literal, arena, failed);
    }
    if (literal->kind == SLU_EXPRESSION_NEGATE) {
        return slu_value_number(-literal->items[0]->number);
    }
    switch (slot->type) {
    case SLU_TYPE_NUMBER:
        return slu_value_number(literal->number);
    case SLU_TYPE_FLAG:
        return slu_value_flag(literal->number != 0);
    case SLU_TYPE_TIME:
        return slu_value_time(literal->number);
    case SLU_TYPE_DURATION:
        return slu_value_duration(literal->number);
    case SLU_TYPE_MISSING:
    case SLU_TYPE_TEXT:
    case SLU_TYPE_LIST:
    case SLU_TYPE_COUNT:
        break;
    }
    return slu_input_nothing(slot);
}
