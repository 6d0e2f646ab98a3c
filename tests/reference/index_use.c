/* Linked into second builds of `sluice` that use the indexes always, or never
 * (INDEX_USE): what they print must be the same. */
#include "engine/decide/decider.h"

enum sluice_status __real_sluice_decider_new(const sluice_program *program, sluice_decider **decider);
enum sluice_status __wrap_sluice_decider_new(const sluice_program *program, sluice_decider **decider);

enum sluice_status __wrap_sluice_decider_new(const sluice_program *program, sluice_decider **decider) {
    enum sluice_status status = __real_sluice_decider_new(program, decider);
    if (status == SLUICE_OK) {
        (*decider)->index_use = INDEX_USE;
    }
    return status;
}
