/* The order of the checks: what is declared, what it means, what follows. */
#include "engine/check/check.h"
#include "engine/check/checker.h"

/* Candidates that "did you mean" may look at in one run: mistakes by the
 * thousand among many names would otherwise cost their product. */
enum { SUGGESTION_STEPS = 20000000 };

static void init_maps(struct slu_model *model, struct slu_arena *arena) {
    struct slu_map *const maps[] = {&model->field_names,     &model->event_names,    &model->list_names,
                                    &model->define_names,    &model->calendar_names, &model->service_names,
                                    &model->operation_names, &model->lookup_names,   &model->ruleset_titles,
                                    &model->rule_titles};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        slu_map_init(maps[i], arena);
    }
}

typedef void stage(struct slu_checker *checker);

/* Each stage relies on those before it. */
static stage *const stages[] = {
    /* names */
    slu_check_declare_services,
    slu_check_declare_names,
    slu_check_declare_calendars,
    slu_check_declare_rulesets,
    slu_check_wording,
    /* what they mean */
    slu_check_definitions,
    slu_check_lookup_calls,
    slu_check_connectors,
    slu_check_rulesets,
    slu_check_guards,
    slu_check_assertions,
    slu_check_sources,
    slu_check_tests,
    /* what follows from it */
    slu_check_cycles,
    slu_check_usage,
};

/* What is advice only. */
static stage *const advising[] = {
    slu_check_same_conditions,
    slu_check_email_collector,
    slu_check_hints,
    slu_check_unused,
};

static enum sluice_status run(struct slu_checker *checker, stage *const *some, size_t count) {
    for (size_t i = 0; i < count; i++) {
        some[i](checker);
        if (checker->arena->failed || checker->diagnostics->failed) {
            return SLUICE_NO_MEMORY;
        }
    }
    return SLUICE_OK;
}

static bool collect_lost(struct slu_checker *checker) {
    slu_map_init(&checker->lost, checker->arena);
    for (uint32_t i = 0; i < checker->tree_count; i++) {
        for (uint32_t j = 0; j < checker->trees[i].lost.count; j++) {
            if (!slu_map_put(&checker->lost, checker->trees[i].lost.items[j].text, i)) {
                return false;
            }
        }
    }
    return true;
}

enum sluice_status slu_check(const struct slu_tree *trees, uint32_t tree_count, struct slu_sources *sources,
                             const struct sluice_host *host, bool advise, struct slu_arena *arena,
                             struct slu_diagnostics *diagnostics, struct slu_model *model) {
    struct slu_checker checker = {.model = model,
                                  .trees = trees,
                                  .tree_count = tree_count,
                                  .arena = arena,
                                  .sources = sources,
                                  .diagnostics = diagnostics,
                                  .host = host,
                                  .stack = {.arena = arena},
                                  .suggestions_left = SUGGESTION_STEPS};
    *model = (struct slu_model){.arena = arena, .sources = sources};
    init_maps(model, arena);
    slu_map_init(&checker.checked_sets, arena);
    slu_map_init(&checker.good_patterns[false], arena);
    slu_map_init(&checker.good_patterns[true], arena);
    if (!collect_lost(&checker)) {
        return SLUICE_NO_MEMORY;
    }
    enum sluice_status status = run(&checker, stages, sizeof stages / sizeof *stages);
    return status == SLUICE_OK && advise ? run(&checker, advising, sizeof advising / sizeof *advising) : status;
}
