#include "tools/cli/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 256 * 1024 };

void cli_lines_init(struct cli_lines *lines, int descriptor, size_t limit) {
    *lines = (struct cli_lines){.descriptor = descriptor, .limit = limit};
}

void cli_lines_free(struct cli_lines *lines) {
    free(lines->bytes);
    lines->bytes = NULL;
}

/* Room for READ_BYTES behind `end`. The waiting part is at most a line and its
 * end long, so the memory is bounded by the limit. */
static bool make_room(struct cli_lines *lines) {
    size_t waiting = lines->end - lines->start;
    if (lines->start > 0) {
        memmove(lines->bytes, lines->bytes + lines->start, waiting);
        lines->start = 0;
        lines->end = waiting;
    }
    if (lines->capacity - lines->end >= READ_BYTES) {
        return true;
    }
    size_t wanted = lines->end + READ_BYTES > 2 * lines->capacity ? lines->end + READ_BYTES : 2 * lines->capacity;
    char *grown = realloc(lines->bytes, wanted);
    if (grown == NULL) {
        errno = ENOMEM;
        return false;
    }
    lines->bytes = grown;
    lines->capacity = wanted;
    return true;
}

/* Reads once. False when that failed; `ended` is set at the end. */
static bool read_more(struct cli_lines *lines) {
    if (!make_room(lines)) {
        return false;
    }
    if (lines->before_waiting != NULL) {
        lines->before_waiting(lines->context);
    }
    ssize_t got;
    do {
        got = read(lines->descriptor, lines->bytes + lines->end, lines->capacity - lines->end);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return false;
    }
    lines->end += (size_t)got;
    lines->ended = got == 0;
    return true;
}

/* Finds the end of the line at `start`; sets *length without the \n. */
static bool find_end(struct cli_lines *lines, size_t *length) {
    size_t waiting = lines->end - lines->start;
    if (waiting == lines->searched) {
        return false;
    }
    const char *from = lines->bytes + lines->start;
    const char *found = memchr(from + lines->searched, '\n', waiting - lines->searched);
    if (found == NULL) {
        lines->searched = waiting;
        return false;
    }
    *length = (size_t)(found - from);
    return true;
}

static void move_on(struct cli_lines *lines, size_t bytes) {
    lines->start += bytes;
    lines->searched = 0;
}

/* Drops everything up to and with the next line end. */
static enum cli_line_status skip_line(struct cli_lines *lines) {
    size_t length;
    while (!find_end(lines, &length)) {
        move_on(lines, lines->end - lines->start);
        if (lines->ended) {
            return CLI_LINE_TOO_LONG;
        }
        if (!read_more(lines)) {
            return CLI_LINE_FAILED;
        }
    }
    move_on(lines, length + 1);
    return CLI_LINE_TOO_LONG;
}

/* Editors of Windows begin a file with it. */
static void skip_byte_order_mark(struct slu_string *line) {
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = sizeof mark - 1;
    if (line->length >= length && memcmp(line->bytes, mark, length) == 0) {
        *line = (struct slu_string){line->bytes + length, line->length - length};
    }
}

enum cli_line_status cli_lines_next(struct cli_lines *lines, struct slu_string *line) {
    size_t length;
    lines->line_number++;
    while (!find_end(lines, &length)) {
        /* One byte more may be the \r of the line end. */
        if (lines->end - lines->start > lines->limit + 1) {
            return skip_line(lines);
        }
        if (lines->ended) {
            length = lines->end - lines->start;
            break;
        }
        if (!read_more(lines)) {
            return CLI_LINE_FAILED;
        }
    }
    if (length == 0 && lines->ended && lines->start == lines->end) {
        return CLI_LINE_END;
    }
    *line = (struct slu_string){lines->bytes + lines->start, length};
    bool has_end = lines->start + length < lines->end;
    move_on(lines, length + has_end);
    if (lines->line_number == 1) {
        skip_byte_order_mark(line);
    }
    if (line->length > 0 && line->bytes[line->length - 1] == '\r') {
        line->length--;
    }
    return line->length > lines->limit ? CLI_LINE_TOO_LONG : CLI_LINE_READ;
}
