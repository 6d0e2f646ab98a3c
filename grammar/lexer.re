/* The lexer. It mends what it can (`==` becomes `=`, 'quotes' become a text),
 * so that a known mistake is one finding with advice, and the parser goes on. */
#include "grammar/lexer.h"

#include "engine/base/limits.h"
#include "grammar/literals.h"
#include "grammar/rules.h"

#include <string.h>

/* The kind of what is only skipped: space, comments, mended mistakes. */
enum { SKIPPED = -1 };

/* Counts a mistake at the token and reports it; gives the diagnostic for notes, or NULL. */
#define REPORT(lexer, token, code, ...)                                                                                \
    ((lexer)->mistakes++, (lexer)->diagnostics == NULL                                                                 \
                              ? NULL                                                                                   \
                              : slu_diagnostics_add((lexer)->diagnostics, (code), (token)->span, __VA_ARGS__))
#define NOTE(lexer, diagnostic, ...)                                                                                   \
    do {                                                                                                               \
        if ((lexer)->diagnostics != NULL) {                                                                            \
            slu_diagnostics_note((lexer)->diagnostics, (diagnostic), __VA_ARGS__);                                     \
        }                                                                                                              \
    } while (0)

/*!re2c
    re2c:yyfill:enable = 0;
    re2c:flags:input = custom;
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYPEEK = "(unsigned char)*cursor";
    re2c:define:YYSKIP = "++cursor;";
    re2c:define:YYBACKUP = "marker = cursor;";
    re2c:define:YYRESTORE = "cursor = marker;";

    blank = [ \t]+;
    line_end = "\r\n" | "\n" | "\r";
    word = [A-Za-z_][A-Za-z0-9_]*;
    name = word ("." word)*;
    digits = [0-9]+ ("_" [0-9]+)*;
    number = digits ("." [0-9]+)?;
    unit = ("second" | "minute" | "hour" | "day" | "week") "s"?;
    date = [0-9]{4} "-" [0-9]{2} "-" [0-9]{2};
    not_ascii = [\x80-\xff];
    rest_of_line = [^\r\n\x00]*;
*/

static const struct keyword {
    struct slu_string word;
    int kind;
} keywords[] = {
#define KEYWORD(token, word) {{word, sizeof(word) - 1}, SLU_TOKEN_##token},
#include "grammar/keywords.def"
#undef KEYWORD
};

enum { KEYWORD_COUNT = sizeof(keywords) / sizeof(keywords[0]) };

/* The first two letters as a number: nearly all keywords differ in them. */
static unsigned first_two(const char *bytes) {
    return (unsigned)(unsigned char)bytes[0] << 8 | (unsigned char)bytes[1];
}

int slu_keyword_kind(struct slu_string word) {
    if (word.length < 2) { /* no keyword is so short */
        return -1;
    }
    unsigned wanted = first_two(word.bytes);
    size_t low = 0, high = KEYWORD_COUNT; /* the table is in the order of the words */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (first_two(keywords[middle].word.bytes) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < KEYWORD_COUNT && first_two(keywords[low].word.bytes) == wanted; low++) {
        if (slu_string_equal(word, keywords[low].word)) {
            return keywords[low].kind;
        }
    }
    return -1;
}

const char *slu_keyword_near(struct slu_string word) {
    const char *nearest = NULL;
    size_t least = word.length > 5 ? 3 : 2;
    for (size_t i = 0; i < KEYWORD_COUNT && word.length > 2; i++) {
        size_t distance = slu_string_distance(word, keywords[i].word, least);
        if (distance < least) {
            least = distance;
            nearest = keywords[i].word.bytes;
        }
    }
    return nearest;
}

void slu_lexer_init(struct slu_lexer *lexer, struct slu_arena *arena, struct slu_diagnostics *diagnostics,
                    uint32_t file, struct slu_string text) {
    bool marked = slu_string_starts_with(text, SLU_STRING("\xEF\xBB\xBF"));
    *lexer = (struct slu_lexer){
        .arena = arena,
        .diagnostics = diagnostics,
        .start = text.bytes,
        .cursor = text.bytes + (marked ? 3 : 0),
        .limit = text.bytes + text.length,
        .file = file,
    };
    lexer->previous_end = (uint32_t)(lexer->cursor - lexer->start);
}

