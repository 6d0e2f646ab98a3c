/* Runs one command line of sluice with each of its allocations failing in turn,
 * each in a process of its own. It passes when the failure changed nothing, or
 * ended in exit status 2 and a message; when no sanitizer complained; when
 * every block was freed that a run without failure frees; and when each file
 * named on the command line holds what it held before or what that run makes of it.
 *
 * usage: allocation [--every N] [--from N] [--heap] -- ARGUMENT...   (standard input is a file)
 * --heap: what arenas hand out does not count, only what the system is asked for.
 *
 * A process leads: it runs the command without failure, and forks at each
 * allocation one that goes on from there with the failure. What the two share,
 * places in open files and what was printed, is put back afterwards. Where that
 * cannot be done (a pipe is open, threads run), and where a fork did badly, the
 * command is run from its beginning to the same allocation. */
#include "tests/fault/failing.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int slu_cli_main(int argc, char **argv);

enum {
    LEAK_STATUS = 98,
    SANITIZER_STATUS = 99, /* what ASAN_OPTIONS=exitcode gives */
    FILES = 16,
    DESCRIPTORS = 32,
    AGAIN = 1 << 16,
    SECONDS = 300 /* after which a process hangs */
};

struct content {
    char *bytes; /* new; NULL: there is no such file */
    size_t length;
};

/* A file that the command line names, and may write. */
struct file {
    const char *path;
    struct content before, after; /* an undisturbed run */
};

/* What the processes tell each other: in memory that they share. */
struct shared {
    uint64_t total; /* allocations of an undisturbed run */
    size_t blocks;  /* which it leaves behind */
    unsigned long passed;
    uint64_t again[AGAIN]; /* to be run from the beginning */
    uint32_t again_count;
};

struct command {
    int argc;
    char **argv;
    bool heap_only;
    uint64_t from, every;
    int out, errors; /* files in memory that take the processes' output */
    struct file files[FILES];
    size_t file_count;
    int status; /* of an undisturbed run, as the rest */
    struct content printed;
    struct shared *shared;
};

/* ---- what a run leaves behind ---- */

static struct content read_content(int descriptor) {
    struct content content = {NULL, 0};
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        return content;
    }
    content.bytes = slu_failing_own((size_t)status.st_size + 1);
    ssize_t got = content.bytes ? pread(descriptor, content.bytes, (size_t)status.st_size, 0) : -1;
    content.length = got < 0 ? 0 : (size_t)got;
    return content;
}

static struct content read_path(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
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

static void restore(const char *path, struct content content) {
    struct content now = read_path(path);
    if (!same(now, content)) {
        int descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
        if (descriptor < 0 || write(descriptor, content.bytes, content.length) < 0) {
            perror(path);
        }
        close(descriptor);
    }
    slu_failing_own_free(now.bytes);
}

static const char *compare_files(const struct command *command) {
    const char *complaint = NULL;
    for (size_t i = 0; i < command->file_count; i++) {
        struct content now = read_path(command->files[i].path);
        if (!same(now, command->files[i].before) && !same(now, command->files[i].after)) {
            complaint = "left a file half written";
        }
        slu_failing_own_free(now.bytes);
    }
    return complaint;
}

/* What is wrong with a process's end whatever it did, or NULL. */
static const char *judge_end(pid_t child, int *exit_status) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return "could not be run";
    }
    if (!WIFEXITED(status)) {
        return "crashed or hung";
    }
    *exit_status = WEXITSTATUS(status);
    if (*exit_status == SANITIZER_STATUS) {
        return "was reported by a sanitizer";
    }
    if (*exit_status == LEAK_STATUS) {
        return "left memory behind";
    }
    return *exit_status <= 2 ? NULL : "ended with a strange status";
}

/* The same of a run with a failure, which may do what an undisturbed one did or say that it cannot. */
static const char *judge(const struct command *command, pid_t child) {
    int status;
    const char *complaint = judge_end(child, &status);
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
    slu_failing_own_free(printed.bytes);
    slu_failing_own_free(said.bytes);
    return complaint ? complaint : compare_files(command);
}

