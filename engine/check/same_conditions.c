/* Rules of one ruleset with the same conditions: the later one never wins.
 *
 * Each condition becomes a number, equal for conditions that are the same but
 * for the order of `and` and `or`, parentheses, `not not`, `is` and `=`, the
 * order of a set's elements, letter case where it is ignored, and named
 * conditions. A condition is interned as a key of bytes: its kind and the
 * numbers of its parts. That is done only for rules whose hashes are equal
 * (condition_hashes.c): few, in most rulesets none. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

#include <stdlib.h>
#include <string.h>

/* The parts of what is being built: one run per operand, the newest last. A
 * run of more than one part is an `and` or `or` that is still open. */
struct run {
    uint32_t start;
    enum slu_expression_kind kind; /* AND, OR, or GROUP: closed */
};

struct interner {
    struct slu_checker *checker;
    struct slu_arena scratch; /* what only this check needs */
    struct slu_map numbers;   /* of keys */
    uint32_t next_number;
    uint32_t *parts;
    uint32_t part_count, part_capacity;
    struct run *runs;
    uint32_t run_count, run_capacity;
    struct slu_buffer key;
    uint32_t *defines; /* the number of each named condition */
    uint32_t *fields;  /* of each field, SLU_NO_INDEX until it is met; no key leads to it */
};

static bool fail(struct interner *interner) {
    interner->scratch.failed = true;
    return false;
}

static bool grow(struct slu_arena *arena, void **items, size_t size, uint32_t count, uint32_t *capacity) {
    if (count < *capacity) {
        return true;
    }
    uint32_t doubled = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = slu_arena_grow(arena, *items, count * size, doubled * size);
    if (copy == NULL) {
        return false;
    }
    *items = copy;
    *capacity = doubled;
    return true;
}

static bool push_part(struct interner *interner, uint32_t number) {
    void *parts = interner->parts;
    if (!grow(&interner->scratch, &parts, sizeof *interner->parts, interner->part_count, &interner->part_capacity)) {
        return fail(interner);
    }
    interner->parts = parts;
    interner->parts[interner->part_count++] = number;
    return true;
}

static bool push_run(struct interner *interner, uint32_t number) {
    void *runs = interner->runs;
    if (!grow(&interner->scratch, &runs, sizeof *interner->runs, interner->run_count, &interner->run_capacity)) {
        return fail(interner);
    }
    interner->runs = runs;
    interner->runs[interner->run_count++] = (struct run){interner->part_count, SLU_EXPRESSION_GROUP};
    return push_part(interner, number);
}

/* ---- keys ---- */

static void start_key(struct interner *interner, uint32_t tag, bool exactly) {
    const uint32_t head[] = {tag, exactly};
    slu_buffer_clear(&interner->key);
    slu_buffer_add(&interner->key, (struct slu_string){(const char *)head, sizeof head});
}

static void add_bytes(struct interner *interner, const void *bytes, size_t length) {
    slu_buffer_add(&interner->key, (struct slu_string){bytes, length});
}

/* The number of the key in the buffer. */
static bool intern(struct interner *interner, uint32_t *number) {
    struct slu_string key = slu_buffer_string(&interner->key);
    if (interner->key.failed) {
        return fail(interner);
    }
    *number = slu_map_find(&interner->numbers, key);
    if (*number != SLU_MAP_NONE) {
        return true;
    }
    struct slu_string kept;
    *number = interner->next_number++;
    return slu_arena_copy_string(&interner->scratch, key, &kept) && slu_map_put(&interner->numbers, kept, *number);
}

static int compare_numbers(const void *left, const void *right) {
    uint32_t l = *(const uint32_t *)left;
    uint32_t r = *(const uint32_t *)right;
    return (l > r) - (l < r);
}

/* Adds parts to the key, sorted and each once. */
static void add_set(struct interner *interner, uint32_t *parts, uint32_t count) {
    qsort(parts, count, sizeof *parts, compare_numbers);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || parts[i] != parts[i - 1]) {
            add_bytes(interner, &parts[i], sizeof parts[i]);
        }
    }
}

