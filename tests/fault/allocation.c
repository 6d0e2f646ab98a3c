/* Runs one command line of sluice once per allocation it makes, each time with
 * that allocation failing, in a child of its own. A child passes when the
 * failure changed nothing, or ended in exit status 2 and a message; when no
 * sanitizer complained, of leaks neither; and when each file named on the
 * command line holds what it held before or what an undisturbed run makes of it.
 *
 * usage: allocation [--every N] [--from N] [--heap] -- ARGUMENT...   (standard input is re-read for each run)
 * --heap: what arenas hand out does not count, only what the system is asked for.
 *
 * Linked with --wrap for malloc, calloc, realloc and for what arenas hand out:
 * few of those reach malloc, and every caller has to expect NULL. jansson is
 * told to use the wrapped ones. */
#include "engine/base/arena.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int slu_cli_main(int argc, char **argv);

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__real_slu_arena_alloc(struct slu_arena *arena, size_t bytes);
void *__real_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size);
char *__real_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes);
bool __real_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_slu_arena_alloc(struct slu_arena *arena, size_t bytes);
void *__wrap_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size);
char *__wrap_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes);
bool __wrap_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to);

enum { SANITIZER_STATUS = 99 /* what ASAN_OPTIONS=exitcode gives */, FILES = 16 };

static uint64_t *made;       /* allocations so far in the child; shared with the parent */
static uint64_t failing_one; /* 0: none fails */
static bool heap_only;

static bool fails(void) {
    return __atomic_add_fetch(made, 1, __ATOMIC_RELAXED) == failing_one; /* threads allocate, too */
}

static bool arena_fails(struct slu_arena *arena) {
    bool failing = !heap_only && fails();
    arena->failed = arena->failed || failing;
    return failing;
}

void *__wrap_malloc(size_t bytes) {
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return fails() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *memory, size_t bytes) {
    return fails() ? NULL : __real_realloc(memory, bytes);
}

void *__wrap_slu_arena_alloc(struct slu_arena *arena, size_t bytes) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc(arena, bytes);
}

void *__wrap_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc_array(arena, count, size);
}

char *__wrap_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc_bytes(arena, bytes);
}

bool __wrap_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to) {
    return !arena_fails(arena) && __real_slu_arena_copy_string(arena, from, to);
}

/* ---- what a run leaves behind ---- */

struct content {
    char *bytes; /* new; NULL: there is no such file */
    size_t length;
};

static struct content read_content(int descriptor) {
    struct content content = {NULL, 0};
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        return content;
    }
    content.bytes = __real_malloc((size_t)status.st_size + 1);
    ssize_t got = content.bytes ? pread(descriptor, content.bytes, (size_t)status.st_size, 0) : -1;
    content.length = got < 0 ? 0 : (size_t)got;
    return content;
}

static struct content read_path(const char *path) {
    int descriptor = open(path, O_RDONLY);
    struct content content = read_content(descriptor);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return content;
}

