/* A condition as a list of things that must all hold. */
#include "engine/check/checker.h"

static void give_back(struct slu_checker *checker, struct slu_conjunct_room *room) {
    if (room != NULL) {
        room->next = checker->spare_conjuncts;
        checker->spare_conjuncts = room;
    }
}

/* Room for at least `capacity`: the newest spare one, or new. */
static struct slu_conjunct_room *take(struct slu_checker *checker, uint32_t capacity) {
    struct slu_conjunct_room *room = checker->spare_conjuncts;
    if (room != NULL && room->capacity >= capacity) {
        checker->spare_conjuncts = room->next;
        return room;
    }
    room = slu_arena_alloc(checker->arena, sizeof *room + capacity * sizeof *room->items);
    if (room != NULL) {
        room->capacity = capacity;
    }
    return room;
}

static bool grow(struct slu_conjuncts *conjuncts) {
    enum { FIRST = 16 };
    struct slu_conjunct_room *old = conjuncts->room;
    struct slu_conjunct_room *room = take(conjuncts->checker, old == NULL ? FIRST : old->capacity * 2);
    if (room == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < conjuncts->count; i++) {
        room->items[i] = conjuncts->items[i];
    }
    give_back(conjuncts->checker, old);
    conjuncts->room = room;
    conjuncts->items = room->items;
    return true;
}

static bool push(struct slu_conjuncts *conjuncts, struct slu_conjunct item) {
    if ((conjuncts->room == NULL || conjuncts->count == conjuncts->room->capacity) && !grow(conjuncts)) {
        return false;
    }
    conjuncts->items[conjuncts->count++] = item;
    return true;
}

void slu_conjuncts_give_back(struct slu_conjuncts *conjuncts) {
    give_back(conjuncts->checker, conjuncts->room);
    conjuncts->room = NULL;
    conjuncts->items = NULL;
    conjuncts->count = 0;
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
