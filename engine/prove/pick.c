#include "engine/prove/pick.h"

#include <math.h>
#include <stddef.h>

enum { DECIMALS_MAX = 15 };

static int fits(struct slu_interval interval, double value) {
    return value >= interval.low && value < interval.high;
}

double slu_pick_number(struct slu_interval interval) {
    if (isinf(interval.low) && isinf(interval.high)) {
        return 1;
    }
    double value = isinf(interval.low) ? ceil(interval.high) - 1 : ceil(interval.low);
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
        double scale = pow(10, decimals);
        value = isinf(interval.low) ? (ceil(interval.high * scale) - 1) / scale : ceil(interval.low * scale) / scale;
        if (fits(interval, value)) {
            return value + 0.0;
        }
    }
    return isinf(interval.low) ? nextafter(interval.high, -INFINITY) : interval.low;
}

double slu_pick_time(struct slu_interval interval, double usual) {
    static const double units[] = {86400000, 3600000, 60000, 1000, 1};
    if (fits(interval, usual)) {
        return usual;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double value = isinf(interval.low) ? (ceil(interval.high / units[i]) - 1) * units[i]
                                           : ceil(interval.low / units[i]) * units[i];
        if (fits(interval, value)) {
            return value;
        }
    }
    return isinf(interval.low) ? interval.high - 1 : interval.low;
}

double slu_pick_neighbour(double number, int steps) {
    double scale = 1;
    for (int decimals = 0; decimals < 9 && round(number * scale) / scale != number; decimals++) {
        scale *= 10;
    }
    return (round(number * scale) + steps) / scale;
}
