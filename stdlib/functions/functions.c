/* The table of functions.def. */
#include "stdlib/functions/functions.h"

#include "stdlib/functions/implementations.h"

#define PARAMETERS1(a)                                                                                                 \
    1, {                                                                                                               \
        SLU_TYPE_##a                                                                                                   \
    }
#define PARAMETERS2(a, b)                                                                                              \
    2, {                                                                                                               \
        SLU_TYPE_##a, SLU_TYPE_##b                                                                                     \
    }
#define PARAMETERS3(a, b, c)                                                                                           \
    3, {                                                                                                               \
        SLU_TYPE_##a, SLU_TYPE_##b, SLU_TYPE_##c                                                                       \
    }

const struct slu_function_entry slu_functions[SLU_FUNCTION_COUNT] = {
#define FUNCTION(name, word, result, parameters, implementation, description, example, gives)                          \
    {word, SLU_TYPE_##result, parameters, implementation, description, example, gives},
#include "stdlib/functions.def"
#undef FUNCTION
};

/* Called while compiling, once for each call: a scan is fast enough. */
enum slu_function slu_function_find(struct slu_string name) {
    for (int i = 0; i < SLU_FUNCTION_COUNT; i++) {
        if (slu_string_is(name, slu_functions[i].word))
            return (enum slu_function)i;
    }
    return SLU_FUNCTION_COUNT;
}
