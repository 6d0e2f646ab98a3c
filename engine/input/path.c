#include "engine/input/path.h"

#include "engine/input/modifier.h"
#include "engine/input/value.h"
#include "engine/text/unicode.h"

#include <string.h>

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

struct slu_string slu_reading_header(const struct slu_reading *reading, struct slu_string name) {
    for (size_t i = 0; i < reading->header_count; i++) {
        const struct sluice_header *header = &reading->headers[i];
        size_t at = 0;
        if (header->name.length != name.length) {
            continue;
        }
        while (at < name.length && lower(header->name.bytes[at]) == lower(name.bytes[at])) {
            at++;
        }
        if (at == name.length) {
            return (struct slu_string){header->value.bytes ? header->value.bytes : "", header->value.length};
        }
    }
    return (struct slu_string){NULL, 0};
}

static const struct slu_json *element_at(const struct slu_json *array, int32_t index) {
    int64_t place = index < 0 ? (int64_t)array->count + index : index;
    if (array->kind != SLU_JSON_ARRAY || place < 0 || place >= array->count) {
        return NULL;
    }
    const struct slu_json *element = array->first;
    while (place-- > 0) {
        element = element->next;
    }
    return element;
}

/* A path that is being followed: `steps[at]` comes next. */
struct followed {
    const struct slu_step *steps;
    uint32_t at, count;
    const struct slu_stem *stem;
};

/* The text of `node` read as JSON, at a (json) step; NULL when it is not. */
static const struct slu_json *parse_text(struct slu_reading *reading, const struct slu_json *node,
                                         const struct followed *path) {
    if (node->kind != SLU_JSON_TEXT) {
        return NULL;
    }
    for (size_t i = 0; i < SLU_PARSED_TEXTS; i++) {
        const struct slu_parsed_text *known = &reading->parsed[i];
        if (known->text.bytes == node->text.bytes && known->text.length == node->text.length) {
            return known->value;
        }
    }
    struct slu_parsed_text *entry = &reading->parsed[reading->parsed_next];
    reading->parsed_next = (reading->parsed_next + 1) % SLU_PARSED_TEXTS;
    entry->text = node->text;
    entry->value = NULL;
    const struct slu_stem *stem = path->stem;
    const struct slu_wanted *inside =
        slu_wanted_along(reading->tree, stem->number, path->steps + stem->step_count, path->at + 1 - stem->step_count);
    if (slu_reader_inside(reading->reader, inside, node->text, reading->arena, &entry->value) == SLUICE_NO_MEMORY) {
        reading->failed = true;
    }
    return entry->value;
}

/* One step from one node; not for [*]. */
static const struct slu_json *take_step(struct slu_reading *reading, const struct slu_json *node,
                                        const struct followed *path) {
    const struct slu_step *step = &path->steps[path->at];
    switch (step->kind) {
    case SLU_STEP_KEY:
        return slu_json_member(node, step->key);
    case SLU_STEP_INDEX:
        return element_at(node, step->index);
    case SLU_STEP_JSON:
        return parse_text(reading, node, path);
    case SLU_STEP_EACH:
        break;
    }
    return NULL;
}

/* Nodes that a path with [*] has reached. */
struct reached {
    const struct slu_json **nodes; /* on the arena */
    size_t count;
};

/* [*]: the elements of every array among them. */
static bool take_each(struct slu_reading *reading, struct reached *reached) {
    size_t total = 0, count = 0;
    for (size_t i = 0; i < reached->count; i++) {
        total += reached->nodes[i]->kind == SLU_JSON_ARRAY ? reached->nodes[i]->count : 0;
    }
    const struct slu_json **nodes = SLU_NEW_ARRAY(reading->arena, const struct slu_json *, total);
    if (!nodes) {
        reading->failed = true;
        return false;
    }
    for (size_t i = 0; i < reached->count; i++) {
        const struct slu_json *array = reached->nodes[i];
        for (const struct slu_json *element = array->kind == SLU_JSON_ARRAY ? array->first : NULL; element;
             element = element->next) {
            nodes[count++] = element;
        }
    }
    *reached = (struct reached){nodes, count};
    return true;
}

/* What was reached as an array of its own; nulls are left out. */
static const struct slu_json *make_array(struct slu_reading *reading, const struct reached *reached) {
    struct slu_json *array = SLU_NEW(reading->arena, struct slu_json);
    struct slu_json *elements = SLU_NEW_ARRAY(reading->arena, struct slu_json, reached->count);
    if (!array || !elements) {
        reading->failed = true;
        return NULL;
    }
    array->kind = SLU_JSON_ARRAY;
    for (size_t i = 0; i < reached->count; i++) {
        if (reached->nodes[i]->kind != SLU_JSON_NULL) {
            struct slu_json *element = &elements[array->count++];
            *element = *reached->nodes[i];
            element->next = NULL;
            if (array->count > 1) {
                elements[array->count - 2].next = element;
            }
        }
    }
    array->first = array->count > 0 ? elements : NULL;
    return array;
}

