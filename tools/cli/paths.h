/* The files that the paths of a command line name. */
#ifndef SLU_CLI_PATHS_H
#define SLU_CLI_PATHS_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cli_file {
    char *path;  /* owned, NUL-terminated; as it is printed */
    char *bytes; /* owned; NULL until read */
    size_t length;
    dev_t device; /* with the inode: which file it is, whatever its path */
    ino_t inode;
};

struct cli_files {
    struct cli_file *items; /* sorted by path, bytewise; each file once */
    size_t count, capacity;
};

/* Finds the files: a path is a file, or a folder of which all *.rules files
 * are taken, with those of its folders, hidden ones left out. Links are
 * followed, each folder entered once. False when something is not there or
 * cannot be used; standard error then says what. Free in both cases. */
bool cli_files_find(struct cli_files *files, const char *const *paths, size_t path_count);
/* Reads the bytes of every file, at most one more than SLU_LIMIT_FILE_BYTES of
 * each: the compiler refuses what is too large. */
bool cli_files_read(struct cli_files *files);
void cli_files_free(struct cli_files *files);

/* Reads everything up to `limit` bytes and one more into new memory, with a NUL byte behind it, or
 * in place of the byte past the limit; `name` stands in messages. */
bool cli_read_all(int descriptor, const char *name, size_t limit, char **bytes, size_t *length);
/* Opens and reads as above. */
bool cli_read_path(const char *path, size_t limit, char **bytes, size_t *length);

#endif
