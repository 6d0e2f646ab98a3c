/* Deliveries of a service, read as its `source` declaration says. */
#include "engine/input/source.h"

#include "engine/input/errors.h"
#include "engine/input/form.h"
#include "engine/input/path.h"
#include "engine/input/value.h"
#include "engine/text/unicode.h"

#include <string.h>

static struct slu_string borrow(struct sluice_string string) {
    return (struct slu_string){string.bytes, string.length};
}

/* Its number, or SLU_NO_INDEX. */
static uint32_t find_source(const struct sluice_program *program, struct slu_string name) {
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        if (slu_string_equal(program->from_sources[i].name, name)) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

/* ---- the body ---- */

/* Finds everything that the source wants of the body. The source says what that
 * may be; where it may be both, the first byte decides: no form begins with a bracket. */
static enum sluice_status read_body(const struct slu_input_request *request, const struct slu_program_source *source,
                                    struct slu_document_plan *plan, struct slu_reading *reading) {
    const struct slu_json *document = NULL;
    struct slu_string body = borrow(request->delivery->body);
    size_t at = 0;
    while (at < body.length && memchr(" \t\r\n", body.bytes[at], 4)) {
        at++;
    }
    char first = at < body.length ? body.bytes[at] : '\0';
    if (first == '<') {
        enum slu_input_error code = source->json ? SLU_INPUT_ERROR_BAD_JSON : SLU_INPUT_ERROR_BAD_FORM;
        return slu_input_refuse(request->error, code, at, "XML is not read; source %s takes %s",
                                slu_input_show(source->name).bytes,
                                !source->form   ? "JSON"
                                : !source->json ? "a form"
                                                : "JSON or a form");
    }
    if (source->form && !(source->json && (first == '{' || first == '['))) {
        enum sluice_status status = slu_form_read(body, request->arena, &document, request->error);
        if (status == SLUICE_OK) {
            slu_wanted_note(&plan->tree, document, reading->found);
        }
        return status;
    }
    return slu_reader_document(request->reader, plan, body, request->arena, reading->found, &document, request->error);
}

/* ---- mappings ---- */

/* The first alternative that gives something of the slot's type. */
static struct slu_value read_mapping(struct slu_reading *reading, const struct slu_mapping *mapping,
                                     const struct slu_stem *stems, const struct slu_slot *slot, struct slu_text *room,
                                     struct slu_string *not_a_choice) {
    struct slu_string outside = {NULL, 0};
    if (mapping->alternative_count == 0) {
        return slu_input_constant(slot, mapping->constant, reading->arena, &reading->failed);
    }
    for (uint32_t i = 0; i < mapping->alternative_count && !reading->failed; i++) {
        const struct slu_json *node = slu_path_alternative(reading, &mapping->alternatives[i], stems);
        stems += mapping->alternatives[i].part_count;
        if (!node || (slot->type == SLU_TYPE_LIST && node->kind != SLU_JSON_ARRAY)) {
            continue;
        }
        struct slu_value value = slu_input_value(slot, node, reading->arena, room, &outside, &reading->failed);
        if (value.type != SLU_TYPE_MISSING) {
            return value;
        }
    }
    if (not_a_choice) {
        *not_a_choice = outside;
    }
    return slu_slot_missing(slot);
}

/* What the path leads to; NULL: nothing, or null. */
static inline const struct slu_json *short_path_node(const struct slu_reading *reading,
                                                     const struct slu_short_path *path) {
    const struct slu_json *node = reading->found[path->place];
    return node && node->kind != SLU_JSON_NULL ? node : NULL;
}

/* What read_mapping would give. The slots hold nothing before. */
static void fill_directly(const struct slu_input_request *request, struct slu_reading *reading,
                          const struct slu_short_path *path, uint32_t number) {
    const struct slu_slot *slot = &request->program->slots[number];
    const struct slu_json *node = short_path_node(reading, path);
    struct slu_string outside = {NULL, 0};
    if (!node) {
        return;
    }
    if (path->is_each) {
        request->slots[number] = slu_input_list(slot, node, path->key, request->arena, &outside, &reading->failed);
        return;
    }
    request->slots[number] = slu_request_value(request, number, node, &outside, &reading->failed);
    if (request->not_a_choice && request->slots[number].type == SLU_TYPE_MISSING) {
        request->not_a_choice[number] = outside;
    }
}

/* The checker sees to it that a topic fills no slot twice. */
static void fill_slots(const struct slu_input_request *request, struct slu_reading *reading,
                       const struct slu_program_topic *topic, const struct slu_topic_plan *plan) {
    for (uint32_t i = 0; i < topic->mapping_count && !reading->failed; i++) {
        uint32_t slot = topic->mappings[i].slot;
        if (plan->paths[i].place != SLU_NO_INDEX) {
            fill_directly(request, reading, &plan->paths[i], slot);
            continue;
        }
        request->slots[slot] =
            read_mapping(reading, topic->mappings[i].syntax, plan->mappings[i], &request->program->slots[slot],
                         &request->reader->texts[slot], slu_request_not_a_choice(request, slot));
    }
}

/* A text for the head of a source (topic, id); bytes NULL where there is none. */
static struct slu_string read_text(struct slu_reading *reading, const struct slu_mapping *mapping,
                                   const struct slu_stem *stems, const struct slu_short_path *path) {
    static const struct slu_slot text_slot = {.type = SLU_TYPE_TEXT};
    struct slu_string found = {NULL, 0};
    struct slu_text room;
    if (path->place != SLU_NO_INDEX) {
        const struct slu_json *node = short_path_node(reading, path);
        return node && slu_input_text(node, &found) ? found : (struct slu_string){NULL, 0};
    }
    if (!mapping) {
        return (struct slu_string){NULL, 0};
    }
    struct slu_value value = read_mapping(reading, mapping, stems, &text_slot, &room, NULL);
    return value.type == SLU_TYPE_TEXT ? value.as.text->raw : (struct slu_string){NULL, 0};
}

static void read_time(struct slu_reading *reading, const struct slu_mapping *mapping, const struct slu_stem *stems,
                      const struct slu_short_path *path, struct slu_input *input) {
    static const struct slu_slot time_slot = {.type = SLU_TYPE_TIME};
    double time;
    if (path->place != SLU_NO_INDEX) {
        const struct slu_json *node = short_path_node(reading, path);
        input->has_time = node && slu_input_time(node, &time);
        input->time = input->has_time ? (int64_t)time : 0;
        return;
    }
    if (!mapping) {
        return;
    }
    struct slu_value value = read_mapping(reading, mapping, stems, &time_slot, NULL, NULL);
    input->has_time = value.type == SLU_TYPE_TIME;
    if (input->has_time) {
        input->time = (int64_t)value.as.number;
    }
}

/* ---- the topic ---- */

/* The header that the topic is taken from and that is not at hand; bytes NULL: none. */
static struct slu_string absent_header(const struct slu_reading *reading, const struct slu_mapping *topic) {
    for (uint32_t i = 0; topic && i < topic->alternative_count; i++) {
        for (uint32_t part = 0; part < topic->alternatives[i].part_count; part++) {
            const struct slu_origin *origin = &topic->alternatives[i].parts[part];
            if (origin->kind == SLU_ORIGIN_HEADER && !slu_reading_header(reading, origin->text.text).bytes) {
                return origin->text.text;
            }
        }
    }
    return (struct slu_string){NULL, 0};
}

/* What the delivery says; what the caller says where a header is missing or nothing is found. */
static enum sluice_status find_topic(const struct slu_input_request *request, struct slu_reading *reading,
                                     const struct slu_program_source *source, const struct slu_source_plan *plan,
                                     struct slu_string *topic) {
    struct slu_string given = borrow(request->delivery->topic);
    struct slu_string header = absent_header(reading, source->topic);
    *topic = (struct slu_string){NULL, 0};
    if (given.length == 0 || !header.bytes) {
        *topic = read_text(reading, source->topic, plan->topic, &plan->topic_path);
    }
    if (reading->failed) {
        return SLUICE_NO_MEMORY;
    }
    if (!topic->bytes && given.length > 0) {
        *topic = given;
    }
    if (topic->bytes) {
        return SLUICE_OK;
    }
    if (header.bytes) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_TOPIC, 0,
                                "source %s takes the topic from the header %s, which is not there; name the topic",
                                slu_input_show(source->name).bytes, slu_input_show(header).bytes);
    }
    return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_TOPIC, 0,
                            "the delivery names no topic where source %s looks for it",
                            slu_input_show(source->name).bytes);
}

