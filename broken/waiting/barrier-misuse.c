/* SPDX-License-Identifier: MIT */
/*
 * barrier-misuse - one of the rowers goes home, and the others wait for him at the barrier
 *
 * Family:  waiting
 * Bug:     the barrier opens when four have come. The rower who has no oar returns before it: the
 *          other three wait for one who will not come.
 * Fix:     whoever was counted comes to the barrier, also on the error path; then he may go.
 * Refs:    POSIX pthread_barrier_wait(); the manual of DRD, "barriers"
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <pthread.h>
#include <stdio.h>

enum { ROWERS = 4 };

static struct boat {
    pthread_barrier_t ready;
    pthread_mutex_t lock;
    int oars;   /* left on the shore; under lock */
    int rowing; /* under lock */
} boat = {.lock = PTHREAD_MUTEX_INITIALIZER, .oars = 3};

/* 1 if there was one. */
static int take_oar(void)
{
    pthread_mutex_lock(&boat.lock);
    int taken = boat.oars > 0;
    boat.oars -= taken;
    pthread_mutex_unlock(&boat.lock);
    return taken;
}

static void *rower(void *unused)
{
    int oars = take_oar();

    (void)unused;
    if (oars == 0)
        return NULL;
    pthread_barrier_wait(&boat.ready); /* nobody pulls before all are ready */
    pthread_mutex_lock(&boat.lock);
    boat.rowing += oars;
    pthread_mutex_unlock(&boat.lock);
    return NULL;
}

int main(void)
{
    pthread_t rowers[ROWERS];

    pthread_barrier_init(&boat.ready, NULL, ROWERS);
    for (int i = 0; i < ROWERS; i++)
        pthread_create(&rowers[i], NULL, rower, NULL);
    for (int i = 0; i < ROWERS; i++)
        pthread_join(rowers[i], NULL);
    printf("off they go, with %d oars\n", boat.rowing);
    pthread_barrier_destroy(&boat.ready);
    return 0;
}
