/* The functions of the language: every example of functions.def, run as a
 * rule, and the edges that an example does not show. */
#include "engine/base/arena.h"
#include "engine/base/buffer.h"
#include "engine/base/limits.h"
#include "engine/include/sluice/sluice.h"
#include "stdlib/functions/functions.h"
#include "tests/unit/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct check counts;

static void check(bool good, const char *what) {
    check_that(&counts, good, what, __FILE__, __LINE__);
}

/* ---- examples ---- */

static struct sluice_string string_of(struct slu_string from) {
    return (struct sluice_string){from.bytes, from.length};
}

static void report(void *context, bool is_error, struct sluice_string text, struct sluice_string json) {
    (void)context, (void)json;
    if (is_error)
        fprintf(stderr, "%.*s", (int)text.length, text.bytes);
}

/* One ruleset a function; its rule holds when the example gives what it should. */
static void write_examples(struct slu_buffer *text) {
    slu_buffer_add_text(text, "event test.example \"An example is run\"\n");
    for (int i = 0; i < SLU_FUNCTION_COUNT; i++) {
        const struct slu_function_entry *function = &slu_functions[i];
        slu_buffer_add_format(text, "ruleset \"%s\" on test.example rule \"%s\" when %s is %s then record(\"yes\")\n",
                              function->word, function->word, function->example, function->gives);
    }
}

static void decide_examples(sluice_program *program) {
    sluice_decider *decider = NULL;
    struct sluice_event event;
    struct sluice_error error = {{0}, {0}, 0};
    struct sluice_result result = {NULL, 0};
    struct sluice_delivery delivery = {.body = string_of(SLU_STRING("{\"event\":\"test.example\"}"))};
    struct sluice_inputs inputs = {.clock = 0};
    bool ready = sluice_decider_new(program, &decider) == SLUICE_OK &&
                 sluice_read(decider, &delivery, &event, &error) == SLUICE_OK &&
                 sluice_decide(decider, &inputs, &result, &error) == SLUICE_OK;
    check(ready && result.count == SLU_FUNCTION_COUNT, "the examples are decided");
    for (size_t i = 0; i < result.count; i++) {
        char name[64];
        snprintf(name, sizeof name, "example of %.*s", (int)result.decisions[i].ruleset.length,
                 result.decisions[i].ruleset.bytes);
        check(result.decisions[i].rule.bytes != NULL, name);
    }
    sluice_decider_free(decider);
}

static void test_examples(void) {
    struct slu_buffer text;
    slu_buffer_init(&text);
    write_examples(&text);
    struct sluice_file file = {string_of(SLU_STRING("examples.rules")), string_of(slu_buffer_string(&text))};
    struct sluice_host host = {.report = report};
    sluice_program *program = NULL;
    bool compiled = !text.failed && sluice_compile(&file, 1, &host, &program) == SLUICE_OK;
    check(compiled, "the examples compile");
    if (compiled)
        decide_examples(program);
    sluice_program_free(program);
    slu_buffer_free(&text);
}

/* ---- edges ---- */

static struct slu_arena arena;

static struct slu_value text_of(const char *terminated) {
    bool out_of_memory = false;
    return slu_value_text(&arena, slu_string_from(terminated), &out_of_memory);
}

static struct slu_value list_of(size_t count, const struct slu_value *items) {
    struct slu_list *list = SLU_NEW(&arena, struct slu_list);
    list->items = SLU_NEW_ARRAY(&arena, struct slu_value, count);
    list->count = count;
    for (size_t i = 0; i < count; i++)
        list->items[i] = items[i];
    return slu_value_list(list);
}

static struct slu_value call(const char *word, struct slu_value first, struct slu_value second,
                             struct slu_value third) {
    bool out_of_memory = false;
    const struct slu_value arguments[] = {first, second, third};
    enum slu_function function = slu_function_find(slu_string_from(word));
    struct slu_value result = slu_functions[function].call(arguments, 0, &arena, &out_of_memory);
    check(!out_of_memory, word);
    return result;
}

static struct slu_value call1(const char *word, const char *text) {
    return call(word, text_of(text), slu_value_missing(), slu_value_missing());
}

static bool is_text(struct slu_value value, const char *wanted) {
    return value.type == SLU_TYPE_TEXT && slu_string_is(value.as.text->raw, wanted);
}

