#include "engine/vm/markup.h"

#include <string.h>

/* U+200B: no width, and parts what a chat would read as one. */
#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"

static struct slu_string html_escape(char byte) {
    switch (byte) {
    case '&':
        return SLU_STRING("&amp;");
    case '<':
        return SLU_STRING("&lt;");
    case '>':
        return SLU_STRING("&gt;");
    case '"':
        return SLU_STRING("&quot;");
    case '\'':
        return SLU_STRING("&#39;");
    default:
        return (struct slu_string){NULL, 0};
    }
}

/* Slack reads & < > as its own markup, so `<!channel>` and `<https://...|text>`
 * are gone; the rest is what it makes bold, slanted, struck out or code. */
static struct slu_string mrkdwn_escape(char byte) {
    switch (byte) {
    case '&':
        return SLU_STRING("&amp;");
    case '<':
        return SLU_STRING("&lt;");
    case '>':
        return SLU_STRING("&gt;");
    case '*':
        return SLU_STRING(ZERO_WIDTH_SPACE "*");
    case '_':
        return SLU_STRING(ZERO_WIDTH_SPACE "_");
    case '~':
        return SLU_STRING(ZERO_WIDTH_SPACE "~");
    case '`':
        return SLU_STRING(ZERO_WIDTH_SPACE "`");
    default:
        return (struct slu_string){NULL, 0};
    }
}

/* `scratch` takes the two bytes of a backslash and what it is for. */
static struct slu_string markdown_escape(char byte, char scratch[3]) {
    if (byte == '@') {
        return SLU_STRING("@" ZERO_WIDTH_SPACE);
    }
    if (byte == '\0' || strchr("\\`*_{}[]<>#|~!", byte) == NULL) {
        return (struct slu_string){NULL, 0};
    }
    scratch[0] = '\\';
    scratch[1] = byte;
    return (struct slu_string){scratch, 2};
}

/* RFC 3986 section 2.3: everything but the unreserved characters. */
static struct slu_string url_escape(char byte, char scratch[3]) {
    static const char digits[] = "0123456789ABCDEF";
    bool unreserved = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                      byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (unreserved) {
        return (struct slu_string){NULL, 0};
    }
    unsigned char value = (unsigned char)byte;
    scratch[0] = '%';
    scratch[1] = digits[value >> 4];
    scratch[2] = digits[value & 15];
    return (struct slu_string){scratch, 3};
}

/* What stands for the byte, or {NULL, 0} for the byte itself. */
static struct slu_string escape_byte(enum slu_markup markup, char byte, char scratch[3]) {
    switch (markup) {
    case SLU_MARKUP_HTML:
        return html_escape(byte);
    case SLU_MARKUP_MRKDWN:
        return mrkdwn_escape(byte);
    case SLU_MARKUP_MARKDOWN:
        return markdown_escape(byte, scratch);
    case SLU_MARKUP_URL:
        return url_escape(byte, scratch);
    case SLU_MARKUP_PLAIN:
    case SLU_MARKUP_COUNT:
        break;
    }
    return (struct slu_string){NULL, 0};
}

bool slu_markup_escape(enum slu_markup markup, struct slu_string text, struct slu_arena *arena,
                       struct slu_string *escaped) {
    char scratch[3];
    size_t length = 0;
    bool changes = false;
    for (size_t i = 0; i < text.length; i++) {
        struct slu_string instead = escape_byte(markup, text.bytes[i], scratch);
        changes = changes || instead.bytes != NULL;
        length += instead.bytes != NULL ? instead.length : 1;
    }
    if (!changes) {
        *escaped = text;
        return true;
    }
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < text.length; i++) {
        struct slu_string instead = escape_byte(markup, text.bytes[i], scratch);
        if (instead.bytes == NULL) {
            bytes[at++] = text.bytes[i];
            continue;
        }
        memcpy(bytes + at, instead.bytes, instead.length);
        at += instead.length;
    }
    *escaped = (struct slu_string){bytes, length};
    return true;
}

bool slu_markup_join(const struct slu_string *runs, size_t count, struct slu_arena *arena, struct slu_string *joined) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (runs[i].length > SIZE_MAX - length) {
            return false;
        }
        length += runs[i].length;
    }
    char *bytes = slu_arena_alloc_bytes(arena, length);
    if (bytes == NULL) {
        return false;
    }
    *joined = (struct slu_string){bytes, length};
    for (size_t i = 0; i < count; i++) {
        if (runs[i].length > 0) {
            memcpy(bytes, runs[i].bytes, runs[i].length);
            bytes += runs[i].length;
        }
    }
    return true;
}

static bool link_address(const struct slu_machine *machine, struct slu_string event, struct slu_string *address) {
    struct slu_string base = machine->link_base.length > 0 ? machine->link_base : SLU_STRING(SLU_LINK_BASE_NONE);
    struct slu_string id;
    if (!slu_markup_escape(SLU_MARKUP_URL, machine->event_id, machine->arena, &id)) {
        return false;
    }
    const struct slu_string runs[] = {base, SLU_STRING("/link/"), event, SLU_STRING("?for="), id};
    return slu_markup_join(runs, sizeof runs / sizeof *runs, machine->arena, address);
}

bool slu_markup_link(enum slu_markup markup, const struct slu_machine *machine, struct slu_string event,
                     struct slu_string text, struct slu_string *link) {
    struct slu_string address;
    if (!link_address(machine, event, &address)) {
        return false;
    }
    switch (markup) {
    case SLU_MARKUP_HTML: {
        struct slu_string quoted;
        if (!slu_markup_escape(SLU_MARKUP_HTML, address, machine->arena, &quoted)) {
            return false;
        }
        const struct slu_string runs[] = {SLU_STRING("<a href=\""), quoted, SLU_STRING("\">"), text,
                                          SLU_STRING("</a>")};
        return slu_markup_join(runs, sizeof runs / sizeof *runs, machine->arena, link);
    }
    case SLU_MARKUP_MRKDWN: {
        const struct slu_string runs[] = {SLU_STRING("<"), address, SLU_STRING("|"), text, SLU_STRING(">")};
        return slu_markup_join(runs, sizeof runs / sizeof *runs, machine->arena, link);
    }
    case SLU_MARKUP_MARKDOWN: {
        const struct slu_string runs[] = {SLU_STRING("["), text, SLU_STRING("]("), address, SLU_STRING(")")};
        return slu_markup_join(runs, sizeof runs / sizeof *runs, machine->arena, link);
    }
    case SLU_MARKUP_URL:
    case SLU_MARKUP_COUNT:
        *link = address;
        return true;
    case SLU_MARKUP_PLAIN:
        break;
    }
    const struct slu_string runs[] = {text, SLU_STRING(": "), address};
    return slu_markup_join(runs, sizeof runs / sizeof *runs, machine->arena, link);
}
