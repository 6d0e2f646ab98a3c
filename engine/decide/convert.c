#include "engine/decide/convert.h"

#include "engine/text/unicode.h"
#include "engine/vm/machine.h"

#include <stdio.h>
#include <string.h>

/* Everything but lists, whose items need memory. */
static struct sluice_value give_plain(struct slu_value value) {
    struct sluice_value given = {.type = SLUICE_MISSING};
    switch (value.type) {
    case SLU_TYPE_TEXT:
        given.type = SLUICE_TEXT;
        given.text = slu_string_give(value.as.text->raw);
        break;
    case SLU_TYPE_NUMBER:
        given.type = SLUICE_NUMBER;
        given.number = value.as.number;
        break;
    case SLU_TYPE_FLAG:
        given.type = SLUICE_FLAG;
        given.flag = value.as.flag;
        break;
    case SLU_TYPE_TIME:
        given.type = SLUICE_TIME;
        given.number = value.as.number;
        break;
    case SLU_TYPE_DURATION:
        given.type = SLUICE_DURATION;
        given.number = value.as.number;
        break;
    case SLU_TYPE_LIST:
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
    return given;
}

bool slu_value_give(struct slu_arena *arena, struct slu_value value, struct sluice_value *given) {
    *given = give_plain(value);
    if (value.type != SLU_TYPE_LIST) {
        return true;
    }
    const struct slu_list *list = value.as.list;
    struct sluice_value *items = SLU_NEW_ARRAY(arena, struct sluice_value, list->count);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        items[i] = give_plain(list->items[i]);
    }
    given->type = SLUICE_LIST;
    given->items = items;
    given->count = list->count;
    return true;
}

/* Lists inside lists do not exist in the language: they read as missing. */
static bool take_plain(struct slu_arena *arena, const struct sluice_value *value, struct slu_value *taken) {
    *taken = slu_value_missing();
    switch (value->type) {
    case SLUICE_TEXT: {
        struct slu_string copy;
        bool failed = false;
        if (!slu_arena_copy_string(arena, slu_string_take(value->text), &copy)) {
            return false;
        }
        *taken = slu_value_text(arena, copy, &failed);
        return !failed;
    }
    case SLUICE_NUMBER:
        *taken = slu_value_number(value->number);
        break;
    case SLUICE_FLAG:
        *taken = slu_value_flag(value->flag);
        break;
    case SLUICE_TIME:
        *taken = slu_value_time(value->number);
        break;
    case SLUICE_DURATION:
        *taken = slu_value_duration(value->number);
        break;
    case SLUICE_MISSING:
    case SLUICE_LIST:
        break;
    }
    return true;
}

bool slu_value_take(struct slu_arena *arena, const struct sluice_value *value, struct slu_value *taken) {
    if (value->type != SLUICE_LIST) {
        return take_plain(arena, value, taken);
    }
    struct slu_list *list = SLU_NEW(arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(arena, struct slu_value, value->count);
    if (list == NULL || items == NULL) {
        return false;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!take_plain(arena, &value->items[i], &items[list->count])) {
            return false;
        }
        if (items[list->count].type != SLU_TYPE_MISSING) {
            list->count++;
        }
    }
    list->items = items;
    *taken = slu_value_list(list);
    return true;
}

/* A list without the elements that are of another type. */
static bool fit_list(const struct slu_slot *slot, struct slu_arena *arena, struct slu_value *value) {
    const struct slu_list *list = value->as.list;
    struct slu_list *fitting = SLU_NEW(arena, struct slu_list);
    struct slu_value *items = SLU_NEW_ARRAY(arena, struct slu_value, list->count);
    if (fitting == NULL || items == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].type == slot->element) {
            items[fitting->count++] = list->items[i];
        }
    }
    fitting->items = items;
    *value = slu_value_list(fitting);
    return true;
}

static bool fit_choice(const struct slu_slot *slot, struct slu_arena *arena, struct slu_value *value,
                       struct slu_string *not_a_choice) {
    for (size_t i = 0; i < slot->choices->count; i++) {
        bool same = false;
        if (!slu_text_same(arena, value->as.text, slot->choices->items[i].as.text, &same)) {
            return false;
        }
        if (same) {
            return true;
        }
    }
    *not_a_choice = value->as.text->raw;
    *value = slu_value_missing();
    return true;
}

bool slu_slot_fit(const struct slu_slot *slot, struct slu_arena *arena, struct slu_value *value,
                  struct slu_string *not_a_choice) {
    *not_a_choice = (struct slu_string){NULL, 0};
    if (value->type != slot->type) {
        *value = slu_slot_missing(slot);
        return true;
    }
    if (slot->type == SLU_TYPE_LIST) {
        return fit_list(slot, arena, value);
    }
    if (slot->type == SLU_TYPE_TEXT && slot->choices != NULL) {
        return fit_choice(slot, arena, value, not_a_choice);
    }
    return true;
}

bool slu_value_key(struct slu_value value, struct slu_arena *arena, struct slu_string *key) {
    *key = (struct slu_string){NULL, 0};
    if (value.type == SLU_TYPE_MISSING || value.type == SLU_TYPE_LIST) {
        return true;
    }
    if (value.type == SLU_TYPE_TEXT) {
        *key = value.as.text->raw;
        return true;
    }
    bool failed = false;
    struct slu_value text = slu_value_as_text(value, arena, &failed);
    if (failed) {
        return false;
    }
    if (text.type == SLU_TYPE_TEXT && text.as.text->raw.length > 0) {
        *key = text.as.text->raw;
    }
    return true;
}

bool slu_text_same(struct slu_arena *arena, struct slu_text *left, struct slu_text *right, bool *same) {
    struct slu_string left_folded, right_folded;
    if (!slu_text_folded(arena, left, &left_folded) || !slu_text_folded(arena, right, &right_folded)) {
        return false;
    }
    *same = slu_string_equal(left_folded, right_folded);
    return true;
}

enum sluice_status slu_error_set(struct sluice_error *error, enum slu_input_error code, const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        *error = (struct sluice_error){.at_byte = 0};
        (void)snprintf(error->code, sizeof error->code, "%s", slu_input_error_word(code));
        (void)vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return slu_input_error_status(code);
}

void *slu_array_grow(struct slu_arena *arena, void *items, size_t count, size_t more, size_t *capacity, size_t size) {
    size_t larger = 2 * *capacity < count + more ? count + more : 2 * *capacity;
    void *moved = slu_arena_grow(arena, items, *capacity * size, larger * size);
    *capacity = moved == NULL ? *capacity : larger;
    return moved;
}

static bool same_plain(const struct sluice_value *left, const struct sluice_value *right) {
    if (left->type != right->type) {
        return false;
    }
    switch (left->type) {
    case SLUICE_TEXT:
        return slu_string_equal(slu_string_take(left->text), slu_string_take(right->text));
    case SLUICE_FLAG:
        return left->flag == right->flag;
    case SLUICE_NUMBER:
    case SLUICE_TIME:
    case SLUICE_DURATION:
        return !(left->number < right->number) && !(left->number > right->number);
    case SLUICE_MISSING:
    case SLUICE_LIST:
        break;
    }
    return true;
}

bool slu_value_same(const struct sluice_value *left, const struct sluice_value *right) {
    if (!same_plain(left, right)) {
        return false;
    }
    if (left->type != SLUICE_LIST) {
        return true;
    }
    bool same = left->count == right->count;
    for (size_t i = 0; same && i < left->count; i++) {
        same = same_plain(&left->items[i], &right->items[i]);
    }
    return same;
}
