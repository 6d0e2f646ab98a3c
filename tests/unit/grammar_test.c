/* What text cases cannot reach: the tree's values, the tables' agreement, and
 * memory running out at each allocation. */
#include "grammar/format.h"
#include "grammar/lexer.h"
#include "grammar/parse.h"
#include "grammar/rules.h"
#include "tests/unit/check.h"
#include "tests/unit/failing_memory.h"

#include <stdlib.h>
#include <string.h>

struct parsed {
    struct slu_arena arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_tree tree;
    enum sluice_status status;
};

/* Gives the text a place of its own and forgets it, so that a tree that borrows shows. */
static void parse(struct parsed *parsed, struct slu_string text) {
    uint32_t file = 0;
    char *copy = malloc(text.length + 1);
    slu_arena_init(&parsed->arena, 0);
    slu_sources_init(&parsed->sources, &parsed->arena);
    slu_diagnostics_init(&parsed->diagnostics, &parsed->arena, &parsed->sources);
    parsed->status = SLUICE_NO_MEMORY;
    parsed->tree = (struct slu_tree){0};
    if (copy == NULL) {
        return;
    }
    memcpy(copy, text.bytes, text.length);
    text.bytes = copy;
    if (slu_sources_add(&parsed->sources, SLU_STRING("a.rules"), text, false, &file)) {
        parsed->status = slu_parse(&parsed->sources, file, &parsed->arena, &parsed->diagnostics, &parsed->tree);
    }
    memset(copy, 'x', text.length);
    free(copy);
}

static void release(struct parsed *parsed) {
    slu_arena_free(&parsed->arena);
}

static const char every_construct[] =
    "use intercom, slack\n"
    "field a.b : choice of \"x\", \"y\" \"A field\"\n"
    "event c.d \"An event\"\n"
    "state a.s : list of text = []\n"
    "list l is [\"one\", \"\\u{1F600}\\n\"]\n"
    "define big is a.n > -2.5 and not (a.t is within 1.5 hours or a.b matches exactly /x\\/y/)\n"
    "calendar hours zone \"Europe/Berlin\" open monday to friday, sunday 09:00 to 17:30 closed 2026-12-25 \"Xmas\"\n"
    "group g exclusive is \"p\", \"q\"\n"
    "lookup live is intercom.conversation(conversation.id, list: 1)\n"
    "guard \"G\" when a.f block intercom.assign, slack.*\n"
    "service s \"S\" setting token : secret limit 10 per 1 minute action act takes x : text optional undone by back\n"
    "  read look gives y : number\n"
    "source src body is json or form topic from header \"X\", action at from p(json).q[-1][*][\"k k\"].z or t as a b\n"
    "  on \"T\" when p.q is \"v\" is c.d a.b from x is one of [\"1\"] a.n = -5 ignore \"ping\" because \"nothing\"\n"
    "connector intercom token from env TOKEN id \"5\"\n"
    "site public_url \"u\"\n"
    "ruleset \"R\" on c.d, e.f complete\n"
    "  rule \"one\" when a or b or c unless d once per contact at most 2 per 7 days per contact\n"
    "    then after 30 minutes unless c.d or e.f slack.post(text: \"Hi {a.b ?? \"x\"}!\", each l) set a.s = [\"z\"]\n"
    "         emit c.d(x: 1) undo \"one\" record(\"why\")\n"
    "  otherwise then record(\"else\")\n"
    "test \"T\" given c.d at 2026-11-21T09:00:00+01:00 a.b is \"x\" a.n is missing\n"
    "  expect rule \"one\" in \"R\" blocked slack.post(text: \"x\") and no rule\n"
    "never intercom.assign more than once per contact always one of group g when a.f on c.d\n";

