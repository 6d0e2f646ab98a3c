/* The program for people: its tables. Only what the rules need is shown. */
#include "engine/code/dump.h"

enum { HOUR_MINUTES = 60, DAY_MINUTES = 1440 };
static const double DAY_MILLISECONDS = 86400000.0;

static void dump_slot(const struct sluice_program *program, struct slu_buffer *out, const struct slu_slot *slot) {
    static const char *const words[] = {
        [SLU_FIELD_EVENT] = "field ", [SLU_FIELD_STATE] = "state ", [SLU_FIELD_LOOKUP] = "looked up "};
    slu_buffer_add_text(out, words[slot->origin]);
    slu_buffer_add(out, slot->name);
    slu_buffer_add_text(out, " : ");
    if (slot->choices != NULL) {
        slu_buffer_add_text(out, "choice of ");
        slu_dump_value(out, slu_value_list(slot->choices));
    } else {
        slu_buffer_add_text(out, slu_type_word(slot->type));
    }
    if (slot->type == SLU_TYPE_LIST) {
        slu_buffer_add_format(out, " of %s", slu_type_word(slot->element));
    }
    if (slot->origin == SLU_FIELD_STATE) {
        slu_buffer_add_text(out, " = ");
        slu_dump_value(out, slot->initial);
        slu_buffer_add_text(out, "  kept by ");
        slu_buffer_add(out, program->slots[slot->entity_slot].name);
    }
    slu_buffer_add_byte(out, '\n');
}

static void dump_slots(const struct sluice_program *program, struct slu_buffer *out) {
    if (program->slot_count > 0) {
        slu_dump_part(out, "");
    }
    for (uint32_t i = 0; i < program->slot_count; i++) {
        dump_slot(program, out, &program->slots[i]);
    }
}

static void add_count(struct slu_buffer *out, uint32_t count, const char *what) {
    slu_buffer_add_format(out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

static void dump_scan(const struct sluice_program *program, struct slu_buffer *out, const struct slu_text_scan *scan) {
    slu_dump_part(out, "scan of ");
    slu_buffer_add(out, program->slots[scan->slot].name);
    slu_buffer_add_text(out, scan->exactly ? " exactly: " : ": ");
    add_count(out, scan->search_count, "test");
    slu_buffer_add_text(out, ", ");
    add_count(out, slu_scanner_size(scan->scanner), "text");
    slu_buffer_add_format(out, " of %zu bytes or more\n", slu_scanner_shortest(scan->scanner));
}

static void dump_lookup(const struct sluice_program *program, struct slu_buffer *out,
                        const struct slu_program_lookup *lookup) {
    slu_dump_part(out, "lookup ");
    slu_buffer_add(out, lookup->name);
    slu_buffer_add_text(out, " is ");
    slu_buffer_add(out, lookup->operation);
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < lookup->argument_count; i++) {
        if (lookup->arguments[i].count > 0) {
            slu_buffer_add_format(out, "  argument %u\n", i + 1);
            slu_dump_piece(program, out, lookup->arguments[i], 2);
        }
    }
}

static void dump_guard(const struct sluice_program *program, struct slu_buffer *out,
                       const struct slu_program_guard *guard) {
    slu_dump_part(out, "guard ");
    slu_buffer_add_json_string(out, guard->title);
    slu_buffer_add_text(out, "  (");
    slu_buffer_add(out, program->sources.items[guard->file].name);
    slu_buffer_add_format(out, ":%u)\n  when\n", guard->line);
    slu_dump_piece(program, out, guard->condition, 2);
    for (uint32_t i = 0; i < program->operation_count; i++) {
        if (guard->blocks[i]) {
            slu_buffer_add_text(out, "  block ");
            slu_buffer_add(out, program->operations[i].name);
            slu_buffer_add_byte(out, '\n');
        }
    }
}

static void dump_assertion(const struct sluice_program *program, struct slu_buffer *out, uint32_t index) {
    const struct slu_program_assertion *assertion = &program->assertions[index];
    slu_dump_part(out, "assertion ");
    slu_dump_source(program, out, program->model->assertions[index].span);
    slu_buffer_add_byte(out, '\n');
    if (assertion->condition.count > 0) {
        slu_buffer_add_text(out, "  when\n");
        slu_dump_piece(program, out, assertion->condition, 2);
    }
}

/* Without the time of day, which is midnight. */
static void add_date(struct slu_buffer *out, int32_t day) {
    static const char midnight[] = "T00:00:00Z";
    slu_buffer_add_time(out, (double)day * DAY_MILLISECONDS);
    if (!out->failed) {
        out->length -= sizeof midnight - 1;
    }
}

static void dump_calendar(struct slu_buffer *out, const struct slu_calendar *calendar) {
    static const char *const days[] = {
#define WEEKDAY(name, word) word,
#include "engine/base/weekdays.def"
#undef WEEKDAY
    };
    slu_dump_part(out, "calendar ");
    slu_buffer_add(out, calendar->name);
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < calendar->hours_count; i++) {
        int32_t from = calendar->hours[i].from_minute, day = from / DAY_MINUTES * DAY_MINUTES;
        int32_t to = calendar->hours[i].to_minute;
        slu_buffer_add_format(out, "  open %s %02d:%02d to %02d:%02d\n", days[from / DAY_MINUTES],
                              (from - day) / HOUR_MINUTES, from % HOUR_MINUTES, (to - day) / HOUR_MINUTES,
                              to % HOUR_MINUTES);
    }
    for (uint32_t i = 0; i < calendar->closed_count; i++) {
        slu_buffer_add_text(out, "  closed ");
        add_date(out, calendar->closed_days[i]);
        slu_buffer_add_byte(out, '\n');
    }
    slu_buffer_add_text(out, calendar->transition_count > 0 ? "  with changes of the clock\n" : "");
}

