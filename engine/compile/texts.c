/* Text that reaches people: templates, links, escaping.
 *
 * What the author wrote is markup already; what comes from a value is escaped. */
#include "engine/base/limits.h"
#include "engine/compile/compiler.h"

static bool is_link(const struct slu_expression *expression) {
    return expression->kind == SLU_EXPRESSION_CALL && expression->binding == SLU_BINDING_LINK;
}

static void compile_link(struct slu_compiler *compiler, const struct slu_expression *link, enum slu_markup markup) {
    slu_compile_text(compiler, link->arguments[0].value, markup);
    slu_emit(compiler, SLU_OP_LINK, slu_link_operand(link->index, markup));
}

/* Parts are joined in runs, so that a template of any length fits the stack. */
static void compile_template(struct slu_compiler *compiler, const struct slu_expression *template,
                             enum slu_markup markup) {
    enum { PARTS_AT_ONCE = 32 };
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < template->item_count && !compiler->refused; i++) {
        const struct slu_expression *part = template->items[i];
        if (part->kind == SLU_EXPRESSION_TEXT && part->text.length == 0) {
            continue;
        }
        slu_compile_text(compiler, part, markup);
        waiting++;
        if (waiting == PARTS_AT_ONCE) {
            slu_emit(compiler, SLU_OP_JOIN, waiting);
            waiting = 1;
        }
    }
    slu_emit(compiler, SLU_OP_JOIN, waiting);
}

/* Is it a field that is declared as an address? */
static bool is_address(const struct slu_compiler *compiler, const struct slu_expression *expression) {
    return expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_FIELD &&
           compiler->model->fields[expression->index].type.markup == SLU_MARKUP_URL;
}

static void emit_escape(struct slu_compiler *compiler, const struct slu_expression *value, enum slu_markup markup) {
    slu_emit(compiler, SLU_OP_ESCAPE, slu_escape_operand(markup, is_address(compiler, value)));
}

/* `name ?? "there"`: the value is escaped, the author's words are not. */
static void compile_text_fallback(struct slu_compiler *compiler, const struct slu_expression *fallback,
                                  enum slu_markup markup) {
    uint32_t place = slu_emit_here(compiler), depth = compiler->piece.depth;
    slu_compile_operand(compiler, fallback->items[0]);
    struct slu_value constant;
    if (slu_emitted_constant(compiler, place, &constant)) {
        slu_emit_forget(compiler, place, depth);
        slu_compile_text(compiler, fallback->items[constant.type == SLU_TYPE_MISSING], markup);
        return;
    }
    uint32_t known = slu_emit_jump(compiler, SLU_OP_JUMP_IF_KNOWN);
    slu_compile_text(compiler, fallback->items[1], markup);
    uint32_t end = slu_emit_jump(compiler, SLU_OP_JUMP);
    slu_emit_label(compiler, known);
    emit_escape(compiler, fallback->items[0], markup);
    slu_emit_label(compiler, end);
}

void slu_compile_text(struct slu_compiler *compiler, const struct slu_expression *expression, enum slu_markup markup) {
    if (!slu_compile_enter(compiler, expression)) {
        return;
    }
    if (expression->kind == SLU_EXPRESSION_TEXT) {
        slu_compile_operand(compiler, expression);
    } else if (expression->kind == SLU_EXPRESSION_GROUP) {
        slu_compile_text(compiler, expression->items[0], markup);
    } else if (expression->kind == SLU_EXPRESSION_TEMPLATE) {
        compile_template(compiler, expression, markup);
    } else if (expression->kind == SLU_EXPRESSION_FALLBACK && markup != SLU_MARKUP_PLAIN) {
        compile_text_fallback(compiler, expression, markup);
    } else if (is_link(expression)) {
        compile_link(compiler, expression, markup);
    } else {
        slu_compile_operand(compiler, expression);
        if (markup != SLU_MARKUP_PLAIN || expression->type != SLU_TYPE_TEXT) {
            emit_escape(compiler, expression, markup);
        }
    }
    slu_compile_leave(compiler);
}
