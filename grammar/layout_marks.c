/* The layout itself: where the lines of each construct begin. Tokens are found
 * by the spans of the tree; a keyword stands right before what it introduces. */
#include "grammar/layout.h"
#include "grammar/rules.h"

#include <string.h>

/* Columns. The words of a rule and of a test are lined up with what follows
 * the word at the left: `then` and `when` at 4, so actions and conditions at 9. */
enum {
    INDENT_MEMBER = 2,
    INDENT_INNER = 4,
    HANGING = 4 /* further in than what is wrapped */
};

/* `hanging` is measured from `text`, the column where the line's matter begins. */
static void begin_line(struct slu_layout *layout, uint32_t index, size_t indent, size_t text) {
    struct slu_layout_token *token = &layout->tokens[index];
    if (token->begins == SLU_LAYOUT_SAME_LINE) {
        token->begins = SLU_LAYOUT_LINE;
    }
    token->indent = (uint16_t)indent;
    token->hanging = (uint16_t)(text + HANGING);
}

static void begin_paragraph(struct slu_layout *layout, uint32_t index, size_t indent) {
    begin_line(layout, index, indent, indent);
    layout->tokens[index].begins = SLU_LAYOUT_PARAGRAPH;
}

static void begin_line_at(struct slu_layout *layout, struct slu_span span, size_t indent) {
    begin_line(layout, slu_layout_find(layout, span.start), indent, indent);
}

/* The token before this one, which introduces it. */
static uint32_t introduced_by(const struct slu_layout *layout, struct slu_span span) {
    uint32_t index = slu_layout_find(layout, span.start);
    return index > 0 ? index - 1 : 0;
}

static size_t token_length(const struct slu_layout *layout, uint32_t index) {
    return layout->tokens[index].end - layout->tokens[index].start;
}

/* A minus that is a sign stands at its number; `and` and `or` may begin a wrapped line. */
static void mark_expression(struct slu_layout *layout, const struct slu_expression *node) {
    bool sign = node->kind == SLU_EXPRESSION_NEGATE || node->kind == SLU_EXPRESSION_NUMBER;
    if (sign && layout->text.bytes[node->span.start] == '-') {
        layout->tokens[slu_layout_find(layout, node->span.start) + 1].glued = true;
    }
    if (node->kind == SLU_EXPRESSION_AND || node->kind == SLU_EXPRESSION_OR) {
        layout->tokens[introduced_by(layout, node->items[1]->span)].may_wrap = true;
    }
    for (uint32_t i = 0; i < node->item_count; i++) {
        mark_expression(layout, node->items[i]);
    }
    for (uint32_t i = 0; i < node->argument_count; i++) {
        mark_expression(layout, node->arguments[i].value);
    }
}

static void mark_arguments(struct slu_layout *layout, const struct slu_actions *actions) {
    for (uint32_t i = 0; i < actions->count; i++) {
        for (uint32_t j = 0; j < actions->items[i].argument_count; j++) {
            mark_expression(layout, actions->items[i].arguments[j].value);
        }
    }
}

/* Each `and` or `or` of the outermost chain begins a line, so that its operand stands at `operand`. */
static void break_chain(struct slu_layout *layout, const struct slu_expression *node, enum slu_expression_kind kind,
                        size_t operand) {
    if (node->kind != kind) {
        return;
    }
    break_chain(layout, node->items[0], kind, operand);
    uint32_t word = introduced_by(layout, node->items[1]->span);
    begin_line(layout, word, operand - 1 - strlen(slu_expression_word(kind)), operand);
    break_chain(layout, node->items[1], kind, operand);
}

static void mark_chain(struct slu_layout *layout, const struct slu_expression *condition, size_t operand) {
    if (condition->kind == SLU_EXPRESSION_AND || condition->kind == SLU_EXPRESSION_OR) {
        break_chain(layout, condition, condition->kind, operand);
    }
}

/* `when` or `unless`, at `indent`, and its condition. */
static void mark_condition(struct slu_layout *layout, const struct slu_expression *condition, size_t indent) {
    uint32_t keyword = introduced_by(layout, condition->span);
    size_t operand = indent + token_length(layout, keyword) + 1;
    begin_line(layout, keyword, indent, operand);
    mark_chain(layout, condition, operand);
    mark_expression(layout, condition);
}

