/* Local time of a moment, and whether a calendar is open then. */
#include "engine/vm/tests.h"

#include <math.h>

enum { MINUTE_SECONDS = 60, DAY_SECONDS = 86400, DAY_MINUTES = 1440, WEEK_DAYS = 7 };
/* 1970-01-01 was a Thursday; weeks start on Monday. */
enum { EPOCH_WEEKDAY = 3 };
/* 285,000 years: every whole millisecond up to here is exact. */
static const double FARTHEST_MILLISECONDS = 9007199254740992.0;

/* Seconds east of UTC: those of the last transition that is not after `seconds`. */
static int32_t offset_at(const struct slu_calendar *calendar, int64_t seconds) {
    uint32_t low = 0, high = calendar->transition_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (calendar->transitions[middle].at <= seconds) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? calendar->first_offset : calendar->transitions[low - 1].offset;
}

static int64_t floor_divide(int64_t number, int64_t by) {
    int64_t quotient = number / by;
    return number % by < 0 ? quotient - 1 : quotient;
}

static bool is_closed_day(const struct slu_calendar *calendar, int64_t day) {
    uint32_t low = 0, high = calendar->closed_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (calendar->closed_days[middle] == day) {
            return true;
        }
        if (calendar->closed_days[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool slu_calendar_open(const struct slu_calendar *calendar, double milliseconds) {
    if (!(fabs(milliseconds) <= FARTHEST_MILLISECONDS)) {
        return false;
    }
    int64_t seconds = (int64_t)floor(milliseconds / 1000.0);
    int64_t local = seconds + offset_at(calendar, seconds);
    int64_t day = floor_divide(local, DAY_SECONDS);
    if (is_closed_day(calendar, day)) {
        return false;
    }
    int64_t weekday = day + EPOCH_WEEKDAY - floor_divide(day + EPOCH_WEEKDAY, WEEK_DAYS) * WEEK_DAYS;
    int64_t minute = weekday * DAY_MINUTES + (local - day * DAY_SECONDS) / MINUTE_SECONDS;
    for (uint32_t i = 0; i < calendar->hours_count; i++) {
        if (minute >= calendar->hours[i].from_minute && minute < calendar->hours[i].to_minute) {
            return true;
        }
    }
    return false;
}
