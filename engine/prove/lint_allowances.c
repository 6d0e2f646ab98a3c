/* Allowances that are never left, and such that limit nothing. */
#include "engine/prove/lint.h"

static struct slu_string written(const struct slu_prove_lint *lint, uint32_t rule, uint32_t allowance) {
    const struct sluice_program *program = lint->query.program;
    return program->allowances[program->rules[rule].first_allowance + allowance].text;
}

/* ---- whose it is, is never known ---- */

/* A rule or a link may raise the event: then it carries what the event before it had. */
static bool is_raised(const struct slu_prove_lint *lint, uint32_t event) {
    const struct sluice_program *program = lint->query.program;
    for (uint32_t i = 0; i < program->action_count; i++) {
        if (program->actions[i].kind == SLU_ACTION_EMIT && program->actions[i].event == event) {
            return true;
        }
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (slu_instruction_opcode(program->code[i]) == SLU_OP_LINK &&
            slu_link_event(slu_instruction_operand(program->code[i])) == event) {
            return true;
        }
    }
    return false;
}

static bool fills(const struct slu_bound_topic *topic, uint32_t field) {
    for (uint32_t i = 0; i < topic->mapping_count; i++) {
        if (topic->mappings[i].field == field) {
            return true;
        }
    }
    return false;
}

/* Does the program expect deliveries of the source? Of a standard one, when its service is in use. */
static bool is_expected(const struct slu_prove_lint *lint, const struct slu_bound_source *source) {
    const struct slu_model *model = lint->model;
    if (!lint->diagnostics->sources->items[source->name.span.file].standard) {
        return true;
    }
    uint32_t service = slu_map_find(&model->service_names, source->name.text);
    return service != SLU_MAP_NONE && model->services[service].in_use;
}

/* A source that is expected makes such events, none fills the field in them, and nothing else raises them. */
static bool never_carries(const struct slu_prove_lint *lint, uint32_t event, uint32_t field) {
    const struct slu_model *model = lint->model;
    bool made = false;
    for (uint32_t i = 0; i < model->from_sources_count; i++) {
        const struct slu_bound_source *source = &model->from_sources[i];
        for (uint32_t topic = 0; topic < source->topic_count; topic++) {
            if (source->topics[topic].event == event) {
                made = made || is_expected(lint, source);
                if (fills(&source->topics[topic], field)) {
                    return false;
                }
            }
        }
    }
    return made && !is_raised(lint, event);
}

static void check_key(struct slu_prove_lint *lint, uint32_t rule, uint32_t allowance) {
    const struct slu_bound_allowance *bound = &lint->model->rules[rule].allowances[allowance];
    const struct slu_bound_ruleset *ruleset = &lint->model->rulesets[lint->model->rules[rule].ruleset];
    if (bound->entity_id == SLU_NO_INDEX || lint->model->fields[bound->entity_id].origin != SLU_FIELD_EVENT) {
        return;
    }
    for (uint32_t i = 0; i < ruleset->event_count; i++) {
        if (!never_carries(lint, ruleset->events[i], bound->entity_id)) {
            return;
        }
    }
    struct slu_string text = written(lint, rule, allowance), key = lint->model->fields[bound->entity_id].name.text;
    struct slu_diagnostic *diagnostic = slu_diagnostics_add(
        lint->diagnostics, SLU_DIAGNOSTIC_NEVER_ALLOWED, bound->span,
        "`%.*s` counts as spent on every delivery: no source fills `%.*s` for the events of this ruleset",
        (int)text.length, text.bytes, (int)key.length, key.bytes);
    slu_diagnostics_note(lint->diagnostics, diagnostic,
                         "without it the rule wins only where an event that is written by hand has it");
}

/* ---- one that another one implies ---- */

/* The rule never matches without the field, so that it is no reason of its own. */
static bool is_known(struct slu_prove_lint *lint, uint32_t rule, const struct slu_bound_allowance *bound) {
    struct slu_instance *instance = lint->query.instance;
    uint32_t subject = slu_subject_field(lint->prover, lint->model, bound->entity_id);
    if (subject == SLU_NO_INDEX) {
        return false;
    }
    slu_query_begin(&lint->query);
    slu_instance_require(instance, slu_prove_conditions(lint->prover, lint->model, &lint->model->rules[rule]), false,
                         rule);
    slu_instance_require(instance, -lint->prover->subjects[subject].present, false, rule);
    return slu_instance_solve(instance) == SLU_VERDICT_NO;
}

/* As long as something is left of `other`, so there is of `bound`: it counts no
 * more wins, over no longer time, up to no lower a number. */
static bool is_implied(struct slu_prove_lint *lint, uint32_t rule, const struct slu_bound_allowance *bound,
                       const struct slu_bound_allowance *other) {
    bool shorter = other->period == 0 || (bound->period != 0 && bound->period <= other->period);
    if (!shorter || bound->count < other->count) {
        return false;
    }
    return bound->entity_id == other->entity_id || (other->entity_id == SLU_NO_INDEX && is_known(lint, rule, bound));
}

static void check_implied(struct slu_prove_lint *lint, uint32_t rule, uint32_t allowance) {
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    for (uint32_t i = 0; i < bound->allowance_count; i++) {
        bool implied = i != allowance && is_implied(lint, rule, &bound->allowances[allowance], &bound->allowances[i]);
        /* Of two that are alike, the second could go. */
        if (!implied ||
            (i > allowance && is_implied(lint, rule, &bound->allowances[i], &bound->allowances[allowance]))) {
            continue;
        }
        struct slu_string other = written(lint, rule, i);
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            lint->diagnostics, SLU_DIAGNOSTIC_IDLE_ALLOWANCE, bound->allowances[allowance].span,
            "this allowance limits nothing that `%.*s` does not limit already", (int)other.length, other.bytes);
        slu_diagnostics_note_at(lint->diagnostics, diagnostic, bound->allowances[i].span, "this one is enough");
        return;
    }
}

void slu_lint_allowances(struct slu_prove_lint *lint) {
    for (uint32_t rule = 0; rule < lint->model->rules_count; rule++) {
        const struct slu_bound_rule *bound = &lint->model->rules[rule];
        for (uint32_t i = 0; i < bound->allowance_count && !lint->prover->expired; i++) {
            check_key(lint, rule, i);
            check_implied(lint, rule, i);
        }
    }
}
