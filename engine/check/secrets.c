/* Secrets written into a file: found, and never shown again. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

/* How the secrets of well-known services begin (first byte, the others), and how
 * many characters of their alphabet follow at least. */
#define SHAPES(SHAPE)                                                                                                  \
    SHAPE('x', "oxb-", 10, "a Slack bot token")                                                                        \
    SHAPE('x', "oxp-", 10, "a Slack user token")                                                                       \
    SHAPE('x', "oxa-", 10, "a Slack app token")                                                                        \
    SHAPE('x', "app-", 10, "a Slack app-level token")                                                                  \
    SHAPE('g', "hp_", 20, "a GitHub token")                                                                            \
    SHAPE('g', "ho_", 20, "a GitHub token")                                                                            \
    SHAPE('g', "hs_", 20, "a GitHub token")                                                                            \
    SHAPE('g', "ithub_pat_", 20, "a GitHub token")                                                                     \
    SHAPE('s', "k_live_", 10, "a Stripe key")                                                                          \
    SHAPE('r', "k_live_", 10, "a Stripe key")                                                                          \
    SHAPE('A', "KIA", 16, "an AWS access key")

/* Bytes of the shortest secret. */
enum { SHORTEST = 15 };
#define SHAPE(first, others, tail, what) _Static_assert(sizeof(others) + (tail) >= SHORTEST, "a shorter secret");
SHAPES(SHAPE)
#undef SHAPE

static const struct {
    char first;
    struct slu_string others;
    size_t tail;
    const char *what;
} shapes[] = {
#define SHAPE(first, others, tail, what) {first, {others, sizeof(others) - 1}, tail, what},
    SHAPES(SHAPE)
#undef SHAPE
};

/* Tells most bytes from all that a secret begins with. */
static bool may_begin(char byte) {
#define BIT(byte) (UINT64_C(1) << ((unsigned char)(byte) % 64))
#define SHAPE(first, others, tail, what) | BIT(first)
    return ((BIT('-') SHAPES(SHAPE)) & BIT(byte)) != 0;
#undef SHAPE
#undef BIT
}

static bool is_token_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_';
}

static size_t token_length(struct slu_string text, size_t at) {
    size_t end = at;
    while (end < text.length && is_token_byte(text.bytes[end])) {
        end++;
    }
    return end - at;
}

/* "-----BEGIN RSA PRIVATE KEY" */
static bool is_private_key(struct slu_string text, size_t at) {
    static const struct slu_string begin = {"-----BEGIN ", 11};
    static const struct slu_string end = {"PRIVATE KEY", 11};
    struct slu_string rest = {text.bytes + at, text.length - at};
    if (!slu_string_starts_with(rest, begin)) {
        return false;
    }
    enum { LONGEST_NAME = 24 };
    for (size_t i = begin.length; i < rest.length && i < begin.length + LONGEST_NAME; i++) {
        if (slu_string_starts_with((struct slu_string){rest.bytes + i, rest.length - i}, end)) {
            return true;
        }
    }
    return false;
}

static const char *shape_at(struct slu_string text, size_t at) {
    struct slu_string rest = {text.bytes + at + 1, text.length - at - 1};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (text.bytes[at] == shapes[i].first && slu_string_starts_with(rest, shapes[i].others) &&
            token_length(text, at + 1 + shapes[i].others.length) >= shapes[i].tail) {
            return shapes[i].what;
        }
    }
    return text.bytes[at] == '-' && is_private_key(text, at) ? "a private key" : NULL;
}

/* What kind of secret a text holds; NULL: none. */
static const char *secret_in(struct slu_string text) {
    for (size_t at = 0; at + SHORTEST <= text.length; at++) {
        bool starts = may_begin(text.bytes[at]) && (at == 0 || !is_token_byte(text.bytes[at - 1]));
        const char *what = starts ? shape_at(text, at) : NULL;
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}

void slu_check_text_for_secrets(struct slu_checker *checker, struct slu_string text, struct slu_span span) {
    const char *what = secret_in(text);
    if (what != NULL) {
        slu_check_report_secret(checker, span, what, (struct slu_string){NULL, 0});
    }
}

void slu_check_report_secret(struct slu_checker *checker, struct slu_span span, const char *what,
                             struct slu_string name) {
    struct slu_diagnostic *diagnostic;
    if (name.length > 0) {
        diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_LITERAL_SECRET, span,
                                         "%s `%.*s` is written into the file", what, SLU_SHOWN(name));
    } else {
        diagnostic = slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_LITERAL_SECRET, span,
                                         "this looks like %s, written into the file", what);
        name = SLU_STRING("token");
    }
    if (diagnostic == NULL) {
        return;
    }
    diagnostic->hide_line = true;
    slu_diagnostics_note(checker->diagnostics, diagnostic,
                         "write `%.*s from env NAME` or `%.*s from file \"/run/secrets/...\"` in a connector block, "
                         "and replace this secret: it has been seen",
                         SLU_SHOWN(name), SLU_SHOWN(name));
}

struct slu_string slu_check_shown(struct slu_string string) {
    enum { LONGEST = 80 };
    if (secret_in(string) != NULL) {
        return SLU_STRING("...");
    }
    if (string.length > LONGEST) {
        string.length = LONGEST;
        string.length = slu_utf8_valid_prefix(string);
    }
    return string;
}