/* Ends the token at `cursor`. */
static void end_token(struct slu_lexer *lexer, struct slu_token *token, const char *cursor, int kind) {
    lexer->cursor = cursor;
    token->kind = kind;
    token->span.end = (uint32_t)(cursor - lexer->start);
    token->text = (struct slu_string){lexer->start + token->span.start, token->span.end - token->span.start};
}

static void report_fault(struct slu_lexer *lexer, const struct slu_token *token, struct slu_literal_fault fault,
                         enum slu_diagnostic_code code) {
    if (fault.message != NULL) {
        struct slu_diagnostic *diagnostic = REPORT(lexer, token, code, "%s", fault.message);
        NOTE(lexer, diagnostic, "%s", fault.advice);
    }
}

/* A character or operator that other languages have: the finding says what it
 * is called here. */
static void report_foreign(struct slu_lexer *lexer, const struct slu_token *token, const char *advice) {
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "`%.*s` is not part of the language", (int)token->text.length,
               token->text.bytes);
    NOTE(lexer, diagnostic, "%s", advice);
}

/* The text between `from` and `to` becomes the token's value. */
static bool take_text(struct slu_lexer *lexer, struct slu_token *token, const char *from, const char *to) {
    struct slu_string written = {from, (size_t)(to - from)};
    if (written.length > SLU_LIMIT_TEXT_BYTES) {
        REPORT(lexer, token, SLU_DIAGNOSTIC_LIMIT, "the text is longer than %d bytes", SLU_LIMIT_TEXT_BYTES);
    }
    return slu_literal_unescape(lexer->arena, written, &token->text);
}

/* A text behind a name, or behind `env NAME`, is the value of a setting: a finding
 * does not show what may be a secret. Nowhere else may a text stand behind a name. */
static bool may_be_secret(const struct slu_lexer *lexer) {
    return lexer->templates == 0 && (lexer->previous == SLU_TOKEN_NAME || lexer->previous == SLU_TOKEN_ENV);
}

/* A text that the line's end cuts off; nothing of it is of use. */
static bool end_broken_text(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    bool hidden = may_be_secret(lexer);
    lexer->templates = 0;
    end_token(lexer, token, cursor, SLU_TOKEN_BROKEN);
    struct slu_token quote = *token;
    quote.span.end = quote.span.start + 1;
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, &quote, SLU_DIAGNOSTIC_SYNTAX, "the text that starts here has no end on this line");
    if (diagnostic != NULL) {
        diagnostic->hide_line = hidden;
    }
    NOTE(lexer, diagnostic, "close it with `\"`; a line end inside a text is written `\\n`");
    return true;
}

static void report_escape(struct slu_lexer *lexer, const char *from, const char *to) {
    struct slu_token escape = {
        .span = {lexer->file, (uint32_t)(from - lexer->start), (uint32_t)(to - lexer->start)}};
    bool code_point = to - from > 1 && from[1] == 'u';
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, &escape, SLU_DIAGNOSTIC_SYNTAX, "`%.*s` is not an escape", (int)(to - from), from);
    if (code_point) {
        NOTE(lexer, diagnostic,
             "a character by its number is written `\\u{1F600}`: one to six hexadecimal digits that name a character "
             "other than U+0000");
    } else {
        NOTE(lexer, diagnostic,
             "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\{` and `\\u{1F600}`; a backslash is written `\\\\`");
    }
}

/* A piece of text: from behind the opening quote, or (`resumed`) from behind
 * the brace that closes an interpolation, to the next brace or the quote. */
static bool scan_text(struct slu_lexer *lexer, struct slu_token *token, const char *cursor, bool resumed) {
    const char *marker = cursor, *start = cursor, *piece;
    for (;;) {
        piece = cursor;
        /*!re2c
            [^"\\{\r\n\x00]+ { continue; }
            ["] {
                lexer->templates -= resumed;
                end_token(lexer, token, cursor, resumed ? SLU_TOKEN_TAIL : SLU_TOKEN_STRING);
                return take_text(lexer, token, start, piece);
            }
            "{" {
                lexer->templates += !resumed;
                end_token(lexer, token, cursor, resumed ? SLU_TOKEN_MIDDLE : SLU_TOKEN_HEAD);
                if (lexer->templates > SLU_LIMIT_TEMPLATES) {
                    REPORT(lexer, token, SLU_DIAGNOSTIC_LIMIT,
                           "texts with `{ }` stand more than %d deep inside one another", SLU_LIMIT_TEMPLATES);
                    lexer->cursor = start + strcspn(start, "\r\n");
                    lexer->templates = 0;
                    token->kind = SLU_TOKEN_BROKEN;
                }
                return take_text(lexer, token, start, piece);
            }
            "\\" ["\\nt{] { continue; }
            "\\u{" [^}"\r\n\x00]* "}" {
                if (slu_literal_code_point((struct slu_string){piece + 3, (size_t)(cursor - piece) - 4}) == 0) {
                    report_escape(lexer, piece, cursor);
                }
                continue;
            }
            "\\" [^\r\n\x00\x80-\xff] { report_escape(lexer, piece, cursor); continue; }
            "\\" [\xc2-\xf4] [\x80-\xbf]+ { report_escape(lexer, piece, cursor); continue; }
            "\\" | line_end { return end_broken_text(lexer, token, piece); }
            * { return end_broken_text(lexer, token, piece); }
        */
    }
}

