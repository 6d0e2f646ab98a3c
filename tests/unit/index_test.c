/* Damaged indexes: what the verifier refuses, and that whatever it lets pass is
 * searched without a step out of the tables (the instrumented build sees one). */
#include "tests/unit/check.h"
#include "tests/unit/deciding.h"

#include "engine/base/buffer.h"
#include "engine/code/index_hash.h"

/* Of the few rules, the rows are two words of bits. */
enum { RULES = 600, FEW_RULES = 100, SEARCHES = 200, TRIALS = 20000 };

static const char head[] = "event demo.seen \"Seen\"\n"
                           "field demo.size : number\n"
                           "field demo.at : time\n"
                           "field demo.on : flag\n"
                           "field demo.name : text\n"
                           "field demo.path : text\n"
                           "field demo.mail : text\n"
                           "field demo.tags : list of text\n"
                           "ruleset \"Many\" on demo.seen\n";

static const char *const events[] = {
    "{\"event\":\"demo.seen\",\"at\":1767225600,\"demo\":{\"size\":104,\"at\":1767225000,\"on\":true,\"name\":\"Name "
    "4\","
    "\"path\":\"/a/14/b/\",\"mail\":\"me@c24.example\",\"tags\":[\"Tag 4\",\"tag 5\",\"none\"]}}",
    "{\"event\":\"demo.seen\",\"demo\":{\"size\":-1,\"name\":\"\",\"path\":\"/\",\"mail\":\"e\",\"tags\":[]}}",
    "{\"event\":\"demo.seen\",\"demo\":{\"size\":1e9,\"at\":\"2020-01-01\",\"path\":\"/a/299/\",\"tags\":[\"tag 1\"]}}",
    "{\"event\":\"demo.seen\"}",
};

/* Broad rules and candidates of every kind of look. */
static void add_rule(struct slu_buffer *out, unsigned n) {
    static const char *const forms[] = {
        "demo.size between %u and %u",
        "demo.name is \"name %u\" and demo.on",
        "demo.path starts with \"/a/%u/\" and demo.tags has \"tag 5\"",
        "demo.mail ends with \"@c%u.example\" and demo.name is not \"name 4\" and demo.tags has none of [\"tag 1\"]",
        "demo.tags has all of [\"tag %u\", \"tag 5\"] and demo.at is within 7 days",
        "demo.at is older than %u minutes and demo.name is known",
        "demo.on and demo.tags has any of [\"tag %u\", \"tag 5\"]",
        "demo.name is exactly \"Name %u\" and demo.size + 1 > 3",
    };
    slu_buffer_add_format(out, "  rule \"Rule %u\" when ", n);
    slu_buffer_add_format(out, forms[n % (sizeof forms / sizeof *forms)], n, n + 3);
    slu_buffer_add_text(out, n % 16 == 1 ? " at most 1 per 1 day then record(\"x\")\n" : " then record(\"x\")\n");
}

/* A field with so many searches has a scan. */
static void add_search(struct slu_buffer *out, unsigned n) {
    slu_buffer_add_format(out, "  rule \"Rule %u\" when demo.name contains \"word %u\" then record(\"x\")\n", n, n);
}

static sluice_program *make_program(unsigned rules, void (*add)(struct slu_buffer *, unsigned)) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    slu_buffer_add_text(&text, head);
    for (unsigned i = 0; i < rules; i++) {
        add(&text, i);
    }
    slu_buffer_add_byte(&text, '\0');
    sluice_program *program = text.failed ? NULL : compile_text(slu_buffer_string(&text).bytes);
    slu_buffer_free(&text);
    return program;
}

/* A table of the index that is damaged: 32-bit words. */
struct region {
    const void *words;
    size_t count;
};
struct regions {
    struct region items[512];
    size_t count;
};

static void add_region(struct regions *regions, const void *words, size_t bytes) {
    if (words != NULL && bytes >= sizeof(uint32_t) && regions->count < sizeof regions->items / sizeof *regions->items) {
        regions->items[regions->count++] = (struct region){words, bytes / sizeof(uint32_t)};
    }
}

