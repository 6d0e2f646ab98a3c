/* Rulesets, their rules, and guards. */
#include "engine/check/checker.h"

#include <math.h>

/* ---- titles ---- */

/* Titles are unique within a ruleset; over rulesets the equal ones are chained. `latest`: by the
 * first rule of a title the newest one. */
static void declare_title(struct slu_checker *checker, uint32_t *latest, uint32_t rule) {
    struct slu_model *model = checker->model;
    const struct slu_rule_syntax *syntax = model->rules[rule].syntax;
    checker->next_same_title[rule] = SLU_NO_INDEX;
    if (syntax->otherwise) {
        return;
    }
    uint32_t first = slu_map_find_or_put(&model->rule_titles, syntax->title.text, rule);
    if (first == rule || first == SLU_MAP_NONE) {
        latest[rule] = rule;
        return;
    }
    uint32_t before = latest[first];
    if (model->rules[before].ruleset == model->rules[rule].ruleset) {
        slu_check_report_duplicate(checker, "rule", syntax->title, model->rules[before].syntax->title.span);
        return;
    }
    checker->next_same_title[before] = rule;
    latest[first] = rule;
}

static void declare_ruleset(struct slu_checker *checker, uint32_t *latest, const struct slu_declaration *at) {
    struct slu_model *model = checker->model;
    const struct slu_ruleset_syntax *syntax = &at->as.ruleset;
    uint32_t index = model->rulesets_count++;
    model->rulesets[index] = (struct slu_bound_ruleset){
        .syntax = syntax, .first_rule = model->rules_count, .rule_count = syntax->rule_count};
    uint32_t first = slu_map_find(&model->ruleset_titles, syntax->title.text);
    if (first != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, "ruleset", syntax->title, model->rulesets[first].syntax->title.span);
    } else {
        (void)slu_map_put(&model->ruleset_titles, syntax->title.text, index);
    }
    for (uint32_t i = 0; i < syntax->rule_count; i++) {
        model->rules[model->rules_count] = (struct slu_bound_rule){.syntax = &syntax->rules[i], .ruleset = index};
        declare_title(checker, latest, model->rules_count++);
    }
}

void slu_check_declare_rulesets(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    uint64_t rules = 0;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_RULESET);
    const struct slu_declaration *last = NULL;
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        rules += at->as.ruleset.rule_count;
        last = at;
    }
    if (rules > SLU_LIMIT_RULES) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_LIMIT, last->as.ruleset.title.span,
                            "more than %d rules in one program", (int)SLU_LIMIT_RULES);
        return;
    }
    model->rulesets = SLU_NEW_ARRAY(checker->arena, struct slu_bound_ruleset,
                                    slu_declarations_count(checker, SLU_DECLARATION_RULESET));
    model->rules = SLU_NEW_ARRAY(checker->arena, struct slu_bound_rule, (size_t)rules);
    checker->next_same_title = SLU_NEW_ARRAY(checker->arena, uint32_t, (size_t)rules);
    uint32_t *latest = SLU_NEW_ROOM(checker->arena, uint32_t, (size_t)rules);
    if (checker->arena->failed) {
        return;
    }
    all = slu_declarations_of(checker, SLU_DECLARATION_RULESET);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        declare_ruleset(checker, latest, at);
    }
    slu_arena_give_back(checker->arena, latest, (size_t)rules * sizeof *latest);
}

/* ---- rules ---- */

void slu_check_bind_events(struct slu_checker *checker, const struct slu_words *names, uint32_t **events,
                           uint32_t *event_count) {
    *events = SLU_NEW_ARRAY(checker->arena, uint32_t, names->count);
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; *events != NULL && i < names->count; i++) {
        uint32_t event = slu_check_find_event(checker, names->items[i]);
        if (event == SLU_NO_INDEX) {
            continue;
        }
        uint32_t first = slu_map_find(&seen, names->items[i].text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "event", names->items[i], names->items[first].span);
            continue;
        }
        (void)slu_map_put(&seen, names->items[i].text, i);
        (*events)[(*event_count)++] = event;
        checker->model->events[event].used = true;
    }
}

struct slu_bound_allowance slu_check_bind_allowance(struct slu_checker *checker,
                                                    const struct slu_allowance_syntax *from, const char *what) {
    struct slu_bound_allowance bound = {
        .count = from->count, .period = from->period, .entity_id = SLU_NO_INDEX, .span = from->span};
    if (from->entity.text.length > 0) {
        bound.entity_id = slu_check_find_entity(checker, from->entity.text, from->entity.span);
    }
    if (from->count < 1 || floor(from->count) < from->count) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, from->span, "%s", what);
    }
    return bound;
}

static void bind_allowances(struct slu_checker *checker, struct slu_bound_rule *rule) {
    const struct slu_rule_syntax *syntax = rule->syntax;
    rule->allowances = SLU_NEW_ARRAY(checker->arena, struct slu_bound_allowance, syntax->allowance_count);
    if (rule->allowances == NULL) {
        return;
    }
    rule->allowance_count = syntax->allowance_count;
    for (uint32_t i = 0; i < syntax->allowance_count; i++) {
        rule->allowances[i] = slu_check_bind_allowance(checker, &syntax->allowances[i],
                                                       "an allowance is a whole number of times, at least 1");
    }
}

