/* Values against types: what fits, and how to write what does not. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

#include <stdarg.h>
#include <stdio.h>

const char *slu_check_type_phrase(enum slu_type type) {
    static const char *const phrases[] = {
#define TYPE(name, word, json) [SLU_TYPE_##name] = "a " word,
#include "engine/base/types.def"
#undef TYPE
    };
    return phrases[type];
}

struct slu_phrase slu_check_phrase(const char *format, ...) {
    struct slu_phrase phrase;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(phrase.text, sizeof phrase.text, format, arguments);
    va_end(arguments);
    return phrase;
}

struct slu_phrase slu_check_describe(const struct slu_expression *expression) {
    while (expression->kind == SLU_EXPRESSION_GROUP) {
        expression = expression->items[0];
    }
    const char *type = slu_check_type_phrase((enum slu_type)expression->type);
    if (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE) {
        return slu_check_phrase("`%.*s` is a condition", SLU_SHOWN(expression->text));
    }
    if (expression->kind == SLU_EXPRESSION_NAME) {
        return slu_check_phrase("`%.*s` is %s", SLU_SHOWN(expression->text), type);
    }
    if (expression->kind == SLU_EXPRESSION_CALL) {
        return slu_check_phrase("`%.*s` gives %s", SLU_SHOWN(expression->text), type);
    }
    return slu_check_phrase("%s is %s", expression->kind == SLU_EXPRESSION_NOW ? "`now`" : "this", type);
}

/* ---- mismatches ---- */

static bool looks_like_number(struct slu_string text) {
    bool digits = false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        digits = digits || (byte >= '0' && byte <= '9');
        if (!(byte >= '0' && byte <= '9') && byte != '.' && !(byte == '-' && i == 0)) {
            return false;
        }
    }
    return digits;
}

/* How to write the literal `value` so that it is of the wanted type. */
static void advise(struct slu_checker *checker, struct slu_diagnostic *diagnostic, enum slu_type wanted,
                   const struct slu_expression *value) {
    struct slu_diagnostics *out = checker->diagnostics;
    bool is_text = value->kind == SLU_EXPRESSION_TEXT;
    if (wanted == SLU_TYPE_TIME && is_text) {
        slu_diagnostics_note(out, diagnostic, "a time is written without quotes: 2026-11-21 or 2026-11-21T09:00:00Z");
    } else if (wanted == SLU_TYPE_TIME && value->type == SLU_TYPE_NUMBER) {
        slu_diagnostics_note(out, diagnostic, "a time is written year-month-day: 2026-11-21 or 2026-11-21T09:00:00Z");
    } else if (wanted == SLU_TYPE_NUMBER && value->kind == SLU_EXPRESSION_DURATION) {
        slu_diagnostics_note(out, diagnostic, "a number has no unit");
    } else if (wanted == SLU_TYPE_NUMBER && is_text && looks_like_number(value->text)) {
        slu_diagnostics_note(out, diagnostic, "a number is written without quotes: %.*s", SLU_SHOWN(value->text));
    } else if (wanted == SLU_TYPE_FLAG && is_text) {
        slu_diagnostics_note(out, diagnostic, "a flag is written without quotes: true or false");
    } else if (wanted == SLU_TYPE_DURATION && value->type == SLU_TYPE_NUMBER) {
        slu_diagnostics_note(out, diagnostic, "a duration has a unit: 30 minutes, 7 days");
    } else if (wanted == SLU_TYPE_DURATION && is_text) {
        slu_diagnostics_note(out, diagnostic, "a duration is written without quotes: 30 minutes, 7 days");
    } else if (wanted == SLU_TYPE_LIST && is_text) {
        slu_diagnostics_note(out, diagnostic, "a list stands in brackets: [\"a\", \"b\"]");
    } else if (wanted == SLU_TYPE_TEXT && value->kind == SLU_EXPRESSION_NAME && value->type != SLU_TYPE_LIST) {
        slu_diagnostics_note(out, diagnostic, "write \"{%.*s}\" for a text that shows it", SLU_SHOWN(value->text));
    } else if (wanted == SLU_TYPE_TEXT && value->type == SLU_TYPE_LIST) {
        slu_diagnostics_note(out, diagnostic, "`join(..., \", \")` makes one text of a list");
    } else if (wanted == SLU_TYPE_TEXT && (value->kind == SLU_EXPRESSION_CALL || value->item_count > 0)) {
        slu_diagnostics_note(out, diagnostic, "put it in a text, in braces: \"{...}\"");
    } else if (wanted == SLU_TYPE_TEXT && value->kind != SLU_EXPRESSION_NOW) {
        slu_diagnostics_note(out, diagnostic, "a text stands in quotes: \"%.*s\"",
                             SLU_SHOWN(slu_sources_slice(checker->sources, value->span)));
    }
}

