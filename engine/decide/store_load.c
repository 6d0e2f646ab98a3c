/* A facts file into the store. */
#include "engine/decide/decider.h"
#include "engine/decide/store_parts.h"
#include "engine/input/input.h"
#include "engine/input/json.h"
#include "engine/input/members.h"

#include <string.h>

struct loading {
    struct slu_store *store;
    const struct sluice_program *program;
    struct slu_arena *arena; /* of one load */
    struct slu_string text;  /* what `facts` was read from */
    const struct slu_json *facts;
    struct sluice_error *error;
};

/* A name for an error message: cut where it would not fit. */
#define NAME(string) (int)((string).length > 80 ? 80 : (string).length), (string).bytes == NULL ? "" : (string).bytes

static enum sluice_status no_memory(struct loading *loading) {
    return slu_error_set(loading->error, SLU_INPUT_ERROR_NO_MEMORY, "not enough memory for the facts");
}

/* Says where the mistake is. */
static enum sluice_status at(struct loading *loading, const struct slu_json *node, enum sluice_status status) {
    if (loading->error != NULL) {
        loading->error->at_byte = slu_members_place(loading->text, loading->facts, node);
    }
    return status;
}

static bool is_object(const struct slu_json *json) {
    return json != NULL && json->kind == SLU_JSON_OBJECT;
}

static enum sluice_status not_object(struct loading *loading, const struct slu_json *json, const char *of) {
    return at(
        loading, json,
        slu_error_set(loading->error, SLU_INPUT_ERROR_BAD_FACTS, "%.*s is not an object of %s", NAME(json->key), of));
}

/* Reads one value as the slot's type. */
static enum sluice_status read_value(struct loading *loading, const struct slu_slot *slot, const struct slu_json *json,
                                     struct sluice_value *value) {
    struct slu_string not_a_choice = {NULL, 0};
    bool failed = false;
    struct slu_value read = slu_input_value(slot, json, loading->arena, NULL, &not_a_choice, &failed);
    if (failed || !slu_value_give(loading->arena, read, value)) {
        return no_memory(loading);
    }
    if (not_a_choice.bytes != NULL) {
        return at(loading, json,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_NOT_A_CHOICE, "the value of %.*s is outside its set",
                                NAME(slot->name)));
    }
    if (read.type == SLU_TYPE_MISSING && json->kind != SLU_JSON_NULL) {
        return at(loading, json,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_TYPE_MISMATCH, "the value of %.*s is not a %s",
                                NAME(slot->name), slu_type_word(slot->type)));
    }
    return SLUICE_OK;
}

/* ---- state ---- */

static bool is_state(const struct sluice_program *program, struct slu_string name) {
    uint32_t field = slu_map_find(&program->model->field_names, name);
    return field != SLU_MAP_NONE && program->model->fields[field].origin == SLU_FIELD_STATE;
}

static enum sluice_status load_state_field(struct loading *loading, struct slu_string prefix, struct slu_string entity,
                                           const struct slu_json *json) {
    size_t length = prefix.length + 1 + json->key.length;
    char *bytes = slu_arena_alloc_bytes(loading->arena, length);
    if (bytes == NULL) {
        return no_memory(loading);
    }
    memcpy(bytes, prefix.bytes, prefix.length);
    bytes[prefix.length] = '.';
    memcpy(bytes + prefix.length + 1, json->key.bytes, json->key.length);
    struct slu_string name = {bytes, length};
    if (!is_state(loading->program, name)) {
        return at(loading, json,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_UNKNOWN_NAME, "no state %.*s is declared", NAME(name)));
    }
    uint32_t slot = slu_map_find(&loading->program->slot_names, name);
    if (slot == SLU_MAP_NONE) {
        return SLUICE_OK; /* no rule reads it */
    }
    struct sluice_value value;
    enum sluice_status status = read_value(loading, &loading->program->slots[slot], json, &value);
    if (status != SLUICE_OK) {
        return status;
    }
    status = slu_store_set_state(loading->store, name, entity, &value);
    return status == SLUICE_OK ? status : no_memory(loading);
}

static enum sluice_status load_state(struct loading *loading, const struct slu_json *state) {
    for (const struct slu_json *prefix = state->first; prefix != NULL; prefix = prefix->next) {
        if (!is_object(prefix)) {
            return not_object(loading, prefix, "ids");
        }
        for (const struct slu_json *entity = prefix->first; entity != NULL; entity = entity->next) {
            if (!is_object(entity)) {
                return not_object(loading, entity, "fields");
            }
            for (const struct slu_json *field = entity->first; field != NULL; field = field->next) {
                enum sluice_status status = load_state_field(loading, prefix->key, entity->key, field);
                if (status != SLUICE_OK) {
                    return status;
                }
            }
        }
    }
    return SLUICE_OK;
}

/* ---- look-ups ---- */

