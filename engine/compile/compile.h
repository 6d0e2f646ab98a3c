/* From the checked model to a program. */
#ifndef SLU_COMPILE_COMPILE_H
#define SLU_COMPILE_COMPILE_H

#include "engine/check/model.h"
#include "engine/code/program.h"
#include "engine/text/diagnostics.h"

/* `program` has its arena set up and the model, trees and sources on it.
 * What is found only now (a limit, say) becomes a diagnostic. */
enum sluice_status slu_compile_model(struct slu_model *model, struct slu_diagnostics *diagnostics,
                                     struct sluice_program *program);

/* The whole way: parse (standard files first), check, compile, verify.
 * `keep_invalid`: lint wants the diagnostics only. Findings are in
 * *diagnostics, which lives on the program's arena; *program is *new* and set
 * also when there are errors (then only for its sources and diagnostics). */
enum sluice_status slu_compile_files(const struct sluice_file *files, size_t count, const struct sluice_host *host,
                                     struct sluice_program **program, struct slu_diagnostics *diagnostics);

#endif
