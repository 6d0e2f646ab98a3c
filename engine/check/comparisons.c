/* Tests: does the operator fit its operands? Their types are known by now. */
#include "engine/check/checker.h"
#include "engine/text/pattern.h"

static enum slu_type type_of(const struct slu_expression *expression) {
    return (enum slu_type)expression->type;
}

/* True where the type is the wanted one or was reported before. */
static bool wants(struct slu_checker *checker, const struct slu_expression *test, const struct slu_expression *operand,
                  enum slu_type wanted, const char *wanted_phrase) {
    if (type_of(operand) == wanted || type_of(operand) == SLU_TYPE_MISSING) {
        return type_of(operand) == wanted;
    }
    struct slu_phrase phrase = slu_check_phrase("`%s` is for %s", slu_expression_word(test->kind), wanted_phrase);
    if (operand != test->items[0]) {
        slu_check_mismatch(checker, wanted, operand, phrase.text);
        return false;
    }
    /* The operator is wrong rather than the operand. */
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, operand->span, "%s, but %s",
                            phrase.text, slu_check_describe(operand).text);
    if (type_of(operand) == SLU_TYPE_LIST) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "a list is asked with `has` or `has any of`");
    } else if (type_of(operand) == SLU_TYPE_TEXT && wanted == SLU_TYPE_LIST) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "a text is asked with `is` or `contains`");
    } else if (type_of(operand) == SLU_TYPE_NUMBER) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "a number is compared with `=`, `<` or `>`");
    }
    return false;
}

/* The list after `is one of`, `has any of`: of elements that fit. */
static void wants_list_of(struct slu_checker *checker, const struct slu_expression *test, enum slu_type element) {
    const struct slu_expression *list = test->items[1];
    if (type_of(list) == SLU_TYPE_MISSING) {
        return;
    }
    if (type_of(list) != SLU_TYPE_LIST) {
        struct slu_phrase phrase = slu_check_phrase("`%s` needs a list", slu_expression_word(test->kind));
        slu_check_mismatch(checker, SLU_TYPE_LIST, list, phrase.text);
        return;
    }
    enum slu_type found = (enum slu_type)list->element;
    if (element == SLU_TYPE_MISSING || found == SLU_TYPE_MISSING || found == element) {
        return;
    }
    struct slu_phrase phrase = slu_check_describe(test->items[0]);
    if (list->kind == SLU_EXPRESSION_LIST && list->item_count > 0 && type_of(list->items[0]) == found) {
        slu_check_mismatch(checker, element, list->items[0], phrase.text);
        return;
    }
    slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, list->span,
                        "%s, but the elements here are each %s", phrase.text, slu_check_type_phrase(found));
}

static void check_equal(struct slu_checker *checker, const struct slu_expression *test) {
    struct slu_expression *left = test->items[0];
    struct slu_expression *right = test->items[1];
    if (type_of(left) == SLU_TYPE_MISSING || type_of(right) == SLU_TYPE_MISSING) {
        return;
    }
    if (type_of(left) != type_of(right)) {
        struct slu_phrase phrase = slu_check_describe(left);
        if (type_of(left) == SLU_TYPE_LIST && type_of(right) == SLU_TYPE_TEXT) {
            struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH,
                                                                    right->span, "%s, but this is a text", phrase.text);
            slu_diagnostics_note(checker->diagnostics, diagnostic, "a list is asked with `has` or `has any of`");
        } else if (type_of(right) == SLU_TYPE_LIST) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, right->span, "%s, but %s",
                                    phrase.text, slu_check_describe(right).text);
            slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `is one of`?");
        } else {
            slu_check_mismatch(checker, type_of(left), right, phrase.text);
        }
        return;
    }
    if (type_of(left) == SLU_TYPE_LIST && left->element != right->element && left->element != SLU_TYPE_MISSING &&
        right->element != SLU_TYPE_MISSING) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, right->span,
                            "these lists cannot be equal: their elements are of different types");
    }
    const struct slu_words *choices = slu_check_choices(checker->model, left);
    if (choices != NULL) {
        slu_check_in_choices(checker, choices, right, test->exactly);
    }
    choices = slu_check_choices(checker->model, right);
    if (choices != NULL) {
        slu_check_in_choices(checker, choices, left, test->exactly);
    }
}

