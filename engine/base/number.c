/* Numbers from text. */
#include "engine/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The place after the digits at `at`; `at` itself where there are none. */
static size_t skip_digits(struct slu_string text, size_t at) {
    while (at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9')
        at++;
    return at;
}

static bool has(struct slu_string text, size_t at, const char *set) {
    return at < text.length && text.bytes[at] != '\0' && strchr(set, text.bytes[at]) != NULL;
}

static bool is_json_number(struct slu_string text) {
    size_t at = has(text, 0, "-") ? 1 : 0;
    size_t end = skip_digits(text, at);
    if (end == at || (text.bytes[at] == '0' && end > at + 1))
        return false;
    at = end;
    if (has(text, at, ".")) {
        end = skip_digits(text, at + 1);
        if (end == at + 1)
            return false;
        at = end;
    }
    if (has(text, at, "eE")) {
        at += has(text, at + 1, "+-") ? 2 : 1;
        end = skip_digits(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.length;
}

bool slu_number_read(struct slu_string text, double *number) {
    char terminated[SLU_NUMBER_BYTES + 1];
    if (text.length > SLU_NUMBER_BYTES || !is_json_number(text))
        return false;
    memcpy(terminated, text.bytes, text.length);
    terminated[text.length] = '\0';
    *number = strtod(terminated, NULL);
    return isfinite(*number);
}
