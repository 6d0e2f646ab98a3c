/* engine/prove: the solver's interface, texts that are too many, and the time
 * being over. What it finds is in tests/cases/prove and tests/prove. */
#include "engine/prove/formula.h"
#include "engine/prove/prove.h"
#include "engine/prove/sat.h"
#include "engine/prove/text_search.h"
#include "tests/unit/check.h"
#include "tests/unit/deciding.h"
#include "tests/unit/failing_memory.h"

static const struct slu_sat_solver *const sat = &slu_sat_picosat;

enum { DECISIONS = 1000000 };

static void add_clause(void *solver, const int32_t *literals, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sat->add(solver, literals[i]);
    }
    sat->add(solver, 0);
}

#define ADD_CLAUSE(solver, ...)                                                                                        \
    add_clause((solver), (const int32_t[]){__VA_ARGS__}, sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t))

static void test_solver(struct check *check) {
    void *solver = sat->start();
    if (!CHECK(check, solver != NULL)) {
        return;
    }
    ADD_CLAUSE(solver, 1, 2);
    ADD_CLAUSE(solver, -1, 3);
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_YES);
    CHECK(check, sat->value(solver, 1) || sat->value(solver, 2));
    sat->assume(solver, -2);
    sat->assume(solver, 4);
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_YES);
    CHECK(check, sat->value(solver, 1) && sat->value(solver, 3) && sat->value(solver, 4));
    sat->assume(solver, -2);
    sat->assume(solver, -3);
    sat->assume(solver, 4);
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_NO);
    CHECK(check, sat->failed(solver, -2) && sat->failed(solver, -3) && !sat->failed(solver, 4));
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_YES); /* assumptions are for one question */
    ADD_CLAUSE(solver, -2);
    ADD_CLAUSE(solver, -3);
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_NO);
    sat->stop(solver);
}

/* So many birds each in one of too few nests: NO, and hard to see. */
static void add_birds(void *solver, int32_t birds) {
    int32_t nests = birds - 1;
    for (int32_t bird = 0; bird < birds; bird++) {
        for (int32_t nest = 1; nest <= nests; nest++) {
            sat->add(solver, bird * nests + nest);
        }
        sat->add(solver, 0);
    }
    for (int32_t nest = 1; nest <= nests; nest++) {
        for (int32_t bird = 0; bird < birds; bird++) {
            for (int32_t other = 0; other < bird; other++) {
                ADD_CLAUSE(solver, -(bird * nests + nest), -(other * nests + nest));
            }
        }
    }
}

static void test_decisions(struct check *check) {
    void *solver = sat->start();
    if (!CHECK(check, solver != NULL)) {
        return;
    }
    add_birds(solver, 7);
    CHECK(check, sat->solve(solver, 10) == SLU_SAT_UNKNOWN);
    CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_NO); /* giving up is not for ever */
    sat->stop(solver);
}

/* True from the third time on that it is asked. */
static bool third_time(void *context) {
    unsigned *asked = context;
    return ++*asked >= 3;
}

static void test_terminate(struct check *check) {
    void *solver = sat->start();
    if (!CHECK(check, solver != NULL)) {
        return;
    }
    unsigned asked = 0;
    sat->set_terminate(solver, third_time, &asked);
    add_birds(solver, 12); /* would take hours */
    CHECK(check, sat->solve(solver, UINT32_MAX) == SLU_SAT_UNKNOWN);
    CHECK(check, asked == 3);
    sat->stop(solver);
}

/* Without memory it says so, and everything is given back (the leak checker looks). */
static void solve_birds(void *context) {
    struct check *check = context;
    void *solver = sat->start();
    if (solver == NULL) {
        return;
    }
    add_birds(solver, 4);
    sat->assume(solver, 100);
    enum slu_sat_answer answer = sat->solve(solver, DECISIONS);
    CHECK(check, answer == SLU_SAT_NO || answer == SLU_SAT_NO_MEMORY);
    if (answer == SLU_SAT_NO_MEMORY) { /* and stays so */
        sat->add(solver, 1);
        sat->add(solver, 0);
        CHECK(check, sat->solve(solver, DECISIONS) == SLU_SAT_NO_MEMORY);
        CHECK(check, sat->failed(solver, 100));
    } else {
        (void)sat->failed(solver, 100);
    }
    sat->stop(solver);
}

