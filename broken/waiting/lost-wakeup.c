/* SPDX-License-Identifier: MIT */
/*
 * lost-wakeup - a worker waits for a signal that was sent before it came
 *
 * Family:  waiting
 * Bug:     a condition variable remembers nothing: a signal with nobody waiting is gone. The
 *          downloader waits for the signal instead of looking for a job, and the job was there
 *          before it.
 * Fix:     wait for the state, not for the signal: while there is no job, wait.
 * Refs:    CERT CON36-C, CERT CON38-C
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <pthread.h>
#include <stdio.h>

enum { MAX_JOBS = 8 };

static struct queue {
    pthread_mutex_t lock;
    pthread_cond_t more;
    const char *jobs[MAX_JOBS]; /* under lock */
    int count, taken;           /* under lock; jobs[taken] is next */
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static void queue_put(const char *job)
{
    pthread_mutex_lock(&queue.lock);
    queue.jobs[queue.count++] = job;
    pthread_cond_signal(&queue.more);
    pthread_mutex_unlock(&queue.lock);
}

static const char *queue_take(void)
{
    pthread_mutex_lock(&queue.lock);
    pthread_cond_wait(&queue.more, &queue.lock);
    const char *job = queue.jobs[queue.taken++];
    pthread_mutex_unlock(&queue.lock);
    return job;
}

static void *downloader(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++)
        printf("downloading %s\n", queue_take());
    return NULL;
}

int main(void)
{
    pthread_t thread;

    queue_put("kernel.tar.xz"); /* the list of yesterday */
    queue_put("manual.pdf");
    pthread_create(&thread, NULL, downloader, NULL);
    pthread_join(thread, NULL);
    printf("all downloaded\n");
    return 0;
}
