/* `always one of group NAME`: which members are on the conversation after all
 * rulesets of an event, as formulas over the tags that it carried before.
 *
 * What is not said by literals (a computed tag, another conversation, an undo,
 * what raised events do) is free: a tag may or may not be there. */
#include "engine/prove/assertions.h"

enum { RULES_MAX = 4000 /* in one ruleset, of which each that wins is written out */ };

struct tagging {
    struct slu_assertion_proof *proof;
    struct slu_prover *prover;
    const struct slu_model *model;
    struct slu_string *members; /* folded */
    uint32_t member_count;
    slu_formula *carried, *next; /* per member */
    uint32_t giver;              /* the only operation that gives tags; SLU_NO_INDEX: there are several, or none */
    uint32_t free_count;
};

/* ---- members ---- */

static uint32_t member_of(struct tagging *tagging, struct slu_string tag) {
    struct slu_string wanted = slu_prove_folded(tagging->prover, tag);
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        if (slu_string_equal(tagging->members[i], wanted)) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* Something that nobody knows, another one each time. */
static slu_formula free_formula(struct tagging *tagging) {
    char text[32] = "tag ";
    struct slu_string key = {text, 4};
    for (uint32_t rest = ++tagging->free_count; rest > 0; rest /= 10) {
        text[key.length++] = (char)('0' + rest % 10);
    }
    uint32_t atom = slu_prover_atom(tagging->prover, SLU_ATOM_OPAQUE, SLU_NO_INDEX, 0, key);
    return atom == SLU_NO_INDEX ? SLU_NEVER : tagging->prover->atoms[atom].formula;
}

static void free_all(struct tagging *tagging, slu_formula *carried) {
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        carried[i] = free_formula(tagging);
    }
}

/* ---- what an action does ---- */

/* The argument that says which tag; *plain: it is a text, and nothing else is said. */
static const struct slu_argument *tag_of(const struct slu_model *model, const struct slu_bound_action *action,
                                         bool *plain) {
    const struct slu_argument *tag = NULL;
    *plain = true;
    if (action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX ||
        model->operations[action->target].inverse == SLU_NO_INDEX) {
        return NULL;
    }
    for (uint32_t i = 0; i < action->argument_count; i++) {
        const struct slu_argument *argument = action->arguments[i];
        if (argument == NULL) {
            continue;
        }
        bool is_tag = model->operations[action->target].takes[i].type.tag;
        *plain = *plain && is_tag && tag == NULL && !argument->each && argument->value->kind == SLU_EXPRESSION_TEXT;
        tag = is_tag ? argument : tag;
    }
    return tag;
}

/* Could the action change which members are there? */
static bool may_touch(struct tagging *tagging, const struct slu_bound_action *action) {
    bool plain;
    if (action->syntax->kind == SLU_ACTION_UNDO && action->target != SLU_NO_INDEX) {
        const struct slu_bound_rule *undone = &tagging->model->rules[action->target];
        for (uint32_t i = 0; i < undone->action_count; i++) {
            if (tag_of(tagging->model, &undone->actions[i], &plain) != NULL) {
                return true;
            }
        }
    }
    const struct slu_argument *tag = tag_of(tagging->model, action, &plain);
    if (tag == NULL || action->syntax->delayed) {
        return false;
    }
    if (!plain || member_of(tagging, tag->value->text) != SLU_NO_INDEX) {
        return true;
    }
    for (uint32_t i = 0; i < tagging->model->groups_count; i++) { /* groups may overlap */
        if (tagging->model->groups[i].exclusive &&
            slu_group_has(tagging->prover, &tagging->model->groups[i], tag->value->text)) {
            return true;
        }
    }
    return false;
}

/* A tag of an exclusive group is given: the others go, unless a guard stops either. */
static void make_room(struct tagging *tagging, uint32_t operation, struct slu_string tag, slu_formula *carried) {
    uint32_t inverse = tagging->model->operations[operation].inverse;
    slu_formula stays =
        slu_formula_or2(&tagging->prover->formulas, slu_prove_blocked(tagging->prover, tagging->model, operation),
                        slu_prove_blocked(tagging->prover, tagging->model, inverse));
    for (uint32_t i = 0; i < tagging->model->groups_count; i++) {
        const struct slu_tag_group *group = &tagging->model->groups[i];
        if (!group->exclusive || !slu_group_has(tagging->prover, group, tag)) {
            continue;
        }
        for (uint32_t j = 0; j < group->members.count; j++) {
            uint32_t other = member_of(tagging, group->members.items[j].text);
            if (other == SLU_NO_INDEX ||
                slu_string_equal(tagging->members[other], slu_prove_folded(tagging->prover, tag))) {
                continue;
            }
            carried[other] = tagging->giver == operation
                                 ? slu_formula_and2(&tagging->prover->formulas, carried[other], stays)
                                 : free_formula(tagging);
        }
    }
}

