#include "engine/prove/mutations.h"

#include "engine/prove/pick.h"
#include "engine/prove/prover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a longer list no element is left out: that would be as many changes. */
enum { ELEMENTS_MAX = 16 };

struct listing {
    const struct sluice_program *program;
    struct slu_arena *arena;
    struct slu_mutations *mutations;
    struct slu_buffer text;
    bool failed;
};

static struct slu_string slice(const struct listing *listing, struct slu_span span) {
    return slu_sources_slice(&listing->program->sources, span);
}

static struct slu_string shown(struct listing *listing, struct slu_string text) {
    struct slu_string line = slu_prove_one_line(listing->arena, text);
    listing->failed = listing->failed || line.bytes == NULL;
    return line;
}

/* What is in the buffer, on the arena. */
static struct slu_string take_text(struct listing *listing) {
    struct slu_string text = {NULL, 0};
    if (listing->text.failed || !slu_arena_copy_string(listing->arena, slu_buffer_string(&listing->text), &text)) {
        listing->failed = true;
    }
    slu_buffer_clear(&listing->text);
    return text;
}

static void add(struct listing *listing, struct slu_mutation mutation) {
    struct slu_mutations *mutations = listing->mutations;
    if (listing->failed || !SLU_RESERVE(listing->arena, mutations->items, mutations->capacity, mutations->count)) {
        listing->failed = true;
        return;
    }
    mutations->items[mutations->count++] = mutation;
}

/* A part of `whole` gets the buffer's text. People are shown the whole. */
static void replace(struct listing *listing, struct slu_span part, struct slu_span whole) {
    struct slu_string text = take_text(listing);
    struct slu_string old = slice(listing, whole);
    size_t before = part.start - whole.start, after = part.end - whole.start;
    slu_buffer_add(&listing->text, (struct slu_string){old.bytes, before});
    slu_buffer_add(&listing->text, text);
    slu_buffer_add(&listing->text, (struct slu_string){old.bytes + after, old.length - after});
    struct slu_string changed = take_text(listing);
    add(listing, (struct slu_mutation){part, text, part, shown(listing, old), shown(listing, changed)});
}

/* ---- conditions ---- */

static void flip(struct listing *listing, const struct slu_expression *test) {
    struct slu_string written = slice(listing, test->span);
    slu_buffer_add_text(&listing->text, "not (");
    slu_buffer_add(&listing->text, written);
    slu_buffer_add_byte(&listing->text, ')');
    replace(listing, test->span, test->span);
}

/* One day, hour, ... of what the duration is written in. */
static double unit_of(double milliseconds) {
    static const double units[] = {86400000, 3600000, 60000, 1000};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (fmod(milliseconds, units[i]) == 0) {
            return units[i];
        }
    }
    return 1;
}

static double moved_duration(double milliseconds, int direction) {
    return milliseconds + direction * unit_of(milliseconds);
}

static void write_moved(struct listing *listing, const struct slu_expression *literal, int direction) {
    if (literal->kind == SLU_EXPRESSION_TIME) {
        slu_buffer_add_time(&listing->text, literal->number + direction * unit_of(literal->number));
    } else if (literal->kind == SLU_EXPRESSION_DURATION) {
        slu_buffer_add_duration(&listing->text, moved_duration(literal->number, direction));
    } else {
        slu_buffer_add_number(&listing->text, slu_pick_neighbour(literal->number, direction));
    }
}

static void move_boundary(struct listing *listing, const struct slu_expression *literal, struct slu_span whole) {
    while (literal->kind == SLU_EXPRESSION_GROUP || literal->kind == SLU_EXPRESSION_NEGATE) {
        literal = literal->items[0];
    }
    bool moves = literal->kind == SLU_EXPRESSION_NUMBER || literal->kind == SLU_EXPRESSION_TIME ||
                 literal->kind == SLU_EXPRESSION_DURATION;
    for (int direction = -1; moves && direction <= 1; direction += 2) {
        write_moved(listing, literal, direction);
        replace(listing, literal->span, whole);
    }
}

