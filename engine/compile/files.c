/* From the texts of files to a verified program. */
#include "engine/base/limits.h"
#include "engine/check/check.h"
#include "engine/compile/compile.h"
#include "engine/compile/compiler.h"
#include "grammar/parse.h"
#include "stdlib/standard.h"

#include <assert.h>

/* Adds a file whose text has a NUL byte behind it. */
static bool add_source(struct sluice_program *program, struct slu_string name, struct slu_string text, bool standard) {
    uint32_t number;
    if (!slu_sources_add(&program->sources, name, text, standard, &number)) {
        return false;
    }
    program->sources.items[number].terminated = true;
    return true;
}

/* What becomes of the texts of files; their names are copied. */
enum texts { TEXTS_COPIED, TEXTS_BORROWED };

/* False when out of memory. */
static bool add_file(struct sluice_program *program, const struct sluice_file *file, enum texts texts) {
    struct slu_string name = {file->name.bytes, file->name.length}, text = {file->text.bytes, file->text.length};
    return slu_arena_copy_string(&program->arena, name, &name) &&
           (texts == TEXTS_BORROWED || slu_arena_copy_terminated(&program->arena, text, &text)) &&
           add_source(program, name, text, false);
}

static bool add_sources(struct sluice_program *program, const struct sluice_file *files, size_t count,
                        enum texts texts) {
    for (uint32_t i = 0; i < slu_standard_file_count; i++) {
        if (!add_source(program, slu_standard_files[i].name, slu_standard_files[i].text, true)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_file(program, &files[i], texts)) {
            return false;
        }
    }
    return true;
}

/* Where there are too many files the first one past the limit carries the finding. */
static void refuse_files(struct sluice_program *program, const struct sluice_file *first,
                         struct slu_diagnostics *diagnostics) {
    if (add_file(program, first, TEXTS_COPIED)) {
        struct slu_span span = {program->sources.count - 1, 0, 0};
        slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_LIMIT, span, "too many files, at most %u",
                            (unsigned)SLU_LIMIT_FILES);
    }
}

static enum sluice_status parse_all(struct sluice_program *program, struct slu_diagnostics *diagnostics,
                                    struct slu_tree **trees) {
    *trees = SLU_NEW_ARRAY(&program->arena, struct slu_tree, program->sources.count);
    if (*trees == NULL) {
        return SLUICE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < program->sources.count; i++) {
        enum sluice_status status = slu_parse(&program->sources, i, &program->arena, diagnostics, &(*trees)[i]);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

static enum sluice_status make_code(struct sluice_program *program, bool indexed, struct slu_diagnostics *diagnostics) {
    enum sluice_status status = slu_compile_model(program->model, indexed, diagnostics, program);
    if (status != SLUICE_OK) {
        return status;
    }
    uint32_t at;
    const char *reason;
    bool accepted = slu_program_verify(program, &at, &reason);
    assert(accepted);
    return accepted ? SLUICE_OK : SLUICE_INVALID;
}

static enum sluice_status check_and_compile(struct sluice_program *program, const struct sluice_host *host, bool wholly,
                                            struct slu_diagnostics *diagnostics) {
    struct slu_tree *trees;
    struct slu_model *model = SLU_NEW(&program->arena, struct slu_model);
    enum sluice_status status = model == NULL ? SLUICE_NO_MEMORY : parse_all(program, diagnostics, &trees);
    if (status != SLUICE_OK) {
        return status;
    }
    program->model = model;
    status =
        slu_check(trees, program->sources.count, &program->sources, host, wholly, &program->arena, diagnostics, model);
    if (status == SLUICE_NO_MEMORY || diagnostics->error_count > 0) {
        return status == SLUICE_NO_MEMORY ? status : SLUICE_INVALID;
    }
    program->lacks_code = !wholly && slu_compile_is_small(model, &program->arena);
    return program->lacks_code ? SLUICE_OK : make_code(program, wholly, diagnostics);
}

enum sluice_status slu_compile_rest(struct sluice_program *program) {
    if (!program->lacks_code) {
        return SLUICE_OK;
    }
    struct slu_diagnostics nothing;
    slu_diagnostics_init(&nothing, &program->arena, &program->sources);
    enum sluice_status status = make_code(program, false, &nothing);
    assert(status != SLUICE_INVALID);
    program->lacks_code = status != SLUICE_OK;
    return status == SLUICE_OK ? SLUICE_OK : SLUICE_NO_MEMORY;
}

static enum sluice_status compile(const struct sluice_file *files, size_t count, enum texts texts,
                                  const struct sluice_host *host, bool wholly, struct sluice_program **program,
                                  struct slu_diagnostics *diagnostics) {
    *program = slu_program_new();
    if (*program == NULL) {
        return SLUICE_NO_MEMORY;
    }
    struct sluice_program *made = *program;
    slu_diagnostics_init(diagnostics, &made->arena, &made->sources);
    bool too_many = count > SLU_LIMIT_FILES;
    bool added = add_sources(made, files, too_many ? 0 : count, texts);
    enum sluice_status status = SLUICE_INVALID;
    if (too_many) {
        refuse_files(made, &files[SLU_LIMIT_FILES], diagnostics);
    } else if (added) {
        status = check_and_compile(made, host, wholly, diagnostics);
    }
    if (!added || diagnostics->failed || made->arena.failed) {
        status = SLUICE_NO_MEMORY;
    }
    if (status == SLUICE_NO_MEMORY) {
        slu_program_free(made);
        *program = NULL;
        return status;
    }
    slu_diagnostics_sort(diagnostics);
    return status;
}

enum sluice_status slu_compile_files(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                     struct sluice_program **program, struct slu_diagnostics *diagnostics) {
    return compile(files, count, TEXTS_COPIED, host, true, program, diagnostics);
}

enum sluice_status slu_compile_borrowed(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                        struct sluice_program **program, struct slu_diagnostics *diagnostics) {
    return compile(files, count, TEXTS_BORROWED, host, true, program, diagnostics);
}

enum sluice_status slu_compile_to_compare(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                          struct sluice_program **program, struct slu_diagnostics *diagnostics) {
    return compile(files, count, TEXTS_BORROWED, host, false, program, diagnostics);
}
