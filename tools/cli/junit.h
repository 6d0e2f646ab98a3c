/* JUnit XML, as the reports of build servers read it. */
#ifndef SLU_CLI_JUNIT_H
#define SLU_CLI_JUNIT_H

#include "engine/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli_junit_case {
    struct slu_string file; /* cases of one file stand together */
    struct slu_string title;
    uint32_t line;
    struct slu_string failure; /* what was expected and what was decided; empty: passed */
};

/* Writes the document for the cases, one suite per file. */
void cli_junit_add(struct slu_buffer *out, const struct cli_junit_case *cases, size_t count);
/* Puts it into a file; complains and returns false when that fails. */
bool cli_junit_write(const char *path, const struct cli_junit_case *cases, size_t count);

#endif
