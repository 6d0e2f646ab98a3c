#include "tools/cli/zone.h"

#include "tools/cli/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
/* The largest file of the database has a few thousand bytes. */
enum { ZONE_BYTES = 1024 * 1024, NAME_BYTES = 128 };

struct cli_zone {
    struct cli_zone *next;
    char *bytes; /* owned */
};

/* Names of the database only: nothing that leads out of its folder. */
static bool is_zone_name(struct sluice_string name) {
    if (name.length == 0 || name.length > NAME_BYTES || name.bytes[0] == '/') {
        return false;
    }
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
        if (!letter && !other) {
            return false;
        }
    }
    return true;
}

enum sluice_status cli_zone_read(void *context, struct sluice_string name, struct sluice_string *bytes) {
    struct cli_zones *zones = context;
    char path[sizeof ZONE_FOLDER + NAME_BYTES];
    struct stat facts;
    if (!is_zone_name(name)) {
        return SLUICE_INVALID;
    }
    snprintf(path, sizeof path, ZONE_FOLDER "%.*s", (int)name.length, name.bytes);
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return SLUICE_INVALID;
    }
    struct cli_zone *zone = malloc(sizeof *zone);
    if (zone == NULL || !cli_read_path(path, ZONE_BYTES, &zone->bytes, &bytes->length)) {
        free(zone);
        return SLUICE_NO_MEMORY;
    }
    zone->next = zones->first;
    zones->first = zone;
    bytes->bytes = zone->bytes;
    return SLUICE_OK;
}

void cli_zones_free(struct cli_zones *zones) {
    while (zones->first != NULL) {
        struct cli_zone *zone = zones->first;
        zones->first = zone->next;
        free(zone->bytes);
        free(zone);
    }
}
