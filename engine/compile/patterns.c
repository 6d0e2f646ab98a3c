/* Which tests on texts are answered by one scan of the field for all of them. */
#include "engine/compile/compiler.h"
#include "engine/text/scanner.h"

#include <stdlib.h>
#include <string.h>

/* Fewer literals in one field are sought one by one. */
enum { LITERALS_MIN = 8 };
/* A search that no scan can make, in the map of those that are known. */
#define NOT_SOUGHT (SLU_MAP_NONE - 1)

/* A test that a scan can answer. */
struct found_test {
    uint32_t at;     /* in the code */
    uint32_t search; /* its draft */
};

struct scan_draft {
    uint32_t slot;
    bool exactly;
    uint32_t literal_count;
    uint32_t search_count;
    uint32_t number; /* of the program; SLU_NO_INDEX: too few literals */
};

struct search_draft {
    uint32_t scan;
    uint32_t constant, pattern;
    uint32_t number; /* in its scan */
    uint32_t first_literal, literal_count;
    const struct slu_factors *factors; /* of a pattern: its literals are one of these sets */
    uint32_t factors_count;
    const struct slu_factors *chosen; /* of them */
    struct slu_pattern_node *tree;
};

struct seeking {
    struct slu_compiler *compiler;
    struct sluice_program *program;
    struct slu_table tests, scans, searches, literals; /* the last: struct slu_string */
    struct slu_map known;                              /* scan and what is sought -> search */
    struct slu_map common;                             /* a factor of expressions, a word of texts -> how often */
};

static void *push(struct seeking *seeking, struct slu_table *table, size_t size) {
    return slu_compiler_push(seeking->compiler, table, size);
}

static struct search_draft *search_at(struct seeking *seeking, uint32_t number) {
    return (struct search_draft *)seeking->searches.items + number;
}

static struct scan_draft *scan_at(struct seeking *seeking, uint32_t number) {
    return (struct scan_draft *)seeking->scans.items + number;
}

/* ---- what is sought ---- */

static void add_literal(struct seeking *seeking, struct slu_string text) {
    struct slu_string *place = push(seeking, &seeking->literals, sizeof *place);
    if (place != NULL) {
        *place = text;
    }
}

static uint32_t commonness(const struct seeking *seeking, struct slu_string text) {
    uint32_t count = slu_map_find(&seeking->common, text);
    return count == SLU_MAP_NONE ? 0 : count;
}

static void add_common(struct seeking *seeking, struct slu_string text) {
    seeking->compiler->no_memory |= !slu_map_put(&seeking->common, text, commonness(seeking, text) + 1);
}

/* The words of a text that is sought: where it is found, so is an expression's literal that is one of them. */
static void add_words(struct seeking *seeking, struct slu_string text) {
    size_t start = 0;
    for (size_t at = 0; at <= text.length; at++) {
        if (at < text.length && text.bytes[at] != ' ' && text.bytes[at] != '-') {
            continue;
        }
        if (at > start) {
            add_common(seeking, (struct slu_string){text.bytes + start, at - start});
        }
        start = at + 1;
    }
}

/* The texts of a constant; false: one of them is none that a scan could find. */
static bool add_texts(struct seeking *seeking, uint32_t constant, bool exactly) {
    const struct slu_value *items = &seeking->program->constants[constant];
    size_t count = 1;
    if (items->type == SLU_TYPE_LIST) {
        count = items->as.list->count;
        items = items->as.list->items;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i].type != SLU_TYPE_TEXT) {
            return false;
        }
        struct slu_string text = exactly ? items[i].as.text->raw : items[i].as.text->folded;
        if (text.length < SLU_SOUGHT_BYTES) {
            return false;
        }
        add_literal(seeking, text);
        add_words(seeking, text);
    }
    return count > 0;
}

