/* Text for where it goes: escaping, links, values as people read them. */
#ifndef SLU_VM_MARKUP_H
#define SLU_VM_MARKUP_H

#include "engine/vm/machine.h"

/* `text` so that it means only itself in that markup, and no service makes a
 * link of it; on the arena, or `text` where nothing changes. False when out of
 * memory. */
bool slu_markup_escape(enum slu_markup markup, struct slu_string text, struct slu_arena *arena,
                       struct slu_string *escaped);

/* Is it http:// or https:// and a host, of characters that mean nothing else in any markup? */
bool slu_markup_is_address(struct slu_string text);
/* As slu_markup_escape, for an address that services may make a link of. */
bool slu_markup_escape_address(enum slu_markup markup, struct slu_string address, struct slu_arena *arena,
                               struct slu_string *escaped);

/* Makes the link {base}/link/{event}?for={id} with `text`, which is written in
 * the markup already. For `url` parameters it is the bare address. */
bool slu_markup_link(enum slu_markup markup, const struct slu_machine *machine, struct slu_string event,
                     struct slu_string text, struct slu_string *link);

/* The runs one after the other, on the arena. False when out of memory. */
bool slu_markup_join(const struct slu_string *runs, size_t count, struct slu_arena *arena, struct slu_string *joined);

#endif