static bool has_condition(const struct slu_rule_syntax *rule) {
    return rule->when != NULL || rule->unless != NULL || rule->allowance_count > 0;
}

static void check_order(struct slu_checker *checker, const struct slu_ruleset_syntax *ruleset) {
    const struct slu_rule_syntax *otherwise = NULL;
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        const struct slu_rule_syntax *rule = &ruleset->rules[i];
        if (otherwise != NULL) {
            struct slu_diagnostic *diagnostic = slu_diagnostics_add(
                checker->diagnostics, SLU_DIAGNOSTIC_AFTER_OTHERWISE, rule->title.span,
                rule->otherwise ? "there is a second `otherwise`" : "this rule stands after `otherwise`");
            slu_diagnostics_note_at(checker->diagnostics, diagnostic, otherwise->title.span,
                                    "`otherwise` takes every event that comes so far");
        } else if (rule->otherwise) {
            otherwise = rule;
        } else if (!has_condition(rule) && i + 1 < ruleset->rule_count) {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNCONDITIONAL_RULE, rule->title.span,
                                    "this rule has no conditions: no rule after it ever wins");
            slu_diagnostics_note(checker->diagnostics, diagnostic,
                                 "give it a `when`, or move it to the end as `otherwise`");
        }
    }
    /* After a mistake its rules may just not have been understood. */
    if (ruleset->rule_count == 0 && checker->diagnostics->error_count == 0) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_EMPTY_RULESET, ruleset->title.span,
                            "this ruleset has no rules");
    }
}

static void check_rule(struct slu_checker *checker, struct slu_bound_rule *rule) {
    if (rule->syntax->when != NULL) {
        slu_check_condition(checker, rule->syntax->when);
    }
    if (rule->syntax->unless != NULL) {
        slu_check_condition(checker, rule->syntax->unless);
    }
    bind_allowances(checker, rule);
    rule->actions = slu_check_bind_actions(checker, &rule->syntax->actions);
    rule->action_count = rule->actions != NULL ? rule->syntax->actions.count : 0;
}

void slu_check_rulesets(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    for (uint32_t i = 0; i < model->rulesets_count && !checker->arena->failed; i++) {
        struct slu_bound_ruleset *ruleset = &model->rulesets[i];
        slu_check_bind_events(checker, &ruleset->syntax->events, &ruleset->events, &ruleset->event_count);
        check_order(checker, model->rulesets[i].syntax);
    }
    for (uint32_t i = 0; i < model->rules_count && !checker->arena->failed; i++) {
        check_rule(checker, &model->rules[i]);
    }
}

/* ---- guards ---- */

static bool bind_mask(struct slu_checker *checker, const struct slu_mask *mask, struct slu_bound_mask *bound) {
    const struct slu_model *model = checker->model;
    *bound = (struct slu_bound_mask){SLU_NO_INDEX, SLU_NO_INDEX};
    uint32_t index = slu_map_find(mask->every ? &model->service_names : &model->operation_names, mask->action.text);
    if (mask->every) {
        if (index == SLU_MAP_NONE) {
            slu_check_unknown(checker, SLU_NAME_SERVICE, mask->action);
            return false;
        }
        bound->service = index;
    } else if (index == SLU_MAP_NONE || model->operations[index].is_read) {
        slu_check_unknown(checker, SLU_NAME_ACTION, mask->action);
        return false;
    } else {
        bound->operation = index;
        bound->service = model->operations[index].service;
    }
    return slu_check_service_in_use(checker, bound->service, SLU_DIAGNOSTIC_UNKNOWN_ACTION, mask->action.span);
}

void slu_check_bind_masks(struct slu_checker *checker, const struct slu_mask *masks, uint32_t mask_count,
                          struct slu_bound_mask **bound, uint32_t *bound_count) {
    *bound = SLU_NEW_ARRAY(checker->arena, struct slu_bound_mask, mask_count);
    *bound_count = 0;
    for (uint32_t i = 0; *bound != NULL && i < mask_count; i++) {
        if (bind_mask(checker, &masks[i], &(*bound)[*bound_count])) {
            (*bound_count)++;
        }
    }
}

static void bind_guard(struct slu_checker *checker, const struct slu_guard_syntax *syntax) {
    struct slu_bound_guard *guard = &checker->model->guards[checker->model->guards_count++];
    guard->syntax = syntax;
    slu_check_condition(checker, syntax->condition);
    slu_check_bind_masks(checker, syntax->masks, syntax->mask_count, &guard->masks, &guard->mask_count);
}

void slu_check_guards(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->guards =
        SLU_NEW_ARRAY(checker->arena, struct slu_bound_guard, slu_declarations_count(checker, SLU_DECLARATION_GUARD));
    struct slu_map titles;
    slu_map_init(&titles, checker->arena);
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_GUARD);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
        struct slu_word title = at->as.guard.title;
        uint32_t first = slu_map_find(&titles, title.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "guard", title, model->guards[first].syntax->title.span);
        } else {
            (void)slu_map_put(&titles, title.text, model->guards_count);
        }
        bind_guard(checker, &at->as.guard);
    }
}
