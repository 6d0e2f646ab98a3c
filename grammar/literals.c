#include "grammar/literals.h"

#include "engine/text/unicode.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* The quick way for nearly all numbers: digits and power of ten are exact in a
 * double, so that the one operation on them rounds correctly. False for others. */
static bool read_short(struct slu_string written, int shift, double *number) {
    static const double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { LONGEST = 15, POWERS = sizeof powers / sizeof *powers };
    int64_t digits = 0;
    int exponent = shift;
    bool after_point = false;
    if (written.length > LONGEST) {
        return false;
    }
    for (size_t i = 0; i < written.length; i++) {
        if (is_digit(written.bytes[i])) {
            digits = digits * 10 + (written.bytes[i] - '0');
            exponent -= after_point;
        } else if (written.bytes[i] == '.') {
            after_point = true;
        }
    }
    assert(exponent > -POWERS && exponent < POWERS);
    *number = exponent < 0 ? (double)digits / powers[-exponent] : (double)digits * powers[exponent];
    return true;
}

/* The number times 10^shift, correctly rounded. The point is turned into an
 * exponent, because strtod reads a point only where the locale has one. */
static bool read_decimal(struct slu_arena *arena, struct slu_string written, int shift, double *number) {
    enum { EXPONENT_BYTES = 24 };
    char near[64];
    char *digits = near;
    if (read_short(written, shift, number)) {
        return true;
    }
    if (written.length + EXPONENT_BYTES > sizeof(near)) {
        digits = slu_arena_alloc_bytes(arena, written.length + EXPONENT_BYTES);
        if (digits == NULL) {
            return false;
        }
    }
    size_t count = 0;
    int64_t exponent = shift;
    bool after_point = false;
    for (size_t i = 0; i < written.length; i++) {
        if (written.bytes[i] == '.') {
            after_point = true;
        } else if (is_digit(written.bytes[i])) {
            digits[count++] = written.bytes[i];
            exponent -= after_point;
        }
    }
    digits[count++] = 'e';
    if (exponent < 0) {
        digits[count++] = '-';
        exponent = -exponent;
    }
    char reversed[EXPONENT_BYTES];
    size_t length = 0;
    do {
        reversed[length++] = (char)('0' + exponent % 10);
        exponent /= 10;
    } while (exponent > 0);
    while (length > 0) {
        digits[count++] = reversed[--length];
    }
    digits[count] = '\0';
    *number = strtod(digits, NULL);
    return true;
}

bool slu_literal_number(struct slu_arena *arena, struct slu_string written, double *number,
                        struct slu_literal_fault *fault) {
    *fault = (struct slu_literal_fault){NULL, NULL};
    if (!read_decimal(arena, written, 0, number)) {
        return false;
    }
    if (!isfinite(*number)) {
        *fault = (struct slu_literal_fault){"the number is too large", "numbers go up to about 1.8 with 308 zeros"};
        *number = 0;
    }
    return true;
}

void slu_literal_split_duration(struct slu_string written, struct slu_string *number, struct slu_string *unit) {
    size_t digits = 0;
    while (digits < written.length && (is_digit(written.bytes[digits]) || strchr("._", written.bytes[digits]))) {
        digits++;
    }
    size_t word = digits;
    while (word < written.length && (written.bytes[word] == ' ' || written.bytes[word] == '\t')) {
        word++;
    }
    *number = (struct slu_string){written.bytes, digits};
    *unit = (struct slu_string){written.bytes + word, written.length - word};
}

static double unit_milliseconds(struct slu_string unit) {
    static const struct {
        const char *one, *several;
        double milliseconds;
    } units[] = {
#define UNIT(one, several, milliseconds) {one, several, milliseconds},
#include "grammar/units.def"
#undef UNIT
    };
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slu_string_is(unit, units[i].one) || slu_string_is(unit, units[i].several)) {
            return units[i].milliseconds;
        }
    }
    return 0;
}