/* <, <=, >, >=, between: numbers, times, durations, all of one type. */
static void check_ordered(struct slu_checker *checker, const struct slu_expression *test) {
    const struct slu_expression *first = NULL; /* whose type is known: the others must be of it */
    for (uint32_t i = 0; i < test->item_count; i++) {
        const struct slu_expression *operand = test->items[i];
        enum slu_type type = type_of(operand);
        if (type == SLU_TYPE_MISSING) {
            continue;
        }
        if (first != NULL) {
            if (type != type_of(first)) {
                slu_check_mismatch(checker, type_of(first), operand, slu_check_describe(first).text);
            }
            continue;
        }
        if (type != SLU_TYPE_NUMBER && type != SLU_TYPE_TIME && type != SLU_TYPE_DURATION) {
            struct slu_phrase phrase =
                slu_check_phrase("`%s` is for numbers, times and durations", slu_expression_word(test->kind));
            slu_check_mismatch(checker, SLU_TYPE_NUMBER, operand, phrase.text);
            return;
        }
        first = operand;
    }
}

static void check_one_of(struct slu_checker *checker, const struct slu_expression *test) {
    const struct slu_expression *operand = test->items[0];
    if (type_of(operand) == SLU_TYPE_LIST) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, operand->span,
                                "`is one of` is for single values, but %s", slu_check_describe(operand).text);
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `has any of`?");
        return;
    }
    wants_list_of(checker, test, type_of(operand));
    const struct slu_words *choices = slu_check_choices(checker->model, operand);
    if (choices != NULL) {
        slu_check_in_choices(checker, choices, test->items[1], test->exactly);
    }
}

static void check_has(struct slu_checker *checker, const struct slu_expression *test) {
    if (!wants(checker, test, test->items[0], SLU_TYPE_LIST, "lists")) {
        return;
    }
    if (test->kind != SLU_EXPRESSION_HAS) {
        wants_list_of(checker, test, (enum slu_type)test->items[0]->element);
        return;
    }
    const struct slu_expression *member = test->items[1];
    if (type_of(member) == SLU_TYPE_LIST) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, member->span,
                                "`has` asks for one element, but %s", slu_check_describe(member).text);
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `has any of`?");
    } else if (type_of(member) != SLU_TYPE_MISSING && test->items[0]->element != SLU_TYPE_MISSING &&
               member->type != test->items[0]->element) {
        slu_check_mismatch(checker, (enum slu_type)test->items[0]->element, member,
                           slu_check_describe(test->items[0]).text);
    }
}

