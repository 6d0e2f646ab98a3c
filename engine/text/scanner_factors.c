/* What must be in a text in which a regular expression is found. */
#include "engine/text/pattern_tree.h"
#include "engine/text/scanner.h"
#include "engine/text/unicode.h"

#include <string.h>

enum {
    TEXTS_MOST = 16, /* of one set */
    TEXT_BYTES = 3,  /* shorter ones are in most texts */
    TEXT_BYTES_MOST = 32,
    MEMBERS_MOST = 4, /* of a class that is written out */
    CLASS_MOST = 16   /* characters that come to so many members */
};

/* Characters that follow each other for certain, so far: what they can be. */
struct chain {
    char bytes[TEXTS_MOST][TEXT_BYTES_MOST];
    size_t lengths[TEXTS_MOST];
    uint32_t count;
    uint32_t before; /* as struct certain has it, at its start */
    uint32_t piece;  /* of the whole sequence, which starts it; or SLU_NO_PIECE */
};

/* What is certain of a part of the expression, and the chain at its end. */
struct certain {
    struct slu_factors sets[SLU_FACTORS_MOST];
    uint32_t count;
    uint32_t before; /* characters of the part so far, at most; UINT32_MAX: no such limit is known */
    struct chain chain;
};

struct finder {
    struct slu_arena *arena;   /* of the texts */
    struct slu_arena *scratch; /* of everything else */
    bool exactly;
    bool failed;                                 /* out of memory */
    const struct slu_pattern_node *root, *piece; /* the whole, and its child at hand */
    uint32_t piece_number;
};

static size_t shortest(const struct slu_factors *factors) {
    size_t length = factors->count == 0 ? 0 : SIZE_MAX;
    for (uint32_t i = 0; i < factors->count; i++) {
        length = factors->texts[i].length < length ? factors->texts[i].length : length;
    }
    return length;
}

/* Where there are too many, the one with the shortest text goes. */
static void offer(struct certain *certain, struct slu_factors factors) {
    if (shortest(&factors) < TEXT_BYTES) {
        return;
    }
    if (certain->count < SLU_FACTORS_MOST) {
        certain->sets[certain->count++] = factors;
        return;
    }
    for (uint32_t i = 0; i < certain->count; i++) {
        if (shortest(&certain->sets[i]) < shortest(&factors)) {
            certain->sets[i] = factors;
            return;
        }
    }
}

/* The chain is followed by what is not certain. */
static void end_chain(struct finder *finder, struct certain *certain) {
    struct chain *chain = &certain->chain;
    struct slu_string *texts = SLU_NEW_ARRAY(finder->arena, struct slu_string, chain->count);
    finder->failed |= texts == NULL;
    for (uint32_t i = 0; i < chain->count && !finder->failed; i++) {
        struct slu_string bytes = {chain->bytes[i], chain->lengths[i]};
        finder->failed |= !slu_arena_copy_string(finder->arena, bytes, &texts[i]);
    }
    if (!finder->failed && chain->count > 0) {
        offer(certain, (struct slu_factors){texts, chain->count, chain->before, chain->piece});
    }
    chain->count = 0;
}

/* ---- how many characters ---- */

static uint32_t plus(uint32_t left, uint32_t right) {
    return left < UINT32_MAX - right ? left + right : UINT32_MAX;
}

static uint32_t times(uint32_t left, uint32_t right) {
    if (left == 0 || right == 0) {
        return 0;
    }
    return left < UINT32_MAX / right ? left * right : UINT32_MAX;
}

/* At most, of what the node finds; UINT32_MAX: any number. Recursion is bounded by SLU_LIMIT_NESTING groups. */
static uint32_t most_characters(const struct slu_pattern_node *node) {
    uint32_t most = 0;
    switch (node->kind) {
    case SLU_PATTERN_NODE_EMPTY:
    case SLU_PATTERN_NODE_ASSERTION:
        return 0;
    case SLU_PATTERN_NODE_CLASS:
        return 1;
    case SLU_PATTERN_NODE_SEQUENCE:
        for (const struct slu_pattern_node *child = node->child; child != NULL; child = child->previous) {
            most = plus(most, most_characters(child));
        }
        return most;
    case SLU_PATTERN_NODE_CHOICE:
        for (const struct slu_pattern_node *child = node->child; child != NULL; child = child->previous) {
            uint32_t one = most_characters(child);
            most = one > most ? one : most;
        }
        return most;
    case SLU_PATTERN_NODE_REPEAT:
        return times(most_characters(node->child), node->max);
    }
    return UINT32_MAX;
}

/* ---- characters ---- */

/* What the class's characters come to in the text that is searched; 0: too many. */
static uint32_t members_of(const struct finder *finder, const struct slu_pattern_node *class,
                           uint32_t members[MEMBERS_MOST]) {
    uint32_t count = 0, seen = 0;
    for (uint32_t i = 0; i < class->range_count; i++) {
        for (uint32_t character = class->ranges[i].first; character <= class->ranges[i].last; character++) {
            uint32_t member = finder->exactly ? character : slu_unicode_fold(character), at = 0;
            while (at < count && members[at] != member) {
                at++;
            }
            if (++seen > CLASS_MOST || at == MEMBERS_MOST) {
                return 0;
            }
            members[at] = member;
            count += at == count;
        }
    }
    return count;
}

/* Is there room for each text of the chain with each member behind it? */
static bool has_room(const struct chain *chain, uint32_t members) {
    for (uint32_t i = 0; i < chain->count; i++) {
        if (chain->lengths[i] + 4 > TEXT_BYTES_MOST) {
            return false;
        }
    }
    return chain->count * members <= TEXTS_MOST;
}

