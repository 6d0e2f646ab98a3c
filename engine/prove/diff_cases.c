#include "engine/prove/diff_cases.h"

#include "engine/decide/convert.h"
#include "engine/text/unicode.h"

/* ---- guards ---- */

/* Are there events on which one holds and the other does not? Undecided counts as yes. */
static bool may_differ(struct slu_instance *instance, slu_formula left, slu_formula right) {
    struct slu_formulas *formulas = &instance->prover->formulas;
    if (left == right) {
        return false;
    }
    slu_instance_reset(instance);
    slu_instance_require(
        instance,
        slu_formula_or2(formulas, slu_formula_and2(formulas, left, -right), slu_formula_and2(formulas, -left, right)),
        false, 0);
    return slu_instance_solve(instance) != SLU_VERDICT_NO;
}

static bool compare_guards(struct slu_surroundings *surroundings, struct slu_instance *instance) {
    for (uint32_t side = 0; side < 2; side++) {
        const struct slu_model *model = surroundings->models[side], *other = surroundings->models[1 - side];
        struct slu_arena *arena = surroundings->prover->arena;
        surroundings->blocked[side] = SLU_NEW_ARRAY(arena, slu_formula, model->operations_count);
        surroundings->guarded[side] = SLU_NEW_ARRAY(arena, uint8_t, model->operations_count);
        if (surroundings->blocked[side] == NULL || surroundings->guarded[side] == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < model->operations_count; i++) {
            surroundings->blocked[side][i] = SLU_NEVER;
            if (model->guards_count + other->guards_count == 0) {
                continue;
            }
            uint32_t same = slu_map_find(&other->operation_names, model->operations[i].name);
            slu_formula blocked = slu_prove_blocked(surroundings->prover, model, i);
            slu_formula there = same == SLU_MAP_NONE ? SLU_NEVER : slu_prove_blocked(surroundings->prover, other, same);
            surroundings->blocked[side][i] = blocked;
            surroundings->guarded[side][i] = may_differ(instance, blocked, there);
        }
    }
    return true;
}

/* ---- groups ---- */

/* Does giving `tag` (folded) take `other` away? */
static bool takes_away(struct slu_surroundings *surroundings, const struct slu_model *model, struct slu_string tag,
                       struct slu_string other) {
    for (uint32_t i = 0; i < model->groups_count; i++) {
        if (model->groups[i].exclusive && slu_group_has(surroundings->prover, &model->groups[i], tag) &&
            slu_group_has(surroundings->prover, &model->groups[i], other)) {
            return !slu_string_equal(tag, other);
        }
    }
    return false;
}

/* The pairs of one program's exclusive groups, in the other, too? */
static bool is_part_of(struct slu_surroundings *surroundings, const struct slu_model *model,
                       const struct slu_model *other) {
    for (uint32_t i = 0; i < model->groups_count; i++) {
        const struct slu_words *members = &model->groups[i].members;
        for (uint32_t j = 0; model->groups[i].exclusive && j < members->count; j++) {
            for (uint32_t k = 0; k < members->count; k++) {
                struct slu_string left = slu_prove_folded(surroundings->prover, members->items[j].text);
                struct slu_string right = slu_prove_folded(surroundings->prover, members->items[k].text);
                if (!slu_string_equal(left, right) && !takes_away(surroundings, other, left, right)) {
                    return false;
                }
            }
        }
    }
    return true;
}

bool slu_surroundings_compare(struct slu_surroundings *surroundings, struct slu_instance *instance,
                              const struct slu_model *before, const struct slu_model *after) {
    surroundings->prover = instance->prover;
    surroundings->models[0] = before;
    surroundings->models[1] = after;
    surroundings->groups_differ = !is_part_of(surroundings, before, after) || !is_part_of(surroundings, after, before);
    return compare_guards(surroundings, instance) && !slu_prover_failed(surroundings->prover);
}

/* ---- one rule ---- */

