/* SPDX-License-Identifier: MIT */
/*
 * unlock-by-other-thread - one thread locks the printer, and another one unlocks it
 *
 * Family:  locks
 * Bug:     a visitor locks the printer and leaves the unlock to the thread that feeds the paper,
 *          which knows best when the last page is out. A Go mutex may be handed on like that; a
 *          POSIX mutex belongs to the thread that locked it, and anything may happen.
 * Fix:     who locked unlocks, after waiting for the helper. (A semaphore has no owner: it is the
 *          tool where one thread really must give what another one took.)
 * Refs:    CERT POS48-C
 * Expect:  gridlock=unlock-not-owner tsan=unlock-of-an-unlocked-mutex+data-race
 */
#include <pthread.h>
#include <stdio.h>

static struct printer {
    pthread_mutex_t lock;
    int pages; /* under lock */
} printer = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct document {
    const char *title;
    int pages;
};

static void *feed(void *argument)
{
    const struct document *document = argument;

    for (int page = 0; page < document->pages; page++)
        printer.pages++;
    printf("%s: %d pages printed\n", document->title, document->pages);
    pthread_mutex_unlock(&printer.lock);
    return NULL;
}

static void *visitor(void *argument)
{
    pthread_t feeder;

    pthread_mutex_lock(&printer.lock);
    pthread_create(&feeder, NULL, feed, argument);
    pthread_join(feeder, NULL);
    return NULL;
}

int main(void)
{
    struct document documents[] = {{"a poem", 1}, {"a novel", 300}};
    pthread_t visitors[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&visitors[i], NULL, visitor, &documents[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(visitors[i], NULL);
    printf("%d pages today\n", printer.pages);
    return 0;
}
