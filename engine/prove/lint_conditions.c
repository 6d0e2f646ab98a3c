/* Conditions that never hold together, and such that always hold. */
#include "engine/prove/lint.h"

/* "`a > 5` and `a < 3`". Tags above the parts' are allowances. */
static void list_needed(struct slu_prove_lint *lint, uint32_t rule, const struct slu_parts *parts,
                        struct slu_buffer *out, uint32_t *count) {
    const struct slu_instance *instance = lint->query.instance;
    const struct sluice_program *program = lint->query.program;
    *count = 0;
    for (uint32_t i = 0; i < instance->root_count; i++) {
        uint32_t tag = instance->roots[i].tag;
        if (!instance->roots[i].active) {
            continue;
        }
        bool is_part = tag < parts->count;
        struct slu_string written =
            is_part ? slu_lint_written(lint, parts->items[tag].expression)
                    : program->allowances[program->rules[rule].first_allowance + tag - parts->count].text;
        slu_buffer_add_text(out, (*count)++ == 0 ? "" : " and ");
        slu_buffer_add_format(out, "%s`%.*s`", is_part && parts->items[tag].is_unless ? "unless " : "",
                              (int)written.length, written.bytes);
    }
}

void slu_lint_conditions(struct slu_prove_lint *lint, uint32_t rule) {
    struct slu_instance *instance = lint->query.instance;
    struct slu_parts parts;
    if (!slu_lint_parts(lint, rule, &parts)) {
        return;
    }
    slu_query_begin(&lint->query);
    for (uint32_t i = 0; i < parts.count; i++) {
        slu_instance_require(instance, parts.items[i].formula, true, i);
    }
    const struct slu_bound_rule *bound = &lint->model->rules[rule];
    for (uint32_t i = 0; i < bound->allowance_count; i++) { /* each needs to know whose it is */
        slu_formula allowed = slu_atom_allowed(lint->prover, lint->model, bound, i);
        slu_instance_require(instance, allowed, true, parts.count + i);
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_CONTRADICTION, slu_lint_title(lint, rule).span,
                            "this rule can never win: its conditions never hold together");
    if (slu_instance_solve(instance) != SLU_VERDICT_NO) {
        return;
    }
    slu_instance_minimize(instance);
    struct slu_buffer text;
    uint32_t count;
    slu_buffer_init(&text);
    list_needed(lint, rule, &parts, &text, &count);
    if (text.failed) {
        lint->diagnostics->failed = true;
    } else if (count > 0) {
        slu_diagnostics_note(lint->diagnostics, diagnostic, count == 1 ? "%.*s never holds" : "%.*s exclude each other",
                             (int)text.length, text.bytes);
    }
    slu_buffer_free(&text);
}

/* ---- always ---- */

static bool never(struct slu_prove_lint *lint, slu_formula formula, const uint32_t *subjects, uint32_t count) {
    struct slu_instance *instance = lint->query.instance;
    slu_query_begin(&lint->query);
    slu_instance_require(instance, formula, false, 0);
    for (uint32_t i = 0; i < count; i++) {
        slu_instance_require(instance, lint->prover->subjects[subjects[i]].present, false, 0);
    }
    return slu_instance_solve(instance) == SLU_VERDICT_NO;
}

/* Could the condition hold always without being meant to? A plain test cannot. */
static bool is_compound(const struct slu_expression *expression) {
    while (expression->kind == SLU_EXPRESSION_GROUP) {
        expression = expression->items[0];
    }
    return expression->kind == SLU_EXPRESSION_OR || expression->kind == SLU_EXPRESSION_NOT ||
           expression->kind == SLU_EXPRESSION_ONE_OF || expression->kind == SLU_EXPRESSION_AT_MOST ||
           expression->kind == SLU_EXPRESSION_AT_LEAST ||
           (expression->kind == SLU_EXPRESSION_NAME && expression->binding == SLU_BINDING_DEFINE);
}

static void report_when_present(struct slu_prove_lint *lint, const struct slu_part *part, const uint32_t *subjects,
                                uint32_t count) {
    struct slu_buffer fields;
    slu_buffer_init(&fields);
    uint32_t shown = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_field *field = lint->prover->subjects[subjects[i]].field;
        if (field != NULL) {
            slu_buffer_add_format(&fields, "%s`%.*s`", shown++ == 0 ? "" : " and ", (int)field->name.text.length,
                                  field->name.text.bytes);
        }
    }
    if (fields.failed) {
        lint->diagnostics->failed = true;
    } else if (shown > 0) {
        struct slu_diagnostic *diagnostic = slu_diagnostics_add(
            lint->diagnostics, SLU_DIAGNOSTIC_ALWAYS_TRUE, part->expression->span, "this holds whenever %.*s %s known",
            (int)fields.length, fields.bytes, shown == 1 ? "is" : "are");
        if (shown == 1) {
            slu_diagnostics_note(lint->diagnostics, diagnostic, "if that is meant, write `%.*s is known`",
                                 (int)fields.length - 2, fields.bytes + 1);
        }
    }
    slu_buffer_free(&fields);
}

static void check_part(struct slu_prove_lint *lint, const struct slu_part *part) {
    uint32_t *subjects, count;
    bool has_values;
    if (part->is_unless || !is_compound(part->expression) ||
        !slu_lint_presence(lint, &part->formula, 1, &subjects, &count, &has_values) || !has_values) {
        return;
    }
    if (never(lint, -part->formula, NULL, 0)) {
        slu_diagnostics_add(lint->diagnostics, SLU_DIAGNOSTIC_ALWAYS_TRUE, part->expression->span,
                            "this always holds, whatever the event says");
    } else if (count > 0 && never(lint, -part->formula, subjects, count)) {
        report_when_present(lint, part, subjects, count);
    }
}

void slu_lint_always(struct slu_prove_lint *lint, uint32_t rule) {
    struct slu_parts parts;
    if (!slu_lint_parts(lint, rule, &parts)) {
        return;
    }
    for (uint32_t i = 0; i < parts.count && !lint->prover->expired; i++) {
        check_part(lint, &parts.items[i]);
    }
}
