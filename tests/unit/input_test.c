/* Forms, plain text, times, conversion to slots, and reading deliveries with
 * hand-built programs: what needs neither grammar nor compiler. */
#include "engine/input/form.h"
#include "engine/input/input.h"
#include "engine/input/json.h"
#include "engine/input/plain_text.h"
#include "tests/unit/failing_memory.h"

#include <stdio.h>
#include <string.h>

static int passed, failed;

static void check(bool fine, const char *what, const char *detail) {
    if (fine) {
        passed++;
    } else {
        failed++;
        printf("failed: %s: %s\n", what, detail);
    }
}

static void check_text(const char *what, struct slu_string got, const char *expected) {
    check(slu_string_is(got, expected), what, expected);
    if (!slu_string_is(got, expected)) {
        printf("    got: %.*s\n", (int)got.length, got.bytes);
    }
}

/* ---- forms ---- */

static void test_form(void) {
    struct slu_arena arena;
    const struct slu_json *form;
    slu_arena_init(&arena, 0);
    check(slu_form_read(SLU_STRING("&a=1&&b+c=x%2By+z&d&=e&f=%C3%A9=%00"), &arena, &form, NULL) == SLUICE_OK, "form",
          "read");
    check(form && form->kind == SLU_JSON_OBJECT && form->count == 5, "form", "five members");
    if (form) {
        check_text("a", slu_json_member(form, SLU_STRING("a"))->text, "1");
        check_text("b c", slu_json_member(form, SLU_STRING("b c"))->text, "x+y z");
        check_text("d", slu_json_member(form, SLU_STRING("d"))->text, "");
        check_text("empty name", slu_json_member(form, SLU_STRING(""))->text, "e");
        check(slu_string_equal(slu_json_member(form, SLU_STRING("f"))->text, SLU_STRING("\xc3\xa9=\0")), "f", "bytes");
    }
    check(slu_form_read(SLU_STRING(""), &arena, &form, NULL) == SLUICE_OK && form->count == 0, "form", "empty");
    static const struct {
        const char *text, *code;
        size_t at;
    } refused[] = {
        {"a=%", "bad-form", 2},
        {"a=%4", "bad-form", 2},
        {"a=1&b=%4g", "bad-form", 6},
        {"a=%FF", "bad-utf8", 2},
        {"b=1&\xff=2", "bad-utf8", 4},
        {"a=1&b=2&&a=3", "duplicate-key", 9},
        {"a=1&%61=3", "duplicate-key", 4},
        {"a=%4&a=1", "bad-form", 2},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct sluice_error error = {.code = ""};
        check(slu_form_read(slu_string_from(refused[i].text), &arena, &form, &error) == SLUICE_INVALID, "form refused",
              refused[i].text);
        check(strcmp(error.code, refused[i].code) == 0 && error.at_byte == refused[i].at, refused[i].text, error.code);
    }
    slu_arena_free(&arena);
}

/* ---- plain text ---- */

