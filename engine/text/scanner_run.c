/* The scan: the windows of a text, and the literals behind those that the filter lets pass. */
#include "engine/text/scanner_tables.h"

enum { COMPARED_BYTES = 16 /* that count as one comparison */ };

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

static void note(const struct slu_scanning *scan, uint32_t number, uint32_t earliest) {
    const struct slu_scanner_literal *literal = &scan->scanner->literals[number];
    if (!set_bit(scan->hits->met, number)) {
        return;
    }
    for (uint32_t i = 0; i < literal->number_count; i++) {
        uint32_t found = scan->scanner->numbers[literal->first_number + i];
        if (set_bit(scan->hits->found, found) && !push(scan->hits, (struct slu_scanner_hit){found, earliest})) {
            return;
        }
    }
}

/* No literal of the number that is compared later begins before the result: windows are met from the text's
 * start to its end. Short literals have their own pass, so theirs say nothing of others. */
static uint32_t earliest(const struct slu_scanning *scan, const struct slu_scanner_table *table, size_t at) {
    if (table == &scan->scanner->tables[0] || at <= table->offset_most) {
        return 0;
    }
    size_t place = at - table->offset_most;
    return place < UINT32_MAX ? (uint32_t)place : UINT32_MAX;
}

/* Not inline: the loops that look for such windows need the registers. */
__attribute__((noinline)) void slu_scanner_compare(const struct slu_scanning *scan,
                                                   const struct slu_scanner_table *table, uint32_t window, size_t at) {
    const struct slu_scanner_bucket *bucket = slu_scanner_find(table, window);
    for (uint32_t i = 0; i < bucket->count && *scan->comparisons_left != 0 && !scan->hits->failed; i++) {
        struct slu_scanner_entry entry = table->entries[bucket->first + i];
        struct slu_string text = scan->scanner->literals[entry.literal].text;
        uint64_t cost = 1 + text.length / COMPARED_BYTES;
        *scan->comparisons_left -= cost < *scan->comparisons_left ? cost : *scan->comparisons_left;
        if (entry.offset > at || text.length > scan->text.length - (at - entry.offset)) {
            continue;
        }
        if (memcmp(scan->text.bytes + at - entry.offset, text.bytes, text.length) == 0) {
            note(scan, entry.literal, earliest(scan, table, at));
        }
    }
}

/* From the place `at` on; returns the place that is next when windows are too near to the
 * end to be read as `read_bytes`, more than which are masked. */
static inline size_t scan_windows(const struct slu_scanning *scan, const struct slu_scanner_table *table, size_t at,
                                  uint32_t window_bytes, uint32_t read_bytes) {
    enum { TOGETHER = 4 }; /* windows that are looked at before anything is done about them */
    const char *bytes = scan->text.bytes;
    const uint32_t *filter = table->filter;
    const size_t stride = table->stride, length = scan->text.length;
    const uint32_t shift = table->filter_shift, mask = window_bytes == read_bytes ? UINT32_MAX : table->mask;
    while (at + read_bytes <= length) {
        bool all = at + (TOGETHER - 1) * stride + read_bytes <= length;
        uint32_t passed = 0, count = all ? TOGETHER : 1;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t bit = slu_scanner_hash(slu_scanner_load(bytes + at + i * stride, read_bytes) & mask) >> shift;
            passed |= (filter[bit >> SLU_SCANNER_FILTER_BITS] >> (bit & ((1 << SLU_SCANNER_FILTER_BITS) - 1)) & 1) << i;
        }
        for (; passed != 0; passed &= passed - 1) {
            size_t place = at + (size_t)__builtin_ctz(passed) * stride;
            slu_scanner_compare(scan, table, slu_scanner_load(bytes + place, read_bytes) & mask, place);
        }
        at += count * stride;
    }
    return at;
}

static void scan_plain(const struct slu_scanning *scan, const struct slu_scanner_table *table) {
    if (table->window_bytes == SLU_SCANNER_WINDOW_BYTES) {
        scan_windows(scan, table, 0, SLU_SCANNER_WINDOW_BYTES, SLU_SCANNER_WINDOW_BYTES);
        return;
    }
    /* To read four bytes and to mask them is faster than two bytes. */
    size_t last = scan_windows(scan, table, 0, SLU_SOUGHT_BYTES, SLU_SCANNER_WINDOW_BYTES);
    scan_windows(scan, table, last, SLU_SOUGHT_BYTES, SLU_SOUGHT_BYTES);
}

static inline void run(const struct slu_scanner *scanner, struct slu_string text, struct slu_scanner_hits *hits,
                       uint64_t *comparisons_left, bool plain) {
    const struct slu_scanning scan = {scanner, text, hits, comparisons_left};
    for (uint32_t i = 0; i < SLU_SCANNER_TABLES; i++) {
        const struct slu_scanner_table *table = &scanner->tables[i];
        if (table->literal_count > 0 && (plain || !slu_scanner_run_avx2(&scan, table))) {
            scan_plain(&scan, table);
        }
    }
}

void slu_scanner_run(const struct slu_scanner *scanner, struct slu_string text, struct slu_scanner_hits *hits,
                     uint64_t *comparisons_left) {
    run(scanner, text, hits, comparisons_left, false);
}

void slu_scanner_run_plain(const struct slu_scanner *scanner, struct slu_string text, struct slu_scanner_hits *hits,
                           uint64_t *comparisons_left) {
    run(scanner, text, hits, comparisons_left, true);
}
