/* Folding ASCII texts with AVX2. Both return false, and do nothing, where the processor has none or the
 * text is short. */
#ifndef SLU_TEXT_UNICODE_ASCII_H
#define SLU_TEXT_UNICODE_ASCII_H

#include "engine/base/string.h"

#include <stdbool.h>

/* *answer: is it ASCII? *capital: has it a capital letter? */
bool slu_unicode_avx2_is_ascii(struct slu_string string, bool *answer, bool *capital);
/* An ASCII text, into as many bytes. */
bool slu_unicode_avx2_fold(struct slu_string string, char *out);

#endif
