#include "tests/fault/failing.h"

#include "engine/base/arena.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void __real_free(void *memory);
void *__real_slu_arena_take(struct slu_arena *arena, size_t bytes);
void *__real_slu_arena_alloc(struct slu_arena *arena, size_t bytes);
void *__real_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size);
char *__real_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes);
void *__real_slu_arena_grow(struct slu_arena *arena, void *items, size_t bytes, size_t larger);
bool __real_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to);
bool __real_slu_arena_copy_terminated(struct slu_arena *arena, struct slu_string from, struct slu_string *to);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_getrusage(int who, struct rusage *usage);
int __wrap_getrusage(int who, struct rusage *usage);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void __wrap_free(void *memory);
void *__wrap_slu_arena_take(struct slu_arena *arena, size_t bytes);
void *__wrap_slu_arena_alloc(struct slu_arena *arena, size_t bytes);
void *__wrap_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size);
char *__wrap_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes);
void *__wrap_slu_arena_grow(struct slu_arena *arena, void *items, size_t bytes, size_t larger);
bool __wrap_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to);
bool __wrap_slu_arena_copy_terminated(struct slu_arena *arena, struct slu_string from, struct slu_string *to);

enum { PLACES = 1 << 18 /* for the addresses of blocks; far more than a command ever holds */ };

static struct {
    slu_failing_choice *choose; /* NULL: none fails */
    void *context;
    bool counting, heap_only;
    atomic_uint_fast64_t count;
    pthread_mutex_t lock; /* for what follows */
    size_t blocks;
    /* The blocks' addresses by hash: what is freed may also come from a library that was not asked to count. */
    const void *places[PLACES];
} failing = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool fails(void) {
    if (!failing.counting) {
        return false;
    }
    uint64_t number = atomic_fetch_add(&failing.count, 1) + 1;
    return failing.choose != NULL && failing.choose(failing.context, number);
}

/* ---- which blocks are there ---- */

static size_t place_of(const void *block) {
    return (size_t)((uintptr_t)block * UINT64_C(0x9E3779B97F4A7C15) >> 46) % PLACES;
}

static size_t find_place(const void *block) {
    size_t place = place_of(block);
    while (failing.places[place] != NULL && failing.places[place] != block) {
        place = (place + 1) % PLACES;
    }
    return place;
}

static void *remember(void *block) {
    if (block != NULL && failing.counting) {
        pthread_mutex_lock(&failing.lock);
        assert(failing.blocks < PLACES / 2);
        failing.places[find_place(block)] = block;
        failing.blocks++;
        pthread_mutex_unlock(&failing.lock);
    }
    return block;
}

/* Those behind it move up, so that no search ends too early. */
static void empty_place(size_t hole) {
    failing.places[hole] = NULL;
    failing.blocks--;
    for (size_t next = (hole + 1) % PLACES; failing.places[next] != NULL; next = (next + 1) % PLACES) {
        const void *moved = failing.places[next];
        failing.places[next] = NULL;
        failing.places[find_place(moved)] = moved;
    }
}

static void forget(const void *block) {
    if (block == NULL) {
        return;
    }
    pthread_mutex_lock(&failing.lock);
    size_t place = find_place(block);
    if (failing.places[place] != NULL) {
        empty_place(place);
    }
    pthread_mutex_unlock(&failing.lock);
}

/* ---- what is wrapped ---- */

void *__wrap_malloc(size_t bytes) {
    return fails() ? NULL : remember(__real_malloc(bytes));
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return fails() ? NULL : remember(__real_calloc(count, bytes));
}

void *__wrap_realloc(void *memory, size_t bytes) {
    if (fails()) {
        return NULL;
    }
    forget(memory); /* first: its place may be another thread's as soon as it is free */
    void *after = __real_realloc(memory, bytes);
    remember(after != NULL ? after : memory);
    return after;
}

void __wrap_free(void *memory) {
    forget(memory);
    __real_free(memory);
}

static bool arena_fails(struct slu_arena *arena) {
    bool failed = !failing.heap_only && fails();
    arena->failed = arena->failed || failed;
    return failed;
}

void *__wrap_slu_arena_take(struct slu_arena *arena, size_t bytes) {
    return arena_fails(arena) ? NULL : __real_slu_arena_take(arena, bytes);
}

void *__wrap_slu_arena_alloc(struct slu_arena *arena, size_t bytes) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc(arena, bytes);
}

void *__wrap_slu_arena_alloc_array(struct slu_arena *arena, size_t count, size_t size) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc_array(arena, count, size);
}

char *__wrap_slu_arena_alloc_bytes(struct slu_arena *arena, size_t bytes) {
    return arena_fails(arena) ? NULL : __real_slu_arena_alloc_bytes(arena, bytes);
}

void *__wrap_slu_arena_grow(struct slu_arena *arena, void *items, size_t bytes, size_t larger) {
    return arena_fails(arena) ? NULL : __real_slu_arena_grow(arena, items, bytes, larger);
}

bool __wrap_slu_arena_copy_string(struct slu_arena *arena, struct slu_string from, struct slu_string *to) {
    return !arena_fails(arena) && __real_slu_arena_copy_string(arena, from, to);
}

bool __wrap_slu_arena_copy_terminated(struct slu_arena *arena, struct slu_string from, struct slu_string *to) {
    return !arena_fails(arena) && __real_slu_arena_copy_terminated(arena, from, to);
}

/* What differs from run to run stands still, or answers could not be compared:
 * measured times are 0, and deadlines never come. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    *now = (struct timespec){0, 0};
    return clock == CLOCK_REALTIME ? __real_clock_gettime(clock, now) : 0;
}

int __wrap_getrusage(int who, struct rusage *usage) {
    int status = __real_getrusage(who, usage);
    usage->ru_maxrss = 0;
    return status;
}

void slu_failing_start(slu_failing_choice *choose, void *context, bool heap_only) {
    failing.choose = choose;
    failing.context = context;
    failing.heap_only = heap_only;
    failing.counting = true;
    failing.count = 0;
    json_set_alloc_funcs(__wrap_malloc, __wrap_free);
}

uint64_t slu_failing_count(void) {
    return failing.count;
}

size_t slu_failing_blocks(void) {
    return failing.blocks;
}

void *slu_failing_own(size_t bytes) {
    return __real_malloc(bytes);
}

void slu_failing_own_free(void *memory) {
    __real_free(memory);
}
