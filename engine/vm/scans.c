#include "engine/vm/scans.h"

#include "engine/vm/tests.h"

static size_t words_for(uint32_t bits) {
    return ((size_t)bits + SLU_SCANNER_WORD_BITS - 1) / SLU_SCANNER_WORD_BITS;
}

static bool is_ascii(struct slu_string text) {
    unsigned char all = 0;
    for (size_t i = 0; i < text.length; i++) {
        all |= (unsigned char)text.bytes[i];
    }
    return all < 0x80;
}

/* Where a match can begin, given that it has a literal that is not before `earliest`. Only of
 * ASCII texts: their characters are bytes, and folded they are as long. */
static size_t first_place(const struct slu_search *search, uint32_t earliest, struct slu_string raw) {
    return earliest > search->before && is_ascii(raw) ? earliest - search->before : 0;
}

/* A literal that an expression needs is there: is the expression? Keeps the hits that are. */
static void confirm(struct slu_run *run, const struct slu_text_scan *scan, struct slu_value text,
                    struct slu_scanner_hits *hits) {
    const struct sluice_program *program = run->machine->program;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < hits->count && run->status == SLU_MACHINE_OK; i++) {
        struct slu_scanner_hit hit = hits->items[i];
        const struct slu_search *search = &program->searches[scan->first_search + hit.number];
        if (search->pattern != SLU_NO_INDEX) {
            size_t from = first_place(search, hit.earliest, text.as.text->raw);
            if (!slu_test_matches_from(run, text, from, program->patterns[search->pattern])) {
                hits->found[hit.number / SLU_SCANNER_WORD_BITS] &=
                    ~(UINT64_C(1) << (hit.number % SLU_SCANNER_WORD_BITS));
                continue;
            }
        }
        hits->items[kept++] = hit;
    }
    hits->count = kept;
}

static void scan_text(struct slu_run *run, const struct slu_text_scan *scan, struct slu_value text,
                      struct slu_scanner_hits *hits) {
    struct slu_machine *machine = run->machine;
    struct slu_string bytes;
    hits->met = SLU_NEW_ARRAY(machine->arena, uint64_t, words_for(slu_scanner_size(scan->scanner)));
    if (hits->met == NULL) {
        slu_run_fail(run);
        return;
    }
    if (!slu_test_bytes(run, text, scan->exactly, &bytes) || !slu_run_charge(run, 1 + bytes.length / SLU_STEP_BYTES)) {
        return;
    }
    slu_scanner_run(scan->scanner, bytes, hits, &machine->steps_left);
    if (hits->failed) {
        slu_run_fail(run);
    } else if (machine->steps_left == 0) {
        run->status = SLU_MACHINE_STEPS;
    } else {
        confirm(run, scan, text, hits);
    }
}

enum slu_machine_status slu_scan_find(struct slu_machine *machine, uint32_t number, struct slu_value text,
                                      const struct slu_scanned **scanned) {
    const struct slu_text_scan *scan = &machine->program->scans[number];
    struct slu_run run = {machine, SLU_MACHINE_OK};
    if (machine->scanned == NULL) {
        machine->scanned = SLU_NEW_ARRAY(machine->arena, struct slu_scanned, machine->program->scan_count);
        if (machine->scanned == NULL) {
            return SLU_MACHINE_NO_MEMORY;
        }
    }
    *scanned = &machine->scanned[number];
    if (machine->scanned[number].found != NULL) {
        return SLU_MACHINE_OK;
    }
    struct slu_scanner_hits hits = {.arena = machine->arena};
    hits.found = SLU_NEW_ARRAY(machine->arena, uint64_t, words_for(scan->search_count));
    if (hits.found == NULL) {
        return SLU_MACHINE_NO_MEMORY;
    }
    if (text.type == SLU_TYPE_TEXT) {
        scan_text(&run, scan, text, &hits);
    }
    if (run.status == SLU_MACHINE_OK) {
        machine->scanned[number] = (struct slu_scanned){hits.found, hits.items, hits.count};
    }
    return run.status;
}
