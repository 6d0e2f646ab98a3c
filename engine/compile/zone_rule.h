/* The rule at the end of a TZif file for the years after its table: the TZ
 * string of POSIX.1-2017 section 8.3 with the extensions of RFC 8536 section 3.3.1. */
#ifndef SLU_COMPILE_ZONE_RULE_H
#define SLU_COMPILE_ZONE_RULE_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_rule_day {
    SLU_RULE_JULIAN,    /* Jn: 1 to 365, February 29 is never counted */
    SLU_RULE_DAY,       /* n: 0 to 365 */
    SLU_RULE_MONTH_WEEK /* Mm.w.d: weekday d (0: Sunday) of week w (5: the last) of month m */
};
struct slu_rule_date {
    enum slu_rule_day kind;
    int32_t month, week, day;
    int32_t seconds; /* after local midnight; may be negative or past the day */
};
struct slu_zone_rule {
    int32_t standard, daylight; /* seconds east of UTC */
    bool has_daylight;
    struct slu_rule_date start, end; /* of daylight time */
};

/* False when the string is malformed. */
bool slu_zone_rule_parse(struct slu_string text, struct slu_zone_rule *rule);
/* When daylight time starts and ends in that year, in seconds since the epoch. */
int64_t slu_zone_rule_start(const struct slu_zone_rule *rule, int32_t year);
int64_t slu_zone_rule_end(const struct slu_zone_rule *rule, int32_t year);

#endif
