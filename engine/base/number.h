/* JSON numbers to doubles, correctly rounded, whatever the C locale is. */
#ifndef SLU_BASE_NUMBER_H
#define SLU_BASE_NUMBER_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_number_status { SLU_NUMBER_OK, SLU_NUMBER_BAD, SLU_NUMBER_RANGE };

struct slu_number {
    double value;
    size_t length;       /* bytes it takes; where it goes wrong when BAD */
    const char *problem; /* BAD: what is wrong there, for a person */
};

/* The number that `bytes` starts with (RFC 8259 section 6); what follows it is
 * left to the caller. */
enum slu_number_status slu_number_scan(struct slu_string bytes, struct slu_number *number);
/* True when the text is wholly a JSON number that a double can hold. */
bool slu_number_parse(struct slu_string text, double *value);

/* integer.fraction x 10^exponent, correctly rounded (ties to even): the
 * slow and exact way. False when it is too large for a double. */
bool slu_decimal_to_double(struct slu_string integer, struct slu_string fraction, int64_t exponent, double *value);

#endif
