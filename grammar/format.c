#include "grammar/format.h"

#include "grammar/layout.h"
#include "grammar/literals.h"
#include "grammar/rules.h"

#include <string.h>

/* The state of printing. */
struct printer {
    const struct slu_layout *layout;
    struct slu_buffer *out;
    size_t column;     /* characters on the line so far */
    size_t hanging;    /* where a wrapped line goes on */
    uint32_t depth;    /* open brackets and templates */
    uint32_t template; /* open templates: their line is never broken */
    bool any;          /* something is printed: a blank line makes sense */
};

/* The space before a token: line ends and comments, read one after the other. */
struct gap {
    const char *at, *end;
    uint32_t line_ends; /* passed since the last comment */
};

/* Moves to the next comment; false when there is none left. */
static bool next_comment(struct gap *gap, struct slu_string *comment) {
    gap->line_ends = 0;
    while (gap->at < gap->end && *gap->at != '#') {
        bool pair = gap->at[0] == '\r' && gap->at + 1 < gap->end && gap->at[1] == '\n';
        gap->line_ends += *gap->at == '\n' || (*gap->at == '\r' && !pair);
        gap->at++;
    }
    if (gap->at == gap->end) {
        return false;
    }
    const char *start = gap->at;
    while (gap->at < gap->end && *gap->at != '\n' && *gap->at != '\r') {
        gap->at++;
    }
    const char *last = gap->at;
    while (last[-1] == ' ' || last[-1] == '\t') {
        last--;
    }
    *comment = (struct slu_string){start, (size_t)(last - start)};
    return true;
}

static struct gap gap_before(const struct slu_layout *layout, uint32_t index) {
    const char *text = layout->text.bytes;
    uint32_t from = index > 0 ? layout->tokens[index - 1].end : 0;
    if (index == 0 && slu_string_starts_with(layout->text, SLU_STRING("\xEF\xBB\xBF"))) {
        from = 3; /* a byte order mark is white space */
    }
    return (struct gap){text + from, text + layout->tokens[index].start, 0};
}

/* Ends the line, if there is something on it, and indents the next. */
static void start_line(struct printer *printer, size_t indent, bool blank) {
    if (printer->column > 0) {
        slu_buffer_add_byte(printer->out, '\n');
    }
    if (blank && printer->any) {
        slu_buffer_add_byte(printer->out, '\n');
    }
    printer->any = true;
    slu_buffer_add_repeated(printer->out, ' ', indent);
    printer->column = indent;
}

/* Prints the comments before a token, each at the end of a line or on a line
 * of its own. True when there were any: the token then begins a line.
 * *paragraph is cleared once the blank line it asks for is printed. */
static bool print_comments(struct printer *printer, uint32_t index, size_t indent, bool *paragraph, bool *blank) {
    const struct slu_layout_token *token = &printer->layout->tokens[index];
    struct gap gap = gap_before(printer->layout, index);
    struct slu_string comment;
    bool any = false;
    while (next_comment(&gap, &comment)) {
        bool trailing = gap.line_ends == 0 && printer->column > 0;
        if (trailing) {
            slu_buffer_add_text(printer->out, "  ");
        } else {
            bool apart = gap.line_ends > 1 && token->begins != SLU_LAYOUT_SAME_LINE;
            start_line(printer, indent, apart || *paragraph);
            *paragraph = false;
        }
        slu_buffer_add(printer->out, comment);
        printer->column += comment.length + 1;
        any = true;
    }
    *blank = gap.line_ends > 1 && token->begins != SLU_LAYOUT_SAME_LINE;
    return any;
}

static bool has_comment(const struct slu_layout *layout, uint32_t index) {
    struct gap gap = gap_before(layout, index);
    struct slu_string comment;
    return next_comment(&gap, &comment);
}

/* Columns from this token up to where the line may wrap next, at most `deeper` brackets
 * further in, or to the line's end; counting ends where no line is that long. */
static size_t width_to_wrap(const struct printer *printer, uint32_t index, uint32_t deeper) {
    const struct slu_layout *layout = printer->layout;
    size_t width = slu_layout_width(layout, index);
    uint32_t depth = printer->depth, template = printer->template;
    for (uint32_t i = index; i + 1 < layout->count && width <= SLU_LAYOUT_COLUMNS; i++) {
        int kind = layout->tokens[i].kind;
        depth += (uint32_t)slu_layout_nesting(kind);
        template += kind == SLU_TOKEN_HEAD;
        template -= kind == SLU_TOKEN_TAIL;
        bool ends = layout->tokens[i + 1].begins != SLU_LAYOUT_SAME_LINE || has_comment(layout, i + 1);
        bool may_wrap = kind == ',' || layout->tokens[i + 1].may_wrap;
        if (ends || (may_wrap && template == 0 && depth <= printer->depth + deeper)) {
            break;
        }
        width += slu_layout_space(layout, i + 1, depth) + slu_layout_width(layout, i + 1);
    }
    return width;
}

