/* The kernel for any processor. */
#include "engine/input/scan_block.h"

enum { QUOTE = 1, BACKSLASH = 2, CONTROL = 4, HIGH = 8, PUNCTUATION = 16, SPACE = 32 };

static unsigned class_of(unsigned char byte) {
    switch (byte) {
    case '"':
        return QUOTE;
    case '\\':
        return BACKSLASH;
    case '{':
    case '}':
    case '[':
    case ']':
    case ':':
    case ',':
        return PUNCTUATION;
    case ' ':
        return SPACE;
    case '\t':
    case '\n':
    case '\r':
        return SPACE | CONTROL;
    default:
        return byte < 0x20 ? CONTROL : byte >= 0x80 ? HIGH : 0;
    }
}

static uint64_t bit_where(unsigned classes, unsigned wanted, unsigned place) {
    return (uint64_t)((classes & wanted) != 0) << place;
}

static void classify(const char *bytes, struct slu_scan_block *block) {
    *block = (struct slu_scan_block){0};
    for (unsigned i = 0; i < SLU_BLOCK_BYTES; i++) {
        unsigned classes = class_of((unsigned char)bytes[i]);
        block->quote |= bit_where(classes, QUOTE, i);
        block->backslash |= bit_where(classes, BACKSLASH, i);
        block->control |= bit_where(classes, CONTROL, i);
        block->high |= bit_where(classes, HIGH, i);
        block->punctuation |= bit_where(classes, PUNCTUATION, i);
        block->space |= bit_where(classes, SPACE, i);
    }
}

static void scan_plain(struct slu_block_scan *given) {
    struct slu_block_scan scan = *given; /* a copy, so that it can stay in registers */
    char last[SLU_BLOCK_BYTES];
    for (size_t at = 0; at < scan.json.length && !scan.bad; at += SLU_BLOCK_BYTES) {
        struct slu_scan_block block;
        classify(slu_block_bytes(&scan, at, last), &block);
        uint64_t quotes = slu_block_quotes(&scan, &block, (uint32_t)at);
        uint64_t tokens = slu_block_tokens(&scan, &block, quotes, slu_block_odd(quotes), (uint32_t)at);
        scan.token = slu_block_write(scan.token, tokens, (uint32_t)at);
    }
    *given = scan;
}

const struct slu_scan_kernel slu_scan_plain = {"plain", scan_plain, slu_walk_plain};