static void test_plain_text(void) {
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"", ""},
        {"<p>Hello,</p>", "Hello,"},
        {"<p>One</p>\n<p>Two</p>", "One\nTwo"},
        {"a<br>b<br/><br />c", "a\nb\n\nc"},
        {"<br><br>  a  \n b<br><br><br><br>", "a b"},
        {"<ul><li>x</li><li>y</li></ul>z", "x\ny\nz"},
        {"a &amp; b &lt;c&gt; &quot;d&quot; &nbsp;&eacute;&#233;&#xE9;&euro;",
         "a & b <c> \"d\" \xc3\xa9\xc3\xa9\xc3\xa9\xe2\x82\xac"},
        {"&unknown; &amp &; &#; &#x; &#0;&#xD800;&#99999999;",
         "&unknown; &amp &; &#; &#x; \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"<b>bo</b>ld <i>it</i>", "bold it"},
        {"1 < 2 <3 a<", "1 < 2 <3 a<"},
        {"x<script>if (a < b) { '</p>' }</script>y<STYLE>p {}</Style >z", "xyz"},
        {"x<script>never closed", "x"},
        {"a<!-- <b> -->b<!-->c<!doctype html>d<?php x ?>e", "abcde"},
        {"a<!-- never closed", "a"},
        {"<a href=\"https://example.com/?a=1&amp;b=2\">here</a>.", "here (https://example.com/?a=1&b=2)."},
        {"<a href='https://example.com'>see https://example.com now</a>", "see https://example.com now"},
        {"<a class=x href=mailto:ann@example.com>ann@example.com</a>", "ann@example.com"},
        {"<a href=\"https://e.com\"></a>", "https://e.com"},
        {"go <a href=\"https://e.com\">there", "go there (https://e.com)"},
        {"<a name=x>t</a><a>u</a>", "tu"},
        {"<a href=\"u1\">x<a href=\"u2\">y</a>", "x (u1)y (u2)"},
        {"<img src=\"i.png\" alt=\"a &amp; b\">", "a & b"},
        {"<img src=x>", ""},
        {"a<p title=\"x > y\">b", "a\nb"},
        {"a<b", "a"},
        {"a<a href=\"b", "ab"},
        {"</ p></>", "</ p></>"},
        {"\xc3\xa9\xc2\xa0\xe2\x82\xac", "\xc3\xa9 \xe2\x82\xac"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slu_arena arena;
        struct slu_string text;
        slu_arena_init(&arena, 0);
        check(slu_plain_text(slu_string_from(cases[i].html), &arena, &text), "plain text", "memory");
        check_text(cases[i].html, text, cases[i].text);
        slu_arena_free(&arena);
    }
}

/* ---- times ---- */

static void test_time(void) {
    static const struct {
        const char *text;
        double milliseconds;
    } times[] = {
        {"1970-01-01", 0},
        {"2026-11-21", 1795219200000},
        {"2026-11-21T09:00:00Z", 1795251600000},
        {"2026-11-21t09:00:00z", 1795251600000},
        {"2026-11-21 09:00", 1795251600000},
        {"2026-11-21T10:30:00+01:30", 1795251600000},
        {"2026-11-21T07:30-0130", 1795251600000},
        {"2026-11-21T10+01", -1},
        {"2026-11-21T10:00+01", 1795251600000},
        {"2026-11-21T09:00:00.123456Z", 1795251600123},
        {"2026-11-21T09:00:00,5", 1795251600500},
        {"1969-12-31T23:59:59.999", -1.0},
        {"2000-02-29", 951782400000},
        {"1900-02-29", -1},
        {"2024-02-30", -1},
        {"0001-01-01", -62135596800000},
        {"9999-12-31T23:59:59.999Z", 253402300799999},
        {"9999-12-31T23:59:59-01:00", -1},
        {"0001-01-01T00:00:00+01:00", -1},
        {"0000-01-01", -1},
        {"2026-13-01", -1},
        {"2026-00-10", -1},
        {"2026-11-31", -1},
        {"2026-11-21T24:00:00Z", -1},
        {"2026-11-21T23:59:60Z", -1},
        {"2026-11-21T09:60Z", -1},
        {"2026-11-21T09:00:00.Z", -1},
        {"2026-11-21T09:00:00+24:00", -1},
        {"2026-11-21T09:00:00+1", -1},
        {"2026-11-21T09:00:00+01:", -1},
        {"2026-11-21T09:00:00ZZ", -1},
        {"2026-11-21T", -1},
        {"2026-11", -1},
        {"20261121", -1},
        {"1763700000", -1},
        {"", -1},
        {" 2026-11-21", -1},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        double got = -1;
        bool read = slu_time_parse(slu_string_from(times[i].text), &got);
        bool expected = times[i].milliseconds != -1 || strcmp(times[i].text, "1969-12-31T23:59:59.999") == 0;
        check(read == expected && got == times[i].milliseconds, "time", times[i].text);
    }
}

/* ---- conversion ---- */

static struct slu_arena arena;

static struct slu_value convert(const struct slu_slot *slot, const char *json, struct slu_string *not_a_choice) {
    const struct slu_json *node;
    bool out_of_memory = false;
    if (slu_json_read(slu_string_from(json), &arena, &node, NULL) != SLUICE_OK) {
        return slu_value_missing();
    }
    return slu_input_value(slot, node, &arena, NULL, not_a_choice, &out_of_memory);
}