/* ---- texts ---- */

/* Is there a text in which each of `wanted` is found, and none of `unwanted`? NULL ends both. */
static enum slu_text_answer search(struct slu_arena *arena, const char *const *wanted, const char *const *unwanted,
                                   struct slu_string *word) {
    struct slu_text_demand demands[80];
    uint32_t count = 0;
    struct slu_pattern_error error;
    for (int side = 0; side < 2; side++) {
        for (const char *const *at = side == 0 ? wanted : unwanted; *at != NULL; at++) {
            demands[count].wanted = side == 0;
            if (slu_pattern_compile(arena, slu_string_from(*at), true, &demands[count++].pattern, &error) !=
                SLU_PATTERN_OK) {
                return SLU_TEXT_NO_MEMORY;
            }
        }
    }
    return slu_text_search(arena, demands, count, word);
}

static const char *const none[] = {NULL};

static void test_texts(struct check *check) {
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_string word;
    CHECK(check, search(&arena, (const char *const[]){"^a", "b$", NULL}, (const char *const[]){"^ab$", NULL}, &word) ==
                     SLU_TEXT_WORD);
    CHECK(check, word.length == 3 && word.bytes[0] == 'a' && word.bytes[2] == 'b');
    CHECK(check,
          search(&arena, (const char *const[]){"^a", NULL}, (const char *const[]){"a", NULL}, &word) == SLU_TEXT_NONE);
    CHECK(check, search(&arena, none, none, &word) == SLU_TEXT_WORD && word.length == 0);
    /* Whether the seventh last character is an a, and whether not. */
    const char *const seventh[] = {"^(a|b)*a(a|b){6}$", NULL};
    CHECK(check, search(&arena, seventh, seventh, &word) == SLU_TEXT_NONE);
    /* The same of the 21st last: more places than are looked at. */
    const char *const far[] = {"^(a|b)*a(a|b){20}$", NULL};
    CHECK(check, search(&arena, far, far, &word) == SLU_TEXT_GAVE_UP);
    const char *many[62] = {NULL};
    for (size_t i = 0; i < 61; i++) {
        many[i] = "a";
    }
    CHECK(check, search(&arena, many, none, &word) == SLU_TEXT_GAVE_UP);
    slu_arena_free(&arena);
}

static void search_once(void *context) {
    struct check *check = context;
    struct slu_arena arena;
    slu_arena_init(&arena, 0);
    struct slu_string word;
    enum slu_text_answer answer =
        search(&arena, (const char *const[]){"^(a|b)*c$", "b.{9}c", NULL}, (const char *const[]){"aa", NULL}, &word);
    CHECK(check, answer == SLU_TEXT_WORD || answer == SLU_TEXT_NO_MEMORY);
    slu_arena_free(&arena);
}

/* ---- truth tables ---- */

enum { ATOMS = 5 };

static uint32_t next_random(uint32_t *state) {
    return (*state = *state * 1664525 + 1013904223) >> 16;
}

static slu_formula random_formula(struct slu_formulas *formulas, uint32_t *state, int depth) {
    uint32_t choice = next_random(state);
    if (depth == 0 || choice % 8 == 0) {
        slu_formula atom = slu_formula_atom(formulas, next_random(state) % ATOMS);
        return choice % 2 == 0 ? atom : -atom;
    }
    slu_formula left = random_formula(formulas, state, depth - 1);
    slu_formula right = random_formula(formulas, state, depth - 1);
    return choice % 2 == 0 ? slu_formula_and2(formulas, left, right) : slu_formula_or2(formulas, left, right);
}

/* Bit i of `truth` is what atom i says. */
static bool holds(const struct slu_formulas *formulas, slu_formula formula, uint32_t truth) {
    const struct slu_formula_node *node = slu_formula_node(formulas, formula);
    bool value = node->kind != SLU_FORMULA_ATOM || (truth >> node->atom & 1) != 0;
    for (uint32_t i = 0; i < node->child_count; i++) {
        value = value && holds(formulas, node->children[i], truth);
    }
    return value == (formula > 0);
}

