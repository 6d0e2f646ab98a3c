#include "tools/cli/cli.h"

#include "engine/include/sluice/sluice.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum cli_status command_function(struct cli *cli);

static command_function *const functions[CLI_COMMAND_COUNT] = {
#define COMMAND(name, word, arguments, summary, text) cli_##word,
#include "tools/cli/commands.def"
#undef COMMAND
};

/* https://no-color.org: set and not empty means no, whatever the value. */
static bool wants_colour(const struct cli_options *options) {
    const char *when = options->values[CLI_OPTION_COLOR];
    if (when != NULL && strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool refused = no_colour != NULL && no_colour[0] != '\0';
    bool dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;
    return !refused && !dumb && isatty(STDERR_FILENO) == 1;
}

static enum cli_status answer(struct cli *cli) {
    switch (cli->options.request) {
    case CLI_REQUEST_VERSION:
        slu_buffer_add_text(&cli->out.buffer, "sluice " SLUICE_VERSION "\n");
        return CLI_FINE;
    case CLI_REQUEST_HELP:
    case CLI_REQUEST_COMMAND_HELP:
        cli_help_add(&cli->options, &cli->out.buffer);
        return CLI_FINE;
    case CLI_REQUEST_COMMAND:
        return functions[cli->options.command](cli);
    }
    return CLI_COULD_NOT_RUN;
}

int main(int count, char **words) {
    if (!cli_output_claim_standard()) {
        return CLI_COULD_NOT_RUN;
    }
    signal(SIGPIPE, SIG_IGN); /* a reader that has gone is an error of write() */
    struct cli cli = {0};
    cli_output_init(&cli.out, STDOUT_FILENO);
    enum cli_status status = CLI_COULD_NOT_RUN;
    if (cli_options_read(&cli.options, count, words)) {
        cli.colour = wants_colour(&cli.options);
        status = answer(&cli);
    }
    if (!cli_output_finish(&cli.out, "standard output")) {
        status = CLI_COULD_NOT_RUN;
    }
    cli_options_free(&cli.options);
    return (int)status;
}
