/* SPDX-License-Identifier: MIT */
/*
 * ways.c - one program for each way to be found or not, under the real detector
 *
 * Usage: ways WHAT    WHAT: hang, order, killed, unlock, safe
 *
 * In `order` one thread has done before the other begins, so that nothing hangs; a plain flag sees to
 * that, which is no order that the detector could know of.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

struct account {
    long balance;
    pthread_mutex_t lock;
};

static struct account accounts[2] = {{.lock = PTHREAD_MUTEX_INITIALIZER},
                                     {.lock = PTHREAD_MUTEX_INITIALIZER}};
static atomic_int hold_one, done;
static int hang;

static void wait_until(atomic_int *counter, int value)
{
    while (atomic_load(counter) < value)
        sched_yield();
}

static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
    if (hang) {
        atomic_fetch_add(&hold_one, 1);
        wait_until(&hold_one, 2);
    }
    pthread_mutex_lock(&to->lock);
    to->balance++;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void *forth(void *unused)
{
    transfer(&accounts[0], &accounts[1]);
    atomic_store(&done, 1);
    return unused;
}

static void *back(void *unused)
{
    if (!hang)
        wait_until(&done, 1);
    transfer(&accounts[1], &accounts[0]);
    return unused;
}

static void run_both(void *(*one)(void *), void *(*other)(void *))
{
    pthread_t a, b;

    pthread_create(&a, NULL, one, NULL);
    pthread_create(&b, NULL, other, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "safe";

    printf("%s\n", what);
    fflush(stdout);
    hang = strcmp(what, "hang") == 0;
    if (strcmp(what, "unlock") == 0)
        pthread_mutex_unlock(&accounts[0].lock);
    else
        run_both(forth, strcmp(what, "safe") == 0 ? forth : back);
    if (strcmp(what, "killed") == 0)
        raise(SIGKILL);
    return 3;
}
