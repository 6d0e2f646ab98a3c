/* Is the code of a model sure to keep every limit, without making it?
 *
 * It is where each piece has few nodes, named conditions written out: a node is
 * a handful of instructions, one value on the stack and two levels at most. */
#include "engine/base/limits.h"
#include "engine/check/walk.h"
#include "engine/compile/compiler.h"

enum {
    NODES_MAX = 200, /* of one piece */
    MANY = NODES_MAX + 1,
    TOTAL_MAX = 1 << 22, /* of all pieces; none has more than two constants */
};
_Static_assert((uint32_t)NODES_MAX < (uint32_t)SLU_LIMIT_STACK, "no stack is full");
_Static_assert((uint32_t)NODES_MAX * 100 < (uint32_t)SLU_LIMIT_PIECE_INSTRUCTIONS, "no piece is long");
_Static_assert((uint32_t)TOTAL_MAX * 2 < SLU_OPERAND_MAX, "every constant has its number");

struct measuring {
    const struct slu_model *model;
    uint32_t *defines; /* nodes of each named condition; 0: not counted yet */
    uint32_t total;
};

/* At most MANY. `levels`: how many may stand inside. */
static uint32_t count_nodes(struct measuring *measuring, const struct slu_expression *at, uint32_t levels) {
    if (levels == 0) {
        return MANY;
    }
    if (at->kind == SLU_EXPRESSION_NAME && at->binding == SLU_BINDING_DEFINE) {
        uint32_t *known = &measuring->defines[at->index];
        if (*known == 0) {
            *known = count_nodes(measuring, measuring->model->defines[at->index].condition, levels - 1);
        }
        return *known;
    }
    uint32_t nodes = 1, count = slu_expression_child_count(at);
    for (uint32_t i = 0; i < count && nodes < MANY; i++) {
        nodes += count_nodes(measuring, slu_expression_child(at, i), levels - 1);
    }
    return nodes < MANY ? nodes : MANY;
}

/* NULL: nothing there. */
static uint32_t count_piece(struct measuring *measuring, const struct slu_expression *piece) {
    return piece == NULL ? 0 : count_nodes(measuring, piece, NODES_MAX);
}

static bool take(struct measuring *measuring, uint32_t nodes) {
    measuring->total += nodes < TOTAL_MAX ? nodes : TOTAL_MAX;
    return nodes <= NODES_MAX && measuring->total <= TOTAL_MAX;
}

static bool take_arguments(struct measuring *measuring, const struct slu_argument *const *arguments, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i] != NULL && !take(measuring, count_piece(measuring, arguments[i]->value))) {
            return false;
        }
    }
    return true;
}

static bool take_actions(struct measuring *measuring, const struct slu_bound_action *actions, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!take_arguments(measuring, actions[i].arguments, actions[i].argument_count)) {
            return false;
        }
    }
    return true;
}

static bool take_rules(struct measuring *measuring) {
    const struct slu_model *model = measuring->model;
    for (uint32_t i = 0; i < model->rules_count; i++) {
        const struct slu_bound_rule *rule = &model->rules[i];
        uint32_t when = count_piece(measuring, rule->syntax->when),
                 unless = count_piece(measuring, rule->syntax->unless);
        if (!take(measuring, when + unless) || !take_actions(measuring, rule->actions, rule->action_count)) {
            return false;
        }
    }
    return true;
}

static bool take_step(struct measuring *measuring, const struct slu_bound_step *step) {
    for (uint32_t i = 0; i < step->given_count; i++) {
        if (!take(measuring, count_piece(measuring, step->given[i].value))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < step->outcome_count; i++) {
        if (!take_actions(measuring, step->outcomes[i].actions, step->outcomes[i].action_count)) {
            return false;
        }
    }
    return true;
}

static bool take_tests(struct measuring *measuring) {
    const struct slu_model *model = measuring->model;
    for (uint32_t i = 0; i < model->tests_count; i++) {
        for (uint32_t j = 0; j < model->tests[i].step_count; j++) {
            if (!take_step(measuring, &model->tests[i].steps[j])) {
                return false;
            }
        }
    }
    return true;
}

static bool take_others(struct measuring *measuring) {
    const struct slu_model *model = measuring->model;
    for (uint32_t i = 0; i < model->guards_count; i++) {
        if (!take(measuring, count_piece(measuring, model->guards[i].syntax->condition))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < model->assertions_count; i++) {
        if (!take(measuring, count_piece(measuring, model->assertions[i].condition))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < model->lookups_count; i++) {
        if (!take_arguments(measuring, model->lookups[i].arguments, model->lookups[i].argument_count)) {
            return false;
        }
    }
    return true;
}

bool slu_compile_is_small(const struct slu_model *model, struct slu_arena *scratch) {
    struct measuring measuring = {.model = model};
    if (model->calendars_count > 0 || model->events_count > SLU_LINK_EVENTS_MAX) {
        return false; /* the data of time zones are read only with the code */
    }
    measuring.defines = SLU_NEW_ARRAY(scratch, uint32_t, model->defines_count);
    return measuring.defines != NULL && take_rules(&measuring) && take_others(&measuring) && take_tests(&measuring);
}
