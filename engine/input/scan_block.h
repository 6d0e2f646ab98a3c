/* What every kernel shares: from 64 bytes' classes to tokens. Bit i of a mask
 * stands for byte i of the block. */
#ifndef SLU_INPUT_SCAN_BLOCK_H
#define SLU_INPUT_SCAN_BLOCK_H

#include "engine/input/scan.h"
#include "engine/input/walk.h"

#include <stdint.h>
#include <string.h>

enum {
    SLU_BLOCK_BYTES = 64,
    SLU_TOKENS_AT_ONCE = 8 /* written without asking how many there are */
};

struct slu_scan_block {
    uint64_t quote, backslash;
    uint64_t control; /* below 0x20 */
    uint64_t high;    /* 0x80 and above */
    /* `{ } [ ] : ,`; kernels may add the bytes 0x0C and 0x1A, which the grammar refuses as well. */
    uint64_t punctuation;
    uint64_t space; /* blank, tab, line feed, carriage return */
};

/* The same of a block without backslashes, control characters and what is outside of ASCII. */
struct slu_scan_usual {
    uint64_t quote, punctuation;
    uint64_t blank; /* the only white space that it can have */
};

/* The pass so far. Zeros, but for the first three, to begin with. */
struct slu_block_scan {
    struct slu_string json;
    uint32_t *token;  /* the next goes here */
    uint32_t *escape; /* the next goes below */
    uint64_t bad;     /* not 0: refused */
    uint64_t inside;  /* all ones: the block begins inside a string */
    uint64_t escaped; /* 1: its first byte follows a backslash that begins an escape */
    uint64_t other;   /* 1: the byte before belongs to a number or a word */
    size_t utf8_end;  /* where the last character outside of ASCII ended */
};

struct slu_scan_kernel {
    const char *name;
    /* Takes all blocks; the last one filled up with blanks. Stops where `bad` is set. */
    void (*scan)(struct slu_block_scan *scan);
    slu_walk_tokens *walk; /* the second pass */
};

extern const struct slu_scan_kernel slu_scan_plain;
#if defined(__x86_64__)
extern const struct slu_scan_kernel slu_scan_sse2, slu_scan_avx2, slu_scan_avx512;
#endif

/* The bytes of the block at `at`: those of the text, or for the last block a
 * copy in `last`. */
static inline const char *slu_block_bytes(const struct slu_block_scan *scan, size_t at, char last[SLU_BLOCK_BYTES]) {
    size_t left = scan->json.length - at;
    if (left >= SLU_BLOCK_BYTES) {
        return scan->json.bytes + at;
    }
    memset(last, ' ', SLU_BLOCK_BYTES);
    memcpy(last, scan->json.bytes + at, left);
    return last;
}

/* Bytes that an escape's backslash stands before. Notes the escapes' places. */
static inline uint64_t slu_block_escaped(struct slu_block_scan *scan, uint64_t backslash, uint32_t at) {
    uint64_t escaped = scan->escaped;
    uint64_t left = backslash & ~escaped;
    scan->escaped = 0;
    while (left) {
        uint64_t begins = left & (0 - left);
        *--scan->escape = at + (uint32_t)__builtin_ctzll(left);
        escaped |= begins << 1;
        scan->escaped = begins >> 63;
        left &= ~(begins | begins << 1);
    }
    return escaped;
}

/* `high`: the block's bytes outside of ASCII, not 0. */
static inline void slu_block_check_utf8(struct slu_block_scan *scan, uint64_t high, uint32_t at) {
    const char *bytes = scan->json.bytes, *end = bytes + scan->json.length;
    if (scan->utf8_end > at) {
        high &= ~UINT64_C(0) << (scan->utf8_end - at); /* the rest of a character of the block before */
    }
    while (high) {
        uint32_t first = (uint32_t)__builtin_ctzll(high);
        size_t length = slu_scan_sequence(bytes + at + first, end);
        if (length == 0) {
            scan->bad = 1;
            return;
        }
        high &= ~(((UINT64_C(1) << length) - 1) << first);
        scan->utf8_end = at + first + length;
    }
}

/* Bit i: whether the number of bits up to i, i included, is odd. */
static inline uint64_t slu_block_odd(uint64_t bits) {
    for (unsigned step = 1; step < 64; step *= 2) {
        bits ^= bits << step;
    }
    return bits;
}

/* Writes the places of tokens; returns where the next one goes. */
static inline uint32_t *slu_block_write(uint32_t *out, uint64_t tokens, uint32_t at) {
    uint32_t *end = out + __builtin_popcountll(tokens);
    while (tokens) {
        for (unsigned i = 0; i < SLU_TOKENS_AT_ONCE; i++) {
            out[i] = at + (uint32_t)__builtin_ctzll(tokens | UINT64_C(1) << 63);
            tokens &= tokens - 1;
        }
        out += SLU_TOKENS_AT_ONCE;
    }
    return end;
}

/* The quotes that are not escaped. */
static inline uint64_t slu_block_quotes(struct slu_block_scan *scan, const struct slu_scan_block *block, uint32_t at) {
    if ((block->backslash | scan->escaped) == 0) {
        return block->quote;
    }
    return block->quote & ~slu_block_escaped(scan, block->backslash, at);
}

/* Which bytes begin a token. `inside`: slu_block_odd of the quotes. */
static inline uint64_t slu_block_tokens(struct slu_block_scan *scan, const struct slu_scan_block *block,
                                        uint64_t quotes, uint64_t odd, uint32_t at) {
    uint64_t inside = odd ^ scan->inside; /* with the opening quote, without the closing one */
    scan->inside = 0 - (inside >> 63);
    scan->bad |= (block->control & inside) | (block->backslash & ~inside);
    if (block->high) {
        slu_block_check_utf8(scan, block->high, at);
    }
    uint64_t other = ~(block->punctuation | block->space | inside | quotes);
    uint64_t begins = other & ~(other << 1 | scan->other);
    scan->other = other >> 63;
    return begins | (block->punctuation & ~inside) | (quotes & inside);
}

#endif
