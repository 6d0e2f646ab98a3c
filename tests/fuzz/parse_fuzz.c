/* Any bytes parse without a crash; whatever is said can be printed. */
#include "grammar/parse.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct slu_arena arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_tree tree;
    struct slu_buffer out;
    uint32_t file;
    slu_arena_init(&arena, 0);
    slu_buffer_init(&out);
    slu_sources_init(&sources, &arena);
    slu_diagnostics_init(&diagnostics, &arena, &sources);
    struct slu_string text = {(const char *)bytes, length};
    if (slu_sources_add(&sources, SLU_STRING("fuzz.rules"), text, false, &file) &&
        slu_parse(&sources, file, &arena, &diagnostics, &tree) == SLUICE_OK) {
        for (uint32_t i = 0; i < diagnostics.count; i++) {
            slu_diagnostic_render(&diagnostics, &diagnostics.items[i], false, &out);
            slu_diagnostic_render_json(&diagnostics, &diagnostics.items[i], &out);
        }
    }
    slu_buffer_free(&out);
    slu_arena_free(&arena);
    return 0;
}
