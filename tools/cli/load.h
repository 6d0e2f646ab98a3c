/* Rules from the paths of the command line to a program. */
#ifndef SLU_CLI_LOAD_H
#define SLU_CLI_LOAD_H

#include "engine/compile/compile.h"
#include "tools/cli/cli.h"
#include "tools/cli/paths.h"
#include "tools/cli/zone.h"

struct cli_rules {
    struct cli_files files;
    struct cli_zones zones;
    struct sluice_program *program;     /* owned; NULL when nothing was compiled */
    struct slu_diagnostics diagnostics; /* on the program's arena */
    bool compared;                      /* to be set before compiling: only errors are wanted, few events are decided */
};

/* Finds, reads and compiles. SLUICE_OK: the program can be used. SLUICE_INVALID:
 * there are errors among the diagnostics. Otherwise it could not be done, and
 * standard error says why. Free in all cases. */
enum sluice_status cli_rules_compile(struct cli *cli, struct cli_rules *rules);
/* Compiles files that were found and read. */
enum sluice_status cli_rules_compile_files(struct cli_rules *rules);
/* Compiles the files of `rules` as they are, but for the one called `name`: that has
 * `text`, and is added where there is none. *whole is *new* and keeps no files. */
enum sluice_status cli_rules_compile_with(const struct cli_rules *rules, struct slu_string name, struct slu_string text,
                                          struct cli_rules *whole);
/* As above for commands that need a program: prints errors. */
bool cli_rules_load(struct cli *cli, struct cli_rules *rules);
void cli_rules_free(struct cli_rules *rules);

/* Findings of at least the severity, as text on standard error. */
bool cli_diagnostics_print(struct cli *cli, struct slu_diagnostics *diagnostics, enum slu_severity least);

#endif
