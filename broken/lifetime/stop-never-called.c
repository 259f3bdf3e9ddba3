/* SPDX-License-Identifier: MIT */
/*
 * stop-never-called - the editor starts an autosaver, and one way out forgets to stop it
 *
 * Family:  lifetime
 * Bug:     saver_start() starts a goroutine that only saver_stop() ends: the two belong together.
 *          edit() leaves early when the document is thrown away, and does not stop its saver. The
 *          goroutine, and all that it refers to, stay until the process ends.
 * Fix:     say at the start how it ends: DEFER, or one place at which all paths come by.
 * Refs:    LeakProf (CGO 2024) "method contract violation"; 100 Go Mistakes, number 62
 * Expect:  gridlock=leaked-thread tsan=silent
 */
#include <gridlock.h>

#include <stdio.h>
#include <stdlib.h>

CHAN_TYPE(change_chan, char);

struct saver {
    change_chan changes, stop;
    struct waitgroup over;
    int saved;
};

static void save_changes(void *arg)
{
    struct saver *saver = arg;

    while (chan_select(RECV(saver->changes, NULL), RECV(saver->stop, NULL)) == 0)
        saver->saved++;
}

static struct saver *saver_start(void)
{
    struct saver *saver = calloc(1, sizeof *saver);

    saver->changes = chan_make(change_chan, 0);
    saver->stop = chan_make(change_chan, 0);
    waitgroup_go(&saver->over, save_changes, saver);
    return saver;
}

/* Gives everything back; the result is the number of changes that were saved. */
static int saver_stop(struct saver *saver)
{
    int saved;

    chan_close(saver->stop);
    waitgroup_wait(&saver->over);
    chan_free(saver->changes);
    chan_free(saver->stop);
    saved = saver->saved;
    free(saver);
    return saved;
}

/* '!': the user does not want the document any more. */
static void edit(const char *document, const char *keys)
{
    struct saver *saver = saver_start();

    for (; *keys; keys++) {
        if (*keys == '!') {
            printf("%s: thrown away\n", document);
            return;
        }
        chan_send(saver->changes, *keys);
    }
    printf("%s: %d changes saved\n", document, saver_stop(saver));
}

int main(void)
{
    edit("letter", "dear");
    edit("poem", "o rose!");
    time_sleep(80 * MILLISECOND); /* the user thinks of something better */
    return 0;
}
