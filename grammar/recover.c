#include "grammar/recover.h"

#include "grammar/rules.h"

/* A token with what stands around it. */
struct neighbourhood {
    int previous, kind, next;
    bool first_on_line;
};

static bool is_inside(const struct neighbourhood *at) {
    return at->previous == '(' || at->previous == '[' || at->previous == ',' || at->previous == ':';
}

/* A keyword of declarations.def, followed by what such a declaration begins with. */
static bool starts_declaration(const struct neighbourhood *at) {
    if (is_inside(at) && !at->first_on_line) {
        return false;
    }
    switch (at->kind) {
    case SLU_TOKEN_USE:
    case SLU_TOKEN_FIELD:
    case SLU_TOKEN_EVENT:
    case SLU_TOKEN_STATE:
    case SLU_TOKEN_LIST:
    case SLU_TOKEN_DEFINE:
    case SLU_TOKEN_CALENDAR:
    case SLU_TOKEN_SOURCE:
    case SLU_TOKEN_SERVICE:
    case SLU_TOKEN_CONNECTOR:
    case SLU_TOKEN_LOOKUP:
        return at->next == SLU_TOKEN_NAME;
    case SLU_TOKEN_GROUP: /* not that of `always one of group` */
        return at->next == SLU_TOKEN_NAME && at->previous != SLU_TOKEN_OF && at->previous != SLU_TOKEN_ONE;
    case SLU_TOKEN_GUARD:
    case SLU_TOKEN_RULESET:
    case SLU_TOKEN_TEST:
        return at->next == SLU_TOKEN_STRING || (at->first_on_line && at->next != ':');
    case SLU_TOKEN_NEVER:
        return at->next == SLU_TOKEN_NAME || at->next == SLU_TOKEN_EVERY;
    case SLU_TOKEN_ALWAYS:
        return at->next == SLU_TOKEN_ONE;
    case SLU_TOKEN_SITE:
        return at->first_on_line;
    default:
        return false;
    }
}

static bool starts_rule(const struct neighbourhood *at) {
    if (at->kind == SLU_TOKEN_RULE) {
        return at->next == SLU_TOKEN_STRING && (at->first_on_line || !is_inside(at));
    }
    return at->kind == SLU_TOKEN_OTHERWISE && at->next == SLU_TOKEN_THEN;
}

static bool starts_step(const struct neighbourhood *at) {
    if (is_inside(at)) {
        return false;
    }
    bool outcome = at->next == SLU_TOKEN_RULE || at->next == SLU_TOKEN_NO || at->next == SLU_TOKEN_OTHERWISE;
    return (at->kind == SLU_TOKEN_GIVEN && at->next == SLU_TOKEN_NAME) || (at->kind == SLU_TOKEN_EXPECT && outcome);
}

static bool starts_action(const struct neighbourhood *at) {
    if (!at->first_on_line || is_inside(at)) {
        return false;
    }
    switch (at->kind) {
    case SLU_TOKEN_NAME:
    case SLU_TOKEN_RECORD:
        return at->next == '(';
    case SLU_TOKEN_SET:
    case SLU_TOKEN_EMIT:
        return at->next == SLU_TOKEN_NAME;
    case SLU_TOKEN_UNDO:
        return at->next == SLU_TOKEN_STRING;
    case SLU_TOKEN_AFTER:
        return at->next == SLU_TOKEN_DURATION;
    default:
        return false;
    }
}

/* A member of the open declaration, other than rules and steps: one a line. */
static bool starts_line(const struct neighbourhood *at, enum slu_declaration_kind open) {
    if (!at->first_on_line || is_inside(at)) {
        return false;
    }
    int kind = at->kind;
    if (open == SLU_DECLARATION_SOURCE) {
        bool mapping = at->next == SLU_TOKEN_FROM || (kind == SLU_TOKEN_NAME && at->next == '=');
        return (mapping && (kind == SLU_TOKEN_NAME || kind == SLU_TOKEN_AT)) ||
               (at->next == SLU_TOKEN_STRING && (kind == SLU_TOKEN_ON || kind == SLU_TOKEN_IGNORE));
    }
    if (open == SLU_DECLARATION_CONNECTOR || open == SLU_DECLARATION_SITE) {
        return kind == SLU_TOKEN_NAME;
    }
    if (open == SLU_DECLARATION_SERVICE) {
        return kind == SLU_TOKEN_ACTION || kind == SLU_TOKEN_READ || kind == SLU_TOKEN_TAKES ||
               kind == SLU_TOKEN_GIVES || kind == SLU_TOKEN_SETTING || kind == SLU_TOKEN_LIMIT ||
               kind == SLU_TOKEN_UNDONE || kind == SLU_TOKEN_CANNOT;
    }
    return open == SLU_DECLARATION_CALENDAR && (kind == SLU_TOKEN_OPEN || kind == SLU_TOKEN_CLOSED);
}

