/* How reading a delivery and deciding on it are refused: one code, one message, one place. */
#ifndef SLU_INPUT_ERRORS_H
#define SLU_INPUT_ERRORS_H

#include "engine/base/string.h"
#include "engine/include/sluice/sluice.h"

enum slu_input_error {
#define INPUT_ERROR(name, word, status, meaning) SLU_INPUT_ERROR_##name,
#include "engine/input/errors.def"
#undef INPUT_ERROR
    SLU_INPUT_ERROR_COUNT
};

const char *slu_input_error_word(enum slu_input_error code);
enum sluice_status slu_input_error_status(enum slu_input_error code);

/* Fills *error and returns the code's status. `error` may be NULL where only
 * the status is wanted. */
enum sluice_status slu_input_refuse(struct sluice_error *error, enum slu_input_error code, size_t at,
                                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A name as messages show it: at most 80 bytes, whole characters, control
 * characters as `?`. */
struct slu_shown {
    char bytes[84]; /* NUL-terminated */
};
struct slu_shown slu_input_show(struct slu_string name);

#endif
