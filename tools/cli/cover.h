/* What the parts of `sluice cover` share. */
#ifndef SLU_CLI_COVER_H
#define SLU_CLI_COVER_H

#include "tools/cli/cli.h"
#include "tools/cli/load.h"

/* --mutate: changes the rules, one place at a time, and looks for what no test notices. */
enum cli_status cli_cover_mutate(struct cli *cli, const struct cli_rules *rules);

#endif
