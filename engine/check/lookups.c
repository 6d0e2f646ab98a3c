/* Look-ups: remote reads by name, and the fields that they bring. */
#include "engine/check/checker.h"

static uint32_t find_read(const struct slu_model *model, struct slu_string name) {
    uint32_t index = slu_map_find(&model->operation_names, name);
    return index != SLU_MAP_NONE && model->operations[index].is_read ? index : SLU_NO_INDEX;
}

uint32_t slu_check_lookup_fields(const struct slu_checker *checker) {
    uint32_t count = 0;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_LOOKUP);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        uint32_t read = find_read(checker->model, at->as.lookup.call->text);
        count += read == SLU_NO_INDEX ? 0 : checker->model->operations[read].give_count;
    }
    return count;
}

static void declare_fields(struct slu_checker *checker, uint32_t lookup) {
    struct slu_model *model = checker->model;
    const struct slu_operation *read = &model->operations[model->lookups[lookup].operation];
    for (uint32_t i = 0; i < read->give_count; i++) {
        struct slu_word name = model->lookups[lookup].name;
        name.text = slu_check_join(checker, name.text, read->gives[i].name);
        if (name.text.bytes == NULL || !slu_check_value_is_free(checker, name)) {
            continue;
        }
        model->fields[model->fields_count] = (struct slu_field){.name = name,
                                                                .type = read->gives[i].type,
                                                                .origin = SLU_FIELD_LOOKUP,
                                                                .entity_id = SLU_NO_INDEX,
                                                                .lookup = lookup,
                                                                .result = i};
        if (!slu_map_put(&model->field_names, name.text, model->fields_count++)) {
            return;
        }
    }
}

void slu_check_declare_lookups(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->lookups =
        SLU_NEW_ARRAY(checker->arena, struct slu_lookup, slu_declarations_count(checker, SLU_DECLARATION_LOOKUP));
    if (model->lookups == NULL) {
        return;
    }
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_LOOKUP);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
        uint32_t first = slu_map_find(&model->lookup_names, at->name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "look-up", at->name, model->lookups[first].name.span);
            continue;
        }
        struct slu_expression *call = at->as.lookup.call;
        uint32_t read = find_read(model, call->text);
        uint32_t lookup = model->lookups_count++;
        model->lookups[lookup] = (struct slu_lookup){.name = at->name, .operation = read, .call = call};
        (void)slu_map_put(&model->lookup_names, at->name.text, lookup);
        if (read == SLU_NO_INDEX) {
            slu_check_unknown(checker, SLU_NAME_READ, (struct slu_word){call->text, slu_expression_text_span(call)});
            continue;
        }
        (void)slu_check_service_in_use(checker, model->operations[read].service, SLU_DIAGNOSTIC_UNKNOWN_ACTION,
                                       slu_expression_text_span(call));
        declare_fields(checker, lookup);
    }
}

void slu_check_lookup_calls(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    for (uint32_t i = 0; i < model->lookups_count && !checker->arena->failed; i++) {
        struct slu_lookup *lookup = &model->lookups[i];
        if (lookup->operation == SLU_NO_INDEX) {
            continue;
        }
        struct slu_expression *call = lookup->call;
        for (uint32_t j = 0; j < call->argument_count; j++) {
            if (call->arguments[j].each) {
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, call->arguments[j].value->span,
                                    "a look-up reads once: `each` is for actions");
            }
        }
        lookup->arguments = slu_check_bind_arguments(checker, lookup->operation, call->arguments, call->argument_count,
                                                     slu_expression_text_span(call));
        lookup->argument_count = model->operations[lookup->operation].take_count;
    }
}
