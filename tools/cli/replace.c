#define _XOPEN_SOURCE 700 /* realpath, mkstemp */

#include "tools/cli/replace.h"

#include "tools/cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_MARK_BYTES = sizeof ".sluice-XXXXXX" };

static bool cannot_write(const char *path) {
    cli_complain("cannot write %s: %s", path, strerror(errno));
    return false;
}

/* Gives the temporary file what the old one had; NULL: there is none. */
static bool keep_mode(int descriptor, const struct stat *old) {
    if (old == NULL) {
        mode_t mask = umask(0); /* mkstemp leaves out all but the owner */
        umask(mask);
        return fchmod(descriptor, 0666 & ~mask) == 0;
    }
    /* Only root can keep the owner; for others the file becomes theirs, as with any editor. */
    if (fchown(descriptor, old->st_uid, old->st_gid) != 0 && errno != EPERM) {
        return false;
    }
    return fchmod(descriptor, old->st_mode & 07777) == 0;
}

static bool fill_temporary(int descriptor, struct slu_string text, const struct stat *old) {
    return keep_mode(descriptor, old) && cli_write_all(descriptor, text.bytes, text.length) && fsync(descriptor) == 0;
}

bool cli_file_replace(const char *path, struct slu_string text) {
    bool good = false;
    char *temporary = NULL;
    char *link_target = realpath(path, NULL);
    bool is_new = link_target == NULL && errno == ENOENT;
    const char *target = is_new ? path : link_target;
    struct stat old;
    if (target == NULL || (!is_new && stat(target, &old) != 0)) {
        cannot_write(path);
        goto done;
    }
    temporary = malloc(strlen(target) + TEMPORARY_MARK_BYTES);
    if (temporary == NULL) {
        cli_complain("out of memory");
        goto done;
    }
    strcpy(temporary, target);
    strcat(temporary, ".sluice-XXXXXX");
    int descriptor = mkstemp(temporary);
    if (descriptor < 0) {
        cannot_write(path);
        goto done;
    }
    good = fill_temporary(descriptor, text, is_new ? NULL : &old);
    good = close(descriptor) == 0 && good;
    good = good && rename(temporary, target) == 0;
    if (!good) {
        cannot_write(path);
        unlink(temporary);
    }
done:
    free(temporary);
    free(link_target);
    return good;
}
