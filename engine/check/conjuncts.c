/* A condition as a list of things that must all hold. */
#include "engine/check/checker.h"

static bool push(struct slu_conjuncts *conjuncts, struct slu_conjunct item) {
    if (conjuncts->count == conjuncts->capacity) {
        uint32_t capacity = conjuncts->capacity == 0 ? 16 : conjuncts->capacity * 2;
        struct slu_conjunct *items = SLU_NEW_ARRAY(conjuncts->checker->arena, struct slu_conjunct, capacity);
        if (items == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < conjuncts->count; i++) {
            items[i] = conjuncts->items[i];
        }
        conjuncts->items = items;
        conjuncts->capacity = capacity;
    }
    conjuncts->items[conjuncts->count++] = item;
    return true;
}

/* Puts `expression` in the place of the item's. */
static void replace(struct slu_conjunct *item, struct slu_expression *expression) {
    item->expression = expression;
    item->span = item->named ? item->span : expression->span;
}

/* One step towards the test inside: past parentheses, `not` and names. */
static bool unwrap(const struct slu_checker *checker, struct slu_conjunct *item) {
    struct slu_expression *expression = item->expression;
    if (expression->kind == SLU_EXPRESSION_GROUP) {
        replace(item, expression->items[0]);
        return true;
    }
    if (expression->kind == SLU_EXPRESSION_NOT) {
        replace(item, expression->items[0]);
        item->negated = !item->negated;
        return true;
    }
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE &&
        !checker->definitions_circular) {
        item->expression = checker->model->defines[expression->index].condition;
        item->named = true; /* the reader sees the name */
        return true;
    }
    return false;
}

bool slu_conjunct_is_disjunction(const struct slu_conjunct *conjunct) {
    return conjunct->expression->kind == (conjunct->negated ? SLU_EXPRESSION_AND : SLU_EXPRESSION_OR);
}

/* Items from `at` on are still to be taken apart; the left side of a long chain
 * is taken apart in place, so that memory is one item a conjunct. */
bool slu_conjuncts_add(struct slu_conjuncts *conjuncts, struct slu_conjunct from) {
    uint32_t at = conjuncts->count;
    if (!push(conjuncts, from)) {
        return false;
    }
    while (at < conjuncts->count) {
        if (conjuncts->steps_left == 0) {
            return false;
        }
        conjuncts->steps_left--;
        struct slu_conjunct *item = &conjuncts->items[at];
        if (unwrap(conjuncts->checker, item)) {
            continue;
        }
        const struct slu_expression *expression = item->expression;
        if (expression->kind != (item->negated ? SLU_EXPRESSION_OR : SLU_EXPRESSION_AND)) {
            at++;
            continue;
        }
        struct slu_conjunct right = *item;
        replace(&right, expression->items[1]);
        replace(item, expression->items[0]);
        if (!push(conjuncts, right)) {
            return false;
        }
    }
    return true;
}