static bool add_factors(struct seeking *seeking, uint32_t pattern, struct search_draft *draft) {
    struct slu_factors factors[SLU_FACTORS_MOST];
    struct slu_factors *kept = NULL;
    if (!slu_pattern_factors(&seeking->program->arena, &seeking->compiler->scratch, seeking->program->patterns[pattern],
                             factors, &draft->factors_count, &draft->tree)) {
        seeking->compiler->no_memory = true;
        return false;
    }
    kept = SLU_NEW_ARRAY(&seeking->compiler->scratch, struct slu_factors, draft->factors_count);
    seeking->compiler->no_memory |= kept == NULL;
    for (uint32_t i = 0; i < draft->factors_count && !seeking->compiler->no_memory; i++) {
        kept[i] = factors[i];
        for (uint32_t j = 0; j < factors[i].count; j++) {
            add_common(seeking, factors[i].texts[j]);
        }
    }
    draft->factors = kept;
    return draft->factors_count > 0;
}

/* The set whose commonest text the fewest expressions and texts share; of those the one with the longest texts. */
static const struct slu_factors *choose_factors(const struct seeking *seeking, const struct search_draft *draft) {
    const struct slu_factors *chosen = NULL;
    uint32_t least = UINT32_MAX;
    size_t longest = 0;
    for (uint32_t i = 0; i < draft->factors_count; i++) {
        uint32_t most = 0;
        size_t shortest = SIZE_MAX;
        for (uint32_t j = 0; j < draft->factors[i].count; j++) {
            struct slu_string text = draft->factors[i].texts[j];
            uint32_t count = commonness(seeking, text);
            most = count > most ? count : most;
            shortest = text.length < shortest ? text.length : shortest;
        }
        if (most < least || (most == least && shortest > longest)) {
            chosen = &draft->factors[i];
            least = most;
            longest = shortest;
        }
    }
    return chosen;
}

/* With all expressions known. */
static void add_chosen(struct seeking *seeking) {
    for (uint32_t i = 0; i < seeking->searches.count && !seeking->compiler->no_memory; i++) {
        struct search_draft *draft = search_at(seeking, i);
        const struct slu_factors *chosen = choose_factors(seeking, draft);
        if (chosen == NULL) {
            continue;
        }
        draft->first_literal = seeking->literals.count;
        draft->literal_count = chosen->count;
        draft->chosen = chosen;
        scan_at(seeking, draft->scan)->literal_count += chosen->count;
        for (uint32_t j = 0; j < chosen->count; j++) {
            add_literal(seeking, chosen->texts[j]);
        }
    }
}

static uint32_t scan_number(struct seeking *seeking, uint32_t slot, bool exactly) {
    for (uint32_t i = 0; i < seeking->scans.count; i++) {
        if (scan_at(seeking, i)->slot == slot && scan_at(seeking, i)->exactly == exactly) {
            return i;
        }
    }
    struct scan_draft *draft = push(seeking, &seeking->scans, sizeof *draft);
    if (draft == NULL) {
        return 0;
    }
    *draft = (struct scan_draft){.slot = slot, .exactly = exactly};
    return seeking->scans.count - 1;
}

/* The search's draft, the same for the same test; SLU_NO_INDEX: no scan answers it. */
static uint32_t search_number(struct seeking *seeking, uint32_t scan, uint32_t constant, uint32_t pattern) {
    const uint32_t parts[] = {scan, constant, pattern};
    struct slu_string key;
    bool copied = slu_arena_copy_string(&seeking->compiler->scratch,
                                        (struct slu_string){(const char *)parts, sizeof parts}, &key);
    uint32_t number = copied ? slu_map_find(&seeking->known, key) : SLU_MAP_NONE;
    if (number != SLU_MAP_NONE) {
        return number == NOT_SOUGHT ? SLU_NO_INDEX : number;
    }
    uint32_t first = seeking->literals.count;
    struct search_draft made = {.scan = scan, .constant = constant, .pattern = pattern, .first_literal = first};
    bool sought = constant == SLU_NO_INDEX ? add_factors(seeking, pattern, &made)
                                           : add_texts(seeking, constant, scan_at(seeking, scan)->exactly);
    if (!sought) {
        seeking->literals.count = first;
        seeking->compiler->no_memory |= !copied || !slu_map_put(&seeking->known, key, NOT_SOUGHT);
        return SLU_NO_INDEX;
    }
    struct search_draft *draft = push(seeking, &seeking->searches, sizeof *draft);
    if (draft == NULL || !copied || !slu_map_put(&seeking->known, key, seeking->searches.count - 1)) {
        seeking->compiler->no_memory = true;
        return SLU_NO_INDEX;
    }
    struct scan_draft *of = scan_at(seeking, scan);
    made.number = of->search_count++;
    made.literal_count = seeking->literals.count - first;
    *draft = made;
    of->literal_count += draft->literal_count;
    return seeking->searches.count - 1;
}