/* 'text', “text”, ‘text’: the cursor is behind the opening quote. It ends at a
 * quote of the same sort, so that “it's” is one text. */
static bool scan_foreign_text(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    const char *marker = cursor, *start = cursor, *piece;
    bool straight = start[-1] == '\'';
    bool single = !straight && (unsigned char)start[-1] < 0x9c; /* U+2018 to U+201B */
    for (;;) {
        piece = cursor;
        /*!re2c
            [^"'\xe2\r\n\x00]+ | "\xe2" { continue; }
            ['] { if (straight) { break; } continue; }
            ["] { if (!straight && !single) { break; } continue; }
            "\xe2\x80" [\x98-\x9b] { if (single) { break; } continue; }
            "\xe2\x80" [\x9c-\x9f] { if (!straight && !single) { break; } continue; }
            * { return end_broken_text(lexer, token, piece); }
        */
    }
    end_token(lexer, token, cursor, SLU_TOKEN_STRING);
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "a text stands in straight double quotes");
    if (diagnostic != NULL && may_be_secret(lexer)) {
        diagnostic->hide_line = true;
        NOTE(lexer, diagnostic, "write it between two `\"`");
    } else {
        NOTE(lexer, diagnostic, "write `\"%.*s\"`", (int)(piece - start), start);
    }
    return take_text(lexer, token, start, piece);
}

/* The cursor is behind the opening slash. */
static bool scan_pattern(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    const char *start = cursor, *piece;
    for (;;) {
        piece = cursor;
        /*!re2c
            [^/\\\r\n\x00]+ { continue; }
            "\\" [^\r\n\x00] { continue; }
            "/" {
                struct slu_string written = {start, (size_t)(piece - start)};
                end_token(lexer, token, cursor, SLU_TOKEN_PATTERN);
                if (written.length > SLU_LIMIT_TEXT_BYTES) {
                    REPORT(lexer, token, SLU_DIAGNOSTIC_LIMIT, "the pattern is longer than %d bytes",
                           SLU_LIMIT_TEXT_BYTES);
                }
                return slu_literal_pattern(lexer->arena, written, &token->text);
            }
            * { break; }
        */
    }
    lexer->templates = 0;
    end_token(lexer, token, piece, SLU_TOKEN_BROKEN);
    struct slu_token slash = *token;
    slash.span.end = slash.span.start + 1;
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, &slash, SLU_DIAGNOSTIC_SYNTAX, "the pattern that starts here has no end on this line");
    NOTE(lexer, diagnostic, "close it with `/`; a slash inside a pattern is written `\\/`");
    return true;
}

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Does a word or a number go on at the cursor, maybe behind a dot? */
static bool goes_on(const char *cursor) {
    return is_name_byte(*cursor) || (*cursor == '.' && is_name_byte(cursor[1]));
}

/* Numbers, durations and times must not run into a word: `50px`, `1e5`, `1.2.3`. */
static bool runs_on(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    if (!goes_on(cursor)) {
        return false;
    }
    while (goes_on(cursor)) {
        cursor++;
    }
    end_token(lexer, token, cursor, SLU_TOKEN_BROKEN);
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "`%.*s` is neither a number nor a name", (int)token->text.length,
               token->text.bytes);
    NOTE(lexer, diagnostic,
         "numbers are written `50`, `1_000` or `2.5`, durations `30 minutes`; a name begins with a letter");
    return true;
}

static bool end_number(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    struct slu_literal_fault fault = {NULL, NULL};
    if (runs_on(lexer, token, cursor)) {
        return true;
    }
    end_token(lexer, token, cursor, SLU_TOKEN_NUMBER);
    bool enough = slu_literal_number(lexer->arena, token->text, &token->number, &fault);
    report_fault(lexer, token, fault, SLU_DIAGNOSTIC_LIMIT);
    return enough;
}

