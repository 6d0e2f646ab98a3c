/* sluice compile: keeps compiled rules in a file. */
#include "tools/cli/cli.h"
#include "tools/cli/load.h"
#include "tools/cli/replace.h"

#include "engine/base/limits.h"

#include <string.h>

struct saving {
    struct cli *cli;
    const char *path;
};

static bool write_program(void *context, struct sluice_string bytes) {
    struct saving *saving = context;
    if (bytes.length > SLU_LIMIT_SAVED_BYTES) {
        cli_complain("the compiled rules take %zu bytes, and a file of them has at most %u", bytes.length,
                     (unsigned)SLU_LIMIT_SAVED_BYTES);
        return false;
    }
    struct slu_string text = {bytes.bytes, bytes.length};
    return strcmp(saving->path, "-") == 0 ? cli_output_write(&saving->cli->out, text)
                                          : cli_file_replace(saving->path, text);
}

enum cli_status cli_compile(struct cli *cli) {
    struct cli_rules rules = {0};
    struct saving saving = {.cli = cli, .path = cli->options.values[CLI_OPTION_OUTPUT]};
    struct sluice_writer writer = {&saving, write_program};
    enum sluice_status status = SLUICE_LIMIT;
    if (saving.path == NULL) {
        cli_complain("compile needs a file to write: sluice compile -o FILE PATH...");
        return CLI_COULD_NOT_RUN;
    }
    if (cli_rules_load(cli, &rules)) {
        status = sluice_program_save(rules.program, &writer);
    }
    if (status == SLUICE_NO_MEMORY) {
        cli_complain("out of memory");
    }
    cli_rules_free(&rules);
    return status == SLUICE_OK ? CLI_FINE : CLI_COULD_NOT_RUN;
}
