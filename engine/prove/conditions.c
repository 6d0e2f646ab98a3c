/* From conditions to formulas: what the language says, test by test.
 *
 * A test of one operand against constants is exact. Everything else is a free
 * atom, one for each distinct test: the events that are reasoned about are then
 * more than there are, so what is proved stays true. */
#include "engine/prove/prover.h"

#include <math.h>

struct translation {
    struct slu_prover *prover;
    const struct slu_model *model;
};

const struct slu_expression *slu_prove_inside(const struct slu_expression *expression) {
    while (expression->kind == SLU_EXPRESSION_GROUP) {
        expression = expression->items[0];
    }
    return expression;
}

/* ---- operands ---- */

bool slu_prove_number(const struct slu_expression *expression, double *number) {
    expression = slu_prove_inside(expression);
    double sign = 1;
    if (expression->kind == SLU_EXPRESSION_NEGATE) {
        expression = slu_prove_inside(expression->items[0]);
        sign = -1;
    }
    if (!slu_expression_has_number(expression)) {
        return false;
    }
    *number = sign * expression->number;
    return true;
}

static bool is_constant(const struct slu_expression *expression) {
    double number;
    return slu_prove_inside(expression)->kind == SLU_EXPRESSION_TEXT || slu_prove_number(expression, &number);
}

const struct slu_expression *slu_prove_list(const struct slu_model *model, const struct slu_expression *expression) {
    const struct slu_expression *list = slu_prove_inside(expression);
    if (list->kind == SLU_EXPRESSION_NAME && list->binding == SLU_BINDING_LIST) {
        list = model->lists[list->index].elements;
    }
    if (list->kind != SLU_EXPRESSION_LIST) {
        return NULL;
    }
    for (uint32_t i = 0; i < list->item_count; i++) {
        if (!is_constant(list->items[i])) {
            return NULL;
        }
    }
    return list;
}

/* What the operand is about; SLU_NO_INDEX for constants. */
static uint32_t subject_of(struct translation *translation, const struct slu_expression *operand) {
    operand = slu_prove_inside(operand);
    if (operand->kind == SLU_EXPRESSION_NAME && operand->binding == SLU_BINDING_FIELD) {
        return slu_subject_field(translation->prover, translation->model, operand->index);
    }
    if (operand->kind == SLU_EXPRESSION_NOW) {
        return slu_subject_now(translation->prover);
    }
    if (is_constant(operand) || operand->kind == SLU_EXPRESSION_LIST ||
        (operand->kind == SLU_EXPRESSION_NAME && operand->binding == SLU_BINDING_LIST)) {
        return SLU_NO_INDEX;
    }
    return slu_subject_computed(translation->prover, translation->model, operand);
}

static slu_formula present(struct translation *translation, uint32_t subject) {
    return translation->prover->subjects[subject].present;
}

static slu_formula both(struct translation *translation, slu_formula left, slu_formula right) {
    return slu_formula_and2(&translation->prover->formulas, left, right);
}

/* ---- numbers, times, durations ---- */

/* The least value above `number`. */
static double after(struct translation *translation, uint32_t subject, double number) {
    const struct slu_subject *about = &translation->prover->subjects[subject];
    return about->type == SLU_TYPE_TIME || about->kind == SLU_SUBJECT_AGE ? floor(number) + 1
                                                                          : nextafter(number, INFINITY);
}

static slu_formula at_least(struct translation *translation, uint32_t subject, double number) {
    return both(translation, present(translation, subject), -slu_atom_below(translation->prover, subject, number));
}

static slu_formula at_most(struct translation *translation, uint32_t subject, double number) {
    return slu_atom_below(translation->prover, subject, after(translation, subject, number));
}

static slu_formula between(struct translation *translation, uint32_t subject, double low, double high) {
    return both(translation, at_least(translation, subject, low), at_most(translation, subject, high));
}

static slu_formula compare(struct translation *translation, enum slu_expression_kind kind, uint32_t subject,
                           double number) {
    switch ((uint32_t)kind) {
    case SLU_EXPRESSION_LESS:
        return slu_atom_below(translation->prover, subject, number);
    case SLU_EXPRESSION_AT_MOST:
        return at_most(translation, subject, number);
    case SLU_EXPRESSION_GREATER:
        return at_least(translation, subject, after(translation, subject, number));
    default:
        return at_least(translation, subject, number);
    }
}

