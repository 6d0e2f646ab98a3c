/* What one program wants of its deliveries, worked out once: for the own shape
 * and for each source the places to read, and where each path leads. */
#ifndef SLU_INPUT_READER_H
#define SLU_INPUT_READER_H

#include "engine/input/input.h"
#include "engine/input/shape.h"
#include "engine/input/tokens.h"
#include "engine/input/wanted.h"

/* One shape of documents. */
struct slu_document_plan {
    struct slu_wanted_tree tree;
    struct slu_shape shape; /* grows with what is read */
};

struct slu_own_plan {
    struct slu_document_plan document;
    struct slu_stem *slots; /* one per slot of the program; EVENT ones alone are set */
};

/* How a mapping is read that has one path, without a modifier: of keys alone, or of keys, [*] and one key or none. */
struct slu_short_path {
    uint32_t place;               /* where the keys lead to; SLU_NO_INDEX: it is another mapping */
    bool is_each;                 /* the elements of the array that is there, or, with `key`, that member of each */
    const struct slu_string *key; /* borrowed; or NULL */
};

/* Stems stand for the origins of a mapping in their order: of all parts of its
 * first alternative, then of its second, and so on. */
struct slu_topic_plan {
    struct slu_stem *when;        /* NULL without one */
    struct slu_stem **mappings;   /* one per mapping: its stems */
    struct slu_short_path *paths; /* one per mapping */
};
struct slu_source_plan {
    struct slu_document_plan document;
    struct slu_stem *topic, *id, *at; /* NULL where the source has none */
    struct slu_short_path topic_path, id_path, at_path;
    struct slu_topic_plan *topics;
};

struct slu_reader {
    struct slu_arena arena;               /* owns everything below */
    const struct sluice_program *program; /* borrowed */
    const struct slu_scan_kernel *kernel;
    struct slu_own_plan own;
    struct slu_source_plan *sources; /* one per source of the program */
    struct slu_text *texts;          /* one per slot: the event's, for those that hold one */
};

/* Reads a JSON text: all of it is checked, what the plan wants is read.
 * found[number]: the node at each place that keys alone lead to; as long as the
 * plan's tree, and all NULL before. */
enum sluice_status slu_reader_document(struct slu_reader *reader, struct slu_document_plan *plan,
                                       struct slu_string json, struct slu_arena *arena, const struct slu_json **found,
                                       const struct slu_json **document, struct sluice_error *error);
/* The same for a text inside a document, of which `wanted` is wanted; without a message. */
enum sluice_status slu_reader_inside(const struct slu_reader *reader, const struct slu_wanted *wanted,
                                     struct slu_string json, struct slu_arena *arena, const struct slu_json **value);

#endif