/* What is given: a look-up by its own name, or a read by its operation's. */
struct target {
    uint32_t lookup;    /* index into the model's look-ups, or SLU_NO_INDEX */
    uint32_t operation; /* index into the model's operations */
};

static bool find_target(const struct slu_model *model, struct slu_string name, struct target *target) {
    target->lookup = slu_map_find(&model->lookup_names, name);
    if (target->lookup != SLU_MAP_NONE) {
        target->operation = model->lookups[target->lookup].operation;
        return true;
    }
    target->lookup = SLU_NO_INDEX;
    target->operation = slu_map_find(&model->operation_names, name);
    return target->operation != SLU_MAP_NONE && model->operations[target->operation].is_read;
}

static bool gives(const struct slu_operation *operation, struct slu_string result) {
    for (uint32_t i = 0; i < operation->give_count; i++) {
        if (slu_string_equal(operation->gives[i].name, result)) {
            return true;
        }
    }
    return false;
}

/* Any slot that reads the result: all of them have its type. NULL: no rule does. */
static const struct slu_slot *find_result(const struct sluice_program *program, struct slu_string operation,
                                          struct slu_string result) {
    for (uint32_t i = 0; i < program->slot_count; i++) {
        const struct slu_slot *slot = &program->slots[i];
        if (slot->origin == SLU_FIELD_LOOKUP && slu_string_equal(slot->result, result) &&
            slu_string_equal(program->lookups[slot->lookup].operation, operation)) {
            return slot;
        }
    }
    return NULL;
}

static enum sluice_status load_results(struct loading *loading, const struct target *target, struct slu_string name,
                                       struct slu_string arguments, const struct slu_json *results) {
    const struct slu_operation *operation = &loading->program->model->operations[target->operation];
    for (const struct slu_json *result = results->first; result != NULL; result = result->next) {
        if (!gives(operation, result->key)) {
            return at(loading, result,
                      slu_error_set(loading->error, SLU_INPUT_ERROR_UNKNOWN_NAME, "%.*s does not give %.*s",
                                    NAME(operation->name), NAME(result->key)));
        }
        const struct slu_slot *slot = find_result(loading->program, operation->name, result->key);
        struct sluice_value value;
        if (slot == NULL) {
            continue;
        }
        enum sluice_status status = read_value(loading, slot, result, &value);
        if (status != SLUICE_OK) {
            return status;
        }
        if (slu_store_set_lookup(loading->store, name, arguments, result->key, &value) != SLUICE_OK) {
            return no_memory(loading);
        }
    }
    return SLUICE_OK;
}

