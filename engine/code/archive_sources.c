/* Sources as bytes: how the deliveries of a service become events. What is
 * kept of a declaration is what reading a delivery looks at. */
#include "engine/code/archive.h"

static void move_step(struct slu_archive *archive, struct slu_step *step) {
    SLU_MOVE_CHOICE(archive, step->kind, SLU_STEP_JSON + 1);
    SLU_MOVE_STRING(archive, step->key);
    SLU_MOVE_INTEGER(archive, step->index);
}

static void move_origin(struct slu_archive *archive, struct slu_origin *origin) {
    SLU_MOVE_CHOICE(archive, origin->kind, SLU_ORIGIN_TEXT + 1);
    SLU_MOVE_STRING(archive, origin->text.text);
    SLU_MOVE_ARRAY(archive, origin->steps, origin->step_count);
    for (uint32_t i = 0; i < origin->step_count; i++) {
        move_step(archive, &origin->steps[i]);
    }
}

/* A TEXT, NUMBER, FLAG, TIME or DURATION, or a NEGATE of a NUMBER, which reads back as a number. */
static void move_literal(struct slu_archive *archive, struct slu_expression *literal) {
    struct slu_expression from = *literal;
    if (archive->out != NULL && literal->kind == SLU_EXPRESSION_NEGATE) {
        from.kind = SLU_EXPRESSION_NUMBER;
        from.number = -literal->items[0]->number;
    }
    struct slu_expression moved = {.kind = from.kind};
    SLU_MOVE(archive, moved.kind,
             (enum slu_expression_kind)slu_archive_choice(archive, moved.kind, SLU_EXPRESSION_COUNT));
    if (moved.kind == SLU_EXPRESSION_TEXT) {
        moved.text = slu_archive_string(archive, from.text);
    } else if (slu_expression_has_number(&moved)) {
        moved.number = slu_archive_double(archive, from.number);
    } else {
        slu_archive_refuse(archive, "a literal is none");
    }
    if (archive->out == NULL) {
        *literal = moved;
    }
}

/* A LIST of literals, or one literal; NULL stays NULL. */
static struct slu_expression *move_literals(struct slu_archive *archive, struct slu_expression *written) {
    bool is_list = written != NULL && written->kind == SLU_EXPRESSION_LIST;
    if (!slu_archive_flag(archive, written != NULL)) {
        return NULL;
    }
    is_list = slu_archive_flag(archive, is_list);
    uint32_t count = !is_list ? 1 : written == NULL ? 0 : written->item_count;
    count = slu_archive_count(archive, count, sizeof *written);
    if (archive->out != NULL) {
        for (uint32_t i = 0; i < count; i++) {
            move_literal(archive, is_list ? written->items[i] : written);
        }
        return written;
    }
    uint32_t nodes = count + 1;
    struct slu_expression *made = slu_archive_room(archive, &nodes, sizeof *made);
    struct slu_expression **items = slu_archive_room(archive, &count, sizeof *items);
    if (archive->reason != NULL || (!is_list && count != 1)) {
        slu_archive_refuse(archive, "a literal is none");
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        move_literal(archive, &made[i]);
        items[i] = &made[i];
    }
    if (!is_list) {
        return made;
    }
    made[count] = (struct slu_expression){.kind = SLU_EXPRESSION_LIST, .item_count = count};
    made[count].items = items;
    return &made[count];
}

static void move_modifier(struct slu_archive *archive, struct slu_modifier *modifier) {
    SLU_MOVE_CHOICE(archive, modifier->kind, SLU_MODIFIER_IS_KNOWN + 1);
    SLU_MOVE(archive, modifier->values, move_literals(archive, archive->out != NULL ? modifier->values : NULL));
    if (modifier->kind == SLU_MODIFIER_IS &&
        (modifier->values == NULL || modifier->values->kind != SLU_EXPRESSION_LIST)) {
        slu_archive_refuse(archive, "there is nothing to compare with");
    }
}

