#include "engine/base/sorted.h"

#include <string.h>

/* By length first, which tells most strings apart. */
static int compare(struct slu_string left, struct slu_string right) {
    if (left.length != right.length) {
        return left.length < right.length ? -1 : 1;
    }
    return left.length == 0 ? 0 : memcmp(left.bytes, right.bytes, left.length);
}

/* Twice as much: the second half is what a merge writes to. */
struct slu_string *slu_sorted_room(struct slu_arena *arena, size_t count) {
    return count > SIZE_MAX / 2 ? NULL : SLU_NEW_ARRAY(arena, struct slu_string, 2 * count);
}

static void merge(const struct slu_string *from, struct slu_string *to, size_t start, size_t middle, size_t end) {
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        bool take_left = left < middle && (right == end || compare(from[left], from[right]) <= 0);
        to[i] = from[take_left ? left++ : right++];
    }
}

/* A merge sort of our own: qsort promises no bound on its time. */
struct slu_sorted slu_sorted_make(struct slu_string *room, size_t count) {
    struct slu_string *items = room, *spare = room + count;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            merge(items, spare, start, middle, end);
        }
        struct slu_string *swap = items;
        items = spare;
        spare = swap;
    }
    return (struct slu_sorted){items, count};
}

size_t slu_sorted_find(const struct slu_sorted *sorted, struct slu_string string) {
    size_t first = 0, end = sorted->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (compare(sorted->items[middle], string) < 0) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < sorted->count && compare(sorted->items[first], string) == 0 ? first : sorted->count;
}
