/* Any bytes as the archive of a saved program: they are refused with a reason, or
 * what they make can be printed, decides, and is read back when it is saved again. */
#include "tests/fuzz/fuzz.h"

#include "engine/base/buffer.h"
#include "engine/code/program.h"
#include "engine/code/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_AT = 20, CHECKSUM_AT = 28 }; /* in the header */

static void require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

static void put_number(char *at, uint64_t number, size_t count) {
    for (size_t i = 0; i < count; i++) {
        at[i] = (char)(number >> 8 * i & 0xFF);
    }
}

/* The header of this build, from a program without rules. */
static void add_header(struct slu_buffer *out) {
    sluice_program *program = NULL;
    require(sluice_compile(NULL, 0, NULL, &program) == SLUICE_OK, "nothing does not compile");
    slu_program_save(program, out);
    require(!out->failed && out->length > SLU_SAVED_HEADER_BYTES, "nothing cannot be saved");
    out->length = SLU_SAVED_HEADER_BYTES;
    sluice_program_free(program);
}

/* The bytes behind a header that fits them. */
static void wrap(struct slu_buffer *file, const uint8_t *data, size_t size) {
    file->length = SLU_SAVED_HEADER_BYTES;
    slu_buffer_add(file, (struct slu_string){(const char *)data, size});
    require(!file->failed, "no memory");
    put_number(file->bytes + LENGTH_AT, size, 8);
    put_number(file->bytes + CHECKSUM_AT, slu_saved_checksum(slu_buffer_string(file)), 4);
}

static void see(void *context, const struct sluice_trace_entry *entry) {
    size_t *seen = context;
    *seen += entry->text.length + entry->line;
}

/* Facts are never there, and always. */
static enum sluice_fact_status no_state(void *context, struct sluice_string field, struct sluice_string entity,
                                        struct sluice_value *value) {
    (void)context, (void)field, (void)entity;
    *value = (struct sluice_value){.type = SLUICE_FLAG, .flag = true};
    return SLUICE_FACT_FOUND;
}

static void decide(const sluice_program *program, const struct sluice_delivery *delivery) {
    static size_t seen;
    const struct sluice_trace trace = {&seen, see};
    const struct sluice_facts facts = {.state = no_state};
    sluice_decider *decider;
    struct sluice_event event;
    struct sluice_error error = {.code = ""};
    struct sluice_result result;
    require(sluice_decider_new(program, &decider) == SLUICE_OK, "no memory");
    for (int round = 0; round < 2 && sluice_read(decider, delivery, &event, &error) == SLUICE_OK; round++) {
        struct sluice_inputs inputs = {.clock = 1763700000000, .facts = &facts, .trace = round == 0 ? NULL : &trace};
        enum sluice_status status = sluice_decide(decider, &inputs, &result, &error);
        require(status == SLUICE_OK || error.message[0] != '\0', "no reason for a failure");
    }
    sluice_decider_free(decider);
}

static void decide_all(const sluice_program *program) {
    static const char rest[] = "\",\"id\":\"e\",\"at\":1763700000,\"company\":{\"size\":51,\"name\":\"Acme\"},"
                               "\"contact\":{\"id\":\"c\",\"country\":\"CA\",\"email\":\"ada@example.com\"},"
                               "\"conversation\":{\"id\":\"1\",\"tags\":[\"vip\",\"new\"]},"
                               "\"message\":{\"body\":\"order 1234, please\"},\"lead\":{\"score\":7}}";
    for (uint32_t i = 0; i < program->event_count && i < 3; i++) {
        struct slu_buffer body;
        slu_buffer_init(&body);
        slu_buffer_add_text(&body, "{\"event\":\"");
        slu_buffer_add(&body, program->events[i].name);
        slu_buffer_add_text(&body, rest);
        struct sluice_delivery delivery = {.body = {body.bytes, body.length}};
        decide(program, &delivery);
        slu_buffer_free(&body);
    }
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        static const char body[] =
            "{\"topic\":\"ping\",\"id\":\"n\",\"created_at\":1,\"data\":{\"item\":{\"id\":\"5\"}}}";
        struct slu_string name = program->from_sources[i].name;
        for (uint32_t j = 0; j < program->from_sources[i].topic_count && j < 4; j++) {
            struct slu_string topic = program->from_sources[i].topics[j].topic;
            struct sluice_delivery delivery = {.body = {body, sizeof body - 1},
                                               .source = {name.bytes, name.length},
                                               .topic = {topic.bytes, topic.length}};
            decide(program, &delivery);
        }
    }
}

static void save_again(const sluice_program *program) {
    struct slu_buffer first, second;
    struct sluice_error error = {.code = ""};
    sluice_program *again;
    slu_buffer_init(&first);
    slu_buffer_init(&second);
    slu_program_save(program, &first);
    require(sluice_program_load((struct sluice_string){first.bytes, first.length}, &again, &error) == SLUICE_OK,
            "what was saved is refused");
    slu_program_save(again, &second);
    require(slu_string_equal(slu_buffer_string(&first), slu_buffer_string(&second)), "saved again it is not the same");
    sluice_program_free(again);
    slu_buffer_free(&first);
    slu_buffer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct slu_buffer file; /* its header is made once */
    struct sluice_error error = {.code = ""};
    sluice_program *program;
    if (file.length == 0) {
        add_header(&file);
    }
    wrap(&file, data, size);
    enum sluice_status status = sluice_program_load((struct sluice_string){file.bytes, file.length}, &program, &error);
    require(status == SLUICE_OK || (status == SLUICE_INVALID && error.message[0] != '\0'), "an unexpected status");
    if (status == SLUICE_OK) {
        struct slu_buffer dump;
        slu_buffer_init(&dump);
        slu_program_dump(program, &dump);
        require(!dump.failed, "no memory");
        slu_buffer_free(&dump);
        decide_all(program);
        save_again(program);
        sluice_program_free(program);
    }
    return 0;
}
