/* Formulas to clauses (Tseitin), with what holds among the atoms of a subject. */
#include "engine/prove/instance.h"

#include "engine/text/unicode.h"

#include <string.h>

/* Guesses of one call of the solver; a question that takes more is undecided. */
enum { DECISIONS_MAX = 2000000, ROUNDS_MAX = 20000 };

void slu_instance_init(struct slu_instance *instance, struct slu_prover *prover) {
    *instance = (struct slu_instance){.prover = prover, .sat = &slu_sat_picosat};
    slu_arena_init(&instance->arena, 0);
}

void slu_instance_free(struct slu_instance *instance) {
    if (instance->solver != NULL) {
        instance->sat->stop(instance->solver);
        instance->solver = NULL;
    }
    slu_arena_free(&instance->arena);
}

static bool is_over(void *prover) {
    return slu_prover_expired(prover);
}

void slu_instance_reset(struct slu_instance *instance) {
    /* Memory that ran out in one question is not forgotten by the next: no answer counts then. */
    bool failed = instance->failed || instance->arena.failed;
    slu_instance_free(instance);
    instance->solver = instance->sat->start();
    instance->failed = failed || instance->solver == NULL;
    if (instance->solver != NULL) {
        instance->sat->set_terminate(instance->solver, is_over, instance->prover);
    }
    instance->generation++;
    instance->variable_count = 0;
    instance->atoms = NULL;
    instance->atom_count = instance->atom_capacity = 0;
    instance->roots = NULL;
    instance->root_count = instance->root_capacity = 0;
    instance->needed_atoms = NULL;
    instance->needed_count = instance->needed_capacity = 0;
    instance->texts = NULL;
    instance->text_count = instance->text_capacity = 0;
    instance->exclusions = NULL;
    instance->exclusion_count = instance->exclusion_capacity = 0;
    instance->cuts = NULL;
    instance->cuts_count = instance->cuts_capacity = 0;
    instance->truth = NULL;
    instance->truth_count = 0;
    instance->reason = NULL;
}

/* ---- variables and clauses ---- */

static void add_clause(struct slu_instance *instance, const int32_t *literals, uint32_t count) {
    if (instance->solver == NULL) {
        return; /* it could not be had: `failed` is set, and solving says so */
    }
    for (uint32_t i = 0; i < count; i++) {
        instance->sat->add(instance->solver, literals[i]);
    }
    instance->sat->add(instance->solver, 0);
}

static void add_2(struct slu_instance *instance, int32_t first, int32_t second) {
    add_clause(instance, (int32_t[]){first, second}, 2);
}

static int32_t variable_of(const struct slu_instance *instance, uint32_t node) {
    return node < instance->node_capacity && instance->stamps[node] == instance->generation ? instance->variables[node]
                                                                                            : 0;
}

/* Room for all nodes there are, on the prover's arena: the arrays serve every question. */
static bool make_room(struct slu_instance *instance) {
    uint32_t count = instance->prover->formulas.count + 1;
    if (count <= instance->node_capacity) {
        return true;
    }
    uint32_t capacity = count * 2;
    int32_t *variables = SLU_NEW_ARRAY(instance->prover->arena, int32_t, capacity);
    uint32_t *stamps = SLU_NEW_ARRAY(instance->prover->arena, uint32_t, capacity);
    if (variables == NULL || stamps == NULL) {
        instance->failed = true;
        return false;
    }
    if (instance->node_capacity > 0) {
        memcpy(variables, instance->variables, instance->node_capacity * sizeof *variables);
        memcpy(stamps, instance->stamps, instance->node_capacity * sizeof *stamps);
    }
    instance->variables = variables;
    instance->stamps = stamps;
    instance->node_capacity = capacity;
    return true;
}

static int32_t encode(struct slu_instance *instance, slu_formula formula);

static int32_t encode_atom(struct slu_instance *instance, uint32_t atom) {
    return encode(instance, instance->prover->atoms[atom].formula);
}

/* ---- what holds among atoms ---- */

static struct slu_cuts *cuts_of(struct slu_instance *instance, uint32_t subject) {
    for (uint32_t i = 0; i < instance->cuts_count; i++) {
        if (instance->cuts[i].subject == subject) {
            return &instance->cuts[i];
        }
    }
    if (!SLU_RESERVE(&instance->arena, instance->cuts, instance->cuts_capacity, instance->cuts_count)) {
        return NULL;
    }
    instance->cuts[instance->cuts_count] = (struct slu_cuts){.subject = subject};
    return &instance->cuts[instance->cuts_count++];
}

