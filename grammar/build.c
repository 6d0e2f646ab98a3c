#include "grammar/build.h"
#include "grammar/rules.h"

#include <string.h>

void slu_builder_init(struct slu_builder *builder, struct slu_arena *arena, struct slu_diagnostics *diagnostics,
                      uint32_t file, struct slu_string text, struct slu_tree *tree) {
    *builder = (struct slu_builder){.arena = arena, .diagnostics = diagnostics, .tree = tree, .resumed_at = UINT32_MAX};
    slu_lexer_init(&builder->lexer, arena, diagnostics, file, text);
}

static bool declares_name(int token) {
    switch (token) {
    case SLU_TOKEN_FIELD:
    case SLU_TOKEN_EVENT:
    case SLU_TOKEN_STATE:
    case SLU_TOKEN_LIST:
    case SLU_TOKEN_DEFINE:
    case SLU_TOKEN_CALENDAR:
    case SLU_TOKEN_LOOKUP:
        return true;
    default:
        return false;
    }
}

bool slu_builder_advance(struct slu_builder *builder) {
    builder->previous = builder->current;
    if (declares_name(builder->previous.kind)) {
        builder->declared_at = builder->previous.span.end;
    }
    if (builder->has_pending) {
        builder->has_pending = false;
        builder->current = builder->pending;
        return true;
    }
    if (!slu_lexer_next(&builder->lexer, &builder->current)) {
        builder->failed = true;
    }
    return !builder->failed;
}

void *slu_build_grow(struct slu_builder *builder, void *items, uint32_t count, size_t size) {
    bool full = (count & (count - 1)) == 0; /* the capacity is the next power of two */
    if (!full) {
        return items;
    }
    size_t capacity = count == 0 ? 1 : (size_t)count * 2;
    return slu_arena_grow(builder->arena, items, count * size, capacity * size);
}

struct slu_diagnostic *slu_build_report(struct slu_builder *builder, enum slu_diagnostic_code code,
                                        struct slu_span span, const char *message) {
    builder->mistakes++;
    return slu_diagnostics_add(builder->diagnostics, code, span, "%s", message);
}

void slu_build_break(struct slu_builder *builder) {
    builder->declaration_broken = true;
}

void slu_build_break_member(struct slu_builder *builder) {
    builder->member_broken = true;
}

void slu_build_drop_member(struct slu_builder *builder) {
    builder->member_broken = false;
    builder->lost_member = true;
}

/* One finding for a whole construct that is too deep. */
static void report_nesting(struct slu_builder *builder, struct slu_span span) {
    builder->mistakes++;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        builder->diagnostics, SLU_DIAGNOSTIC_LIMIT, span, "this is nested more than %d levels deep", SLU_LIMIT_NESTING);
    slu_diagnostics_note(builder->diagnostics, diagnostic,
                         "write it with fewer levels, or give a part of it a name with `define`");
}

bool slu_build_enter(struct slu_builder *builder, struct slu_span span) {
    builder->nesting++;
    if (builder->nesting <= SLU_LIMIT_NESTING) {
        return true;
    }
    report_nesting(builder, span);
    return false;
}

void slu_build_leave(struct slu_builder *builder) {
    if (builder->nesting > 0) { /* going on after a mistake starts from 0 */
        builder->nesting--;
    }
}

struct slu_word slu_build_no_word(struct slu_span span) {
    return (struct slu_word){.span = span};
}

struct slu_words slu_build_no_words(void) {
    return (struct slu_words){NULL, 0};
}

bool slu_build_words(struct slu_builder *builder, struct slu_words *words, struct slu_word first) {
    *words = slu_build_no_words();
    return slu_build_add_word(builder, words, first);
}

/* Reports a list that has become one item too long, once; true when there is no room. */
static bool over_limit(struct slu_builder *builder, uint32_t count, uint32_t limit, struct slu_span span,
                       const char *things) {
    if (count < limit) {
        return false;
    }
    if (!builder->member_broken) {
        builder->mistakes++;
        slu_diagnostics_add(builder->diagnostics, SLU_DIAGNOSTIC_LIMIT, span, "there are more than %u %s", limit,
                            things);
    }
    slu_build_break_member(builder);
    return true;
}

bool slu_build_add_word(struct slu_builder *builder, struct slu_words *words, struct slu_word word) {
    if (over_limit(builder, words->count, SLU_LIMIT_LIST_ITEMS, word.span, "elements in one list")) {
        return true;
    }
    return SLU_APPEND(builder, words->items, words->count, word);
}

/* A node with room for its items, which are not set yet: in it, or behind it
 * where they are many or its text is there. */
