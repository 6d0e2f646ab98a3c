#include "engine/prove/situation.h"

#include "engine/decide/convert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- taking ---- */

static bool copy_items(struct slu_arena *arena, const struct slu_list *list, struct slu_witness_value *value) {
    value->items = SLU_NEW_ARRAY(arena, struct slu_string, list->count);
    for (size_t i = 0; value->items != NULL && i < list->count; i++) {
        if (list->items[i].type == SLU_TYPE_TEXT &&
            !slu_arena_copy_string(arena, list->items[i].as.text->raw, &value->items[value->item_count++])) {
            return false;
        }
    }
    return value->items != NULL;
}

static bool take_value(struct slu_arena *arena, struct slu_value from, struct slu_witness_value *value) {
    switch (from.type) {
    case SLU_TYPE_NUMBER:
    case SLU_TYPE_TIME:
    case SLU_TYPE_DURATION:
        value->number = from.as.number;
        break;
    case SLU_TYPE_FLAG:
        value->number = from.as.flag ? 1 : 0;
        break;
    case SLU_TYPE_TEXT:
        return slu_arena_copy_string(arena, from.as.text->raw, &value->text);
    case SLU_TYPE_LIST:
        return copy_items(arena, from.as.list, value);
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
    return true;
}

static bool is_there(struct slu_value value) {
    return value.type != SLU_TYPE_MISSING && !(value.type == SLU_TYPE_LIST && value.as.list->count == 0);
}

static int compare_values(const void *left, const void *right) {
    const struct slu_witness_value *a = left, *b = right;
    return slu_string_compare(a->field->name.text, b->field->name.text);
}

static void sort(struct slu_witness *event) {
    if (event->value_count > 1) {
        qsort(event->values, event->value_count, sizeof *event->values, compare_values);
    }
}

static bool take_allowances(const struct sluice_program *program, const bool *used_up, struct slu_arena *arena,
                            struct slu_witness *event) {
    const struct slu_model *model = program->model;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        const struct slu_program_rule *rule = &program->rules[i];
        for (uint32_t j = 0; j < rule->allowance_count; j++) {
            if (!used_up[rule->first_allowance + j]) {
                continue;
            }
            if (!SLU_RESERVE(arena, event->allowances, event->allowance_capacity, event->allowance_count)) {
                return false;
            }
            event->allowances[event->allowance_count++] =
                (struct slu_witness_allowance){&model->rules[i], program->rulesets[rule->ruleset].title, j, false};
        }
    }
    return true;
}

bool slu_situation_take(const sluice_decider *decider, const bool *used_up, double clock, struct slu_arena *arena,
                        struct slu_witness *event) {
    const struct sluice_program *program = decider->program;
    *event = (struct slu_witness){.clock = clock, .clock_matters = true};
    event->event = program->events[decider->event].name;
    event->values = SLU_NEW_ARRAY(arena, struct slu_witness_value, (size_t)program->slot_count + 1);
    event->value_capacity = program->slot_count + 1;
    for (uint32_t i = 0; event->values != NULL && i < program->slot_count; i++) {
        uint32_t field = slu_map_find(&program->model->field_names, program->slots[i].name);
        if (field == SLU_MAP_NONE || !is_there(decider->slots[i])) {
            continue;
        }
        struct slu_witness_value *value = &event->values[event->value_count++];
        *value = (struct slu_witness_value){.field = &program->model->fields[field]};
        if (!take_value(arena, decider->slots[i], value)) {
            return false;
        }
    }
    if (event->values == NULL || !take_allowances(program, used_up, arena, event)) {
        return false;
    }
    sort(event);
    return true;
}

/* ---- changing ---- */

static bool copy_value(struct slu_arena *arena, const struct slu_witness_value *from, struct slu_witness_value *to) {
    *to = *from;
    to->items = SLU_NEW_ARRAY(arena, struct slu_string, (size_t)from->item_count + 1);
    bool fine = to->items != NULL && slu_arena_copy_string(arena, from->text, &to->text);
    for (uint32_t i = 0; fine && i < from->item_count; i++) {
        fine = slu_arena_copy_string(arena, from->items[i], &to->items[i]);
    }
    return fine;
}

bool slu_situation_copy(const struct slu_witness *event, struct slu_arena *arena, struct slu_witness *copy) {
    *copy = *event;
    copy->value_capacity = event->value_count + 1;
    copy->allowance_capacity = event->allowance_count + 1;
    copy->values = SLU_NEW_ARRAY(arena, struct slu_witness_value, copy->value_capacity);
    copy->allowances = SLU_NEW_ARRAY(arena, struct slu_witness_allowance, copy->allowance_capacity);
    if (copy->values == NULL || copy->allowances == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < event->value_count; i++) {
        if (!copy_value(arena, &event->values[i], &copy->values[i])) {
            return false;
        }
    }
    if (event->allowance_count > 0) {
        memcpy(copy->allowances, event->allowances, event->allowance_count * sizeof *event->allowances);
    }
    return true;
}

