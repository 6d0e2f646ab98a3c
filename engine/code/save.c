#include "engine/code/save.h"

#include "engine/code/archive.h"
#include "stdlib/functions/functions.h"
#include "stdlib/standard.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FORMAT_AT = 8, VERSION_AT = 12, FINGERPRINT_AT = 16, LENGTH_AT = 20, CHECKSUM_AT = 28 };
enum { CHECKSUM_TABLES = 4, BYTE_VALUES = 256 };
#define VERSION ((uint32_t)SLUICE_VERSION_MAJOR << 16 | (uint32_t)SLUICE_VERSION_MINOR << 8)

/* ---- CRC-32C (RFC 3720, appendix B.4), four bytes at a time ---- */

struct checksum {
    uint32_t tables[CHECKSUM_TABLES][BYTE_VALUES];
    uint32_t value;
};

static void checksum_init(struct checksum *checksum) {
    const uint32_t polynomial = 0x82F63B78;
    for (uint32_t byte = 0; byte < BYTE_VALUES; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) {
            value = value >> 1 ^ (value & 1 ? polynomial : 0);
        }
        checksum->tables[0][byte] = value;
    }
    for (uint32_t byte = 0; byte < BYTE_VALUES; byte++) {
        for (int table = 1; table < CHECKSUM_TABLES; table++) {
            uint32_t before = checksum->tables[table - 1][byte];
            checksum->tables[table][byte] = before >> 8 ^ checksum->tables[0][before & 0xFF];
        }
    }
    checksum->value = UINT32_MAX;
}

static void checksum_add(struct checksum *checksum, struct slu_string bytes) {
    const unsigned char *at = (const unsigned char *)bytes.bytes;
    size_t left = bytes.length;
    uint32_t value = checksum->value;
    for (; left >= CHECKSUM_TABLES; left -= CHECKSUM_TABLES, at += CHECKSUM_TABLES) {
        value ^= (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        value = checksum->tables[3][value & 0xFF] ^ checksum->tables[2][value >> 8 & 0xFF] ^
                checksum->tables[1][value >> 16 & 0xFF] ^ checksum->tables[0][value >> 24];
    }
    for (; left > 0; left--, at++) {
        value = value >> 8 ^ checksum->tables[0][(value ^ *at) & 0xFF];
    }
    checksum->value = value;
}

static void checksum_add_text(struct checksum *checksum, const char *text) {
    checksum_add(checksum, (struct slu_string){text, strlen(text) + 1});
}

uint32_t slu_saved_checksum(struct slu_string bytes) {
    struct checksum checksum;
    checksum_init(&checksum);
    checksum_add(&checksum, (struct slu_string){bytes.bytes, CHECKSUM_AT});
    checksum_add(&checksum,
                 (struct slu_string){bytes.bytes + SLU_SAVED_HEADER_BYTES, bytes.length - SLU_SAVED_HEADER_BYTES});
    return ~checksum.value;
}

/* What the bytes of code stand for, and what places in standard files show. */
static uint32_t fingerprint(void) {
    struct checksum checksum;
    checksum_init(&checksum);
    for (uint32_t i = 0; i < SLU_OP_COUNT; i++) {
        const char shape[] = {(char)slu_opcodes[i].operand, (char)slu_opcodes[i].pops, (char)slu_opcodes[i].pushes};
        checksum_add_text(&checksum, slu_opcodes[i].name);
        checksum_add(&checksum, (struct slu_string){shape, sizeof shape});
    }
    for (uint32_t i = 0; i < SLU_FUNCTION_COUNT; i++) {
        checksum_add_text(&checksum, slu_functions[i].word);
    }
    for (uint32_t i = 0; i < slu_standard_file_count; i++) {
        checksum_add(&checksum, slu_standard_files[i].name);
        checksum_add(&checksum, slu_standard_files[i].text);
    }
    return ~checksum.value;
}

/* ---- writing ---- */

static void put_number(char *at, uint64_t number, size_t count) {
    for (size_t i = 0; i < count; i++) {
        at[i] = (char)(number >> 8 * i & 0xFF);
    }
}

void slu_program_save(const struct sluice_program *program, struct slu_buffer *out) {
    struct slu_archive archive = {.out = out};
    struct sluice_program copy = *program; /* the archive wants one that it could change, and does not */
    size_t start = out->length;
    slu_buffer_add_repeated(out, 0, SLU_SAVED_HEADER_BYTES);
    slu_archive_program(&archive, &copy);
    if (out->failed) {
        return;
    }
    char *header = out->bytes + start;
    memcpy(header, SLU_SAVED_MAGIC, SLU_SAVED_MAGIC_BYTES);
    put_number(header + FORMAT_AT, SLU_SAVED_FORMAT, 4);
    put_number(header + VERSION_AT, VERSION, 4);
    put_number(header + FINGERPRINT_AT, fingerprint(), 4);
    put_number(header + LENGTH_AT, out->length - start - SLU_SAVED_HEADER_BYTES, 8);
    put_number(header + CHECKSUM_AT, slu_saved_checksum((struct slu_string){header, out->length - start}), 4);
}

/* ---- reading ---- */

static uint64_t get_number(struct slu_string bytes, size_t at, size_t count) {
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number |= (uint64_t)(unsigned char)bytes.bytes[at + i] << 8 * i;
    }
    return number;
}

static enum sluice_status __attribute__((format(printf, 4, 5)))
refuse(struct sluice_error *error, const char *code, size_t at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    *error = (struct sluice_error){.at_byte = at};
    snprintf(error->code, sizeof error->code, "%s", code);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return SLUICE_INVALID;
}

