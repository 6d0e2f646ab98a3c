/* The pure functions of the language, from one table. */
#ifndef SLU_STDLIB_FUNCTIONS_H
#define SLU_STDLIB_FUNCTIONS_H

#include "engine/base/value.h"

#include <stdint.h>

enum slu_function {
#define FUNCTION(name, word, result, parameters, implementation, description, example, gives) SLU_FUNCTION_##name,
#include "stdlib/functions.def"
#undef FUNCTION
    SLU_FUNCTION_COUNT
};

enum { SLU_FUNCTION_PARAMETERS = 4 };

struct slu_function_entry {
    const char *word;
    enum slu_type result;
    uint32_t parameter_count;
    enum slu_type parameters[SLU_FUNCTION_PARAMETERS];
    /* The arguments are of the declared types and never missing: a call with a
     * missing argument is missing. `clock`: milliseconds. */
    struct slu_value (*call)(const struct slu_value *arguments, double clock, struct slu_arena *arena, bool *failed);
    const char *description, *example, *gives;
};

extern const struct slu_function_entry slu_functions[SLU_FUNCTION_COUNT];
/* The function of that name, or SLU_FUNCTION_COUNT. */
enum slu_function slu_function_find(struct slu_string name);

#endif
