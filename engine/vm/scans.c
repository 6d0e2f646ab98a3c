#include "engine/vm/scans.h"

#include "engine/text/scanner.h"
#include "engine/vm/tests.h"

static size_t words_for(uint32_t bits) {
    return ((size_t)bits + SLU_SCANNER_WORD_BITS - 1) / SLU_SCANNER_WORD_BITS;
}

/* A literal that an expression needs is there: is the expression? */
static void confirm(struct slu_run *run, const struct slu_text_scan *scan, struct slu_value text, uint64_t *found) {
    const struct sluice_program *program = run->machine->program;
    for (size_t word = 0; word < words_for(scan->search_count); word++) {
        for (uint64_t bits = found[word]; bits != 0 && run->status == SLU_MACHINE_OK; bits &= bits - 1) {
            uint32_t number = (uint32_t)word * SLU_SCANNER_WORD_BITS + (uint32_t)__builtin_ctzll(bits);
            uint32_t pattern = program->searches[scan->first_search + number].pattern;
            if (pattern != SLU_NO_INDEX && !slu_test_matches(run, text, program->patterns[pattern])) {
                found[word] &= ~(bits & -bits);
            }
        }
    }
}

static void scan_text(struct slu_run *run, const struct slu_text_scan *scan, struct slu_value text, uint64_t *found) {
    struct slu_machine *machine = run->machine;
    struct slu_string bytes;
    uint64_t *met = SLU_NEW_ARRAY(machine->arena, uint64_t, words_for(slu_scanner_size(scan->scanner)));
    if (met == NULL) {
        slu_run_fail(run);
        return;
    }
    if (!slu_test_bytes(run, text, scan->exactly, &bytes) || !slu_run_charge(run, 1 + bytes.length / SLU_STEP_BYTES)) {
        return;
    }
    slu_scanner_run(scan->scanner, bytes, met, found, &machine->steps_left);
    if (machine->steps_left == 0) {
        run->status = SLU_MACHINE_STEPS;
        return;
    }
    confirm(run, scan, text, found);
}

enum slu_machine_status slu_scan_find(struct slu_machine *machine, uint32_t number, struct slu_value text,
                                      const uint64_t **found) {
    const struct slu_text_scan *scan = &machine->program->scans[number];
    struct slu_run run = {machine, SLU_MACHINE_OK};
    if (machine->scanned == NULL) {
        machine->scanned = SLU_NEW_ARRAY(machine->arena, struct slu_scanned, machine->program->scan_count);
        if (machine->scanned == NULL) {
            return SLU_MACHINE_NO_MEMORY;
        }
    }
    *found = machine->scanned[number].found;
    if (*found != NULL) {
        return SLU_MACHINE_OK;
    }
    uint64_t *made = SLU_NEW_ARRAY(machine->arena, uint64_t, words_for(scan->search_count));
    if (made == NULL) {
        return SLU_MACHINE_NO_MEMORY;
    }
    if (text.type == SLU_TYPE_TEXT) {
        scan_text(&run, scan, text, made);
    }
    if (run.status == SLU_MACHINE_OK) {
        *found = machine->scanned[number].found = made;
    }
    return run.status;
}
