/* Sources: how deliveries become events and fields. */
#include "engine/check/checker.h"

/* ---- mappings ---- */

static void check_modifier(struct slu_checker *checker, const struct slu_modifier *modifier,
                           const struct slu_declared_type *type, struct slu_string target) {
    if (modifier->kind == SLU_MODIFIER_NONE || type->type == SLU_TYPE_MISSING) {
        return;
    }
    if (modifier->kind == SLU_MODIFIER_AS) {
        if (!slu_string_is(modifier->first.text, "plain") || !slu_string_is(modifier->second.text, "text")) {
            struct slu_diagnostic *diagnostic = slu_diagnostics_add(
                checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, modifier->span, "there is no reading `as %.*s %.*s`",
                SLU_SHOWN(modifier->first.text), SLU_SHOWN(modifier->second.text));
            slu_diagnostics_note(checker->diagnostics, diagnostic, "there is `as plain text`, which takes HTML away");
        } else if (type->type != SLU_TYPE_TEXT && type->type != SLU_TYPE_LIST) {
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, modifier->span,
                                "`as plain text` gives a text, but `%.*s` is %s", SLU_SHOWN(target),
                                slu_check_type_phrase(type->type));
        }
        return;
    }
    if (type->type != SLU_TYPE_FLAG) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, modifier->span,
                            "this test gives a flag, but `%.*s` is %s", SLU_SHOWN(target),
                            slu_check_type_phrase(type->type));
    }
    if (modifier->kind == SLU_MODIFIER_IS && modifier->values != NULL) {
        slu_check_operand(checker, modifier->values, SLU_LINK_REFUSED);
    }
}

static void check_alternatives(struct slu_checker *checker, const struct slu_mapping *mapping,
                               const struct slu_declared_type *type) {
    for (uint32_t i = 0; i < mapping->alternative_count; i++) {
        check_modifier(checker, &mapping->alternatives[i].modifier, type, mapping->target.text);
    }
}

/* Adds a mapping to a field. */
static bool bind_mapping(struct slu_checker *checker, const struct slu_mapping *mapping,
                         struct slu_bound_mapping *bound) {
    uint32_t field = slu_check_find_field(checker, mapping->target);
    if (field == SLU_NO_INDEX) {
        return false;
    }
    const struct slu_field *target = &checker->model->fields[field];
    if (target->origin != SLU_FIELD_EVENT) {
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_TYPE_MISMATCH, mapping->target.span,
                            "a delivery cannot fill `%.*s`: it is not a field of events",
                            SLU_SHOWN(mapping->target.text));
        return false;
    }
    check_alternatives(checker, mapping, &target->type);
    if (mapping->constant != NULL) {
        slu_check_operand(checker, mapping->constant, SLU_LINK_REFUSED);
        (void)slu_check_fits(checker, &target->type, mapping->constant, mapping->target.text);
    }
    *bound = (struct slu_bound_mapping){mapping, field};
    return true;
}

/* A constant of a head mapping and its findings are seen once: `head` is bound before the topics. */
static uint32_t bind_mappings(struct slu_checker *checker, const struct slu_mapping *mappings, uint32_t count,
                              struct slu_bound_mapping *bound, struct slu_map *seen) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct slu_word target = mappings[i].target;
        uint32_t first = slu_map_find(seen, target.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "mapping to", target, bound[first].syntax->target.span);
        } else if (bind_mapping(checker, &mappings[i], &bound[kept])) {
            (void)slu_map_put(seen, target.text, kept++);
        }
    }
    return kept;
}

/* ---- the head: `topic`, `id`, `at`, and fields of every topic ---- */

struct head {
    struct slu_mapping *fields; /* those that are not topic, id or at */
    uint32_t field_count;
    struct slu_bound_mapping *bound;
    uint32_t bound_count;
};

static const struct slu_mapping **head_slot(struct slu_bound_source *source, struct slu_string name) {
    return slu_string_is(name, "topic") ? &source->topic
           : slu_string_is(name, "id")  ? &source->id
           : slu_string_is(name, "at")  ? &source->at
                                        : NULL;
}

static bool bind_head(struct slu_checker *checker, struct slu_bound_source *source, struct head *head) {
    const struct slu_source_syntax *syntax = source->syntax;
    head->fields = SLU_NEW_ARRAY(checker->arena, struct slu_mapping, syntax->head_count);
    head->bound = SLU_NEW_ARRAY(checker->arena, struct slu_bound_mapping, syntax->head_count);
    if (checker->arena->failed) {
        return false;
    }
    static const struct slu_declared_type types[] = {{.type = SLU_TYPE_TEXT}, {.type = SLU_TYPE_TIME}};
    for (uint32_t i = 0; i < syntax->head_count; i++) {
        const struct slu_mapping *mapping = &syntax->head[i];
        const struct slu_mapping **slot = head_slot(source, mapping->target.text);
        if (slot == NULL) {
            head->fields[head->field_count++] = *mapping;
        } else if (*slot != NULL) {
            slu_check_report_duplicate(checker, "mapping to", mapping->target, (*slot)->target.span);
        } else {
            *slot = mapping;
            check_alternatives(checker, mapping, &types[slot == &source->at ? 1 : 0]);
        }
    }
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    head->bound_count = bind_mappings(checker, head->fields, head->field_count, head->bound, &seen);
    if (source->topic == NULL) {
        struct slu_diagnostic *diagnostic =
            slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_MISSING_PARAMETER, source->name.span,
                                "the source `%.*s` does not say where its topic is", SLU_SHOWN(source->name.text));
        slu_diagnostics_note(checker->diagnostics, diagnostic,
                             "write `topic from topic`, or `topic from header \"X-Topic\"`");
    }
    return !checker->arena->failed;
}

