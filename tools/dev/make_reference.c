/* Writes docs/reference.md from the program's own tables and standard files.
 *
 *     make_reference > docs/reference.md */
#include "engine/base/limits.h"
#include "engine/code/program.h"
#include "engine/text/diagnostics.h"
#include "grammar/parse.h"
#include "stdlib/functions/functions.h"
#include "stdlib/standard.h"
#include "tools/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- pieces of Markdown ---- */

/* A cell of a table: a bar would end it, a line end the table. */
static void put_cell(const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '|') {
            putchar('\\');
        }
        putchar(bytes[i] == '\n' ? ' ' : bytes[i]);
    }
}

static void put_text(const char *text) {
    put_cell(text, strlen(text));
}

static void put_word(struct slu_word word) {
    put_cell(word.text.bytes, word.text.length);
}

static void put_code(const char *text) {
    /* A backquote inside needs a longer fence of them. */
    const char *fence = strchr(text, '`') != NULL ? "``" : "`";
    printf("%s", fence);
    put_text(text);
    printf("%s", fence);
}

static void put_heading(const char *title, const char *columns) {
    printf("\n## %s\n\n", title);
    if (columns == NULL) {
        return;
    }
    printf("| %s |\n|", columns);
    for (const char *c = columns; c != NULL; c = strchr(c + 1, '|')) {
        fputs(" --- |", stdout);
    }
    putchar('\n');
}

static void put_row(const char *code, const char *text) {
    fputs("| ", stdout);
    put_code(code);
    fputs(" | ", stdout);
    put_text(text);
    fputs(" |\n", stdout);
}

/* ---- tables of the language ---- */

static const char *const type_words[] = {
#define TYPE(name, word, json) word,
#include "engine/base/types.def"
#undef TYPE
};

static void put_words(void) {
    static const char *const words[] = {
#define KEYWORD(token, word) word,
#include "grammar/keywords.def"
#undef KEYWORD
    };
    put_heading("Words", NULL);
    puts("These cannot be names of their own. Inside a name with dots they can (`contact.list`), and most can name "
         "a parameter or begin a path.\n");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        printf("%s`%s`", i > 0 ? " " : "", words[i]);
    }
    putchar('\n');
}

static void put_types(void) {
    put_heading("Types of values", "type | from JSON");
#define TYPE(name, word, json) put_row(word, json);
#include "engine/base/types.def"
#undef TYPE
    put_row("choice of \"a\", \"b\"", "string, one of the set");
    put_row("url", "string; a text that stays a link where values are escaped");
    put_heading("Types of parameters", "type | how a value inside a template is escaped");
#define MARKUP(name, word, meaning) put_row(word, meaning);
#include "engine/base/markups.def"
#undef MARKUP
    puts("\nThese are plain text with a meaning:\n\n| type | meaning |\n| --- | --- |");
#define PARAMETER_TYPE(word, type, markup, member, meaning) put_row(word, meaning);
#include "engine/check/parameter_types.def"
#undef PARAMETER_TYPE
}

static void put_units(void) {
    put_heading("Units of durations", "one | several | seconds");
#define UNIT(one, several, milliseconds) printf("| `%s` | `%s` | %d |\n", one, several, (milliseconds) / 1000);
#include "grammar/units.def"
#undef UNIT
    put_heading("Days of the week", NULL);
    const char *before = "";
#define WEEKDAY(name, word)                                                                                            \
    printf("%s`%s`", before, word);                                                                                    \
    before = " ";
#include "engine/base/weekdays.def"
#undef WEEKDAY
    putchar('\n');
}

static void put_functions(void) {
    put_heading("Functions", "function | gives | meaning | example");
    for (int i = 0; i < SLU_FUNCTION_COUNT; i++) {
        const struct slu_function_entry *entry = &slu_functions[i];
        printf("| `%s(", entry->word);
        for (uint32_t j = 0; j < entry->parameter_count; j++) {
            printf("%s%s", j > 0 ? ", " : "", type_words[entry->parameters[j]]);
        }
        printf(")` | %s | ", type_words[entry->result]);
        put_text(entry->description);
        fputs(" | ", stdout);
        put_code(entry->example);
        fputs(" is ", stdout);
        put_code(entry->gives);
        puts(" |");
    }
    puts("\nEvery example is run as a test.");
}