/* Does the line wrap here? Before what has no room on this line
 * but on the next; what has no room there either begins here and wraps inside. */
static bool wraps(const struct printer *printer, uint32_t index, size_t space) {
    const struct slu_layout_token *tokens = printer->layout->tokens;
    bool may_wrap = tokens[index].may_wrap || (index > 0 && tokens[index - 1].kind == ',');
    if (!may_wrap || printer->template > 0) {
        return false;
    }
    size_t room = printer->column + space < SLU_LAYOUT_COLUMNS ? SLU_LAYOUT_COLUMNS - printer->column - space : 0;
    size_t whole = width_to_wrap(printer, index, 0);
    if (whole <= room) {
        return false;
    }
    return whole + printer->hanging <= SLU_LAYOUT_COLUMNS || width_to_wrap(printer, index, SLU_LIMIT_NESTING) > room;
}

static void print_token(struct printer *printer, uint32_t index) {
    const struct slu_layout_token *token = &printer->layout->tokens[index];
    struct slu_string written = {printer->layout->text.bytes + token->start, token->end - token->start};
    if (token->kind == SLU_TOKEN_DURATION) {
        struct slu_string number, unit;
        slu_literal_split_duration(written, &number, &unit);
        slu_buffer_add(printer->out, number);
        slu_buffer_add_byte(printer->out, ' ');
        slu_buffer_add(printer->out, unit);
    } else {
        slu_buffer_add(printer->out, written);
    }
    printer->column += slu_layout_width(printer->layout, index);
    printer->depth += (uint32_t)slu_layout_nesting(token->kind);
    printer->template += token->kind == SLU_TOKEN_HEAD;
    printer->template -= token->kind == SLU_TOKEN_TAIL;
}

/* What separates the token from the one before it on the line. */
static void print_space(struct printer *printer, uint32_t index) {
    const struct slu_layout_token *token = &printer->layout->tokens[index];
    size_t space = slu_layout_space(printer->layout, index, printer->depth);
    if (wraps(printer, index, space)) {
        start_line(printer, printer->hanging, false);
        return;
    }
    if (token->column > printer->column + space) {
        space = token->column - printer->column;
    }
    slu_buffer_add_repeated(printer->out, ' ', space);
    printer->column += space;
}

static void print_file(struct printer *printer) {
    const struct slu_layout *layout = printer->layout;
    for (uint32_t index = 0; index < layout->count; index++) {
        const struct slu_layout_token *token = &layout->tokens[index];
        bool begins = token->begins != SLU_LAYOUT_SAME_LINE;
        bool paragraph = token->begins == SLU_LAYOUT_PARAGRAPH;
        size_t indent = begins ? token->indent : printer->hanging;
        bool blank = false;
        bool commented = print_comments(printer, index, indent, &paragraph, &blank);
        if (token->kind == SLU_TOKEN_YYEOF) {
            break;
        }
        if (begins || commented) {
            start_line(printer, indent, blank || paragraph);
        } else {
            print_space(printer, index);
        }
        if (begins) {
            printer->hanging = token->hanging;
        }
        print_token(printer, index);
    }
    if (printer->column > 0) {
        slu_buffer_add_byte(printer->out, '\n');
    }
}

enum sluice_status slu_format(struct slu_sources *sources, uint32_t file, struct slu_arena *arena,
                              struct slu_diagnostics *diagnostics, struct slu_buffer *out) {
    struct slu_whole whole;
    enum sluice_status status = slu_parse_whole(sources, file, arena, diagnostics, &whole);
    if (status != SLUICE_OK) {
        return status;
    }
    if (whole.mistakes > 0) {
        return SLUICE_INVALID;
    }
    struct slu_layout layout;
    if (!slu_layout_read(&layout, arena, &whole)) {
        return SLUICE_NO_MEMORY;
    }
    slu_layout_mark(&layout, &whole.tree);
    struct printer printer = {.layout = &layout, .out = out};
    print_file(&printer);
    return out->failed ? SLUICE_NO_MEMORY : SLUICE_OK;
}
