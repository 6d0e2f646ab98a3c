#include "engine/base/value.h"

#include <assert.h>

struct slu_value slu_value_text(struct slu_arena *arena, struct slu_string string, bool *failed) {
    struct slu_text *text = SLU_NEW(arena, struct slu_text);
    if (text == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    text->raw = string;
    return (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
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
