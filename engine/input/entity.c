#include "engine/input/plain_text.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD, NAME_BYTES = 8 };

static const struct {
    const char *name;
    uint32_t code_point;
} entities[] = {
#define ENTITY(name, code_point) {name, code_point},
#include "engine/input/entities.def"
#undef ENTITY
};

static uint32_t digit_value(char byte) {
    if (byte >= '0' && byte <= '9') {
        return (uint32_t)(byte - '0');
    }
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? (uint32_t)(byte - 'a') + 10 : 16;
}

/* &#233; or &#xE9; the semicolon may be left out. */
static bool decode_numeric(struct slu_string html, size_t *at, uint32_t *code_point) {
    size_t here = *at + 2;
    uint32_t base = here < html.length && (html.bytes[here] | 0x20) == 'x' ? 16 : 10, value = 0;
    if (base == 16) {
        here++;
    }
    size_t start = here;
    for (; here < html.length && digit_value(html.bytes[here]) < base; here++) {
        if (value <= 0x10FFFF) {
            value = value * base + digit_value(html.bytes[here]);
        }
    }
    if (here == start) {
        return false;
    }
    *at = here < html.length && html.bytes[here] == ';' ? here + 1 : here;
    bool bad = value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF);
    *code_point = bad ? REPLACEMENT : value;
    return true;
}

static bool decode_named(struct slu_string html, size_t *at, uint32_t *code_point) {
    const char *name = html.bytes + *at + 1;
    size_t left = html.length - *at - 1;
    const char *end = memchr(name, ';', left < NAME_BYTES ? left : NAME_BYTES);
    if (!end) {
        return false;
    }
    size_t length = (size_t)(end - name);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (strlen(entities[i].name) == length && memcmp(entities[i].name, name, length) == 0) {
            *at += length + 2;
            *code_point = entities[i].code_point;
            return true;
        }
    }
    return false;
}

uint32_t slu_entity_decode(struct slu_string html, size_t *at) {
    uint32_t code_point;
    bool numeric = html.length - *at > 1 && html.bytes[*at + 1] == '#';
    if (numeric ? decode_numeric(html, at, &code_point) : decode_named(html, at, &code_point)) {
        return code_point;
    }
    (*at)++;
    return '&';
}