/* The number of the first `on` of the topic whose `when` holds, or SLU_NO_INDEX. *known: some `on` names the topic. */
static uint32_t match_topic(struct slu_reading *reading, const struct slu_program_source *source,
                            const struct slu_source_plan *plan, struct slu_string topic, bool *known) {
    *known = false;
    for (uint32_t i = 0; i < source->topic_count; i++) {
        const struct slu_program_topic *candidate = &source->topics[i];
        if (!slu_string_equal(candidate->topic, topic)) {
            continue;
        }
        *known = true;
        if (!candidate->syntax->when ||
            slu_path_test(reading, candidate->syntax->when, plan->topics[i].when, &candidate->syntax->when_test)) {
            return i;
        }
    }
    return SLU_NO_INDEX;
}

static enum sluice_status find_event(const struct slu_input_request *request, struct slu_reading *reading,
                                     const struct slu_program_source *source, const struct slu_source_plan *plan,
                                     uint32_t *found) {
    struct slu_string topic;
    bool known;
    enum sluice_status status = find_topic(request, reading, source, plan, &topic);
    if (status != SLUICE_OK) {
        return status;
    }
    request->input->topic = topic;
    *found = match_topic(reading, source, plan, topic, &known);
    if (reading->failed) {
        return SLUICE_NO_MEMORY;
    }
    if (*found == SLU_NO_INDEX) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_UNKNOWN_TOPIC, 0,
                                known ? "source %s: no `on \"%s\" when ...` holds"
                                      : "source %s has no `on` for topic %s",
                                slu_input_show(source->name).bytes, slu_input_show(topic).bytes);
    }
    const struct slu_program_topic *match = &source->topics[*found];
    if (match->event == SLU_NO_INDEX) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_IGNORED, 0, "%.*s",
                                (int)match->syntax->reason.text.length, match->syntax->reason.text.bytes);
    }
    request->input->event = match->event;
    return SLUICE_OK;
}

