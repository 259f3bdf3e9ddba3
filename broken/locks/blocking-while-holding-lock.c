/* SPDX-License-Identifier: MIT */
/*
 * blocking-while-holding-lock - stop() joins the worker, and keeps the lock that the worker needs
 *
 * Family:  locks
 * Bug:     stop() sets `closed` under the lock, and waits for the cook with the lock still held.
 *          The cook takes that lock before he looks whether the kitchen is closed: he waits for
 *          stop(), and stop() for him.
 * Fix:     give the lock back before anything that may take long: a join, a read, a sleep.
 * Refs:    CERT CON05-C, CERT POS52-C
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static struct kitchen {
    pthread_mutex_t lock;
    bool closed; /* under lock */
    int dishes;  /* ready; under lock */
    pthread_t cook;
} kitchen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_closed(void)
{
    pthread_mutex_lock(&kitchen.lock);
    bool closed = kitchen.closed;
    pthread_mutex_unlock(&kitchen.lock);
    return closed;
}

static void *cook(void *unused)
{
    (void)unused;
    while (!is_closed()) {
        usleep(1000);
        pthread_mutex_lock(&kitchen.lock);
        kitchen.dishes++;
        pthread_mutex_unlock(&kitchen.lock);
    }
    return NULL;
}

static void stop(void)
{
    pthread_mutex_lock(&kitchen.lock);
    kitchen.closed = true;
    pthread_join(kitchen.cook, NULL); /* he may finish the dish that he is at */
    pthread_mutex_unlock(&kitchen.lock);
}

int main(void)
{
    pthread_create(&kitchen.cook, NULL, cook, NULL);
    usleep(5 * 1000); /* the evening */
    stop();
    printf("%s\n", kitchen.dishes >= 0 ? "good night" : "who ate them?");
    return 0;
}