/* The rest of a path from its first [*] on. */
static const struct slu_json *follow_each(struct slu_reading *reading, const struct slu_json *array,
                                          struct followed *path) {
    struct reached reached = {&array, 1};
    if (array->kind != SLU_JSON_ARRAY) {
        return NULL;
    }
    for (; path->at < path->count; path->at++) {
        size_t kept = 0;
        if (path->steps[path->at].kind == SLU_STEP_EACH) {
            if (!take_each(reading, &reached)) {
                return NULL;
            }
            continue;
        }
        for (size_t j = 0; j < reached.count; j++) {
            const struct slu_json *next = take_step(reading, reached.nodes[j], path);
            if (next) {
                reached.nodes[kept++] = next;
            }
        }
        reached.count = kept;
    }
    return make_array(reading, &reached);
}

static const struct slu_json *follow(struct slu_reading *reading, const struct slu_origin *origin,
                                     const struct slu_stem *stem) {
    struct followed path = {origin->steps, stem->step_count, origin->step_count, stem};
    const struct slu_json *node = reading->found[stem->number];
    for (; node && path.at < path.count; path.at++) {
        if (path.steps[path.at].kind == SLU_STEP_EACH) {
            return follow_each(reading, node, &path);
        }
        node = take_step(reading, node, &path);
    }
    return node && node->kind != SLU_JSON_NULL ? node : NULL;
}

const struct slu_json *slu_reading_text(struct slu_reading *reading, struct slu_string text) {
    struct slu_json *node = SLU_NEW(reading->arena, struct slu_json);
    if (!node) {
        reading->failed = true;
        return NULL;
    }
    node->kind = SLU_JSON_TEXT;
    node->text = text;
    return node;
}

static const struct slu_json *read_origin(struct slu_reading *reading, const struct slu_origin *origin,
                                          const struct slu_stem *stem) {
    struct slu_string header;
    switch (origin->kind) {
    case SLU_ORIGIN_PATH:
        return follow(reading, origin, stem);
    case SLU_ORIGIN_HEADER:
        header = slu_reading_header(reading, origin->text.text);
        /* Headers come as bytes; texts are UTF-8 everywhere further on. */
        if (!header.bytes || slu_utf8_valid_prefix(header) != header.length) {
            return NULL;
        }
        return slu_reading_text(reading, header);
    case SLU_ORIGIN_TEXT:
        return slu_reading_text(reading, origin->text.text);
    }
    return NULL;
}

/* The parts as texts with dots between them; NULL when one is missing. */
static const struct slu_json *join_parts(struct slu_reading *reading, const struct slu_alternative *alternative,
                                         const struct slu_stem *stems) {
    struct slu_string *texts = SLU_NEW_ARRAY(reading->arena, struct slu_string, alternative->part_count);
    size_t length = 0;
    if (!texts) {
        reading->failed = true;
        return NULL;
    }
    for (uint32_t i = 0; i < alternative->part_count; i++) {
        const struct slu_json *node = read_origin(reading, &alternative->parts[i], &stems[i]);
        if (!node || !slu_input_text(node, &texts[i])) {
            return NULL;
        }
        length += texts[i].length + 1;
    }
    char *bytes = slu_arena_alloc_bytes(reading->arena, length);
    if (!bytes) {
        reading->failed = true;
        return NULL;
    }
    length = 0;
    for (uint32_t i = 0; i < alternative->part_count; i++) {
        if (i > 0) {
            bytes[length++] = '.';
        }
        if (texts[i].length > 0) {
            memcpy(bytes + length, texts[i].bytes, texts[i].length);
            length += texts[i].length;
        }
    }
    return slu_reading_text(reading, (struct slu_string){bytes, length});
}

const struct slu_json *slu_path_alternative(struct slu_reading *reading, const struct slu_alternative *alternative,
                                            const struct slu_stem *stems) {
    if (stems->is_all && alternative->part_count == 1 && alternative->modifier.kind == SLU_MODIFIER_NONE) {
        const struct slu_json *found = reading->found[stems->number];
        return found && found->kind != SLU_JSON_NULL ? found : NULL;
    }
    const struct slu_json *node = alternative->part_count == 1 ? read_origin(reading, &alternative->parts[0], stems)
                                                               : join_parts(reading, alternative, stems);
    return reading->failed ? NULL : slu_modifier_apply(reading, &alternative->modifier, node);
}

bool slu_path_test(struct slu_reading *reading, const struct slu_origin *origin, const struct slu_stem *stem,
                   const struct slu_modifier *test) {
    const struct slu_json *node = slu_modifier_apply(reading, test, read_origin(reading, origin, stem));
    return node && node->kind == SLU_JSON_TRUE;
}