/* Makes one part of an open run, which may have others after it. */
static bool close_run(struct interner *interner, uint32_t index) {
    struct run *run = &interner->runs[index];
    uint32_t end = index + 1 < interner->run_count ? interner->runs[index + 1].start : interner->part_count;
    if (run->kind == SLU_EXPRESSION_GROUP) {
        return true;
    }
    uint32_t number;
    start_key(interner, (uint32_t)run->kind, false);
    add_set(interner, interner->parts + run->start, end - run->start);
    if (!intern(interner, &number)) {
        return false;
    }
    uint32_t removed = end - run->start - 1;
    interner->parts[run->start] = number;
    memmove(interner->parts + run->start + 1, interner->parts + end,
            (interner->part_count - end) * sizeof *interner->parts);
    interner->part_count -= removed;
    for (uint32_t i = index + 1; i < interner->run_count; i++) {
        interner->runs[i].start -= removed;
    }
    run->kind = SLU_EXPRESSION_GROUP;
    return true;
}

/* `and` or `or` of the two newest runs. */
static bool join_runs(struct interner *interner, enum slu_expression_kind kind) {
    for (uint32_t i = interner->run_count - 2; i < interner->run_count; i++) {
        if (interner->runs[i].kind != kind && !close_run(interner, i)) {
            return false;
        }
    }
    interner->runs[interner->run_count - 2].kind = kind;
    interner->run_count--;
    return true;
}

/* Makes one closed part of the newest `count` runs; their numbers are then the
 * last `count` parts. */
static bool close_newest(struct interner *interner, uint32_t count) {
    for (uint32_t i = interner->run_count - count; i < interner->run_count; i++) {
        if (!close_run(interner, i)) {
            return false;
        }
    }
    interner->run_count -= count;
    interner->part_count -= count; /* the numbers stay readable until the next push */
    return true;
}

/* ---- expressions ---- */

static const uint32_t not_tag = SLU_EXPRESSION_NOT;

/* `not x`; `not not x` is x. */
static bool negate(struct interner *interner) {
    if (!close_newest(interner, 1)) {
        return false;
    }
    uint32_t number = interner->parts[interner->part_count];
    start_key(interner, not_tag, false);
    add_bytes(interner, &number, sizeof number);
    uint32_t negated;
    if (!intern(interner, &negated)) {
        return false;
    }
    /* Known from both sides, so that the next `not` leads back. */
    start_key(interner, not_tag, false);
    add_bytes(interner, &negated, sizeof negated);
    struct slu_string back = slu_buffer_string(&interner->key);
    struct slu_string kept;
    if (interner->key.failed) {
        return fail(interner);
    }
    if (slu_map_find(&interner->numbers, back) == SLU_MAP_NONE &&
        (!slu_arena_copy_string(&interner->scratch, back, &kept) || !slu_map_put(&interner->numbers, kept, number))) {
        return false;
    }
    return push_run(interner, negated);
}

enum slu_expression_kind slu_check_positive(enum slu_expression_kind kind) {
    return kind == SLU_EXPRESSION_NOT_EQUAL    ? SLU_EXPRESSION_EQUAL
           : kind == SLU_EXPRESSION_NOT_ONE_OF ? SLU_EXPRESSION_ONE_OF
           : kind == SLU_EXPRESSION_HAS_NONE   ? SLU_EXPRESSION_HAS_ANY
           : kind == SLU_EXPRESSION_MISSING    ? SLU_EXPRESSION_KNOWN
                                               : kind;
}

bool slu_check_asks_for_elements(const struct slu_expression *test) {
    return test != NULL && (test->kind == SLU_EXPRESSION_ONE_OF || test->kind == SLU_EXPRESSION_NOT_ONE_OF ||
                            (test->kind >= SLU_EXPRESSION_HAS_ANY && test->kind <= SLU_EXPRESSION_HAS_NONE) ||
                            test->kind == SLU_EXPRESSION_CONTAINS_ANY || test->kind == SLU_EXPRESSION_STARTS_WITH_ANY ||
                            test->kind == SLU_EXPRESSION_ENDS_WITH_ANY);
}

bool slu_check_is_folded(const struct slu_expression *around, const struct slu_expression *further) {
    const struct slu_expression *test = around != NULL && around->kind == SLU_EXPRESSION_LIST ? further : around;
    return test != NULL && test->kind >= SLU_EXPRESSION_EQUAL && !test->exactly;
}