static bool is_number(struct slu_value value, double wanted) {
    return value.type == SLU_TYPE_NUMBER && fabs(value.as.number - wanted) < 1e-12;
}

/* The elements with a bar after each. */
static bool is_list(struct slu_value value, const char *wanted) {
    struct slu_buffer joined;
    slu_buffer_init(&joined);
    for (size_t i = 0; value.type == SLU_TYPE_LIST && i < value.as.list->count; i++) {
        slu_buffer_add(&joined, value.as.list->items[i].as.text->raw);
        slu_buffer_add_byte(&joined, '|');
    }
    bool same = value.type == SLU_TYPE_LIST && slu_string_is(slu_buffer_string(&joined), wanted);
    slu_buffer_free(&joined);
    return same;
}

static void test_text(void) {
    struct slu_value none = slu_value_missing();
    check(is_number(call1("words", ""), 0), "no words in nothing");
    check(is_number(call1("words", "a\xC2\xA0 b\xE3\x80\x80\x63"), 3), "words end at any white space of Unicode");
    check(call1("first_word", " \t").type == SLU_TYPE_MISSING, "no first word");
    check(is_text(call1("trim", "\xE3\x80\x80 x y \xC2\x85"), "x y"), "trim takes Unicode's white space");
    check(is_text(call1("trim", "   "), ""), "trim of white space");
    check(is_text(call("cut", text_of("abc"), slu_value_number(3), none), "abc"), "cut leaves what fits");
    check(is_text(call("cut", text_of("abcd"), slu_value_number(3.9), none), "ab\xE2\x80\xA6"), "cut rounds down");
    check(is_text(call("cut", text_of("abcd"), slu_value_number(1), none), "\xE2\x80\xA6"), "cut to one");
    check(is_text(call("cut", text_of("abcd"), slu_value_number(-1), none), ""), "cut to nothing");
    check(is_text(call("cut", text_of("\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"), slu_value_number(2), none),
                  "\xF0\x9F\x98\x80\xE2\x80\xA6"),
          "cut never splits a character");
    check(is_text(call("replace", text_of("aAbaa"), text_of("aa"), text_of("-")), "-b-"), "replace ignores case");
    check(is_text(call("replace", text_of("abc"), text_of(""), text_of("-")), "abc"), "nothing is replaced by nothing");
    /* The Kelvin sign has three bytes and folds to k, which has one. */
    check(is_text(call("replace", text_of("1\xE2\x84\xAA."), text_of("k"), text_of("000")), "1000."),
          "replace where folding changes the length");
    check(call1("domain", "nobody@").type == SLU_TYPE_MISSING, "no domain");
    check(is_text(call1("domain", " \"a@b\"@example.com "), "example.com"), "the domain follows the last @");
    check(call1("local_part", "@example.com").type == SLU_TYPE_MISSING, "no local part");
    check(call1("local_part", "nobody").type == SLU_TYPE_MISSING, "no @");
}

static void test_finding(void) {
    struct slu_value none = slu_value_missing();
    struct slu_value prefix = text_of("https://github.com/");
    check(is_list(call("links", text_of("(see https://github.com/a/b_(c)), \"HTTPS://GitHub.com/x/\"!"), prefix, none),
                  "https://github.com/a/b_(c)|HTTPS://GitHub.com/x|"),
          "links end where addresses end");
    check(is_list(
              call("links", text_of("https://github.com/?next=https://github.com/a https://github.com/"), prefix, none),
              ""),
          "an address inside another's query is none");
    check(is_list(call("links", text_of("https://github.com/a\xE3\x81\xAF https://github.com/a"), prefix, none),
                  "https://github.com/a|"),
          "links are ASCII and come once");
    const struct slu_value paths[] = {text_of("/a/"), text_of("/ab/")};
    check(is_list(call("ids_after", text_of("/a/1-_Z! /A/2 /ab/ /ab/3\xC3\xA9"), list_of(2, paths), none), "1-_Z|2|3|"),
          "ids are runs of letters, digits, _ and -");
    struct slu_value many[SLU_LIMIT_PREFIXES + 1];
    for (size_t i = 0; i <= SLU_LIMIT_PREFIXES; i++)
        many[i] = text_of("x");
    check(call("ids_after", text_of("x1"), list_of(SLU_LIMIT_PREFIXES + 1, many), none).type == SLU_TYPE_MISSING,
          "too many prefixes");
}

