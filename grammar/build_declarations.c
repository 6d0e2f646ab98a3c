/* Builders of the declarations that are not rule sets, tests or sources. */
#include "grammar/build.h"
#include "grammar/rules.h"

void slu_build_begin(struct slu_builder *builder, enum slu_declaration_kind kind, struct slu_span span,
                     struct slu_word name) {
    builder->open = (struct slu_declaration){.kind = kind, .name = name, .span = span};
    builder->is_open = true;
}

void slu_build_begin_broken(struct slu_builder *builder, enum slu_declaration_kind kind) {
    slu_build_begin(builder, kind, builder->current.span, slu_build_no_word(builder->current.span));
    slu_build_break(builder);
}

bool slu_build_lose(struct slu_builder *builder, struct slu_word name) {
    return SLU_APPEND(builder, builder->tree->lost.items, builder->tree->lost.count, name);
}

bool slu_build_lose_declared(struct slu_builder *builder) {
    struct slu_lexer ahead = builder->lexer;
    struct slu_token name;
    ahead.diagnostics = NULL;
    ahead.cursor = ahead.start + builder->declared_at;
    ahead.templates = 0;
    if (builder->declared_at == 0) {
        return true;
    }
    builder->declared_at = 0;
    if (!slu_lexer_next(&ahead, &name)) {
        return false;
    }
    return name.kind != SLU_TOKEN_NAME || slu_build_lose(builder, (struct slu_word){name.text, name.span});
}

bool slu_build_finish(struct slu_builder *builder) {
    bool keep = builder->is_open && !builder->declaration_broken && !builder->member_broken;
    if (builder->open.kind == SLU_DECLARATION_RULESET && builder->open.as.ruleset.rule_count == 0) {
        keep = keep && !builder->lost_member; /* not the empty ruleset that it seems to be */
    }
    builder->lost_member = false;
    builder->is_open = false;
    builder->declaration_broken = false;
    builder->member_broken = false;
    struct slu_tree *tree = builder->tree;
    if (!keep && builder->open.name.text.length > 0 && !slu_build_lose(builder, builder->open.name)) {
        return false;
    }
    return !keep || SLU_APPEND(builder, tree->declarations, tree->declaration_count, builder->open);
}

void slu_build_extend(struct slu_builder *builder, struct slu_span span) {
    builder->open.span = slu_span_join(builder->open.span, span);
}

bool slu_build_use(struct slu_builder *builder, struct slu_span span, struct slu_words services) {
    slu_build_begin(builder, SLU_DECLARATION_USE, span, services.items[0]);
    builder->open.as.use.services = services;
    return true;
}

struct slu_written_type *slu_build_type(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                        bool is_list) {
    struct slu_written_type *type = SLU_NEW(builder->arena, struct slu_written_type);
    if (type != NULL) {
        *type = (struct slu_written_type){.span = span, .name = name, .is_list = is_list};
    }
    return type;
}

struct slu_written_type *slu_build_choice(struct slu_builder *builder, struct slu_span span, struct slu_words choices) {
    struct slu_written_type *type = slu_build_type(builder, span, slu_build_no_word(span), false);
    if (type != NULL) {
        type->choices = choices;
    }
    return type;
}

bool slu_build_field(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_word description) {
    slu_build_begin(builder, SLU_DECLARATION_FIELD, span, name);
    builder->open.as.field = (struct slu_field_syntax){.type = *type, .description = description};
    return true;
}

bool slu_build_event(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     struct slu_word description) {
    slu_build_begin(builder, SLU_DECLARATION_EVENT, span, name);
    builder->open.as.event.description = description;
    return true;
}

bool slu_build_state(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_expression *initial) {
    slu_build_begin(builder, SLU_DECLARATION_STATE, span, name);
    builder->open.as.state = (struct slu_state_syntax){.type = *type, .initial = initial};
    return true;
}

bool slu_build_list_declaration(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                struct slu_expression *elements) {
    slu_build_begin(builder, SLU_DECLARATION_LIST, span, name);
    /* `list x is ["a", "b"]` means the same as without the brackets */
    bool bracketed = elements->item_count == 1 && elements->items[0]->kind == SLU_EXPRESSION_LIST;
    builder->open.as.list.elements = bracketed ? elements->items[0] : elements;
    return true;
}

bool slu_build_define(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_expression *condition) {
    slu_build_begin(builder, SLU_DECLARATION_DEFINE, span, name);
    builder->open.as.define.condition = condition;
    return true;
}

