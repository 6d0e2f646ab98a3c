/* Assertions: what is never to happen, or always. The prover decides whether
 * the rules keep them; while deciding they do nothing. */
#include "engine/check/checker.h"

static void bind_never(struct slu_checker *checker, const struct slu_never_syntax *syntax,
                       struct slu_bound_assertion *assertion) {
    slu_check_bind_masks(checker, syntax->masks, syntax->mask_count, &assertion->masks, &assertion->mask_count);
    assertion->condition = syntax->condition;
    if (syntax->limit != NULL) {
        assertion->kind = SLU_ASSERTION_AT_MOST;
        assertion->limit =
            slu_check_bind_allowance(checker, syntax->limit, "`more than` takes a whole number of times, at least 1");
    }
}

static uint32_t find_group(struct slu_checker *checker, struct slu_word name) {
    for (uint32_t i = 0; i < checker->model->groups_count; i++) {
        if (slu_string_equal(checker->model->groups[i].name.text, name.text)) {
            return i;
        }
    }
    slu_check_unknown(checker, SLU_NAME_GROUP, name);
    return SLU_NO_INDEX;
}

static void bind_always(struct slu_checker *checker, const struct slu_always_syntax *syntax,
                        struct slu_bound_assertion *assertion) {
    assertion->kind = SLU_ASSERTION_ALWAYS_ONE;
    assertion->condition = syntax->condition;
    assertion->group = find_group(checker, syntax->group);
    slu_check_bind_events(checker, &syntax->events, &assertion->events, &assertion->event_count);
}

void slu_check_assertions(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->assertions = SLU_NEW_ARRAY(checker->arena, struct slu_bound_assertion,
                                      slu_declarations_count(checker, SLU_DECLARATION_NEVER) +
                                          slu_declarations_count(checker, SLU_DECLARATION_ALWAYS));
    static const enum slu_declaration_kind kinds[] = {SLU_DECLARATION_NEVER, SLU_DECLARATION_ALWAYS};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct slu_declarations all = slu_declarations_of(checker, kinds[i]);
        for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
            struct slu_bound_assertion *assertion = &model->assertions[model->assertions_count++];
            *assertion =
                (struct slu_bound_assertion){.span = at->span, .group = SLU_NO_INDEX, .limit.entity_id = SLU_NO_INDEX};
            if (kinds[i] == SLU_DECLARATION_NEVER) {
                bind_never(checker, &at->as.never, assertion);
            } else {
                bind_always(checker, &at->as.always, assertion);
            }
            if (assertion->condition != NULL) {
                slu_check_condition(checker, assertion->condition);
            }
        }
    }
}
