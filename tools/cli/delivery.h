/* What the options say of the deliveries on the input. */
#ifndef SLU_CLI_DELIVERY_H
#define SLU_CLI_DELIVERY_H

#include "tools/cli/options.h"

#include "engine/code/program.h"
#include "engine/include/sluice/sluice.h"

#include <stdbool.h>

struct cli_delivery {
    struct sluice_header *headers;   /* owned; texts are argv's */
    struct sluice_delivery delivery; /* all but the body */
};

/* Reads --source, --topic and --header. False when they cannot be used; standard
 * error then says why. Free in both cases. */
bool cli_delivery_read(const struct cli_options *options, struct cli_delivery *delivery);
/* A source that does not exist would refuse every line: says it once. */
bool cli_delivery_check(const struct cli_delivery *delivery, const struct sluice_program *program);
void cli_delivery_free(struct cli_delivery *delivery);

#endif