/* Each element of a list that is written out is left out. */
static void drop_elements(struct listing *listing, const struct slu_expression *list, struct slu_span whole) {
    bool drops = list->kind == SLU_EXPRESSION_LIST && list->item_count > 1 && list->item_count <= ELEMENTS_MAX;
    for (uint32_t left_out = 0; drops && left_out < list->item_count; left_out++) {
        slu_buffer_add_byte(&listing->text, '[');
        for (uint32_t i = 0; i < list->item_count; i++) {
            if (i == left_out) {
                continue;
            }
            slu_buffer_add_text(&listing->text, i > (left_out == 0) ? ", " : "");
            slu_buffer_add(&listing->text, slice(listing, list->items[i]->span));
        }
        slu_buffer_add_byte(&listing->text, ']');
        replace(listing, list->span, whole);
    }
}

static bool is_word(struct slu_string text, size_t at, struct slu_string word) {
    return at + word.length <= text.length && memcmp(text.bytes + at, word.bytes, word.length) == 0;
}

/* The operator stands between its operands, with comments perhaps. People are
 * shown the two conditions beside it. */
static void exchange(struct listing *listing, const struct slu_expression *chain) {
    bool is_and = chain->kind == SLU_EXPRESSION_AND;
    struct slu_string old = is_and ? SLU_STRING("and") : SLU_STRING("or");
    const struct slu_expression *left = chain->items[0];
    struct slu_span between = {chain->span.file, left->span.end, chain->items[1]->span.start};
    while (left->kind == SLU_EXPRESSION_AND || left->kind == SLU_EXPRESSION_OR) {
        left = left->items[1];
    }
    struct slu_string text = slice(listing, between);
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '#') {
            while (i < text.length && text.bytes[i] != '\n') {
                i++;
            }
        } else if (is_word(text, i, old)) {
            uint32_t start = between.start + (uint32_t)i;
            slu_buffer_add_text(&listing->text, is_and ? "or" : "and");
            replace(listing, (struct slu_span){between.file, start, start + (uint32_t)old.length},
                    (struct slu_span){between.file, left->span.start, chain->items[1]->span.end});
            return;
        }
    }
}

/* Conditions are at most as deep as SLU_LIMIT_NESTING; chains lean to the left and are walked in a loop. */
static void change_condition(struct listing *listing, const struct slu_expression *expression) {
    for (;;) {
        bool is_chain = expression->kind == SLU_EXPRESSION_AND || expression->kind == SLU_EXPRESSION_OR;
        if (is_chain) {
            exchange(listing, expression);
            change_condition(listing, expression->items[1]);
        } else if (expression->kind != SLU_EXPRESSION_GROUP && expression->kind != SLU_EXPRESSION_NOT) {
            break;
        }
        expression = expression->items[0];
    }
    flip(listing, expression);
    bool has_items = expression->kind != SLU_EXPRESSION_NAME && expression->kind != SLU_EXPRESSION_CALL &&
                     !slu_expression_has_number(expression);
    for (uint32_t i = 0; has_items && i < expression->item_count; i++) {
        move_boundary(listing, expression->items[i], expression->span);
        drop_elements(listing, expression->items[i], expression->span);
    }
}

/* ---- rules ---- */

static void leave_out(struct listing *listing, struct slu_span span, const char *what, struct slu_string name) {
    slu_buffer_add_text(&listing->text, what);
    slu_buffer_add(&listing->text, name);
    slu_buffer_add_text(&listing->text, " is left out");
    struct slu_string after = take_text(listing);
    add(listing, (struct slu_mutation){span, {NULL, 0}, span, {NULL, 0}, shown(listing, after)});
}

