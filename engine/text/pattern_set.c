/* Sets of code points while a class is read. */
#include "engine/text/pattern_tree.h"

#include "engine/text/unicode.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CAPACITY = 8,
    LAST_CODE_POINT = 0x10FFFF,
    FIRST_SURROGATE = 0xD800,
    LAST_SURROGATE = 0xDFFF,
    FEW_CODE_POINTS = 256 /* folded one by one; above, all classes of the folding are looked at */
};

static bool append(struct slu_code_points *set, uint32_t first, uint32_t last) {
    if (first > last) {
        return true;
    }
    if (set->count == set->capacity) {
        size_t capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
        struct slu_pattern_range *items = SLU_NEW_ARRAY(set->arena, struct slu_pattern_range, capacity);
        if (items == NULL) {
            return false;
        }
        if (set->count > 0) {
            memcpy(items, set->items, set->count * sizeof(*items));
        }
        set->items = items;
        set->capacity = capacity;
    }
    set->items[set->count++] = (struct slu_pattern_range){first, last};
    return true;
}

/* Valid UTF-8 holds no surrogates, so no set does. */
bool slu_code_points_add(struct slu_code_points *set, uint32_t first, uint32_t last) {
    if (last < FIRST_SURROGATE || first > LAST_SURROGATE) {
        return append(set, first, last);
    }
    return (first >= FIRST_SURROGATE || append(set, first, FIRST_SURROGATE - 1)) &&
           append(set, LAST_SURROGATE + 1, last);
}

bool slu_code_points_add_all(struct slu_code_points *set, const struct slu_code_points *other) {
    for (size_t index = 0; index < other->count; index++) {
        if (!append(set, other->items[index].first, other->items[index].last)) {
            return false;
        }
    }
    return true;
}

static int compare_ranges(const void *left_item, const void *right_item) {
    const struct slu_pattern_range *left = left_item;
    const struct slu_pattern_range *right = right_item;
    return (left->first > right->first) - (left->first < right->first);
}

void slu_code_points_order(struct slu_code_points *set) {
    if (set->count < 2) {
        return;
    }
    qsort(set->items, set->count, sizeof(*set->items), compare_ranges);
    size_t kept = 0;
    for (size_t index = 1; index < set->count; index++) {
        struct slu_pattern_range range = set->items[index];
        struct slu_pattern_range *last = &set->items[kept];
        if (range.first > last->last + 1) {
            set->items[++kept] = range;
        } else if (range.last > last->last) {
            last->last = range.last;
        }
    }
    set->count = kept + 1;
}

/* Of ordered ranges. */
static bool has(const struct slu_pattern_range *ranges, size_t count, uint32_t code_point) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code_point > ranges[middle].last) {
            low = middle + 1;
        } else if (code_point < ranges[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

bool slu_pattern_class_has(const struct slu_pattern_class *class, uint32_t code_point) {
    if (code_point < 128) {
        return class->ascii[code_point / 64] >> (code_point % 64) & 1;
    }
    return has(class->ranges, class->range_count, code_point);
}

static bool add_class(struct slu_code_points *set, const uint32_t members[4], size_t count) {
    for (size_t index = 0; index < count; index++) {
        if (!append(set, members[index], members[index])) {
            return false;
        }
    }
    return true;
}

/* Adds the classes of all members, taken one by one. */
static bool close_few(struct slu_code_points *set) {
    size_t ranges = set->count;
    for (size_t index = 0; index < ranges; index++) {
        struct slu_pattern_range range = set->items[index];
        for (uint32_t member = range.first; member <= range.last; member++) {
            uint32_t members[4];
            size_t count = slu_unicode_fold_class(member, members);
            if (count > 1 && !add_class(set, members, count)) {
                return false;
            }
        }
    }
    return true;
}

/* Adds every class of the folding that has a member here. */
static bool close_many(struct slu_code_points *set) {
    size_t ranges = set->count;
    size_t cursor = 0;
    uint32_t members[4];
    for (;;) {
        size_t count = slu_unicode_next_fold_class(&cursor, members);
        if (count == 0) {
            return true;
        }
        size_t found = 0;
        for (size_t index = 0; index < count; index++) {
            found += has(set->items, ranges, members[index]);
        }
        if (found > 0 && found < count && !add_class(set, members, count)) {
            return false;
        }
    }
}

bool slu_code_points_close_folding(struct slu_code_points *set) {
    slu_code_points_order(set);
    size_t size = 0;
    for (size_t index = 0; index < set->count; index++) {
        size += set->items[index].last - set->items[index].first + 1;
    }
    if (!(size <= FEW_CODE_POINTS ? close_few(set) : close_many(set))) {
        return false;
    }
    slu_code_points_order(set);
    return true;
}

bool slu_code_points_invert(struct slu_code_points *set) {
    slu_code_points_order(set);
    struct slu_code_points inverse = {.arena = set->arena};
    uint32_t next = 0;
    for (size_t index = 0; index < set->count; index++) {
        struct slu_pattern_range range = set->items[index];
        if (range.first > next && !slu_code_points_add(&inverse, next, range.first - 1)) {
            return false;
        }
        next = range.last + 1;
    }
    if (next <= LAST_CODE_POINT && !slu_code_points_add(&inverse, next, LAST_CODE_POINT)) {
        return false;
    }
    *set = inverse;
    return true;
}
