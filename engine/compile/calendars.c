/* Calendars: weekly hours, closed days, and when the zone's clock changes. */
#include "engine/compile/compiler.h"

#include <stdlib.h>

enum { DAY_MINUTES = 1440, WEEK_DAYS = 7 };
static const double DAY_MILLISECONDS = 86400000.0;

static int32_t weekday(struct slu_string word) {
    static const char *const words[] = {
#define WEEKDAY(name, word) word,
#include "engine/base/weekdays.def"
#undef WEEKDAY
    };
    for (int32_t day = 0; day < WEEK_DAYS; day++) {
        if (slu_string_is(word, words[day])) {
            return day;
        }
    }
    return 0; /* the checker has seen to it that there is no other */
}

static void copy_hours(struct slu_compiler *compiler, const struct slu_calendar_syntax *syntax,
                       struct slu_calendar *calendar) {
    calendar->hours = slu_compiler_room(compiler, (size_t)syntax->open_count * WEEK_DAYS, sizeof *calendar->hours);
    for (uint32_t i = 0; i < syntax->open_count && calendar->hours != NULL; i++) {
        const struct slu_open_hours *open = &syntax->open[i];
        int32_t last = weekday(open->last_day.text);
        for (int32_t day = weekday(open->first_day.text); day <= last; day++) {
            calendar->hours[calendar->hours_count++] =
                (struct slu_hours){day * DAY_MINUTES + open->from_minute, day * DAY_MINUTES + open->to_minute};
        }
    }
}

static int compare_days(const void *left, const void *right) {
    int32_t left_day = *(const int32_t *)left, right_day = *(const int32_t *)right;
    return (left_day > right_day) - (left_day < right_day);
}

static void copy_closed_days(struct slu_compiler *compiler, const struct slu_calendar_syntax *syntax,
                             struct slu_calendar *calendar) {
    calendar->closed_days = slu_compiler_room(compiler, syntax->closed_count, sizeof *calendar->closed_days);
    if (calendar->closed_days == NULL || syntax->closed_count == 0) {
        return;
    }
    for (uint32_t i = 0; i < syntax->closed_count; i++) {
        calendar->closed_days[i] = (int32_t)(syntax->closed[i].time / DAY_MILLISECONDS);
    }
    qsort(calendar->closed_days, syntax->closed_count, sizeof *calendar->closed_days, compare_days);
    for (uint32_t i = 0; i < syntax->closed_count; i++) {
        int32_t day = calendar->closed_days[i];
        if (calendar->closed_count == 0 || calendar->closed_days[calendar->closed_count - 1] != day) {
            calendar->closed_days[calendar->closed_count++] = day;
        }
    }
}

static void read_zone(struct slu_compiler *compiler, const struct slu_named_calendar *from,
                      struct slu_calendar *calendar) {
    if (from->zone_data.length == 0) {
        return; /* UTC */
    }
    bool failed = false;
    const char *wrong = slu_zone_read(&compiler->program->arena, from->zone_data, calendar, &failed);
    compiler->no_memory |= failed;
    if (wrong != NULL) {
        struct slu_word zone = from->syntax->zone;
        slu_diagnostics_add(compiler->diagnostics, SLU_DIAGNOSTIC_BAD_TIME, zone.span,
                            "the data of the time zone \"%.*s\" cannot be read: %s", (int)zone.text.length,
                            zone.text.bytes, wrong);
    }
}

uint32_t slu_compiler_calendar(struct slu_compiler *compiler, uint32_t calendar) {
    uint32_t *number = &compiler->calendar_numbers[calendar];
    if (*number != SLU_NO_INDEX) {
        return *number;
    }
    const struct slu_named_calendar *from = &compiler->model->calendars[calendar];
    struct slu_calendar *place = slu_compiler_push(compiler, &compiler->calendars, sizeof *place);
    if (place == NULL) {
        return SLU_NO_INDEX;
    }
    *number = compiler->calendars.count - 1;
    place->name = from->name.text;
    copy_hours(compiler, from->syntax, place);
    copy_closed_days(compiler, from->syntax, place);
    read_zone(compiler, from, place);
    return *number;
}