static void swap(struct listing *listing, const struct slu_rule_syntax *first, const struct slu_rule_syntax *second) {
    struct slu_span both = {first->span.file, first->span.start, second->span.end};
    struct slu_string between = slice(listing, (struct slu_span){both.file, first->span.end, second->span.start});
    slu_buffer_add(&listing->text, slice(listing, second->span));
    slu_buffer_add(&listing->text, between);
    slu_buffer_add(&listing->text, slice(listing, first->span));
    struct slu_string text = take_text(listing);
    slu_buffer_add_format(&listing->text, "rules \"%.*s\" and \"%.*s\" change places", (int)first->title.text.length,
                          first->title.text.bytes, (int)second->title.text.length, second->title.text.bytes);
    struct slu_string after = take_text(listing);
    add(listing, (struct slu_mutation){both, text, first->title.span, {NULL, 0}, shown(listing, after)});
}

static void change_constant(struct listing *listing, const struct slu_expression *value) {
    struct slu_string written = slice(listing, value->span);
    switch ((uint32_t)value->kind) {
    case SLU_EXPRESSION_NUMBER:
    case SLU_EXPRESSION_TIME:
    case SLU_EXPRESSION_DURATION:
        write_moved(listing, value, 1);
        break;
    case SLU_EXPRESSION_FLAG:
        slu_buffer_add_text(&listing->text, value->number != 0 ? "false" : "true");
        break;
    case SLU_EXPRESSION_TEXT:
    case SLU_EXPRESSION_TEMPLATE:
        if (written.length < 2) {
            return;
        }
        slu_buffer_add_text(&listing->text, "\"changed ");
        slu_buffer_add(&listing->text, (struct slu_string){written.bytes + 1, written.length - 1});
        break;
    default:
        return; /* it hangs on the event */
    }
    replace(listing, value->span, value->span);
}

static void write_allowance(struct listing *listing, const struct slu_allowance_syntax *allowance, double count,
                            double period) {
    slu_buffer_add_text(&listing->text, "at most ");
    slu_buffer_add_number(&listing->text, count);
    if (period > 0) {
        slu_buffer_add_text(&listing->text, " per ");
        slu_buffer_add_duration(&listing->text, period);
    }
    if (allowance->entity.text.length > 0) {
        slu_buffer_add_text(&listing->text, " per ");
        slu_buffer_add(&listing->text, allowance->entity.text);
    }
    replace(listing, allowance->span, allowance->span);
}

static void change_allowance(struct listing *listing, const struct slu_allowance_syntax *allowance) {
    leave_out(listing, allowance->span, "", slice(listing, allowance->span));
    for (int direction = -1; direction <= 1; direction += 2) {
        double count = allowance->count + direction, period = moved_duration(allowance->period, direction);
        if (count > 0) {
            write_allowance(listing, allowance, count, allowance->period);
        }
        if (allowance->period > 0 && period > 0) {
            write_allowance(listing, allowance, allowance->count, period);
        }
    }
}

/* `after 2 hours ...`: an action's text begins with it, and comments may stand between. */
static void move_delay(struct listing *listing, const struct slu_action_syntax *action) {
    struct slu_string text = slice(listing, action->span);
    size_t start = 0, end;
    while (start < text.length && !(text.bytes[start] >= '0' && text.bytes[start] <= '9')) {
        bool comment = text.bytes[start++] == '#';
        while (comment && start < text.length && text.bytes[start] != '\n') {
            start++;
        }
    }
    for (end = start; end < text.length && strchr("0123456789. \t", text.bytes[end]) != NULL; end++) {
    }
    while (end < text.length && text.bytes[end] >= 'a' && text.bytes[end] <= 'z') {
        end++;
    }
    struct slu_span span = {action->span.file, action->span.start + (uint32_t)start,
                            action->span.start + (uint32_t)end};
    for (int direction = -1; direction <= 1; direction += 2) {
        double moved = moved_duration(action->delay, direction);
        if (moved > 0) {
            slu_buffer_add_duration(&listing->text, moved);
            replace(listing, span, action->span);
        }
    }
}