/* A number and a word that may be a unit; the word is left where it only begins like one. */
static bool end_duration(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    struct slu_literal_fault fault = {NULL, NULL};
    end_token(lexer, token, cursor, SLU_TOKEN_DURATION);
    if (goes_on(cursor)) {
        struct slu_string number, unit;
        slu_literal_split_duration(token->text, &number, &unit);
        return end_number(lexer, token, number.bytes + number.length);
    }
    bool enough = slu_literal_duration(lexer->arena, token->text, &token->number, &fault);
    report_fault(lexer, token, fault, SLU_DIAGNOSTIC_LIMIT);
    return enough;
}

static void end_time(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    struct slu_literal_fault fault = {NULL, NULL};
    if (runs_on(lexer, token, cursor)) {
        return;
    }
    end_token(lexer, token, cursor, SLU_TOKEN_TIME);
    token->number = slu_literal_time(token->text, &fault);
    report_fault(lexer, token, fault, SLU_DIAGNOSTIC_BAD_TIME);
}

static void end_clock(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    struct slu_literal_fault fault = {NULL, NULL};
    if (runs_on(lexer, token, cursor)) {
        return;
    }
    end_token(lexer, token, cursor, SLU_TOKEN_CLOCK);
    token->number = slu_literal_clock(token->text, &fault);
    report_fault(lexer, token, fault, SLU_DIAGNOSTIC_BAD_TIME);
}

/* A dot where no name goes on. */
static void end_dot(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    while (*cursor == '.' || is_name_byte(*cursor)) {
        cursor++; /* `a..b` is one mistake */
    }
    end_token(lexer, token, cursor, SLU_TOKEN_BROKEN);
    struct slu_diagnostic *diagnostic =
        REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "a name or number neither begins nor ends with `.`");
    NOTE(lexer, diagnostic, "names are written `contact.email`, without spaces; numbers `0.5`");
}

static void end_stray(struct slu_lexer *lexer, struct slu_token *token, const char *cursor) {
    end_token(lexer, token, cursor, SLU_TOKEN_BROKEN);
    unsigned char byte = (unsigned char)token->text.bytes[0];
    struct slu_diagnostic *diagnostic;
    if (byte < ' ' || byte == 0x7f) {
        diagnostic = REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "a control character (byte %02x) stands here", byte);
    } else {
        diagnostic = REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "`%.*s` is not part of the language",
                            (int)token->text.length, token->text.bytes);
    }
    NOTE(lexer, diagnostic,
         byte >= 0x80 ? "outside of texts and comments there are only ASCII characters" : "remove it, or write a text");
}

/* Where the next token or comment begins. A line's end is no space inside a text. */
static const char *skip_space(const struct slu_lexer *lexer) {
    const char *cursor = lexer->cursor;
    bool whole_lines = lexer->templates == 0;
    while (*cursor == ' ' || *cursor == '\t' || (whole_lines && (*cursor == '\n' || *cursor == '\r'))) {
        cursor++;
    }
    return cursor;
}

