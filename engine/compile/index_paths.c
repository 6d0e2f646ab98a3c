/* The ways in which a condition holds, read off its code: jumps go forward
 * only, and where every flag on the stack is known, a test is the only place
 * at which a run can go two ways. */
#include "engine/compile/indexing.h"

#include <string.h>

enum { STACK_MAX = 16, BRANCHES_MAX = 64, PATHS_MAX = 16, TESTS_MAX = 1024 };

/* A run of the code up to some place. */
struct state {
    uint32_t at;
    uint32_t depth;
    struct slu_index_entry stack[STACK_MAX];
    uint32_t literal_count; /* of the row so far */
    bool unsure;
};

struct walk {
    struct slu_indexing *indexing;
    const slu_instruction *code;
    uint32_t rule;
    struct state now;
    struct state waiting[BRANCHES_MAX]; /* the other outcome of a test, to be looked at later */
    uint32_t waiting_count;
    uint32_t paths, tests;
    uint32_t first_literal; /* of the run; they are the last ones of the table */
    bool held;              /* the run became a row, which keeps its literals */
};

static const struct slu_index_entry any = {SLU_INDEX_ENTRY_ANY, 0};

static struct slu_index_row_draft *add_row(struct slu_indexing *indexing, uint32_t rule, bool unsure, uint32_t first,
                                           uint32_t count) {
    struct slu_index_row_draft *row = slu_indexing_push(indexing, &indexing->rows, sizeof *row);
    if (row != NULL) {
        *row = (struct slu_index_row_draft){
            .rule = rule, .unsure = unsure, .first_literal = first, .literal_count = count, .column = SLU_NO_INDEX};
    }
    return row;
}

/* Is the flag on top known? Then it is in *flag. */
static bool known_flag(const struct walk *walk, bool *flag) {
    const struct slu_index_entry *top = &walk->now.stack[walk->now.depth - 1];
    if (top->kind == SLU_INDEX_ENTRY_CONSTANT) {
        struct slu_value value = walk->indexing->program->constants[top->number];
        *flag = value.as.flag;
        return value.type == SLU_TYPE_FLAG;
    }
    *flag = top->number != 0;
    return top->kind == SLU_INDEX_ENTRY_FLAG;
}

/* The run goes on with the outcome `true`; the other is kept for later. */
static bool branch(struct walk *walk, slu_instruction instruction) {
    uint32_t pops = slu_instruction_pops(instruction);
    struct state *now = &walk->now;
    if (walk->waiting_count == BRANCHES_MAX || walk->tests++ == TESTS_MAX) {
        return false;
    }
    now->depth -= pops;
    struct state *other = &walk->waiting[walk->waiting_count++];
    *other = *now; /* its operands are on the stack still: the test is put to it again */
    other->depth += pops;
    struct slu_table *literals = &walk->indexing->literals;
    bool seen = slu_indexing_add_test(walk->indexing, instruction, now->stack + now->depth, true, walk->first_literal);
    now->literal_count = literals->count - walk->first_literal;
    now->unsure = now->unsure || !seen;
    now->stack[now->depth++] = (struct slu_index_entry){SLU_INDEX_ENTRY_FLAG, 1};
    now->at++;
    return true;
}

/* The literals that the last run shares with the next become that one's. */
static void share_literals(struct walk *walk) {
    struct slu_table *literals = &walk->indexing->literals;
    uint32_t first = walk->first_literal;
    if (!walk->held) {
        literals->count = first + walk->now.literal_count;
        return;
    }
    walk->first_literal = literals->count;
    for (uint32_t i = 0; i < walk->now.literal_count; i++) {
        struct slu_index_literal *place = slu_indexing_push(walk->indexing, literals, sizeof *place);
        if (place == NULL) {
            return;
        }
        *place = ((struct slu_index_literal *)literals->items)[first + i];
    }
}

/* Takes up the outcome `false` of the newest test that waits: up to there the
 * run is the same as the last one. */
