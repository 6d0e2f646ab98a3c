/* One pass over the bytes, with a stack of open objects and arrays instead of
 * recursion. Every byte is checked here; nothing is left for later. */
#include "engine/input/json.h"

#include "engine/base/limits.h"
#include "engine/base/number.h"
#include "engine/input/members.h"
#include "engine/input/scan.h"

#include <string.h>

enum { NODES_AT_ONCE = 64, BYTES_PER_NODE = 16 };

/* An object or array that is not closed yet. */
struct open_container {
    struct slu_json *node;
    struct slu_json *last;
    const char *place;
};

struct reader {
    struct slu_scan scan;
    struct slu_json *nodes; /* made in advance */
    uint32_t nodes_left;
    uint32_t value_count;
    struct slu_string key; /* of the member that comes next */
    uint32_t depth;
    struct open_container open[SLU_LIMIT_EVENT_DEPTH];
};

static void skip_space(struct reader *reader) {
    const char *at = reader->scan.at;
    while (at < reader->scan.end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
        at++;
    }
    reader->scan.at = at;
}

static bool next_is(const struct reader *reader, char byte) {
    return reader->scan.at < reader->scan.end && *reader->scan.at == byte;
}

/* "expected X", and what is there instead, without showing anything of the event. */
static enum sluice_status unexpected(struct reader *reader, const char *expected) {
    size_t at = slu_scan_offset(&reader->scan, reader->scan.at);
    if (reader->scan.at == reader->scan.end) {
        return slu_input_refuse(reader->scan.error, SLU_INPUT_ERROR_BAD_JSON, at, "expected %s, but the body ends here",
                                expected);
    }
    unsigned char byte = (unsigned char)*reader->scan.at;
    if (byte < 0x20 || byte > 0x7E) {
        return slu_input_refuse(reader->scan.error, SLU_INPUT_ERROR_BAD_JSON, at, "expected %s, not the byte 0x%02X",
                                expected, (unsigned)byte);
    }
    return slu_input_refuse(reader->scan.error, SLU_INPUT_ERROR_BAD_JSON, at, "expected %s, not `%c`", expected, byte);
}

/* A new node, hung into the container that is open. */
static enum sluice_status add_node(struct reader *reader, struct slu_json **node) {
    if (reader->value_count == SLU_LIMIT_EVENT_VALUES) {
        return slu_input_refuse(reader->scan.error, SLU_INPUT_ERROR_TOO_MANY_VALUES,
                                slu_scan_offset(&reader->scan, reader->scan.at), "an event has at most %d values in it",
                                (int)SLU_LIMIT_EVENT_VALUES);
    }
    if (reader->nodes_left == 0) {
        /* A short text must not cost a page: an event can hold many of them. */
        size_t wanted = (size_t)(reader->scan.end - reader->scan.at) / BYTES_PER_NODE + 1;
        uint32_t count = wanted < NODES_AT_ONCE ? (uint32_t)wanted : NODES_AT_ONCE;
        reader->nodes = SLU_NEW_ARRAY(reader->scan.arena, struct slu_json, count);
        if (!reader->nodes) {
            return SLUICE_NO_MEMORY;
        }
        reader->nodes_left = count;
    }
    struct slu_json *made = reader->nodes++;
    reader->nodes_left--;
    reader->value_count++;
    if (reader->depth > 0) {
        struct open_container *open = &reader->open[reader->depth - 1];
        if (open->last) {
            open->last->next = made;
        } else {
            open->node->first = made;
        }
        open->last = made;
        open->node->count++;
        if (open->node->kind == SLU_JSON_OBJECT) {
            made->key = reader->key;
        }
    }
    *node = made;
    return SLUICE_OK;
}

static enum sluice_status read_word(struct reader *reader, struct slu_json *node, const char *word, size_t length,
                                    enum slu_json_kind kind) {
    for (size_t i = 0; i < length; i++, reader->scan.at++) {
        if (!next_is(reader, word[i])) {
            char expected[24] = "`";
            strcat(strcat(expected, word), "`");
            return unexpected(reader, expected);
        }
    }
    node->kind = kind;
    return SLUICE_OK;
}

static enum sluice_status read_number(struct reader *reader, struct slu_json *node) {
    struct slu_scan *scan = &reader->scan;
    struct slu_string rest = {scan->at, (size_t)(scan->end - scan->at)};
    struct slu_number number;
    enum slu_number_status status = slu_number_scan(rest, &number);
    if (status == SLU_NUMBER_RANGE) {
        return slu_input_refuse(scan->error, SLU_INPUT_ERROR_NUMBER_RANGE, slu_scan_offset(scan, scan->at),
                                "this number is outside the range of a number (about 1.8e308)");
    }
    if (status == SLU_NUMBER_BAD) {
        scan->at += number.length;
        return slu_input_refuse(scan->error, SLU_INPUT_ERROR_BAD_JSON, slu_scan_offset(scan, scan->at), "%s",
                                number.problem);
    }
    node->kind = SLU_JSON_NUMBER;
    node->number = number.value;
    node->text = (struct slu_string){scan->at, number.length};
    scan->at += number.length;
    return SLUICE_OK;
}

/* The key of the next member and its colon. */
static enum sluice_status read_key(struct reader *reader) {
    skip_space(reader);
    if (!next_is(reader, '"')) {
        return unexpected(reader, "a key in quotes");
    }
    enum sluice_status status = slu_scan_text(&reader->scan, &reader->key);
    if (status != SLUICE_OK) {
        return status;
    }
    skip_space(reader);
    if (!next_is(reader, ':')) {
        return unexpected(reader, "`:` after the key");
    }
    reader->scan.at++;
    return SLUICE_OK;
}

