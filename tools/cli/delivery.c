#include "tools/cli/delivery.h"

#include "tools/cli/output.h"
#include "tools/cli/values.h"

#include <stdlib.h>
#include <string.h>

static struct sluice_string string_from(const char *text) {
    return (struct sluice_string){text, text == NULL ? 0 : strlen(text)};
}

/* "X-GitHub-Event: issues" */
static bool read_header(const char *text, struct sluice_header *header) {
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text) {
        cli_complain("--header %s is not a header; write --header \"NAME: VALUE\"", text);
        return false;
    }
    header->name = (struct sluice_string){text, (size_t)(colon - text)};
    const char *value = colon + 1;
    value += strspn(value, " \t");
    header->value = string_from(value);
    return true;
}

bool cli_delivery_read(const struct cli_options *options, struct cli_delivery *delivery) {
    delivery->delivery.source = string_from(options->values[CLI_OPTION_SOURCE]);
    delivery->delivery.topic = string_from(options->values[CLI_OPTION_TOPIC]);
    bool for_source = cli_options_has(options, CLI_OPTION_TOPIC) || options->header_count > 0;
    if (for_source && !cli_options_has(options, CLI_OPTION_SOURCE)) {
        cli_complain("--topic and --header belong to deliveries: say which service's with --source NAME");
        return false;
    }
    delivery->headers = calloc(options->header_count + 1, sizeof *delivery->headers);
    if (delivery->headers == NULL) {
        cli_complain("out of memory");
        return false;
    }
    for (size_t i = 0; i < options->header_count; i++) {
        if (!read_header(options->headers[i], &delivery->headers[i])) {
            return false;
        }
    }
    delivery->delivery.headers = delivery->headers;
    delivery->delivery.header_count = options->header_count;
    return true;
}

bool cli_delivery_check(const struct cli_delivery *delivery, const struct sluice_program *program) {
    struct slu_string wanted = cli_string(delivery->delivery.source), nearest = {NULL, 0};
    size_t best = 3;
    if (wanted.length == 0) {
        return true;
    }
    for (uint32_t i = 0; i < program->from_source_count; i++) {
        size_t distance = slu_string_distance(wanted, program->from_sources[i].name, 2);
        if (distance == 0) {
            return true;
        }
        if (distance < best) {
            best = distance;
            nearest = program->from_sources[i].name;
        }
    }
    if (nearest.length > 0) {
        cli_complain("there is no source %s; did you mean %.*s?", wanted.bytes, (int)nearest.length, nearest.bytes);
    } else {
        cli_complain("there is no source %s", wanted.bytes);
    }
    return false;
}

void cli_delivery_free(struct cli_delivery *delivery) {
    free(delivery->headers);
}
