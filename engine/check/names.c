/* Finding names, and saying which one was probably meant. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"
#include "stdlib/functions/functions.h"

enum { FARTHEST = 3 /* edits between a name and what was meant */ };

struct slu_string slu_check_join(struct slu_checker *checker, struct slu_string first, struct slu_string second) {
    size_t length = first.length + 1 + second.length;
    char *bytes = slu_arena_alloc_bytes(checker->arena, length);
    if (bytes == NULL) {
        return (struct slu_string){NULL, 0};
    }
    for (size_t i = 0; i < first.length; i++) {
        bytes[i] = first.bytes[i];
    }
    bytes[first.length] = '.';
    for (size_t i = 0; i < second.length; i++) {
        bytes[first.length + 1 + i] = second.bytes[i];
    }
    return (struct slu_string){bytes, length};
}

/* ---- did you mean ---- */

static struct slu_string last_part(struct slu_string name) {
    for (size_t i = name.length; i > 0; i--) {
        if (name.bytes[i - 1] == '.') {
            return (struct slu_string){name.bytes + i, name.length - i};
        }
    }
    return name;
}

static size_t count_dots(struct slu_string name) {
    size_t count = 0;
    for (size_t i = 0; i < name.length; i++) {
        count += name.bytes[i] == '.';
    }
    return count;
}

void slu_suggest_start(struct slu_suggestion *suggestion, struct slu_checker *checker, struct slu_string wanted) {
    *suggestion = (struct slu_suggestion){.checker = checker, .wanted = wanted};
    if (!slu_unicode_fold_string(checker->arena, wanted, &suggestion->wanted)) {
        suggestion->wanted = wanted;
    }
    suggestion->tail = last_part(suggestion->wanted);
    suggestion->limit = (wanted.length + 2) / 4;
    if (suggestion->limit > FARTHEST) {
        suggestion->limit = FARTHEST;
    }
    suggestion->distance = suggestion->limit + 1;
}

void slu_suggest_offer(struct slu_suggestion *suggestion, struct slu_string candidate) {
    struct slu_checker *checker = suggestion->checker;
    if (checker->suggestions_left == 0 || candidate.length == 0) {
        return;
    }
    checker->suggestions_left--;
    struct slu_string folded;
    if (!slu_unicode_fold_string(checker->arena, candidate, &folded)) {
        return;
    }
    bool has_dot = suggestion->tail.length < suggestion->wanted.length;
    bool same_depth = has_dot ? count_dots(folded) == count_dots(suggestion->wanted) : count_dots(folded) == 1;
    if (suggestion->same_tail.length == 0 && same_depth && slu_string_equal(last_part(folded), suggestion->tail)) {
        suggestion->same_tail = candidate;
    }
    size_t longer = folded.length > suggestion->wanted.length ? folded.length - suggestion->wanted.length
                                                              : suggestion->wanted.length - folded.length;
    if (longer >= suggestion->distance) {
        return;
    }
    size_t distance = slu_string_distance(folded, suggestion->wanted, suggestion->limit);
    if (distance < suggestion->distance) {
        suggestion->distance = distance;
        suggestion->nearest = candidate;
    }
}

struct slu_string slu_suggest_best(const struct slu_suggestion *suggestion) {
    return suggestion->nearest.length > 0 ? suggestion->nearest : suggestion->same_tail;
}

/* ---- what a name could be ---- */

