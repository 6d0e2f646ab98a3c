/* Which fields the program uses: each gets a slot when code first asks for it,
 * together with the slots that its own value depends on. */
#include "engine/base/limits.h"
#include "engine/compile/compiler.h"

/* The name split at its dots: the path in the product's own shape. */
static void split_name(struct slu_compiler *compiler, struct slu_slot *slot) {
    struct slu_string name = slot->name;
    uint32_t count = 1;
    for (size_t i = 0; i < name.length; i++) {
        count += name.bytes[i] == '.';
    }
    slot->keys = slu_compiler_room(compiler, count, sizeof *slot->keys);
    if (slot->keys == NULL) {
        return;
    }
    size_t start = 0;
    for (size_t i = 0; i <= name.length; i++) {
        if (i == name.length || name.bytes[i] == '.') {
            slot->keys[slot->key_count++] = (struct slu_string){name.bytes + start, i - start};
            start = i + 1;
        }
    }
}

/* A look-up's number in the program; its arguments get their code later. */
static uint32_t lookup_number(struct slu_compiler *compiler, uint32_t lookup) {
    uint32_t *number = &compiler->lookup_numbers[lookup];
    if (*number != SLU_NO_INDEX) {
        return *number;
    }
    const struct slu_lookup *from = &compiler->model->lookups[lookup];
    struct slu_program_lookup *place = slu_compiler_push(compiler, &compiler->lookups, sizeof *place);
    uint32_t *origin = slu_compiler_push(compiler, &compiler->lookup_origins, sizeof *origin);
    if (place == NULL || origin == NULL) {
        return SLU_NO_INDEX;
    }
    *origin = lookup;
    *number = compiler->lookups.count - 1;
    place->name = from->name.text;
    place->operation = compiler->model->operations[from->operation].name;
    place->argument_count = from->argument_count;
    place->arguments = slu_compiler_room(compiler, from->argument_count, sizeof *place->arguments);
    return *number;
}

static struct slu_value initial_value(struct slu_compiler *compiler, const struct slu_field *field) {
    static const struct slu_list empty = {0, NULL};
    struct slu_value value;
    if (field->initial != NULL && slu_compiler_literal(compiler, field->initial, &value)) {
        uint32_t constant = slu_compiler_constant(compiler, value);
        if (constant != SLU_NO_INDEX) {
            return ((struct slu_value *)compiler->constants.items)[constant];
        }
    }
    return field->type.type == SLU_TYPE_LIST ? slu_value_list(&empty) : slu_value_missing();
}

uint32_t slu_compiler_slot(struct slu_compiler *compiler, uint32_t field) {
    uint32_t *number = &compiler->field_slots[field];
    if (*number != SLU_NO_INDEX || compiler->no_memory) {
        return *number;
    }
    const struct slu_field *from = &compiler->model->fields[field];
    struct slu_slot slot = {.name = from->name.text,
                            .type = from->type.type,
                            .element = from->type.element,
                            .origin = from->origin,
                            .entity_slot = SLU_NO_INDEX,
                            .lookup = SLU_NO_INDEX};
    struct slu_slot *place = slu_compiler_push(compiler, &compiler->slots, sizeof *place);
    if (place == NULL) {
        return SLU_NO_INDEX;
    }
    *number = compiler->slots.count - 1;
    split_name(compiler, &slot);
    if (from->type.choices.count > 0) {
        slot.choices = slu_compiler_words(compiler, &from->type.choices);
    }
    if (from->origin == SLU_FIELD_STATE) {
        slot.initial = initial_value(compiler, from);
        slot.entity_slot = slu_compiler_slot(compiler, from->entity_id); /* an event field: no deeper */
    } else if (from->origin == SLU_FIELD_LOOKUP) {
        const struct slu_lookup *lookup = &compiler->model->lookups[from->lookup];
        slot.lookup = lookup_number(compiler, from->lookup);
        slot.result = compiler->model->operations[lookup->operation].gives[from->result].name;
    }
    ((struct slu_slot *)compiler->slots.items)[*number] = slot;
    return *number;
}

void slu_compile_lookups(struct slu_compiler *compiler) {
    /* An argument may be a field of another look-up, which is then added behind. */
    for (uint32_t done = 0; done < compiler->lookups.count && !compiler->no_memory; done++) {
        const struct slu_lookup *from = &compiler->model->lookups[((uint32_t *)compiler->lookup_origins.items)[done]];
        const struct slu_parameter *takes = compiler->model->operations[from->operation].takes;
        struct slu_code *arguments = ((struct slu_program_lookup *)compiler->lookups.items)[done].arguments;
        for (uint32_t i = 0; i < from->argument_count && arguments != NULL; i++) {
            if (from->arguments[i] != NULL) {
                arguments[i] = slu_compile_value(compiler, from->arguments[i]->value, false, &takes[i].type);
            }
        }
    }
}
