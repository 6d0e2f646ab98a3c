/* The single tests of a rule's conditions, and events on which one of them decides. */
#include "engine/prove/cover.h"

struct gathering {
    const struct slu_model *model;
    struct slu_arena *arena;
    struct slu_cover_tests *tests;
    bool failed;
};

static void add(struct gathering *gathering, const struct slu_expression *expression, bool alternative) {
    struct slu_cover_tests *tests = gathering->tests;
    if (!SLU_RESERVE(gathering->arena, tests->items, tests->capacity, tests->count)) {
        gathering->failed = true;
        return;
    }
    tests->items[tests->count++] = (struct slu_cover_condition){expression, alternative};
}

/* `negated`: inside an odd number of `not`. Conditions are at most as deep as
 * SLU_LIMIT_NESTING; chains lean to the left and are walked in a loop. */
static void gather(struct gathering *gathering, const struct slu_expression *expression, bool negated,
                   bool alternative) {
    expression = slu_prove_inside(expression);
    while (expression->kind == SLU_EXPRESSION_AND || expression->kind == SLU_EXPRESSION_OR) {
        alternative = alternative || (expression->kind == SLU_EXPRESSION_OR) != negated;
        gather(gathering, expression->items[1], negated, alternative);
        expression = slu_prove_inside(expression->items[0]);
    }
    if (expression->kind == SLU_EXPRESSION_NOT) {
        gather(gathering, expression->items[0], !negated, alternative);
    } else if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE) {
        gather(gathering, gathering->model->defines[expression->index].condition, negated, alternative);
    } else {
        add(gathering, expression, alternative);
    }
}

bool slu_cover_list(const struct slu_model *model, uint32_t rule, struct slu_arena *arena,
                    struct slu_cover_tests *tests) {
    struct gathering gathering = {model, arena, tests, false};
    const struct slu_rule_syntax *syntax = model->rules[rule].syntax;
    *tests = (struct slu_cover_tests){NULL, 0, 0};
    if (syntax->when != NULL) {
        gather(&gathering, syntax->when, false, false);
    }
    if (syntax->unless != NULL) {
        gather(&gathering, syntax->unless, true, false);
    }
    return !gathering.failed;
}

/* ---- conditions without one of their tests ---- */

struct replacing {
    struct slu_prover *prover;
    const struct slu_model *model;
    const struct slu_expression *test;
    slu_formula by;
};

static slu_formula replaced(const struct replacing *replacing, const struct slu_expression *expression) {
    struct slu_formulas *formulas = &replacing->prover->formulas;
    expression = slu_prove_inside(expression);
    if (expression == replacing->test) {
        return replacing->by;
    }
    if (expression->kind == SLU_EXPRESSION_AND || expression->kind == SLU_EXPRESSION_OR) {
        bool every = expression->kind == SLU_EXPRESSION_AND;
        const struct slu_expression *at = expression;
        slu_formula answer = every ? SLU_ALWAYS : SLU_NEVER;
        for (; at->kind == expression->kind; at = at->items[0]) {
            slu_formula part = replaced(replacing, at->items[1]);
            answer = every ? slu_formula_and2(formulas, answer, part) : slu_formula_or2(formulas, answer, part);
        }
        slu_formula first = replaced(replacing, at);
        return every ? slu_formula_and2(formulas, answer, first) : slu_formula_or2(formulas, answer, first);
    }
    if (expression->kind == SLU_EXPRESSION_NOT) {
        return -replaced(replacing, expression->items[0]);
    }
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE) {
        return replaced(replacing, replacing->model->defines[expression->index].condition);
    }
    return slu_prove_condition(replacing->prover, replacing->model, expression);
}

slu_formula slu_cover_replaced(struct slu_prover *prover, const struct slu_model *model, uint32_t rule,
                               const struct slu_expression *test, slu_formula by) {
    struct replacing replacing = {prover, model, test, by};
    const struct slu_rule_syntax *syntax = model->rules[rule].syntax;
    slu_formula answer = syntax->when == NULL ? SLU_ALWAYS : replaced(&replacing, syntax->when);
    if (syntax->unless != NULL) {
        answer = slu_formula_and2(&prover->formulas, answer, -replaced(&replacing, syntax->unless));
    }
    return answer;
}
