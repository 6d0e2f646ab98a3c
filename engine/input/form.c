#include "engine/input/form.h"

#include "engine/base/limits.h"
#include "engine/input/errors.h"
#include "engine/input/members.h"
#include "engine/text/unicode.h"

#include <string.h>

/* The bytes of [start, end) of a form. */
struct piece {
    size_t start, end;
};

struct form {
    struct slu_string bytes;
    struct slu_arena *arena;
    struct sluice_error *error;
};

static int hex_digit(char byte) {
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Undoes `+` and `%XX`; borrows where there is nothing to undo. */
static enum sluice_status decode(const struct form *form, struct piece piece, struct slu_string *text) {
    const char *from = form->bytes.bytes;
    size_t length = piece.end - piece.start;
    *text = (struct slu_string){from + piece.start, length};
    if (length > 0 && (memchr(text->bytes, '%', length) || memchr(text->bytes, '+', length))) {
        char *bytes = slu_arena_alloc_bytes(form->arena, length);
        if (!bytes) {
            return SLUICE_NO_MEMORY;
        }
        length = 0;
        for (size_t i = piece.start; i < piece.end; i++) {
            char byte = from[i] == '+' ? ' ' : from[i];
            if (byte == '%') {
                int high = piece.end - i > 2 ? hex_digit(from[i + 1]) : -1;
                int low = high >= 0 ? hex_digit(from[i + 2]) : -1;
                if (low < 0) {
                    return slu_input_refuse(form->error, SLU_INPUT_ERROR_BAD_FORM, i,
                                            "`%%` is followed by two hexadecimal digits");
                }
                byte = (char)(high * 16 + low);
                i += 2;
            }
            bytes[length++] = byte;
        }
        *text = (struct slu_string){bytes, length};
    }
    if (slu_utf8_valid_prefix(*text) != text->length) {
        return slu_input_refuse(form->error, SLU_INPUT_ERROR_BAD_UTF8, piece.start, "this is not valid UTF-8");
    }
    return SLUICE_OK;
}

static size_t find_byte(struct slu_string bytes, size_t from, size_t end, char byte) {
    const char *found = from < end ? memchr(bytes.bytes + from, byte, end - from) : NULL;
    return found ? (size_t)(found - bytes.bytes) : end;
}

/* The next pair that is not empty, from *at on; false at the end. */
static bool next_pair(struct slu_string bytes, size_t *at, struct piece *pair) {
    while (*at < bytes.length) {
        *pair = (struct piece){*at, find_byte(bytes, *at, bytes.length, '&')};
        *at = pair->end + 1;
        if (pair->end > pair->start) {
            return true;
        }
    }
    return false;
}

static enum sluice_status read_pair(const struct form *form, struct piece pair, struct slu_json *member) {
    size_t equals = find_byte(form->bytes, pair.start, pair.end, '=');
    struct piece name = {pair.start, equals};
    struct piece value = {equals < pair.end ? equals + 1 : equals, pair.end};
    enum sluice_status status = decode(form, name, &member->key);
    if (status != SLUICE_OK) {
        return status;
    }
    member->kind = SLU_JSON_TEXT;
    return decode(form, value, &member->text);
}

static enum sluice_status refuse_duplicate(const struct form *form, const struct slu_json *object) {
    struct piece pair = {0, 0};
    size_t at = 0;
    uint32_t index;
    if (!slu_members_find_duplicate(object, form->arena, &index)) {
        return SLUICE_NO_MEMORY;
    }
    if (index == SLU_MEMBERS_NONE) {
        return SLUICE_OK;
    }
    for (uint32_t i = 0; i <= index && next_pair(form->bytes, &at, &pair); i++) {
    }
    return slu_input_refuse(form->error, SLU_INPUT_ERROR_DUPLICATE_KEY, pair.start,
                            "the key \"%s\" is in this form twice",
                            slu_input_show(slu_members_at(object, index)->key).bytes);
}

enum sluice_status slu_form_read(struct slu_string bytes, struct slu_arena *arena, const struct slu_json **value,
                                 struct sluice_error *error) {
    struct form form = {bytes, arena, error};
    struct piece pair;
    uint32_t count = 0;
    *value = NULL;
    if (bytes.length > SLU_LIMIT_EVENT_BYTES) {
        return slu_input_refuse(error, SLU_INPUT_ERROR_TOO_LARGE, SLU_LIMIT_EVENT_BYTES,
                                "an event has at most %d bytes", (int)SLU_LIMIT_EVENT_BYTES);
    }
    for (size_t at = 0; next_pair(bytes, &at, &pair); count++) {
        if (count == SLU_LIMIT_EVENT_VALUES - 1) {
            return slu_input_refuse(error, SLU_INPUT_ERROR_TOO_MANY_VALUES, pair.start,
                                    "an event has at most %d values in it", (int)SLU_LIMIT_EVENT_VALUES);
        }
    }
    struct slu_json *object = SLU_NEW(arena, struct slu_json);
    struct slu_json *members = SLU_NEW_ARRAY(arena, struct slu_json, count);
    if (!object || !members) {
        return SLUICE_NO_MEMORY;
    }
    object->kind = SLU_JSON_OBJECT;
    object->count = count;
    object->first = count > 0 ? members : NULL;
    size_t at = 0;
    for (uint32_t i = 0; next_pair(bytes, &at, &pair); i++) {
        enum sluice_status status = read_pair(&form, pair, &members[i]);
        if (status != SLUICE_OK) {
            return status;
        }
        members[i].next = i + 1 < count ? &members[i + 1] : NULL;
    }
    *value = object;
    return refuse_duplicate(&form, object);
}
