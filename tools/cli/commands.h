/* The tables of commands.def as data. */
#ifndef SLU_CLI_COMMANDS_H
#define SLU_CLI_COMMANDS_H

enum cli_command {
#define COMMAND(name, word, arguments, summary, text) CLI_COMMAND_##name,
#include "tools/cli/commands.def"
#undef COMMAND
    CLI_COMMAND_COUNT
};

enum cli_option {
#define OPTION(name, word, value, completion, commands, text) CLI_OPTION_##name,
#include "tools/cli/commands.def"
#undef OPTION
    CLI_OPTION_COUNT
};

/* What a shell offers for an option's value. */
enum cli_completion { CLI_COMPLETE_NOTHING, CLI_COMPLETE_FILES, CLI_COMPLETE_SOURCES, CLI_COMPLETE_COLORS };

struct cli_command_entry {
    const char *word, *arguments, *summary, *text;
};
struct cli_option_entry {
    const char *word;
    const char *value; /* its name; empty: a switch */
    enum cli_completion completion;
    unsigned commands; /* bit per enum cli_command */
    const char *text;
};

extern const struct cli_command_entry cli_commands[CLI_COMMAND_COUNT];
extern const struct cli_option_entry cli_option_table[CLI_OPTION_COUNT];

static inline int cli_option_fits(enum cli_option option, enum cli_command command) {
    return (cli_option_table[option].commands >> command & 1u) != 0;
}

#endif
