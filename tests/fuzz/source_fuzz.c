/* Any delivery for any source: reading it neither crashes nor breaks a
 * promise, and the quick reader reads what the one that explains does. The input: one byte that picks the source (the
 * last: the own shape), the topic up to a newline, then the body. */
#include "engine/base/limits.h"
#include "engine/input/reader.h"
#include "engine/input/scan_block.h"
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

/* One way to read: the reader itself, and what it read. */
struct way {
    struct slu_reader *reader;
    struct slu_arena arena;
    struct slu_value *slots;
    struct slu_string *not_a_choice;
    struct slu_input input;
    struct sluice_error error;
    enum sluice_status status;
};

static void prepare(struct way *way, const struct sluice_program *program) {
    way->reader = slu_reader_new(program);
    way->slots = calloc(program->slot_count + 1, sizeof *way->slots);
    way->not_a_choice = calloc(program->slot_count + 1, sizeof *way->not_a_choice);
    require(way->reader && way->slots && way->not_a_choice);
    slu_arena_init(&way->arena, SLU_LIMIT_EVENT_ARENA_BYTES);
}

static void read_delivery(struct way *way, const struct sluice_delivery *delivery) {
    slu_arena_reset(&way->arena);
    way->error = (struct sluice_error){.code = ""};
    for (uint32_t i = 0; i < way->reader->program->slot_count; i++) {
        way->slots[i] = slu_slot_missing(&way->reader->program->slots[i]);
        way->not_a_choice[i] = (struct slu_string){NULL, 0};
    }
    way->status =
        slu_input_read(way->reader, delivery, &way->arena, way->slots, way->not_a_choice, &way->input, &way->error);
    if (way->status == SLUICE_OK) {
        require(way->input.event < way->reader->program->event_count);
        check_slots(way->reader->program, way->slots);
    } else if (way->status != SLUICE_NO_MEMORY) {
        require(way->error.code[0] && way->error.message[0] && way->error.at_byte <= delivery->body.length);
    }
}

static bool same_value(struct slu_value left, struct slu_value right) {
    if (left.type != right.type) {
        return false;
    }
    switch (left.type) {
    case SLU_TYPE_TEXT:
        return slu_string_equal(left.as.text->raw, right.as.text->raw);
    case SLU_TYPE_FLAG:
        return left.as.flag == right.as.flag;
    case SLU_TYPE_NUMBER:
    case SLU_TYPE_TIME:
    case SLU_TYPE_DURATION:
        return memcmp(&left.as.number, &right.as.number, sizeof left.as.number) == 0;
    case SLU_TYPE_LIST:
        for (size_t i = 0; i < left.as.list->count && left.as.list->count == right.as.list->count; i++) {
            if (!same_value(left.as.list->items[i], right.as.list->items[i])) {
                return false;
            }
        }
        return left.as.list->count == right.as.list->count;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
    return true;
}

static void compare(const struct way *left, const struct way *right) {
    const struct sluice_program *program = left->reader->program;
    require(left->status == right->status && strcmp(left->error.code, right->error.code) == 0 &&
            strcmp(left->error.message, right->error.message) == 0 && left->error.at_byte == right->error.at_byte);
    require(slu_string_equal(left->input.id, right->input.id) &&
            slu_string_equal(left->input.topic, right->input.topic) && left->input.event == right->input.event &&
            left->input.has_time == right->input.has_time && left->input.time == right->input.time);
    for (uint32_t i = 0; i < program->slot_count && left->status == SLUICE_OK; i++) {
        if (program->slots[i].origin == SLU_FIELD_EVENT) {
            require(same_value(left->slots[i], right->slots[i]) &&
                    slu_string_equal(left->not_a_choice[i], right->not_a_choice[i]));
        }
    }
}

static void refuse(struct slu_block_scan *scan) {
    scan->bad = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* Compiled once: reading is what is tested. */
    static struct sluice_program *program;
    static struct way quick, slow;
    static const struct slu_scan_kernel refusing = {"refusing", refuse, NULL};
    if (!program) {
        program = everything_program();
        require(program != NULL);
        prepare(&quick, program);
        prepare(&slow, program);
        slow.reader->kernel = &refusing; /* leaves everything to the reader that explains */
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
    read_delivery(&slow, &delivery);
    for (int time = 0; time < 2; time++) { /* the second time the document is remembered */
        read_delivery(&quick, &delivery);
        if (slow.status != SLUICE_NO_MEMORY && quick.status != SLUICE_NO_MEMORY) {
            compare(&slow, &quick);
        }
    }
    return 0;
}
