/* The scan: the windows of a text, and the literals behind those that the filter lets pass. */
#include "engine/text/scanner_kernel.h"

enum {
    COMPARED_BYTES = 16,    /* that count as one comparison */
    FETCHED_BUCKETS = 2048, /* so many are not all in the first cache: the processor is asked for them all at once */
};

/* One pass over a text. */
struct scanning {
    const struct slu_scanner *scanner;
    struct slu_string text;
    struct slu_scanner_hits *hits;
    uint64_t *comparisons_left;
};

/* False where it was 1 already. */
static bool set_bit(uint64_t *words, uint32_t at) {
    uint64_t bit = UINT64_C(1) << (at % SLU_SCANNER_WORD_BITS), before = words[at / SLU_SCANNER_WORD_BITS];
    words[at / SLU_SCANNER_WORD_BITS] = before | bit;
    return (before & bit) == 0;
}

static bool push(struct slu_scanner_hits *hits, struct slu_scanner_hit hit) {
    if (hits->count == hits->capacity) {
        uint32_t capacity = hits->capacity == 0 ? SLU_SCANNER_HITS_LEAST : 2 * hits->capacity;
        struct slu_scanner_hit *more = SLU_NEW_ARRAY(hits->arena, struct slu_scanner_hit, capacity);
        if (more == NULL) {
            hits->failed = true;
            return false;
        }
        if (hits->count > 0) {
            memcpy(more, hits->items, hits->count * sizeof *more);
        }
        hits->items = more;
        hits->capacity = capacity;
    }
    hits->items[hits->count++] = hit;
    return true;
}

/* False where it was met already, or when out of memory. */
static bool meet(const struct scanning *scan, uint32_t literal) {
    struct slu_scanner_hits *hits = scan->hits;
    if (hits->met == NULL) {
        size_t words = ((size_t)scan->scanner->literal_count + SLU_SCANNER_WORD_BITS - 1) / SLU_SCANNER_WORD_BITS;
        hits->met = SLU_NEW_ARRAY(hits->arena, uint64_t, words);
        hits->failed = hits->met == NULL;
    }
    return !hits->failed && set_bit(hits->met, literal);
}

static void note(const struct scanning *scan, uint32_t number, size_t place, size_t earliest) {
    const struct slu_scanner_literal *literal = &scan->scanner->literals[number];
    if (!meet(scan, number)) {
        return;
    }
    for (uint32_t i = 0; i < literal->number_count; i++) {
        uint32_t found = scan->scanner->numbers[literal->first_number + i];
        if (set_bit(scan->hits->found, found) && !push(scan->hits, (struct slu_scanner_hit){place, earliest, found})) {
            return;
        }
    }
}

/* No literal of the number that is compared later begins before the result: windows are met from the text's
 * start to its end. Short literals have their own pass, so theirs say nothing of others. */
static size_t earliest(const struct scanning *scan, const struct slu_scanner_table *table, size_t at) {
    if (table == &scan->scanner->tables[0] || at <= table->offset_most) {
        return 0;
    }
    return at - table->offset_most;
}

/* The literals that have the window of the text at the place `at`. */
static inline void compare(const struct scanning *scan, const struct slu_scanner_table *table, size_t at,
                           uint32_t window_bytes) {
    const char *bytes = scan->text.bytes;
    const struct slu_scanner_bucket *bucket = slu_scanner_find(table, slu_scanner_load(bytes + at, window_bytes));
    for (uint32_t i = 0; i < bucket->count && *scan->comparisons_left != 0 && !scan->hits->failed; i++) {
        const struct slu_scanner_entry *entry = &table->entries[bucket->first + i];
        const size_t length = entry->length, start = at - entry->offset;
        uint64_t cost = 1 + length / COMPARED_BYTES;
        *scan->comparisons_left -= cost < *scan->comparisons_left ? cost : *scan->comparisons_left;
        if (entry->offset > at || length > scan->text.length - start ||
            slu_scanner_load(bytes + start + slu_scanner_end_at(entry->offset, length, window_bytes), window_bytes) !=
                entry->end) {
            continue;
        }
        if (memcmp(bytes + start, scan->scanner->literals[entry->literal].text.bytes, length) == 0) {
            note(scan, entry->literal, start, earliest(scan, table, at));
        }
    }
}

/* Does the table's filter let the window pass? */
static inline uint32_t passes(const struct slu_scanner_table *table, uint32_t window) {
    uint32_t bit = slu_scanner_hash(window) >> table->filter_shift;
    return table->filter[bit >> SLU_SCANNER_FILTER_BITS] >> (bit & ((1 << SLU_SCANNER_FILTER_BITS) - 1)) & 1;
}

/* ---- the kernel for all processors ---- */

