/* The texts that are not values: titles, descriptions, members of groups. They
 * are printed and kept as values are: none may be empty that is a name for
 * something, and none may hold a secret. */
#include "engine/check/checker.h"

bool slu_check_is_blank(struct slu_string text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] != ' ' && text.bytes[i] != '\t' && text.bytes[i] != '\n') {
            return false;
        }
    }
    return true;
}

static void check_secret(struct slu_checker *checker, struct slu_word text) {
    if (text.text.length > 0) {
        slu_check_text_for_secrets(checker, text.text, text.span);
    }
}

static void check_title(struct slu_checker *checker, const char *what, struct slu_word title) {
    check_secret(checker, title);
    if (slu_check_is_blank(title.text)) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_EMPTY_TEXT,
                                                                title.span, "this %s has an empty title", what);
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "the title is what people see in decisions, tests and findings: say what it is about");
    }
}

static void check_ruleset(struct slu_checker *checker, const struct slu_ruleset_syntax *ruleset) {
    check_title(checker, "ruleset", ruleset->title);
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        if (!ruleset->rules[i].otherwise) {
            check_title(checker, "rule", ruleset->rules[i].title);
        }
    }
}

static void check_test(struct slu_checker *checker, const struct slu_test_syntax *test) {
    check_title(checker, "test", test->title);
    for (uint32_t i = 0; i < test->step_count; i++) {
        for (uint32_t j = 0; j < test->steps[i].outcome_count; j++) {
            check_secret(checker, test->steps[i].outcomes[j].rule);
            check_secret(checker, test->steps[i].outcomes[j].ruleset);
        }
    }
}

static void check_words(struct slu_checker *checker, const struct slu_words *words) {
    for (uint32_t i = 0; i < words->count; i++) {
        check_secret(checker, words->items[i]);
    }
}

static void check_closed_days(struct slu_checker *checker, const struct slu_calendar_syntax *calendar) {
    for (uint32_t i = 0; i < calendar->closed_count; i++) {
        check_secret(checker, calendar->closed[i].description);
    }
}

static void check_group(struct slu_checker *checker, const struct slu_group_syntax *group) {
    check_words(checker, &group->members);
    for (uint32_t i = 0; i < group->members.count; i++) {
        if (slu_check_is_blank(group->members.items[i].text)) {
            slu_check_report_empty_tag(checker, group->members.items[i].span);
        }
    }
}

void slu_check_report_empty_tag(struct slu_checker *checker, struct slu_span span) {
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_EMPTY_TEXT, span, "this tag is empty");
    slu_diagnostics_note(checker->diagnostics, diagnostic, "write the tag's name as the service shows it");
}

static void check_declaration(struct slu_checker *checker, const struct slu_declaration *declaration) {
    switch (declaration->kind) {
    case SLU_DECLARATION_RULESET:
        check_ruleset(checker, &declaration->as.ruleset);
        break;
    case SLU_DECLARATION_TEST:
        check_test(checker, &declaration->as.test);
        break;
    case SLU_DECLARATION_GUARD:
        check_title(checker, "guard", declaration->as.guard.title);
        break;
    case SLU_DECLARATION_GROUP:
        check_group(checker, &declaration->as.group);
        break;
    case SLU_DECLARATION_FIELD:
        check_secret(checker, declaration->as.field.description);
        check_words(checker, &declaration->as.field.type.choices);
        break;
    case SLU_DECLARATION_STATE:
        check_words(checker, &declaration->as.state.type.choices);
        break;
    case SLU_DECLARATION_EVENT:
        check_secret(checker, declaration->as.event.description);
        break;
    case SLU_DECLARATION_CALENDAR:
        check_closed_days(checker, &declaration->as.calendar);
        break;
    case SLU_DECLARATION_USE:
    case SLU_DECLARATION_LIST:
    case SLU_DECLARATION_DEFINE:
    case SLU_DECLARATION_LOOKUP:
    case SLU_DECLARATION_SOURCE:
    case SLU_DECLARATION_SERVICE:
    case SLU_DECLARATION_CONNECTOR:
    case SLU_DECLARATION_SITE:
    case SLU_DECLARATION_NEVER:
    case SLU_DECLARATION_ALWAYS:
    case SLU_DECLARATION_COUNT:
        break;
    }
}

void slu_check_wording(struct slu_checker *checker) {
    for (uint32_t i = 0; i < checker->tree_count; i++) {
        if (checker->sources->items[checker->trees[i].file].standard) {
            continue;
        }
        for (uint32_t j = 0; j < checker->trees[i].declaration_count; j++) {
            check_declaration(checker, &checker->trees[i].declarations[j]);
        }
    }
}
