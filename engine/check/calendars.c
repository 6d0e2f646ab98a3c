/* Weekly hours, holidays and the time zone of a calendar. */
#include "engine/check/checker.h"

static const char *const days[] = {
#define WEEKDAY(name, word) word,
#include "engine/base/weekdays.def"
#undef WEEKDAY
};
enum { DAYS = sizeof days / sizeof *days };

/* 0: Monday; DAYS after a finding. */
static int find_day(struct slu_checker *checker, struct slu_word name) {
    for (int i = 0; i < DAYS; i++) {
        if (slu_string_is(name.text, days[i])) {
            return i;
        }
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, name.span,
                            "there is no day of the week `%.*s`", SLU_SHOWN(name.text));
    if (diagnostic == NULL) {
        return DAYS;
    }
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, name.text);
    for (int i = 0; i < DAYS; i++) {
        struct slu_string day = slu_string_from(days[i]);
        slu_suggest_offer(&suggestion, day);
        if (slu_string_starts_with(day, suggestion.wanted) && suggestion.nearest.length == 0) {
            suggestion.nearest = day; /* "mon" */
        }
    }
    struct slu_string best = slu_suggest_best(&suggestion);
    if (best.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%.*s`?", SLU_SHOWN(best));
    } else {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "days are written monday, tuesday, ... sunday");
    }
    return DAYS;
}

static void check_hours(struct slu_checker *checker, const struct slu_open_hours *hours) {
    int first = find_day(checker, hours->first_day);
    int last = find_day(checker, hours->last_day);
    if (first < DAYS && last < first) {
        struct slu_span span = hours->first_day.span;
        span.end = hours->last_day.span.end;
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_BAD_TIME, span,
                                                                "%s to %s runs backwards", days[first], days[last]);
        slu_diagnostics_note(checker->diagnostics, diagnostic, "the week begins on monday: write two ranges");
    }
    bool reported = hours->from_minute < 0 || hours->to_minute < 0; /* no such time of day */
    if (!reported && hours->from_minute >= hours->to_minute) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_BAD_TIME,
                                                                hours->span, "these hours end before they begin");
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "hours past midnight are two lines: to 24:00, and from 00:00 on the next day");
    }
}

/* Names that stand for another zone on each machine, or for another way of counting seconds. */
static bool depends_on_machine(struct slu_string zone) {
    return slu_string_is(zone, "localtime") || slu_string_is(zone, "posixrules") ||
           slu_string_starts_with(zone, SLU_STRING("posix/")) || slu_string_starts_with(zone, SLU_STRING("right/"));
}

static void read_zone(struct slu_checker *checker, struct slu_named_calendar *calendar) {
    struct slu_word zone = calendar->syntax->zone;
    const struct sluice_host *host = checker->host;
    if (depends_on_machine(zone.text)) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_BAD_TIME, zone.span,
                                "the zone \"%.*s\" is not the same on every machine", SLU_SHOWN(zone.text));
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "a decision must not depend on the machine: name the zone by continent and city, as in "
                             "\"Europe/Berlin\"; or \"UTC\"");
        return;
    }
    if (host != NULL && host->read_zone != NULL) {
        struct sluice_string name = {zone.text.bytes, zone.text.length};
        struct sluice_string data = {NULL, 0};
        enum sluice_status status = host->read_zone(host->context, name, &data);
        checker->arena->failed |= status == SLUICE_NO_MEMORY;
        if (status == SLUICE_OK || status == SLUICE_NO_MEMORY) {
            calendar->zone_data = (struct slu_string){data.bytes, data.length};
            return;
        }
    }
    if (slu_string_is(zone.text, "UTC") || slu_string_is(zone.text, "Etc/UTC")) {
        return; /* no data: no offset ever */
    }
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_BAD_TIME, zone.span,
                                                            "there is no time zone \"%.*s\"", SLU_SHOWN(zone.text));
    slu_diagnostics_note(checker->diagnostics, diagnostic,
                         "a zone is named by continent and city, as in \"Europe/Berlin\"; or \"UTC\"");
}

void slu_check_declare_calendars(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->calendars = SLU_NEW_ARRAY(checker->arena, struct slu_named_calendar,
                                     slu_declarations_count(checker, SLU_DECLARATION_CALENDAR));
    if (model->calendars == NULL) {
        return;
    }
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_CALENDAR);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        uint32_t first = slu_map_find(&model->calendar_names, at->name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "calendar", at->name, model->calendars[first].name.span);
            continue;
        }
        struct slu_named_calendar *calendar = &model->calendars[model->calendars_count];
        *calendar = (struct slu_named_calendar){.name = at->name, .syntax = &at->as.calendar};
        read_zone(checker, calendar);
        for (uint32_t i = 0; i < calendar->syntax->open_count; i++) {
            check_hours(checker, &calendar->syntax->open[i]);
        }
        if (!slu_map_put(&model->calendar_names, at->name.text, model->calendars_count++)) {
            return;
        }
    }
}
