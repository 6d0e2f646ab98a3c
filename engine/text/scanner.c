#include "engine/text/scanner.h"

#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_BYTES = 4,   /* of literals that are as long; of shorter ones two */
    STRIDE_MOST = 8,    /* windows of one literal */
    PLACES = 24,        /* where in a literal its windows may begin */
    COUNTER_BITS = 16,  /* of the counters that tell how common a window is */
    FILTER_SLOTS = 16,  /* for each window: of so many others one passes */
    FILTER_LEAST = 12,  /* log2 of the filter's bytes */
    FILTER_MOST = 17,   /* 128 KiB: it should stay in the second cache */
    COMPARED_BYTES = 16 /* that count as one comparison */
};

struct literal {
    struct slu_string text;
    uint32_t first_number, number_count;
};

/* A literal that has the window, `offset` bytes behind its start. */
struct entry {
    uint32_t literal, offset;
};

struct bucket {
    uint32_t window;
    uint32_t first, count; /* entries; none: the bucket is empty */
};

/* Literals with windows of one length. */
struct table {
    uint32_t first_literal, literal_count;
    uint32_t window_bytes, mask, stride;
    uint32_t filter_shift; /* from a hash to the byte's number */
    uint8_t *filter;       /* 1 where a window may be known */
    struct bucket *buckets;
    uint32_t bucket_last; /* their count - 1, a power of two - 1 */
    struct entry *entries;
};

enum { TABLES = 2 }; /* of short literals, and of others */

struct slu_scanner {
    struct literal *literals; /* short ones first */
    uint32_t literal_count;
    uint32_t *numbers;
    struct table tables[TABLES];
};

uint32_t slu_scanner_size(const struct slu_scanner *scanner) {
    return scanner->literal_count;
}

size_t slu_scanner_shortest(const struct slu_scanner *scanner) {
    size_t shortest = SIZE_MAX;
    for (uint32_t i = 0; i < scanner->literal_count; i++) {
        size_t length = scanner->literals[i].text.length;
        shortest = length < shortest ? length : shortest;
    }
    return shortest;
}

/* ---- windows ---- */

static uint32_t load(const char *bytes, uint32_t count) {
    uint32_t window = 0;
    memcpy(&window, bytes, count);
    return window;
}

static uint32_t hash(uint32_t window) {
    return window * UINT32_C(0x9E3779B1); /* 2^32 divided by the golden ratio: the high bits are mixed */
}

/* The window's bucket, or the empty one where it belongs. */
static struct bucket *find_bucket(const struct table *table, uint32_t window) {
    uint32_t at = (hash(window) >> COUNTER_BITS ^ window) & table->bucket_last;
    while (table->buckets[at].count > 0 && table->buckets[at].window != window) {
        at = (at + 1) & table->bucket_last;
    }
    return &table->buckets[at];
}

/* ---- making ---- */

static bool is_short(struct slu_string text) {
    return text.length < WINDOW_BYTES;
}

static int compare_sought(const void *left_item, const void *right_item) {
    const struct slu_sought *left = left_item, *right = right_item;
    if (is_short(left->text) != is_short(right->text)) {
        return is_short(left->text) ? -1 : 1;
    }
    int order = slu_string_compare(left->text, right->text);
    return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

/* Each literal once, with its numbers. */
static void take_literals(struct slu_scanner *scanner, const struct slu_sought *items, uint32_t count) {
    uint32_t number_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool same_text = i > 0 && slu_string_equal(items[i].text, items[i - 1].text);
        if (same_text && items[i].number == items[i - 1].number) {
            continue;
        }
        if (!same_text) {
            scanner->literals[scanner->literal_count++] = (struct literal){items[i].text, number_count, 0};
        }
        scanner->literals[scanner->literal_count - 1].number_count++;
        scanner->numbers[number_count++] = items[i].number;
    }
}

/* The last place where all windows are inside the literal; PLACES bounds the work. */
static uint32_t last_place(const struct table *table, struct slu_string text) {
    size_t last = text.length - table->window_bytes - (table->stride - 1);
    return last < PLACES ? (uint32_t)last : PLACES;
}

static uint32_t *counter(uint32_t *counters, uint32_t window) {
    return &counters[hash(window) >> (32 - COUNTER_BITS)];
}

static void count_windows(const struct slu_scanner *scanner, const struct table *table, uint32_t *counters) {
    for (uint32_t i = 0; i < table->literal_count; i++) {
        struct slu_string text = scanner->literals[table->first_literal + i].text;
        for (uint32_t at = 0; at < last_place(table, text) + table->stride; at++) {
            ++*counter(counters, load(text.bytes + at, table->window_bytes));
        }
    }
}