static enum slu_expression_kind mirrored(enum slu_expression_kind kind) {
    switch ((uint32_t)kind) {
    case SLU_EXPRESSION_LESS:
        return SLU_EXPRESSION_GREATER;
    case SLU_EXPRESSION_AT_MOST:
        return SLU_EXPRESSION_AT_LEAST;
    case SLU_EXPRESSION_GREATER:
        return SLU_EXPRESSION_LESS;
    case SLU_EXPRESSION_AT_LEAST:
        return SLU_EXPRESSION_AT_MOST;
    default:
        return kind;
    }
}

static slu_formula opaque(struct translation *translation, const struct slu_expression *test) {
    return slu_atom_opaque(translation->prover, translation->model, test);
}

static slu_formula ordered(struct translation *translation, const struct slu_expression *test) {
    const struct slu_expression *left = test->items[0], *right = test->items[1];
    enum slu_expression_kind kind = test->kind;
    if (is_constant(left)) {
        const struct slu_expression *swapped = left;
        left = right;
        right = swapped;
        kind = mirrored(kind);
    }
    double number;
    uint32_t subject = subject_of(translation, left);
    if (subject == SLU_NO_INDEX || !slu_prove_number(right, &number)) {
        return opaque(translation, test);
    }
    return compare(translation, kind, subject, number);
}

static slu_formula within_bounds(struct translation *translation, const struct slu_expression *test) {
    double low, high;
    uint32_t subject = subject_of(translation, test->items[0]);
    if (subject == SLU_NO_INDEX || !slu_prove_number(test->items[1], &low) ||
        !slu_prove_number(test->items[2], &high)) {
        return opaque(translation, test);
    }
    return between(translation, subject, low, high);
}

/* `is within`, `is older than`: about the age. */
static slu_formula aged(struct translation *translation, const struct slu_expression *test) {
    double duration;
    uint32_t subject = subject_of(translation, test->items[0]);
    if (subject == SLU_NO_INDEX || translation->prover->subjects[subject].kind == SLU_SUBJECT_NOW ||
        !slu_prove_number(test->items[1], &duration)) {
        return opaque(translation, test);
    }
    uint32_t age = slu_subject_age(translation->prover, subject);
    if (age == SLU_NO_INDEX) {
        return SLU_NEVER;
    }
    return test->kind == SLU_EXPRESSION_WITHIN ? between(translation, age, 0, duration)
                                               : at_least(translation, age, after(translation, age, duration));
}

/* ---- equality ---- */

static slu_formula equals(struct translation *translation, uint32_t subject, const struct slu_expression *constant,
                          bool exactly) {
    double number;
    constant = slu_prove_inside(constant);
    if (constant->kind == SLU_EXPRESSION_TEXT) {
        return slu_atom_is(translation->prover, subject, constant->text, exactly);
    }
    if (!slu_prove_number(constant, &number)) {
        return SLU_NEVER;
    }
    if (constant->kind == SLU_EXPRESSION_FLAG) {
        slu_formula flag = slu_atom_flag(translation->prover, subject);
        return number != 0 ? flag : both(translation, present(translation, subject), -flag);
    }
    return between(translation, subject, number, number);
}

static slu_formula equal(struct translation *translation, const struct slu_expression *test) {
    const struct slu_expression *left = test->items[0], *right = test->items[1];
    if (is_constant(left)) {
        left = test->items[1];
        right = test->items[0];
    }
    uint32_t subject = subject_of(translation, left);
    if (subject == SLU_NO_INDEX || !is_constant(right)) {
        return opaque(translation, test);
    }
    return equals(translation, subject, right, test->exactly);
}

/* ---- lists ---- */

typedef slu_formula of_element(struct translation *translation, uint32_t subject, const struct slu_expression *constant,
                               bool exactly);

static slu_formula has(struct translation *translation, uint32_t subject, const struct slu_expression *constant,
                       bool exactly) {
    constant = slu_prove_inside(constant);
    return constant->kind == SLU_EXPRESSION_TEXT ? slu_atom_has(translation->prover, subject, constant->text, exactly)
                                                 : SLU_NEVER;
}