static void add_class(struct finder *finder, const struct slu_pattern_node *class, struct certain *certain) {
    uint32_t members[MEMBERS_MOST], count = members_of(finder, class, members);
    struct chain *chain = &certain->chain;
    if (count == 0 || !has_room(chain, count)) {
        end_chain(finder, certain);
    }
    uint32_t before_class = certain->before;
    certain->before = plus(certain->before, 1);
    if (count == 0) {
        return;
    }
    if (chain->count == 0) {
        chain->count = 1;
        chain->lengths[0] = 0;
        chain->before = before_class;
        chain->piece = class == finder->piece ? finder->piece_number : SLU_NO_PIECE;
    }
    uint32_t before = chain->count;
    for (uint32_t i = before; i < before * count; i++) {
        memcpy(chain->bytes[i], chain->bytes[i % before], chain->lengths[i % before]);
        chain->lengths[i] = chain->lengths[i % before];
    }
    chain->count = before * count;
    for (uint32_t i = 0; i < chain->count; i++) {
        char encoded[4];
        size_t length = slu_utf8_encode(members[i / before], encoded);
        memcpy(chain->bytes[i] + chain->lengths[i], encoded, length);
        chain->lengths[i] += length;
    }
}

/* ---- the tree ---- */

static void walk(struct finder *finder, struct slu_pattern_node *node, struct certain *certain);

/* What is certain of the node alone; NULL when out of memory. */
static const struct certain *certain_of(struct finder *finder, struct slu_pattern_node *node) {
    struct certain *certain = SLU_NEW(finder->scratch, struct certain);
    if (certain == NULL) {
        finder->failed = true;
        return NULL;
    }
    walk(finder, node, certain);
    end_chain(finder, certain);
    return certain;
}

static const struct slu_factors *longest(const struct certain *certain) {
    const struct slu_factors *best = NULL;
    for (uint32_t i = 0; certain != NULL && i < certain->count; i++) {
        best = best == NULL || shortest(&certain->sets[i]) > shortest(best) ? &certain->sets[i] : best;
    }
    return best;
}

/* One set of each alternative's, all of them. */
static void offer_choice(struct finder *finder, const struct slu_pattern_node *node, struct certain *certain) {
    struct slu_string *texts = SLU_NEW_ARRAY(finder->arena, struct slu_string, TEXTS_MOST);
    uint32_t count = 0, before = 0;
    finder->failed |= texts == NULL;
    for (struct slu_pattern_node *child = node->child; child != NULL && !finder->failed; child = child->previous) {
        const struct slu_factors *one = longest(certain_of(finder, child));
        if (one == NULL || one->count > TEXTS_MOST - count) {
            return;
        }
        memcpy(texts + count, one->texts, one->count * sizeof *texts);
        count += one->count;
        before = one->before > before ? one->before : before;
    }
    offer(certain, (struct slu_factors){texts, count, plus(certain->before, before), SLU_NO_PIECE});
}

static void offer_repeated(struct finder *finder, struct slu_pattern_node *child, struct certain *certain) {
    const struct certain *inside = certain_of(finder, child);
    for (uint32_t i = 0; inside != NULL && i < inside->count; i++) {
        struct slu_factors factors = inside->sets[i]; /* those of the first time */
        factors.before = plus(certain->before, factors.before);
        offer(certain, factors);
    }
}

/* Recursion is bounded by SLU_LIMIT_NESTING groups, as the parser's. */
static void walk(struct finder *finder, struct slu_pattern_node *node, struct certain *certain) {
    switch (node->kind) {
    case SLU_PATTERN_NODE_EMPTY:
    case SLU_PATTERN_NODE_ASSERTION: /* takes no character: what is before and after it touch */
        return;
    case SLU_PATTERN_NODE_CLASS:
        add_class(finder, node, certain);
        return;
    case SLU_PATTERN_NODE_SEQUENCE:
        node->child = slu_pattern_turn(node->child);
        for (struct slu_pattern_node *child = node->child; child != NULL; child = child->previous) {
            if (node == finder->root) {
                finder->piece_number += finder->piece != NULL;
                finder->piece = child;
            }
            walk(finder, child, certain);
        }
        node->child = slu_pattern_turn(node->child);
        return;
    case SLU_PATTERN_NODE_CHOICE:
        end_chain(finder, certain);
        offer_choice(finder, node, certain);
        certain->before = plus(certain->before, most_characters(node));
        return;
    case SLU_PATTERN_NODE_REPEAT:
        end_chain(finder, certain);
        if (node->min > 0) {
            offer_repeated(finder, node->child, certain);
        }
        certain->before = plus(certain->before, most_characters(node));
        return;
    }
}

bool slu_pattern_factors(struct slu_arena *arena, struct slu_arena *scratch, const struct slu_pattern *pattern,
                         struct slu_factors factors[SLU_FACTORS_MOST], uint32_t *count,
                         struct slu_pattern_node **tree) {
    struct slu_arena certainties;
    struct slu_pattern_error error;
    struct finder finder = {.arena = arena, .scratch = &certainties, .exactly = slu_pattern_is_exact(pattern)};
    *count = 0;
    if (slu_pattern_parse(scratch, slu_pattern_text(pattern), finder.exactly, tree, &error) != SLU_PATTERN_OK) {
        return false;
    }
    slu_arena_init(&certainties, 0);
    finder.root = *tree;
    const struct certain *certain = certain_of(&finder, *tree);
    if (!finder.failed && certain != NULL) {
        memcpy(factors, certain->sets, certain->count * sizeof *factors);
        *count = certain->count;
    }
    slu_arena_free(&certainties);
    return !finder.failed;
}