static void do_action(struct tagging *tagging, const struct slu_bound_action *action, slu_formula *carried) {
    bool plain;
    if (!may_touch(tagging, action)) {
        return;
    }
    const struct slu_argument *tag = tag_of(tagging->model, action, &plain);
    if (tag == NULL || !plain) {
        free_all(tagging, carried);
        return;
    }
    uint32_t member = member_of(tagging, tag->value->text);
    slu_formula blocked = slu_prove_blocked(tagging->prover, tagging->model, action->target);
    if (slu_operation_takes_tag_away(tagging->model, action->target)) {
        if (member != SLU_NO_INDEX) {
            carried[member] = slu_formula_and2(&tagging->prover->formulas, carried[member], blocked);
        }
        return;
    }
    make_room(tagging, action->target, tag->value->text, carried);
    if (member != SLU_NO_INDEX) {
        carried[member] = slu_formula_or2(&tagging->prover->formulas, carried[member], -blocked);
    }
}

/* ---- what rulesets do ---- */

static bool rule_touches(struct tagging *tagging, uint32_t rule) {
    const struct slu_bound_rule *bound = &tagging->model->rules[rule];
    for (uint32_t i = 0; i < bound->action_count; i++) {
        if (may_touch(tagging, &bound->actions[i])) {
            return true;
        }
    }
    return false;
}

/* `carried` as it is after the ruleset: whatever its winner makes of it. */
static bool do_ruleset(struct tagging *tagging, uint32_t ruleset) {
    struct slu_formulas *formulas = &tagging->prover->formulas;
    const struct slu_bound_ruleset *bound = &tagging->model->rulesets[ruleset];
    slu_formula passes = SLU_ALWAYS, touched = SLU_NEVER;
    slu_formula *after = SLU_NEW_ARRAY(tagging->prover->arena, slu_formula, tagging->member_count);
    if (after == NULL || bound->rule_count > RULES_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        tagging->next[i] = SLU_NEVER;
    }
    for (uint32_t rule = bound->first_rule; rule < bound->first_rule + bound->rule_count; rule++) {
        slu_formula matches = tagging->proof->lint->query.rules[rule];
        slu_formula wins = slu_formula_and2(formulas, passes, matches);
        passes = slu_formula_and2(formulas, passes, -matches);
        if (!rule_touches(tagging, rule)) {
            continue;
        }
        touched = slu_formula_or2(formulas, touched, wins);
        for (uint32_t i = 0; i < tagging->member_count; i++) {
            after[i] = tagging->carried[i];
        }
        for (uint32_t i = 0; i < tagging->model->rules[rule].action_count; i++) {
            do_action(tagging, &tagging->model->rules[rule].actions[i], after);
        }
        for (uint32_t i = 0; i < tagging->member_count; i++) {
            tagging->next[i] = slu_formula_or2(formulas, tagging->next[i], slu_formula_and2(formulas, wins, after[i]));
        }
    }
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        tagging->carried[i] =
            slu_formula_or2(formulas, tagging->next[i], slu_formula_and2(formulas, -touched, tagging->carried[i]));
    }
    return !slu_prover_failed(tagging->prover);
}

/* Marks the kinds that rules on this kind raise at once, and so on. */
static void mark_raised(struct tagging *tagging, uint32_t event, uint8_t *raised, uint32_t *pending, uint32_t *count) {
    const struct slu_program_event *kind = &tagging->proof->lint->query.program->events[event];
    for (uint32_t i = 0; i < kind->ruleset_count; i++) {
        const struct slu_bound_ruleset *ruleset = &tagging->model->rulesets[kind->rulesets[i]];
        for (uint32_t rule = ruleset->first_rule; rule < ruleset->first_rule + ruleset->rule_count; rule++) {
            for (uint32_t j = 0; j < tagging->model->rules[rule].action_count; j++) {
                const struct slu_bound_action *action = &tagging->model->rules[rule].actions[j];
                bool raises = action->syntax->kind == SLU_ACTION_EMIT && !action->syntax->delayed;
                if (raises && action->target != SLU_NO_INDEX && raised[action->target] == 0) {
                    raised[action->target] = 1;
                    pending[(*count)++] = action->target;
                }
            }
        }
    }
}

