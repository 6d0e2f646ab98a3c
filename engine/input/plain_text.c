#include "engine/input/plain_text.h"

#include "engine/text/unicode.h"

#include <string.h>

/* What a tag means for the text. */
enum effect { EFFECT_NONE, EFFECT_BLOCK, EFFECT_BREAK, EFFECT_SPACE, EFFECT_DROP, EFFECT_LINK, EFFECT_IMAGE };

static const struct {
    const char *name;
    enum effect effect;
} elements[] = {
    {"a", EFFECT_LINK},           {"img", EFFECT_IMAGE},     {"br", EFFECT_BREAK},      {"script", EFFECT_DROP},
    {"style", EFFECT_DROP},       {"p", EFFECT_BLOCK},       {"div", EFFECT_BLOCK},     {"li", EFFECT_BLOCK},
    {"ul", EFFECT_BLOCK},         {"ol", EFFECT_BLOCK},      {"h1", EFFECT_BLOCK},      {"h2", EFFECT_BLOCK},
    {"h3", EFFECT_BLOCK},         {"h4", EFFECT_BLOCK},      {"h5", EFFECT_BLOCK},      {"h6", EFFECT_BLOCK},
    {"blockquote", EFFECT_BLOCK}, {"pre", EFFECT_BLOCK},     {"table", EFFECT_BLOCK},   {"tr", EFFECT_BLOCK},
    {"hr", EFFECT_BLOCK},         {"section", EFFECT_BLOCK}, {"article", EFFECT_BLOCK}, {"header", EFFECT_BLOCK},
    {"footer", EFFECT_BLOCK},     {"dt", EFFECT_BLOCK},      {"dd", EFFECT_BLOCK},      {"figure", EFFECT_BLOCK},
    {"td", EFFECT_SPACE},         {"th", EFFECT_SPACE},
};

enum { SLACK_BYTES = 16, BREAKS_MAX = 2 };

struct tag {
    struct slu_string name;  /* as written */
    struct slu_string value; /* of href or alt, as written; empty without */
    bool closing;
};

struct writer {
    struct slu_arena *arena;
    struct slu_string html;
    size_t at;
    char *bytes;
    size_t length;
    /* White space is written when something follows it. */
    bool space;
    unsigned breaks;
    /* The link that is open: its address (decoded), and where its text starts. */
    struct slu_string address;
    size_t link_start;
};

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

static bool is_letter(char byte) {
    return lower(byte) >= 'a' && lower(byte) <= 'z';
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool same_name(struct slu_string name, const char *wanted) {
    size_t i = 0;
    for (; i < name.length && wanted[i] && lower(name.bytes[i]) == wanted[i]; i++) {
    }
    return i == name.length && !wanted[i];
}

static enum effect effect_of(struct slu_string name) {
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (same_name(name, elements[i].name)) {
            return elements[i].effect;
        }
    }
    return EFFECT_NONE;
}

/* ---- writing ---- */

static void write_pending(struct writer *writer) {
    if (writer->length > 0) {
        for (unsigned i = 0; i < writer->breaks; i++) {
            writer->bytes[writer->length++] = '\n';
        }
        if (writer->breaks == 0 && writer->space) {
            writer->bytes[writer->length++] = ' ';
        }
    }
    writer->breaks = 0;
    writer->space = false;
}

static void write_code_point(struct writer *writer, uint32_t code_point) {
    if (code_point == 0xA0 || code_point == ' ' || (code_point >= '\t' && code_point <= '\r')) {
        writer->space = true;
        return;
    }
    write_pending(writer);
    writer->length += slu_utf8_encode(code_point, writer->bytes + writer->length);
}

static void write_string(struct writer *writer, struct slu_string string) {
    for (size_t at = 0; at < string.length;) {
        uint32_t code_point = string.bytes[at] == '&' ? slu_entity_decode(string, &at) : slu_utf8_decode(string, &at);
        write_code_point(writer, code_point);
    }
}

static void write_break(struct writer *writer, bool block) {
    if (block) {
        writer->breaks = writer->breaks > 0 ? writer->breaks : 1;
    } else if (writer->breaks < BREAKS_MAX) {
        writer->breaks++;
    }
}

/* ---- links ---- */

/* Is `part` in `whole`? Knuth, Morris and Pratt, because both are an
 * outsider's choice. */