static void put_diagnostics(void) {
    static const char *const severities[] = {
        [SLU_SEVERITY_ERROR] = "error", [SLU_SEVERITY_WARNING] = "warning", [SLU_SEVERITY_HINT] = "hint"};
    static const struct {
        const char *word, *meaning;
        enum slu_severity severity;
    } codes[] = {
#define DIAGNOSTIC(name, word, severity, meaning) {word, meaning, SLU_SEVERITY_##severity},
#include "engine/text/codes.def"
#undef DIAGNOSTIC
    };
    put_heading("Findings", "code | severity | meaning");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        printf("| `%s` | %s | %s |\n", codes[i].word, severities[codes[i].severity], codes[i].meaning);
    }
}

static void put_limits(void) {
    put_heading("Limits", "at most | of what");
#define LIMIT(name, value, meaning) printf("| %lld | %s |\n", (long long)(value), meaning);
#include "engine/base/limits.def"
#undef LIMIT
}

static void put_input_errors(void) {
    put_heading("Why a delivery is not read", "code | meaning");
#define INPUT_ERROR(name, word, status, meaning) put_row(word, meaning);
#define DECIDE_ERROR(name, word, status, meaning)
#include "engine/input/errors.def"
#undef INPUT_ERROR
    put_heading("Why an event is not decided", "code | meaning");
#define INPUT_ERROR(name, word, status, meaning)
#define DECIDE_ERROR(name, word, status, meaning) put_row(word, meaning);
#include "engine/input/errors.def"
#undef INPUT_ERROR
}

static void put_advice(void) {
    put_heading("Words of other languages", "instead of | ");
#define ADVICE(word, advice) put_row(word, advice);
#include "grammar/advice.def"
#undef ADVICE
}

static void put_opcodes(void) {
    put_heading("Instructions", "instruction | what it does");
#define OPCODE(name, operand, pops, pushes, is_test, folds, meaning) put_row(#name, meaning);
#include "engine/code/opcodes.def"
#undef OPCODE
}

static void put_commands(void) {
    put_heading("Commands", "command | does");
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        printf("| `sluice %s %s` | ", cli_commands[i].word, cli_commands[i].arguments);
        put_text(cli_commands[i].summary);
        puts(" |");
    }
    puts("\n| option | of | does |\n| --- | --- | --- |");
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_entry *option = &cli_option_table[i];
        printf("| `--%s%s%s` | ", option->word, option->value[0] != '\0' ? " " : "", option->value);
        const char *before = "";
        for (int j = 0; j < CLI_COMMAND_COUNT; j++) {
            if (cli_option_fits((enum cli_option)i, (enum cli_command)j)) {
                printf("%s%s", before, cli_commands[j].word);
                before = ", ";
            }
        }
        fputs(" | ", stdout);
        put_text(option->text);
        puts(" |");
    }
}

/* ---- what ships as .rules text ---- */

static void put_type(const struct slu_written_type *type) {
    if (type->choices.count == 0) {
        printf("%s%.*s", type->is_list ? "list of " : "", (int)type->name.text.length, type->name.text.bytes);
        return;
    }
    fputs("choice of ", stdout);
    for (uint32_t i = 0; i < type->choices.count; i++) {
        printf("%s`", i > 0 ? ", " : "");
        put_word(type->choices.items[i]);
        putchar('`');
    }
}

static void put_field(const struct slu_declaration *at) {
    fputs("| `", stdout);
    put_word(at->name);
    fputs("` | ", stdout);
    put_type(&at->as.field.type);
    fputs(" | ", stdout);
    put_word(at->as.field.description);
    puts(" |");
}

static void put_event(const struct slu_declaration *at) {
    fputs("| `", stdout);
    put_word(at->name);
    fputs("` | ", stdout);
    put_word(at->as.event.description);
    puts(" |");
}

static void put_parameters(const char *kind, const struct slu_parameter_syntax *all, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        printf("| %s | `", kind);
        put_word(all[i].name);
        fputs("` | ", stdout);
        if (all[i].secret) {
            fputs("secret", stdout);
        } else {
            put_type(&all[i].type);
        }
        printf("%s | ", all[i].optional ? ", optional" : "");
        put_word(all[i].description);
        puts(" |");
    }
}

