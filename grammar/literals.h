/* The values of literals as they are written. */
#ifndef SLU_GRAMMAR_LITERALS_H
#define SLU_GRAMMAR_LITERALS_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>

/* What is wrong with a literal: both NULL when nothing is. */
struct slu_literal_fault {
    const char *message;
    const char *advice; /* or NULL */
};

/* `50`, `1_000`, `2.5`: digits, at most one point. False when out of memory. */
bool slu_literal_number(struct slu_arena *arena, struct slu_string written, double *number,
                        struct slu_literal_fault *fault);
/* `30 minutes` in milliseconds. False when out of memory. */
bool slu_literal_duration(struct slu_arena *arena, struct slu_string written, double *milliseconds,
                          struct slu_literal_fault *fault);
/* The number and the unit of a duration as written, for the formatter. */
void slu_literal_split_duration(struct slu_string written, struct slu_string *number, struct slu_string *unit);
/* `2026-11-21`, `2026-11-21T09:00:00Z` in milliseconds since the epoch. */
double slu_literal_time(struct slu_string written, struct slu_literal_fault *fault);
/* `09:00` in minutes of the day; SLU_NO_CLOCK after a fault. */
#define SLU_NO_CLOCK (-1.0)
double slu_literal_clock(struct slu_string written, struct slu_literal_fault *fault);
/* Undoes the escapes of a text; what is none stays as written. Borrows the text
 * where there are none. False when out of memory. */
bool slu_literal_unescape(struct slu_arena *arena, struct slu_string written, struct slu_string *text);
/* Undoes `\/` in a pattern; as above. */
bool slu_literal_pattern(struct slu_arena *arena, struct slu_string written, struct slu_string *pattern);
/* The code point that the hexadecimal digits of `\u{...}` name, or 0 when they name none that a text may hold. */
unsigned slu_literal_code_point(struct slu_string digits);

#endif