bool slu_literal_duration(struct slu_arena *arena, struct slu_string written, double *milliseconds,
                          struct slu_literal_fault *fault) {
    static const double longest = 9007199254740992.0; /* 2^53: whole milliseconds are exact up to here */
    *fault = (struct slu_literal_fault){NULL, NULL};
    struct slu_string number, unit;
    slu_literal_split_duration(written, &number, &unit);
    double thousands; /* the number times 1000, so that 1.001 seconds are exactly 1001 */
    if (!read_decimal(arena, number, 3, &thousands)) {
        return false;
    }
    double exact = thousands * (unit_milliseconds(unit) / 1000.0);
    *milliseconds = round(exact);
    if (!(*milliseconds <= longest)) {
        *fault = (struct slu_literal_fault){"the duration is too long", "durations go up to about 285,000 years"};
        *milliseconds = 0;
    } else if (fabs(exact - *milliseconds) > 1e-9 * (1 + exact)) {
        *fault = (struct slu_literal_fault){"the duration is not a whole number of milliseconds",
                                            "the shortest is `0.001 seconds`"};
    }
    return true;
}

/* Reads `digits` digits at *at; -1 when they are not there. */
static int take_digits(struct slu_string written, size_t *at, size_t digits) {
    int number = 0;
    if (written.length - *at < digits) {
        return -1;
    }
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(written.bytes[*at + i])) {
            return -1;
        }
        number = number * 10 + (written.bytes[*at + i] - '0');
    }
    *at += digits;
    return number;
}

static bool take_byte(struct slu_string written, size_t *at, char byte) {
    if (*at < written.length && written.bytes[*at] == byte) {
        ++*at;
        return true;
    }
    return false;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static double day_number(int year, int month, int day) {
    enum { DAYS_BEFORE_1970 = 719162 }; /* from 0001-01-01 */
    int past = year - 1;
    int days = past * 365 + (past >= 0 ? past / 4 - past / 100 + past / 400 : -1);
    for (int earlier = 1; earlier < month; earlier++) {
        days += days_in_month(year, earlier);
    }
    return days + day - 1 - DAYS_BEFORE_1970;
}

/* The part after `T`, as milliseconds to add to midnight. */
static double read_time_of_day(struct slu_string written, size_t at, struct slu_literal_fault *fault) {
    static const char form[] =
        "a time is written `2026-11-21T09:00:00Z`, with `+01:00` in place of `Z` for other zones";
    int hour = take_digits(written, &at, 2);
    int minute = take_byte(written, &at, ':') ? take_digits(written, &at, 2) : -1;
    int second = 0, thousandth = 0;
    bool formed = hour >= 0 && minute >= 0;
    if (formed && take_byte(written, &at, ':')) {
        second = take_digits(written, &at, 2);
        if (take_byte(written, &at, '.')) {
            thousandth = take_digits(written, &at, 3);
        }
    }
    formed = formed && second >= 0 && thousandth >= 0;
    int zone_hour = 0, zone_minute = 0, sign = 1;
    if (formed && at == written.length) {
        *fault = (struct slu_literal_fault){"the time has no zone", form};
        return 0;
    }
    if (formed && !take_byte(written, &at, 'Z')) {
        sign = take_byte(written, &at, '-') ? -1 : 1;
        if (sign < 0 || take_byte(written, &at, '+')) {
            zone_hour = take_digits(written, &at, 2);
            zone_minute = take_byte(written, &at, ':') ? take_digits(written, &at, 2) : -1;
        } else {
            formed = false;
        }
    }
    if (!formed || zone_hour < 0 || zone_minute < 0 || at != written.length) {
        *fault = (struct slu_literal_fault){"the time is not written in full", form};
        return 0;
    }
    if (hour > 23 || minute > 59 || second > 59) {
        *fault = (struct slu_literal_fault){"there is no such time of day", "times go from 00:00:00 to 23:59:59.999"};
        return 0;
    }
    if (zone_hour > 23 || zone_minute > 59) {
        *fault = (struct slu_literal_fault){"there is no such time zone", "offsets go from -23:59 to +23:59"};
        return 0;
    }
    double minutes = hour * 60 + minute - sign * (zone_hour * 60 + zone_minute);
    return (minutes * 60 + second) * 1000 + thousandth;
}

double slu_literal_time(struct slu_string written, struct slu_literal_fault *fault) {
    static const double day_milliseconds = 24 * 60 * 60 * 1000.0;
    *fault = (struct slu_literal_fault){NULL, NULL};
    size_t at = 0;
    int year = take_digits(written, &at, 4);
    at++;
    int month = take_digits(written, &at, 2);
    at++;
    int day = take_digits(written, &at, 2);
    if (month < 1 || month > 12) {
        *fault = (struct slu_literal_fault){"there is no such month", "dates are written year-month-day"};
        return 0;
    }
    if (day < 1 || day > days_in_month(year, month)) {
        *fault = (struct slu_literal_fault){"the month has no such day", "dates are written year-month-day"};
        return 0;
    }
    double time = day_number(year, month, day) * day_milliseconds;
    return at == written.length ? time : time + read_time_of_day(written, at + 1, fault);
}

double slu_literal_clock(struct slu_string written, struct slu_literal_fault *fault) {
    *fault = (struct slu_literal_fault){NULL, NULL};
    size_t at = 0;
    int hour = take_digits(written, &at, 2);
    int minute = take_byte(written, &at, ':') ? take_digits(written, &at, 2) : -1;
    if (hour < 0 || minute < 0 || at != written.length) {
        *fault = (struct slu_literal_fault){"a time of day has two digits on each side", "write `09:00`"};
        return SLU_NO_CLOCK;
    }
    if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) {
        *fault = (struct slu_literal_fault){"there is no such time of day", "times of day go from 00:00 to 24:00"};
        return SLU_NO_CLOCK;
    }
    return hour * 60 + minute;
}

