/* Constants, each once. A constant's texts are folded here, so that threads
 * can share the program. */
#include "engine/compile/compiler.h"
#include "engine/text/unicode.h"

#include <string.h>

/* A text on the program's arena, folded; `raw` is copied. */
static struct slu_text *new_text(struct slu_compiler *compiler, struct slu_string raw) {
    struct slu_arena *arena = &compiler->program->arena;
    struct slu_text *text = SLU_NEW(arena, struct slu_text);
    struct slu_string folded;
    if (text == NULL || !slu_arena_copy_string(arena, raw, &text->raw) || !slu_text_folded(arena, text, &folded)) {
        compiler->no_memory = true;
        return NULL;
    }
    return text;
}

static struct slu_value copy_element(struct slu_compiler *compiler, struct slu_value value) {
    if (value.type == SLU_TYPE_TEXT) {
        value.as.text = new_text(compiler, value.as.text->raw);
    }
    return value;
}

static const struct slu_list *copy_list(struct slu_compiler *compiler, const struct slu_list *from) {
    struct slu_list *list = slu_compiler_room(compiler, 1, sizeof *list);
    struct slu_value *items = slu_compiler_room(compiler, from->count, sizeof *items);
    if (list == NULL || items == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < from->count && !compiler->no_memory; i++) {
        items[i] = copy_element(compiler, from->items[i]);
    }
    *list = (struct slu_list){from->count, items};
    return list;
}

/* ---- the same constant once ---- */

