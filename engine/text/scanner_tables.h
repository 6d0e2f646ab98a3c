/* What the scanner's maker leaves for the scan: the tables of windows. */
#ifndef SLU_TEXT_SCANNER_TABLES_H
#define SLU_TEXT_SCANNER_TABLES_H

#include "engine/text/scanner.h"

#include <string.h>

enum {
    SLU_SCANNER_WINDOW_BYTES = 4, /* of literals that are as long; of shorter ones two */
    SLU_SCANNER_TABLES = 2        /* of short literals, and of others */
};

struct slu_scanner_literal {
    struct slu_string text; /* all are one behind the other: a scan reads few lines of memory */
    uint32_t first_number, number_count;
};

/* A literal that has the window, `offset` bytes behind its start; and what tells most others apart without
 * a look at them: its length, and as many bytes as a window has at the end of it that is farther off. */
struct slu_scanner_entry {
    uint32_t literal, offset, length, end;
};

struct slu_scanner_bucket {
    uint32_t window;
    uint32_t first, count; /* entries; none: the bucket is empty */
};

/* The windows in groups: which of them may have a byte at a window's place. A bit for each group, the first
 * eight in one byte and the others in another; bytes from 128 on count as what their lower seven bits say. */
enum { SLU_SCANNER_GROUPS = 16, SLU_SCANNER_HALVES = SLU_SCANNER_GROUPS / 8, SLU_SCANNER_BYTES = 128 };
struct slu_scanner_groups {
    uint8_t of_byte[SLU_SCANNER_WINDOW_BYTES][SLU_SCANNER_HALVES][SLU_SCANNER_BYTES];
    /* The same by the lowest five bits of a byte, which tell the small letters apart: by the fifth, and the others. */
    uint8_t of_letter[SLU_SCANNER_WINDOW_BYTES][SLU_SCANNER_HALVES][2][16];
};

/* Literals with windows of one length. */
struct slu_scanner_table {
    uint32_t first_literal, literal_count;
    uint32_t window_bytes;
    uint32_t stride;       /* a power of two */
    uint64_t strided;      /* a bit for each place of 64 where it has a window */
    uint32_t offset_most;  /* of the entries */
    uint32_t filter_shift; /* from a hash to the number of a bit */
    uint32_t *filter;      /* a bit is 1 where a window may be known */
    struct slu_scanner_groups *groups;
    struct slu_scanner_bucket *buckets;
    uint32_t bucket_last; /* their count - 1, a power of two - 1 */
    struct slu_scanner_entry *entries;
};

struct slu_scanner {
    struct slu_scanner_literal *literals; /* short ones first */
    uint32_t literal_count;
    uint32_t *numbers;
    const struct slu_scanner_kernel *kernel; /* the fastest of this processor */
    struct slu_scanner_table tables[SLU_SCANNER_TABLES];
};

enum { SLU_SCANNER_FILTER_BITS = 5 /* log2 of the bits of a word of the filter */ };

/* 2^32 divided by the golden ratio: a product's high bits are mixed. */
#define SLU_SCANNER_FACTOR UINT32_C(0x9E3779B1)

/* A window of one of the two lengths that there are. */
static inline uint32_t slu_scanner_load(const char *bytes, uint32_t count) {
    uint32_t window = 0;
    if (count == SLU_SCANNER_WINDOW_BYTES) {
        memcpy(&window, bytes, SLU_SCANNER_WINDOW_BYTES);
    } else {
        memcpy(&window, bytes, SLU_SOUGHT_BYTES);
    }
    return window;
}

static inline uint32_t slu_scanner_hash(uint32_t window) {
    return window * SLU_SCANNER_FACTOR;
}

/* Where in its literal the end stands that an entry has. */
static inline size_t slu_scanner_end_at(size_t offset, size_t length, uint32_t window_bytes) {
    size_t last = length - window_bytes;
    return 2 * offset < last ? last : 0;
}

/* Where a search for the window's bucket begins. */
static inline uint32_t slu_scanner_bucket_at(const struct slu_scanner_table *table, uint32_t window) {
    return (slu_scanner_hash(window) >> 16 ^ window) & table->bucket_last;
}

/* The window's bucket, or the empty one where it belongs. */
static inline struct slu_scanner_bucket *slu_scanner_find(const struct slu_scanner_table *table, uint32_t window) {
    uint32_t at = slu_scanner_bucket_at(table, window);
    while (table->buckets[at].count > 0 && table->buckets[at].window != window) {
        at = (at + 1) & table->bucket_last;
    }
    return &table->buckets[at];
}

/* The part of all bytes that are this one in usual text. */
float slu_scanner_share(unsigned char byte);
/* scanner_groups.c: puts the windows of the table's buckets into groups. False when out of memory. */
bool slu_scanner_group(struct slu_arena *arena, struct slu_arena *scratch, struct slu_scanner_table *table);

#endif
