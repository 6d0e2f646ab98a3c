/* Following the paths of a source's mappings through one delivery. */
#ifndef SLU_INPUT_PATH_H
#define SLU_INPUT_PATH_H

#include "engine/input/json.h"
#include "engine/input/reader.h"
#include "grammar/tree.h"

#include <stdbool.h>

/* Texts that were parsed for a (json) step, so that the mappings of one
 * delivery that go through the same text share the work. */
enum { SLU_PARSED_TEXTS = 4 };
struct slu_parsed_text {
    struct slu_string text;       /* compared by place */
    const struct slu_json *value; /* NULL: it is not JSON */
};

struct slu_reading {
    const struct slu_reader *reader;
    const struct slu_wanted_tree *tree;
    const struct slu_json **found;       /* per place of the tree, see slu_reader_document */
    const struct sluice_header *headers; /* borrowed */
    size_t header_count;
    struct slu_arena *arena;
    bool failed; /* out of memory; what was read since is not to be used */
    struct slu_parsed_text parsed[SLU_PARSED_TEXTS];
    size_t parsed_next; /* the entry to replace next */
};

/* The header's value, or bytes NULL; letter case of the name is ignored. */
struct slu_string slu_reading_header(const struct slu_reading *reading, struct slu_string name);

/* What an alternative reads, its modifier applied: a node of the document or
 * one made on the arena; NULL where there is nothing or null. A path with [*]
 * gives an array of what is there. `stems`: one per part. */
const struct slu_json *slu_path_alternative(struct slu_reading *reading, const struct slu_alternative *alternative,
                                            const struct slu_stem *stems);
/* Does the delivery fulfil `when PATH is LITERAL` (or `is known`)? */
bool slu_path_test(struct slu_reading *reading, const struct slu_origin *origin, const struct slu_stem *stem,
                   const struct slu_modifier *test);

#endif
