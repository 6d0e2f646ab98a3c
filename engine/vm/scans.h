/* One scan of a field answers all tests for parts of its text. */
#ifndef SLU_VM_SCANS_H
#define SLU_VM_SCANS_H

#include "engine/text/scanner.h"
#include "engine/vm/machine.h"

/* What a scan found: a bit for each of its searches, and the searches found; of expressions,
 * only those that are in the text. All NULL: not scanned yet. */
struct slu_scanned {
    const uint64_t *found;
    const struct slu_scanner_hit *hits;
    uint32_t count;
};

static inline bool slu_scan_has(const struct slu_scanned *scanned, uint32_t search) {
    return scanned->found[search / SLU_SCANNER_WORD_BITS] >> (search % SLU_SCANNER_WORD_BITS) & 1;
}

/* *scanned is what the scan of the event's `text` finds, made when it is first
 * asked for and kept until the machine's `scanned` is set to NULL. */
enum slu_machine_status slu_scan_find(struct slu_machine *machine, uint32_t scan, struct slu_value text,
                                      const struct slu_scanned **scanned);

#endif
