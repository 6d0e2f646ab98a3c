/* Guards stop actions after the decision, whatever rule asked for them. */
#include "engine/decide/deciding.h"

/* Asked at most once per event, on the facts that the rules saw. */
static enum sluice_status ask(struct slu_deciding *deciding, uint32_t index, bool *blocks) {
    struct slu_frame *frame = deciding->frame;
    const struct slu_program_guard *guard = &deciding->program->guards[index];
    if (frame->guards == NULL) {
        frame->guards = SLU_NEW_ARRAY(deciding->arena, uint8_t, deciding->program->guard_count);
        if (frame->guards == NULL) {
            return slu_deciding_no_memory(deciding);
        }
    }
    if (frame->guards[index] == SLU_GUARD_UNKNOWN) {
        enum sluice_status status = slu_deciding_holds(deciding, guard->condition, blocks);
        if (status != SLUICE_OK) {
            return status;
        }
        frame->guards[index] = *blocks ? SLU_GUARD_BLOCKS : SLU_GUARD_OPEN;
        slu_trace_text(deciding, SLUICE_TRACE_GUARD, guard->title, *blocks,
                       deciding->program->sources.items[guard->file].name, guard->line);
    }
    *blocks = frame->guards[index] == SLU_GUARD_BLOCKS;
    return SLUICE_OK;
}

enum sluice_status slu_guards_apply(struct slu_deciding *deciding, uint32_t operation, struct sluice_action *action) {
    for (uint32_t i = 0; i < deciding->program->guard_count; i++) {
        const struct slu_program_guard *guard = &deciding->program->guards[i];
        if (!guard->blocks[operation]) {
            continue;
        }
        bool blocks = false;
        enum sluice_status status = ask(deciding, i, &blocks);
        if (status != SLUICE_OK) {
            return status;
        }
        if (blocks) {
            action->blocked_by = slu_string_give(guard->title);
            return SLUICE_OK;
        }
    }
    return slu_watch_action(deciding, operation, action);
}
