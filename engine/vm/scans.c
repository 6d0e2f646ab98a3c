/* memmem is not in POSIX.1-2008. */
#define _GNU_SOURCE
#include "engine/vm/scans.h"

#include "engine/text/unicode.h"
#include "engine/vm/tests.h"

#include <string.h>

enum { TRIES_MOST = 8 /* places where an expression is confirmed one by one */ };

static size_t words_for(uint32_t bits) {
    return ((size_t)bits + SLU_SCANNER_WORD_BITS - 1) / SLU_SCANNER_WORD_BITS;
}

/* A literal that an expression needs is in the text: is the expression? */
struct question {
    struct slu_run *run;
    const struct slu_search *search;
    const struct slu_pattern *pattern;
    struct slu_value text;
    struct slu_string bytes; /* of the text, in which the literal is */
    struct slu_scanner_hit hit;
    bool is_ascii; /* the text: its characters are bytes, and folding moves none */
};

/* From where a match can begin, given where the literal is. */
static bool found_anywhere(const struct question *question) {
    size_t before = question->search->before, earliest = question->hit.earliest;
    size_t from = question->is_ascii && earliest > before ? earliest - before : 0;
    return slu_test_matches_from(question->run, question->text, from, question->pattern);
}

/* Around one of the literals, at the byte `at`. */
static bool found_at(const struct question *question, size_t at) {
    return slu_test_matches_around(question->run, question->text, at, question->pattern, &question->search->cut);
}

/* Around each of the literals that are in the text; of many, the whole text is searched, for the time of it. */
static bool found_around(const struct question *question) {
    const struct slu_search *search = question->search;
    struct slu_string bytes = question->bytes;
    if (found_at(question, question->hit.place)) {
        return true;
    }
    for (uint32_t i = 0, tries = 0; i < search->literal_count; i++) {
        struct slu_string literal = search->literals[i];
        for (size_t at = question->hit.earliest; question->run->status == SLU_MACHINE_OK; at++) {
            const char *place = memmem(bytes.bytes + at, bytes.length - at, literal.bytes, literal.length);
            if (++tries > TRIES_MOST) {
                return found_anywhere(question);
            }
            if (!slu_run_charge(question->run, 1 + (bytes.length - at) / SLU_STEP_BYTES) || place == NULL) {
                break;
            }
            at = (size_t)(place - bytes.bytes);
            if (at != question->hit.place && found_at(question, at)) {
                return true;
            }
        }
    }
    return false;
}

/* The places of a scan are those of the text as it is where that was scanned, or is ASCII. */
static bool is_found(const struct question *question, bool exactly) {
    bool same_places = exactly || question->is_ascii;
    return same_places && question->search->cut.before != NULL ? found_around(question) : found_anywhere(question);
}

/* Keeps the hits of expressions that are there. */
static void confirm(struct slu_run *run, const struct slu_text_scan *scan, struct slu_value text,
                    struct slu_string bytes, struct slu_scanner_hits *hits) {
    const struct sluice_program *program = run->machine->program;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < hits->count && run->status == SLU_MACHINE_OK; i++) {
        struct slu_scanner_hit hit = hits->items[i];
        const struct slu_search *search = &program->searches[scan->first_search + hit.number];
        if (search->pattern != SLU_NO_INDEX) {
            struct question question = {run,   search, program->patterns[search->pattern],     text,
                                        bytes, hit,    slu_unicode_is_ascii(text.as.text->raw)};
            if (!is_found(&question, scan->exactly)) {
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
    if (!slu_test_bytes(run, text, scan->exactly, &bytes) || !slu_run_charge(run, 1 + bytes.length / SLU_STEP_BYTES)) {
        return;
    }
    slu_scanner_run(scan->scanner, bytes, hits, &machine->steps_left);
    if (hits->failed) {
        slu_run_fail(run);
    } else if (machine->steps_left == 0) {
        run->status = SLU_MACHINE_STEPS;
    } else {
        confirm(run, scan, text, bytes, hits);
    }
}

/* All that most texts need, at once; what is kept of the scans, too, where there is nothing yet. */
static bool make_room(struct slu_machine *machine, const struct slu_text_scan *scan, struct slu_scanner_hits *hits) {
    size_t kept = machine->scanned == NULL ? machine->program->scan_count : 0;
    size_t found = words_for(scan->search_count), met = words_for(slu_scanner_size(scan->scanner));
    struct slu_scanner_hit *items =
        slu_arena_alloc(machine->arena, SLU_SCANNER_HITS_LEAST * sizeof *items + kept * sizeof *machine->scanned +
                                            (found + met) * sizeof *hits->found);
    if (items == NULL) {
        return false;
    }
    struct slu_scanned *scanned = (void *)(items + SLU_SCANNER_HITS_LEAST);
    uint64_t *words = (void *)(scanned + kept);
    machine->scanned = kept > 0 ? scanned : machine->scanned;
    *hits = (struct slu_scanner_hits){.arena = machine->arena,
                                      .found = words,
                                      .met = words + found,
                                      .items = items,
                                      .capacity = SLU_SCANNER_HITS_LEAST};
    return true;
}

enum slu_machine_status slu_scan_find(struct slu_machine *machine, uint32_t number, struct slu_value text,
                                      const struct slu_scanned **scanned) {
    const struct slu_text_scan *scan = &machine->program->scans[number];
    struct slu_run run = {machine, SLU_MACHINE_OK};
    if (machine->scanned != NULL && machine->scanned[number].found != NULL) {
        *scanned = &machine->scanned[number];
        return SLU_MACHINE_OK;
    }
    struct slu_scanner_hits hits;
    if (!make_room(machine, scan, &hits)) {
        return SLU_MACHINE_NO_MEMORY;
    }
    if (text.type == SLU_TYPE_TEXT) {
        scan_text(&run, scan, text, &hits);
    }
    *scanned = &machine->scanned[number];
    if (run.status == SLU_MACHINE_OK) {
        machine->scanned[number] = (struct slu_scanned){hits.found, hits.items, hits.count};
    }
    return run.status;
}