static size_t key_length(struct slu_value value) {
    size_t length = 1;
    switch (value.type) {
    case SLU_TYPE_TEXT:
        return length + sizeof(size_t) + value.as.text->raw.length;
    case SLU_TYPE_LIST:
        for (size_t i = 0; i < value.as.list->count; i++) {
            length += key_length(value.as.list->items[i]); /* elements are no lists */
        }
        return length;
    case SLU_TYPE_NUMBER:
    case SLU_TYPE_TIME:
    case SLU_TYPE_DURATION:
    case SLU_TYPE_FLAG:
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
    return length + sizeof(double);
}

/* Different values have different keys: type, then length and bytes, or the number's bits. */
static char *write_key(char *at, struct slu_value value) {
    *at++ = (char)value.type;
    if (value.type == SLU_TYPE_TEXT) {
        struct slu_string raw = value.as.text->raw;
        memcpy(at, &raw.length, sizeof raw.length);
        at += sizeof raw.length;
        if (raw.length > 0) {
            memcpy(at, raw.bytes, raw.length);
        }
        return at + raw.length;
    }
    if (value.type == SLU_TYPE_LIST) {
        for (size_t i = 0; i < value.as.list->count; i++) {
            at = write_key(at, value.as.list->items[i]);
        }
        return at;
    }
    double number = 0;
    if (value.type == SLU_TYPE_FLAG) {
        number = value.as.flag;
    } else if (value.type != SLU_TYPE_MISSING) {
        number = value.as.number;
    }
    memcpy(at, &number, sizeof number);
    return at + sizeof number;
}

/* Texts are their own key; the others get one on the scratch arena. */
static bool make_key(struct slu_compiler *compiler, struct slu_value value, struct slu_string *key) {
    if (value.type == SLU_TYPE_TEXT) {
        *key = value.as.text->raw;
        return true;
    }
    size_t length = key_length(value);
    char *bytes = slu_arena_alloc_bytes(&compiler->scratch, length);
    if (bytes == NULL) {
        compiler->no_memory = true;
        return false;
    }
    write_key(bytes, value);
    *key = (struct slu_string){bytes, length};
    return true;
}

uint32_t slu_compiler_constant(struct slu_compiler *compiler, struct slu_value value) {
    struct slu_map *map = value.type == SLU_TYPE_TEXT ? &compiler->text_constants : &compiler->other_constants;
    struct slu_string key;
    if (compiler->no_memory || !make_key(compiler, value, &key)) {
        return SLU_NO_INDEX;
    }
    uint32_t number = slu_map_find(map, key);
    if (number != SLU_MAP_NONE) {
        return number;
    }
    if (value.type == SLU_TYPE_LIST) {
        value.as.list = copy_list(compiler, value.as.list);
    } else {
        value = copy_element(compiler, value);
    }
    if (value.type == SLU_TYPE_TEXT && value.as.text != NULL) {
        key = value.as.text->raw; /* lives as long as the program */
    }
    struct slu_value *place = slu_compiler_push(compiler, &compiler->constants, sizeof *place);
    if (compiler->no_memory || !slu_map_put(map, key, compiler->constants.count - 1)) {
        compiler->no_memory = true;
        return SLU_NO_INDEX;
    }
    *place = value;
    return compiler->constants.count - 1;
}

/* ---- what the model holds ---- */

const struct slu_list *slu_compiler_words(struct slu_compiler *compiler, const struct slu_words *words) {
    struct slu_list *list = slu_compiler_room(compiler, 1, sizeof *list);
    struct slu_value *items = slu_compiler_room(compiler, words->count, sizeof *items);
    if (list == NULL || items == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < words->count; i++) {
        struct slu_text *text = new_text(compiler, words->items[i].text);
        if (text == NULL) {
            return NULL;
        }
        items[i] = (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
    }
    *list = (struct slu_list){words->count, items};
    return list;
}

/* Places for the elements of a literal, one at least. */
static bool make_literal_room(struct slu_compiler *compiler, uint32_t count) {
    struct slu_table *texts = &compiler->literal_texts, *values = &compiler->literal_values;
    bool enough = true;
    while (enough && (texts->capacity == 0 || texts->capacity < count)) {
        enough = slu_compiler_grow(compiler, &compiler->scratch, texts, sizeof(struct slu_text)) &&
                 slu_compiler_grow(compiler, &compiler->scratch, values, sizeof(struct slu_value));
    }
    return enough;
}

/* `place`: the number of the element. */
static bool element_literal(struct slu_compiler *compiler, const struct slu_expression *expression, uint32_t place,
                            struct slu_value *value) {
    struct slu_text *text;
    double sign = 1;
    if (expression->kind == SLU_EXPRESSION_NEGATE && expression->items[0]->kind == SLU_EXPRESSION_NUMBER) {
        sign = -1;
        expression = expression->items[0];
    }
    switch ((uint32_t)expression->kind) {
    case SLU_EXPRESSION_TEXT:
        text = (struct slu_text *)compiler->literal_texts.items + place;
        *text = (struct slu_text){.raw = expression->text};
        *value = (struct slu_value){.type = SLU_TYPE_TEXT, .as.text = text};
        return true;
    case SLU_EXPRESSION_NUMBER:
        *value = slu_value_number(sign * expression->number);
        return true;
    case SLU_EXPRESSION_FLAG:
        *value = slu_value_flag(expression->number != 0);
        return true;
    case SLU_EXPRESSION_TIME:
        *value = slu_value_time(expression->number);
        return true;
    case SLU_EXPRESSION_DURATION:
        *value = slu_value_duration(expression->number);
        return true;
    default:
        return false;
    }
}

bool slu_compiler_literal(struct slu_compiler *compiler, const struct slu_expression *expression,
                          struct slu_value *value) {
    uint32_t count = expression->item_count;
    if (!make_literal_room(compiler, count)) {
        return false;
    }
    if (expression->kind != SLU_EXPRESSION_LIST) {
        return element_literal(compiler, expression, 0, value);
    }
    struct slu_value *items = compiler->literal_values.items;
    for (uint32_t i = 0; i < count; i++) {
        if (!element_literal(compiler, expression->items[i], i, &items[i])) {
            return false;
        }
    }
    compiler->literal_list = (struct slu_list){count, items};
    *value = slu_value_list(&compiler->literal_list);
    return true;
}

uint32_t slu_compiler_named_list(struct slu_compiler *compiler, uint32_t list) {
    uint32_t *known = &compiler->list_constants[list];
    struct slu_value value;
    if (*known == SLU_NO_INDEX && slu_compiler_literal(compiler, compiler->model->lists[list].elements, &value)) {
        *known = slu_compiler_constant(compiler, value);
    }
    return *known;
}

uint32_t slu_compiler_pattern(struct slu_compiler *compiler, const struct slu_expression *matches) {
    size_t length = 1 + matches->text.length;
    char *bytes = slu_arena_alloc_bytes(&compiler->scratch, length);
    if (bytes == NULL) {
        compiler->no_memory = true;
        return SLU_NO_INDEX;
    }
    bytes[0] = matches->exactly ? 'e' : 'f';
    memcpy(bytes + 1, matches->text.bytes, matches->text.length);
    struct slu_string key = {bytes, length};
    uint32_t number = slu_map_find(&compiler->pattern_numbers, key);
    if (number != SLU_MAP_NONE) {
        return number;
    }
    const struct slu_pattern *pattern;
    struct slu_pattern_error error;
    enum slu_pattern_status status =
        slu_pattern_compile(&compiler->program->arena, matches->text, matches->exactly, &pattern, &error);
    if (status == SLU_PATTERN_INVALID) {
        slu_diagnostics_add(compiler->diagnostics, SLU_DIAGNOSTIC_BAD_PATTERN, slu_expression_text_span(matches), "%s",
                            error.message);
        return SLU_NO_INDEX;
    }
    const struct slu_pattern **place =
        status == SLU_PATTERN_OK ? slu_compiler_push(compiler, &compiler->patterns, sizeof *place) : NULL;
    if (place == NULL || !slu_map_put(&compiler->pattern_numbers, key, compiler->patterns.count - 1)) {
        compiler->no_memory = true;
        return SLU_NO_INDEX;
    }
    *place = pattern;
    return compiler->patterns.count - 1;
}