/* ---- topics ---- */

static void check_topic_test(struct slu_checker *checker, const struct slu_topic *topic) {
    if (topic->when != NULL && topic->when_test.values != NULL) {
        slu_check_operand(checker, topic->when_test.values, SLU_LINK_REFUSED);
    }
}

static void bind_topic(struct slu_checker *checker, const struct slu_topic *syntax, const struct head *head,
                       struct slu_bound_topic *topic) {
    *topic = (struct slu_bound_topic){.syntax = syntax, .event = SLU_NO_INDEX};
    check_topic_test(checker, syntax);
    if (!syntax->ignored) {
        topic->event = slu_check_find_event(checker, syntax->event);
    }
    topic->mappings =
        SLU_NEW_ARRAY(checker->arena, struct slu_bound_mapping, (size_t)syntax->mapping_count + head->bound_count);
    if (topic->mappings == NULL) {
        return;
    }
    struct slu_map seen;
    slu_map_init(&seen, checker->arena);
    topic->mapping_count = bind_mappings(checker, syntax->mappings, syntax->mapping_count, topic->mappings, &seen);
    for (uint32_t i = 0; i < head->bound_count; i++) { /* a topic's own mapping of a field goes before the head's */
        if (slu_map_find(&seen, head->bound[i].syntax->target.text) == SLU_MAP_NONE) {
            topic->mappings[topic->mapping_count++] = head->bound[i];
        }
    }
}

/* A topic without a test takes all that comes so far: a later one of the same name gets nothing. */
static void check_reachable(struct slu_checker *checker, struct slu_map *taken, const struct slu_bound_source *source,
                            uint32_t index) {
    const struct slu_topic *topic = source->topics[index].syntax;
    uint32_t first = slu_map_find(taken, topic->topic.text);
    if (first != SLU_MAP_NONE) {
        slu_check_report_duplicate(checker, "topic", topic->topic, source->topics[first].syntax->topic.span);
    } else if (topic->when == NULL) {
        (void)slu_map_put(taken, topic->topic.text, index);
    }
}

static void bind_bodies(struct slu_checker *checker, struct slu_bound_source *source) {
    const struct slu_words *bodies = &source->syntax->bodies;
    source->json = bodies->count == 0;
    for (uint32_t i = 0; i < bodies->count; i++) {
        if (slu_string_is(bodies->items[i].text, "json")) {
            source->json = true;
        } else if (slu_string_is(bodies->items[i].text, "form")) {
            source->form = true;
        } else {
            struct slu_diagnostic *diagnostic =
                slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_UNKNOWN_NAME, bodies->items[i].span,
                                    "there is no body `%.*s`", SLU_SHOWN(bodies->items[i].text));
            slu_diagnostics_note(checker->diagnostics, diagnostic, "a body is `json`, `form` or `json or form`");
        }
    }
}

static void bind_source(struct slu_checker *checker, struct slu_bound_source *source) {
    const struct slu_source_syntax *syntax = source->syntax;
    struct head head = {0};
    bind_bodies(checker, source);
    source->topics = SLU_NEW_ARRAY(checker->arena, struct slu_bound_topic, syntax->topic_count);
    if (source->topics == NULL || !bind_head(checker, source, &head)) {
        return;
    }
    struct slu_map taken;
    slu_map_init(&taken, checker->arena);
    for (uint32_t i = 0; i < syntax->topic_count; i++) {
        bind_topic(checker, &syntax->topics[i], &head, &source->topics[i]);
        check_reachable(checker, &taken, source, i);
        source->topic_count++;
    }
}

void slu_check_sources(struct slu_checker *checker) {
    struct slu_model *model = checker->model;
    model->from_sources =
        SLU_NEW_ARRAY(checker->arena, struct slu_bound_source, slu_declarations_count(checker, SLU_DECLARATION_SOURCE));
    struct slu_map names;
    slu_map_init(&names, checker->arena);
    struct slu_declarations all = slu_declarations_of(checker, SLU_DECLARATION_SOURCE);
    for (struct slu_declaration *at; (at = slu_declarations_next(&all)) != NULL && !checker->arena->failed;) {
        uint32_t first = slu_map_find(&names, at->name.text);
        if (first != SLU_MAP_NONE) {
            slu_check_report_duplicate(checker, "source", at->name, model->from_sources[first].name.span);
            continue;
        }
        (void)slu_map_put(&names, at->name.text, model->from_sources_count);
        struct slu_bound_source *source = &model->from_sources[model->from_sources_count++];
        *source = (struct slu_bound_source){.name = at->name, .syntax = &at->as.source};
        bind_source(checker, source);
    }
}