bool slu_build_group(struct slu_builder *builder, struct slu_span span, struct slu_word name, bool exclusive,
                     struct slu_words members) {
    slu_build_begin(builder, SLU_DECLARATION_GROUP, span, name);
    builder->open.as.group = (struct slu_group_syntax){.exclusive = exclusive, .members = members};
    return true;
}

bool slu_build_lookup(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_expression *call) {
    slu_build_begin(builder, SLU_DECLARATION_LOOKUP, span, name);
    builder->open.as.lookup.call = call;
    return true;
}

bool slu_build_guard(struct slu_builder *builder, struct slu_span span, struct slu_word title,
                     struct slu_expression *condition, struct slu_masks masks) {
    slu_build_begin(builder, SLU_DECLARATION_GUARD, span, title);
    builder->open.as.guard = (struct slu_guard_syntax){
        .title = title, .condition = condition, .masks = masks.items, .mask_count = masks.count};
    return true;
}

bool slu_build_never(struct slu_builder *builder, struct slu_span span, struct slu_masks masks,
                     struct slu_expression *condition, const struct slu_allowance_syntax *limit) {
    slu_build_begin(builder, SLU_DECLARATION_NEVER, span, slu_build_no_word(span));
    builder->open.as.never = (struct slu_never_syntax){
        .masks = masks.items, .mask_count = masks.count, .condition = condition, .limit = limit};
    return true;
}

bool slu_build_always(struct slu_builder *builder, struct slu_span span, struct slu_word group,
                      struct slu_expression *condition, struct slu_words events) {
    slu_build_begin(builder, SLU_DECLARATION_ALWAYS, span, slu_build_no_word(span));
    builder->open.as.always = (struct slu_always_syntax){.group = group, .condition = condition, .events = events};
    return true;
}

struct slu_masks slu_build_no_masks(void) {
    return (struct slu_masks){NULL, 0};
}

struct slu_mask *slu_build_mask(struct slu_builder *builder, struct slu_word action, bool every) {
    struct slu_mask *mask = SLU_NEW(builder->arena, struct slu_mask);
    if (mask == NULL) {
        return NULL;
    }
    *mask = (struct slu_mask){.action = action, .every = every};
    if (every) {
        mask->action.text.length -= 2; /* the `.*` */
    }
    return mask;
}

bool slu_build_add_mask(struct slu_builder *builder, struct slu_masks *masks, const struct slu_mask *mask) {
    return SLU_APPEND(builder, masks->items, masks->count, *mask);
}

void slu_build_calendar(struct slu_builder *builder, struct slu_span span, struct slu_word name, struct slu_word zone) {
    slu_build_begin(builder, SLU_DECLARATION_CALENDAR, span, name);
    builder->open.as.calendar.zone = zone;
}

bool slu_build_open(struct slu_builder *builder, struct slu_span span, struct slu_words days, double from, double to) {
    struct slu_calendar_syntax *calendar = &builder->open.as.calendar;
    slu_build_extend(builder, span);
    for (uint32_t i = 0; i + 1 < days.count; i += 2) {
        struct slu_open_hours hours = {days.items[i], days.items[i + 1], (int32_t)from, (int32_t)to, span};
        if (!SLU_APPEND(builder, calendar->open, calendar->open_count, hours)) {
            return false;
        }
    }
    return true;
}

bool slu_build_closed(struct slu_builder *builder, struct slu_span span, double time, struct slu_word description) {
    struct slu_calendar_syntax *calendar = &builder->open.as.calendar;
    struct slu_closed_day day = {time, span, description};
    slu_build_extend(builder, span);
    return SLU_APPEND(builder, calendar->closed, calendar->closed_count, day);
}

/* ---- services ---- */

void slu_build_service(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                       struct slu_word description) {
    slu_build_begin(builder, SLU_DECLARATION_SERVICE, span, name);
    builder->open.as.service.description = description;
}

bool slu_build_service_setting(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                               const struct slu_written_type *type, bool optional, struct slu_word description) {
    struct slu_service_syntax *service = &builder->open.as.service;
    struct slu_parameter_syntax setting = {
        .name = name, .type = *type, .optional = optional, .description = description, .span = span};
    slu_build_extend(builder, span);
    return SLU_APPEND(builder, service->settings, service->setting_count, setting);
}