/* ---- running from the beginning ---- */

static bool is_the_one(void *context, uint64_t number) {
    return number == *(const uint64_t *)context;
}

static void empty(int descriptor) {
    if (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0) {
        perror("allocation");
    }
}

/* A process's whole life: its exit status tells the parent. */
static void run_child(const struct command *command, slu_failing_choice *choose, void *context, bool undisturbed) {
    dup2(command->out, STDOUT_FILENO);
    dup2(command->errors, STDERR_FILENO);
    lseek(STDIN_FILENO, 0, SEEK_SET);
    alarm(undisturbed ? 0 : SECONDS);
    slu_failing_start(choose, context, command->heap_only);
    int status = slu_cli_main(command->argc, command->argv);
    if (undisturbed) {
        command->shared->total = slu_failing_count();
        command->shared->blocks = slu_failing_blocks();
    }
    exit(slu_failing_blocks() > command->shared->blocks ? LEAK_STATUS : status);
}

static pid_t start(const struct command *command, slu_failing_choice *choose, void *context, bool undisturbed) {
    empty(command->out);
    empty(command->errors);
    for (size_t i = 0; i < command->file_count; i++) {
        restore(command->files[i].path, command->files[i].before);
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_child(command, choose, context, undisturbed);
    }
    return child;
}

/* ---- running on from an allocation of the leader ---- */

struct leader {
    const struct command *command;
    uint64_t next; /* the number of the next allocation that is to fail */
    bool leads;    /* false: this is the process with the failure */
};

/* What the leader and its forks share. */
struct places {
    off_t of[DESCRIPTORS]; /* -1: none */
    off_t printed, said;
    struct content files[FILES];
};

/* A fork has one thread only, which may wait for what others held. */
static bool has_threads(void) {
    struct stat status; /* links: itself, its parent, and one for each thread */
    return stat("/proc/self/task", &status) != 0 || status.st_nlink > 3;
}

/* False where something could not be put back. */
static bool note_places(const struct command *command, struct places *places) {
    struct stat status;
    if (has_threads()) {
        return false;
    }
    for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
        places->of[descriptor] = lseek(descriptor, 0, SEEK_CUR);
        if (descriptor > STDERR_FILENO && fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode)) {
            return false;
        }
    }
    places->printed = fstat(command->out, &status) == 0 ? status.st_size : 0;
    places->said = fstat(command->errors, &status) == 0 ? status.st_size : 0;
    for (size_t i = 0; i < command->file_count; i++) {
        places->files[i] = read_path(command->files[i].path);
    }
    return true;
}

static void put_back(const struct command *command, struct places *places) {
    if (ftruncate(command->out, places->printed) != 0 || ftruncate(command->errors, places->said) != 0) {
        perror("allocation");
    }
    for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
        if (places->of[descriptor] >= 0) {
            lseek(descriptor, places->of[descriptor], SEEK_SET);
        }
    }
    for (size_t i = 0; i < command->file_count; i++) {
        restore(command->files[i].path, places->files[i]);
        slu_failing_own_free(places->files[i].bytes);
    }
}

static void run_again(struct shared *shared, uint64_t number) {
    if (shared->again_count < AGAIN) {
        shared->again[shared->again_count++] = number;
    }
}

/* In the process with the failure: true. */
static bool fork_here_alone(struct leader *leader, uint64_t number) {
    const struct command *command = leader->command;
    struct places places;
    if (!leader->leads || number < leader->next) {
        return false;
    }
    leader->next = number + command->every;
    if (!note_places(command, &places)) {
        run_again(command->shared, number);
        return false;
    }
    pid_t child = fork();
    if (child == 0) {
        leader->leads = false;
        alarm(SECONDS);
        return true;
    }
    if (judge(command, child) != NULL) {
        run_again(command->shared, number);
    } else {
        command->shared->passed++;
    }
    put_back(command, &places);
    return false;
}

