/* Numbers from text. */
#ifndef SLU_BASE_NUMBER_H
#define SLU_BASE_NUMBER_H

#include "engine/base/string.h"

#include <stdbool.h>

/* Longest number read, in bytes: more digits than a double can tell apart. */
enum { SLU_NUMBER_BYTES = 1000 };

/* True when the text is wholly a JSON number (RFC 8259 section 6) that a
 * double can hold; then it is in *number, correctly rounded. Works in the "C"
 * locale, as every program has it that does not call setlocale. */
bool slu_number_read(struct slu_string text, double *number);

#endif
