/* Names that are defined by themselves, look-ups that wait for too many others,
 * and events that raise each other. */
#include "engine/base/limits.h"
#include "engine/check/checker.h"

struct cycle_context {
    struct slu_checker *checker;
    const struct slu_graph *graph;
};

/* ---- named conditions and look-ups: nodes are defines, then look-ups ---- */

static struct slu_word definition_name(const struct slu_model *model, uint32_t node) {
    return node < model->defines_count ? model->defines[node].name : model->lookups[node - model->defines_count].name;
}

static void report_definition_cycle(void *context, const uint32_t *edges, uint32_t count) {
    const struct cycle_context *cycle = context;
    struct slu_checker *checker = cycle->checker;
    checker->definitions_circular = true;
    uint32_t start = cycle->graph->edges[edges[count - 1]].to;
    struct slu_word name = definition_name(checker->model, start);
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_DEFINE_CYCLE, name.span, "`%.*s` is defined by itself",
                            SLU_SHOWN(name.text));
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_edge *edge = &cycle->graph->edges[edges[i]];
        struct slu_word to = definition_name(checker->model, edge->to);
        slu_diagnostics_note_at(checker->diagnostics, diagnostic, edge->span, "%s `%.*s`",
                                i == 0 ? "it needs" : "which needs", SLU_SHOWN(to.text));
    }
}

/* Edges from `node` to the named conditions and look-ups that the expression reads. */
static bool add_reads(struct slu_checker *checker, struct slu_graph *graph, uint32_t node,
                      struct slu_expression *expression) {
    const struct slu_model *model = checker->model;
    struct slu_walk walk;
    slu_walk_start(&walk, &checker->stack, expression);
    for (const struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        if (at->kind != SLU_EXPRESSION_NAME) {
            continue;
        }
        uint32_t to = SLU_NO_INDEX;
        if (at->binding == SLU_BINDING_DEFINE) {
            to = at->index;
        } else if (at->binding == SLU_BINDING_FIELD && model->fields[at->index].origin == SLU_FIELD_LOOKUP) {
            to = model->defines_count + model->fields[at->index].lookup;
        }
        if (to != SLU_NO_INDEX && !slu_graph_add(graph, node, to, at->span)) {
            checker->arena->failed = true;
        }
    }
    return !checker->arena->failed;
}

/* Deciding goes one step deeper for each look-up whose argument reads another's
 * answer. The first at which the chain is too long is named. */
static void check_chains(struct slu_checker *checker, const struct slu_graph *graph) {
    const struct slu_model *model = checker->model;
    uint32_t *chains = SLU_NEW_ARRAY(checker->arena, uint32_t, graph->node_count);
    for (uint32_t i = 0; chains != NULL && i < graph->node_count; i++) {
        uint32_t node = checker->definition_order[i]; /* after all that it reads */
        for (uint32_t edge = graph->first_edge[node]; edge != SLU_NO_INDEX; edge = graph->edges[edge].next) {
            uint32_t below = chains[graph->edges[edge].to];
            chains[node] = below > chains[node] ? below : chains[node];
        }
        chains[node] += node >= model->defines_count;
        if (chains[node] > SLU_LIMIT_LOOKUP_CHAIN) {
            struct slu_diagnostic *diagnostic = slu_diagnostics_add(
                checker->diagnostics, SLU_DIAGNOSTIC_LIMIT, definition_name(model, node).span,
                "this look-up is one too many: at most %d may wait for one another's answers", SLU_LIMIT_LOOKUP_CHAIN);
            slu_diagnostics_note(checker->diagnostics, diagnostic,
                                 "each of them needs the answer of another one for an argument, and that one the next");
            return;
        }
    }
}

