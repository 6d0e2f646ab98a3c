/* Writes the manual page or the shell completion from the program's own tables.
 *
 *     make_manual man sluice.1.in > sluice.1
 *     make_manual bash > sluice.bash */
#include "engine/compile/compile.h"
#include "tools/cli/commands.h"

#include <stdio.h>
#include <string.h>

/* ---- the manual page ---- */

/* Text for roff: dashes stay dashes, and no line becomes a request. */
static void put_roff(const char *text) {
    for (const char *c = text; *c != '\0'; c++) {
        if (c == text && (*c == '.' || *c == '\'')) {
            fputs("\\&", stdout);
        }
        fputs(*c == '-' ? "\\-" : *c == '\\' ? "\\e" : (char[]){*c, '\0'}, stdout);
    }
}

static void put_option(const struct cli_option_entry *option) {
    fputs(".TP\n.B ", stdout);
    printf("\\-\\-%s", option->word);
    if (option->value[0] != '\0') {
        fputs(" \\fI", stdout);
        put_roff(option->value);
        fputs("\\fR", stdout);
    }
    fputc('\n', stdout);
    put_roff(option->text);
    fputs(".\n", stdout);
}

static void put_command(enum cli_command command) {
    const struct cli_command_entry *entry = &cli_commands[command];
    printf(".SS sluice %s \\fR[\\fIoption\\fR]... \\fI%s\\fR\n", entry->word, entry->arguments);
    put_roff(entry->text);
    fputc('\n', stdout);
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli_option_fits((enum cli_option)i, command) && i != CLI_OPTION_COLOR && i != CLI_OPTION_HELP) {
            put_option(&cli_option_table[i]);
        }
    }
}

static int put_manual(const char *rest_path) {
    FILE *rest = fopen(rest_path, "r");
    if (rest == NULL) {
        perror(rest_path);
        return 1;
    }
    printf(".TH SLUICE 1 \"\" \"sluice %s\" \"User commands\"\n", SLUICE_VERSION);
    fputs(".SH NAME\nsluice \\- decides what happens in customer conversations, by rules in plain text\n", stdout);
    fputs(".SH SYNOPSIS\n.B sluice\n\\fIcommand\\fR [\\fIoption\\fR]... \\fIpath\\fR...\n", stdout);
    fputs(".SH COMMANDS\nA \\fIpath\\fR is a file, or a folder whose *.rules files are all read.\n", stdout);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        put_command((enum cli_command)i);
    }
    fputs(".SS Every command\n", stdout);
    put_option(&cli_option_table[CLI_OPTION_COLOR]);
    put_option(&cli_option_table[CLI_OPTION_HELP]);
    for (int c = fgetc(rest); c != EOF; c = fgetc(rest)) {
        fputc(c, stdout);
    }
    fclose(rest);
    return 0;
}

/* ---- the completion ---- */

static void put_values(enum cli_completion completion, const char *code) {
    const char *before = "    ";
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_entry *option = &cli_option_table[i];
        if (option->completion == completion && option->value[0] != '\0') {
            printf("%s--%s", before, option->word);
            before = "|";
        }
    }
    printf(")\n        %s\n        return ;;\n", code);
}

/* The services whose deliveries every program can read. */
static int put_source_names(void) {
    struct sluice_program *program = NULL;
    struct slu_diagnostics diagnostics;
    struct sluice_host host = {0};
    struct sluice_file none = {0};
    enum sluice_status status = slu_compile_files(&none, 0, &host, &program, &diagnostics);
    if (status != SLUICE_OK) {
        fputs("the standard files do not compile\n", stderr);
        sluice_program_free(program);
        return 1;
    }
    fputs("    local names='", stdout);
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        struct slu_string name = program->from_sources[i].name;
        printf("%s%.*s", i > 0 ? " " : "", (int)name.length, name.bytes);
    }
    fputs("'\n", stdout);
    sluice_program_free(program);
    return 0;
}

static void put_options_of_commands(void) {
    fputs("    case $command in\n", stdout);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        printf("    %s) options='", cli_commands[i].word);
        const char *before = "";
        for (int j = 0; j < CLI_OPTION_COUNT; j++) {
            if (cli_option_fits((enum cli_option)j, (enum cli_command)i)) {
                printf("%s--%s", before, cli_option_table[j].word);
                before = " ";
            }
        }
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n", stdout);
}

static void put_commands(void) {
    fputs("        COMPREPLY=($(compgen -W '", stdout);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        printf("%s ", cli_commands[i].word);
    }
    fputs("--help --version' -- \"$word\"))\n", stdout);
}

static int put_completion(void) {
    fputs("# bash completion for sluice\n"
          "_sluice() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command=${COMP_WORDS[1]} options='' file IFS=$' \\t\\n'\n",
          stdout);
    if (put_source_names() != 0) {
        return 1;
    }
    fputs("    COMPREPLY=()\n    if ((COMP_CWORD == 1)); then\n", stdout);
    put_commands();
    fputs("        return\n    fi\n    case $before in\n", stdout);
    put_values(CLI_COMPLETE_FILES, "IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"$word\"))");
    put_values(CLI_COMPLETE_SOURCES,
               "for file in \"${COMP_WORDS[@]}\"; do # those that the files on the line declare\n"
               "            if [[ $file == *.rules && -r $file ]]; then\n"
               "                names+=\" $(sed -n 's/^source *\\([a-z0-9_]*\\).*/\\1/p' \"$file\")\"\n"
               "            fi\n"
               "        done\n"
               "        COMPREPLY=($(compgen -W \"$names\" -- \"$word\"))");
    put_values(CLI_COMPLETE_COLORS, "COMPREPLY=($(compgen -W 'auto always never' -- \"$word\"))");
    put_values(CLI_COMPLETE_NOTHING, ":");
    fputs("    esac\n", stdout);
    put_options_of_commands();
    fputs("    if [[ $word == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "    else\n"
          "        IFS=$'\\n'\n"
          "        COMPREPLY=($(compgen -f -X '!*.rules' -- \"$word\") $(compgen -d -- \"$word\"))\n"
          "    fi\n"
          "}\n"
          "complete -o filenames -F _sluice sluice\n",
          stdout);
    return 0;
}

int main(int count, char **words) {
    int status = 2;
    if (count == 3 && strcmp(words[1], "man") == 0) {
        status = put_manual(words[2]);
    } else if (count == 2 && strcmp(words[1], "bash") == 0) {
        status = put_completion();
    } else {
        fputs("usage: make_manual man FILE | make_manual bash\n", stderr);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("standard output");
        return 1;
    }
    return status;
}