/* ---- the code ---- */

/* What stands `back` places before: only what always runs just before the test. */
static bool runs_before(const slu_instruction *code, const bool *targets, uint32_t at, uint32_t back,
                        enum slu_opcode opcode, uint32_t *operand) {
    if (back > at || slu_instruction_opcode(code[at - back]) != opcode) {
        return false;
    }
    for (uint32_t i = 0; i < back; i++) {
        if (targets[at - i]) {
            return false;
        }
    }
    *operand = slu_instruction_operand(code[at - back]);
    return true;
}

static void note_test(struct seeking *seeking, struct slu_code piece, const bool *targets, uint32_t at) {
    const slu_instruction *code = seeking->program->code + piece.start;
    enum slu_opcode opcode = slu_instruction_opcode(code[at]);
    uint32_t slot, constant = SLU_NO_INDEX, pattern = SLU_NO_INDEX;
    bool exactly = opcode == SLU_OP_CONTAINS_EXACTLY;
    if (opcode == SLU_OP_MATCHES) {
        pattern = slu_instruction_operand(code[at]);
        exactly = slu_pattern_is_exact(seeking->program->patterns[pattern]);
        if (!runs_before(code, targets, at, 1, SLU_OP_SLOT, &slot)) {
            return;
        }
    } else if (!runs_before(code, targets, at, 1, SLU_OP_CONSTANT, &constant) ||
               !runs_before(code, targets, at, 2, SLU_OP_SLOT, &slot)) {
        return;
    }
    if (seeking->program->slots[slot].type != SLU_TYPE_TEXT) {
        return;
    }
    uint32_t scan = scan_number(seeking, slot, exactly);
    uint32_t search = seeking->compiler->no_memory ? SLU_NO_INDEX : search_number(seeking, scan, constant, pattern);
    struct found_test *test = search == SLU_NO_INDEX ? NULL : push(seeking, &seeking->tests, sizeof *test);
    if (test != NULL) {
        *test = (struct found_test){piece.start + at, search};
    }
}

static void note_tests(struct seeking *seeking, struct slu_code piece) {
    const slu_instruction *code = seeking->program->code + piece.start;
    bool *targets = NULL; /* where jumps lead; made for a piece that has such a test */
    for (uint32_t at = 0; at < piece.count && !seeking->compiler->no_memory; at++) {
        enum slu_opcode opcode = slu_instruction_opcode(code[at]);
        if (opcode != SLU_OP_CONTAINS && opcode != SLU_OP_CONTAINS_EXACTLY && opcode != SLU_OP_MATCHES) {
            continue;
        }
        if (targets == NULL) {
            targets = SLU_NEW_ARRAY(&seeking->compiler->scratch, bool, piece.count);
            if (targets == NULL) {
                seeking->compiler->no_memory = true;
                return;
            }
            for (uint32_t i = 0; i < piece.count; i++) {
                bool jumps = slu_opcodes[slu_instruction_opcode(code[i])].operand == SLU_OPERAND_TARGET;
                targets[jumps ? slu_instruction_operand(code[i]) : 0] |= jumps;
            }
        }
        note_test(seeking, piece, targets, at);
    }
}

/* ---- what is kept ---- */

static bool make_scanner(struct seeking *seeking, uint32_t number, struct slu_text_scan *scan) {
    const struct scan_draft *draft = scan_at(seeking, number);
    const struct slu_string *literals = seeking->literals.items;
    struct slu_sought *sought = SLU_NEW_ARRAY(&seeking->compiler->scratch, struct slu_sought, draft->literal_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < seeking->searches.count && sought != NULL; i++) {
        const struct search_draft *search = search_at(seeking, i);
        for (uint32_t j = 0; j < search->literal_count && search->scan == number; j++) {
            sought[count++] = (struct slu_sought){literals[search->first_literal + j], search->number};
        }
    }
    return sought != NULL && slu_scanner_build(&seeking->program->arena, sought, count, &scan->scanner);
}

