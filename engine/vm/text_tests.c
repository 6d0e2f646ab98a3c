/* Linear-time search in text is memmem's, which POSIX.1-2008 lacks. */
#define _GNU_SOURCE
#include "engine/text/unicode.h"
#include "engine/vm/tests.h"

#include <string.h>

bool slu_run_charge(struct slu_run *run, uint64_t steps) {
    if (run->machine->steps_left < steps) {
        run->machine->steps_left = 0;
        run->status = SLU_MACHINE_STEPS;
        return false;
    }
    run->machine->steps_left -= steps;
    return true;
}

void slu_run_fail(struct slu_run *run) {
    run->status = SLU_MACHINE_NO_MEMORY;
}

bool slu_test_bytes(struct slu_run *run, struct slu_value text, bool exactly, struct slu_string *bytes) {
    if (exactly) {
        *bytes = text.as.text->raw;
        return true;
    }
    if (!slu_text_folded(run->machine->arena, text.as.text, bytes)) {
        slu_run_fail(run);
        return false;
    }
    return true;
}

static bool holds(struct slu_string text, struct slu_string part, enum slu_text_place place) {
    if (part.length > text.length) {
        return false;
    }
    if (part.length == 0) {
        return true;
    }
    switch (place) {
    case SLU_TEXT_AT_START:
        return slu_string_starts_with(text, part);
    case SLU_TEXT_AT_END:
        return slu_string_ends_with(text, part);
    case SLU_TEXT_ANYWHERE:
        return memmem(text.bytes, text.length, part.bytes, part.length) != NULL;
    }
    return false;
}

/* `bytes` are those of the text that is searched. */
static bool holds_value(struct slu_run *run, struct slu_string bytes, struct slu_value part, enum slu_text_place place,
                        bool exactly) {
    struct slu_string part_bytes;
    if (part.type != SLU_TYPE_TEXT || !slu_test_bytes(run, part, exactly, &part_bytes)) {
        return false;
    }
    size_t searched = place == SLU_TEXT_ANYWHERE ? bytes.length : part_bytes.length;
    return slu_run_charge(run, 1 + searched / SLU_STEP_BYTES) && holds(bytes, part_bytes, place);
}

bool slu_test_text(struct slu_run *run, struct slu_value text, struct slu_value part, enum slu_text_place place,
                   bool exactly) {
    struct slu_string bytes;
    if (text.type != SLU_TYPE_TEXT || !slu_test_bytes(run, text, exactly, &bytes)) {
        return false;
    }
    if (part.type != SLU_TYPE_LIST) {
        return holds_value(run, bytes, part, place, exactly);
    }
    const struct slu_list *list = part.as.list;
    for (size_t i = 0; i < list->count && run->status == SLU_MACHINE_OK; i++) {
        if (holds_value(run, bytes, list->items[i], place, exactly)) {
            return true;
        }
    }
    return false;
}

bool slu_test_matches(struct slu_run *run, struct slu_value text, const struct slu_pattern *pattern) {
    return slu_test_matches_from(run, text, 0, pattern);
}

/* Visits that are left are steps again; false: none, or a failure. */
static bool settle(struct slu_run *run, uint64_t visits_left, bool failed) {
    if (failed) {
        slu_run_fail(run);
        return false;
    }
    if (visits_left == 0) {
        slu_run_charge(run, UINT64_MAX);
        return false;
    }
    run->machine->steps_left = visits_left / SLU_STEP_VISITS;
    return true;
}

bool slu_test_matches_from(struct slu_run *run, struct slu_value text, size_t from, const struct slu_pattern *pattern) {
    if (text.type != SLU_TYPE_TEXT) {
        return false;
    }
    struct slu_string subject = text.as.text->raw;
    if (!slu_run_charge(run, 1 + (subject.length - from) / SLU_STEP_BYTES)) {
        return false;
    }
    bool failed = false;
    uint64_t visits = run->machine->steps_left * SLU_STEP_VISITS;
    bool found = slu_pattern_found_from(pattern, subject, from, run->machine->arena, &visits, &failed);
    return settle(run, visits, failed) && found;
}

bool slu_test_matches_around(struct slu_run *run, struct slu_value text, size_t at, const struct slu_pattern *pattern,
                             const struct slu_pattern_cut *cut) {
    if (!slu_run_charge(run, 1)) {
        return false;
    }
    bool failed = false;
    uint64_t visits = run->machine->steps_left * SLU_STEP_VISITS;
    bool found = slu_pattern_found_around(pattern, cut, text.as.text->raw, at, run->machine->arena, &visits, &failed);
    return settle(run, visits, failed) && found;
}
