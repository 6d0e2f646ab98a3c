#include "engine/check/checker.h"

struct slu_declarations slu_declarations_of(const struct slu_checker *checker, enum slu_declaration_kind kind) {
    return (struct slu_declarations){checker, kind, 0, 0};
}

struct slu_declaration *slu_declarations_next(struct slu_declarations *declarations) {
    const struct slu_checker *checker = declarations->checker;
    for (; declarations->tree < checker->tree_count; declarations->tree++, declarations->next = 0) {
        const struct slu_tree *tree = &checker->trees[declarations->tree];
        while (declarations->next < tree->declaration_count) {
            struct slu_declaration *declaration = &tree->declarations[declarations->next++];
            if (declaration->kind == declarations->kind) {
                return declaration;
            }
        }
    }
    return NULL;
}

uint32_t slu_declarations_count(const struct slu_checker *checker, enum slu_declaration_kind kind) {
    struct slu_declarations all = slu_declarations_of(checker, kind);
    uint32_t count = 0;
    while (slu_declarations_next(&all) != NULL) {
        count++;
    }
    return count;
}

bool slu_check_is_standard(const struct slu_checker *checker, struct slu_span span) {
    return checker->sources->items[span.file].standard;
}
