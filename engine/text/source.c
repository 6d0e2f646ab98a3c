#include "engine/text/source.h"

#include <assert.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

void slu_sources_init(struct slu_sources *sources, struct slu_arena *arena) {
    *sources = (struct slu_sources){.arena = arena};
}

bool slu_sources_add(struct slu_sources *sources, struct slu_string name, struct slu_string text, bool standard,
                     uint32_t *file) {
    if (sources->count == sources->capacity) {
        uint32_t capacity = sources->capacity == 0 ? FIRST_CAPACITY : sources->capacity * 2;
        struct slu_source *items = SLU_NEW_ARRAY(sources->arena, struct slu_source, capacity);
        if (items == NULL) {
            return false;
        }
        if (sources->count > 0) {
            memcpy(items, sources->items, sources->count * sizeof(*items));
        }
        sources->items = items;
        sources->capacity = capacity;
    }
    *file = sources->count++;
    sources->items[*file] = (struct slu_source){.name = name, .text = text, .standard = standard};
    return true;
}

/* The first byte after the next newline, NULL when there is none. */
static const char *next_line(const char *at, const char *end) {
    const char *newline = at == end ? NULL : memchr(at, '\n', (size_t)(end - at));
    return newline == NULL ? NULL : newline + 1;
}

static bool build_line_map(struct slu_arena *arena, struct slu_source *source) {
    if (source->line_starts != NULL) {
        return true;
    }
    const char *bytes = source->text.length == 0 ? "" : source->text.bytes;
    const char *end = bytes + source->text.length;
    uint32_t count = 0;
    for (const char *at = bytes; at != NULL; at = next_line(at, end)) {
        count++;
    }
    uint32_t *starts = SLU_NEW_ARRAY(arena, uint32_t, count);
    if (starts == NULL) {
        return false;
    }
    uint32_t line = 0;
    for (const char *at = bytes; at != NULL; at = next_line(at, end)) {
        starts[line++] = (uint32_t)(at - bytes);
    }
    source->line_starts = starts;
    source->line_count = count;
    return true;
}

/* The last line that starts at or before `offset`, from 0. */
static uint32_t find_line(const struct slu_source *source, uint32_t offset) {
    uint32_t low = 0;
    uint32_t high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

struct slu_place slu_sources_place(struct slu_sources *sources, uint32_t file, uint32_t offset) {
    assert(file < sources->count);
    struct slu_source *source = &sources->items[file];
    if (!build_line_map(sources->arena, source)) {
        return (struct slu_place){0, 0};
    }
    if (offset > source->text.length) {
        offset = (uint32_t)source->text.length;
    }
    uint32_t line = find_line(source, offset);
    uint32_t start = source->line_starts[line];
    uint32_t column = 1;
    for (uint32_t at = start; at < offset; at++) {
        column += at == start || ((unsigned char)source->text.bytes[at] & 0xC0) != 0x80; /* not a continuation byte */
    }
    return (struct slu_place){line + 1, column};
}

struct slu_string slu_sources_line(struct slu_sources *sources, uint32_t file, uint32_t line) {
    assert(file < sources->count);
    struct slu_source *source = &sources->items[file];
    if (!build_line_map(sources->arena, source) || line == 0 || line > source->line_count) {
        return (struct slu_string){NULL, 0};
    }
    size_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] : source->text.length;
    if (end > start && source->text.bytes[end - 1] == '\n') {
        end--;
    }
    if (end > start && source->text.bytes[end - 1] == '\r') {
        end--;
    }
    return (struct slu_string){source->text.length == 0 ? NULL : source->text.bytes + start, end - start};
}

struct slu_string slu_sources_slice(const struct slu_sources *sources, struct slu_span span) {
    assert(span.file < sources->count);
    struct slu_string text = sources->items[span.file].text;
    assert(span.start <= span.end && span.end <= text.length);
    if (span.start == span.end) {
        return (struct slu_string){NULL, 0};
    }
    return (struct slu_string){text.bytes + span.start, span.end - span.start};
}