static inline uint32_t find_as(const struct slu_scanner_table *table, struct slu_string text, size_t at, size_t end,
                               uint16_t *places, uint32_t window_bytes, uint32_t stride) {
    uint32_t count = 0;
    for (size_t place = at; place < end; place += stride) {
        places[count] = (uint16_t)(place - at);
        count += passes(table, slu_scanner_load(text.bytes + place, window_bytes));
    }
    return count;
}

static uint32_t find_plain(const struct slu_scanner_table *table, struct slu_string text, size_t at, size_t end,
                           uint16_t *places) {
    if (table->window_bytes == SLU_SOUGHT_BYTES) {
        return find_as(table, text, at, end, places, SLU_SOUGHT_BYTES, table->stride);
    }
    if (table->stride == 1) {
        return find_as(table, text, at, end, places, SLU_SCANNER_WINDOW_BYTES, 1);
    }
    return find_as(table, text, at, end, places, SLU_SCANNER_WINDOW_BYTES, table->stride);
}

static bool can_always_run(void) {
    return true;
}

static const struct slu_scanner_kernel plain = {"plain", can_always_run, find_plain};

/* The best first. */
static const struct slu_scanner_kernel *const kernels[] = {
#if defined(__x86_64__)
    &slu_scanner_avx512, &slu_scanner_avx2,
#endif
    &plain};
enum { KERNELS = sizeof kernels / sizeof *kernels };

const struct slu_scanner_kernel *slu_scanner_kernel_at(uint32_t index) {
    for (uint32_t i = 0; i < KERNELS; i++) {
        if (kernels[i]->can_run() && index-- == 0) {
            return kernels[i];
        }
    }
    return NULL;
}

/* ---- the scan ---- */

/* Of the places, counted from `at` on, those that the filter lets pass; returns how many. No
 * branches: they would often be foretold wrong. */
static inline uint32_t filter(const struct slu_scanner_table *table, const char *bytes, uint16_t *places,
                              uint32_t count, uint32_t window_bytes) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t place = places[i];
        places[kept] = place;
        kept += passes(table, slu_scanner_load(bytes + place, window_bytes));
    }
    return kept;
}

/* What the kernel found from the place `at` on. Inlined, for each length of windows. */
__attribute__((always_inline)) static inline void look_closer(const struct scanning *scan,
                                                              const struct slu_scanner_table *table, size_t at,
                                                              uint16_t *places, uint32_t count, uint32_t window_bytes) {
    const char *bytes = scan->text.bytes + at;
    count = filter(table, bytes, places, count, window_bytes);
    for (uint32_t i = 0; i < count && table->bucket_last >= FETCHED_BUCKETS; i++) {
        uint32_t window = slu_scanner_load(bytes + places[i], window_bytes);
        __builtin_prefetch(&table->buckets[slu_scanner_bucket_at(table, window)]);
    }
    for (uint32_t i = 0; i < count; i++) {
        compare(scan, table, at + places[i], window_bytes);
    }
}

static void scan_table(const struct scanning *scan, const struct slu_scanner_kernel *kernel,
                       const struct slu_scanner_table *table) {
    const size_t last = scan->text.length - table->window_bytes + 1;
    uint16_t places[SLU_SCANNER_PLACES];
    for (size_t at = 0; at < last; at += SLU_SCANNER_PART_BYTES) {
        size_t end = last - at < SLU_SCANNER_PART_BYTES ? last : at + SLU_SCANNER_PART_BYTES;
        uint32_t count = kernel->find(table, scan->text, at, end, places);
        if (table->window_bytes == SLU_SOUGHT_BYTES) {
            look_closer(scan, table, at, places, count, SLU_SOUGHT_BYTES);
        } else {
            look_closer(scan, table, at, places, count, SLU_SCANNER_WINDOW_BYTES);
        }
        if (*scan->comparisons_left == 0 || scan->hits->failed) {
            return;
        }
    }
}

void slu_scanner_run_on(const struct slu_scanner_kernel *kernel, const struct slu_scanner *scanner,
                        struct slu_string text, struct slu_scanner_hits *hits, uint64_t *comparisons_left) {
    const struct scanning scan = {scanner, text, hits, comparisons_left};
    for (uint32_t i = 0; i < SLU_SCANNER_TABLES; i++) {
        const struct slu_scanner_table *table = &scanner->tables[i];
        if (table->literal_count > 0 && text.length >= table->window_bytes) {
            scan_table(&scan, kernel, table);
        }
    }
}

void slu_scanner_run(const struct slu_scanner *scanner, struct slu_string text, struct slu_scanner_hits *hits,
                     uint64_t *comparisons_left) {
    slu_scanner_run_on(scanner->kernel, scanner, text, hits, comparisons_left);
}
