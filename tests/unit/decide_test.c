/* Deciding: facts that are pending, wrong or failing; that results stand on
 * their own memory; memory that runs out. */
#include "tests/unit/check.h"
#include "tests/unit/deciding.h"
#include "tests/unit/failing_memory.h"

#include <stdlib.h>

static const char rules[] = "use intercom\n"
                            "event flow.seen \"Seen\"\n"
                            "state contact.spam : flag = false\n"
                            "state contact.tier : choice of \"gold\", \"silver\"\n"
                            "state contact.marks : list of text\n"
                            "lookup live is intercom.conversation(conversation.id)\n"
                            "group topic exclusive is \"Bug\", \"Idea\"\n"
                            "guard \"Quiet\" when contact.marks has \"quiet\" block intercom.note\n"
                            "ruleset \"R\" on conversation.started\n"
                            "  rule \"Spam\"\n"
                            "    when contact.spam and live.state is \"open\"\n"
                            "    at most 2 per 1 day per contact\n"
                            "    then set contact.tier = \"silver\"\n"
                            "         intercom.tag(\"Bug\")\n"
                            "         intercom.note(\"tier {contact.tier ?? \"none\"}\")\n"
                            "         emit flow.seen(message.body: each conversation.tags)\n"
                            "         undo \"Other\"\n"
                            "  rule \"Other\"\n"
                            "    then intercom.tag(\"Idea\")\n"
                            "ruleset \"Seen\" on flow.seen\n"
                            "  rule \"Seen\"\n"
                            "    then record(\"{message.body}, tier {contact.tier ?? \"none\"}\")\n";

static const char body[] = "{\"event\":\"conversation.started\",\"id\":\"1\",\"contact\":{\"id\":\"c\"},"
                           "\"conversation\":{\"id\":\"k\",\"tags\":[\"idea\",\"x\"]}}";

/* Facts that answer from buffers which are overwritten afterwards. */
struct facts {
    enum sluice_fact_status spam, live, allowance, recorded;
    struct sluice_value spam_value, tier_value;
    char tier[8], before[8];
    uint64_t used;
    unsigned asked_state, asked_live, asked_allowance, asked_recorded;
    struct sluice_recorded_action actions[4];
    struct sluice_argument argument;
};

static enum sluice_fact_status answer_state(void *context, struct sluice_string field, struct sluice_string entity,
                                            struct sluice_value *value) {
    struct facts *facts = context;
    (void)entity;
    if (text_is(field, "contact.spam")) {
        facts->asked_state++;
        *value = facts->spam_value;
        return facts->spam;
    }
    if (text_is(field, "contact.tier")) {
        *value = facts->tier_value;
        return value->type == SLUICE_MISSING ? SLUICE_FACT_MISSING : SLUICE_FACT_FOUND;
    }
    return SLUICE_FACT_MISSING;
}

static enum sluice_fact_status answer_lookup(void *context, struct sluice_string name, struct sluice_string operation,
                                             const struct sluice_value *arguments, size_t count,
                                             struct sluice_string result, struct sluice_value *value) {
    struct facts *facts = context;
    facts->asked_live++;
    *value = (struct sluice_value){.type = SLUICE_TEXT, .text = public_text("open")};
    bool expected = text_is(name, "live") && text_is(operation, "intercom.conversation") && text_is(result, "state") &&
                    count == 1 && text_is(arguments[0].text, "k");
    return expected ? facts->live : SLUICE_FACT_FAILED;
}

static enum sluice_fact_status answer_allowance(void *context, struct sluice_string ruleset, struct sluice_string rule,
                                                struct sluice_string entity, struct sluice_string key, int64_t period,
                                                int64_t clock, uint64_t *used) {
    struct facts *facts = context;
    facts->asked_allowance++;
    *used = facts->used;
    bool expected = text_is(ruleset, "R") && text_is(rule, "Spam") && text_is(entity, "contact") && text_is(key, "c") &&
                    period == 86400000 && clock == 1767225600000;
    return expected ? facts->allowance : SLUICE_FACT_FAILED;
}

