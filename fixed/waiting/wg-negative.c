/* SPDX-License-Identifier: MIT */
/*
 * wg-negative - a task that was never announced is marked done
 *
 * Family:  waiting
 * Bug:     a photo that is too large is skipped, and marked done so that nobody waits for it. But
 *          it has not been announced: that happens further down. The counter would fall below zero,
 *          which is a panic; a photo earlier, main() would stop waiting one photo too soon.
 * Fix:     one waitgroup_done() for each waitgroup_add(), both on the same path.
 * Refs:    the Go documentation of sync.WaitGroup.Add; Go's panic "negative WaitGroup counter"
 * Expect:  gridlock=silent tsan=silent output="sunset.raw is too large; cat.jpg is printed"
 */
#include <gridlock.h>

#include <stdio.h>

enum { MEGABYTES = 20 };

static struct waitgroup printing;

struct photo {
    const char *name;
    int size; /* in megabytes */
};

static void print_photo(void *arg)
{
    struct photo *photo = arg;

    printf("%s is printed\n", photo->name);
    waitgroup_done(&printing);
}

int main(void)
{
    struct photo photos[] = {{"sunset.raw", 60}, {"cat.jpg", 2}};

    for (int i = 0; i < 2; i++) {
        if (photos[i].size > MEGABYTES) {
            printf("%s is too large\n", photos[i].name);
            continue;
        }
        waitgroup_add(&printing, 1);
        go(print_photo, &photos[i]);
    }
    waitgroup_wait(&printing);
    return 0;
}
