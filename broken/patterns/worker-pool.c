/* SPDX-License-Identifier: MIT */
/*
 * worker-pool - three workers take jobs from one channel, and are never told that it was the last
 *
 * Family:  patterns
 * Bug:     nobody closes the jobs. The workers have done all of them and wait for more; the
 *          results, which end when the workers do, do not end; main waits for those.
 * Fix:     who sends the jobs closes them after the last one: that is how a pool is sent home.
 * Refs:    LeakProf (CGO 2024) "range without close"; gobyexample.com/worker-pools
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>

enum { WORKERS = 3, JOBS = 9 };

struct job {
    int id, number;
};

struct result {
    int id, square; /* the id of its job: results come in any order */
};

CHAN_TYPE(job_chan, struct job);
CHAN_TYPE(result_chan, struct result);

struct pool {
    job_chan jobs;
    result_chan results;
    struct waitgroup workers;
};

static void worker(void *arg)
{
    struct pool *pool = arg;
    struct job job;

    while (chan_recv(pool->jobs, &job))
        chan_send(pool->results, {job.id, job.number * job.number});
}

/* Gives out the jobs; when all workers have gone home, there are no more results. */
static void employ(void *arg)
{
    struct pool *pool = arg;

    for (int i = 0; i < WORKERS; i++)
        waitgroup_go(&pool->workers, worker, pool);
    for (int id = 1; id <= JOBS; id++)
        chan_send(pool->jobs, {id, id});
    waitgroup_wait(&pool->workers);
    chan_close(pool->results);
}

int main(void)
{
    struct pool pool = {chan_make(job_chan, 0), chan_make(result_chan, 0), WAITGROUP_INIT};
    int squares[JOBS + 1];
    struct result result;

    go(employ, &pool);
    while (chan_recv(pool.results, &result))
        squares[result.id] = result.square;
    for (int id = 1; id <= JOBS; id++)
        printf("job %d: %d\n", id, squares[id]);
    puts("all done");
    chan_free(pool.jobs);
    chan_free(pool.results);
    return 0;
}
