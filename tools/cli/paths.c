#include "tools/cli/paths.h"

#include "engine/base/limits.h"
#include "engine/text/unicode.h"
#include "tools/cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders still to be read, and which were. A list instead of recursion: the
 * depth of folders is not ours. */
struct folder {
    char *path; /* owned */
    dev_t device;
    ino_t inode;
};
struct folders {
    struct folder *items;
    size_t count, capacity;
};

static bool complain_memory(void) {
    cli_complain("out of memory");
    return false;
}

static bool cannot_read(const char *path) {
    cli_complain("cannot read %s: %s", path, strerror(errno));
    return false;
}

/* Room for one more item of `size` bytes. */
static bool make_room(void **items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return complain_memory();
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

/* Takes over `path`, also when it fails. */
static bool add_folder(struct folders *folders, char *path, const struct stat *facts) {
    for (size_t i = 0; i < folders->count; i++) {
        if (folders->items[i].inode == facts->st_ino && folders->items[i].device == facts->st_dev) {
            free(path);
            return true;
        }
    }
    void *items = folders->items;
    if (!make_room(&items, folders->count, &folders->capacity, sizeof *folders->items)) {
        free(path);
        return false;
    }
    folders->items = items;
    folders->items[folders->count++] = (struct folder){path, facts->st_dev, facts->st_ino};
    return true;
}

/* Takes over `path`, also when it fails. Paths stand in JSON and XML: they must be text. */
static bool add_file(struct cli_files *files, char *path, const struct stat *facts) {
    void *items = files->items;
    if (slu_utf8_valid_prefix(slu_string_from(path)) != strlen(path)) {
        cli_complain("the name of the file %s is not valid UTF-8", path);
        free(path);
        return false;
    }
    if (!make_room(&items, files->count, &files->capacity, sizeof *files->items)) {
        free(path);
        return false;
    }
    files->items = items;
    files->items[files->count++] = (struct cli_file){path, NULL, 0, facts->st_dev, facts->st_ino};
    return true;
}

/* Nobody keeps rules in a file with such a name. */
static bool is_events_name(const char *name) {
    struct slu_string text = slu_string_from(name);
    return slu_string_ends_with(text, SLU_STRING(".json")) || slu_string_ends_with(text, SLU_STRING(".ndjson")) ||
           slu_string_ends_with(text, SLU_STRING(".jsonl"));
}

static bool is_rules_name(const char *name) {
    struct slu_string text = slu_string_from(name);
    return name[0] != '.' && slu_string_ends_with(text, SLU_STRING(".rules"));
}

/* "folder/name"; "." in front is left out. NULL when out of memory. */
static char *join_path(const char *folder, const char *name) {
    size_t length = strcmp(folder, ".") == 0 ? 0 : strlen(folder);
    bool slash = length > 0 && folder[length - 1] != '/';
    char *path = malloc(length + 1 + strlen(name) + 1);
    if (path == NULL) {
        complain_memory();
        return NULL;
    }
    memcpy(path, folder, length);
    strcpy(path + length, slash ? "/" : "");
    strcat(path, name);
    return path;
}

/* One name in a folder: a *.rules file, a folder, or nothing of interest. */
static bool add_entry(struct cli_files *files, struct folders *folders, const char *folder, const char *name) {
    if (name[0] == '.') {
        return true;
    }
    char *path = join_path(folder, name);
    if (path == NULL) {
        return false;
    }
    struct stat facts;
    if (stat(path, &facts) != 0) {
        /* A link to nowhere matters only where rules were promised. */
        bool good = !is_rules_name(name) || cannot_read(path);
        free(path);
        return good;
    }
    if (S_ISDIR(facts.st_mode)) {
        return add_folder(folders, path, &facts);
    }
    if (S_ISREG(facts.st_mode) && is_rules_name(name)) {
        return add_file(files, path, &facts);
    }
    free(path);
    return true;
}

static bool read_folder(struct cli_files *files, struct folders *folders, size_t at) {
    DIR *stream = opendir(folders->items[at].path);
    if (stream == NULL) {
        return cannot_read(folders->items[at].path);
    }
    bool good = true;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (entry == NULL) {
            good = (errno == 0 || cannot_read(folders->items[at].path)) && good;
            break;
        }
        good = add_entry(files, folders, folders->items[at].path, entry->d_name) && good;
    }
    closedir(stream);
    return good;
}