static void check_missing(const struct slu_slot *slot, const char *json) {
    check(convert(slot, json, NULL).type == SLU_TYPE_MISSING, "missing", json);
}

static void check_number(const struct slu_slot *slot, const char *json, double expected) {
    struct slu_value value = convert(slot, json, NULL);
    check(value.type == slot->type && value.as.number == expected, "number", json);
}

static void check_string(const struct slu_slot *slot, const char *json, const char *expected) {
    struct slu_value value = convert(slot, json, NULL);
    check(value.type == SLU_TYPE_TEXT && slu_string_is(value.as.text->raw, expected), expected, json);
}

static void test_values(void) {
    struct slu_text open_text = {SLU_STRING("Open"), SLU_STRING("open")};
    struct slu_value choice = {SLU_TYPE_TEXT, {.text = &open_text}};
    struct slu_list choices = {1, &choice};
    struct slu_slot text = {.type = SLU_TYPE_TEXT}, number = {.type = SLU_TYPE_NUMBER}, flag = {.type = SLU_TYPE_FLAG},
                    time = {.type = SLU_TYPE_TIME}, list = {.type = SLU_TYPE_LIST, .element = SLU_TYPE_TEXT},
                    state = {.type = SLU_TYPE_TEXT, .choices = &choices}, duration = {.type = SLU_TYPE_DURATION};
    struct slu_string not_a_choice = {NULL, 0};
    slu_arena_init(&arena, 0);
    check_string(&text, "\"a\"", "a");
    check_string(&text, "991267715", "991267715");
    check_string(&text, "-5", "-5");
    check_missing(&text, "1.5");
    check_missing(&text, "1e3");
    check_missing(&text, "true");
    check_missing(&text, "null");
    check_missing(&text, "{}");
    check_number(&number, "51", 51);
    check_number(&number, "\"-2.5e1\"", -25);
    check_missing(&number, "\" 5\"");
    check_missing(&number, "\"5 employees\"");
    check_missing(&number, "\"0x10\"");
    check_missing(&number, "\"1e999\"");
    check_missing(&number, "true");
    check(convert(&flag, "true", NULL).as.flag && !convert(&flag, "false", NULL).as.flag, "flag", "true, false");
    check_missing(&flag, "1");
    check_missing(&flag, "\"true\"");
    check_number(&time, "1763700000", 1763700000000);
    check_number(&time, "1763700000.25", 1763700000250);
    check_number(&time, "\"2026-11-21\"", 1795219200000);
    check_missing(&time, "1763700000000");
    check_missing(&time, "-62135596801");
    check_missing(&time, "\"soon\"");
    check_missing(&duration, "5");
    struct slu_value tags = convert(&list, "[\"a\", 7, null, true, [\"b\"], \"c\"]", NULL);
    check(tags.type == SLU_TYPE_LIST && tags.as.list->count == 3, "list", "three texts");
    check(convert(&list, "\"a\"", NULL).as.list->count == 0, "list", "a text is none");
    check(convert(&list, "null", NULL).as.list->count == 0, "list", "null is empty");
    check_string(&state, "\"OPEN\"", "Open");
    check(convert(&state, "\"ajar\"", &not_a_choice).type == SLU_TYPE_MISSING, "choice", "outside");
    check_text("not a choice", not_a_choice, "ajar");
    slu_arena_free(&arena);
}

/* ---- a hand-built program ---- */

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))
#define KEY(word)                                                                                                      \
    { .kind = SLU_STEP_KEY, .key = SLU_STRING_ENTRY(word) }
#define WORD(word)                                                                                                     \
    { .text = SLU_STRING_ENTRY(word) }
#define PATH(steps_)                                                                                                   \
    { .kind = SLU_ORIGIN_PATH, .steps = (steps_), .step_count = COUNT(steps_) }

