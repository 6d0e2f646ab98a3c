#include "engine/decide/store.h"

#include "engine/decide/store_parts.h"
#include "engine/decide/write.h"

#include <stdlib.h>
#include <string.h>

bool slu_store_key(struct slu_store *store, const struct slu_string *parts, size_t count, struct slu_string *key) {
    slu_buffer_clear(&store->key);
    for (size_t i = 0; i < count; i++) {
        size_t length = parts[i].length;
        slu_buffer_add(&store->key, (struct slu_string){(const char *)&length, sizeof length});
        slu_buffer_add(&store->key, parts[i]);
    }
    *key = slu_buffer_string(&store->key);
    return !store->key.failed;
}

/* Puts a copy of the value into the table; a missing one is kept as known to be missing. */
static enum sluice_status keep_value(struct slu_store_table *table, struct slu_string key,
                                     const struct sluice_value *value) {
    struct slu_packing packing = {NULL, 0};
    slu_pack_value(&packing, value, NULL);
    struct slu_kept_value *kept = malloc(sizeof *kept + packing.used);
    if (kept == NULL) {
        return SLUICE_NO_MEMORY;
    }
    packing = (struct slu_packing){kept->data, 0};
    slu_pack_value(&packing, value, &kept->value);
    void **record = slu_store_table_put(table, key);
    if (record == NULL) {
        free(kept);
        return SLUICE_NO_MEMORY;
    }
    free(*record);
    *record = kept;
    return SLUICE_OK;
}

enum sluice_status slu_store_set_state(struct slu_store *store, struct slu_string field, struct slu_string entity,
                                       const struct sluice_value *value) {
    struct slu_string key;
    if (!slu_store_key(store, (struct slu_string[]){field, entity}, 2, &key)) {
        return SLUICE_NO_MEMORY;
    }
    if (value->type == SLUICE_MISSING) {
        free(slu_store_table_remove(&store->state, key));
        return SLUICE_OK;
    }
    return keep_value(&store->state, key, value);
}

enum sluice_status slu_store_set_lookup(struct slu_store *store, struct slu_string name, struct slu_string arguments,
                                        struct slu_string result, const struct sluice_value *value) {
    struct slu_string key;
    if (!slu_store_key(store, (struct slu_string[]){name, arguments, result}, 3, &key)) {
        return SLUICE_NO_MEMORY;
    }
    return keep_value(&store->lookups, key, value);
}

enum sluice_status slu_store_add_win(struct slu_store *store, struct slu_string ruleset, struct slu_string rule,
                                     struct slu_string entity, struct slu_string name, int64_t at) {
    struct slu_string key;
    if (!slu_store_key(store, (struct slu_string[]){ruleset, rule, entity, name}, 4, &key)) {
        return SLUICE_NO_MEMORY;
    }
    void **record = slu_store_table_put(&store->wins, key);
    if (record == NULL) {
        return SLUICE_NO_MEMORY;
    }
    if (*record == NULL) {
        *record = calloc(1, sizeof(struct slu_wins));
    }
    struct slu_wins *wins = *record;
    if (wins == NULL) {
        slu_store_table_remove(&store->wins, key);
        return SLUICE_NO_MEMORY;
    }
    if (wins->count == wins->capacity) {
        size_t capacity = wins->capacity == 0 ? 1 : wins->capacity * 2;
        int64_t *times = realloc(wins->times, capacity * sizeof *times);
        if (times == NULL) {
            return SLUICE_NO_MEMORY;
        }
        wins->times = times;
        wins->capacity = capacity;
    }
    wins->times[wins->count++] = at;
    wins->ever++;
    return SLUICE_OK;
}

/* ---- what sluice_decide asks ---- */

static enum sluice_fact_status kept_answer(void *const *record, enum sluice_fact_status none,
                                           struct sluice_value *value) {
    if (record == NULL) {
        return none;
    }
    *value = ((const struct slu_kept_value *)*record)->value;
    return value->type == SLUICE_MISSING ? SLUICE_FACT_MISSING : SLUICE_FACT_FOUND;
}

static enum sluice_fact_status ask_state(void *context, struct sluice_string field, struct sluice_string entity,
                                         struct sluice_value *value) {
    struct slu_store *store = context;
    struct slu_string key;
    if (!slu_store_key(store, (struct slu_string[]){slu_string_take(field), slu_string_take(entity)}, 2, &key)) {
        return SLUICE_FACT_FAILED;
    }
    return kept_answer(slu_store_table_find(&store->state, key), SLUICE_FACT_MISSING, value);
}

static void add_argument(struct slu_buffer *out, const struct sluice_value *value) {
    if (value->type == SLUICE_TEXT) {
        slu_buffer_add(out, slu_string_take(value->text));
        return;
    }
    slu_value_write_scalar(value, out);
    for (size_t i = 0; value->type == SLUICE_LIST && i < value->count; i++) {
        slu_buffer_add_text(out, i > 0 ? ";" : "");
        slu_buffer_add(out, slu_string_take(value->items[i].text));
    }
}

