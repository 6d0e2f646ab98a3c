/* Functions of times and durations; both are whole milliseconds in a double. */
#include "engine/base/buffer.h"
#include "stdlib/functions/implementations.h"

#include <math.h>

#define MINUTE_MILLISECONDS 60000.0
#define HOUR_MILLISECONDS 3600000.0
#define DAY_MILLISECONDS 86400000.0

struct slu_value slu_function_elapsed(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_duration(arguments[1].as.number - arguments[0].as.number);
}

struct slu_value slu_function_hour(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                   bool *failed) {
    (void)clock, (void)arena, (void)failed;
    double hours = floor(arguments[0].as.number / HOUR_MILLISECONDS);
    return slu_value_number(hours - 24 * floor(hours / 24));
}

struct slu_value slu_function_weekday(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    /* 1970-01-01 was a Thursday, three days after a Monday. */
    double days = floor(arguments[0].as.number / DAY_MILLISECONDS) + 3;
    return slu_value_number(days - 7 * floor(days / 7) + 1);
}

struct slu_value slu_function_date(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                   bool *failed) {
    (void)clock;
    struct slu_buffer buffer;
    slu_buffer_init(&buffer);
    slu_buffer_add_time(&buffer, arguments[0].as.number);
    struct slu_string day = slu_buffer_string(&buffer);
    for (size_t i = 0; i < day.length; i++) {
        if (day.bytes[i] == 'T')
            day.length = i;
    }
    struct slu_string kept;
    struct slu_value result = slu_value_missing();
    if (buffer.failed || !slu_arena_copy_string(arena, day, &kept))
        *failed = true;
    else
        result = slu_value_text(arena, kept, failed);
    slu_buffer_free(&buffer);
    return result;
}

struct slu_value slu_function_in_minutes(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                         bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(arguments[0].as.number / MINUTE_MILLISECONDS);
}

struct slu_value slu_function_in_hours(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                       bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(arguments[0].as.number / HOUR_MILLISECONDS);
}

struct slu_value slu_function_in_days(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(arguments[0].as.number / DAY_MILLISECONDS);
}
