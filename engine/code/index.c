#include "engine/code/index.h"

const struct slu_index_kind_entry slu_index_kinds[SLU_INDEX_KIND_COUNT] = {
#define INDEX_LOOK(name, word, keys, exactly, part, late) {word, SLU_INDEX_KEYS_##keys, exactly, part, late},
#include "engine/code/index_looks.def"
#undef INDEX_LOOK
};

uint32_t slu_index_last_class(enum slu_index_kind kind, uint32_t key_count) {
    switch (slu_index_kinds[kind].keys) {
    case SLU_INDEX_KEYS_NUMBERS:
        return SLU_INDEX_OTHER + 2 * key_count;
    case SLU_INDEX_KEYS_TEXTS:
        return SLU_INDEX_OTHER + key_count;
    case SLU_INDEX_KEYS_NONE:
        break;
    }
    return SLU_INDEX_OTHER + (kind == SLU_INDEX_FLAG);
}