static void check_definitions(struct slu_checker *checker) {
    const struct slu_model *model = checker->model;
    struct slu_graph graph;
    uint32_t count = model->defines_count + model->lookups_count;
    checker->definition_order = SLU_NEW_ARRAY(checker->arena, uint32_t, count);
    if (checker->definition_order == NULL || !slu_graph_init(&graph, checker->arena, count)) {
        return;
    }
    for (uint32_t i = 0; i < model->defines_count; i++) {
        if (!add_reads(checker, &graph, i, model->defines[i].condition)) {
            return;
        }
    }
    for (uint32_t i = 0; i < model->lookups_count; i++) {
        const struct slu_expression *call = model->lookups[i].call;
        for (uint32_t j = 0; j < call->argument_count; j++) {
            if (!add_reads(checker, &graph, model->defines_count + i, call->arguments[j].value)) {
                return;
            }
        }
    }
    struct cycle_context context = {checker, &graph};
    if (slu_graph_search(&graph, checker->definition_order, report_definition_cycle, &context) &&
        !checker->definitions_circular) {
        check_chains(checker, &graph);
    }
}

/* ---- raised events: nodes are events, then rulesets ---- */

static void report_emit_cycle(void *context, const uint32_t *edges, uint32_t count) {
    const struct cycle_context *cycle = context;
    struct slu_checker *checker = cycle->checker;
    const struct slu_model *model = checker->model;
    struct slu_diagnostic *diagnostic = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_edge *edge = &cycle->graph->edges[edges[i]];
        if (edge->to >= model->events_count) {
            continue; /* from an event to a ruleset that listens */
        }
        struct slu_string event = model->events[edge->to].name.text;
        if (i < 2) { /* events and rulesets alternate: the first raised event */
            diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_EMIT_CYCLE, edge->span,
                                    "`%.*s` is raised again and again: no condition ends it", SLU_SHOWN(event));
        } else {
            slu_diagnostics_note_at(checker->diagnostics, diagnostic, edge->span, "which raises `%.*s`",
                                    SLU_SHOWN(event));
        }
    }
    slu_diagnostics_note(
        checker->diagnostics, diagnostic,
        "give one of these rules a `when`, an `unless` or an allowance such as `once per conversation`");
}

/* A rule that raises its event whenever it is reached. */
static bool always_emits(const struct slu_bound_rule *rule, const struct slu_bound_action *action) {
    const struct slu_rule_syntax *syntax = rule->syntax;
    return action->syntax->kind == SLU_ACTION_EMIT && action->target != SLU_NO_INDEX && syntax->when == NULL &&
           syntax->unless == NULL && syntax->allowance_count == 0 && action->unless_count == 0;
}

static bool add_emits(struct slu_checker *checker, struct slu_graph *graph, uint32_t index) {
    const struct slu_model *model = checker->model;
    const struct slu_bound_ruleset *ruleset = &model->rulesets[index];
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (!slu_graph_add(graph, ruleset->events[i], model->events_count + index, ruleset->syntax->title.span)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        const struct slu_bound_rule *rule = &model->rules[ruleset->first_rule + i];
        for (uint32_t j = 0; j < rule->action_count; j++) {
            const struct slu_bound_action *action = &rule->actions[j];
            if (always_emits(rule, action) &&
                !slu_graph_add(graph, model->events_count + index, action->target, action->syntax->name.span)) {
                return false;
            }
        }
    }
    return true;
}

static void check_emits(struct slu_checker *checker) {
    const struct slu_model *model = checker->model;
    struct slu_graph graph;
    uint32_t count = model->events_count + model->rulesets_count;
    uint32_t *order = SLU_NEW_ARRAY(checker->arena, uint32_t, count);
    if (order == NULL || !slu_graph_init(&graph, checker->arena, count)) {
        return;
    }
    for (uint32_t i = 0; i < model->rulesets_count; i++) {
        if (!add_emits(checker, &graph, i)) {
            return;
        }
    }
    struct cycle_context context = {checker, &graph};
    (void)slu_graph_search(&graph, order, report_emit_cycle, &context);
}

void slu_check_cycles(struct slu_checker *checker) {
    check_definitions(checker);
    check_emits(checker);
}
