/* SPDX-License-Identifier: MIT */
/*
 * join-detach-misuse - three letters are printed, and only the last printer is joined
 *
 * Family:  lifetime
 * Bug:     one variable takes the handles of three threads. At the end it has the last one, and
 *          that is joined; nobody can join the others any more, and they were not detached. The
 *          system keeps stack and result of a finished thread for its joiner: here, for ever.
 * Fix:     a handle for each thread, and a join for each handle. (A thread that nobody will wait
 *          for is detached instead. Never both: that is undefined.)
 * Refs:    CERT CON04-C, CERT CON39-C; CWE-772; the manual page pthread_join(3)
 * Expect:  gridlock=silent tsan=silent output="3 letters are printed"
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

enum { LETTERS = 3 };

static sem_t printed;

static void *print_letter(void *unused)
{
    sem_post(&printed);
    return unused;
}

int main(void)
{
    pthread_t printers[LETTERS];

    sem_init(&printed, 0, 0);
    for (int i = 0; i < LETTERS; i++)
        pthread_create(&printers[i], NULL, print_letter, NULL);
    for (int i = 0; i < LETTERS; i++)
        sem_wait(&printed);
    printf("%d letters are printed\n", LETTERS);
    for (int i = 0; i < LETTERS; i++)
        pthread_join(printers[i], NULL);
    nanosleep(&(struct timespec){.tv_nsec = 30 * 1000 * 1000}, NULL); /* sealing envelopes */
    sem_destroy(&printed);
    return 0;
}