static const struct {
    const char *what;
    enum slu_diagnostic_code code;
    char quote; /* titles stand in quotes, names do not */
} kinds[] = {
    [SLU_NAME_VALUE] = {"field, list or named condition", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_FIELD] = {"field", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_STATE] = {"state", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_ENTITY] = {"entity", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_EVENT] = {"event", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_CALENDAR] = {"calendar", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_SERVICE] = {"service", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_ACTION] = {"action", SLU_DIAGNOSTIC_UNKNOWN_ACTION, '`'},
    [SLU_NAME_READ] = {"read", SLU_DIAGNOSTIC_UNKNOWN_ACTION, '`'},
    [SLU_NAME_FUNCTION] = {"function", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
    [SLU_NAME_RULE] = {"rule", SLU_DIAGNOSTIC_UNKNOWN_NAME, '"'},
    [SLU_NAME_RULESET] = {"ruleset", SLU_DIAGNOSTIC_UNKNOWN_NAME, '"'},
    [SLU_NAME_GROUP] = {"group", SLU_DIAGNOSTIC_UNKNOWN_NAME, '`'},
};

static void offer_fields(struct slu_suggestion *suggestion, const struct slu_model *model, bool states_only) {
    for (uint32_t i = 0; i < model->fields_count; i++) {
        if (!states_only || model->fields[i].origin == SLU_FIELD_STATE) {
            slu_suggest_offer(suggestion, model->fields[i].name.text);
        }
    }
}

/* The first parts of the fields that end in `.id`. */
static void offer_entities(struct slu_suggestion *suggestion, const struct slu_model *model) {
    for (uint32_t i = 0; i < model->fields_count; i++) {
        struct slu_string name = model->fields[i].name.text;
        if (slu_string_ends_with(name, SLU_STRING(".id"))) {
            slu_suggest_offer(suggestion, (struct slu_string){name.bytes, name.length - 3});
        }
    }
}

/* Services in use come first, so that they win where two are equally near. */
static void offer_operations(struct slu_suggestion *suggestion, const struct slu_model *model, bool reads) {
    for (int in_use = 1; in_use >= 0; in_use--) {
        for (uint32_t i = 0; i < model->operations_count; i++) {
            const struct slu_operation *operation = &model->operations[i];
            if (operation->is_read == reads && model->services[operation->service].in_use == (in_use == 1)) {
                slu_suggest_offer(suggestion, operation->name);
            }
        }
    }
}

static void offer_values(struct slu_suggestion *suggestion, const struct slu_model *model) {
    offer_fields(suggestion, model, false);
    for (uint32_t i = 0; i < model->lists_count; i++) {
        slu_suggest_offer(suggestion, model->lists[i].name.text);
    }
    for (uint32_t i = 0; i < model->defines_count; i++) {
        slu_suggest_offer(suggestion, model->defines[i].name.text);
    }
}

static void offer_titles(struct slu_suggestion *suggestion, const struct slu_model *model, bool rules) {
    for (uint32_t i = 0; rules && i < model->rules_count; i++) {
        if (!model->rules[i].syntax->otherwise) {
            slu_suggest_offer(suggestion, model->rules[i].syntax->title.text);
        }
    }
    for (uint32_t i = 0; !rules && i < model->rulesets_count; i++) {
        slu_suggest_offer(suggestion, model->rulesets[i].syntax->title.text);
    }
}

static void offer_all(struct slu_suggestion *suggestion, const struct slu_model *model, enum slu_name_kind kind) {
    switch (kind) {
    case SLU_NAME_VALUE:
        offer_values(suggestion, model);
        break;
    case SLU_NAME_FIELD:
    case SLU_NAME_STATE:
        offer_fields(suggestion, model, kind == SLU_NAME_STATE);
        break;
    case SLU_NAME_ENTITY:
        offer_entities(suggestion, model);
        break;
    case SLU_NAME_EVENT:
        for (uint32_t i = 0; i < model->events_count; i++) {
            slu_suggest_offer(suggestion, model->events[i].name.text);
        }
        break;
    case SLU_NAME_CALENDAR:
        for (uint32_t i = 0; i < model->calendars_count; i++) {
            slu_suggest_offer(suggestion, model->calendars[i].name.text);
        }
        break;
    case SLU_NAME_SERVICE:
        for (uint32_t i = 0; i < model->services_count; i++) {
            slu_suggest_offer(suggestion, model->services[i].name.text);
        }
        break;
    case SLU_NAME_ACTION:
    case SLU_NAME_READ:
        offer_operations(suggestion, model, kind == SLU_NAME_READ);
        break;
    case SLU_NAME_FUNCTION:
        for (int i = 0; i < SLU_FUNCTION_COUNT; i++) {
            slu_suggest_offer(suggestion, slu_string_from(slu_functions[i].word));
        }
        slu_suggest_offer(suggestion, SLU_STRING("link"));
        break;
    case SLU_NAME_GROUP:
        for (uint32_t i = 0; i < model->groups_count; i++) {
            slu_suggest_offer(suggestion, model->groups[i].name.text);
        }
        break;
    case SLU_NAME_RULE:
    case SLU_NAME_RULESET:
        offer_titles(suggestion, model, kind == SLU_NAME_RULE);
        break;
    }
}

/* What else has this very name, as "an event"; NULL: nothing. */
static const char *other_kind(const struct slu_model *model, struct slu_string name) {
    uint32_t field = slu_map_find(&model->field_names, name);
    if (field != SLU_MAP_NONE) {
        static const char *const origins[] = {"a field", "a state", "a field of a look-up"};
        return origins[model->fields[field].origin];
    }
    uint32_t operation = slu_map_find(&model->operation_names, name);
    if (operation != SLU_MAP_NONE) {
        return model->operations[operation].is_read ? "a read, for `lookup`" : "an action, for `then`";
    }
    const struct {
        const struct slu_map *map;
        const char *what;
    } maps[] = {
        {&model->list_names, "a list"},          {&model->define_names, "a named condition"},
        {&model->event_names, "an event"},       {&model->calendar_names, "a calendar"},
        {&model->lookup_names, "a look-up"},     {&model->service_names, "a service"},
        {&model->rule_titles, "a rule's title"}, {&model->ruleset_titles, "a ruleset's title"},
    };
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (slu_map_find(maps[i].map, name) != SLU_MAP_NONE) {
            return maps[i].what;
        }
    }
    return slu_function_find(name) != SLU_FUNCTION_COUNT ? "a function" : NULL;
}

