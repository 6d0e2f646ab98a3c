/* Files as they are in a git revision. */
#ifndef SLU_CLI_GIT_H
#define SLU_CLI_GIT_H

#include "tools/cli/paths.h"

/* Is this REVISION:PATH, and no path that exists? */
bool cli_git_is_revision(const char *path);
/* Reads PATH, or the *.rules files under it, as they are in REVISION. False
 * when git cannot; standard error then says why. Free the files in both cases. */
bool cli_git_read(struct cli_files *files, const char *revision_path);

#endif
