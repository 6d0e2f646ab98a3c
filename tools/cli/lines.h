/* Lines of a stream, in memory that does not grow with them. */
#ifndef SLU_CLI_LINES_H
#define SLU_CLI_LINES_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cli_line_status {
    CLI_LINE_READ,
    CLI_LINE_TOO_LONG, /* skipped to its end; the next call gives the next line */
    CLI_LINE_END,
    CLI_LINE_FAILED /* errno says why */
};

struct cli_lines {
    int descriptor;
    size_t limit; /* bytes of the longest line that is given */
    char *bytes;  /* owned; what was read and not given yet is [start, end) */
    size_t capacity, start, end;
    size_t searched;      /* bytes from start known to hold no line end */
    uint64_t line_number; /* of the line given last, from 1 */
    bool ended;
    /* Called before each read that may wait, so that answers so far are seen. */
    void (*before_waiting)(void *context);
    void *context;
};

void cli_lines_init(struct cli_lines *lines, int descriptor, size_t limit);
/* The next line without its end (\n or \r\n); valid until the next call. */
enum cli_line_status cli_lines_next(struct cli_lines *lines, struct slu_string *line);
void cli_lines_free(struct cli_lines *lines);

#endif
