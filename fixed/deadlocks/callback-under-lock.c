/* SPDX-License-Identifier: MIT */
/*
 * callback-under-lock - a listener is called with the list's lock held, and leaves the list
 *
 * Family:  deadlocks
 * Bug:     publish() calls every listener under the lock. What a listener does is not for publish()
 *          to know: this one has heard enough and unsubscribes, which takes the same lock. The
 *          writer of the listener sees no lock at all, the writer of publish() no second one.
 * Fix:     never call foreign code with a lock held: copy the list, unlock, then call.
 * Refs:    100 Go Mistakes, number 68; CWE-833
 * Expect:  gridlock=silent tsan=silent output="job seeker: cook wanted; the paper is sold out"
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LISTENERS = 4 };

typedef void (*listener)(const char *news);

static struct newspaper {
    pthread_mutex_t lock;
    listener listeners[MAX_LISTENERS]; /* under lock; NULL: nobody */
} newspaper = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void subscribe(int place, listener listener)
{
    pthread_mutex_lock(&newspaper.lock);
    newspaper.listeners[place] = listener; /* NULL: unsubscribe */
    pthread_mutex_unlock(&newspaper.lock);
}

static void publish(const char *news)
{
    listener now[MAX_LISTENERS];

    pthread_mutex_lock(&newspaper.lock);
    memcpy(now, newspaper.listeners, sizeof now);
    pthread_mutex_unlock(&newspaper.lock);
    for (int i = 0; i < MAX_LISTENERS; i++)
        if (now[i])
            now[i](news);
}

static void faithful_reader(const char *news)
{
    printf("faithful reader: %s\n", news);
}

static void job_seeker(const char *news)
{
    printf("job seeker: %s\n", news);
    if (strstr(news, "wanted"))
        subscribe(1, NULL); /* found what was looked for */
}

static void *editor(void *unused)
{
    (void)unused;
    publish("rain tomorrow");
    publish("cook wanted");
    publish("sunshine tomorrow");
    return NULL;
}

int main(void)
{
    pthread_t thread;

    subscribe(0, faithful_reader);
    subscribe(1, job_seeker);
    pthread_create(&thread, NULL, editor, NULL);
    pthread_join(thread, NULL);
    printf("the paper is sold out\n");
    return 0;
}