/* All but sizes of tables and pointers, which whoever reads an index from a file makes himself. */
static void find_regions(const struct slu_index *index, struct regions *regions) {
    add_region(regions, index->rows, (index->broad_count + 1) * sizeof *index->rows);
    add_region(regions, index->parts, index->part_count * sizeof *index->parts);
    add_region(regions, index->candidates, index->candidate_words * sizeof *index->candidates);
    add_region(regions, &index->early_count, sizeof index->early_count);
    add_region(regions, &index->candidate_looks, sizeof index->candidate_looks);
    add_region(regions, &index->broad_count, sizeof index->broad_count);
    add_region(regions, &index->first_found, sizeof index->first_found);
    add_region(regions, &index->early_columns, sizeof index->early_columns);
    add_region(regions, index->all, sizeof index->all);
    for (uint32_t i = 0; i < index->early_count && index->holds != NULL; i++) {
        const struct slu_index_holds *holds = &index->holds[i];
        add_region(regions, &holds->class_count, sizeof holds->class_count);
        add_region(regions, holds->rows, (holds->class_count + 1) * (size_t)index->word_count * sizeof *holds->rows);
    }
    for (uint32_t i = 0; i < index->look_count; i++) {
        const struct slu_index_look *look = &index->looks[i];
        add_region(regions, &look->kind, sizeof look->kind);
        add_region(regions, &look->slot, sizeof look->slot);
        add_region(regions, &look->lengths, sizeof look->lengths);
        add_region(regions, &look->shift, sizeof look->shift);
        add_region(regions, look->numbers, look->key_count * sizeof *look->numbers);
        if (look->cells != NULL) {
            add_region(regions, look->cells, look->cell_count * sizeof *look->cells);
            add_region(regions, &look->cell_scale, sizeof look->cell_scale);
            add_region(regions, &look->cell_keys, sizeof look->cell_keys);
        }
        add_region(regions, look->filter, look->filter_count * sizeof *look->filter);
        add_region(regions, look->texts, look->text_words * sizeof *look->texts);
        add_region(regions, look->buckets, look->bucket_count * sizeof *look->buckets);
        if (look->starts != NULL) {
            uint32_t classes = slu_index_merged(slu_index_last_class(look->kind, look->key_count), look->shift) + 1;
            add_region(regions, look->starts, (classes + 1) * sizeof *look->starts);
        }
    }
    for (uint32_t i = 0; i < index->column_count; i++) {
        const struct slu_index_column *column = &index->columns[i];
        add_region(regions, &column->look, sizeof column->look);
        add_region(regions, &column->shift, sizeof column->shift);
        add_region(regions, column->class_sets, column->class_count * sizeof *column->class_sets);
        add_region(regions, column->sets, (size_t)column->set_count * index->word_count * sizeof *column->sets);
    }
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void decide_all(struct check *check, sluice_decider *decider) {
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct sluice_event event;
        struct sluice_result result;
        struct sluice_error error;
        struct sluice_inputs inputs = {.clock = 1767225600000};
        bool done = read_text(decider, events[i], &event) == SLUICE_OK &&
                    sluice_decide(decider, &inputs, &result, &error) == SLUICE_OK;
        CHECK(check, done);
    }
}

/* One word after the other gets a value that is a little or wholly wrong. */
static void test_random_damage(struct check *check, const sluice_program *program, sluice_decider *decider) {
    static struct regions regions;
    uint64_t random = 88172645463325252u;
    unsigned refused = 0;
    regions.count = 0;
    find_regions(program->rulesets[0].index, &regions);
    for (unsigned i = 0; i < TRIALS; i++) {
        const struct region *region = &regions.items[next_random(&random) % regions.count];
        uint32_t *word = (uint32_t *)(uintptr_t)region->words + next_random(&random) % region->count;
        uint32_t kept = *word, by = (uint32_t)next_random(&random);
        *word = i % 3 == 0 ? by : i % 3 == 1 ? kept + by % 5 - 2 : kept ^ UINT32_C(1) << by % 32;
        if (slu_program_verify_index(program, &program->rulesets[0]) != NULL) {
            refused++;
        } else if (i % 4 == 0) {
            decide_all(check, decider);
        }
        *word = kept;
    }
    CHECK(check, refused > TRIALS / 4 && refused < TRIALS);
    CHECK(check, slu_program_verify_index(program, &program->rulesets[0]) == NULL);
}

static const struct slu_index_look *look_of(const struct slu_index *index, enum slu_index_kind kind) {
    for (uint32_t i = 0; i < index->look_count; i++) {
        if (index->looks[i].kind == kind) {
            return &index->looks[i];
        }
    }
    return NULL;
}