static bool same(struct content left, struct content right) {
    return (left.bytes == NULL) == (right.bytes == NULL) && left.length == right.length &&
           (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

/* A file that the command line names, and may write. */
struct file {
    const char *path;
    struct content before, after; /* an undisturbed run */
};

struct command {
    int argc;
    char **argv;
    int out, errors; /* files in memory that take the child's output */
    struct file files[FILES];
    size_t file_count;
    int status; /* of an undisturbed run, as the rest */
    struct content printed;
};

static void restore(const struct file *file) {
    struct content now = read_path(file->path);
    if (!same(now, file->before)) {
        int descriptor = open(file->path, O_WRONLY | O_TRUNC);
        if (descriptor < 0 || write(descriptor, file->before.bytes, file->before.length) < 0) {
            perror(file->path);
        }
        close(descriptor);
    }
    free(now.bytes);
}

/* ---- running ---- */

/* The child's whole life: its exit status tells the parent. */
static void run_child(const struct command *command, uint64_t which) {
    dup2(command->out, STDOUT_FILENO);
    dup2(command->errors, STDERR_FILENO);
    lseek(STDIN_FILENO, 0, SEEK_SET);
    json_set_alloc_funcs(__wrap_malloc, free);
    *made = 0;
    failing_one = which;
    exit(slu_cli_main(command->argc, command->argv));
}

static void empty(int descriptor) {
    if (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0) {
        perror("allocation");
    }
}

/* What is wrong with the child's end whatever it did, or NULL. */
static const char *run_once(const struct command *command, uint64_t which, int *exit_status) {
    int status = 0;
    empty(command->out);
    empty(command->errors);
    for (size_t i = 0; i < command->file_count; i++) {
        restore(&command->files[i]);
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_child(command, which);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return "could not be run";
    }
    if (!WIFEXITED(status)) {
        return "crashed";
    }
    *exit_status = WEXITSTATUS(status);
    if (*exit_status == SANITIZER_STATUS) {
        return "was reported by a sanitizer";
    }
    return *exit_status <= 2 ? NULL : "ended with a strange status";
}

static const char *compare_files(const struct command *command) {
    const char *complaint = NULL;
    for (size_t i = 0; i < command->file_count; i++) {
        struct content now = read_path(command->files[i].path);
        if (!same(now, command->files[i].before) && !same(now, command->files[i].after)) {
            complaint = "left a file half written";
        }
        free(now.bytes);
    }
    return complaint;
}

static const char *run_failing(const struct command *command, uint64_t which) {
    int status;
    const char *complaint = run_once(command, which, &status);
    if (complaint) {
        return complaint;
    }
    struct content printed = read_content(command->out), said = read_content(command->errors);
    if (status == 2 && command->status != 2) {
        complaint = said.length == 0 ? "ended in silence" : NULL;
    } else if (status != command->status) {
        complaint = "changed the exit status";
    } else if (status != 2 && !same(printed, command->printed)) {
        complaint = "changed the answer";
    }
    free(printed.bytes);
    free(said.bytes);
    return complaint ? complaint : compare_files(command);
}

static void show_errors(const struct command *command) {
    struct content said = read_content(command->errors);
    fwrite(said.bytes, 1, said.length, stdout);
    free(said.bytes);
}

static const char *run_undisturbed(struct command *command) {
    for (int i = 1; i < command->argc && command->file_count < FILES; i++) {
        struct file file = {command->argv[i], read_path(command->argv[i]), {NULL, 0}};
        if (file.before.bytes) {
            command->files[command->file_count++] = file;
        }
    }
    const char *complaint = run_once(command, 0, &command->status);
    command->printed = read_content(command->out);
    for (size_t i = 0; i < command->file_count; i++) {
        command->files[i].after = read_path(command->files[i].path);
    }
    return complaint;
}

static unsigned long run_all(struct command *command, uint64_t from, uint64_t every, unsigned long *passed) {
    const char *complaint = run_undisturbed(command);
    uint64_t total = *made;
    unsigned long failed = complaint != NULL;
    if (complaint) {
        printf("without a failure: %s\n", complaint);
        show_errors(command);
    }
    for (uint64_t which = from; !failed && which <= total; which += every) {
        complaint = run_failing(command, which);
        if (complaint) {
            failed++;
            printf("allocation %llu of %llu: %s\n", (unsigned long long)which, (unsigned long long)total, complaint);
            show_errors(command);
        } else {
            ++*passed;
        }
    }
    for (size_t i = 0; i < command->file_count; i++) {
        restore(&command->files[i]);
        free(command->files[i].before.bytes);
        free(command->files[i].after.bytes);
    }
    free(command->printed.bytes);
    return failed;
}

int main(int argc, char **argv) {
    static char name[] = "sluice";
    uint64_t every = 1, from = 1;
    int first = 1;
    for (; first + 1 < argc && strcmp(argv[first], "--") != 0; first++) {
        if (strcmp(argv[first], "--every") == 0) {
            every = strtoull(argv[++first], NULL, 10);
        } else if (strcmp(argv[first], "--from") == 0) {
            from = strtoull(argv[++first], NULL, 10);
        } else if (strcmp(argv[first], "--heap") == 0) {
            heap_only = true;
        }
    }
    if (first >= argc || strcmp(argv[first], "--") != 0 || every == 0 || from == 0) {
        fprintf(stderr, "usage: allocation [--every N] [--from N] [--heap] -- ARGUMENT...\n");
        return 2;
    }
    argv[first] = name;
    struct command command = {.argc = argc - first,
                              .argv = argv + first,
                              .out = memfd_create("out", MFD_CLOEXEC),
                              .errors = memfd_create("errors", MFD_CLOEXEC)};
    made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED || command.out < 0 || command.errors < 0) {
        perror("allocation");
        return 2;
    }
    unsigned long passed = 0;
    unsigned long failed = run_all(&command, from, every, &passed);
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed > 0;
}