static int32_t cut_variable(const struct slu_instance *instance, uint32_t atom) {
    return variable_of(instance, slu_formula_index(instance->prover->atoms[atom].formula));
}

/* value < cut implies value < any greater cut: links to the nearest on both sides. */
static void link_cuts(struct slu_instance *instance, uint32_t number, int32_t variable) {
    const struct slu_atom *atoms = instance->prover->atoms;
    struct slu_cuts *cuts = cuts_of(instance, atoms[number].subject);
    if (cuts == NULL || !SLU_RESERVE(&instance->arena, cuts->atoms, cuts->capacity, cuts->count)) {
        instance->failed = true;
        return;
    }
    uint32_t low = 0, high = cuts->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (atoms[cuts->atoms[middle]].cut < atoms[number].cut) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low > 0) {
        add_2(instance, -cut_variable(instance, cuts->atoms[low - 1]), variable);
    }
    if (low < cuts->count) {
        add_2(instance, -variable, cut_variable(instance, cuts->atoms[low]));
    }
    memmove(cuts->atoms + low + 1, cuts->atoms + low, (cuts->count - low) * sizeof *cuts->atoms);
    cuts->atoms[low] = number;
    cuts->count++;
}

/* One text equals at most one folded constant, and has one spelling: `any` is
 * a variable that is true when one of those so far is. */
static void link_texts(struct slu_instance *instance, const struct slu_atom *atom, int32_t variable) {
    struct slu_exclusion *exclusion = NULL;
    for (uint32_t i = 0; i < instance->exclusion_count && exclusion == NULL; i++) {
        struct slu_exclusion *other = &instance->exclusions[i];
        exclusion = other->subject == atom->subject && other->kind == atom->kind ? other : NULL;
    }
    if (exclusion == NULL) {
        if (!SLU_RESERVE(&instance->arena, instance->exclusions, instance->exclusion_capacity,
                         instance->exclusion_count)) {
            instance->failed = true;
            return;
        }
        instance->exclusions[instance->exclusion_count++] = (struct slu_exclusion){atom->subject, atom->kind, variable};
        return;
    }
    int32_t any = ++instance->variable_count;
    add_2(instance, -variable, -exclusion->any);
    add_2(instance, -variable, any);
    add_2(instance, -exclusion->any, any);
    exclusion->any = any;
}

/* Equal exactly implies equal when letter case is ignored. */
static void link_exact(struct slu_instance *instance, const struct slu_atom *atom, int32_t variable) {
    struct slu_prover *prover = instance->prover;
    bool list = atom->kind == SLU_ATOM_HAS_EXACTLY;
    uint32_t subject = atom->subject;
    slu_formula folded =
        list ? slu_atom_has(prover, subject, atom->text, false) : slu_atom_is(prover, subject, atom->text, false);
    slu_formula present = prover->subjects[subject].present;
    int32_t folded_variable = encode(instance, folded), present_variable = encode(instance, present);
    add_clause(instance, (int32_t[]){-variable, -present_variable, folded_variable}, 3);
}

/* A choice that is there is one of its set. */
static void link_choices(struct slu_instance *instance, uint32_t subject) {
    struct slu_prover *prover = instance->prover;
    const struct slu_words *choices = slu_subject_choices(&prover->subjects[subject]);
    if (choices == NULL) {
        return;
    }
    slu_formula any = SLU_NEVER;
    for (uint32_t i = 0; i < choices->count; i++) {
        any = slu_formula_or2(&prover->formulas, any, slu_atom_is(prover, subject, choices->items[i].text, false));
    }
    slu_formula present = prover->subjects[subject].present;
    int32_t any_variable = encode(instance, any), present_variable = encode(instance, present);
    add_2(instance, -present_variable, any_variable);
}

static void add_lemma(struct slu_instance *instance, const struct slu_lemma *lemma) {
    for (uint32_t i = 0; i < lemma->count; i++) {
        const struct slu_atom *atom = &instance->prover->atoms[slu_formula_index(lemma->literals[i]) - 1];
        if (variable_of(instance, slu_formula_index(atom->formula)) == 0) {
            return;
        }
    }
    slu_instance_clause(instance, lemma->literals, lemma->count);
}

