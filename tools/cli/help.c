/* --help, from the tables: each page fits a screen of 80 by 24. */
#include "tools/cli/cli.h"

#include <stdio.h>
#include <string.h>

/* Columns of a page, and of the left part of its lists. */
enum { PAGE_COLUMNS = 79, INDENT = 2, WORD_COLUMNS = 22 };

static void add_entry(struct slu_buffer *out, const char *left, const char *right) {
    slu_buffer_add_format(out, "%*s%-*s  %s\n", INDENT, "", WORD_COLUMNS, left, right);
}

/* `text` broken at spaces. */
static void add_paragraph(struct slu_buffer *out, const char *text) {
    size_t column = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > PAGE_COLUMNS) {
            slu_buffer_add_byte(out, '\n');
            column = 0;
        }
        if (column > 0) {
            slu_buffer_add_byte(out, ' ');
            column++;
        }
        slu_buffer_add(out, (struct slu_string){text, length});
        column += length;
        text += length + (text[length] == ' ');
    }
    slu_buffer_add_byte(out, '\n');
}

static void add_option(struct slu_buffer *out, enum cli_option option) {
    const struct cli_option_entry *entry = &cli_option_table[option];
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", entry->word, entry->value[0] != '\0' ? " " : "", entry->value);
    add_entry(out, left, entry->text);
}

static void add_command_page(struct slu_buffer *out, enum cli_command command) {
    const struct cli_command_entry *entry = &cli_commands[command];
    slu_buffer_add_format(out, "sluice %s [OPTION]... %s\n\n", entry->word, entry->arguments);
    add_paragraph(out, entry->text);
    slu_buffer_add_text(out, "A PATH is a file, or a folder whose *.rules files are all read.\n\n");
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli_option_fits((enum cli_option)i, command)) {
            add_option(out, (enum cli_option)i);
        }
    }
}

static void add_overview(struct slu_buffer *out) {
    slu_buffer_add_text(out, "sluice decides what happens in customer conversations, by rules in plain text.\n\n"
                             "usage: sluice COMMAND [OPTION]... PATH...\n\n");
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        add_entry(out, cli_commands[i].word, cli_commands[i].summary);
    }
    slu_buffer_add_text(out, "\n");
    add_entry(out, "--help, COMMAND --help", "show this, or the options of a command");
    add_entry(out, "--version", "show the version");
    slu_buffer_add_text(out, "\nA PATH is a file, or a folder whose *.rules files are all read.\n"
                             "Exit status: 0 fine, 1 the answer is no, 2 used wrongly or could not run.\n");
}

void cli_help_add(const struct cli_options *options, struct slu_buffer *out) {
    if (options->request == CLI_REQUEST_COMMAND_HELP) {
        add_command_page(out, options->command);
    } else {
        add_overview(out);
    }
}
