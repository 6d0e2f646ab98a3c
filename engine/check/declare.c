/* Collects what the trees declare, so that a name can be used before the
 * place that declares it. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

/* Fields, lists and named conditions stand in the same places and so share
 * their names. True where `name` is free. */
bool slu_check_value_is_free(struct slu_checker *checker, struct slu_word name) {
    const struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->field_names, name.text);
    if (index != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, "field", name, model->fields[index].name.span);
        return false;
    }
    index = slu_map_find(&model->list_names, name.text);
    if (index != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, "list", name, model->lists[index].name.span);
        return false;
    }
    index = slu_map_find(&model->define_names, name.text);
    if (index != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, "named condition", name, model->defines[index].name.span);
        return false;
    }
    return true;
}

static bool same_choices(const struct slu_words *left, const struct slu_words *right) {
    bool same = left->count == right->count;
    for (uint32_t i = 0; same && i < left->count; i++) {
        same = slu_string_equal(left->items[i].text, right->items[i].text);
    }
    return same;
}

/* A file may say again what the standard vocabulary says, so that it can be
 * read by itself: same name, same type. */
static bool repeats_standard_field(const struct slu_checker *checker, struct slu_word name,
                                   const struct slu_declared_type *type) {
    const struct slu_model *model = checker->model;
    uint32_t index = slu_map_find(&model->field_names, name.text);
    if (index == SLU_MAP_NONE || slu_check_is_standard(checker, name.span)) {
        return false;
    }
    const struct slu_field *first = &model->fields[index];
    return slu_check_is_standard(checker, first->name.span) && first->type.type == type->type &&
           first->type.element == type->element && same_choices(&first->type.choices, &type->choices);
}

static void declare_fields(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_FIELD);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        struct slu_declared_type type = slu_check_written_type(checker, &at->as.field.type, false);
        if (repeats_standard_field(checker, at->name, &type) || !slu_check_value_is_free(checker, at->name)) {
            continue;
        }
        model->fields[model->fields_count] = (struct slu_field){.name = at->name,
                                                                .type = type,
                                                                .origin = SLU_FIELD_EVENT,
                                                                .entity_id = SLU_NO_INDEX,
                                                                .lookup = SLU_NO_INDEX};
        if (!slu_map_put(&model->field_names, at->name.text, model->fields_count++)) {
            return;
        }
    }
}

/* `contact.spam` belongs to what `contact.id` names. */
static uint32_t find_owner(struct slu_checker *checker, struct slu_word name) {
    for (size_t i = 0; i < name.text.length; i++) {
        if (name.text.bytes[i] == '.') {
            struct slu_span span = name.span;
            span.end = span.start + (uint32_t)i;
            return slu_check_find_entity(checker, (struct slu_string){name.text.bytes, i}, span);
        }
    }
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, name.span,
                            "`%.*s` does not say whose state it is", SLU_SHOWN(name.text));
    slu_diagnostics_note(checker->diagnostics, diagnostic, "write `contact.%.*s` or `conversation.%.*s`",
                         SLU_SHOWN(name.text), SLU_SHOWN(name.text));
    return SLU_NO_INDEX;
}

static void declare_states(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_STATE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        struct slu_declared_type type = slu_check_written_type(checker, &at->as.state.type, false);
        if (!slu_check_value_is_free(checker, at->name)) {
            continue;
        }
        model->fields[model->fields_count] = (struct slu_field){.name = at->name,
                                                                .type = type,
                                                                .origin = SLU_FIELD_STATE,
                                                                .initial = at->as.state.initial,
                                                                .entity_id = find_owner(checker, at->name),
                                                                .lookup = SLU_NO_INDEX};
        if (!slu_map_put(&model->field_names, at->name.text, model->fields_count++)) {
            return;
        }
    }
}

static void declare_lists(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_LIST);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        if (!slu_check_value_is_free(checker, at->name)) {
            continue;
        }
        model->lists[model->lists_count] = (struct slu_named_list){.name = at->name, .elements = at->as.list.elements};
        if (!slu_map_put(&model->list_names, at->name.text, model->lists_count++)) {
            return;
        }
    }
}

static void declare_defines(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_DEFINE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        if (!slu_check_value_is_free(checker, at->name)) {
            continue;
        }
        model->defines[model->defines_count] =
            (struct slu_named_condition){.name = at->name, .condition = at->as.define.condition};
        if (!slu_map_put(&model->define_names, at->name.text, model->defines_count++)) {
            return;
        }
    }
}

static void declare_events(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_EVENT);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        uint32_t first = slu_map_find(&model->event_names, at->name.text);
        if (first != SLU_MAP_NONE) {
            bool repeats = slu_check_is_standard(checker, model->events[first].name.span) &&
                           !slu_check_is_standard(checker, at->name.span);
            if (!repeats) {
                slu_check_report_duplicate(checker, "event", at->name, model->events[first].name.span);
            }
            continue;
        }
        model->events[model->events_count] = (struct slu_event_kind){.name = at->name};
        if (!slu_map_put(&model->event_names, at->name.text, model->events_count++)) {
            return;
        }
    }
}