void slu_instance_clause(struct slu_instance *instance, const int32_t *literals, uint32_t count) {
    int32_t *clause = SLU_NEW_ARRAY(&instance->arena, int32_t, count);
    if (clause == NULL) {
        instance->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        int32_t variable = encode_atom(instance, slu_formula_index(literals[i]) - 1);
        clause[i] = literals[i] < 0 ? -variable : variable;
    }
    add_clause(instance, clause, count);
}

/* The atom has its variable by now; the prover's tables may move. */
static void link_atom(struct slu_instance *instance, uint32_t number, int32_t variable) {
    struct slu_prover *prover = instance->prover;
    struct slu_atom atom = prover->atoms[number];
    if (!SLU_RESERVE(&instance->arena, instance->atoms, instance->atom_capacity, instance->atom_count)) {
        instance->failed = true;
        return;
    }
    instance->atoms[instance->atom_count++] = number;
    switch (atom.kind) {
    case SLU_ATOM_PRESENT:
        link_choices(instance, atom.subject);
        break;
    case SLU_ATOM_BELOW:
        link_cuts(instance, number, variable);
        break;
    case SLU_ATOM_IS:
        link_texts(instance, &prover->atoms[number], variable);
        break;
    case SLU_ATOM_IS_EXACTLY:
        link_texts(instance, &prover->atoms[number], variable);
        link_exact(instance, &atom, variable);
        break;
    case SLU_ATOM_HAS_EXACTLY:
        link_exact(instance, &atom, variable);
        break;
    case SLU_ATOM_FLAG:
    case SLU_ATOM_TEXT:
    case SLU_ATOM_HAS:
    case SLU_ATOM_ALLOWED:
    case SLU_ATOM_OPAQUE:
        break;
    }
    for (uint32_t i = 0; i < prover->atoms[number].lemma_count; i++) {
        add_lemma(instance, &prover->lemmas[prover->atoms[number].lemmas[i]]);
    }
}

/* ---- formulas ---- */

