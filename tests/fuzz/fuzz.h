/* What a fuzz target defines: libFuzzer calls it, or driver.c with the files
 * of a corpus. */
#ifndef SLU_TESTS_FUZZ_H
#define SLU_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