bool slu_situation_set(struct slu_witness *event, struct slu_arena *arena, const struct slu_field *field,
                       const struct slu_witness_value *from) {
    struct slu_witness_value *value = NULL;
    for (uint32_t i = 0; i < event->value_count && value == NULL; i++) {
        value = slu_string_equal(event->values[i].field->name.text, field->name.text) ? &event->values[i] : NULL;
    }
    if (from == NULL) {
        if (value != NULL) {
            uint32_t place = (uint32_t)(value - event->values);
            memmove(value, value + 1, (event->value_count - place - 1) * sizeof *value);
            event->value_count--;
        }
        return true;
    }
    bool is_new = value == NULL;
    if (is_new) {
        if (!SLU_RESERVE(arena, event->values, event->value_capacity, event->value_count)) {
            return false;
        }
        value = &event->values[event->value_count++];
    }
    bool fine = copy_value(arena, from, value);
    value->field = field;
    if (is_new) {
        sort(event);
    }
    return fine;
}

bool slu_situation_same(const struct slu_witness_value *left, const struct slu_witness_value *right) {
    if (left == NULL || right == NULL) {
        return left == right;
    }
    bool same = left->number == right->number && slu_string_equal(left->text, right->text) &&
                left->item_count == right->item_count;
    for (uint32_t i = 0; same && i < left->item_count; i++) {
        same = slu_string_equal(left->items[i], right->items[i]);
    }
    return same;
}

/* ---- what atoms are ---- */

static int sign(bool holds) {
    return holds ? 1 : -1;
}

static bool has(struct slu_prover *prover, const struct slu_witness_value *value, struct slu_string text,
                bool exactly) {
    for (uint32_t i = 0; value != NULL && i < value->item_count; i++) {
        if (slu_string_equal(exactly ? value->items[i] : slu_prove_folded(prover, value->items[i]), text)) {
            return true;
        }
    }
    return false;
}

static int text_atom(struct slu_prover *prover, const struct slu_atom *atom, struct slu_string text) {
    bool failed = false;
    if (atom->kind == SLU_ATOM_IS_EXACTLY) {
        return sign(slu_string_equal(text, atom->text));
    }
    if (atom->kind == SLU_ATOM_IS) {
        return sign(slu_string_equal(slu_prove_folded(prover, text), slu_prove_folded(prover, atom->text)));
    }
    if (atom->pattern == NULL) {
        return 0;
    }
    bool found = slu_pattern_found(atom->pattern, text, prover->arena, &failed);
    return failed ? 0 : sign(found);
}

static bool is_left(const struct slu_witness *event, const struct slu_atom *atom) {
    for (uint32_t i = 0; i < event->allowance_count; i++) {
        const struct slu_witness_allowance *said = &event->allowances[i];
        if (said->rule == atom->rule && said->allowance == atom->allowance) {
            return said->left;
        }
    }
    return true;
}

static int value_atom(struct slu_prover *prover, const struct slu_witness *event, const struct slu_atom *atom) {
    const struct slu_subject *subject = &prover->subjects[atom->subject];
    if (subject->kind == SLU_SUBJECT_COMPUTED) {
        return 0;
    }
    if (subject->kind == SLU_SUBJECT_NOW) {
        return sign(event->clock < atom->cut);
    }
    const struct slu_field *field =
        subject->kind == SLU_SUBJECT_AGE ? prover->subjects[subject->base].field : subject->field;
    const struct slu_witness_value *value = field == NULL ? NULL : slu_witness_find(event, field->name.text);
    bool list = atom->kind == SLU_ATOM_HAS || atom->kind == SLU_ATOM_HAS_EXACTLY;
    if (list) {
        return sign(has(prover, value, atom->text, atom->kind == SLU_ATOM_HAS_EXACTLY));
    }
    if (atom->kind == SLU_ATOM_PRESENT || value == NULL || field == NULL) {
        return atom->kind == SLU_ATOM_PRESENT && field != NULL ? sign(value != NULL) : 0;
    }
    if (atom->kind == SLU_ATOM_BELOW) {
        double number = subject->kind == SLU_SUBJECT_AGE ? event->clock - value->number : value->number;
        return sign(number < atom->cut);
    }
    return atom->kind == SLU_ATOM_FLAG ? sign(value->number != 0) : text_atom(prover, atom, value->text);
}

int slu_situation_atom(struct slu_prover *prover, const struct slu_witness *event, uint32_t number) {
    const struct slu_atom *atom = &prover->atoms[number];
    if (atom->kind == SLU_ATOM_OPAQUE) {
        return 0;
    }
    return atom->kind == SLU_ATOM_ALLOWED ? sign(is_left(event, atom)) : value_atom(prover, event, atom);
}

int slu_situation_value(struct slu_prover *prover, const struct slu_witness *event, slu_formula formula) {
    const struct slu_formula_node *node = slu_formula_node(&prover->formulas, formula);
    int value = 1;
    switch (node->kind) {
    case SLU_FORMULA_CONSTANT:
        break;
    case SLU_FORMULA_ATOM:
        value = slu_situation_atom(prover, event, node->atom);
        break;
    case SLU_FORMULA_AND:
        for (uint32_t i = 0; i < node->child_count && value >= 0; i++) {
            int child = slu_situation_value(prover, event, node->children[i]);
            value = child < value ? child : value;
        }
        break;
    }
    return formula < 0 ? -value : value;
}
