#include "tools/cli/deadline.h"

#include <time.h>

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double cli_deadline(void) {
    return cli_deadline_after(CLI_PROOF_SECONDS);
}

double cli_deadline_after(int seconds) {
    return seconds_now() + seconds;
}

bool cli_deadline_is_over(void *context) {
    return seconds_now() > *(const double *)context;
}
