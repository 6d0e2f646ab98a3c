/* A length-counted run of bytes that somebody else owns. */
#ifndef SLU_BASE_STRING_H
#define SLU_BASE_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Borrowed bytes: valid UTF-8 wherever it holds text, not NUL-terminated.
 * {NULL, 0} is the empty string. */
struct slu_string {
    const char *bytes;
    size_t length; /* in bytes */
};

/* A string literal as a slu_string: as a value, and for entries of static tables. */
#define SLU_STRING_ENTRY(literal)                                                                                      \
    { "" literal, sizeof("" literal) - 1 }
#define SLU_STRING(literal) ((struct slu_string)SLU_STRING_ENTRY(literal))

/* Inline, for most texts that are compared have another length. */
static inline bool slu_string_equal(struct slu_string left, struct slu_string right) {
    return left.length == right.length && (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}
struct slu_string slu_string_from(const char *terminated);
/* Byte order, shorter first on a tie: <0, 0, >0. */
int slu_string_compare(struct slu_string left, struct slu_string right);
bool slu_string_is(struct slu_string string, const char *terminated);
bool slu_string_starts_with(struct slu_string string, struct slu_string prefix);
bool slu_string_ends_with(struct slu_string string, struct slu_string suffix);
/* Edits of bytes (insert, delete, replace, swap neighbours) that turn one into
 * the other, at most `limit` + 1; used for "did you mean". A larger limit than
 * SLU_STRING_DISTANCE_LIMIT is taken as that one. */
enum { SLU_STRING_DISTANCE_LIMIT = 8 };
size_t slu_string_distance(struct slu_string left, struct slu_string right, size_t limit);

#endif