static bool fork_here(void *context, uint64_t number) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* the command's threads allocate at the same time */
    pthread_mutex_lock(&lock);
    bool fails = fork_here_alone(context, number);
    pthread_mutex_unlock(&lock);
    return fails;
}

/* ---- one command ---- */

static void show(int descriptor) {
    struct content content = read_content(descriptor);
    fwrite(content.bytes, 1, content.length, stdout);
    slu_failing_own_free(content.bytes);
}

static void show_output(const struct command *command) {
    show(command->out);
    show(command->errors);
}

static const char *run_undisturbed(struct command *command) {
    for (int i = 1; i < command->argc && command->file_count < FILES; i++) {
        struct file file = {command->argv[i], read_path(command->argv[i]), {NULL, 0}};
        if (file.before.bytes) {
            command->files[command->file_count++] = file;
        }
    }
    command->shared->blocks = SIZE_MAX;
    const char *complaint = judge_end(start(command, NULL, NULL, true), &command->status);
    command->printed = read_content(command->out);
    for (size_t i = 0; i < command->file_count; i++) {
        command->files[i].after = read_path(command->files[i].path);
    }
    return complaint;
}

static void lead(const struct command *command) {
    struct leader leader = {command, command->from, true};
    const char *complaint = judge(command, start(command, fork_here, &leader, false));
    if (complaint) {
        printf("with forks: %s\n", complaint);
        run_again(command->shared, 0);
    }
}

static unsigned long run_all(struct command *command) {
    struct shared *shared = command->shared;
    const char *complaint = run_undisturbed(command);
    if (complaint) {
        printf("without a failure: %s\n", complaint);
        show_output(command);
        return 1;
    }
    lead(command);
    unsigned long failed = shared->again_count == AGAIN;
    for (uint32_t i = 0; i < shared->again_count; i++) {
        uint64_t number = shared->again[i];
        complaint = judge(command, start(command, is_the_one, &number, false));
        if (complaint) {
            failed++;
            printf("allocation %llu of %llu: %s\n", (unsigned long long)number, (unsigned long long)shared->total,
                   complaint);
            show_output(command);
        } else {
            shared->passed++;
        }
    }
    for (size_t i = 0; i < command->file_count; i++) {
        restore(command->files[i].path, command->files[i].before);
    }
    return failed;
}

static bool read_options(struct command *command, int argc, char **argv) {
    static char name[] = "sluice";
    int first = 1;
    for (; first + 1 < argc && strcmp(argv[first], "--") != 0; first++) {
        if (strcmp(argv[first], "--every") == 0) {
            command->every = strtoull(argv[++first], NULL, 10);
        } else if (strcmp(argv[first], "--from") == 0) {
            command->from = strtoull(argv[++first], NULL, 10);
        } else if (strcmp(argv[first], "--heap") == 0) {
            command->heap_only = true;
        }
    }
    if (first >= argc || strcmp(argv[first], "--") != 0 || command->every == 0 || command->from == 0) {
        return false;
    }
    argv[first] = name;
    command->argc = argc - first;
    command->argv = argv + first;
    return true;
}

int main(int argc, char **argv) {
    static struct command command = {.from = 1, .every = 1};
    if (!read_options(&command, argc, argv)) {
        fprintf(stderr, "usage: allocation [--every N] [--from N] [--heap] -- ARGUMENT...\n");
        return 2;
    }
    command.out = memfd_create("out", MFD_CLOEXEC);
    command.errors = memfd_create("errors", MFD_CLOEXEC);
    command.shared = mmap(NULL, sizeof *command.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (command.shared == MAP_FAILED || command.out < 0 || command.errors < 0) {
        perror("allocation");
        return 2;
    }
    unsigned long failed = run_all(&command);
    printf("%lu passed, %lu failed\n", command.shared->passed, failed);
    return failed > 0;
}
