/* Values at run time: 16 bytes, cheap to copy. What they point to lives on
 * the program's arena (constants) or the event's (everything else). */
#ifndef SLU_BASE_VALUE_H
#define SLU_BASE_VALUE_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slu_type {
#define TYPE(name, word, json) SLU_TYPE_##name,
#include "engine/base/types.def"
#undef TYPE
    SLU_TYPE_COUNT
};

/* Text with its case-folded form, made when first asked for. Constants have it
 * from the start, so that threads can share them. */
struct slu_text {
    struct slu_string raw;
    struct slu_string folded; /* bytes NULL: not folded yet */
};

struct slu_list;

struct slu_value {
    enum slu_type type;
    union {
        double number; /* NUMBER; TIME and DURATION in milliseconds, whole */
        bool flag;
        struct slu_text *text;
        const struct slu_list *list;
    } as;
};

/* Elements in their order; never missing ones. */
struct slu_list {
    size_t count;
    struct slu_value *items;
};

/* A text on the arena that borrows the bytes; missing with *failed set when out of memory. */
struct slu_value slu_value_text(struct slu_arena *arena, struct slu_string string, bool *failed);
const char *slu_type_word(enum slu_type type);

static inline struct slu_value slu_value_missing(void) {
    return (struct slu_value){.type = SLU_TYPE_MISSING};
}

static inline struct slu_value slu_value_number(double number) {
    return (struct slu_value){.type = SLU_TYPE_NUMBER, .as.number = number};
}

static inline struct slu_value slu_value_flag(bool flag) {
    return (struct slu_value){.type = SLU_TYPE_FLAG, .as.flag = flag};
}

static inline struct slu_value slu_value_time(double milliseconds) {
    return (struct slu_value){.type = SLU_TYPE_TIME, .as.number = milliseconds};
}

static inline struct slu_value slu_value_duration(double milliseconds) {
    return (struct slu_value){.type = SLU_TYPE_DURATION, .as.number = milliseconds};
}

static inline struct slu_value slu_value_list(const struct slu_list *list) {
    return (struct slu_value){.type = SLU_TYPE_LIST, .as.list = list};
}

#endif
