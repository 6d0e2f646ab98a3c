/* deliveries SHARED GOLDEN [--update]: what every sample delivery of
 * SHARED/manifest.json becomes, as Markdown, compared with GOLDEN or written
 * there. Nothing in it is made by hand. */
#include "engine/base/buffer.h"
#include "engine/base/limits.h"
#include "engine/input/input.h"
#include "tests/deliveries/everything.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 32, VALUE_BYTES_MAX = 300 };

struct table {
    const struct sluice_program *program;
    struct slu_reader *reader;
    const char *folder;
    struct slu_arena arena;
    struct slu_value *slots;
    struct slu_string *not_a_choice;
    struct slu_buffer overview, details;
    int read, ignored, refused;
};

/* The whole file; *new*. False when it cannot be read. */
static bool read_file(const char *path, struct slu_buffer *bytes) {
    char piece[65536];
    size_t count;
    FILE *file = fopen(path, "rb");
    slu_buffer_init(bytes);
    if (!file) {
        return false;
    }
    while ((count = fread(piece, 1, sizeof piece, file)) > 0) {
        slu_buffer_add(bytes, (struct slu_string){piece, count});
    }
    bool fine = !ferror(file) && !bytes->failed;
    fclose(file);
    return fine;
}

static void add_value(struct slu_buffer *out, struct slu_value value) {
    switch (value.type) {
    case SLU_TYPE_TEXT:
        slu_buffer_add_json_string(out, value.as.text->raw);
        break;
    case SLU_TYPE_NUMBER:
        slu_buffer_add_number(out, value.as.number);
        break;
    case SLU_TYPE_FLAG:
        slu_buffer_add_text(out, value.as.flag ? "true" : "false");
        break;
    case SLU_TYPE_TIME:
        slu_buffer_add_time(out, value.as.number);
        break;
    case SLU_TYPE_LIST:
        slu_buffer_add_text(out, "[");
        for (size_t i = 0; i < value.as.list->count; i++) {
            slu_buffer_add_text(out, i > 0 ? ", " : "");
            slu_buffer_add_json_string(out, value.as.list->items[i].as.text->raw);
        }
        slu_buffer_add_text(out, "]");
        break;
    case SLU_TYPE_MISSING:
    case SLU_TYPE_DURATION:
    case SLU_TYPE_COUNT:
        break;
    }
}