/* One token, or something to skip. */
static bool scan(struct slu_lexer *lexer, struct slu_token *token) {
    const char *cursor = skip_space(lexer), *limit = lexer->limit, *marker = cursor, *start = cursor;
    bool pattern = lexer->previous == SLU_TOKEN_MATCHES ||
                   (lexer->previous == SLU_TOKEN_EXACTLY && lexer->before_previous == SLU_TOKEN_MATCHES);
    token->span = (struct slu_span){lexer->file, (uint32_t)(start - lexer->start), 0};
    token->kind = SKIPPED;

#define TOKEN(kind) return end_token(lexer, token, cursor, (kind)), true
#define FOREIGN(kind, advice)                                                                                          \
    return end_token(lexer, token, cursor, (kind)), report_foreign(lexer, token, (advice)), true
    /*!re2c
        "#" rest_of_line { lexer->cursor = cursor; return true; }
        line_end { return end_broken_text(lexer, token, start); } // only within `{ }`: skip_space
        !include "keywords.re"; // of keywords.def
        name { TOKEN(SLU_TOKEN_NAME); }
        name ".*" { TOKEN(SLU_TOKEN_EVERY); }
        ("." word)+ {
            bool path = lexer->previous == ']' || lexer->previous == ')';
            if (path && lexer->previous_end == token->span.start) {
                TOKEN(SLU_TOKEN_STEP);
            }
            end_dot(lexer, token, cursor);
            return true;
        }
        "." { end_dot(lexer, token, cursor); return true; }
        number { return end_number(lexer, token, cursor); }
        number blank? unit { return end_duration(lexer, token, cursor); }
        date | date "T" [0-9:.]* ("Z" | [-+] [0-9:]*)? { end_time(lexer, token, cursor); return true; }
        [0-9]{1,2} ":" [0-9]{1,2} { end_clock(lexer, token, cursor); return true; }
        ["] { return scan_text(lexer, token, cursor, false); }
        "}" {
            if (lexer->templates > 0) {
                return scan_text(lexer, token, cursor, true);
            }
            FOREIGN(SKIPPED, "there are no braces: a construct ends where the next one begins");
        }
        "{" {
            if (lexer->templates > 0) {
                FOREIGN(SKIPPED, "a value in a text stands in one pair of braces: `{contact.name}`; a brace is written `\\{`");
            }
            FOREIGN(SKIPPED, "there are no braces: a construct ends where the next one begins");
        }
        ";" { FOREIGN(SKIPPED, "there are no semicolons: a construct ends where the next one begins"); }
        "/" {
            if (pattern) {
                return scan_pattern(lexer, token, cursor);
            }
            TOKEN('/');
        }
        "//" | "/*" {
            if (pattern) {
                return scan_pattern(lexer, token, cursor - 1);
            }
            cursor += strcspn(cursor, "\r\n");
            end_token(lexer, token, cursor, SKIPPED);
            struct slu_diagnostic *diagnostic =
                REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "a comment starts with `#`");
            NOTE(lexer, diagnostic, "it goes up to the end of the line");
            return true;
        }
        [-+*(),:=<>[\]] { TOKEN((unsigned char)*start); }
        "!=" { TOKEN(SLU_TOKEN_NE); }
        "<=" { TOKEN(SLU_TOKEN_LE); }
        ">=" { TOKEN(SLU_TOKEN_GE); }
        "??" { TOKEN(SLU_TOKEN_FB); }
        "==" | "===" { FOREIGN('=', "write `is` or `=`"); }
        "!==" | "<>" | "~=" { FOREIGN(SLU_TOKEN_NE, "write `is not` or `!=`"); }
        "=<" { FOREIGN(SLU_TOKEN_LE, "write `<=`"); }
        "=>" { FOREIGN(SLU_TOKEN_GE, "write `>=`, or `then` before an action"); }
        "&" "&"? { FOREIGN(SLU_TOKEN_AND, "write `and`"); }
        "|" "|"? { FOREIGN(SLU_TOKEN_OR, "write `or`"); }
        "!" { FOREIGN(SLU_TOKEN_NOT, "write `not`"); }
        "?" { FOREIGN(SLU_TOKEN_BROKEN, "a value for a missing field is written `field ?? \"value\"`"); }
        ['] | "\xe2\x80" [\x98-\x9f] { return scan_foreign_text(lexer, token, cursor); }
        "\xc2\xa0" {
            end_token(lexer, token, cursor, SKIPPED);
            struct slu_diagnostic *diagnostic =
                REPORT(lexer, token, SLU_DIAGNOSTIC_SYNTAX, "a no-break space stands here");
            NOTE(lexer, diagnostic, "outside of texts, words are separated by ordinary spaces");
            return true;
        }
        not_ascii+ { end_stray(lexer, token, cursor); return true; }
        * { end_stray(lexer, token, cursor); return true; }
        "\x00" {
            if (start < limit) {
                end_stray(lexer, token, cursor);
                return true;
            }
            if (lexer->templates > 0) {
                return end_broken_text(lexer, token, start);
            }
            token->span.start = lexer->previous_end; /* shown behind the last token, not on an empty line */
            token->span.end = lexer->previous_end;
            token->text = (struct slu_string){start, 0};
            token->kind = SLU_TOKEN_YYEOF;
            return true;
        }
    */
#undef TOKEN
#undef FOREIGN
}

bool slu_lexer_next(struct slu_lexer *lexer, struct slu_token *token) {
    do {
        *token = (struct slu_token){.kind = SKIPPED};
        if (!scan(lexer, token)) {
            return false;
        }
    } while (token->kind == SKIPPED);
    lexer->before_previous = lexer->previous;
    lexer->previous = token->kind;
    lexer->previous_end = token->span.end;
    return true;
}
