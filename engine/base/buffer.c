#include "engine/base/buffer.h"

#include "engine/base/word.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void slu_buffer_init(struct slu_buffer *buffer) {
    *buffer = (struct slu_buffer){0};
}

void slu_buffer_free(struct slu_buffer *buffer) {
    free(buffer->bytes);
    slu_buffer_init(buffer);
}

void slu_buffer_clear(struct slu_buffer *buffer) {
    buffer->length = 0;
    buffer->failed = false;
}

struct slu_string slu_buffer_string(const struct slu_buffer *buffer) {
    return (struct slu_string){buffer->bytes, buffer->length};
}

/* Makes room for `count` more bytes; false, and `failed`, when there is none. */
static bool reserve(struct slu_buffer *buffer, size_t count) {
    if (buffer->failed) {
        return false;
    }
    if (count <= buffer->capacity - buffer->length) {
        return true;
    }
    size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
    while (capacity - buffer->length < count) {
        if (capacity > SIZE_MAX / 2) {
            buffer->failed = true;
            return false;
        }
        capacity *= 2;
    }
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void slu_buffer_add(struct slu_buffer *buffer, struct slu_string string) {
    if (string.length == 0 || !reserve(buffer, string.length)) {
        return;
    }
    memcpy(buffer->bytes + buffer->length, string.bytes, string.length);
    buffer->length += string.length;
}

void slu_buffer_add_repeated(struct slu_buffer *buffer, char byte, size_t count) {
    if (count == 0 || !reserve(buffer, count)) {
        return;
    }
    memset(buffer->bytes + buffer->length, byte, count);
    buffer->length += count;
}

void slu_buffer_add_format(struct slu_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if (reserve(buffer, (size_t)length + 1)) { /* vsnprintf writes a NUL, which is not kept */
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

/* What follows the backslash for the bytes that have a short form, else 0. */
static char short_escape(unsigned char byte) {
    switch (byte) {
    case '"':
    case '\\':
        return (char)byte;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static bool needs_escape(char byte) {
    return (unsigned char)byte < 0x20 || byte == '"' || byte == '\\';
}

/* Copies a text up to the first byte that needs an escape; returns how many bytes those are. */
static size_t copy_plain(char *out, struct slu_string string) {
    uint64_t word;
    size_t at = 0;
    for (; string.length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, string.bytes + at, sizeof word);
        if (slu_word_json_escapes(word) != 0) {
            break;
        }
        memcpy(out + at, &word, sizeof word);
    }
    if (string.length - at < sizeof word && string.length >= sizeof word) { /* the last bytes, and some again */
        size_t last = string.length - sizeof word;
        memcpy(&word, string.bytes + last, sizeof word);
        if (slu_word_json_escapes(word) == 0) {
            memcpy(out + last, &word, sizeof word);
            return string.length;
        }
    }
    for (; at < string.length && !needs_escape(string.bytes[at]); at++) {
        out[at] = string.bytes[at];
    }
    return at;
}

static void add_escape(struct slu_buffer *buffer, unsigned char byte) {
    char escape = short_escape(byte);
    if (escape != 0) {
        slu_buffer_add_byte(buffer, '\\');
        slu_buffer_add_byte(buffer, escape);
    } else {
        slu_buffer_add_format(buffer, "\\u%04x", byte);
    }
}

void slu_buffer_add_json_string(struct slu_buffer *buffer, struct slu_string string) {
    slu_buffer_add_byte(buffer, '"');
    while (string.length > 0 && reserve(buffer, string.length)) {
        size_t plain = copy_plain(buffer->bytes + buffer->length, string);
        buffer->length += plain;
        if (plain == string.length) {
            break;
        }
        add_escape(buffer, (unsigned char)string.bytes[plain]);
        string = (struct slu_string){string.bytes + plain + 1, string.length - plain - 1};
    }
    slu_buffer_add_byte(buffer, '"');
}
