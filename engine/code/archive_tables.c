/* A program's tables as bytes, one function for each, in the order of program.h.
 *
 * Not kept: test blocks, and of the model everything but the names that facts
 * are read by. Made anew: maps, folded texts, the automata of patterns, scans and
 * indexes, so that none of them can say something else than the code. */
#include "engine/code/archive.h"

/* As it was before a scan answered it. */
static slu_instruction without_scan(const struct sluice_program *program, slu_instruction instruction) {
    enum slu_opcode opcode = slu_instruction_opcode(instruction);
    if (opcode != SLU_OP_SCAN_CONTAINS && opcode != SLU_OP_SCAN_MATCHES) {
        return instruction;
    }
    const struct slu_search *search = &program->searches[slu_instruction_operand(instruction)];
    if (opcode == SLU_OP_SCAN_MATCHES) {
        return slu_instruction_make(SLU_OP_MATCHES, search->pattern);
    }
    bool exactly = program->scans[search->scan].exactly;
    return slu_instruction_make(exactly ? SLU_OP_CONTAINS_EXACTLY : SLU_OP_CONTAINS, 0);
}

static void move_code(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->code, program->code_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        slu_instruction instruction = archive->out != NULL ? without_scan(program, program->code[i]) : 0;
        SLU_MOVE(archive, program->code[i], slu_archive_number(archive, instruction));
    }
    SLU_MOVE_ARRAY(archive, program->debug, program->debug_count);
    for (uint32_t i = 0; i < program->debug_count; i++) {
        struct slu_debug *debug = &program->debug[i];
        SLU_MOVE_NUMBER(archive, debug->at);
        SLU_MOVE_SPAN(archive, debug->span);
        SLU_MOVE_NUMBER(archive, debug->slot);
        SLU_MOVE_FLAG(archive, debug->negated);
    }
    SLU_MOVE_ARRAY(archive, program->constants, program->constant_count);
    for (uint32_t i = 0; i < program->constant_count; i++) {
        slu_archive_value(archive, &program->constants[i]);
    }
}

static const struct slu_pattern *move_pattern(struct slu_archive *archive, const struct slu_pattern *pattern) {
    struct slu_string text = {NULL, 0};
    struct slu_pattern_error error;
    bool writing = archive->out != NULL;
    text = slu_archive_string(archive, writing ? slu_pattern_text(pattern) : text);
    bool exactly = slu_archive_flag(archive, writing && slu_pattern_is_exact(pattern));
    if (writing || archive->reason != NULL) {
        return pattern;
    }
    switch (slu_pattern_compile(archive->arena, text, exactly, &pattern, &error)) {
    case SLU_PATTERN_OK:
        return pattern;
    case SLU_PATTERN_INVALID:
        slu_archive_refuse(archive, "a regular expression is none");
        break;
    case SLU_PATTERN_NO_MEMORY:
        archive->no_memory = true;
        slu_archive_refuse(archive, "out of memory");
        break;
    }
    return NULL;
}

static void move_patterns(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->patterns, program->pattern_count);
    for (uint32_t i = 0; i < program->pattern_count; i++) {
        SLU_MOVE(archive, program->patterns[i], move_pattern(archive, program->patterns[i]));
    }
}

static void move_calendar(struct slu_archive *archive, struct slu_calendar *calendar) {
    SLU_MOVE_STRING(archive, calendar->name);
    SLU_MOVE_ARRAY(archive, calendar->hours, calendar->hours_count);
    for (uint32_t i = 0; i < calendar->hours_count; i++) {
        SLU_MOVE_INTEGER(archive, calendar->hours[i].from_minute);
        SLU_MOVE_INTEGER(archive, calendar->hours[i].to_minute);
    }
    SLU_MOVE_ARRAY(archive, calendar->closed_days, calendar->closed_count);
    for (uint32_t i = 0; i < calendar->closed_count; i++) {
        SLU_MOVE_INTEGER(archive, calendar->closed_days[i]);
    }
    SLU_MOVE_ARRAY(archive, calendar->transitions, calendar->transition_count);
    for (uint32_t i = 0; i < calendar->transition_count; i++) {
        SLU_MOVE_TIME(archive, calendar->transitions[i].at);
        SLU_MOVE_INTEGER(archive, calendar->transitions[i].offset);
    }
    SLU_MOVE_INTEGER(archive, calendar->first_offset);
}

