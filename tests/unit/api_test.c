/* The public functions where text cases do not reach: findings handed to the
 * host, calls out of order, raising a recorded event. */
#include "tests/unit/check.h"
#include "tests/unit/deciding.h"
#include "tests/unit/failing_memory.h"

static const char rules[] = "event flow.asked \"Asked\"\n"
                            "state contact.spam : flag = false\n"
                            "ruleset \"Asked\" on flow.asked\n"
                            "  rule \"Urgent\"\n"
                            "    when message.body contains \"now\" and conversation.channel is \"chat\"\n"
                            "    then record(\"{message.body} in {conversation.id ?? \"none\"}\")\n"
                            "  otherwise\n"
                            "    then set contact.spam = true\n";
static const char wrong[] = "ruleset \"B\" on nothing.known\n"
                            "  rule \"x\" when company.sice > 5 then record(\"1\")\n";
static const char body[] = "{\"event\":\"conversation.started\",\"id\":\"e1\",\"at\":5,"
                           "\"conversation\":{\"id\":\"k\",\"channel\":\"chat\"},\"message\":{\"body\":\"Now!\"}}";

struct findings {
    unsigned errors, others;
    bool ordered;
    char last[64]; /* the place of the last one */
};

static void keep_finding(void *context, bool is_error, struct sluice_string text, struct sluice_string json) {
    struct findings *findings = context;
    char place[64];
    findings->errors += is_error;
    findings->others += !is_error;
    (void)snprintf(place, sizeof place, "%.*s", (int)(text.length < 14 ? text.length : 14), text.bytes);
    findings->ordered = findings->ordered && strcmp(findings->last, place) <= 0 && json.bytes[0] == '{' &&
                        json.bytes[json.length - 1] == '\n';
    (void)snprintf(findings->last, sizeof findings->last, "%s", place);
}

static enum sluice_status compile_wrong(struct findings *findings, sluice_program **program) {
    struct sluice_file file = {public_text("wrong.rules"), public_text(wrong)};
    struct sluice_host host = {.context = findings, .report = keep_finding};
    *findings = (struct findings){.ordered = true};
    return sluice_compile(&file, 1, &host, program);
}

static void test_findings(struct check *check) {
    struct findings findings;
    struct sluice_file file = {public_text("wrong.rules"), public_text(wrong)};
    sluice_program *program;
    CHECK(check, compile_wrong(&findings, &program) == SLUICE_INVALID && program == NULL);
    CHECK(check, findings.errors == 2 && findings.ordered);
    CHECK(check, sluice_compile(&file, 1, NULL, &program) == SLUICE_INVALID && program == NULL);
    CHECK(check, sluice_compile(NULL, 0, NULL, &program) == SLUICE_OK && program != NULL);
    sluice_program_free(program);
    sluice_program_free(NULL);
    sluice_decider_free(NULL);
}

static void test_order(struct check *check, sluice_decider *decider) {
    struct sluice_inputs inputs = {.clock = 0};
    struct sluice_result result;
    struct sluice_event event;
    struct sluice_error error;
    CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_INVALID && result.count == 0);
    CHECK_TEXT(check, slu_string_from(error.code), "no-event");
    CHECK(check, sluice_raise(decider, public_text("flow.asked"), NULL, 0, NULL, &error) == SLUICE_INVALID);
    CHECK(check, read_text(decider, body, &event) == SLUICE_OK);
    CHECK(check, text_is(event.id, "e1") && text_is(event.kind, "conversation.started") && event.has_time);
    CHECK(check, event.time == 5000);
    CHECK(check, sluice_decide(decider, &inputs, &result, NULL) == SLUICE_OK && result.count == 0);
    CHECK(check, read_text(decider, "{", &event) == SLUICE_INVALID);
    CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_INVALID);
}

static struct sluice_argument argument(const char *name, struct sluice_value value) {
    return (struct sluice_argument){public_text(name), value};
}

static void test_raise(struct check *check, sluice_decider *decider) {
    struct sluice_inputs inputs = {.clock = 0};
    struct sluice_result result;
    struct sluice_event event;
    struct sluice_error error;
    struct sluice_value other = {.type = SLUICE_TEXT, .text = public_text("other")};
    struct sluice_argument replaced[] = {argument("conversation.id", other), argument("company.name", other)};
    CHECK(check, read_text(decider, body, &event) == SLUICE_OK);
    CHECK(check, sluice_raise(decider, public_text("flow.asked"), replaced, 2, &event, &error) == SLUICE_OK);
    CHECK(check, text_is(event.kind, "flow.asked") && text_is(event.lane, "other") && text_is(event.id, "e1"));
    for (int i = 0; i < 2; i++) {
        CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_OK && result.count == 1);
        CHECK(check, text_is(result.decisions[0].actions[0].arguments[0].value.text, "Now! in other"));
    }
    struct sluice_argument number = argument("message.body", (struct sluice_value){.type = SLUICE_NUMBER});
    CHECK(check, sluice_raise(decider, public_text("flow.asked"), &number, 1, NULL, &error) == SLUICE_OK);
    CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_OK);
    CHECK(check, text_is(result.decisions[0].rule, "otherwise"));
    CHECK(check, sluice_raise(decider, public_text("no.event"), NULL, 0, NULL, &error) == SLUICE_INVALID);
    struct sluice_argument state = argument("contact.spam", other);
    CHECK(check, sluice_raise(decider, public_text("flow.asked"), &state, 1, NULL, &error) == SLUICE_INVALID);
    CHECK_TEXT(check, slu_string_from(error.message), "events have no field contact.spam");
    CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_INVALID);
}

struct out_of_memory {
    struct check *check;
    unsigned finished;
};

static void compile_all(void *context) {
    struct out_of_memory *test = context;
    struct findings findings;
    sluice_program *program;
    enum sluice_status status = compile_wrong(&findings, &program);
    CHECK(test->check, status == SLUICE_NO_MEMORY || status == SLUICE_INVALID);
    CHECK(test->check, program == NULL);
    test->finished += status == SLUICE_INVALID;
}

int main(void) {
    struct check check = {0, 0};
    test_findings(&check);
    sluice_program *program = compile_text(rules);
    sluice_decider *decider;
    if (CHECK(&check, program != NULL && sluice_decider_new(program, &decider) == SLUICE_OK)) {
        test_order(&check, decider);
        test_raise(&check, decider);
        sluice_decider_free(decider);
    }
    sluice_program_free(program);
    struct out_of_memory test = {&check, 0};
    CHECK(&check, failing_memory_try_all(compile_all, &test) > 10 && test.finished == 1);
    return check_finish(&check);
}
