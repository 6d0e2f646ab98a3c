/* Values as people read them. */
#include "engine/base/buffer.h"
#include "engine/vm/markup.h"

/* Any number, time or duration as text is shorter; a buffer on it never grows. */
enum { SCALAR_BYTES = 512 };

/* What a value that is no list reads as; numbers are written on the arena. */
static bool scalar_text(struct slu_value value, struct slu_arena *arena, struct slu_string *text) {
    char bytes[SCALAR_BYTES];
    struct slu_buffer buffer = {.bytes = bytes, .capacity = sizeof bytes};
    switch (value.type) {
    case SLU_TYPE_TEXT:
        *text = value.as.text->raw;
        return true;
    case SLU_TYPE_FLAG:
        *text = value.as.flag ? SLU_STRING("true") : SLU_STRING("false");
        return true;
    case SLU_TYPE_NUMBER:
        slu_buffer_add_number(&buffer, value.as.number);
        break;
    case SLU_TYPE_TIME:
        slu_buffer_add_time(&buffer, value.as.number);
        break;
    case SLU_TYPE_DURATION:
        slu_buffer_add_duration(&buffer, value.as.number);
        break;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_LIST:
    case SLU_TYPE_COUNT:
        *text = (struct slu_string){NULL, 0};
        return true;
    }
    return slu_arena_copy_string(arena, slu_buffer_string(&buffer), text);
}

static bool list_text(const struct slu_list *list, struct slu_arena *arena, struct slu_string *text) {
    if (list->count == 0) {
        *text = (struct slu_string){NULL, 0};
        return true;
    }
    size_t run_count = 2 * list->count - 1;
    struct slu_string *runs = SLU_NEW_ARRAY(arena, struct slu_string, run_count);
    if (runs == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) {
            runs[2 * i - 1] = SLU_STRING(", ");
        }
        if (!scalar_text(list->items[i], arena, &runs[2 * i])) {
            return false;
        }
    }
    return slu_markup_join(runs, run_count, arena, text);
}

struct slu_value slu_value_as_text(struct slu_value value, struct slu_arena *arena, bool *failed) {
    if (value.type == SLU_TYPE_TEXT || value.type == SLU_TYPE_MISSING) {
        return value;
    }
    struct slu_string text;
    bool done = value.type == SLU_TYPE_LIST ? list_text(value.as.list, arena, &text) : scalar_text(value, arena, &text);
    if (!done) {
        *failed = true;
        return slu_value_missing();
    }
    return slu_value_text(arena, text, failed);
}