static void take_waiting(struct walk *walk) {
    struct slu_indexing *indexing = walk->indexing;
    struct slu_table *literals = &indexing->literals;
    walk->now = walk->waiting[--walk->waiting_count];
    struct state *now = &walk->now;
    share_literals(walk);
    slu_instruction instruction = walk->code[now->at++];
    now->depth -= slu_instruction_pops(instruction);
    bool seen = slu_indexing_add_test(indexing, instruction, now->stack + now->depth, false, walk->first_literal);
    now->literal_count = literals->count - walk->first_literal;
    now->unsure = now->unsure || !seen;
    now->stack[now->depth++] = (struct slu_index_entry){SLU_INDEX_ENTRY_FLAG, 0};
}

/* An instruction that is no test, no jump and no end. */
static bool step(struct walk *walk, slu_instruction instruction) {
    struct state *now = &walk->now;
    uint32_t pops = slu_instruction_pops(instruction), operand = slu_instruction_operand(instruction);
    struct slu_index_entry made = any;
    bool flag;
    switch ((uint32_t)slu_instruction_opcode(instruction)) {
    case SLU_OP_SLOT:
        made = (struct slu_index_entry){SLU_INDEX_ENTRY_SLOT, operand};
        break;
    case SLU_OP_CONSTANT:
        made = (struct slu_index_entry){SLU_INDEX_ENTRY_CONSTANT, operand};
        break;
    case SLU_OP_NOT:
        if (known_flag(walk, &flag)) {
            made = (struct slu_index_entry){SLU_INDEX_ENTRY_FLAG, !flag};
        }
        break;
    default:
        break;
    }
    now->depth -= pops;
    if (now->depth == STACK_MAX) {
        return false;
    }
    now->stack[now->depth++] = made;
    now->at++;
    return true;
}

/* False where it hangs on a flag that is not known. */
static bool jump(struct walk *walk, enum slu_opcode opcode, uint32_t target) {
    struct state *now = &walk->now;
    bool flag = false;
    if (opcode == SLU_OP_JUMP) {
        now->at = target;
        return true;
    }
    if (opcode == SLU_OP_JUMP_IF_KNOWN) {
        now->stack[now->depth - 1] = any; /* either value: whichever it is, nothing is known of it */
        now->at = target;
        return true;
    }
    if (!known_flag(walk, &flag)) {
        return false;
    }
    if (flag == (opcode == SLU_OP_JUMP_IF_TRUE)) {
        now->at = target;
    } else {
        now->depth--;
        now->at++;
    }
    return true;
}

/* To the end of the run; false: it cannot be followed. */
static bool follow(struct walk *walk) {
    bool flag;
    walk->held = false;
    for (;;) {
        slu_instruction instruction = walk->code[walk->now.at];
        enum slu_opcode opcode = slu_instruction_opcode(instruction);
        bool good;
        if (opcode == SLU_OP_RETURN) {
            if (!known_flag(walk, &flag) || (flag && walk->paths++ == PATHS_MAX)) {
                return false;
            }
            walk->held = flag;
            if (flag) {
                add_row(walk->indexing, walk->rule, walk->now.unsure, walk->first_literal, walk->now.literal_count);
            }
            return true;
        }
        if (slu_opcodes[opcode].is_test) {
            good = branch(walk, instruction);
        } else if (slu_opcodes[opcode].operand == SLU_OPERAND_TARGET) {
            good = jump(walk, opcode, slu_instruction_operand(instruction));
        } else {
            good = step(walk, instruction);
        }
        if (!good) {
            return false;
        }
    }
}

void slu_indexing_add_paths(struct slu_indexing *indexing, uint32_t rule, struct slu_code code) {
    uint32_t rows = indexing->rows.count, literals = indexing->literals.count;
    if (code.count == 0) {
        add_row(indexing, rule, false, literals, 0);
        return;
    }
    struct walk walk; /* large: only what is read is set */
    walk.indexing = indexing;
    walk.code = indexing->program->code + code.start;
    walk.rule = rule;
    walk.now.at = walk.now.depth = walk.now.literal_count = 0;
    walk.now.unsure = false;
    walk.waiting_count = walk.paths = walk.tests = 0;
    walk.first_literal = literals;
    bool good = follow(&walk);
    while (good && walk.waiting_count > 0 && !indexing->compiler->no_memory) {
        take_waiting(&walk);
        good = follow(&walk);
    }
    if (!good) {
        indexing->rows.count = rows;
        indexing->literals.count = literals;
        add_row(indexing, rule, true, literals, 0);
    }
}
