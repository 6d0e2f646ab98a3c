/* Reads an event's JSON quickly: checks everything, makes nodes only for what is wanted. */
#ifndef SLU_INPUT_QUICK_H
#define SLU_INPUT_QUICK_H

#include "engine/input/json.h"
#include "engine/input/shape.h"
#include "engine/input/tokens.h"
#include "engine/input/wanted.h"

/* SLUICE_OK: the text is good, and *document is what is wanted of it: an object
 * has the wanted members alone, a container of which nothing inside is wanted
 * is empty, a text or number that is not wanted has a kind alone.
 * `shape` (unless NULL): always the same for the same `wanted`.
 * found[number] (unless NULL): the node at each place that keys alone lead to.
 * SLUICE_INVALID: slu_json_read has to decide; it has the messages, and reads
 * what is out of the ordinary (a text that is no object or array). */
enum sluice_status slu_quick_read(const struct slu_scan_kernel *kernel, const struct slu_wanted *wanted,
                                  struct slu_shape *shape, struct slu_string json, struct slu_arena *arena,
                                  const struct slu_json **found, const struct slu_json **document);

#endif