static void mark_rule(struct slu_layout *layout, const struct slu_rule_syntax *rule) {
    begin_paragraph(layout, slu_layout_find(layout, rule->span.start), INDENT_MEMBER);
    if (rule->when != NULL) {
        mark_condition(layout, rule->when, INDENT_INNER);
    }
    if (rule->unless != NULL) {
        mark_condition(layout, rule->unless, INDENT_INNER);
    }
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        begin_line_at(layout, rule->allowances[i].span, INDENT_INNER);
    }
    uint32_t then = introduced_by(layout, rule->actions.items[0].span);
    size_t action = INDENT_INNER + token_length(layout, then) + 1;
    begin_line(layout, then, INDENT_INNER, action);
    for (uint32_t i = 1; i < rule->actions.count; i++) {
        begin_line_at(layout, rule->actions.items[i].span, action);
    }
    mark_arguments(layout, &rule->actions);
}

static void mark_outcome(struct slu_layout *layout, const struct slu_outcome *outcome) {
    size_t operand = INDENT_MEMBER + strlen("expect") + 1;
    uint32_t keyword = introduced_by(layout, outcome->span); /* `expect`, or `and` that lines up with it */
    begin_line(layout, keyword, operand - 1 - token_length(layout, keyword), operand);
    for (uint32_t i = 0; i < outcome->actions.count; i++) {
        const struct slu_action_syntax *action = &outcome->actions.items[i];
        uint32_t first = slu_layout_find(layout, action->span.start);
        begin_line(layout, action->blocked ? first - 1 : first, operand, operand);
    }
    mark_arguments(layout, &outcome->actions);
}

static void mark_test(struct slu_layout *layout, const struct slu_test_syntax *test) {
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct slu_step_syntax *step = &test->steps[i];
        size_t field = INDENT_MEMBER + strlen("given") + 1;
        begin_line(layout, slu_layout_find(layout, step->span.start), INDENT_MEMBER, field);
        for (uint32_t j = 0; j < step->given_count; j++) {
            begin_line_at(layout, step->given[j].field.span, field);
            if (step->given[j].value != NULL) {
                mark_expression(layout, step->given[j].value);
            }
        }
        for (uint32_t j = 0; j < step->outcome_count; j++) {
            mark_outcome(layout, &step->outcomes[j]);
        }
    }
}

/* ---- lines of a name and a value ---- */

/* The name begins a line; its value stands at a column that all of the group share. */
static void mark_entry(struct slu_layout *layout, struct slu_span name, size_t indent, size_t widest) {
    uint32_t index = slu_layout_find(layout, name.start);
    size_t value = indent + widest + 1;
    begin_line(layout, index, indent, indent);
    layout->tokens[index].hanging = (uint16_t)(value + strlen("from") - strlen("or")); /* alternatives line up */
    layout->tokens[index + 1].column = (uint16_t)value;
}

static size_t wider(size_t widest, struct slu_span name) {
    enum { WIDEST = 60 }; /* longer names do not push the others' values away */
    size_t width = name.end - name.start;
    return width > widest && width <= WIDEST ? width : widest;
}

static void mark_settings(struct slu_layout *layout, const struct slu_setting *settings, uint32_t count) {
    size_t widest = 0;
    for (uint32_t i = 0; i < count; i++) {
        widest = wider(widest, settings[i].name.span);
    }
    for (uint32_t i = 0; i < count; i++) {
        mark_entry(layout, settings[i].name.span, INDENT_MEMBER, widest);
        if (settings[i].literal != NULL) {
            mark_expression(layout, settings[i].literal);
        }
    }
}

/* `data.items[0].name`: nothing of it is apart. */
static void glue_path(struct slu_layout *layout, const struct slu_origin *origin) {
    if (origin->kind != SLU_ORIGIN_PATH) {
        return;
    }
    uint32_t index = slu_layout_find(layout, origin->span.start) + 1;
    for (; index < layout->count && layout->tokens[index].start < origin->span.end; index++) {
        layout->tokens[index].glued = true;
    }
}

static void mark_modifier(struct slu_layout *layout, const struct slu_modifier *modifier) {
    if (modifier->values != NULL) {
        mark_expression(layout, modifier->values);
    }
}

