/* The index of each ruleset, made when the code is whole. */
#include "engine/compile/indexing.h"

#include <string.h>

void *slu_indexing_scratch(struct slu_indexing *indexing, size_t count, size_t size) {
    void *room = slu_arena_alloc_array(&indexing->arena, count, size);
    if (room == NULL) {
        indexing->compiler->no_memory = true;
    }
    return room;
}

/* NULL where an index would be of no use. */
static struct slu_index *make_index(struct slu_indexing *indexing, const struct slu_program_ruleset *ruleset) {
    struct slu_compiler *compiler = indexing->compiler;
    for (uint32_t i = 0; i < ruleset->rule_count && !compiler->no_memory; i++) {
        slu_indexing_add_paths(indexing, i, indexing->program->rules[ruleset->first_rule + i].condition);
    }
    if (compiler->no_memory || indexing->column_count == 0) {
        return NULL;
    }
    slu_indexing_sort_keys(indexing);
    if (compiler->no_memory) {
        return NULL; /* keys without numbers */
    }
    slu_indexing_add_parts(indexing);
    struct slu_index *index = compiler->no_memory ? NULL : slu_compiler_room(compiler, 1, sizeof *index);
    if (index != NULL) {
        slu_indexing_place_rows(indexing, index);
        slu_indexing_make_columns(indexing, index);
        struct slu_index_look *looks = slu_indexing_make_looks(indexing, index);
        if (!compiler->no_memory) {
            slu_indexing_make_rows(indexing, ruleset, index, looks);
        }
    }
    return index;
}

void slu_compile_indexes(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    for (uint32_t i = 0; i < program->ruleset_count && !compiler->no_memory; i++) {
        struct slu_program_ruleset *ruleset = &program->rulesets[i];
        if (ruleset->rule_count < SLU_INDEX_RULES_MIN) {
            continue;
        }
        struct slu_indexing *indexing = SLU_NEW(&compiler->scratch, struct slu_indexing);
        if (indexing == NULL) {
            compiler->no_memory = true;
            return;
        }
        indexing->compiler = compiler;
        indexing->program = program;
        slu_arena_init(&indexing->arena, 0);
        struct slu_index *index = make_index(indexing, ruleset);
        if (index != NULL) {
            index->first_found = program->found_count;
            program->found_count += index->look_count;
        }
        ruleset->index = index;
        slu_arena_free(&indexing->arena);
    }
}
