/* The smallest change of an event that makes a rule win.
 *
 * Each field that the rules read is kept as it is, unless it is in the set of
 * those that may change. The solver says for a set that there is no such event,
 * with fields of which one has to change; the next set is the smallest with one
 * of each. So the first set with an event is one of the smallest. */
#include "engine/prove/why.h"

#include "engine/prove/query.h"
#include "engine/prove/situation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More fields to change, or steps to find which, are undecided. */
enum { CHANGES_MAX = 12, ROUNDS_MAX = 2000, STEPS_MAX = 2000000, NEARER_MAX = 64 };
/* Marks a root as one that keeps an item. */
#define KEEPS 0x80000000u

/* What can change: a field, or what is left of an allowance. */
struct item {
    uint32_t subject; /* SLU_NO_INDEX: an allowance */
    uint32_t atom;    /* the allowance's */
    int rank;         /* the event's fields change before state, that before look-ups, those before allowances */
    bool changes;
};
struct core {
    uint32_t *items;
    uint32_t count;
};
struct search {
    struct slu_query query;
    struct slu_prover *prover;
    struct slu_instance *instance;
    struct slu_replay *replay;
    const struct slu_witness *event; /* of a kind that the ruleset listens to */
    struct slu_arena *arena;
    uint32_t rule, ruleset;
    struct item *items;
    uint32_t item_count, item_capacity;
    struct core *cores;
    uint32_t core_count, core_capacity;
    uint8_t *seen_nodes; /* formulas whose atoms are kept already */
    uint32_t seen_count;
    uint32_t steps;
    bool guessed;     /* something opaque was ruled out because the engine said so, not because it was proved */
    bool clock_bound; /* the clock is compared */
    bool failed;
};

/* ---- what is kept ---- */

static int rank_of(const struct slu_subject *subject) {
    switch (subject->field->origin) {
    case SLU_FIELD_EVENT:
        return 0;
    case SLU_FIELD_STATE:
        return 1;
    case SLU_FIELD_LOOKUP:
        break;
    }
    return 2;
}

static uint32_t item_of(struct search *search, uint32_t subject, uint32_t atom) {
    for (uint32_t i = 0; i < search->item_count; i++) {
        if (search->items[i].subject == subject && (subject != SLU_NO_INDEX || search->items[i].atom == atom)) {
            return i;
        }
    }
    if (!SLU_RESERVE(search->arena, search->items, search->item_capacity, search->item_count)) {
        search->failed = true;
        return 0;
    }
    int rank = subject == SLU_NO_INDEX ? 3 : rank_of(&search->prover->subjects[subject]);
    search->items[search->item_count] = (struct item){subject, atom, rank, false};
    return search->item_count++;
}

/* How old a time is and when it was are one value, the clock being what it is. */
static void tie_age(struct search *search, const struct slu_atom *atom) {
    uint32_t base = search->prover->subjects[atom->subject].base;
    double moment = search->event->clock - atom->cut + 1;
    slu_formula younger = slu_atom_below(search->prover, atom->subject, atom->cut);
    slu_formula present = search->prover->subjects[base].present;
    slu_formula later =
        slu_formula_and2(&search->prover->formulas, present, -slu_atom_below(search->prover, base, moment));
    slu_instance_require(search->instance, slu_formula_or2(&search->prover->formulas, -younger, later), false, 0);
    slu_instance_require(search->instance, slu_formula_or2(&search->prover->formulas, younger, -later), false, 0);
}

/* State is known only of what the event names, and then it is what it was declared to be at first, or known. */
static void tie_state(struct search *search, uint32_t subject) {
    const struct slu_subject about = search->prover->subjects[subject];
    const struct slu_field *field = about.field;
    if (field->origin != SLU_FIELD_STATE || field->entity_id == SLU_NO_INDEX) {
        return;
    }
    uint32_t entity = slu_subject_field(search->prover, search->query.program->model, field->entity_id);
    slu_formula named = entity == SLU_NO_INDEX ? SLU_NEVER : search->prover->subjects[entity].present;
    struct slu_formulas *formulas = &search->prover->formulas;
    slu_instance_require(search->instance, slu_formula_or2(formulas, -about.present, named), false, 0);
    if (field->initial != NULL) {
        slu_instance_require(search->instance, slu_formula_or2(formulas, about.present, -named), false, 0);
    }
}

