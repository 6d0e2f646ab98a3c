/* One program, eight threads, each with a decider of its own: the same
 * decisions as one thread makes, traces included. Run with the thread
 * sanitizer it also shows that nothing is shared that changes. */
#include <sluice/sluice.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 200, EVENTS = 4 };

static const char rules[] = "use intercom\n"
                            "list names is \"Ada\", \"GRACE\", \"Straße\"\n"
                            "define loud is message.body matches /[A-Z]{3,}/ or message.body contains \"now\"\n"
                            "ruleset \"First\" on conversation.started\n"
                            "  rule \"Known and loud\"\n"
                            "    when contact.name is one of names and loud\n"
                            "    once per conversation\n"
                            "    then intercom.tag(\"Loud {contact.name}\") emit spam.flagged\n"
                            "  rule \"Anybody\"\n"
                            "    when contact.name is known and count(conversation.tags) < 2\n"
                            "    then intercom.note(\"Hi {contact.name ?? \"there\"}\")\n"
                            "ruleset \"Second\" on spam.flagged\n"
                            "  otherwise then record(\"seen {message.body}\")\n";

static const char *const events[EVENTS] = {
    "{\"event\":\"conversation.started\",\"conversation\":{\"id\":\"1\"},\"contact\":{\"name\":\"grace\"},"
    "\"message\":{\"body\":\"Answer me NOW\"}}",
    "{\"event\":\"conversation.started\",\"conversation\":{\"id\":\"2\",\"tags\":[\"a\"]},\"contact\":{\"name\":"
    "\"Eve\"}}",
    "{\"event\":\"conversation.started\",\"conversation\":{\"id\":\"3\"},\"contact\":{\"name\":\"STRASSE\"},"
    "\"message\":{\"body\":\"please\"}}",
    "{\"event\":\"conversation.started\",\"conversation\":{\"id\":\"4\"}}"};

/* What was decided, as one number (FNV-1a). */
struct digest {
    uint64_t value;
};

static void add(struct digest *digest, struct sluice_string string) {
    for (size_t i = 0; i < string.length; i++) {
        digest->value = (digest->value ^ (unsigned char)string.bytes[i]) * 1099511628211u;
    }
    digest->value = (digest->value ^ string.length) * 1099511628211u;
}

static void trace(void *context, const struct sluice_trace_entry *entry) {
    add(context, entry->text);
    add(context, entry->field);
    ((struct digest *)context)->value += entry->line * 2u + entry->outcome;
}

static void add_result(struct digest *digest, const struct sluice_result *result) {
    for (size_t i = 0; i < result->count; i++) {
        add(digest, result->decisions[i].rule);
        for (size_t j = 0; j < result->decisions[i].action_count; j++) {
            const struct sluice_action *action = &result->decisions[i].actions[j];
            add(digest, action->name);
            for (size_t k = 0; k < action->argument_count; k++) {
                add(digest, action->arguments[k].value.text);
            }
        }
    }
}

/* Zero: something failed. */
static uint64_t decide_all(const sluice_program *program, int rounds) {
    sluice_decider *decider;
    struct digest digest = {14695981039346656037u};
    uint64_t first = 0;
    if (sluice_decider_new(program, &decider) != SLUICE_OK) {
        return 0;
    }
    for (int round = 0; round < rounds; round++) {
        digest.value = 14695981039346656037u;
        for (int i = 0; i < EVENTS; i++) {
            struct sluice_delivery delivery = {.body = {events[i], strlen(events[i])}};
            struct sluice_trace hook = {&digest, trace};
            struct sluice_inputs inputs = {.clock = 1767225600000, .trace = &hook};
            struct sluice_event event;
            struct sluice_result result;
            struct sluice_error error;
            if (sluice_read(decider, &delivery, &event, &error) != SLUICE_OK ||
                sluice_decide(decider, &inputs, &result, &error) != SLUICE_OK) {
                sluice_decider_free(decider);
                return 0;
            }
            add_result(&digest, &result);
        }
        first = round == 0 ? digest.value : first;
        if (digest.value != first) {
            first = 0;
            break;
        }
    }
    sluice_decider_free(decider);
    return first;
}

struct worker {
    const sluice_program *program;
    pthread_t thread;
    uint64_t answer;
};

static void *work(void *context) {
    struct worker *worker = context;
    worker->answer = decide_all(worker->program, ROUNDS);
    return NULL;
}

static void report(void *context, bool is_error, struct sluice_string text, struct sluice_string json) {
    (void)context;
    (void)json;
    if (is_error) {
        fprintf(stderr, "%.*s", (int)text.length, text.bytes);
    }
}

int main(void) {
    struct sluice_file file = {{"threads.rules", 13}, {rules, sizeof rules - 1}};
    struct sluice_host host = {.report = report};
    struct worker workers[THREADS];
    sluice_program *program;
    int passed = 0;
    if (sluice_compile(&file, 1, &host, &program) != SLUICE_OK) {
        printf("0 passed, 1 failed\n");
        return 1;
    }
    int started = 0;
    while (started < THREADS) {
        workers[started] = (struct worker){.program = program};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
            break;
        }
        started++;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    uint64_t alone = decide_all(program, 1);
    for (int i = 0; i < started; i++) {
        passed += alone != 0 && workers[i].answer == alone;
    }
    sluice_program_free(program);
    printf("%d passed, %d failed\n", passed, THREADS - passed);
    return passed == THREADS ? 0 : 1;
}
