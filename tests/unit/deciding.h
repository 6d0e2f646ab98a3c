/* What the tests of deciding share: rules from a text, one event, one decision. */
#ifndef SLU_TESTS_UNIT_DECIDING_H
#define SLU_TESTS_UNIT_DECIDING_H

#include "engine/decide/convert.h"
#include "engine/decide/decider.h"
#include "engine/include/sluice/sluice.h"

#include <stdio.h>
#include <string.h>

static inline struct sluice_string public_text(const char *terminated) {
    return (struct sluice_string){terminated, strlen(terminated)};
}

static inline void print_finding(void *context, bool is_error, struct sluice_string text, struct sluice_string json) {
    (void)context;
    (void)json;
    if (is_error) {
        printf("%.*s", (int)text.length, text.bytes);
    }
}

/* The program, or NULL with the findings printed. */
static inline sluice_program *compile_text(const char *rules) {
    struct sluice_file file = {public_text("test.rules"), public_text(rules)};
    struct sluice_host host = {.report = print_finding};
    sluice_program *program;
    return sluice_compile(&file, 1, &host, &program) == SLUICE_OK ? program : NULL;
}

static inline enum sluice_status read_text(sluice_decider *decider, const char *body, struct sluice_event *event) {
    struct sluice_delivery delivery = {.body = public_text(body)};
    struct sluice_error error;
    return sluice_read(decider, &delivery, event, &error);
}

static inline bool text_is(struct sluice_string text, const char *terminated) {
    return slu_string_is(slu_string_take(text), terminated);
}

#endif
