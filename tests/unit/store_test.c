/* The store of a dry run: that it does not grow without need, and memory that runs out. */
#include "engine/decide/store.h"
#include "engine/decide/tests.h"
#include "engine/input/json.h"
#include "tests/unit/check.h"
#include "tests/unit/deciding.h"
#include "tests/unit/failing_memory.h"

static const char rules[] = "use intercom\n"
                            "state contact.note : text\n"
                            "lookup live is intercom.conversation(conversation.id)\n"
                            "ruleset \"R\" on conversation.started\n"
                            "  rule \"Note\"\n"
                            "    when live.state is not \"closed\"\n"
                            "    at most 3 per 1 minute per contact\n"
                            "    at most 1000000 per contact\n"
                            "    then set contact.note = message.body\n"
                            "         intercom.tag(message.body)\n"
                            "         after 1 hour unless conversation.closed set contact.note = \"late\"\n"
                            "ruleset \"U\" on conversation.noted\n"
                            "  rule \"Undo\"\n"
                            "    then undo \"Note\"\n"
                            "test \"a test\"\n"
                            "  given conversation.started\n"
                            "        message.body is \"x\"\n"
                            "        contact.note is \"before\"\n"
                            "        live.state is \"open\"\n"
                            "  expect rule \"Note\"\n"
                            "         set contact.note = \"x\"\n"
                            "  given conversation.noted\n"
                            "  expect rule \"Undo\"\n"
                            "         undo \"Note\"\n";

static const char started[] = "{\"event\":\"conversation.started\",\"contact\":{\"id\":\"c\"},"
                              "\"conversation\":{\"id\":\"k\"},\"message\":{\"body\":\"hello\"}}";
static const char closed[] = "{\"event\":\"conversation.closed\",\"conversation\":{\"id\":\"k\"}}";
static const char noted[] =
    "{\"event\":\"conversation.noted\",\"contact\":{\"id\":\"c\"},\"conversation\":{\"id\":\"k\"}}";
static const char facts_text[] =
    "{\"state\":{\"contact\":{\"c\":{\"note\":\"kept\"}}},\"lookups\":{\"live\":{\"state\":\"open\"},"
    "\"intercom.conversation\":{\"k\":{\"state\":\"open\"}}},"
    "\"allowances\":[{\"rule\":\"Note\",\"key\":\"c\",\"at\":0},{\"rule\":\"Note\",\"key\":\"c\",\"at\":0}]}";

struct dry_run {
    struct check *check;
    sluice_program *program;
    sluice_decider *decider;
    struct slu_store *store;
    struct sluice_result result; /* of the last step */
    unsigned succeeded;
};

static enum sluice_status step(struct dry_run *run, const char *body, int64_t clock) {
    struct sluice_event event;
    struct sluice_error error;
    struct sluice_inputs inputs = {.clock = clock, .facts = slu_store_facts(run->store)};
    enum sluice_status status = slu_store_advance(run->store, clock);
    if (status == SLUICE_OK) {
        status = read_text(run->decider, body, &event);
    }
    if (status == SLUICE_OK) {
        status = sluice_decide(run->decider, &inputs, &run->result, &error);
    }
    return status == SLUICE_OK ? slu_store_apply(run->store, &event, &run->result, clock) : status;
}

static size_t count_waiting(const struct slu_waiting *waiting) {
    size_t count = 0;
    for (; waiting != NULL; waiting = waiting->next) {
        count++;
    }
    return count;
}

static size_t undone_actions(const struct dry_run *run) {
    return run->result.decisions[0].actions[0].reverse_count;
}

/* Of 300 decisions the newest 100 can be undone; what waits of older ones stays. */
static void test_bounds(struct dry_run *run) {
    struct check *check = run->check;
    for (int i = 0; i < 300; i++) {
        CHECK(check, step(run, started, i * 30000) == SLUICE_OK && run->result.decisions[0].action_count == 3);
    }
    CHECK(check, count_waiting(slu_store_waiting(run->store)) == 120);
    size_t undone = 0;
    for (int i = 0; i < 120; i++) {
        CHECK(check, step(run, noted, 300 * 30000) == SLUICE_OK);
        undone += undone_actions(run) > 0;
    }
    CHECK(check, undone == 100);
    CHECK(check, step(run, closed, 300 * 30000) == SLUICE_OK && slu_store_waiting(run->store) == NULL);
    CHECK(check, count_waiting(slu_store_cancelled(run->store)) == 19);
    CHECK(check, step(run, closed, 300 * 30000) == SLUICE_OK && slu_store_cancelled(run->store) == NULL);
}

