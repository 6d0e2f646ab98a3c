#include "engine/decide/pack.h"

#include <stdalign.h>
#include <string.h>

void *slu_pack_take(struct slu_packing *packing, size_t count, size_t size) {
    size_t alignment = alignof(max_align_t);
    size_t start = (packing->used + alignment - 1) / alignment * alignment;
    packing->used = start + count * size;
    return packing->base == NULL ? NULL : packing->base + start;
}

void slu_pack_string(struct slu_packing *packing, struct sluice_string from, struct sluice_string *to) {
    size_t start = packing->used;
    packing->used += from.length;
    if (to == NULL) {
        return;
    }
    *to = (struct sluice_string){from.bytes == NULL ? NULL : packing->base + start, from.length};
    if (from.length > 0) {
        memcpy(packing->base + start, from.bytes, from.length);
    }
}

/* Lists are flat: a list inside a list does not exist in the language. */
void slu_pack_value(struct slu_packing *packing, const struct sluice_value *from, struct sluice_value *to) {
    if (to != NULL) {
        *to = *from;
    }
    if (from->type == SLUICE_TEXT) {
        slu_pack_string(packing, from->text, to == NULL ? NULL : &to->text);
        return;
    }
    if (from->type != SLUICE_LIST) {
        return;
    }
    struct sluice_value *items = slu_pack_take(packing, from->count, sizeof *items);
    for (size_t i = 0; i < from->count; i++) {
        if (items != NULL) {
            items[i] = from->items[i];
        }
        if (from->items[i].type == SLUICE_TEXT) {
            slu_pack_string(packing, from->items[i].text, items == NULL ? NULL : &items[i].text);
        }
    }
    if (to != NULL) {
        to->items = items;
    }
}

static void pack_arguments(struct slu_packing *packing, const struct sluice_argument *from, size_t count,
                           const struct sluice_argument **to) {
    struct sluice_argument *arguments = slu_pack_take(packing, count, sizeof *arguments);
    for (size_t i = 0; i < count; i++) {
        slu_pack_string(packing, from[i].name, arguments == NULL ? NULL : &arguments[i].name);
        slu_pack_value(packing, &from[i].value, arguments == NULL ? NULL : &arguments[i].value);
    }
    if (to != NULL) {
        *to = arguments;
    }
}

void slu_pack_recorded(struct slu_packing *packing, const struct sluice_recorded_action *from, size_t count,
                       const struct sluice_recorded_action **to) {
    struct sluice_recorded_action *actions = slu_pack_take(packing, count, sizeof *actions);
    for (size_t i = 0; i < count; i++) {
        struct sluice_recorded_action *action = actions == NULL ? NULL : &actions[i];
        if (action != NULL) {
            *action = from[i];
        }
        slu_pack_string(packing, from[i].name, action == NULL ? NULL : &action->name);
        slu_pack_string(packing, from[i].entity, action == NULL ? NULL : &action->entity);
        slu_pack_value(packing, &from[i].before, action == NULL ? NULL : &action->before);
        pack_arguments(packing, from[i].arguments, from[i].argument_count, action == NULL ? NULL : &action->arguments);
    }
    if (to != NULL) {
        *to = actions;
    }
}
