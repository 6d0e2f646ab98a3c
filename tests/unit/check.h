/* What the unit tests share: counting checks, showing those that fail. */
#ifndef SLU_TESTS_UNIT_CHECK_H
#define SLU_TESTS_UNIT_CHECK_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdio.h>

struct check {
    unsigned passed, failed;
};

static inline bool check_that(struct check *check, bool holds, const char *what, const char *file, int line) {
    if (holds) {
        check->passed++;
    } else {
        check->failed++;
        printf("%s:%d: does not hold: %s\n", file, line, what);
    }
    return holds;
}

static inline bool check_same(struct check *check, struct slu_string got, struct slu_string expected, const char *file,
                              int line) {
    if (slu_string_equal(got, expected)) {
        check->passed++;
        return true;
    }
    check->failed++;
    printf("%s:%d: expected: %.*s\n%s:%d: got:      %.*s\n", file, line, (int)expected.length, expected.bytes, file,
           line, (int)got.length, got.bytes);
    return false;
}

/* The last line, and the exit status. */
static inline int check_finish(const struct check *check) {
    printf("%u passed, %u failed\n", check->passed, check->failed);
    return check->failed == 0 ? 0 : 1;
}

#define CHECK(check, condition) check_that((check), (condition), #condition, __FILE__, __LINE__)
/* A slu_string against a text that is not the same object. */
#define CHECK_TEXT(check, got, terminated) check_same((check), (got), slu_string_from(terminated), __FILE__, __LINE__)

#endif