bool slu_saved_begins(struct slu_string bytes) {
    return bytes.length >= SLU_SAVED_MAGIC_BYTES && memcmp(bytes.bytes, SLU_SAVED_MAGIC, SLU_SAVED_MAGIC_BYTES) == 0;
}

/* Is it one of ours, whole and as it was written? */
static enum sluice_status check_header(struct slu_string bytes, struct sluice_error *error) {
    if (!slu_saved_begins(bytes)) {
        return refuse(error, "not-a-program", 0, "these are no compiled rules");
    }
    if (bytes.length < SLU_SAVED_HEADER_BYTES) {
        return refuse(error, "damaged", bytes.length, "the file ends after %zu bytes; compile the rules again",
                      bytes.length);
    }
    uint32_t format = (uint32_t)get_number(bytes, FORMAT_AT, 4), version = (uint32_t)get_number(bytes, VERSION_AT, 4);
    if (format != SLU_SAVED_FORMAT || version != VERSION) {
        return refuse(error, "other-version", FORMAT_AT,
                      "compiled by sluice %u.%u.%u (format %u), and this is sluice %s (format %d); compile the rules "
                      "again",
                      version >> 16, version >> 8 & 0xFF, version & 0xFF, format, SLUICE_VERSION, SLU_SAVED_FORMAT);
    }
    uint64_t length = get_number(bytes, LENGTH_AT, 8), got = bytes.length - SLU_SAVED_HEADER_BYTES;
    if (length != got) {
        return refuse(error, "damaged", bytes.length,
                      "the file has %" PRIu64 " bytes after its head and should have %" PRIu64
                      "; compile the rules again",
                      got, length);
    }
    if (slu_saved_checksum(bytes) != get_number(bytes, CHECKSUM_AT, 4)) {
        return refuse(error, "damaged", CHECKSUM_AT,
                      "the file is not as it was written: its checksum is wrong; "
                      "compile the rules again");
    }
    if (get_number(bytes, FINGERPRINT_AT, 4) != fingerprint()) {
        return refuse(error, "other-version", FINGERPRINT_AT,
                      "compiled by another build of sluice %s, with other instructions or standard files; compile the "
                      "rules again",
                      SLUICE_VERSION);
    }
    return SLUICE_OK;
}

static bool add_standard_files(struct sluice_program *program) {
    uint32_t number;
    for (uint32_t i = 0; i < slu_standard_file_count; i++) {
        if (!slu_sources_add(&program->sources, slu_standard_files[i].name, slu_standard_files[i].text, true,
                             &number)) {
            return false;
        }
    }
    return true;
}

static bool fill_maps(struct sluice_program *program) {
    struct slu_model *model = program->model;
    bool done = true;
    slu_map_init(&program->event_names, &program->arena);
    slu_map_init(&program->slot_names, &program->arena);
    slu_map_init(&model->field_names, &program->arena);
    slu_map_init(&model->operation_names, &program->arena);
    slu_map_init(&model->lookup_names, &program->arena);
    for (uint32_t i = 0; i < program->event_count && done; i++) {
        done = slu_map_put(&program->event_names, program->events[i].name, i);
    }
    for (uint32_t i = 0; i < program->slot_count && done; i++) {
        done = slu_map_put(&program->slot_names, program->slots[i].name, i);
    }
    for (uint32_t i = 0; i < model->fields_count && done; i++) {
        done = slu_map_put(&model->field_names, model->fields[i].name.text, i);
    }
    for (uint32_t i = 0; i < model->operations_count && done; i++) {
        done = slu_map_put(&model->operation_names, model->operations[i].name, i);
    }
    for (uint32_t i = 0; i < model->lookups_count && done; i++) {
        done = slu_map_put(&model->lookup_names, model->lookups[i].name.text, i);
    }
    return done;
}

/* The archive's bytes are kept: texts stay in them. */
static enum sluice_status read_archive(struct sluice_program *program, struct slu_string bytes,
                                       struct sluice_error *error) {
    struct slu_archive archive = {.arena = &program->arena, .in = bytes, .at = SLU_SAVED_HEADER_BYTES};
    const char *reason;
    uint32_t at;
    program->model = SLU_NEW(&program->arena, struct slu_model);
    if (program->model == NULL || !slu_arena_copy_string(&program->arena, bytes, &archive.in) ||
        !add_standard_files(program)) {
        return SLUICE_NO_MEMORY;
    }
    slu_archive_program(&archive, program);
    if (archive.no_memory) {
        return SLUICE_NO_MEMORY;
    }
    if (archive.reason == NULL && archive.at != archive.in.length) {
        archive.reason = "something stands behind its end";
    }
    if (archive.reason != NULL) {
        return refuse(error, "damaged", archive.at, "the file is damaged: %s; compile the rules again", archive.reason);
    }
    if (!slu_program_verify(program, &at, &reason)) {
        return refuse(error, "damaged", 0, "the file is damaged: %s (number %u); compile the rules again", reason, at);
    }
    return fill_maps(program) ? SLUICE_OK : SLUICE_NO_MEMORY;
}

enum sluice_status slu_program_read(struct slu_string bytes, struct sluice_program **program,
                                    struct sluice_error *error) {
    *program = NULL;
    enum sluice_status status = check_header(bytes, error);
    if (status != SLUICE_OK) {
        return status;
    }
    struct sluice_program *made = slu_program_new();
    status = made == NULL ? SLUICE_NO_MEMORY : read_archive(made, bytes, error);
    if (status != SLUICE_OK) {
        slu_program_free(made);
        return status;
    }
    *program = made;
    return SLUICE_OK;
}