static enum sluice_status open_container(struct reader *reader, struct slu_json *node, enum slu_json_kind kind) {
    if (reader->depth == SLU_LIMIT_EVENT_DEPTH) {
        return slu_input_refuse(
            reader->scan.error, SLU_INPUT_ERROR_TOO_DEEP, slu_scan_offset(&reader->scan, reader->scan.at),
            "objects and arrays are inside one another at most %d deep", (int)SLU_LIMIT_EVENT_DEPTH);
    }
    node->kind = kind;
    reader->open[reader->depth++] = (struct open_container){node, NULL, reader->scan.at++};
    return SLUICE_OK;
}

static enum sluice_status close_container(struct reader *reader) {
    const struct open_container *open = &reader->open[--reader->depth];
    uint32_t index;
    reader->scan.at++;
    if (open->node->kind == SLU_JSON_ARRAY || open->node->count < 2) {
        return SLUICE_OK;
    }
    if (!slu_members_find_duplicate(open->node, reader->scan.arena, &index)) {
        return SLUICE_NO_MEMORY;
    }
    if (index == SLU_MEMBERS_NONE) {
        return SLUICE_OK;
    }
    struct slu_string json = {reader->scan.start, (size_t)(reader->scan.end - reader->scan.start)};
    return slu_input_refuse(reader->scan.error, SLU_INPUT_ERROR_DUPLICATE_KEY,
                            slu_members_key_place(json, slu_scan_offset(&reader->scan, open->place), index),
                            "the key \"%s\" is in this object twice",
                            slu_input_show(slu_members_at(open->node, index)->key).bytes);
}

static char closing_byte(const struct reader *reader) {
    return reader->open[reader->depth - 1].node->kind == SLU_JSON_OBJECT ? '}' : ']';
}

/* Reads one value; of a container only its beginning: then *opened is true. */
static enum sluice_status read_value(struct reader *reader, const struct slu_json **value, bool *opened) {
    struct slu_json *node = NULL;
    *opened = false;
    if (reader->scan.at == reader->scan.end) {
        return unexpected(reader, "a value");
    }
    enum sluice_status status = add_node(reader, &node);
    if (status != SLUICE_OK) {
        return status;
    }
    *value = node;
    switch (*reader->scan.at) {
    case '{':
        *opened = true;
        return open_container(reader, node, SLU_JSON_OBJECT);
    case '[':
        *opened = true;
        return open_container(reader, node, SLU_JSON_ARRAY);
    case '"':
        node->kind = SLU_JSON_TEXT;
        return slu_scan_text(&reader->scan, &node->text);
    case 't':
        return read_word(reader, node, "true", 4, SLU_JSON_TRUE);
    case 'f':
        return read_word(reader, node, "false", 5, SLU_JSON_FALSE);
    case 'n':
        return read_word(reader, node, "null", 4, SLU_JSON_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(reader, node);
    default:
        return unexpected(reader, "a value");
    }
}

/* After a value: closes what ends here, until a comma asks for another value
 * or nothing is open any more. */
static enum sluice_status finish_value(struct reader *reader) {
    while (reader->depth > 0) {
        bool in_object = closing_byte(reader) == '}';
        skip_space(reader);
        if (next_is(reader, ',')) {
            reader->scan.at++;
            return in_object ? read_key(reader) : SLUICE_OK;
        }
        if (!next_is(reader, closing_byte(reader))) {
            return unexpected(reader, in_object ? "`,` or `}`" : "`,` or `]`");
        }
        enum sluice_status status = close_container(reader);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

/* Just inside a container: an empty one ends at once. */
static enum sluice_status start_container(struct reader *reader, bool *empty) {
    skip_space(reader);
    *empty = next_is(reader, closing_byte(reader));
    if (*empty) {
        return close_container(reader);
    }
    return closing_byte(reader) == '}' ? read_key(reader) : SLUICE_OK;
}

static enum sluice_status read_document(struct reader *reader, const struct slu_json **document) {
    const struct slu_json *value = NULL;
    *document = NULL;
    do {
        bool opened, empty = false;
        skip_space(reader);
        enum sluice_status status = read_value(reader, &value, &opened);
        if (status == SLUICE_OK && opened) {
            status = start_container(reader, &empty);
        }
        if (status == SLUICE_OK && (!opened || empty)) {
            status = finish_value(reader);
        }
        if (status != SLUICE_OK) {
            return status;
        }
        *document = *document ? *document : value;
    } while (reader->depth > 0);
    skip_space(reader);
    return reader->scan.at == reader->scan.end ? SLUICE_OK : unexpected(reader, "nothing after the value");
}

enum sluice_status slu_json_read(struct slu_string bytes, struct slu_arena *arena, const struct slu_json **value,
                                 struct sluice_error *error) {
    struct reader reader;
    const char *start = bytes.length > 0 ? bytes.bytes : "";
    *value = NULL;
    if (bytes.length > SLU_LIMIT_EVENT_BYTES) {
        return slu_input_refuse(error, SLU_INPUT_ERROR_TOO_LARGE, SLU_LIMIT_EVENT_BYTES,
                                "an event has at most %d bytes", (int)SLU_LIMIT_EVENT_BYTES);
    }
    /* The stack of open containers is filled as it grows, not cleared here. */
    reader.scan = (struct slu_scan){start, start, start + bytes.length, arena, error};
    reader.nodes = NULL;
    reader.nodes_left = 0;
    reader.value_count = 0;
    reader.key = (struct slu_string){NULL, 0};
    reader.depth = 0;
    const struct slu_json *document = NULL;
    enum sluice_status status = read_document(&reader, &document);
    if (status == SLUICE_OK) {
        *value = document;
    }
    return status;
}
