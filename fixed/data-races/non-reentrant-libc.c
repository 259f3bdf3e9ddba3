/* SPDX-License-Identifier: MIT */
/*
 * non-reentrant-libc - two clocks share the one struct tm that gmtime() has
 *
 * Family:  data-races
 * Bug:     gmtime() returns a pointer to an object of its own, the same one each time. While one
 *          clock reads hours and minutes, the other one has gmtime() write its own there. The same
 *          goes for strtok(), localtime(), strerror() and more.
 * Fix:     gmtime_r(), which writes where the caller says.
 * Refs:    CERT CON33-C; CWE-663
 * Expect:  gridlock=silent tsan=silent output="Lima: 7:30; Oslo: 13:30; both clocks went right"
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { CLOCKS = 2, LOOKS = 200, HALF_PAST_TWELVE = 1000 * 86400 + 45000 };

static struct clock {
    const char *city;
    int offset; /* hours from Greenwich */
    int hour, minute;
    int wrong; /* how often it showed something else */
} clocks[CLOCKS] = {{"Lima", -5, 0, 0, 0}, {"Oslo", 1, 0, 0, 0}};

static pthread_barrier_t noon;

static void *run(void *argument)
{
    struct clock *clock = argument;
    time_t now = HALF_PAST_TWELVE + clock->offset * 3600;

    pthread_barrier_wait(&noon);
    for (int i = 0; i < LOOKS; i++) {
        struct tm local;

        gmtime_r(&now, &local);
        clock->hour = local.tm_hour;
        clock->minute = local.tm_min;
        clock->wrong += clock->hour != 12 + clock->offset;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[CLOCKS];
    int wrong = 0;

    pthread_barrier_init(&noon, NULL, CLOCKS);
    for (int i = 0; i < CLOCKS; i++)
        pthread_create(&threads[i], NULL, run, &clocks[i]);
    for (int i = 0; i < CLOCKS; i++) {
        pthread_join(threads[i], NULL);
        printf("%s: %d:%d\n", clocks[i].city, clocks[i].hour, clocks[i].minute);
        wrong += clocks[i].wrong;
    }
    pthread_barrier_destroy(&noon);
    puts(wrong == 0 ? "both clocks went right" : "the clocks went wrong");
    return 0;
}
