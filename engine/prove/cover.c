#include "engine/prove/cover.h"

#include "engine/decide/convert.h"
#include "engine/decide/tests.h"
#include "engine/decide/write.h"
#include "engine/text/unicode.h"

#include <string.h>

/* Characters of a value in a title; uses of an allowance that are spent one by one. */
enum { TITLE_VALUE_MAX = 40, USES_MAX = 3, STEPS_MAX = 8 };

/* An event that some test decides, and who wins it. */
struct shown {
    uint32_t ruleset, winner; /* SLU_REPLAY_NONE: no rule */
    struct slu_witness event;
};

struct covering {
    struct slu_prover prover;
    struct slu_instance instance;
    struct slu_replay replay;
    struct slu_query query;
    struct slu_arena arena; /* for the whole */
    const struct sluice_program *program;
    struct slu_prove_cover *cover;
    struct shown *shown;
    uint32_t shown_count, shown_capacity;
    struct slu_map titles;
    bool *used_up; /* all false: what tests spend is not looked at */
    bool failed;
};

/* ---- what the tests show already ---- */

static bool remember(struct covering *covering, uint32_t ruleset, uint32_t winner, const struct slu_witness *event) {
    if (!SLU_RESERVE(&covering->arena, covering->shown, covering->shown_capacity, covering->shown_count)) {
        return false;
    }
    struct shown *shown = &covering->shown[covering->shown_count++];
    *shown = (struct shown){.ruleset = ruleset, .winner = winner};
    return slu_situation_copy(event, &covering->arena, &shown->event);
}

static void note_decision(struct covering *covering, const struct sluice_decision *decision,
                          const struct slu_witness *event) {
    const struct sluice_program *program = covering->program;
    for (uint32_t i = 0; i < program->ruleset_count; i++) {
        const struct slu_program_ruleset *ruleset = &program->rulesets[i];
        if (!slu_string_equal(ruleset->title, slu_string_take(decision->ruleset))) {
            continue;
        }
        uint32_t winner = SLU_REPLAY_NONE;
        for (uint32_t rule = ruleset->first_rule; rule < ruleset->first_rule + ruleset->rule_count; rule++) {
            if (slu_string_equal(program->rules[rule].title, slu_string_take(decision->rule))) {
                winner = rule;
            }
        }
        covering->failed = !remember(covering, i, winner, event) || covering->failed;
    }
}

static void note_step(void *context, const sluice_decider *decider, int64_t clock, const struct sluice_result *result) {
    struct covering *covering = context;
    struct slu_witness event;
    if (!slu_situation_take(decider, covering->used_up, (double)clock, &covering->arena, &event)) {
        covering->failed = true;
        return;
    }
    for (size_t i = 0; i < result->count; i++) {
        note_decision(covering, &result->decisions[i], &event);
    }
}

static bool note_tests(struct covering *covering) {
    struct slu_test_observer observer = {note_step, covering};
    struct slu_test_run run;
    covering->used_up = SLU_NEW_ARRAY(&covering->arena, bool, (size_t)covering->program->allowance_count + 1);
    if (covering->used_up == NULL) {
        return false;
    }
    if (covering->cover->all) {
        return true;
    }
    return slu_tests_watch(covering->program, &covering->arena, &observer, &run) == SLUICE_OK && !covering->failed;
}

/* Does a test show what this one would? `value`: what it is about; NULL: that the rule wins. */
static bool is_shown(struct covering *covering, uint32_t ruleset, uint32_t winner, const struct slu_witness *event,
                     const struct slu_cover_value *value) {
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct shown *shown = &covering->shown[i];
        if (shown->ruleset != ruleset || shown->winner != winner) {
            continue;
        }
        if (value == NULL) {
            return true;
        }
        const struct slu_witness_value *there = slu_witness_find(&shown->event, value->field->name.text);
        const struct slu_witness_value *wanted = slu_witness_find(event, value->field->name.text);
        bool alike = value->exact ? slu_situation_same(there, wanted)
                                  : (value->label != NULL || (there == NULL) == (wanted == NULL)) &&
                                        slu_situation_value(&covering->prover, &shown->event, value->test) ==
                                            slu_situation_value(&covering->prover, event, value->test);
        if (alike) {
            return true;
        }
    }
    return false;
}

