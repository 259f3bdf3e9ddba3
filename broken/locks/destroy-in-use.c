/* SPDX-License-Identifier: MIT */
/*
 * destroy-in-use - the last guest frees the room, and its lock, while he still holds it
 *
 * Family:  locks
 * Bug:     whoever finds himself the last one destroys the room at once, as long as the lock is
 *          his. To destroy a locked mutex is undefined. Destroying it later, but unlocking it after
 *          the free(), would be no better: that writes into memory that is somebody else's by then.
 * Fix:     decide under the lock, unlock, then destroy: nobody else knows the room any more.
 * Refs:    CERT CON31-C, CWE-667
 * Expect:  gridlock=destroy-locked+free-locked tsan=destroy-of-a-locked-mutex
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { GUESTS = 3 };

struct room {
    pthread_mutex_t lock;
    int guests; /* under lock; the last one takes the room away */
    int words;  /* under lock */
};

static struct room *room_new(int guests)
{
    struct room *room = calloc(1, sizeof *room);

    pthread_mutex_init(&room->lock, NULL);
    room->guests = guests;
    return room;
}

static void room_leave(struct room *room)
{
    pthread_mutex_lock(&room->lock);
    bool last = --room->guests == 0;
    if (last) {
        printf("%d words were said\n", room->words);
        pthread_mutex_destroy(&room->lock);
        free(room);
    } else {
        pthread_mutex_unlock(&room->lock);
    }
}

static void *guest(void *argument)
{
    struct room *room = argument;

    pthread_mutex_lock(&room->lock);
    room->words += 7;
    pthread_mutex_unlock(&room->lock);
    room_leave(room);
    return NULL;
}

int main(void)
{
    struct room *room = room_new(GUESTS);
    pthread_t guests[GUESTS];

    for (int i = 0; i < GUESTS; i++)
        pthread_create(&guests[i], NULL, guest, room);
    for (int i = 0; i < GUESTS; i++)
        pthread_join(guests[i], NULL);
    printf("good night\n");
    return 0;
}
