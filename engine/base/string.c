#include "engine/base/string.h"

#include <stdint.h>
#include <string.h>

struct slu_string slu_string_from(const char *terminated) {
    return (struct slu_string){terminated, strlen(terminated)};
}

int slu_string_compare(struct slu_string left, struct slu_string right) {
    size_t shared = left.length < right.length ? left.length : right.length;
    int order = shared == 0 ? 0 : memcmp(left.bytes, right.bytes, shared);
    if (order != 0) {
        return order;
    }
    return (left.length > right.length) - (left.length < right.length);
}

bool slu_string_is(struct slu_string string, const char *terminated) {
    return slu_string_equal(string, slu_string_from(terminated));
}

bool slu_string_starts_with(struct slu_string string, struct slu_string prefix) {
    return string.length >= prefix.length && slu_string_equal((struct slu_string){string.bytes, prefix.length}, prefix);
}

bool slu_string_ends_with(struct slu_string string, struct slu_string suffix) {
    if (string.length < suffix.length) {
        return false;
    }
    if (suffix.length == 0) {
        return true;
    }
    return memcmp(string.bytes + (string.length - suffix.length), suffix.bytes, suffix.length) == 0;
}

enum { BAND = 2 * SLU_STRING_DISTANCE_LIMIT + 3 };

static size_t smaller(size_t left, size_t right) {
    return left < right ? left : right;
}

/* The table of edit distances between prefixes, of which only the cells within
 * `limit` of the diagonal can matter. Cell (row, column) is kept at
 * [column - row + limit + 1], so the cell above is one to the right, and both
 * ends of a row have a neighbour outside the band. */
size_t slu_string_distance(struct slu_string left, struct slu_string right, size_t limit) {
    limit = smaller(limit, SLU_STRING_DISTANCE_LIMIT);
    size_t too_far = limit + 1;
    if (left.length > right.length + limit || right.length > left.length + limit) {
        return too_far;
    }
    size_t rows[3][BAND];
    for (size_t cell = 0; cell < BAND; cell++) {
        rows[0][cell] = rows[1][cell] = rows[2][cell] = too_far;
    }
    for (size_t column = 0; column <= smaller(limit, right.length); column++) {
        rows[0][column + limit + 1] = column;
    }
    for (size_t row = 1; row <= left.length; row++) {
        size_t *current = rows[row % 3];
        const size_t *above = rows[(row + 2) % 3];
        const size_t *two_above = rows[(row + 1) % 3];
        for (size_t cell = 1; cell <= 2 * limit + 1; cell++) {
            current[cell] = too_far;
            if (row + cell < limit + 1 || row + cell - limit - 1 > right.length) {
                continue;
            }
            size_t column = row + cell - limit - 1;
            size_t best = above[cell + 1] + 1;
            if (column > 0) {
                best = smaller(best, current[cell - 1] + 1);
                best = smaller(best, above[cell] + (left.bytes[row - 1] != right.bytes[column - 1]));
            }
            if (row > 1 && column > 1 && left.bytes[row - 1] == right.bytes[column - 2] &&
                left.bytes[row - 2] == right.bytes[column - 1]) {
                best = smaller(best, two_above[cell] + 1);
            }
            current[cell] = smaller(best, too_far);
        }
    }
    return rows[left.length % 3][right.length - left.length + limit + 1];
}