/* ---- writing ---- */

static void write_given(struct covering *covering, const struct slu_witness *event, const struct slu_cover_value *value,
                        struct slu_buffer *out) {
    struct sluice_value given;
    slu_buffer_add_format(out, "  given %.*s", (int)event->event.length, event->event.bytes);
    if (event->clock_matters) {
        slu_buffer_add_text(out, " at ");
        slu_buffer_add_time(out, event->clock);
    }
    slu_buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < event->value_count; i++) {
        if (!slu_situation_give(&event->values[i], &covering->arena, &given)) {
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

static void write_expected(const struct covering *covering, uint32_t ruleset, uint32_t winner, struct slu_buffer *out) {
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

/* What the event replayed last makes the rule do. */
static void write_actions(struct covering *covering, uint32_t ruleset, struct slu_buffer *out) {
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

static void add_value_title(struct covering *covering, const struct slu_cover_value *value, struct slu_buffer *out) {
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
    } else if (slu_situation_give(&value->value, &covering->arena, &given)) {
        slu_value_write(&given, out);
    } else {
        covering->failed = true;
    }
}

/* Titles are told apart by a number where they are the same otherwise. */
static bool settle_title(struct covering *covering, struct slu_buffer *title, struct slu_string *kept) {
    size_t length = title->length;
    for (uint32_t number = 2; slu_map_find(&covering->titles, slu_buffer_string(title)) != SLU_MAP_NONE; number++) {
        title->length = length;
        slu_buffer_add_format(title, " (%u)", (unsigned)number);
    }
    return !title->failed && slu_arena_copy_string(&covering->arena, slu_buffer_string(title), kept) &&
           slu_map_put(&covering->titles, *kept, 1);
}

static void write_title(struct covering *covering, uint32_t rule, uint32_t winner, const struct slu_cover_value *value,
                        struct slu_buffer *out) {
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

/* ---- tests ---- */

struct writing {
    struct slu_buffer title, event, given, text;
};

static void writing_init(struct writing *writing) {
    slu_buffer_init(&writing->title);
    slu_buffer_init(&writing->event);
    slu_buffer_init(&writing->given);
    slu_buffer_init(&writing->text);
}

static bool writing_failed(const struct writing *writing) {
    return writing->title.failed || writing->event.failed || writing->given.failed || writing->text.failed;
}

static void writing_free(struct writing *writing) {
    slu_buffer_free(&writing->title);
    slu_buffer_free(&writing->event);
    slu_buffer_free(&writing->given);
    slu_buffer_free(&writing->text);
}

/* Gives the test away, its title in `title`, the rest of it in `given`. */
static void give(struct covering *covering, struct writing *writing, uint32_t rule, uint32_t winner) {
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

/* ---- steps ---- */

static bool is_spent(const struct slu_witness *event, const struct slu_bound_rule *rule, uint32_t allowance) {
    for (uint32_t i = 0; i < event->allowance_count; i++) {
        if (event->allowances[i].rule == rule && event->allowances[i].allowance == allowance) {
            return !event->allowances[i].left;
        }
    }
    return false;
}

static bool all_spent(const struct slu_witness *event, const struct slu_witness *so_far) {
    for (uint32_t i = 0; i < event->allowance_count; i++) {
        const struct slu_witness_allowance *said = &event->allowances[i];
        if (!said->left && !is_spent(so_far, said->rule, said->allowance)) {
            return false;
        }
    }
    return true;
}

/* The rule has won `wins` times: notes which of its allowances are used up by that. */
static void spend(struct covering *covering, struct slu_witness *so_far, uint32_t rule, uint64_t wins) {
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    for (uint32_t i = 0; i < entry->allowance_count; i++) {
        const struct slu_bound_rule *bound = &covering->program->model->rules[rule];
        if (wins < covering->program->allowances[entry->first_allowance + i].count || is_spent(so_far, bound, i)) {
            continue;
        }
        if (!SLU_RESERVE(&covering->arena, so_far->allowances, so_far->allowance_capacity, so_far->allowance_count)) {
            covering->failed = true;
            return;
        }
        so_far->allowances[so_far->allowance_count++] =
            (struct slu_witness_allowance){bound, covering->program->rulesets[entry->ruleset].title, i, false};
    }
}

/* In a test an allowance is used up by deciding the same event before. False:
 * that does not do it. Afterwards the event, as it then is, was replayed last. */
static bool write_steps(struct covering *covering, uint32_t ruleset, const struct slu_witness *event,
                        const struct slu_cover_value *value, uint32_t winner, struct slu_buffer *out) {
    struct slu_witness so_far;
    uint32_t last = SLU_NO_INDEX;
    uint64_t wins = 0;
    if (!slu_situation_copy(event, &covering->arena, &so_far)) {
        covering->failed = true;
        return false;
    }
    so_far.allowance_count = 0;
    for (uint32_t step = 0; step < STEPS_MAX && slu_replay_decide(&covering->replay, &so_far); step++) {
        uint32_t now = slu_replay_winner(&covering->replay, ruleset);
        bool is_last = all_spent(event, &so_far);
        bool is_rule = now != SLU_REPLAY_NONE && now != SLU_REPLAY_FAILED;
        if (is_last && now != winner) {
            return false;
        }
        write_given(covering, &so_far, value, out);
        write_expected(covering, ruleset, now, out);
        if (is_last || !is_rule || covering->program->rules[now].allowance_count == 0) {
            return is_last;
        }
        wins = now == last ? wins + 1 : 1;
        last = now;
        spend(covering, &so_far, now, wins);
    }
    return false;
}

/* The event was replayed last. `value`: what the test is about; NULL: that the rule wins, and what it does. */
static void show(struct covering *covering, uint32_t rule, uint32_t winner, const struct slu_witness *event,
                 const struct slu_cover_value *value) {
    uint32_t ruleset = covering->program->rules[rule].ruleset;
    if (is_shown(covering, ruleset, winner, event, value)) {
        covering->cover->known++;
        return;
    }
    struct writing writing;
    writing_init(&writing);
    slu_witness_write(event, &writing.event);
    if (write_steps(covering, ruleset, event, value, winner, &writing.given)) {
        write_title(covering, rule, winner, value, &writing.title);
        if (value == NULL) {
            write_actions(covering, ruleset, &writing.given);
        }
        give(covering, &writing, rule, winner);
        covering->failed = !remember(covering, ruleset, winner, event) || covering->failed;
    } else {
        covering->cover->unsaid++;
    }
    writing_free(&writing);
}

/* Does a test show the rule when all that it lacks is what was used up? */
static bool is_allowance_shown(struct covering *covering, uint32_t rule, uint32_t winner) {
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct shown *shown = &covering->shown[i];
        struct slu_witness fresh = shown->event;
        fresh.allowance_count = 0;
        if (shown->ruleset == covering->program->rules[rule].ruleset && shown->winner == winner &&
            slu_situation_value(&covering->prover, &fresh, covering->query.rules[rule]) > 0) {
            return true;
        }
    }
    return false;
}

/* As often as the allowance lets it, and once more. */
static void show_allowance(struct covering *covering, uint32_t rule, const struct slu_witness *base, uint32_t number) {
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    const struct slu_program_allowance *allowance = &covering->program->allowances[entry->first_allowance + number];
    struct slu_witness spent;
    if (allowance->count > USES_MAX) {
        return;
    }
    if (!slu_situation_copy(base, &covering->arena, &spent)) {
        covering->failed = true;
        return;
    }
    spend(covering, &spent, rule, allowance->count);
    if (covering->failed || !slu_replay_decide(&covering->replay, &spent)) {
        return;
    }
    uint32_t winner = slu_replay_winner(&covering->replay, entry->ruleset);
    if (winner == SLU_REPLAY_FAILED || winner == rule) {
        return;
    }
    if (is_allowance_shown(covering, rule, winner)) {
        covering->cover->known++;
        return;
    }
    struct writing writing;
    writing_init(&writing);
    slu_buffer_add(&writing.title, covering->program->rulesets[entry->ruleset].title);
    slu_buffer_add_text(&writing.title, ": ");
    slu_buffer_add(&writing.title, entry->title);
    slu_buffer_add_text(&writing.title, " wins ");
    slu_buffer_add(&writing.title, allowance->text);
    slu_witness_write(base, &writing.event);
    if (write_steps(covering, entry->ruleset, &spent, NULL, winner, &writing.given)) {
        give(covering, &writing, rule, winner);
        covering->failed = !remember(covering, entry->ruleset, winner, &spent) || covering->failed;
    } else {
        covering->cover->unsaid++;
    }
    writing_free(&writing);
}

/* ---- rules ---- */

static void try_value(struct covering *covering, uint32_t rule, const struct slu_witness *base,
                      const struct slu_cover_value *value) {
    struct slu_witness event;
    if (!slu_situation_copy(base, &covering->arena, &event) ||
        !slu_situation_set(&event, &covering->arena, value->field, value->missing ? NULL : &value->value)) {
        covering->failed = true;
        return;
    }
    event.clock_matters = event.clock_matters || value->clock_matters;
    if (!slu_replay_decide(&covering->replay, &event)) {
        return;
    }
    uint32_t winner = slu_replay_winner(&covering->replay, covering->program->rules[rule].ruleset);
    if (winner != SLU_REPLAY_FAILED) {
        show(covering, rule, winner, &event, value);
    }
}

/* A test names entities that are not given itself; so that replaying means the
 * same, every id is given by which the ruleset keeps state or allowances. */
static void require_ids(struct covering *covering, slu_formula formula) {
    struct slu_prover *prover = &covering->prover;
    const struct slu_formula_node node = *slu_formula_node(&prover->formulas, formula);
    for (uint32_t i = 0; i < node.child_count; i++) {
        require_ids(covering, node.children[i]);
    }
    if (node.kind != SLU_FORMULA_ATOM) {
        return;
    }
    const struct slu_atom *atom = &prover->atoms[node.atom];
    uint32_t entity = SLU_NO_INDEX;
    if (atom->kind == SLU_ATOM_ALLOWED) {
        entity = atom->rule->allowances[atom->allowance].entity_id;
    } else if (atom->subject != SLU_NO_INDEX && prover->subjects[atom->subject].field != NULL &&
               prover->subjects[atom->subject].field->origin == SLU_FIELD_STATE) {
        entity = prover->subjects[atom->subject].field->entity_id;
    }
    if (entity != SLU_NO_INDEX) {
        uint32_t subject = slu_subject_field(prover, covering->program->model, entity);
        slu_formula present = subject == SLU_NO_INDEX ? SLU_NEVER : prover->subjects[subject].present;
        slu_instance_require(&covering->instance, present, false, 0);
    }
}

static struct slu_reach_answer reach(struct covering *covering, uint32_t rule) {
    struct slu_query *query = &covering->query;
    const struct slu_program_rule *entry = &covering->program->rules[rule];
    const struct slu_program_ruleset *ruleset = &covering->program->rulesets[entry->ruleset];
    struct slu_reach_answer answer = {.reach = SLU_REACHED};
    slu_query_begin(query);
    slu_instance_require(&covering->instance, query->rules[rule], false, rule);
    for (uint32_t i = 0; i < ruleset->rule_count; i++) {
        require_ids(covering, query->rules[ruleset->first_rule + i]);
    }
    if (slu_query_until(query, entry->ruleset, rule, SLU_NO_INDEX, &answer.reason) == SLU_VERDICT_YES) {
        return answer;
    }
    return slu_query_reach(query, rule);
}

/* An event of a test that the rule wins, also when replayed; NULL: there is none. */
static const struct slu_witness *find_in_tests(struct covering *covering, uint32_t rule) {
    uint32_t ruleset = covering->program->rules[rule].ruleset;
    for (uint32_t i = 0; i < covering->shown_count; i++) {
        const struct slu_witness *event = &covering->shown[i].event;
        if (covering->shown[i].winner == rule && slu_replay_decide(&covering->replay, event) &&
            slu_replay_winner(&covering->replay, ruleset) == rule) {
            return event;
        }
    }
    return NULL;
}

static void cover_rule(struct covering *covering, uint32_t rule) {
    struct slu_witness base;
    struct slu_cover_values values;
    struct slu_reach_answer answer = reach(covering, rule);
    const struct slu_witness *found = answer.reach == SLU_REACHED ? &covering->query.witness : NULL;
    if (answer.reach == SLU_REACH_UNDECIDED) {
        found = find_in_tests(covering, rule);
    }
    if (found == NULL) {
        covering->cover->unreached(covering->cover->context, rule, &answer);
        return;
    }
    if (!slu_situation_copy(found, &covering->arena, &base) || !slu_replay_decide(&covering->replay, &base)) {
        covering->failed = true;
        return;
    }
    show(covering, rule, rule, &base, NULL);
    if (!slu_cover_values(&covering->prover, covering->program->model, rule, &base, &covering->arena, &values)) {
        covering->failed = true;
        return;
    }
    for (uint32_t i = 0; i < values.count && !covering->failed; i++) {
        try_value(covering, rule, &base, &values.items[i]);
    }
    for (uint32_t i = 0; i < covering->program->rules[rule].allowance_count && !covering->failed; i++) {
        show_allowance(covering, rule, &base, i);
    }
}

/* The titles of the program's own tests are taken. */
static bool note_titles(struct covering *covering) {
    const struct slu_model *model = covering->program->model;
    for (uint32_t i = 0; i < model->tests_count; i++) {
        if (!slu_map_put(&covering->titles, model->tests[i].syntax->title.text, 1)) {
            return false;
        }
    }
    return true;
}

enum sluice_status slu_prove_cover(const struct sluice_program *program, const struct slu_prove_options *options,
                                   struct slu_prove_cover *cover) {
    struct covering covering = {.program = program, .cover = cover};
    cover->known = cover->unsaid = 0;
    slu_arena_init(&covering.arena, 0);
    slu_map_init(&covering.titles, &covering.arena);
    bool fine = slu_prover_init(&covering.prover, &covering.arena, options);
    slu_instance_init(&covering.instance, &covering.prover);
    fine = slu_replay_init(&covering.replay, program, &covering.arena) && fine;
    fine = fine && slu_query_init(&covering.query, &covering.prover, &covering.instance, &covering.replay, program);
    fine = fine && note_titles(&covering) && note_tests(&covering);
    for (uint32_t i = 0; fine && i < program->rule_count && !covering.failed; i++) {
        cover_rule(&covering, i);
    }
    fine = fine && !covering.failed && !covering.instance.failed && !slu_prover_failed(&covering.prover) &&
           !covering.replay.no_memory && !covering.arena.failed;
    slu_replay_free(&covering.replay);
    slu_instance_free(&covering.instance);
    slu_prover_free(&covering.prover);
    slu_arena_free(&covering.arena);
    return fine ? SLUICE_OK : SLUICE_NO_MEMORY;
}
