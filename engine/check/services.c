/* Services: what connectors can do, which are in use, and their settings. */
#include "engine/check/checker.h"

/* ---- declarations ---- */

static void report_unless_new(struct slu_checker *checker, const char *what, struct slu_map *seen,
                              const struct slu_parameter_syntax *all, uint32_t index) {
    uint32_t first = slu_map_find(seen, all[index].name.text);
    if (first != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, what, all[index].name, all[first].name.span);
        return;
    }
    (void)slu_map_put(seen, all[index].name.text, index); /* the arena keeps the failure */
}

static struct slu_parameter *bind_parameters(struct slu_checker *checker, const char *what,
                                             const struct slu_parameter_syntax *all, uint32_t count, bool gives) {
    struct slu_parameter *parameters = SLU_NEW_ARRAY(checker->arena, struct slu_parameter, count);
    if (parameters == NULL) {
        return NULL;
    }
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; i < count; i++) {
        report_unless_new(checker, what, &seen, all, i);
        struct slu_declared_type type = {.type = SLU_TYPE_TEXT};
        if (!all[i].secret) {
            type = slu_check_written_type(checker, &all[i].type, !gives);
        }
        parameters[i] = (struct slu_parameter){.name = all[i].name.text,
                                               .type = type,
                                               .secret = all[i].secret,
                                               .optional = all[i].optional,
                                               .description = all[i].description.text};
    }
    return parameters;
}

static void declare_operation(struct slu_checker *checker, uint32_t service,
                              const struct slu_operation_syntax *syntax) {
    struct slu_model *model = checker->model;
    struct slu_operation *operation = &model->operations[model->operations_count];
    struct slu_string name = slu_check_join(checker, model->services[service].name.text, syntax->name.text);
    uint32_t first = slu_map_find(&model->operation_names, name);
    if (first != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, syntax->is_read ? "read" : "action", syntax->name,
                                   checker->operation_syntaxes[first]->name.span);
        return;
    }
    *operation = (struct slu_operation){.name = name,
                                        .is_read = syntax->is_read,
                                        .service = service,
                                        .take_count = syntax->take_count,
                                        .give_count = syntax->give_count,
                                        .inverse = SLU_NO_INDEX,
                                        .cannot_undo = syntax->cannot_undo.text,
                                        .description = syntax->description.text};
    operation->takes = bind_parameters(checker, "parameter", syntax->takes, syntax->take_count, false);
    operation->gives = bind_parameters(checker, "result", syntax->gives, syntax->give_count, true);
    checker->operation_syntaxes[model->operations_count] = syntax;
    (void)slu_map_put(&model->operation_names, name, model->operations_count++);
}

/* Inverses, once all actions of the service are there. */
static void bind_inverse(struct slu_checker *checker, struct slu_operation *operation, struct slu_word undone_by) {
    struct slu_model *model = checker->model;
    if (undone_by.text.length == 0) {
        return;
    }
    struct slu_word name = undone_by;
    struct slu_string service = model->services[operation->service].name.text;
    name.text = slu_check_join(checker, service, undone_by.text);
    uint32_t inverse = slu_map_find(&model->operation_names, name.text);
    if (inverse == SLU_MAP_NONE || model->operations[inverse].is_read) {
        slu_check_unknown(checker, SLU_NAME_ACTION, name);
        return;
    }
    operation->inverse = inverse;
}

static void declare_services(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_SERVICE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
        uint32_t first = slu_map_find(&model->service_names, at->name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "service", at->name, model->services[first].name.span);
            continue;
        }
        uint32_t service = model->services_count++;
        /* A service that the user declares is there to be used. */
        model->services[service] = (struct slu_service){
            .name = at->name, .syntax = &at->as.service, .in_use = !slu_check_is_standard(checker, at->span)};
        (void)slu_map_put(&model->service_names, at->name.text, service);
        model->services[service].settings =
            bind_parameters(checker, "setting", at->as.service.settings, at->as.service.setting_count, false);
        for (uint32_t i = 0; i < at->as.service.operation_count; i++) {
            declare_operation(checker, service, &at->as.service.operations[i]);
        }
    }
    for (uint32_t i = 0; i < model->operations_count && !checker->arena->failed; i++) {
        bind_inverse(checker, &model->operations[i], checker->operation_syntaxes[i]->undone_by);
    }
}

