#include "tools/cli/options.h"

#include "engine/base/string.h"
#include "tools/cli/output.h"

#include <stdlib.h>
#include <string.h>

/* The nearest word so far to one that does not exist. */
struct guess {
    struct slu_string wanted;
    const char *word;
    size_t distance;
};
/* More edits than this are another word, not a slip of the fingers. */
enum { GUESS_EDITS = 2 };

static void guess_try(struct guess *guess, const char *word) {
    size_t distance = slu_string_distance(guess->wanted, slu_string_from(word), GUESS_EDITS);
    if (distance < guess->distance) {
        *guess = (struct guess){guess->wanted, word, distance};
    }
}

static struct guess guess_start(const char *wanted) {
    return (struct guess){slu_string_from(wanted), NULL, GUESS_EDITS + 1};
}

static bool unknown_command(const char *word) {
    struct guess guess = guess_start(word);
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        guess_try(&guess, cli_commands[i].word);
    }
    if (guess.word != NULL) {
        cli_complain("there is no command %s; did you mean %s?", word, guess.word);
    } else {
        cli_complain("there is no command %s; sluice --help lists them", word);
    }
    return false;
}

/* `word` without its dashes. */
static bool unknown_option(enum cli_command command, const char *word) {
    const char *name = cli_commands[command].word;
    struct guess guess = guess_start(word);
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli_option_fits((enum cli_option)i, command)) {
            guess_try(&guess, cli_option_table[i].word);
        }
    }
    if (guess.word != NULL) {
        cli_complain("%s has no option --%s; did you mean --%s?", name, word, guess.word);
    } else {
        cli_complain("%s has no option --%s; sluice %s --help lists them", name, word, name);
    }
    return false;
}

static bool find_command(const char *word, enum cli_command *command) {
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (strcmp(word, cli_commands[i].word) == 0) {
            *command = (enum cli_command)i;
            return true;
        }
    }
    return unknown_command(word);
}

/* `word`, `length` bytes long, as an option of the command. */
static bool find_option(enum cli_command command, const char *word, size_t length, enum cli_option *option) {
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *known = cli_option_table[i].word;
        if (cli_option_fits((enum cli_option)i, command) && strlen(known) == length &&
            memcmp(known, word, length) == 0) {
            *option = (enum cli_option)i;
            return true;
        }
    }
    return false;
}

static bool is_color(const char *value) {
    return strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 || strcmp(value, "never") == 0;
}

static bool keep_value(struct cli_options *options, enum cli_option option, const char *value) {
    const char *word = cli_option_table[option].word;
    if (option == CLI_OPTION_HEADER) {
        options->headers[options->header_count++] = value;
    } else if (options->values[option] != NULL && cli_option_table[option].value[0] != '\0') {
        cli_complain("--%s is given twice", word);
        return false;
    }
    if (option == CLI_OPTION_COLOR && !is_color(value)) {
        cli_complain("--color is auto, always or never, not %s", value);
        return false;
    }
    options->values[option] = value;
    return true;
}

/* One word that starts with --, at words[*at]; its value may be the next word. */
static bool read_option(struct cli_options *options, int count, char **words, int *at) {
    const char *word = words[*at] + 2;
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    enum cli_option option;
    if (!find_option(options->command, word, length, &option)) {
        return unknown_option(options->command, word);
    }
    const struct cli_option_entry *entry = &cli_option_table[option];
    if (entry->value[0] == '\0') {
        if (equals != NULL) {
            cli_complain("--%s takes no value", entry->word);
            return false;
        }
        return keep_value(options, option, "");
    }
    if (equals != NULL) {
        return keep_value(options, option, equals + 1);
    }
    if (*at + 1 >= count) {
        cli_complain("--%s needs a value: --%s %s", entry->word, entry->word, entry->value);
        return false;
    }
    return keep_value(options, option, words[++*at]);
}

static bool read_command_words(struct cli_options *options, int count, char **words) {
    static char output[] = "--output"; /* as compilers have it */
    bool only_paths = false;
    for (int i = 2; i < count; i++) {
        bool is_output = !only_paths && strcmp(words[i], "-o") == 0 && options->command == CLI_COMMAND_COMPILE;
        words[i] = is_output ? output : words[i];
        const char *word = words[i];
        if (only_paths || word[0] != '-' || word[1] == '\0') {
            options->paths[options->path_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            only_paths = true;
        } else if (strcmp(word, "-h") == 0) {
            options->values[CLI_OPTION_HELP] = "";
        } else if (word[1] != '-') {
            cli_complain("there is no option %s; options are written with two dashes", word);
            return false;
        } else if (!read_option(options, count, words, &i)) {
            return false;
        }
    }
    if (cli_options_has(options, CLI_OPTION_HELP)) {
        options->request = CLI_REQUEST_COMMAND_HELP;
        return true;
    }
    if (options->path_count == 0) {
        const char *word = cli_commands[options->command].word;
        cli_complain("%s needs a file or folder: sluice %s %s", word, word, cli_commands[options->command].arguments);
        return false;
    }
    return true;
}

bool cli_options_read(struct cli_options *options, int count, char **words) {
    *options = (struct cli_options){0};
    if (count < 2) {
        cli_complain("say what to do: sluice --help lists the commands");
        return false;
    }
    if (strcmp(words[1], "--version") == 0) {
        options->request = CLI_REQUEST_VERSION;
        return true;
    }
    bool asks_help = strcmp(words[1], "help") == 0 || strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0;
    if (asks_help) {
        options->request = count > 2 ? CLI_REQUEST_COMMAND_HELP : CLI_REQUEST_HELP;
        return count <= 2 || find_command(words[2], &options->command);
    }
    if (words[1][0] == '-') {
        cli_complain("there is no option %s before the command; sluice --help lists the commands", words[1]);
        return false;
    }
    if (!find_command(words[1], &options->command)) {
        return false;
    }
    options->paths = malloc((size_t)count * sizeof *options->paths);
    options->headers = malloc((size_t)count * sizeof *options->headers);
    if (options->paths == NULL || options->headers == NULL) {
        cli_complain("out of memory");
        return false;
    }
    return read_command_words(options, count, words);
}

void cli_options_free(struct cli_options *options) {
    free(options->paths);
    free(options->headers);
}