bool slu_build_secret(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                      struct slu_span type_span, bool optional, struct slu_word description) {
    const struct slu_written_type type = {.span = type_span, .name = {SLU_STRING("text"), type_span}};
    if (!slu_build_service_setting(builder, span, name, &type, optional, description)) {
        return false;
    }
    struct slu_service_syntax *service = &builder->open.as.service;
    service->settings[service->setting_count - 1].secret = true;
    return true;
}

void slu_build_service_limit(struct slu_builder *builder, struct slu_span span, double count, double per) {
    struct slu_service_syntax *service = &builder->open.as.service;
    service->limit_count = count;
    service->limit_per = per;
    slu_build_extend(builder, span);
}

bool slu_build_operation(struct slu_builder *builder, struct slu_span span, bool is_read, struct slu_word name,
                         struct slu_word description) {
    struct slu_service_syntax *service = &builder->open.as.service;
    struct slu_operation_syntax operation = {
        .is_read = is_read, .name = name, .description = description, .span = span};
    slu_build_extend(builder, span);
    return SLU_APPEND(builder, service->operations, service->operation_count, operation);
}

/* The action or read that a member belongs to; without one a mistake is reported. */
static struct slu_operation_syntax *last_operation(struct slu_builder *builder, struct slu_span member,
                                                   const char *message) {
    struct slu_service_syntax *service = &builder->open.as.service;
    slu_build_extend(builder, member);
    if (service->operation_count == 0) {
        if (!builder->declaration_broken) {
            slu_build_report(builder, SLU_DIAGNOSTIC_SYNTAX, member, message);
        }
        slu_build_break(builder);
        return NULL;
    }
    struct slu_operation_syntax *operation = &service->operations[service->operation_count - 1];
    operation->span = slu_span_join(operation->span, member);
    return operation;
}

bool slu_build_takes(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, bool optional, struct slu_word description) {
    struct slu_operation_syntax *operation =
        last_operation(builder, span, "`takes` stands under the `action` or `read` whose parameter it is");
    struct slu_parameter_syntax parameter = {
        .name = name, .type = *type, .optional = optional, .description = description, .span = span};
    return operation == NULL || SLU_APPEND(builder, operation->takes, operation->take_count, parameter);
}

bool slu_build_gives(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                     const struct slu_written_type *type, struct slu_word description) {
    struct slu_operation_syntax *operation =
        last_operation(builder, span, "`gives` stands under the `read` whose field it is");
    struct slu_parameter_syntax field = {.name = name, .type = *type, .description = description, .span = span};
    return operation == NULL || SLU_APPEND(builder, operation->gives, operation->give_count, field);
}

void slu_build_undone(struct slu_builder *builder, struct slu_span span, struct slu_word action) {
    struct slu_operation_syntax *operation =
        last_operation(builder, span, "`undone by` stands under the `action` that it reverses");
    if (operation != NULL) {
        operation->undone_by = action;
    }
}

void slu_build_cannot_undo(struct slu_builder *builder, struct slu_span span, struct slu_word reason) {
    struct slu_operation_syntax *operation =
        last_operation(builder, span, "`cannot undo` stands under the `action` that it is about");
    if (operation != NULL) {
        operation->cannot_undo = reason;
    }
}

/* ---- settings of connectors and of the site ---- */

struct slu_setting *slu_build_setting(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                      struct slu_expression *literal) {
    struct slu_setting *setting = SLU_NEW(builder->arena, struct slu_setting);
    if (setting != NULL) {
        *setting = (struct slu_setting){.name = name, .kind = SLU_SETTING_LITERAL, .literal = literal, .span = span};
    }
    return setting;
}

struct slu_setting *slu_build_setting_from(struct slu_builder *builder, struct slu_span span, struct slu_word name,
                                           enum slu_setting_kind kind, struct slu_word from) {
    struct slu_setting *setting = slu_build_setting(builder, span, name, NULL);
    if (setting != NULL) {
        setting->kind = kind;
        setting->from = from;
    }
    return setting;
}

bool slu_build_add_setting(struct slu_builder *builder, const struct slu_setting *setting) {
    slu_build_extend(builder, setting->span);
    if (builder->open.kind == SLU_DECLARATION_SITE) {
        struct slu_site_syntax *site = &builder->open.as.site;
        return SLU_APPEND(builder, site->settings, site->setting_count, *setting);
    }
    struct slu_connector_syntax *connector = &builder->open.as.connector;
    return SLU_APPEND(builder, connector->settings, connector->setting_count, *setting);
}
