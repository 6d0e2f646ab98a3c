#include "engine/vm/markup.h"

#include <string.h>

/* U+200B: no width, and parts what a chat would read as one. */
#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"

/* How one text is written. */
struct escaping {
    enum slu_markup markup;
    bool keep_links;
    struct slu_string text;
    size_t word_end; /* where the word that holds the byte asked for last ends */
    bool email;      /* that word is an e-mail address */
    char scratch[3];
};

static const struct slu_string itself = {NULL, 0};

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}
static bool is_one_of(char byte, const char *set) {
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* What both HTML and Slack write as entities. */
static struct slu_string entity(char byte) {
    switch (byte) {
    case '&':
        return SLU_STRING("&amp;");
    case '<':
        return SLU_STRING("&lt;");
    case '>':
        return SLU_STRING("&gt;");
    default:
        return itself;
    }
}

static struct slu_string html_escape(char byte) {
    switch (byte) {
    case '"':
        return SLU_STRING("&quot;");
    case '\'':
        return SLU_STRING("&#39;");
    default:
        return entity(byte);
    }
}

/* Slack reads & < > as its own markup, so `<!channel>` and `<https://...|text>`
 * are gone; the rest is what it makes bold, slanted, struck out or code. */
static struct slu_string mrkdwn_escape(char byte) {
    switch (byte) {
    case '*':
        return SLU_STRING(ZERO_WIDTH_SPACE "*");
    case '_':
        return SLU_STRING(ZERO_WIDTH_SPACE "_");
    case '~':
        return SLU_STRING(ZERO_WIDTH_SPACE "~");
    case '`':
        return SLU_STRING(ZERO_WIDTH_SPACE "`");
    default:
        return entity(byte);
    }
}

/* `scratch` takes the two bytes of a backslash and what it is for. */
static struct slu_string markdown_escape(char byte, char scratch[3]) {
    if (byte == '@') {
        return SLU_STRING("@" ZERO_WIDTH_SPACE);
    }
    if (!is_one_of(byte, "\\`*_{}[]<>#|~!")) {
        return itself;
    }
    scratch[0] = '\\';
    scratch[1] = byte;
    return (struct slu_string){scratch, 2};
}

/* RFC 3986 section 2.3: everything but the unreserved characters. */
static struct slu_string url_escape(char byte, char scratch[3]) {
    static const char digits[] = "0123456789ABCDEF";
    if (is_letter(byte) || is_digit(byte) || is_one_of(byte, "-._~")) {
        return itself;
    }
    unsigned char value = (unsigned char)byte;
    scratch[0] = '%';
    scratch[1] = digits[value >> 4];
    scratch[2] = digits[value & 15];
    return (struct slu_string){scratch, 3};
}

/* name@example.com and nothing else: services make at most a `mailto:` of it,
 * and people copy it. */
static bool is_email(struct slu_string word) {
    size_t at = word.length, dots = 0;
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.bytes[i];
        if (byte == '@' && (at < word.length || i == 0)) {
            return false;
        }
        if (byte == '@') {
            at = i;
        } else if (!is_letter(byte) && !is_digit(byte) && !is_one_of(byte, "._%+-")) {
            return false;
        }
        dots += byte == '.' && at < i && i + 1 < word.length && is_letter(word.bytes[i + 1]);
    }
    return dots > 0;
}

static void enter_word(struct escaping *escaping, size_t at) {
    struct slu_string text = escaping->text;
    size_t end = at;
    while (end < text.length && !is_one_of(text.bytes[end], " \t\r\n,;()[]<>\"'")) {
        end++;
    }
    escaping->email = is_email((struct slu_string){text.bytes + at, end - at});
    escaping->word_end = end > at ? end : at + 1;
}

/* Would a service see an address here that it makes a link of? It looks for
 * `://`, and for a dot between what can be the parts of a host's name. */
static struct slu_string break_link(struct escaping *escaping, size_t at) {
    struct slu_string text = escaping->text;
    if (text.length - at > 2 && memcmp(text.bytes + at, "://", 3) == 0) {
        return SLU_STRING(ZERO_WIDTH_SPACE ":");
    }
    if (text.bytes[at] != '.' || at == 0 || at + 1 == text.length || escaping->email) {
        return itself;
    }
    char before = text.bytes[at - 1], after = text.bytes[at + 1];
    bool inside =
        (is_letter(before) || is_digit(before) || (before & 0x80) != 0) && (is_letter(after) || (after & 0x80) != 0);
    return inside ? SLU_STRING(ZERO_WIDTH_SPACE ".") : itself;
}

/* What stands for the byte, or {NULL, 0} for the byte itself. */
static struct slu_string escape_byte(struct escaping *escaping, size_t at) {
    char byte = escaping->text.bytes[at];
    struct slu_string instead = itself;
    if (at >= escaping->word_end && !escaping->keep_links) { /* a word may begin with what is escaped */
        enter_word(escaping, at);
    }
    switch (escaping->markup) {
    case SLU_MARKUP_HTML:
        instead = html_escape(byte);
        break;
    case SLU_MARKUP_MRKDWN:
        instead = escaping->keep_links ? entity(byte) : mrkdwn_escape(byte);
        break;
    case SLU_MARKUP_MARKDOWN:
        instead = escaping->keep_links ? itself : markdown_escape(byte, escaping->scratch);
        break;
    case SLU_MARKUP_URL:
        return url_escape(byte, escaping->scratch);
    case SLU_MARKUP_PLAIN:
    case SLU_MARKUP_COUNT:
        return itself;
    }
    return instead.bytes != NULL || escaping->keep_links ? instead : break_link(escaping, at);
}

static bool escape_text(struct escaping escaping, struct slu_arena *arena, struct slu_string *escaped) {
    struct slu_string text = escaping.text;
    struct escaping again = escaping;
    size_t length = 0;
    bool changes = false;
    for (size_t i = 0; i < text.length; i++) {
        struct slu_string instead = escape_byte(&escaping, i);
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
        struct slu_string instead = escape_byte(&again, i);
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

bool slu_markup_escape(enum slu_markup markup, struct slu_string text, struct slu_arena *arena,
                       struct slu_string *escaped) {
    return escape_text((struct escaping){.markup = markup, .text = text}, arena, escaped);
}

bool slu_markup_escape_address(enum slu_markup markup, struct slu_string address, struct slu_arena *arena,
                               struct slu_string *escaped) {
    return escape_text((struct escaping){.markup = markup, .keep_links = true, .text = address}, arena, escaped);
}

bool slu_markup_is_address(struct slu_string text) {
    static const struct slu_string schemes[] = {{"https://", 8}, {"http://", 7}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t length = schemes[i].length;
        if (text.length <= length || memcmp(text.bytes, schemes[i].bytes, length) != 0) {
            continue;
        }
        /* without @, which hides the host */
        for (size_t at = length; at < text.length; at++) {
            char byte = text.bytes[at];
            if (!is_letter(byte) && !is_digit(byte) && !is_one_of(byte, "-._/:?#=&%+,;")) {
                return false;
            }
        }
        return is_letter(text.bytes[length]) || is_digit(text.bytes[length]);
    }
    return false;
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
        if (!slu_markup_escape_address(SLU_MARKUP_HTML, address, machine->arena, &quoted)) {
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
