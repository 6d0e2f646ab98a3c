/* Test blocks as text. */
#include "engine/decide/convert.h"
#include "engine/decide/write.h"
#include "engine/prove/cover_parts.h"
#include "engine/text/unicode.h"

/* Characters of a value in a title. */
enum { TITLE_VALUE_MAX = 40 };

void slu_cover_write_given(struct slu_covering *covering, const struct slu_witness *event,
                           const struct slu_cover_value *value, struct slu_buffer *out) {
    struct sluice_value given;
    slu_buffer_add_format(out, "  given %.*s", (int)event->event.length, event->event.bytes);
    if (event->clock_matters) {
        slu_buffer_add_text(out, " at ");
        slu_buffer_add_time(out, event->clock);
    }
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < event->value_count; i++) {
        if (!slu_witness_give(&event->values[i], &covering->arena, &given)) {
            covering->failed = true;
            return;
        }
        struct slu_string name = event->values[i].field->name.text;
        slu_buffer_add_format(out, "        %.*s is ", (int)name.length, name.bytes);
        slu_value_write(&given, out);
        slu_buffer_add_byte(out, '\n');
    }
    if (value != NULL && value->missing && value->field->type.type != SLU_TYPE_LIST) {
        struct slu_string name = value->field->name.text;
        slu_buffer_add_format(out, "        %.*s is missing\n", (int)name.length, name.bytes);
    }
}

static uint32_t count_titles(const struct sluice_program *program, struct slu_string title) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        count += slu_string_equal(program->rules[i].title, title);
    }
    return count;
}

static void write_quoted(struct slu_buffer *out, struct slu_string text) {
    slu_value_write(&(struct sluice_value){.type = SLUICE_TEXT, .text = slu_string_give(text)}, out);
}

void slu_cover_write_expected(const struct slu_covering *covering, uint32_t ruleset, uint32_t winner,
                              struct slu_buffer *out) {
    const struct sluice_program *program = covering->program;
    struct slu_string in = program->rulesets[ruleset].title;
    bool name_it = true;
    if (winner == SLU_REPLAY_NONE) {
        slu_buffer_add_text(out, "  expect no rule");
    } else if (program->rules[winner].otherwise) {
        slu_buffer_add_text(out, "  expect otherwise");
    } else {
        slu_buffer_add_text(out, "  expect rule ");
        write_quoted(out, program->rules[winner].title);
        name_it = count_titles(program, program->rules[winner].title) > 1;
    }
    if (name_it) {
        slu_buffer_add_text(out, " in ");
        write_quoted(out, in);
    }
    slu_buffer_add_byte(out, '\n');
}

void slu_cover_write_actions(struct slu_covering *covering, uint32_t ruleset, struct slu_buffer *out) {
    const struct sluice_decision *decision = slu_replay_decision(&covering->replay, ruleset);
    for (size_t i = 0; decision != NULL && i < decision->action_count; i++) {
        slu_buffer_add_text(out, "         ");
        slu_action_write(covering->program, &decision->actions[i], out);
        slu_buffer_add_byte(out, '\n');
    }
}

static void add_cut(struct slu_buffer *out, struct slu_string text) {
    size_t at = 0, characters = 0;
    while (at < text.length && characters < TITLE_VALUE_MAX) {
        slu_utf8_decode(text, &at);
        characters++;
    }
    slu_buffer_add(out, (struct slu_string){text.bytes, at});
    slu_buffer_add_text(out, at < text.length ? "..." : "");
}

static void add_value_title(struct slu_covering *covering, const struct slu_cover_value *value,
                            struct slu_buffer *out) {
    struct slu_string name = value->field->name.text;
    struct sluice_value given;
    if (value->label != NULL) {
        slu_buffer_add_format(out, "%.*s %s ", (int)name.length, name.bytes, value->label);
        add_cut(out, value->part);
        return;
    }
    slu_buffer_add_format(out, "%.*s is ", (int)name.length, name.bytes);
    if (value->missing) {
        slu_buffer_add_text(out, "missing");
    } else if (value->field->type.type == SLU_TYPE_TEXT) {
        add_cut(out, value->value.text.length == 0 ? SLU_STRING("empty") : value->value.text);
    } else if (slu_witness_give(&value->value, &covering->arena, &given)) {
        slu_value_write(&given, out);
    } else {
        covering->failed = true;
    }
}

/* Titles are told apart by a number where they are the same otherwise. */
static bool settle_title(struct slu_covering *covering, struct slu_buffer *title, struct slu_string *kept) {
    size_t length = title->length;
    for (uint32_t number = 2; slu_map_find(&covering->titles, slu_buffer_string(title)) != SLU_MAP_NONE; number++) {
        title->length = length;
        slu_buffer_add_format(title, " (%u)", (unsigned)number);
    }
    return !title->failed && slu_arena_copy_string(&covering->arena, slu_buffer_string(title), kept) &&
           slu_map_put(&covering->titles, *kept, 1);
}

void slu_cover_write_title(struct slu_covering *covering, uint32_t rule, uint32_t winner,
                           const struct slu_cover_value *value, struct slu_buffer *out) {
    const struct sluice_program *program = covering->program;
    slu_buffer_add(out, program->rulesets[program->rules[rule].ruleset].title);
    slu_buffer_add_text(out, ": ");
    if (value == NULL) {
        slu_buffer_add(out, program->rules[rule].title);
        slu_buffer_add_text(out, " wins");
        return;
    }
    add_value_title(covering, value, out);
    if (winner == SLU_REPLAY_NONE) {
        slu_buffer_add_text(out, " finds no rule");
    } else {
        slu_buffer_add_text(out, " goes to ");
        slu_buffer_add(out, program->rules[winner].title);
    }
}

void slu_cover_writing_init(struct slu_cover_writing *writing) {
    slu_buffer_init(&writing->title);
    slu_buffer_init(&writing->event);
    slu_buffer_init(&writing->given);
    slu_buffer_init(&writing->text);
}

static bool writing_failed(const struct slu_cover_writing *writing) {
    return writing->title.failed || writing->event.failed || writing->given.failed || writing->text.failed;
}

void slu_cover_writing_free(struct slu_cover_writing *writing) {
    slu_buffer_free(&writing->title);
    slu_buffer_free(&writing->event);
    slu_buffer_free(&writing->given);
    slu_buffer_free(&writing->text);
}

void slu_cover_give(struct slu_covering *covering, struct slu_cover_writing *writing, uint32_t rule, uint32_t winner) {
    struct slu_string title;
    if (!settle_title(covering, &writing->title, &title)) {
        covering->failed = true;
        return;
    }
    slu_buffer_add_text(&writing->text, "test ");
    write_quoted(&writing->text, title);
    slu_buffer_add_byte(&writing->text, '\n');
    slu_buffer_add(&writing->text, slu_buffer_string(&writing->given));
    if (writing_failed(writing)) {
        covering->failed = true;
        return;
    }
    struct slu_cover_test test = {rule, winner, title, slu_buffer_string(&writing->event),
                                  slu_buffer_string(&writing->text)};
    covering->cover->test(covering->cover->context, &test);
}