static void move_slot(struct slu_archive *archive, struct slu_slot *slot) {
    SLU_MOVE_STRING(archive, slot->name);
    SLU_MOVE_CHOICE(archive, slot->type, SLU_TYPE_COUNT);
    SLU_MOVE_CHOICE(archive, slot->element, SLU_TYPE_COUNT);
    SLU_MOVE_CHOICE(archive, slot->origin, SLU_FIELD_LOOKUP + 1);
    SLU_MOVE(archive, slot->choices, slu_archive_list(archive, slot->choices, SLU_TYPE_TEXT));
    slu_archive_value(archive, &slot->initial);
    SLU_MOVE_NUMBER(archive, slot->entity_slot);
    SLU_MOVE_NUMBER(archive, slot->lookup);
    SLU_MOVE_STRING(archive, slot->result);
    SLU_MOVE_STRINGS(archive, slot->keys, slot->key_count);
}

static void move_fields(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->slots, program->slot_count);
    for (uint32_t i = 0; i < program->slot_count; i++) {
        move_slot(archive, &program->slots[i]);
    }
    SLU_MOVE_NUMBER(archive, program->conversation_id_slot);
    SLU_MOVE_NUMBER(archive, program->tags_slot);
    SLU_MOVE_ARRAY(archive, program->lookups, program->lookup_count);
    for (uint32_t i = 0; i < program->lookup_count; i++) {
        struct slu_program_lookup *lookup = &program->lookups[i];
        SLU_MOVE_STRING(archive, lookup->name);
        SLU_MOVE_STRING(archive, lookup->operation);
        SLU_MOVE_ARRAY(archive, lookup->arguments, lookup->argument_count);
        for (uint32_t j = 0; j < lookup->argument_count; j++) {
            slu_archive_code(archive, &lookup->arguments[j]);
        }
    }
}

static void move_rulesets(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->events, program->event_count);
    for (uint32_t i = 0; i < program->event_count; i++) {
        SLU_MOVE_STRING(archive, program->events[i].name);
        SLU_MOVE_NUMBERS(archive, program->events[i].rulesets, program->events[i].ruleset_count);
    }
    SLU_MOVE_ARRAY(archive, program->rulesets, program->ruleset_count);
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        struct slu_program_ruleset *ruleset = &program->rulesets[i];
        SLU_MOVE_STRING(archive, ruleset->title);
        SLU_MOVE_STRING(archive, ruleset->file);
        SLU_MOVE_NUMBER(archive, ruleset->line);
        SLU_MOVE_NUMBERS(archive, ruleset->events, ruleset->event_count);
        SLU_MOVE_NUMBER(archive, ruleset->first_rule);
        SLU_MOVE_NUMBER(archive, ruleset->rule_count);
        SLU_MOVE_FLAG(archive, ruleset->complete);
    }
}

static void move_rules(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->rules, program->rule_count);
    for (uint32_t i = 0; i < program->rule_count; i++) {
        struct slu_program_rule *rule = &program->rules[i];
        SLU_MOVE_STRING(archive, rule->title);
        SLU_MOVE_FLAG(archive, rule->otherwise);
        SLU_MOVE_SPAN(archive, rule->span);
        SLU_MOVE_NUMBER(archive, rule->line);
        SLU_MOVE_NUMBER(archive, rule->ruleset);
        slu_archive_code(archive, &rule->condition);
        SLU_MOVE_NUMBER(archive, rule->first_allowance);
        SLU_MOVE_NUMBER(archive, rule->allowance_count);
        SLU_MOVE_NUMBER(archive, rule->first_action);
        SLU_MOVE_NUMBER(archive, rule->action_count);
    }
    SLU_MOVE_ARRAY(archive, program->allowances, program->allowance_count);
    for (uint32_t i = 0; i < program->allowance_count; i++) {
        struct slu_program_allowance *allowance = &program->allowances[i];
        SLU_MOVE_LONG(archive, allowance->count);
        SLU_MOVE_TIME(archive, allowance->period);
        SLU_MOVE_NUMBER(archive, allowance->entity_slot);
        SLU_MOVE_STRING(archive, allowance->text);
    }
}