static void mark_mappings(struct slu_layout *layout, const struct slu_mapping *mappings, uint32_t count,
                          size_t indent) {
    size_t widest = 0;
    for (uint32_t i = 0; i < count; i++) {
        widest = wider(widest, mappings[i].target.span);
    }
    for (uint32_t i = 0; i < count; i++) {
        mark_entry(layout, mappings[i].target.span, indent, widest);
        if (mappings[i].constant != NULL) {
            mark_expression(layout, mappings[i].constant);
        }
        for (uint32_t j = 0; j < mappings[i].alternative_count; j++) {
            const struct slu_alternative *alternative = &mappings[i].alternatives[j];
            if (j > 0) { /* `or` */
                layout->tokens[introduced_by(layout, alternative->parts[0].span)].may_wrap = true;
            }
            for (uint32_t k = 0; k < alternative->part_count; k++) {
                glue_path(layout, &alternative->parts[k]);
            }
            mark_modifier(layout, &alternative->modifier);
        }
    }
}

static void mark_source(struct slu_layout *layout, const struct slu_source_syntax *source) {
    if (source->bodies.count > 0) { /* `body is json` */
        begin_line(layout, introduced_by(layout, source->bodies.items[0].span) - 1, INDENT_MEMBER, INDENT_MEMBER);
    }
    mark_mappings(layout, source->head, source->head_count, INDENT_MEMBER);
    for (uint32_t i = 0; i < source->topic_count; i++) {
        const struct slu_topic *topic = &source->topics[i];
        begin_line_at(layout, topic->span, INDENT_MEMBER);
        if (topic->when != NULL) {
            glue_path(layout, topic->when);
            mark_modifier(layout, &topic->when_test);
        }
        mark_mappings(layout, topic->mappings, topic->mapping_count, INDENT_INNER);
    }
}

/* ---- members that their first word gives away ---- */

/* Of a service or a calendar: the column of the line that this word begins, or 0. */
static size_t member_indent(enum slu_declaration_kind declaration, int kind) {
    switch (kind) {
    case SLU_TOKEN_OPEN:
    case SLU_TOKEN_CLOSED:
        return declaration == SLU_DECLARATION_CALENDAR ? INDENT_MEMBER : 0;
    case SLU_TOKEN_SETTING:
    case SLU_TOKEN_LIMIT:
    case SLU_TOKEN_ACTION:
    case SLU_TOKEN_READ:
        return INDENT_MEMBER;
    case SLU_TOKEN_TAKES:
    case SLU_TOKEN_GIVES:
    case SLU_TOKEN_UNDONE:
    case SLU_TOKEN_CANNOT:
        return INDENT_INNER;
    default:
        return 0;
    }
}

/* Is the word behind this one a name, even if it looks like a member's first word? */
static bool takes_name(const struct slu_layout_token *token) {
    switch (token->kind) {
    case SLU_TOKEN_SETTING:
    case SLU_TOKEN_ACTION:
    case SLU_TOKEN_READ:
    case SLU_TOKEN_TAKES:
    case SLU_TOKEN_GIVES:
        return token->begins != SLU_LAYOUT_SAME_LINE;
    default:
        return token->kind == SLU_TOKEN_BY; /* `undone by` */
    }
}

static void mark_members(struct slu_layout *layout, const struct slu_declaration *declaration) {
    uint32_t index = slu_layout_find(layout, declaration->span.start) + 1;
    for (; index < layout->count && layout->tokens[index].start < declaration->span.end; index++) {
        size_t indent = member_indent(declaration->kind, layout->tokens[index].kind);
        if (indent > 0 && !takes_name(&layout->tokens[index - 1])) {
            begin_line(layout, index, indent, indent);
        }
    }
}

/* ---- one-line declarations ---- */

static bool is_too_wide(const struct slu_layout *layout, struct slu_span span) {
    uint32_t width = 0, depth = 0;
    uint32_t index = slu_layout_find(layout, span.start);
    for (; index < layout->count && layout->tokens[index].start < span.end; index++) {
        width += slu_layout_space(layout, index, depth) + slu_layout_width(layout, index);
        depth += (uint32_t)slu_layout_nesting(layout->tokens[index].kind);
    }
    return width > SLU_LAYOUT_COLUMNS;
}

static void mark_define(struct slu_layout *layout, const struct slu_declaration *define) {
    const struct slu_expression *condition = define->as.define.condition;
    mark_expression(layout, condition);
    if (is_too_wide(layout, define->span)) {
        mark_chain(layout, condition, INDENT_INNER + strlen("and") + 1);
    }
}

static void mark_guard(struct slu_layout *layout, const struct slu_guard_syntax *guard) {
    mark_condition(layout, guard->condition, INDENT_MEMBER);
    uint32_t block = introduced_by(layout, guard->masks[0].action.span);
    begin_line(layout, block, INDENT_MEMBER, INDENT_MEMBER);
}

