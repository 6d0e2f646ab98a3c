/* The exact way from decimal to double, for what the quick way in number.c
 * cannot do. The value is digits x 5^e x 2^e with whole numbers of any size;
 * one long division gives 63 or 64 leading bits and whether anything remains,
 * which is all that rounding needs. strtod would do as well, but for the
 * decimal point it takes from the C locale. */
#include "engine/base/number.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    /* Half-way points between doubles have at most 767 significant digits:
     * past 800, all that counts is whether a digit is not zero. */
    DIGITS_MAX = 800,
    /* Decimal places of the first digit beyond which the answer is known. */
    PLACE_MAX = 310,
    PLACE_MIN = -326,
    /* 5^(800 + 326) has 2,615 bits, 10^800 has 2,658, and 64 more are shifted in. */
    LIMBS = 128
};

/* A whole number, least significant limb first, no leading zero limbs. */
struct whole {
    uint32_t limbs[LIMBS];
    uint32_t count;
};

static void whole_multiply_add(struct whole *number, uint32_t factor, uint32_t add) {
    uint64_t carry = add;
    for (uint32_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->limbs[i] * factor;
        number->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) {
        assert(number->count < LIMBS);
        number->limbs[number->count++] = (uint32_t)carry;
    }
}

static void whole_multiply_power_of_5(struct whole *number, int64_t power) {
    for (; power >= 13; power -= 13) {
        whole_multiply_add(number, 1220703125u, 0); /* 5^13, the largest in 32 bits */
    }
    for (; power > 0; power--) {
        whole_multiply_add(number, 5, 0);
    }
}

static int32_t bit_length_of(uint64_t word) {
    int32_t bits = 0;
    for (; word; word >>= 1) {
        bits++;
    }
    return bits;
}

static int32_t whole_bits(const struct whole *number) {
    return number->count == 0 ? 0 : (int32_t)(number->count - 1) * 32 + bit_length_of(number->limbs[number->count - 1]);
}

static void whole_shift_left(struct whole *number, int32_t bits) {
    uint32_t limbs = (uint32_t)bits / 32;
    assert(number->count + limbs < LIMBS);
    memmove(number->limbs + limbs, number->limbs, number->count * sizeof number->limbs[0]);
    memset(number->limbs, 0, limbs * sizeof number->limbs[0]);
    number->count += limbs;
    whole_multiply_add(number, UINT32_C(1) << ((uint32_t)bits % 32), 0);
}

/* numerator[0..count] -= divisor x digit; true when that went below zero. */
static bool subtract_product(uint32_t *numerator, const struct whole *divisor, uint64_t digit) {
    uint64_t carry = 0, borrow = 0;
    for (uint32_t i = 0; i <= divisor->count; i++) {
        carry += i < divisor->count ? divisor->limbs[i] * digit : 0;
        uint64_t difference = (uint64_t)numerator[i] - (uint32_t)carry - borrow;
        numerator[i] = (uint32_t)difference;
        borrow = difference >> 63;
        carry >>= 32;
    }
    return borrow != 0;
}

static void add_back(uint32_t *numerator, const struct whole *divisor) {
    uint64_t carry = 0;
    for (uint32_t i = 0; i <= divisor->count; i++) {
        carry += (uint64_t)numerator[i] + (i < divisor->count ? divisor->limbs[i] : 0);
        numerator[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* Knuth's algorithm D. The divisor has at least two limbs and its top bit is
 * set; the quotient fits in 64 bits. The numerator becomes the remainder. */
static uint64_t whole_divide(struct whole *numerator, const struct whole *divisor) {
    uint32_t size = divisor->count;
    uint64_t quotient = 0, top = divisor->limbs[size - 1], second = divisor->limbs[size - 2];
    assert(size >= 2 && top >> 31 && numerator->count < LIMBS);
    numerator->limbs[numerator->count] = 0;
    for (uint32_t j = numerator->count < size ? 0 : numerator->count - size + 1; j-- > 0;) {
        uint32_t *part = numerator->limbs + j;
        uint64_t leading = (uint64_t)part[size] << 32 | part[size - 1];
        uint64_t digit = leading / top, rest = leading % top;
        while (digit >> 32 || digit * second > (rest << 32 | part[size - 2])) {
            digit--;
            rest += top;
            if (rest >> 32) {
                break;
            }
        }
        if (subtract_product(part, divisor, digit)) {
            add_back(part, divisor);
            digit--;
        }
        quotient = quotient << 32 | digit;
    }
    return quotient;
}

static bool whole_is_zero(const struct whole *number) {
    for (uint32_t i = 0; i < number->count; i++) {
        if (number->limbs[i]) {
            return false;
        }
    }
    return true;
}

/* quotient x 2^scale, plus a bit when `more`, to the nearest double, ties to even. */
static bool round_to_double(uint64_t quotient, int32_t scale, bool more, double *value) {
    int32_t bits = bit_length_of(quotient);
    int32_t exponent = bits - 1 + scale; /* of the leading bit */
    int32_t precision = exponent >= -1022 ? 53 : 53 - (-1022 - exponent);
    int32_t drop = bits - precision;
    if (drop > 64) {
        *value = 0;
        return true;
    }
    assert(drop > 0);
    uint64_t kept = drop == 64 ? 0 : quotient >> drop;
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t rest = quotient & (half | (half - 1));
    if (rest > half || (rest == half && (more || (kept & 1)))) {
        kept++;
    }
    *value = ldexp((double)kept, scale + drop);
    return isfinite(*value);
}

/* The significant digits of integer.fraction as one whole number. */
struct significant {
    struct whole digits;
    int64_t count;   /* digits taken */
    int64_t skipped; /* digits after them that were left out */
    bool more;       /* one of those is not zero */
};

static void take_significant(struct significant *taken, struct slu_string digits) {
    for (size_t i = 0; i < digits.length; i++) {
        uint32_t digit = (uint32_t)(digits.bytes[i] - '0');
        if (taken->count == 0 && digit == 0) {
            continue;
        }
        if (taken->count == DIGITS_MAX) {
            taken->skipped++;
            taken->more = taken->more || digit != 0;
            continue;
        }
        whole_multiply_add(&taken->digits, 10, digit);
        taken->count++;
    }
}

bool slu_decimal_to_double(struct slu_string integer, struct slu_string fraction, int64_t exponent, double *value) {
    struct significant taken = {.count = 0};
    struct whole divisor = {.limbs = {1}, .count = 1};
    take_significant(&taken, integer);
    take_significant(&taken, fraction);
    exponent += taken.skipped - (int64_t)fraction.length;
    if (taken.count == 0 || taken.count + exponent < PLACE_MIN) {
        *value = 0;
        return true;
    }
    if (taken.count + exponent > PLACE_MAX) {
        return false;
    }
    whole_multiply_power_of_5(exponent < 0 ? &divisor : &taken.digits, exponent < 0 ? -exponent : exponent);
    /* Align so that the divisor fills its limbs and has two at least, and the
     * quotient gets 63 or 64 bits. */
    int32_t align = 32 + (int32_t)((32 - (uint32_t)whole_bits(&divisor) % 32) % 32);
    int32_t shift = 63 - (whole_bits(&taken.digits) - whole_bits(&divisor));
    if (align + shift < 0) {
        align += (-(align + shift) + 31) / 32 * 32;
    }
    whole_shift_left(&divisor, align);
    whole_shift_left(&taken.digits, align + shift);
    uint64_t quotient = whole_divide(&taken.digits, &divisor);
    bool more = taken.more || !whole_is_zero(&taken.digits);
    return round_to_double(quotient, (int32_t)exponent - shift, more, value);
}
