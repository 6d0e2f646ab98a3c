/* Sources: of every topic only the mappings whose field is used. */
#include "engine/compile/compiler.h"

static void copy_topic(struct slu_compiler *compiler, const struct slu_bound_topic *from,
                       struct slu_program_topic *topic) {
    *topic =
        (struct slu_program_topic){.topic = from->syntax->topic.text, .syntax = from->syntax, .event = from->event};
    uint32_t used = 0;
    for (uint32_t i = 0; i < from->mapping_count; i++) {
        used += compiler->field_slots[from->mappings[i].field] != SLU_NO_INDEX;
    }
    topic->mappings = slu_compiler_room(compiler, used, sizeof *topic->mappings);
    if (topic->mappings == NULL) {
        return;
    }
    for (uint32_t i = 0; i < from->mapping_count; i++) {
        uint32_t slot = compiler->field_slots[from->mappings[i].field];
        if (slot != SLU_NO_INDEX) {
            topic->mappings[topic->mapping_count++] = (struct slu_program_mapping){slot, from->mappings[i].syntax};
        }
    }
}

void slu_compile_sources(struct slu_compiler *compiler) {
    const struct slu_model *model = compiler->model;
    struct sluice_program *program = compiler->program;
    program->from_sources = slu_compiler_room(compiler, model->from_sources_count, sizeof *program->from_sources);
    if (program->from_sources == NULL) {
        return;
    }
    for (uint32_t i = 0; i < model->from_sources_count && !compiler->no_memory; i++) {
        const struct slu_bound_source *from = &model->from_sources[i];
        struct slu_program_source *source = &program->from_sources[i];
        *source = (struct slu_program_source){.name = from->name.text,
                                              .json = from->json,
                                              .form = from->form,
                                              .topic = from->topic,
                                              .id = from->id,
                                              .at = from->at};
        source->topics = slu_compiler_room(compiler, from->topic_count, sizeof *source->topics);
        if (source->topics == NULL) {
            return;
        }
        program->from_source_count++;
        for (; source->topic_count < from->topic_count && !compiler->no_memory; source->topic_count++) {
            copy_topic(compiler, &from->topics[source->topic_count], &source->topics[source->topic_count]);
        }
    }
}