/* What other languages call a value that is not there, or a flag; NULL: nothing. */
static const char *foreign_value(struct slu_string name) {
    static const struct {
        const char *word, *ours;
    } words[] = {
        {"empty", "`is missing`"}, {"null", "`is missing`"}, {"nil", "`is missing`"},     {"undefined", "`is missing`"},
        {"blank", "`is missing`"}, {"none", "`is missing`"}, {"unknown", "`is missing`"}, {"yes", "`true`"},
#define WEEKDAY(name, word) {word, "a `calendar` that is open then, and `now is during` it"},
#include "engine/base/weekdays.def"
#undef WEEKDAY
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (slu_string_equal(name, slu_string_from(words[i].word))) {
            return words[i].ours;
        }
    }
    return NULL;
}

static void note_use(struct slu_checker *checker, struct slu_diagnostic *diagnostic, struct slu_string operation) {
    const struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->operation_names, operation);
    if (index == SLU_MAP_NONE || model->services[model->operations[index].service].in_use) {
        return;
    }
    struct slu_string service = model->services[model->operations[index].service].name.text;
    slu_diagnostics_note(checker->diagnostics, diagnostic, "it needs `use %.*s` at the top of a file",
                         SLU_SHOWN(service));
}

/* `contact` alone, of which there are only fields. */
static bool note_part(struct slu_checker *checker, struct slu_diagnostic *diagnostic, struct slu_string name) {
    const struct slu_model *model = checker->model;
    for (uint32_t i = 0; i < model->fields_count; i++) {
        struct slu_string field = model->fields[i].name.text;
        if (field.length > name.length && field.bytes[name.length] == '.' && slu_string_starts_with(field, name)) {
            slu_diagnostics_note(checker->diagnostics, diagnostic, "name one of its fields, such as `%.*s`",
                                 SLU_SHOWN(field));
            return true;
        }
    }
    return false;
}

struct slu_diagnostic *slu_check_unknown(struct slu_checker *checker, enum slu_name_kind kind, struct slu_word name) {
    if (slu_map_find(&checker->lost, name.text) != SLU_MAP_NONE) {
        return NULL;
    }
    char quote = kinds[kind].quote;
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, kinds[kind].code, name.span, "there is no %s %c%.*s%c",
                            kinds[kind].what, quote, SLU_SHOWN(name.text), quote);
    if (diagnostic == NULL) {
        return NULL;
    }
    const char *other = other_kind(checker->model, name.text);
    if (other != NULL) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "%c%.*s%c is %s", quote, SLU_SHOWN(name.text), quote,
                             other);
    }
    if (kind == SLU_NAME_VALUE && slu_map_find(&checker->model->calendar_names, name.text) != SLU_MAP_NONE) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "write `now is during %.*s`", SLU_SHOWN(name.text));
        return diagnostic;
    }
    const char *foreign = kind == SLU_NAME_VALUE ? foreign_value(name.text) : NULL;
    if (foreign != NULL) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "write %s", foreign);
        return diagnostic;
    }
    if (kind == SLU_NAME_VALUE && other == NULL && note_part(checker, diagnostic, name.text)) {
        return diagnostic;
    }
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, name.text);
    offer_all(&suggestion, checker->model, kind);
    struct slu_string best = slu_suggest_best(&suggestion);
    if (best.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean %c%.*s%c?", quote, SLU_SHOWN(best), quote);
        note_use(checker, diagnostic, best);
    }
    if (kind == SLU_NAME_VALUE && suggestion.nearest.length == 0 && other == NULL &&
        last_part(name.text).length == name.text.length) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "a text stands in quotes: \"%.*s\"",
                             SLU_SHOWN(name.text));
    }
    return diagnostic;
}

