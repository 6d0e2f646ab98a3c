/* Text for where it goes: escaping, links, values as people read them. */
#ifndef SLU_VM_MARKUP_H
#define SLU_VM_MARKUP_H

#include "engine/vm/machine.h"

/* `text` so that it means only itself in that markup; on the arena, or `text`
 * where nothing changes. False when out of memory. */
bool slu_markup_escape(enum slu_markup markup, struct slu_string text, struct slu_arena *arena,
                       struct slu_string *escaped);

/* Makes the link {base}/link/{event}?for={id} with `text`, which is written in
 * the markup already. For `url` parameters it is the bare address. */
bool slu_markup_link(enum slu_markup markup, const struct slu_machine *machine, struct slu_string event,
                     struct slu_string text, struct slu_string *link);

/* The runs one after the other, on the arena. False when out of memory. */
bool slu_markup_join(const struct slu_string *runs, size_t count, struct slu_arena *arena, struct slu_string *joined);

#endif
