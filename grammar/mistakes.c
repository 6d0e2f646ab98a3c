#include "grammar/mistakes.h"

#include "engine/base/buffer.h"
#include "grammar/rules.h"

#include <string.h>

/* The names still to be said; summing up takes some out and puts phrases in. */
struct expectation {
    const char *names[256];
    size_t count;
};

static bool is_expected(const struct expectation *expected, const char *name) {
    for (size_t i = 0; i < expected->count; i++) {
        if (strcmp(expected->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_among(const char *name, const char *const *members) {
    for (; *members != NULL; members++) {
        if (strcmp(name, *members) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the members out; the phrase, if any, comes last. */
static void replace(struct expectation *expected, const char *const *members, const char *phrase) {
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

static void sum_up(struct expectation *expected, const char *phrase, const char *const *members) {
    for (const char *const *member = members; *member != NULL; member++) {
        if (!is_expected(expected, *member)) {
            return;
        }
    }
    replace(expected, members, phrase);
}

/* Where nearly every word of the language would do, a name is meant. */
static void sum_up_words(struct expectation *expected) {
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
        found += is_expected(expected, words[i]);
    }
    if (found < WORD_COUNT / 2) {
        return;
    }
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        kept[i] = is_expected(expected, values[i]);
    }
    replace(expected, words, NULL);
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        if (kept[i]) {
            expected->names[expected->count++] = values[i];
        }
    }
}

static void sum_up_all(struct expectation *expected) {
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
static void write_expected(struct slu_buffer *out, const struct expectation *expected) {
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

static struct slu_string written(const struct slu_builder *builder, struct slu_span span) {
    return (struct slu_string){builder->lexer.start + span.start, span.end - span.start};
}

static void write_found(struct slu_buffer *out, const struct slu_builder *builder) {
    const struct slu_token *found = &builder->current;
    switch (found->kind) {
    case SLU_TOKEN_YYEOF:
        slu_buffer_add_text(out, "the end of the file");
        break;
    case SLU_TOKEN_STRING:
        slu_buffer_add_text(out, "the text ");
        write_quoted(out, written(builder, found->span), "");
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
        write_quoted(out, written(builder, found->span), "`");
        break;
    }
}

/* ---- advice ---- */

enum { WORD_BYTES = 32 };

/* A name of one part in small letters; false when it is none or too long for a word of the language. */
static bool small_word(const struct slu_token *token, char word[WORD_BYTES]) {
    struct slu_string text = token->text;
    if (token->kind != SLU_TOKEN_NAME || text.length >= WORD_BYTES || memchr(text.bytes, '.', text.length) != NULL) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        word[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    word[text.length] = '\0';
    return true;
}

static const char *foreign_advice(const char *word) {
    static const struct {
        const char *word, *advice;
    } table[] = {
#define ADVICE(word, advice) {word, advice},
#include "grammar/advice.def"
#undef ADVICE
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].word, word) == 0) {
            return table[i].advice;
        }
    }
    return NULL;
}

/* The keyword among `names` that is nearest to `word`, in its quotes, or NULL. */
static const char *nearest_expected(const char *word, const char *const *names, size_t count) {
    const char *nearest = NULL;
    struct slu_string from = slu_string_from(word);
    size_t least = from.length > 4 ? 3 : 2;
    for (size_t i = 0; i < count; i++) {
        struct slu_string name = slu_string_from(names[i]);
        if (name.length < 4 || name.bytes[0] != '`' ||
            slu_keyword_kind((struct slu_string){name.bytes + 1, name.length - 2}) < 0) {
            continue;
        }
        size_t distance = slu_string_distance(from, (struct slu_string){name.bytes + 1, name.length - 2}, least);
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

/* What a comma or `and` is put between in other languages. */
static const char *advice_on_joining(const struct slu_builder *builder, const struct expectation *all) {
    if (is_expected(all, "`emit`")) {
        return "actions follow one another with nothing between them";
    }
    if (builder->current.kind != ',' || !is_expected(all, "`or`")) {
        return NULL;
    }
    if (builder->previous.kind == SLU_TOKEN_NUMBER) {
        return "a large number is written `1_000`; a list stands in square brackets: `is one of [1, 2]`";
    }
    return "a list stands in square brackets: `is one of [\"a\", \"b\"]`";
}

/* Does what was found stand on the line of what is before it? */
static bool is_same_line(const struct slu_builder *builder) {
    const char *from = builder->lexer.start + builder->previous.span.end;
    return memchr(from, '\n', builder->current.span.start - builder->previous.span.end) == NULL;
}

static bool has_one_part(const struct slu_token *name) {
    return memchr(name->text.bytes, '.', name->text.length) == NULL;
}

/* `conversation started`, `/VIP/i`: a name behind what cannot have one. */
static const char *advice_on_name(const struct slu_builder *builder, const struct expectation *all) {
    const struct slu_token *before = &builder->previous;
    if (before->kind == SLU_TOKEN_PATTERN && before->span.end == builder->current.span.start) {
        return "a pattern has no flags: letter case never counts, unless you write `matches exactly`";
    }
    if (all->count == 1 && is_expected(all, "`:`")) {
        return "a type stands behind a colon, as in `order.total : number`";
    }
    bool parts = before->kind == SLU_TOKEN_NAME && has_one_part(before) && has_one_part(&builder->current);
    if (parts && is_same_line(builder) && (is_expected(all, "`is`") || is_expected(all, "`complete`"))) {
        return "the parts of a name are joined by dots: `conversation.started`, `contact.email`";
    }
    return is_expected(all, "a text") && !is_expected(all, "a name") ? "a text stands in double quotes" : NULL;
}

/* `50 < company.size < 100` */
static const char *advice_on_chain(const struct expectation *all) {
    return is_expected(all, "`and`") && !is_expected(all, "`<`")
               ? "each comparison stands for itself: `company.size > 50 and company.size < 100`; or "
                 "`company.size between 50 and 100`, both included"
               : NULL;
}

/* Advice by kinds of token: what was found, what would have been right. */
static const char *advice_by_kind(const struct slu_builder *builder, const struct expectation *all) {
    switch (builder->current.kind) {
    case SLU_TOKEN_HEAD:
        return is_expected(all, "a text") ? "this text cannot hold values; a brace in it is written `\\{`" : NULL;
    case SLU_TOKEN_TAIL:
    case SLU_TOKEN_MIDDLE:
        return builder->previous.kind == SLU_TOKEN_HEAD || builder->previous.kind == SLU_TOKEN_MIDDLE
                   ? "between the braces stands a value such as `contact.name`; a brace in a text is written `\\{`"
                   : NULL;
    case SLU_TOKEN_NAME:
        return advice_on_name(builder, all);
    case '/':
        return is_expected(all, "a text") ? "a pattern stands after `matches`: `message.body matches /refund(s|ed)?/`"
                                          : NULL;
    case '<':
    case '>':
    case SLU_TOKEN_LE:
    case SLU_TOKEN_GE:
    case SLU_TOKEN_NE:
    case SLU_TOKEN_IS:
        return advice_on_chain(all);
    case SLU_TOKEN_DURING:
        return "a calendar is asked like this: `now is during office_hours`";
    case SLU_TOKEN_PER:
        return is_expected(all, "a number") ? "say how often: `at most 2 per 1 day per contact`"
                                            : "a length of time has a number: `at most 2 per 1 day per contact`";
    case SLU_TOKEN_STRING:
        if (is_expected(all, "a pattern")) {
            return "a pattern stands between slashes: `matches /re/`; for plain text there is `contains`";
        }
        if (is_expected(all, "`zone`")) {
            return "a calendar names its time zone: `calendar office_hours zone \"Europe/Berlin\"`";
        }
        if (is_expected(all, "`,`") && builder->previous.kind == SLU_TOKEN_STRING) {
            return "texts in a list have commas between them";
        }
        return is_expected(all, "a name") && !is_expected(all, "a text") ? "a name stands without quotes" : NULL;
    case SLU_TOKEN_NUMBER:
        if (is_expected(all, "a duration")) {
            return "a duration has a unit, such as `30 minutes`";
        }
        if (is_expected(all, "a date or time")) {
            return "a date is written `2026-11-21`";
        }
        return is_expected(all, "a time of day") ? "a time of day is written `09:00`" : NULL;
    case SLU_TOKEN_IN:
        if (builder->previous.kind == SLU_TOKEN_NOT) {
            return "write `is not one of`";
        }
        return is_expected(all, "`is`") || builder->previous.kind == SLU_TOKEN_IS ? "write `is one of`" : NULL;
    case SLU_TOKEN_BETWEEN:
        return builder->previous.kind == SLU_TOKEN_IS ? "write `between` without `is`" : NULL;
    case SLU_TOKEN_THAN:
        return "write `>`, `>=`, `<` or `<=`";
    case SLU_TOKEN_NOT:
        return is_expected(all, "`is`") ? "`not` stands in front of the condition: `not message.body contains \"x\"`"
                                        : NULL;
    case SLU_TOKEN_AND:
    case ',':
        return advice_on_joining(builder, all);
    case SLU_TOKEN_RULE:
    case SLU_TOKEN_OTHERWISE:
        return is_expected(all, "`ruleset`") ? "a rule stands in a `ruleset`" : NULL;
    case '=':
        if (all->count == 1 && is_expected(all, "`:`") && builder->previous.kind == SLU_TOKEN_NAME) {
            return "the type stands in front of the value: `state contact.spam : flag = false`";
        }
        return is_expected(all, "`:`") || (is_expected(all, "`)`") && is_expected(all, "`,`"))
                   ? "an argument is written `name: value`"
                   : advice_on_chain(all);
    default:
        return NULL;
    }
}

/* A keyword in the middle of a line that is not one of those which only ever join things. */
static bool could_be_meant_as_name(const struct slu_builder *builder) {
    switch (builder->current.kind) {
    case SLU_TOKEN_AND:
    case SLU_TOKEN_HAS:
    case SLU_TOKEN_IS:
    case SLU_TOKEN_MATCHES:
    case SLU_TOKEN_NOT:
    case SLU_TOKEN_OF:
    case SLU_TOKEN_OR:
    case SLU_TOKEN_THEN:
        return false;
    default:
        break;
    }
    return slu_keyword_kind(written(builder, builder->current.span)) >= 0 && is_same_line(builder);
}

static void add_advice(struct slu_builder *builder, struct slu_diagnostic *diagnostic, const struct expectation *all) {
    char word[WORD_BYTES];
    const struct slu_token *found = &builder->current;
    if (small_word(found, word)) {
        const char *advice = foreign_advice(word);
        if (advice != NULL) {
            slu_diagnostics_note(builder->diagnostics, diagnostic, "%s", advice);
            return;
        }
        bool event = is_expected(all, "`complete`") && advice_on_name(builder, all) != NULL;
        const char *near = event ? NULL : nearest_expected(word, all->names, all->count);
        if (near != NULL) {
            slu_diagnostics_note(builder->diagnostics, diagnostic, "did you mean %s?", near);
            return;
        }
    }
    const char *advice = advice_by_kind(builder, all);
    if (advice != NULL) {
        slu_diagnostics_note(builder->diagnostics, diagnostic, "%s", advice);
        return;
    }
    if (is_expected(all, "a name") && could_be_meant_as_name(builder)) {
        slu_diagnostics_note(builder->diagnostics, diagnostic,
                             "`%.*s` is a word of the language and no name of its own; with a dot, as in "
                             "`contact.%.*s`, it can be",
                             (int)found->text.length, found->text.bytes, (int)found->text.length, found->text.bytes);
    }
}

/* A misspelt or foreign keyword is taken for the name of an action or a field,
 * and only what follows does not fit: then the word is the mistake. */
static bool report_taken_for_name(struct slu_builder *builder, const struct expectation *all) {
    char word[WORD_BYTES];
    bool taken_for_name = all->count <= 2 && (is_expected(all, "`(`") || is_expected(all, "`=`"));
    if (!taken_for_name || !small_word(&builder->previous, word)) {
        return false;
    }
    const char *foreign = foreign_advice(word);
    const char *near = slu_keyword_near(slu_string_from(word));
    if (foreign == NULL && near == NULL) {
        return false;
    }
    builder->mistakes++;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        builder->diagnostics, SLU_DIAGNOSTIC_SYNTAX, builder->previous.span, "`%.*s` is not a word of the language",
        (int)builder->previous.text.length, builder->previous.text.bytes);
    if (foreign != NULL) {
        slu_diagnostics_note(builder->diagnostics, diagnostic, "%s", foreign);
    } else {
        slu_diagnostics_note(builder->diagnostics, diagnostic, "did you mean `%s`?", near);
    }
    return true;
}

/* Where the value of a setting is due, what stands there may be a secret: it is not shown. */
static bool may_be_secret(const struct slu_builder *builder, const struct expectation *all) {
    if (!is_same_line(builder)) {
        return false;
    }
    bool behind_setting = builder->previous.kind == SLU_TOKEN_NAME && builder->current.kind == SLU_TOKEN_STRING &&
                          is_expected(all, "a name");
    return behind_setting || builder->previous.kind == SLU_TOKEN_ENV ||
           (is_expected(all, "`from`") && is_expected(all, "a number"));
}

void slu_report_expected(struct slu_builder *builder, const char *const *expected, size_t count) {
    if (builder->current.span.start == builder->resumed_at) {
        return;
    }
    struct expectation all = {.count = 0};
    for (size_t i = 0; i < count && i < sizeof(all.names) / sizeof(all.names[0]); i++) {
        all.names[all.count++] = expected[i];
    }
    if (report_taken_for_name(builder, &all)) {
        return;
    }
    struct expectation said = all;
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
            add_advice(builder, diagnostic, &all);
        }
    }
    slu_buffer_free(&message);
}
