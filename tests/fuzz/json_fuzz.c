/* Any bytes: our two readers and jansson agree. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_oracle.h"
#include "tests/fuzz/quick_oracle.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct slu_string text = {(const char *)data, size};
    const char *difference = json_oracle_difference(text);
    difference = difference ? difference : quick_oracle_difference(text);
    if (difference) {
        fprintf(stderr, "%s\n", difference);
        abort();
    }
    return 0;
}
