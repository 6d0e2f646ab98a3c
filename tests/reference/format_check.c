/* For every .rules file named (or in a folder named): formatting twice equals
 * formatting once, keeps every comment, and does not change the bytecode.
 * usage: format_check PATH... */
#include "engine/compile/compile.h"
#include "grammar/format.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static unsigned long passed;
static unsigned long failed;

static bool read_whole(const char *path, struct slu_buffer *out) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        slu_buffer_add(out, (struct slu_string){block, got});
    }
    fclose(file);
    return !out->failed;
}

static bool format_text(struct slu_string text, struct slu_buffer *out) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_sources sources;
    slu_sources_init(&sources, &arena);
    struct slu_diagnostics diagnostics;
    slu_diagnostics_init(&diagnostics, &arena, &sources);
    uint32_t file = 0;
    bool done = slu_sources_add(&sources, SLU_STRING("a.rules"), text, false, &file) &&
                slu_format(&sources, file, &arena, &diagnostics, out) == SLUICE_OK && !out->failed;
    slu_arena_free(&arena);
    return done;
}

static struct sluice_program *compile_text(struct slu_string text) {
    struct sluice_file file = {{"a.rules", 7}, {text.bytes, text.length}};
    struct sluice_host host = {0};
    struct sluice_program *program = NULL;
    struct slu_diagnostics diagnostics;
    if (slu_compile_files(&file, 1, &host, &program, &diagnostics) != SLUICE_OK) {
        sluice_program_free(program);
        return NULL;
    }
    return program;
}

static bool same_value(struct slu_value left, struct slu_value right) {
    if (left.type != right.type) {
        return false;
    }
    if (left.type == SLU_TYPE_TEXT) {
        return slu_string_equal(left.as.text->raw, right.as.text->raw);
    }
    if (left.type == SLU_TYPE_FLAG) {
        return left.as.flag == right.as.flag;
    }
    if (left.type == SLU_TYPE_LIST) {
        bool same = left.as.list->count == right.as.list->count;
        for (size_t i = 0; same && i < left.as.list->count; i++) {
            same = same_value(left.as.list->items[i], right.as.list->items[i]);
        }
        return same;
    }
    return memcmp(&left.as.number, &right.as.number, sizeof left.as.number) == 0;
}

static bool same_bytecode(const struct sluice_program *left, const struct sluice_program *right) {
    if (left->code_count != right->code_count || left->constant_count != right->constant_count ||
        left->pattern_count != right->pattern_count || left->slot_count != right->slot_count ||
        left->rule_count != right->rule_count || left->action_count != right->action_count ||
        left->argument_count != right->argument_count || left->allowance_count != right->allowance_count ||
        left->guard_count != right->guard_count) {
        return false;
    }
    if (left->code_count > 0 && memcmp(left->code, right->code, left->code_count * sizeof *left->code) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < left->constant_count; i++) {
        if (!same_value(left->constants[i], right->constants[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < left->pattern_count; i++) {
        if (!slu_string_equal(slu_pattern_text(left->patterns[i]), slu_pattern_text(right->patterns[i]))) {
            return false;
        }
    }
    return true;
}

/* Comments are what follows a `#` outside texts and patterns; the generated
 * programs mark theirs so that counting the marks is enough. */
static size_t count_comments(struct slu_string text) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < text.length; i++) {
        count += text.bytes[i] == '#' && text.bytes[i + 1] == ' ';
    }
    return count;
}

static const char *check(struct slu_string text) {
    const char *complaint = NULL;
    struct slu_buffer once;
    struct slu_buffer twice;
    slu_buffer_init(&once);
    slu_buffer_init(&twice);
    struct sluice_program *before = compile_text(text);
    struct sluice_program *after = NULL;
    if (!format_text(text, &once)) {
        complaint = "does not format";
    } else if (!format_text(slu_buffer_string(&once), &twice)) {
        complaint = "does not format twice";
    } else if (!slu_string_equal(slu_buffer_string(&once), slu_buffer_string(&twice))) {
        complaint = "formatting twice differs from once";
    } else if (count_comments(text) != count_comments(slu_buffer_string(&once))) {
        complaint = "a comment was lost or made";
    } else if (before != NULL) {
        after = compile_text(slu_buffer_string(&once));
        if (after == NULL || !same_bytecode(before, after)) {
            complaint = "the bytecode changed";
        }
    }
    sluice_program_free(before);
    sluice_program_free(after);
    slu_buffer_free(&once);
    slu_buffer_free(&twice);
    return complaint;
}

static void check_file(const char *path) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    const char *complaint = read_whole(path, &text) ? check(slu_buffer_string(&text)) : "cannot be read";
    if (complaint == NULL) {
        passed++;
    } else {
        failed++;
        printf("%s: %s\n", path, complaint);
    }
    slu_buffer_free(&text);
}

static void check_path(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        check_file(path);
        return;
    }
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        char name[4096];
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name) {
            continue;
        }
        bool rules = length > 6 && strcmp(entry->d_name + length - 6, ".rules") == 0;
        if (rules) {
            check_file(name);
        } else if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
            check_path(name);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        check_path(argv[i]);
    }
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed > 0;
}
