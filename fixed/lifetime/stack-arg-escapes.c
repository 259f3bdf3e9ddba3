/* SPDX-License-Identifier: MIT */
/*
 * stack-arg-escapes - the postman gets the address of a variable whose function returns
 *
 * Family:  lifetime
 * Bug:     send_parcel() gives the thread the address of its local variable and returns. The memory
 *          is then used for other things, by the next call for the next label: a postman who has
 *          arrived reads another parcel's weight, or nonsense.
 * Fix:     memory that lives as long as the thread needs it: allocated by the one, freed by the
 *          other.
 * Refs:    CERT CON34-C; CERT POS50-C
 * Expect:  gridlock=silent tsan=silent output="3 parcels, 7 kg"
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PARCELS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int delivered, weight; /* under lock */

static void *deliver(void *argument)
{
    int *label = argument, kilograms;

    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL); /* the way */
    kilograms = *label;
    free(label);
    pthread_mutex_lock(&lock);
    delivered++;
    weight += kilograms;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static pthread_t send_parcel(int kilograms)
{
    pthread_t postman;
    int *label = malloc(sizeof *label);

    *label = kilograms;
    pthread_create(&postman, NULL, deliver, label);
    return postman;
}

int main(void)
{
    pthread_t postmen[PARCELS];

    for (int i = 0; i < PARCELS; i++)
        postmen[i] = send_parcel(1 << i);
    for (int i = 0; i < PARCELS; i++)
        pthread_join(postmen[i], NULL);
    printf("%d parcels, %d kg\n", delivered, weight);
    return 0;
}
