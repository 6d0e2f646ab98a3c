/* A growing run of bytes for output. Failure is sticky: write freely, check once. */
#ifndef SLU_BASE_BUFFER_H
#define SLU_BASE_BUFFER_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slu_buffer {
    char *bytes; /* malloc'd; NULL while empty */
    size_t length;
    size_t capacity;
    bool failed; /* out of memory; later writes do nothing */
};

void slu_buffer_init(struct slu_buffer *buffer);
void slu_buffer_free(struct slu_buffer *buffer);
void slu_buffer_clear(struct slu_buffer *buffer); /* keeps the memory, clears `failed` */
void slu_buffer_add(struct slu_buffer *buffer, struct slu_string string);
void slu_buffer_add_repeated(struct slu_buffer *buffer, char byte, size_t count);
void slu_buffer_add_format(struct slu_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The shortest decimal that reads back as the same double; no exponent
 * between 1e-6 and 1e21, "-0" prints as "0" (ECMAScript's Number::toString). */
void slu_buffer_add_number(struct slu_buffer *buffer, double number);
/* A JSON string with its quotes, as RFC 8259 section 7 has it. */
void slu_buffer_add_json_string(struct slu_buffer *buffer, struct slu_string string);
/* Milliseconds since the epoch as ISO 8601 UTC: 2026-11-21T09:00:00Z, with
 * .123 only where there are milliseconds. */
void slu_buffer_add_time(struct slu_buffer *buffer, double milliseconds);
/* "30 minutes", "1 hour", "7 days": the largest unit that divides it. */
void slu_buffer_add_duration(struct slu_buffer *buffer, double milliseconds);
/* Borrowed: valid until the next write. */
struct slu_string slu_buffer_string(const struct slu_buffer *buffer);

/* Inline: most texts are literals, whose length the compiler knows, and which it then writes without a call. */
static inline void slu_buffer_add_text(struct slu_buffer *buffer, const char *terminated) {
    size_t length = strlen(terminated);
    if (__builtin_constant_p(length) && length > 0 && length <= buffer->capacity - buffer->length && !buffer->failed) {
        memcpy(buffer->bytes + buffer->length, terminated, length);
        buffer->length += length;
    } else {
        slu_buffer_add(buffer, (struct slu_string){terminated, length});
    }
}

static inline void slu_buffer_add_byte(struct slu_buffer *buffer, char byte) {
    if (buffer->length < buffer->capacity && !buffer->failed) {
        buffer->bytes[buffer->length++] = byte;
    } else {
        slu_buffer_add(buffer, (struct slu_string){&byte, 1});
    }
}

#endif
