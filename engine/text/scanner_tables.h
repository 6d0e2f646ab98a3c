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
    struct slu_string text;
    uint32_t first_number, number_count;
};

/* A literal that has the window, `offset` bytes behind its start. */
struct slu_scanner_entry {
    uint32_t literal, offset;
};

struct slu_scanner_bucket {
    uint32_t window;
    uint32_t first, count; /* entries; none: the bucket is empty */
};

/* Literals with windows of one length. */
struct slu_scanner_table {
    uint32_t first_literal, literal_count;
    uint32_t window_bytes, mask, stride;
    uint32_t offset_most;  /* of the entries */
    uint32_t filter_shift; /* from a hash to the number of a bit */
    uint32_t *filter;      /* a bit is 1 where a window may be known */
    struct slu_scanner_bucket *buckets;
    uint32_t bucket_last; /* their count - 1, a power of two - 1 */
    struct slu_scanner_entry *entries;
};

struct slu_scanner {
    struct slu_scanner_literal *literals; /* short ones first */
    uint32_t literal_count;
    uint32_t *numbers;
    struct slu_scanner_table tables[SLU_SCANNER_TABLES];
};

enum { SLU_SCANNER_FILTER_BITS = 5 /* log2 of the bits of a word of the filter */ };

/* 2^32 divided by the golden ratio: a product's high bits are mixed. */
#define SLU_SCANNER_FACTOR UINT32_C(0x9E3779B1)

static inline uint32_t slu_scanner_load(const char *bytes, uint32_t count) {
    uint32_t window = 0;
    memcpy(&window, bytes, count);
    return window;
}

static inline uint32_t slu_scanner_hash(uint32_t window) {
    return window * SLU_SCANNER_FACTOR;
}

/* The window's bucket, or the empty one where it belongs. */
static inline struct slu_scanner_bucket *slu_scanner_find(const struct slu_scanner_table *table, uint32_t window) {
    uint32_t at = (slu_scanner_hash(window) >> 16 ^ window) & table->bucket_last;
    while (table->buckets[at].count > 0 && table->buckets[at].window != window) {
        at = (at + 1) & table->bucket_last;
    }
    return &table->buckets[at];
}

/* One pass over a text. */
struct slu_scanning {
    const struct slu_scanner *scanner;
    struct slu_string text;
    struct slu_scanner_hits *hits;
    uint64_t *comparisons_left;
};

/* The literals that have the window of the text `at`. */
void slu_scanner_compare(const struct slu_scanning *scan, const struct slu_scanner_table *table, uint32_t window,
                         size_t at);

/* scanner_avx2.c: looks at eight windows together where the processor can and the table's
 * stride allows; false: it did nothing. */
bool slu_scanner_run_avx2(const struct slu_scanning *scan, const struct slu_scanner_table *table);

#endif
