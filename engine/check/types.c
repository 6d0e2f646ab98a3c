/* Types of operands: one small function per kind of expression, called after
 * those of its operands. MISSING stands for "already reported": it fits
 * everywhere, so that one mistake makes one finding. */
#include "engine/check/checker.h"

typedef void visit(struct slu_checker *checker, struct slu_expression *expression);

static void set_type(struct slu_expression *expression, enum slu_type type) {
    expression->type = (uint8_t)type;
}

static void copy_type(struct slu_expression *to, const struct slu_expression *from) {
    to->type = from->type;
    to->element = from->element;
}

/* ---- literals and names ---- */

static void visit_text(struct slu_checker *checker, struct slu_expression *expression) {
    set_type(expression, SLU_TYPE_TEXT);
    slu_check_text_for_secrets(checker, expression->text, expression->span);
}

static void visit_number(struct slu_checker *checker, struct slu_expression *expression) {
    (void)checker;
    set_type(expression, SLU_TYPE_NUMBER);
}

static void visit_flag(struct slu_checker *checker, struct slu_expression *expression) {
    (void)checker;
    set_type(expression, SLU_TYPE_FLAG);
}

static void visit_time(struct slu_checker *checker, struct slu_expression *expression) {
    (void)checker;
    set_type(expression, SLU_TYPE_TIME);
}

static void visit_duration(struct slu_checker *checker, struct slu_expression *expression) {
    (void)checker;
    set_type(expression, SLU_TYPE_DURATION);
}

static void visit_list(struct slu_checker *checker, struct slu_expression *expression) {
    set_type(expression, SLU_TYPE_LIST);
    enum slu_type element = SLU_TYPE_MISSING;
    for (uint32_t i = 0; i < expression->item_count; i++) {
        const struct slu_expression *item = expression->items[i];
        enum slu_type type = (enum slu_type)item->type;
        if (type == SLU_TYPE_LIST) {
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, item->span,
                                "a list cannot stand in a list");
            continue;
        }
        if (element == SLU_TYPE_MISSING) {
            element = type;
        }
        if (type != SLU_TYPE_MISSING && type != element) {
            struct slu_diagnostic *diagnostic = slu_diagnostics_add(
                checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, item->span,
                "the first element is %s, but this is %s", slu_check_type_phrase(element), slu_check_type_phrase(type));
            slu_diagnostics_note(checker->diagnostics, diagnostic, "the elements of a list are of one type");
        }
    }
    expression->element = (uint8_t)element;
}

static void visit_name(struct slu_checker *checker, struct slu_expression *expression) {
    const struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->field_names, expression->text);
    if (index != SLU_MAP_NONE) {
        expression->binding = SLU_BINDING_FIELD;
        expression->index = index;
        set_type(expression, model->fields[index].type.type);
        expression->element = (uint8_t)model->fields[index].type.element;
        return;
    }
    index = slu_map_find(&model->list_names, expression->text);
    if (index != SLU_MAP_NONE) {
        expression->binding = SLU_BINDING_LIST;
        expression->index = index;
        set_type(expression, SLU_TYPE_LIST);
        expression->element = (uint8_t)model->lists[index].element;
        return;
    }
    index = slu_map_find(&model->define_names, expression->text);
    if (index != SLU_MAP_NONE) {
        expression->binding = SLU_BINDING_DEFINE;
        expression->index = index;
        set_type(expression, SLU_TYPE_FLAG);
        return;
    }
    slu_check_unknown(checker, SLU_NAME_VALUE, (struct slu_word){expression->text, expression->span});
}

static void visit_template(struct slu_checker *checker, struct slu_expression *expression) {
    set_type(expression, SLU_TYPE_TEXT);
    for (uint32_t i = 0; i < expression->item_count; i++) {
        if (expression->items[i]->type == SLU_TYPE_LIST) {
            slu_check_mismatch(checker, SLU_TYPE_TEXT, expression->items[i], "a text shows single values");
        }
    }
}

static void visit_group(struct slu_checker *checker, struct slu_expression *expression) {
    (void)checker;
    copy_type(expression, expression->items[0]);
}

/* ---- operators ---- */

static void visit_fallback(struct slu_checker *checker, struct slu_expression *expression) {
    const struct slu_expression *left = expression->items[0];
    const struct slu_expression *right = expression->items[1];
    copy_type(expression, left->type != SLU_TYPE_MISSING ? left : right);
    if (left->type != SLU_TYPE_MISSING && right->type != SLU_TYPE_MISSING && left->type != right->type) {
        struct slu_phrase phrase = slu_check_phrase("both sides of `?"
                                                    "?` are of one type: %s",
                                                    slu_check_describe(left).text);
        slu_check_mismatch(checker, (enum slu_type)left->type, right, phrase.text);
    }
}

static bool is_number(struct slu_checker *checker, const struct slu_expression *operand, const char *operator_sign) {
    if (operand->type == SLU_TYPE_NUMBER || operand->type == SLU_TYPE_MISSING) {
        return true;
    }
    struct slu_phrase phrase = slu_check_phrase("`%s` is for numbers", operator_sign);
    struct slu_diagnostic *diagnostic = slu_check_mismatch(checker, SLU_TYPE_NUMBER, operand, phrase.text);
    if (operand->type == SLU_TYPE_TEXT && *operator_sign == '+') {
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "texts are put together in one text, values in braces: \"Hello {contact.name}\"");
    } else if (operand->type == SLU_TYPE_DURATION) {
        slu_diagnostics_note(
            checker->diagnostics, diagnostic,
            "there is no arithmetic on durations: `in_minutes`, `in_hours` and `in_days` give numbers");
    } else if (operand->type == SLU_TYPE_TIME) {
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "compare times with `is within 7 days`, or `elapsed(from, to) > 2 hours`");
    }
    return false;
}

