/* The index of a ruleset for people: what it looks at. */
#include "engine/code/dump.h"

static void add_count(struct slu_buffer *out, uint32_t count, const char *what) {
    slu_buffer_add_format(out, ", %u %s%s", count, what, count == 1 ? "" : "s");
}

void slu_dump_index(const struct sluice_program *program, struct slu_buffer *out, const struct slu_index *index) {
    slu_buffer_add_format(out, "\n  index  %u row%s", index->row_count, index->row_count == 1 ? "" : "s");
    if (index->broad_count < index->row_count) {
        slu_buffer_add_format(out, ", %u as bits", index->broad_count);
    }
    if (index->unsure_count > 0) {
        slu_buffer_add_format(out, ", %u to be confirmed", index->unsure_count);
    }
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < index->look_count; i++) {
        const struct slu_index_look *look = &index->looks[i];
        uint32_t sets = 0;
        for (uint32_t j = 0; j < index->column_count; j++) {
            sets += index->columns[j].look == i ? index->columns[j].set_count : 0;
        }
        slu_buffer_add_text(out, "    ");
        slu_buffer_add(out, program->slots[look->slot].name);
        slu_buffer_add_format(out, "  by %s: %u classes", slu_index_kinds[look->kind].word,
                              slu_index_last_class(look->kind, look->key_count) + 1);
        if (look->key_count > 0) {
            add_count(out, look->key_count, "key");
        }
        if (look->candidate_count > 0) {
            add_count(out, look->candidate_count, "candidate");
        }
        if (sets > 0) {
            add_count(out, sets, "set");
        }
        slu_buffer_add_byte(out, '\n');
    }
}
