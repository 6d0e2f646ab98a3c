#include "engine/base/number.h"

/* Up to here every integer is a double. */
#define EXACT_INTEGER (UINT64_C(1) << 53)
/* More digits than these may not fit in 64 bits. */
enum { EXACT_DIGITS = 19, EXACT_POWER = 22, EXPONENT_MAX = 100000000 };

/* The powers of ten that are doubles. */
static const double powers[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static enum slu_number_status wrong(struct slu_number *number, size_t at, const char *problem) {
    number->length = at;
    number->problem = problem;
    return SLU_NUMBER_BAD;
}

/* Moves *at past digits and adds them to *mantissa, which wraps silently:
 * the caller counts digits. */
static struct slu_string take_digits(struct slu_string bytes, size_t *at, uint64_t *mantissa) {
    size_t start = *at;
    while (*at < bytes.length && is_digit(bytes.bytes[*at])) {
        *mantissa = *mantissa * 10 + (uint64_t)(bytes.bytes[*at] - '0');
        (*at)++;
    }
    return (struct slu_string){bytes.bytes + start, *at - start};
}

/* The exponent after `e`, held within bounds that already mean 0 or infinity. */
static bool take_exponent(struct slu_string bytes, size_t *at, int64_t *exponent) {
    bool negative = false;
    int64_t value = 0;
    (*at)++;
    if (*at < bytes.length && (bytes.bytes[*at] == '+' || bytes.bytes[*at] == '-')) {
        negative = bytes.bytes[*at] == '-';
        (*at)++;
    }
    if (*at >= bytes.length || !is_digit(bytes.bytes[*at])) {
        return false;
    }
    for (; *at < bytes.length && is_digit(bytes.bytes[*at]); (*at)++) {
        if (value < EXPONENT_MAX) {
            value = value * 10 + (bytes.bytes[*at] - '0');
        }
    }
    *exponent = negative ? -value : value;
    return true;
}

/* Clinger's case: both operands are exact, so one operation rounds once. */
static bool value_is_quick(uint64_t mantissa, size_t digits, int64_t exponent, double *value) {
    if (digits > EXACT_DIGITS || mantissa > EXACT_INTEGER || exponent < -EXACT_POWER || exponent > EXACT_POWER) {
        return false;
    }
    *value = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return true;
}

enum slu_number_status slu_number_scan(struct slu_string bytes, struct slu_number *number) {
    size_t at = 0;
    uint64_t mantissa = 0;
    int64_t exponent = 0;
    struct slu_string fraction = {NULL, 0};
    bool negative = bytes.length > 0 && bytes.bytes[0] == '-';
    if (negative) {
        at++;
    }
    struct slu_string integer = take_digits(bytes, &at, &mantissa);
    if (integer.length == 0) {
        return wrong(number, at, "expected a digit");
    }
    if (integer.length > 1 && integer.bytes[0] == '0') {
        return wrong(number, at - integer.length + 1, "a number does not start with 0");
    }
    if (at < bytes.length && bytes.bytes[at] == '.') {
        at++;
        fraction = take_digits(bytes, &at, &mantissa);
        if (fraction.length == 0) {
            return wrong(number, at, "expected a digit after `.`");
        }
    }
    if (at < bytes.length && (bytes.bytes[at] == 'e' || bytes.bytes[at] == 'E') &&
        !take_exponent(bytes, &at, &exponent)) {
        return wrong(number, at, "expected a digit of the exponent");
    }
    number->length = at;
    number->problem = NULL;
    if (!value_is_quick(mantissa, integer.length + fraction.length, exponent - (int64_t)fraction.length,
                        &number->value) &&
        !slu_decimal_to_double(integer, fraction, exponent, &number->value)) {
        return SLU_NUMBER_RANGE;
    }
    if (negative) {
        number->value = -number->value;
    }
    return SLU_NUMBER_OK;
}

bool slu_number_parse(struct slu_string text, double *value) {
    struct slu_number number;
    if (slu_number_scan(text, &number) != SLU_NUMBER_OK || number.length != text.length) {
        return false;
    }
    *value = number.value;
    return true;
}