static void keep_atom(struct search *search, uint32_t number) {
    struct slu_prover *prover = search->prover;
    struct slu_atom atom = prover->atoms[number];
    int truth = slu_situation_atom(prover, search->event, number);
    slu_formula formula = truth > 0 ? atom.formula : -atom.formula;
    uint32_t subject = atom.subject;
    if (atom.kind == SLU_ATOM_OPAQUE ||
        (subject != SLU_NO_INDEX && prover->subjects[subject].kind == SLU_SUBJECT_COMPUTED)) {
        return;
    }
    if (subject != SLU_NO_INDEX && prover->subjects[subject].kind == SLU_SUBJECT_NOW) {
        search->clock_bound = true;
        slu_instance_require(search->instance, formula, false, 0);
        return;
    }
    if (subject != SLU_NO_INDEX && prover->subjects[subject].kind == SLU_SUBJECT_AGE) {
        tie_age(search, &atom);
        subject = prover->subjects[subject].base;
    }
    if (atom.kind == SLU_ATOM_PRESENT) {
        tie_state(search, subject);
    }
    uint32_t item = item_of(search, subject, number);
    if (truth != 0 && !search->failed) {
        uint32_t root = slu_instance_require(search->instance, formula, true, KEEPS | item);
        if (search->instance->failed) {
            search->failed = true;
            return;
        }
        search->instance->roots[root].active = !search->items[item].changes;
    }
}

/* Formulas are at most as deep as conditions, which are limited. */
static void keep_atoms(struct search *search, slu_formula formula) {
    uint32_t index = slu_formula_index(formula);
    const struct slu_formula_node *node = &search->prover->formulas.nodes[index];
    if (search->failed || index >= search->seen_count || search->seen_nodes[index]) {
        return;
    }
    search->seen_nodes[index] = 1;
    if (node->kind == SLU_FORMULA_ATOM) {
        keep_atom(search, node->atom);
        return;
    }
    const slu_formula *children = node->children; /* on the arena: stays when the nodes move */
    uint32_t count = node->child_count;
    for (uint32_t i = 0; i < count; i++) {
        keep_atoms(search, children[i]);
    }
}

/* ---- what has to change ---- */

static bool note_core(struct search *search) {
    const struct slu_instance *instance = search->instance;
    if (!SLU_RESERVE(search->arena, search->cores, search->core_capacity, search->core_count)) {
        return false;
    }
    struct core *core = &search->cores[search->core_count++];
    *core = (struct core){SLU_NEW_ARRAY(search->arena, uint32_t, (size_t)search->item_count + 1), 0};
    for (int rank = 0; core->items != NULL && rank <= 3; rank++) {
        for (uint32_t i = 0; i < search->item_count; i++) {
            bool needed = false;
            for (uint32_t root = 0; root < instance->root_count && !needed; root++) {
                const struct slu_root *kept = &instance->roots[root];
                needed = kept->selector != 0 && kept->active && kept->needed && kept->tag == (KEEPS | i);
            }
            if (needed && search->items[i].rank == rank) {
                core->items[core->count++] = i;
            }
        }
    }
    return core->items != NULL;
}

/* Can `left` more items give every core one that changes? At most CHANGES_MAX deep. */
static bool hit(struct search *search, uint32_t left) {
    const struct core *open = NULL;
    for (uint32_t i = 0; i < search->core_count && open == NULL; i++) {
        bool is_hit = false;
        for (uint32_t j = 0; j < search->cores[i].count && !is_hit; j++) {
            is_hit = search->items[search->cores[i].items[j]].changes;
        }
        open = is_hit ? NULL : &search->cores[i];
    }
    if (open == NULL) {
        return true;
    }
    for (uint32_t i = 0; left > 0 && i < open->count && search->steps < STEPS_MAX; i++) {
        struct item *item = &search->items[open->items[i]];
        search->steps++;
        item->changes = true;
        if (hit(search, left - 1)) {
            return true;
        }
        item->changes = false;
    }
    return false;
}

/* Chooses the next set. False: too many. */
static bool choose_changes(struct search *search) {
    bool found = false;
    for (uint32_t count = 0; count <= CHANGES_MAX && !found && search->steps < STEPS_MAX; count++) {
        for (uint32_t i = 0; i < search->item_count; i++) {
            search->items[i].changes = false;
        }
        found = hit(search, count);
    }
    for (uint32_t i = 0; i < search->instance->root_count; i++) {
        struct slu_root *root = &search->instance->roots[i];
        if (root->selector != 0 && (root->tag & KEEPS) != 0) {
            root->active = !search->items[root->tag & ~KEEPS].changes;
        }
    }
    return found;
}

