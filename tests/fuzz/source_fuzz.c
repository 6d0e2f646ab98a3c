/* Any delivery for any source: reading it neither crashes nor breaks a
 * promise. The input: one byte that picks the source (the last: the own
 * shape), the topic up to a newline, then the body. */
#include "engine/base/limits.h"
#include "engine/input/input.h"
#include "tests/deliveries/everything.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static void require(bool fine) {
    if (!fine) {
        abort();
    }
}

/* Every field that is there is of its type, and every text is inside memory. */
static void check_slots(const struct sluice_program *program, const struct slu_value *slots) {
    unsigned sum = 0;
    for (uint32_t i = 0; i < program->slot_count; i++) {
        const struct slu_slot *slot = &program->slots[i];
        if (slot->origin != SLU_FIELD_EVENT) {
            continue;
        }
        require(slots[i].type == slot->type || (slots[i].type == SLU_TYPE_MISSING && slot->type != SLU_TYPE_LIST));
        if (slots[i].type == SLU_TYPE_TEXT) {
            struct slu_string text = slots[i].as.text->raw;
            for (size_t at = 0; at < text.length; at++) {
                sum += (unsigned char)text.bytes[at];
            }
        }
    }
    require(sum < UINT32_MAX);
}

static void check_delivery(const struct sluice_program *program, struct slu_reader *reader,
                           const struct sluice_delivery *delivery) {
    struct slu_arena arena;
    struct slu_input input;
    struct sluice_error error = {.code = ""};
    struct slu_value *slots = calloc(program->slot_count + 1, sizeof *slots);
    struct slu_string *not_a_choice = calloc(program->slot_count + 1, sizeof *not_a_choice);
    require(slots && not_a_choice);
    slu_arena_init(&arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    enum sluice_status status = slu_input_read(reader, delivery, &arena, slots, not_a_choice, &input, &error);
    if (status == SLUICE_OK) {
        require(input.event < program->event_count);
        check_slots(program, slots);
    } else if (status != SLUICE_NO_MEMORY) {
        require(error.code[0] && error.message[0] && error.at_byte <= delivery->body.length);
    }
    slu_arena_free(&arena);
    free(slots);
    free(not_a_choice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct sluice_program *program; /* compiled once: reading is what is tested */
    static struct slu_reader *reader;
    if (!program) {
        program = everything_program();
        require(program != NULL);
        reader = slu_reader_new(program);
        require(reader != NULL);
    }
    if (size == 0) {
        return 0;
    }
    uint32_t source = data[0] % (program->from_source_count + 1);
    const char *bytes = (const char *)data + 1, *end = (const char *)data + size;
    const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
    const char *body = newline ? newline + 1 : bytes;
    struct sluice_string topic = {bytes, newline ? (size_t)(newline - bytes) : 0};
    struct sluice_header header = {{"x-github-event", sizeof "x-github-event" - 1}, topic};
    struct sluice_delivery delivery = {
        .body = {body, (size_t)(end - body)}, .topic = topic, .headers = &header, .header_count = topic.length > 0};
    if (source < program->from_source_count) {
        struct slu_string name = program->from_sources[source].name;
        delivery.source = (struct sluice_string){name.bytes, name.length};
    }
    check_delivery(program, reader, &delivery);
    return 0;
}
