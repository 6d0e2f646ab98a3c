/* Equality, and what is built of it on lists. */
#include "engine/base/sorted.h"
#include "engine/vm/tests.h"

enum {
    FEW_ELEMENTS = 32, /* up to here, on either side, comparing each with each beats sorting */
    STEPS_TO_FIND = 20 /* comparisons in a sorted list, at most: a list has fewer than 2^20 elements */
};

/* Values that are not lists. */
static bool equal_elements(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly) {
    if (left.type != right.type) {
        return false;
    }
    switch (left.type) {
    case SLU_TYPE_TEXT: {
        struct slu_string left_bytes, right_bytes;
        return slu_test_bytes(run, left, exactly, &left_bytes) && slu_test_bytes(run, right, exactly, &right_bytes) &&
               slu_string_equal(left_bytes, right_bytes);
    }
    case SLU_TYPE_NUMBER:
    case SLU_TYPE_TIME:
    case SLU_TYPE_DURATION:
        return left.as.number == right.as.number;
    case SLU_TYPE_FLAG:
        return left.as.flag == right.as.flag;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_LIST:
    case SLU_TYPE_COUNT:
        break;
    }
    return false;
}

static bool equal_lists(struct slu_run *run, const struct slu_list *left, const struct slu_list *right, bool exactly) {
    if (left->count != right->count || !slu_run_charge(run, left->count)) {
        return false;
    }
    for (size_t i = 0; i < left->count; i++) {
        if (!equal_elements(run, left->items[i], right->items[i], exactly)) {
            return false;
        }
    }
    return true;
}

bool slu_test_equal(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly) {
    if (left.type == SLU_TYPE_LIST && right.type == SLU_TYPE_LIST) {
        return equal_lists(run, left.as.list, right.as.list, exactly);
    }
    return equal_elements(run, left, right, exactly);
}

bool slu_test_one_of(struct slu_run *run, struct slu_value element, struct slu_value list, bool exactly) {
    if (element.type == SLU_TYPE_MISSING || list.type != SLU_TYPE_LIST || !slu_run_charge(run, list.as.list->count)) {
        return false;
    }
    for (size_t i = 0; i < list.as.list->count && run->status == SLU_MACHINE_OK; i++) {
        if (equal_elements(run, element, list.as.list->items[i], exactly)) {
            return true;
        }
    }
    return false;
}

/* ---- lists against lists ---- */

static bool is_texts(const struct slu_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].type != SLU_TYPE_TEXT) {
            return false;
        }
    }
    return true;
}

/* Would each with each take too long? */
static bool are_long(struct slu_value left, struct slu_value right) {
    return left.type == SLU_TYPE_LIST && right.type == SLU_TYPE_LIST && left.as.list->count > FEW_ELEMENTS &&
           right.as.list->count > FEW_ELEMENTS && is_texts(left.as.list) && is_texts(right.as.list);
}

static bool sort(struct slu_run *run, const struct slu_list *list, bool exactly, struct slu_sorted *sorted) {
    if (!slu_run_charge(run, (uint64_t)list->count * STEPS_TO_FIND)) {
        return false;
    }
    struct slu_string *room = slu_sorted_room(run->machine->arena, list->count);
    if (room == NULL) {
        slu_run_fail(run);
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!slu_test_bytes(run, list->items[i], exactly, &room[i])) {
            return false;
        }
    }
    *sorted = slu_sorted_make(room, list->count);
    return true;
}

/* Does `sorted` have some element of the list (`all`: every one)? */
static bool find_in_sorted(struct slu_run *run, const struct slu_sorted *sorted, const struct slu_list *list,
                           bool exactly, bool all) {
    if (!slu_run_charge(run, (uint64_t)list->count * STEPS_TO_FIND)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct slu_string bytes;
        if (!slu_test_bytes(run, list->items[i], exactly, &bytes)) {
            return false;
        }
        if (slu_sorted_has(sorted, bytes) != all) {
            return !all;
        }
    }
    return all;
}

bool slu_test_has_any(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly) {
    if (left.type != SLU_TYPE_LIST) {
        return false;
    }
    if (are_long(left, right)) {
        struct slu_sorted sorted;
        return sort(run, right.as.list, exactly, &sorted) && find_in_sorted(run, &sorted, left.as.list, exactly, false);
    }
    for (size_t i = 0; i < left.as.list->count && run->status == SLU_MACHINE_OK; i++) {
        if (slu_test_one_of(run, left.as.list->items[i], right, exactly)) {
            return true;
        }
    }
    return false;
}

bool slu_test_has_all(struct slu_run *run, struct slu_value list, struct slu_value wanted, bool exactly) {
    if (list.type != SLU_TYPE_LIST || wanted.type != SLU_TYPE_LIST) {
        return false;
    }
    if (are_long(list, wanted)) {
        struct slu_sorted sorted;
        return sort(run, list.as.list, exactly, &sorted) && find_in_sorted(run, &sorted, wanted.as.list, exactly, true);
    }
    for (size_t i = 0; i < wanted.as.list->count; i++) {
        if (!slu_test_one_of(run, wanted.as.list->items[i], list, exactly)) {
            return false;
        }
    }
    return run->status == SLU_MACHINE_OK;
}
