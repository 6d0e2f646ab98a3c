/* A hash of each rule's conditions, equal wherever same_conditions.c gives equal
 * numbers: it follows the same cases. Nearly all rules differ in it, so that only
 * a few have to be told apart for certain.
 *
 * Operands whose order does not matter, and that count once, go into a set. */
#include "engine/check/checker.h"
#include "engine/text/unicode.h"

#include <string.h>

struct hashing {
    const struct slu_model *model;
    struct slu_arena *arena; /* texts without regard to letter case */
    uint64_t *defines;       /* by named condition */
    bool failed;
};

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 divided by the golden ratio */
    return hash ^ (hash >> 32);
}

static uint64_t mix_number(uint64_t hash, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return mix(hash, bits);
}

/* ---- sets ---- */

struct set {
    uint64_t any, all, least, most; /* none of them hangs on order or on how often */
};

static const struct set empty_set = {0, UINT64_MAX, UINT64_MAX, 0};

static void add(struct set *set, uint64_t hash) {
    set->any |= hash;
    set->all &= hash;
    set->least = hash < set->least ? hash : set->least;
    set->most = hash > set->most ? hash : set->most;
}

static uint64_t mix_set(uint64_t hash, const struct set *set) {
    return mix(mix(mix(mix(hash, set->any), set->all), set->least), set->most);
}

/* ---- expressions ---- */

/* `not not x` is x. */
static uint64_t negated(uint64_t hash) {
    return hash ^ UINT64_C(0xD1B54A32D192ED03);
}

static uint64_t hash_text(uint64_t hash, struct slu_string text) {
    return mix(hash, slu_map_hash(text));
}

static uint64_t hash_leaf(struct hashing *hashing, const struct slu_expression *at, bool folded) {
    uint64_t hash = mix(at->kind, 0);
    if (at->kind == SLU_EXPRESSION_NAME) {
        return hash_text(mix(mix(hash, at->binding), at->index), at->text);
    }
    if (at->kind == SLU_EXPRESSION_TEXT) {
        struct slu_string text = at->text;
        hashing->failed |= folded && !slu_unicode_fold_string(hashing->arena, text, &text);
        return hash_text(hash, text);
    }
    return mix_number(hash, at->number);
}

static uint64_t hash_named_list(struct hashing *hashing, const struct slu_expression *at, bool is_set, bool folded) {
    const struct slu_expression *elements = hashing->model->lists[at->index].elements;
    if (elements->item_count > SLU_CHECK_WRITTEN_OUT) {
        return hash_leaf(hashing, at, folded);
    }
    struct set set = empty_set;
    uint64_t ordered = 0;
    for (uint32_t i = 0; i < elements->item_count; i++) {
        uint64_t element = hash_leaf(hashing, elements->items[i], folded);
        ordered = mix(ordered, element);
        add(&set, element);
    }
    uint64_t hash = mix(elements->kind, is_set);
    return is_set ? mix_set(hash, &set) : mix(hash, ordered);
}

static uint64_t hash_name(struct hashing *hashing, const struct slu_expression *at,
                          const struct slu_expression *around) {
    switch (at->binding) {
    case SLU_BINDING_DEFINE:
        return hashing->defines[at->index];
    case SLU_BINDING_LIST:
        return hash_named_list(hashing, at, slu_check_asks_for_elements(around), slu_check_is_folded(around, NULL));
    default:
        return hash_leaf(hashing, at, false);
    }
}

static uint64_t hash_expression(struct hashing *hashing, const struct slu_expression *at,
                                const struct slu_expression *around, const struct slu_expression *further);

static uint64_t hash_list(struct hashing *hashing, const struct slu_expression *at,
                          const struct slu_expression *around) {
    bool is_set = slu_check_asks_for_elements(around);
    struct set set = empty_set;
    uint64_t ordered = 0;
    for (uint32_t i = 0; i < at->item_count; i++) {
        uint64_t element = hash_expression(hashing, at->items[i], at, around);
        ordered = mix(ordered, element);
        add(&set, element);
    }
    uint64_t hash = mix(at->kind, is_set);
    return is_set ? mix_set(hash, &set) : mix(hash, ordered);
}

