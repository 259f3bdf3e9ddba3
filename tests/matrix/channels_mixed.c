/* SPDX-License-Identifier: MIT */
/*
 * channels_mixed.c - circles of a channel and something else: one wait-for graph has them all
 *
 * Every scenario hangs for good. With a ticker the others go on, and the circle must be found all
 * the same, as likely or as certain as can be.
 */
#include "channels.h"

static int_chan c, acks;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static sem_t sem;
static struct waitgroup wg;
static pthread_t peer;

static void make_all(void)
{
    c = chan_make(int_chan, 0);
    acks = chan_make(int_chan, 0);
    gridlock_name(c.chan, "c");
    gridlock_name(acks.chan, "acks");
}

/* One exchange, so that both are known at their ends. */
static void meet(void)
{
    chan_send(c, 0);
}

static void meet_other(void)
{
    chan_recv(c, NULL);
}

/* ---------------------------------------------------------------- locks */

static void receives_under_mutex(void *arg)
{
    (void)arg;
    meet_other();
    await(1);
    pthread_mutex_lock(&mutex);
    chan_recv(c, NULL);
    pthread_mutex_unlock(&mutex);
}

static void with_mutex(void)
{
    make_all();
    go_named("worker", receives_under_mutex, NULL);
    meet();
    pthread_mutex_lock(&mutex);
    reach(1);
    settle();
    chan_send(c, 1);
    pthread_mutex_unlock(&mutex);
}

static void with_mutex_others_run(void)
{
    end_later();
    with_mutex();
}

static void receives_under_rwlock(void *arg)
{
    (void)arg;
    meet_other();
    await(1);
    pthread_rwlock_wrlock(&rwlock);
    chan_recv(c, NULL);
    pthread_rwlock_unlock(&rwlock);
}

static void with_rwlock(void)
{
    make_all();
    go_named("worker", receives_under_rwlock, NULL);
    meet();
    pthread_rwlock_rdlock(&rwlock);
    reach(1);
    settle();
    chan_send(c, 1);
    pthread_rwlock_unlock(&rwlock);
}

static void receives_under_spin(void *arg)
{
    (void)arg;
    meet_other();
    await(1);
    pthread_spin_lock(&spin);
    chan_recv(c, NULL);
    pthread_spin_unlock(&spin);
}

static void with_spin(void)
{
    make_all();
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    go_named("worker", receives_under_spin, NULL);
    meet();
    pthread_spin_lock(&spin);
    reach(1);
    nap(50); /* it spins */
    chan_send(c, 1);
    pthread_spin_unlock(&spin);
}

/* Three: main sends with the lock, A wants the lock before it acknowledges, B waits for the ack. */
static void wants_lock_then_acks(void *arg)
{
    (void)arg;
    await(1);
    pthread_mutex_lock(&mutex);
    chan_send(acks, 1);
    pthread_mutex_unlock(&mutex);
}

static void waits_for_ack_then_receives(void *arg)
{
    (void)arg;
    chan_recv(acks, NULL);
    chan_recv(c, NULL);
}

static void with_mutex_of_three(void)
{
    make_all();
    go_named("acker", wants_lock_then_acks, NULL);
    go_named("waiter", waits_for_ack_then_receives, NULL);
    pthread_mutex_lock(&mutex);
    reach(1);
    chan_send(c, 1);
    pthread_mutex_unlock(&mutex);
}

/* ---------------------------------------------------------------- conditions, semaphores */

static void waits_for_signal(void *arg)
{
    (void)arg;
    meet_other();
    pthread_mutex_lock(&mutex);
    for (;;)
        pthread_cond_wait(&cond, &mutex);
}

/* The one who would signal sends first to the one who waits for the signal. */
static void with_cond(void)
{
    make_all();
    go_named("worker", waits_for_signal, NULL);
    meet();
    settle();
    chan_send(c, 1);
    pthread_cond_signal(&cond);
}

