/* What to write instead: the notes under a mistake. */
#ifndef SLU_GRAMMAR_ADVICE_H
#define SLU_GRAMMAR_ADVICE_H

#include "grammar/build.h"

#include <string.h>

/* The names still to be said; summing up takes some out and puts phrases in. */
struct slu_expectation {
    const char *names[256];
    size_t count;
};

static inline bool slu_is_expected(const struct slu_expectation *expected, const char *name) {
    for (size_t i = 0; i < expected->count; i++) {
        if (strcmp(expected->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The source behind a span. */
static inline struct slu_string slu_written(const struct slu_builder *builder, struct slu_span span) {
    return (struct slu_string){builder->lexer.start + span.start, span.end - span.start};
}

/* Does what was found stand on the line of what is before it? */
static inline bool slu_is_same_line(const struct slu_builder *builder) {
    const char *from = builder->lexer.start + builder->previous.span.end;
    return memchr(from, '\n', builder->current.span.start - builder->previous.span.end) == NULL;
}

/* Reports a misspelt or foreign keyword that was taken for a name, at its own
 * place; false, and nothing said, when it is none. */
bool slu_report_taken_for_name(struct slu_builder *builder, const struct slu_expectation *all);
void slu_add_advice(struct slu_builder *builder, struct slu_diagnostic *diagnostic, const struct slu_expectation *all);

#endif
