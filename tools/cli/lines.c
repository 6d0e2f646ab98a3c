#include "tools/cli/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is read at once, and how many lines a block has at most: enough that passing a
 * block on costs little beside deciding it, little enough to stay in a core's cache. */
enum { READ_BYTES = 256 * 1024, LINES_MAX = 4096 };

void cli_lines_init(struct cli_lines *lines, int descriptor, size_t limit) {
    *lines = (struct cli_lines){.descriptor = descriptor, .limit = limit};
}

void cli_block_free(struct cli_block *block) {
    free(block->bytes);
    free(block->lines);
    *block = (struct cli_block){0};
}

/* Room for `wanted` bytes; what is in `used` of them stays. */
static bool make_room(struct cli_block *block, size_t wanted) {
    if (block->capacity >= wanted) {
        return true;
    }
    size_t capacity = wanted > 2 * block->capacity ? wanted : 2 * block->capacity;
    char *grown = realloc(block->bytes, capacity);
    if (grown == NULL) {
        errno = ENOMEM;
        return false;
    }
    block->bytes = grown;
    block->capacity = capacity;
    return true;
}

/* Moves what is left of the block filled before to the start of this one. */
static bool take_rest(struct cli_lines *lines, struct cli_block *block) {
    if (lines->filled != block && !make_room(block, lines->rest_length)) {
        return false;
    }
    if (lines->rest_length > 0) {
        memmove(block->bytes, lines->rest, lines->rest_length);
    }
    lines->rest = block->bytes;
    lines->filled = block;
    if (block->lines == NULL) {
        block->lines = malloc(LINES_MAX * sizeof *block->lines);
    }
    if (block->lines == NULL) {
        errno = ENOMEM;
    }
    return block->lines != NULL;
}

/* Reads once, behind the rest. False when that failed; `ended` is set at the end. */
static bool read_more(struct cli_lines *lines, struct cli_block *block) {
    if (!make_room(block, lines->rest_length + READ_BYTES)) {
        return false;
    }
    lines->rest = block->bytes;
    ssize_t got;
    do {
        got = read(lines->descriptor, block->bytes + lines->rest_length, block->capacity - lines->rest_length);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return false;
    }
    lines->rest_length += (size_t)got;
    lines->ended = got == 0;
    return true;
}

/* Editors of Windows begin a file with it. */
static void skip_byte_order_mark(struct cli_line *line) {
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = sizeof mark - 1;
    if (line->length >= length && memcmp(line->bytes, mark, length) == 0) {
        *line = (struct cli_line){line->bytes + length, line->length - length};
    }
}

static void give(struct cli_lines *lines, struct cli_block *block, struct cli_line line) {
    if (lines->given++ == 0 && line.bytes != NULL) {
        skip_byte_order_mark(&line);
    }
    if (line.length > 0 && line.bytes[line.length - 1] == '\r') {
        line.length--;
    }
    if (line.length > lines->limit) {
        line = (struct cli_line){NULL, 0};
    }
    block->lines[block->count++] = line;
}

static void move_on(struct cli_lines *lines, size_t bytes) {
    lines->rest += bytes;
    lines->rest_length -= bytes;
}

/* Gives the whole lines of the rest; the first `searched` bytes of it hold no line end. */
static void split(struct cli_lines *lines, struct cli_block *block, size_t searched) {
    while (block->count < LINES_MAX && searched < lines->rest_length) {
        const char *end = memchr(lines->rest + searched, '\n', lines->rest_length - searched);
        if (end == NULL) {
            return;
        }
        size_t length = (size_t)(end - lines->rest);
        if (!lines->skipping) {
            give(lines, block, (struct cli_line){lines->rest, length});
        }
        lines->skipping = false;
        searched = 0;
        move_on(lines, length + 1);
    }
}

/* A line of which more is there than any may have is given now, and dropped as it comes. */
static void refuse_long(struct cli_lines *lines, struct cli_block *block) {
    /* One byte more may be the \r of the line end. */
    if (!lines->skipping && lines->rest_length > lines->limit + 1) {
        give(lines, block, (struct cli_line){NULL, 0});
        lines->skipping = true;
    }
    if (lines->skipping) {
        move_on(lines, lines->rest_length);
    }
}

enum cli_lines_status cli_lines_fill(struct cli_lines *lines, struct cli_block *block) {
    size_t searched = 0;
    block->count = 0;
    block->first_number = lines->given + 1;
    if (!take_rest(lines, block)) {
        return CLI_LINES_FAILED;
    }
    split(lines, block, 0);
    while (block->count == 0 && !lines->ended) {
        searched = lines->rest_length;
        if (!read_more(lines, block)) {
            return CLI_LINES_FAILED;
        }
        split(lines, block, searched);
        if (block->count == 0) {
            refuse_long(lines, block);
        }
    }
    if (block->count == 0 && lines->rest_length > 0) { /* the last line has no end */
        give(lines, block, (struct cli_line){lines->rest, lines->rest_length});
        move_on(lines, lines->rest_length);
    }
    return block->count > 0 ? CLI_LINES_READ : CLI_LINES_END;
}