static void waits_for_post(void *arg)
{
    (void)arg;
    meet_other();
    sem_wait(&sem);
    chan_recv(c, NULL);
}

static void with_semaphore(void)
{
    make_all();
    sem_make(&sem, 0);
    go_named("worker", waits_for_post, NULL);
    meet();
    chan_send(c, 1);
    sem_post(&sem);
}

static void comes_to_barrier(void *arg)
{
    (void)arg;
    meet_other();
    pthread_barrier_wait(&barrier);
    chan_recv(c, NULL);
}

static void with_barrier(void)
{
    make_all();
    pthread_barrier_init(&barrier, NULL, 2);
    go_named("worker", comes_to_barrier, NULL);
    meet();
    chan_send(c, 1);
    pthread_barrier_wait(&barrier);
}

/* ---------------------------------------------------------------- ends */

static void *sends_to_joiner(void *arg)
{
    chan_send(c, 1);
    return arg;
}

static void with_join(void)
{
    make_all();
    peer = start(sends_to_joiner, NULL);
    join(peer);
    chan_recv(c, NULL);
}

static void *sends_on(void *arg)
{
    chan_recv(acks, NULL);
    chan_send(c, 1);
    chan_send(c, 2);
    return arg;
}

/* While others go on: the only receiver ever seen is in the join. */
static void with_join_others_run(void)
{
    make_all();
    end_later();
    peer = start(sends_on, NULL);
    chan_send(acks, 1);
    chan_recv(c, NULL);
    join(peer);
    chan_recv(c, NULL);
}

static void send_result(void *arg)
{
    (void)arg;
    chan_send(c, 1);
}

/* Wait, then take the results: nobody takes them. */
static void with_waitgroup(void)
{
    make_all();
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, send_result, NULL);
    waitgroup_wait(&wg);
    chan_recv(c, NULL);
}

static void locks_mutex(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

/* Certain while others run: the task is a goroutine, and the lock has an owner. */
static void waitgroup_and_mutex(void)
{
    start_ticker();
    pthread_mutex_lock(&mutex);
    waitgroup_go(&wg, locks_mutex, NULL);
    waitgroup_wait(&wg);
    pthread_mutex_unlock(&mutex);
}

static void sends_two_results(void *arg)
{
    (void)arg;
    chan_send(c, 1);
    chan_send(c, 2);
}

static void waitgroup_others_run(void)
{
    make_all();
    end_later();
    waitgroup_go(&wg, sends_two_results, NULL);
    chan_recv(c, NULL);
    waitgroup_wait(&wg);
}

/* ---------------------------------------------------------------- contexts */

static void waits_for_context(void *arg)
{
    struct context *ctx = arg;

    meet_other();
    chan_select(RECV(context_done(ctx), NULL), RECV(acks, NULL));
    nap(1);
}

/* Whoever would cancel waits for the one that waits for the cancel. */
static void with_context(void)
{
    struct context *ctx = context_with_cancel(context_background());

    make_all();
    waitgroup_add(&wg, 1);
    go_named("worker", waits_for_context, ctx);
    meet();
    waitgroup_wait(&wg);
    context_cancel(ctx);
}

const struct scenario scenarios[] = {
    {"chan-mutex", with_mutex},
    {"chan-mutex-others-run", with_mutex_others_run},
    {"chan-rwlock", with_rwlock},
    {"chan-spin", with_spin},
    {"chan-mutex-of-three", with_mutex_of_three},
    {"chan-cond", with_cond},
    {"chan-semaphore", with_semaphore},
    {"chan-barrier", with_barrier},
    {"chan-join", with_join},
    {"chan-join-others-run", with_join_others_run},
    {"chan-waitgroup", with_waitgroup},
    {"waitgroup-and-mutex", waitgroup_and_mutex},
    {"chan-waitgroup-others-run", waitgroup_others_run},
    {"chan-context", with_context},
    {NULL, NULL},
};
