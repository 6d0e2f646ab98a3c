/* The nearest event that is like an answer. */
#include "engine/prove/pick.h"
#include "engine/prove/situation.h"

#include <math.h>
#include <string.h>

static const double UNITS[] = {86400000, 3600000, 60000, 1000, 1};
enum { UNIT_COUNT = sizeof UNITS / sizeof *UNITS };

/* As a person writes numbers: with six decimals at most. */
static bool is_plain(double value) {
    return round(value * 1e6) / 1e6 == value;
}

/* Of the interval's plain numbers the one at its lower or upper end. */
static double plain_end(struct slu_interval interval, bool lower) {
    double end = lower ? interval.low : nextafter(interval.high, -INFINITY);
    if (is_plain(end) && end >= interval.low && end < interval.high) {
        return end; /* `<= 49.5` is 49.5 */
    }
    double value = lower ? ceil(interval.low) : ceil(interval.high) - 1;
    if (value >= interval.low && value < interval.high) {
        return value;
    }
    struct slu_interval half = lower ? interval : (struct slu_interval){-INFINITY, interval.high};
    value = slu_pick_number(half);
    return value >= interval.low ? value : interval.low;
}

/* Seconds before milliseconds, but nothing coarser: 7 days ago is a moment, not a day. */
static double plain_moment(struct slu_interval interval, bool lower) {
    for (size_t i = UNIT_COUNT - 2; i < UNIT_COUNT; i++) {
        double value =
            lower ? ceil(interval.low / UNITS[i]) * UNITS[i] : (ceil(interval.high / UNITS[i]) - 1) * UNITS[i];
        if (value >= interval.low && value < interval.high) {
            return value;
        }
    }
    return lower ? interval.low : interval.high - 1;
}

double slu_situation_nearest(double low, double high, double from, bool is_time) {
    struct slu_interval interval = {low, high};
    if (from >= low && from < high) {
        return from;
    }
    bool lower = from < low;
    return (is_time ? plain_moment(interval, lower) : plain_end(interval, lower)) + 0.0;
}

struct nearing {
    struct slu_instance *instance;
    const struct slu_witness *event, *found;
    struct slu_witness *near;
    double clock;
};

static bool is_needed(const struct slu_instance *instance, uint32_t place, uint32_t subject) {
    const struct slu_prover *prover = instance->prover;
    uint32_t about = prover->atoms[instance->needed_atoms[place]].subject;
    if (about == SLU_NO_INDEX) {
        return false;
    }
    const struct slu_subject *kept = &prover->subjects[about];
    return about == subject || (kept->kind == SLU_SUBJECT_AGE && kept->base == subject);
}

/* Is the value as every needed atom about it wants it? */
static bool fits(const struct nearing *nearing, uint32_t subject) {
    const struct slu_instance *instance = nearing->instance;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        if (!is_needed(instance, i, subject)) {
            continue;
        }
        uint32_t atom = instance->needed_atoms[i];
        if (slu_situation_atom(instance->prover, nearing->near, atom) != instance->truth[atom]) {
            return false;
        }
    }
    return true;
}

/* What is needed of a number or a moment, the clock being what it is. */
static struct slu_interval wanted(const struct nearing *nearing, uint32_t subject) {
    const struct slu_instance *instance = nearing->instance;
    struct slu_interval interval = {-INFINITY, INFINITY};
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &instance->prover->atoms[number];
        if (atom->kind != SLU_ATOM_BELOW || !is_needed(instance, i, subject)) {
            continue;
        }
        bool below = instance->truth[number] > 0;
        bool age = instance->prover->subjects[atom->subject].kind == SLU_SUBJECT_AGE;
        double cut = age ? nearing->clock - atom->cut + 1 : atom->cut; /* younger is later */
        if (below != age) {
            interval.high = fmin(interval.high, cut);
        } else {
            interval.low = fmax(interval.low, cut);
        }
    }
    return interval;
}