static bool visit_field(struct interner *interner, uint32_t field) {
    uint32_t *number = &interner->fields[field];
    if (*number == SLU_NO_INDEX) {
        *number = interner->next_number++;
    }
    return push_run(interner, *number);
}

static bool visit_leaf(struct interner *interner, const struct slu_expression *at, bool folded) {
    start_key(interner, (uint32_t)at->kind, false);
    struct slu_string text = at->text;
    if (at->kind == SLU_EXPRESSION_NAME) {
        add_bytes(interner, &at->binding, sizeof at->binding);
        add_bytes(interner, &at->index, sizeof at->index);
        slu_buffer_add(&interner->key, text); /* for a name that nothing has */
    } else if (at->kind == SLU_EXPRESSION_TEXT) {
        if (folded && !slu_unicode_fold_string(&interner->scratch, text, &text)) {
            return fail(interner);
        }
        slu_buffer_add(&interner->key, text);
    } else {
        add_bytes(interner, &at->number, sizeof at->number);
    }
    uint32_t number;
    return intern(interner, &number) && push_run(interner, number);
}

static bool visit_list(struct interner *interner, const struct slu_expression *at, uint32_t count, bool is_set) {
    if (!close_newest(interner, count)) {
        return false;
    }
    uint32_t *parts = count > 0 ? interner->parts + interner->part_count : NULL;
    start_key(interner, (uint32_t)at->kind, is_set);
    if (is_set && count > 0) {
        add_set(interner, parts, count);
    } else if (count > 0) {
        add_bytes(interner, parts, count * sizeof *parts);
    }
    uint32_t number;
    return intern(interner, &number) && push_run(interner, number);
}

static bool visit_operator(struct interner *interner, const struct slu_expression *at) {
    uint32_t count = slu_expression_child_count(at);
    enum slu_expression_kind kind = slu_check_positive(at->kind);
    if (!close_newest(interner, count)) {
        return false;
    }
    uint32_t *parts = count > 0 ? interner->parts + interner->part_count : NULL;
    start_key(interner, (uint32_t)kind, at->exactly);
    bool symmetric = kind == SLU_EXPRESSION_EQUAL || kind == SLU_EXPRESSION_ADD || kind == SLU_EXPRESSION_MULTIPLY;
    if (symmetric) {
        qsort(parts, count, sizeof *parts, compare_numbers);
    }
    if (count > 0) {
        add_bytes(interner, parts, count * sizeof *parts);
    }
    if (kind == SLU_EXPRESSION_CALL || kind == SLU_EXPRESSION_DURING || kind == SLU_EXPRESSION_MATCHES) {
        slu_buffer_add(&interner->key, at->text);
    }
    uint32_t number;
    if (!intern(interner, &number) || !push_run(interner, number)) {
        return false;
    }
    return kind == at->kind || negate(interner);
}

/* A named list counts as its elements. They are interned again at each use:
 * lists that many rules name are short in practice, and linear in any case. */
static bool visit_named_list(struct interner *interner, const struct slu_expression *at, bool is_set, bool folded) {
    const struct slu_expression *elements = interner->checker->model->lists[at->index].elements;
    if (elements->item_count > SLU_CHECK_WRITTEN_OUT) {
        return visit_leaf(interner, at, folded);
    }
    for (uint32_t i = 0; i < elements->item_count; i++) {
        if (!visit_leaf(interner, elements->items[i], folded)) {
            return false;
        }
    }
    return visit_list(interner, elements, elements->item_count, is_set);
}