/* Where the literal's windows begin: its commonest one is as rare as can be. */
static uint32_t choose_place(const struct table *table, struct slu_string text, uint32_t *counters) {
    uint32_t chosen = 0, least = UINT32_MAX, last = last_place(table, text);
    for (uint32_t place = 0; place <= last; place++) {
        uint32_t most = 0;
        for (uint32_t i = 0; i < table->stride; i++) {
            uint32_t count = *counter(counters, load(text.bytes + place + i, table->window_bytes));
            most = count > most ? count : most;
        }
        if (most < least) {
            least = most;
            chosen = place;
        }
    }
    return chosen;
}

static void measure(const struct slu_scanner *scanner, struct table *table) {
    size_t shortest = SIZE_MAX;
    for (uint32_t i = 0; i < table->literal_count; i++) {
        size_t length = scanner->literals[table->first_literal + i].text.length;
        shortest = length < shortest ? length : shortest;
    }
    table->window_bytes = shortest < WINDOW_BYTES ? SLU_SOUGHT_BYTES : WINDOW_BYTES;
    size_t stride = shortest - table->window_bytes + 1;
    table->stride = stride < STRIDE_MOST ? (uint32_t)stride : STRIDE_MOST;
    static const char all[] = "\xff\xff\xff\xff";
    table->mask = load(all, table->window_bytes);
}

static bool make_room(struct slu_arena *arena, struct table *table) {
    size_t windows = (size_t)table->literal_count * table->stride, buckets = 2;
    uint32_t filter = FILTER_LEAST;
    while (filter < FILTER_MOST && (size_t)1 << filter < windows * FILTER_SLOTS) {
        filter++;
    }
    while (buckets < 2 * windows) {
        buckets *= 2;
    }
    table->filter_shift = 32 - filter;
    table->filter = SLU_NEW_ARRAY(arena, uint8_t, (size_t)1 << filter);
    table->buckets = SLU_NEW_ARRAY(arena, struct bucket, buckets);
    table->entries = SLU_NEW_ARRAY(arena, struct entry, windows);
    table->bucket_last = (uint32_t)(buckets - 1);
    return table->filter != NULL && table->buckets != NULL && table->entries != NULL;
}

static void count_window(struct table *table, uint32_t window) {
    struct bucket *bucket = find_bucket(table, window);
    bucket->window = window;
    bucket->count++;
    table->filter[hash(window) >> table->filter_shift] = 1;
}

/* Each bucket gets a run of entries; `first` is moved along it while they are filled in. */
static void place_entries(const struct slu_scanner *scanner, struct table *table, const uint32_t *places) {
    uint32_t end = 0;
    for (uint32_t i = 0; i <= table->bucket_last; i++) {
        table->buckets[i].first = end;
        end += table->buckets[i].count;
    }
    for (uint32_t i = 0; i < table->literal_count * table->stride; i++) {
        uint32_t literal = table->first_literal + i / table->stride;
        uint32_t offset = places[i / table->stride] + i % table->stride;
        const char *bytes = scanner->literals[literal].text.bytes;
        struct bucket *bucket = find_bucket(table, load(bytes + offset, table->window_bytes));
        table->entries[bucket->first++] = (struct entry){literal, offset};
    }
    for (uint32_t i = 0; i <= table->bucket_last; i++) {
        table->buckets[i].first -= table->buckets[i].count;
    }
}

static bool fill_table(struct slu_arena *arena, struct slu_arena *scratch, const struct slu_scanner *scanner,
                       struct table *table) {
    uint32_t *counters = SLU_NEW_ARRAY(scratch, uint32_t, (size_t)1 << COUNTER_BITS);
    uint32_t *places = SLU_NEW_ARRAY(scratch, uint32_t, table->literal_count);
    measure(scanner, table);
    if (counters == NULL || places == NULL || !make_room(arena, table)) {
        return false;
    }
    count_windows(scanner, table, counters);
    for (uint32_t i = 0; i < table->literal_count; i++) {
        struct slu_string text = scanner->literals[table->first_literal + i].text;
        places[i] = choose_place(table, text, counters);
        for (uint32_t j = 0; j < table->stride; j++) {
            count_window(table, load(text.bytes + places[i] + j, table->window_bytes));
        }
    }
    place_entries(scanner, table, places);
    return true;
}

static bool fill_tables(struct slu_arena *arena, struct slu_scanner *scanner) {
    uint32_t shorts = 0;
    bool done = true;
    while (shorts < scanner->literal_count && is_short(scanner->literals[shorts].text)) {
        shorts++;
    }
    scanner->tables[0].literal_count = shorts;
    scanner->tables[1].first_literal = shorts;
    scanner->tables[1].literal_count = scanner->literal_count - shorts;
    struct slu_arena scratch;
    slu_arena_init(&scratch, 0);
    for (uint32_t i = 0; i < TABLES && done; i++) {
        done = scanner->tables[i].literal_count == 0 || fill_table(arena, &scratch, scanner, &scanner->tables[i]);
    }
    slu_arena_free(&scratch);
    return done;
}

