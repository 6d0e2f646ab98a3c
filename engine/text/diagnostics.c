#include "engine/text/diagnostics.h"

#include "engine/base/limits.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What codes.def says about one code. */
struct code_facts {
    const char *word;
    enum slu_severity severity;
};

static const struct code_facts *facts_of(enum slu_diagnostic_code code) {
    static const struct code_facts facts[] = {
#define DIAGNOSTIC(name, word, severity, meaning) [SLU_DIAGNOSTIC_##name] = {word, SLU_SEVERITY_##severity},
#include "engine/text/codes.def"
#undef DIAGNOSTIC
    };
    assert(code < SLU_DIAGNOSTIC_COUNT);
    return &facts[code];
}

const char *slu_diagnostic_code_word(enum slu_diagnostic_code code) {
    return facts_of(code)->word;
}

const char *slu_severity_word(enum slu_severity severity) {
    switch (severity) {
    case SLU_SEVERITY_ERROR:
        return "error";
    case SLU_SEVERITY_WARNING:
        return "warning";
    case SLU_SEVERITY_HINT:
        return "hint";
    }
    assert(false && "a severity");
    return "";
}

void slu_diagnostics_init(struct slu_diagnostics *diagnostics, struct slu_arena *arena, struct slu_sources *sources) {
    *diagnostics = (struct slu_diagnostics){.arena = arena, .sources = sources};
    slu_map_init(&diagnostics->seen, arena);
}

/* The formatted text, on the arena. */
static bool format_text(struct slu_arena *arena, const char *format, va_list arguments, struct slu_string *text) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *bytes = length < 0 ? NULL : slu_arena_alloc_bytes(arena, (size_t)length + 1);
    if (bytes != NULL) {
        vsnprintf(bytes, (size_t)length + 1, format, again);
        *text = (struct slu_string){bytes, (size_t)length};
    }
    va_end(again);
    return bytes != NULL;
}

enum novelty { NEW, SEEN, NO_MEMORY };

static enum novelty remember(struct slu_diagnostics *diagnostics, enum slu_diagnostic_code code, struct slu_span span) {
    const uint32_t identity[] = {(uint32_t)code, span.file, span.start, span.end};
    struct slu_string key = {(const char *)identity, sizeof(identity)};
    if (slu_map_find(&diagnostics->seen, key) != SLU_MAP_NONE) {
        return SEEN;
    }
    if (!slu_arena_copy_string(diagnostics->arena, key, &key) || !slu_map_put(&diagnostics->seen, key, 0)) {
        return NO_MEMORY;
    }
    return NEW;
}

/* The newest of the least severe findings makes room for one that weighs more. */
static struct slu_diagnostic *replaceable(struct slu_diagnostics *diagnostics, enum slu_severity severity) {
    enum slu_severity least = SLU_SEVERITY_HINT;
    while (least > severity && diagnostics->kept[least] == 0) {
        least--;
    }
    if (least == severity) {
        return NULL;
    }
    struct slu_diagnostic *item = &diagnostics->items[diagnostics->count - 1];
    while (item->severity != least) {
        item--;
    }
    diagnostics->kept[least]--;
    return item;
}

/* Where to record one; NULL when it can only be counted, or without memory. */
static struct slu_diagnostic *place_for(struct slu_diagnostics *diagnostics, enum slu_severity severity) {
    if (diagnostics->items == NULL) {
        diagnostics->items = SLU_NEW_ARRAY(diagnostics->arena, struct slu_diagnostic, SLU_LIMIT_DIAGNOSTICS);
        if (diagnostics->items == NULL) {
            diagnostics->failed = true;
            return NULL;
        }
        diagnostics->capacity = SLU_LIMIT_DIAGNOSTICS;
    }
    if (diagnostics->count < diagnostics->capacity) {
        return &diagnostics->items[diagnostics->count++];
    }
    diagnostics->left_off++;
    return replaceable(diagnostics, severity);
}

struct slu_diagnostic *slu_diagnostics_add(struct slu_diagnostics *diagnostics, enum slu_diagnostic_code code,
                                           struct slu_span span, const char *format, ...) {
    enum novelty novelty = remember(diagnostics, code, span);
    if (novelty == SEEN) {
        return NULL;
    }
    enum slu_severity severity = facts_of(code)->severity;
    diagnostics->error_count += severity == SLU_SEVERITY_ERROR;
    diagnostics->warning_count += severity == SLU_SEVERITY_WARNING;
    if (novelty == NO_MEMORY) {
        diagnostics->failed = true;
        return NULL;
    }

    struct slu_string message;
    va_list arguments;
    va_start(arguments, format);
    bool formatted = format_text(diagnostics->arena, format, arguments, &message);
    va_end(arguments);
    if (!formatted) {
        diagnostics->failed = true;
        return NULL;
    }

    struct slu_diagnostic *diagnostic = place_for(diagnostics, severity);
    if (diagnostic == NULL) {
        return NULL;
    }
    diagnostics->kept[severity]++;
    *diagnostic = (struct slu_diagnostic){
        .code = code, .severity = severity, .span = span, .message = message, .order = diagnostics->seen.count};
    return diagnostic;
}

void slu_diagnostics_weigh(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic,
                           enum slu_severity severity) {
    if (diagnostic == NULL) {
        return;
    }
    diagnostics->error_count =
        diagnostics->error_count - (diagnostic->severity == SLU_SEVERITY_ERROR) + (severity == SLU_SEVERITY_ERROR);
    diagnostics->kept[diagnostic->severity]--;
    diagnostics->kept[severity]++;
    diagnostics->warning_count = diagnostics->warning_count - (diagnostic->severity == SLU_SEVERITY_WARNING) +
                                 (severity == SLU_SEVERITY_WARNING);
    diagnostic->severity = severity;
}

/* The last in the list, on the arena; NULL when out of memory. */
static struct slu_note *append_note(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic,
                                    const char *format, va_list arguments) {
    struct slu_note *note = SLU_NEW(diagnostics->arena, struct slu_note);
    if (note == NULL || !format_text(diagnostics->arena, format, arguments, &note->text)) {
        diagnostics->failed = true;
        return NULL;
    }
    struct slu_note **link = &diagnostic->notes;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = note;
    return note;
}

void slu_diagnostics_note(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic, const char *format,
                          ...) {
    if (diagnostic == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    append_note(diagnostics, diagnostic, format, arguments);
    va_end(arguments);
}

void slu_diagnostics_note_at(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic,
                             struct slu_span span, const char *format, ...) {
    if (diagnostic == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    struct slu_note *note = append_note(diagnostics, diagnostic, format, arguments);
    va_end(arguments);
    if (note != NULL) {
        note->span = span;
        note->has_span = true;
    }
}

static int compare_numbers(uint32_t left, uint32_t right) {
    return (left > right) - (left < right);
}

static int compare_places(const void *left_item, const void *right_item) {
    const struct slu_diagnostic *left = left_item;
    const struct slu_diagnostic *right = right_item;
    int order = compare_numbers(left->span.file, right->span.file);
    if (order == 0) {
        order = compare_numbers(left->span.start, right->span.start);
    }
    return order != 0 ? order : compare_numbers(left->order, right->order);
}

void slu_diagnostics_sort(struct slu_diagnostics *diagnostics) {
    if (diagnostics->count > 1) {
        qsort(diagnostics->items, diagnostics->count, sizeof(*diagnostics->items), compare_places);
    }
}