static void test_lists(void) {
    struct slu_value none = slu_value_missing();
    struct slu_value empty = list_of(0, NULL);
    const struct slu_value two[] = {text_of("Stra\xC3\x9F\x65"), text_of("b")};
    check(call("first", empty, none, none).type == SLU_TYPE_MISSING, "no first element");
    check(call("last", empty, none, none).type == SLU_TYPE_MISSING, "no last element");
    check(is_text(call("join", empty, text_of(","), none), ""), "nothing joined");
    check(is_list(call("split", text_of("a and B AND c"), text_of(" AND "), none), "a|B|c|"), "split ignores case");
    check(is_list(call("split", text_of(" a b "), text_of(""), none), "a b|"), "split at nothing");
    check(is_list(call("remove", list_of(2, two), text_of("STRA\xE1\xBA\x9E\x45"), none), "b|"),
          "remove folds as comparisons do");
    check(is_list(call("union", empty, empty, none), ""), "union of nothing");
}

static void test_limits(void) {
    size_t length = SLU_LIMIT_LIST_ITEMS * 2 + 2;
    char *bytes = slu_arena_alloc_bytes(&arena, length);
    for (size_t i = 0; i < length; i++)
        bytes[i] = i % 2 == 0 ? 'a' : ',';
    bool out_of_memory = false;
    struct slu_value text = slu_value_text(&arena, (struct slu_string){bytes, length}, &out_of_memory);
    struct slu_value none = slu_value_missing();
    check(call("split", text, text_of(","), none).type == SLU_TYPE_MISSING, "a list past the limit is missing");
    struct slu_value by = slu_value_text(
        &arena, (struct slu_string){bytes, SLU_LIMIT_EVENT_BYTES / SLU_LIMIT_LIST_ITEMS}, &out_of_memory);
    check(call("replace", text, text_of("a"), by).type == SLU_TYPE_MISSING, "a text past the limit is missing");
}

static void test_numbers(void) {
    struct slu_value none = slu_value_missing();
    check(call1("number", "1,5").type == SLU_TYPE_MISSING, "no number");
    check(call1("number", "1e999").type == SLU_TYPE_MISSING, "too large a number");
    check(is_number(call1("number", "-2.5e2"), -250), "a number as JSON writes it");
    check(is_number(call("round", slu_value_number(-2.5), none, none), -3), "halves go away from zero");
    check(call("percent", slu_value_number(1), slu_value_number(0), none).type == SLU_TYPE_MISSING, "percent of 0");
    check(is_number(call("hour", slu_value_time(-1), none, none), 23), "the hour before the epoch");
    check(is_number(call("weekday", slu_value_time(-1), none, none), 3), "the day before the epoch was a Wednesday");
    check(slu_function_find(SLU_STRING("lengt")) == SLU_FUNCTION_COUNT, "no such function");
}

/* With too little memory a function says so and gives nothing. */
static void test_memory(void) {
    const struct slu_value arguments[] = {text_of("a b"), text_of(" "), text_of("-")};
    for (int i = 0; i < SLU_FUNCTION_COUNT; i++) {
        const struct slu_function_entry *function = &slu_functions[i];
        struct slu_arena none;
        slu_arena_init(&none, 1);
        bool only_texts = true, out_of_memory = false;
        for (uint32_t at = 0; at < function->parameter_count; at++)
            only_texts = only_texts && function->parameters[at] == SLU_TYPE_TEXT;
        bool allocates = function->result == SLU_TYPE_TEXT || function->result == SLU_TYPE_LIST;
        if (only_texts && allocates && strchr(function->example, '@') == NULL) {
            struct slu_value result = function->call(arguments, 0, &none, &out_of_memory);
            check(out_of_memory && result.type == SLU_TYPE_MISSING, function->word);
        }
        slu_arena_free(&none);
    }
}

int main(void) {
    slu_arena_init(&arena, 0);
    test_text();
    test_finding();
    test_lists();
    test_limits();
    test_numbers();
    test_memory();
    slu_arena_free(&arena);
    test_examples();
    return check_finish(&counts);
}