static enum sluice_fact_status answer_recorded(void *context, struct sluice_string rule, struct sluice_string key,
                                               const struct sluice_recorded_action **actions, size_t *count) {
    struct facts *facts = context;
    facts->asked_recorded++;
    *actions = facts->actions;
    *count = 4;
    return text_is(rule, "Other") && text_is(key, "k") ? facts->recorded : SLUICE_FACT_FAILED;
}

static struct facts good_facts(void) {
    struct facts facts = {.spam = SLUICE_FACT_FOUND,
                          .live = SLUICE_FACT_FOUND,
                          .allowance = SLUICE_FACT_FOUND,
                          .recorded = SLUICE_FACT_FOUND,
                          .spam_value = {.type = SLUICE_FLAG, .flag = true},
                          .tier = "gold",
                          .before = "was"};
    return facts;
}

/* What points into the structure itself. */
static void link_facts(struct facts *facts) {
    facts->tier_value = (struct sluice_value){.type = SLUICE_TEXT, .text = {facts->tier, 4}};
    facts->argument = (struct sluice_argument){public_text("value"), {.type = SLUICE_TEXT, .text = {facts->tier, 4}}};
    facts->actions[0] =
        (struct sluice_recorded_action){.kind = SLUICE_ACTION_CALL, .name = public_text("gone.service")};
    facts->actions[1] =
        (struct sluice_recorded_action){.kind = SLUICE_ACTION_CALL, .name = public_text("intercom.tag")};
    facts->actions[2] = (struct sluice_recorded_action){.kind = SLUICE_ACTION_SET,
                                                        .name = public_text("contact.unknown"),
                                                        .arguments = &facts->argument,
                                                        .argument_count = 1,
                                                        .entity = public_text("c"),
                                                        .before = {.type = SLUICE_TEXT, .text = {facts->before, 3}}};
    facts->actions[3] = (struct sluice_recorded_action){.kind = SLUICE_ACTION_UNDO, .name = public_text("Older")};
}

static enum sluice_status decide(sluice_decider *decider, struct facts *facts, struct sluice_result *result) {
    link_facts(facts);
    struct sluice_facts hooks = {facts, answer_state, answer_lookup, answer_allowance, answer_recorded};
    struct sluice_inputs inputs = {.clock = 1767225600000, .facts = &hooks};
    struct sluice_error error;
    return sluice_decide(decider, &inputs, result, &error);
}

static bool wins(const struct sluice_result *result, const char *rule) {
    return result->count > 0 && text_is(result->decisions[0].rule, rule);
}

static void test_results_stand_alone(struct check *check, sluice_decider *decider) {
    struct facts facts = good_facts();
    struct sluice_result result;
    struct sluice_event event;
    CHECK(check, read_text(decider, body, &event) == SLUICE_OK && text_is(event.lane, "k"));
    CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Spam"));
    memset(facts.tier, 'X', sizeof facts.tier);
    memset(facts.before, 'X', sizeof facts.before);
    if (!CHECK(check, result.count == 3 && result.decisions[0].action_count == 7)) {
        return;
    }
    const struct sluice_action *actions = result.decisions[0].actions;
    CHECK(check, text_is(actions[0].before.text, "gold"));
    CHECK(check, text_is(actions[1].name, "intercom.untag") && text_is(actions[1].arguments[0].value.text, "idea"));
    CHECK(check, text_is(actions[3].arguments[0].value.text, "tier gold"));
    const struct sluice_action *undo = &actions[6];
    if (CHECK(check, undo->kind == SLUICE_ACTION_UNDO && undo->reverse_count == 4)) {
        CHECK(check, undo->reverses[0].cannot.length > 0 && text_is(undo->reverses[0].name, "Older"));
        CHECK(check, text_is(undo->reverses[1].arguments[0].value.text, "was"));
        CHECK(check, text_is(undo->reverses[1].before.text, "gold"));
        CHECK(check, text_is(undo->reverses[2].cannot, "its inverse needs `tag`, which was not recorded"));
        CHECK(check, text_is(undo->reverses[3].cannot, "gone.service is not declared any more"));
    }
    CHECK(check, result.decisions[0].spent_count == 1 && text_is(result.decisions[0].spent[0].key, "c"));
    CHECK(check, text_is(result.decisions[1].actions[0].arguments[0].value.text, "idea, tier silver"));
    CHECK(check, text_is(result.decisions[2].actions[0].arguments[0].value.text, "x, tier silver"));
    CHECK(check, facts.asked_state == 1 && facts.asked_live == 1 && facts.asked_allowance == 1);
    CHECK(check, facts.asked_recorded == 1);
}

