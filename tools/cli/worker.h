/* Decides lines of the input, one after the other, with what one thread needs for it. */
#ifndef SLU_CLI_WORKER_H
#define SLU_CLI_WORKER_H

#include "tools/cli/answers.h"
#include "tools/cli/cli.h"
#include "tools/cli/delivery.h"
#include "tools/cli/lines.h"
#include "tools/cli/trace.h"

#include "engine/code/program.h"
#include "engine/decide/store.h"

/* What is the same for every line; shared by the workers, which do not change it. */
struct cli_work {
    const struct sluice_program *program;
    const struct cli_delivery *delivery;
    const char *input_name;
    bool json, wants_trace;
    bool has_clock;
    int64_t clock;    /* milliseconds; of --at */
    bool keeps_facts; /* decisions hang on what earlier ones did: one worker sees them all */
};

struct cli_counts {
    size_t by_rule, by_none, ignored, unreadable;
    size_t bad_json; /* of those that are unreadable */
};

struct cli_worker {
    const struct cli_work *work;
    sluice_decider *decider;
    struct slu_store *store;
    struct cli_trace trace;
    struct sluice_delivery delivery;
    struct cli_answers answers; /* of the block in hand */
    uint64_t line_number;
    struct cli_counts counts;
    /* Writes the answers so far; false: stop. Called when there are many, and at a block's end. */
    bool (*write)(struct cli_worker *worker);
    void *context; /* of `write` */
};

/* Does anything that the rules do change what is decided later, or how it is printed? */
bool cli_program_keeps_facts(const struct sluice_program *program);

/* False when out of memory. Free it in both cases. */
bool cli_worker_init(struct cli_worker *worker, const struct cli_work *work);
void cli_worker_free(struct cli_worker *worker);
/* CLI_FINE: go on. CLI_ANSWER_IS_NO: `write` said to stop. CLI_COULD_NOT_RUN: out of memory. */
enum cli_status cli_worker_decide(struct cli_worker *worker, const struct cli_block *block);

#endif