static bool visit(struct interner *interner, const struct slu_walk *walk, const struct slu_expression *at) {
    const struct slu_expression *around = slu_walk_around(walk, 0);
    const struct slu_expression *further = slu_walk_around(walk, 1);
    switch ((int)at->kind) {
    case SLU_EXPRESSION_GROUP:
        return true;
    case SLU_EXPRESSION_AND:
    case SLU_EXPRESSION_OR:
        return join_runs(interner, at->kind);
    case SLU_EXPRESSION_NOT:
        return negate(interner);
    case SLU_EXPRESSION_LIST:
        return visit_list(interner, at, at->item_count, slu_check_asks_for_elements(around));
    case SLU_EXPRESSION_NAME:
        if (at->binding == SLU_BINDING_DEFINE) {
            return push_run(interner, interner->defines[at->index]);
        }
        if (at->binding == SLU_BINDING_LIST) {
            return visit_named_list(interner, at, slu_check_asks_for_elements(around),
                                    slu_check_is_folded(around, NULL));
        }
        if (at->binding == SLU_BINDING_FIELD) {
            return visit_field(interner, at->index);
        }
        return visit_leaf(interner, at, false);
    case SLU_EXPRESSION_TEXT:
        return visit_leaf(interner, at, slu_check_is_folded(around, further));
    case SLU_EXPRESSION_NUMBER:
    case SLU_EXPRESSION_FLAG:
    case SLU_EXPRESSION_TIME:
    case SLU_EXPRESSION_DURATION:
    case SLU_EXPRESSION_NOW:
        return visit_leaf(interner, at, false);
    default:
        return visit_operator(interner, at);
    }
}

/* Leaves one run for the expression. */
static bool add_expression(struct interner *interner, struct slu_expression *expression) {
    struct slu_walk walk;
    slu_walk_start(&walk, &interner->checker->stack, expression);
    for (const struct slu_expression *at; (at = slu_walk_next(&walk)) != NULL;) {
        if (!visit(interner, &walk, at)) {
            interner->checker->stack.count = walk.base;
            return false;
        }
    }
    return !interner->checker->arena->failed; /* of the walk */
}

static bool close_one(struct interner *interner, uint32_t *number) {
    if (!close_newest(interner, 1)) {
        return false;
    }
    *number = interner->parts[interner->part_count];
    return true;
}

/* ---- rules ---- */

static bool add_conditions(struct interner *interner, const struct slu_rule_syntax *rule) {
    if (rule->when != NULL && !add_expression(interner, rule->when)) {
        return false;
    }
    if (rule->unless == NULL) {
        return true;
    }
    if (!add_expression(interner, rule->unless) || !negate(interner)) {
        return false;
    }
    return rule->when == NULL || join_runs(interner, SLU_EXPRESSION_AND);
}

/* The number of a rule's conditions and allowances together. */
static bool rule_number(struct interner *interner, const struct slu_bound_rule *rule, uint32_t *number) {
    uint32_t condition = SLU_NO_INDEX;
    bool has_condition = rule->syntax->when != NULL || rule->syntax->unless != NULL;
    if (has_condition && (!add_conditions(interner, rule->syntax) || !close_one(interner, &condition))) {
        return false;
    }
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        const struct slu_bound_allowance *allowance = &rule->allowances[i];
        start_key(interner, SLU_EXPRESSION_COUNT, false);
        add_bytes(interner, &allowance->count, sizeof allowance->count);
        add_bytes(interner, &allowance->period, sizeof allowance->period);
        add_bytes(interner, &allowance->entity_id, sizeof allowance->entity_id);
        uint32_t part;
        if (!intern(interner, &part) || !push_part(interner, part)) {
            return false;
        }
    }
    interner->part_count -= rule->allowance_count;
    start_key(interner, SLU_EXPRESSION_COUNT + 1, false);
    add_bytes(interner, &rule->ruleset, sizeof rule->ruleset);
    add_bytes(interner, &condition, sizeof condition);
    if (rule->allowance_count > 0) {
        add_set(interner, interner->parts + interner->part_count, rule->allowance_count);
    }
    return intern(interner, number);
}

static void report(struct slu_checker *checker, const struct slu_rule_syntax *rule,
                   const struct slu_rule_syntax *first) {
    struct slu_diagnostic *diagnostic =
        slu_diagnostics_add(checker->diagnostics, SLU_DIAGNOSTIC_SAME_CONDITIONS, rule->title.span,
                            "\"%.*s\" has the same conditions as \"%.*s\" and never wins", SLU_SHOWN(rule->title.text),
                            SLU_SHOWN(first->title.text));
    slu_diagnostics_note_at(checker->diagnostics, diagnostic, first->title.span,
                            "this rule wins first: put all the actions into it");
}

