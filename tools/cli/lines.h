/* Lines of a stream, a block of them at a time, in memory that does not grow with them. */
#ifndef SLU_CLI_LINES_H
#define SLU_CLI_LINES_H

#include "engine/base/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cli_lines_status {
    CLI_LINES_READ,
    CLI_LINES_END,
    CLI_LINES_FAILED /* errno says why */
};

/* Without its end (\n or \r\n). bytes NULL: it was too long and is skipped. */
struct cli_line {
    const char *bytes;
    size_t length;
};

/* Whole lines that were read together. */
struct cli_block {
    char *bytes; /* owned */
    size_t capacity;
    struct cli_line *lines; /* owned; they point into `bytes` */
    size_t count;
    uint64_t first_number; /* of the first line, from 1 */
};

struct cli_lines {
    int descriptor;
    size_t limit;                   /* bytes of the longest line that is given */
    const struct cli_block *filled; /* the last one; borrowed */
    const char *rest;               /* what was read and not given yet; in that block */
    size_t rest_length;
    uint64_t given; /* lines so far */
    bool skipping;  /* the rest of a line that was too long is dropped */
    bool ended;
};

void cli_lines_init(struct cli_lines *lines, int descriptor, size_t limit);
/* Puts at least one line into the block; waits for no second one. The block that was
 * filled before must still be there, and may be the same one. */
enum cli_lines_status cli_lines_fill(struct cli_lines *lines, struct cli_block *block);
void cli_block_free(struct cli_block *block);

#endif
