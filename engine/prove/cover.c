#include "engine/prove/cover.h"

#include "engine/decide/tests.h"
#include "engine/prove/cover_parts.h"

/* Whether a time is long ago hangs on the clock. */
static bool has_time(const struct slu_witness *event) {
    for (uint32_t i = 0; i < event->value_count; i++) {
        if (event->values[i].field->type.type == SLU_TYPE_TIME) {
            return true;
        }
    }
    return false;
}

static void try_value(struct slu_covering *covering, uint32_t rule, const struct slu_witness *base,
                      const struct slu_cover_value *value) {
    struct slu_witness event;
    if (!slu_situation_copy(base, &covering->arena, &event) ||
        !slu_situation_set(&event, &covering->arena, value->field, value->missing ? NULL : &value->value)) {
        covering->failed = true;
        return;
    }
    event.clock_matters = event.clock_matters || has_time(&event);
    if (!slu_replay_decide(&covering->replay, &event)) {
        return;
    }
    uint32_t winner = slu_replay_winner(&covering->replay, covering->program->rules[rule].ruleset);
    if (winner != SLU_REPLAY_FAILED) {
        slu_cover_show(covering, rule, winner, &event, value);
    }
}

/* A test names entities that are not given itself; so that replaying means the
 * same, every id is given by which the ruleset keeps state or allowances. */
static void require_ids(struct slu_covering *covering, slu_formula formula) {
    struct slu_prover *prover = &covering->prover;
    const struct slu_formula_node node = *slu_formula_node(&prover->formulas, formula);
    for (uint32_t i = 0; i < node.child_count; i++) {
        require_ids(covering, node.children[i]);
    }
    if (node.kind != SLU_FORMULA_ATOM) {
        return;
    }
    const struct slu_atom *atom = &prover->atoms[node.atom];
    uint32_t entity = SLU_NO_INDEX;
    if (atom->kind == SLU_ATOM_ALLOWED) {
        entity = atom->rule->allowances[atom->allowance].entity_id;
    } else if (atom->subject != SLU_NO_INDEX && prover->subjects[atom->subject].field != NULL &&
               prover->subjects[atom->subject].field->origin == SLU_FIELD_STATE) {
        entity = prover->subjects[atom->subject].field->entity_id;
    }
    if (entity != SLU_NO_INDEX) {
        uint32_t subject = slu_subject_field(prover, covering->program->model, entity);
        slu_formula present = subject == SLU_NO_INDEX ? SLU_NEVER : prover->subjects[subject].present;
        slu_instance_require(&covering->instance, present, false, 0);
    }
}

/* An event on which the rule wins and `more` holds. */
static enum slu_verdict find_event(struct slu_covering *covering, uint32_t rule, slu_formula more,
                                   const char **reason) {
    struct slu_query *query = &covering->query;
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    const struct slu_program_ruleset *ruleset = &covering->program->rulesets[entry->ruleset];
    slu_query_begin(query);
    slu_instance_require(&covering->instance, query->rules[rule], false, rule);
    slu_instance_require(&covering->instance, more, false, rule);
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        require_ids(covering, query->rules[ruleset->first_rule + i]);
    }
    return slu_query_until(query, entry->ruleset, rule, SLU_NO_INDEX, reason);
}

static struct slu_reach_answer reach(struct slu_covering *covering, uint32_t rule) {
    struct slu_reach_answer answer = {.reach = SLU_REACHED};
    if (find_event(covering, rule, SLU_ALWAYS, &answer.reason) == SLU_VERDICT_YES) {
        return answer;
    }
    return slu_query_reach(&covering->query, rule);
}

/* The event at the clock that tests have, where any will do. Replayed last; false when that is not possible. */
static bool take_base(struct slu_covering *covering, uint32_t rule, const struct slu_witness *found,
                      struct slu_witness *base) {
    uint32_t ruleset = covering->program->rules[rule].ruleset;
    if (!slu_situation_copy(found, &covering->arena, base)) {
        covering->failed = true;
        return false;
    }
    base->clock_matters = base->clock_matters || has_time(base);
    if (!base->clock_matters) {
        base->clock = (double)SLU_TEST_CLOCK;
        if (slu_replay_decide(&covering->replay, base) && slu_replay_winner(&covering->replay, ruleset) == rule) {
            return true;
        }
        base->clock = found->clock;
        base->clock_matters = true;
    }
    return slu_replay_decide(&covering->replay, base);
}