/* Long texts are cut, on a character: the table is for reading. */
static void add_field(struct slu_buffer *out, struct slu_string name, struct slu_value value) {
    struct slu_buffer written;
    slu_buffer_init(&written);
    add_value(&written, value);
    struct slu_string text = slu_buffer_string(&written);
    size_t length = text.length;
    if (length > VALUE_BYTES_MAX) {
        length = VALUE_BYTES_MAX;
        while (((unsigned char)text.bytes[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    slu_buffer_add(out, name);
    slu_buffer_add_text(out, " = ");
    slu_buffer_add(out, (struct slu_string){text.bytes, length});
    if (length < text.length) {
        slu_buffer_add_format(out, "... (%zu bytes)", text.length);
    }
    slu_buffer_add_text(out, "\n");
    slu_buffer_free(&written);
}

static bool is_there(struct slu_value value) {
    return value.type == SLU_TYPE_LIST ? value.as.list->count > 0 : value.type != SLU_TYPE_MISSING;
}

/* The fields in the order of their declaration; returns how many. */
static int add_fields(struct table *table) {
    const struct sluice_program *program = table->program;
    int count = 0;
    for (uint32_t i = 0; i < program->model->fields_count; i++) {
        uint32_t slot = slu_map_find(&program->slot_names, program->model->fields[i].name.text);
        if (slot == SLU_MAP_NONE || program->slots[slot].origin != SLU_FIELD_EVENT) {
            continue;
        }
        if (is_there(table->slots[slot])) {
            add_field(&table->details, program->slots[slot].name, table->slots[slot]);
            count++;
        } else if (table->not_a_choice[slot].bytes) {
            slu_buffer_add(&table->details, program->slots[slot].name);
            slu_buffer_add_text(&table->details, " is missing: outside its choices: ");
            slu_buffer_add_json_string(&table->details, table->not_a_choice[slot]);
            slu_buffer_add_text(&table->details, "\n");
        }
    }
    return count;
}

static void add_read(struct table *table, const char *file, const struct slu_input *input) {
    slu_buffer_add_format(&table->details, "\n## %s\n\n```\n", file);
    if (input->id.bytes) {
        slu_buffer_add_text(&table->details, "(id) = ");
        slu_buffer_add_json_string(&table->details, input->id);
        slu_buffer_add_text(&table->details, "\n");
    }
    if (input->has_time) {
        slu_buffer_add_text(&table->details, "(at) = ");
        slu_buffer_add_time(&table->details, (double)input->time);
        slu_buffer_add_text(&table->details, "\n");
    }
    int fields = add_fields(table);
    slu_buffer_add_text(&table->details, "```\n");
    slu_buffer_add(&table->overview, table->program->events[input->event].name);
    slu_buffer_add_format(&table->overview, " | %d fields |\n", fields);
    table->read++;
}

static size_t take_headers(const json_t *headers, struct sluice_header *out) {
    size_t count = 0;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)headers, name, value) {
        if (count < HEADERS_MAX) {
            out[count++] =
                (struct sluice_header){{name, strlen(name)}, {json_string_value(value), json_string_length(value)}};
        }
    }
    return count;
}

static bool add_delivery(struct table *table, const json_t *entry) {
    const char *file = json_string_value(json_object_get(entry, "file"));
    const char *service = json_string_value(json_object_get(entry, "service"));
    struct sluice_header headers[HEADERS_MAX];
    struct slu_buffer body;
    char path[4096];
    if (!file || !service || snprintf(path, sizeof path, "%s/%s", table->folder, file) >= (int)sizeof path ||
        !read_file(path, &body)) {
        fprintf(stderr, "cannot read %s\n", file ? file : "an entry without a file");
        return false;
    }
    struct slu_string bytes = slu_buffer_string(&body);
    struct sluice_delivery delivery = {.body = {bytes.bytes, bytes.length},
                                       .source = {service, strlen(service)},
                                       .headers = headers,
                                       .header_count = take_headers(json_object_get(entry, "headers"), headers)};
    struct slu_input input;
    struct sluice_error error = {.code = ""};
    slu_arena_reset(&table->arena);
    for (uint32_t i = 0; i < table->program->slot_count; i++) {
        table->slots[i] = slu_slot_missing(&table->program->slots[i]);
        table->not_a_choice[i] = (struct slu_string){NULL, 0};
    }
    enum sluice_status status =
        slu_input_read(table->reader, &delivery, &table->arena, table->slots, table->not_a_choice, &input, &error);
    slu_buffer_add_format(&table->overview, "| %s | ", file);
    slu_buffer_add(&table->overview, input.topic);
    slu_buffer_add_text(&table->overview, " | ");
    if (status == SLUICE_OK) {
        add_read(table, file, &input);
    } else {
        bool ignored = status == SLUICE_IGNORED;
        slu_buffer_add_format(&table->overview, "(%s) | %s: %s |\n", ignored ? "ignored" : "refused", error.code,
                              error.message);
        *(ignored ? &table->ignored : &table->refused) += 1;
    }
    slu_buffer_free(&body);
    return status != SLUICE_NO_MEMORY;
}

static bool make_table(struct table *table, const json_t *manifest, struct slu_buffer *out) {
    size_t index;
    json_t *entry;
    json_array_foreach(json_object_get(manifest, "deliveries"), index, entry) {
        if (!add_delivery(table, entry)) {
            return false;
        }
    }
    slu_buffer_add_format(
        out,
        "# What the sample deliveries become\n\nMade by `deliveries --update`; do not edit. %zu "
        "deliveries: %d read, %d ignored, %d refused.\n\n| delivery | topic | event | fields read, or "
        "why not |\n| --- | --- | --- | --- |\n",
        index, table->read, table->ignored, table->refused);
    slu_buffer_add(out, slu_buffer_string(&table->overview));
    slu_buffer_add(out, slu_buffer_string(&table->details));
    return !out->failed && !table->overview.failed && !table->details.failed;
}

static bool update(const char *path, struct slu_string text) {
    FILE *file = fopen(path, "wb");
    bool fine = file && fwrite(text.bytes, 1, text.length, file) == text.length;
    return file && fclose(file) == 0 && fine;
}

/* Says at which line the two part. */
static bool compare(const char *path, struct slu_string text) {
    struct slu_buffer golden;
    size_t line = 1, at = 0;
    read_file(path, &golden);
    struct slu_string expected = slu_buffer_string(&golden);
    bool same = slu_string_equal(expected, text);
    for (; at < expected.length && at < text.length && expected.bytes[at] == text.bytes[at]; at++) {
        line += text.bytes[at] == '\n';
    }
    if (!same) {
        printf("%s:%zu: differs from what the deliveries become; see the difference after --update\n", path, line);
    }
    slu_buffer_free(&golden);
    return same;
}

int main(int argument_count, char **arguments) {
    char path[4096];
    if (argument_count < 3 || snprintf(path, sizeof path, "%s/manifest.json", arguments[1]) >= (int)sizeof path) {
        fprintf(stderr, "usage: deliveries FOLDER GOLDEN [--update]\n");
        return 2;
    }
    json_error_t error;
    json_t *manifest = json_load_file(path, 0, &error);
    if (!manifest) {
        printf("no deliveries at hand: %s\n", path);
        return 77; /* meson: skipped */
    }
    int failed = 1;
    struct slu_buffer out;
    struct sluice_program *program = everything_program();
    struct slu_reader *reader = program ? slu_reader_new(program) : NULL;
    struct table table = {.program = program, .reader = reader, .folder = arguments[1]};
    slu_arena_init(&table.arena, SLU_LIMIT_EVENT_ARENA_BYTES);
    slu_buffer_init(&table.overview);
    slu_buffer_init(&table.details);
    slu_buffer_init(&out);
    if (reader) {
        table.slots = calloc(program->slot_count + 1, sizeof *table.slots);
        table.not_a_choice = calloc(program->slot_count + 1, sizeof *table.not_a_choice);
    }
    if (table.slots && table.not_a_choice && make_table(&table, manifest, &out)) {
        bool updates = argument_count > 3 && strcmp(arguments[3], "--update") == 0;
        struct slu_string text = slu_buffer_string(&out);
        failed = updates ? !update(arguments[2], text) : !compare(arguments[2], text);
    }
    printf("%d passed, %d failed\n", table.read + table.ignored + table.refused, failed);
    free(table.slots);
    free(table.not_a_choice);
    slu_buffer_free(&table.overview);
    slu_buffer_free(&table.details);
    slu_buffer_free(&out);
    slu_arena_free(&table.arena);
    slu_reader_free(reader);
    slu_program_free(program);
    json_decref(manifest);
    return failed;
}