static void use_services(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_USE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        for (uint32_t i = 0; i < at->as.use.services.count; i++) {
            struct slu_word name = at->as.use.services.items[i];
            uint32_t service = slu_map_find(&model->service_names, name.text);
            if (service == SLU_MAP_NONE) {
                slu_check_unknown(checker, SLU_NAME_SERVICE, name);
                continue;
            }
            model->services[service].in_use = true;
        }
    }
}

void slu_check_declare_services(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    uint32_t operations = 0;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_SERVICE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        operations += at->as.service.operation_count;
    }
    model->services =
        SLU_NEW_ARRAY(checker->arena, struct slu_service, slu_declarations_count(checker, SLU_DECLARATION_SERVICE));
    model->operations = SLU_NEW_ARRAY(checker->arena, struct slu_operation, operations);
    checker->operation_syntaxes = SLU_NEW_ARRAY(checker->arena, const struct slu_operation_syntax *, operations);
    if (checker->arena->failed) {
        return;
    }
    declare_services(checker);
    use_services(checker);
}

bool slu_check_service_in_use(struct slu_checker *checker, uint32_t service, enum slu_diagnostic_code code,
                              struct slu_span span) {
    if (checker->model->services[service].in_use) {
        return true;
    }
    struct slu_string name = checker->model->services[service].name.text;
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, code, span, "the service `%.*s` is not in use", SLU_SHOWN(name));
    slu_diagnostics_note(checker->diagnostics, diagnostic, "write `use %.*s` at the top of a file", SLU_SHOWN(name));
    return false;
}

/* ---- settings of connectors and of the site ---- */

/* Settings that are not a service's own. */
static const struct slu_parameter every_connector[] = {
    {.name = {"base_url", 8}, .type = {.type = SLU_TYPE_TEXT}, .optional = true},
};
static const struct slu_parameter of_site[] = {
    {.name = {"public_url", 10}, .type = {.type = SLU_TYPE_TEXT}, .optional = true},
    {.name = {"link_secret", 11}, .type = {.type = SLU_TYPE_TEXT}, .secret = true, .optional = true},
};

/* What one block may and must set. */
struct known_settings {
    const struct slu_parameter *own, *common;
    uint32_t own_count, common_count;
};

static const struct slu_parameter *known_setting(const struct known_settings *known, struct slu_string name) {
    for (uint32_t i = 0; i < known->own_count; i++) {
        if (slu_string_equal(known->own[i].name, name)) {
            return &known->own[i];
        }
    }
    for (uint32_t i = 0; i < known->common_count; i++) {
        if (slu_string_equal(known->common[i].name, name)) {
            return &known->common[i];
        }
    }
    return NULL;
}

static void report_unknown_setting(struct slu_checker *checker, const struct known_settings *known,
                                   struct slu_word name, struct slu_word block) {
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_SETTING, name.span,
                            "`%.*s` has no setting `%.*s`", SLU_SHOWN(block.text), SLU_SHOWN(name.text));
    if (diagnostic == NULL) {
        return;
    }
    struct slu_suggestion suggestion;
    slu_suggest_start(&suggestion, checker, name.text);
    for (uint32_t i = 0; i < known->own_count; i++) {
        slu_suggest_offer(&suggestion, known->own[i].name);
    }
    for (uint32_t i = 0; i < known->common_count; i++) {
        slu_suggest_offer(&suggestion, known->common[i].name);
    }
    struct slu_string best = slu_suggest_best(&suggestion);
    if (best.length > 0) {
        slu_diagnostics_note(checker->diagnostics, diagnostic, "did you mean `%.*s`?", SLU_SHOWN(best));
    }
}

