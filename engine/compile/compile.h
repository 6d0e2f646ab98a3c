/* From the checked model to a program. */
#ifndef SLU_COMPILE_COMPILE_H
#define SLU_COMPILE_COMPILE_H

#include "engine/check/model.h"
#include "engine/code/program.h"
#include "engine/text/diagnostics.h"

/* `program` has its arena set up and the model, trees and sources on it.
 * `indexed`: with the indexes that make deciding fast. What is found only now (a limit, say) becomes a diagnostic. */
enum sluice_status slu_compile_model(struct slu_model *model, bool indexed, struct slu_diagnostics *diagnostics,
                                     struct sluice_program *program);

/* The whole way: parse (standard files first), check, compile, verify. The
 * files are copied. Findings are in *diagnostics, in the order of their
 * places, on the program's arena. *program is *new*: whole on SLUICE_OK, good
 * only for its sources and diagnostics on SLUICE_INVALID, NULL on
 * SLUICE_NO_MEMORY. */
enum sluice_status slu_compile_files(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                     struct sluice_program **program, struct slu_diagnostics *diagnostics);
/* The same for texts that need no copy: behind each, if it is no longer than a file may be, stands a
 * NUL byte, and they stay for the life of the program. */
enum sluice_status slu_compile_borrowed(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                        struct sluice_program **program, struct slu_diagnostics *diagnostics);
/* The same for a program that decides few events and of which only errors are
 * to be found: texts borrowed, no index, no warnings, no hints. Where making the code cannot
 * fail but for want of memory, that is left to slu_compile_rest. */
enum sluice_status slu_compile_to_compare(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                          struct sluice_program **program, struct slu_diagnostics *diagnostics);

/* What a program that is compared lacks to decide events; nothing for any other.
 * SLUICE_OK or SLUICE_NO_MEMORY. */
enum sluice_status slu_compile_rest(struct sluice_program *program);

/* A program that was saved (engine/code/save.h), made whole again with its
 * indexes: *program is *new* on SLUICE_OK and NULL otherwise, and needs nothing
 * of `bytes`. SLUICE_INVALID: *error says why it is refused. */
enum sluice_status slu_compile_load(struct slu_string bytes, struct sluice_program **program,
                                    struct sluice_error *error);

#endif
