/* Any bytes: our two readers and jansson agree. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_oracle.h"
#include "tests/fuzz/quick_oracle.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct slu_string text = {(const char *)data, size};
    const char *difference = json_oracle_difference(text);
    /* One way at a time, so that many inputs are tried. */
    enum quick_oracle_way way = size > 0 ? (enum quick_oracle_way)((size + data[size / 2]) % QUICK_WAYS) : QUICK_ALL;
    difference = difference ? difference : quick_oracle_difference(text, way);
    if (difference) {
        fprintf(stderr, "%s\n", difference);
        abort();
    }
    return 0;
}
