/* What passes over most places of a text, and how it does for some processors. */
#ifndef SLU_TEXT_SCANNER_KERNEL_H
#define SLU_TEXT_SCANNER_KERNEL_H

#include "engine/text/scanner_tables.h"

enum {
    SLU_SCANNER_BLOCK_BYTES = 64,
    SLU_SCANNER_PART_BYTES = 1024, /* of the text, are looked at before anything is compared */
    SLU_SCANNER_PLACES = SLU_SCANNER_PART_BYTES + SLU_SCANNER_BLOCK_BYTES /* with room to write many at once */
};

struct slu_scanner_kernel {
    const char *name;
    bool (*can_run)(void);
    /* Writes down the places of windows, from `at` (where a window begins) to before `end`, up to
     * SLU_SCANNER_PART_BYTES, counted from `at` on and in order; it may leave out those that the groups
     * exclude. A window that begins before `end` is inside the text. Returns how many. */
    uint32_t (*find)(const struct slu_scanner_table *table, struct slu_string text, size_t at, size_t end,
                     uint16_t *places);
};

#if defined(__x86_64__)
extern const struct slu_scanner_kernel slu_scanner_avx512, slu_scanner_avx2;
#endif

#endif