struct wrong {
    const void *place; /* of a 32-bit number */
    uint32_t value;
    const char *reason;
};

static void check_wrong(struct check *check, const sluice_program *program, const struct wrong *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t *place = (uint32_t *)(uintptr_t)rows[i].place, kept = *place;
        *place = rows[i].value;
        const char *reason = slu_program_verify_index(program, &program->rulesets[0]);
        *place = kept;
        CHECK_TEXT(check, slu_string_from(reason == NULL ? "accepted" : reason), rows[i].reason);
    }
}

/* What only the index of a few rows has. */
static void test_few_reasons(struct check *check, const sluice_program *program) {
    const struct slu_index *index = program->rulesets[0].index;
    if (!CHECK(check, index->word_count == SLU_INDEX_FEW_WORDS && index->holds != NULL && index->early_columns > 0 &&
                          index->early_columns < index->column_count)) {
        return;
    }
    const struct wrong rows[] = {
        {&index->early_columns, index->column_count + 1, "index: wrong sizes"},
        {&index->early_columns, index->column_count, "index: a column is not in its place"},
        {&index->all[1], 0, "index: a bit stands for no row"},
        {&index->holds[0].class_count, index->holds[0].class_count - 1, "index: what holds by class has no place"},
    };
    check_wrong(check, program, rows, sizeof rows / sizeof *rows);
}

/* Each thing that is checked, wrong once. */
static void test_reasons(struct check *check, const sluice_program *program) {
    const struct slu_index *index = program->rulesets[0].index;
    const struct slu_index_look *number = look_of(index, SLU_INDEX_NUMBER), *text = look_of(index, SLU_INDEX_TEXT),
                                *prefix = look_of(index, SLU_INDEX_PREFIX), *age = look_of(index, SLU_INDEX_AGE);
    uint32_t bucket = 0, class = 0;
    if (!CHECK(check, number != NULL && text != NULL && prefix != NULL && age != NULL && index->column_count > 0 &&
                          number->starts != NULL && number->cells != NULL && index->part_count > 0)) {
        return;
    }
    while (text->buckets[bucket].key == 0) {
        bucket++;
    }
    const struct slu_index_key *key = slu_index_key_at(text, text->buckets[bucket].key);
    while (number->starts[class] == 0) {
        class ++;
    }
    const struct slu_index_candidate *candidate = slu_index_candidate_at(index, number->starts[class]);
    const struct wrong rows[] = {
        {&index->word_count, 1000, "index: wrong sizes"},
        {&index->broad_count, index->row_count + 1, "index: wrong sizes"},
        {&index->look_count, SLU_INDEX_COLUMNS_MAX + 1, "index: wrong sizes"},
        {&index->candidate_looks, index->look_count + 1, "index: wrong sizes"},
        {&index->candidate_looks, 0, "index: candidates of a look are not looked for"},
        {&index->first_found, program->found_count, "index: no room for the classes of its looks"},
        {&number->kind, SLU_INDEX_KIND_COUNT, "index: a look is at no field of its kind"},
        {&number->slot, program->slot_count, "index: a look is at no field of its kind"},
        {&number->slot, text->slot, "index: a look is at no field of its kind"},
        {&number->key_count, UINT32_MAX, "index: a look is at no field of its kind"},
        {&index->early_count, index->look_count, "index: a look is not in its place"},
        {&text->bucket_count, text->bucket_count - 1, "index: the texts of a look have no place"},
        {&text->buckets[bucket].key, text->text_words, "index: a bucket leads out of the keys"},
        {&key->number, text->key_count, "index: a bucket leads out of the keys"},
        {&key->length, UINT32_MAX, "index: a bucket leads out of the keys"},
        {&text->buckets[bucket].key, 0, "index: a key is in no bucket"},
        {&text->buckets[bucket].hash, text->buckets[bucket].hash + 1, "index: a key is not found"},
        {&prefix->lengths, 0, "index: a key's length is not looked for"},
        {&prefix->filter_count, prefix->filter_count - 1, "index: the texts of a look have no place"},
        {&number->cells[1], UINT32_MAX, "index: a cell does not begin at its keys"},
        {&number->cell_keys, 0, "index: a cell has too many keys"},
        {&number->cell_keys, number->key_count + 1, "index: the cells of a look have no place"},
        {&number->starts[SLU_INDEX_OTHER], UINT32_MAX, "index: a class leads out of the candidates"},
        {&number->starts[SLU_INDEX_OTHER], index->candidate_words - 1, "index: a class leads out of the candidates"},
        {&candidate->size, UINT32_MAX, "index: a class leads out of the candidates"},
        {&candidate->rule, UINT32_MAX, "index: a candidate's rule is out of range"},
        {&index->candidate_words, 0, "index: the candidate of no class is out of range"},
        {&index->candidates[0], UINT32_MAX, "index: the candidate of no class is out of range"},
        {&number->shift, 32, "index: the candidates of a look have no place"},
        {&index->columns[0].look, index->look_count, "index: a column has no look"},
        {&index->columns[0].class_count, index->columns[0].class_count - 1, "index: a column has too few classes"},
        {&index->columns[0].shift, 32, "index: a column has too few classes"},
        {&index->columns[0].class_sets[0], index->columns[0].set_count, "index: the set of a class is out of range"},
        {&index->rows[0].rule, UINT32_MAX, "index: a row's rule is out of range"},
        {&index->rows[index->broad_count].first_part, index->part_count + 1, "index: a row's parts are out of range"},
        {&index->parts[0].look, UINT32_MAX, "index: a part has no look"},
        {&index->parts[index->part_count - 1].look, 0, "index: a row's parts have no end"},
    };
    check_wrong(check, program, rows, sizeof rows / sizeof *rows);
}