/* Takes away what must not be there, then adds what must. */
static bool near_list(const struct nearing *nearing, uint32_t subject, const struct slu_field *field,
                      struct slu_arena *arena) {
    const struct slu_instance *instance = nearing->instance;
    const struct slu_witness_value *old = slu_witness_find(nearing->event, field->name.text);
    const struct slu_witness_value *found = slu_witness_find(nearing->found, field->name.text);
    uint32_t room = (old == NULL ? 0 : old->item_count) + (found == NULL ? 0 : found->item_count) + 1;
    struct slu_witness_value value = {.field = field, .items = SLU_NEW_ARRAY(arena, struct slu_string, room)};
    if (value.items == NULL) {
        return false;
    }
    struct slu_witness alone = {.values = &value, .value_count = 1};
    for (uint32_t i = 0; old != NULL && i < old->item_count; i++) {
        struct slu_witness_value single = {.field = field, .items = &old->items[i], .item_count = 1};
        struct slu_witness one = {.values = &single, .value_count = 1};
        bool banned = false;
        for (uint32_t j = 0; j < instance->needed_count && !banned; j++) {
            uint32_t atom = instance->needed_atoms[j];
            banned = is_needed(instance, j, subject) && instance->truth[atom] < 0 &&
                     slu_situation_atom(instance->prover, &one, atom) > 0;
        }
        if (!banned) {
            value.items[value.item_count++] = old->items[i];
        }
    }
    for (uint32_t i = 0; found != NULL && i < found->item_count; i++) {
        struct slu_witness_value single = {.field = field, .items = &found->items[i], .item_count = 1};
        struct slu_witness one = {.values = &single, .value_count = 1};
        bool lacking = false;
        for (uint32_t j = 0; j < instance->needed_count && !lacking; j++) {
            uint32_t atom = instance->needed_atoms[j];
            lacking = is_needed(instance, j, subject) && instance->truth[atom] > 0 &&
                      slu_situation_atom(instance->prover, &one, atom) > 0 &&
                      slu_situation_atom(instance->prover, &alone, atom) < 0;
        }
        if (lacking) {
            value.items[value.item_count++] = found->items[i];
        }
    }
    return slu_situation_set(nearing->near, arena, field, value.item_count == 0 ? NULL : &value);
}

static bool near_field(const struct nearing *nearing, uint32_t subject) {
    struct slu_instance *instance = nearing->instance;
    struct slu_arena *arena = &instance->arena;
    const struct slu_subject *about = &instance->prover->subjects[subject];
    const struct slu_field *field = about->field;
    const struct slu_witness_value *found = slu_witness_find(nearing->found, field->name.text);
    const struct slu_witness_value *old = slu_witness_find(nearing->event, field->name.text);
    if (about->type == SLU_TYPE_LIST) {
        return near_list(nearing, subject, field, arena);
    }
    bool time = about->type == SLU_TYPE_TIME, number = about->type == SLU_TYPE_NUMBER;
    bool ordered = time || number || about->type == SLU_TYPE_FLAG;
    /* Where it may be there or not, a value that is there is changed before it is taken away. */
    bool stays = old != NULL && ordered && slu_instance_value(instance, about->present) >= 0;
    if (found == NULL && !stays) {
        return slu_situation_set(nearing->near, arena, field, NULL);
    }
    struct slu_witness_value value = found == NULL ? *old : *found;
    if (time || (number && old != NULL)) {
        struct slu_interval interval = wanted(nearing, subject);
        double from = old == NULL ? nearing->clock : old->number;
        value.number = slu_situation_nearest(interval.low, interval.high, from, time);
    } else if (found == NULL) {
        value.number = old->number == 0; /* the other flag */
    }
    return slu_situation_set(nearing->near, arena, field, &value);
}

/* What is needed of allowances; others stay as they are. */
static bool near_allowances(const struct nearing *nearing) {
    struct slu_witness *near = nearing->near;
    for (uint32_t i = 0; i < nearing->found->allowance_count; i++) {
        const struct slu_witness_allowance *wanted_one = &nearing->found->allowances[i];
        bool known = false;
        for (uint32_t j = 0; j < near->allowance_count; j++) {
            struct slu_witness_allowance *said = &near->allowances[j];
            if (said->rule == wanted_one->rule && said->allowance == wanted_one->allowance) {
                said->left = wanted_one->left;
                known = true;
            }
        }
        if (!known && !wanted_one->left) {
            if (!SLU_RESERVE(&nearing->instance->arena, near->allowances, near->allowance_capacity,
                             near->allowance_count)) {
                return false;
            }
            near->allowances[near->allowance_count++] = *wanted_one;
        }
    }
    return true;
}

bool slu_situation_near(struct slu_instance *instance, const struct slu_model *model, const struct slu_witness *event,
                        struct slu_witness *near) {
    struct slu_witness found;
    struct nearing nearing = {instance, event, &found, near, event->clock};
    if (!slu_witness_make(instance, model, event->event, &found) ||
        !slu_situation_copy(event, &instance->arena, near)) {
        return false;
    }
    near->has_opaque = found.has_opaque;
    for (uint32_t i = 0; i < instance->needed_count; i++) {
        uint32_t subject = instance->prover->atoms[instance->needed_atoms[i]].subject;
        if (subject != SLU_NO_INDEX && instance->prover->subjects[subject].kind == SLU_SUBJECT_AGE) {
            subject = instance->prover->subjects[subject].base;
        }
        if (subject != SLU_NO_INDEX && instance->prover->subjects[subject].kind == SLU_SUBJECT_FIELD &&
            !fits(&nearing, subject) && !near_field(&nearing, subject)) {
            return false;
        }
    }
    return near_allowances(&nearing) && !instance->arena.failed;
}
