/* What the system's memory is asked for beyond what malloc gives. */
#ifndef SLU_BASE_PAGES_H
#define SLU_BASE_PAGES_H

#include <stddef.h>

/* Says that all of it will be used, from its start on: pages as large as there
 * are spare most of the time that the system takes to hand out small ones one
 * by one. Advice only: nothing happens where there are none. */
void slu_pages_prefer_large(void *start, size_t bytes);

#endif
