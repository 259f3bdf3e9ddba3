/* SPDX-License-Identifier: MIT */
/*
 * signal-handler-unsafe - a signal asks for the figures, and its handler takes the lock
 *
 * Family:  context
 * Bug:     `kill -USR1` makes the program print its figures. The handler runs in the middle of
 *          whatever the thread was doing. Here it came between two cars, and all went well; when it
 *          comes while the thread holds the lock, the handler waits for the thread that it has
 *          interrupted. printf() has such a lock too.
 * Fix:     the handler only sets a flag. The loop looks at it, and prints where it may.
 * Refs:    CERT SIG30-C, CERT SIG31-C; CWE-479, CWE-828; the manual page signal-safety(7)
 * Expect:  gridlock=silent tsan=silent output="3 cars, 9 people; 6 cars, 15 people"
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int cars, people; /* under lock */
static volatile sig_atomic_t asked;

static void count_car(int passengers)
{
    pthread_mutex_lock(&lock);
    cars++;
    people += 1 + passengers;
    pthread_mutex_unlock(&lock);
}

static void print_figures(void)
{
    pthread_mutex_lock(&lock);
    printf("%d cars, %d people\n", cars, people);
    pthread_mutex_unlock(&lock);
}

static void on_signal(int signal)
{
    asked = signal;
}

int main(void)
{
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
    for (int car = 1; car <= 6; car++) {
        count_car(car % 4);
        if (car % 3 == 0)
            raise(SIGUSR1); /* as somebody at a shell might do at any moment */
        if (asked)
            print_figures();
        asked = 0;
    }
    puts("the bridge closes");
    return 0;
}
