#include "engine/compile/zone_rule.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, WEEK_DAYS = 7, LAST_WEEK = 5 };
enum { OFFSET_HOURS_MAX = 24, TIME_HOURS_MAX = 167, DEFAULT_TIME = 2 * HOUR };

/* ---- reading ---- */

struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, char byte) {
    if (cursor->at == cursor->end || *cursor->at != byte) {
        return false;
    }
    cursor->at++;
    return true;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool take_number(struct cursor *cursor, int32_t low, int32_t high, int32_t *number) {
    const char *first = cursor->at;
    int32_t value = 0;
    while (cursor->at != cursor->end && is_digit(*cursor->at) && cursor->at - first < 3) {
        value = value * 10 + (*cursor->at++ - '0');
    }
    *number = value;
    return cursor->at != first && value >= low && value <= high;
}

/* At least three letters, or anything in angle brackets. */
static bool skip_name(struct cursor *cursor) {
    const char *first = cursor->at;
    if (take(cursor, '<')) {
        while (cursor->at != cursor->end && *cursor->at != '>') {
            cursor->at++;
        }
        return take(cursor, '>');
    }
    while (cursor->at != cursor->end &&
           ((*cursor->at >= 'a' && *cursor->at <= 'z') || (*cursor->at >= 'A' && *cursor->at <= 'Z'))) {
        cursor->at++;
    }
    return cursor->at - first >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct cursor *cursor, int32_t hours_max, int32_t *seconds) {
    int32_t sign = take(cursor, '-') ? -1 : 1;
    int32_t hours, minutes = 0, rest = 0;
    if (sign == 1) {
        (void)take(cursor, '+');
    }
    if (!take_number(cursor, 0, hours_max, &hours)) {
        return false;
    }
    if (take(cursor, ':')) {
        if (!take_number(cursor, 0, 59, &minutes)) {
            return false;
        }
        if (take(cursor, ':') && !take_number(cursor, 0, 59, &rest)) {
            return false;
        }
    }
    *seconds = sign * (hours * HOUR + minutes * MINUTE + rest);
    return true;
}

/* POSIX counts offsets westward. */
static bool take_offset(struct cursor *cursor, int32_t *east) {
    int32_t west;
    if (!take_time(cursor, OFFSET_HOURS_MAX, &west)) {
        return false;
    }
    *east = -west;
    return true;
}

static bool take_date(struct cursor *cursor, struct slu_rule_date *date) {
    *date = (struct slu_rule_date){.kind = SLU_RULE_DAY, .seconds = DEFAULT_TIME};
    bool good;
    if (take(cursor, 'M')) {
        date->kind = SLU_RULE_MONTH_WEEK;
        good = take_number(cursor, 1, 12, &date->month) && take(cursor, '.') &&
               take_number(cursor, 1, LAST_WEEK, &date->week) && take(cursor, '.') &&
               take_number(cursor, 0, WEEK_DAYS - 1, &date->day);
    } else if (take(cursor, 'J')) {
        date->kind = SLU_RULE_JULIAN;
        good = take_number(cursor, 1, 365, &date->day);
    } else {
        good = take_number(cursor, 0, 365, &date->day);
    }
    if (!good) {
        return false;
    }
    return !take(cursor, '/') || take_time(cursor, TIME_HOURS_MAX, &date->seconds);
}

bool slu_zone_rule_parse(struct slu_string text, struct slu_zone_rule *rule) {
    if (text.length == 0) {
        return false;
    }
    struct cursor cursor = {text.bytes, text.bytes + text.length};
    *rule = (struct slu_zone_rule){0};
    if (!skip_name(&cursor) || !take_offset(&cursor, &rule->standard)) {
        return false;
    }
    if (cursor.at == cursor.end) {
        return true;
    }
    rule->has_daylight = true;
    rule->daylight = rule->standard + HOUR;
    if (!skip_name(&cursor)) {
        return false;
    }
    if (cursor.at != cursor.end && *cursor.at != ',' && !take_offset(&cursor, &rule->daylight)) {
        return false;
    }
    return take(&cursor, ',') && take_date(&cursor, &rule->start) && take(&cursor, ',') &&
           take_date(&cursor, &rule->end) && cursor.at == cursor.end;
}

/* ---- dates ---- */

static bool is_leap(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to January 1 of a year from 1970 on. */
static int64_t day_of_year(int32_t year) {
    int64_t before = (int64_t)year - 1;
    const int64_t epoch = 1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400;
    return before * 365 + before / 4 - before / 100 + before / 400 - epoch;
}

/* Days of the year before the first of the month; month 13: of the whole year. */
static int32_t days_before_month(int32_t year, int32_t month) {
    static const int32_t days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return days[month - 1] + (month > 2 && is_leap(year));
}

/* The day of the year, from 0, on which the weekday of that week falls. */
static int32_t day_of_week(const struct slu_rule_date *date, int32_t year) {
    int32_t first = days_before_month(year, date->month);
    int32_t month_days = days_before_month(year, date->month + 1) - first;
    int64_t day = day_of_year(year) + first;
    int32_t weekday = (int32_t)((day + 4) % WEEK_DAYS); /* 1970-01-01 was a Thursday, Sunday is 0 */
    int32_t in_month = (date->day - weekday + WEEK_DAYS) % WEEK_DAYS + (date->week - 1) * WEEK_DAYS;
    while (in_month >= month_days) {
        in_month -= WEEK_DAYS;
    }
    return first + in_month;
}

/* Seconds from the epoch to the date as if its local time were UTC. */
static int64_t local_seconds(const struct slu_rule_date *date, int32_t year) {
    int32_t day = date->day;
    if (date->kind == SLU_RULE_JULIAN) {
        const int32_t february_28 = 59;
        day = date->day - 1 + (date->day > february_28 && is_leap(year));
    } else if (date->kind == SLU_RULE_MONTH_WEEK) {
        day = day_of_week(date, year);
    }
    return (day_of_year(year) + day) * DAY + date->seconds;
}

int64_t slu_zone_rule_start(const struct slu_zone_rule *rule, int32_t year) {
    return local_seconds(&rule->start, year) - rule->standard;
}

int64_t slu_zone_rule_end(const struct slu_zone_rule *rule, int32_t year) {
    return local_seconds(&rule->end, year) - rule->daylight;
}
