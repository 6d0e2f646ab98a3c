#include "engine/input/source.h"

enum sluice_status slu_input_read(struct slu_reader *reader, const struct sluice_delivery *delivery,
                                  struct slu_arena *arena, struct slu_value *slots, struct slu_string *not_a_choice,
                                  struct slu_input *input, struct sluice_error *error) {
    struct slu_input_request request = {reader, reader->program, delivery, arena, slots, not_a_choice, input, error};
    *input = (struct slu_input){.event = SLU_NO_INDEX};
    return delivery->source.length > 0 ? slu_input_read_source(&request) : slu_input_read_own(&request);
}
