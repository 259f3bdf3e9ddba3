/* SPDX-License-Identifier: MIT */
/*
 * channels_locks.c - locks and channels together, in runs that are lucky: nobody hangs here
 *
 * What would hang with other turns must be found (wait-under-lock, lock-order-cycle); what a channel
 * keeps in order must stay silent. Neighbours stand below what they differ from.
 */
#include "channels.h"

static int_chan updates, acks;
static struct waitgroup wg;
static pthread_mutex_t cache = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static int value;

static void make_all(int capacity)
{
    updates = chan_make(int_chan, capacity);
    acks = chan_make(int_chan, capacity);
    gridlock_name(updates.chan, "updates");
    gridlock_name(acks.chan, "acks");
}

static void touch(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
    value++;
    pthread_mutex_unlock(mutex);
}

/* ---------------------------------------------------------------- the partner needs the lock */

static void touch_then_receive(void *arg)
{
    (void)arg;
    do
        touch(&cache);
    while (chan_recv(updates, NULL));
}

static void finish_receivers(void)
{
    chan_close(updates);
    waitgroup_wait(&wg);
}

/* The naps keep the partner out of the lock at the bad moment. */
static void send_under_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 3; i++) {
        settle();
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

/* A select with that one case is the same wait. */
static void select_under_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 3; i++) {
        settle();
        pthread_mutex_lock(&cache);
        chan_select(SEND(updates, i));
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

/* Neighbour: a select that gives up, or a try, cannot hang. */
static void select_default_under_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 20; i++) {
        settle();
        pthread_mutex_lock(&cache);
        chan_select(SEND(updates, i), DEFAULT);
        chan_try_send(updates, i);
        chan_select(SEND(updates, i), RECV(time_after(MILLISECOND), NULL));
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

/* Neighbour: the lock is given back before the send. */
static void send_after_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 30; i++) {
        touch(&cache);
        chan_send(updates, i);
    }
    finish_receivers();
}

static void touch_then_send(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        touch(&cache);
        chan_send(updates, i);
    }
}

static void receive_under_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_send, NULL);
    for (int i = 0; i < 3; i++) {
        settle();
        pthread_mutex_lock(&cache);
        chan_recv(updates, NULL);
        pthread_mutex_unlock(&cache);
    }
    waitgroup_wait(&wg);
}

