#include "engine/input/key_sort.h"

#include <string.h>

int slu_keys_compare(const struct slu_keyed *left, const struct slu_keyed *right) {
    if (left->key.length != right->key.length) {
        return left->key.length < right->key.length ? -1 : 1;
    }
    return memcmp(left->key.bytes, right->key.bytes, left->key.length);
}

static void merge(const struct slu_keyed *from, struct slu_keyed *to, size_t start, size_t middle, size_t end) {
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        bool take_left = left < middle && (right == end || slu_keys_compare(&from[left], &from[right]) <= 0);
        to[i] = from[take_left ? left++ : right++];
    }
}

/* A merge sort of our own: qsort promises no bound on time, and these keys are
 * an outsider's choice. A hash without a secret would not do either. */
const struct slu_keyed *slu_keys_sort(struct slu_keyed *keys, struct slu_keyed *spare, size_t count) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            merge(keys, spare, start, middle, end);
        }
        struct slu_keyed *swap = keys;
        keys = spare;
        spare = swap;
    }
    return keys;
}
