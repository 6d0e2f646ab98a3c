/* Formatting keeps every token and comment, and formatting twice changes nothing. */
#include "grammar/format.h"
#include "grammar/layout.h"
#include "grammar/rules.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void fail(const char *what, struct slu_string text) {
    fprintf(stderr, "%s:\n%.*s\n", what, (int)text.length, text.bytes);
    abort();
}

/* The tokens and comments one after the other, white space outside of texts taken out. */
static bool essence(struct slu_arena *arena, struct slu_string text, struct slu_buffer *out) {
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_whole whole;
    struct slu_layout layout;
    uint32_t file;
    slu_sources_init(&sources, arena);
    slu_diagnostics_init(&diagnostics, arena, &sources);
    if (!slu_sources_add(&sources, SLU_STRING("essence"), text, false, &file) ||
        slu_parse_whole(&sources, file, arena, &diagnostics, &whole) != SLUICE_OK ||
        !slu_layout_read(&layout, arena, &whole)) {
        return false;
    }
    uint32_t from = slu_string_starts_with(whole.text, SLU_STRING("\xEF\xBB\xBF")) ? 3 : 0;
    for (uint32_t i = 0; i < layout.count; i++) {
        const struct slu_layout_token *token = &layout.tokens[i];
        for (uint32_t at = from; at < token->start; at++) {
            char byte = whole.text.bytes[at];
            bool line_end = byte == '\n' || byte == '\r';
            if (byte != ' ' && byte != '\t' && !line_end) {
                slu_buffer_add_byte(out, byte);
            }
        }
        slu_buffer_add_format(out, "<%d>", token->kind);
        for (uint32_t at = token->start; at < token->end; at++) {
            char byte = whole.text.bytes[at];
            if (token->kind != SLU_TOKEN_DURATION || (byte != ' ' && byte != '\t')) {
                slu_buffer_add_byte(out, byte);
            }
        }
        from = token->end;
    }
    return !out->failed;
}

static enum sluice_status format(struct slu_arena *arena, struct slu_string text, struct slu_buffer *out) {
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    uint32_t file;
    slu_sources_init(&sources, arena);
    slu_diagnostics_init(&diagnostics, arena, &sources);
    if (!slu_sources_add(&sources, SLU_STRING("fuzz.rules"), text, false, &file)) {
        return SLUICE_NO_MEMORY;
    }
    return slu_format(&sources, file, arena, &diagnostics, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct slu_arena arena;
    struct slu_buffer once, twice, before, after;
    struct slu_string text = {(const char *)bytes, length};
    slu_arena_init(&arena, 0);
    slu_buffer_init(&once);
    slu_buffer_init(&twice);
    slu_buffer_init(&before);
    slu_buffer_init(&after);
    if (format(&arena, text, &once) == SLUICE_OK) {
        struct slu_string formatted = slu_buffer_string(&once);
        if (format(&arena, formatted, &twice) != SLUICE_OK) {
            fail("the layout does not parse", formatted);
        }
        if (!slu_string_equal(formatted, slu_buffer_string(&twice))) {
            fail("formatting twice changes something", formatted);
        }
        if (essence(&arena, text, &before) && essence(&arena, formatted, &after) &&
            !slu_string_equal(slu_buffer_string(&before), slu_buffer_string(&after))) {
            fail("a token or comment changed", formatted);
        }
    }
    slu_buffer_free(&after);
    slu_buffer_free(&before);
    slu_buffer_free(&twice);
    slu_buffer_free(&once);
    slu_arena_free(&arena);
    return 0;
}