static void move_mapping(struct slu_archive *archive, struct slu_mapping *mapping) {
    SLU_MOVE_SPAN(archive, mapping->span);
    SLU_MOVE_ARRAY(archive, mapping->alternatives, mapping->alternative_count);
    for (uint32_t i = 0; i < mapping->alternative_count; i++) {
        struct slu_alternative *alternative = &mapping->alternatives[i];
        SLU_MOVE_ARRAY(archive, alternative->parts, alternative->part_count);
        for (uint32_t j = 0; j < alternative->part_count; j++) {
            move_origin(archive, &alternative->parts[j]);
        }
        move_modifier(archive, &alternative->modifier);
    }
    SLU_MOVE(archive, mapping->constant, move_literals(archive, archive->out != NULL ? mapping->constant : NULL));
    if (mapping->alternative_count == 0 && mapping->constant == NULL) {
        slu_archive_refuse(archive, "a field comes from nowhere");
    }
}

/* NULL stays NULL. */
static const struct slu_mapping *move_optional(struct slu_archive *archive, const struct slu_mapping *mapping) {
    uint32_t one = 1;
    if (!slu_archive_flag(archive, mapping != NULL)) {
        return NULL;
    }
    if (archive->out != NULL) {
        struct slu_mapping copy = *mapping; /* not const, and not changed either */
        move_mapping(archive, &copy);
        return mapping;
    }
    struct slu_mapping *made = slu_archive_room(archive, &one, sizeof *made);
    if (made != NULL) {
        move_mapping(archive, made);
    }
    return made;
}

static void move_when(struct slu_archive *archive, struct slu_topic *topic) {
    uint32_t one = 1;
    if (!slu_archive_flag(archive, topic->when != NULL)) {
        return;
    }
    if (archive->out == NULL) {
        topic->when = slu_archive_room(archive, &one, sizeof *topic->when);
    }
    if (topic->when != NULL) {
        move_origin(archive, topic->when);
        move_modifier(archive, &topic->when_test);
    }
}

static void move_topic_members(struct slu_archive *archive, struct slu_topic *topic) {
    SLU_MOVE_STRING(archive, topic->reason.text);
    move_when(archive, topic);
}

static const struct slu_topic *move_topic_syntax(struct slu_archive *archive, const struct slu_topic *topic) {
    uint32_t one = 1;
    if (archive->out != NULL) {
        struct slu_topic copy = *topic;
        move_topic_members(archive, &copy);
        return topic;
    }
    struct slu_topic *made = slu_archive_room(archive, &one, sizeof *made);
    if (made != NULL) {
        move_topic_members(archive, made);
    }
    return made;
}

static void move_topic(struct slu_archive *archive, struct slu_program_topic *topic) {
    SLU_MOVE_STRING(archive, topic->topic);
    SLU_MOVE_NUMBER(archive, topic->event);
    SLU_MOVE(archive, topic->syntax, move_topic_syntax(archive, topic->syntax));
    SLU_MOVE_ARRAY(archive, topic->mappings, topic->mapping_count);
    for (uint32_t i = 0; i < topic->mapping_count; i++) {
        SLU_MOVE_NUMBER(archive, topic->mappings[i].slot);
        SLU_MOVE(archive, topic->mappings[i].syntax, move_optional(archive, topic->mappings[i].syntax));
        if (topic->mappings[i].syntax == NULL) {
            slu_archive_refuse(archive, "a field comes from nowhere");
        }
    }
}

static void move_source(struct slu_archive *archive, struct slu_program_source *source) {
    SLU_MOVE_STRING(archive, source->name);
    SLU_MOVE_FLAG(archive, source->json);
    SLU_MOVE_FLAG(archive, source->form);
    SLU_MOVE(archive, source->topic, move_optional(archive, source->topic));
    SLU_MOVE(archive, source->id, move_optional(archive, source->id));
    SLU_MOVE(archive, source->at, move_optional(archive, source->at));
    SLU_MOVE_ARRAY(archive, source->topics, source->topic_count);
    for (uint32_t i = 0; i < source->topic_count; i++) {
        move_topic(archive, &source->topics[i]);
    }
}

void slu_archive_from_sources(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->from_sources, program->from_source_count);
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        move_source(archive, &program->from_sources[i]);
    }
}
