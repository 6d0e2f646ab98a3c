#include "grammar/layout.h"

#include "engine/text/unicode.h"
#include "grammar/lexer.h"
#include "grammar/literals.h"
#include "grammar/rules.h"

#include <assert.h>

bool slu_layout_read(struct slu_layout *layout, struct slu_arena *arena, const struct slu_whole *whole) {
    struct slu_lexer lexer;
    struct slu_token token;
    *layout = (struct slu_layout){.text = whole->text};
    uint32_t capacity = 0;
    slu_lexer_init(&lexer, arena, NULL, whole->tree.file, whole->text);
    do {
        if (!slu_lexer_next(&lexer, &token)) {
            return false;
        }
        if (layout->count == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            struct slu_layout_token *larger = SLU_NEW_ARRAY(arena, struct slu_layout_token, capacity);
            if (larger == NULL) {
                return false;
            }
            for (uint32_t i = 0; i < layout->count; i++) {
                larger[i] = layout->tokens[i];
            }
            layout->tokens = larger;
        }
        layout->tokens[layout->count++] =
            (struct slu_layout_token){.start = token.span.start, .end = token.span.end, .kind = token.kind};
    } while (token.kind != SLU_TOKEN_YYEOF);
    struct slu_layout_token *end = &layout->tokens[layout->count - 1];
    end->start = end->end = (uint32_t)whole->text.length; /* behind the last comment */
    end->begins = SLU_LAYOUT_LINE;
    return true;
}

uint32_t slu_layout_find(const struct slu_layout *layout, uint32_t start) {
    uint32_t low = 0, high = layout->count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (layout->tokens[middle].start < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    assert(layout->tokens[low].start == start);
    return low;
}

int slu_layout_nesting(int kind) {
    switch (kind) {
    case '(':
    case '[':
    case SLU_TOKEN_HEAD:
        return 1;
    case ')':
    case ']':
    case SLU_TOKEN_TAIL:
        return -1;
    default:
        return 0;
    }
}

uint32_t slu_layout_space(const struct slu_layout *layout, uint32_t index, uint32_t depth) {
    const struct slu_layout_token *token = &layout->tokens[index];
    if (index == 0 || token->glued) {
        return 0;
    }
    int previous = layout->tokens[index - 1].kind;
    switch (token->kind) {
    case ',':
    case ')':
    case ']':
    case SLU_TOKEN_MIDDLE:
    case SLU_TOKEN_TAIL:
    case SLU_TOKEN_STEP:
        return 0;
    case ':':
        return depth == 0; /* `field a : text`, but `call(name: value)` */
    case '(':
        if (previous == SLU_TOKEN_NAME || previous == SLU_TOKEN_RECORD) {
            return 0;
        }
        break;
    default:
        break;
    }
    return !(previous == '(' || previous == '[' || previous == SLU_TOKEN_HEAD || previous == SLU_TOKEN_MIDDLE);
}

uint32_t slu_layout_width(const struct slu_layout *layout, uint32_t index) {
    const struct slu_layout_token *token = &layout->tokens[index];
    struct slu_string written = {layout->text.bytes + token->start, token->end - token->start};
    if (token->kind == SLU_TOKEN_DURATION) {
        struct slu_string number, unit;
        slu_literal_split_duration(written, &number, &unit);
        return (uint32_t)(number.length + 1 + unit.length);
    }
    return (uint32_t)slu_utf8_count(written);
}