/* What was given for these arguments goes before what was given for any. */
static enum sluice_fact_status ask_lookup(void *context, struct sluice_string name, struct sluice_string operation,
                                          const struct sluice_value *arguments, size_t count,
                                          struct sluice_string result, struct sluice_value *value) {
    struct slu_store *store = context;
    struct slu_string key, wanted = slu_string_take(result);
    slu_buffer_clear(&store->text);
    for (size_t i = 0; i < count; i++) {
        slu_buffer_add_text(&store->text, i > 0 ? "," : "");
        add_argument(&store->text, &arguments[i]);
    }
    struct slu_string joined = slu_buffer_string(&store->text);
    if (store->text.failed ||
        !slu_store_key(store, (struct slu_string[]){slu_string_take(operation), joined, wanted}, 3, &key)) {
        return SLUICE_FACT_FAILED;
    }
    void **record = slu_store_table_find(&store->lookups, key);
    if (record == NULL) {
        struct slu_string any = {NULL, 0};
        if (!slu_store_key(store, (struct slu_string[]){slu_string_take(name), any, wanted}, 3, &key)) {
            return SLUICE_FACT_FAILED;
        }
        record = slu_store_table_find(&store->lookups, key);
    }
    return kept_answer(record, SLUICE_FACT_ABSENT, value);
}

static enum sluice_fact_status ask_allowance(void *context, struct sluice_string ruleset, struct sluice_string rule,
                                             struct sluice_string entity, struct sluice_string name, int64_t period,
                                             int64_t clock, uint64_t *used) {
    struct slu_store *store = context;
    struct slu_string key;
    *used = 0;
    if (!slu_store_key(store,
                       (struct slu_string[]){slu_string_take(ruleset), slu_string_take(rule), slu_string_take(entity),
                                             slu_string_take(name)},
                       4, &key)) {
        return SLUICE_FACT_FAILED;
    }
    void **record = slu_store_table_find(&store->wins, key);
    if (record == NULL) {
        return SLUICE_FACT_MISSING;
    }
    const struct slu_wins *wins = *record;
    if (period == 0) {
        *used = wins->ever;
        return SLUICE_FACT_FOUND;
    }
    for (size_t i = 0; i < wins->count; i++) {
        *used += wins->times[i] <= clock && wins->times[i] > clock - period;
    }
    return SLUICE_FACT_FOUND;
}

/* Only what has happened can be reversed: what waits is cancelled by the undo. */
static enum sluice_fact_status ask_recorded(void *context, struct sluice_string rule, struct sluice_string lane,
                                            const struct sluice_recorded_action **actions, size_t *count) {
    struct slu_store *store = context;
    struct slu_string key;
    *count = 0;
    if (!slu_store_key(store, (struct slu_string[]){slu_string_take(rule), slu_string_take(lane)}, 2, &key)) {
        return SLUICE_FACT_FAILED;
    }
    void **record = slu_store_table_find(&store->recorded, key);
    if (record == NULL || *record == NULL) {
        return SLUICE_FACT_MISSING;
    }
    const struct slu_recorded *recorded = *record;
    if (recorded->count > store->answer_capacity) {
        struct sluice_recorded_action *answer = realloc(store->answer, recorded->count * sizeof *answer);
        if (answer == NULL) {
            return SLUICE_FACT_FAILED;
        }
        store->answer = answer;
        store->answer_capacity = recorded->count;
    }
    for (size_t i = 0; i < recorded->count; i++) {
        if (recorded->states[i] == SLU_RECORDED_DONE) {
            store->answer[(*count)++] = recorded->actions[i];
        }
    }
    *actions = store->answer;
    return SLUICE_FACT_FOUND;
}

const struct sluice_facts *slu_store_facts(struct slu_store *store) {
    return &store->facts;
}

/* ---- life ---- */

static void free_wins(void *record) {
    struct slu_wins *wins = record;
    if (wins != NULL) {
        free(wins->times);
        free(wins);
    }
}

void slu_store_free_recorded(void *record) {
    struct slu_recorded *recorded = record;
    while (recorded != NULL) {
        struct slu_recorded *older = recorded->older;
        free(recorded);
        recorded = older;
    }
}

static void free_waiting(struct slu_waiting *waiting) {
    while (waiting != NULL) {
        struct slu_waiting *next = waiting->next;
        free(waiting);
        waiting = next;
    }
}

enum sluice_status slu_store_new(const sluice_program *program, struct slu_store **new_store) {
    struct slu_store *store = calloc(1, sizeof *store);
    *new_store = NULL;
    if (store == NULL) {
        return SLUICE_NO_MEMORY;
    }
    store->program = program;
    store->facts = (struct sluice_facts){.context = store,
                                         .state = ask_state,
                                         .lookup = ask_lookup,
                                         .allowance = ask_allowance,
                                         .recorded = ask_recorded};
    slu_buffer_init(&store->key);
    slu_buffer_init(&store->text);
    slu_arena_init(&store->arena, 0);
    slu_map_init(&store->undone, &store->arena);
    for (uint32_t i = 0; i < program->action_count; i++) {
        if (program->actions[i].kind == SLU_ACTION_UNDO && !slu_map_put(&store->undone, program->actions[i].name, i)) {
            slu_store_free(store);
            return SLUICE_NO_MEMORY;
        }
    }
    *new_store = store;
    return SLUICE_OK;
}

void slu_store_free(struct slu_store *store) {
    if (store == NULL) {
        return;
    }
    slu_store_table_free(&store->state, free);
    slu_store_table_free(&store->lookups, free);
    slu_store_table_free(&store->wins, free_wins);
    slu_store_table_free(&store->recorded, slu_store_free_recorded);
    slu_arena_free(&store->arena);
    free_waiting(store->waiting);
    free_waiting(store->cancelled);
    slu_buffer_free(&store->key);
    slu_buffer_free(&store->text);
    free(store->answer);
    free(store);
}
