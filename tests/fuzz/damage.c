/* Damages a saved program at every byte and cuts it off at every length, and hands
 * each to the fuzz target `load`; as files, whose checksum then is wrong, all are refused.
 *
 * usage: damage FILE.rules [STEP]    STEP: only every so manieth byte */
#include "engine/base/buffer.h"
#include "engine/code/save.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 65536 };

static void require(bool holds, const char *what, size_t at) {
    if (!holds) {
        fprintf(stderr, "%s (byte %zu)\n", what, at);
        exit(1);
    }
}

static bool is_refused(const char *bytes, size_t length) {
    struct sluice_error error = {.code = ""};
    sluice_program *program;
    bool refused = sluice_program_load((struct sluice_string){bytes, length}, &program, &error) == SLUICE_INVALID;
    sluice_program_free(program);
    return refused && error.message[0] != '\0';
}

/* An exact-size copy, so that a sanitizer sees a read past the end. */
static void try_archive(const char *bytes, size_t length) {
    uint8_t *exact = malloc(length == 0 ? 1 : length);
    require(exact != NULL, "no memory", 0);
    memcpy(exact, bytes, length);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
}

static void damage(char *file, size_t length, size_t step) {
    static const unsigned char flips[] = {0x01, 0x02, 0x80, 0xFF};
    for (size_t at = 0; at < length; at += at < SLU_SAVED_HEADER_BYTES ? 1 : step) {
        require(is_refused(file, at), "cut off, it is accepted", at);
        for (size_t i = 0; i < sizeof flips; i++) {
            file[at] = (char)((unsigned char)file[at] ^ flips[i]);
            require(is_refused(file, length), "damaged, it is accepted", at);
            if (at >= SLU_SAVED_HEADER_BYTES) {
                try_archive(file + SLU_SAVED_HEADER_BYTES, length - SLU_SAVED_HEADER_BYTES);
            }
            file[at] = (char)((unsigned char)file[at] ^ flips[i]);
        }
        if (at >= SLU_SAVED_HEADER_BYTES) {
            try_archive(file + SLU_SAVED_HEADER_BYTES, at - SLU_SAVED_HEADER_BYTES);
        }
    }
}

int main(int count, char **words) {
    static char text[TEXT_MAX];
    FILE *input = count >= 2 ? fopen(words[1], "rb") : NULL;
    require(input != NULL, "give a file of rules", 0);
    size_t length = fread(text, 1, sizeof text, input);
    fclose(input);
    struct sluice_file file = {{words[1], strlen(words[1])}, {text, length}};
    sluice_program *program;
    require(sluice_compile(&file, 1, NULL, &program) == SLUICE_OK, "the rules do not compile", 0);
    struct slu_buffer saved;
    slu_buffer_init(&saved);
    slu_program_save(program, &saved);
    sluice_program_free(program);
    require(!saved.failed, "no memory", 0);
    try_archive(saved.bytes + SLU_SAVED_HEADER_BYTES, saved.length - SLU_SAVED_HEADER_BYTES);
    require(!is_refused(saved.bytes, saved.length), "as it was written it is refused", 0);
    damage(saved.bytes, saved.length, count == 3 ? strtoul(words[2], NULL, 10) : 1);
    printf("%zu bytes\n", saved.length);
    slu_buffer_free(&saved);
    return 0;
}
