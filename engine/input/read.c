#include "engine/input/source.h"
#include "engine/input/value.h"

static void clear_slots(const struct slu_input_request *request) {
    for (uint32_t i = 0; i < request->program->slot_count; i++) {
        const struct slu_slot *slot = &request->program->slots[i];
        if (slot->origin != SLU_FIELD_EVENT) {
            continue;
        }
        request->slots[i] = slu_input_nothing(slot);
        if (request->not_a_choice) {
            request->not_a_choice[i] = (struct slu_string){NULL, 0};
        }
    }
}

enum sluice_status slu_input_read(struct slu_reader *reader, const struct sluice_delivery *delivery,
                                  struct slu_arena *arena, struct slu_value *slots, struct slu_string *not_a_choice,
                                  struct slu_input *input, struct sluice_error *error) {
    struct slu_input_request request = {reader, reader->program, delivery, arena, slots, not_a_choice, input, error};
    *input = (struct slu_input){.event = SLU_NO_INDEX};
    clear_slots(&request);
    return delivery->source.length > 0 ? slu_input_read_source(&request) : slu_input_read_own(&request);
}