static void change_rule(struct listing *listing, const struct slu_rule_syntax *rule, bool is_only) {
    if (rule->when != NULL) {
        change_condition(listing, rule->when);
    }
    if (rule->unless != NULL) {
        change_condition(listing, rule->unless);
    }
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        change_allowance(listing, &rule->allowances[i]);
    }
    for (uint32_t i = 0; i < rule->actions.count; i++) {
        const struct slu_action_syntax *action = &rule->actions.items[i];
        if (action->delayed) {
            move_delay(listing, action);
        }
        for (uint32_t j = 0; j < action->argument_count; j++) {
            change_constant(listing, action->arguments[j].value);
        }
    }
    if (is_only) {
        return; /* a ruleset has rules */
    }
    if (rule->otherwise) {
        leave_out(listing, rule->span, "otherwise", (struct slu_string){NULL, 0});
        return;
    }
    slu_buffer_add_byte(&listing->text, '"');
    slu_buffer_add(&listing->text, rule->title.text);
    slu_buffer_add_byte(&listing->text, '"');
    leave_out(listing, rule->span, "rule ", take_text(listing));
}

/* ---- the whole ---- */

static bool is_ours(const struct listing *listing, struct slu_span span) {
    return !listing->program->sources.items[span.file].standard;
}

static void change_all(struct listing *listing) {
    const struct slu_model *model = listing->program->model;
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        const struct slu_ruleset_syntax *ruleset = model->rulesets[i].syntax;
        for (uint32_t j = 0; j < ruleset->rule_count && is_ours(listing, ruleset->rules[j].span); j++) {
            const struct slu_rule_syntax *rule = &ruleset->rules[j];
            change_rule(listing, rule, ruleset->rule_count == 1);
            if (j + 1 < ruleset->rule_count && !rule[1].otherwise) {
                swap(listing, rule, rule + 1);
            }
        }
    }
    for (uint32_t i = 0; i < model->defines_count; i++) {
        if (model->defines[i].used && is_ours(listing, model->defines[i].name.span)) {
            change_condition(listing, model->defines[i].condition);
        }
    }
    for (uint32_t i = 0; i < model->lists_count; i++) {
        const struct slu_expression *elements = model->lists[i].elements;
        if (model->lists[i].used && is_ours(listing, elements->span)) {
            drop_elements(listing, elements, elements->span);
        }
    }
    for (uint32_t i = 0; i < model->guards_count; i++) {
        if (is_ours(listing, model->guards[i].syntax->title.span)) {
            change_condition(listing, model->guards[i].syntax->condition);
        }
    }
}

static int compare_places(const void *left, const void *right) {
    const struct slu_mutation *a = left, *b = right;
    if (a->place.file != b->place.file) {
        return a->place.file < b->place.file ? -1 : 1;
    }
    if (a->place.start != b->place.start) {
        return a->place.start < b->place.start ? -1 : 1;
    }
    return slu_string_compare(a->text, b->text);
}

bool slu_mutations_list(const struct sluice_program *program, struct slu_arena *arena,
                        struct slu_mutations *mutations) {
    struct listing listing = {.program = program, .arena = arena, .mutations = mutations};
    *mutations = (struct slu_mutations){NULL, 0, 0};
    slu_buffer_init(&listing.text);
    change_all(&listing);
    slu_buffer_free(&listing.text);
    if (mutations->count > 1) {
        qsort(mutations->items, mutations->count, sizeof *mutations->items, compare_places);
    }
    return !listing.failed;
}

void slu_mutation_apply(const struct sluice_program *program, const struct slu_mutation *mutation,
                        struct slu_buffer *out) {
    struct slu_string text = program->sources.items[mutation->span.file].text;
    slu_buffer_add(out, (struct slu_string){text.bytes, mutation->span.start});
    slu_buffer_add(out, mutation->text);
    slu_buffer_add(out, (struct slu_string){text.bytes + mutation->span.end, text.length - mutation->span.end});
}