/* ---- the engine's word ---- */

static bool wins(struct search *search, const struct slu_witness *event) {
    return slu_replay_decide(search->replay, event) &&
           slu_replay_winner(search->replay, search->ruleset) == search->rule;
}

/* The opaque tests are not as the answer has them: not so again. */
static bool rule_out_opaque(struct search *search) {
    struct slu_instance *instance = search->instance;
    int32_t *literals = SLU_NEW_ARRAY(search->arena, int32_t, (size_t)instance->needed_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; literals != NULL && i < instance->needed_count; i++) {
        uint32_t number = instance->needed_atoms[i];
        const struct slu_atom *atom = &search->prover->atoms[number];
        if (atom->kind == SLU_ATOM_OPAQUE ||
            (atom->subject != SLU_NO_INDEX && search->prover->subjects[atom->subject].kind == SLU_SUBJECT_COMPUTED)) {
            literals[count++] = instance->truth[number] > 0 ? -(int32_t)number - 1 : (int32_t)number + 1;
        }
    }
    if (count > 0) {
        slu_instance_clause(instance, literals, count);
        search->guessed = true;
    }
    return count > 0;
}

/* One answer of the solver: YES: `near` makes the rule win. NO: ask again. */
static enum slu_verdict try_answer(struct search *search, struct slu_witness *near, const char **reason) {
    if (!slu_situation_near(search->instance, search->query.program->model, search->event, near)) {
        search->failed = true;
        return SLU_VERDICT_UNDECIDED;
    }
    uint32_t winner = SLU_REPLAY_FAILED;
    if (slu_replay_decide(search->replay, near)) {
        winner = slu_replay_winner(search->replay, search->ruleset);
    }
    if (winner == search->rule) {
        return SLU_VERDICT_YES;
    }
    uint32_t thief = slu_query_thief(&search->query, search->ruleset, search->rule, winner);
    if (thief != SLU_NO_INDEX) {
        slu_query_exclude(&search->query, thief);
        keep_atoms(search, search->query.rules[thief]);
        return SLU_VERDICT_NO;
    }
    if (rule_out_opaque(search)) {
        return SLU_VERDICT_NO;
    }
    *reason = "no event could be made that the engine confirms";
    return SLU_VERDICT_UNDECIDED;
}

static enum slu_why_verdict look(struct search *search, struct slu_witness *near, const char **reason) {
    slu_query_begin(&search->query);
    slu_instance_require(search->instance, search->query.rules[search->rule], false, search->rule);
    keep_atoms(search, search->query.rules[search->rule]);
    for (uint32_t round = 0; round < ROUNDS_MAX && !search->failed; round++) {
        enum slu_verdict verdict = slu_instance_solve(search->instance);
        if (verdict == SLU_VERDICT_UNDECIDED) {
            *reason = search->instance->reason;
            return SLU_WHY_UNDECIDED;
        }
        if (verdict == SLU_VERDICT_YES) {
            verdict = try_answer(search, near, reason);
            if (verdict != SLU_VERDICT_NO) {
                return verdict == SLU_VERDICT_YES ? SLU_WHY_CHANGE : SLU_WHY_UNDECIDED;
            }
            continue;
        }
        if (!note_core(search)) {
            search->failed = true;
            return SLU_WHY_UNDECIDED;
        }
        if (search->cores[search->core_count - 1].count == 0) {
            search->query.witness.has_opaque = search->guessed;
            *reason = slu_query_unconfirmed(&search->query);
            return search->guessed ? SLU_WHY_UNDECIDED : SLU_WHY_NEVER;
        }
        if (!choose_changes(search)) {
            *reason = "too many fields would have to change";
            return SLU_WHY_UNDECIDED;
        }
    }
    *reason = "the rules before it are too many to search";
    return SLU_WHY_UNDECIDED;
}

/* ---- the nearest values ---- */

struct candidate {
    double value, distance;
};

static int compare_candidates(const void *left, const void *right) {
    const struct candidate *a = left, *b = right;
    return (a->distance > b->distance) - (a->distance < b->distance);
}

