#include "tools/cli/inputs.h"

#include "engine/base/limits.h"
#include "engine/input/input.h"
#include "engine/input/json.h"
#include "engine/text/source.h"
#include "tools/cli/output.h"
#include "tools/cli/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool cli_events_open(const struct cli_options *options, struct cli_lines *lines, const char **name) {
    const char *path = options->values[CLI_OPTION_EVENTS];
    int descriptor = STDIN_FILENO;
    *name = "standard input";
    if (path != NULL && strcmp(path, "-") != 0) {
        *name = path;
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) {
            cli_complain("cannot read %s: %s", path, strerror(errno));
            return false;
        }
    }
    cli_lines_init(lines, descriptor, SLU_LIMIT_EVENT_BYTES);
    return true;
}

bool cli_line_is_blank(struct cli_line line) {
    for (size_t i = 0; i < line.length; i++) {
        if (line.bytes[i] != ' ' && line.bytes[i] != '\t') {
            return false;
        }
    }
    return true;
}

bool cli_clock_read(const char *text, int64_t *milliseconds) {
    double parsed;
    char *end;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    bool whole = *text != '\0' && *end == '\0' && errno == 0 && llabs(seconds) < INT64_MAX / 1000000;
    if (whole) {
        *milliseconds = (int64_t)seconds * 1000;
    } else if (slu_time_parse(slu_string_from(text), &parsed)) {
        *milliseconds = (int64_t)parsed;
    } else {
        cli_complain("--at %s is not a time; write 2026-11-21T09:00:00Z, 2026-11-21 or seconds since 1970", text);
        return false;
    }
    return true;
}

int64_t cli_time_of_day(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Line and column of a byte, which may stand at the text's end. */
static struct slu_place place_in(struct slu_string text, size_t at_byte) {
    struct slu_place place = {1, 1};
    for (size_t i = 0; i < text.length && i < at_byte; i++) {
        if (text.bytes[i] == '\n') {
            place = (struct slu_place){place.line + 1, 1};
        } else if (((unsigned char)text.bytes[i] & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

static enum sluice_status fill_stores(struct slu_string text, size_t count,
                                      struct slu_store *(*store)(void *context, size_t number), void *context,
                                      struct sluice_error *error) {
    struct slu_arena arena;
    const struct slu_json *facts;
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    enum sluice_status status = slu_json_read(text, &arena, &facts, error);
    for (size_t i = 0; i < count && status == SLUICE_OK; i++) {
        status = slu_store_load_facts(store(context, i), text, facts, error);
    }
    slu_arena_free(&arena);
    return status;
}

bool cli_facts_load(const char *path, size_t count, struct slu_store *(*store)(void *context, size_t number),
                    void *context) {
    struct sluice_error error = {0};
    struct slu_string text = {NULL, 0};
    char *bytes = NULL;
    if (!cli_read_path(path, SLU_LIMIT_EVENT_BYTES, &bytes, &text.length)) {
        return false;
    }
    text.bytes = bytes;
    enum sluice_status status = fill_stores(text, count, store, context, &error);
    if (status == SLUICE_NO_MEMORY) {
        cli_complain("out of memory");
    } else if (status != SLUICE_OK) {
        struct slu_place place = place_in(text, error.at_byte);
        cli_say("%s:%u:%u: error[%s]: %s", path, (unsigned)place.line, (unsigned)place.column, error.code,
                error.message);
    }
    free(bytes);
    return status == SLUICE_OK;
}
