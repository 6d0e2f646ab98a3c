/* Builders of `source`: how a webhook becomes events and fields. */
#include "grammar/build.h"

#include <math.h>
#include <string.h>

void slu_build_bodies(struct slu_builder *builder, struct slu_span span, struct slu_words bodies) {
    builder->open.as.source.bodies = bodies;
    slu_build_extend(builder, span);
}

static bool add_topic(struct slu_builder *builder, const struct slu_topic *topic) {
    struct slu_source_syntax *source = &builder->open.as.source;
    slu_build_extend(builder, topic->span);
    return SLU_APPEND(builder, source->topics, source->topic_count, *topic);
}

bool slu_build_topic(struct slu_builder *builder, struct slu_span span, struct slu_word topic, struct slu_origin *when,
                     struct slu_word event) {
    struct slu_topic added = {.topic = topic, .when = when, .event = event, .span = span};
    if (when != NULL) {
        added.when_test = builder->topic_test;
    }
    return add_topic(builder, &added);
}

void slu_build_topic_test(struct slu_builder *builder, const struct slu_modifier *test) {
    builder->topic_test = *test;
}

bool slu_build_ignored(struct slu_builder *builder, struct slu_span span, struct slu_word topic,
                       struct slu_word reason) {
    struct slu_topic added = {.topic = topic, .ignored = true, .reason = reason, .span = span};
    return add_topic(builder, &added);
}

bool slu_build_mapping(struct slu_builder *builder, struct slu_span span, struct slu_word target,
                       struct slu_alternatives alternatives, struct slu_expression *constant) {
    struct slu_source_syntax *source = &builder->open.as.source;
    struct slu_mapping mapping = {.target = target,
                                  .alternatives = alternatives.items,
                                  .alternative_count = alternatives.count,
                                  .constant = constant,
                                  .span = span};
    slu_build_extend(builder, span);
    if (source->topic_count == 0) {
        return SLU_APPEND(builder, source->head, source->head_count, mapping);
    }
    struct slu_topic *topic = &source->topics[source->topic_count - 1];
    topic->span = slu_span_join(topic->span, span);
    return SLU_APPEND(builder, topic->mappings, topic->mapping_count, mapping);
}

struct slu_alternatives slu_build_no_alternatives(void) {
    return (struct slu_alternatives){NULL, 0};
}

bool slu_build_add_alternative(struct slu_builder *builder, struct slu_alternatives *alternatives,
                               const struct slu_alternative *alternative) {
    return SLU_APPEND(builder, alternatives->items, alternatives->count, *alternative);
}

struct slu_alternative *slu_build_alternative(struct slu_builder *builder) {
    return SLU_NEW(builder->arena, struct slu_alternative);
}

bool slu_build_add_part(struct slu_builder *builder, struct slu_alternative *alternative,
                        const struct slu_origin *part) {
    return SLU_APPEND(builder, alternative->parts, alternative->part_count, *part);
}

struct slu_origin *slu_build_origin(struct slu_builder *builder, enum slu_origin_kind kind, struct slu_span span,
                                    struct slu_word text) {
    struct slu_origin *origin = SLU_NEW(builder->arena, struct slu_origin);
    if (origin != NULL) {
        *origin = (struct slu_origin){.kind = kind, .span = span, .text = text};
    }
    return origin;
}

static bool add_step(struct slu_builder *builder, struct slu_origin *path, struct slu_step step, struct slu_span end) {
    path->span = slu_span_join(path->span, end);
    return SLU_APPEND(builder, path->steps, path->step_count, step);
}

/* The keys of `a.b.c` or `.b.c`. */
bool slu_build_add_keys(struct slu_builder *builder, struct slu_origin *path, struct slu_word keys) {
    const char *at = keys.text.bytes, *end = keys.text.bytes + keys.text.length;
    while (at < end) {
        at += *at == '.';
        const char *dot = memchr(at, '.', (size_t)(end - at));
        size_t length = (size_t)((dot == NULL ? end : dot) - at);
        struct slu_step step = {.kind = SLU_STEP_KEY, .key = {at, length}};
        if (!add_step(builder, path, step, keys.span)) {
            return false;
        }
        at += length;
    }
    return true;
}

struct slu_origin *slu_build_path(struct slu_builder *builder, struct slu_word first) {
    struct slu_origin *path = slu_build_origin(builder, SLU_ORIGIN_PATH, first.span, slu_build_no_word(first.span));
    return path != NULL && slu_build_add_keys(builder, path, first) ? path : NULL;
}

bool slu_build_add_key(struct slu_builder *builder, struct slu_origin *path, struct slu_span end, struct slu_word key) {
    struct slu_step step = {.kind = SLU_STEP_KEY, .key = key.text};
    return add_step(builder, path, step, end);
}

bool slu_build_add_index(struct slu_builder *builder, struct slu_origin *path, struct slu_span span, double index) {
    bool fits = floor(index) == index && fabs(index) <= INT32_MAX;
    if (!fits) {
        slu_build_report(builder, SLU_DIAGNOSTIC_SYNTAX, span, "a place in an array is a whole number");
        slu_build_break_member(builder);
    }
    struct slu_step step = {.kind = SLU_STEP_INDEX, .index = fits ? (int32_t)index : 0};
    return add_step(builder, path, step, span);
}

bool slu_build_add_step(struct slu_builder *builder, struct slu_origin *path, enum slu_step_kind kind,
                        struct slu_span end) {
    struct slu_step step = {.kind = kind};
    return add_step(builder, path, step, end);
}

struct slu_modifier *slu_build_modifier(struct slu_builder *builder, enum slu_modifier_kind kind,
                                        struct slu_span span) {
    struct slu_modifier *modifier = SLU_NEW(builder->arena, struct slu_modifier);
    if (modifier != NULL) {
        *modifier = (struct slu_modifier){.kind = kind, .span = span};
    }
    return modifier;
}

struct slu_modifier *slu_build_modifier_as(struct slu_builder *builder, struct slu_span span, struct slu_word first,
                                           struct slu_word second) {
    struct slu_modifier *modifier = slu_build_modifier(builder, SLU_MODIFIER_AS, span);
    if (modifier != NULL) {
        modifier->first = first;
        modifier->second = second;
    }
    return modifier;
}

struct slu_modifier *slu_build_modifier_one_of(struct slu_builder *builder, struct slu_span span,
                                               struct slu_expression *literals) {
    struct slu_modifier *modifier = slu_build_modifier(builder, SLU_MODIFIER_IS, span);
    if (modifier != NULL) {
        modifier->values = literals;
    }
    return modifier;
}

struct slu_modifier *slu_build_modifier_is(struct slu_builder *builder, struct slu_span span,
                                           struct slu_expression *literal) {
    struct slu_expression *values = slu_build_list(builder, literal->span);
    if (values == NULL || !slu_build_add_item(builder, values, literal)) {
        return NULL;
    }
    return slu_build_modifier_one_of(builder, span, values);
}