static bool ruleset_touches(struct tagging *tagging, uint32_t ruleset) {
    const struct slu_bound_ruleset *bound = &tagging->model->rulesets[ruleset];
    for (uint32_t rule = bound->first_rule; rule < bound->first_rule + bound->rule_count; rule++) {
        if (rule_touches(tagging, rule)) {
            return true;
        }
    }
    return false;
}

/* Raised events are decided on other fields: what their rules may touch is free. */
static bool do_raised(struct tagging *tagging, uint32_t event) {
    struct slu_arena *arena = tagging->prover->arena;
    uint8_t *raised = SLU_NEW_ARRAY(arena, uint8_t, tagging->model->events_count);
    uint32_t *pending = SLU_NEW_ARRAY(arena, uint32_t, tagging->model->events_count);
    uint32_t count = 0;
    if (raised == NULL || pending == NULL) {
        return false;
    }
    mark_raised(tagging, event, raised, pending, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_program_event *kind = &tagging->proof->lint->query.program->events[pending[i]];
        for (uint32_t j = 0; j < kind->ruleset_count; j++) {
            if (ruleset_touches(tagging, kind->rulesets[j])) {
                free_all(tagging, tagging->carried);
                return true;
            }
        }
        mark_raised(tagging, pending[i], raised, pending, &count);
    }
    return true;
}

/* ---- one kind of event ---- */

/* Some member is there; *two: and another one. */
static slu_formula any_carried(struct tagging *tagging, slu_formula *two) {
    struct slu_formulas *formulas = &tagging->prover->formulas;
    slu_formula any = SLU_NEVER;
    *two = SLU_NEVER;
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        *two = slu_formula_or2(formulas, *two, slu_formula_and2(formulas, any, tagging->carried[i]));
        any = slu_formula_or2(formulas, any, tagging->carried[i]);
    }
    return any;
}

/* Makes the formula for what must not be; false when it cannot be made. */
static bool make_broken(struct tagging *tagging, uint32_t event, slu_formula *broken) {
    const struct slu_program_event *kind = &tagging->proof->lint->query.program->events[event];
    uint32_t tags = slu_map_find(&tagging->model->field_names, SLU_STRING("conversation.tags"));
    uint32_t id = slu_map_find(&tagging->model->field_names, SLU_STRING("conversation.id"));
    if (tags == SLU_MAP_NONE || id == SLU_MAP_NONE) {
        return false;
    }
    uint32_t subject = slu_subject_field(tagging->prover, tagging->model, tags);
    uint32_t conversation = slu_subject_field(tagging->prover, tagging->model, id);
    if (subject == SLU_NO_INDEX || conversation == SLU_NO_INDEX) {
        return false;
    }
    for (uint32_t i = 0; i < tagging->member_count; i++) {
        tagging->carried[i] = slu_atom_has(tagging->prover, subject, tagging->members[i], false);
    }
    /* That a group is exclusive says that a conversation carries no two of it. */
    slu_formula two;
    (void)any_carried(tagging, &two);
    slu_formula before = tagging->model->groups[tagging->proof->assertion->group].exclusive ? -two : SLU_ALWAYS;
    for (uint32_t i = 0; i < kind->ruleset_count; i++) {
        if (!do_ruleset(tagging, kind->rulesets[i])) {
            return false;
        }
    }
    if (!do_raised(tagging, event)) {
        return false;
    }
    slu_formula any = any_carried(tagging, &two);
    slu_formula not_one = slu_formula_or2(&tagging->prover->formulas, -any, two);
    slu_formula parts[] = {tagging->proof->condition, tagging->prover->subjects[conversation].present, before, not_one};
    *broken = slu_formula_and(&tagging->prover->formulas, parts, sizeof parts / sizeof *parts);
    return true;
}