static enum sluice_status load_lookup(struct loading *loading, const struct slu_json *lookup) {
    struct target target;
    if (!find_target(loading->program->model, lookup->key, &target)) {
        return at(loading, lookup,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_UNKNOWN_NAME,
                                "no look-up and no remote read is named %.*s", NAME(lookup->key)));
    }
    if (!is_object(lookup)) {
        return not_object(loading, lookup, target.lookup == SLU_NO_INDEX ? "arguments" : "results");
    }
    if (target.lookup != SLU_NO_INDEX) {
        return load_results(loading, &target, lookup->key, (struct slu_string){NULL, 0}, lookup);
    }
    for (const struct slu_json *arguments = lookup->first; arguments != NULL; arguments = arguments->next) {
        if (!is_object(arguments)) {
            return not_object(loading, arguments, "results");
        }
        enum sluice_status status = load_results(loading, &target, lookup->key, arguments->key, arguments);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

static enum sluice_status load_lookups(struct loading *loading, const struct slu_json *lookups) {
    for (const struct slu_json *lookup = lookups->first; lookup != NULL; lookup = lookup->next) {
        enum sluice_status status = load_lookup(loading, lookup);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

/* ---- allowances ---- */

/* A member that is a text; empty when it is not there. */
static bool text_member(const struct slu_json *object, const char *name, struct slu_string *text) {
    const struct slu_json *member = slu_json_member(object, slu_string_from(name));
    *text = (struct slu_string){NULL, 0};
    if (member == NULL || member->kind == SLU_JSON_NULL) {
        return true;
    }
    *text = member->text;
    return member->kind == SLU_JSON_TEXT;
}

static bool read_time(const struct slu_json *json, double *time) {
    if (json == NULL) {
        return false;
    }
    if (json->kind == SLU_JSON_NUMBER) {
        *time = json->number * 1000;
        return json->number > -1e12 && json->number < 1e12;
    }
    return json->kind == SLU_JSON_TEXT && slu_time_parse(json->text, time);
}

/* A win, as the file says it. */
struct told_win {
    struct slu_string rule, ruleset, entity, key;
    double time;
};

/* Once for each kind of entity that the rule's allowances count by, or for the one that is told. Of a rule
 * without such an allowance nothing is kept: a file may be older than the rules. */
static enum sluice_status add_wins(struct loading *loading, const struct slu_program_rule *rule,
                                   const struct told_win *win) {
    const struct sluice_program *program = loading->program;
    struct slu_string ruleset = program->rulesets[rule->ruleset].title;
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        struct slu_string entity = slu_allowance_entity(program, rule->first_allowance + i);
        bool counts = (win->key.length == 0) == (entity.length == 0) &&
                      (win->entity.length == 0 || slu_string_equal(win->entity, entity));
        for (uint32_t j = 0; j < i && counts; j++) {
            counts = !slu_string_equal(slu_allowance_entity(program, rule->first_allowance + j), entity);
        }
        if (counts && slu_store_add_win(loading->store, ruleset, rule->title, entity, win->key, (int64_t)win->time) !=
                          SLUICE_OK) {
            return no_memory(loading);
        }
    }
    return SLUICE_OK;
}

static enum sluice_status load_allowance(struct loading *loading, const struct slu_json *item) {
    struct told_win win = {.time = 0};
    if (!is_object(item) || !text_member(item, "rule", &win.rule) || !text_member(item, "ruleset", &win.ruleset) ||
        !text_member(item, "per", &win.entity) || !text_member(item, "key", &win.key) || win.rule.length == 0) {
        return at(loading, item,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_BAD_FACTS,
                                "an allowance needs a text \"rule\", and may have texts \"ruleset\", \"per\" and "
                                "\"key\""));
    }
    if (!read_time(slu_json_member(item, SLU_STRING("at")), &win.time)) {
        return at(loading, item,
                  slu_error_set(loading->error, SLU_INPUT_ERROR_BAD_TIME,
                                "the allowance of \"%.*s\" needs \"at\": a time such as \"2026-11-21T09:00:00Z\"",
                                NAME(win.rule)));
    }
    bool found = false;
    for (uint32_t i = 0; i < loading->program->rule_count; i++) {
        const struct slu_program_rule *candidate = &loading->program->rules[i];
        struct slu_string title = loading->program->rulesets[candidate->ruleset].title;
        if (!slu_string_equal(candidate->title, win.rule) ||
            (win.ruleset.length > 0 && !slu_string_equal(title, win.ruleset))) {
            continue;
        }
        found = true;
        enum sluice_status status = add_wins(loading, candidate, &win);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return found ? SLUICE_OK
                 : at(loading, item,
                      slu_error_set(loading->error, SLU_INPUT_ERROR_UNKNOWN_NAME, "there is no rule \"%.*s\"%s",
                                    NAME(win.rule), win.ruleset.length > 0 ? " in that ruleset" : ""));
}

static enum sluice_status load_allowances(struct loading *loading, const struct slu_json *allowances) {
    for (const struct slu_json *item = allowances->first; item != NULL; item = item->next) {
        enum sluice_status status = load_allowance(loading, item);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

/* ---- the file ---- */

static enum sluice_status load_part(struct loading *loading, const struct slu_json *part) {
    if (slu_string_is(part->key, "state")) {
        return is_object(part) ? load_state(loading, part) : not_object(loading, part, "kinds, such as \"contact\"");
    }
    if (slu_string_is(part->key, "lookups")) {
        return is_object(part) ? load_lookups(loading, part) : not_object(loading, part, "look-ups");
    }
    if (slu_string_is(part->key, "allowances")) {
        if (part->kind == SLU_JSON_ARRAY) {
            return load_allowances(loading, part);
        }
        return at(
            loading, part,
            slu_error_set(loading->error, SLU_INPUT_ERROR_BAD_FACTS,
                          "allowances are an array of objects such as {\"rule\": \"Survey\", \"key\": \"c1\", \"at\": "
                          "\"2026-11-20T09:00:00Z\"}"));
    }
    return at(loading, part,
              slu_error_set(loading->error, SLU_INPUT_ERROR_UNKNOWN_NAME,
                            "facts have no part \"%.*s\": there are \"state\", \"lookups\" and \"allowances\"",
                            NAME(part->key)));
}

enum sluice_status slu_store_load_facts(struct slu_store *store, struct slu_string text, const struct slu_json *facts,
                                        struct sluice_error *error) {
    struct slu_arena arena;
    struct loading loading = {store, store->program, &arena, text, facts, error};
    if (!is_object(facts)) {
        return slu_error_set(error, SLU_INPUT_ERROR_BAD_FACTS,
                             "facts are an object such as {\"state\": {\"contact\": {\"c1\": {\"spam\": true}}}}");
    }
    slu_arena_init(&arena, 0);
    enum sluice_status status = SLUICE_OK;
    for (const struct slu_json *part = facts->first; part != NULL && status == SLUICE_OK; part = part->next) {
        status = load_part(&loading, part);
    }
    slu_arena_free(&arena);
    return status;
}