static void add_question(struct slu_diff_questions *questions, struct slu_diff_question question) {
    for (uint32_t i = 0; i < questions->count; i++) {
        struct slu_diff_question *asked = &questions->items[i];
        if (asked->operation == question.operation && asked->giver == question.giver &&
            slu_string_equal(asked->tag, question.tag)) {
            asked->counts = asked->counts || question.counts;
            return;
        }
    }
    if (questions->count == SLU_DIFF_QUESTIONS) {
        questions->reason = "guards or groups differ for too many actions of one rule";
        return;
    }
    questions->items[questions->count++] = question;
}

/* Some action, in either program, may give or take the tag before this one looks. */
static bool is_given_elsewhere(struct slu_surroundings *surroundings, const struct slu_bound_action *but,
                               struct slu_string tag) {
    for (uint32_t side = 0; side < 2; side++) {
        const struct slu_model *model = surroundings->models[side];
        for (uint32_t i = 0; i < model->rules_count; i++) {
            for (uint32_t j = 0; j < model->rules[i].action_count; j++) {
                const struct slu_bound_action *action = &model->rules[i].actions[j];
                if (action == but || action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX) {
                    continue;
                }
                for (uint32_t k = 0; k < action->argument_count; k++) {
                    const struct slu_argument *argument = action->arguments[k];
                    if (argument != NULL && model->operations[action->target].takes[k].type.tag &&
                        (argument->value->kind != SLU_EXPRESSION_TEXT ||
                         slu_string_equal(slu_prove_folded(surroundings->prover, argument->value->text), tag))) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

/* Members that giving the tag takes away in one program only. */
static void ask_about_members(struct slu_surroundings *surroundings, uint32_t side, const struct slu_model *of,
                              const struct slu_bound_action *action, struct slu_string tag,
                              struct slu_diff_questions *questions) {
    uint32_t field = slu_map_find(&surroundings->models[side]->field_names, SLU_STRING("conversation.tags"));
    for (uint32_t i = 0; i < of->groups_count; i++) {
        for (uint32_t j = 0; of->groups[i].exclusive && j < of->groups[i].members.count; j++) {
            struct slu_string other = slu_prove_folded(surroundings->prover, of->groups[i].members.items[j].text);
            bool here = takes_away(surroundings, surroundings->models[side], tag, other);
            if (here == takes_away(surroundings, surroundings->models[1 - side], tag, other)) {
                continue;
            }
            if (field == SLU_MAP_NONE || is_given_elsewhere(surroundings, action, other)) {
                questions->reason = "groups differ, and with them which tags make room for others";
                return;
            }
            uint32_t tags = slu_subject_field(surroundings->prover, surroundings->models[side], field);
            slu_formula goes = slu_formula_and2(&surroundings->prover->formulas,
                                                slu_atom_has(surroundings->prover, tags, other, false),
                                                -surroundings->blocked[side][action->target]);
            add_question(
                questions,
                (struct slu_diff_question){
                    .operation = SLU_NO_INDEX, .giver = action->target, .tag = other, .counts = here, .formula = goes});
        }
    }
}

/* Makes room in a group: by the inverse, which a guard may stop as well. */
static void ask_about_room(struct slu_surroundings *surroundings, uint32_t side, const struct slu_bound_action *action,
                           struct slu_diff_questions *questions) {
    const struct slu_model *model = surroundings->models[side];
    bool exclusive = slu_model_has_exclusive_group(surroundings->models[0]) ||
                     slu_model_has_exclusive_group(surroundings->models[1]);
    if (!exclusive || !slu_action_gives_tag(model, action)) {
        return;
    }
    if (surroundings->guarded[side][model->operations[action->target].inverse] != 0) {
        questions->reason = "guards differ for an action that makes room in a group";
    }
    for (uint32_t i = 0; i < action->argument_count && surroundings->groups_differ; i++) {
        const struct slu_argument *argument = action->arguments[i];
        if (argument == NULL || !model->operations[action->target].takes[i].type.tag) {
            continue;
        }
        if (argument->value->kind != SLU_EXPRESSION_TEXT || argument->each) {
            questions->reason = "groups differ, and a tag is put on that is not known before";
            return;
        }
        struct slu_string tag = slu_prove_folded(surroundings->prover, argument->value->text);
        ask_about_members(surroundings, side, surroundings->models[0], action, tag, questions);
        ask_about_members(surroundings, side, surroundings->models[1], action, tag, questions);
    }
}

static void ask_about_undo(struct slu_surroundings *surroundings, uint32_t side, struct slu_diff_questions *questions) {
    for (uint32_t i = 0; i < surroundings->models[side]->operations_count; i++) {
        if (surroundings->guarded[side][i] != 0) {
            questions->reason = "guards differ, and with them perhaps what an undo reverses";
        }
    }
}

bool slu_surroundings_ask(struct slu_surroundings *surroundings, uint32_t side, uint32_t rule,
                          struct slu_diff_questions *questions) {
    const struct slu_bound_rule *bound = &surroundings->models[side]->rules[rule];
    *questions = (struct slu_diff_questions){.count = 0};
    for (uint32_t i = 0; i < bound->action_count; i++) {
        const struct slu_bound_action *action = &bound->actions[i];
        if (action->syntax->kind == SLU_ACTION_UNDO) {
            ask_about_undo(surroundings, side, questions);
        }
        if (action->syntax->kind != SLU_ACTION_CALL || action->target == SLU_NO_INDEX) {
            continue;
        }
        if (surroundings->guarded[side][action->target] != 0) {
            add_question(questions, (struct slu_diff_question){.operation = action->target,
                                                               .counts = true,
                                                               .formula = surroundings->blocked[side][action->target]});
        }
        ask_about_room(surroundings, side, action, questions);
    }
    return !slu_prover_failed(surroundings->prover);
}

/* ---- one case ---- */

void slu_diff_case_write(struct slu_buffer *out, const struct slu_model *model, const struct slu_diff_case *taken) {
    for (uint32_t i = 0; taken->questions != NULL && i < taken->questions->count; i++) {
        const struct slu_diff_question *question = &taken->questions->items[i];
        if ((taken->answers >> i & 1) != 0 && question->counts) {
            bool guard = question->operation != SLU_NO_INDEX;
            slu_buffer_add_text(out, guard ? " stopped" : " without");
            slu_prove_write_text(out, guard ? model->operations[question->operation].name : question->tag);
        }
    }
}

/* Was the action stopped? One that was not asked for was not. */
static bool was_stopped(const struct sluice_decision *decision, struct slu_string operation) {
    for (size_t i = 0; i < decision->action_count; i++) {
        if (slu_string_equal(slu_string_take(decision->actions[i].name), operation)) {
            return decision->actions[i].blocked_by.length > 0;
        }
    }
    return false;
}

static bool was_carried(const struct slu_witness *witness, struct slu_string tag, struct slu_arena *arena) {
    const struct slu_witness_value *tags = slu_witness_find(witness, SLU_STRING("conversation.tags"));
    for (uint32_t i = 0; tags != NULL && i < tags->item_count; i++) {
        struct slu_string text = tags->items[i];
        arena->failed |= !slu_unicode_fold_string(arena, tags->items[i], &text);
        if (slu_string_equal(text, tag)) {
            return true;
        }
    }
    return false;
}

uint32_t slu_diff_case_answers(const struct slu_diff_case *taken, const struct slu_model *model,
                               const struct sluice_decision *decision, const struct slu_witness *witness,
                               struct slu_arena *arena) {
    uint32_t answers = 0;
    for (uint32_t i = 0; decision != NULL && taken->questions != NULL && i < taken->questions->count; i++) {
        const struct slu_diff_question *question = &taken->questions->items[i];
        uint32_t operation = question->operation == SLU_NO_INDEX ? question->giver : question->operation;
        bool stopped = was_stopped(decision, model->operations[operation].name);
        bool holds =
            question->operation == SLU_NO_INDEX ? !stopped && was_carried(witness, question->tag, arena) : stopped;
        answers |= (holds ? 1u : 0u) << i;
    }
    return answers;
}