static void test_allowance(struct dry_run *run) {
    struct check *check = run->check;
    const struct sluice_facts *facts = slu_store_facts(run->store);
    uint64_t used = 0;
    for (int i = 0; i < 5; i++) {
        CHECK(check, step(run, started, 1000000000 + i) == SLUICE_OK);
        CHECK(check, (run->result.decisions[0].rule.bytes != NULL) == (i < 3));
    }
    CHECK(check, facts->allowance(facts->context, public_text("R"), public_text("Note"), public_text("contact"),
                                  public_text("c"), 60000, 1000000001, &used) == SLUICE_FACT_FOUND &&
                     used == 2);
    CHECK(check, facts->allowance(facts->context, public_text("R"), public_text("Note"), public_text("contact"),
                                  public_text("c"), 0, 0, &used) == SLUICE_FACT_FOUND &&
                     used == 303);
}

static void open_run(struct dry_run *run) {
    run->decider = NULL;
    run->store = NULL;
    run->result = (struct sluice_result){NULL, 0};
}

static void close_run(struct dry_run *run) {
    sluice_decider_free(run->decider);
    slu_store_free(run->store);
}

static enum sluice_status load(struct dry_run *run) {
    struct slu_arena arena;
    struct sluice_error error;
    const struct slu_json *json;
    slu_arena_init(&arena, 0);
    enum sluice_status status = slu_json_read(slu_string_from(facts_text), &arena, &json, &error);
    if (status == SLUICE_OK) {
        status = slu_store_load_facts(run->store, slu_string_from(facts_text), json, &error);
    }
    slu_arena_free(&arena);
    return status;
}

/* A whole dry run, each allocation failing once: a status, no crash, no leak. */
static void run_all(void *context) {
    struct dry_run *run = context;
    open_run(run);
    enum sluice_status status = sluice_decider_new(run->program, &run->decider);
    if (status == SLUICE_OK) {
        status = slu_store_new(run->program, &run->store);
    }
    if (status == SLUICE_OK) {
        status = load(run);
    }
    for (int i = 0; i < 40 && status == SLUICE_OK; i++) {
        status = step(run, i % 8 == 7 ? noted : started, i * 600000);
    }
    if (status == SLUICE_OK) {
        status = step(run, closed, 0);
    }
    CHECK(run->check, status == SLUICE_OK || status == SLUICE_NO_MEMORY);
    run->succeeded += status == SLUICE_OK;
    close_run(run);
}

static void run_tests(void *context) {
    struct dry_run *run = context;
    struct slu_arena arena;
    struct slu_test_run tests;
    slu_arena_init(&arena, 0);
    enum sluice_status status = slu_tests_run(run->program, &arena, &tests);
    CHECK(run->check, status == SLUICE_NO_MEMORY || (status == SLUICE_OK && tests.count == 1));
    run->succeeded += status == SLUICE_OK;
    slu_arena_free(&arena);
}

int main(void) {
    struct check check = {0, 0};
    struct dry_run run = {.check = &check, .program = compile_text(rules)};
    if (!CHECK(&check, run.program != NULL)) {
        return check_finish(&check);
    }
    open_run(&run);
    CHECK(&check, sluice_decider_new(run.program, &run.decider) == SLUICE_OK);
    CHECK(&check, slu_store_new(run.program, &run.store) == SLUICE_OK);
    test_bounds(&run);
    test_allowance(&run);
    close_run(&run);
    CHECK(&check, failing_memory_try_all(run_all, &run) > 20 && run.succeeded == 1);
    run.succeeded = 0;
    CHECK(&check, failing_memory_try_all(run_tests, &run) > 5 && run.succeeded == 1);
    sluice_program_free(run.program);
    return check_finish(&check);
}