struct slu_diagnostic *slu_check_mismatch(struct slu_checker *checker, enum slu_type wanted,
                                          const struct slu_expression *value, const char *what) {
    struct slu_phrase phrase = slu_check_describe(value);
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH,
                                                            value->span, "%s, but %s", what, phrase.text);
    advise(checker, diagnostic, wanted, value);
    return diagnostic;
}

/* ---- choices ---- */

const struct slu_words *slu_check_choices(const struct slu_model *model, const struct slu_expression *expression) {
    while (expression->kind == SLU_EXPRESSION_GROUP) {
        expression = expression->items[0];
    }
    if (expression->kind != SLU_EXPRESSION_NAME || expression->binding != SLU_BINDING_FIELD) {
        return NULL;
    }
    const struct slu_declared_type *type = &model->fields[expression->index].type;
    return type->choices.count > 0 ? &type->choices : NULL;
}

static bool is_choice(struct slu_checker *checker, const struct slu_words *choices, struct slu_string text,
                      bool exactly) {
    struct slu_string wanted = text;
    if (!exactly && !slu_unicode_fold_string(checker->arena, text, &wanted)) {
        return true; /* out of memory is reported elsewhere */
    }
    for (uint32_t i = 0; i < choices->count; i++) {
        struct slu_string choice = choices->items[i].text;
        if (!exactly && !slu_unicode_fold_string(checker->arena, choice, &choice)) {
            return true;
        }
        if (slu_string_equal(choice, wanted)) {
            return true;
        }
    }
    return false;
}

/* `"a", "b" or "c"`, shortened after ten. */
static struct slu_string list_choices(struct slu_checker *checker, const struct slu_words *choices) {
    enum { SHOWN = 10 };
    uint32_t shown = choices->count < SHOWN ? choices->count : SHOWN;
    struct slu_buffer buffer;
    slu_buffer_init(&buffer);
    for (uint32_t i = 0; i < shown; i++) {
        bool last = i + 1 == choices->count;
        slu_buffer_add_text(&buffer, i == 0 ? "" : last ? " or " : ", ");
        slu_buffer_add_format(&buffer, "\"%.*s\"", SLU_SHOWN(choices->items[i].text));
    }
    if (shown < choices->count) {
        slu_buffer_add_format(&buffer, " and %u more", (unsigned)(choices->count - shown));
    }
    struct slu_string text = {NULL, 0};
    if (buffer.failed || !slu_arena_copy_string(checker->arena, slu_buffer_string(&buffer), &text)) {
        checker->arena->failed = true;
    }
    slu_buffer_free(&buffer);
    return text;
}

static void report_not_a_choice(struct slu_checker *checker, const struct slu_words *choices, struct slu_string text,
                                struct slu_span span) {
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_NOT_A_CHOICE, span,
                                                            "\"%.*s\" is not one of the choices", SLU_SHOWN(text));
    if (diagnostic == NULL) {
        return;
    }
    struct slu_string all = list_choices(checker, choices);
    slu_diagnostics_note(checker->diagnostics, diagnostic, "it is %.*s", (int)all.length,
                         all.length > 0 ? all.bytes : "");
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, text);
    for (uint32_t i = 0; i < choices->count; i++) {
        slu_suggest_offer(&suggestion, choices->items[i].text);
    }
    if (suggestion.nearest.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean \"%.*s\"?", SLU_SHOWN(suggestion.nearest));
    }
}

