/* Lines of a stream decided by several threads, the answers in the order of the lines. */
#ifndef SLU_CLI_JOBS_H
#define SLU_CLI_JOBS_H

#include "tools/cli/cli.h"
#include "tools/cli/worker.h"

enum cli_jobs_end {
    CLI_JOBS_DONE,        /* every line was decided */
    CLI_JOBS_READ_FAILED, /* errno says why; what came before was decided */
    CLI_JOBS_NO_MEMORY,
    CLI_JOBS_NO_THREAD, /* errno says why */
    CLI_JOBS_STOPPED    /* the answers cannot be written any more */
};

/* One thread for each worker, the caller's own when there is only one. */
enum cli_jobs_end cli_jobs_run(struct cli_worker *workers, size_t count, struct cli_lines *lines,
                               struct cli_output *output);

#endif