/* The rows of this table are the mappings of a source; the slots are in the same order. */
enum {
    SLOT_ID,
    SLOT_TAGS,
    SLOT_BODY,
    SLOT_LAST,
    SLOT_BUTTON,
    SLOT_OPEN,
    SLOT_READ,
    SLOT_KIND,
    SLOT_NUMBER,
    SLOT_COUNT
};

struct world {
    struct sluice_program program;
    struct slu_reader *reader;
    struct slu_value slots[SLOT_COUNT];
    struct slu_string not_a_choice[SLOT_COUNT];
    struct slu_input input;
    struct sluice_error error;
};

static struct slu_step id_steps[] = {KEY("item"), KEY("id")}, old_id_steps[] = {KEY("conversation_id")},
                       tag_steps[] = {KEY("item"), KEY("tags"), {.kind = SLU_STEP_EACH}, KEY("name")},
                       body_steps[] = {KEY("item"), KEY("body")},
                       last_steps[] = {KEY("item"), KEY("parts"), {.kind = SLU_STEP_INDEX, .index = -1}, KEY("id")},
                       button_steps[] = {KEY("payload"),
                                         {.kind = SLU_STEP_JSON},
                                         KEY("actions"),
                                         {.kind = SLU_STEP_INDEX, .index = 0},
                                         KEY("action_id")},
                       state_steps[] = {KEY("item"), KEY("state")}, topic_steps[] = {KEY("topic")},
                       action_steps[] = {KEY("action")}, at_steps[] = {KEY("created_at")};
static struct slu_origin id_origin[] = {PATH(id_steps)}, old_id_origin[] = {PATH(old_id_steps)},
                         tag_origin[] = {PATH(tag_steps)}, body_origin[] = {PATH(body_steps)},
                         last_origin[] = {PATH(last_steps)}, button_origin[] = {PATH(button_steps)},
                         state_origin[] = {PATH(state_steps)}, topic_origin[] = {PATH(topic_steps)},
                         at_origin[] = {PATH(at_steps)},
                         header_origin[] = {{.kind = SLU_ORIGIN_HEADER, .text = WORD("X-Hub-Event")},
                                            PATH(action_steps)};
static struct slu_expression open_literal = {.kind = SLU_EXPRESSION_TEXT, .text = SLU_STRING_ENTRY("open")},
                             number_literal = {.kind = SLU_EXPRESSION_NUMBER, .number = 7};
static struct slu_expression *open_literals[] = {&open_literal};
static struct slu_expression open_list = {.kind = SLU_EXPRESSION_LIST, .items = open_literals, .item_count = 1};
static struct slu_alternative
    id_alternatives[] = {{.parts = id_origin, .part_count = 1}, {.parts = old_id_origin, .part_count = 1}},
    tag_alternatives[] = {{.parts = tag_origin, .part_count = 1}},
    body_alternatives[] = {{.parts = body_origin, .part_count = 1, .modifier = {.kind = SLU_MODIFIER_AS}}},
    last_alternatives[] = {{.parts = last_origin, .part_count = 1}},
    button_alternatives[] = {{.parts = button_origin, .part_count = 1}},
    open_alternatives[] = {{.parts = state_origin,
                            .part_count = 1,
                            .modifier = {.kind = SLU_MODIFIER_IS, .values = &open_list}}},
    known_alternatives[] = {{.parts = state_origin, .part_count = 1, .modifier = {.kind = SLU_MODIFIER_IS_KNOWN}}},
    joined_alternatives[] = {{.parts = header_origin, .part_count = 2}, {.parts = header_origin, .part_count = 1}},
    topic_alternatives[] = {{.parts = topic_origin, .part_count = 1}},
    at_alternatives[] = {{.parts = at_origin, .part_count = 1}};
#define MAPPING(list)                                                                                                  \
    { .alternatives = (list), .alternative_count = COUNT(list) }
static struct slu_mapping mappings[SLOT_COUNT] = {
    MAPPING(id_alternatives),    MAPPING(tag_alternatives),    MAPPING(body_alternatives),
    MAPPING(last_alternatives),  MAPPING(button_alternatives), MAPPING(open_alternatives),
    MAPPING(known_alternatives), MAPPING(joined_alternatives), {.constant = &number_literal}};
