/* How long proofs may take: the engine has no clock of its own. */
#ifndef SLU_CLI_DEADLINE_H
#define SLU_CLI_DEADLINE_H

#include <stdbool.h>

enum { CLI_PROOF_SECONDS = 10 };

/* The moment when proofs that begin now have to end. */
double cli_deadline(void);
double cli_deadline_after(int seconds);
/* `context`: what cli_deadline gave. */
bool cli_deadline_is_over(void *context);

#endif
