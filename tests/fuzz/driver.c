/* Runs a fuzz target over every file named on the command line, or in the
 * directories named: the kept corpora, as a plain test without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static unsigned long files_run;

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    uint8_t *bytes = NULL;
    size_t length = 0;
    size_t capacity = 0;
    for (;;) {
        if (length == capacity) {
            capacity = capacity == 0 ? 65536 : capacity * 2;
            uint8_t *larger = realloc(bytes, capacity);
            if (larger == NULL) {
                free(bytes);
                fclose(file);
                return 1;
            }
            bytes = larger;
        }
        size_t got = fread(bytes + length, 1, capacity - length, file);
        if (got == 0) {
            break;
        }
        length += got;
    }
    fclose(file);
    /* An exact-size copy, so that a sanitizer sees a read past the end. */
    uint8_t *exact = malloc(length == 0 ? 1 : length);
    if (exact != NULL) {
        memcpy(exact, bytes, length);
        LLVMFuzzerTestOneInput(exact, length);
        files_run++;
    }
    free(exact);
    free(bytes);
    return exact == NULL;
}

static int run_directory(const char *path) {
    DIR *directory = opendir(path);
    if (directory == NULL) {
        perror(path);
        return 1;
    }
    int failed = 0;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        char name[4096];
        struct stat status;
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (length > 0 && (size_t)length < sizeof name && stat(name, &status) == 0 && S_ISREG(status.st_mode)) {
            failed |= run_file(name);
        }
    }
    closedir(directory);
    return failed;
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            failed |= run_directory(argv[i]);
        } else {
            failed |= run_file(argv[i]);
        }
    }
    printf("%lu passed, %d failed\n", files_run, failed);
    return failed || files_run == 0; /* a corpus that is not there tests nothing */
}