uint32_t slu_check_find_event(struct slu_checker *checker, struct slu_word name) {
    uint32_t index = slu_map_find(&checker->model->event_names, name.text);
    if (index == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_EVENT, name);
        return SLU_NO_INDEX;
    }
    return index;
}

uint32_t slu_check_find_field(struct slu_checker *checker, struct slu_word name) {
    uint32_t index = slu_map_find(&checker->model->field_names, name.text);
    if (index == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_FIELD, name);
        return SLU_NO_INDEX;
    }
    return index;
}

/* `per week` where a length of time is meant. */
static bool report_unit(struct slu_checker *checker, struct slu_string entity, struct slu_span span) {
    static const struct {
        const char *word, *written;
    } units[] = {
#define UNIT(one, several, milliseconds) {one, "1 " one}, {several, "1 " one},
#include "grammar/units.def"
#undef UNIT
        {"month", "30 days"},
        {"quarter", "90 days"},
        {"year", "365 days"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (slu_string_is(entity, units[i].word)) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_SYNTAX, span,
                                    "a length of time has a number: `%s`", units[i].written);
            slu_diagnostics_note(checker->diagnostics, diagnostic,
                                 "write `at most 2 per %s`, or `once per %s per contact`", units[i].written,
                                 units[i].written);
            return true;
        }
    }
    return false;
}

uint32_t slu_check_find_entity(struct slu_checker *checker, struct slu_string entity, struct slu_span span) {
    struct slu_model *model = checker->model;
    struct slu_string key = slu_check_join(checker, entity, SLU_STRING("id"));
    uint32_t field = slu_map_find(&model->field_names, key);
    if (field == SLU_MAP_NONE && report_unit(checker, entity, span)) {
        return SLU_NO_INDEX;
    }
    if (field == SLU_MAP_NONE) {
        struct slu_diagnostic *diagnostic =
            slu_check_unknown(checker, SLU_NAME_ENTITY, (struct slu_word){entity, span});
        slu_diagnostics_note(checker->diagnostics, diagnostic, "an entity has a field that names it: `%.*s.id : text`",
                             SLU_SHOWN(entity));
        return SLU_NO_INDEX;
    }
    if (model->fields[field].type.type != SLU_TYPE_TEXT || model->fields[field].origin != SLU_FIELD_EVENT) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, span,
                                "`%.*s` cannot name an entity: only a text field of the event can", SLU_SHOWN(key));
        slu_diagnostics_note_at(checker->diagnostics, diagnostic, model->fields[field].name.span, "declared here");
        return SLU_NO_INDEX;
    }
    return field;
}

/* ---- declaring ---- */

static bool starts_with_vowel(const char *word) {
    return *word == 'a' || *word == 'e' || *word == 'i' || *word == 'o';
}

void slu_check_report_duplicate(struct slu_checker *checker, const char *what, struct slu_word name,
                                struct slu_span first) {
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        checker->diagnostics, SLU_DIAGNOSTIC_DUPLICATE_NAME, name.span, "there is already %s %s `%.*s`",
        starts_with_vowel(what) ? "an" : "a", what, SLU_SHOWN(name.text));
    if (slu_check_is_standard(checker, first) && !slu_check_is_standard(checker, name.span)) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "it comes with the product: no declaration is needed");
        return;
    }
    slu_diagnostics_note_at(checker->diagnostics, diagnostic, first, "first declared here");
}
