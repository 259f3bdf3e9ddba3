/* SPDX-License-Identifier: MIT */
/*
 * lock-cycle-n - five philosophers each hold one fork and wait for the next
 *
 * Family:  deadlocks
 * Bug:     everybody takes the left fork first. No two of them take the same two forks, so no pair
 *          ever looks wrong; but the five "holds left, wants right" close a ring.
 * Fix:     one global order: everybody takes the fork with the lower number first. Somebody (here
 *          the last one) thereby starts on the other side, and the ring cannot close.
 * Refs:    Dijkstra, EWD 310 (1971); CERT CON35-C; CWE-833
 * Expect:  gridlock=deadlock|lock-order-cycle tsan=hang|lock-order-inversion
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { SEATS = 5, COURSES = 3 };

static const char *const names[SEATS] = {"Plato", "Hypatia", "Confucius", "Avicenna", "Hegel"};
static pthread_mutex_t forks[SEATS] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
};
static pthread_barrier_t served; /* nobody starts a course before everybody has a plate */
static int plates[SEATS];        /* plates[i]: written by philosopher i, read after the join */

static void eat(int seat)
{
    int first = seat, second = (seat + 1) % SEATS;

    pthread_mutex_lock(&forks[first]);
    usleep(20 * 1000); /* the bread goes round */
    pthread_mutex_lock(&forks[second]);
    plates[seat]++;
    pthread_mutex_unlock(&forks[second]);
    pthread_mutex_unlock(&forks[first]);
}

static void *philosopher(void *argument)
{
    int seat = *(int *)argument;

    for (int course = 0; course < COURSES; course++) {
        pthread_barrier_wait(&served);
        eat(seat);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[SEATS];
    int seats[SEATS];

    pthread_barrier_init(&served, NULL, SEATS);
    for (int i = 0; i < SEATS; i++) {
        seats[i] = i;
        pthread_create(&threads[i], NULL, philosopher, &seats[i]);
    }
    for (int i = 0; i < SEATS; i++) {
        pthread_join(threads[i], NULL);
        printf("%s had %d courses\n", names[i], plates[i]);
    }
    pthread_barrier_destroy(&served);
    return 0;
}
