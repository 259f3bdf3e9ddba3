/* SPDX-License-Identifier: MIT */
/*
 * range-without-close - the photos are all done, but nobody tells the workers
 *
 * Family:  lifetime
 * Bug:     three workers take photos from a channel until it is closed. main() waits until every
 *          photo has its thumbnail, and goes on: that is all it wanted to know. The channel is
 *          never closed, so each album leaves three goroutines that wait for a next photo.
 * Fix:     who sends closes after the last value: that is what ends the loops of the receivers.
 * Refs:    LeakProf (CGO 2024) "range without close"; CWE-772
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

enum { WORKERS = 3 };

CHAN_TYPE(photo_chan, int);

struct album {
    photo_chan photos;
    struct waitgroup unfinished; /* counts photos */
    pthread_mutex_t lock;
    int thumbnails; /* under lock */
};

static void make_thumbnails(void *arg)
{
    struct album *album = arg;
    int photo;

    while (chan_recv(album->photos, &photo)) {
        pthread_mutex_lock(&album->lock);
        album->thumbnails++;
        pthread_mutex_unlock(&album->lock);
        waitgroup_done(&album->unfinished);
    }
}

static int index_album(int photos)
{
    struct album *album = calloc(1, sizeof *album); /* shared with the workers */

    album->photos = chan_make(photo_chan, 4);
    pthread_mutex_init(&album->lock, NULL);
    for (int i = 0; i < WORKERS; i++)
        go(make_thumbnails, album);
    for (int photo = 0; photo < photos; photo++) {
        waitgroup_add(&album->unfinished, 1);
        chan_send(album->photos, photo);
    }
    waitgroup_wait(&album->unfinished);
    return album->thumbnails;
}

int main(void)
{
    printf("summer: %d thumbnails\n", index_album(12));
    printf("winter: %d thumbnails\n", index_album(5));
    time_sleep(40 * MILLISECOND); /* the user looks at them */
    return 0;
}