/* The buffer has been full: the send may have to wait. */
static void full_buffer_under_lock(void)
{
    make_all(2);
    chan_send(updates, 1);
    chan_send(updates, 2);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 6; i++) {
        settle();
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

/* Neighbour: room for all that is ever sent. */
static void roomy_buffer_under_lock(void)
{
    make_all(32);
    waitgroup_go(&wg, touch_then_receive, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

static void touch_receive_ack(void *arg)
{
    (void)arg;
    do {
        touch(&cache);
        if (!chan_recv(updates, NULL))
            return;
        chan_send(acks, 1);
    } while (true);
}

/* Neighbour: one value at most is on its way; the buffer is never full, however many pass it. */
static void never_full_buffer_under_lock(void)
{
    make_all(4);
    waitgroup_go(&wg, touch_receive_ack, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
        chan_recv(acks, NULL);
    }
    finish_receivers();
}

static void receive_only(void *arg)
{
    (void)arg;
    while (chan_recv(updates, NULL))
        touch(&other);
}

/* Neighbour: the partner never needs this lock. */
static void lock_partner_never_needs(void)
{
    make_all(0);
    waitgroup_go(&wg, receive_only, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

static void receive_touch_ack(void *arg)
{
    (void)arg;
    while (chan_recv(updates, NULL)) {
        touch(&cache);
        chan_send(acks, 1);
    }
}

/* Neighbour: it needs the lock between receive and ack only, and main has given it back by then. */
static void ack_protocol(void)
{
    make_all(0);
    waitgroup_go(&wg, receive_touch_ack, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
        chan_recv(acks, NULL);
    }
    finish_receivers();
}

static void try_then_receive(void *arg)
{
    (void)arg;
    do {
        if (pthread_mutex_trylock(&cache) == 0) {
            value++;
            pthread_mutex_unlock(&cache);
        }
    } while (chan_recv(updates, NULL));
}

/* Neighbour: the partner only tries. */
static void partner_only_tries(void)
{
    make_all(0);
    waitgroup_go(&wg, try_then_receive, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

/* Neighbour: a second receiver takes the value without the lock. */
static void one_of_two_needs(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_then_receive, NULL);
    waitgroup_go(&wg, receive_only, NULL);
    settle();
    for (int i = 0; i < 30; i++) {
        nap(1);
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

static void touch_once_then_receive(void *arg)
{
    touch(&cache);
    reach(1);
    receive_only(arg);
}

/* Neighbour: the lock was needed once, before the first receive, and that was over when main took
 * it: what main was told puts it in order. */
static void needed_before_start(void)
{
    make_all(0);
    waitgroup_go(&wg, touch_once_then_receive, NULL);
    await(1);
    chan_send(updates, 0); /* whoever receives has given the lock back */
    for (int i = 0; i < 30; i++) {
        pthread_mutex_lock(&cache);
        chan_send(updates, i);
        pthread_mutex_unlock(&cache);
    }
    finish_receivers();
}

static void touch_only(void *arg)
{
    (void)arg;
    touch(&cache);
}

static void wait_under_lock(void)
{
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, touch_only, NULL);
    settle();
    pthread_mutex_lock(&cache);
    waitgroup_wait(&wg);
    pthread_mutex_unlock(&cache);
}

static void touch_other(void *arg)
{
    (void)arg;
    touch(&other);
}

/* Neighbour: the tasks need another lock. */
static void wait_under_other_lock(void)
{
    for (int i = 0; i < 3; i++)
        waitgroup_go(&wg, touch_other, NULL);
    settle();
    pthread_mutex_lock(&cache);
    waitgroup_wait(&wg);
    pthread_mutex_unlock(&cache);
}

static void read_then_receive(void *arg)
{
    (void)arg;
    do {
        pthread_rwlock_rdlock(&table);
        value += 0;
        pthread_rwlock_unlock(&table);
    } while (chan_recv(updates, NULL));
}

static void send_under_write_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, read_then_receive, NULL);
    for (int i = 0; i < 3; i++) {
        settle();
        pthread_rwlock_wrlock(&table);
        chan_send(updates, i);
        pthread_rwlock_unlock(&table);
    }
    finish_receivers();
}

/* Neighbour: readers let each other in. */
static void send_under_read_lock(void)
{
    make_all(0);
    waitgroup_go(&wg, read_then_receive, NULL);
    for (int i = 0; i < 30; i++) {
        pthread_rwlock_rdlock(&table);
        chan_send(updates, i);
        pthread_rwlock_unlock(&table);
    }
    finish_receivers();
}

const struct scenario scenarios[] = {
    {"send-under-lock", send_under_lock},
    {"select-under-lock", select_under_lock},
    {"select-default-under-lock", select_default_under_lock},
    {"send-after-lock", send_after_lock},
    {"receive-under-lock", receive_under_lock},
    {"full-buffer-under-lock", full_buffer_under_lock},
    {"roomy-buffer-under-lock", roomy_buffer_under_lock},
    {"never-full-buffer-under-lock", never_full_buffer_under_lock},
    {"lock-partner-never-needs", lock_partner_never_needs},
    {"ack-protocol", ack_protocol},
    {"partner-only-tries", partner_only_tries},
    {"one-of-two-needs", one_of_two_needs},
    {"needed-before-start", needed_before_start},
    {"wait-under-lock", wait_under_lock},
    {"wait-under-other-lock", wait_under_other_lock},
    {"send-under-write-lock", send_under_write_lock},
    {"send-under-read-lock", send_under_read_lock},
    {NULL, NULL},
};
