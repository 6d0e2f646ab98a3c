/* Actions and values as people write them in rules. */
#ifndef SLU_DECIDE_WRITE_H
#define SLU_DECIDE_WRITE_H

#include "engine/base/buffer.h"
#include "engine/include/sluice/sluice.h"

/* A literal; missing is `missing`. Control characters are escaped, so that no
 * event can steer a terminal. */
void slu_value_write(const struct sluice_value *value, struct slu_buffer *out);
/* A number, flag, time or duration, plain: `50`, `true`, `2026-11-21T09:00:00Z`,
 * `30 minutes`. Nothing for the other types: their form depends on where they go. */
void slu_value_write_scalar(const struct sluice_value *value, struct slu_buffer *out);
/* `after 30 minutes intercom.tag("VIP")`: one line without its end. `program`,
 * which may be NULL, tells where a parameter's name can be left out. What the
 * language has no words for (whose state, which guard) is not written, but for
 * `blocked`, which stands where it does in an `expect`. */
void slu_action_write(const struct sluice_program *program, const struct sluice_action *action, struct slu_buffer *out);

#endif
