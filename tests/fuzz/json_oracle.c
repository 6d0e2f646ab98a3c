#include "tests/fuzz/json_oracle.h"

#include "engine/input/json.h"

#include <jansson.h>
#include <string.h>

static const char *compare(const struct slu_json *ours, const json_t *theirs);

static const char *compare_children(const struct slu_json *ours, json_t *theirs) {
    size_t index = 0;
    void *iterator = json_is_object(theirs) ? json_object_iter(theirs) : NULL;
    for (const struct slu_json *child = ours->first; child; child = child->next, index++) {
        const json_t *other = json_array_get(theirs, index);
        if (iterator) {
            if (child->key.length != json_object_iter_key_len(iterator) ||
                memcmp(child->key.bytes, json_object_iter_key(iterator), child->key.length) != 0) {
                return "the keys differ";
            }
            other = json_object_iter_value(iterator);
            iterator = json_object_iter_next(theirs, iterator);
        }
        const char *difference = other ? compare(child, other) : "there are too many values";
        if (difference) {
            return difference;
        }
    }
    return index == ours->count ? NULL : "the count is wrong";
}

/* Recursive as deep as SLU_LIMIT_EVENT_DEPTH. */
static const char *compare(const struct slu_json *ours, const json_t *theirs) {
    double number;
    switch (json_typeof(theirs)) {
    case JSON_NULL:
        return ours->kind == SLU_JSON_NULL ? NULL : "null differs";
    case JSON_TRUE:
        return ours->kind == SLU_JSON_TRUE ? NULL : "true differs";
    case JSON_FALSE:
        return ours->kind == SLU_JSON_FALSE ? NULL : "false differs";
    case JSON_INTEGER:
        return "jansson reads an integer as one";
    case JSON_REAL:
        number = json_real_value(theirs);
        /* Bit for bit: also the sign of zero. */
        return ours->kind == SLU_JSON_NUMBER && memcmp(&number, &ours->number, sizeof number) == 0 ? NULL
                                                                                                   : "a number differs";
    case JSON_STRING:
        return ours->kind == SLU_JSON_TEXT && ours->text.length == json_string_length(theirs) &&
                       memcmp(ours->text.bytes, json_string_value(theirs), ours->text.length) == 0
                   ? NULL
                   : "a text differs";
    case JSON_ARRAY:
        return ours->kind == SLU_JSON_ARRAY && ours->count == json_array_size(theirs)
                   ? compare_children(ours, (json_t *)(uintptr_t)theirs)
                   : "an array differs";
    case JSON_OBJECT:
        return ours->kind == SLU_JSON_OBJECT && ours->count == json_object_size(theirs)
                   ? compare_children(ours, (json_t *)(uintptr_t)theirs)
                   : "an object differs";
    }
    return "an unknown type";
}

const char *json_oracle_difference(struct slu_string text) {
    struct slu_arena arena;
    const struct slu_json *ours;
    struct sluice_error error = {.code = ""};
    json_error_t their_error;
    const char *difference = NULL;
    slu_arena_init(&arena, 0);
    enum sluice_status status = slu_json_read(text, &arena, &ours, &error);
    json_t *theirs =
        json_loadb(text.length > 0 ? text.bytes : "", text.length,
                   JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &their_error);
    if (status == SLUICE_OK) {
        bool nul_key = !theirs && json_error_code(&their_error) == json_error_null_byte_in_key;
        difference = theirs ? compare(ours, theirs) : nul_key ? NULL : "jansson refuses it";
    } else if (status == SLUICE_INVALID) {
        /* jansson loses a NUL byte that ends a number ("2\\0"). */
        bool lost_nul = text.length > 0 && memchr(text.bytes, 0, text.length) != NULL;
        difference = theirs && !lost_nul           ? "we refuse it"
                     : error.at_byte > text.length ? "the place is outside of the text"
                     : error.code[0] == '\0'       ? "the error has no code"
                                                   : NULL;
    }
    json_decref(theirs);
    slu_arena_free(&arena);
    return difference;
}