static bool contains(struct slu_arena *arena, struct slu_string whole, struct slu_string part, bool *found) {
    *found = part.length == 0;
    if (part.length == 0 || part.length > whole.length) {
        return true;
    }
    uint32_t *borders = SLU_NEW_ARRAY(arena, uint32_t, part.length);
    if (!borders) {
        return false;
    }
    for (size_t i = 1, border = 0; i < part.length; i++) {
        while (border > 0 && part.bytes[i] != part.bytes[border]) {
            border = borders[border - 1];
        }
        border += part.bytes[i] == part.bytes[border];
        borders[i] = (uint32_t)border;
    }
    for (size_t i = 0, matched = 0; i < whole.length && !*found; i++) {
        while (matched > 0 && whole.bytes[i] != part.bytes[matched]) {
            matched = borders[matched - 1];
        }
        matched += whole.bytes[i] == part.bytes[matched];
        *found = matched == part.length;
    }
    return true;
}

/* What of an address a reader expects in the text: not the scheme of a mail or telephone link. */
static struct slu_string visible_part(struct slu_string address) {
    static const char *const hidden[] = {"mailto:", "tel:"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        struct slu_string scheme = slu_string_from(hidden[i]);
        if (slu_string_starts_with(address, scheme)) {
            return (struct slu_string){address.bytes + scheme.length, address.length - scheme.length};
        }
    }
    return address;
}

static bool close_link(struct writer *writer) {
    struct slu_string address = writer->address;
    bool shown;
    writer->address = (struct slu_string){NULL, 0};
    if (address.length == 0) {
        return true;
    }
    /* The text's first character may have been preceded by white space that
     * is written since: it does no harm in the comparison. */
    struct slu_string text = {writer->bytes + writer->link_start, writer->length - writer->link_start};
    if (!contains(writer->arena, text, visible_part(address), &shown)) {
        return false;
    }
    if (shown) {
        return true;
    }
    if (text.length > 0) {
        writer->space = true;
    }
    write_pending(writer);
    if (text.length > 0) {
        writer->bytes[writer->length++] = '(';
    }
    memcpy(writer->bytes + writer->length, address.bytes, address.length);
    writer->length += address.length;
    if (text.length > 0) {
        writer->bytes[writer->length++] = ')';
    }
    return true;
}

/* Entities undone, white space and control characters left out: an address has none. */
static bool decode_address(struct writer *writer, struct slu_string written) {
    char *bytes = slu_arena_alloc_bytes(writer->arena, written.length);
    size_t length = 0;
    if (!bytes) {
        return false;
    }
    for (size_t at = 0; at < written.length;) {
        uint32_t code_point =
            written.bytes[at] == '&' ? slu_entity_decode(written, &at) : slu_utf8_decode(written, &at);
        if (code_point > ' ') {
            length += slu_utf8_encode(code_point, bytes + length);
        }
    }
    writer->address = (struct slu_string){bytes, length};
    writer->link_start = writer->length;
    return true;
}

/* ---- tags ---- */

static size_t skip_spaces(struct slu_string html, size_t at) {
    while (at < html.length && (is_space(html.bytes[at]) || html.bytes[at] == '/')) {
        at++;
    }
    return at;
}

static struct slu_string take_name(struct slu_string html, size_t *at) {
    size_t start = *at;
    while (*at < html.length && !is_space(html.bytes[*at]) && !strchr("/>=", html.bytes[*at])) {
        (*at)++;
    }
    return (struct slu_string){html.bytes + start, *at - start};
}

/* `=value` with or without quotes; nothing there is an empty value. */
static struct slu_string take_value(struct slu_string html, size_t *at) {
    size_t here = skip_spaces(html, *at);
    if (here >= html.length || html.bytes[here] != '=') {
        return (struct slu_string){NULL, 0};
    }
    for (here++; here < html.length && is_space(html.bytes[here]); here++) {
    }
    char quote = here < html.length && (html.bytes[here] == '"' || html.bytes[here] == '\'') ? html.bytes[here] : 0;
    size_t start = quote ? here + 1 : here;
    for (here = start; here < html.length; here++) {
        char byte = html.bytes[here];
        if (quote ? byte == quote : is_space(byte) || byte == '>') {
            break;
        }
    }
    *at = quote && here < html.length ? here + 1 : here;
    return (struct slu_string){html.bytes + start, here - start};
}

