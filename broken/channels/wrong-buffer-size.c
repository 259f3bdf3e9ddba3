/* SPDX-License-Identifier: MIT */
/*
 * wrong-buffer-size - the errors have room for one, and two things go wrong
 *
 * Family:  channels
 * Bug:     main() waits for all uploads, and looks at the errors afterwards. Until then they must
 *          fit into the channel, which has room for one: with the second error an upload waits for
 *          somebody to receive, and main() waits for that upload. With one error it went well.
 * Fix:     room for as many values as may come before somebody receives: one for each upload. A
 *          capacity that must be guessed is a sign that the receiver should begin earlier.
 * Refs:    100 Go Mistakes, number 67
 * Expect:  gridlock=deadlock tsan=hang
 */
#include <gridlock.h>

#include <stdio.h>

enum { UPLOADS = 4, LIMIT = 1000 };

CHAN_TYPE(error_chan, const char *);

struct upload {
    const char *file;
    int size;
    error_chan_sender errors;
};

static void send_file(void *arg)
{
    struct upload *upload = arg;

    if (upload->size > LIMIT)
        chan_send(upload->errors, upload->file);
}

int main(void)
{
    error_chan errors = chan_make(error_chan, 1);
    struct upload uploads[UPLOADS] = {{"notes.txt", 12, errors.sender},
                                      {"film.mkv", 4000, errors.sender},
                                      {"song.ogg", 300, errors.sender},
                                      {"disk.img", 9000, errors.sender}};
    struct waitgroup running = WAITGROUP_INIT;
    const char *file;
    int failed = 0;

    for (int i = 0; i < UPLOADS; i++)
        waitgroup_go(&running, send_file, &uploads[i]);
    waitgroup_wait(&running);
    chan_close(errors);
    while (chan_recv(errors, &file)) {
        printf("%s is too large\n", file);
        failed++;
    }
    printf("%d of %d uploads failed\n", failed, UPLOADS);
    chan_free(errors);
    return 0;
}