/* An event of a test that the rule wins, also when replayed; NULL: there is none. */
static const struct slu_witness *find_in_tests(struct slu_covering *covering, uint32_t rule) {
    uint32_t ruleset = covering->program->rules[rule].ruleset;
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct slu_witness *event = &covering->shown[i].event;
        if (covering->shown[i].winner == rule && slu_replay_decide(&covering->replay, event) &&
            slu_replay_winner(&covering->replay, ruleset) == rule) {
            return event;
        }
    }
    return NULL;
}

/* An event that the rule wins because the test holds, or because it does not. */
static bool find_deciding(struct slu_covering *covering, uint32_t rule, const struct slu_expression *test,
                          struct slu_witness *base) {
    struct slu_prover *prover = &covering->prover;
    const struct slu_model *model = covering->program->model;
    slu_formula holds = slu_prove_condition(prover, model, test);
    const char *reason;
    for (int side = 0; side < 2; side++) {
        slu_formula is = side == 0 ? holds : -holds;
        slu_formula turned = slu_cover_replaced(prover, model, rule, test, side == 0 ? SLU_NEVER : SLU_ALWAYS);
        slu_formula decides = slu_formula_and2(&prover->formulas, is, -turned);
        if (find_event(covering, rule, decides, &reason) == SLU_VERDICT_YES) {
            return take_base(covering, rule, &covering->query.witness, base);
        }
    }
    return false;
}

static void try_test(struct slu_covering *covering, uint32_t rule, const struct slu_witness *base,
                     const struct slu_cover_condition *condition) {
    struct slu_cover_values values;
    struct slu_witness deciding;
    if (condition->alternative && find_deciding(covering, rule, condition->test, &deciding)) {
        base = &deciding;
    }
    if (!slu_cover_values(&covering->prover, covering->program->model, condition->test, base, &covering->arena,
                          &values)) {
        covering->failed = true;
        return;
    }
    for (uint32_t i = 0; i < values.count && !covering->failed; i++) {
        try_value(covering, rule, base, &values.items[i]);
    }
}

static void cover_rule(struct slu_covering *covering, uint32_t rule) {
    struct slu_witness base;
    struct slu_cover_tests tests;
    struct slu_reach_answer answer = reach(covering, rule);
    const struct slu_witness *found = answer.reach == SLU_REACHED ? &covering->query.witness : NULL;
    if (answer.reach == SLU_REACH_UNDECIDED) {
        found = find_in_tests(covering, rule);
    }
    if (found == NULL) {
        covering->cover->unreached(covering->cover->context, rule, &answer);
        return;
    }
    if (!slu_cover_list(covering->program->model, rule, &covering->arena, &tests)) {
        covering->failed = true;
        return;
    }
    if (!take_base(covering, rule, found, &base)) {
        return;
    }
    slu_cover_show(covering, rule, rule, &base, NULL);
    for (uint32_t i = 0; i < tests.count && !covering->failed; i++) {
        try_test(covering, rule, &base, &tests.items[i]);
    }
    for (uint32_t i = 0; i < covering->program->rules[rule].allowance_count && !covering->failed; i++) {
        slu_cover_show_allowance(covering, rule, &base, i);
    }
}

/* The titles of the program's own tests are taken. */
static bool note_titles(struct slu_covering *covering) {
    const struct slu_model *model = covering->program->model;
    for (uint32_t i = 0; i < model->tests_count; i++) {
        if (!slu_map_put(&covering->titles, model->tests[i].syntax->title.text, 1)) {
            return false;
        }
    }
    return true;
}

enum sluice_status slu_prove_cover(const struct sluice_program *program, const struct slu_prove_options *options,
                                   struct slu_prove_cover *cover) {
    struct slu_covering covering = {.program = program, .cover = cover};
    cover->known = cover->unsaid = 0;
    slu_arena_init(&covering.arena, 0);
    slu_map_init(&covering.titles, &covering.arena);
    bool fine = slu_prover_init(&covering.prover, &covering.arena, options);
    slu_instance_init(&covering.instance, &covering.prover);
    slu_replay_init(&covering.replay, program, &covering.arena);
    fine = fine && slu_query_init(&covering.query, &covering.prover, &covering.instance, &covering.replay, program);
    fine = fine && note_titles(&covering) && slu_cover_note_tests(&covering);
    for (uint32_t i = 0; fine && i < program->rule_count && !covering.failed; i++) {
        cover_rule(&covering, i);
    }
    fine = fine && !covering.failed && !covering.instance.failed && !slu_prover_failed(&covering.prover) &&
           !covering.replay.no_memory && !covering.arena.failed;
    slu_replay_free(&covering.replay);
    slu_instance_free(&covering.instance);
    slu_prover_free(&covering.prover);
    slu_arena_free(&covering.arena);
    return fine ? SLUICE_OK : SLUICE_NO_MEMORY;
}
