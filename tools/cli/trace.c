#include "tools/cli/trace.h"

#include "tools/cli/values.h"

#include <string.h>

static bool copy_string(struct slu_arena *arena, struct sluice_string *string) {
    struct slu_string copy;
    if (string->bytes == NULL) {
        return true;
    }
    if (!slu_arena_copy_string(arena, cli_string(*string), &copy)) {
        return false;
    }
    *string = (struct sluice_string){copy.bytes, copy.length};
    return true;
}

/* Lists hold texts and numbers only, so this goes one level deep. */
static bool copy_value(struct slu_arena *arena, struct sluice_value *value) {
    if (value->type == SLUICE_TEXT) {
        return copy_string(arena, &value->text);
    }
    if (value->type != SLUICE_LIST) {
        return true;
    }
    struct sluice_value *items = SLU_NEW_ARRAY(arena, struct sluice_value, value->count);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < value->count; i++) {
        items[i] = value->items[i];
        if (items[i].type == SLUICE_TEXT && !copy_string(arena, &items[i].text)) {
            return false;
        }
    }
    value->items = items;
    return true;
}

static bool make_room(struct cli_trace *trace) {
    if (trace->count < trace->capacity) {
        return true;
    }
    size_t wanted = trace->capacity == 0 ? 64 : trace->capacity * 2;
    struct sluice_trace_entry *items = SLU_NEW_ARRAY(&trace->arena, struct sluice_trace_entry, wanted);
    if (items == NULL) {
        return false;
    }
    if (trace->count > 0) {
        memcpy(items, trace->items, trace->count * sizeof *items);
    }
    trace->items = items;
    trace->capacity = wanted;
    return true;
}

static void keep_entry(void *context, const struct sluice_trace_entry *entry) {
    struct cli_trace *trace = context;
    if (trace->failed || (trace->only_absent && entry->kind != SLUICE_TRACE_ABSENT)) {
        return;
    }
    struct sluice_trace_entry copy = *entry;
    bool good = make_room(trace) && copy_string(&trace->arena, &copy.text) && copy_string(&trace->arena, &copy.field) &&
                copy_string(&trace->arena, &copy.file) && copy_value(&trace->arena, &copy.value);
    if (!good) {
        trace->failed = true;
        return;
    }
    trace->items[trace->count++] = copy;
}

void cli_trace_init(struct cli_trace *trace, bool only_absent) {
    *trace = (struct cli_trace){.only_absent = only_absent};
    trace->hook = (struct sluice_trace){trace, keep_entry};
    slu_arena_init(&trace->arena, 0);
}

void cli_trace_reset(struct cli_trace *trace) {
    slu_arena_reset(&trace->arena);
    trace->items = NULL;
    trace->count = trace->capacity = 0;
    trace->failed = false;
}

void cli_trace_free(struct cli_trace *trace) {
    slu_arena_free(&trace->arena);
}

struct cli_trace_part cli_trace_preamble(const struct cli_trace *trace) {
    size_t count = 0;
    while (count < trace->count && trace->items[count].kind != SLUICE_TRACE_RULESET) {
        count++;
    }
    return (struct cli_trace_part){trace->items, count};
}

struct cli_trace_part cli_trace_next_ruleset(const struct cli_trace *trace, size_t *at) {
    while (*at < trace->count && trace->items[*at].kind != SLUICE_TRACE_RULESET) {
        ++*at;
    }
    if (*at == trace->count) {
        return (struct cli_trace_part){NULL, 0};
    }
    size_t start = ++*at;
    while (*at < trace->count && trace->items[*at].kind != SLUICE_TRACE_RULESET &&
           trace->items[*at].kind != SLUICE_TRACE_RAISED) {
        ++*at;
    }
    return (struct cli_trace_part){trace->items + start, *at - start};
}

bool cli_trace_next_group(struct cli_trace_part part, size_t *at, struct cli_trace_group *group) {
    if (*at >= part.count) {
        return false;
    }
    *group = (struct cli_trace_group){.subject = CLI_TRACE_ACTIONS};
    if (part.items[*at].kind == SLUICE_TRACE_RULE) {
        group->subject = CLI_TRACE_RULE;
        group->title = part.items[*at].text;
        group->line = part.items[*at].line;
        ++*at;
    }
    size_t start = *at;
    for (; *at < part.count; ++*at) {
        const struct sluice_trace_entry *entry = &part.items[*at];
        bool closes = entry->kind == SLUICE_TRACE_OUTCOME || entry->kind == SLUICE_TRACE_GUARD;
        if (!closes && entry->kind != SLUICE_TRACE_RULE) {
            continue;
        }
        if (entry->kind == SLUICE_TRACE_GUARD) {
            group->subject = CLI_TRACE_GUARD;
            group->title = entry->text;
            group->line = entry->line;
        }
        group->outcome = entry->outcome;
        group->tried = (struct cli_trace_part){part.items + start, *at - start};
        *at += closes;
        return true;
    }
    group->tried = (struct cli_trace_part){part.items + start, *at - start};
    return true;
}
