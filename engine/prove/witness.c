/* From what an instance needs to an event with plain values. */
#include "engine/prove/witness.h"

#include "engine/decide/convert.h"
#include "engine/prove/pick.h"

#include <math.h>
#include <stdlib.h>

/* Monday, 2026-01-05T10:00:00Z: the clock where any will do, and the moment where any time will do. */
static const double USUAL_CLOCK = 1767607200000.0;
static const double USUAL_DURATION = 3600000.0; /* an hour */

struct making {
    const struct slu_instance *instance;
    struct slu_arena *arena; /* the instance's */
    const struct slu_model *model;
    struct slu_witness *witness;
    bool failed;
};

static int truth_of(const struct making *making, uint32_t atom) {
    return atom < making->instance->truth_count ? making->instance->truth[atom] : 0;
}

/* What is needed of a subject's number. */
static struct slu_interval interval_of(const struct making *making, uint32_t subject) {
    const struct slu_prover *prover = making->instance->prover;
    struct slu_interval interval = {-INFINITY, INFINITY};
    for (uint32_t i = 0; i < making->instance->needed_count; i++) {
        uint32_t number = making->instance->needed_atoms[i];
        const struct slu_atom *atom = &prover->atoms[number];
        if (atom->kind != SLU_ATOM_BELOW || atom->subject != subject) {
            continue;
        }
        if (truth_of(making, number) > 0) {
            interval.high = fmin(interval.high, atom->cut);
        } else {
            interval.low = fmax(interval.low, atom->cut);
        }
    }
    return interval;
}

static bool is_bounded(struct slu_interval interval) {
    return !isinf(interval.low) || !isinf(interval.high);
}

/* The subject that is the age of `base`, or SLU_NO_INDEX. */
static uint32_t age_of(const struct slu_prover *prover, uint32_t base) {
    for (uint32_t i = 0; i < prover->subject_count; i++) {
        if (prover->subjects[i].kind == SLU_SUBJECT_AGE && prover->subjects[i].base == base) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* The clock: as compared, else such that a time of a wanted date has its wanted age. */
static void choose_clock(struct making *making) {
    const struct slu_prover *prover = making->instance->prover;
    making->witness->clock = USUAL_CLOCK;
    for (uint32_t i = 0; i < prover->subject_count; i++) {
        const struct slu_subject *subject = &prover->subjects[i];
        struct slu_interval interval = interval_of(making, i);
        if (subject->kind == SLU_SUBJECT_AGE && is_bounded(interval)) {
            making->witness->clock_matters = true;
            struct slu_interval date = interval_of(making, subject->base);
            if (is_bounded(date)) {
                making->witness->clock = slu_pick_time(date, USUAL_CLOCK) + slu_pick_time(interval, 0);
            }
        }
        if (subject->kind == SLU_SUBJECT_NOW && is_bounded(interval)) {
            making->witness->clock = slu_pick_time(interval, USUAL_CLOCK);
            making->witness->clock_matters = true;
            return;
        }
    }
}

static double time_of(const struct making *making, uint32_t subject) {
    uint32_t age = age_of(making->instance->prover, subject);
    struct slu_interval interval = interval_of(making, subject);
    if (age != SLU_NO_INDEX && is_bounded(interval_of(making, age))) {
        return making->witness->clock - slu_pick_time(interval_of(making, age), 0);
    }
    return slu_pick_time(interval, USUAL_CLOCK);
}

/* ---- texts and lists ---- */

/* A text for a field of which only its presence matters. */
static struct slu_string usual_text(const struct slu_field *field) {
    struct slu_string name = field->name.text;
    if (field->type.choices.count > 0) {
        return field->type.choices.items[0].text;
    }
    if (slu_string_ends_with(name, SLU_STRING("email"))) {
        return SLU_STRING("ada@example.com");
    }
    return slu_string_ends_with(name, SLU_STRING("id")) ? SLU_STRING("1") : SLU_STRING("other");
}

static struct slu_string text_of(const struct making *making, uint32_t subject) {
    const struct slu_prover *prover = making->instance->prover;
    const struct slu_field *field = prover->subjects[subject].field;
    bool is_there;
    struct slu_string text = slu_instance_text(making->instance, subject, &is_there);
    if (is_there) {
        return text;
    }
    for (uint32_t choice = 0; choice < field->type.choices.count; choice++) {
        /* The first that is wanted, or that nothing speaks against. */
        bool ruled_out = false;
        for (uint32_t i = 0; i < making->instance->needed_count; i++) {
            const struct slu_atom *atom = &prover->atoms[making->instance->needed_atoms[i]];
            if (atom->kind == SLU_ATOM_IS && atom->subject == subject) {
                bool same = slu_string_equal(atom->written, field->type.choices.items[choice].text);
                bool wanted = truth_of(making, making->instance->needed_atoms[i]) > 0;
                ruled_out = ruled_out || same != wanted;
            }
        }
        if (!ruled_out) {
            return field->type.choices.items[choice].text;
        }
    }
    return usual_text(field);
}

static bool is_said(const struct slu_witness_value *value, struct slu_string text) {
    for (uint32_t i = 0; i < value->item_count; i++) {
        if (slu_string_equal(value->items[i], text)) {
            return true;
        }
    }
    return false;
}

/* Exact elements first: they stand for the others that are the same but for letter case. */
static void add_elements(struct making *making, uint32_t subject, struct slu_witness_value *value) {
    const struct slu_instance *instance = making->instance;
    const struct slu_prover *prover = instance->prover;
    value->items = SLU_NEW_ARRAY(making->arena, struct slu_string, (size_t)instance->needed_count + 1);
    uint32_t *excluded = SLU_NEW_ARRAY(making->arena, uint32_t, (size_t)instance->needed_count + 1);
    if (value->items == NULL || excluded == NULL) {
        making->failed = true;
        return;
    }
    uint32_t excluded_count = 0;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &prover->atoms[number];
        if (atom->subject == subject && atom->kind == SLU_ATOM_HAS_EXACTLY) {
            if (truth_of(making, number) > 0) {
                value->items[value->item_count++] = atom->text;
            } else {
                excluded[excluded_count++] = number;
            }
        }
    }
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &prover->atoms[number];
        struct slu_string spelling = atom->written;
        if (atom->subject == subject && atom->kind == SLU_ATOM_HAS && truth_of(making, number) > 0 &&
            slu_theory_spell(instance->prover, making->arena, atom->written, excluded, excluded_count, &spelling) &&
            !is_said(value, spelling)) {
            value->items[value->item_count++] = spelling;
        }
    }
}

