#include "grammar/advice.h"

#include "grammar/rules.h"

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
static const char *advice_on_joining(const struct slu_builder *builder, const struct slu_expectation *all) {
    if (slu_is_expected(all, "`emit`")) {
        return "actions follow one another with nothing between them";
    }
    if (slu_is_expected(all, "`complete`")) {
        return "several events have commas between them: `on conversation.started, lead.qualified`";
    }
    if (builder->current.kind != ',' || !slu_is_expected(all, "`or`")) {
        return NULL;
    }
    if (builder->previous.kind == SLU_TOKEN_NUMBER) {
        return "a large number is written `1_000`; a list stands in square brackets: `is one of [1, 2]`";
    }
    return "a list stands in square brackets: `is one of [\"a\", \"b\"]`";
}

static bool has_one_part(const struct slu_token *name) {
    return memchr(name->text.bytes, '.', name->text.length) == NULL;
}

/* `conversation started`, `/VIP/i`: a name behind what cannot have one. */
static const char *advice_on_name(const struct slu_builder *builder, const struct slu_expectation *all) {
    const struct slu_token *before = &builder->previous;
    if (before->kind == SLU_TOKEN_PATTERN && before->span.end == builder->current.span.start) {
        return "a pattern has no flags: letter case never counts, unless you write `matches exactly`";
    }
    bool other_line = !slu_is_same_line(builder);
    if (other_line && slu_is_expected(all, "`when`") && slu_is_expected(all, "`then`")) {
        return "conditions stand after `when`";
    }
    if (other_line && slu_is_expected(all, "`and`") && slu_is_expected(all, "`then`")) {
        return "actions stand after `then`";
    }
    if (before->kind == SLU_TOKEN_NAME && slu_is_expected(all, "`,`") && slu_is_expected(all, "`ruleset`") &&
        !slu_is_expected(all, "`complete`") && !other_line) {
        return "several names have commas between them";
    }
    bool parts = before->kind == SLU_TOKEN_NAME && has_one_part(before) && has_one_part(&builder->current);
    if (parts && slu_is_same_line(builder) && (slu_is_expected(all, "`is`") || slu_is_expected(all, "`complete`"))) {
        return "the parts of a name are joined by dots: `conversation.started`, `contact.email`";
    }
    return slu_is_expected(all, "a text") && !slu_is_expected(all, "a name") ? "a text stands in double quotes" : NULL;
}

/* `50 < company.size < 100` */
static const char *advice_on_chain(const struct slu_expectation *all) {
    return slu_is_expected(all, "`and`") && !slu_is_expected(all, "`<`")
               ? "each comparison stands for itself: `company.size > 50 and company.size < 100`; or "
                 "`company.size between 50 and 100`, both included"
               : NULL;
}

/* Where a value could have stood: a text that is not written as one, or not where it belongs. */
static const char *advice_on_string(const struct slu_builder *builder, const struct slu_expectation *all) {
    if (slu_is_expected(all, "a pattern")) {
        return "a pattern stands between slashes: `matches /re/`; for plain text there is `contains`";
    }
    if (slu_is_expected(all, "`,`") && builder->previous.kind == SLU_TOKEN_STRING) {
        return "texts in a list have commas between them";
    }
    if (all->count == 1 && slu_is_expected(all, "`(`")) {
        return "arguments stand in parentheses: `intercom.tag(\"VIP\")`";
    }
    return slu_is_expected(all, "a name") && !slu_is_expected(all, "a text") ? "a name stands without quotes" : NULL;
}

static const char *advice_on_number(const struct slu_expectation *all) {
    if (slu_is_expected(all, "a duration")) {
        return "a duration has a unit, such as `30 minutes`";
    }
    if (slu_is_expected(all, "a date or time")) {
        return "a date is written `2026-11-21`";
    }
    return slu_is_expected(all, "a time of day") ? "a time of day is written `09:00`" : NULL;
}

static const char *advice_on_equals(const struct slu_builder *builder, const struct slu_expectation *all) {
    if (all->count == 1 && slu_is_expected(all, "`:`") && builder->previous.kind == SLU_TOKEN_NAME) {
        return "the type stands in front of the value: `state contact.spam : flag = false`";
    }
    if (all->count == 1 && slu_is_expected(all, "`is`")) {
        return "write `is`";
    }
    if (all->count == 1 && slu_is_expected(all, "`(`")) {
        return "only state can be given a value: `set contact.spam = true`";
    }
    return slu_is_expected(all, "`:`") || (slu_is_expected(all, "`)`") && slu_is_expected(all, "`,`"))
               ? "an argument is written `name: value`"
               : advice_on_chain(all);
}

