/* Runs a fuzz target over the files of folders, so that corpora are regression
 * tests without a fuzzer. The target aborts where something is wrong. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ran;

static int run_file(const char *path) {
    uint8_t *bytes = NULL;
    long size;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0) {
        perror(path);
        fclose(file);
        return 1;
    }
    /* Of the exact size: a sanitizer then sees each byte read too far. */
    bytes = malloc(size > 0 ? (size_t)size : 1);
    int failed = !bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size;
    fclose(file);
    if (!failed) {
        LLVMFuzzerTestOneInput(bytes, (size_t)size);
        ran++;
    }
    free(bytes);
    return failed;
}

static int run_folder(const char *path) {
    int failed = 0;
    char file[4096];
    DIR *folder = opendir(path);
    if (!folder) {
        perror(path);
        return 1;
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] != '.' && snprintf(file, sizeof file, "%s/%s", path, entry->d_name) < (int)sizeof file) {
            failed += run_file(file);
        }
    }
    closedir(folder);
    return failed;
}

int main(int argument_count, char **arguments) {
    int failed = 0;
    for (int i = 1; i < argument_count; i++) {
        failed += run_folder(arguments[i]);
    }
    printf("%d passed, %d failed\n", ran, failed);
    return failed > 0 || ran == 0;
}
