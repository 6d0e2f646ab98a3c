/* Equality, and what is built of it on lists. */
#include "engine/vm/tests.h"

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

bool slu_test_has_any(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly) {
    if (left.type != SLU_TYPE_LIST) {
        return false;
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
    for (size_t i = 0; i < wanted.as.list->count; i++) {
        if (!slu_test_one_of(run, wanted.as.list->items[i], list, exactly)) {
            return false;
        }
    }
    return run->status == SLU_MACHINE_OK;
}
