/* One scan of a field answers all tests for parts of its text. */
#ifndef SLU_VM_SCANS_H
#define SLU_VM_SCANS_H

#include "engine/vm/machine.h"

/* What a scan found: a bit for each of its searches. NULL: not scanned yet. */
struct slu_scanned {
    const uint64_t *found;
};

/* *found is what the scan of the event's `text` finds, made when it is first
 * asked for and kept until the machine's `scanned` is set to NULL. */
enum slu_machine_status slu_scan_find(struct slu_machine *machine, uint32_t scan, struct slu_value text,
                                      const uint64_t **found);

#endif
