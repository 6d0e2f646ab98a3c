#include "engine/text/scanner_tables.h"

#include <math.h>
#include <stdlib.h>

enum {
    STRIDE_MOST = 8,   /* windows of one literal */
    PLACES = 24,       /* where in a literal its windows may begin */
    COUNTER_BITS = 16, /* of the counters that tell how common a window is */
    FILTER_SLOTS = 32, /* for each window: of so many others one passes */
    FILTER_LEAST = 12, /* log2 of the filter's bits */
    FILTER_MOST = 20   /* 128 KiB: it should stay in the second cache */
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

/* ---- making ---- */

static bool is_short(struct slu_string text) {
    return text.length < SLU_SCANNER_WINDOW_BYTES;
}

static int compare_sought(const void *left_item, const void *right_item) {
    const struct slu_sought *left = left_item, *right = right_item;
    if (is_short(left->text) != is_short(right->text)) {
        return is_short(left->text) ? -1 : 1;
    }
    int order = slu_string_compare(left->text, right->text);
    return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

/* Each literal once, with its numbers; `room` is for their texts. */
static void take_literals(struct slu_scanner *scanner, const struct slu_sought *items, uint32_t count, char *room) {
    uint32_t number_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool same_text = i > 0 && slu_string_equal(items[i].text, items[i - 1].text);
        if (same_text && items[i].number == items[i - 1].number) {
            continue;
        }
        if (!same_text) {
            struct slu_string text = {room, items[i].text.length};
            memcpy(room, items[i].text.bytes, text.length);
            room += text.length;
            scanner->literals[scanner->literal_count++] = (struct slu_scanner_literal){text, number_count, 0};
        }
        scanner->literals[scanner->literal_count - 1].number_count++;
        scanner->numbers[number_count++] = items[i].number;
    }
}

/* The last place where all windows are inside the literal; PLACES bounds the work. */
static uint32_t last_place(const struct slu_scanner_table *table, struct slu_string text) {
    size_t last = text.length - table->window_bytes - (table->stride - 1);
    return last < PLACES ? (uint32_t)last : PLACES;
}

/* What is known of windows when those of a literal are chosen. */
struct commonness {
    uint32_t counts[1 << COUNTER_BITS]; /* in literals, by hash */
    float shares[UINT8_MAX + 1];        /* of bytes, in usual text */
};

static uint32_t *counter(struct commonness *common, uint32_t window) {
    return &common->counts[slu_scanner_hash(window) >> (32 - COUNTER_BITS)];
}

static void count_windows(const struct slu_scanner *scanner, const struct slu_scanner_table *table,
                          struct commonness *common) {
    for (uint32_t i = 0; i <= UINT8_MAX; i++) {
        common->shares[i] = slu_scanner_share((unsigned char)i);
    }
    for (uint32_t i = 0; i < table->literal_count; i++) {
        struct slu_string text = scanner->literals[table->first_literal + i].text;
        for (uint32_t at = 0; at < last_place(table, text) + table->stride; at++) {
            ++*counter(common, slu_scanner_load(text.bytes + at, table->window_bytes));
        }
    }
}

/* How common a window is, in texts and among the literals. */
static float commonness(const struct slu_scanner_table *table, const char *bytes, struct commonness *common) {
    float share = (float)*counter(common, slu_scanner_load(bytes, table->window_bytes));
    for (uint32_t i = 0; i < table->window_bytes; i++) {
        share *= common->shares[(unsigned char)bytes[i]];
    }
    return share;
}

/* Where the literal's windows begin: its commonest one is as rare as can be. */
static uint32_t choose_place(const struct slu_scanner_table *table, struct slu_string text, struct commonness *common) {
    uint32_t chosen = 0, last = last_place(table, text);
    float least = INFINITY;
    for (uint32_t place = 0; place <= last; place++) {
        float most = 0;
        for (uint32_t i = 0; i < table->stride; i++) {
            float share = commonness(table, text.bytes + place + i, common);
            most = share > most ? share : most;
        }
        if (most < least) {
            least = most;
            chosen = place;
        }
    }
    return chosen;
}

static void measure(const struct slu_scanner *scanner, struct slu_scanner_table *table) {
    size_t shortest = SIZE_MAX;
    for (uint32_t i = 0; i < table->literal_count; i++) {
        size_t length = scanner->literals[table->first_literal + i].text.length;
        shortest = length < shortest ? length : shortest;
    }
    table->window_bytes = shortest < SLU_SCANNER_WINDOW_BYTES ? SLU_SOUGHT_BYTES : SLU_SCANNER_WINDOW_BYTES;
    table->stride = 1;
    while (2 * table->stride <= STRIDE_MOST && 2 * table->stride <= shortest - table->window_bytes + 1) {
        table->stride *= 2;
    }
    for (uint32_t place = 0; place < 64; place += table->stride) {
        table->strided |= UINT64_C(1) << place;
    }
}

static bool make_room(struct slu_arena *arena, struct slu_scanner_table *table) {
    size_t windows = (size_t)table->literal_count * table->stride, buckets = 2;
    uint32_t filter = FILTER_LEAST;
    while (filter < FILTER_MOST && (size_t)1 << filter < windows * FILTER_SLOTS) {
        filter++;
    }
    while (buckets < 2 * windows) {
        buckets *= 2;
    }
    table->filter_shift = 32 - filter;
    table->filter = SLU_NEW_ARRAY(arena, uint32_t, (size_t)1 << (filter - SLU_SCANNER_FILTER_BITS));
    table->buckets = SLU_NEW_ARRAY(arena, struct slu_scanner_bucket, buckets);
    table->entries = SLU_NEW_ARRAY(arena, struct slu_scanner_entry, windows);
    table->bucket_last = (uint32_t)(buckets - 1);
    return table->filter != NULL && table->buckets != NULL && table->entries != NULL;
}

static void count_window(struct slu_scanner_table *table, uint32_t window) {
    struct slu_scanner_bucket *bucket = slu_scanner_find(table, window);
    bucket->window = window;
    bucket->count++;
    uint32_t bit = slu_scanner_hash(window) >> table->filter_shift;
    table->filter[bit >> SLU_SCANNER_FILTER_BITS] |= UINT32_C(1) << (bit & ((1 << SLU_SCANNER_FILTER_BITS) - 1));
}

/* Each bucket gets a run of entries; `first` is moved along it while they are filled in. */
static void place_entries(const struct slu_scanner *scanner, struct slu_scanner_table *table, const uint32_t *places) {
    uint32_t end = 0;
    for (uint32_t i = 0; i <= table->bucket_last; i++) {
        table->buckets[i].first = end;
        end += table->buckets[i].count;
    }
    for (uint32_t i = 0; i < table->literal_count * table->stride; i++) {
        uint32_t literal = table->first_literal + i / table->stride;
        uint32_t offset = places[i / table->stride] + i % table->stride;
        const char *bytes = scanner->literals[literal].text.bytes;
        struct slu_scanner_bucket *bucket =
            slu_scanner_find(table, slu_scanner_load(bytes + offset, table->window_bytes));
        size_t length = scanner->literals[literal].text.length;
        table->entries[bucket->first++] = (struct slu_scanner_entry){
            .literal = literal,
            .offset = offset,
            .length = (uint32_t)length,
            .end =
                slu_scanner_load(bytes + slu_scanner_end_at(offset, length, table->window_bytes), table->window_bytes),
        };
        table->offset_most = offset > table->offset_most ? offset : table->offset_most;
    }
    for (uint32_t i = 0; i <= table->bucket_last; i++) {
        table->buckets[i].first -= table->buckets[i].count;
    }
}

static bool fill_table(struct slu_arena *arena, struct slu_arena *scratch, const struct slu_scanner *scanner,
                       struct slu_scanner_table *table) {
    struct commonness *common = SLU_NEW(scratch, struct commonness);
    uint32_t *places = SLU_NEW_ARRAY(scratch, uint32_t, table->literal_count);
    measure(scanner, table);
    if (common == NULL || places == NULL || !make_room(arena, table)) {
        return false;
    }
    count_windows(scanner, table, common);
    for (uint32_t i = 0; i < table->literal_count; i++) {
        struct slu_string text = scanner->literals[table->first_literal + i].text;
        places[i] = choose_place(table, text, common);
        for (uint32_t j = 0; j < table->stride; j++) {
            count_window(table, slu_scanner_load(text.bytes + places[i] + j, table->window_bytes));
        }
    }
    place_entries(scanner, table, places);
    return slu_scanner_group(arena, scratch, table);
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
    for (uint32_t i = 0; i < SLU_SCANNER_TABLES && done; i++) {
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
    made->literals = SLU_NEW_ARRAY(arena, struct slu_scanner_literal, count);
    made->numbers = SLU_NEW_ARRAY(arena, uint32_t, count);
    made->kernel = slu_scanner_kernel_at(0);
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        bytes += items[i].text.length;
    }
    char *room = slu_arena_alloc_bytes(arena, bytes);
    if (made->literals == NULL || made->numbers == NULL || room == NULL) {
        return false;
    }
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_sought);
        take_literals(made, items, count, room);
    }
    return fill_tables(arena, made);
}
