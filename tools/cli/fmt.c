/* sluice fmt: rewrites files in place, whole or not at all. */
#include "tools/cli/cli.h"
#include "tools/cli/load.h"
#include "tools/cli/replace.h"

#include "engine/base/limits.h"
#include "grammar/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `text` in the one layout, in `formatted`. FINE, ANSWER_IS_NO when it has
 * syntax errors (printed), or COULD_NOT_RUN. */
static enum cli_status lay_out(struct cli *cli, const char *name, struct slu_string text,
                               struct slu_buffer *formatted) {
    struct slu_arena arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    slu_arena_init(&arena, 0);
    slu_sources_init(&sources, &arena);
    slu_diagnostics_init(&diagnostics, &arena, &sources);
    uint32_t file;
    enum sluice_status status = SLUICE_NO_MEMORY;
    if (slu_sources_add(&sources, slu_string_from(name), text, false, &file)) {
        status = slu_format(&sources, file, &arena, &diagnostics, formatted);
    }
    enum cli_status answer = CLI_FINE;
    if (status == SLUICE_INVALID) {
        answer = CLI_ANSWER_IS_NO;
        cli_diagnostics_print(cli, &diagnostics, SLU_SEVERITY_ERROR);
    } else if (status != SLUICE_OK || formatted->failed) {
        answer = CLI_COULD_NOT_RUN;
        cli_complain("out of memory");
    }
    slu_arena_free(&arena);
    return answer;
}

static enum cli_status format_file(struct cli *cli, const struct cli_file *file) {
    struct slu_string text = {file->bytes, file->length};
    struct slu_buffer formatted;
    slu_buffer_init(&formatted);
    enum cli_status answer = lay_out(cli, file->path, text, &formatted);
    if (answer == CLI_FINE && !slu_string_equal(text, slu_buffer_string(&formatted))) {
        bool only_check = cli_options_has(&cli->options, CLI_OPTION_CHECK);
        if (only_check) {
            answer = CLI_ANSWER_IS_NO;
        } else if (!cli_file_replace(file->path, slu_buffer_string(&formatted))) {
            answer = CLI_COULD_NOT_RUN;
        }
        if (answer != CLI_COULD_NOT_RUN) {
            slu_buffer_add_text(&cli->out.buffer, file->path);
            slu_buffer_add_byte(&cli->out.buffer, '\n');
            cli_output_step(&cli->out);
        }
    }
    slu_buffer_free(&formatted);
    return answer;
}

static enum cli_status format_standard_input(struct cli *cli) {
    const char *name = "standard input";
    char *bytes;
    size_t length;
    if (!cli_read_all(STDIN_FILENO, name, SLU_LIMIT_FILE_BYTES, &bytes, &length)) {
        return CLI_COULD_NOT_RUN;
    }
    struct slu_string text = {bytes, length};
    struct slu_buffer formatted;
    slu_buffer_init(&formatted);
    enum cli_status answer = lay_out(cli, name, text, &formatted);
    if (answer == CLI_FINE && cli_options_has(&cli->options, CLI_OPTION_CHECK)) {
        answer = slu_string_equal(text, slu_buffer_string(&formatted)) ? CLI_FINE : CLI_ANSWER_IS_NO;
    } else if (answer == CLI_FINE) {
        slu_buffer_add(&cli->out.buffer, slu_buffer_string(&formatted));
    }
    slu_buffer_free(&formatted);
    free(bytes);
    return answer;
}

static enum cli_status worse(enum cli_status left, enum cli_status right) {
    return left > right ? left : right;
}

enum cli_status cli_fmt(struct cli *cli) {
    const struct cli_options *options = &cli->options;
    if (options->path_count == 1 && strcmp(options->paths[0], "-") == 0) {
        return format_standard_input(cli);
    }
    struct cli_files files;
    enum cli_status answer = CLI_FINE;
    if (!cli_files_find(&files, options->paths, options->path_count) || !cli_files_read(&files)) {
        answer = CLI_COULD_NOT_RUN;
        goto done;
    }
    for (size_t i = 0; i < files.count; i++) {
        answer = worse(answer, format_file(cli, &files.items[i]));
    }
done:
    cli_files_free(&files);
    return answer;
}