/* Asked again after each answer that was pending, until all are there. */
static void test_pending(struct check *check, sluice_decider *decider) {
    struct facts facts = good_facts();
    enum sluice_fact_status *const statuses[] = {&facts.spam, &facts.live, &facts.allowance, &facts.recorded};
    struct sluice_result result;
    struct sluice_event event;
    CHECK(check, read_text(decider, body, &event) == SLUICE_OK);
    for (size_t i = 0; i < 4; i++) {
        *statuses[i] = SLUICE_FACT_PENDING;
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK(check, decide(decider, &facts, &result) == SLUICE_NEEDS_FACTS && result.count == 0);
        *statuses[i] = SLUICE_FACT_FOUND;
    }
    for (int i = 0; i < 100; i++) {
        CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Spam") && result.count == 3);
    }
    size_t bytes = decider->again.used_bytes;
    decide(decider, &facts, &result);
    CHECK(check, decider->again.used_bytes == bytes);
    for (size_t i = 0; i < 4; i++) {
        *statuses[i] = SLUICE_FACT_FAILED;
        CHECK(check, decide(decider, &facts, &result) == SLUICE_NO_MEMORY && result.count == 0);
        *statuses[i] = SLUICE_FACT_FOUND;
    }
}

static void test_odd_answers(struct check *check, sluice_decider *decider) {
    struct sluice_result result;
    struct sluice_event event;
    struct sluice_error error;
    struct sluice_inputs nothing = {.clock = 0};
    CHECK(check, read_text(decider, body, &event) == SLUICE_OK);
    struct facts facts = good_facts();
    facts.spam_value = (struct sluice_value){.type = SLUICE_NUMBER, .number = 1};
    CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Other"));
    facts = good_facts();
    facts.used = 2;
    CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Other"));
    facts = good_facts();
    facts.allowance = SLUICE_FACT_ABSENT;
    facts.used = 2;
    CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Spam"));
    facts = good_facts();
    memcpy(facts.tier, "wood", 4); /* outside its set: missing */
    CHECK(check, decide(decider, &facts, &result) == SLUICE_OK && wins(&result, "Spam"));
    CHECK(check, text_is(result.decisions[0].actions[3].arguments[0].value.text, "tier none"));
    CHECK(check, sluice_decide(decider, &nothing, &result, &error) == SLUICE_OK && wins(&result, "Other"));
}

static void count_entry(void *context, const struct sluice_trace_entry *entry) {
    *(size_t *)context += entry->text.length > 0;
}

struct out_of_memory {
    struct check *check;
    sluice_program *program;
    unsigned succeeded;
};

