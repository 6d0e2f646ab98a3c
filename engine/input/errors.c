#include "engine/input/errors.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { SHOWN_BYTES = 80 };

static const struct {
    const char *word;
    enum sluice_status status;
} errors[] = {
#define INPUT_ERROR(name, word, status, meaning) {word, SLUICE_##status},
#include "engine/input/errors.def"
#undef INPUT_ERROR
};

const char *slu_input_error_word(enum slu_input_error code) {
    assert(code < SLU_INPUT_ERROR_COUNT);
    return errors[code].word;
}

enum sluice_status slu_input_error_status(enum slu_input_error code) {
    assert(code < SLU_INPUT_ERROR_COUNT);
    return errors[code].status;
}

enum sluice_status slu_input_refuse(struct sluice_error *error, enum slu_input_error code, size_t at,
                                    const char *format, ...) {
    assert(code < SLU_INPUT_ERROR_COUNT);
    if (error) {
        va_list arguments;
        snprintf(error->code, sizeof error->code, "%s", errors[code].word);
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        error->at_byte = at;
    }
    return errors[code].status;
}

struct slu_shown slu_input_show(struct slu_string name) {
    struct slu_shown shown;
    size_t length = name.length;
    if (length > SHOWN_BYTES) {
        length = SHOWN_BYTES;
        /* Do not cut inside a character: step back over continuation bytes. */
        while (length > 0 && ((unsigned char)name.bytes[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name.bytes[i];
        shown.bytes[i] = byte < 0x20 || byte == 0x7F ? '?' : name.bytes[i];
    }
    snprintf(shown.bytes + length, sizeof shown.bytes - length, "%s", length < name.length ? "..." : "");
    return shown;
}
