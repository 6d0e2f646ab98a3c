#include "tools/cli/load.h"

#include "tools/cli/output.h"

#include "engine/base/limits.h"
#include "engine/code/save.h"
#include "engine/decide/decider.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct sluice_string public_string(const char *bytes, size_t length) {
    return (struct sluice_string){bytes, length};
}

enum sluice_status cli_rules_compile(struct cli *cli, struct cli_rules *rules) {
    *rules = (struct cli_rules){0};
    if (!cli_files_find(&rules->files, cli->options.paths, cli->options.path_count) || !cli_files_read(&rules->files)) {
        return SLUICE_LIMIT;
    }
    return cli_rules_compile_files(rules);
}

/* *New*, with room for one more; NULL when out of memory. */
static struct sluice_file *list_files(const struct cli_files *from) {
    struct sluice_file *files = calloc(from->count + 1, sizeof *files);
    for (size_t i = 0; files != NULL && i < from->count; i++) {
        const struct cli_file *file = &from->items[i];
        files[i].name = public_string(file->path, strlen(file->path));
        files[i].text = public_string(file->bytes, file->length);
    }
    return files;
}

enum sluice_status cli_rules_compile_with(const struct cli_rules *rules, struct slu_string name, struct slu_string text,
                                          struct cli_rules *whole) {
    struct sluice_file *files = list_files(&rules->files);
    size_t place = 0;
    *whole = (struct cli_rules){0};
    if (files == NULL) {
        return SLUICE_NO_MEMORY;
    }
    while (place < rules->files.count && !slu_string_is(name, rules->files.items[place].path)) {
        place++;
    }
    files[place].name = public_string(name.bytes, name.length);
    files[place].text = public_string(text.bytes, text.length);
    struct sluice_host host = {.context = &whole->zones, .read_zone = cli_zone_read};
    size_t count = rules->files.count + (place == rules->files.count);
    enum sluice_status status = slu_compile_files(files, count, &host, &whole->program, &whole->diagnostics);
    free(files);
    return status;
}

/* The file that holds compiled rules; NULL: all are texts. */
static struct cli_file *find_saved(const struct cli_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        if (slu_saved_begins((struct slu_string){files->items[i].bytes, files->items[i].length})) {
            return &files->items[i];
        }
    }
    return NULL;
}

enum sluice_status cli_rules_compile_files(struct cli_rules *rules) {
    const struct cli_file *saved = find_saved(&rules->files);
    if (saved != NULL) {
        cli_complain("%s holds compiled rules; this takes the .rules files that they were made of", saved->path);
        return SLUICE_LIMIT;
    }
    struct sluice_file *files = list_files(&rules->files);
    if (files == NULL) {
        cli_complain("out of memory");
        return SLUICE_NO_MEMORY;
    }
    struct sluice_host host = {.context = &rules->zones, .read_zone = cli_zone_read};
    enum sluice_status status = (rules->compared ? slu_compile_to_compare : slu_compile_borrowed)(
        files, rules->files.count, &host, &rules->program, &rules->diagnostics);
    free(files);
    if (status != SLUICE_OK && status != SLUICE_INVALID) {
        cli_complain("out of memory");
    }
    return status;
}

/* Prints errors. */
static bool can_be_used(struct cli *cli, struct cli_rules *rules, enum sluice_status status) {
    if (status == SLUICE_INVALID) {
        cli_diagnostics_print(cli, &rules->diagnostics, SLU_SEVERITY_ERROR);
    }
    return status == SLUICE_OK;
}

bool cli_rules_load(struct cli *cli, struct cli_rules *rules) {
    return can_be_used(cli, rules, cli_rules_compile(cli, rules));
}

/* Texts are read up to the length of a text; this file may be longer. */
static bool read_saved(struct cli_file *file) {
    if (file->length <= SLU_LIMIT_FILE_BYTES) {
        return true;
    }
    free(file->bytes);
    file->bytes = NULL;
    if (!cli_read_path(file->path, SLU_LIMIT_SAVED_BYTES, &file->bytes, &file->length)) {
        return false;
    }
    if (file->length > SLU_LIMIT_SAVED_BYTES) {
        cli_complain("%s is larger than the %u bytes that compiled rules may have", file->path,
                     (unsigned)SLU_LIMIT_SAVED_BYTES);
    }
    return file->length <= SLU_LIMIT_SAVED_BYTES;
}

static bool load_saved(struct cli_rules *rules, struct cli_file *file) {
    struct sluice_error error = {0};
    if (rules->files.count > 1) {
        cli_complain("%s holds compiled rules, which stand alone; give no other path beside it", file->path);
        return false;
    }
    if (!read_saved(file)) {
        return false;
    }
    enum sluice_status status = sluice_program_load(public_string(file->bytes, file->length), &rules->program, &error);
    if (status != SLUICE_OK) {
        cli_complain("cannot use %s: %s", file->path, error.message);
    }
    return status == SLUICE_OK;
}

bool cli_program_load(struct cli *cli, struct cli_rules *rules) {
    *rules = (struct cli_rules){0};
    if (!cli_files_find(&rules->files, cli->options.paths, cli->options.path_count) || !cli_files_read(&rules->files)) {
        return false;
    }
    struct cli_file *saved = find_saved(&rules->files);
    if (saved != NULL) {
        return load_saved(rules, saved);
    }
    if (!can_be_used(cli, rules, cli_rules_compile_files(rules))) {
        return false;
    }
    if (!slu_actions_share(rules->program)) {
        cli_complain("out of memory");
        return false;
    }
    return true;
}

void cli_rules_free(struct cli_rules *rules) {
    sluice_program_free(rules->program);
    cli_zones_free(&rules->zones);
    cli_files_free(&rules->files);
}

bool cli_diagnostics_print(struct cli *cli, struct slu_diagnostics *diagnostics, enum slu_severity least) {
    struct cli_output errors;
    cli_output_init(&errors, STDERR_FILENO);
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        if (diagnostics->items[i].severity <= least) {
            slu_diagnostic_render(diagnostics, &diagnostics->items[i], cli->colour, &errors.buffer);
            cli_output_step(&errors);
        }
    }
    return cli_output_finish(&errors, "standard error");
}