static void check_members(struct slu_checker *checker, const struct slu_words *members) {
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    for (uint32_t i = 0; i < members->count; i++) {
        uint32_t first = slu_map_find(&seen, members->items[i].text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "member", members->items[i], members->items[first].span);
        } else if (!slu_map_put(&seen, members->items[i].text, i)) {
            return;
        }
    }
}

/* A tag of which two groups each want to be the only one: giving it would empty both. */
static void check_exclusive(struct slu_checker *checker, struct slu_map *groups, uint32_t index) {
    const struct slu_tag_group *group = &checker->model->groups[index];
    for (uint32_t i = 0; group->exclusive && i < group->members.count; i++) {
        struct slu_word member = group->members.items[i];
        struct slu_string folded;
        if (!slu_unicode_fold_string(checker->arena, member.text, &folded)) {
            return;
        }
        uint32_t first = slu_map_find(groups, folded);
        if (first == SLU_MAP_NONE) {
            (void)slu_map_put(groups, folded, index);
        } else if (first != index) {
            const struct slu_tag_group *other = &checker->model->groups[first];
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_DUPLICATE_NAME, member.span,
                                    "the tag \"%.*s\" is in two exclusive groups", SLU_SHOWN(member.text));
            slu_diagnostics_note(
                checker->diagnostics, diagnostic,
                "an action that gives it takes away the other tags of both groups: keep it in one of them");
            slu_diagnostics_note_at(checker->diagnostics, diagnostic, other->name.span, "the other group");
        }
    }
}

static void declare_groups(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    struct slu_map names, exclusive;
    slu_map_init(&names, checker->arena);
    slu_map_init(&exclusive, checker->arena);
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_GROUP);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL;) {
        check_members(checker, &at->as.group.members);
        uint32_t first = slu_map_find(&names, at->name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "group", at->name, model->groups[first].name.span);
            continue;
        }
        model->groups[model->groups_count] = (struct slu_tag_group){
            .name = at->name, .exclusive = at->as.group.exclusive, .members = at->as.group.members};
        check_exclusive(checker, &exclusive, model->groups_count);
        if (!slu_map_put(&names, at->name.text, model->groups_count++)) {
            return;
        }
    }
}

static bool allocate(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    uint32_t fields = slu_declarations_count(checker, SLU_DECLARATION_FIELD) +
                      slu_declarations_count(checker, SLU_DECLARATION_STATE) + slu_check_lookup_fields(checker);
    model->fields = SLU_NEW_ARRAY(checker->arena, struct slu_field, fields);
    model->events =
        SLU_NEW_ARRAY(checker->arena, struct slu_event_kind, slu_declarations_count(checker, SLU_DECLARATION_EVENT));
    model->lists =
        SLU_NEW_ARRAY(checker->arena, struct slu_named_list, slu_declarations_count(checker, SLU_DECLARATION_LIST));
    model->defines = SLU_NEW_ARRAY(checker->arena, struct slu_named_condition,
                                   slu_declarations_count(checker, SLU_DECLARATION_DEFINE));
    model->groups =
        SLU_NEW_ARRAY(checker->arena, struct slu_tag_group, slu_declarations_count(checker, SLU_DECLARATION_GROUP));
    return !checker->arena->failed;
}

void slu_check_declare_names(struct slu_checker *checker) {
    if (!allocate(checker)) {
        return;
    }
    declare_events(checker);
    declare_fields(checker);
    declare_lists(checker);
    declare_defines(checker);
    declare_groups(checker);
    slu_check_declare_lookups(checker);
    /* States name their owner, which may be any field: last. */
    declare_states(checker);
}

/* ---- what the names stand for ---- */

static void check_list(struct slu_checker *checker, struct slu_named_list *list) {
    slu_check_operand(checker, list->elements, SLU_LINK_REFUSED);
    list->element = (enum slu_type)list->elements->element;
}

void slu_check_definitions(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    /* Lists first: what uses a list wants the type of its elements. */
    for (uint32_t i = 0; i < model->lists_count; i++) {
        check_list(checker, &model->lists[i]);
    }
    for (uint32_t i = 0; i < model->fields_count; i++) {
        struct slu_field *field = &model->fields[i];
        if (field->initial != NULL) {
            slu_check_operand(checker, field->initial, SLU_LINK_REFUSED);
            (void)slu_check_fits(checker, &field->type, field->initial, field->name.text);
        }
    }
    for (uint32_t i = 0; i < model->defines_count; i++) {
        slu_check_condition(checker, model->defines[i].condition);
    }
}
