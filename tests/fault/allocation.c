/* Runs one command line of sluice once per allocation it makes, each time with
 * that allocation failing, in a child of its own. Passes when no child crashes
 * and, in a sanitizer build, none leaks.
 *
 * usage: allocation [--every N] -- ARGUMENT...   (standard input is re-read for each run)
 *
 * Linked with --wrap for malloc, calloc and realloc; jansson is told to use them. */
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int slu_cli_main(int argc, char **argv);

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

enum { LEAK_STATUS = 99 }; /* what ASAN_OPTIONS=exitcode gives */

static uint64_t *made;       /* allocations so far in the child; shared with the parent */
static uint64_t failing_one; /* 0: none fails */

static bool fails(void) {
    return ++*made == failing_one;
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

/* The child's whole life: its exit status tells the parent. */
static void run_child(int argc, char **argv, uint64_t which) {
    int null = open("/dev/null", O_WRONLY);
    if (null >= 0) {
        dup2(null, STDOUT_FILENO);
    }
    lseek(STDIN_FILENO, 0, SEEK_SET);
    json_set_alloc_funcs(__wrap_malloc, free);
    *made = 0;
    failing_one = which;
    exit(slu_cli_main(argc, argv));
}

/* What is wrong with the child's end, or NULL. */
static const char *run_once(int argc, char **argv, uint64_t which) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_child(argc, argv, which);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return "could not be run";
    }
    if (!WIFEXITED(status)) {
        return "crashed";
    }
    if (WEXITSTATUS(status) == LEAK_STATUS) {
        return "was reported by a sanitizer";
    }
    return WEXITSTATUS(status) <= 2 ? NULL : "ended with a strange status";
}

int main(int argc, char **argv) {
    uint64_t every = 1;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--every") == 0) {
        every = strtoull(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || strcmp(argv[first], "--") != 0 || every == 0) {
        fprintf(stderr, "usage: allocation [--every N] -- ARGUMENT...\n");
        return 2;
    }
    static char name[] = "sluice";
    argv[first] = name;
    made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) {
        return 2;
    }
    unsigned long passed = 0;
    unsigned long failed = 0;
    const char *complaint = run_once(argc - first, argv + first, 0);
    uint64_t total = *made;
    for (uint64_t which = 1; complaint == NULL && which <= total; which += every) {
        complaint = run_once(argc - first, argv + first, which);
        passed += complaint == NULL;
        if (complaint != NULL) {
            printf("allocation %llu of %llu: %s\n", (unsigned long long)which, (unsigned long long)total, complaint);
        }
    }
    failed += complaint != NULL;
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed > 0;
}
