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

/* Where the value of a member of the outermost object stands. */
static size_t value_place(struct slu_string body, const struct slu_json *document, const struct slu_json *value) {
    uint32_t index = 0;
    for (const struct slu_json *member = document->first; member != value; member = member->next) {
        index++;
    }
    return slu_members_value_place(body, first_byte(body), index);
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
                                     const struct slu_json *document) {
    const struct slu_json *event = slu_json_member(document, SLU_STRING("event"));
    if (!event) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_EVENT, first_byte(body),
                                "an event is one JSON object whose \"event\" names its kind");
    }
    if (event->kind != SLU_JSON_TEXT) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_MISSING_EVENT, value_place(body, document, event),
                                "\"event\" is a string that names the event's kind");
    }
    request->input->event = slu_map_find(&request->program->event_names, event->text);
    if (request->input->event == SLU_MAP_NONE) {
        return refuse_kind(request, event->text, value_place(body, document, event));
    }
    return SLUICE_OK;
}

/* A key with a dot would be read by nobody. Only at the top, where fields are:
 * deeper, the keys of a service's object are what they are. */
static enum sluice_status check_keys(const struct slu_input_request *request, struct slu_string body,
                                     const struct slu_json *document) {
    uint32_t index = 0;
    for (const struct slu_json *member = document->first; member; member = member->next, index++) {
        if (member->key.length > 0 && memchr(member->key.bytes, '.', member->key.length)) {
            return slu_input_refuse(request->error, SLU_INPUT_ERROR_DOTTED_KEY,
                                    slu_members_key_place(body, first_byte(body), index),
                                    "the key \"%s\" has a dot; the field `company.size` is written {\"company\": "
                                    "{\"size\": 51}}",
                                    slu_input_show(member->key).bytes);
        }
    }
    return SLUICE_OK;
}

static enum sluice_status read_time(const struct slu_input_request *request, struct slu_string body,
                                    const struct slu_json *document) {
    const struct slu_json *at = slu_json_member(document, SLU_STRING("at"));
    double time;
    if (!at || at->kind == SLU_JSON_NULL) {
        return SLUICE_OK;
    }
    if (!slu_input_time(at, &time)) {
        return slu_input_refuse(request->error, SLU_INPUT_ERROR_BAD_TIME, value_place(body, document, at),
                                "\"at\" is a time: seconds since 1970, or a text such as \"2026-11-21T09:00:00Z\"");
    }
    request->input->has_time = true;
    request->input->time = (int64_t)time;
    return SLUICE_OK;
}

static enum sluice_status read_id(const struct slu_input_request *request, struct slu_string body,
                                  const struct slu_json *document) {
    const struct slu_json *id = slu_json_member(document, SLU_STRING("id"));
    if (!id || id->kind == SLU_JSON_NULL || slu_input_text(id, &request->input->id)) {
        return SLUICE_OK;
    }
    return slu_input_refuse(request->error, SLU_INPUT_ERROR_BAD_ID, value_place(body, document, id),
                            "\"id\" is a text or a whole number");
}

static bool fill_slots(const struct slu_input_request *request, const struct slu_json **found) {
    bool failed = false;
    for (uint32_t i = 0; i < request->program->slot_count; i++) {
        const struct slu_slot *slot = &request->program->slots[i];
        const struct slu_json *node = found[request->reader->own.slots[i].number];
        if (slot->origin == SLU_FIELD_EVENT && node) {
            request->slots[i] = slu_request_value(request, i, node, slu_request_not_a_choice(request, i), &failed);
        }
    }
    return !failed;
}

enum sluice_status slu_input_read_own(const struct slu_input_request *request) {
    struct slu_string body = {request->delivery->body.bytes, request->delivery->body.length};
    struct slu_document_plan *plan = &request->reader->own.document;
    const struct slu_json *document; /* has all members of the outermost object, of the others those wanted */
    const struct slu_json **found = SLU_NEW_ARRAY(request->arena, const struct slu_json *, plan->tree.count);
    if (!found) {
        return SLUICE_NO_MEMORY;
    }
    enum sluice_status status =
        slu_reader_document(request->reader, plan, body, request->arena, found, &document, request->error);
    if (status == SLUICE_OK) {
        status = find_event(request, body, document);
    }
    if (status == SLUICE_OK) {
        status = check_keys(request, body, document);
    }
    if (status == SLUICE_OK) {
        status = read_id(request, body, document);
    }
    if (status == SLUICE_OK) {
        status = read_time(request, body, document);
    }
    if (status != SLUICE_OK) {
        return status;
    }
    return fill_slots(request, found) ? SLUICE_OK : SLUICE_NO_MEMORY;
}
