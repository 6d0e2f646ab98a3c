#include "grammar/parse.h"

#include "engine/base/limits.h"
#include "engine/text/unicode.h"
#include "grammar/build.h"
#include "grammar/rules.h"
#include "grammar/whole.h"

#include <string.h>

/* Refuses what is not text at all; true when it is. */
static bool is_readable(struct slu_diagnostics *diagnostics, uint32_t file, struct slu_string text) {
    if (text.length > SLU_LIMIT_FILE_BYTES) {
        slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_UNREADABLE_FILE, (struct slu_span){file, 0, 0},
                            "the file has %zu bytes; at most %u are read", text.length, SLU_LIMIT_FILE_BYTES);
        return false;
    }
    size_t valid = slu_utf8_valid_prefix(text);
    const char *nul = valid == 0 ? NULL : memchr(text.bytes, '\0', valid);
    if (nul != NULL) {
        uint32_t at = (uint32_t)(nul - text.bytes);
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            diagnostics, SLU_DIAGNOSTIC_UNREADABLE_FILE, (struct slu_span){file, at, at}, "a NUL byte stands here");
        slu_diagnostics_note(diagnostics, diagnostic, "rules are text in UTF-8; this may be UTF-16 or no text at all");
        return false;
    }
    if (valid < text.length) {
        uint32_t at = (uint32_t)valid;
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(diagnostics, SLU_DIAGNOSTIC_UNREADABLE_FILE, (struct slu_span){file, at, at},
                                "the byte %02x here is not UTF-8", (unsigned char)text.bytes[valid]);
        slu_diagnostics_note(diagnostics, diagnostic, "save the file in the encoding UTF-8");
        return false;
    }
    return true;
}

enum sluice_status slu_parse_whole(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                                   struct slu_diagnostics *diagnostics, struct slu_whole *whole) {
    *whole = (struct slu_whole){.tree = {.file = file}};
    struct slu_string text = sources->items[file].text;
    if (!is_readable(diagnostics, file, text)) {
        whole->mistakes = 1;
        return diagnostics->failed ? SLUICE_NO_MEMORY : SLUICE_OK;
    }
    if (!sources->items[file].terminated && !slu_arena_copy_terminated(arena, text, &text)) {
        return SLUICE_NO_MEMORY;
    }
    whole->text = text;
    struct slu_builder builder;
    slu_builder_init(&builder, arena, diagnostics, file, whole->text, &whole->tree);
    int result = slu_rules_parse(&builder);
    whole->mistakes = builder.mistakes + builder.lexer.mistakes;
    return result != 0 || builder.failed || diagnostics->failed ? SLUICE_NO_MEMORY : SLUICE_OK;
}

enum sluice_status slu_parse(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                             struct slu_diagnostics *diagnostics, struct slu_tree *tree) {
    struct slu_whole whole;
    enum sluice_status status = slu_parse_whole(sources, file, arena, diagnostics, &whole);
    *tree = whole.tree;
    return status;
}