/* Some, or every, element of the list; `missing`: what the test is of a missing operand. */
static slu_formula over_elements(struct translation *translation, const struct slu_expression *test, bool every,
                                 of_element *each) {
    uint32_t subject = subject_of(translation, test->items[0]);
    const struct slu_expression *list = slu_prove_list(translation->model, test->items[1]);
    if (subject == SLU_NO_INDEX || list == NULL) {
        return opaque(translation, test);
    }
    slu_formula *parts = SLU_NEW_ARRAY(translation->prover->arena, slu_formula, (size_t)list->item_count + 1);
    if (parts == NULL) {
        return SLU_NEVER;
    }
    for (uint32_t i = 0; i < list->item_count; i++) {
        parts[i] = each(translation, subject, list->items[i], test->exactly);
    }
    if (!every) {
        return slu_formula_or(&translation->prover->formulas, parts, list->item_count);
    }
    parts[list->item_count] = present(translation, subject);
    return slu_formula_and(&translation->prover->formulas, parts, list->item_count + 1);
}

/* ---- text ---- */

static slu_formula contains(struct translation *translation, uint32_t subject, const struct slu_expression *part,
                            bool exactly) {
    return slu_atom_text(translation->prover, subject, SLU_SHAPE_CONTAINS, slu_prove_inside(part)->text, exactly);
}

static slu_formula starts(struct translation *translation, uint32_t subject, const struct slu_expression *part,
                          bool exactly) {
    return slu_atom_text(translation->prover, subject, SLU_SHAPE_STARTS, slu_prove_inside(part)->text, exactly);
}

static slu_formula ends(struct translation *translation, uint32_t subject, const struct slu_expression *part,
                        bool exactly) {
    return slu_atom_text(translation->prover, subject, SLU_SHAPE_ENDS, slu_prove_inside(part)->text, exactly);
}

static slu_formula one_text(struct translation *translation, const struct slu_expression *test, of_element *each) {
    uint32_t subject = subject_of(translation, test->items[0]);
    if (subject == SLU_NO_INDEX || slu_prove_inside(test->items[1])->kind != SLU_EXPRESSION_TEXT) {
        return opaque(translation, test);
    }
    return each(translation, subject, test->items[1], test->exactly);
}

static slu_formula has_one(struct translation *translation, const struct slu_expression *test) {
    uint32_t subject = subject_of(translation, test->items[0]);
    if (subject == SLU_NO_INDEX || !is_constant(test->items[1])) {
        return opaque(translation, test);
    }
    return has(translation, subject, test->items[1], test->exactly);
}

static slu_formula matches(struct translation *translation, const struct slu_expression *test) {
    uint32_t subject = subject_of(translation, test->items[0]);
    return subject == SLU_NO_INDEX
               ? opaque(translation, test)
               : slu_atom_text(translation->prover, subject, SLU_SHAPE_MATCHES, test->text, test->exactly);
}

static slu_formula known(struct translation *translation, const struct slu_expression *test) {
    uint32_t subject = subject_of(translation, test->items[0]);
    return subject == SLU_NO_INDEX ? SLU_ALWAYS : present(translation, subject);
}

/* ---- conditions ---- */

static slu_formula condition(struct translation *translation, const struct slu_expression *expression);

/* Chains lean to the left and are walked in a loop. */
static slu_formula chain(struct translation *translation, const struct slu_expression *top) {
    uint32_t count = 1;
    for (const struct slu_expression *at = top; at->kind == top->kind; at = at->items[0]) {
        count++;
    }
    slu_formula *parts = SLU_NEW_ARRAY(translation->prover->arena, slu_formula, count);
    if (parts == NULL) {
        return SLU_NEVER;
    }
    uint32_t place = 0;
    const struct slu_expression *at = top;
    for (; at->kind == top->kind; at = at->items[0]) {
        parts[place++] = condition(translation, at->items[1]);
    }
    parts[place] = condition(translation, at);
    return top->kind == SLU_EXPRESSION_AND ? slu_formula_and(&translation->prover->formulas, parts, count)
                                           : slu_formula_or(&translation->prover->formulas, parts, count);
}

/* A flag that stands on its own: it is true. */
static slu_formula flag(struct translation *translation, const struct slu_expression *expression) {
    if (expression->kind == SLU_EXPRESSION_FLAG) {
        return expression->number != 0 ? SLU_ALWAYS : SLU_NEVER;
    }
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE) {
        return condition(translation, translation->model->defines[expression->index].condition);
    }
    uint32_t subject = subject_of(translation, expression);
    return subject == SLU_NO_INDEX ? opaque(translation, expression) : slu_atom_flag(translation->prover, subject);
}