/* ---- fields ---- */

static struct slu_witness_value *add_value(struct making *making, const struct slu_field *field) {
    struct slu_witness *witness = making->witness;
    if (!SLU_RESERVE(making->arena, witness->values, witness->value_capacity, witness->value_count)) {
        making->failed = true;
        return NULL;
    }
    struct slu_witness_value *value = &witness->values[witness->value_count++];
    *value = (struct slu_witness_value){.field = field};
    return value;
}

static bool is_needed_list(const struct making *making, uint32_t subject) {
    for (uint32_t i = 0; i < making->instance->needed_count; i++) {
        uint32_t number = making->instance->needed_atoms[i];
        const struct slu_atom *atom = &making->instance->prover->atoms[number];
        if (atom->subject == subject && truth_of(making, number) > 0) {
            return true;
        }
    }
    return false;
}

static bool is_present(const struct making *making, uint32_t subject) {
    const struct slu_subject *about = &making->instance->prover->subjects[subject];
    if (about->kind != SLU_SUBJECT_FIELD) {
        return false;
    }
    if (about->type == SLU_TYPE_LIST) {
        return is_needed_list(making, subject);
    }
    return slu_instance_value(making->instance, about->present) > 0;
}

static bool flag_of(const struct making *making, uint32_t subject) {
    for (uint32_t i = 0; i < making->instance->needed_count; i++) {
        uint32_t number = making->instance->needed_atoms[i];
        const struct slu_atom *atom = &making->instance->prover->atoms[number];
        if (atom->kind == SLU_ATOM_FLAG && atom->subject == subject) {
            return truth_of(making, number) > 0;
        }
    }
    return false;
}