/* A `when` where none can stand. */
static const char *advice_on_when(const struct slu_expectation *all) {
    if (slu_is_expected(all, "`and`") && slu_is_expected(all, "`then`")) {
        return "a rule has one `when`: join its conditions with `and`";
    }
    if (slu_is_expected(all, "`expect`")) {
        return "a test says `given` an event, and what to `expect`";
    }
    return all->count == 1 && slu_is_expected(all, "`then`") ? "`otherwise` has no conditions: write a `rule` before it"
                                                             : NULL;
}

static const char *advice_on_then(const struct slu_expectation *all) {
    if (slu_is_expected(all, "`)`") && slu_is_expected(all, "`and`")) {
        return "a `(` in front of this is not closed";
    }
    return slu_is_expected(all, "`emit`") && slu_is_expected(all, "`rule`")
               ? "a rule has one `then`: its actions follow one another"
               : NULL;
}

/* What belongs behind `is`, and stands without it; or behind another word. */
static const char *advice_on_comparing(const struct slu_builder *builder, const struct slu_expectation *all) {
    int kind = builder->current.kind;
    bool after_is = builder->previous.kind == SLU_TOKEN_IS || builder->previous.kind == SLU_TOKEN_NOT;
    switch (kind) {
    case SLU_TOKEN_IN:
        if (builder->previous.kind == SLU_TOKEN_NOT) {
            return "write `is not one of`";
        }
        if (slu_is_expected(all, "`emit`")) {
            return "a delay is written `after 5 minutes`";
        }
        return slu_is_expected(all, "`is`") || after_is ? "write `is one of`; for times there is `is within 7 days`"
                                                        : NULL;
    case SLU_TOKEN_ANY:
        return after_is ? "write `is one of`" : NULL;
    case SLU_TOKEN_AFTER:
        return after_is ? "write `>`, as in `contact.created_at > 2026-11-21`" : NULL;
    case SLU_TOKEN_BETWEEN:
        return after_is ? "write `between` without `is`" : NULL;
    case SLU_TOKEN_NOT:
        if (builder->previous.kind == SLU_TOKEN_HAS) {
            return "write `has none of [\"a\"]`, or `not` in front of the condition";
        }
        return slu_is_expected(all, "`is`")
                   ? "`not` stands in front of the condition: `not message.body contains \"x\"`"
                   : NULL;
    case SLU_TOKEN_DURING:
        return "a calendar is asked like this: `now is during office_hours`";
    default:
        return slu_is_expected(all, "`is`") && slu_is_expected(all, "`has`")
                   ? "`is` stands in front of it: `is known`, `is one of`, `is within 7 days`, `is older than 7 days`"
                   : NULL;
    }
}

/* Where only one thing could have stood, whatever was found. */
static const char *advice_on_expected(const struct slu_builder *builder, const struct slu_expectation *all) {
    if (slu_is_expected(all, "`zone`")) {
        return "a calendar names its time zone: `calendar office_hours zone \"Europe/Berlin\"`";
    }
    if (all->count == 1 && slu_is_expected(all, "`on`")) {
        return "a ruleset names its events: `ruleset \"Title\" on lead.qualified`";
    }
    if (all->count == 1 && slu_is_expected(all, "`:`") && builder->previous.kind == SLU_TOKEN_NAME) {
        return "a type stands behind a colon, as in `order.total : number`";
    }
    if (slu_is_expected(all, "`no`") && slu_is_expected(all, "`otherwise`")) {
        return "the outcome comes first: `expect rule \"Title\"` or `expect otherwise`, then its actions";
    }
    return NULL;
}