static slu_formula condition(struct translation *translation, const struct slu_expression *expression) {
    expression = slu_prove_inside(expression);
    if (slu_prover_failed(translation->prover)) {
        return SLU_NEVER;
    }
    switch (expression->kind) {
    case SLU_EXPRESSION_AND:
    case SLU_EXPRESSION_OR:
        return chain(translation, expression);
    case SLU_EXPRESSION_NOT:
        return -condition(translation, expression->items[0]);
    case SLU_EXPRESSION_EQUAL:
        return equal(translation, expression);
    case SLU_EXPRESSION_NOT_EQUAL:
        return -equal(translation, expression);
    case SLU_EXPRESSION_LESS:
    case SLU_EXPRESSION_AT_MOST:
    case SLU_EXPRESSION_GREATER:
    case SLU_EXPRESSION_AT_LEAST:
        return ordered(translation, expression);
    case SLU_EXPRESSION_BETWEEN:
        return within_bounds(translation, expression);
    case SLU_EXPRESSION_ONE_OF:
        return over_elements(translation, expression, false, equals);
    case SLU_EXPRESSION_NOT_ONE_OF:
        return -over_elements(translation, expression, false, equals);
    case SLU_EXPRESSION_HAS:
        return has_one(translation, expression);
    case SLU_EXPRESSION_HAS_ANY:
        return over_elements(translation, expression, false, has);
    case SLU_EXPRESSION_HAS_ALL:
        return over_elements(translation, expression, true, has);
    case SLU_EXPRESSION_HAS_NONE:
        return -over_elements(translation, expression, false, has);
    case SLU_EXPRESSION_CONTAINS:
        return one_text(translation, expression, contains);
    case SLU_EXPRESSION_CONTAINS_ANY:
        return over_elements(translation, expression, false, contains);
    case SLU_EXPRESSION_STARTS_WITH:
        return one_text(translation, expression, starts);
    case SLU_EXPRESSION_STARTS_WITH_ANY:
        return over_elements(translation, expression, false, starts);
    case SLU_EXPRESSION_ENDS_WITH:
        return one_text(translation, expression, ends);
    case SLU_EXPRESSION_ENDS_WITH_ANY:
        return over_elements(translation, expression, false, ends);
    case SLU_EXPRESSION_MATCHES:
        return matches(translation, expression);
    case SLU_EXPRESSION_KNOWN:
        return known(translation, expression);
    case SLU_EXPRESSION_MISSING:
        return -known(translation, expression);
    case SLU_EXPRESSION_WITHIN:
    case SLU_EXPRESSION_OLDER:
        return aged(translation, expression);
    case SLU_EXPRESSION_DURING:
        return opaque(translation, expression);
    case SLU_EXPRESSION_TEXT:
    case SLU_EXPRESSION_NUMBER:
    case SLU_EXPRESSION_FLAG:
    case SLU_EXPRESSION_TIME:
    case SLU_EXPRESSION_DURATION:
    case SLU_EXPRESSION_LIST:
    case SLU_EXPRESSION_NAME:
    case SLU_EXPRESSION_NOW:
    case SLU_EXPRESSION_CALL:
    case SLU_EXPRESSION_TEMPLATE:
    case SLU_EXPRESSION_FALLBACK:
    case SLU_EXPRESSION_ADD:
    case SLU_EXPRESSION_SUBTRACT:
    case SLU_EXPRESSION_MULTIPLY:
    case SLU_EXPRESSION_DIVIDE:
    case SLU_EXPRESSION_NEGATE:
    case SLU_EXPRESSION_GROUP:
    case SLU_EXPRESSION_COUNT:
        break;
    }
    return flag(translation, expression);
}

slu_formula slu_prove_condition(struct slu_prover *prover, const struct slu_model *model,
                                const struct slu_expression *expression) {
    struct translation translation = {prover, model};
    return condition(&translation, expression);
}

slu_formula slu_prove_conditions(struct slu_prover *prover, const struct slu_model *model,
                                 const struct slu_bound_rule *rule) {
    slu_formula formula = SLU_ALWAYS;
    if (rule->syntax->when != NULL) {
        formula = slu_prove_condition(prover, model, rule->syntax->when);
    }
    if (rule->syntax->unless != NULL) {
        formula =
            slu_formula_and2(&prover->formulas, formula, -slu_prove_condition(prover, model, rule->syntax->unless));
    }
    return formula;
}

slu_formula slu_prove_rule(struct slu_prover *prover, const struct slu_model *model,
                           const struct slu_bound_rule *rule) {
    slu_formula formula = slu_prove_conditions(prover, model, rule);
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        formula = slu_formula_and2(&prover->formulas, formula, slu_atom_allowed(prover, model, rule, i));
    }
    return formula;
}
