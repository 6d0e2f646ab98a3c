/* Types as written: `number`, `list of text`, `choice of "a", "b"`, `html`. */
#include "engine/check/checker.h"

struct type_word {
    const char *word;
    struct slu_declared_type type;
    bool parameter_only;
};

static const struct type_word words[] = {
#define TYPE(name, as_written, json) {as_written, {.type = SLU_TYPE_##name}, false},
#include "engine/base/types.def"
#undef TYPE
#define MARKUP(name, as_written, meaning)                                                                              \
    {as_written, {.type = SLU_TYPE_TEXT, .markup = SLU_MARKUP_##name}, SLU_MARKUP_##name != SLU_MARKUP_URL},
#include "engine/base/markups.def"
#undef MARKUP
#define PARAMETER_TYPE(as_written, value, escaping, member, meaning)                                                   \
    {as_written, {.type = SLU_TYPE_##value, .markup = SLU_MARKUP_##escaping, .member = true}, true},
#include "engine/check/parameter_types.def"
#undef PARAMETER_TYPE
};

/* `missing` and a bare `list` are types of values that nobody writes. */
static bool can_be_written(const struct type_word *word, bool parameter) {
    return word->type.type != SLU_TYPE_MISSING && word->type.type != SLU_TYPE_LIST &&
           (parameter || !word->parameter_only);
}

static const struct type_word *find(struct slu_string name, bool parameter) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (can_be_written(&words[i], parameter) && slu_string_is(name, words[i].word)) {
            return &words[i];
        }
    }
    return NULL;
}

/* What other languages call our types; NULL: nothing. */
static const char *foreign_type(struct slu_string name) {
    static const struct {
        const char *word, *ours;
    } types[] = {{"string", "text"},
                 {"str", "text"},
                 {"integer", "number"},
                 {"int", "number"},
                 {"float", "number"},
                 {"decimal", "number"},
                 {"boolean", "flag"},
                 {"bool", "flag"},
                 {"date", "time"},
                 {"datetime", "time"},
                 {"timestamp", "time"},
                 {"array", "list of text"},
                 {"enum", "choice of \"a\", \"b\""}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (slu_string_is(name, types[i].word)) {
            return types[i].ours;
        }
    }
    return NULL;
}

static void report_unknown(struct slu_checker *checker, struct slu_word name, bool parameter) {
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_TYPE,
                                                            name.span, "there is no type `%.*s`", SLU_SHOWN(name.text));
    if (diagnostic == NULL) {
        return;
    }
    if (!parameter && find(name.text, true) != NULL) {
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "`%.*s` is for the parameters of a service; a field is `text`", SLU_SHOWN(name.text));
        return;
    }
    const char *ours = foreign_type(name.text);
    if (ours != NULL) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "write `%s`", ours);
        return;
    }
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, name.text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (can_be_written(&words[i], parameter)) {
            slu_suggest_offer(&suggestion, slu_string_from(words[i].word));
        }
    }
    struct slu_string best = slu_suggest_best(&suggestion);
    if (best.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%.*s`?", SLU_SHOWN(best));
        return;
    }
    slu_diagnostics_note(
        checker->diagnostics, diagnostic,
        "types are text, number, flag, time, duration, url, `list of text` and `choice of \"a\", \"b\"`");
}

static void check_choices(struct slu_checker *checker, const struct slu_words *choices) {
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; i < choices->count; i++) {
        struct slu_word word = choices->items[i];
        uint32_t first = slu_map_find(&seen, word.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "choice", word, choices->items[first].span);
            continue;
        }
        if (!slu_map_put(&seen, word.text, i)) {
            return;
        }
    }
}

struct slu_declared_type slu_check_written_type(struct slu_checker *checker, const struct slu_written_type *written,
                                                bool parameter) {
    if (written->choices.count > 0) {
        check_choices(checker, &written->choices);
        return (struct slu_declared_type){.type = SLU_TYPE_TEXT, .choices = written->choices};
    }
    const struct type_word *word = find(written->name.text, parameter);
    if (word == NULL) {
        report_unknown(checker, written->name, parameter);
        return (struct slu_declared_type){.type = SLU_TYPE_MISSING};
    }
    if (!written->is_list) {
        return word->type;
    }
    if (word->type.type != SLU_TYPE_TEXT) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_TYPE, written->name.span,
                                "a list cannot hold `%.*s`", SLU_SHOWN(written->name.text));
        slu_diagnostics_note(checker->diagnostics, diagnostic, "write `list of text`");
        return (struct slu_declared_type){.type = SLU_TYPE_MISSING};
    }
    struct slu_declared_type list = word->type;
    list.type = SLU_TYPE_LIST;
    list.element = SLU_TYPE_TEXT;
    return list;
}