/* The path as printed: without "./" in front and without slashes at its end. */
static char *copy_path(const char *path) {
    while (path[0] == '.' && path[1] == '/' && path[2] != '\0') {
        path += 2;
        path += strspn(path, "/");
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    char *copy = length == 0 ? strdup(".") : strndup(path, length);
    if (copy == NULL) {
        complain_memory();
    }
    return copy;
}

static bool find_path(struct cli_files *files, const char *path) {
    struct stat facts;
    if (strcmp(path, "-") == 0) {
        cli_complain("- (standard input) is for fmt only; to read a file of that name write ./-");
        return false;
    }
    if (stat(path, &facts) != 0) {
        return cannot_read(path);
    }
    if (!S_ISDIR(facts.st_mode) && is_events_name(path)) {
        cli_complain("%s is no file of rules; events are given to run and bench with --events", path);
        return false;
    }
    char *copy = copy_path(path);
    if (copy == NULL) {
        return false;
    }
    if (!S_ISDIR(facts.st_mode)) {
        return add_file(files, copy, &facts);
    }
    struct folders folders = {0};
    size_t before = files->count;
    bool good = add_folder(&folders, copy, &facts);
    for (size_t i = 0; i < folders.count; i++) {
        good = read_folder(files, &folders, i) && good;
    }
    for (size_t i = 0; i < folders.count; i++) {
        free(folders.items[i].path);
    }
    free(folders.items);
    if (good && files->count == before) {
        cli_complain("there is no *.rules file in %s", path);
        return false;
    }
    return good;
}

static int compare_files(const void *left, const void *right) {
    return strcmp(((const struct cli_file *)left)->path, ((const struct cli_file *)right)->path);
}

/* Sorted by which file it is, equal ones by path. */
static int compare_identity(const void *left, const void *right) {
    const struct cli_file *a = left, *b = right;
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    if (a->inode != b->inode) {
        return a->inode < b->inode ? -1 : 1;
    }
    return strcmp(a->path, b->path);
}

static void sort_and_drop_doubles(struct cli_files *files) {
    if (files->count == 0) {
        return;
    }
    qsort(files->items, files->count, sizeof *files->items, compare_identity);
    size_t kept = 1;
    for (size_t i = 1; i < files->count; i++) {
        const struct cli_file *last = &files->items[kept - 1];
        if (last->inode == files->items[i].inode && last->device == files->items[i].device) {
            free(files->items[i].path);
        } else {
            files->items[kept++] = files->items[i];
        }
    }
    files->count = kept;
    qsort(files->items, files->count, sizeof *files->items, compare_files);
}

bool cli_files_find(struct cli_files *files, const char *const *paths, size_t path_count) {
    *files = (struct cli_files){0};
    bool good = true;
    for (size_t i = 0; i < path_count; i++) {
        good = find_path(files, paths[i]) && good;
    }
    sort_and_drop_doubles(files);
    if (files->count > SLU_LIMIT_FILES) {
        cli_complain("%zu files are more than one program may have (%d)", files->count, SLU_LIMIT_FILES);
        return false;
    }
    return good;
}

bool cli_read_all(int descriptor, const char *name, size_t limit, char **bytes, size_t *length) {
    size_t capacity = 0, used = 0;
    char *all = NULL;
    for (;;) {
        if (used == capacity) {
            capacity = capacity == 0 ? 16 * 1024 : capacity * 2;
            capacity = capacity > limit + 1 ? limit + 1 : capacity;
            char *grown = realloc(all, capacity);
            if (grown == NULL) {
                free(all);
                return complain_memory();
            }
            all = grown;
        }
        ssize_t got = read(descriptor, all + used, capacity - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            cannot_read(name);
            free(all);
            return false;
        }
        used += (size_t)got;
        if (got == 0 || used > limit) {
            all[used < capacity ? used : limit] = '\0'; /* what is past the limit is of no use */
            *bytes = all;
            *length = used;
            return true;
        }
    }
}

bool cli_read_path(const char *path, size_t limit, char **bytes, size_t *length) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return cannot_read(path);
    }
    bool good = cli_read_all(descriptor, path, limit, bytes, length);
    close(descriptor);
    return good;
}

bool cli_files_read(struct cli_files *files) {
    bool good = true;
    for (size_t i = 0; i < files->count; i++) {
        struct cli_file *file = &files->items[i];
        good = cli_read_path(file->path, SLU_LIMIT_FILE_BYTES, &file->bytes, &file->length) && good;
    }
    return good;
}

void cli_files_free(struct cli_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].bytes);
    }
    free(files->items);
    *files = (struct cli_files){0};
}