static bool is_start(const struct slu_builder *builder, enum slu_recover_level level, const struct neighbourhood *at) {
    if (at->kind == SLU_TOKEN_YYEOF || starts_declaration(at)) {
        return true;
    }
    if (level == SLU_RECOVER_DECLARATION || !builder->is_open) {
        return false;
    }
    enum slu_declaration_kind open = builder->open.kind;
    if ((open == SLU_DECLARATION_RULESET && starts_rule(at)) || (open == SLU_DECLARATION_TEST && starts_step(at)) ||
        starts_line(at, open)) {
        return true;
    }
    bool action = level >= SLU_RECOVER_ACTION && starts_action(at);
    return action || (level >= SLU_RECOVER_HEAD && at->kind == SLU_TOKEN_THEN && !is_inside(at));
}

static bool is_first_on_line(const struct slu_builder *builder, uint32_t offset) {
    const char *text = builder->lexer.start;
    while (offset > 0 && (text[offset - 1] == ' ' || text[offset - 1] == '\t')) {
        offset--;
    }
    return offset == 0 || text[offset - 1] == '\n' || text[offset - 1] == '\r';
}

/* Does `current` start a construct? Looks one token ahead, without reports. */
static bool stands_at_start(struct slu_builder *builder, enum slu_recover_level level, bool *start) {
    struct slu_lexer ahead = builder->lexer;
    ahead.diagnostics = NULL;
    struct slu_token next;
    if (!slu_lexer_next(&ahead, &next)) {
        return false;
    }
    const struct neighbourhood at = {builder->previous.kind, builder->current.kind, next.kind,
                                     is_first_on_line(builder, builder->current.span.start)};
    *start = is_start(builder, level, &at);
    return true;
}

/* A call that is never closed takes the `rule` of the next line for a parameter's
 * name, and the mistake shows a token late: reads that word again. */
static bool step_back(struct slu_builder *builder, enum slu_recover_level level) {
    const struct slu_token *word = &builder->previous;
    const struct neighbourhood at = {0, word->kind, builder->current.kind, true};
    bool again = word->span.start != builder->resumed_at && is_first_on_line(builder, word->span.start);
    if (!again || !is_start(builder, level, &at)) {
        return false;
    }
    builder->lexer.cursor = builder->lexer.start + word->span.start;
    builder->lexer.templates = 0; /* a text does not go over a line's end */
    builder->has_pending = false;
    return true;
}

bool slu_recover(struct slu_builder *builder, enum slu_recover_level level, bool has_lookahead, bool *skipped) {
    *skipped = false;
    builder->nesting = 0;
    bool start = false;
    if (has_lookahead && level == SLU_RECOVER_ARGUMENTS && step_back(builder, level)) {
        *skipped = true;
        if (!slu_builder_advance(builder)) {
            return false;
        }
    }
    if (!has_lookahead && !slu_builder_advance(builder)) {
        return false;
    }
    for (;;) {
        if (builder->failed || !stands_at_start(builder, level, &start)) {
            return false;
        }
        if (start) {
            break;
        }
        *skipped = true;
        if (!slu_builder_advance(builder)) {
            return false;
        }
    }
    builder->resumed_at = builder->current.span.start;
    if (*skipped || !has_lookahead) {
        *skipped = true;
        builder->pending = builder->current; /* given to the parser next */
        builder->has_pending = true;
        builder->current = builder->previous;
    }
    return true;
}
