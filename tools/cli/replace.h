/* Files that are written whole or not at all. */
#ifndef SLU_CLI_REPLACE_H
#define SLU_CLI_REPLACE_H

#include "engine/base/string.h"

#include <stdbool.h>

/* Puts the text into the file that `path` names (through links), which keeps its
 * mode, or into a new one: a reader sees the old or the new text, never a part.
 * False when it cannot; standard error then says why. */
bool cli_file_replace(const char *path, struct slu_string text);

#endif
