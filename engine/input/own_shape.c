/* Events in the product's own shape:
 * {"event": "lead.qualified", "id": "...", "at": 1763700000, "company": {"size": 51}}. */
#include "engine/input/source.h"

#include "engine/input/errors.h"
#include "engine/input/json.h"
#include "engine/input/members.h"
#include "engine/input/value.h"

#include <string.h>

enum { DISTANCE_MAX = 3 /* edits up to which a name may have been meant */ };

static size_t first_byte(struct slu_string body) {
    size_t at = 0;
    while (at < body.length && memchr(" \t\r\n", body.bytes[at], 4)) {
        at++;
    }
    return at;
}

/* Where the value of "event" stands. Of what was read nodes are at hand for the
 * wanted members alone, so all is read again: for errors only. False when out of memory. */
static bool event_place(const struct slu_input_request *request, struct slu_string body, size_t *place) {
    const struct slu_json *document;
    uint32_t index = 0;
    if (slu_json_read(body, request->arena, &document, NULL) != SLUICE_OK) {
        return false;
    }
    const struct slu_json *event = slu_json_member(document, SLU_STRING("event"));
    for (const struct slu_json *member = document->first; member != event; member = member->next) {
        index++;
    }
    *place = slu_members_value_place(body, first_byte(body), index);
    return true;
}

/* Only what can be the name of an event kind is repeated in a message. */
static bool is_name(struct slu_string text) {
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        bool fits = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                    byte == '_' || byte == '.';
        if (!fits) {
            return false;
        }
    }
    return text.length > 0;
}

static const struct slu_program_event *nearest_event(const struct sluice_program *program, struct slu_string kind) {
    const struct slu_program_event *nearest = NULL;
    size_t least = DISTANCE_MAX + 1;
    for (uint32_t i = 0; i < program->event_count; i++) {
        size_t distance = slu_string_distance(program->events[i].name, kind, DISTANCE_MAX);
        if (distance < least) {
            least = distance;
            nearest = &program->events[i];
        }
    }
    return nearest;
}

static enum sluice_status refuse_kind(const struct slu_input_request *request, struct slu_string kind, size_t at) {
    if (!is_name(kind)) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_UNKNOWN_EVENT, at,
                                "this is not the name of an event kind");
    }
    const struct slu_program_event *nearest = nearest_event(request->program, kind);
    if (!nearest) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_UNKNOWN_EVENT, at, "there is no event kind `%s`",
                                slu_input_show(kind).bytes);
    }
    return slu_input_refuse(request->error, SLU_INPUT_ERROR_UNKNOWN_EVENT, at,
                            "there is no event kind `%s`; did you mean `%s`?", slu_input_show(kind).bytes,
                            slu_input_show(nearest->name).bytes);
}

static enum sluice_status find_event(const struct slu_input_request *request, struct slu_string body,
                                     const struct slu_json *event) {
    size_t place;
    if (!event) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_EVENT, first_byte(body),
                                "an event is one JSON object whose \"event\" names its kind");
    }
    if (event->kind == SLU_JSON_TEXT) {
        request->input->event = slu_map_find(&request->program->event_names, event->text);
        if (request->input->event != SLU_MAP_NONE) {
            return SLUICE_OK;
        }
    }
    if (!event_place(request, body, &place)) {
        return SLUICE_NO_MEMORY;
    }
    if (event->kind == SLU_JSON_TEXT) {
        return refuse_kind(request, event->text, place);
    }
    return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_EVENT, place,
                            "\"event\" is a string that names the event's kind");
}

static bool fill_slots(const struct slu_input_request *request, const struct slu_json **found) {
    bool failed = false;
    for (uint32_t i = 0; i < request->program->slot_count; i++) {
        const struct slu_slot *slot = &request->program->slots[i];
        const struct slu_json *node = found[request->reader->own.slots[i].number];
        if (slot->origin == SLU_FIELD_EVENT && node) {
            request->slots[i] =
                slu_input_value(slot, node, request->arena, slu_request_not_a_choice(request, i), &failed);
        }
    }
    return !failed;
}

enum sluice_status slu_input_read_own(const struct slu_input_request *request) {
    struct slu_string body = {request->delivery->body.bytes, request->delivery->body.length};
    struct slu_own_plan *plan = &request->reader->own;
    struct slu_input *input = request->input;
    const struct slu_json **found = SLU_NEW_ARRAY(request->arena, const struct slu_json *, plan->document.tree.count);
    double time;
    if (!found) {
        return SLUICE_NO_MEMORY;
    }
    enum sluice_status status =
        slu_reader_document(request->reader, &plan->document, body, request->arena, found, request->error);
    if (status == SLUICE_OK) {
        status = find_event(request, body, found[plan->event.number]);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    const struct slu_json *id = found[plan->id.number];
    if (id) {
        slu_input_text(id, &input->id);
    }
    const struct slu_json *at = found[plan->at.number];
    if (at && slu_input_time(at, &time)) {
        input->has_time = true;
        input->time = (int64_t)time;
    }
    return fill_slots(request, found) ? SLUICE_OK : SLUICE_NO_MEMORY;
}