static bool start_fields(struct interner *interner) {
    uint32_t count = interner->checker->model->fields_count;
    interner->fields = SLU_NEW_ARRAY(&interner->scratch, uint32_t, count);
    for (uint32_t i = 0; interner->fields != NULL && i < count; i++) {
        interner->fields[i] = SLU_NO_INDEX;
    }
    return interner->fields != NULL;
}

static bool number_defines(struct interner *interner) {
    struct slu_checker *checker = interner->checker;
    const struct slu_model *model = checker->model;
    interner->defines = SLU_NEW_ARRAY(&interner->scratch, uint32_t, model->defines_count);
    if (interner->defines == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < model->defines_count + model->lookups_count; i++) {
        uint32_t define = checker->definition_order[i];
        if (define < model->defines_count && (!add_expression(interner, model->defines[define].condition) ||
                                              !close_one(interner, &interner->defines[define]))) {
            return false;
        }
    }
    return true;
}

static bool is_compared(const struct slu_rule_syntax *rule) {
    return !rule->otherwise && (rule->when != NULL || rule->unless != NULL || rule->allowance_count > 0);
}

/* The rules whose hash another rule has too, in order; NULL when out of memory. */
static uint32_t *list_alike(struct slu_checker *checker, struct slu_arena *arena, uint32_t *count) {
    const struct slu_model *model = checker->model;
    uint32_t buckets = 16;
    while (buckets < model->rules_count * 2) {
        buckets *= 2;
    }
    const uint64_t *hashes = slu_check_condition_hashes(checker, arena);
    uint32_t *first = SLU_NEW_ARRAY(arena, uint32_t, buckets); /* by hash: a rule's number and 1 */
    uint32_t *list = SLU_NEW_ARRAY(arena, uint32_t, model->rules_count);
    bool *alike = SLU_NEW_ARRAY(arena, bool, model->rules_count);
    if (hashes == NULL || first == NULL || list == NULL || alike == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < model->rules_count; i++) {
        uint32_t at = (uint32_t)hashes[i] & (buckets - 1);
        if (!is_compared(model->rules[i].syntax)) {
            continue; /* check_order speaks of those */
        }
        while (first[at] != 0 && hashes[first[at] - 1] != hashes[i]) {
            at = (at + 1) & (buckets - 1);
        }
        if (first[at] != 0) {
            alike[first[at] - 1] = alike[i] = true;
        } else {
            first[at] = i + 1;
        }
    }
    *count = 0;
    for (uint32_t i = 0; i < model->rules_count; i++) {
        if (alike[i]) {
            list[(*count)++] = i;
        }
    }
    return list;
}

static void find_same(struct interner *interner, const uint32_t *rules, uint32_t count) {
    struct slu_checker *checker = interner->checker;
    const struct slu_model *model = checker->model;
    /* By number: the first rule that has it. Numbers are at most as many as keys. */
    struct slu_map first_rules;
    slu_map_init(&first_rules, &interner->scratch);
    for (uint32_t i = 0; i < count; i++) {
        const struct slu_bound_rule *rule = &model->rules[rules[i]];
        uint32_t number;
        struct slu_string key;
        if (!rule_number(interner, rule, &number) ||
            !slu_arena_copy_string(&interner->scratch, (struct slu_string){(const char *)&number, sizeof number},
                                   &key)) {
            return;
        }
        uint32_t first = slu_map_find(&first_rules, key);
        if (first != SLU_MAP_NONE) {
            report(checker, rule->syntax, model->rules[first].syntax);
        } else if (!slu_map_put(&first_rules, key, rules[i])) {
            return;
        }
    }
}

void slu_check_same_conditions(struct slu_checker *checker) {
    if (checker->definitions_circular) {
        return;
    }
    struct interner interner = {.checker = checker};
    slu_arena_init(&interner.scratch, 0);
    slu_map_init(&interner.numbers, &interner.scratch);
    slu_buffer_init(&interner.key);
    uint32_t count = 0;
    const uint32_t *rules = list_alike(checker, &interner.scratch, &count);
    if (count > 0 && start_fields(&interner) && number_defines(&interner)) {
        find_same(&interner, rules, count);
    }
    checker->arena->failed |= interner.scratch.failed;
    slu_buffer_free(&interner.key);
    slu_arena_free(&interner.scratch);
}
