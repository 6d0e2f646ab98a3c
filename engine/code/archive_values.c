/* Values, texts and pieces of code as bytes. */
#include "engine/code/archive.h"

#include "engine/text/unicode.h"

static const void *no_memory(struct slu_archive *archive) {
    archive->no_memory = true;
    slu_archive_refuse(archive, "out of memory");
    return NULL;
}

/* Folded at once: threads share constants. */
static struct slu_text *make_text(struct slu_archive *archive, struct slu_string raw) {
    static const char empty[] = "";
    struct slu_text *text = SLU_NEW(archive->arena, struct slu_text);
    if (text == NULL || !slu_unicode_fold_string(archive->arena, raw, &text->folded)) {
        no_memory(archive);
        return NULL;
    }
    text->raw = raw;
    text->folded.bytes = text->folded.bytes == NULL ? empty : text->folded.bytes; /* NULL: not folded yet */
    return text;
}

static void move_text(struct slu_archive *archive, struct slu_value *value) {
    if (archive->out != NULL) {
        slu_archive_string(archive, value->as.text->raw);
        return;
    }
    value->as.text = make_text(archive, slu_archive_string(archive, (struct slu_string){NULL, 0}));
}

/* What the value is, its type being known; not a list. */
static void move_plain(struct slu_archive *archive, struct slu_value *value) {
    switch (value->type) {
    case SLU_TYPE_TEXT:
        move_text(archive, value);
        break;
    case SLU_TYPE_NUMBER:
    case SLU_TYPE_TIME:
    case SLU_TYPE_DURATION:
        SLU_MOVE_DOUBLE(archive, value->as.number);
        break;
    case SLU_TYPE_FLAG:
        SLU_MOVE_FLAG(archive, value->as.flag);
        break;
    case SLU_TYPE_LIST:
    case SLU_TYPE_MISSING:
    case SLU_TYPE_COUNT:
        break;
    }
}

void slu_archive_value(struct slu_archive *archive, struct slu_value *value) {
    SLU_MOVE_CHOICE(archive, value->type, SLU_TYPE_COUNT);
    if (value->type == SLU_TYPE_LIST) {
        SLU_MOVE(archive, value->as.list,
                 slu_archive_list(archive, archive->out != NULL ? value->as.list : NULL, SLU_TYPE_COUNT));
        if (value->as.list == NULL) {
            slu_archive_refuse(archive, "a list is not there");
        }
    } else {
        move_plain(archive, value);
    }
    if (archive->reason != NULL && archive->out == NULL) {
        *value = slu_value_missing();
    }
}

const struct slu_list *slu_archive_list(struct slu_archive *archive, const struct slu_list *list, enum slu_type type) {
    struct slu_list moved = {0, NULL};
    uint32_t count = 0;
    if (!slu_archive_flag(archive, list != NULL)) {
        return NULL;
    }
    if (list != NULL) {
        moved = *list;
        count = (uint32_t)list->count;
    }
    SLU_MOVE_ARRAY(archive, moved.items, count);
    for (uint32_t i = 0; i < count; i++) {
        SLU_MOVE_CHOICE(archive, moved.items[i].type, SLU_TYPE_COUNT);
        if (moved.items[i].type == SLU_TYPE_LIST || (type != SLU_TYPE_COUNT && moved.items[i].type != type)) {
            slu_archive_refuse(archive, "an element of a list is of another type");
            return NULL;
        }
        move_plain(archive, &moved.items[i]);
    }
    if (archive->out != NULL || archive->reason != NULL) {
        return archive->out != NULL ? list : NULL;
    }
    struct slu_list *made = SLU_NEW(archive->arena, struct slu_list);
    if (made == NULL) {
        return no_memory(archive);
    }
    *made = (struct slu_list){count, moved.items};
    return made;
}

void slu_archive_code(struct slu_archive *archive, struct slu_code *code) {
    SLU_MOVE_NUMBER(archive, code->start);
    SLU_MOVE_NUMBER(archive, code->count);
}
