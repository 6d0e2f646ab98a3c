/* Going on after a mistake. */
#ifndef SLU_GRAMMAR_RECOVER_H
#define SLU_GRAMMAR_RECOVER_H

#include "grammar/build.h"

/* What can be read on from, by what was open when the mistake was made. */
enum slu_recover_level {
    SLU_RECOVER_DECLARATION, /* the next declaration */
    SLU_RECOVER_MEMBER,      /* or a member of the open one: a rule, a step of a test, a mapping */
    SLU_RECOVER_HEAD,        /* or the `then` of the rule */
    SLU_RECOVER_ACTION,      /* or an action */
    SLU_RECOVER_ARGUMENTS    /* the same, inside of a call, where words may have been taken for parameter names */
};

/* Skips tokens up to one that starts a construct of that level. `has_lookahead`:
 * the parser holds the token at which the mistake was seen; *skipped: it has to
 * drop that. Mistakes of the lexer in between are reported. False when out of
 * memory. */
bool slu_recover(struct slu_builder *builder, enum slu_recover_level level, bool has_lookahead, bool *skipped);

#endif