/* An index that searches texts cannot be asked before there is a machine. */
static void test_search_reason(struct check *check) {
    sluice_program *program = make_program(SEARCHES, add_search);
    const struct slu_index *index = program == NULL ? NULL : program->rulesets[0].index;
    if (CHECK(check, index != NULL && look_of(index, SLU_INDEX_SEARCH) != NULL && !index->is_sure)) {
        bool *sure = (bool *)(uintptr_t)&index->is_sure;
        CHECK(check, slu_program_verify_index(program, &program->rulesets[0]) == NULL);
        *sure = true;
        const char *reason = slu_program_verify_index(program, &program->rulesets[0]);
        CHECK_TEXT(check, slu_string_from(reason == NULL ? "accepted" : reason),
                   "index: a text is searched where only classes are asked for");
        *sure = false;
    }
    sluice_program_free(program);
}

/* Keys of every length, with each byte on its own: none may share its hash with many, and a
 * text is its key whatever its case. */
static void test_hash(struct check *check) {
    enum { LENGTH = 70, BITS = 14 };
    static uint32_t taken[1 << BITS];
    unsigned most = 0;
    for (size_t length = 0; length <= LENGTH; length++) {
        for (size_t at = 0; at < length; at++) {
            char bytes[LENGTH], capitals[LENGTH];
            memset(bytes, 'a', sizeof bytes);
            memset(capitals, 'A', sizeof capitals);
            bytes[at] = (char)(at % 3 == 0 ? '[' : at % 3 == 1 ? 0xC1 : 'z'); /* the first two are no capitals */
            capitals[at] = (char)(bytes[at] == 'z' ? 'Z' : bytes[at]);
            struct slu_string key = {bytes, length}, text = {capitals, length};
            uint32_t hash = slu_index_hash(key);
            unsigned same = ++taken[hash & ((1 << BITS) - 1)];
            most = same > most ? same : most;
            CHECK(check, slu_index_hash(text) == hash && slu_index_same(text, true, key));
            CHECK(check, slu_index_same(text, false, key) == (length == 1 && bytes[at] != 'z'));
            bytes[at] = 'b';
            CHECK(check, !slu_index_same(text, true, key));
        }
    }
    CHECK(check, most <= 6); /* 2,485 keys in 16,384 places */
}

static void test_program(struct check *check, unsigned rules, void (*test)(struct check *, const sluice_program *)) {
    sluice_program *program = make_program(rules, add_rule);
    sluice_decider *decider = NULL;
    if (CHECK(check, program != NULL && program->rulesets[0].index != NULL) &&
        CHECK(check, sluice_decider_new(program, &decider) == SLUICE_OK)) {
        decide_all(check, decider);
        test(check, program);
        test_random_damage(check, program, decider);
    }
    sluice_decider_free(decider);
    sluice_program_free(program);
}

int main(void) {
    struct check check = {0, 0};
    test_hash(&check);
    test_search_reason(&check);
    test_program(&check, RULES, test_reasons);
    test_program(&check, FEW_RULES, test_few_reasons);
    return check_finish(&check);
}
