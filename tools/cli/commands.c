#include "tools/cli/commands.h"

const struct cli_command_entry cli_commands[CLI_COMMAND_COUNT] = {
#define COMMAND(name, word, arguments, summary, text) {#word, arguments, summary, text},
#include "tools/cli/commands.def"
#undef COMMAND
};

#define FOR(command) (1u << CLI_COMMAND_##command)
#define ALL ((1u << CLI_COMMAND_COUNT) - 1)
const struct cli_option_entry cli_option_table[CLI_OPTION_COUNT] = {
#define OPTION(name, word, value, completion, commands, text) {word, value, CLI_COMPLETE_##completion, commands, text},
#include "tools/cli/commands.def"
#undef OPTION
};
