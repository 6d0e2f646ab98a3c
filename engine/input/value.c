#include "engine/input/value.h"

#include "engine/base/number.h"
#include "engine/code/index_hash.h"
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
static struct slu_value choice_value(const struct slu_list *choices, struct slu_string text, struct slu_arena *arena,
                                     struct slu_string *not_a_choice, bool *failed) {
    struct slu_string folded = text, choice;
    bool folds = slu_index_is_ascii(text); /* while it is compared */
    bool done = folds || slu_unicode_fold_string(arena, text, &folded);
    for (size_t i = 0; i < choices->count && done; i++) {
        done = slu_text_folded(arena, choices->items[i].as.text, &choice);
        if (done && choice.length == folded.length && slu_index_same(folded, folds, choice)) {
            return choices->items[i];
        }
    }
    *failed |= !done;
    if (not_a_choice) {
        *not_a_choice = text;
    }
    return slu_value_missing();
}

static struct slu_value text_value(const struct slu_slot *slot, struct slu_string text, struct slu_arena *arena,
                                   struct slu_text *room, struct slu_string *not_a_choice, bool *failed) {
    if (slot->choices) {
        return choice_value(slot->choices, text, arena, not_a_choice, failed);
    }
    if (!room) {
        return slu_value_text(arena, text, failed);
    }
    *room = (struct slu_text){.raw = text};
    return (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = room};
}

/* A list with room for so many texts, all in one place. NULL when out of memory. */
static struct slu_list *take_list(struct slu_arena *arena, size_t count, struct slu_text **texts) {
    struct slu_list *list =
        slu_arena_grow(arena, NULL, 0, sizeof *list + count * (sizeof *list->items + sizeof **texts));
    if (list) {
        list->count = 0;
        list->items = (void *)(list + 1);
        *texts = (void *)(list->items + count);
    }
    return list;
}

/* What is neither a string nor an integer is left out. */
struct slu_value slu_input_list(const struct slu_slot *slot, const struct slu_json *array, const struct slu_string *key,
                                struct slu_arena *arena, struct slu_string *not_a_choice, bool *failed) {
    struct slu_text *texts;
    if (array->kind != SLU_JSON_ARRAY || array->count == 0) {
        return slu_slot_missing(slot);
    }
    struct slu_list *list = take_list(arena, array->count, &texts);
    if (!list) {
        *failed = true;
        return slu_slot_missing(slot);
    }
    for (const struct slu_json *element = array->first; element; element = element->next) {
        const struct slu_json *node = key ? slu_json_member(element, *key) : element;
        struct slu_string text;
        if (!node || !slu_input_text(node, &text)) {
            continue;
        }
        struct slu_value *item = &list->items[list->count];
        *item = text_value(slot, text, arena, &texts[list->count], not_a_choice, failed);
        list->count += item->type != SLU_TYPE_MISSING;
    }
    return slu_value_list(list);
}

struct slu_value slu_input_value(const struct slu_slot *slot, const struct slu_json *json, struct slu_arena *arena,
                                 struct slu_text *room, struct slu_string *not_a_choice, bool *failed) {
    struct slu_string text;
    double number;
    switch (slot->type) {
    case SLU_TYPE_TEXT:
        return slu_input_text(json, &text) ? text_value(slot, text, arena, room, not_a_choice, failed)
                                           : slu_value_missing();
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
        return slu_input_list(slot, json, NULL, arena, not_a_choice, failed);
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
        return slu_slot_missing(slot);
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
        return text_value(slot, literal->text, arena, NULL, NULL, failed);
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
    return slu_slot_missing(slot);
}
