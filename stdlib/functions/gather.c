/* Collects texts into a list. */
#include "stdlib/functions/gather.h"

#include "engine/base/limits.h"
#include "engine/text/unicode.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

void slu_gather_init(struct slu_gather *gather, struct slu_arena *arena, enum slu_gather_mode mode) {
    *gather = (struct slu_gather){.arena = arena, .mode = mode};
    slu_map_init(&gather->seen, arena);
}

static bool has_room(struct slu_gather *gather) {
    if (gather->count < gather->capacity)
        return true;
    if (gather->count >= SLU_LIMIT_LIST_ITEMS) {
        gather->too_many = true;
        return false;
    }
    size_t capacity = gather->capacity == 0 ? FIRST_CAPACITY : gather->capacity * 2;
    if (capacity > SLU_LIMIT_LIST_ITEMS)
        capacity = SLU_LIMIT_LIST_ITEMS;
    struct slu_value *items = SLU_NEW_ARRAY(gather->arena, struct slu_value, capacity);
    if (items == NULL)
        return false;
    if (gather->count > 0)
        memcpy(items, gather->items, gather->count * sizeof *items);
    gather->items = items;
    gather->capacity = capacity;
    return true;
}

/* What makes two texts the same in this mode. */
static bool key_of(struct slu_gather *gather, struct slu_text *text, struct slu_string *key) {
    *key = text->raw;
    return gather->mode == SLU_GATHER_EACH_ONCE_EXACTLY || slu_text_folded(gather->arena, text, key);
}

bool slu_gather_see(struct slu_gather *gather, struct slu_text *text) {
    struct slu_string key;
    return key_of(gather, text, &key) && slu_map_put(&gather->seen, key, 0);
}

bool slu_gather_has_seen(struct slu_gather *gather, struct slu_text *text, bool *seen) {
    struct slu_string key;
    if (!key_of(gather, text, &key))
        return false;
    *seen = slu_map_find(&gather->seen, key) != SLU_MAP_NONE;
    return true;
}

bool slu_gather_add(struct slu_gather *gather, struct slu_text *text) {
    if (gather->mode != SLU_GATHER_ALL) {
        bool seen;
        if (!slu_gather_has_seen(gather, text, &seen))
            return false;
        if (seen)
            return true;
        if (!slu_gather_see(gather, text))
            return false;
    }
    if (!has_room(gather))
        return false;
    gather->items[gather->count++] = (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
    return true;
}

bool slu_gather_add_string(struct slu_gather *gather, struct slu_string string) {
    bool failed = false;
    struct slu_value text = slu_value_text(gather->arena, string, &failed);
    return !failed && slu_gather_add(gather, text.as.text);
}

struct slu_value slu_gather_finish(struct slu_gather *gather, bool whole, bool *failed) {
    if (gather->too_many)
        return slu_value_missing();
    struct slu_list *list = whole ? SLU_NEW(gather->arena, struct slu_list) : NULL;
    if (list == NULL) {
        *failed = true;
        return slu_value_missing();
    }
    list->count = gather->count;
    list->items = gather->items;
    return slu_value_list(list);
}
