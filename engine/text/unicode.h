/* UTF-8 and Unicode simple case folding (Unicode's CaseFolding.txt, statuses C
 * and S; the table is made at build time from Debian's unicode-data). */
#ifndef SLU_TEXT_UNICODE_H
#define SLU_TEXT_UNICODE_H

#include "engine/base/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the longest prefix that is valid UTF-8 (RFC 3629: no surrogates,
 * no overlong forms, nothing past U+10FFFF). */
size_t slu_utf8_valid_prefix(struct slu_string string);
/* Decodes one code point of valid UTF-8 at bytes[*at], moves *at past it. */
uint32_t slu_utf8_decode(struct slu_string string, size_t *at);
/* Writes 1 to 4 bytes, returns how many. */
size_t slu_utf8_encode(uint32_t code_point, char out[4]);
size_t slu_utf8_count(struct slu_string string); /* code points */

/* What a terminal may obey, or what turns round or breaks a line as it is shown:
 * controls (C0, DEL, C1), U+2028, U+2029, and marks of writing direction. */
bool slu_unicode_steers(uint32_t code_point);

bool slu_unicode_is_ascii(struct slu_string string);
uint32_t slu_unicode_fold(uint32_t code_point);
/* All code points that fold to the same as `code_point`, itself included;
 * at most 4 exist. Returns how many. */
size_t slu_unicode_fold_class(uint32_t code_point, uint32_t out[4]);
/* One after the other, every such class of more than one code point. *cursor
 * starts at 0 and is moved on; returns 0 after the last. */
size_t slu_unicode_next_fold_class(size_t *cursor, uint32_t out[4]);
/* `string` folded, on the arena; the input itself where folding changes
 * nothing. False when out of memory. */
bool slu_unicode_fold_string(struct slu_arena *arena, struct slu_string string, struct slu_string *folded);
/* The folded form of a text, made and kept when first asked for. */
bool slu_text_folded(struct slu_arena *arena, struct slu_text *text, struct slu_string *folded);

#endif
