#include "engine/code/archive.h"

#include "engine/text/unicode.h"

#include <math.h>
#include <string.h>

/* The least bytes that an item of an array takes, flags apart: so a count is
 * held against what is left before memory is asked for. */
enum { ITEM_BYTES_MIN = 4 };
#define NO_STRING UINT32_MAX

void slu_archive_refuse(struct slu_archive *archive, const char *reason) {
    if (archive->reason == NULL) {
        archive->reason = reason;
    }
}

static uint64_t move_bytes(struct slu_archive *archive, uint64_t number, size_t count) {
    if (archive->out != NULL) {
        for (size_t i = 0; i < count; i++) {
            slu_buffer_add_byte(archive->out, (char)(number >> 8 * i & 0xFF));
        }
        return number;
    }
    if (archive->reason != NULL || archive->in.length - archive->at < count) {
        slu_archive_refuse(archive, "it ends too early");
        return 0;
    }
    uint64_t got = 0;
    for (size_t i = 0; i < count; i++) {
        got |= (uint64_t)(unsigned char)archive->in.bytes[archive->at++] << 8 * i;
    }
    return got;
}

uint32_t slu_archive_number(struct slu_archive *archive, uint32_t number) {
    return (uint32_t)move_bytes(archive, number, sizeof number);
}

uint64_t slu_archive_long(struct slu_archive *archive, uint64_t number) {
    return move_bytes(archive, number, sizeof number);
}

double slu_archive_double(struct slu_archive *archive, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    bits = move_bytes(archive, bits, sizeof bits);
    memcpy(&number, &bits, sizeof number);
    if (!isfinite(number)) {
        slu_archive_refuse(archive, "a number is not finite");
        return 0;
    }
    return number;
}

uint32_t slu_archive_choice(struct slu_archive *archive, uint32_t choice, uint32_t count) {
    choice = (uint32_t)move_bytes(archive, choice, 1);
    if (choice >= count) {
        slu_archive_refuse(archive, "a kind that does not exist");
        return 0;
    }
    return choice;
}

bool slu_archive_flag(struct slu_archive *archive, bool flag) {
    return slu_archive_choice(archive, flag, 2) != 0;
}

struct slu_string slu_archive_string(struct slu_archive *archive, struct slu_string string) {
    const struct slu_string none = {NULL, 0};
    uint32_t length = slu_archive_number(archive, string.bytes == NULL ? NO_STRING : (uint32_t)string.length);
    if (archive->out != NULL) {
        slu_buffer_add(archive->out, string);
        return string;
    }
    if (archive->reason != NULL || length == NO_STRING) {
        return none;
    }
    if (archive->in.length - archive->at < length) {
        slu_archive_refuse(archive, "a text ends too late");
        return none;
    }
    struct slu_string got = {archive->in.bytes + archive->at, length};
    archive->at += length;
    if (slu_utf8_valid_prefix(got) != length) {
        slu_archive_refuse(archive, "a text is not valid UTF-8");
        return none;
    }
    return got;
}

struct slu_span slu_archive_span(struct slu_archive *archive, struct slu_span span) {
    struct slu_span moved = {slu_archive_number(archive, span.file), 0, 0};
    moved.start = slu_archive_number(archive, span.start);
    moved.end = slu_archive_number(archive, span.end);
    if (archive->out == NULL && archive->reason == NULL &&
        (moved.file >= archive->sources->count || moved.start > moved.end ||
         moved.end > archive->sources->items[moved.file].text.length)) {
        slu_archive_refuse(archive, "a place is outside of its file");
    }
    return moved;
}

uint32_t slu_archive_count(struct slu_archive *archive, uint32_t count, size_t size) {
    count = slu_archive_number(archive, count);
    size_t least = size < ITEM_BYTES_MIN ? size : ITEM_BYTES_MIN;
    if (archive->out == NULL && count > (archive->in.length - archive->at) / least) {
        slu_archive_refuse(archive, "an array ends too late");
    }
    return archive->reason == NULL ? count : 0;
}

void *slu_archive_room(struct slu_archive *archive, uint32_t *count, size_t size) {
    void *room = slu_arena_alloc_array(archive->arena, *count, size);
    if (room == NULL) {
        archive->no_memory = true;
        slu_archive_refuse(archive, "out of memory");
        *count = 0;
    }
    return room;
}
