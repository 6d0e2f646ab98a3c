/* Findings for the user: collected in order, printed by the caller. */
#ifndef SLU_TEXT_DIAGNOSTICS_H
#define SLU_TEXT_DIAGNOSTICS_H

#include "engine/base/arena.h"
#include "engine/base/buffer.h"
#include "engine/base/map.h"
#include "engine/text/source.h"

#include <stdbool.h>
#include <stdint.h>

enum slu_severity { SLU_SEVERITY_ERROR, SLU_SEVERITY_WARNING, SLU_SEVERITY_HINT };

/* The stable codes of codes.def: DIAGNOSTIC(NAME, "word", SEVERITY, "meaning"). */
enum slu_diagnostic_code {
#define DIAGNOSTIC(name, word, severity, meaning) SLU_DIAGNOSTIC_##name,
#include "engine/text/codes.def"
#undef DIAGNOSTIC
    SLU_DIAGNOSTIC_COUNT
};

struct slu_note {
    struct slu_note *next;
    struct slu_string text;
    struct slu_span span; /* meaningless unless has_span */
    bool has_span;
};

struct slu_diagnostic {
    enum slu_diagnostic_code code;
    enum slu_severity severity;
    struct slu_span span;
    struct slu_string message; /* on the arena */
    struct slu_note *notes;
    struct slu_string event;         /* a JSON object that shows the finding; empty: none */
    const struct slu_string *events; /* JSON objects: a sequence that shows it; NULL: none */
    uint32_t event_count;
    const struct slu_string *because; /* the rules that cause it */
    uint32_t because_count;
    uint32_t order; /* when it was found, among those at the same place */
    bool hide_line; /* the source line holds a secret: no finding shows it */
};

struct slu_diagnostics {
    struct slu_arena *arena;
    struct slu_sources *sources;
    struct slu_diagnostic *items; /* room for SLU_LIMIT_DIAGNOSTICS, once there is one */
    uint32_t count, capacity;
    uint32_t error_count, warning_count;  /* those left off included */
    uint32_t kept[SLU_SEVERITY_HINT + 1]; /* of each severity among the items */
    uint32_t left_off;                    /* past SLU_LIMIT_DIAGNOSTICS, counted only */
    struct slu_map seen;                  /* code and span of every finding */
    bool failed;                          /* out of memory while recording one */
};

void slu_diagnostics_init(struct slu_diagnostics *diagnostics, struct slu_arena *arena, struct slu_sources *sources);
/* Records one with the code's own severity; the same code at the same place
 * is recorded once. Returns it for adding notes, or NULL (limit, memory,
 * already there): slu_diagnostics_note accepts NULL. When there is no room it
 * takes the place of the newest of the least severe, if those weigh less: the
 * result is valid until the next one is added or they are sorted. */
struct slu_diagnostic *slu_diagnostics_add(struct slu_diagnostics *diagnostics, enum slu_diagnostic_code code,
                                           struct slu_span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds advice ("did you mean ...?"), in order. */
void slu_diagnostics_note(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic, const char *format,
                          ...) __attribute__((format(printf, 3, 4)));
/* Adds a note that shows another place ("first declared here"). */
void slu_diagnostics_note_at(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic,
                             struct slu_span span, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Gives a finding another severity than its code has. Accepts NULL. */
void slu_diagnostics_weigh(struct slu_diagnostics *diagnostics, struct slu_diagnostic *diagnostic,
                           enum slu_severity severity);
/* Orders by file, then place. */
void slu_diagnostics_sort(struct slu_diagnostics *diagnostics);

const char *slu_diagnostic_code_word(enum slu_diagnostic_code code);
const char *slu_severity_word(enum slu_severity severity);

/* `file:line:column: error[code]: message`, the source line, a caret with ~
 * under the rest of the span, the notes. Control characters and bytes that are
 * not UTF-8 are shown as U+FFFD, so that a file cannot steer the terminal.
 * `colour` adds ANSI escapes. */
void slu_diagnostic_render(struct slu_diagnostics *diagnostics, const struct slu_diagnostic *diagnostic, bool colour,
                           struct slu_buffer *out);
/* One JSON object and a newline: {"file","line","column","severity","code",
 * "message","notes":[...]}. A note is a text; one with a place starts with
 * "file:line:column: ". */
void slu_diagnostic_render_json(struct slu_diagnostics *diagnostics, const struct slu_diagnostic *diagnostic,
                                struct slu_buffer *out);

#endif