static struct slu_expression *new_node(struct slu_builder *builder, enum slu_expression_kind kind, struct slu_span span,
                                       uint32_t items, bool has_text) {
    struct slu_expression *node;
    bool inside = !has_text && items <= sizeof node->operands / sizeof *node->operands;
    node = slu_arena_alloc(builder->arena, sizeof *node + (inside ? 0 : items * sizeof *node->items));
    if (node == NULL) {
        return NULL;
    }
    node->kind = kind;
    node->span = span;
    node->item_count = items;
    node->depth = 1;
    if (items > 0) {
        node->items = inside ? node->operands : (struct slu_expression **)(node + 1);
    }
    return node;
}

static void set_text(struct slu_expression *node, struct slu_word text) {
    node->text = text.text;
    node->text_start = text.span.start;
    node->text_end = text.span.end;
}

/* Accounts for a child's levels. Reported where the limit is first passed; the
 * construct is then dropped, so that no later stage walks it. */
static void deepen(struct slu_builder *builder, struct slu_expression *node, const struct slu_expression *child) {
    if (node->depth > child->depth) {
        return;
    }
    bool was_within = node->depth <= SLU_LIMIT_NESTING;
    node->depth = child->depth + 1;
    if (was_within && node->depth > SLU_LIMIT_NESTING) {
        if (child->depth <= SLU_LIMIT_NESTING) {
            report_nesting(builder, node->span);
        }
        slu_build_break_member(builder);
    }
}

struct slu_expression *slu_build_number(struct slu_builder *builder, enum slu_expression_kind kind,
                                        struct slu_span span, double number) {
    struct slu_expression *node = new_node(builder, kind, span, 0, false);
    if (node != NULL) {
        node->number = number;
    }
    return node;
}

struct slu_expression *slu_build_text(struct slu_builder *builder, struct slu_word text) {
    struct slu_expression *node = new_node(builder, SLU_EXPRESSION_TEXT, text.span, 0, true);
    if (node != NULL) {
        set_text(node, text);
    }
    return node;
}

struct slu_expression *slu_build_named(struct slu_builder *builder, enum slu_expression_kind kind, struct slu_span span,
                                       struct slu_expression *operand, struct slu_word name) {
    struct slu_expression *node = new_node(builder, kind, span, operand != NULL, true);
    if (node == NULL) {
        return NULL;
    }
    set_text(node, name);
    if (operand != NULL) {
        node->items[0] = operand;
        deepen(builder, node, operand);
    }
    return node;
}

struct slu_expression *slu_build_operator(struct slu_builder *builder, enum slu_expression_kind kind,
                                          struct slu_span span, struct slu_expression *left,
                                          struct slu_expression *right) {
    struct slu_expression *node = new_node(builder, kind, span, right == NULL ? 1 : 2, false);
    if (node == NULL) {
        return NULL;
    }
    node->items[0] = left;
    deepen(builder, node, left);
    if (right != NULL) {
        node->items[1] = right;
        deepen(builder, node, right);
    }
    return node;
}

struct slu_expression *slu_build_between(struct slu_builder *builder, struct slu_span span,
                                         struct slu_expression *operand, struct slu_expression *low,
                                         struct slu_expression *high) {
    struct slu_expression *items[] = {operand, low, high};
    struct slu_expression *node = new_node(builder, SLU_EXPRESSION_BETWEEN, span, 3, false);
    for (size_t i = 0; node != NULL && i < 3; i++) {
        node->items[i] = items[i];
        deepen(builder, node, items[i]);
    }
    return node;
}

struct slu_expression *slu_build_negative(struct slu_builder *builder, struct slu_span span,
                                          struct slu_expression *operand) {
    bool literal = operand->kind == SLU_EXPRESSION_NUMBER && operand->number >= 0;
    if (!literal) {
        return slu_build_operator(builder, SLU_EXPRESSION_NEGATE, span, operand, NULL);
    }
    operand->number = 0 - operand->number; /* -0 is 0 */
    operand->span = span;
    return operand;
}

static bool is_junction(const struct slu_expression *node) {
    return node->kind == SLU_EXPRESSION_AND || node->kind == SLU_EXPRESSION_OR;
}

/* The tree over operands[0..count), made of the chain's own nodes. */
static struct slu_expression *balanced(struct slu_expression **operands, uint32_t count,
                                       struct slu_expression ***free_nodes) {
    if (count == 1) {
        return operands[0];
    }
    struct slu_expression *node = *(*free_nodes)++;
    uint32_t half = count / 2;
    node->items[0] = balanced(operands, half, free_nodes);
    node->items[1] = balanced(operands + half, count - half, free_nodes);
    uint32_t left = node->items[0]->depth, right = node->items[1]->depth;
    node->depth = 1 + (left > right ? left : right);
    node->span = slu_span_join(node->items[0]->span, node->items[1]->span);
    return node;
}