static void visit_arithmetic(struct slu_checker *checker, struct slu_expression *expression) {
    static const char *const signs[SLU_EXPRESSION_COUNT] = {[SLU_EXPRESSION_ADD] = "+",
                                                            [SLU_EXPRESSION_SUBTRACT] = "-",
                                                            [SLU_EXPRESSION_MULTIPLY] = "*",
                                                            [SLU_EXPRESSION_DIVIDE] = "/",
                                                            [SLU_EXPRESSION_NEGATE] = "-"};
    bool fits = true;
    for (uint32_t i = 0; i < expression->item_count && fits; i++) {
        fits = is_number(checker, expression->items[i], signs[expression->kind]);
    }
    set_type(expression, fits ? SLU_TYPE_NUMBER : SLU_TYPE_MISSING);
    if (expression->kind != SLU_EXPRESSION_DIVIDE) {
        return;
    }
    const struct slu_expression *divisor = slu_expression_inside(expression->items[1]);
    while (divisor->kind == SLU_EXPRESSION_NEGATE) {
        divisor = slu_expression_inside(divisor->items[0]);
    }
    if (divisor->kind == SLU_EXPRESSION_NUMBER && divisor->number >= 0 && divisor->number <= 0) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH,
                                                                divisor->span, "nothing can be divided by zero");
        slu_diagnostics_note(checker->diagnostics, diagnostic, "the result would always be missing");
    }
}

void slu_check_is_condition(struct slu_checker *checker, const struct slu_expression *expression) {
    if (expression->type == SLU_TYPE_FLAG || expression->type == SLU_TYPE_MISSING) {
        return;
    }
    struct slu_phrase phrase = slu_check_describe(expression);
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, expression->span,
                            "a condition is needed here, but %s", phrase.text);
    if (expression->kind == SLU_EXPRESSION_TEXT) {
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "several texts stand in a list: `is one of [\"a\", \"b\"]`, `contains any of [\"a\", "
                             "\"b\"]`, `has all of [\"a\", \"b\"]`");
        return;
    }
    if (expression->kind != SLU_EXPRESSION_NAME) {
        return;
    }
    if (expression->type == SLU_TYPE_LIST) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `count(%.*s) > 0`?",
                             SLU_SHOWN(expression->text));
    } else {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%.*s is known`?",
                             SLU_SHOWN(expression->text));
    }
}

static void visit_connective(struct slu_checker *checker, struct slu_expression *expression) {
    set_type(expression, SLU_TYPE_FLAG);
    for (uint32_t i = 0; i < expression->item_count; i++) {
        slu_check_is_condition(checker, expression->items[i]);
    }
}

/* Kinds without an entry are tests, and CALL, which wants to know its place. */
static visit *const visits[SLU_EXPRESSION_COUNT] = {
    [SLU_EXPRESSION_TEXT] = visit_text,           [SLU_EXPRESSION_NUMBER] = visit_number,
    [SLU_EXPRESSION_FLAG] = visit_flag,           [SLU_EXPRESSION_TIME] = visit_time,
    [SLU_EXPRESSION_DURATION] = visit_duration,   [SLU_EXPRESSION_LIST] = visit_list,
    [SLU_EXPRESSION_NAME] = visit_name,           [SLU_EXPRESSION_NOW] = visit_time,
    [SLU_EXPRESSION_TEMPLATE] = visit_template,   [SLU_EXPRESSION_FALLBACK] = visit_fallback,
    [SLU_EXPRESSION_ADD] = visit_arithmetic,      [SLU_EXPRESSION_SUBTRACT] = visit_arithmetic,
    [SLU_EXPRESSION_MULTIPLY] = visit_arithmetic, [SLU_EXPRESSION_DIVIDE] = visit_arithmetic,
    [SLU_EXPRESSION_NEGATE] = visit_arithmetic,   [SLU_EXPRESSION_GROUP] = visit_group,
    [SLU_EXPRESSION_AND] = visit_connective,      [SLU_EXPRESSION_OR] = visit_connective,
    [SLU_EXPRESSION_NOT] = visit_connective,
};

void slu_check_operand(struct slu_checker *checker, struct slu_expression *expression, enum slu_link_use links) {
    struct slu_walk walk;
    slu_walk_start(&walk, &checker->stack, expression);
    for (struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        if (at->kind == SLU_EXPRESSION_CALL) {
            slu_check_function_call(checker, at, links);
        } else if (visits[at->kind] != NULL) {
            visits[at->kind](checker, at);
        } else {
            set_type(at, SLU_TYPE_FLAG);
            slu_check_test(checker, at);
        }
    }
}

void slu_check_condition(struct slu_checker *checker, struct slu_expression *expression) {
    slu_check_operand(checker, expression, SLU_LINK_REFUSED);
    slu_check_is_condition(checker, expression);
}