/* An assertion, its condition on lines of its own where one line cannot hold both. */
static void mark_assertion(struct slu_layout *layout, struct slu_span span, const struct slu_expression *condition,
                           const struct slu_words *events) {
    bool too_wide = is_too_wide(layout, span);
    if (condition != NULL && too_wide) {
        mark_condition(layout, condition, INDENT_MEMBER);
    } else if (condition != NULL) {
        mark_expression(layout, condition);
    }
    if (events->count > 0 && too_wide) {
        begin_line(layout, introduced_by(layout, events->items[0].span), INDENT_MEMBER, INDENT_MEMBER);
    }
}

static void mark_inside(struct slu_layout *layout, const struct slu_declaration *declaration) {
    switch (declaration->kind) {
    case SLU_DECLARATION_STATE:
        if (declaration->as.state.initial != NULL) {
            mark_expression(layout, declaration->as.state.initial);
        }
        break;
    case SLU_DECLARATION_LIST:
        mark_expression(layout, declaration->as.list.elements);
        break;
    case SLU_DECLARATION_DEFINE:
        mark_define(layout, declaration);
        break;
    case SLU_DECLARATION_LOOKUP:
        mark_expression(layout, declaration->as.lookup.call);
        break;
    case SLU_DECLARATION_SOURCE:
        mark_source(layout, &declaration->as.source);
        break;
    case SLU_DECLARATION_CALENDAR:
    case SLU_DECLARATION_SERVICE:
        mark_members(layout, declaration);
        break;
    case SLU_DECLARATION_CONNECTOR:
        mark_settings(layout, declaration->as.connector.settings, declaration->as.connector.setting_count);
        break;
    case SLU_DECLARATION_SITE:
        mark_settings(layout, declaration->as.site.settings, declaration->as.site.setting_count);
        break;
    case SLU_DECLARATION_GUARD:
        mark_guard(layout, &declaration->as.guard);
        break;
    case SLU_DECLARATION_NEVER:
        mark_assertion(layout, declaration->span, declaration->as.never.condition, &(struct slu_words){NULL, 0});
        break;
    case SLU_DECLARATION_ALWAYS:
        mark_assertion(layout, declaration->span, declaration->as.always.condition, &declaration->as.always.events);
        break;
    case SLU_DECLARATION_RULESET:
        for (uint32_t i = 0; i < declaration->as.ruleset.rule_count; i++) {
            mark_rule(layout, &declaration->as.ruleset.rules[i]);
        }
        break;
    case SLU_DECLARATION_TEST:
        mark_test(layout, &declaration->as.test);
        break;
    case SLU_DECLARATION_USE:
    case SLU_DECLARATION_FIELD:
    case SLU_DECLARATION_EVENT:
    case SLU_DECLARATION_GROUP:
    case SLU_DECLARATION_COUNT:
        break;
    }
}

/* Declarations of one line may stand close together with others of their kind. */
static bool is_one_line(enum slu_declaration_kind kind) {
    switch (kind) {
    case SLU_DECLARATION_USE:
    case SLU_DECLARATION_FIELD:
    case SLU_DECLARATION_EVENT:
    case SLU_DECLARATION_STATE:
    case SLU_DECLARATION_LIST:
    case SLU_DECLARATION_DEFINE:
    case SLU_DECLARATION_GROUP:
    case SLU_DECLARATION_LOOKUP:
    case SLU_DECLARATION_NEVER:
    case SLU_DECLARATION_ALWAYS:
        return true;
    case SLU_DECLARATION_CALENDAR:
    case SLU_DECLARATION_SOURCE:
    case SLU_DECLARATION_SERVICE:
    case SLU_DECLARATION_CONNECTOR:
    case SLU_DECLARATION_SITE:
    case SLU_DECLARATION_GUARD:
    case SLU_DECLARATION_RULESET:
    case SLU_DECLARATION_TEST:
    case SLU_DECLARATION_COUNT:
        break;
    }
    return false;
}

void slu_layout_mark(struct slu_layout *layout, const struct slu_tree *tree) {
    for (uint32_t i = 0; i < tree->declaration_count; i++) {
        const struct slu_declaration *declaration = &tree->declarations[i];
        uint32_t first = slu_layout_find(layout, declaration->span.start);
        bool close = i > 0 && tree->declarations[i - 1].kind == declaration->kind && is_one_line(declaration->kind);
        if (close || i == 0) {
            begin_line(layout, first, 0, 0);
        } else {
            begin_paragraph(layout, first, 0);
        }
        mark_inside(layout, declaration);
    }
}
