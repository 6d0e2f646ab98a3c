/* The command line, taken apart. */
#ifndef SLU_CLI_OPTIONS_H
#define SLU_CLI_OPTIONS_H

#include "tools/cli/commands.h"

#include <stdbool.h>
#include <stddef.h>

enum cli_request { CLI_REQUEST_COMMAND, CLI_REQUEST_HELP, CLI_REQUEST_COMMAND_HELP, CLI_REQUEST_VERSION };

struct cli_options {
    enum cli_request request;
    enum cli_command command;
    const char *values[CLI_OPTION_COUNT]; /* NULL: not given; a switch: "". Borrowed from argv */
    const char **paths;                   /* the array is owned; what it points to is argv's */
    size_t path_count;
    const char **headers; /* every --header, in order; owned likewise */
    size_t header_count;
};

/* Reads argv. False when it cannot be understood (then standard error says
 * why and what to try) or memory ran out. Free it in both cases. */
bool cli_options_read(struct cli_options *options, int count, char **words);
void cli_options_free(struct cli_options *options);

static inline bool cli_options_has(const struct cli_options *options, enum cli_option option) {
    return options->values[option] != NULL;
}

#endif
