/* SPDX-License-Identifier: MIT */
/*
 * double-lock-self - a function that holds a lock calls a helper that takes it again
 *
 * Family:  locks
 * Bug:     cache_put() holds the lock and asks cache_is_full(), which is public and locks for
 *          itself. A plain mutex is not recursive: the thread waits for itself, for ever, and
 *          everybody else behind it.
 * Fix:     split the helper: is_full_locked() expects the lock, cache_is_full() takes it.
 * Refs:    CWE-764
 * Expect:  gridlock=silent tsan=silent output="3 pages cached, not full"
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { SLOTS = 4, NAME_SIZE = 32 };

static struct cache {
    pthread_mutex_t lock;
    int used;                     /* under lock */
    char pages[SLOTS][NAME_SIZE]; /* under lock */
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Requires: cache.lock is held. */
static bool is_full_locked(void)
{
    return cache.used == SLOTS;
}

/* Anybody may ask. */
static bool cache_is_full(void)
{
    pthread_mutex_lock(&cache.lock);
    bool full = is_full_locked();
    pthread_mutex_unlock(&cache.lock);
    return full;
}

static void cache_put(const char *page)
{
    pthread_mutex_lock(&cache.lock);
    if (is_full_locked())
        cache.used = 0; /* start over */
    snprintf(cache.pages[cache.used++], NAME_SIZE, "%s", page);
    pthread_mutex_unlock(&cache.lock);
}

static void *fetcher(void *argument)
{
    const char *site = argument;
    char page[NAME_SIZE];

    for (int i = 0; i < 3; i++) {
        snprintf(page, sizeof page, "%s/page-%d", site, i);
        cache_put(page);
    }
    return NULL;
}

int main(void)
{
    char site[] = "example.org";
    pthread_t thread;

    pthread_create(&thread, NULL, fetcher, site);
    pthread_join(thread, NULL);
    printf("%d pages cached, %s\n", cache.used, cache_is_full() ? "full" : "not full");
    return 0;
}
