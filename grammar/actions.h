/* What the actions of rules.y are written with. Only for that file: the macros
 * use the skeleton's own names (`yyval` is $$, `yyloc` is @$) and `builder`. */
#ifndef SLU_GRAMMAR_ACTIONS_H
#define SLU_GRAMMAR_ACTIONS_H

#include "engine/base/limits.h"
#include "grammar/build.h"
#include "grammar/recover.h"

/* The stack holds at most about twenty symbols for each level of nesting. */
#define YYMAXDEPTH (SLU_LIMIT_NESTING * 40)

#define YYLLOC_DEFAULT(whole, parts, count)                                                                            \
    do {                                                                                                               \
        if (count) {                                                                                                   \
            (whole) = YYRHSLOC(parts, 1);                                                                              \
            (whole).end = YYRHSLOC(parts, count).end;                                                                  \
        } else {                                                                                                       \
            (whole) = YYRHSLOC(parts, 0);                                                                              \
            (whole).start = (whole).end;                                                                               \
        }                                                                                                              \
    } while (0)

/* Builders fail only for want of memory. */
#define DO(built)                                                                                                      \
    do {                                                                                                               \
        if (!(built)) {                                                                                                \
            YYNOMEM;                                                                                                   \
        }                                                                                                              \
    } while (0)

/* $$ becomes an expression that reaches over the whole rule. `right` is NULL where there is one operand. */
#define OPERATOR(kind, left, right) DO(yyval.expression = slu_build_operator(builder, (kind), yyloc, (left), (right)))
#define NAMED(kind, operand, name) DO(yyval.expression = slu_build_named(builder, (kind), yyloc, (operand), (name)))
#define CONSTANT(kind, number) DO(yyval.expression = slu_build_number(builder, (kind), yyloc, (number)))

/* What $$ holds becomes its operand. */
#define NEGATE() OPERATOR(SLU_EXPRESSION_NOT, yyval.expression, NULL)
/* One more for the list in $$. */
#define ADD_ITEM(item) DO(slu_build_add_item(builder, yyval.expression, (item)))

/* $$ becomes a list of one word; one more for the list in $$. */
#define FIRST_WORD(word) DO(slu_build_words(builder, &yyval.words, (word)))
#define ADD_WORD(word) DO(slu_build_add_word(builder, &yyval.words, (word)))

/* After `error`: skips to where `level` can go on. */
#define RECOVER(level)                                                                                                 \
    do {                                                                                                               \
        bool skipped = false;                                                                                          \
        DO(slu_recover(builder, (level), yychar != SLU_TOKEN_ABSENT, &skipped));                                       \
        if (skipped) {                                                                                                 \
            yyclearin;                                                                                                 \
        }                                                                                                              \
        yyerrok;                                                                                                       \
    } while (0)

/* After a keyword and `error`: the declaration is open all the same, for the mistakes in its members. */
#define BEGIN_BROKEN(kind)                                                                                             \
    do {                                                                                                               \
        slu_build_begin_broken(builder, (kind));                                                                       \
        RECOVER(SLU_RECOVER_MEMBER);                                                                                   \
    } while (0)

/* After a member and `error`: the declaration is not kept, its further members are still read. */
#define BREAK_MEMBER()                                                                                                 \
    do {                                                                                                               \
        slu_build_break(builder);                                                                                      \
        RECOVER(SLU_RECOVER_MEMBER);                                                                                   \
    } while (0)

/* Opens one level of nesting; past the limit the construct is given up. */
#define ENTER(span)                                                                                                    \
    do {                                                                                                               \
        if (!slu_build_enter(builder, (span))) {                                                                       \
            YYERROR;                                                                                                   \
        }                                                                                                              \
    } while (0)
#define LEAVE() slu_build_leave(builder)

#endif
