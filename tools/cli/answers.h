/* What deciding some lines printed, in its order, until it can be written. */
#ifndef SLU_CLI_ANSWERS_H
#define SLU_CLI_ANSWERS_H

#include "tools/cli/output.h"

#include <stddef.h>

/* A part of the text that belongs on standard error. */
struct cli_complaint {
    size_t start, end;
};

struct cli_answers {
    struct slu_buffer text; /* write to it with the slu_buffer functions: standard output */
    struct cli_complaint *complaints;
    size_t complaint_count, complaint_capacity;
};

void cli_answers_init(struct cli_answers *answers);
void cli_answers_free(struct cli_answers *answers);
/* What is written to `text` between the two goes to standard error. A failed
 * allocation is remembered in `text`. */
void cli_answers_begin_complaint(struct cli_answers *answers);
void cli_answers_end_complaint(struct cli_answers *answers);
/* Writes everything, each stream's part when its turn comes, and forgets it. False: stop, nothing can be written any
 * more. */
bool cli_answers_write(struct cli_answers *answers, struct cli_output *output);

#endif