static bool run_once(struct out_of_memory *test, size_t limit) {
    sluice_decider *decider;
    struct facts facts = good_facts();
    struct sluice_result result = {NULL, 0};
    struct sluice_event event;
    struct sluice_error error;
    size_t entries = 0;
    enum sluice_status status = sluice_decider_new(test->program, &decider);
    if (status != SLUICE_OK) {
        CHECK(test->check, status == SLUICE_NO_MEMORY && decider == NULL);
        return false;
    }
    decider->arena.limit_bytes = decider->again.limit_bytes = limit;
    status = read_text(decider, body, &event);
    for (int i = 0; i < 2 && status == SLUICE_OK; i++) {
        link_facts(&facts);
        struct sluice_facts hooks = {&facts, answer_state, answer_lookup, answer_allowance, answer_recorded};
        struct sluice_trace trace = {&entries, count_entry};
        struct sluice_inputs inputs = {.clock = 1767225600000, .facts = &hooks, .trace = &trace};
        status = sluice_decide(decider, &inputs, &result, &error);
    }
    CHECK(test->check, status == SLUICE_NO_MEMORY ? result.count == 0 : status == SLUICE_OK && result.count == 3);
    sluice_decider_free(decider);
    return status == SLUICE_OK;
}

static void run_unlimited(void *context) {
    struct out_of_memory *test = context;
    test->succeeded += run_once(test, 0);
}

static void test_out_of_memory(struct check *check, sluice_program *program) {
    struct out_of_memory test = {check, program, 0};
    CHECK(check, failing_memory_try_all(run_unlimited, &test) > 4 && test.succeeded == 1);
    /* Every byte of the arena: each allocation on it fails once at least. */
    size_t limit = 1;
    while (!run_once(&test, limit)) {
        limit++;
    }
    CHECK(check, limit > 1000);
}

/* A compiled file may be forged: state whose entity is the next state, and so on. */
static void test_long_chain_of_facts(struct check *check) {
    enum { STATES = 1000 };
    char *text = malloc(STATES * 160 + 100), *end = text;
    if (!CHECK(check, text != NULL)) {
        return;
    }
    for (int i = 0; i < STATES; i++) {
        end += sprintf(end, "state contact.s%d : text\n", i);
    }
    end += sprintf(end, "use intercom\nruleset \"R\" on conversation.started\n");
    for (int i = 0; i < STATES; i++) {
        end += sprintf(end, "  rule \"%d\"\n    when contact.s%d is \"x\"\n    then intercom.tag(\"a\")\n", i, i);
    }
    sluice_program *program = compile_text(text);
    sluice_decider *decider = NULL;
    struct sluice_event event;
    if (CHECK(check, program != NULL && sluice_decider_new(program, &decider) == SLUICE_OK)) {
        struct slu_slot *slots = (struct slu_slot *)program->slots;
        uint32_t last = SLU_NO_INDEX;
        for (uint32_t i = program->slot_count; i-- > 0;) {
            if (slots[i].origin == SLU_FIELD_STATE) {
                slots[i].entity_slot = last == SLU_NO_INDEX ? slots[i].entity_slot : last;
                last = i;
            }
        }
        struct sluice_inputs inputs = {.clock = 1767225600000};
        struct sluice_result result;
        struct sluice_error error;
        CHECK(check, read_text(decider, body, &event) == SLUICE_OK);
        CHECK(check, sluice_decide(decider, &inputs, &result, &error) == SLUICE_LIMIT);
        CHECK(check, strcmp(error.code, "facts-too-deep") == 0);
        CHECK(check, strcmp(error.message, "more than 256 facts wait for one another: this compiled file was not "
                                           "made by a compiler") == 0);
    }
    sluice_decider_free(decider);
    sluice_program_free(program);
    free(text);
}

int main(void) {
    struct check check = {0, 0};
    test_long_chain_of_facts(&check);
    sluice_program *program = compile_text(rules);
    sluice_decider *decider;
    if (CHECK(&check, program != NULL && sluice_decider_new(program, &decider) == SLUICE_OK)) {
        test_results_stand_alone(&check, decider);
        test_pending(&check, decider);
        test_odd_answers(&check, decider);
        sluice_decider_free(decider);
        test_out_of_memory(&check, program);
    }
    sluice_program_free(program);
    return check_finish(&check);
}
