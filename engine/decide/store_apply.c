/* What a result does to the store. */
#include "engine/decide/store_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- what waits ---- */

/* In order of due time; of equal ones the older first. */
static void insert_waiting(struct slu_waiting **list, struct slu_waiting *waiting) {
    while (*list != NULL && (*list)->due <= waiting->due) {
        list = &(*list)->next;
    }
    waiting->next = *list;
    *list = waiting;
}

static void mark_recorded(struct slu_waiting *waiting, enum slu_recorded_state state) {
    struct slu_kept_waiting *kept = (struct slu_kept_waiting *)waiting;
    if (kept->recorded != NULL) {
        kept->recorded->states[kept->recorded_at] = (uint8_t)state;
        kept->recorded = NULL;
    }
}

static void cancel(struct slu_store *store, struct slu_waiting **link) {
    struct slu_waiting *waiting = *link;
    mark_recorded(waiting, SLU_RECORDED_DROPPED);
    *link = waiting->next;
    insert_waiting(&store->cancelled, waiting);
}

static void forget_cancelled(struct slu_store *store) {
    while (store->cancelled != NULL) {
        struct slu_waiting *next = store->cancelled->next;
        free(store->cancelled);
        store->cancelled = next;
    }
}

const struct slu_waiting *slu_store_cancelled(const struct slu_store *store) {
    return store->cancelled;
}

const struct slu_waiting *slu_store_waiting(const struct slu_store *store) {
    return store->waiting;
}

static bool same(struct sluice_string left, struct sluice_string right) {
    return slu_string_equal(slu_string_take(left), slu_string_take(right));
}

static bool waits_for(const struct slu_waiting *waiting, struct sluice_string kind, struct sluice_string lane) {
    if (!same(waiting->lane, lane)) {
        return false;
    }
    for (size_t i = 0; i < waiting->unless_count; i++) {
        if (same(waiting->unless[i], kind)) {
            return true;
        }
    }
    return false;
}

/* An event cancels what waits for it not to come, in its own conversation. */
static void cancel_for(struct slu_store *store, struct sluice_string kind, struct sluice_string lane) {
    struct slu_waiting **link = &store->waiting;
    while (lane.length > 0 && *link != NULL) {
        if (waits_for(*link, kind, lane)) {
            cancel(store, link);
        } else {
            link = &(*link)->next;
        }
    }
}

static enum sluice_status set_now(struct slu_store *store, const struct sluice_recorded_action *action) {
    if (action->kind != SLUICE_ACTION_SET || action->entity.length == 0 || action->argument_count == 0) {
        return SLUICE_OK;
    }
    return slu_store_set_state(store, slu_string_take(action->name), slu_string_take(action->entity),
                               &action->arguments[0].value);
}

enum sluice_status slu_store_advance(struct slu_store *store, int64_t clock) {
    while (store->waiting != NULL && store->waiting->due <= clock) {
        struct slu_waiting *waiting = store->waiting;
        enum sluice_status status = set_now(store, &waiting->action);
        if (status != SLUICE_OK) {
            return status;
        }
        mark_recorded(waiting, SLU_RECORDED_DONE);
        store->waiting = waiting->next;
        free(waiting);
    }
    return SLUICE_OK;
}

static struct sluice_recorded_action as_recorded(const struct sluice_action *action) {
    return (struct sluice_recorded_action){.kind = action->kind,
                                           .name = action->name,
                                           .arguments = action->arguments,
                                           .argument_count = action->argument_count,
                                           .entity = action->entity,
                                           .before = action->before};
}

static void pack_waiting(struct slu_packing *packing, const struct sluice_action *action, struct sluice_string rule,
                         struct slu_waiting *to) {
    struct sluice_recorded_action recorded = as_recorded(action);
    const struct sluice_recorded_action *packed = NULL;
    slu_pack_recorded(packing, &recorded, 1, to == NULL ? NULL : &packed);
    slu_pack_string(packing, rule, to == NULL ? NULL : &to->rule);
    slu_pack_string(packing, action->lane, to == NULL ? NULL : &to->lane);
    struct sluice_string *unless = slu_pack_take(packing, action->unless_count, sizeof *unless);
    for (size_t i = 0; i < action->unless_count; i++) {
        slu_pack_string(packing, action->unless[i], unless == NULL ? NULL : &unless[i]);
    }
    if (to != NULL) {
        to->action = *packed;
        to->unless = unless;
        to->unless_count = action->unless_count;
    }
}

static enum sluice_status wait_for(struct slu_store *store, const struct sluice_action *action,
                                   struct sluice_string rule, int64_t clock, struct slu_recorded *recorded,
                                   size_t recorded_at) {
    struct slu_packing packing = {NULL, 0};
    pack_waiting(&packing, action, rule, NULL);
    struct slu_kept_waiting *kept = malloc(sizeof *kept + packing.used);
    if (kept == NULL) {
        return SLUICE_NO_MEMORY;
    }
    *kept = (struct slu_kept_waiting){.recorded = recorded, .recorded_at = recorded_at};
    packing = (struct slu_packing){kept->data, 0};
    pack_waiting(&packing, action, rule, &kept->waiting);
    kept->waiting.due = clock + action->delay;
    insert_waiting(&store->waiting, &kept->waiting);
    return SLUICE_OK;
}

