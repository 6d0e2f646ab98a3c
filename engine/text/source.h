/* Source text and places in it. Spans are byte offsets; line and column are
 * computed only when something is printed. */
#ifndef SLU_TEXT_SOURCE_H
#define SLU_TEXT_SOURCE_H

#include "engine/base/arena.h"
#include "engine/base/string.h"

#include <stdbool.h>
#include <stdint.h>

/* Half-open byte range of one source file. */
struct slu_span {
    uint32_t file; /* index into the slu_sources */
    uint32_t start;
    uint32_t end;
};

struct slu_source {
    struct slu_string name; /* as given, printed in diagnostics */
    struct slu_string text; /* borrowed for the life of the compile */
    bool standard;          /* ships with the product; not the user's */
    bool terminated;        /* a NUL byte stands behind the text, so that it can be read where it is */
    uint32_t *line_starts;  /* on the arena; built when first needed */
    uint32_t line_count;
};

struct slu_sources {
    struct slu_arena *arena;
    struct slu_source *items;
    uint32_t count;
    uint32_t capacity;
};

struct slu_place {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in characters (code points) */
};

void slu_sources_init(struct slu_sources *sources, struct slu_arena *arena);
/* Adds a file; its index in *file. False when out of memory. */
bool slu_sources_add(struct slu_sources *sources, struct slu_string name, struct slu_string text, bool standard,
                     uint32_t *file);
/* Where an offset is; {0, 0} when the line map could not be allocated. */
struct slu_place slu_sources_place(struct slu_sources *sources, uint32_t file, uint32_t offset);
/* The line's text without its line end. */
struct slu_string slu_sources_line(struct slu_sources *sources, uint32_t file, uint32_t line);
struct slu_string slu_sources_slice(const struct slu_sources *sources, struct slu_span span);

#endif
