/* Functions of lists. */
#include "engine/base/limits.h"
#include "stdlib/functions/gather.h"
#include "stdlib/functions/implementations.h"
#include "stdlib/functions/search.h"
#include "stdlib/functions/space.h"

#include <string.h>

/* Adds every element; false as slu_gather_add. */
static bool add_all(struct slu_gather *gather, const struct slu_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (!slu_gather_add(gather, list->items[i].as.text))
            return false;
    }
    return true;
}

struct slu_value slu_function_count(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number((double)arguments[0].as.list->count);
}

struct slu_value slu_function_first(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock, (void)arena, (void)failed;
    const struct slu_list *list = arguments[0].as.list;
    return list->count == 0 ? slu_value_missing() : list->items[0];
}

struct slu_value slu_function_last(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                   bool *failed) {
    (void)clock, (void)arena, (void)failed;
    const struct slu_list *list = arguments[0].as.list;
    return list->count == 0 ? slu_value_missing() : list->items[list->count - 1];
}

/* Bytes of the joined text; past the limit, some number past the limit. */
static size_t joined_length(const struct slu_list *list, struct slu_string between) {
    size_t length = 0;
    for (size_t i = 0; i < list->count && length <= SLU_LIMIT_EVENT_BYTES; i++)
        length += list->items[i].as.text->raw.length + (i > 0 ? between.length : 0);
    return length;
}

static char *copy(char *to, struct slu_string from) {
    if (from.length > 0)
        memcpy(to, from.bytes, from.length);
    return to + from.length;
}

struct slu_value slu_function_join(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                   bool *failed) {
    (void)clock;
    const struct slu_list *list = arguments[0].as.list;
    struct slu_string between = arguments[1].as.text->raw;
    size_t length = joined_length(list, between);
    if (length > SLU_LIMIT_EVENT_BYTES)
        return slu_value_missing();
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    char *end = bytes;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            end = copy(end, between);
        end = copy(end, list->items[i].as.text->raw);
    }
    return slu_value_text(arena, (struct slu_string){bytes, length}, failed);
}

static bool add_part(struct slu_gather *gather, struct slu_string text, size_t start, size_t end) {
    struct slu_string part = slu_trimmed((struct slu_string){text.bytes + start, end - start});
    return part.length == 0 || slu_gather_add_string(gather, part);
}

struct slu_value slu_function_split(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock;
    struct slu_string text = arguments[0].as.text->raw;
    struct slu_search search;
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_ALL);
    bool whole = slu_search_init(&search, text, arguments[1].as.text->raw, arena);
    size_t done = 0, start, end;
    while (whole && slu_search_next(&search, &start, &end)) {
        whole = add_part(&gather, text, done, start);
        done = end;
    }
    whole = whole && add_part(&gather, text, done, text.length);
    return slu_gather_finish(&gather, whole, failed);
}

struct slu_value slu_function_add(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                  bool *failed) {
    (void)clock;
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE);
    bool whole = add_all(&gather, arguments[0].as.list) && slu_gather_add(&gather, arguments[1].as.text);
    return slu_gather_finish(&gather, whole, failed);
}

/* The elements of `list` whose being in `other` is `wanted`, each once. */
static struct slu_value select(const struct slu_list *list, const struct slu_value *other, size_t other_count,
                               bool wanted, struct slu_arena *arena, bool *failed) {
    struct slu_gather gather, others;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE);
    slu_gather_init(&others, arena, SLU_GATHER_EACH_ONCE);
    bool whole = true;
    for (size_t i = 0; whole && i < other_count; i++)
        whole = slu_gather_see(&others, other[i].as.text);
    for (size_t i = 0; whole && i < list->count; i++) {
        bool seen;
        whole = slu_gather_has_seen(&others, list->items[i].as.text, &seen);
        if (whole && seen == wanted)
            whole = slu_gather_add(&gather, list->items[i].as.text);
    }
    return slu_gather_finish(&gather, whole, failed);
}

struct slu_value slu_function_remove(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock;
    return select(arguments[0].as.list, &arguments[1], 1, false, arena, failed);
}

struct slu_value slu_function_intersect(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                        bool *failed) {
    (void)clock;
    const struct slu_list *other = arguments[1].as.list;
    return select(arguments[0].as.list, other->items, other->count, true, arena, failed);
}

struct slu_value slu_function_without(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock;
    const struct slu_list *other = arguments[1].as.list;
    return select(arguments[0].as.list, other->items, other->count, false, arena, failed);
}

struct slu_value slu_function_union(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock;
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE);
    bool whole = add_all(&gather, arguments[0].as.list) && add_all(&gather, arguments[1].as.list);
    return slu_gather_finish(&gather, whole, failed);
}

struct slu_value slu_function_unique(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock;
    struct slu_gather gather;
    slu_gather_init(&gather, arena, SLU_GATHER_EACH_ONCE);
    bool whole = add_all(&gather, arguments[0].as.list);
    return slu_gather_finish(&gather, whole, failed);
}