static void add_subject(struct making *making, uint32_t subject) {
    const struct slu_subject *about = &making->instance->prover->subjects[subject];
    /* The same field of this model, where the prover knows two. */
    uint32_t own = slu_map_find(&making->model->field_names, about->field->name.text);
    struct slu_witness_value *value =
        add_value(making, own == SLU_MAP_NONE ? about->field : &making->model->fields[own]);
    if (value == NULL) {
        return;
    }
    switch (about->type) {
    case SLU_TYPE_NUMBER:
        value->number = slu_pick_number(interval_of(making, subject));
        break;
    case SLU_TYPE_DURATION:
        value->number = slu_pick_time(interval_of(making, subject), USUAL_DURATION);
        break;
    case SLU_TYPE_TIME:
        value->number = time_of(making, subject);
        break;
    case SLU_TYPE_FLAG:
        value->number = flag_of(making, subject);
        break;
    case SLU_TYPE_TEXT:
        value->text = text_of(making, subject);
        break;
    case SLU_TYPE_LIST:
        add_elements(making, subject, value);
        break;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
}

const struct slu_witness_value *slu_witness_find(const struct slu_witness *witness, struct slu_string field) {
    for (uint32_t i = 0; i < witness->value_count; i++) {
        if (slu_string_equal(witness->values[i].field->name.text, field)) {
            return &witness->values[i];
        }
    }
    return NULL;
}

/* A field that state or a look-up needs to be asked for. */
static void add_usual(struct making *making, uint32_t index) {
    const struct slu_field *field = &making->model->fields[index];
    if (slu_witness_find(making->witness, field->name.text) != NULL || field->type.type != SLU_TYPE_TEXT) {
        return;
    }
    struct slu_witness_value *value = add_value(making, field);
    if (value != NULL) {
        value->text = usual_text(field);
    }
}

static void add_prerequisites(struct making *making) {
    for (uint32_t i = 0; i < making->witness->value_count && !making->failed; i++) {
        const struct slu_field *field = making->witness->values[i].field;
        if (field->origin == SLU_FIELD_STATE && field->entity_id != SLU_NO_INDEX) {
            add_usual(making, field->entity_id);
        }
        if (field->origin != SLU_FIELD_LOOKUP) {
            continue;
        }
        const struct slu_lookup *lookup = &making->model->lookups[field->lookup];
        for (uint32_t argument = 0; argument < lookup->argument_count; argument++) {
            const struct slu_expression *value =
                lookup->arguments[argument] == NULL ? NULL : lookup->arguments[argument]->value;
            if (value != NULL && value->kind == SLU_EXPRESSION_NAME && value->binding == SLU_BINDING_FIELD) {
                add_usual(making, value->index);
            }
        }
    }
}

static void note_others(struct making *making) {
    const struct slu_instance *instance = making->instance;
    struct slu_witness *witness = making->witness;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &instance->prover->atoms[number];
        if (atom->kind == SLU_ATOM_OPAQUE ||
            (atom->subject != SLU_NO_INDEX && instance->prover->subjects[atom->subject].kind == SLU_SUBJECT_COMPUTED)) {
            witness->has_opaque = true;
            witness->clock_matters = true; /* it may read the clock */
        }
        if (atom->kind != SLU_ATOM_ALLOWED) {
            continue;
        }
        if (!SLU_RESERVE(making->arena, witness->allowances, witness->allowance_capacity, witness->allowance_count)) {
            making->failed = true;
            return;
        }
        witness->allowances[witness->allowance_count++] =
            (struct slu_witness_allowance){atom->rule, atom->ruleset, atom->allowance, truth_of(making, number) > 0};
    }
}

static int compare_values(const void *left, const void *right) {
    const struct slu_witness_value *a = left, *b = right;
    return slu_string_compare(a->field->name.text, b->field->name.text);
}

bool slu_witness_make(const struct slu_instance *instance, const struct slu_model *model, struct slu_string event,
                      struct slu_witness *witness) {
    struct slu_arena *arena = (struct slu_arena *)&instance->arena;
    struct making making = {instance, arena, model, witness, false};
    *witness = (struct slu_witness){.event = event};
    choose_clock(&making);
    for (uint32_t i = 0; i < instance->needed_count && !making.failed; i++) {
        uint32_t subject = instance->prover->atoms[instance->needed_atoms[i]].subject;
        if (subject != SLU_NO_INDEX && instance->prover->subjects[subject].kind == SLU_SUBJECT_AGE) {
            subject = instance->prover->subjects[subject].base;
        }
        if (subject != SLU_NO_INDEX && is_present(&making, subject) &&
            slu_witness_find(witness, instance->prover->subjects[subject].field->name.text) == NULL) {
            add_subject(&making, subject);
        }
    }
    add_prerequisites(&making);
    note_others(&making);
    if (witness->value_count > 1) {
        qsort(witness->values, witness->value_count, sizeof *witness->values, compare_values);
    }
    return !making.failed && !arena->failed;
}

/* ---- writing ---- */

static void write_value(const struct slu_witness_value *value, struct slu_buffer *out) {
    switch (value->field->type.type) {
    case SLU_TYPE_NUMBER:
        slu_buffer_add_number(out, value->number);
        break;
    case SLU_TYPE_TIME:
        slu_buffer_add_byte(out, '"');
        slu_buffer_add_time(out, value->number);
        slu_buffer_add_byte(out, '"');
        break;
    case SLU_TYPE_FLAG:
        slu_buffer_add_text(out, value->number != 0 ? "true" : "false");
        break;
    case SLU_TYPE_TEXT:
        slu_buffer_add_json_string(out, value->text);
        break;
    case SLU_TYPE_LIST:
        slu_buffer_add_byte(out, '[');
        for (uint32_t i = 0; i < value->item_count; i++) {
            slu_buffer_add_text(out, i == 0 ? "" : ", ");
            slu_buffer_add_json_string(out, value->items[i]);
        }
        slu_buffer_add_byte(out, ']');
        break;
    case SLU_TYPE_DURATION: /* a fact: no event carries one */
        slu_buffer_add_duration(out, value->number);
        break;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        slu_buffer_add_text(out, "null");
        break;
    }
}