static struct slu_mapping topic_mapping = MAPPING(topic_alternatives), hub_mapping = MAPPING(joined_alternatives),
                          at_mapping = MAPPING(at_alternatives);
static struct slu_topic plain_topic,
    ignored_topic = {.ignored = true, .reason = WORD("Nothing happened.")},
    open_topic = {.when = state_origin, .when_test = {.kind = SLU_MODIFIER_IS, .values = &open_list}};
static struct slu_program_mapping program_mappings[SLOT_COUNT];
static struct slu_string size_keys[] = {SLU_STRING_ENTRY("item"), SLU_STRING_ENTRY("id")};
static struct slu_slot slots[SLOT_COUNT] = {[SLOT_ID] = {.type = SLU_TYPE_TEXT, .keys = size_keys, .key_count = 2},
                                            [SLOT_TAGS] = {.type = SLU_TYPE_LIST},
                                            [SLOT_BODY] = {.type = SLU_TYPE_TEXT},
                                            [SLOT_LAST] = {.type = SLU_TYPE_TEXT},
                                            [SLOT_BUTTON] = {.type = SLU_TYPE_TEXT},
                                            [SLOT_OPEN] = {.type = SLU_TYPE_FLAG},
                                            [SLOT_READ] = {.type = SLU_TYPE_FLAG},
                                            [SLOT_KIND] = {.type = SLU_TYPE_TEXT},
                                            [SLOT_NUMBER] = {.type = SLU_TYPE_NUMBER}};
static struct slu_program_topic topics[] = {
    {.topic = SLU_STRING_ENTRY("two"), .syntax = &open_topic, .event = 0},
    {.topic = SLU_STRING_ENTRY("two"), .syntax = &plain_topic, .event = 1},
    {.topic = SLU_STRING_ENTRY("only"), .syntax = &open_topic, .event = 0},
    {.topic = SLU_STRING_ENTRY("ping"), .syntax = &ignored_topic, .event = SLU_NO_INDEX},
    {.topic = SLU_STRING_ENTRY("all"),
     .syntax = &plain_topic,
     .event = 0,
     .mappings = program_mappings,
     .mapping_count = SLOT_COUNT},
    {.topic = SLU_STRING_ENTRY("issues.closed"), .syntax = &plain_topic, .event = 1},
    {.topic = SLU_STRING_ENTRY("push"), .syntax = &plain_topic, .event = 0}};
static struct slu_program_source sources[] = {{.name = SLU_STRING_ENTRY("cat"),
                                               .json = true,
                                               .form = true,
                                               .topic = &topic_mapping,
                                               .at = &at_mapping,
                                               .id = &mappings[SLOT_ID],
                                               .topics = topics,
                                               .topic_count = COUNT(topics)},
                                              {.name = SLU_STRING_ENTRY("hub"),
                                               .json = true,
                                               .topic = &hub_mapping,
                                               .topics = topics,
                                               .topic_count = COUNT(topics)},
                                              {.name = SLU_STRING_ENTRY("form"),
                                               .form = true,
                                               .topic = &topic_mapping,
                                               .topics = topics,
                                               .topic_count = COUNT(topics)}};
static struct slu_program_event events[] = {{.name = SLU_STRING_ENTRY("cat.came")},
                                            {.name = SLU_STRING_ENTRY("cat.left")}};

static struct sluice_string public_string(const char *text) {
    return (struct sluice_string){text, strlen(text)};
}

static enum sluice_status read(struct world *world, const char *source, const char *topic, const char *header,
                               const char *body) {
    struct sluice_header headers[] = {{public_string("Content-Type"), public_string("x")},
                                      {public_string("x-hub-event"), public_string(header)}};
    struct sluice_delivery delivery = {public_string(body), public_string(source), public_string(topic), headers,
                                       header[0] ? 2 : 1};
    memset(&world->error, 0, sizeof world->error);
    slu_arena_reset(&arena);
    for (uint32_t i = 0; i < SLOT_COUNT; i++) {
        world->slots[i] = slu_slot_missing(&slots[i]);
        world->not_a_choice[i] = (struct slu_string){NULL, 0};
    }
    return slu_input_read(world->reader, &delivery, &arena, world->slots, world->not_a_choice, &world->input,
                          &world->error);
}

