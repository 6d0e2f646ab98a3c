/* The parts of reading a delivery, see input.h. */
#ifndef SLU_INPUT_SOURCE_H
#define SLU_INPUT_SOURCE_H

#include "engine/input/input.h"
#include "engine/input/reader.h"

/* What slu_input_read was asked. */
struct slu_input_request {
    struct slu_reader *reader;
    const struct sluice_program *program; /* the reader's */
    const struct sluice_delivery *delivery;
    struct slu_arena *arena;
    struct slu_value *slots;
    struct slu_string *not_a_choice; /* or NULL */
    struct slu_input *input;
    struct sluice_error *error;
};

enum sluice_status slu_input_read_own(const struct slu_input_request *request);
enum sluice_status slu_input_read_source(const struct slu_input_request *request);

/* The node as the slot's type, as slu_input_value. */
static inline struct slu_value slu_request_value(const struct slu_input_request *request, uint32_t number,
                                                 const struct slu_json *node, struct slu_string *not_a_choice,
                                                 bool *failed) {
    const struct slu_slot *slot = &request->program->slots[number];
    struct slu_text *text = &request->reader->texts[number];
    if (slot->type == SLU_TYPE_TEXT && node->kind == SLU_JSON_TEXT && slot->choices == NULL) { /* as most are */
        *text = (struct slu_text){.raw = node->text};
        return (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
    }
    return slu_input_value(slot, node, request->arena, text, not_a_choice, failed);
}

static inline struct slu_string *slu_request_not_a_choice(const struct slu_input_request *request, uint32_t slot) {
    return request->not_a_choice ? &request->not_a_choice[slot] : NULL;
}

#endif
