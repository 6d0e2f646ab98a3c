/* Findings as text for people and as JSON for programs. */
#include "engine/text/diagnostics.h"

#include "engine/text/unicode.h"

/* Longer source lines are cut around the caret. In characters. */
enum { SHOWN_CHARACTERS = 160 };

static const char cut_mark[] = "\xE2\x80\xA6";              /* U+2026 HORIZONTAL ELLIPSIS */
static const char replacement_character[] = "\xEF\xBF\xBD"; /* U+FFFD */

static const char end_colour[] = "\x1b[0m";
static const char caret_colour[] = "\x1b[32m";

static const char *severity_colour(enum slu_severity severity) {
    switch (severity) {
    case SLU_SEVERITY_ERROR:
        return "\x1b[1;31m";
    case SLU_SEVERITY_WARNING:
        return "\x1b[1;33m";
    case SLU_SEVERITY_HINT:
        return "\x1b[1;36m";
    }
    return "";
}

static bool is_continuation(struct slu_string line, size_t at) {
    return ((unsigned char)line.bytes[at] & 0xC0) == 0x80;
}

/* Past one character: a byte and the continuation bytes after it, which is
 * also how columns are counted. */
static size_t step_forward(struct slu_string line, size_t at) {
    do {
        at++;
    } while (at < line.length && is_continuation(line, at));
    return at;
}

static size_t step_back(struct slu_string line, size_t at) {
    do {
        at--;
    } while (at > 0 && is_continuation(line, at));
    return at;
}

static bool steers(struct slu_string character) {
    size_t at = 0;
    return slu_unicode_steers(slu_utf8_decode(character, &at));
}

/* One column for every character, and nothing that steers the terminal. */
static void add_harmless(struct slu_buffer *out, struct slu_string text) {
    for (size_t at = 0; at < text.length;) {
        size_t after = step_forward(text, at);
        struct slu_string character = {text.bytes + at, after - at};
        if (character.bytes[0] == '\t' && character.length == 1) {
            slu_buffer_add_byte(out, ' ');
        } else if (slu_utf8_valid_prefix(character) < character.length || steers(character)) {
            slu_buffer_add_text(out, replacement_character);
        } else {
            slu_buffer_add(out, character);
        }
        at = after;
    }
}

/* The part of a line that is shown, in bytes; its caret in characters. */
struct window {
    size_t start, end;
    size_t caret;
};

static struct window choose_window(struct slu_string line, size_t caret_byte) {
    size_t before = 0;
    size_t after = 0;
    for (size_t at = caret_byte; at > 0 && before < SHOWN_CHARACTERS; before++) {
        at = step_back(line, at);
    }
    for (size_t at = caret_byte; at < line.length && after < SHOWN_CHARACTERS; after++) {
        at = step_forward(line, at);
    }
    if (before + after > SHOWN_CHARACTERS) {
        size_t left = before < SHOWN_CHARACTERS / 2 ? before : SHOWN_CHARACTERS / 2;
        after = after < SHOWN_CHARACTERS - left ? after : SHOWN_CHARACTERS - left;
        before = before < SHOWN_CHARACTERS - after ? before : SHOWN_CHARACTERS - after;
    }
    struct window window = {caret_byte, caret_byte, before};
    for (size_t count = 0; count < before; count++) {
        window.start = step_back(line, window.start);
    }
    for (size_t count = 0; count < after; count++) {
        window.end = step_forward(line, window.end);
    }
    return window;
}

static void add_window(struct slu_buffer *out, struct slu_string line, struct window window) {
    bool cut_left = window.start > 0;
    bool cut_right = window.end < line.length;
    size_t start = cut_left ? step_forward(line, window.start) : window.start;
    size_t end = cut_right ? step_back(line, window.end) : window.end;
    if (cut_left) {
        slu_buffer_add_text(out, cut_mark);
    }
    if (end > start) {
        add_harmless(out, (struct slu_string){line.bytes + start, end - start});
    }
    if (cut_right) {
        slu_buffer_add_text(out, cut_mark);
    }
}

/* Does some finding say that the line holds a secret? */
static bool is_hidden(const struct slu_diagnostics *diagnostics, uint32_t file, uint32_t line) {
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        const struct slu_diagnostic *item = &diagnostics->items[i];
        if (item->hide_line && item->span.file == file &&
            slu_sources_place(diagnostics->sources, file, item->span.start).line == line) {
            return true;
        }
    }
    return false;
}

/* The line of the span's start and a caret below it. */
static void add_excerpt(struct slu_diagnostics *diagnostics, struct slu_span span, struct slu_place place, bool colour,
                        struct slu_buffer *out) {
    struct slu_sources *sources = diagnostics->sources;
    const struct slu_source *source = &sources->items[span.file];
    if (place.line == 0 || source->text.length == 0) {
        return;
    }
    if (is_hidden(diagnostics, span.file, place.line)) {
        slu_buffer_add_text(out, "(line not shown: it may hold a secret)\n");
        return;
    }
    struct slu_string line = slu_sources_line(sources, span.file, place.line);
    size_t line_start = source->line_starts[place.line - 1];
    size_t start = span.start - line_start < line.length ? span.start - line_start : line.length;
    size_t end = span.end - line_start < line.length ? span.end - line_start : line.length;
    struct window window = choose_window(line, start);
    add_window(out, line, window);
    slu_buffer_add_byte(out, '\n');

    slu_buffer_add_repeated(out, ' ', window.caret);
    slu_buffer_add_text(out, colour ? caret_colour : "");
    slu_buffer_add_byte(out, '^');
    end = end < window.end ? end : window.end;
    for (size_t at = start < end ? step_forward(line, start) : end; at < end; at = step_forward(line, at)) {
        slu_buffer_add_byte(out, '~');
    }
    slu_buffer_add_text(out, colour ? end_colour : "");
    slu_buffer_add_byte(out, '\n');
}