static void move_actions(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->actions, program->action_count);
    for (uint32_t i = 0; i < program->action_count; i++) {
        struct slu_program_action *action = &program->actions[i];
        SLU_MOVE_CHOICE(archive, action->kind, SLU_ACTION_UNDO + 1);
        SLU_MOVE_STRING(archive, action->name);
        SLU_MOVE_NUMBER(archive, action->operation);
        SLU_MOVE_NUMBER(archive, action->slot);
        SLU_MOVE_NUMBER(archive, action->event);
        SLU_MOVE_NUMBER(archive, action->first_argument);
        SLU_MOVE_NUMBER(archive, action->argument_count);
        SLU_MOVE_TIME(archive, action->delay);
        SLU_MOVE_STRINGS(archive, action->unless, action->unless_count);
    }
    SLU_MOVE_ARRAY(archive, program->arguments, program->argument_count);
    for (uint32_t i = 0; i < program->argument_count; i++) {
        struct slu_program_argument *argument = &program->arguments[i];
        SLU_MOVE_STRING(archive, argument->name);
        slu_archive_code(archive, &argument->code);
        SLU_MOVE_FLAG(archive, argument->each);
        SLU_MOVE_FLAG(archive, argument->tag);
        SLU_MOVE_NUMBER(archive, argument->field_slot);
    }
}

static void move_operations(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->operations, program->operation_count);
    for (uint32_t i = 0; i < program->operation_count; i++) {
        struct slu_program_operation *operation = &program->operations[i];
        SLU_MOVE_STRING(archive, operation->name);
        SLU_MOVE_ARRAY(archive, operation->takes, operation->take_count);
        for (uint32_t j = 0; j < operation->take_count; j++) {
            SLU_MOVE_STRING(archive, operation->takes[j].name);
            SLU_MOVE_FLAG(archive, operation->takes[j].optional);
        }
        SLU_MOVE_NUMBER(archive, operation->inverse);
        SLU_MOVE_STRING(archive, operation->cannot_undo);
    }
    SLU_MOVE_ARRAY(archive, program->groups, program->group_count);
    for (uint32_t i = 0; i < program->group_count; i++) {
        struct slu_program_group *group = &program->groups[i];
        SLU_MOVE_STRING(archive, group->name);
        SLU_MOVE_FLAG(archive, group->exclusive);
        SLU_MOVE(archive, group->members, slu_archive_list(archive, group->members, SLU_TYPE_TEXT));
        if (group->members == NULL) {
            slu_archive_refuse(archive, "a group has no members");
        }
    }
}

/* One flag for each operation, with no count of their own. */
/* One for each operation. */
static bool move_marks(struct slu_archive *archive, const struct sluice_program *program, bool **marks) {
    uint32_t count = program->operation_count;
    SLU_MOVE_ARRAY(archive, *marks, count);
    if (count != program->operation_count) {
        slu_archive_refuse(archive, "a guard or an assertion does not say what it is about");
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        SLU_MOVE_FLAG(archive, (*marks)[i]);
    }
    return true;
}

static void move_guards(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_ARRAY(archive, program->guards, program->guard_count);
    for (uint32_t i = 0; i < program->guard_count; i++) {
        struct slu_program_guard *guard = &program->guards[i];
        SLU_MOVE_STRING(archive, guard->title);
        slu_archive_code(archive, &guard->condition);
        SLU_MOVE_NUMBER(archive, guard->line);
        SLU_MOVE_NUMBER(archive, guard->file);
        if (!move_marks(archive, program, &guard->blocks)) {
            return;
        }
    }
}

