/* Standard output in large writes, checked; standard error for people. */
#ifndef SLU_CLI_OUTPUT_H
#define SLU_CLI_OUTPUT_H

#include "engine/base/buffer.h"

#include <stdbool.h>

/* Write to `buffer` with the slu_buffer functions, then call cli_output_step. */
struct cli_output {
    struct slu_buffer buffer;
    int descriptor;
    int error;        /* errno of the write that failed; 0: none did */
    bool reader_gone; /* nobody reads any more: stop, there is nothing to complain of */
};

void cli_output_init(struct cli_output *output, int descriptor);
/* Writes when enough has gathered. False: stop, nothing can be written any more. */
bool cli_output_step(struct cli_output *output);
bool cli_output_flush(struct cli_output *output);
/* Writes what has gathered, then the bytes, without a copy. */
bool cli_output_write(struct cli_output *output, struct slu_string bytes);
/* Flushes, says what went wrong with `name`, frees. False when something did. */
bool cli_output_finish(struct cli_output *output, const char *name);

/* "sluice: ..." and a line end, on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line on standard error as it is. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Writes all bytes; errno says why when it returns false. */
bool cli_write_all(int descriptor, const char *bytes, size_t length);
/* Descriptors 0, 1 and 2 are open afterwards, so that no file gets their numbers. */
bool cli_output_claim_standard(void);
/* Adds "1 error", "2 errors". */
void cli_add_count(struct slu_buffer *buffer, size_t count, const char *one, const char *more);

#endif