/* `file:line:column: `; without the place when its line map had no memory. */
static void add_place(struct slu_string name, struct slu_place place, struct slu_buffer *out) {
    add_harmless(out, name);
    if (place.line != 0) {
        slu_buffer_add_format(out, ":%u:%u", (unsigned)place.line, (unsigned)place.column);
    }
    slu_buffer_add_text(out, ": ");
}

static void add_note(struct slu_diagnostics *diagnostics, const struct slu_note *note, bool colour,
                     struct slu_buffer *out) {
    struct slu_sources *sources = diagnostics->sources;
    struct slu_place place = {0, 0};
    if (note->has_span) {
        place = slu_sources_place(sources, note->span.file, note->span.start);
        add_place(sources->items[note->span.file].name, place, out);
    } else {
        slu_buffer_add_text(out, "  ");
    }
    slu_buffer_add_text(out, "note: ");
    add_harmless(out, note->text);
    slu_buffer_add_byte(out, '\n');
    if (note->has_span) {
        add_excerpt(diagnostics, note->span, place, colour, out);
    }
}

void slu_diagnostic_render(struct slu_diagnostics *diagnostics, const struct slu_diagnostic *diagnostic, bool colour,
                           struct slu_buffer *out) {
    struct slu_sources *sources = diagnostics->sources;
    struct slu_span span = diagnostic->span;
    struct slu_place place = slu_sources_place(sources, span.file, span.start);
    add_place(sources->items[span.file].name, place, out);
    slu_buffer_add_text(out, colour ? severity_colour(diagnostic->severity) : "");
    slu_buffer_add_text(out, slu_severity_word(diagnostic->severity));
    slu_buffer_add_text(out, colour ? end_colour : "");
    slu_buffer_add_format(out, "[%s]: ", slu_diagnostic_code_word(diagnostic->code));
    add_harmless(out, diagnostic->message);
    slu_buffer_add_byte(out, '\n');
    add_excerpt(diagnostics, span, place, colour, out);
    for (const struct slu_note *note = diagnostic->notes; note != NULL; note = note->next) {
        add_note(diagnostics, note, colour, out);
    }
    out->failed = out->failed || sources->arena->failed; /* then places are missing */
}

/* As a JSON string; bytes that are not UTF-8 become U+FFFD, as JSON must be. */
static void add_json_text(struct slu_buffer *out, struct slu_string text) {
    if (slu_utf8_valid_prefix(text) == text.length) {
        slu_buffer_add_json_string(out, text);
        return;
    }
    struct slu_buffer clean;
    slu_buffer_init(&clean);
    add_harmless(&clean, text);
    slu_buffer_add_json_string(out, slu_buffer_string(&clean));
    out->failed = out->failed || clean.failed;
    slu_buffer_free(&clean);
}

static void add_json_note(struct slu_sources *sources, const struct slu_note *note, struct slu_buffer *out) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    if (note->has_span) {
        add_place(sources->items[note->span.file].name, slu_sources_place(sources, note->span.file, note->span.start),
                  &text);
    }
    slu_buffer_add(&text, note->text);
    add_json_text(out, slu_buffer_string(&text));
    out->failed = out->failed || text.failed;
    slu_buffer_free(&text);
}

void slu_diagnostic_render_json(struct slu_diagnostics *diagnostics, const struct slu_diagnostic *diagnostic,
                                struct slu_buffer *out) {
    struct slu_sources *sources = diagnostics->sources;
    struct slu_place place = slu_sources_place(sources, diagnostic->span.file, diagnostic->span.start);
    slu_buffer_add_text(out, "{\"file\":");
    add_json_text(out, sources->items[diagnostic->span.file].name);
    slu_buffer_add_format(
        out, ",\"line\":%u,\"column\":%u,\"severity\":\"%s\",\"code\":\"%s\",\"message\":", (unsigned)place.line,
        (unsigned)place.column, slu_severity_word(diagnostic->severity), slu_diagnostic_code_word(diagnostic->code));
    add_json_text(out, diagnostic->message);
    slu_buffer_add_text(out, ",\"notes\":[");
    for (const struct slu_note *note = diagnostic->notes; note != NULL; note = note->next) {
        add_json_note(sources, note, out);
        slu_buffer_add_text(out, note->next == NULL ? "" : ",");
    }
    slu_buffer_add_byte(out, ']');
    if (diagnostic->event.length > 0) {
        slu_buffer_add_text(out, ",\"event\":");
        slu_buffer_add(out, diagnostic->event);
    }
    for (uint32_t i = 0; i < diagnostic->event_count; i++) {
        slu_buffer_add_text(out, i == 0 ? ",\"events\":[" : ",");
        slu_buffer_add(out, diagnostic->events[i]);
    }
    slu_buffer_add_text(out, diagnostic->event_count > 0 ? "]" : "");
    for (uint32_t i = 0; i < diagnostic->because_count; i++) {
        slu_buffer_add_text(out, i == 0 ? ",\"because\":[" : ",");
        add_json_text(out, diagnostic->because[i]);
    }
    slu_buffer_add_text(out, diagnostic->because_count > 0 ? "]}\n" : "}\n");
    out->failed = out->failed || sources->arena->failed;
}