static void check_setting(struct slu_checker *checker, const struct slu_setting *setting,
                          const struct slu_parameter *known) {
    if (setting->kind != SLU_SETTING_LITERAL) {
        return; /* read when the daemon starts */
    }
    if (known->secret) {
        slu_check_report_secret(checker, setting->literal->span, "the secret", setting->name.text);
        return;
    }
    slu_check_operand(checker, setting->literal, SLU_LINK_REFUSED);
    (void)slu_check_fits(checker, &known->type, setting->literal, setting->name.text);
}

static void check_block(struct slu_checker *checker, const struct known_settings *known, struct slu_word block,
                        const struct slu_setting *settings, uint32_t count) {
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_parameter *setting = known_setting(known, settings[i].name.text);
        if (setting == NULL) {
            report_unknown_setting(checker, known, settings[i].name, block);
            if (settings[i].kind == SLU_SETTING_LITERAL) { /* a misspelt secret is one all the same */
                slu_check_operand(checker, settings[i].literal, SLU_LINK_REFUSED);
            }
            continue;
        }
        uint32_t first = slu_map_find(&seen, settings[i].name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "setting", settings[i].name, settings[first].name.span);
        } else {
            (void)slu_map_put(&seen, settings[i].name.text, i);
        }
        check_setting(checker, &settings[i], setting);
    }
    for (uint32_t i = 0; i < known->own_count; i++) {
        const struct slu_parameter *needed = &known->own[i];
        if (needed->optional || slu_map_find(&seen, needed->name) != SLU_MAP_NONE) {
            continue;
        }
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_MISSING_SETTING, block.span,
                                "`%.*s` needs the setting `%.*s`", SLU_SHOWN(block.text), SLU_SHOWN(needed->name));
        if (needed->description.length > 0) {
            slu_diagnostics_note(checker->diagnostics, diagnostic, "%.*s: %.*s", SLU_SHOWN(needed->name),
                                 SLU_SHOWN(needed->description));
        }
    }
}

static void check_connector(struct slu_checker *checker, const struct slu_declaration *at) {
    struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->service_names, at->name.text);
    if (index == SLU_MAP_NONE) {
        slu_check_unknown(checker, SLU_NAME_SERVICE, at->name);
        return;
    }
    (void)slu_check_service_in_use(checker, index, SLU_DIAGNOSTIC_UNKNOWN_NAME, at->name.span);
    struct slu_service *service = &model->services[index];
    if (service->connector != NULL) {
        slu_check_report_duplicate(checker, "connector", at->name, service->connector->name.span);
        return;
    }
    service->connector = at;
    struct known_settings known = {.own = service->settings,
                                   .own_count = service->syntax->setting_count,
                                   .common = every_connector,
                                   .common_count = sizeof every_connector / sizeof *every_connector};
    check_block(checker, &known, at->name, at->as.connector.settings, at->as.connector.setting_count);
}

static void check_site(struct slu_checker *checker, const struct slu_declaration *at,
                       const struct slu_declaration *first) {
    struct slu_word block = {SLU_STRING("site"), at->span};
    block.span.end = block.span.start + (uint32_t)block.text.length;
    if (first != NULL) {
        struct slu_span earlier = first->span;
        earlier.end = earlier.start + (uint32_t)block.text.length;
        slu_check_report_duplicate(checker, "block", block, earlier);
        return;
    }
    struct known_settings known = {.common = of_site, .common_count = sizeof of_site / sizeof *of_site};
    check_block(checker, &known, block, at->as.site.settings, at->as.site.setting_count);
    for (uint32_t i = 0; i < at->as.site.setting_count; i++) {
        const struct slu_setting *setting = &at->as.site.settings[i];
        if (setting->kind == SLU_SETTING_LITERAL && setting->literal->kind == SLU_EXPRESSION_TEXT &&
            slu_string_is(setting->name.text, "public_url")) {
            checker->model->public_url = setting->literal->text;
        }
    }
}

void slu_check_connectors(struct slu_checker *checker) {
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_CONNECTOR);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        check_connector(checker, at);
    }
    const struct slu_declaration *site = NULL;
    all = slu_declarations_of(checker, SLU_DECLARATION_SITE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        check_site(checker, at, site);
        site = site == NULL ? at : site;
    }
}
