#include "grammar/mistakes.h"

#include "engine/base/buffer.h"
#include "grammar/advice.h"
#include "grammar/rules.h"

#include <string.h>

static bool is_among(const char *name, const char *const *members) {
    for (; *members != NULL; members++) {
        if (strcmp(name, *members) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the members out; the phrase, if any, comes last. */
static void replace(struct slu_expectation *expected, const char *const *members, const char *phrase) {
    size_t kept = 0;
    for (size_t i = 0; i < expected->count; i++) {
        if (!is_among(expected->names[i], members)) {
            expected->names[kept++] = expected->names[i];
        }
    }
    if (phrase != NULL) {
        expected->names[kept++] = phrase;
    }
    expected->count = kept;
}

static void sum_up(struct slu_expectation *expected, const char *phrase, const char *const *members) {
    for (const char *const *member = members; *member != NULL; member++) {
        if (!slu_is_expected(expected, *member)) {
            return;
        }
    }
    replace(expected, members, phrase);
}

/* Where nearly every word of the language would do, a name is meant. */
static void sum_up_words(struct slu_expectation *expected) {
    static const char *const words[] = {
#define KEYWORD(token, word) "`" word "`",
#include "grammar/keywords.def"
#undef KEYWORD
        NULL};
    static const char *const values[] = {"`each`", "`false`", "`not`", "`now`", "`true`"};
    enum { WORD_COUNT = sizeof(words) / sizeof(words[0]) - 1, VALUE_COUNT = sizeof(values) / sizeof(values[0]) };
    bool kept[VALUE_COUNT];
    size_t found = 0;
    for (size_t i = 0; i < WORD_COUNT; i++) {
        found += slu_is_expected(expected, words[i]);
    }
    if (found < WORD_COUNT / 2) {
        return;
    }
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        kept[i] = slu_is_expected(expected, values[i]);
    }
    replace(expected, words, NULL);
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        if (kept[i]) {
            expected->names[expected->count++] = values[i];
        }
    }
}

static void sum_up_all(struct slu_expectation *expected) {
#define DECLARATION(name, word, record) "`" word "`",
    static const char *const declarations[] = {
#include "grammar/declarations.def"
        NULL};
#undef DECLARATION
    static const char *const end[] = {"the end of the file", NULL};
    static const char *const call[] = {"`(`", NULL};
    sum_up_words(expected);
    sum_up(expected, "a declaration such as `ruleset`", declarations);
#define EXPECTED(phrase, ...) sum_up(expected, phrase, (const char *const[]){__VA_ARGS__, NULL});
#include "grammar/expected.def"
#undef EXPECTED
    if (expected->count > 1) {
        replace(expected, end, NULL);
    }
    if (expected->count > 1) { /* any name could be a call; rarely what is meant */
        replace(expected, call, NULL);
    }
}

/* "`a`, `b` or `c`" */
static void write_expected(struct slu_buffer *out, const struct slu_expectation *expected) {
    enum { AT_MOST = 6 };
    size_t shown = expected->count > AT_MOST ? AT_MOST - 1 : expected->count;
    for (size_t i = 0; i < shown; i++) {
        bool last = i + 1 == expected->count;
        slu_buffer_add_text(out, i == 0 ? "" : last ? " or " : ", ");
        slu_buffer_add_text(out, expected->names[i]);
    }
    if (shown < expected->count) {
        slu_buffer_add_text(out, " or another word that fits");
    }
}

/* A piece of the source in quotes, cut short. */
static void write_quoted(struct slu_buffer *out, struct slu_string text, const char *quote) {
    enum { LONGEST = 40 };
    size_t length = text.length;
    if (length > LONGEST) {
        length = LONGEST;
        while (length > 0 && ((unsigned char)text.bytes[length] & 0xC0) == 0x80) {
            length--; /* not in the middle of a character */
        }
    }
    slu_buffer_add_text(out, quote);
    slu_buffer_add(out, (struct slu_string){text.bytes, length});
    slu_buffer_add_text(out, length < text.length ? "…" : "");
    slu_buffer_add_text(out, quote);
}

static void write_found(struct slu_buffer *out, const struct slu_builder *builder) {
    const struct slu_token *found = &builder->current;
    switch (found->kind) {
    case SLU_TOKEN_YYEOF:
        slu_buffer_add_text(out, "the end of the file");
        break;
    case SLU_TOKEN_STRING:
        slu_buffer_add_text(out, "the text ");
        write_quoted(out, slu_written(builder, found->span), "");
        break;
    case SLU_TOKEN_HEAD:
        slu_buffer_add_text(out, "a text with `{ }`");
        break;
    case SLU_TOKEN_MIDDLE:
    case SLU_TOKEN_TAIL:
        slu_buffer_add_text(out, "`}`");
        break;
    case SLU_TOKEN_NAME:
        slu_buffer_add_text(out, "the name ");
        write_quoted(out, found->text, "`");
        break;
    default:
        write_quoted(out, slu_written(builder, found->span), "`");
        break;
    }
}

/* Where the value of a setting is due, what stands there may be a secret: it is not shown. */
static bool may_be_secret(const struct slu_builder *builder, const struct slu_expectation *all) {
    if (!slu_is_same_line(builder)) {
        return false;
    }
    bool behind_setting = builder->previous.kind == SLU_TOKEN_NAME && builder->current.kind == SLU_TOKEN_STRING &&
                          slu_is_expected(all, "a name");
    return behind_setting || builder->previous.kind == SLU_TOKEN_ENV ||
           (slu_is_expected(all, "`from`") && slu_is_expected(all, "a number"));
}

void slu_report_expected(struct slu_builder *builder, const char *const *expected, size_t count) {
    if (builder->current.span.start == builder->resumed_at) {
        return;
    }
    struct slu_expectation all = {.count = 0};
    for (size_t i = 0; i < count && i < sizeof(all.names) / sizeof(all.names[0]); i++) {
        all.names[all.count++] = expected[i];
    }
    if (slu_report_taken_for_name(builder, &all)) {
        return;
    }
    struct slu_expectation said = all;
    sum_up_all(&said);
    struct slu_buffer message;
    slu_buffer_init(&message);
    slu_buffer_add_text(&message, "expected ");
    write_expected(&message, &said);
    bool hidden = may_be_secret(builder, &all);
    slu_buffer_add_text(&message, ", found ");
    if (hidden && (builder->current.kind == SLU_TOKEN_NAME || builder->current.kind == SLU_TOKEN_STRING)) {
        slu_buffer_add_text(&message, "something else");
    } else {
        write_found(&message, builder);
    }
    if (message.failed) {
        builder->failed = true;
    } else {
        builder->mistakes++;
        struct slu_string text = slu_buffer_string(&message);
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            builder->diagnostics, SLU_DIAGNOSTIC_SYNTAX, builder->current.span, "%.*s", (int)text.length, text.bytes);
        if (hidden && diagnostic != NULL) {
            diagnostic->hide_line = true;
            slu_diagnostics_note(builder->diagnostics, diagnostic,
                                 "a setting is written `name \"value\"`, a secret `name from env NAME`");
        } else {
            slu_add_advice(builder, diagnostic, &all);
        }
    }
    slu_buffer_free(&message);
}
