/* Code for conditions and operands.
 *
 * Chains that lean to the left (`a and b and c`, `1 + 2 + 3`) are walked in a
 * loop, so only what stands inside something else counts as nesting. */
#include "engine/base/limits.h"
#include "engine/compile/compiler.h"

/* What stands in one pair of parentheses is a few levels: a chain of `or`, of
 * `and`, a NOT, an operand. */
enum { LEVELS_MAX = 4 * SLU_LIMIT_NESTING };

bool slu_compile_enter(struct slu_compiler *compiler, const struct slu_expression *expression) {
    if (compiler->piece.levels == LEVELS_MAX) {
        slu_compiler_refuse(compiler, expression->span,
                            "too many levels inside one another, named conditions written out", LEVELS_MAX);
    }
    if (compiler->refused || compiler->no_memory) {
        return false;
    }
    compiler->piece.levels++;
    return true;
}

void slu_compile_leave(struct slu_compiler *compiler) {
    compiler->piece.levels--;
}

/* The nodes of a chain from the innermost, which is leftmost, to `top`. */
struct chain {
    const struct slu_expression **nodes;
    uint32_t count;
};

typedef bool chain_test(enum slu_expression_kind kind, enum slu_expression_kind top);

static bool is_same(enum slu_expression_kind kind, enum slu_expression_kind top) {
    return kind == top;
}

static bool is_arithmetic(enum slu_expression_kind kind, enum slu_expression_kind top) {
    (void)top;
    return kind == SLU_EXPRESSION_ADD || kind == SLU_EXPRESSION_SUBTRACT || kind == SLU_EXPRESSION_MULTIPLY ||
           kind == SLU_EXPRESSION_DIVIDE;
}

static struct chain chain_of(struct slu_compiler *compiler, const struct slu_expression *top, chain_test *belongs) {
    struct chain chain = {NULL, 0};
    for (const struct slu_expression *at = top; belongs(at->kind, top->kind); at = at->items[0]) {
        chain.count++;
    }
    chain.nodes = slu_arena_alloc_array(&compiler->scratch, chain.count, sizeof *chain.nodes);
    if (chain.nodes == NULL) {
        compiler->no_memory = true;
        chain.count = 0;
        return chain;
    }
    const struct slu_expression *at = top;
    for (uint32_t i = chain.count; i > 0; i--) {
        chain.nodes[i - 1] = at;
        at = at->items[0];
    }
    return chain;
}

/* ---- operands ---- */

static void compile_arithmetic(struct slu_compiler *compiler, const struct slu_expression *top) {
    struct chain chain = chain_of(compiler, top, is_arithmetic);
    if (chain.count == 0) {
        return;
    }
    slu_compile_operand(compiler, chain.nodes[0]->items[0]);
    for (uint32_t i = 0; i < chain.count; i++) {
        enum slu_expression_kind kind = chain.nodes[i]->kind;
        slu_compile_operand(compiler, chain.nodes[i]->items[1]);
        slu_emit(compiler,
                 kind == SLU_EXPRESSION_ADD        ? SLU_OP_ADD
                 : kind == SLU_EXPRESSION_SUBTRACT ? SLU_OP_SUBTRACT
                 : kind == SLU_EXPRESSION_MULTIPLY ? SLU_OP_MULTIPLY
                                                   : SLU_OP_DIVIDE,
                 0);
    }
}

/* The first that is not missing. A constant ends the chain, or drops out of it. */
static void compile_fallback(struct slu_compiler *compiler, const struct slu_expression *top) {
    struct chain chain = chain_of(compiler, top, is_same);
    uint32_t *jumps = SLU_NEW_ARRAY(&compiler->scratch, uint32_t, chain.count);
    uint32_t depth = compiler->piece.depth, jump_count = 0;
    if (chain.count == 0 || jumps == NULL) {
        compiler->no_memory = true;
        return;
    }
    uint32_t place = slu_emit_here(compiler);
    slu_compile_operand(compiler, chain.nodes[0]->items[0]);
    for (uint32_t i = 0; i < chain.count; i++) {
        struct slu_value constant;
        if (!slu_emitted_constant(compiler, place, &constant)) {
            jumps[jump_count++] = slu_emit_jump(compiler, SLU_OP_JUMP_IF_KNOWN);
        } else if (constant.type != SLU_TYPE_MISSING) {
            break;
        } else {
            slu_emit_forget(compiler, place, depth);
        }
        place = slu_emit_here(compiler);
        slu_compile_operand(compiler, chain.nodes[i]->items[1]);
    }
    for (uint32_t i = 0; i < jump_count; i++) {
        slu_emit_label(compiler, jumps[i]);
    }
}