/* Is anything decided on this event? */
static bool is_heard(const struct sluice_program *program, uint32_t event) {
    return event != SLU_NO_INDEX && program->events[event].ruleset_count > 0;
}

static void dump_source(const struct sluice_program *program, struct slu_buffer *out,
                        const struct slu_program_source *source) {
    bool named = false;
    for (uint32_t i = 0; i < source->topic_count; i++) {
        const struct slu_program_topic *topic = &source->topics[i];
        if (!is_heard(program, topic->event)) {
            continue;
        }
        if (!named) {
            slu_dump_part(out, "source ");
            slu_buffer_add(out, source->name);
            slu_buffer_add_byte(out, '\n');
            named = true;
        }
        slu_buffer_add_text(out, "  on ");
        slu_buffer_add_json_string(out, topic->topic);
        slu_buffer_add_text(out, " is ");
        slu_buffer_add(out, program->events[topic->event].name);
        slu_buffer_add_byte(out, '\n');
        for (uint32_t j = 0; j < topic->mapping_count; j++) {
            slu_buffer_add_text(out, "    ");
            slu_dump_source(program, out, topic->mappings[j].syntax->span);
            slu_buffer_add_byte(out, '\n');
        }
    }
}

void slu_dump_tables(const struct sluice_program *program, struct slu_buffer *out) {
    dump_slots(program, out);
    for (uint32_t i = 0; i < program->scan_count; i++) {
        dump_scan(program, out, &program->scans[i]);
    }
    for (uint32_t i = 0; i < program->lookup_count; i++) {
        dump_lookup(program, out, &program->lookups[i]);
    }
    for (uint32_t i = 0; i < program->guard_count; i++) {
        dump_guard(program, out, &program->guards[i]);
    }
    for (uint32_t i = 0; i < program->assertion_count; i++) {
        dump_assertion(program, out, i);
    }
    for (uint32_t i = 0; i < program->calendar_count; i++) {
        dump_calendar(out, &program->calendars[i]);
    }
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        dump_source(program, out, &program->from_sources[i]);
    }
}
