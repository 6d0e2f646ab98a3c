/* Asks git itself, without a shell: `ls-tree` for the names, `cat-file` for each. */
#include "tools/cli/git.h"

#include "engine/base/limits.h"
#include "tools/cli/output.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { LISTING_BYTES = 16 * 1024 * 1024 };

bool cli_git_is_revision(const char *path) {
    struct stat facts;
    const char *colon = strchr(path, ':');
    return colon != NULL && colon != path && stat(path, &facts) != 0;
}

static int start(char *const words[], int output, int other_end, pid_t *child) {
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    failed = failed != 0 ? failed : posix_spawn_file_actions_addclose(&actions, other_end);
    failed = failed != 0 ? failed : posix_spawn_file_actions_addclose(&actions, output);
    failed = failed != 0 ? failed : posix_spawnp(child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* What a program prints, *new*. False when it cannot run or says no; git says why itself. */
static bool output_of(char *const words[], size_t limit, char **bytes, size_t *length) {
    int ends[2];
    pid_t child;
    if (pipe(ends) != 0) {
        cli_complain("%s", strerror(errno));
        return false;
    }
    int failed = start(words, ends[1], ends[0], &child);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        cli_complain("cannot run %s: %s", words[0], strerror(failed));
        return false;
    }
    bool read = cli_read_all(ends[0], words[0], limit, bytes, length);
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (read && (!WIFEXITED(status) || WEXITSTATUS(status) != 0) && *length <= limit) {
        free(*bytes);
        *bytes = NULL;
        return false;
    }
    return read;
}

/* "REVISION:name" as a file of the list; takes over nothing. */
static bool add_file(struct cli_files *files, const char *revision, size_t revision_length, const char *name) {
    struct cli_file *items = realloc(files->items, (files->count + 1) * sizeof *items);
    if (items == NULL) {
        cli_complain("out of memory");
        return false;
    }
    files->items = items;
    files->capacity = files->count + 1;
    size_t name_length = strlen(name);
    char *path = malloc(revision_length + name_length + 2);
    if (path == NULL) {
        cli_complain("out of memory");
        return false;
    }
    memcpy(path, revision, revision_length + 1); /* with the colon */
    memcpy(path + revision_length + 1, name, name_length + 1);
    files->items[files->count] = (struct cli_file){.path = path};
    struct cli_file *file = &files->items[files->count++];
    char *const words[] = {"git", "cat-file", "blob", path, NULL};
    return output_of(words, SLU_LIMIT_FILE_BYTES, &file->bytes, &file->length);
}

static bool is_rules(const char *name) {
    size_t length = strlen(name);
    return length > 6 && strcmp(name + length - 6, ".rules") == 0;
}

bool cli_git_read(struct cli_files *files, const char *revision_path) {
    const char *colon = strchr(revision_path, ':');
    size_t revision_length = (size_t)(colon - revision_path), length = 0;
    char *revision = strdup(revision_path), *names = NULL;
    *files = (struct cli_files){0};
    if (revision == NULL) {
        cli_complain("out of memory");
        return false;
    }
    revision[revision_length] = '\0';
    char *const words[] = {"git", "ls-tree",         "-r", "-z", "--name-only", "--full-tree", revision,
                           "--",  (char *)colon + 1, NULL};
    bool fine = output_of(words, LISTING_BYTES, &names, &length);
    for (size_t at = 0; fine && at < length; at += strlen(names + at) + 1) {
        if (is_rules(names + at)) {
            fine = add_file(files, revision_path, revision_length, names + at);
        }
    }
    if (fine && files->count == 0) {
        cli_complain("%s: there are no .rules files", revision_path);
        fine = false;
    }
    free(names);
    free(revision);
    return fine;
}