/* ---- what an undo can find ---- */

static bool is_done(const struct sluice_action *action) {
    return action->blocked_by.length == 0 && action->cannot.length == 0;
}

/* Actions that wait no longer know where they were recorded. */
static void forget_recorded(struct slu_store *store, const struct slu_recorded *recorded) {
    for (struct slu_waiting *waiting = store->waiting; waiting != NULL; waiting = waiting->next) {
        struct slu_kept_waiting *kept = (struct slu_kept_waiting *)waiting;
        if (kept->recorded == recorded) {
            kept->recorded = NULL;
        }
    }
}

static void forget_oldest(struct slu_store *store, struct slu_recorded *newest) {
    struct slu_recorded *last = newest;
    for (int i = 1; i < SLU_STORE_RECORDED && last != NULL; i++) {
        last = last->older;
    }
    if (last == NULL || last->older == NULL) {
        return;
    }
    forget_recorded(store, last->older);
    free(last->older);
    last->older = NULL;
}

/* Keeps the actions that were not blocked. */
static struct slu_recorded *new_recorded(const struct sluice_decision *decision) {
    struct sluice_recorded_action *actions = calloc(decision->action_count + 1, sizeof *actions);
    if (actions == NULL) {
        return NULL;
    }
    size_t count = 0;
    for (size_t i = 0; i < decision->action_count; i++) {
        if (is_done(&decision->actions[i])) {
            actions[count++] = as_recorded(&decision->actions[i]);
        }
    }
    struct slu_packing packing = {NULL, 0};
    slu_pack_recorded(&packing, actions, count, NULL);
    slu_pack_take(&packing, count, sizeof(uint8_t));
    struct slu_recorded *recorded = malloc(sizeof *recorded + packing.used);
    if (recorded != NULL) {
        *recorded = (struct slu_recorded){.count = count};
        packing = (struct slu_packing){recorded->data, 0};
        slu_pack_recorded(&packing, actions, count, &recorded->actions);
        recorded->states = slu_pack_take(&packing, count, sizeof(uint8_t));
        memset(recorded->states, SLU_RECORDED_DONE, count);
    }
    free(actions);
    return recorded;
}

static enum sluice_status record(struct slu_store *store, const struct sluice_decision *decision,
                                 struct slu_recorded **recorded) {
    struct slu_string key, rule = slu_string_take(decision->rule);
    *recorded = NULL;
    if (decision->lane.length == 0 || slu_map_find(&store->undone, rule) == SLU_MAP_NONE) {
        return SLUICE_OK;
    }
    if (!slu_store_key(store, (struct slu_string[]){rule, slu_string_take(decision->lane)}, 2, &key)) {
        return SLUICE_NO_MEMORY;
    }
    void **place = slu_store_table_put(&store->recorded, key);
    struct slu_recorded *made = place == NULL ? NULL : new_recorded(decision);
    if (made == NULL) {
        return SLUICE_NO_MEMORY;
    }
    made->older = *place;
    *place = made;
    forget_oldest(store, made);
    *recorded = made;
    return SLUICE_OK;
}

static bool nothing_to_reverse(const struct slu_recorded *recorded) {
    for (size_t i = 0; i < recorded->count; i++) {
        if (recorded->states[i] == SLU_RECORDED_DONE && recorded->actions[i].kind != SLUICE_ACTION_RECORD) {
            return false;
        }
    }
    return true;
}

/* The newest decision is undone: what of it still waits is cancelled. An undo
 * that reversed nothing although there is something was the second one of its result. */
static enum sluice_status take_back(struct slu_store *store, const struct sluice_action *undo) {
    struct slu_string key;
    if (!slu_store_key(store, (struct slu_string[]){slu_string_take(undo->name), slu_string_take(undo->lane)}, 2,
                       &key)) {
        return SLUICE_NO_MEMORY;
    }
    void **place = slu_store_table_find(&store->recorded, key);
    struct slu_recorded *newest = place == NULL ? NULL : *place;
    if (newest == NULL || (undo->reverse_count == 0 && !nothing_to_reverse(newest))) {
        return SLUICE_OK;
    }
    struct slu_waiting **link = &store->waiting;
    while (*link != NULL) {
        if (((struct slu_kept_waiting *)*link)->recorded == newest) {
            cancel(store, link);
        } else {
            link = &(*link)->next;
        }
    }
    *place = newest->older;
    free(newest);
    if (*place == NULL) {
        slu_store_table_remove(&store->recorded, key);
    }
    return SLUICE_OK;
}

/* ---- results ---- */