static void compile_list(struct slu_compiler *compiler, const struct slu_expression *list) {
    struct slu_value value;
    if (slu_compiler_literal(compiler, list, &value)) {
        slu_emit_constant(compiler, value);
        return;
    }
    for (uint32_t i = 0; i < list->item_count && !compiler->refused; i++) {
        slu_compile_operand(compiler, list->items[i]);
    }
    slu_emit(compiler, SLU_OP_LIST, list->item_count);
}

static void compile_call(struct slu_compiler *compiler, const struct slu_expression *call) {
    for (uint32_t i = 0; i < call->argument_count; i++) {
        slu_compile_operand(compiler, call->arguments[i].value);
    }
    slu_emit(compiler, SLU_OP_CALL, call->index);
}

static void compile_name(struct slu_compiler *compiler, const struct slu_expression *name) {
    if (name->binding == SLU_BINDING_FIELD) {
        slu_emit(compiler, SLU_OP_SLOT, slu_compiler_slot(compiler, name->index));
    } else if (name->binding == SLU_BINDING_LIST) {
        slu_emit(compiler, SLU_OP_CONSTANT, slu_compiler_named_list(compiler, name->index));
    } else {
        slu_compile_condition(compiler, compiler->model->defines[name->index].condition);
    }
}

/* Operands that hold others. */
static void compile_nested(struct slu_compiler *compiler, const struct slu_expression *expression) {
    switch ((uint32_t)expression->kind) {
    case SLU_EXPRESSION_LIST:
        compile_list(compiler, expression);
        return;
    case SLU_EXPRESSION_NAME:
        compile_name(compiler, expression);
        return;
    case SLU_EXPRESSION_CALL:
        if (expression->binding == SLU_BINDING_LINK) {
            slu_compile_text(compiler, expression, SLU_MARKUP_PLAIN);
        } else {
            compile_call(compiler, expression);
        }
        return;
    case SLU_EXPRESSION_TEMPLATE:
        slu_compile_text(compiler, expression, SLU_MARKUP_PLAIN);
        return;
    case SLU_EXPRESSION_FALLBACK:
        compile_fallback(compiler, expression);
        return;
    case SLU_EXPRESSION_NEGATE:
        slu_compile_operand(compiler, expression->items[0]);
        slu_emit(compiler, SLU_OP_NEGATE, 0);
        return;
    case SLU_EXPRESSION_GROUP:
        slu_compile_operand(compiler, expression->items[0]);
        return;
    default:
        slu_compile_condition(compiler, expression);
        return;
    }
}

void slu_compile_operand(struct slu_compiler *compiler, const struct slu_expression *expression) {
    struct slu_value value;
    if (expression->kind == SLU_EXPRESSION_NOW) {
        slu_emit(compiler, SLU_OP_NOW, 0);
    } else if (is_arithmetic(expression->kind, expression->kind)) {
        compile_arithmetic(compiler, expression);
    } else if (expression->kind != SLU_EXPRESSION_LIST && slu_compiler_literal(compiler, expression, &value)) {
        slu_emit_constant(compiler, value);
    } else if (slu_compile_enter(compiler, expression)) {
        compile_nested(compiler, expression);
        slu_compile_leave(compiler);
    }
}

/* ---- conditions ---- */

/* How a kind of test is run; `negated`: a NOT follows. */
struct test_code {
    bool is_test, negated;
    uint8_t opcode, exactly; /* enum slu_opcode; the second where the operator says `exactly` */
};