/* On both sides of each constant that the field is compared with. */
static uint32_t gather_candidates(const struct search *search, uint32_t subject, double from, bool is_time,
                                  struct candidate *candidates, uint32_t capacity) {
    const struct slu_prover *prover = search->prover;
    uint32_t count = 0;
    for (uint32_t i = 0; i < prover->atom_count && count + 2 <= capacity; i++) {
        const struct slu_atom *atom = &prover->atoms[i];
        if (atom->kind != SLU_ATOM_BELOW) {
            continue;
        }
        const struct slu_subject *about = &prover->subjects[atom->subject];
        bool age = about->kind == SLU_SUBJECT_AGE && about->base == subject;
        if (atom->subject != subject && !age) {
            continue;
        }
        double cut = age ? search->event->clock - atom->cut + 1 : atom->cut;
        double above = slu_situation_nearest(cut, INFINITY, -INFINITY, is_time);
        double below = slu_situation_nearest(-INFINITY, cut, INFINITY, is_time);
        candidates[count++] = (struct candidate){above, fabs(above - from)};
        candidates[count++] = (struct candidate){below, fabs(below - from)};
    }
    return count;
}

/* A text that is there is changed before it is taken away. */
static bool keep_there(struct search *search, struct slu_witness *near, const struct slu_field *field) {
    static const char *const words[] = {"other", "something else"};
    uint32_t choices = field->type.choices.count, count = choices > 0 ? choices : 2;
    for (uint32_t i = 0; i < count; i++) {
        struct slu_witness tried;
        struct slu_witness_value value = {.field = field};
        value.text = choices > 0 ? field->type.choices.items[i].text : slu_string_from(words[i]);
        if (!slu_situation_copy(near, search->arena, &tried) ||
            !slu_situation_set(&tried, search->arena, field, &value)) {
            return false;
        }
        if (wins(search, &tried)) {
            *near = tried;
            return true;
        }
    }
    return true;
}

/* Puts a nearer value in the place of one that has changed, where the rule still wins. */
static bool move_nearer(struct search *search, struct slu_witness *near, const struct item *item) {
    const struct slu_subject *subject = &search->prover->subjects[item->subject];
    const struct slu_witness_value *before = slu_witness_find(search->event, subject->field->name.text);
    const struct slu_witness_value *after = slu_witness_find(near, subject->field->name.text);
    bool is_time = subject->type == SLU_TYPE_TIME;
    if (before != NULL && after == NULL && subject->type == SLU_TYPE_TEXT) {
        return keep_there(search, near, subject->field);
    }
    if (before == NULL || after == NULL || (subject->type != SLU_TYPE_NUMBER && !is_time)) {
        return true;
    }
    uint32_t capacity = search->prover->atom_count * 2;
    struct candidate *candidates = SLU_NEW_ARRAY(search->arena, struct candidate, capacity);
    if (candidates == NULL) {
        return false;
    }
    double distance = fabs(after->number - before->number);
    uint32_t count = gather_candidates(search, item->subject, before->number, is_time, candidates, capacity);
    if (count > 1) {
        qsort(candidates, count, sizeof *candidates, compare_candidates);
    }
    for (uint32_t i = 0; i < count && i < NEARER_MAX && candidates[i].distance < distance; i++) {
        struct slu_witness tried;
        struct slu_witness_value value = *after;
        value.number = candidates[i].value;
        if (!slu_situation_copy(near, search->arena, &tried) ||
            !slu_situation_set(&tried, search->arena, subject->field, &value)) {
            return false;
        }
        if (candidates[i].distance > 0 && wins(search, &tried)) {
            *near = tried;
            return true;
        }
    }
    return true;
}

/* ---- telling ---- */

static bool add_change(struct slu_prove_why *why, struct slu_arena *arena, struct slu_why_change change) {
    if (!SLU_RESERVE(arena, why->changes, why->change_capacity, why->change_count)) {
        return false;
    }
    why->changes[why->change_count++] = change;
    return true;
}