static void check_refused(struct world *world, enum sluice_status status, enum sluice_status expected, const char *code,
                          size_t at) {
    check(status == expected && strcmp(world->error.code, code) == 0 && world->error.at_byte == at, code,
          world->error.message);
}

static struct slu_string text_of(const struct world *world, uint32_t slot) {
    return world->slots[slot].type == SLU_TYPE_TEXT ? world->slots[slot].as.text->raw : SLU_STRING("(missing)");
}

static void test_source(struct world *world) {
    const char *all =
        "{\"topic\":\"all\",\"created_at\":1763700000,\"item\":{\"id\":524,\"tags\":[{\"name\":\"VIP\"},{},"
        "{\"name\":null},{\"name\":\"Bug\"}],\"body\":\"<p>Hi</p>\",\"parts\":[{\"id\":1},{\"id\":\"2\"}],"
        "\"state\":\"OPEN\"},\"payload\":\"{\\\"actions\\\":[{\\\"action_id\\\":\\\"spam\\\"}]}\"}";
    check(read(world, "cat", "", "ev", all) == SLUICE_OK, "all", world->error.message);
    check(world->input.event == 0 && world->input.has_time && world->input.time == 1763700000000, "all", "time");
    check_text("id", world->input.id, "524");
    check_text("topic", world->input.topic, "all");
    check_text("id", text_of(world, SLOT_ID), "524");
    check(world->slots[SLOT_TAGS].as.list->count == 2, "tags", "two");
    check_text("body", text_of(world, SLOT_BODY), "Hi");
    check_text("last", text_of(world, SLOT_LAST), "2");
    check_text("button", text_of(world, SLOT_BUTTON), "spam");
    check(world->slots[SLOT_OPEN].as.flag && world->slots[SLOT_READ].as.flag, "flags", "both");
    check_text("joined, second alternative", text_of(world, SLOT_KIND), "ev");
    check(world->slots[SLOT_NUMBER].as.number == 7, "constant", "7");

    check(read(world, "cat", "", "", "{\"topic\":\"all\",\"conversation_id\":\"c1\",\"payload\":\"{\"}") == SLUICE_OK,
          "bare", world->error.message);
    check_text("second alternative", text_of(world, SLOT_ID), "c1");
    check(world->slots[SLOT_TAGS].type == SLU_TYPE_LIST && world->slots[SLOT_TAGS].as.list->count == 0, "tags",
          "empty");
    check(world->slots[SLOT_BUTTON].type == SLU_TYPE_MISSING, "button", "malformed JSON in a text");
    check(world->slots[SLOT_OPEN].type == SLU_TYPE_MISSING, "is", "missing when the path is");
    check(world->slots[SLOT_READ].type == SLU_TYPE_FLAG && !world->slots[SLOT_READ].as.flag, "is known", "false");
    check(!world->input.has_time, "time", "none");

    check(read(world, "cat", "", "", "topic=all&payload=%7B%22actions%22%3A%5B%7B%22action_id%22%3A%22x%22%7D%5D%7D") ==
              SLUICE_OK,
          "form", world->error.message);
    check_text("button of a form", text_of(world, SLOT_BUTTON), "x");
}

