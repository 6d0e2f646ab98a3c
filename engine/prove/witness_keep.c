/* Witnesses that outlive the question they answer, and what is changed in them. */
#include "engine/decide/convert.h"
#include "engine/prove/witness.h"

#include <stdio.h>
#include <string.h>

static bool copy_items(struct slu_arena *arena, struct slu_witness_value *value) {
    struct slu_string *items = SLU_NEW_ARRAY(arena, struct slu_string, value->item_count);
    for (uint32_t i = 0; items != NULL && i < value->item_count; i++) {
        if (!slu_arena_copy_string(arena, value->items[i], &items[i])) {
            return false;
        }
    }
    value->items = items;
    return items != NULL;
}

bool slu_witness_keep(const struct slu_witness *witness, struct slu_arena *arena, struct slu_witness *kept) {
    *kept = *witness;
    kept->values = SLU_NEW_ARRAY(arena, struct slu_witness_value, witness->value_count);
    kept->allowances = SLU_NEW_ARRAY(arena, struct slu_witness_allowance, witness->allowance_count);
    if (kept->values == NULL || kept->allowances == NULL ||
        !slu_arena_copy_string(arena, witness->event, &kept->event)) {
        return false;
    }
    kept->value_capacity = witness->value_count;
    kept->allowance_capacity = witness->allowance_count;
    if (witness->allowance_count > 0) {
        memcpy(kept->allowances, witness->allowances, witness->allowance_count * sizeof *kept->allowances);
    }
    for (uint32_t i = 0; i < witness->value_count; i++) {
        struct slu_witness_value *value = &kept->values[i];
        *value = witness->values[i];
        if (!slu_arena_copy_string(arena, value->text, &value->text) || !copy_items(arena, value)) {
            return false;
        }
    }
    return true;
}

/* The field's value, made in its place where there is none. */
static struct slu_witness_value *put(struct slu_witness *witness, struct slu_arena *arena,
                                     const struct slu_field *field) {
    uint32_t place = 0;
    while (place < witness->value_count) {
        int order = slu_string_compare(witness->values[place].field->name.text, field->name.text);
        if (order == 0) {
            return &witness->values[place];
        }
        if (order > 0) {
            break;
        }
        place++;
    }
    if (!SLU_RESERVE(arena, witness->values, witness->value_capacity, witness->value_count)) {
        return NULL;
    }
    memmove(&witness->values[place + 1], &witness->values[place],
            (witness->value_count - place) * sizeof *witness->values);
    witness->value_count++;
    witness->values[place] = (struct slu_witness_value){.field = field};
    return &witness->values[place];
}

bool slu_witness_put_text(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                          struct slu_string text) {
    struct slu_witness_value *value = put(witness, arena, field);
    return value != NULL && slu_arena_copy_string(arena, text, &value->text);
}

bool slu_witness_put_value(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                           const struct slu_witness_value *like) {
    struct slu_witness_value *value = put(witness, arena, field);
    if (value == NULL) {
        return false;
    }
    *value = *like;
    value->field = field;
    return slu_arena_copy_string(arena, value->text, &value->text) && copy_items(arena, value);
}

bool slu_witness_add_item(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                          struct slu_string text) {
    struct slu_witness_value *value = put(witness, arena, field);
    struct slu_string *items = value == NULL ? NULL : SLU_NEW_ARRAY(arena, struct slu_string, value->item_count + 1);
    if (items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < value->item_count; i++) {
        items[i] = value->items[i];
    }
    items[value->item_count++] = text;
    value->items = items;
    return copy_items(arena, value);
}

bool slu_witness_put_items(struct slu_witness *witness, struct slu_arena *arena, const struct slu_field *field,
                           uint32_t count) {
    struct slu_witness_value *value = put(witness, arena, field);
    if (value == NULL || value->item_count >= count) {
        return value != NULL;
    }
    struct slu_string *items = SLU_NEW_ARRAY(arena, struct slu_string, count);
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        char digits[16];
        int length = snprintf(digits, sizeof digits, "%u", (unsigned)(i + 1)); /* each another one */
        struct slu_string element = {digits, length < 0 ? 0 : (size_t)length};
        items[i] = element;
        if (i < value->item_count) {
            items[i] = value->items[i];
        } else if (!slu_arena_copy_string(arena, element, &items[i])) {
            return false;
        }
    }
    value->items = items;
    value->item_count = count;
    return items != NULL && copy_items(arena, value);
}

bool slu_witness_give(const struct slu_witness_value *value, struct slu_arena *arena, struct sluice_value *given) {
    static const enum sluice_type types[SLU_TYPE_COUNT] = {
        [SLU_TYPE_TEXT] = SLUICE_TEXT, [SLU_TYPE_NUMBER] = SLUICE_NUMBER,     [SLU_TYPE_FLAG] = SLUICE_FLAG,
        [SLU_TYPE_TIME] = SLUICE_TIME, [SLU_TYPE_DURATION] = SLUICE_DURATION, [SLU_TYPE_LIST] = SLUICE_LIST};
    *given = (struct sluice_value){.type = SLUICE_MISSING};
    if (value == NULL) {
        return true;
    }
    struct sluice_value *items = SLU_NEW_ARRAY(arena, struct sluice_value, (size_t)value->item_count + 1);
    for (uint32_t i = 0; items != NULL && i < value->item_count; i++) {
        items[i] = (struct sluice_value){.type = SLUICE_TEXT, .text = slu_string_give(value->items[i])};
    }
    *given = (struct sluice_value){.type = types[value->field->type.type],
                                   .number = value->number,
                                   .flag = value->number != 0,
                                   .text = slu_string_give(value->text),
                                   .items = items,
                                   .count = value->item_count};
    return items != NULL;
}
