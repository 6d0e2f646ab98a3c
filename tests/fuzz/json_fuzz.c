/* Any bytes: our reader and jansson agree. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_oracle.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *difference = json_oracle_difference((struct slu_string){(const char *)data, size});
    if (difference) {
        fprintf(stderr, "%s\n", difference);
        abort();
    }
    return 0;
}
