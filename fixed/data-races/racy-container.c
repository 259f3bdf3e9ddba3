/* SPDX-License-Identifier: MIT */
/*
 * racy-container - three guests put their songs on one list at the same time
 *
 * Family:  data-races
 * Bug:     to add a song is to link it to the first one and to make it the first. Two guests who
 *          see the same first song both link to it, and one of the two songs is on no list. A
 *          container does not become safe by being called through functions.
 * Fix:     the list has a lock, and each of its functions takes it.
 * Refs:    CERT CON43-C; CWE-362; 100 Go Mistakes, number 69
 * Expect:  gridlock=silent tsan=silent output="60 songs on the list"
 */
#include <pthread.h>
#include <stdio.h>

enum { GUESTS = 3, SONGS = 20 };

struct song {
    int minutes;
    struct song *next;
};

static struct playlist {
    pthread_mutex_t lock;
    struct song *first; /* under lock */
} party = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_barrier_t music_starts;
static struct song wishes[GUESTS][SONGS]; /* wishes[i]: guest i's, until they are on the list */

static void playlist_add(struct playlist *list, struct song *song)
{
    pthread_mutex_lock(&list->lock);
    song->next = list->first;
    list->first = song;
    pthread_mutex_unlock(&list->lock);
}

static int playlist_count(const struct playlist *list)
{
    int count = 0;

    for (const struct song *song = list->first; song != NULL; song = song->next)
        count++;
    return count;
}

static void *guest(void *argument)
{
    struct song *songs = argument;

    pthread_barrier_wait(&music_starts);
    for (int i = 0; i < SONGS; i++) {
        songs[i].minutes = 2 + i % 4;
        playlist_add(&party, &songs[i]);
    }
    return NULL;
}

int main(void)
{
    pthread_t guests[GUESTS];

    pthread_barrier_init(&music_starts, NULL, GUESTS);
    for (int i = 0; i < GUESTS; i++)
        pthread_create(&guests[i], NULL, guest, wishes[i]);
    for (int i = 0; i < GUESTS; i++)
        pthread_join(guests[i], NULL);
    pthread_barrier_destroy(&music_starts);

    printf("%d songs on the list\n", playlist_count(&party)); /* all guests are gone */
    return 0;
}