bool slu_build_balance(struct slu_builder *builder, struct slu_expression *condition) {
    enum { SHORT_CHAIN = 8 }; /* operands that stay as they were written */
    if (!is_junction(condition)) {
        return true;
    }
    uint32_t count = 1;
    struct slu_expression *first = condition;
    for (; first->kind == condition->kind; first = first->items[0]) {
        count++;
    }
    if (count > SHORT_CHAIN) {
        struct slu_expression **operands = SLU_NEW_ARRAY(builder->arena, struct slu_expression *, count);
        struct slu_expression **nodes = SLU_NEW_ARRAY(builder->arena, struct slu_expression *, count);
        if (operands == NULL || nodes == NULL) {
            return false;
        }
        struct slu_expression *node = condition;
        for (uint32_t i = count - 1; i > 0; i--) {
            operands[i] = node->items[1];
            nodes[count - 1 - i] = node; /* nodes[0] is `condition`, which stays the root */
            node = node->items[0];
        }
        operands[0] = first;
        balanced(operands, count, &nodes);
    }
    if (condition->depth > SLU_LIMIT_NESTING) {
        if (!builder->member_broken) {
            report_nesting(builder, condition->span);
        }
        slu_build_break_member(builder);
    }
    return true;
}

struct slu_expression *slu_build_junction(struct slu_builder *builder, enum slu_expression_kind kind,
                                          struct slu_expression *left, struct slu_expression *right) {
    bool left_done = left->kind != kind;
    if ((left_done && !slu_build_balance(builder, left)) || !slu_build_balance(builder, right)) {
        return NULL;
    }
    struct slu_expression *node = new_node(builder, kind, slu_span_join(left->span, right->span), 2, false);
    if (node == NULL) {
        return NULL;
    }
    node->items[0] = left;
    node->items[1] = right;
    node->depth = 1 + (left->depth > right->depth ? left->depth : right->depth);
    return node;
}

struct slu_expression *slu_build_list(struct slu_builder *builder, struct slu_span span) {
    return new_node(builder, SLU_EXPRESSION_LIST, span, 0, false);
}

struct slu_expression *slu_build_template(struct slu_builder *builder, struct slu_span span, struct slu_word head) {
    struct slu_expression *template = new_node(builder, SLU_EXPRESSION_TEMPLATE, span, 0, false);
    return template != NULL && slu_build_add_piece(builder, template, head) ? template : NULL;
}

bool slu_build_add_piece(struct slu_builder *builder, struct slu_expression *template, struct slu_word piece) {
    if (piece.text.length == 0) {
        return true;
    }
    struct slu_expression *text = slu_build_text(builder, piece);
    return text != NULL && slu_build_add_item(builder, template, text);
}

bool slu_build_add_item(struct slu_builder *builder, struct slu_expression *list, struct slu_expression *item) {
    if (over_limit(builder, list->item_count, SLU_LIMIT_LIST_ITEMS, item->span, "elements in one list")) {
        return true;
    }
    deepen(builder, list, item);
    list->span = slu_span_join(list->span, item->span);
    return SLU_APPEND(builder, list->items, list->item_count, item);
}

struct slu_expression *slu_build_call(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                      struct slu_arguments arguments) {
    struct slu_expression *node = slu_build_named(builder, SLU_EXPRESSION_CALL, span, NULL, name);
    if (node == NULL) {
        return NULL;
    }
    node->arguments = arguments.items;
    node->argument_count = (uint8_t)arguments.count;
    for (uint32_t i = 0; i < arguments.count; i++) {
        deepen(builder, node, arguments.items[i].value);
    }
    return node;
}

struct slu_arguments slu_build_no_arguments(void) {
    return (struct slu_arguments){NULL, 0};
}

bool slu_build_add_argument(struct slu_builder *builder, struct slu_arguments *arguments,
                            struct slu_argument *argument) {
    if (over_limit(builder, arguments->count, SLU_LIMIT_ARGUMENTS, argument->value->span, "arguments in one call")) {
        return true;
    }
    if (arguments->count == 0) { /* an array of one already */
        *arguments = (struct slu_arguments){argument, 1};
        return true;
    }
    return SLU_APPEND(builder, arguments->items, arguments->count, *argument);
}

struct slu_argument *slu_build_argument(struct slu_builder *builder, struct slu_expression *value, bool each) {
    struct slu_argument *argument = SLU_NEW(builder->arena, struct slu_argument);
    if (argument != NULL) {
        *argument = (struct slu_argument){.each = each, .value = value};
    }
    return argument;
}

enum slu_expression_kind slu_build_equality(bool equal) {
    return equal ? SLU_EXPRESSION_EQUAL : SLU_EXPRESSION_NOT_EQUAL;
}

enum slu_expression_kind slu_build_one_of(bool equal) {
    return equal ? SLU_EXPRESSION_ONE_OF : SLU_EXPRESSION_NOT_ONE_OF;
}

enum slu_expression_kind slu_build_any_of(enum slu_expression_kind verb) {
    if (verb == SLU_EXPRESSION_CONTAINS) {
        return SLU_EXPRESSION_CONTAINS_ANY;
    }
    return verb == SLU_EXPRESSION_STARTS_WITH ? SLU_EXPRESSION_STARTS_WITH_ANY : SLU_EXPRESSION_ENDS_WITH_ANY;
}