static void encode_and(struct slu_instance *instance, const struct slu_formula_node *node, int32_t variable) {
    int32_t *clause = SLU_NEW_ARRAY(&instance->arena, int32_t, (size_t)node->child_count + 1);
    const slu_formula *children = node->children; /* on the arena: stays when the nodes move */
    uint32_t count = node->child_count;
    if (clause == NULL) {
        instance->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        clause[i] = -encode(instance, children[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        add_2(instance, -variable, -clause[i]);
    }
    clause[count] = variable;
    add_clause(instance, clause, count + 1);
}

/* The literal that stands for the formula. Formulas are at most as deep as
 * conditions, which are limited. */
static int32_t encode(struct slu_instance *instance, slu_formula formula) {
    uint32_t index = slu_formula_index(formula);
    int32_t variable = variable_of(instance, index);
    if (variable == 0) {
        if (instance->failed || !make_room(instance)) {
            return formula < 0 ? -1 : 1;
        }
        variable = ++instance->variable_count;
        instance->variables[index] = variable;
        instance->stamps[index] = instance->generation;
        const struct slu_formula_node *node = &instance->prover->formulas.nodes[index];
        switch (node->kind) {
        case SLU_FORMULA_CONSTANT:
            add_clause(instance, &variable, 1);
            break;
        case SLU_FORMULA_ATOM:
            link_atom(instance, node->atom, variable);
            break;
        case SLU_FORMULA_AND:
            encode_and(instance, node, variable);
            break;
        }
    }
    return formula < 0 ? -variable : variable;
}

uint32_t slu_instance_require(struct slu_instance *instance, slu_formula formula, bool optional, uint32_t tag) {
    if (instance->failed ||
        !SLU_RESERVE(&instance->arena, instance->roots, instance->root_capacity, instance->root_count)) {
        instance->failed = true;
        return 0;
    }
    struct slu_root root = {.formula = formula, .active = true, .tag = tag};
    int32_t literal = encode(instance, formula);
    if (optional) {
        root.selector = ++instance->variable_count;
        add_2(instance, -root.selector, literal);
    } else {
        add_clause(instance, &literal, 1);
    }
    instance->roots[instance->root_count] = root;
    return instance->root_count++;
}

/* ---- solving ---- */

static enum slu_verdict undecided(struct slu_instance *instance, const char *reason) {
    instance->reason = reason;
    return SLU_VERDICT_UNDECIDED;
}

static void note_core(struct slu_instance *instance) {
    for (uint32_t i = 0; i < instance->root_count; i++) {
        struct slu_root *root = &instance->roots[i];
        root->needed = root->selector == 0 || (root->active && instance->sat->failed(instance->solver, root->selector));
    }
}

enum slu_verdict slu_instance_solve(struct slu_instance *instance) {
    for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
        if (instance->failed || slu_prover_failed(instance->prover) || instance->arena.failed) {
            instance->failed = true;
            return undecided(instance, "memory ran out");
        }
        if (slu_prover_expired(instance->prover)) {
            return undecided(instance, "the time for proofs was over");
        }
        for (uint32_t i = 0; i < instance->root_count; i++) {
            if (instance->roots[i].selector != 0 && instance->roots[i].active) {
                instance->sat->assume(instance->solver, instance->roots[i].selector);
            }
        }
        switch (instance->sat->solve(instance->solver, DECISIONS_MAX)) {
        case SLU_SAT_NO:
            note_core(instance);
            return SLU_VERDICT_NO;
        case SLU_SAT_UNKNOWN:
            return undecided(instance, instance->prover->expired ? "the time for proofs was over"
                                                                 : "the conditions are too many to search");
        case SLU_SAT_NO_MEMORY:
            instance->failed = true;
            return undecided(instance, "memory ran out");
        case SLU_SAT_YES:
            break;
        }
        if (!slu_instance_justify(instance)) {
            instance->failed = true;
            return undecided(instance, "memory ran out");
        }
        uint32_t lemmas = instance->prover->lemma_count;
        switch (slu_instance_theory(instance)) {
        case SLU_THEORY_FINE:
            return SLU_VERDICT_YES;
        case SLU_THEORY_GAVE_UP:
            return undecided(instance, "the texts are too many to search");
        case SLU_THEORY_NO_MEMORY:
            instance->failed = true;
            return undecided(instance, "memory ran out");
        case SLU_THEORY_CONFLICT:
            for (; lemmas < instance->prover->lemma_count; lemmas++) {
                const struct slu_lemma *lemma = &instance->prover->lemmas[lemmas];
                slu_instance_clause(instance, lemma->literals, lemma->count);
            }
            break;
        }
    }
    return undecided(instance, "the texts are too many to search");
}

void slu_instance_minimize(struct slu_instance *instance) {
    for (uint32_t i = 0; i < instance->root_count; i++) {
        instance->roots[i].active = instance->roots[i].active && instance->roots[i].needed;
    }
    for (uint32_t i = instance->root_count; i-- > 0;) {
        struct slu_root *root = &instance->roots[i];
        if (!root->active || root->selector == 0) {
            continue;
        }
        root->active = false;
        if (slu_instance_solve(instance) != SLU_VERDICT_NO) {
            root->active = true;
            continue;
        }
        for (uint32_t other = 0; other < instance->root_count; other++) {
            instance->roots[other].active = instance->roots[other].active && instance->roots[other].needed;
        }
    }
}

int slu_instance_value(const struct slu_instance *instance, slu_formula formula) {
    const struct slu_formula_node *node = slu_formula_node(&instance->prover->formulas, formula);
    int value = 1;
    switch (node->kind) {
    case SLU_FORMULA_CONSTANT:
        break;
    case SLU_FORMULA_ATOM:
        value = node->atom < instance->truth_count ? instance->truth[node->atom] : 0;
        break;
    case SLU_FORMULA_AND:
        for (uint32_t i = 0; i < node->child_count && value >= 0; i++) {
            int child = slu_instance_value(instance, node->children[i]);
            value = child < value ? child : value;
        }
        break;
    }
    return formula < 0 ? -value : value;
}

struct slu_string slu_instance_text(const struct slu_instance *instance, uint32_t subject, bool *is_there) {
    for (uint32_t i = 0; i < instance->text_count; i++) {
        if (instance->texts[i].subject == subject) {
            *is_there = true;
            return instance->texts[i].text;
        }
    }
    *is_there = false;
    return (struct slu_string){NULL, 0};
}