/* Advice by kinds of token: what was found, what would have been right. */
static const char *advice_by_kind(const struct slu_builder *builder, const struct slu_expectation *all) {
    switch (builder->current.kind) {
    case SLU_TOKEN_HEAD:
        return slu_is_expected(all, "a text") ? "this text cannot hold values; a brace in it is written `\\{`" : NULL;
    case SLU_TOKEN_TAIL:
    case SLU_TOKEN_MIDDLE:
        return builder->previous.kind == SLU_TOKEN_HEAD || builder->previous.kind == SLU_TOKEN_MIDDLE
                   ? "between the braces stands a value such as `contact.name`; a brace in a text is written `\\{`"
                   : NULL;
    case SLU_TOKEN_NAME:
        return advice_on_name(builder, all);
    case '/':
        return slu_is_expected(all, "a text")
                   ? "a pattern stands after `matches`: `message.body matches /refund(s|ed)?/`"
                   : NULL;
    case '<':
    case '>':
    case SLU_TOKEN_LE:
    case SLU_TOKEN_GE:
    case SLU_TOKEN_NE:
        return advice_on_chain(all);
    case SLU_TOKEN_IS:
        return slu_is_expected(all, "`given`") ? "`given` names the event; each value has a line of its own below it"
                                               : advice_on_chain(all);
    case SLU_TOKEN_PER:
        return slu_is_expected(all, "a number") ? "say how often: `at most 2 per 1 day per contact`"
                                                : "a length of time has a number: `at most 2 per 1 day per contact`";
    case SLU_TOKEN_STRING:
        return advice_on_string(builder, all);
    case SLU_TOKEN_NUMBER:
        return advice_on_number(all);
    case SLU_TOKEN_IN:
    case SLU_TOKEN_ANY:
    case SLU_TOKEN_AFTER:
    case SLU_TOKEN_BETWEEN:
    case SLU_TOKEN_NOT:
    case SLU_TOKEN_DURING:
    case SLU_TOKEN_OLDER:
    case SLU_TOKEN_WITHIN:
    case SLU_TOKEN_KNOWN:
    case SLU_TOKEN_MISSING:
    case SLU_TOKEN_ONE:
        return advice_on_comparing(builder, all);
    case SLU_TOKEN_MORE:
    case SLU_TOKEN_THAN:
        return "write `>`, `>=`, `<` or `<=`";
    case SLU_TOKEN_AND:
    case SLU_TOKEN_OR:
    case ',':
        return advice_on_joining(builder, all);
    case SLU_TOKEN_RULE:
    case SLU_TOKEN_OTHERWISE:
        return slu_is_expected(all, "`ruleset`") && !slu_is_expected(all, "`rule`") ? "a rule stands in a `ruleset`"
                                                                                    : NULL;
    case SLU_TOKEN_WHEN:
        return advice_on_when(all);
    case SLU_TOKEN_THEN:
        return advice_on_then(all);
    case SLU_TOKEN_ONCE:
    case SLU_TOKEN_AT:
        return slu_is_expected(all, "`emit`") ? "how often a rule may win stands in front of `then`" : NULL;
    case SLU_TOKEN_WITH:
        return slu_is_expected(all, "`given`") ? "each value has a line of its own below: `company.size is 5`" : NULL;
    case SLU_TOKEN_AS:
        return all->count == 1 && slu_is_expected(all, "`is`") ? "write `is`" : NULL;
    case SLU_TOKEN_EXCLUSIVE:
        return "write `group topic exclusive is \"a\", \"b\"`";
    case SLU_TOKEN_BLOCK:
        return slu_is_expected(all, "`when`") ? "write `guard \"Title\" when … block …`" : NULL;
    case ')':
        return slu_is_expected(all, "`and`") ? "there is no `(` that it could close" : NULL;
    case ':':
        return slu_is_expected(all, "`then`") ? "there is no colon here: leave it out" : NULL;
    case '-':
        if (slu_is_expected(all, "`to`")) {
            return "write `monday to friday`, `09:00 to 17:00`";
        }
        return slu_is_expected(all, "`ruleset`") ? "a line begins with a word of the language; a comment with `#`"
                                                 : NULL;
    case '=':
        return advice_on_equals(builder, all);
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
    return slu_keyword_kind(slu_written(builder, builder->current.span)) >= 0 && slu_is_same_line(builder);
}

void slu_add_advice(struct slu_builder *builder, struct slu_diagnostic *diagnostic, const struct slu_expectation *all) {
    char word[WORD_BYTES];
    const struct slu_token *found = &builder->current;
    if (small_word(found, word)) {
        const char *advice = foreign_advice(word);
        if (advice != NULL) {
            slu_diagnostics_note(builder->diagnostics, diagnostic, "%s", advice);
            return;
        }
        bool event = slu_is_expected(all, "`complete`") && advice_on_name(builder, all) != NULL;
        const char *near = event ? NULL : nearest_expected(word, all->names, all->count);
        if (near != NULL) {
            slu_diagnostics_note(builder->diagnostics, diagnostic, "did you mean %s?", near);
            return;
        }
    }
    const char *advice = advice_by_kind(builder, all);
    if (advice == NULL) {
        advice = advice_on_expected(builder, all);
    }
    if (advice == NULL && slu_is_expected(all, "`and`") && slu_is_same_line(builder) &&
        small_word(&builder->previous, word)) {
        advice = foreign_advice(word); /* it was taken for a value: `is before 2026-01-01` */
    }
    if (advice != NULL) {
        slu_diagnostics_note(builder->diagnostics, diagnostic, "%s", advice);
        return;
    }
    if (slu_is_expected(all, "a name") && could_be_meant_as_name(builder)) {
        slu_diagnostics_note(builder->diagnostics, diagnostic,
                             "`%.*s` is a word of the language and no name of its own; with a dot, as in "
                             "`contact.%.*s`, it can be",
                             (int)found->text.length, found->text.bytes, (int)found->text.length, found->text.bytes);
    }
}

/* A misspelt or foreign keyword is taken for the name of an action or a field,
 * and only what follows does not fit: then the word is the mistake. */
bool slu_report_taken_for_name(struct slu_builder *builder, const struct slu_expectation *all) {
    char word[WORD_BYTES];
    bool taken_for_name = all->count <= 2 && (slu_is_expected(all, "`(`") || slu_is_expected(all, "`=`"));
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
