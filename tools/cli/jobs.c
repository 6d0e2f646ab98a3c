/* Blocks of lines go round a ring. The caller's thread fills them, workers take
 * them in order, and each writes its answers when its block's turn has come: so
 * there is never more in memory than the ring's blocks and one block's answers
 * for each worker. */
#include "tools/cli/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Blocks beside those being decided, so that nobody waits for the reading. */
enum { SPARE_BLOCKS = 2 };

struct jobs {
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* some of what stands below */
    struct cli_block *blocks;
    size_t block_count;
    /* Blocks so far; block n is blocks[n % block_count]. filled >= taken >= written. */
    uint64_t filled, taken, written;
    bool no_more; /* the last block was filled */
    bool stopped; /* nothing more is to be done; `end` says why */
    enum cli_jobs_end end;
    struct cli_output *output; /* belongs to the thread whose turn it is */
};

struct job {
    struct jobs *jobs;
    struct cli_worker *worker;
    uint64_t block; /* in hand */
    pthread_t thread;
};

static void stop(struct jobs *jobs, enum cli_jobs_end end) {
    pthread_mutex_lock(&jobs->mutex);
    if (!jobs->stopped) {
        jobs->stopped = true;
        jobs->end = end;
    }
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->mutex);
}

/* ---- one worker's thread ---- */

/* The next block into job->block; false when there is none. */
static bool take_block(struct job *job) {
    struct jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->mutex);
    while (!jobs->stopped && jobs->taken == jobs->filled && !jobs->no_more) {
        pthread_cond_wait(&jobs->changed, &jobs->mutex);
    }
    bool taken = !jobs->stopped && jobs->taken < jobs->filled;
    if (taken) {
        job->block = jobs->taken++;
    }
    pthread_mutex_unlock(&jobs->mutex);
    return taken;
}

/* Writes when all blocks before this one are written. The turn stays with the block until it is finished. */
static bool write_in_turn(struct cli_worker *worker) {
    struct job *job = worker->context;
    struct jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->mutex);
    while (!jobs->stopped && jobs->written != job->block) {
        pthread_cond_wait(&jobs->changed, &jobs->mutex);
    }
    bool stopped = jobs->stopped;
    pthread_mutex_unlock(&jobs->mutex);
    return !stopped && cli_answers_write(&worker->answers, jobs->output);
}

static void finish_block(struct jobs *jobs) {
    pthread_mutex_lock(&jobs->mutex);
    jobs->written++;
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->mutex);
}

static void *run_job(void *context) {
    struct job *job = context;
    struct jobs *jobs = job->jobs;
    while (take_block(job)) {
        enum cli_status status = cli_worker_decide(job->worker, &jobs->blocks[job->block % jobs->block_count]);
        if (status != CLI_FINE) {
            stop(jobs, status == CLI_COULD_NOT_RUN ? CLI_JOBS_NO_MEMORY : CLI_JOBS_STOPPED);
            break;
        }
        finish_block(jobs);
    }
    return NULL;
}

/* ---- the caller's thread ---- */

/* Waits until the next block of the ring is free; NULL: nothing more is to be read. */
static struct cli_block *free_block(struct jobs *jobs) {
    pthread_mutex_lock(&jobs->mutex);
    while (!jobs->stopped && jobs->filled - jobs->written == jobs->block_count) {
        pthread_cond_wait(&jobs->changed, &jobs->mutex);
    }
    struct cli_block *block = jobs->stopped ? NULL : &jobs->blocks[jobs->filled % jobs->block_count];
    pthread_mutex_unlock(&jobs->mutex);
    return block;
}

static void give_block(struct jobs *jobs, bool is_last) {
    pthread_mutex_lock(&jobs->mutex);
    jobs->filled += !is_last;
    jobs->no_more = is_last;
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->mutex);
}

/* Sets *error to errno's value where reading failed. */
static void read_blocks(struct jobs *jobs, struct cli_lines *lines, int *error) {
    struct cli_block *block;
    while ((block = free_block(jobs)) != NULL) {
        enum cli_lines_status status = cli_lines_fill(lines, block);
        *error = status == CLI_LINES_FAILED ? errno : 0;
        give_block(jobs, status != CLI_LINES_READ);
        if (status != CLI_LINES_READ) {
            return;
        }
    }
}

static enum cli_jobs_end run_threads(struct jobs *jobs, struct job *all, size_t count, struct cli_lines *lines) {
    size_t started = 0;
    int error = 0;
    for (; started < count; started++) {
        error = pthread_create(&all[started].thread, NULL, run_job, &all[started]);
        if (error != 0) {
            stop(jobs, CLI_JOBS_NO_THREAD);
            break;
        }
    }
    if (started == count) {
        read_blocks(jobs, lines, &error);
    }
    for (size_t i = 0; i < started; i++) {
        pthread_join(all[i].thread, NULL);
    }
    if (jobs->end == CLI_JOBS_DONE && error != 0) {
        jobs->end = CLI_JOBS_READ_FAILED;
    }
    errno = error;
    return jobs->end;
}

static enum cli_jobs_end run_many(struct cli_worker *workers, size_t count, struct cli_lines *lines,
                                  struct cli_output *output) {
    struct jobs jobs = {.block_count = count + SPARE_BLOCKS, .output = output, .end = CLI_JOBS_NO_MEMORY};
    struct job *all = calloc(count, sizeof *all);
    jobs.blocks = calloc(jobs.block_count, sizeof *jobs.blocks);
    if (all == NULL || jobs.blocks == NULL) {
        goto done;
    }
    jobs.end = CLI_JOBS_DONE;
    pthread_mutex_init(&jobs.mutex, NULL); /* neither fails on Linux */
    pthread_cond_init(&jobs.changed, NULL);
    for (size_t i = 0; i < count; i++) {
        all[i].jobs = &jobs;
        all[i].worker = &workers[i];
        workers[i].write = write_in_turn;
        workers[i].context = &all[i];
    }
    jobs.end = run_threads(&jobs, all, count, lines);
    for (size_t i = 0; i < jobs.block_count; i++) {
        cli_block_free(&jobs.blocks[i]);
    }
    pthread_cond_destroy(&jobs.changed);
    pthread_mutex_destroy(&jobs.mutex);
done:
    free(jobs.blocks);
    free(all);
    return jobs.end;
}

/* ---- without threads ---- */

static bool write_at_once(struct cli_worker *worker) {
    return cli_answers_write(&worker->answers, worker->context);
}

static enum cli_jobs_end run_alone(struct cli_worker *worker, struct cli_lines *lines, struct cli_output *output) {
    struct cli_block block = {0};
    enum cli_lines_status read = CLI_LINES_READ;
    enum cli_status status = CLI_FINE;
    worker->write = write_at_once;
    worker->context = output;
    while (status == CLI_FINE && (read = cli_lines_fill(lines, &block)) == CLI_LINES_READ) {
        status = cli_worker_decide(worker, &block);
    }
    int error = errno;
    cli_block_free(&block);
    if (status != CLI_FINE) {
        return status == CLI_COULD_NOT_RUN ? CLI_JOBS_NO_MEMORY : CLI_JOBS_STOPPED;
    }
    errno = error;
    return read == CLI_LINES_FAILED ? CLI_JOBS_READ_FAILED : CLI_JOBS_DONE;
}

enum cli_jobs_end cli_jobs_run(struct cli_worker *workers, size_t count, struct cli_lines *lines,
                               struct cli_output *output) {
    return count == 1 ? run_alone(workers, lines, output) : run_many(workers, count, lines, output);
}
