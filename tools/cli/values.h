/* Texts and values for people and as JSON; see also engine/decide/write.h. */
#ifndef SLU_CLI_VALUES_H
#define SLU_CLI_VALUES_H

#include "engine/base/buffer.h"
#include "engine/include/sluice/sluice.h"

static inline struct slu_string cli_string(struct sluice_string string) {
    return (struct slu_string){string.bytes, string.length};
}

/* As a text literal of the language. */
void cli_add_quoted(struct slu_buffer *out, struct sluice_string string);
/* For names and ids: as it is, but control characters are escaped, so that no
 * event can steer a terminal. */
void cli_add_plain(struct slu_buffer *out, struct sluice_string string);

void cli_add_json_string(struct slu_buffer *out, struct sluice_string string);
/* Missing is null, a time ISO 8601 text, a duration a number of seconds. */
void cli_add_json_value(struct slu_buffer *out, const struct sluice_value *value);

#endif
