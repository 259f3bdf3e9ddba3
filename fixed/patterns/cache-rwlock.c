/* SPDX-License-Identifier: MIT */
/*
 * cache-rwlock - many readers look things up; one that misses fills the cache as a reader
 *
 * Family:  patterns
 * Bug:     the read lock lets any number of readers in at once. forecast() holds it, does not find
 *          the city, and writes: two readers write the same entry, others read it half written.
 * Fix:     a miss gives the read lock back, takes the write lock, looks again, and writes.
 * Refs:    CWE-821; CERT CON43-C; Go's sync.RWMutex
 * Expect:  gridlock=silent tsan=silent output="all answers were right; asked 4 times"
 */
#include <gridlock.h>

#include <stdio.h>

enum { CITIES = 4, READERS = 4, QUESTIONS = 200 };

static struct cache {
    pthread_rwlock_t lock;
    struct {
        bool known;
        int degrees;
    } cities[CITIES]; /* under lock */
    int asked;        /* under lock: how often the service was asked */
} cache = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static pthread_barrier_t news_begin, news_end;

static int ask_service(int city)
{
    return 10 + city;
}

/* Requires: cache.lock is held for writing. */
static void fill(int city)
{
    cache.asked++;
    cache.cities[city].degrees = ask_service(city);
    cache.cities[city].known = true;
}

static int forecast(int city)
{
    pthread_rwlock_rdlock(&cache.lock);
    if (!cache.cities[city].known) {
        pthread_rwlock_unlock(&cache.lock);
        pthread_rwlock_wrlock(&cache.lock);
        if (!cache.cities[city].known) /* nobody else did it meanwhile */
            fill(city);
    }
    int degrees = cache.cities[city].degrees;
    pthread_rwlock_unlock(&cache.lock);
    return degrees;
}

static void reader(void *arg)
{
    int *right = arg;

    pthread_barrier_wait(&news_begin); /* everybody asks at the same time */
    for (int i = 0; i < QUESTIONS; i++)
        *right += forecast(i % CITIES) == 10 + i % CITIES;
    pthread_barrier_wait(&news_end); /* nobody leaves before */
}

int main(void)
{
    struct waitgroup asking = WAITGROUP_INIT;
    int right[READERS] = {0}, all = 0;

    pthread_barrier_init(&news_begin, NULL, READERS);
    pthread_barrier_init(&news_end, NULL, READERS);
    for (int i = 0; i < READERS; i++)
        waitgroup_go(&asking, reader, &right[i]);
    waitgroup_wait(&asking);
    pthread_barrier_destroy(&news_begin);
    pthread_barrier_destroy(&news_end);
    for (int i = 0; i < READERS; i++)
        all += right[i];
    puts(all == READERS * QUESTIONS ? "all answers were right" : "some answers were wrong");
    printf("asked %d times\n", cache.asked);
    return 0;
}
