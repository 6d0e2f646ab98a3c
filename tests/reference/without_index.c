/* Linked into a second `sluice` whose deciders try every rule in turn: what it
 * prints must be what the first one prints. */
#include "engine/decide/decider.h"

enum sluice_status __real_sluice_decider_new(const sluice_program *program, sluice_decider **decider);
enum sluice_status __wrap_sluice_decider_new(const sluice_program *program, sluice_decider **decider);

enum sluice_status __wrap_sluice_decider_new(const sluice_program *program, sluice_decider **decider) {
    enum sluice_status status = __real_sluice_decider_new(program, decider);
    if (status == SLUICE_OK) {
        (*decider)->without_index = true;
    }
    return status;
}
