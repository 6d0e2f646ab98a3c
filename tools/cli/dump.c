/* sluice dump */
#include "tools/cli/cli.h"
#include "tools/cli/load.h"

enum cli_status cli_dump(struct cli *cli) {
    struct cli_rules rules;
    bool loaded = cli_program_load(cli, &rules);
    if (loaded) {
        slu_program_dump(rules.program, &cli->out.buffer);
    }
    cli_rules_free(&rules);
    return loaded ? CLI_FINE : CLI_COULD_NOT_RUN;
}
