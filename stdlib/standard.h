/* What ships with the language as .rules text: vocabulary, sources, services.
 * Made from the files under stdlib/ by tools/dev/embed_standard.py. */
#ifndef SLU_STDLIB_STANDARD_H
#define SLU_STDLIB_STANDARD_H

#include "engine/base/string.h"

#include <stdint.h>

struct slu_standard_file {
    struct slu_string name; /* "stdlib/vocabulary/contact.rules": printed in diagnostics */
    struct slu_string text; /* valid UTF-8, with a NUL byte behind it */
};

/* In the order in which they are compiled, before the user's files. */
extern const struct slu_standard_file slu_standard_files[];
extern const uint32_t slu_standard_file_count;

#endif
