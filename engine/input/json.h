/* Reads one JSON text (RFC 8259) strictly into nodes on the event's arena.
 * Whether it is well formed never depends on the rules. Refused with a place:
 * duplicate keys, invalid UTF-8, lone surrogates, numbers outside double,
 * nesting past SLU_LIMIT_EVENT_DEPTH, anything after the value. */
#ifndef SLU_INPUT_JSON_H
#define SLU_INPUT_JSON_H

#include "engine/base/arena.h"
#include "engine/include/sluice/sluice.h"

enum slu_json_kind {
    SLU_JSON_NULL,
    SLU_JSON_FALSE,
    SLU_JSON_TRUE,
    SLU_JSON_NUMBER,
    SLU_JSON_TEXT,
    SLU_JSON_ARRAY,
    SLU_JSON_OBJECT
};

struct slu_json {
    enum slu_json_kind kind;
    uint32_t count;         /* ARRAY, OBJECT */
    struct slu_string key;  /* inside an object, escapes undone */
    struct slu_string text; /* TEXT, escapes undone; NUMBER: as written */
    double number;
    const struct slu_json *first; /* ARRAY, OBJECT */
    const struct slu_json *next;  /* sibling */
};

enum sluice_status slu_json_read(struct slu_string bytes, struct slu_arena *arena, const struct slu_json **value,
                                 struct sluice_error *error);
const struct slu_json *slu_json_member(const struct slu_json *object, struct slu_string key);

#endif