unsigned slu_literal_code_point(struct slu_string digits) {
    if (digits.length < 1 || digits.length > 6) {
        return 0;
    }
    unsigned code_point = 0;
    for (size_t i = 0; i < digits.length; i++) {
        static const char hexadecimal[] = "00112233445566778899aAbBcCdDeEfF";
        const char *found = memchr(hexadecimal, digits.bytes[i], sizeof(hexadecimal) - 1);
        if (found == NULL) {
            return 0;
        }
        code_point = code_point * 16 + (unsigned)(found - hexadecimal) / 2;
    }
    bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    return surrogate || code_point > 0x10FFFF ? 0 : code_point;
}

/* Writes what the escape at `from` stands for; its length, or 0 when it is none. */
static size_t undo_escape(struct slu_string from, char *out, size_t *written) {
    if (from.length < 2) {
        return 0;
    }
    char byte = from.bytes[1];
    if (byte == 'u' && from.length > 3 && from.bytes[2] == '{') {
        const char *close = memchr(from.bytes, '}', from.length);
        if (close == NULL) {
            return 0;
        }
        struct slu_string digits = {from.bytes + 3, (size_t)(close - from.bytes) - 3};
        unsigned code_point = slu_literal_code_point(digits);
        if (code_point == 0) {
            return 0;
        }
        char encoded[4];
        size_t length = slu_utf8_encode(code_point, encoded);
        memcpy(out, encoded, length);
        *written += length;
        return digits.length + 4;
    }
    if (strchr("\"\\nt{", byte) == NULL) {
        return 0;
    }
    *out = byte == 'n' ? '\n' : byte == 't' ? '\t' : byte;
    ++*written;
    return 2;
}

bool slu_literal_unescape(struct slu_arena *arena, struct slu_string written, struct slu_string *text) {
    *text = written;
    if (written.length == 0 || memchr(written.bytes, '\\', written.length) == NULL) {
        return true;
    }
    char *out = slu_arena_alloc_bytes(arena, written.length); /* no escape is shorter than its value */
    if (out == NULL) {
        return false;
    }
    size_t length = 0;
    for (size_t at = 0; at < written.length;) {
        size_t taken = 0;
        if (written.bytes[at] == '\\') {
            struct slu_string rest = {written.bytes + at, written.length - at};
            taken = undo_escape(rest, out + length, &length);
        }
        if (taken == 0) {
            out[length++] = written.bytes[at];
            taken = 1;
        }
        at += taken;
    }
    *text = (struct slu_string){out, length};
    return true;
}

bool slu_literal_pattern(struct slu_arena *arena, struct slu_string written, struct slu_string *pattern) {
    *pattern = written;
    if (written.length == 0 || memchr(written.bytes, '/', written.length) == NULL) {
        return true;
    }
    char *out = slu_arena_alloc_bytes(arena, written.length);
    if (out == NULL) {
        return false;
    }
    size_t length = 0;
    for (size_t at = 0; at < written.length; at++) {
        bool escape = written.bytes[at] == '\\' && at + 1 < written.length;
        if (escape && written.bytes[at + 1] != '/') {
            out[length++] = written.bytes[at]; /* `\\/` is a backslash, then the end; keep pairs together */
        }
        at += escape;
        out[length++] = written.bytes[at];
    }
    *pattern = (struct slu_string){out, length};
    return true;
}
