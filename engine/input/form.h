/* Reads application/x-www-form-urlencoded (WHATWG URL standard, section 5.1)
 * into an object of texts. Stricter than browsers: a `%` without two
 * hexadecimal digits, invalid UTF-8 and a name that is there twice are refused. */
#ifndef SLU_INPUT_FORM_H
#define SLU_INPUT_FORM_H

#include "engine/input/json.h"

enum sluice_status slu_form_read(struct slu_string bytes, struct slu_arena *arena, const struct slu_json **value,
                                 struct sluice_error *error);

#endif