static void put_operation(const struct slu_operation_syntax *operation, struct slu_word service) {
    printf("| **%s** | **`", operation->is_read ? "read" : "action");
    put_word(service);
    putchar('.');
    put_word(operation->name);
    fputs("`** | | **", stdout);
    put_word(operation->description);
    fputs("**", stdout);
    if (operation->undone_by.text.length > 0) {
        fputs(". Undone by `", stdout);
        put_word(operation->undone_by);
        putchar('`');
    }
    if (operation->cannot_undo.text.length > 0) {
        fputs(". Cannot be undone: ", stdout);
        put_word(operation->cannot_undo);
    }
    puts(" |");
    put_parameters("takes", operation->takes, operation->take_count);
    put_parameters("gives", operation->gives, operation->give_count);
}

static void put_service(const struct slu_declaration *at) {
    const struct slu_service_syntax *service = &at->as.service;
    fputs("\n### ", stdout);
    put_word(at->name);
    fputs("\n\n", stdout);
    put_word(service->description);
    if (service->limit_per > 0) {
        printf(". At most %.0f requests per %.0f seconds", service->limit_count, service->limit_per / 1000);
    }
    puts(".\n\n| | name | type | meaning |\n| --- | --- | --- | --- |");
    put_parameters("setting", service->settings, service->setting_count);
    for (uint32_t i = 0; i < service->operation_count; i++) {
        put_operation(&service->operations[i], at->name);
    }
}

static void put_source(const struct slu_declaration *at) {
    fputs("\n### ", stdout);
    put_word(at->name);
    puts("\n\n| topic | becomes |\n| --- | --- |");
    for (uint32_t i = 0; i < at->as.source.topic_count; i++) {
        const struct slu_topic *topic = &at->as.source.topics[i];
        fputs("| `", stdout);
        put_word(topic->topic);
        fputs("` | ", stdout);
        if (!topic->ignored) {
            putchar('`');
            put_word(topic->event);
            printf("`%s", topic->when != NULL ? ", where its `when` holds" : "");
        } else {
            fputs("ignored: ", stdout);
            put_word(topic->reason);
        }
        puts(" |");
    }
}

static void put_each(const struct slu_tree *trees, enum slu_declaration_kind kind,
                     void (*put)(const struct slu_declaration *at)) {
    for (uint32_t i = 0; i < slu_standard_file_count; i++) {
        for (uint32_t j = 0; j < trees[i].declaration_count; j++) {
            if (trees[i].declarations[j].kind == kind) {
                put(&trees[i].declarations[j]);
            }
        }
    }
}

/* The trees of the standard files, on the arena; NULL when they cannot be read. */
static struct slu_tree *parse_standard(struct slu_arena *arena) {
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    slu_sources_init(&sources, arena);
    slu_diagnostics_init(&diagnostics, arena, &sources);
    struct slu_tree *trees = SLU_NEW_ARRAY(arena, struct slu_tree, slu_standard_file_count);
    for (uint32_t i = 0; i < slu_standard_file_count && trees != NULL; i++) {
        uint32_t file;
        if (!slu_sources_add(&sources, slu_standard_files[i].name, slu_standard_files[i].text, true, &file) ||
            slu_parse(&sources, file, arena, &diagnostics, &trees[i]) != SLUICE_OK) {
            return NULL;
        }
    }
    return diagnostics.error_count == 0 ? trees : NULL;
}

int main(void) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_tree *trees = parse_standard(&arena);
    if (trees == NULL) {
        fputs("the standard files cannot be read\n", stderr);
        slu_arena_free(&arena);
        return EXIT_FAILURE;
    }
    puts("# Reference\n\nMade by `tools/dev/make_reference.c` from the tables that the program itself is built from. "
         "A test keeps it\nup to date. [language.md](language.md) explains how to use what is listed here.");
    put_commands();
    put_diagnostics();
    put_functions();
    put_types();
    put_units();
    put_heading("Fields", "field | type | meaning");
    put_each(trees, SLU_DECLARATION_FIELD, put_field);
    put_heading("Events", "event | meaning");
    put_each(trees, SLU_DECLARATION_EVENT, put_event);
    put_heading("Services", NULL);
    puts("`base_url` is a setting of every service.");
    put_each(trees, SLU_DECLARATION_SERVICE, put_service);
    put_heading("Sources", NULL);
    puts("What each topic of a service's deliveries becomes.");
    put_each(trees, SLU_DECLARATION_SOURCE, put_source);
    put_input_errors();
    put_limits();
    put_words();
    put_advice();
    put_opcodes();
    slu_arena_free(&arena);
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