/* Reads the tag that starts at `at`, up to after its `>`; one without an end takes the rest. */
static struct tag take_tag(struct writer *writer) {
    struct slu_string html = writer->html;
    struct tag tag = {.closing = html.bytes[writer->at + 1] == '/'};
    size_t at = writer->at + (tag.closing ? 2 : 1);
    tag.name = take_name(html, &at);
    enum effect effect = effect_of(tag.name);
    const char *wanted = effect == EFFECT_LINK ? "href" : effect == EFFECT_IMAGE ? "alt" : "";
    for (at = skip_spaces(html, at); at < html.length && html.bytes[at] != '>'; at = skip_spaces(html, at)) {
        struct slu_string name = take_name(html, &at);
        if (name.length == 0) {
            at++; /* a stray `=` */
            continue;
        }
        struct slu_string value = take_value(html, &at);
        if (same_name(name, wanted) && tag.value.length == 0) {
            tag.value = value;
        }
    }
    writer->at = at < html.length ? at + 1 : at;
    return tag;
}

/* The place of the next `</name` from `at` on, or the end. */
static size_t find_closing(struct slu_string html, size_t at, struct slu_string name) {
    for (; at < html.length; at++) {
        const char *found = memchr(html.bytes + at, '<', html.length - at);
        at = found ? (size_t)(found - html.bytes) : html.length;
        size_t i = 0;
        if (html.length - at < name.length + 2) {
            break;
        }
        while (i < name.length && lower(html.bytes[at + 2 + i]) == lower(name.bytes[i])) {
            i++;
        }
        if (html.bytes[at + 1] == '/' && i == name.length) {
            return at;
        }
    }
    return html.length;
}

/* Comments, <!doctype>, <?xml?>: `at` moves past them. */
static void skip_declaration(struct writer *writer) {
    struct slu_string html = writer->html;
    size_t at = writer->at;
    bool comment = html.length - at >= 4 && memcmp(html.bytes + at, "<!--", 4) == 0;
    at += comment ? 4 : 1;
    for (; at < html.length; at++) {
        if (html.bytes[at] == '>' && (!comment || (html.bytes[at - 1] == '-' && html.bytes[at - 2] == '-'))) {
            break;
        }
    }
    writer->at = at < html.length ? at + 1 : at;
}

static bool apply_tag(struct writer *writer, struct tag tag) {
    switch (effect_of(tag.name)) {
    case EFFECT_BREAK:
        write_break(writer, false);
        return true;
    case EFFECT_BLOCK:
        write_break(writer, true);
        return true;
    case EFFECT_SPACE:
        writer->space = true;
        return true;
    case EFFECT_DROP:
        if (!tag.closing) {
            writer->at = find_closing(writer->html, writer->at, tag.name);
        }
        return true;
    case EFFECT_LINK:
        return close_link(writer) && (tag.closing || decode_address(writer, tag.value));
    case EFFECT_IMAGE:
        write_string(writer, tag.value);
        return true;
    case EFFECT_NONE:
        break;
    }
    return true;
}

static bool take_markup(struct writer *writer) {
    struct slu_string html = writer->html;
    char next = html.length - writer->at > 1 ? html.bytes[writer->at + 1] : 0;
    bool closing = next == '/' && html.length - writer->at > 2 && is_letter(html.bytes[writer->at + 2]);
    if (next == '!' || next == '?') {
        skip_declaration(writer);
        return true;
    }
    if (is_letter(next) || closing) {
        return apply_tag(writer, take_tag(writer));
    }
    write_code_point(writer, '<');
    writer->at++;
    return true;
}

bool slu_plain_text(struct slu_string html, struct slu_arena *arena, struct slu_string *text) {
    struct writer writer = {.arena = arena, .html = html};
    /* Nothing grows: an entity is at least as long as its character, and what
     * is written for a tag is shorter than the tag, but for an unclosed link
     * at the end. */
    writer.bytes = slu_arena_alloc_bytes(arena, html.length + SLACK_BYTES);
    if (!writer.bytes) {
        return false;
    }
    while (writer.at < html.length) {
        if (html.bytes[writer.at] == '<') {
            if (!take_markup(&writer)) {
                return false;
            }
        } else {
            uint32_t code_point =
                html.bytes[writer.at] == '&' ? slu_entity_decode(html, &writer.at) : slu_utf8_decode(html, &writer.at);
            write_code_point(&writer, code_point);
        }
    }
    if (!close_link(&writer)) {
        return false;
    }
    *text = (struct slu_string){writer.bytes, writer.length};
    return true;
}