enum sluice_status slu_input_read_source(const struct slu_input_request *request) {
    const struct sluice_delivery *delivery = request->delivery;
    uint32_t number = find_source(request->program, borrow(delivery->source)), topic;
    if (number == SLU_NO_INDEX) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_UNKNOWN_SOURCE, 0, "there is no source `%s`",
                                slu_input_show(borrow(delivery->source)).bytes);
    }
    const struct slu_program_source *source = &request->program->from_sources[number];
    struct slu_source_plan *plan = &request->reader->sources[number];
    struct slu_reading reading = {.reader = request->reader,
                                  .tree = &plan->document.tree,
                                  .found =
                                      SLU_NEW_ARRAY(request->arena, const struct slu_json *, plan->document.tree.count),
                                  .headers = delivery->headers,
                                  .header_count = delivery->header_count,
                                  .arena = request->arena};
    enum sluice_status status =
        reading.found ? read_body(request, source, &plan->document, &reading) : SLUICE_NO_MEMORY;
    if (status != SLUICE_OK) {
        return status;
    }
    /* Also for what is ignored: a log names the delivery. */
    request->input->id = read_text(&reading, source->id, plan->id, &plan->id_path);
    read_time(&reading, source->at, plan->at, &plan->at_path, request->input);
    status = reading.failed ? SLUICE_NO_MEMORY : find_event(request, &reading, source, plan, &topic);
    if (status != SLUICE_OK) {
        return status;
    }
    fill_slots(request, &reading, &source->topics[topic], &plan->topics[topic]);
    return reading.failed ? SLUICE_NO_MEMORY : SLUICE_OK;
}