static void test_tree(struct check *check) {
    struct parsed parsed;
    parse(&parsed, slu_string_from(every_construct));
    const struct slu_declaration *all = parsed.tree.declarations;
    CHECK(check, parsed.status == SLUICE_OK);
    CHECK(check, parsed.diagnostics.count == 0);
    if (!CHECK(check, parsed.tree.declaration_count == SLU_DECLARATION_COUNT)) {
        release(&parsed);
        return;
    }
    for (uint32_t i = 0; i < parsed.tree.declaration_count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < parsed.tree.declaration_count; j++) {
            found = found || all[j].kind == (enum slu_declaration_kind)i;
        }
        CHECK(check, found);
    }
    CHECK(check, all[1].as.field.type.choices.count == 2);
    CHECK_TEXT(check, all[1].as.field.description.text, "A field");
    CHECK(check, all[3].as.state.type.is_list && all[3].as.state.initial->item_count == 0);
    CHECK(check, all[4].as.list.elements->item_count == 2);
    CHECK_TEXT(check, all[4].as.list.elements->items[1]->text, "\xF0\x9F\x98\x80\n");

    const struct slu_expression *big = all[5].as.define.condition;
    CHECK(check, big->kind == SLU_EXPRESSION_AND);
    CHECK(check, big->items[0]->items[1]->number == -2.5);
    const struct slu_expression *either = big->items[1]->items[0]->items[0];
    CHECK(check, either->kind == SLU_EXPRESSION_OR);
    CHECK(check, either->items[0]->items[1]->number == 5400000);
    CHECK(check, either->items[1]->exactly);
    CHECK_TEXT(check, either->items[1]->text, "x/y");

    const struct slu_calendar_syntax *calendar = &all[6].as.calendar;
    CHECK(check, calendar->open_count == 2 && calendar->open[1].to_minute == 17 * 60 + 30);
    CHECK_TEXT(check, calendar->open[0].last_day.text, "friday");
    CHECK(check, calendar->closed[0].time == 1798156800000.0);
    CHECK(check, all[9].as.guard.masks[1].every);
    CHECK_TEXT(check, all[9].as.guard.masks[1].action.text, "slack");
    const struct slu_service_syntax *service = &all[10].as.service;
    CHECK(check, service->settings[0].secret && service->limit_count == 10 && service->limit_per == 60000);
    CHECK(check, service->operations[0].takes[0].optional && service->operations[1].give_count == 1);
    CHECK_TEXT(check, service->operations[0].undone_by.text, "back");

    const struct slu_source_syntax *source = &all[11].as.source;
    CHECK(check, source->bodies.count == 2 && source->head_count == 2 && source->topic_count == 2);
    CHECK(check, source->head[0].alternatives[0].part_count == 2);
    const struct slu_origin *path = &source->head[1].alternatives[0].parts[0];
    CHECK(check, path->step_count == 7 && path->steps[1].kind == SLU_STEP_JSON && path->steps[3].index == -1);
    CHECK_TEXT(check, path->steps[5].key, "k k");
    CHECK_TEXT(check, path->steps[6].key, "z");
    CHECK(check, source->head[1].alternatives[1].modifier.kind == SLU_MODIFIER_AS);
    CHECK(check, source->topics[0].when != NULL && source->topics[0].mappings[1].constant->number == -5);
    CHECK(check, source->topics[1].ignored);

    const struct slu_ruleset_syntax *ruleset = &all[14].as.ruleset;
    CHECK(check, ruleset->complete && ruleset->events.count == 2 && ruleset->rule_count == 2);
    const struct slu_rule_syntax *rule = &ruleset->rules[0];
    CHECK(check, rule->allowance_count == 2 && rule->allowances[1].period == 7 * 86400000.0);
    CHECK(check, rule->actions.count == 5 && rule->actions.items[0].delay == 1800000);
    CHECK(check, rule->actions.items[0].unless.count == 2 && rule->actions.items[0].arguments[1].each);
    const struct slu_expression *template = rule->actions.items[0].arguments[0].value;
    CHECK(check, template->kind == SLU_EXPRESSION_TEMPLATE && template->item_count == 3);
    CHECK_TEXT(check, template->items[2]->text, "!");
    CHECK(check, ruleset->rules[1].otherwise);

    const struct slu_step_syntax *step = &all[15].as.test.steps[0];
    CHECK(check, step->has_time && step->time == 1795248000000.0);
    CHECK(check, step->given_count == 2 && step->given[1].value == NULL && step->outcome_count == 2);
    CHECK(check, step->outcomes[0].actions.items[0].blocked);
    release(&parsed);
}

/* keywords.def, the lexer and the grammar's `word` agree. */
static void test_keywords(struct check *check) {
    static const struct {
        const char *word;
        int kind;
    } keywords[] = {
#define KEYWORD(token, word) {word, SLU_TOKEN_##token},
#include "grammar/keywords.def"
#undef KEYWORD
    };
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        const char *word = keywords[i].word;
        CHECK(check, i == 0 || strcmp(keywords[i - 1].word, word) < 0);
        CHECK(check, slu_keyword_kind(slu_string_from(word)) == keywords[i].kind);
        bool value = strcmp(word, "true") == 0 || strcmp(word, "false") == 0 || strcmp(word, "not") == 0 ||
                     strcmp(word, "now") == 0 || strcmp(word, "each") == 0;
        struct slu_buffer text;
        slu_buffer_init(&text);
        slu_buffer_add_format(&text, "define d is f(%s: 1)\nsource s x from %s[0].%s\nfield a.%s : text\n", word, word,
                              word, word);
        struct parsed parsed;
        parse(&parsed, slu_buffer_string(&text));
        if (!CHECK(check, (parsed.diagnostics.error_count == 0) == !value)) {
            printf("  the word is %s\n", word);
        }
        release(&parsed);
        slu_buffer_free(&text);
    }
}