/* The name's parts before its last dot that both have in common, in bytes with the dot. */
static size_t common_parts(struct slu_string left, struct slu_string right) {
    size_t common = 0;
    for (size_t i = 0; i < left.length && i < right.length && left.bytes[i] == right.bytes[i]; i++) {
        if (left.bytes[i] == '.') {
            common = i + 1;
        }
    }
    return common;
}

static uint32_t count_dots(struct slu_string name, size_t from) {
    uint32_t dots = 0;
    for (size_t i = from; i < name.length; i++) {
        dots += name.bytes[i] == '.';
    }
    return dots;
}

/* Opens the objects of the parts after `from`, then the last key. */
static void write_keys(struct slu_string name, size_t from, struct slu_buffer *out) {
    size_t start = from;
    for (size_t i = from; i <= name.length; i++) {
        if (i == name.length || name.bytes[i] == '.') {
            slu_buffer_add_json_string(out, (struct slu_string){name.bytes + start, i - start});
            slu_buffer_add_text(out, i == name.length ? ": " : ": {");
            start = i + 1;
        }
    }
}

void slu_witness_write(const struct slu_witness *witness, struct slu_buffer *out) {
    struct slu_string before = {NULL, 0};
    slu_buffer_add_text(out, "{\"event\": ");
    slu_buffer_add_json_string(out, witness->event);
    if (witness->clock_matters) {
        slu_buffer_add_text(out, ", \"at\": \"");
        slu_buffer_add_time(out, witness->clock);
        slu_buffer_add_byte(out, '"');
    }
    for (uint32_t i = 0; i < witness->value_count; i++) {
        const struct slu_witness_value *value = &witness->values[i];
        if (value->field->origin != SLU_FIELD_EVENT) {
            continue;
        }
        struct slu_string name = value->field->name.text;
        size_t common = common_parts(before, name);
        slu_buffer_add_repeated(out, '}', count_dots(before, common));
        slu_buffer_add_text(out, ", ");
        write_keys(name, common, out);
        write_value(value, out);
        before = name;
    }
    slu_buffer_add_repeated(out, '}', count_dots(before, 0) + 1);
}

static const char *write_fields(const struct slu_witness *witness, enum slu_field_origin origin, const char *between,
                                struct slu_buffer *out) {
    for (uint32_t i = 0; i < witness->value_count; i++) {
        const struct slu_witness_value *value = &witness->values[i];
        if (value->field->origin != origin) {
            continue;
        }
        struct slu_string name = value->field->name.text;
        slu_buffer_add_format(out, "%s%.*s is ", between, (int)name.length, name.bytes);
        write_value(value, out);
        between = ", ";
    }
    return between;
}

void slu_witness_write_lookups(const struct slu_witness *witness, struct slu_buffer *out) {
    (void)write_fields(witness, SLU_FIELD_LOOKUP, "", out);
}

/* "Survey" has won once within 7 days for this contact */
static void write_used_up(const struct slu_witness_allowance *said, struct slu_buffer *out) {
    const struct slu_rule_syntax *rule = said->rule->syntax;
    const struct slu_allowance_syntax *allowance = &rule->allowances[said->allowance];
    slu_buffer_add_format(out, "\"%.*s\" has won ", (int)rule->title.text.length, rule->title.text.bytes);
    if (allowance->count == 1) {
        slu_buffer_add_text(out, "once");
    } else {
        slu_buffer_add_number(out, allowance->count);
        slu_buffer_add_text(out, " times");
    }
    if (allowance->period > 0) {
        slu_buffer_add_text(out, " within ");
        slu_buffer_add_duration(out, allowance->period);
    }
    if (allowance->entity.text.length > 0) {
        slu_buffer_add_text(out, " for this ");
        slu_buffer_add(out, allowance->entity.text);
    }
}

void slu_witness_write_facts(const struct slu_witness *witness, struct slu_buffer *out) {
    const char *between = write_fields(witness, SLU_FIELD_STATE, "", out);
    between = write_fields(witness, SLU_FIELD_LOOKUP, between, out);
    for (uint32_t i = 0; i < witness->allowance_count; i++) {
        if (!witness->allowances[i].left) {
            slu_buffer_add_text(out, between);
            write_used_up(&witness->allowances[i], out);
            between = ", ";
        }
    }
}
