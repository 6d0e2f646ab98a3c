/* What every command is given, and the commands. */
#ifndef SLU_CLI_CLI_H
#define SLU_CLI_CLI_H

#include "tools/cli/options.h"
#include "tools/cli/output.h"

enum cli_status {
    CLI_FINE = 0,
    CLI_ANSWER_IS_NO = 1, /* findings, failed tests, unreadable events */
    CLI_COULD_NOT_RUN = 2 /* used wrongly, a file cannot be read, no memory */
};

struct cli {
    struct cli_options options;
    struct cli_output out; /* standard output */
    bool colour;           /* on standard error */
};

#define COMMAND(name, word, arguments, summary, text) enum cli_status cli_##word(struct cli *cli);
#include "tools/cli/commands.def"
#undef COMMAND

/* --help: every command, or the one in the options. */
void cli_help_add(const struct cli_options *options, struct slu_buffer *out);

#endif