/* Long chains become flat trees; every tree stays within the limit. */
static void test_depth(struct check *check) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    slu_buffer_add_text(&text, "define d is n0.x");
    for (int i = 1; i < 20000; i++) {
        slu_buffer_add_format(&text, i % 3 == 0 ? " or n%d.x" : " and n%d.x", i);
    }
    struct parsed parsed;
    parse(&parsed, slu_buffer_string(&text));
    CHECK(check, parsed.diagnostics.count == 0);
    CHECK(check, parsed.tree.declaration_count == 1);
    CHECK(check, parsed.tree.declarations[0].as.define.condition->depth < 20);
    const struct slu_expression *first = parsed.tree.declarations[0].as.define.condition;
    const struct slu_expression *last = first;
    while (first->item_count > 0) {
        first = first->items[0];
    }
    while (last->item_count > 0) {
        last = last->items[1];
    }
    CHECK_TEXT(check, first->text, "n0.x");
    CHECK_TEXT(check, last->text, "n19999.x");
    release(&parsed);

    slu_buffer_clear(&text);
    slu_buffer_add_text(&text, "define d is ");
    slu_buffer_add_repeated(&text, '(', 10000);
    slu_buffer_add_text(&text, "\ndefine e is a\n");
    parse(&parsed, slu_buffer_string(&text));
    CHECK(check, parsed.diagnostics.count == 1);
    CHECK(check, parsed.diagnostics.items[0].code == SLU_DIAGNOSTIC_LIMIT);
    CHECK(check, parsed.tree.declaration_count == 1);
    release(&parsed);
    slu_buffer_free(&text);
}

/* What could be read stays, what could not is gone. */
static void test_recovery(struct check *check) {
    struct parsed parsed;
    parse(&parsed, SLU_STRING("field a.b text\nfield a.c : text\nruleset \"R\" on c.d\nrule \"A\" then x\n"
                              "rule \"B\" then record(\"b\")\nrule \"C\" then f(\nrule \"D\" then record(\"d\")\n"));
    CHECK(check, parsed.diagnostics.count == 3);
    if (CHECK(check, parsed.tree.declaration_count == 2)) {
        const struct slu_ruleset_syntax *ruleset = &parsed.tree.declarations[1].as.ruleset;
        CHECK(check, ruleset->rule_count == 2);
        CHECK_TEXT(check, ruleset->rules[1].title.text, "D");
    }
    release(&parsed);
}

static void format_once(void *context) {
    struct slu_string text = *(const struct slu_string *)context;
    struct parsed parsed;
    struct slu_buffer out;
    uint32_t file;
    slu_buffer_init(&out);
    slu_arena_init(&parsed.arena, 0);
    slu_sources_init(&parsed.sources, &parsed.arena);
    slu_diagnostics_init(&parsed.diagnostics, &parsed.arena, &parsed.sources);
    if (slu_sources_add(&parsed.sources, SLU_STRING("a.rules"), text, false, &file)) {
        slu_format(&parsed.sources, file, &parsed.arena, &parsed.diagnostics, &out);
    }
    slu_buffer_free(&out);
    slu_arena_free(&parsed.arena);
}

/* The arena takes large blocks; a limit of its own fails at any allocation. */
static enum sluice_status format_within(struct slu_string text, size_t bytes) {
    struct slu_arena places, arena;
    struct slu_sources sources;
    struct slu_diagnostics diagnostics;
    struct slu_buffer out;
    uint32_t file;
    enum sluice_status status = SLUICE_NO_MEMORY;
    slu_buffer_init(&out);
    slu_arena_init(&places, 0);
    slu_arena_init(&arena, bytes);
    slu_sources_init(&sources, &places);
    slu_diagnostics_init(&diagnostics, &places, &sources);
    if (slu_sources_add(&sources, SLU_STRING("a.rules"), text, false, &file)) {
        status = slu_format(&sources, file, &arena, &diagnostics, &out);
    }
    slu_buffer_free(&out);
    slu_arena_free(&arena);
    slu_arena_free(&places);
    return status;
}

static void test_memory(struct check *check) {
    struct slu_string good = slu_string_from(every_construct);
    struct slu_string bad = SLU_STRING("ruleset \"R\" on c.d\nrule \"A\" whn x\nrule \"B\" then f(\"{a b}\" \"\\q\"\n");
    CHECK(check, failing_memory_try_all(format_once, &good) > 3);
    CHECK(check, failing_memory_try_all(format_once, &bad) > 3);
    size_t bytes = 1;
    while (bytes < 1000000 && format_within(good, bytes) == SLUICE_NO_MEMORY) {
        bytes += 16;
    }
    CHECK(check, bytes > 10000 && bytes < 1000000);
    CHECK(check, format_within(good, bytes) == SLUICE_OK);
    while (bytes > 16) {
        bytes -= 16;
        if (format_within(bad, bytes) == SLUICE_NO_MEMORY) {
            break;
        }
    }
    CHECK(check, bytes > 100);
}

int main(void) {
    struct check check = {0, 0};
    test_tree(&check);
    test_keywords(&check);
    test_depth(&check);
    test_recovery(&check);
    test_memory(&check);
    return check_finish(&check);
}