static void test_topics(struct world *world) {
    check(read(world, "cat", "", "", "{\"topic\":\"two\",\"item\":{\"state\":\"open\"}}") == SLUICE_OK &&
              world->input.event == 0,
          "when", "holds");
    check(read(world, "cat", "", "", "{\"topic\":\"two\"}") == SLUICE_OK && world->input.event == 1, "when",
          "does not");
    check_refused(world, read(world, "cat", "", "", "{\"topic\":\"only\"}"), SLUICE_IGNORED, "unknown-topic", 0);
    check_refused(world, read(world, "cat", "", "", "{\"topic\":\"none\"}"), SLUICE_IGNORED, "unknown-topic", 0);
    check(strcmp(world->error.message, "source cat has no `on` for topic none") == 0, "message", world->error.message);
    check_refused(world, read(world, "cat", "", "", "{\"topic\":\"ping\"}"), SLUICE_IGNORED, "ignored", 0);
    check(strcmp(world->error.message, "Nothing happened.") == 0, "reason", world->error.message);
    check_refused(world, read(world, "cat", "", "", "{}"), SLUICE_INVALID, "missing-topic", 0);
    check(read(world, "cat", "all", "", "{}") == SLUICE_OK, "topic", "given");
    check(read(world, "cat", "ping", "", "{\"topic\":\"all\"}") == SLUICE_OK, "topic", "the delivery's own counts");

    check(read(world, "hub", "", "issues", "{\"action\":\"closed\"}") == SLUICE_OK && world->input.event == 1, "hub",
          world->error.message);
    check(read(world, "hub", "", "push", "{}") == SLUICE_OK, "hub", "header alone");
    check(read(world, "hub", "issues.closed", "", "{\"action\":\"x\"}") == SLUICE_OK, "hub", "no header at hand");
    check_refused(world, read(world, "hub", "", "", "{\"action\":\"closed\"}"), SLUICE_INVALID, "missing-topic", 0);
    check_refused(world, read(world, "hub", "", "\xff", "{}"), SLUICE_INVALID, "missing-topic", 0);
}

static void test_bodies(struct world *world) {
    check_refused(world, read(world, "dog", "", "", "{}"), SLUICE_INVALID, "unknown-source", 0);
    check_refused(world, read(world, "hub", "", "push", " <xml/>"), SLUICE_INVALID, "bad-json", 1);
    check(strstr(world->error.message, "XML is not read") != NULL, "XML", world->error.message);
    check_refused(world, read(world, "form", "", "", "<xml/>"), SLUICE_INVALID, "bad-form", 0);
    check_refused(world, read(world, "hub", "", "push", "a=1"), SLUICE_INVALID, "bad-json", 0);
    check_refused(world, read(world, "cat", "", "", "{\"a\":1"), SLUICE_INVALID, "bad-json", 6);
    check_refused(world, read(world, "cat", "", "", "a=%"), SLUICE_INVALID, "bad-form", 2);
    check_refused(world, read(world, "cat", "", "", "[]"), SLUICE_INVALID, "missing-topic", 0);
}

static void test_own_shape(struct world *world) {
    const char *body =
        "{\"event\":\"cat.left\",\"id\":\"e1\",\"at\":\"2026-11-21T09:00:00Z\",\"item\":{\"id\":\"c9\"}}";
    check(read(world, "", "", "", body) == SLUICE_OK && world->input.event == 1, "own", world->error.message);
    check(world->input.has_time && world->input.time == 1795251600000, "own", "time");
    check_text("own id", world->input.id, "e1");
    check_text("own field", text_of(world, SLOT_ID), "c9");
    check(world->slots[SLOT_TAGS].as.list->count == 0, "own", "empty list");
    check(read(world, "", "", "", "{\"event\":\"cat.came\",\"id\":12,\"at\":1763700000.5}") == SLUICE_OK &&
              world->input.time == 1763700000500,
          "own", "seconds");
    check_text("own id", world->input.id, "12");
    check_refused(world, read(world, "", "", "", " {\"id\": 1}"), SLUICE_INVALID, "missing-event", 1);
    check_refused(world, read(world, "", "", "", " 5"), SLUICE_INVALID, "missing-event", 1);
    check_refused(world, read(world, "", "", "", "{\"id\":1, \"event\" : 5}"), SLUICE_INVALID, "missing-event", 19);
    check_refused(world, read(world, "", "", "", "{\"id\":1, \"event\" : \"cat.cam\"}"), SLUICE_INVALID,
                  "unknown-event", 19);
    check(strcmp(world->error.message, "there is no event kind `cat.cam`; did you mean `cat.came`?") == 0, "hint",
          world->error.message);
    check_refused(world, read(world, "", "", "", "{\"event\":\"ann@example.com\"}"), SLUICE_INVALID, "unknown-event",
                  9);
    check(!strstr(world->error.message, "ann"), "discretion", world->error.message);
}

