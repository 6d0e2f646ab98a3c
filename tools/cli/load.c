#include "tools/cli/load.h"

#include "tools/cli/output.h"

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

enum sluice_status cli_rules_compile_files(struct cli_rules *rules) {
    struct sluice_file *files = list_files(&rules->files);
    if (files == NULL) {
        cli_complain("out of memory");
        return SLUICE_NO_MEMORY;
    }
    struct sluice_host host = {.context = &rules->zones, .read_zone = cli_zone_read};
    enum sluice_status status = (rules->compared ? slu_compile_to_compare : slu_compile_files)(
        files, rules->files.count, &host, &rules->program, &rules->diagnostics);
    free(files);
    if (status != SLUICE_OK && status != SLUICE_INVALID) {
        cli_complain("out of memory");
    }
    return status;
}

bool cli_rules_load(struct cli *cli, struct cli_rules *rules) {
    enum sluice_status status = cli_rules_compile(cli, rules);
    if (status == SLUICE_INVALID) {
        cli_diagnostics_print(cli, &rules->diagnostics, SLU_SEVERITY_ERROR);
    }
    return status == SLUICE_OK;
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
