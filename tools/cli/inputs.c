#include "tools/cli/inputs.h"

#include "engine/base/limits.h"
#include "engine/input/input.h"
#include "engine/input/json.h"
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

bool cli_line_is_blank(struct slu_string line) {
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

bool cli_facts_load(const char *path, struct slu_store *store) {
    struct slu_arena arena;
    const struct slu_json *facts;
    struct sluice_error error = {0};
    struct slu_string text = {NULL, 0};
    char *bytes = NULL;
    enum sluice_status status = SLUICE_NO_MEMORY;
    if (!cli_read_path(path, SLU_LIMIT_EVENT_BYTES, &bytes, &text.length)) {
        return false;
    }
    text.bytes = bytes;
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    status = slu_json_read(text, &arena, &facts, &error);
    if (status == SLUICE_OK) {
        status = slu_store_load_facts(store, facts, &error);
    }
    if (status == SLUICE_NO_MEMORY) {
        cli_complain("out of memory");
    } else if (status != SLUICE_OK) {
        cli_say("%s: error[%s]: %s (byte %zu)", path, error.code, error.message, error.at_byte);
    }
    slu_arena_free(&arena);
    free(bytes);
    return status == SLUICE_OK;
}