static bool is_never(const struct slu_formulas *formulas, slu_formula formula) {
    for (uint32_t truth = 0; truth < 1u << ATOMS; truth++) {
        if (holds(formulas, formula, truth)) {
            return false;
        }
    }
    return true;
}

/* What is surely never is never; and what differs in its form only is seen. */
static void test_truth_tables(struct check *check) {
    struct slu_arena arena;
    struct slu_formulas formulas;
    slu_arena_init(&arena, 0);
    CHECK(check, slu_formulas_init(&formulas, &arena));
    CHECK(check, slu_formula_is_surely_never(&formulas, SLU_NEVER));
    CHECK(check, !slu_formula_is_surely_never(&formulas, SLU_ALWAYS));
    uint32_t state = 1, seen = 0, wrong = 0;
    for (int i = 0; i < 20000; i++) {
        slu_formula formula = random_formula(&formulas, &state, 4);
        bool surely = slu_formula_is_surely_never(&formulas, formula);
        seen += surely && formula != SLU_NEVER;
        wrong += surely && !is_never(&formulas, formula);
        slu_formula part = random_formula(&formulas, &state, 1);
        slu_formula same = slu_formula_or2(&formulas, slu_formula_and2(&formulas, formula, part),
                                           slu_formula_and2(&formulas, formula, -part));
        slu_formula differ = slu_formula_or2(&formulas, slu_formula_and2(&formulas, same, -formula),
                                             slu_formula_and2(&formulas, -same, formula));
        wrong += !is_never(&formulas, differ);
        seen += slu_formula_is_surely_never(&formulas, differ);
    }
    CHECK(check, wrong == 0);
    CHECK(check, seen > 100);
    printf("%u formulas are surely never\n", seen);
    slu_arena_free(&arena);
}

/* ---- the time is over ---- */

struct clock {
    uint32_t asked, allowed;
};

static bool is_over(void *context) {
    struct clock *clock = context;
    return clock->asked++ >= clock->allowed;
}

/* However early the time is over: what is not decided is said, and nothing else is claimed. */
static void test_expired(struct check *check) {
    sluice_program *program = compile_text("use intercom\n"
                                           "never intercom.reply when message.body contains \"x\"\n"
                                           "ruleset \"A\" on conversation.started complete\n"
                                           "  rule \"Large\"\n"
                                           "    when company.size > 5\n"
                                           "    then intercom.close()\n"
                                           "  otherwise then intercom.open()\n");
    if (!CHECK(check, program != NULL)) {
        return;
    }
    uint32_t allowed = 0;
    for (bool over = true; over && allowed < 1000; allowed++) {
        struct clock clock = {0, allowed};
        struct slu_prove_options options = {.expired = is_over, .context = &clock};
        struct slu_arena arena;
        struct slu_diagnostics diagnostics;
        slu_arena_init(&arena, 0);
        slu_diagnostics_init(&diagnostics, &arena, &program->sources);
        CHECK(check, slu_prove_lint(program, &options, &diagnostics) == SLUICE_OK);
        over = clock.asked > allowed;
        uint32_t undecided = 0;
        for (uint32_t i = 0; i < diagnostics.count; i++) {
            undecided += diagnostics.items[i].code == SLU_DIAGNOSTIC_UNDECIDED;
        }
        CHECK(check, undecided == diagnostics.count && (undecided > 0) == over);
        slu_arena_free(&arena);
    }
    CHECK(check, allowed > 2 && allowed < 1000);
    sluice_program_free(program);
}

int main(void) {
    struct check check = {0, 0};
    test_solver(&check);
    test_decisions(&check);
    test_terminate(&check);
    CHECK(&check, failing_memory_try_all(solve_birds, &check) > 10);
    test_texts(&check);
    CHECK(&check, failing_memory_try_all(search_once, &check) >= 2);
    test_truth_tables(&check);
    test_expired(&check);
    return check_finish(&check);
}
