/* The index of a ruleset for people: what it looks at. */
#include "engine/code/dump.h"

void slu_dump_index(const struct sluice_program *program, struct slu_buffer *out, const struct slu_index *index) {
    uint32_t unsure = 0;
    for (uint32_t i = 0; i < index->row_count; i++) {
        unsure += (index->rows[i] & SLU_INDEX_UNSURE) != 0;
    }
    slu_buffer_add_format(out, "\n  index  %u row%s", index->row_count, index->row_count == 1 ? "" : "s");
    if (unsure > 0) {
        slu_buffer_add_format(out, ", %u to be confirmed", unsure);
    }
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < index->column_count; i++) {
        const struct slu_index_column *column = &index->columns[i];
        slu_buffer_add_text(out, "    ");
        slu_buffer_add(out, program->slots[column->slot].name);
        slu_buffer_add_format(out, "  by %s: ", slu_index_kinds[column->kind].word);
        if (column->key_count > 0) {
            slu_buffer_add_format(out, "%u key%s, ", column->key_count, column->key_count == 1 ? "" : "s");
        }
        slu_buffer_add_format(out, "%u classes, %u set%s\n", column->class_count, column->set_count,
                              column->set_count == 1 ? "" : "s");
    }
}