static enum sluice_status do_action(struct slu_store *store, const struct sluice_action *action,
                                    struct sluice_string rule, int64_t clock, struct slu_recorded *recorded,
                                    size_t recorded_at) {
    if (action->delay > 0) {
        if (recorded != NULL) {
            recorded->states[recorded_at] = SLU_RECORDED_WAITING;
        }
        return wait_for(store, action, rule, clock, recorded, recorded_at);
    }
    if (action->kind == SLUICE_ACTION_EMIT) {
        cancel_for(store, action->name, action->lane);
    }
    struct sluice_recorded_action done = as_recorded(action);
    return set_now(store, &done);
}

static enum sluice_status do_reverses(struct slu_store *store, const struct sluice_action *undo,
                                      struct sluice_string rule, int64_t clock) {
    for (size_t i = 0; i < undo->reverse_count; i++) {
        if (!is_done(&undo->reverses[i])) {
            continue;
        }
        enum sluice_status status = do_action(store, &undo->reverses[i], rule, clock, NULL, 0);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

static enum sluice_status do_actions(struct slu_store *store, const struct sluice_decision *decision, int64_t clock) {
    struct slu_recorded *recorded;
    enum sluice_status status = record(store, decision, &recorded);
    size_t recorded_at = 0;
    for (size_t i = 0; i < decision->action_count && status == SLUICE_OK; i++) {
        const struct sluice_action *action = &decision->actions[i];
        if (!is_done(action)) {
            continue;
        }
        if (action->kind == SLUICE_ACTION_UNDO) {
            status = do_reverses(store, action, decision->rule, clock);
        } else {
            status = do_action(store, action, decision->rule, clock, recorded, recorded_at);
        }
        recorded_at++;
    }
    return status;
}

/* Forgets wins that no allowance of the rule counts any more. */
static void prune_wins(struct slu_wins *wins, int64_t longest, int64_t clock) {
    size_t kept = 0;
    for (size_t i = 0; i < wins->count; i++) {
        if (longest > 0 && wins->times[i] > clock - longest) {
            wins->times[kept++] = wins->times[i];
        }
    }
    wins->count = kept;
}

static bool same_key(const struct sluice_spent *left, const struct sluice_spent *right) {
    return same(left->entity, right->entity) && same(left->key, right->key);
}

static enum sluice_status spend_key(struct slu_store *store, const struct sluice_decision *decision,
                                    const struct sluice_spent *spent, int64_t clock) {
    struct slu_string entity = slu_string_take(spent->entity), name = slu_string_take(spent->key);
    struct slu_string key, ruleset = slu_string_take(decision->ruleset), rule = slu_string_take(decision->rule);
    int64_t longest = 0;
    for (size_t i = 0; i < decision->spent_count; i++) {
        bool counts = same_key(&decision->spent[i], spent);
        longest = counts && decision->spent[i].period > longest ? decision->spent[i].period : longest;
    }
    enum sluice_status status = slu_store_add_win(store, ruleset, rule, entity, name, clock);
    if (status != SLUICE_OK) {
        return status;
    }
    if (!slu_store_key(store, (struct slu_string[]){ruleset, rule, entity, name}, 4, &key)) {
        return SLUICE_NO_MEMORY;
    }
    prune_wins(*slu_store_table_find(&store->wins, key), longest, clock);
    return SLUICE_OK;
}

/* One win for each key, however many allowances count by it. */
static enum sluice_status spend(struct slu_store *store, const struct sluice_decision *decision, int64_t clock) {
    for (size_t i = 0; i < decision->spent_count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++) {
            again = again || same_key(&decision->spent[j], &decision->spent[i]);
        }
        enum sluice_status status = again ? SLUICE_OK : spend_key(store, decision, &decision->spent[i], clock);
        if (status != SLUICE_OK) {
            return status;
        }
    }
    return SLUICE_OK;
}

/* Decisions were undone as the facts had them before this result: first, so
 * that none of its own is taken for them. */
static enum sluice_status take_all_back(struct slu_store *store, const struct sluice_result *result) {
    for (size_t i = 0; i < result->count; i++) {
        for (size_t j = 0; j < result->decisions[i].action_count; j++) {
            const struct sluice_action *action = &result->decisions[i].actions[j];
            enum sluice_status status = action->kind == SLUICE_ACTION_UNDO ? take_back(store, action) : SLUICE_OK;
            if (status != SLUICE_OK) {
                return status;
            }
        }
    }
    return SLUICE_OK;
}

enum sluice_status slu_store_apply(struct slu_store *store, const struct sluice_event *event,
                                   const struct sluice_result *result, int64_t clock) {
    forget_cancelled(store);
    enum sluice_status status = slu_store_advance(store, clock);
    if (status != SLUICE_OK) {
        return status;
    }
    cancel_for(store, event->kind, event->lane);
    status = take_all_back(store, result);
    for (size_t i = 0; i < result->count && status == SLUICE_OK; i++) {
        if (result->decisions[i].rule.bytes == NULL) {
            continue;
        }
        status = spend(store, &result->decisions[i], clock);
        if (status == SLUICE_OK) {
            status = do_actions(store, &result->decisions[i], clock);
        }
    }
    return status;
}