static const struct test_code test_codes[SLU_EXPRESSION_COUNT] = {
    [SLU_EXPRESSION_EQUAL] = {true, false, SLU_OP_EQUAL, SLU_OP_EQUAL_EXACTLY},
    [SLU_EXPRESSION_NOT_EQUAL] = {true, true, SLU_OP_EQUAL, SLU_OP_EQUAL_EXACTLY},
    [SLU_EXPRESSION_LESS] = {true, false, SLU_OP_LESS, SLU_OP_LESS},
    [SLU_EXPRESSION_AT_MOST] = {true, false, SLU_OP_AT_MOST, SLU_OP_AT_MOST},
    [SLU_EXPRESSION_GREATER] = {true, false, SLU_OP_GREATER, SLU_OP_GREATER},
    [SLU_EXPRESSION_AT_LEAST] = {true, false, SLU_OP_AT_LEAST, SLU_OP_AT_LEAST},
    [SLU_EXPRESSION_BETWEEN] = {true, false, SLU_OP_BETWEEN, SLU_OP_BETWEEN},
    [SLU_EXPRESSION_ONE_OF] = {true, false, SLU_OP_ONE_OF, SLU_OP_ONE_OF_EXACTLY},
    [SLU_EXPRESSION_NOT_ONE_OF] = {true, true, SLU_OP_ONE_OF, SLU_OP_ONE_OF_EXACTLY},
    [SLU_EXPRESSION_HAS] = {true, false, SLU_OP_HAS, SLU_OP_HAS_EXACTLY},
    [SLU_EXPRESSION_HAS_ANY] = {true, false, SLU_OP_HAS_ANY, SLU_OP_HAS_ANY_EXACTLY},
    [SLU_EXPRESSION_HAS_ALL] = {true, false, SLU_OP_HAS_ALL, SLU_OP_HAS_ALL_EXACTLY},
    [SLU_EXPRESSION_HAS_NONE] = {true, true, SLU_OP_HAS_ANY, SLU_OP_HAS_ANY_EXACTLY},
    [SLU_EXPRESSION_CONTAINS] = {true, false, SLU_OP_CONTAINS, SLU_OP_CONTAINS_EXACTLY},
    [SLU_EXPRESSION_CONTAINS_ANY] = {true, false, SLU_OP_CONTAINS, SLU_OP_CONTAINS_EXACTLY},
    [SLU_EXPRESSION_STARTS_WITH] = {true, false, SLU_OP_STARTS_WITH, SLU_OP_STARTS_WITH_EXACTLY},
    [SLU_EXPRESSION_STARTS_WITH_ANY] = {true, false, SLU_OP_STARTS_WITH, SLU_OP_STARTS_WITH_EXACTLY},
    [SLU_EXPRESSION_ENDS_WITH] = {true, false, SLU_OP_ENDS_WITH, SLU_OP_ENDS_WITH_EXACTLY},
    [SLU_EXPRESSION_ENDS_WITH_ANY] = {true, false, SLU_OP_ENDS_WITH, SLU_OP_ENDS_WITH_EXACTLY},
    [SLU_EXPRESSION_MATCHES] = {true, false, SLU_OP_MATCHES, SLU_OP_MATCHES},
    [SLU_EXPRESSION_KNOWN] = {true, false, SLU_OP_KNOWN, SLU_OP_KNOWN},
    [SLU_EXPRESSION_MISSING] = {true, true, SLU_OP_KNOWN, SLU_OP_KNOWN},
    [SLU_EXPRESSION_WITHIN] = {true, false, SLU_OP_WITHIN, SLU_OP_WITHIN},
    [SLU_EXPRESSION_OLDER] = {true, false, SLU_OP_OLDER, SLU_OP_OLDER},
    [SLU_EXPRESSION_DURING] = {true, false, SLU_OP_DURING, SLU_OP_DURING},
};

