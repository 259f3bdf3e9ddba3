/* SPDX-License-Identifier: MIT */
/*
 * signal-not-broadcast - a group of passengers is called, and one of them is woken
 *
 * Family:  waiting
 * Bug:     all passengers wait on one condition, each for its group. The call for a group signals,
 *          which wakes one of them: perhaps one of another group, who goes on waiting, and never
 *          all three of the group. The others sleep in front of an open gate.
 * Fix:     broadcast when more than one may go on, or when they wait for different things.
 * Refs:    CERT CON38-C
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <pthread.h>
#include <stdio.h>

enum { PASSENGERS = 5, GROUPS = 2 };

static struct gate {
    pthread_mutex_t lock;
    pthread_cond_t call, seated;
    int called;  /* groups 1 to `called` may board; under lock */
    int waiting; /* passengers who have arrived; under lock */
    int boarded; /* under lock */
} gate = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .call = PTHREAD_COND_INITIALIZER,
    .seated = PTHREAD_COND_INITIALIZER,
};

static void *passenger(void *argument)
{
    int group = *(int *)argument;

    pthread_mutex_lock(&gate.lock);
    gate.waiting++;
    pthread_cond_signal(&gate.seated);
    while (gate.called < group)
        pthread_cond_wait(&gate.call, &gate.lock);
    gate.boarded++;
    pthread_mutex_unlock(&gate.lock);
    return NULL;
}

static void call_group(int group)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.waiting < PASSENGERS)
        pthread_cond_wait(&gate.seated, &gate.lock);
    gate.called = group;
    pthread_cond_signal(&gate.call);
    pthread_mutex_unlock(&gate.lock);
}

int main(void)
{
    int groups[PASSENGERS] = {1, 1, 1, 2, 2};
    pthread_t passengers[PASSENGERS];

    for (int i = 0; i < PASSENGERS; i++)
        pthread_create(&passengers[i], NULL, passenger, &groups[i]);
    for (int group = 1; group <= GROUPS; group++)
        call_group(group);
    for (int i = 0; i < PASSENGERS; i++)
        pthread_join(passengers[i], NULL);
    printf("%d passengers are on board\n", gate.boarded);
    return 0;
}
