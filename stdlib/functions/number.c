/* Functions of numbers. A result that is not finite becomes missing, as with
 * every number that the machine computes. */
#include "engine/base/number.h"

#include "stdlib/functions/implementations.h"
#include "stdlib/functions/space.h"

#include <math.h>

struct slu_value slu_function_number(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock, (void)arena, (void)failed;
    double number;
    if (!slu_number_parse(slu_trimmed(arguments[0].as.text->raw), &number))
        return slu_value_missing();
    return slu_value_number(number);
}

struct slu_value slu_function_round(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(round(arguments[0].as.number));
}

struct slu_value slu_function_floor(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                    bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(floor(arguments[0].as.number));
}

struct slu_value slu_function_ceiling(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(ceil(arguments[0].as.number));
}

struct slu_value slu_function_absolute(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                       bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return slu_value_number(fabs(arguments[0].as.number));
}

struct slu_value slu_function_smaller(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return arguments[1].as.number < arguments[0].as.number ? arguments[1] : arguments[0];
}

struct slu_value slu_function_larger(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                     bool *failed) {
    (void)clock, (void)arena, (void)failed;
    return arguments[1].as.number > arguments[0].as.number ? arguments[1] : arguments[0];
}

struct slu_value slu_function_percent(const struct slu_value *arguments, double clock, struct slu_arena *arena,
                                      bool *failed) {
    (void)clock, (void)arena, (void)failed;
    double percent = arguments[0].as.number / arguments[1].as.number * 100;
    return isfinite(percent) ? slu_value_number(percent) : slu_value_missing();
}
