/* The conditions of the language on values, as the machine runs them. */
#ifndef SLU_VM_TESTS_H
#define SLU_VM_TESTS_H

#include "engine/vm/machine.h"

/* One run of the machine; `status` other than OK ends it. */
struct slu_run {
    struct slu_machine *machine;
    enum slu_machine_status status;
};

/* Takes `steps` off what is left; false, with the status set, when that is not enough. */
bool slu_run_charge(struct slu_run *run, uint64_t steps);
/* Records that memory is gone. */
void slu_run_fail(struct slu_run *run);

enum slu_text_place { SLU_TEXT_ANYWHERE, SLU_TEXT_AT_START, SLU_TEXT_AT_END };

/* Every test is false when an operand is missing or of another type. */

/* The bytes that comparisons see: folded unless `exactly`. */
bool slu_test_bytes(struct slu_run *run, struct slu_value text, bool exactly, struct slu_string *bytes);
/* Does `text` hold `part` (a text, or some element of a list of texts) there? */
bool slu_test_text(struct slu_run *run, struct slu_value text, struct slu_value part, enum slu_text_place place,
                   bool exactly);
bool slu_test_matches(struct slu_run *run, struct slu_value text, const struct slu_pattern *pattern);
/* The same, where it is known that no match begins before the byte `from`, at which a character begins. */
bool slu_test_matches_from(struct slu_run *run, struct slu_value text, size_t from, const struct slu_pattern *pattern);
/* Is it found with its cut at the byte `at`, where a character begins? */
bool slu_test_matches_around(struct slu_run *run, struct slu_value text, size_t at, const struct slu_pattern *pattern,
                             const struct slu_pattern_cut *cut);
bool slu_test_equal(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly);
bool slu_test_one_of(struct slu_run *run, struct slu_value element, struct slu_value list, bool exactly);
bool slu_test_has_any(struct slu_run *run, struct slu_value left, struct slu_value right, bool exactly);
bool slu_test_has_all(struct slu_run *run, struct slu_value list, struct slu_value wanted, bool exactly);

/* Does the moment (milliseconds since the epoch) fall into the calendar's hours? */
bool slu_calendar_open(const struct slu_calendar *calendar, double milliseconds);

#endif
