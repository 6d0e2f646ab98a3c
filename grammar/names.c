/* The names of expressions, for dumps and messages. */
#include "grammar/tree.h"

const char *slu_expression_word(enum slu_expression_kind kind) {
    static const char *const words[] = {
#define EXPRESSION(name, word, children) word,
#include "grammar/expressions.def"
#undef EXPRESSION
    };
    return kind < SLU_EXPRESSION_COUNT ? words[kind] : "?";
}
