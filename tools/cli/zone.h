/* Time zones from the system's database. */
#ifndef SLU_CLI_ZONE_H
#define SLU_CLI_ZONE_H

#include "engine/include/sluice/sluice.h"

#include <stdbool.h>

struct cli_zone; /* one that was read */

/* Keeps what was read until it is freed. */
struct cli_zones {
    struct cli_zone *first;
};

/* Fits struct sluice_host; `context` is a struct cli_zones. */
enum sluice_status cli_zone_read(void *context, struct sluice_string name, struct sluice_string *bytes);
void cli_zones_free(struct cli_zones *zones);

#endif