static void check_text_test(struct slu_checker *checker, const struct slu_expression *test) {
    if (!wants(checker, test, test->items[0], SLU_TYPE_TEXT, "texts")) {
        return;
    }
    bool any = test->kind == SLU_EXPRESSION_CONTAINS_ANY || test->kind == SLU_EXPRESSION_STARTS_WITH_ANY ||
               test->kind == SLU_EXPRESSION_ENDS_WITH_ANY;
    if (any) {
        wants_list_of(checker, test, SLU_TYPE_TEXT);
        return;
    }
    const struct slu_expression *part = test->items[1];
    if (type_of(part) == SLU_TYPE_LIST) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, part->span, "`%s` looks for one text, but %s",
            slu_expression_word(test->kind), slu_check_describe(part).text);
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%s any of`?",
                             slu_expression_word(test->kind));
        return;
    }
    (void)wants(checker, test, part, SLU_TYPE_TEXT, "texts");
}

/* Where byte `at` of a pattern stands in the file, whose text has `\/` for `/`. */
static struct slu_span pattern_span(const struct slu_checker *checker, const struct slu_expression *test, size_t at) {
    struct slu_string written = slu_sources_slice(checker->sources, slu_expression_text_span(test));
    size_t from = written.length > 0 && written.bytes[0] == '/' ? 1 : 0;
    for (size_t read = 0; read < at && from < written.length; read++) {
        bool escaped = written.bytes[from] == '\\' && from + 1 < written.length && written.bytes[from + 1] == '/';
        from += escaped ? 2 : 1;
    }
    struct slu_span span = slu_expression_text_span(test);
    span.start += (uint32_t)(from < written.length ? from : written.length);
    span.end = span.start < span.end ? span.start + 1 : span.start;
    return span;
}

static void check_matches(struct slu_checker *checker, const struct slu_expression *test) {
    (void)wants(checker, test, test->items[0], SLU_TYPE_TEXT, "texts");
    struct slu_map *good = &checker->good_patterns[test->exactly];
    if (slu_map_find(good, test->text) != SLU_MAP_NONE) {
        return;
    }
    const struct slu_pattern *pattern;
    struct slu_pattern_error error;
    switch (slu_pattern_compile(checker->arena, test->text, test->exactly, &pattern, &error)) {
    case SLU_PATTERN_OK:
        checker->arena->failed |= !slu_map_put(good, test->text, 0);
        return;
    case SLU_PATTERN_NO_MEMORY:
        checker->arena->failed = true;
        return;
    case SLU_PATTERN_INVALID:
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_BAD_PATTERN, pattern_span(checker, test, error.at),
                            "%s", error.message);
        return;
    }
}

static void check_age(struct slu_checker *checker, const struct slu_expression *test) {
    (void)wants(checker, test, test->items[0], SLU_TYPE_TIME, "times");
    const struct slu_expression *age = test->items[1];
    if (type_of(age) != SLU_TYPE_DURATION && type_of(age) != SLU_TYPE_MISSING) {
        struct slu_phrase phrase = slu_check_phrase("`%s` needs a duration", slu_expression_word(test->kind));
        slu_check_mismatch(checker, SLU_TYPE_DURATION, age, phrase.text);
    }
}

static void check_during(struct slu_checker *checker, struct slu_expression *test) {
    (void)wants(checker, test, test->items[0], SLU_TYPE_TIME, "times");
    uint32_t calendar = slu_map_find(&checker->model->calendar_names, test->text);
    if (calendar == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_CALENDAR, (struct slu_word){test->text, slu_expression_text_span(test)});
        return;
    }
    test->binding = SLU_BINDING_CALENDAR;
    test->index = calendar;
}

/* `exactly` is about letter case. */
static void check_exactly(struct slu_checker *checker, const struct slu_expression *test) {
    const struct slu_expression *left = test->items[0];
    bool about_text =
        type_of(left) == SLU_TYPE_TEXT || type_of(left) == SLU_TYPE_MISSING ||
        (type_of(left) == SLU_TYPE_LIST && (left->element == SLU_TYPE_TEXT || left->element == SLU_TYPE_MISSING));
    if (test->exactly && !about_text) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, left->span,
                            "`exactly` is about letter case, but %s", slu_check_describe(left).text);
    }
}

void slu_check_test(struct slu_checker *checker, struct slu_expression *test) {
    check_exactly(checker, test);
    if (test->kind == SLU_EXPRESSION_EQUAL || test->kind == SLU_EXPRESSION_NOT_EQUAL) {
        check_equal(checker, test);
    } else if (test->kind >= SLU_EXPRESSION_LESS && test->kind <= SLU_EXPRESSION_BETWEEN) {
        check_ordered(checker, test);
    } else if (test->kind == SLU_EXPRESSION_ONE_OF || test->kind == SLU_EXPRESSION_NOT_ONE_OF) {
        check_one_of(checker, test);
    } else if (test->kind >= SLU_EXPRESSION_HAS && test->kind <= SLU_EXPRESSION_HAS_NONE) {
        check_has(checker, test);
    } else if (test->kind >= SLU_EXPRESSION_CONTAINS && test->kind <= SLU_EXPRESSION_ENDS_WITH_ANY) {
        check_text_test(checker, test);
    } else if (test->kind == SLU_EXPRESSION_MATCHES) {
        check_matches(checker, test);
    } else if (test->kind == SLU_EXPRESSION_WITHIN || test->kind == SLU_EXPRESSION_OLDER) {
        check_age(checker, test);
    } else if (test->kind == SLU_EXPRESSION_DURING) {
        check_during(checker, test);
    } /* KNOWN and MISSING are for everything */
}