static void keep_scans(struct seeking *seeking) {
    struct sluice_program *program = seeking->program;
    uint32_t search_count = 0;
    program->scans = slu_compiler_room(seeking->compiler, seeking->scans.count, sizeof *program->scans);
    program->searches = slu_compiler_room(seeking->compiler, seeking->searches.count, sizeof *program->searches);
    for (uint32_t i = 0; i < seeking->scans.count && !seeking->compiler->no_memory; i++) {
        struct scan_draft *draft = scan_at(seeking, i);
        draft->number = SLU_NO_INDEX;
        if (draft->literal_count < LITERALS_MIN) {
            continue;
        }
        draft->number = program->scan_count;
        struct slu_text_scan *scan = &program->scans[program->scan_count++];
        *scan = (struct slu_text_scan){.slot = draft->slot,
                                       .exactly = draft->exactly,
                                       .first_search = search_count,
                                       .search_count = draft->search_count};
        search_count += draft->search_count;
        seeking->compiler->no_memory |= !make_scanner(seeking, i, scan);
    }
    program->search_count = search_count;
}

/* The number in the program, or SLU_NO_INDEX. */
static uint32_t kept_number(struct seeking *seeking, const struct search_draft *search) {
    uint32_t scan = scan_at(seeking, search->scan)->number;
    return scan == SLU_NO_INDEX ? SLU_NO_INDEX : seeking->program->scans[scan].first_search + search->number;
}

/* What confirms that the pattern is there where a literal of it is. */
static void keep_chosen(struct seeking *seeking, const struct search_draft *draft, struct slu_search *search) {
    const struct slu_factors *chosen = draft->chosen;
    const struct slu_pattern *pattern = seeking->program->patterns[search->pattern];
    search->literals = chosen->texts;
    search->literal_count = chosen->count;
    search->before = chosen->before;
    seeking->compiler->no_memory |=
        chosen->piece != SLU_NO_PIECE &&
        !slu_pattern_make_cut(&seeking->program->arena, pattern, draft->tree, chosen->piece, &search->cut);
}

static void keep_searches(struct seeking *seeking) {
    struct sluice_program *program = seeking->program;
    for (uint32_t i = 0; i < seeking->searches.count; i++) {
        const struct search_draft *search = search_at(seeking, i);
        uint32_t number = kept_number(seeking, search);
        if (number == SLU_NO_INDEX) {
            continue;
        }
        program->searches[number] = (struct slu_search){
            .scan = scan_at(seeking, search->scan)->number, .constant = search->constant, .pattern = search->pattern};
        if (search->chosen != NULL) {
            keep_chosen(seeking, search, &program->searches[number]);
        }
    }
    const struct found_test *tests = seeking->tests.items;
    for (uint32_t i = 0; i < seeking->tests.count; i++) {
        const struct search_draft *search = search_at(seeking, tests[i].search);
        uint32_t number = kept_number(seeking, search);
        if (number <= SLU_OPERAND_MAX) {
            program->code[tests[i].at] = slu_instruction_make(
                search->pattern == SLU_NO_INDEX ? SLU_OP_SCAN_CONTAINS : SLU_OP_SCAN_MATCHES, number);
        }
    }
}

void slu_compile_scans(struct slu_compiler *compiler) {
    struct sluice_program *program = compiler->program;
    struct seeking seeking = {.compiler = compiler, .program = program};
    slu_map_init(&seeking.known, &compiler->scratch);
    slu_map_init(&seeking.common, &compiler->scratch);
    for (uint32_t i = 0; i < program->rule_count; i++) {
        note_tests(&seeking, program->rules[i].condition);
    }
    for (uint32_t i = 0; i < program->guard_count; i++) {
        note_tests(&seeking, program->guards[i].condition);
    }
    if (compiler->no_memory || seeking.tests.count == 0) {
        return;
    }
    add_chosen(&seeking);
    if (!compiler->no_memory) {
        keep_scans(&seeking);
    }
    if (!compiler->no_memory) {
        keep_searches(&seeking);
    }
}