static uint64_t hash_operator(struct hashing *hashing, const struct slu_expression *at,
                              const struct slu_expression *around) {
    enum slu_expression_kind kind = slu_check_positive(at->kind);
    bool symmetric = kind == SLU_EXPRESSION_EQUAL || kind == SLU_EXPRESSION_ADD || kind == SLU_EXPRESSION_MULTIPLY;
    uint64_t ordered = 0, sum = 0;
    uint32_t count = slu_expression_child_count(at);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t operand = hash_expression(hashing, slu_expression_child(at, i), at, around);
        ordered = mix(ordered, operand);
        sum += operand;
    }
    uint64_t hash = mix(mix(kind, at->exactly), symmetric ? sum : ordered);
    if (kind == SLU_EXPRESSION_CALL || kind == SLU_EXPRESSION_DURING || kind == SLU_EXPRESSION_MATCHES) {
        hash = hash_text(hash, at->text);
    }
    return kind == at->kind ? hash : negated(hash);
}

/* The operands of a chain of the same `and` or `or`, parentheses or not. */
static void add_chain(struct hashing *hashing, const struct slu_expression *at, const struct slu_expression *around,
                      enum slu_expression_kind kind, struct set *set) {
    while (at->kind == SLU_EXPRESSION_GROUP) {
        around = at;
        at = at->items[0];
    }
    if (at->kind != kind) {
        add(set, hash_expression(hashing, at, around, NULL));
        return;
    }
    add_chain(hashing, at->items[0], at, kind, set);
    add_chain(hashing, at->items[1], at, kind, set);
}

/* `around` stands around it, `further` around that; NULL: nothing. No deeper than SLU_LIMIT_NESTING. */
static uint64_t hash_expression(struct hashing *hashing, const struct slu_expression *at,
                                const struct slu_expression *around, const struct slu_expression *further) {
    switch ((int)at->kind) {
    case SLU_EXPRESSION_GROUP:
        return hash_expression(hashing, at->items[0], at, around);
    case SLU_EXPRESSION_AND:
    case SLU_EXPRESSION_OR: {
        struct set set = empty_set;
        add_chain(hashing, at, around, at->kind, &set);
        return mix_set(mix(at->kind, 0), &set);
    }
    case SLU_EXPRESSION_NOT:
        return negated(hash_expression(hashing, at->items[0], at, around));
    case SLU_EXPRESSION_LIST:
        return hash_list(hashing, at, around);
    case SLU_EXPRESSION_NAME:
        return hash_name(hashing, at, around);
    case SLU_EXPRESSION_TEXT:
        return hash_leaf(hashing, at, slu_check_is_folded(around, further));
    case SLU_EXPRESSION_NUMBER:
    case SLU_EXPRESSION_FLAG:
    case SLU_EXPRESSION_TIME:
    case SLU_EXPRESSION_DURATION:
    case SLU_EXPRESSION_NOW:
        return hash_leaf(hashing, at, false);
    default:
        return hash_operator(hashing, at, around);
    }
}

/* ---- rules ---- */

static uint64_t hash_condition(struct hashing *hashing, const struct slu_rule_syntax *rule) {
    struct set set = empty_set;
    if (rule->unless == NULL) {
        return rule->when == NULL ? 0 : hash_expression(hashing, rule->when, NULL, NULL);
    }
    uint64_t excluded = negated(hash_expression(hashing, rule->unless, NULL, NULL));
    if (rule->when == NULL) {
        return excluded;
    }
    add(&set, excluded);
    add_chain(hashing, rule->when, NULL, SLU_EXPRESSION_AND, &set);
    return mix_set(mix(SLU_EXPRESSION_AND, 0), &set);
}

static uint64_t hash_rule(struct hashing *hashing, const struct slu_bound_rule *rule) {
    uint64_t hash = mix(hash_condition(hashing, rule->syntax), rule->ruleset);
    struct set set = empty_set;
    for (uint32_t i = 0; i < rule->allowance_count; i++) {
        const struct slu_bound_allowance *allowance = &rule->allowances[i];
        add(&set, mix(mix_number(mix_number(0, allowance->count), allowance->period), allowance->entity_id));
    }
    return rule->allowance_count == 0 ? hash : mix_set(hash, &set);
}

uint64_t *slu_check_condition_hashes(struct slu_checker *checker, struct slu_arena *arena) {
    const struct slu_model *model = checker->model;
    struct hashing hashing = {.model = model, .arena = arena};
    uint64_t *rules = SLU_NEW_ARRAY(arena, uint64_t, model->rules_count);
    hashing.defines = SLU_NEW_ARRAY(arena, uint64_t, model->defines_count);
    if (rules == NULL || hashing.defines == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < model->defines_count + model->lookups_count; i++) {
        uint32_t define = checker->definition_order[i];
        if (define < model->defines_count) {
            hashing.defines[define] = hash_expression(&hashing, model->defines[define].condition, NULL, NULL);
        }
    }
    for (uint32_t i = 0; i < model->rules_count; i++) {
        rules[i] = hash_rule(&hashing, &model->rules[i]);
    }
    return hashing.failed ? NULL : rules;
}
