/* A program as bytes, written and read by the same functions: each moves a
 * field to the bytes or from them, so that the two directions cannot differ.
 *
 * Numbers are little-endian, of fixed width; a string is its length and its
 * bytes, an array its count and its items. Reading trusts nothing: what ends
 * too early, is no UTF-8, or is none of an enum's values sets `reason`, and
 * everything read afterwards is zero or empty. */
#ifndef SLU_CODE_ARCHIVE_H
#define SLU_CODE_ARCHIVE_H

#include "engine/base/buffer.h"
#include "engine/code/program.h"

struct slu_archive {
    struct slu_buffer *out; /* NULL: reading */
    struct slu_string in;
    size_t at; /* in `in` */
    struct slu_arena *arena;
    const struct slu_sources *sources; /* for places in them, when they are known */
    const char *reason;                /* NULL: nothing is wrong yet */
    bool no_memory;
};

void slu_archive_refuse(struct slu_archive *archive, const char *reason);

uint32_t slu_archive_number(struct slu_archive *archive, uint32_t number);
uint64_t slu_archive_long(struct slu_archive *archive, uint64_t number);
double slu_archive_double(struct slu_archive *archive, double number); /* read: finite */
bool slu_archive_flag(struct slu_archive *archive, bool flag);
/* One of `count` values of an enum. */
uint32_t slu_archive_choice(struct slu_archive *archive, uint32_t choice, uint32_t count);
/* Read: borrowed from the input. */
struct slu_string slu_archive_string(struct slu_archive *archive, struct slu_string string);
/* A place in one of the sources. */
struct slu_span slu_archive_span(struct slu_archive *archive, struct slu_span span);
/* How many items an array of items of `size` bytes has. */
uint32_t slu_archive_count(struct slu_archive *archive, uint32_t count, size_t size);
/* Zeroed memory for what is read; NULL, and a reason, when there is none: *count is 0 then. */
void *slu_archive_room(struct slu_archive *archive, uint32_t *count, size_t size);

/* Moves a field; one that is written is not touched, other threads may be reading it. */
#define SLU_MOVE(archive, field, moved)                                                                                \
    do {                                                                                                               \
        if ((archive)->out != NULL) {                                                                                  \
            (void)(moved);                                                                                             \
        } else {                                                                                                       \
            (field) = (moved);                                                                                         \
        }                                                                                                              \
    } while (0)
#define SLU_MOVE_NUMBER(archive, field) SLU_MOVE(archive, field, slu_archive_number((archive), (field)))
#define SLU_MOVE_INTEGER(archive, field)                                                                               \
    SLU_MOVE(archive, field, (int32_t)slu_archive_number((archive), (uint32_t)(field)))
#define SLU_MOVE_LONG(archive, field) SLU_MOVE(archive, field, slu_archive_long((archive), (field)))
#define SLU_MOVE_TIME(archive, field) SLU_MOVE(archive, field, (int64_t)slu_archive_long((archive), (uint64_t)(field)))
#define SLU_MOVE_DOUBLE(archive, field) SLU_MOVE(archive, field, slu_archive_double((archive), (field)))
#define SLU_MOVE_FLAG(archive, field) SLU_MOVE(archive, field, slu_archive_flag((archive), (field)))
#define SLU_MOVE_STRING(archive, field) SLU_MOVE(archive, field, slu_archive_string((archive), (field)))
#define SLU_MOVE_SPAN(archive, field) SLU_MOVE(archive, field, slu_archive_span((archive), (field)))
#define SLU_MOVE_CHOICE(archive, field, count)                                                                         \
    SLU_MOVE(archive, field, slu_archive_choice((archive), (uint32_t)(field), (count)))

/* The count of an array; read: room for its items, which are to be moved one by one. */
#define SLU_MOVE_ARRAY(archive, items, count)                                                                          \
    do {                                                                                                               \
        uint32_t moved_ = slu_archive_count((archive), (count), sizeof *(items));                                      \
        if ((archive)->out == NULL) {                                                                                  \
            (items) = slu_archive_room((archive), &moved_, sizeof *(items));                                           \
            (count) = moved_;                                                                                          \
        }                                                                                                              \
    } while (0)
#define SLU_MOVE_STRINGS(archive, strings, count)                                                                      \
    do {                                                                                                               \
        SLU_MOVE_ARRAY((archive), (strings), (count));                                                                 \
        for (uint32_t item_ = 0; item_ < (count); item_++) {                                                           \
            SLU_MOVE_STRING((archive), (strings)[item_]);                                                              \
        }                                                                                                              \
    } while (0)
#define SLU_MOVE_NUMBERS(archive, numbers, count)                                                                      \
    do {                                                                                                               \
        SLU_MOVE_ARRAY((archive), (numbers), (count));                                                                 \
        for (uint32_t item_ = 0; item_ < (count); item_++) {                                                           \
            SLU_MOVE_NUMBER((archive), (numbers)[item_]);                                                              \
        }                                                                                                              \
    } while (0)

/* archive_values.c */
void slu_archive_value(struct slu_archive *archive, struct slu_value *value);
/* NULL stays NULL; its items are of the type, SLU_TYPE_COUNT: of any but lists. */
const struct slu_list *slu_archive_list(struct slu_archive *archive, const struct slu_list *list, enum slu_type type);
void slu_archive_code(struct slu_archive *archive, struct slu_code *code);

/* archive_sources.c: how deliveries are read. */
void slu_archive_from_sources(struct slu_archive *archive, struct sluice_program *program);

/* archive_tables.c: everything. Writing does not change the program. */
void slu_archive_program(struct slu_archive *archive, struct sluice_program *program);

#endif
