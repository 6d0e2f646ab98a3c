/* ISO 8601 as services write it, on the proleptic Gregorian calendar. */
#include "engine/input/input.h"

#include "engine/input/value.h"

enum { DAYS_TO_1970 = 719468 /* from 0000-03-01 */ };

/* Reads exactly `count` digits. */
static bool take_number(struct slu_string text, size_t *at, size_t count, int32_t *number) {
    if (text.length - *at < count) {
        return false;
    }
    *number = 0;
    for (size_t end = *at + count; *at < end; (*at)++) {
        char byte = text.bytes[*at];
        if (byte < '0' || byte > '9') {
            return false;
        }
        *number = *number * 10 + (byte - '0');
    }
    return true;
}

static bool take_byte(struct slu_string text, size_t *at, char byte) {
    if (*at < text.length && text.bytes[*at] == byte) {
        (*at)++;
        return true;
    }
    return false;
}

static int32_t days_of_month(int32_t year, int32_t month) {
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days since 1970-01-01, counting years from March so that the leap day comes last. */
static int32_t days_since_epoch(int32_t year, int32_t month, int32_t day) {
    int32_t march_year = month > 2 ? year : year - 1;
    int32_t march_month = month > 2 ? month - 3 : month + 9;
    int32_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    return march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 + day_of_year - DAYS_TO_1970;
}

static bool take_date(struct slu_string text, size_t *at, double *milliseconds) {
    int32_t year, month, day;
    if (!take_number(text, at, 4, &year) || !take_byte(text, at, '-') || !take_number(text, at, 2, &month) ||
        !take_byte(text, at, '-') || !take_number(text, at, 2, &day)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    *milliseconds = days_since_epoch(year, month, day) * 86400000.0;
    return true;
}

/* The fraction of a second: digits past the third are cut off. */
static bool take_fraction(struct slu_string text, size_t *at, double *milliseconds) {
    double place = 100;
    size_t start = *at;
    for (; *at < text.length && text.bytes[*at] >= '0' && text.bytes[*at] <= '9'; (*at)++) {
        if (*at - start < 3) {
            *milliseconds += place * (text.bytes[*at] - '0');
            place /= 10;
        }
    }
    return *at > start;
}

/* hh:mm, hh:mm:ss, hh:mm:ss.fff */
static bool take_clock(struct slu_string text, size_t *at, double *milliseconds) {
    int32_t hour, minute, second = 0;
    if (!take_number(text, at, 2, &hour) || !take_byte(text, at, ':') || !take_number(text, at, 2, &minute)) {
        return false;
    }
    bool has_seconds = take_byte(text, at, ':');
    if ((has_seconds && !take_number(text, at, 2, &second)) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *milliseconds += hour * 3600000.0 + minute * 60000.0 + second * 1000.0;
    if (has_seconds && (take_byte(text, at, '.') || take_byte(text, at, ','))) {
        return take_fraction(text, at, milliseconds);
    }
    return true;
}

/* Z, +hh, +hhmm, +hh:mm; nothing means UTC. */
static bool take_zone(struct slu_string text, size_t *at, double *milliseconds) {
    int32_t hours, minutes = 0;
    if (*at == text.length || take_byte(text, at, 'Z') || take_byte(text, at, 'z')) {
        return true;
    }
    bool west = take_byte(text, at, '-');
    if ((!west && !take_byte(text, at, '+')) || !take_number(text, at, 2, &hours)) {
        return false;
    }
    bool colon = take_byte(text, at, ':');
    if ((colon || *at < text.length) && !take_number(text, at, 2, &minutes)) {
        return false;
    }
    if (hours > 23 || minutes > 59) {
        return false;
    }
    double offset = hours * 3600000.0 + minutes * 60000.0;
    *milliseconds += west ? offset : -offset;
    return true;
}

bool slu_time_parse(struct slu_string text, double *milliseconds) {
    double time;
    size_t at = 0;
    if (!take_date(text, &at, &time)) {
        return false;
    }
    if (at < text.length) {
        char separator = text.bytes[at++];
        if ((separator != 'T' && separator != 't' && separator != ' ') || !take_clock(text, &at, &time) ||
            !take_zone(text, &at, &time)) {
            return false;
        }
    }
    if (at != text.length || time < SLU_TIME_MIN || time > SLU_TIME_MAX) {
        return false;
    }
    *milliseconds = time;
    return true;
}