static bool list_changes(const struct search *search, struct slu_string kind, const struct slu_witness *near,
                         struct slu_arena *arena, struct slu_prove_why *why) {
    const struct slu_witness *event = search->event;
    if (!slu_string_equal(kind, event->event) &&
        !add_change(why, arena, (struct slu_why_change){.kind = SLU_WHY_KIND, .name = event->event})) {
        return false;
    }
    const struct slu_witness *sides[2] = {event, near};
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < sides[side]->value_count; i++) {
            const struct slu_witness_value *value = &sides[side]->values[i];
            const struct slu_witness_value *other = slu_witness_find(sides[1 - side], value->field->name.text);
            bool repeats = side == 1 && other != NULL; /* said from the other side */
            struct slu_why_change change = {.kind = SLU_WHY_FIELD,
                                            .name = value->field->name.text,
                                            .field = value->field,
                                            .before = side == 0 ? value : other,
                                            .after = side == 0 ? other : value};
            if (!repeats && !slu_situation_same(value, other) && !add_change(why, arena, change)) {
                return false;
            }
        }
    }
    for (uint32_t i = 0; i < near->allowance_count && i < event->allowance_count; i++) {
        const struct slu_witness_allowance *allowance = &near->allowances[i];
        if (allowance->left && !event->allowances[i].left &&
            !add_change(
                why, arena,
                (struct slu_why_change){.kind = SLU_WHY_ALLOWANCE, .name = allowance->rule->syntax->title.text})) {
            return false;
        }
    }
    return true;
}

static bool tell(struct search *search, struct slu_string kind, struct slu_witness *near, struct slu_arena *arena,
                 struct slu_prove_why *why) {
    struct slu_witness kept;
    struct slu_buffer text;
    for (uint32_t i = 0; i < search->item_count; i++) {
        if (search->items[i].subject != SLU_NO_INDEX && !move_nearer(search, near, &search->items[i])) {
            return false;
        }
    }
    if (!slu_situation_copy(near, arena, &kept) || !list_changes(search, kind, &kept, arena, why)) {
        return false;
    }
    slu_buffer_init(&text);
    slu_witness_write(&kept, &text);
    bool fine = !text.failed && slu_arena_copy_string(arena, slu_buffer_string(&text), &why->event);
    slu_buffer_free(&text);
    /* Fewer than one would be none, and the event as it is does not do. */
    why->fewest = !search->guessed || why->change_count <= 1;
    return fine;
}

static struct slu_string kind_for(const struct sluice_program *program, uint32_t ruleset, struct slu_string kind) {
    const struct slu_program_ruleset *rules = &program->rulesets[ruleset];
    for (uint32_t i = 0; i < rules->event_count; i++) {
        if (slu_string_equal(program->events[rules->events[i]].name, kind)) {
            return kind;
        }
    }
    return program->events[rules->events[0]].name;
}

static bool run(struct search *search, const struct sluice_program *program, struct slu_string kind,
                struct slu_arena *arena, struct slu_prove_why *why) {
    struct slu_witness near;
    if (!slu_query_init(&search->query, search->prover, search->instance, search->replay, program)) {
        return false;
    }
    search->seen_count = search->prover->formulas.count + 1;
    search->seen_nodes = SLU_NEW_ARRAY(search->arena, uint8_t, search->seen_count);
    if (search->seen_nodes == NULL) {
        return false;
    }
    if (wins(search, search->event)) { /* of another kind, or of values that an event cannot carry */
        near = *search->event;
        why->verdict = slu_string_equal(kind, near.event) ? SLU_WHY_UNDECIDED : SLU_WHY_CHANGE;
        why->reason = "the event cannot be written in the product's own shape";
    } else {
        why->verdict = look(search, &near, &why->reason);
    }
    why->at_this_time = search->clock_bound;
    return why->verdict != SLU_WHY_CHANGE || tell(search, kind, &near, arena, why);
}

enum sluice_status slu_prove_why(const struct sluice_program *program, const struct slu_witness *event, uint32_t rule,
                                 const struct slu_prove_options *options, struct slu_arena *arena,
                                 struct slu_prove_why *why) {
    struct slu_arena scratch;
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_replay replay;
    struct slu_witness like = *event;
    slu_arena_init(&scratch, 0);
    *why = (struct slu_prove_why){.verdict = SLU_WHY_UNDECIDED};
    struct search search = {.prover = &prover,
                            .instance = &instance,
                            .replay = &replay,
                            .event = &like,
                            .arena = &scratch,
                            .rule = rule,
                            .ruleset = program->rules[rule].ruleset};
    like.event = kind_for(program, search.ruleset, event->event);
    bool fine = slu_prover_init(&prover, &scratch, options);
    slu_instance_init(&instance, &prover);
    slu_replay_init(&replay, program, &scratch);
    fine = fine && run(&search, program, event->event, arena, why);
    fine = fine && !search.failed && !instance.failed && !slu_prover_failed(&prover) && !replay.no_memory;
    slu_replay_free(&replay);
    slu_instance_free(&instance);
    slu_prover_free(&prover);
    slu_arena_free(&scratch);
    return fine ? SLUICE_OK : SLUICE_NO_MEMORY;
}