/* A named list is compared with one set once: its elements may be many, and so may its uses. */
static bool is_first_comparison(struct slu_checker *checker, uint32_t list, const struct slu_words *choices) {
    struct slu_comparison {
        const struct slu_words *choices;
        uintptr_t list;
    } *key = SLU_NEW(checker->arena, struct slu_comparison);
    if (key == NULL) {
        return false;
    }
    key->choices = choices;
    key->list = list;
    struct slu_string bytes = {(const char *)key, sizeof *key};
    return slu_map_find(&checker->checked_sets, bytes) == SLU_MAP_NONE && slu_map_put(&checker->checked_sets, bytes, 0);
}

void slu_check_in_choices(struct slu_checker *checker, const struct slu_words *choices, struct slu_expression *value,
                          bool exactly) {
    value = slu_expression_inside(value);
    if (value->kind == SLU_EXPRESSION_TEXT) {
        if (!is_choice(checker, choices, value->text, exactly)) {
            report_not_a_choice(checker, choices, value->text, value->span);
        }
        return;
    }
    const struct slu_expression *list = value;
    bool named = value->kind == SLU_EXPRESSION_NAME && value->binding == SLU_BINDING_LIST;
    if (named) {
        if (!is_first_comparison(checker, value->index, choices)) {
            return;
        }
        list = checker->model->lists[value->index].elements;
    }
    for (uint32_t i = 0; list->kind == SLU_EXPRESSION_LIST && i < list->item_count; i++) {
        const struct slu_expression *element = list->items[i];
        if (element->kind == SLU_EXPRESSION_TEXT && !is_choice(checker, choices, element->text, exactly)) {
            report_not_a_choice(checker, choices, element->text, named ? value->span : element->span);
        }
    }
}

/* ---- declared types ---- */

/* S2.17: what is neither an address nor an id is the name of a team. */
static void check_sender(struct slu_checker *checker, const struct slu_expression *value) {
    if (value->kind != SLU_EXPRESSION_TEXT || value->text.length == 0) {
        return;
    }
    bool digits = true;
    for (size_t i = 0; i < value->text.length; i++) {
        if (value->text.bytes[i] == '@') {
            return;
        }
        digits = digits && value->text.bytes[i] >= '0' && value->text.bytes[i] <= '9';
    }
    if (digits) {
        return;
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TEAM_REPLY, value->span,
                            "\"%.*s\" is a team: only a teammate can send a reply", SLU_SHOWN(value->text));
    slu_diagnostics_note(checker->diagnostics, diagnostic,
                         "name a teammate by e-mail address (\"ada@example.com\") or id (\"814860\")");
}

bool slu_check_fits(struct slu_checker *checker, const struct slu_declared_type *type, struct slu_expression *value,
                    struct slu_string name) {
    value = slu_expression_inside(value);
    if (type->type == SLU_TYPE_MISSING || value->type == SLU_TYPE_MISSING) {
        return true; /* reported where it was declared or read */
    }
    enum slu_type element = (enum slu_type)value->element;
    if (type->type != (enum slu_type)value->type) {
        struct slu_phrase phrase = slu_check_phrase("`%.*s` is %s", SLU_SHOWN(name), slu_check_type_phrase(type->type));
        slu_check_mismatch(checker, type->type, value, phrase.text);
        return false;
    }
    if (type->type == SLU_TYPE_LIST && element != SLU_TYPE_MISSING && element != type->element) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, value->span,
                            "`%.*s` is a list of texts, but the elements here are each %s", SLU_SHOWN(name),
                            slu_check_type_phrase(element));
        return false;
    }
    if (type->choices.count > 0) {
        slu_check_in_choices(checker, &type->choices, value, false);
    }
    if (type->tag && value->kind == SLU_EXPRESSION_TEXT && slu_check_is_blank(value->text)) {
        slu_check_report_empty_tag(checker, value->span);
    }
    if (type->sender) {
        check_sender(checker, value);
    }
    return true;
}