/* Their places in the source are in the model. */
static void move_assertions(struct slu_archive *archive, struct sluice_program *program) {
    struct slu_model *model = program->model;
    SLU_MOVE_ARRAY(archive, program->assertions, program->assertion_count);
    SLU_MOVE_ARRAY(archive, model->assertions, model->assertions_count);
    if (program->assertion_count != model->assertions_count) {
        slu_archive_refuse(archive, "an assertion has no place");
        return;
    }
    for (uint32_t i = 0; i < program->assertion_count; i++) {
        struct slu_program_assertion *assertion = &program->assertions[i];
        SLU_MOVE_SPAN(archive, model->assertions[i].span);
        slu_archive_code(archive, &assertion->condition);
        SLU_MOVE_NUMBER(archive, assertion->entity_slot);
        if (!move_marks(archive, program, &assertion->watches)) {
            return;
        }
    }
}

/* The standard files are those of the engine that reads, which are the same. */
static void move_files(struct slu_archive *archive, struct sluice_program *program) {
    uint32_t standard = 0, count;
    while (standard < program->sources.count && program->sources.items[standard].standard) {
        standard++;
    }
    count = slu_archive_count(archive, program->sources.count - standard, sizeof *program->sources.items);
    for (uint32_t i = 0; i < count; i++) {
        struct slu_source file = {.name = {NULL, 0}};
        uint32_t number;
        if (archive->out != NULL) {
            file = program->sources.items[standard + i];
        }
        SLU_MOVE_STRING(archive, file.name);
        SLU_MOVE_STRING(archive, file.text);
        if (archive->out == NULL && !slu_sources_add(&program->sources, file.name, file.text, false, &number)) {
            archive->no_memory = true;
            slu_archive_refuse(archive, "out of memory");
            return;
        }
    }
}

/* What facts are named by: fields, look-ups and reads. */
static void move_model(struct slu_archive *archive, struct slu_model *model) {
    SLU_MOVE_ARRAY(archive, model->fields, model->fields_count);
    for (uint32_t i = 0; i < model->fields_count; i++) {
        SLU_MOVE_STRING(archive, model->fields[i].name.text);
        SLU_MOVE_CHOICE(archive, model->fields[i].origin, SLU_FIELD_LOOKUP + 1);
    }
    SLU_MOVE_ARRAY(archive, model->operations, model->operations_count);
    for (uint32_t i = 0; i < model->operations_count; i++) {
        struct slu_operation *operation = &model->operations[i];
        SLU_MOVE_STRING(archive, operation->name);
        SLU_MOVE_FLAG(archive, operation->is_read);
        SLU_MOVE_ARRAY(archive, operation->gives, operation->give_count);
        for (uint32_t j = 0; j < operation->give_count; j++) {
            SLU_MOVE_STRING(archive, operation->gives[j].name);
        }
    }
    SLU_MOVE_ARRAY(archive, model->lookups, model->lookups_count);
    for (uint32_t i = 0; i < model->lookups_count; i++) {
        SLU_MOVE_STRING(archive, model->lookups[i].name.text);
        SLU_MOVE_NUMBER(archive, model->lookups[i].operation);
        if (model->lookups[i].operation >= model->operations_count) {
            slu_archive_refuse(archive, "a look-up's read is out of range");
        }
    }
}

void slu_archive_program(struct slu_archive *archive, struct sluice_program *program) {
    SLU_MOVE_STRING(archive, program->public_url);
    move_files(archive, program);
    archive->sources = &program->sources;
    move_code(archive, program);
    move_patterns(archive, program);
    SLU_MOVE_ARRAY(archive, program->calendars, program->calendar_count);
    for (uint32_t i = 0; i < program->calendar_count; i++) {
        move_calendar(archive, &program->calendars[i]);
    }
    move_fields(archive, program);
    move_rulesets(archive, program);
    move_rules(archive, program);
    move_actions(archive, program);
    move_operations(archive, program);
    move_guards(archive, program);
    move_assertions(archive, program);
    slu_archive_from_sources(archive, program);
    move_model(archive, program->model);
}
