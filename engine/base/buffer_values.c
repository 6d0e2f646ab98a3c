/* Numbers, times and durations as people read them. */
#include "engine/base/buffer.h"

#include <ctype.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A positive number as 0.d1d2d3... times ten to the `point`. */
struct decimal {
    char digits[18]; /* without trailing zeros, not terminated */
    int count;
    int point;
};

enum { WHOLE_DIGITS = 21, LEADING_ZEROS = 6 }; /* outside them an exponent is shorter to read */

/* Takes the digits out of what printf made, whatever the locale's point is. */
static void read_digits(const char *printed, struct decimal *decimal) {
    const char *exponent = strchr(printed, 'e');
    decimal->count = 0;
    for (const char *at = printed; at < exponent; at++) {
        if (isdigit((unsigned char)*at)) {
            decimal->digits[decimal->count++] = *at;
        }
    }
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
    }
    decimal->point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

/* Adds one to the last digit before the exponent. False when it is a nine. */
static bool next_decimal(char *printed) {
    char *last = strchr(printed, 'e') - 1;
    if (*last == '9') {
        return false;
    }
    ++*last;
    return true;
}

/* Up to 15 digits survive the way through a double and back, so the shortest
 * form of at most 15 is what printing 15 gives. Denormal numbers have fewer
 * good digits and need the search from 1. Above a power of two the gap between
 * doubles is twice that below, so the nearest decimal may read back as another
 * number where the next one does not. */
static void shortest_decimal(double number, struct decimal *decimal) {
    char printed[40];
    for (int digits = number < DBL_MIN ? 1 : DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(printed, sizeof(printed), "%.*e", digits - 1, number);
        if (strtod(printed, NULL) == number || (next_decimal(printed) && strtod(printed, NULL) == number)) {
            break;
        }
    }
    read_digits(printed, decimal);
}

static void add_digits(struct slu_buffer *buffer, const struct decimal *decimal, int from, int to) {
    if (to > from) {
        slu_buffer_add(buffer, (struct slu_string){decimal->digits + from, (size_t)(to - from)});
    }
}

static void add_decimal(struct slu_buffer *buffer, const struct decimal *decimal) {
    int point = decimal->point;
    if (point > WHOLE_DIGITS || point <= -LEADING_ZEROS) {
        add_digits(buffer, decimal, 0, 1);
        if (decimal->count > 1) {
            slu_buffer_add_byte(buffer, '.');
            add_digits(buffer, decimal, 1, decimal->count);
        }
        slu_buffer_add_format(buffer, "e%+d", point - 1);
    } else if (point <= 0) {
        slu_buffer_add_text(buffer, "0.");
        slu_buffer_add_repeated(buffer, '0', (size_t)-point);
        add_digits(buffer, decimal, 0, decimal->count);
    } else if (point >= decimal->count) {
        add_digits(buffer, decimal, 0, decimal->count);
        slu_buffer_add_repeated(buffer, '0', (size_t)(point - decimal->count));
    } else {
        add_digits(buffer, decimal, 0, point);
        slu_buffer_add_byte(buffer, '.');
        add_digits(buffer, decimal, point, decimal->count);
    }
}

static void add_whole(struct slu_buffer *buffer, int64_t number) {
    char digits[20]; /* of 64 bits */
    size_t first = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        slu_buffer_add_byte(buffer, '-');
    }
    slu_buffer_add(buffer, (struct slu_string){digits + first, sizeof digits - first});
}

void slu_buffer_add_number(struct slu_buffer *buffer, double number) {
    const double exact = 9007199254740992.0; /* 2^53: every whole number up to it is a double */
    if (isnan(number)) {
        slu_buffer_add_text(buffer, "NaN");
        return;
    }
    if (number >= -exact && number <= exact && number == floor(number)) {
        add_whole(buffer, (int64_t)number);
        return;
    }
    if (number < 0) {
        slu_buffer_add_byte(buffer, '-');
        number = -number;
    }
    if (isinf(number)) {
        slu_buffer_add_text(buffer, "Infinity");
        return;
    }
    struct decimal decimal;
    shortest_decimal(number, &decimal);
    add_decimal(buffer, &decimal);
}

static const double second_ms = 1000.0;
static const double minute_ms = 60 * 1000.0;
static const double hour_ms = 60 * 60 * 1000.0;
static const double day_ms = 24 * 60 * 60 * 1000.0;

struct date {
    int64_t year;
    int month; /* from 1 */
    int day;   /* from 1 */
};

/* The Gregorian date of a day counted from 1970-01-01. Years are counted from
 * March, so that the leap day is the last of its year. */
static struct date date_of_day(int64_t day) {
    enum { DAYS_IN_ERA = 146097, YEARS_IN_ERA = 400, DAYS_TO_EPOCH = 719468 }; /* from 0000-03-01 */
    int64_t shifted = day + DAYS_TO_EPOCH;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_IN_ERA - 1)) / DAYS_IN_ERA;
    int in_era = (int)(shifted - era * DAYS_IN_ERA);
    int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = in_era - (365 * year + year / 4 - year / 100);
    int month = (5 * in_year + 2) / 153; /* from March; 153 days in each five months */
    struct date date = {era * YEARS_IN_ERA + year, month < 10 ? month + 3 : month - 9,
                        in_year - (153 * month + 2) / 5 + 1};
    if (date.month <= 2) {
        date.year++;
    }
    return date;
}

void slu_buffer_add_time(struct slu_buffer *buffer, double milliseconds) {
    const double furthest = 8.64e15; /* a hundred million days either side, as in ECMAScript */
    if (!(milliseconds >= -furthest && milliseconds <= furthest)) {
        slu_buffer_add_number(buffer, milliseconds);
        slu_buffer_add_text(buffer, " ms");
        return;
    }
    double day = floor(milliseconds / day_ms);
    int in_day = (int)(floor(milliseconds) - day * day_ms);
    struct date date = date_of_day((int64_t)day);
    if (date.year < 0 || date.year > 9999) {
        slu_buffer_add_format(buffer, "%+07" PRId64, date.year);
    } else {
        slu_buffer_add_format(buffer, "%04" PRId64, date.year);
    }
    slu_buffer_add_format(buffer, "-%02d-%02dT%02d:%02d:%02d", date.month, date.day, in_day / 3600000,
                          in_day / 60000 % 60, in_day / 1000 % 60);
    if (in_day % 1000 != 0) {
        slu_buffer_add_format(buffer, ".%03d", in_day % 1000);
    }
    slu_buffer_add_byte(buffer, 'Z');
}

void slu_buffer_add_duration(struct slu_buffer *buffer, double milliseconds) {
    const struct {
        double length;
        const char *word;
    } units[] = {{day_ms, "day"}, {hour_ms, "hour"}, {minute_ms, "minute"}};
    double length = second_ms;
    const char *word = "second";
    for (size_t unit = 0; unit < sizeof(units) / sizeof(units[0]) && milliseconds != 0; unit++) {
        if (fmod(milliseconds, units[unit].length) == 0) {
            length = units[unit].length;
            word = units[unit].word;
            break;
        }
    }
    double count = milliseconds / length;
    slu_buffer_add_number(buffer, count);
    slu_buffer_add_byte(buffer, ' ');
    slu_buffer_add_text(buffer, word);
    if (fabs(count) != 1) {
        slu_buffer_add_byte(buffer, 's');
    }
}