/* ---- out of memory ---- */

static const char *const every_way[][3] = {
    {"cat", "",
     "{\"topic\":\"all\",\"created_at\":\"2026-11-21\",\"item\":{\"id\":5,\"tags\":[{\"name\":\"\\u00e9\"}],\"body\":"
     "\"<a href=u>x</a>\",\"parts\":[{\"id\":1}],\"state\":\"OPEN\"},\"payload\":\"{\\\"actions\\\":[]}\"}"},
    {"cat", "", "topic=all&payload=%7B%7D"},
    {"hub", "issues", "{\"action\":\"closed\"}"},
    {"", "", "{\"event\":\"cat.left\",\"item\":{\"id\":\"c9\"}}"},
};

static void make_reader(void *context) {
    struct world *world = context;
    slu_reader_free(world->reader);
    world->reader = slu_reader_new(&world->program);
}

static void read_every_way(void *context) {
    struct world *world = context;
    make_reader(world); /* a new one, which remembers nothing yet */
    if (!world->reader) {
        return;
    }
    for (size_t i = 0; i < COUNT(every_way); i++) {
        enum sluice_status status = read(world, every_way[i][0], "", every_way[i][1], every_way[i][2]);
        check(status == SLUICE_OK || status == SLUICE_NO_MEMORY, "out of memory", world->error.message);
        slu_arena_free(&arena);
    }
}

/* Deliveries that come again and again need no memory of the system. */
static void test_steady(struct world *world) {
    for (size_t i = 0; i < COUNT(every_way); i++) {
        for (int time = 0; time < 4; time++) {
            failing_memory_arm(time < 3 ? SIZE_MAX : 0);
            check(read(world, every_way[i][0], "", every_way[i][1], every_way[i][2]) == SLUICE_OK, "steady",
                  world->error.message);
            check(!failing_memory_disarm(), "steady", "no memory is asked for");
        }
        slu_arena_free(&arena);
    }
}

/* Whichever allocation fails, of the system's or within the arena's limit, the answer is a status. */
static void test_memory(struct world *world) {
    size_t failures = 0;
    check(failing_memory_try_all(read_every_way, world) >= COUNT(every_way), "out of memory", "it was tried");
    for (size_t i = 0; i < COUNT(every_way); i++) {
        arena.limit_bytes = 1;
        while (read(world, every_way[i][0], "", every_way[i][1], every_way[i][2]) == SLUICE_NO_MEMORY) {
            arena.limit_bytes++;
            failures++;
        }
        arena.limit_bytes = 0;
        check(world->error.code[0] == '\0', "enough memory", world->error.message);
    }
    check(failures > 1000, "out of memory", "the limit was reached often");
}

int main(void) {
    struct world world = {.program = {.slots = slots,
                                      .slot_count = SLOT_COUNT,
                                      .from_sources = sources,
                                      .from_source_count = COUNT(sources),
                                      .events = events,
                                      .event_count = COUNT(events)}};
    struct slu_arena program_arena;
    test_form();
    test_plain_text();
    test_time();
    test_values();
    slu_arena_init(&program_arena, 0);
    slu_arena_init(&arena, 0);
    slu_map_init(&world.program.event_names, &program_arena);
    for (uint32_t i = 0; i < COUNT(events); i++) {
        check(slu_map_put(&world.program.event_names, events[i].name, i), "map", "memory");
    }
    for (uint32_t i = 0; i < SLOT_COUNT; i++) {
        program_mappings[i] = (struct slu_program_mapping){i, &mappings[i]};
    }
    check(failing_memory_try_all(make_reader, &world) > 1, "out of memory", "while planning");
    make_reader(&world);
    test_source(&world);
    test_topics(&world);
    test_bodies(&world);
    test_own_shape(&world);
    test_steady(&world);
    test_memory(&world);
    slu_reader_free(world.reader);
    slu_arena_free(&arena);
    slu_arena_free(&program_arena);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
