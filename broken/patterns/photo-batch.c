/* SPDX-License-Identifier: MIT */
/*
 * photo-batch - at most five photos are processed at a time, until five of them were broken
 *
 * Family:  patterns
 * Bug:     a channel with room for five is the semaphore: a send takes a slot, a receive gives one
 *          back. The error path returns and forgets the slot. After five errors there is none
 *          left, and main waits for one for ever.
 * Fix:     one way out, on which the slot is given back, whether it went well or not.
 * Refs:    CWE-772; "Effective Go", Channels, for the channel as a semaphore
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdatomic.h>
#include <stdio.h>

enum { PHOTOS = 24, AT_A_TIME = 5 };

CHAN_TYPE(slot_chan, struct {});

static slot_chan slots;
static atomic_int busy, most_busy;

struct photo {
    int number;
    const char *error; /* NULL: it went well */
};

/* NULL, or what was wrong with it. */
static const char *make_thumbnail(int number)
{
    int now = ++busy, most = most_busy;

    while (now > most && !atomic_compare_exchange_weak(&most_busy, &most, now))
        continue;
    time_sleep(MILLISECOND);
    busy--;
    return number % 4 == 0 ? "not a photo" : NULL;
}

/* Starts with a slot, which is given back. */
static void process(void *arg)
{
    struct photo *photo = arg;

    photo->error = make_thumbnail(photo->number);
    if (photo->error != NULL)
        return;
    chan_recv(slots, NULL);
}

int main(void)
{
    struct photo photos[PHOTOS];
    struct waitgroup batch = WAITGROUP_INIT;
    int failed = 0;

    slots = chan_make(slot_chan, AT_A_TIME);
    for (int i = 0; i < PHOTOS; i++) {
        photos[i] = (struct photo){.number = i + 1};
        chan_send(slots, {});
        waitgroup_go(&batch, process, &photos[i]);
    }
    waitgroup_wait(&batch);

    for (int i = 0; i < PHOTOS; i++)
        if (photos[i].error != NULL) {
            printf("photo %d: %s\n", photos[i].number, photos[i].error);
            failed++;
        }
    printf("%d done, %d failed\n", PHOTOS - failed, failed);
    if (most_busy <= AT_A_TIME)
        printf("never more than %d at a time\n", AT_A_TIME);
    chan_free(slots);
    return 0;
}