bool slu_scanner_build(struct slu_arena *arena, struct slu_sought *items, uint32_t count,
                       const struct slu_scanner **scanner) {
    struct slu_scanner *made = SLU_NEW(arena, struct slu_scanner);
    *scanner = made;
    if (made == NULL) {
        return false;
    }
    made->literals = SLU_NEW_ARRAY(arena, struct literal, count);
    made->numbers = SLU_NEW_ARRAY(arena, uint32_t, count);
    if (made->literals == NULL || made->numbers == NULL) {
        return false;
    }
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_sought);
        take_literals(made, items, count);
    }
    return fill_tables(arena, made);
}

/* ---- scanning ---- */

struct scan {
    const struct slu_scanner *scanner;
    struct slu_string text;
    uint64_t *met, *found, *comparisons_left;
};

static void set_bit(uint64_t *words, uint32_t at) {
    words[at / SLU_SCANNER_WORD_BITS] |= UINT64_C(1) << (at % SLU_SCANNER_WORD_BITS);
}

static void note(const struct scan *scan, uint32_t number) {
    const struct literal *literal = &scan->scanner->literals[number];
    set_bit(scan->met, number);
    for (uint32_t i = 0; i < literal->number_count; i++) {
        set_bit(scan->found, scan->scanner->numbers[literal->first_number + i]);
    }
}

/* The literals that have the window of the text `at`. Not inline: the loop that looks for such
 * windows needs the registers. */
__attribute__((noinline)) static void compare(const struct scan *scan, const struct table *table, uint32_t window,
                                              size_t at) {
    const struct bucket *bucket = find_bucket(table, window);
    for (uint32_t i = 0; i<bucket->count && * scan->comparisons_left> 0; i++) {
        struct entry entry = table->entries[bucket->first + i];
        struct slu_string text = scan->scanner->literals[entry.literal].text;
        uint64_t cost = 1 + text.length / COMPARED_BYTES;
        *scan->comparisons_left -= cost < *scan->comparisons_left ? cost : *scan->comparisons_left;
        if (entry.offset > at || text.length > scan->text.length - (at - entry.offset)) {
            continue;
        }
        if (memcmp(scan->text.bytes + at - entry.offset, text.bytes, text.length) == 0 &&
            (scan->met[entry.literal / SLU_SCANNER_WORD_BITS] >> (entry.literal % SLU_SCANNER_WORD_BITS) & 1) == 0) {
            note(scan, entry.literal);
        }
    }
}

/* From the place `at` on; returns the place that is next when windows are too near to the
 * end to be read as `read_bytes`, more than which are masked. */
static inline size_t scan_windows(const struct scan *scan, const struct table *table, size_t at, uint32_t window_bytes,
                                  uint32_t read_bytes) {
    enum { TOGETHER = 4 }; /* windows that are looked at before anything is done about them */
    const char *bytes = scan->text.bytes;
    const uint8_t *filter = table->filter;
    const size_t stride = table->stride, length = scan->text.length;
    const uint32_t shift = table->filter_shift, mask = window_bytes == read_bytes ? UINT32_MAX : table->mask;
    while (at + read_bytes <= length) {
        uint32_t passed = 0;
        uint32_t count = 1;
        if (at + (TOGETHER - 1) * stride + read_bytes <= length) {
            count = TOGETHER;
            for (uint32_t i = 0; i < TOGETHER; i++) {
                passed |= (uint32_t)filter[hash(load(bytes + at + i * stride, read_bytes) & mask) >> shift] << i;
            }
        } else {
            passed = filter[hash(load(bytes + at, read_bytes) & mask) >> shift];
        }
        for (; passed != 0; passed &= passed - 1) {
            size_t place = at + (size_t)__builtin_ctz(passed) * stride;
            compare(scan, table, load(bytes + place, read_bytes) & mask, place);
        }
        at += count * stride;
    }
    return at;
}

static void scan_table(const struct scan *scan, const struct table *table) {
    if (table->window_bytes == WINDOW_BYTES) {
        scan_windows(scan, table, 0, WINDOW_BYTES, WINDOW_BYTES);
    } else {
        size_t last = scan_windows(scan, table, 0, SLU_SOUGHT_BYTES, WINDOW_BYTES); /* faster than two bytes */
        scan_windows(scan, table, last, SLU_SOUGHT_BYTES, SLU_SOUGHT_BYTES);
    }
}

void slu_scanner_run(const struct slu_scanner *scanner, struct slu_string text, uint64_t *met, uint64_t *found,
                     uint64_t *comparisons_left) {
    const struct scan scan = {scanner, text, met, found, comparisons_left};
    for (uint32_t i = 0; i < TABLES; i++) {
        if (scanner->tables[i].literal_count > 0) {
            scan_table(&scan, &scanner->tables[i]);
        }
    }
}