/* `written`: the condition as the person sees it, the test itself or a NOT around it. */
static void compile_test(struct slu_compiler *compiler, const struct slu_expression *test,
                         const struct slu_expression *written) {
    const struct test_code *code = &test_codes[test->kind];
    uint32_t operand = 0;
    for (uint32_t i = 0; i < test->item_count; i++) {
        slu_compile_operand(compiler, test->items[i]);
    }
    if (test->kind == SLU_EXPRESSION_MATCHES) {
        operand = slu_compiler_pattern(compiler, test);
    } else if (test->kind == SLU_EXPRESSION_DURING) {
        operand = slu_compiler_calendar(compiler, test->index);
    }
    slu_emit_test(compiler, (enum slu_opcode)(test->exactly ? code->exactly : code->opcode), operand, written,
                  test->items[0], code->negated != (written != test));
}

/* `and`: false as soon as a term is; `or`: true as soon as one is. A constant
 * term decides the chain or drops out of it. */
static void compile_chain(struct slu_compiler *compiler, const struct slu_expression *top) {
    bool decisive = top->kind == SLU_EXPRESSION_OR;
    struct chain chain = chain_of(compiler, top, is_same);
    uint32_t *jumps = SLU_NEW_ARRAY(&compiler->scratch, uint32_t, chain.count);
    if (chain.count == 0 || jumps == NULL) {
        compiler->no_memory = true;
        return;
    }
    uint32_t start = slu_emit_here(compiler), depth = compiler->piece.depth, jump_count = 0;
    bool any = false;
    for (uint32_t i = 0; i <= chain.count && !compiler->refused; i++) {
        const struct slu_expression *term = i == 0 ? chain.nodes[0]->items[0] : chain.nodes[i - 1]->items[1];
        uint32_t before = slu_emit_here(compiler), jump = before;
        if (any) {
            jump = slu_emit_jump(compiler, decisive ? SLU_OP_JUMP_IF_TRUE : SLU_OP_JUMP_IF_FALSE);
        }
        uint32_t place = slu_emit_here(compiler);
        slu_compile_condition(compiler, term);
        struct slu_value constant;
        if (!slu_emitted_constant(compiler, place, &constant)) {
            if (any) {
                jumps[jump_count++] = jump;
            }
            any = true;
        } else if (constant.as.flag == decisive) {
            slu_emit_forget(compiler, start, depth);
            slu_emit_constant(compiler, constant);
            return;
        } else {
            slu_emit_forget(compiler, before, depth + any);
        }
    }
    if (!any) {
        slu_emit_constant(compiler, slu_value_flag(!decisive));
    }
    for (uint32_t i = 0; i < jump_count; i++) {
        slu_emit_label(compiler, jumps[i]);
    }
}

/* `is not within` and its like are a NOT around the test, in the same place. */
static bool is_negated_form(const struct slu_expression *negation) {
    const struct slu_expression *inside = negation->items[0];
    return test_codes[inside->kind].is_test && negation->span.file == inside->span.file &&
           negation->span.start == inside->span.start;
}

static void compile_nested_condition(struct slu_compiler *compiler, const struct slu_expression *expression) {
    const struct slu_expression *inside;
    switch ((uint32_t)expression->kind) {
    case SLU_EXPRESSION_GROUP:
        slu_compile_condition(compiler, expression->items[0]);
        return;
    case SLU_EXPRESSION_NOT:
        inside = expression->items[0];
        if (is_negated_form(expression)) {
            compile_test(compiler, inside, expression);
            return;
        }
        slu_compile_condition(compiler, inside);
        slu_emit(compiler, SLU_OP_NOT, 0);
        return;
    case SLU_EXPRESSION_AND:
    case SLU_EXPRESSION_OR:
        compile_chain(compiler, expression);
        return;
    case SLU_EXPRESSION_NAME:
        if (expression->binding == SLU_BINDING_DEFINE) {
            compile_name(compiler, expression);
            return;
        }
        break;
    default:
        break;
    }
    slu_compile_operand(compiler, expression);
    slu_emit_test(compiler, SLU_OP_TRUE, 0, expression, expression, false);
}

void slu_compile_condition(struct slu_compiler *compiler, const struct slu_expression *expression) {
    if (test_codes[expression->kind].is_test) {
        compile_test(compiler, expression, expression);
    } else if (slu_compile_enter(compiler, expression)) {
        compile_nested_condition(compiler, expression);
        slu_compile_leave(compiler);
    }
}