/* An event on which the formula holds, into the pool. */
static enum slu_verdict ask(struct slu_assertion_proof *proof, uint32_t event, slu_formula broken, bool fresh) {
    struct slu_query *query = &proof->lint->query;
    slu_formula from = fresh ? slu_assertion_fresh(proof) : SLU_ALWAYS;
    slu_query_begin(query);
    slu_instance_require(query->instance, broken, false, 0);
    slu_instance_require(query->instance, from, false, 0);
    enum slu_verdict verdict = slu_instance_solve(query->instance);
    if (verdict != SLU_VERDICT_YES) {
        return verdict;
    }
    if (!slu_witness_make(query->instance, proof->lint->model, proof->lint->model->events[event].name.text,
                          &query->witness)) {
        query->instance->failed = true;
        return SLU_VERDICT_UNDECIDED;
    }
    slu_search_add(proof, SLU_NO_INDEX, true);
    return verdict;
}

static void check_event(struct tagging *tagging, uint32_t event, slu_formula *seen, uint32_t *seen_count) {
    struct slu_assertion_proof *proof = tagging->proof;
    slu_formula broken;
    if (!make_broken(tagging, event, &broken)) {
        slu_assertion_doubt(proof, "the rules are too many", SLU_NO_INDEX);
        return;
    }
    for (uint32_t i = 0; i < *seen_count; i++) {
        if (seen[i] == broken) {
            return; /* the same rules: nothing hangs on the kind itself */
        }
    }
    seen[(*seen_count)++] = broken;
    slu_search_clear(proof);
    switch (ask(proof, event, broken, false)) {
    case SLU_VERDICT_NO:
        return;
    case SLU_VERDICT_UNDECIDED:
        slu_assertion_doubt(proof, proof->lint->query.instance->reason, SLU_NO_INDEX);
        return;
    case SLU_VERDICT_YES:
        break;
    }
    (void)ask(proof, event, broken, true);
    slu_search_run(proof, 1);
    if (!proof->broken) {
        slu_search_add_causes(proof);
        slu_search_run(proof, SLU_SEQUENCE_EVENTS);
    }
    slu_assertion_doubt(proof, NULL, SLU_NO_INDEX);
}

/* ---- all of them ---- */

static void find_giver(struct tagging *tagging) {
    bool several = false;
    tagging->giver = SLU_NO_INDEX;
    for (uint32_t i = 0; i < tagging->model->rules_count; i++) {
        for (uint32_t j = 0; j < tagging->model->rules[i].action_count; j++) {
            const struct slu_bound_action *action = &tagging->model->rules[i].actions[j];
            if (slu_action_gives_tag(tagging->model, action)) {
                several = several || (tagging->giver != SLU_NO_INDEX && tagging->giver != action->target);
                tagging->giver = action->target;
            }
        }
    }
    tagging->giver = several ? SLU_NO_INDEX : tagging->giver;
}

/* Each member once, letter case ignored. */
static bool find_members(struct tagging *tagging) {
    const struct slu_words *members = &tagging->model->groups[tagging->proof->assertion->group].members;
    tagging->members = SLU_NEW_ARRAY(tagging->prover->arena, struct slu_string, members->count);
    tagging->carried = SLU_NEW_ARRAY(tagging->prover->arena, slu_formula, members->count);
    tagging->next = SLU_NEW_ARRAY(tagging->prover->arena, slu_formula, members->count);
    if (tagging->members == NULL || tagging->carried == NULL || tagging->next == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < members->count; i++) {
        if (member_of(tagging, members->items[i].text) == SLU_NO_INDEX) {
            tagging->members[tagging->member_count++] = slu_prove_folded(tagging->prover, members->items[i].text);
        }
    }
    return true;
}

void slu_assertion_always_one(struct slu_assertion_proof *proof) {
    struct slu_prove_lint *lint = proof->lint;
    const struct slu_bound_assertion *assertion = proof->assertion;
    struct tagging tagging = {.proof = proof, .prover = lint->prover, .model = lint->model};
    slu_formula *seen = SLU_NEW_ARRAY(lint->prover->arena, slu_formula, lint->model->events_count);
    uint32_t seen_count = 0;
    find_giver(&tagging);
    if (seen == NULL || !find_members(&tagging)) {
        return;
    }
    for (uint32_t i = 0; i < lint->model->events_count && !proof->broken; i++) {
        bool asked_for = assertion->event_count == 0 && lint->query.program->events[i].ruleset_count > 0;
        for (uint32_t j = 0; j < assertion->event_count; j++) {
            asked_for = asked_for || assertion->events[j] == i;
        }
        if (slu_prover_expired(lint->prover)) {
            slu_assertion_doubt(proof, "the time for proofs was over", SLU_NO_INDEX);
            return;
        }
        if (asked_for) {
            tagging.free_count = 0;
            check_event(&tagging, i, seen, &seen_count);
        }
    }
}
