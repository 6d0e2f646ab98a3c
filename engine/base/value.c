#include "engine/base/value.h"

#include <assert.h>

struct slu_value slu_value_missing(void) {
    return (struct slu_value){.type = SLU_TYPE_MISSING};
}

struct slu_value slu_value_number(double number) {
    return (struct slu_value){.type = SLU_TYPE_NUMBER, .as.number = number};
}

struct slu_value slu_value_flag(bool flag) {
    return (struct slu_value){.type = SLU_TYPE_FLAG, .as.flag = flag};
}

struct slu_value slu_value_time(double milliseconds) {
    return (struct slu_value){.type = SLU_TYPE_TIME, .as.number = milliseconds};
}

struct slu_value slu_value_duration(double milliseconds) {
    return (struct slu_value){.type = SLU_TYPE_DURATION, .as.number = milliseconds};
}

struct slu_value slu_value_text(struct slu_arena *arena, struct slu_string string, bool *failed) {
    struct slu_text *text = SLU_NEW(arena, struct slu_text);
    if (text == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    text->raw = string;
    return (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
}

struct slu_value slu_value_list(const struct slu_list *list) {
    return (struct slu_value){.type = SLU_TYPE_LIST, .as.list = list};
}

const char *slu_type_word(enum slu_type type) {
    static const char *const words[] = {
#define TYPE(name, word, json) [SLU_TYPE_##name] = word,
#include "engine/base/types.def"
#undef TYPE
    };
    assert(type < SLU_TYPE_COUNT);
    return words[type];
}
