#define _DEFAULT_SOURCE /* madvise is not in C11 */
#include "engine/base/pages.h"

#include <stdint.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(__linux__) && defined(MADV_HUGEPAGE)
void slu_pages_prefer_large(void *start, size_t bytes) {
    enum { LARGE = 2 * 1024 * 1024 }; /* bytes, as on x86-64; where they are larger, the system rounds */
    uintptr_t first = ((uintptr_t)start + LARGE - 1) / LARGE * LARGE, end = ((uintptr_t)start + bytes) / LARGE * LARGE;
    if (first < end) {
        (void)madvise((char *)start + (first - (uintptr_t)start), end - first, MADV_HUGEPAGE);
    }
}
#else
void slu_pages_prefer_large(void *start, size_t bytes) {
    (void)start;
    (void)bytes;
}
#endif
