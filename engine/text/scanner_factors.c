/* What must be in a text in which a regular expression is found. */
#include "engine/text/pattern_tree.h"
#include "engine/text/scanner.h"
#include "engine/text/unicode.h"

#include <string.h>

enum { FACTORS_MOST = 16, FACTOR_BYTES = 3, FACTOR_BYTES_MOST = 64, CLASS_MOST = 8 };

/* At least one of the texts is there; count 0: nothing is known. */
struct factors {
    struct slu_string texts[FACTORS_MOST];
    uint32_t count;
};

struct finder {
    struct slu_arena *arena;
    bool exactly;
    bool failed; /* out of memory */
};

/* The best of one way through the expression, and the characters that follow
 * each other for certain, so far. */
struct run {
    struct factors best;
    char bytes[FACTOR_BYTES_MOST];
    size_t length;
};

static size_t shortest(const struct factors *factors) {
    size_t length = factors->count == 0 ? 0 : SIZE_MAX;
    for (uint32_t i = 0; i < factors->count; i++) {
        length = factors->texts[i].length < length ? factors->texts[i].length : length;
    }
    return length;
}

static void take_better(struct factors *best, const struct factors *other) {
    size_t before = shortest(best), after = shortest(other);
    if (after > before || (after == before && other->count < best->count)) {
        *best = *other;
    }
}

/* The characters are followed by one that is not certain. */
static void end_run(struct finder *finder, struct run *run) {
    if (run->length > 0) {
        struct factors one = {.count = 1};
        struct slu_string bytes = {run->bytes, run->length};
        if (shortest(&run->best) < run->length || run->best.count > 1) {
            finder->failed |= !slu_arena_copy_string(finder->arena, bytes, &one.texts[0]);
            take_better(&run->best, &one);
        }
    }
    run->length = 0;
}

/* Does every character of the class come to the same one in the text that is searched? */
static bool is_one(const struct finder *finder, const struct slu_pattern_node *class, uint32_t *code_point) {
    if (class->range_count == 0) {
        return false;
    }
    uint32_t first = class->ranges[0].first, members = 0;
    *code_point = finder->exactly ? first : slu_unicode_fold(first);
    for (uint32_t i = 0; i < class->range_count; i++) {
        for (uint32_t member = class->ranges[i].first; member <= class->ranges[i].last; member++) {
            uint32_t seen = finder->exactly ? member : slu_unicode_fold(member);
            if (seen != *code_point || ++members > CLASS_MOST) {
                return false;
            }
        }
    }
    return true;
}

static void walk(struct finder *finder, struct slu_pattern_node *node, struct run *run);

/* What is certain of the node alone. */
static struct factors factors_of(struct finder *finder, struct slu_pattern_node *node) {
    struct run run = {.length = 0};
    walk(finder, node, &run);
    end_run(finder, &run);
    return run.best;
}

/* One of each alternative's, all of them. */
static struct factors factors_of_choice(struct finder *finder, const struct slu_pattern_node *node) {
    struct factors all = {.count = 0}, none = {.count = 0};
    for (struct slu_pattern_node *child = node->child; child != NULL; child = child->previous) {
        const struct factors one = factors_of(finder, child);
        if (one.count == 0 || one.count > FACTORS_MOST - all.count) {
            return none;
        }
        memcpy(all.texts + all.count, one.texts, one.count * sizeof *one.texts);
        all.count += one.count;
    }
    return all;
}

static void walk_class(struct finder *finder, const struct slu_pattern_node *class, struct run *run) {
    char encoded[4];
    uint32_t code_point;
    if (!is_one(finder, class, &code_point)) {
        end_run(finder, run);
        return;
    }
    size_t length = slu_utf8_encode(code_point, encoded);
    if (run->length + length > FACTOR_BYTES_MOST) {
        end_run(finder, run);
    }
    memcpy(run->bytes + run->length, encoded, length);
    run->length += length;
}

/* The children, which lead from the last one to the first, the other way. */
static struct slu_pattern_node *turn(struct slu_pattern_node *node) {
    struct slu_pattern_node *turned = NULL;
    while (node != NULL) {
        struct slu_pattern_node *previous = node->previous;
        node->previous = turned;
        turned = node;
        node = previous;
    }
    return turned;
}

/* Recursion is bounded by SLU_LIMIT_NESTING groups, as the parser's. */
static void walk(struct finder *finder, struct slu_pattern_node *node, struct run *run) {
    struct factors inside;
    switch (node->kind) {
    case SLU_PATTERN_NODE_EMPTY:
    case SLU_PATTERN_NODE_ASSERTION: /* takes no character: what is before and after it touch */
        return;
    case SLU_PATTERN_NODE_CLASS:
        walk_class(finder, node, run);
        return;
    case SLU_PATTERN_NODE_SEQUENCE:
        node->child = turn(node->child);
        for (struct slu_pattern_node *child = node->child; child != NULL; child = child->previous) {
            walk(finder, child, run);
        }
        node->child = turn(node->child);
        return;
    case SLU_PATTERN_NODE_CHOICE:
        end_run(finder, run);
        inside = factors_of_choice(finder, node);
        take_better(&run->best, &inside);
        return;
    case SLU_PATTERN_NODE_REPEAT:
        end_run(finder, run);
        if (node->min > 0) {
            inside = factors_of(finder, node->child);
            take_better(&run->best, &inside);
        }
        return;
    }
}

bool slu_pattern_factors(struct slu_arena *arena, const struct slu_pattern *pattern, struct slu_string **factors,
                         uint32_t *count) {
    struct slu_arena scratch;
    struct slu_pattern_node *root = NULL;
    struct slu_pattern_error error;
    struct finder finder = {.arena = arena, .exactly = slu_pattern_is_exact(pattern)};
    *count = 0;
    slu_arena_init(&scratch, 0);
    bool parsed =
        slu_pattern_parse(&scratch, slu_pattern_text(pattern), finder.exactly, &root, &error) == SLU_PATTERN_OK;
    if (parsed) {
        struct factors found = factors_of(&finder, root);
        *factors = SLU_NEW_ARRAY(arena, struct slu_string, found.count);
        finder.failed |= *factors == NULL;
        if (!finder.failed && shortest(&found) >= FACTOR_BYTES) {
            memcpy(*factors, found.texts, found.count * sizeof *found.texts);
            *count = found.count;
        }
    }
    slu_arena_free(&scratch);
    return parsed && !finder.failed;
}
